"""Models with a matrix, variants or transforms, and plans by account, through every command that shows figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import MODEL, PLAN
from workbench.backtesting.tiers import tier_cuts
from workbench.model import parse_model

BODY = MODEL[: MODEL.index("tiers:")]
MATRIX = """tiers: [{name: Nurture}, {name: MQL}, {name: SQL}]
matrix:
  rows: {dimension: fit, from: {A: 15, B: 0}}
  columns: {dimension: engagement, from: {1: 12, 2: 5, 3: 0}}
  tiers: {A1: SQL, A2: MQL, B1: MQL, A3: Nurture, B2: Nurture}
"""
SCALE = "score: {combine: matrix, transform: {table: [[0, 0], [1, 10], [2, 50], [3, 90]]}}\n"
TIERS = "tiers: [{name: Nurture, from: 0}, {name: MQL, from: 15}, {name: SQL, from: 30}]\n"
VARIANT = "variants: [{name: big, when: {account_field: employees, at_least: 500}, tiers: {MQL: 20}}]\n"
ACCOUNT = "account: {roll_up: max, tiers: [{name: Cold, from: 0}, {name: Warm, from: 15}]}\n"
MODELS = {
    "a matrix beside a sum": (BODY + MATRIX, "", ()),
    "only a matrix, on another scale": (BODY + SCALE + MATRIX, "", (("Nurture", 10), ("MQL", 50), ("SQL", 90))),
    "thresholds by variant": (BODY + TIERS + VARIANT, "", (("Nurture", 0), ("SQL", 30))),
    "accounts": (BODY + MATRIX + ACCOUNT, "unit: account\n", ()),
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (at > 0)) for at, name in enumerate(MODELS)]
)
def test_every_command_that_shows_figures_runs(call: Callable, place, tmp_path: Path, name: str) -> None:
    text, more, cuts = MODELS[name]
    model, plan = tmp_path / "model.yaml", tmp_path / "plan.yaml"
    model.write_text(text)
    plan.write_text(PLAN + more)
    if cuts:
        assert tier_cuts(parse_model(text)) == cuts
    told = call("backtest", model, "--data", place.data, "--plan", plan)
    assert (told.code, "reach" in told.out) == (0, True)
    assert ("Warm" if more else "MQL") in told.out
    document = json.loads(call("backtest", model, "--data", place.data, "--plan", plan, "--json").out)
    assert 0.4 < document["metrics"]["auc"]["value"] < 1
    made = call("report", model, "--data", place.data, "--plan", plan, "--out", tmp_path / "report")
    assert made.code == 0, made.err
    assert list((tmp_path / "report").glob("*.html"))


def test_columns_of_scores_keep_their_names(call: Callable, place, tmp_path: Path) -> None:
    (tmp_path / "model.yaml").write_text(MODEL.replace("engagement", "score"))
    answer = call("score", tmp_path / "model.yaml", "--data", place.data, "--out", tmp_path / "scores.csv")
    assert answer.code == 2
    assert "dimensions.score: expected a name that no other column of scores has" in answer.err


def test_a_moment_after_the_end_of_the_data_is_noted(call: Callable, place, tmp_path: Path) -> None:
    answer = call("score", place.model, "--data", place.data, "--as-of", "2031-01-01", "--out", tmp_path / "s.csv")
    assert (answer.code, "lies after the end of the data" in answer.err) == (0, True)
