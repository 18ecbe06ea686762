"""The time trap of the bank's calls, and what the yardstick says first."""

from __future__ import annotations

from pathlib import Path

import pytest

import workbench as wb
from workbench.measuring import yardstick
from workbench.observation.values import values_at
from workbench.predicting import moments_of, time_trap

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def history(load):
    return load("bank-marketing", "bank_marketing")


@pytest.mark.slow
def test_random_folds_flatter_and_time_order_does_not(history) -> None:
    """Published: logistic regression 0.79 by random folds, 0.40 on the last 40 % learned from the first 60 %."""
    seen = wb.observe(history, (), wb.parse_plan("{at: recorded}"))
    found = time_trap(values_at(history, seen), seen, moments_of(history, seen))
    assert found.random_auc == pytest.approx(0.793, abs=0.005)
    assert found.time_auc == pytest.approx(0.39, abs=0.03)
    assert found.collapses
    assert "does not carry over" in found.headline


@pytest.mark.slow
def test_the_collapse_is_the_headline(history) -> None:
    model = wb.read_model(HERE / "bank_model.yaml")
    seen = wb.observe(history, [model], wb.read_plan(HERE / "bank_plan.yaml"))
    found = yardstick(model, history, seen)
    assert found.trap.collapses
    assert found.headline.startswith("By random folds a regression of what is known seems to reach AUC 0.67 (0.75 ")
    assert found.trap.time_auc == pytest.approx(0.48, abs=0.02)
