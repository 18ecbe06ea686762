"""A planted leak is found, an honest strong field is not called one, and shuffled outcomes show nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

import workbench as wb

from .flat import PLAIN, checked, codes, leads, load, material, trait, written

OF_OUTCOMES = {
    *("leak", "leak-suspected", "missing-tells", "strong-field", "encodes-time", "id-tells", "time-collapse"),
    *("late-wins", "base-rate-break", "relation-flips", "key-across-split", "after-outcome"),
}
HONEST = np.sqrt(2) * norm.ppf(0.8)
"""Standard deviations apart that make an AUC of 0.8."""


@pytest.mark.parametrize(
    ("seed", "rate"),
    [(0, 0.08), pytest.param(1, 0.3, marks=pytest.mark.slow), pytest.param(2, 0.15, marks=pytest.mark.slow)],
)
def test_a_planted_leak_is_found_and_an_honest_strong_field_is_none(seed, rate):
    frame = leads(seed=seed, rate=rate)
    frame["budget"] = trait(frame, HONEST, seed=seed + 10)
    frame["sales_note"] = written(frame, seed=seed + 20)
    found = checked(frame, known=[*PLAIN, "budget"])
    assert codes(found, "sales_note") == {"leak"}
    assert codes(found, "budget") == {"strong-field"}
    assert not {"leak", "leak-suspected"} & (codes(found, "size") | codes(found, "city") | codes(found, "channel"))
    leak = found.found("leak")[0]
    assert leak.severity == "error"
    assert leak.evidence["low"] < leak.evidence["auc"] < leak.evidence["high"]
    gap = leak.evidence["signs"]["missing tells"]
    assert gap["almost_only_converts"]
    assert gap["filled_of_converts"] == pytest.approx(0.9, abs=0.06)
    assert "whether it is filled goes with the outcome" in leak.why
    strong = next(each for each in found.findings if each.about == "budget")
    assert strong.severity == "note"
    assert strong.evidence["auc"] == pytest.approx(0.8, abs=0.04)
    assert "no leak" in strong.why


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_an_undated_strong_field_with_no_other_sign_is_merely_strong(seed):
    frame = leads(seed=seed)
    frame["minutes"] = trait(frame, np.sqrt(2) * norm.ppf(0.76), seed=seed + 30)
    found = checked(frame)
    assert codes(found, "minutes") == {"strong-field"}
    assert "strong is all that speaks against it" in next(f.why for f in found.findings if f.about == "minutes")


def test_one_sign_and_a_good_name_do_not_make_a_leak_of_a_weak_field():
    frame = leads(seed=5)
    frame["status"] = np.random.default_rng(1).choice(["a", "b"], len(frame))
    assert codes(checked(frame), "status") == set()


def test_a_field_that_outdoes_all_others_and_decides_is_a_leak_though_always_filled():
    frame = leads(seed=6)
    outcome = np.where(frame["won"] == 1, "signed", "open")
    rng = np.random.default_rng(2)
    frame["state_now"] = np.where(rng.random(len(frame)) < 0.03, "unclear", outcome)
    found = checked(frame)
    assert codes(found, "state_now") == {"leak"}
    signs = found.found("leak")[0].evidence["signs"]
    assert {"too good", "dominates", "values decide"} <= set(signs)
    assert signs["values decide"]["for"]["values"] == ["signed"]
    assert signs["dominates"]["others"]["auc"] < 0.75


@pytest.mark.slow
def test_the_same_field_known_at_creation_is_suspected_only_where_no_trait_could_be_so_good():
    frame = leads(seed=6)
    frame["state_now"] = np.where(frame["won"] == 1, "signed", "open")
    assert codes(checked(frame, known=[*PLAIN, "state_now"]), "state_now") == {"leak-suspected"}


@pytest.mark.slow
def test_fields_filled_in_step_whose_names_are_those_of_judgements_are_suspected():
    frame = leads(seed=7)
    rng = np.random.default_rng(3)
    some = rng.random(len(frame)) < 0.5
    for number, name in enumerate(("vendor_score", "vendor_grade", "vendor_index")):
        frame[name] = np.where(some, np.round(3 * trait(frame, 0.5, seed=number)), np.nan)
    found = checked(frame)
    for name in ("vendor_score", "vendor_grade", "vendor_index"):
        assert codes(found, name) == {"leak-suspected"}
        with_ = next(each for each in found.findings if each.about == name).evidence["signs"]["in step"]["with"]
        assert len(with_) == 2
    renamed = frame.rename(columns={f"vendor_{name}": f"vendor_{name[:2]}" for name in ("score", "grade", "index")})
    assert not codes(checked(renamed), "vendor_sc") & {"leak", "leak-suspected"}


@pytest.mark.slow
def test_gaps_that_tell_the_outcome_are_told_where_the_field_is_undated():
    frame = leads(seed=8)
    frame["phone"] = np.where(pd.isna(written(frame, of_won=0.8, of_lost=0.3)), None, "there")
    found = checked(frame)
    assert codes(found, "phone") == {"missing-tells"}
    assert codes(checked(frame, known=[*PLAIN, "phone"]), "phone") <= {"strong-field"}


@pytest.mark.parametrize(
    ("seed", "fields"), [(0, 8), *(pytest.param(seed, 25, marks=pytest.mark.slow) for seed in range(12))]
)
def test_shuffled_outcomes_show_nothing(seed, fields):
    frame = leads(1_500, seed=seed)
    frame["sales_note"] = written(frame, seed=seed + 20)
    frame["budget"] = trait(frame, HONEST, seed=seed + 30)
    rng = np.random.default_rng(seed + 40)
    for number in range(fields):
        frame[f"status_{number}"] = rng.choice(list("abcdef"), len(frame))
    frame["won"] = rng.permutation(frame["won"])
    found = checked(frame, known=PLAIN, more={"order": "file"})
    assert not {each.code for each in found.findings} & OF_OUTCOMES


def test_few_converts_are_said_once_and_nothing_else_is():
    frame = leads(400, seed=9)
    frame["won"] = 0
    frame.loc[:7, "won"] = 1
    frame["sales_note"] = written(frame)
    found = checked(frame)
    assert [each.code for each in found.findings if each.code in OF_OUTCOMES | {"not-enough-evidence"}] == [
        "not-enough-evidence"
    ]
    assert "8 of 400" in found.found("not-enough-evidence")[0].finding


@pytest.mark.slow
def test_the_strength_of_a_number_is_that_of_scikit_learn_up_to_its_bins():
    frame = leads(4_000, seed=11)
    frame["budget"] = trait(frame, HONEST)
    found = checked(frame, known=[*PLAIN, "budget"])
    strong = next(each for each in found.findings if each.about == "budget")
    assert strong.evidence["auc"] == pytest.approx(roc_auc_score(frame["won"], frame["budget"]), abs=0.02)


def test_sealed_outcomes_do_not_change_a_finding():
    plan = wb.parse_plan("{at: recorded, split: {by: lead, test: 40%, validation: 20%}}")
    frame = leads(1_500, seed=12)
    frame["sales_note"] = written(frame)
    with load(frame) as history:
        seen = material(history, plan).seen
    sealed = set(seen.subjects.lead_id[seen.subjects.won < 0])
    assert len(sealed) > 500
    other = frame.copy()
    mine = other["id"].isin(sealed)
    other.loc[mine, "won"] = 1 - other.loc[mine, "won"]
    first, second = (checked(each, plan).to_document() for each in (frame, other))
    assert first["findings"] == second["findings"]
    assert first["judged"] == second["judged"]
