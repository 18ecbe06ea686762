from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.model import model_text
from workbench.proposing import suggest_rules

ROOT = Path(__file__).parents[2]
MAPPING = "{format: lead-history/1, leads: {file: leads, id: lead_id, outcome: {field: won, equals: 1}}}"
PLAN = "{at: recorded, split: {by: lead, test: 20%, validation: 40%}}"
MODEL = """
format: lead-scoring-model/1
name: small
version: 3
dimensions: {fit: {}, taste: {}}
rules:
  - {id: large, in: fit, why: They have money., when: {field: size, at_least: 50}, points: 10}
  - {id: red, in: taste, why: A guess., when: {field: colour, equals: red}, points: 2}
"""


def leads(n: int = 3000, seed: int = 1) -> pd.DataFrame:
    """Size is in the model; shape and age are not; the letter is noise; the note tells who was won."""
    random = np.random.default_rng(seed)
    size, age = random.integers(0, 100, n), random.integers(18, 80, n)
    shape, letter = random.choice(["round", "square", "long", "flat"], n), random.choice(list("abcdef"), n)
    odds = -2.4 + 1.0 * (size >= 50) + 1.3 * (shape == "round") - 1.2 * (age >= 60)
    won = random.random(n) < 1 / (1 + np.exp(-odds))
    note = np.where(won & (random.random(n) < 0.97), "signed", None)
    return pd.DataFrame(
        {
            "lead_id": [f"lead-{number:05d}" for number in range(n)],
            "size": size,
            "age": age,
            "shape": shape,
            "letter": letter,
            "colour": random.choice(["red", "blue"], n),
            "note": pd.Series(note, dtype=object),
            "won": won.astype(int),
        }
    )


@pytest.fixture(scope="module")
def history():
    with wb.read_history({"leads": leads()}, mapping=MAPPING) as found:
        yield found


@pytest.fixture(scope="module")
def model() -> wb.Model:
    return wb.parse_model(MODEL)


@pytest.fixture(scope="module")
def seen(history, model):
    return wb.observe(history, [model], wb.parse_plan(PLAN))


@pytest.fixture(scope="module")
def found(model, history, seen):
    return suggest_rules(model, history, seen)


def test_what_was_planted_is_found_and_nothing_else(found) -> None:
    assert found.headline.startswith("2 of ")
    assert {each.verdict for each in found.proposals} == {"better"}
    shape, age = sorted(found.proposals, key=lambda each: "age" in each.words)
    assert shape.rule["when"] == {"field": "shape", "equals": "round"}
    assert shape.evidence["log_odds_low"] < 1.3 < shape.evidence["log_odds_high"]
    operator, bound = next((key, value) for key, value in age.rule["when"].items() if key != "field")
    assert operator in {"at_least", "below"}
    assert 55 <= bound <= 70


def test_points_are_on_the_models_own_scale(found) -> None:
    """Ten points are about 1.0 of log-odds in what was planted."""
    shape = next(each for each in found.proposals if "shape" in each.words)
    low, high = shape.evidence["points_low"], shape.evidence["points_high"]
    assert low <= 13 <= high
    assert low <= shape.rule["points"] <= high


def test_a_leak_is_never_proposed(found) -> None:
    assert "note" in set(found.left_out["value"])
    assert not any("note" in each.words for each in found.proposals)


def test_accepted_rules_make_a_valid_model_that_ranks_better(found, model, history, seen) -> None:
    before = model.plain()
    candidate = found.accept([each.id for each in found.proposals])
    assert model.plain() == before
    assert (candidate.version, len(candidate.rules)) == (4, 4)
    assert wb.lint(candidate).passed
    again = wb.parse_model(model_text(candidate))
    assert again.scoring_digest == candidate.scoring_digest
    fresh = wb.observe(history, [candidate], wb.parse_plan(PLAN))
    gain = wb.backtest(candidate, fresh).value("auc") - wb.backtest(model, seen).value("auc")
    assert gain > 0.04
    n = found.proposals[0].evidence["confirm_n"]
    fired = fresh.scorer(candidate).cases(found.proposals[0].id)[fresh.rows("validation")]
    assert fired.sum() == n


