"""A small regular past: 240 leads of whom half of those in the US convert, and nobody in the EU.

Lead i of 0..239 is in the US if i is even, and is won if i is a multiple of 4. It has 10 x (i // 4 mod 10) seats, none
known for 0. If i is a multiple of 3 it has two page views (three if i is a multiple of 6), and a pricing request; if i
is a multiple of 5 it has sent a form.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

import workbench as wb
from workbench.history import History
from workbench.plan import Plan

LEADS = 240
DAY = pd.Timedelta(days=1)
START = pd.Timestamp("2025-01-01", tz="UTC")
MAPPING = """
format: lead-history/1
until: "2026-12-01"
leads: {file: leads, id: lead_id, account: account_id, created_at: created_at, known: creation}
events: {file: events, lead: lead_id, at: at, event: event, properties: all}
stages: {file: stages, lead: lead_id, at: at, stage: stage}
"""
PLAN = "{at: 14d, outcome: won, horizon: 30d}"
SPLIT = "{at: 14d, outcome: won, horizon: 30d, split: {by: time, test: 30%, validation: 20%}}"


def name(number: int) -> str:
    return f"lead-{number:05d}"


def made(number: int) -> pd.Timestamp:
    return START + number * DAY


def history(*, turned: Collection[str] = ()) -> History:
    """The past; of the leads in `turned` the outcome is the opposite."""
    numbers = range(LEADS)
    seats = [10.0 * (number // 4 % 10) or None for number in numbers]
    events = [
        (name(number), made(number) + day * DAY, event, "/home")
        for number in numbers
        for event, every, days in (
            ("page_view", 3, (1, 3)),
            ("page_view", 6, (5,)),
            ("pricing", 3, (2,)),
            ("form", 5, (4,)),
        )
        if number % every == 0
        for day in days
    ]
    won = [number for number in numbers if (number % 4 == 0) != (name(number) in turned)]
    return wb.read_history(
        {
            "leads": pd.DataFrame(
                {
                    "lead_id": [name(number) for number in numbers],
                    "account_id": [f"account-{number:05d}" for number in numbers],
                    "created_at": [made(number) for number in numbers],
                    "region": ["EU" if number % 2 else "US" for number in numbers],
                    "seats": seats,
                }
            ),
            "events": pd.DataFrame(events, columns=["lead_id", "at", "event", "page"]),
            "stages": pd.DataFrame(
                [(name(n), made(n) + 20 * DAY, "won") for n in won], columns=["lead_id", "at", "stage"]
            ),
        },
        mapping=MAPPING,
    )


def plan(text: str = PLAN) -> Plan:
    return wb.parse_plan(text)
