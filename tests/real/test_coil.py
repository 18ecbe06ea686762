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
    """The published yardstick in our language: logistic regression over all 85 fields, 100 points a unit of log odds."""
    won = train["CARAVAN"]
    fields = train.drop(columns="CARAVAN")
    spread = fields.std()
    fitted = LogisticRegression(max_iter=2000).fit(fields / spread, won)
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
