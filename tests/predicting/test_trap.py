from __future__ import annotations

import pytest

import workbench as wb
from workbench.observation.values import values_at
from workbench.predicting import moments_of, time_trap

from .conftest import flat, mapping, shuffled


def trapped(frame, plan: str = "{at: recorded}", seed: int | None = None, order: str = "file"):
    with wb.read_history({"leads": frame}, mapping=mapping(order)) as history:
        seen = wb.observe(history, (), wb.parse_plan(plan))
        if seed is not None:
            seen = shuffled(seen, seed)
        return time_trap(values_at(history, seen), seen, moments_of(history, seen))


def test_a_world_that_turns_round_collapses_in_the_order_of_time() -> None:
    found = trapped(flat(3000, drift=True))
    assert found.collapses
    assert found.time_auc < 0.5 < found.random_auc
    assert found.high < 0
    assert found.headline.endswith("what was learned does not carry over to later leads.")
    assert found.to_document()["verdict"] == "collapses"


def test_a_steady_world_does_not() -> None:
    found = trapped(flat(3000))
    assert found.verdict == "holds"
    assert found.time_auc == pytest.approx(found.later_auc, abs=0.03)


@pytest.mark.parametrize("seed", range(2))
def test_shuffled_outcomes_do_not(seed: int) -> None:
    assert not trapped(flat(1500, drift=True), seed=seed).collapses


def test_without_an_order_there_is_no_trap() -> None:
    assert trapped(flat(300), order="") is None
    few = flat(300)
    few["won"] = (few.index < 12).astype(int)
    assert trapped(few) is None
