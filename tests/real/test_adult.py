"""The five-feature card that FasterRisk (NeurIPS 2022) publishes for adult: AUC 0.862 train, 0.856 test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

import workbench as wb
from workbench.backtesting import Backtest
from workbench.model import Model
from workbench.oracle import Lead, judge
from workbench.plan import RECORDED

CARD = {"Age_22_to_29": -2, "HSDiploma": -2, "NoHS": -4, "Married": 4, "AnyCapitalGains": 3}
PEOPLE = 32561


@pytest.fixture(scope="module")
def adult(shared_data: Path) -> pd.DataFrame:
    return pd.read_csv(shared_data / "riskslim" / "adult_data.csv")


@pytest.fixture(scope="module")
def model() -> Model:
    return wb.read_model(Path(__file__).parents[1] / "models" / "adult_card.yaml")


@pytest.fixture(scope="module")
def result(shared_data: Path, model: Model) -> Backtest:
    with wb.read_history(shared_data / "riskslim" / "adult_data.csv", outcome="Over50K=1") as history:
        return wb.backtest(model, wb.observe(history, [model], RECORDED))


def test_the_published_area(result, adult):
    assert (result.n, result.converted) == (PEOPLE, 7841)
    assert round(result.value("auc"), 4) == 0.8607
    score = sum(points * adult[name] for name, points in CARD.items())
    assert result.value("auc") == pytest.approx(roc_auc_score(adult["Over50K"], score), abs=1e-12)


def test_the_published_accuracy_at_three(result):
    row = result.thresholds.set_index("threshold").loc[3]
    assert round((row["tp"] + row["tn"]) / PEOPLE, 3) == 0.825
    assert row[["tp", "fp", "fn", "tn"]].sum() == PEOPLE


def test_every_distinct_person_scores_as_the_oracle_says(model, adult):
    people = adult[list(CARD)].drop_duplicates().reset_index(drop=True)
    with wb.read_history(people.assign(y=1), outcome="y=1") as history:
        found = wb.score(model, history)["score"]
    judged = [judge(model, Lead(row, {}, ()), 0).score for row in people.astype(float).to_dict("records")]
    np.testing.assert_array_equal(found * 1000, judged)
    assert len(people) > 15
