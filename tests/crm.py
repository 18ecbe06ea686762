"""A small believable past as frames: accounts, leads, events, stages, field changes and recorded scores.

Whole microseconds everywhere, so that moments can be shifted by one. `SCORECARD` uses every form of the
model language on it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

import workbench as wb
from workbench.history import History

Frames = dict[str, pd.DataFrame]

START = pd.Timestamp("2025-01-01", tz="UTC")
UNTIL = pd.Timestamp("2026-01-01", tz="UTC")
EPOCH = pd.Timestamp(0, tz="UTC")
DAY = pd.Timedelta(days=1)
MICRO = pd.Timedelta(microseconds=1)
AGE_DAYS, HORIZON_DAYS = 14, 40

MAPPING = """
format: lead-history/1
until: 2026-01-01
budget: 0
leads: {file: leads, id: lead_id, account: account_id, created_at: created_at,
        known: {title: creation, region: creation, seats: creation}}
accounts: {file: accounts, id: account_id, known: creation}
events: {file: events, lead: lead_id, at: at, event: event, properties: [page]}
stages: {file: stages, lead: lead_id, at: at, stage: stage, amount: amount}
changes: {file: changes, lead: lead_id, at: at, field: field, value: value, old: old}
scores: {file: scores, lead: lead_id, at: at, score: score}
lists: {big: [software, media]}
"""
PLAN = f"{{at: {AGE_DAYS}d, outcome: won, horizon: {HORIZON_DAYS}d, segments: [region, industry]}}"
SPLIT = f"{{at: {AGE_DAYS}d, outcome: won, horizon: {HORIZON_DAYS}d, split: {{by: time}}, segments: [region]}}"
SCORECARD = """
format: lead-scoring-model/1
name: scorecard
dimensions:
  fit: {min: -5, max: 20}
  engagement: {max: 30}
groups:
  mail: {in: engagement, min: 0, max: 4.5}
rules:
  - id: title
    in: fit
    why: Seniors sign.
    cases:
      - {when: {field: title, has_word: [vp, chief]}, points: 15}
      - {when: {field: title, has_word: director}, points: 8}
    default: -1
  - {id: industry, in: fit, why: Our own., when: {account_field: industry, one_of: {list: big}}, points: 7}
  - {id: trial, in: fit, when: {field: plan_type, equals: trial}, points: 4}
  - id: pricing
    in: engagement
    why: They look at prices.
    each: {event: page_view, where: {field: page, equals: /pricing}, within: 30d}
    points: 4
    limit: {events: 5, per_day: 2, points: 9}
    decay: {half_life: 7d}
  - {id: pages, in: engagement, each: {event: page_view}, points: 0.75, limit: {per_day: 3, events: 12}}
  - {id: opens, in: mail, each: {event: open, within: 20d}, points: 1.5, limit: {points: 6}}
  - {id: silent, in: engagement, when: {event: any, within: 10d, count: {equals: 0}}, points: -6}
score: {min: 0, max: 40, round: half_up}
tiers:
  - {name: Cold, from: 0, then: newsletter}
  - {name: Warm, from: 10, then: call}
  - {name: Hot, from: 18, require: {fit: 6}, then: visit}
gates:
  - {id: rival, when: {field: region, equals: nowhere}, tier: Disqualified}
  - {id: friend, when: {field: title, contains_any: friend}, tier: Hot}
