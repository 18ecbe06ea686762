"""Who counts as worked, and which old score led to it; by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.selling.touched import BEFORE, UNWORKED, WITHIN, touched

from .conftest import MODEL, load

IDS = ["a", "b", "c", "d", "e", "f"]
BORN = pd.Timestamp("2025-02-01", tz="UTC")


def at(day):
    return BORN + pd.Timedelta(days=day)


@pytest.fixture(scope="module")
def of():
    """Observed on day 14 for 60 days; a and e are won on day 30, and their score changed on the way."""
    frames = {
        "leads": pd.DataFrame({"lead_id": IDS, "created_at": BORN, "size": "large", "source": "web"}),
        "stages": pd.DataFrame({"lead_id": ["a", "e", "f"], "at": [at(30), at(30), at(80)], "stage": "won"}),
        "worked": pd.DataFrame(
            [("a", 4), ("b", 14), ("b", 20), ("c", 74), ("d", 73.5), ("e", 30), ("f", 6), ("f", 3)],
            columns=["lead_id", "day"],
        ),
        "scores": pd.DataFrame(
            [("a", 0, 5), ("a", 3, 12), ("a", 4, 99), ("b", 13, 40), ("d", 0, 7), ("d", 0, 8)],
            columns=["lead_id", "day", "score"],
        ),
    }
    for name in ("worked", "scores"):
        frames[name]["at"] = BORN + pd.to_timedelta(frames[name].pop("day"), unit="D")
    with load(frames) as history:
        model = wb.parse_model(MODEL)
        seen = wb.observe(history, [model], wb.parse_plan("{at: 14d, outcome: won, horizon: 60d}"))
        found = touched(model, history, seen)
        order = np.argsort(found.lead)
        ids = [row[0] for row in history.engine.rows("select lead_id from leads order by lead")]
        return {ids[found.lead[row]]: (found, row) for row in order}


def test_worked_before_within_or_not(of):
    status = {lead: int(found.status[row]) for lead, (found, row) in of.items()}
    assert status == {
        "a": BEFORE,
        "b": WITHIN,  # exactly at as_of: after what is known then
        "c": UNWORKED,  # exactly at the end of the horizon
        "d": WITHIN,
        "e": UNWORKED,  # at the moment it was won: no cause of it
        "f": BEFORE,  # the first of two counts
    }


def test_the_old_score_is_what_was_recorded_when_work_usually_began(of):
    found, _ = of["a"]
    assert found.begins_days == 9  # the median of 4, 14, 73.5 and 3
    old = {lead: float(each.old[row]) for lead, (each, row) in of.items()}
    assert old["a"] == 99
    assert np.isnan(old["b"])  # recorded later
    assert old["d"] == 8  # of two at one time the larger
    assert np.isnan(old["c"])


def test_the_outcome_ends_the_time_to_be_worked_in(of):
    found, row = of["e"]
    assert found.end_us[row] == found.as_of_us[row] + 16 * 86_400_000_000
    found, row = of["f"]
    assert not found.won[row]
    assert found.end_us[row] == found.as_of_us[row] + 60 * 86_400_000_000
