"""Figures that vendors publish about their own scoring, through the engine and through the oracle.

FasterRisk's card stands in test_adult.py, the CoIL challenge in test_coil.py.
"""

from __future__ import annotations

import pandas as pd
import pytest

import workbench as wb
from workbench.model import Model
from workbench.oracle import DAY_US, Event, Lead, judge

NOW = pd.Timestamp("2026-06-30T12:00:00Z")
EPOCH = pd.Timestamp(0, tz="UTC")
HOUR = pd.Timedelta(hours=1)
DAY = pd.Timedelta(days=1)
HEAD = "format: lead-scoring-model/1\nname: vendor\ndimensions: {d: {}}\n"

MADKUDU = wb.parse_model(
    HEAD
    + """
rules: [{id: signals, in: d, each: {event: signal}, points: 1}]
tiers: [{name: low, from: 0}, {name: medium, from: 30}, {name: good, from: 80}, {name: very good, from: 150}]
"""
)
MARKETO = wb.parse_model(HEAD + "rules: [{id: clicks, in: d, each: {event: click}, points: 1, limit: {per_day: 20}}]\n")
ELOQUA = wb.parse_model(
    HEAD
    + """
rules:
  - id: last_visit
    in: d
    cases:
      - {when: {event: visit, within: 7d}, points: 100}
      - {when: {event: visit, within: 14d}, points: 75}
      - {when: {event: visit, within: 30d}, points: 50}
"""
)


def verdict(model: Model, event: str, times: list[pd.Timestamp]) -> tuple[float, str | None]:
    """Score and tier at NOW of a lead with these events: of `score`, `explain` and the oracle, which must agree."""
    frames = {
        "leads": pd.DataFrame({"lead_id": ["L"], "created_at": [NOW - 365 * DAY]}),
        "events": pd.DataFrame({"lead_id": "L", "at": pd.Series(times, dtype="datetime64[us, UTC]"), "event": event}),
    }
    with wb.read_history(frames) as history:
        found = wb.explain(model, history, lead_id="L", as_of=NOW.isoformat())
        (row,) = wb.score(model, history, as_of=NOW.isoformat()).to_dict("records")
    events = tuple(Event((at - EPOCH) // pd.Timedelta(microseconds=1), event, {}) for at in times)
    plain = judge(model, Lead({}, {}, events), (NOW - EPOCH) // DAY * DAY_US + DAY_US // 2)
    assert found.score is not None
    assert (found.score, found.tier) == (plain.score / 1000, plain.tier)
    assert row["score"] == found.score == found.lines["points"].sum()
    return found.score, found.tier


@pytest.mark.parametrize(
    ("score", "tier"), [(150, "very good"), (149, "good"), (80, "good"), (79, "medium"), (29, "low")]
)
def test_madkudu_thresholds(score, tier):
    assert verdict(MADKUDU, "signal", [NOW - n * HOUR for n in range(1, score + 1)]) == (score, tier)


def test_marketo_25_clicks_in_a_day_count_as_20():
    morning = NOW.normalize() - 3 * DAY + HOUR
    clicks = [morning + n * pd.Timedelta(minutes=30) for n in range(25)]
    assert {at.date() for at in clicks} == {morning.date()}
    assert verdict(MARKETO, "click", clicks)[0] == 20
    assert verdict(MARKETO, "click", clicks[:19])[0] == 19
    next_day = [at + DAY for at in clicks[:3]]
    assert verdict(MARKETO, "click", clicks + next_day)[0] == 23


@pytest.mark.parametrize(("days", "points"), [(3, 100), (10, 75), (20, 50), (6.99, 100), (7, 75), (14, 50), (30, 0)])
def test_eloqua_engagement_rows(days, points):
    assert verdict(ELOQUA, "visit", [NOW - days * DAY])[0] == points


def test_eloqua_the_best_row_wins():
    assert verdict(ELOQUA, "visit", [NOW - days * DAY for days in (10, 25, 28)])[0] == 75