"""


def crm(seed: int = 1, leads: int = 300) -> Frames:
    """The frames of a past, under the names and columns of `MAPPING`."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"L{number:05d}" for number in rng.permutation(leads)], dtype=object)
    created = START + pd.to_timedelta(rng.integers(0, 360 * 86_400_000_000, leads), unit="us")
    keen = rng.random(leads)
    accounts = np.array([f"A{number}" for number in range(max(leads // 2, 1))], dtype=object)
    account = pd.Series(rng.choice(accounts, leads), dtype="str").mask(rng.random(leads) < 0.1)
    frames: Frames = {
        "leads": pd.DataFrame(
            {
                "lead_id": ids,
                "account_id": account,
                "created_at": created,
                "title": rng.choice(["VP Sales", "Director, IT", "Analyst", "Friend of the house", "Chief"], leads),
                "region": rng.choice(["EU", "US", "APAC", "nowhere"], leads, p=[0.4, 0.4, 0.15, 0.05]),
                "seats": np.where(rng.random(leads) < 0.2, np.nan, rng.integers(1, 500, leads)),
                "plan_type": "now",
            }
        ),
        "accounts": pd.DataFrame(
            {"account_id": accounts, "industry": rng.choice(["software", "media", "retail", "farming"], len(accounts))}
        ),
        "events": _events(rng, ids, created, keen),
        "stages": _stages(rng, ids, created, keen),
        "changes": _changes(rng, ids, created),
        "scores": _scores(rng, ids, created, keen),
    }
    return {name: frame.reset_index(drop=True) for name, frame in frames.items()}


def _some(rng: np.random.Generator, most: int, keen: np.ndarray) -> np.ndarray:
    """For each of some rows, the position of its lead; the keen have more."""
    return np.repeat(np.arange(len(keen)), rng.binomial(most, 0.1 + 0.5 * keen))


def _later(rng: np.random.Generator, created: pd.DatetimeIndex, days: int) -> pd.DatetimeIndex:
    return created + pd.to_timedelta(rng.integers(0, days * 86_400_000_000, len(created)), unit="us")


def _events(rng: np.random.Generator, ids: np.ndarray, created: pd.DatetimeIndex, keen: np.ndarray) -> pd.DataFrame:
    at = _some(rng, 14, keen)
    event = rng.choice(["page_view", "open", "call"], len(at), p=[0.6, 0.3, 0.1])
    page = np.where(event == "page_view", rng.choice(["/pricing", "/blog"], len(at)), None)
    return pd.DataFrame(
        {"lead_id": ids[at], "at": _later(rng, created[at], 30), "event": event, "page": pd.Series(page, dtype="str")}
    )


def _stages(rng: np.random.Generator, ids: np.ndarray, created: pd.DatetimeIndex, keen: np.ndarray) -> pd.DataFrame:
    chance = 0.05 + 0.5 * keen
    parts = []
    for stage, share in (("mql", 1.2), ("won", 1.0), ("lost", 0.6)):
        at = np.flatnonzero(rng.random(len(ids)) < chance * share)
        amount = np.where(stage == "won", rng.integers(1, 90, len(at)) * 100.5, np.nan)
        rows = {"lead_id": ids[at], "at": _later(rng, created[at], 80), "stage": stage, "amount": amount}
        parts.append(pd.DataFrame(rows))
    return pd.concat(parts)


def _changes(rng: np.random.Generator, ids: np.ndarray, created: pd.DatetimeIndex) -> pd.DataFrame:
    """Changes of `plan_type`, each from the value before."""
    rows = []
    for lead, made in zip(ids, created, strict=True):
        old = rng.choice(["free", "trial", None])
        for at in sorted(rng.integers(0, 40 * 86_400_000_000, rng.integers(0, 4))):
            value = rng.choice(["free", "trial", "paid"])
            rows.append((lead, made + pd.Timedelta(microseconds=int(at)), "plan_type", value, old))
            old = value
    return pd.DataFrame(rows, columns=["lead_id", "at", "field", "value", "old"]).astype({"old": "str"})


def _scores(rng: np.random.Generator, ids: np.ndarray, created: pd.DatetimeIndex, keen: np.ndarray) -> pd.DataFrame:
    at = _some(rng, 4, keen)
    score = np.round(30 * keen[at] + rng.integers(0, 8, len(at)), 1)
    return pd.DataFrame({"lead_id": ids[at], "at": _later(rng, created[at], 30), "score": score})


def load(frames: Mapping[str, pd.DataFrame], mapping: str = MAPPING) -> History:
    return wb.read_history(dict(frames), mapping=mapping)


def shuffled(frames: Mapping[str, pd.DataFrame], seed: int) -> Frames:
    """The same rows in another order."""
    return {name: frame.sample(frac=1, random_state=seed).reset_index(drop=True) for name, frame in frames.items()}


def added(frames: Mapping[str, pd.DataFrame], name: str, rows: pd.DataFrame) -> Frames:
    """The frames with more rows in one of them."""
    old = frames[name]
    more = rows.reindex(columns=old.columns).astype(old.dtypes)
    return {**frames, name: pd.concat([old, more], ignore_index=True) if len(rows) else old}


def micros(at: pd.Series) -> pd.Series:
    """Moments as UTC epoch microseconds."""
    return (at - EPOCH) // MICRO
