"""Figures that vendors publish about their own scoring, exact in thousandths, by the oracle and by the engine.

Each stands in `by_oracle`, worked out in plain Python from the model, and `by_engine`, as `score` finds it in a
history of one lead. FasterRisk's card stands in test_adult.py, the CoIL challenge in test_coil.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import pytest

import workbench as wb
from workbench.model import Model
from workbench.oracle import Event, Lead, judge

NOW = pd.Timestamp("2026-06-30T12:00:00Z")
EPOCH = pd.Timestamp(0, tz="UTC")
HOUR = pd.Timedelta(hours=1)
DAY = pd.Timedelta(days=1)
HEAD = "format: lead-scoring-model/1\nname: vendor\ndimensions: {d: {}}\n"
Times = list[pd.Timestamp]
Fields = Mapping[str, object]
By = Callable[..., tuple[int | None, str | None]]

MADKUDU_TIERS = """
rules: [{id: signals, in: d, each: {event: signal}, points: 1}]
tiers: [{name: low, from: 0}, {name: medium, from: 30}, {name: good, from: 80}, {name: very good, from: 150}]
"""
MADKUDU_LIFESPAN = "rules: [{id: demo, in: d, each: {event: demo}, points: 9, decay: {linear: 90d}}]\n"
HUBSPOT = """
rules: [{id: form, in: d, each: {event: form}, points: 10, decay: {step: {lose: 50%, every: 30d}}}]
"""
ZOHO = """
format: lead-scoring-model/1
name: vendor
dimensions:
  d: {inactivity: {since: {event: visit}, decay: {geometric: {lose: 25%, every: 7d}}}}
rules: [{id: earned, in: d, when: {event: visit}, points: 1000}]
"""
MARKETO = "rules: [{id: clicks, in: d, each: {event: click}, points: 1, limit: {per_day: 20}}]\n"
ELOQUA_CRITERIA = """
rules:
  - {id: title, in: d, weight: 30%, map: {field: title, points: {VP: 100, Director: 80}}}
  - {id: industry, in: d, weight: 30%, map: {field: industry, points: {Software: 100, Hardware: 75}}}
  - id: revenue
    in: d
    weight: 25%
    bands: {of: {field: revenue}, steps: [{below: 50000000, points: 10}, {below: 500000000, points: 20}]}
    default: 100
  - id: competitor
    in: d
    weight: 15%
    cases:
      - {when: {field: uses, equals: none}, points: 100}
      - {when: {field: uses, one_of: [rival one, rival two]}, points: 80}
"""
ELOQUA_ROWS = """
rules:
  - id: last_visit
    in: d
    cases:
      - {when: {event: visit, within: 7d}, points: 100}
      - {when: {event: visit, within: 14d}, points: 75}
      - {when: {event: visit, within: 30d}, points: 50}
