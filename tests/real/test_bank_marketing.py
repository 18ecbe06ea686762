"""Bank marketing: no dates, but the file is in the order of the calls, and the world changes along it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

import workbench as wb
from workbench.backtesting import Backtest
from workbench.history import History
from workbench.model import Model
from workbench.plan import Plan

from .points import card, points_of, summed, together

HERE = Path(__file__).parent
CALLS = 41188
ECONOMY = ["month", "poutcome", "contact", "job", "default", "emp.var.rate", "nr.employed", "cons.price.idx"]


@pytest.fixture(scope="module")
def raw(shared_data: Path) -> pd.DataFrame:
    return pd.read_csv(shared_data / "bank-marketing" / "bank-additional-full.csv", sep=";")


@pytest.fixture(scope="module")
def won(raw: pd.DataFrame) -> pd.Series:
    return (raw["y"] == "yes").astype("int64")


@pytest.fixture(scope="module")
def history(load) -> History:
    return load("bank-marketing", "bank_marketing", change=("  drop: [duration]\n", ""))


@pytest.fixture(scope="module")
def by_time() -> Plan:
    return wb.read_plan(HERE / "bank_plan.yaml")


@pytest.fixture(scope="module")
def at_random(by_time: Plan) -> Plan:
    return wb.parse_plan("{at: recorded, split: {by: lead, test: 20%, validation: 20%}}")


@pytest.fixture(scope="module")
def client() -> Model:
    return wb.read_model(HERE / "bank_model.yaml")


@pytest.fixture(scope="module")
def leak() -> Model:
    return wb.read_model(HERE / "bank_leak.yaml")


def economy(history: History, plan: Plan, raw: pd.DataFrame, won: pd.Series) -> Model:
    """A card with the figures of the economy, its points from the plan's own train part."""
    parts = wb.observe(history, (), plan).frame()
    rows = parts.loc[parts["part"] == "train", "lead_id"].str.removeprefix("row-").astype(int) - 1
    return card("economy", points_of(raw.loc[rows], won[rows], ECONOMY))


def judged(history: History, model: Model, plan: Plan) -> Backtest:
    return wb.backtest(model, wb.observe(history, [model], plan))


def test_the_mapping_drops_what_is_known_only_after_the_call(load, leak, by_time):
    history = load("bank-marketing", "bank_marketing")
    assert "duration" not in history.lead_fields
    with pytest.raises(wb.InputError, match="duration"):
        wb.observe(history, [leak], by_time)


def test_the_file_is_read_in_its_order(history, raw, won):
    assert (history.order, history.dated) == ("file", False)
    frame = history.engine.frame("SELECT f_age, outcome FROM leads JOIN lead_fields USING (lead) ORDER BY position")
    np.testing.assert_array_equal(frame["f_age"], raw["age"])
    np.testing.assert_array_equal(frame["outcome"], won == 1)


def test_parts_follow_each_other_in_the_file(history, client, by_time, won):
    seen = wb.observe(history, [client], by_time)
    frame = seen.frame()
    row = frame["lead_id"].str.removeprefix("row-").astype(int)
    spans = row.groupby(frame["part"]).agg(["min", "max", "size"])
    assert spans.loc["train", "max"] + 1 == spans.loc["validation", "min"]
    assert spans.loc["validation", "max"] + 1 == spans.loc["test", "min"]
    assert (spans.loc["train", "min"], spans.loc["test", "max"]) == (1, CALLS)
    assert (spans["size"] / CALLS).round(2).to_dict() == {"train": 0.6, "validation": 0.2, "test": 0.2}
    assert any("no gap could be kept" in warning for warning in seen.warnings)


def test_train_and_validation_stand_apart_and_the_base_rate_drifts(history, client, by_time, won):
    result = judged(history, client, by_time)
    parts = result.parts.set_index("part")
    assert list(parts.index) == ["train", "validation"]  # the sealed test part does not show
    edge = int(parts.loc["train", "n"])
    assert parts.loc["train", "rate"] == pytest.approx(won[:edge].mean(), abs=1e-12)
    assert parts.loc["validation", "rate"] == pytest.approx(won[edge : edge + result.n].mean(), abs=1e-12)
    assert parts["rate"].round(3).to_dict() == {"train": 0.048, "validation": 0.111}
    assert parts["auc"].round(3).to_dict() == {"train": 0.556, "validation": 0.667}
    assert result.part == "validation"
    assert result.base_rate == parts.loc["validation", "rate"]


def test_calibration_from_train_is_off_where_the_world_has_changed(history, client, by_time, at_random):
    later, mixed = judged(history, client, by_time), judged(history, client, at_random)
    assert later.calibrated_on == mixed.calibrated_on == "train"

    def off(result: Backtest) -> float:
        bands = result.calibration[result.calibration["enough"]]
        outside = (bands["predicted"] < bands["rate_low"]) | (bands["predicted"] > bands["rate_high"])
        return bands.loc[outside, "n"].sum() / bands["n"].sum()

    assert off(later) > 0.9
    assert off(mixed) < 0.1
    bands = later.calibration
    predicted = (bands["predicted"] * bands["n"]).sum() / bands["n"].sum()
    assert predicted < 0.5 * later.base_rate


def test_the_time_trap(history, by_time, at_random, raw, won):
    """Published: logistic regression 0.79 by random folds, 0.40 on the last calls when trained on the first 60 %."""
    trusting = economy(history, at_random, raw, won)
    flattered = judged(history, trusting, at_random).value("auc")
    result = judged(history, economy(history, by_time, raw, won), by_time)
    area = result.parts.set_index("part")["auc"]
    print(
        f"economy card: random {flattered:.3f}; by time train {area['train']:.3f}, validation {area['validation']:.3f}"
    )
    assert flattered == pytest.approx(0.796, abs=1e-3)
    assert area["train"] == pytest.approx(0.603, abs=1e-3)
    assert area["validation"] == pytest.approx(0.492, abs=1e-3)
    assert result.value("lift_10") < 1 < 4 < judged(history, trusting, at_random).value("lift_10")


def test_the_card_scores_as_pandas_does(history, at_random, raw, won):
    model = economy(history, at_random, raw, won)
    points = {rule.why: {case.when.equals: int(case.points) for case in rule.cases} for rule in model.rules}
    seen = wb.observe(history, [model], at_random)
    frame = seen.frame()
    rows = frame.loc[frame["part"] == "validation", "lead_id"].str.removeprefix("row-").astype(int) - 1
    expected = roc_auc_score(won[rows], summed(raw.loc[rows], points))
    assert wb.backtest(model, seen).value("auc") == pytest.approx(expected, abs=1e-12)


def test_duration_leaks(history, client, leak, by_time, at_random, raw, won):
    on_train = wb.backtest(leak, wb.observe(history, [leak], by_time)).parts.set_index("part")["auc"]
    assert on_train["train"] == pytest.approx(0.940, abs=1e-3)
    assert on_train["validation"] > judged(history, client, by_time).value("auc") + 0.1
    everything = together("everything", economy(history, at_random, raw, won), leak)
    area = judged(history, everything, at_random).value("auc")
    print(f"duration alone: train {on_train['train']:.3f}; with the economy, random folds {area:.3f}")
    assert area == pytest.approx(0.911, abs=1e-3)  # published: 0.935 by logistic regression
