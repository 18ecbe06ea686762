"""What a change says, for whom it is told, and how often it says so of outcomes that no model knows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.metrics.paired import Difference
from workbench.tuning import Bench
from workbench.tuning.changes import COLUMNS, changes_frame, verdict

NAN = float("nan")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Difference(0.02, 0.001, 0.039, 0.01), "better"),
        (Difference(-0.02, -0.039, -0.001, 0.01), "worse"),
        (Difference(0.02, -0.001, 0.041, 0.01), "not enough evidence"),
        (Difference(0.02, 0.0, 0.04, 0.01), "not enough evidence"),
        (Difference(-0.02, -0.04, 0.0, 0.01), "not enough evidence"),
        (Difference(0.0, -0.02, 0.02, 0.01), "not enough evidence"),
        (Difference(0.0, 0.0, 0.0, 0.0), "same"),
        (Difference(1.0, NAN, NAN, NAN), "not enough evidence"),
        (Difference(NAN, NAN, NAN, NAN), "not enough evidence"),
    ],
)
def test_only_an_interval_without_zero_is_better_or_worse(change, said):
    assert verdict(change) == said
    assert verdict(change, enough=False) == ("same" if said == "same" else "not enough evidence")
    assert verdict(change, judged=False) == ("same" if said == "same" else "")


def test_what_few_carry_is_no_evidence():
    assert verdict(Difference(0.02, 0.001, 0.039, 0.01, 5.0)) == "better"
    assert verdict(Difference(0.02, 0.001, 0.039, 0.01, 4.9)) == "not enough evidence"
    assert verdict(Difference(0.0, 0.0, 0.0, 0.0, 0.0)) == "same"


# --- outcomes that no model knows -------------------------------------------------------------------------------------

MOVED = {
    "threshold": {"tiers.MQL.from": 36},
    "demo request": {"rules.demo_request.points": 12},
    "live source": {"rules.live_source.points": 10},
    "careers": {"rules.careers_visits.enabled": False},
}
NOTHING_TO_GAIN = ["auc", "lift_10", "capture_20", "precision", "value"]
"""Figures that no change alters in truth where outcomes are shuffled; a recall rises with everybody who is added."""


def false_verdicts(champion, seen, runs):
    """How often a change is called better, and worse, on shuffled outcomes at a contact's break-even rate."""
    random = np.random.default_rng(8)
    rate = float(np.mean(seen.subjects.won[seen.rows("train")] == 1))
    cost = float(seen.plan.value.win) * rate
    candidates = {name: wb.change_model(champion, moved) for name, moved in MOVED.items()}
    told = []
    for _ in range(runs):
        won = seen.subjects.won.copy()
        for part in ("train", "validation"):
            rows = seen.rows(part)
            # The same rate in either part, so that a contact pays nothing in both.
            fixed = np.arange(rows.stop - rows.start) < round(rate * (rows.stop - rows.start))
            won[rows] = random.permutation(fixed.astype(won.dtype))
        shuffled = replace(
            seen,
            subjects=replace(seen.subjects, won=won),
            plan=seen.plan.model_copy(update={"value": seen.plan.value.model_copy(update={"contact_cost": cost})}),
        )
        bench = Bench(champion, shuffled)
        told += [bench.changes(candidate).assign(move=name) for name, candidate in candidates.items()]
    frame = pd.concat(told).query("figure in @NOTHING_TO_GAIN")
    return frame.groupby(["move", "part", "figure"])["verdict"].agg(
        better=lambda said: (said == "better").mean(), worse=lambda said: (said == "worse").mean()
    )


@pytest.mark.parametrize(
    ("runs", "most"), [(30, 0.13), pytest.param(200, 0.081, marks=pytest.mark.slow)], ids=["quick", "long"]
)
def test_on_shuffled_outcomes_few_changes_are_called_better_or_worse(sample_models, sample_seen, runs, most):
    # One in twenty either way, and two standard errors of as many runs.
    rates = false_verdicts(sample_models[0], sample_seen["inbound"], runs)
    assert len(rates) == len(MOVED) * 2 * len(NOTHING_TO_GAIN)
    assert (rates <= most).all(axis=None), rates[(rates > most).any(axis=1)]


def test_a_better_model_is_still_called_better(sample_models, sample_seen):
    champion, challenger = sample_models
    verdicts = Bench(champion, sample_seen["inbound"]).changes(challenger).set_index(["part", "figure"])["verdict"]
    for part in ("train", "validation"):
        assert verdicts[part, "auc"] == verdicts[part, "precision"] == "better"


def test_a_frame_without_rows_has_its_columns():
    frame = changes_frame(iter(()))
    assert list(frame.columns) == COLUMNS
    assert frame.empty


def test_no_better_or_worse_is_none_and_not_nan():
    row = dict.fromkeys(COLUMNS, 0.0)
    frame = changes_frame(iter([row | {"higher_is_better": None}, row | {"higher_is_better": True}]))
    assert frame["higher_is_better"].tolist() == [None, True]
    assert frame["low"].dtype == np.float64
