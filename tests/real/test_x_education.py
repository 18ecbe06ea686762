"""X Education: one flat table, a question left at "Select" is blank, and sales writes its verdict into fields."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

import workbench as wb
from workbench.history import History
from workbench.model import Model
from workbench.observation import Observations
from workbench.plan import RECORDED

from .points import together

HERE = Path(__file__).parent
UNCHECKED = "that rules saw only the past could not be checked"


@pytest.fixture(scope="module")
def raw(shared_data: Path) -> pd.DataFrame:
    return pd.read_csv(shared_data / "x-education" / "Leads.csv", keep_default_na=False, dtype="str")


@pytest.fixture(scope="module")
def history(load) -> History:
    return load("x-education", "x_education")


@pytest.fixture(scope="module")
def models() -> dict[str, Model]:
    honest, tags = (wb.read_model(HERE / f"x_education_{name}.yaml") for name in ("model", "leak"))
    return {"honest": honest, "tags": tags, "both": together("both", honest, tags)}


@pytest.fixture(scope="module")
def seen(history: History, models: dict[str, Model]) -> Observations:
    return wb.observe(history, list(models.values()), wb.read_plan(HERE / "x_education_plan.yaml"))


def card(row: pd.Series) -> int:
    """The honest card once more, by hand."""
    blank = {"", "Select"}
    origin = {"Lead Add Form": 26, "API": -3, "Lead Import": -5}.get(row["Lead Origin"], -1)
    job = row["What is your current occupation"]
    occupation = -13 if job in blank else 26 if job == "Working Professional" else 2
    time = float(row["Total Time Spent on Website"])
    spent = (
        13 if time >= 900 else 9 if time >= 600 else -9 if time >= 300 else -13 if time > 100 else -15 if time else 1
    )
    visits = row["TotalVisits"]
    once = -11 if visits and float(visits) == 1 else 0
    quiet = -5 if row["Specialization"] in blank else 0
    return origin + occupation + quiet + spent + once - 12 * (row["Do Not Email"] == "Yes")


def test_select_is_a_blank(history, raw):
    for field in ("Specialization", "City", "Lead Profile", "How did you hear about X Education"):
        assert (raw[field] == "Select").sum() > 500
        frame = history.engine.frame(f'SELECT "f_{field}" AS value FROM lead_fields')["value"]
        assert not (frame == "Select").any()
        assert frame.isna().sum() == raw[field].isin(["", "Select"]).sum()


def test_the_outcome_and_the_leads_are_those_of_the_file(history, raw):
    seen = wb.observe(history, (), RECORDED).frame()
    expected = raw.set_index("Prospect ID")["Converted"] == "1"
    assert (len(seen), int(seen["converted"].sum())) == (9240, 3561)
    assert seen.set_index("lead_id")["converted"].astype(bool).eq(expected).all()
    assert "Converted" not in history.lead_fields


def test_an_honest_card_of_six_rules_judged_whole_equals_pandas(history, models, raw):
    result = wb.backtest(models["honest"], wb.observe(history, [models["honest"]], RECORDED))
    score, won = raw.apply(card, axis="columns"), raw["Converted"] == "1"
    assert (result.part, result.n) == ("all", 9240)
    assert result.value("auc") == pytest.approx(roc_auc_score(won, score), abs=1e-12)
    assert result.value("auc") == pytest.approx(0.8689, abs=1e-4)
    counted = won.groupby(score).agg(["sum", "size"])
    np.testing.assert_array_equal(result.distribution["score"], counted.index)
    np.testing.assert_array_equal(result.distribution["converted"], counted["sum"])
    hot = result.tiers.set_index("tier").loc["Hot"]
    assert (hot["n"], hot["converted"]) == ((score >= 0).sum(), won[score >= 0].sum())


def test_the_honest_card_holds_on_leads_that_made_no_points(seen, models):
    result = wb.backtest(models["honest"], seen)
    parts = result.parts.set_index("part")["auc"]
    print(f"honest card: train {parts['train']:.4f}, validation {parts['validation']:.4f}")
    assert result.part == "validation"
    assert parts["validation"] == pytest.approx(0.8696, abs=1e-4)
    assert abs(parts["train"] - parts["validation"]) < 0.01
    low, high = result.metrics.set_index("metric").loc["auc", ["low", "high"]]
    assert low < parts["train"] < high
    assert result.tiers.set_index("tier").loc["Hot", "rate"] > 4 * result.tiers.set_index("tier").loc["Cold", "rate"]


def test_what_sales_wrote_down_leaks(seen, models):
    area = {name: wb.backtest(model, seen).value("auc") for name, model in models.items()}
    print(", ".join(f"{name} {value:.4f}" for name, value in area.items()))
    assert area["tags"] == pytest.approx(0.9188, abs=1e-4)  # published: tags alone 0.92
    assert area["both"] == pytest.approx(0.9581, abs=1e-3)  # published with tags: 0.96
    assert area["both"] > area["honest"] + 0.08


def test_the_result_says_that_time_order_could_not_be_checked(history, seen, models):
    whole = wb.backtest(models["honest"], wb.observe(history, [models["honest"]], RECORDED))
    parted = wb.backtest(models["honest"], seen)
    for result in (whole, parted):
        assert any(UNCHECKED in warning for warning in result.warnings)
        assert result.months.empty
    assert any("nothing was held back" in warning for warning in whole.warnings)
    assert any("drawn by hash" in warning for warning in parted.warnings)


def test_a_table_without_dates_cannot_be_split_or_observed_by_time(history, models):
    with pytest.raises(
        wb.InputError, match="account, lead or part, since these leads have neither dates nor file order"
    ):
        wb.observe(history, [models["honest"]], wb.parse_plan("{at: recorded, split: {by: time}}"))
    with pytest.raises(wb.InputError, match="recorded, since these leads have no time of creation"):
        wb.observe(history, [models["honest"]], wb.parse_plan("{at: 14d, outcome: won, horizon: 30d}"))
    silent = (
        "{format: lead-scoring-model/1, name: s, dimensions: {d: {}}, "
        "rules: [{id: s, in: d, when: {event: any}, points: 1}]}"
    )
    with pytest.raises(wb.InputError, match="event"):
        wb.observe(history, [wb.parse_model(silent)], RECORDED)