def test_why_tells_the_evidence(found) -> None:
    each = found.proposals[0]
    assert f"{100 * each.evidence['rate']:.1f} % of {each.evidence['n']:,.0f} with it converted" in each.rule["why"]
    assert "proposed for version 3" in each.rule["why"]
    assert "confirmed on validation" in each.rule["why"]


def test_a_first_scorecard_from_nothing(history) -> None:
    seen = wb.observe(history, (), wb.parse_plan(PLAN))
    told = suggest_rules(None, history, seen)
    assert {"shape", "age", "size"} <= {str(each.rule["when"].get("field")) for each in told.proposals}
    first = told.accept([each.id for each in told.proposals])
    assert set(first.dimensions) == {"fit"}
    assert wb.backtest(first, wb.observe(history, [first], wb.parse_plan(PLAN))).value("auc") > 0.65


@pytest.mark.parametrize("seed", range(8))
def test_shuffled_outcomes_propose_nothing(seed: int, model, history, seen) -> None:
    random = np.random.default_rng(seed)
    won = seen.subjects.won.copy()
    for part in seen.parts:
        won[seen.rows(part)] = random.permutation(won[seen.rows(part)])
    told = suggest_rules(model, history, replace(seen, subjects=replace(seen.subjects, won=won)))
    assert told.better == ()
    assert told.proposals == ()
    assert told.headline.startswith("None of ")


def test_without_a_split_two_fifths_confirm(model, history) -> None:
    told = suggest_rules(model, history, wb.observe(history, [model], wb.parse_plan("{at: recorded}")))
    assert told.confirmed == "the other 40 % of all"
    assert len(told.better) == 2


def test_one_document(found) -> None:
    document = json.loads(json.dumps(found.to_document(), allow_nan=False))
    assert document["tried"] == found.tried
    assert [each["id"] for each in document["proposals"]] == list(found.frame["id"])
    assert found.proposals[0].words in found._repr_html_()


def test_the_headline_claims_only_what_was_confirmed(found) -> None:
    assert "conditions tried on train" in found.headline
    assert found.headline.endswith("add to the model and are confirmed on validation.")
    first, second = found.proposals
    half = replace(found, proposals=(first, replace(second, verdict="not enough evidence")))
    assert half.headline.startswith("1 of ")
    assert half.headline.endswith("is confirmed on validation; 1 more was found there, but not confirmed.")
    none = replace(found, proposals=(replace(second, verdict="not enough evidence"),))
    assert none.headline.startswith("There is not enough evidence that any of ")


def test_wrong_calls(found, model, history, seen) -> None:
    with pytest.raises(wb.InputError, match="ids of proposals"):
        found.accept(["nothing"])
    with pytest.raises(wb.InputError, match="ids of proposals"):
        found.accept([])
    with pytest.raises(wb.InputError, match="most"):
        suggest_rules(model, history, seen, most=0)


@pytest.mark.slow
def test_the_sample_some_of_what_is_true_is_found() -> None:
    model = wb.read_model(ROOT / "notebooks" / "models" / "champion.yaml")
    with wb.read_history(ROOT / "data" / "sample") as history:
        seen = wb.observe(history, [model], wb.read_plan(ROOT / "notebooks" / "plans" / "inbound.yaml"))
        told = suggest_rules(model, history, seen)
        words = " ".join(each.words for each in told.proposals)
        assert "activation" in words
        assert "page=/pricing" in words
        assert any("activation" in each.words for each in told.better)
        assert all(name not in words for name in ("sales_note", "days_in_crm", "lifecycle", "last_activity", "stage"))
        candidate = told.accept([each.id for each in told.proposals])
        assert wb.lint(candidate).passed
        plan = seen.plan
        gain = wb.backtest(candidate, wb.observe(history, [candidate], plan)).value("auc")
        assert gain > wb.backtest(model, seen).value("auc") + 0.04