"""


def model_of(text: str) -> Model:
    return wb.parse_model(text if "format:" in text else HEAD + text)


def by_oracle(model: Model, event: str, times: Times, fields: Fields) -> tuple[int | None, str | None]:
    """Score in thousandths and tier at NOW of a lead with these events and fields."""
    events = tuple(Event(microseconds(at), event, {}) for at in times)
    found = judge(model, Lead(fields, {}, events), microseconds(NOW))  # type: ignore[arg-type]
    return found.score, found.tier


def by_engine(model: Model, event: str, times: Times, fields: Fields) -> tuple[int | None, str | None]:
    """The same of `score` on a history of that lead; points have at most three decimals, so no thousandth is lost."""
    frames = {
        "leads": pd.DataFrame(
            {"lead_id": ["L"], "created_at": [NOW - 365 * DAY], **{k: [v] for k, v in fields.items()}}
        ),
        "events": pd.DataFrame({"lead_id": "L", "at": pd.Series(times, dtype="datetime64[us, UTC]"), "event": event}),
    }
    with wb.read_history(frames) as history:
        (row,) = wb.score(model, history, as_of=NOW.isoformat()).to_dict("records")
    milli = round(row["score"] * 1000)
    assert row["score"] == milli / 1000
    return milli, row["tier"] if isinstance(row["tier"], str) else None


def microseconds(at: pd.Timestamp) -> int:
    return (at - EPOCH) // pd.Timedelta(microseconds=1)


@pytest.fixture(params=[by_oracle, by_engine], ids=lambda way: way.__name__)
def by(request) -> By:
    return lambda text, event="visit", times=(), **fields: request.param(model_of(text), event, list(times), fields)


@pytest.mark.parametrize(
    ("score", "tier"), [(150, "very good"), (149, "good"), (80, "good"), (79, "medium"), (30, "medium"), (29, "low")]
)
def test_madkudu_thresholds(by, score, tier):
    """MadKudu help, thresholds 150 / 80 / 30."""
    assert by(MADKUDU_TIERS, "signal", [NOW - n * HOUR for n in range(1, score + 1)]) == (score * 1_000, tier)


@pytest.mark.parametrize(("days", "milli"), [(3, 8_700), (0.5, 9_000), (45, 4_500), (89, 100), (90, 0)])
def test_madkudu_lifespan_of_90_days(by, days, milli):
    """MadKudu help, lifespan decay: 9 points, 90 days, 3 days old: 8.7."""
    assert by(MADKUDU_LIFESPAN, "demo", [NOW - days * DAY])[0] == milli


@pytest.mark.parametrize(("days", "milli"), [(29, 10_000), (30, 5_000), (31, 5_000), (60, 0), (90, 0)])
def test_hubspot_half_a_month(by, days, milli):
    """HubSpot knowledge base, score decay: 10 points, 50 % a month, one month old: 5."""
    assert by(HUBSPOT, "form", [NOW - days * DAY])[0] == milli


@pytest.mark.parametrize(("days", "milli"), [(6, 1_000_000), (7, 750_000), (14, 562_500), (21, 421_875)])
def test_zoho_inactivity(by, days, milli):
    """Zoho SalesIQ help, inactivity decay: 1000, 25 % an idle period: 750, then 562.5."""
    assert by(ZOHO, "visit", [NOW - days * DAY, NOW - 99 * DAY])[0] == milli


def test_marketo_25_clicks_in_a_day_count_as_20(by):
    """Adobe Marketo Optimizer, engagement score: at most 20 of a type a day."""
    morning = NOW.normalize() - 3 * DAY + HOUR
    clicks = [morning + n * pd.Timedelta(minutes=30) for n in range(25)]
    assert {at.date() for at in clicks} == {morning.date()}
    paid = partial(by, MARKETO, "click")
    assert paid(clicks)[0] == 20_000
    assert paid(clicks[:19])[0] == 19_000
    assert paid(clicks + [at + DAY for at in clicks[:3]])[0] == 23_000


@pytest.mark.parametrize(
    ("fields", "milli"),
    [
        ({"title": "VP", "industry": "Software", "revenue": 100e6, "uses": "Rival Two"}, 77_000),
        (
            {"title": "Director", "industry": "Software", "revenue": 100e6, "uses": "none"},
            24_000 + 30_000 + 5_000 + 15_000,
        ),
        ({"title": "Clerk", "industry": "hardware ", "revenue": 49_999_999.0, "uses": "other"}, 22_500 + 2_500),
        ({"title": "Clerk", "industry": "Retail", "revenue": 500e6, "uses": "other"}, 25_000),
    ],
)
def test_eloqua_weighted_criteria(by, fields, milli):
    """Oracle Eloqua help: VP 100 x 30 % + Software 100 x 30 % + $100M 20 x 25 % + competitor row 2 80 x 15 % = 77."""
    assert by(ELOQUA_CRITERIA, **fields)[0] == milli


@pytest.mark.parametrize(("days", "points"), [(3, 100), (10, 75), (20, 50), (6.99, 100), (7, 75), (14, 50), (30, 0)])
def test_eloqua_engagement_rows(by, days, points):
    """Oracle Eloqua help, engagement rows: 7 days 100, 14 days 75, 30 days 50; last visit 10 days ago: 75."""
    assert by(ELOQUA_ROWS, "visit", [NOW - days * DAY])[0] == points * 1_000


def test_eloqua_the_best_row_wins(by):
    assert by(ELOQUA_ROWS, "visit", [NOW - days * DAY for days in (10, 25, 28)])[0] == 75_000


def test_the_ledger_adds_up_to_a_published_figure():
    """Zoho's 562.5 and Marketo's 20, line by line."""
    for text, event, times, points in (
        (ZOHO, "visit", [NOW - 14 * DAY], 562.5),
        (MARKETO, "click", [NOW - 3 * DAY + n * pd.Timedelta(minutes=1) for n in range(25)], 20),
    ):
        frames = {
            "leads": pd.DataFrame({"lead_id": ["L"], "created_at": [NOW - 365 * DAY]}),
            "events": pd.DataFrame(
                {"lead_id": "L", "at": pd.Series(times, dtype="datetime64[us, UTC]"), "event": event}
            ),
        }
        with wb.read_history(frames) as history:
            found = wb.explain(model_of(text), history, lead_id="L", as_of=NOW.isoformat())
        assert found.score == points == found.lines["points"].sum()
