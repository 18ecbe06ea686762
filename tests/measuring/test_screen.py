from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from tests.predicting.conftest import MODEL, flat, mapping, shuffled
from workbench.checking import check
from workbench.cli.yardstick import yardstick_text
from workbench.measuring import Yardstick, yardstick
from workbench.measuring.result import EVERYTHING, RULES
from workbench.measuring.screen import LEAKS, SUSPECTED
from workbench.observation import Observations
from workbench.proposing import suggest_rules

PLAN = "{at: recorded, allow_undated: true, split: {by: lead, test: 20%, validation: 30%}}"
LEAKY = MODEL + "  - {id: buyer, in: fit, when: {field: plan_type, equals: paid}, points: 9}\n"


def leaking(n: int = 1600) -> pd.DataFrame:
    """`flat` with a field that is filled for converts only, and an amount of use that starts with the purchase."""
    frame, random = flat(n), np.random.default_rng(5)
    frame["plan_type"] = np.where(frame["won"] == 1, "paid", None)
    frame["n_login"] = np.where(frame["won"] == 1, random.poisson(9, n), random.poisson(0.3, n))
    return frame


def measured(model: str, plan: str = PLAN, *, seed: int | None = None) -> tuple[Yardstick, set[str]]:
    """The yardstick, and what the check takes for leaks or suspects."""
    read = wb.parse_model(model)
    with wb.read_history({"leads": leaking()}, mapping=mapping()) as history:
        seen: Observations = wb.observe(history, [read], wb.parse_plan(plan))
        told = check(history, wb.parse_plan(plan))
        seen = seen if seed is None else shuffled(seen, seed)
        found = yardstick(read, history, seen)
    return found, {each.about for code in ("leak", "leak-suspected") for each in told.found(code)}


@pytest.fixture(scope="module")
def screened() -> tuple[Yardstick, set[str]]:
    return measured(MODEL)


def test_what_the_check_flags_is_left_out_named_and_counted(screened) -> None:
    found, flagged = screened
    assert set(found.leaks) == flagged == {"plan_type", "n_login"}
    assert not {"plan_type", "n_login"} & set(found.strongest["of"])
    counted = found.left_out_by_reason.set_index("reason")["n"]
    assert counted.get(LEAKS, 0) + counted.get(SUSPECTED, 0) == 2
    assert "Left out as leaks, or suspected ones: 'plan_type', 'n_login'." in found.headline
    assert "plan_type" in yardstick_text(found)
    document = json.loads(json.dumps(found.to_document(), allow_nan=False))
    assert set(document["leaks"]) == flagged
    assert sum(each["n"] for each in document["left_out_by_reason"]) == len(document["left_out"])


def test_no_leak_is_left_on_the_table(screened) -> None:
    found, _ = screened
    assert found.row(EVERYTHING).value < 0.8
    assert found.row(EVERYTHING).verdict == "better"  # shape is honest, and the points miss it
    assert found.too_good == ()


def test_rules_that_ask_for_a_leak_are_told_and_not_refitted() -> None:
    found, _ = measured(LEAKY)
    assert found.leaking_rules == ("buyer",)
    assert found.row(RULES).value < 0.8 < found.row(RULES).points
    assert "rule buyer" in set(found.left_out["value"])
    assert found.row(EVERYTHING).verdict == "worse"
    assert "the points rank better than a regression of all that is known, AUC " in found.headline
    assert ", but 'buyer' asks for what leaks, or seems to." in found.headline
    assert any("buyer (plan_type)" in line for line in found.warnings)


def test_where_outcomes_are_shuffled_nothing_leaks() -> None:
    found, _ = measured(MODEL, seed=3)
    assert found.leaks == ()
    assert not set(found.figures["verdict"]) & {"better", "worse"}


def test_the_yardstick_and_proposals_screen_alike(screened) -> None:
    read = wb.parse_model(MODEL)
    with wb.read_history({"leads": leaking()}, mapping=mapping()) as history:
        proposals = suggest_rules(read, history, wb.observe(history, [read], wb.parse_plan(PLAN)))
    left = proposals.left_out.set_index("value")["reason"]
    assert {name for name, reason in left.items() if reason in {LEAKS, SUSPECTED}} == set(screened[0].leaks)
