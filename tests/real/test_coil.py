"""CoIL Challenge 2000: choose 800 of 4,000 households; 238 of them have a caravan policy. Random finds 47.6."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

import workbench as wb
from workbench.backtesting import Backtest
from workbench.metrics.depth import at_count
from workbench.model import Model
from workbench.observation import Observations

from .conftest import MAPPINGS
from .points import card, chosen_number, found, points_of, ranked, summed

CHOSEN, HOUSEHOLDS, POLICIES = 800, 4000, 238
NUMBERS = (3, 5, 10, 20)
PLAN = wb.parse_plan("{at: recorded, split: {by: part}}")


@pytest.fixture(scope="module")
def columns() -> list[str]:
    text = (MAPPINGS / "coil2000.yaml").read_text(encoding="utf-8")
    names = re.findall(r"[A-Z0-9]+", re.search(r"columns: \[(.*?)\]", text, re.DOTALL).group(1))
    assert len(names) == 86
    return names


@pytest.fixture(scope="module")
def train(shared_data: Path, columns: list[str]) -> pd.DataFrame:
    return pd.read_csv(shared_data / "coil2000" / "ticdata2000.txt", sep="\t", header=None, names=columns)


@pytest.fixture(scope="module")
def model(train: pd.DataFrame) -> Model:
    """Points and the number of fields from the 5,822 training households alone."""
    won = train["CARAVAN"]
    fields = train.drop(columns="CARAVAN")
    number = chosen_number(fields, won, NUMBERS, CHOSEN / HOUSEHOLDS)
    return card("caravan", points_of(fields, won, ranked(fields, won)[:number]))


@pytest.fixture(scope="module")
def regression(train: pd.DataFrame) -> Model:
    """The published yardstick in our language: logistic regression on all 85 fields, 100 points a unit of log odds."""
    won = train["CARAVAN"]
    fields = train.drop(columns="CARAVAN")
    spread = fields.std()
    fitted = LogisticRegression(solver="newton-cholesky").fit(fields / spread, won)
    slopes = dict(zip(fields.columns, fitted.coef_[0] / spread, strict=True))
    return card(
        "regression",
        {name: {v: round(100 * slope * v, 3) for v in range(fields[name].max() + 1)} for name, slope in slopes.items()},
    )


@pytest.fixture(scope="module")
def seen(load, model: Model, regression: Model) -> Observations:
    with load("coil2000", "coil2000") as history:
        assert (history.given_parts, history.flat_outcome, history.dated) == (True, True, False)
        assert dict(history.rows)["leads"] == 5822 + HOUSEHOLDS
        return wb.observe(history, [model, regression], PLAN)


@pytest.fixture(scope="module")
def opened(seen: Observations, tmp_path_factory: pytest.TempPathFactory) -> Observations:
    return seen.open_test(because="The challenge is closed.", ledger=tmp_path_factory.mktemp("coil") / "openings.jsonl")


def policies(result: Backtest) -> float:
    """How many policies the best 800 hold."""
    assert (result.part, result.n, result.converted) == ("test", HOUSEHOLDS, POLICIES)
    counts = result.distribution.sort_values("score")
    top = at_count(counts["not_converted"], counts["converted"], [CHOSEN])
    assert top.n[0] == CHOSEN
    return float(top.converted[0])


def test_the_challenge_is_read_as_it_was_given(seen, columns):
    assert list(seen.catalog.lead) == columns[:-1]
    parts = seen.frame().groupby("part")["converted"].agg(["size", "count", "sum"])
    assert parts.loc["train"].tolist() == [5822, 5822, 348]
    assert parts.loc["test"].tolist() == [HOUSEHOLDS, 0, 0]  # sealed


def test_the_test_part_is_sealed_and_an_empty_part_is_told(seen, model):
    with pytest.raises(wb.InputError, match="which is sealed"):
        wb.backtest(model, seen, part="test")
    with pytest.raises(wb.InputError, match=r"none in 'validation'\. Name another part: train"):
        wb.backtest(model, seen, part="validation")
    assert wb.backtest(model, seen).part == "train"


def test_without_a_train_part_the_judged_part_calibrates_itself(load, model):
    history = load("coil2000", "coil2000", change=("part: {constant: train}", "part: {constant: validation}"))
    result = wb.backtest(model, wb.observe(history, [model], PLAN))
    assert (result.part, result.calibrated_on, result.n) == ("validation", "validation", 5822)
    np.testing.assert_allclose(result.calibration["predicted"], result.calibration["rate"], atol=1e-12)
    assert result.value("brier") < result.base_rate * (1 - result.base_rate)


def test_a_card_of_five_fields_made_from_train_alone_finds_115(model, opened, record_property):
    assert [rule.why for rule in model.rules] == ["PPERSAUT", "APERSAUT", "PBRAND", "MOSTYPE", "MOSHOOFD"]
    result = wb.backtest(model, opened, part="test")
    number = policies(result)
    record_property("policies_among_800", number)
    print(f"{number:.1f} of {POLICIES} policies among the best {CHOSEN}, AUC {result.value('auc'):.4f}")
    assert number == pytest.approx(115.43, abs=0.01)
    assert number > 2.4 * CHOSEN * POLICIES / HOUSEHOLDS
    assert result.value("auc") == pytest.approx(0.7201, abs=1e-4)
    assert result.value("capture_20") * POLICIES == pytest.approx(number, abs=1e-9)
    assert any("opened 1 time(s)" in warning for warning in result.warnings)


def test_train_flatters_the_card(model, opened):
    parts = wb.backtest(model, opened, part="test").parts.set_index("part")["auc"]
    assert parts["train"] - parts["test"] == pytest.approx(0.0485, abs=1e-3)


def test_the_workbench_finds_what_pandas_finds(model, opened, shared_data, columns):
    folder = shared_data / "coil2000"
    held = pd.read_csv(folder / "ticeval2000.txt", sep="\t", header=None, names=columns[:-1])
    won = pd.read_csv(folder / "tictgts2000.txt", header=None)[0]
    points = {rule.why: {case.when.equals: int(case.points) for case in rule.cases} for rule in model.rules}
    score = summed(held, points)
    result = wb.backtest(model, opened, part="test")
    assert policies(result) == pytest.approx(found(score, won.to_numpy(), CHOSEN), abs=1e-9)
    counted = pd.DataFrame({"score": score, "won": won}).groupby("score")["won"].agg(["size", "sum"])
    expected = pd.DataFrame({"score": counted.index, "converted": counted["sum"], "all": counted["size"]})
    got = result.distribution.assign(all=result.distribution["converted"] + result.distribution["not_converted"])
    np.testing.assert_array_equal(got[["score", "converted", "all"]], expected)


def test_plain_logistic_regression_finds_the_published_120(regression, opened):
    result = wb.backtest(regression, opened, part="test")
    assert policies(result) == pytest.approx(120, abs=1)  # 120 here too; one by the last digits of the fit
    assert result.value("auc") == pytest.approx(0.725, abs=1e-3)
