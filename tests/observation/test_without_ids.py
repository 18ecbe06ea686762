"""Flat tables whose rows have no id of their own."""

from __future__ import annotations

import numpy as np
import pandas as pd

import workbench as wb


def table(n: int = 400) -> pd.DataFrame:
    random = np.random.default_rng(3)
    visits = random.integers(0, 1000, n)
    return pd.DataFrame({"visits": visits, "Status": np.where(random.random(n) < visits / 2000, "Won", "Lost")})


MODEL = """
format: lead-scoring-model/1
name: visits
dimensions: {all: {}}
rules:
  - {id: some, in: all, when: {field: visits, at_least: 200}, points: 3}
  - {id: many, in: all, when: {field: visits, at_least: 600}, points: 4}
"""


def judged(frame: pd.DataFrame) -> tuple[str, list[list[float]], int]:
    model, plan = wb.parse_model(MODEL), wb.parse_plan("{at: recorded, split: {by: lead}}")
    with wb.read_history(frame, outcome="Status=Won") as history:
        result = wb.backtest(model, wb.observe(history, model, plan))
    return result.data["fingerprint"], result.parts[["n", "converted", "auc"]].to_numpy().tolist(), result.n


def test_shuffling_rows_changes_nothing_when_parts_are_drawn_by_hash():
    frame = table()
    assert judged(frame) == judged(frame.sample(frac=1, random_state=1).reset_index(drop=True))


def test_equal_rows_are_in_one_part():
    frame = pd.concat([table(100)] * 2, ignore_index=True)
    with wb.read_history(frame, outcome="Status=Won") as history:
        seen = wb.observe(history, wb.parse_model(MODEL), wb.parse_plan("{at: recorded, split: {by: lead}}"))
    parts = seen.frame().set_index("lead_id").sort_index()["part"].to_numpy()
    assert (parts[:100] == parts[100:]).all()
