"""Small pasts whose truth is known: outcomes drawn anew on the same leads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

import workbench as wb

PLANTED = """
format: lead-scoring-model/1
name: planted
dimensions: {fit: {}}
rules:
  - {id: big, in: fit, when: {field: a, equals: 1}, points: 10}
  - {id: late, in: fit, when: {field: b, equals: 1}, points: -8}
  - id: seat
    in: fit
    cases:
      - {when: {field: c, equals: 2}, points: 12}
      - {when: {field: c, equals: 1}, points: 5}
  - {id: idle, in: fit, when: {field: d, equals: 1}, points: 0}
tiers: [{name: Cold, from: 0}, {name: Hot, from: 10}]
"""
MAPPING = """
format: lead-history/1
leads: {file: leads, id: lead_id, account: account_id, known: creation, outcome: {field: won, equals: 1}}
"""
PLAN = "{at: recorded, seed: 3, value: {contact_cost: 10, win: 100}}"
SCALE = 12.0
"""Points that multiply the odds by e."""


def leads(n: int, seed: int, *, accounts: int | None = None) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "lead_id": [f"lead-{number:05d}" for number in range(n)],
            "account_id": [f"account-{number}" for number in rng.integers(0, accounts or 10 * n, n)],
            "a": rng.integers(0, 2, n),
            "b": (rng.random(n) < 0.3).astype(int),
            "c": rng.choice([0, 1, 2], n, p=[0.5, 0.3, 0.2]),
            "d": (rng.random(n) < 0.5).astype(int),
            "won": (rng.random(n) < 0.2).astype(int),
        }
    )


def observed(frame: pd.DataFrame, model, plan: str = PLAN):
    with wb.read_history({"leads": frame}, mapping=MAPPING) as history:
        return wb.observe(history, [model], wb.parse_plan(plan))


def scores_of(model, seen) -> np.ndarray:
    return seen.scorer(model).scores().milli / 1000


def drawn(seen, chance: np.ndarray, rng: np.random.Generator):
    """The same leads with other outcomes."""
    won = (rng.random(len(chance)) < chance).astype(np.int8)
    subjects = replace(seen.subjects, won=won)
    return replace(seen, subjects=subjects).arranged(np.argsort(won, kind="stable"))


def chances(model, seen, *, base: float = -2.0) -> np.ndarray:
    return expit(base + scores_of(model, seen) / SCALE)


@pytest.fixture(scope="package")
def planted():
    return wb.parse_model(PLANTED)


@pytest.fixture(scope="package")
def crowd(planted):
    """3,000 leads under the planted model."""
    return observed(leads(3_000, 1), planted)
