"""A past in which sales works what an old score puts at 30 or above, and a few at random; work helps as planted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import workbench as wb

MAPPING = """
format: lead-history/1
until: 2026-01-01
zone: UTC
leads: {file: leads, id: lead_id, created_at: created_at, known: {size: creation, source: creation}}
stages: {file: stages, lead: lead_id, at: at, stage: stage}
worked: {file: worked, lead: lead_id, at: at}
feedback: {file: feedback, lead: lead_id, at: at, verdict: verdict, reason: reason}
scores: {file: scores, lead: lead_id, at: at, score: score}
"""
MODEL = """
format: lead-scoring-model/1
name: sizes
dimensions: {all: {}}
rules:
  - {id: large, in: all, when: {field: size, equals: large}, points: 20}
  - {id: student, in: all, when: {field: source, equals: university}, points: 2}
tiers: [{name: Cold, from: 0, then: wait}, {name: Warm, from: 20, then: call}]
"""
PLAN = "{at: 14d, outcome: won, horizon: 60d}"
EFFECT = 0.9
DAY = pd.Timedelta(days=1)


def simulated(n=6_000, seed=3, effect=EFFECT, cut=30.0):
    """The frames of a past in which the planted effect of work is known."""
    rng = np.random.default_rng(seed)
    created = pd.Timestamp("2025-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 200 * 86_400, n), unit="s")
    ids = np.array([f"lead-{number:05d}" for number in range(n)], dtype=object)
    large = rng.random(n) < 0.4
    student = rng.random(n) < 0.15
    score = np.round(np.clip(rng.normal(18 + 8 * large, 8, n), 0, 60))
    worked = np.where(score >= cut, rng.random(n) < 0.85, rng.random(n) < 0.1)
    odds = -2.6 + 0.9 * large + 0.03 * score - 1.0 * student + effect * worked
    won = rng.random(n) < 1 / (1 + np.exp(-odds))
    at = created + pd.to_timedelta(rng.uniform(2, 5, n), unit="D")
    accepted = worked & (rng.random(n) < np.where(student, 0.2, 0.7))
    reason = np.where(accepted, "fits", np.where(student & (rng.random(n) < 0.7), "student", "no reply"))
    ended = created + pd.to_timedelta(rng.uniform(15, 60, n), unit="D")
    return {
        "leads": pd.DataFrame(
            {
                "lead_id": ids,
                "created_at": created,
                "size": np.where(large, "large", "small"),
                "source": np.where(student, "university", "web"),
            }
        ),
        "stages": pd.DataFrame({"lead_id": ids, "at": ended, "stage": np.where(won, "won", "lost")}),
        "worked": pd.DataFrame({"lead_id": ids, "at": at})[worked],
        "feedback": pd.DataFrame(
            {
                "lead_id": ids,
                "at": at + DAY,
                "verdict": np.where(accepted, "accepted", "rejected"),
                "reason": reason,
            }
        )[worked],
        "scores": pd.DataFrame({"lead_id": ids, "at": created + pd.Timedelta(hours=1), "score": score}),
    }


def load(frames):
    """Its history; what is not there is not mapped."""
    lines = [line for line in MAPPING.splitlines() if ":" not in line or line.split(":")[0] in {*frames, *_KEPT}]
    there = {name: frame.reset_index(drop=True) for name, frame in frames.items()}
    return wb.read_history(there, mapping="\n".join(lines))


_KEPT = ("format", "until", "zone")


@pytest.fixture(scope="package")
def model():
    return wb.parse_model(MODEL)


@pytest.fixture(scope="package")
def plan():
    return wb.parse_plan(PLAN)


@pytest.fixture(scope="package")
def frames():
    return simulated()


@pytest.fixture(scope="package")
def history(frames):
    with load(frames) as loaded:
        yield loaded


@pytest.fixture(scope="package")
def found(model, plan, history):
    from workbench.selling import sales_view

    return sales_view(model, history, wb.observe(history, [model], plan))
