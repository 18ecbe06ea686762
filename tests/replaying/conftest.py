"""A past small enough to work out by hand, and the believable past of `crm` with models in many forms."""

from __future__ import annotations

import pandas as pd
import pytest
from crm import SCORECARD, crm, load

import workbench as wb

MAPPING = """
format: lead-history/1
until: 2025-03-01
zone: UTC
leads: {file: leads, id: lead_id, created_at: created_at, known: {size: creation}}
events: {file: events, lead: lead_id, at: at, event: event}
stages: {file: stages, lead: lead_id, at: at, stage: stage}
"""
MODEL = """
format: lead-scoring-model/1
name: visits
dimensions: {all: {}}
rules:
  - {id: visits, in: all, each: {event: visit, within: 5d}, points: 10}
  - {id: large, in: all, when: {field: size, equals: large}, points: 1}
tiers: [{name: Cold, from: 0, then: wait}, {name: Warm, from: 10, then: call}, {name: Hot, from: 20, then: visit}]
"""
PLAN = "{at: 3d, outcome: won, horizon: 20d, capacity: {per: day, leads: 1}}"
LEADS = [("a", "2025-01-01 12:00", "small"), ("b", "2025-01-01 13:00", "large"), ("c", "2025-01-06 00:00", "small")]
EVENTS = [
    ("a", "2025-01-03 09:00"),  # in the window of the moments 4 to 8 January
    ("a", "2025-01-12 00:00"),  # exactly at a moment: counts from 13 January; leaves after 16
    ("b", "2025-01-03 10:00"),
    ("b", "2025-01-04 10:00"),  # Hot from 5 to 8 January
    ("c", "2025-01-07 10:00"),
]
STAGES = [
    ("a", "2025-01-15 06:00", "opportunity"),
    ("a", "2025-01-20 00:00", "won"),
    ("b", "2025-01-02 12:00", "opportunity"),  # before it is Warm
    ("b", "2025-01-10 12:00", "lost"),
    ("c", "2025-01-06 05:00", "opportunity"),  # before the first moment it is followed at
]


def past(leads=LEADS, events=EVENTS, stages=STAGES):
    """The hand-made frames."""
    return {
        "leads": pd.DataFrame(leads, columns=["lead_id", "created_at", "size"]),
        "events": pd.DataFrame([(lead, at, "visit") for lead, at in events], columns=["lead_id", "at", "event"]),
        "stages": pd.DataFrame(stages, columns=["lead_id", "at", "stage"]),
    }


@pytest.fixture(scope="package")
def model():
    return wb.parse_model(MODEL)


@pytest.fixture(scope="package")
def plan():
    return wb.parse_plan(PLAN)


@pytest.fixture(scope="package")
def history():
    with wb.read_history(past(), mapping=MAPPING) as loaded:
        yield loaded


@pytest.fixture(scope="package")
def frames():
    return crm(seed=11, leads=120)


@pytest.fixture(scope="package")
def believable(frames):
    with load(frames) as loaded:
        yield loaded


COLLEAGUES = (
    "  - {id: team, in: engagement, when: {event: page_view, scope: account, leads: {at_least: 2}}, points: 3}\n"
)
STAGED = "  - {id: staged, in: fit, when: {field: stage, equals: mql}, points: 5}\n"
RICH = SCORECARD.replace("score: {min", f"{COLLEAGUES}{STAGED}score: {{min")


@pytest.fixture(scope="package")
def rich():
    return wb.parse_model(RICH)
