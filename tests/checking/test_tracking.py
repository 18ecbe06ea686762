"""Events whose tracking breaks on a known day, and events that merely end with the leads."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from crm import Frames, crm, load

from workbench.checking.tracking import breaks

JULY, AUGUST = (pd.Timestamp(f"2025-0{month}-01", tz="UTC") for month in (7, 8))


@cache
def whole() -> Frames:
    return crm(seed=2, leads=900)


def frames(keep) -> Frames:
    """A past of which only some page views were written down: those for whose times `keep` is true."""
    made = whole().copy()
    events = made["events"]
    made["events"] = events[(events["event"] != "page_view") | keep(events["at"])].reset_index(drop=True)
    return made


def found(keep):
    with load(frames(keep)) as history:
        return list(breaks(history))


@pytest.mark.parametrize(
    ("keep", "what", "date", "words"),
    [
        (lambda at: at < JULY, "ends", "2025-07-01", "ends before 2025-07-01"),
        pytest.param(*(lambda at: at >= JULY, "begins", "2025-07-01", "begins on 2025-07-01"), marks=pytest.mark.slow),
        (lambda at: (at < JULY) | (at >= AUGUST), "pauses", "2025-07-01", "pauses from 2025-07-01 until 2025-08-01"),
    ],
)
def test_a_break_is_found_on_its_day(keep, what, date, words):
    (one,) = found(keep)
    assert (one.about, one.evidence["is"], one.evidence["date"]) == ("page_view", what, date)
    assert words in one.finding
    assert one.evidence["expected"] > 50


def test_unbroken_events_are_not_found():
    assert not found(lambda at: at == at)


def test_events_that_end_with_the_leads_are_not_broken():
    made = whole().copy()
    old = made["leads"]["created_at"] < JULY
    made["leads"] = made["leads"][old].reset_index(drop=True)
    for name in ("events", "stages", "changes", "scores"):
        made[name] = made[name][made[name]["lead_id"].isin(made["leads"]["lead_id"])].reset_index(drop=True)
    with load(made) as history:
        assert not list(breaks(history))


@pytest.mark.slow
def test_what_is_missing_is_about_what_was_left_out():
    events = whole()["events"]
    out = int(((events["event"] == "page_view") & (events["at"] >= JULY) & (events["at"] < AUGUST)).sum())
    (one,) = found(lambda at: (at < JULY) | (at >= AUGUST))
    assert one.evidence["expected"] == pytest.approx(out, rel=0.25)
    assert np.isfinite(one.evidence["expected"])
