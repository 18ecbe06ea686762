from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score

import workbench as wb
from tests.predicting.conftest import shuffled
from workbench.backtesting.capacity import workable
from workbench.comparing.capacity import capacity_of
from workbench.measuring import yardstick
from workbench.measuring.field import Field, Ranked, of_percentiles
from workbench.measuring.money import Takings, capacity_depth, fit_worth
from workbench.measuring.result import EVERYTHING, RULES
from workbench.metrics.histogram import compact
from workbench.metrics.significance import p_value
from workbench.predicting.judging import mean_difference

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def found(small, history, seen):
    return yardstick(small, history, seen)


def test_what_the_points_miss_is_left_on_the_table(found) -> None:
    row = found.row(EVERYTHING)
    assert row.verdict == "better"
    assert row.low > 0.05
    assert found.headline.endswith("that much the points leave on the table.")
    assert found.part == "validation"
    assert "shape" in set(found.strongest["of"][:3])
    assert found.row(RULES).value == pytest.approx(found.row(RULES).points, abs=0.08)


def test_the_points_are_judged_as_the_backtest_judges_them(found, small, seen) -> None:
    result = wb.backtest(small, seen)
    for figure in ("auc", "average_precision", "lift_10"):
        assert found.row(EVERYTHING, figure).points == pytest.approx(result.value(figure), abs=1e-12)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
def test_shuffled_outcomes_leave_nothing(seed: int, small, history, seen) -> None:
    told = yardstick(small, history, shuffled(seen, seed))
    assert not set(told.figures["verdict"]) & {"better", "worse"}
    assert "not enough evidence" in told.headline
    assert "leave on the table" not in told.headline.replace("anything on the table", "")


def test_without_a_split_folds_judge_each_other(small, history) -> None:
    seen = wb.observe(history, [small], wb.parse_plan("{at: recorded}"))
    told = yardstick(small, history, seen)
    assert (told.part, told.n) == ("all", 1600)
    assert any("Nothing was held back" in line for line in told.warnings)
    assert told.row(EVERYTHING).verdict == "better"


def test_a_field_may_be_left_out(small, history, seen) -> None:
    told = yardstick(small, history, seen, exclude=["shape"])
    assert told.row(EVERYTHING).value < 0.68
    assert "shape" in set(told.left_out["value"])


def test_one_document(found) -> None:
    document = json.loads(json.dumps(found.to_document(), allow_nan=False))
    assert document["format"] == "lead-scoring-yardstick/1"
    assert document["money"] is None
    assert {row["contender"] for row in document["figures"]} == {RULES, EVERYTHING}
    assert found.headline in found._repr_html_().replace("&#x27;", "'")


@pytest.mark.slow
def test_boosting_is_a_third_contender(small, history, seen) -> None:
    assert len(yardstick(small, history, seen, boosting=True).figures) == 12


def test_boosting_is_an_extra(small, history, seen, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    with pytest.raises(wb.InputError, match=r"pip install 'lead-scoring-workbench\[boost\]'"):
        yardstick(small, history, seen, boosting=True)


@pytest.mark.slow
def test_the_sample_has_money_and_no_leak() -> None:
    model = wb.read_model(ROOT / "notebooks" / "models" / "champion.yaml")
    with wb.read_history(ROOT / "data" / "sample") as history:
        seen = wb.observe(history, [model], wb.read_plan(ROOT / "notebooks" / "plans" / "inbound.yaml"))
        told = yardstick(model, history, seen)
    assert 0.65 < told.row(EVERYTHING).value < 0.8
    assert {"sales_note_type", "days_in_crm", "lifecycle_stage", "stage"} <= set(told.left_out["value"])
    assert list(told.money["ranking"]) == ["points", "likelihood", "expected value"]
    assert told.money["money"].gt(0).all()
    assert "15 a week" in told.capacity
    assert told.trap is not None
    assert not told.trap.collapses


# --- the parts by themselves ------------------------------------------------------------------------------------------


def test_figures_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(2)
    won, p = random.random(400) < 0.3, random.random(400)
    q = np.clip(p + 0.2 * won, 0.01, 0.99)
    frame = Field(won, np.arange(400), 1).against(Ranked("points", p, p), Ranked("b", q, q)).set_index("figure")
    assert frame.loc["auc", "value"] == pytest.approx(roc_auc_score(won, q))
    assert frame.loc["average_precision", "points"] == pytest.approx(average_precision_score(won, p))
    assert frame.loc["log_loss", "value"] == pytest.approx(log_loss(won, q))
    assert frame.loc["log_loss", "change"] == pytest.approx(log_loss(won, q) - log_loss(won, p))
    assert frame["change"].between(frame["low"], frame["high"]).all()
    assert frame.loc["log_loss", "high"] < 0
    assert frame.loc["log_loss", "verdict"] == "better"
    outside = (frame["low"] > 0) | (frame["high"] < 0)
    assert ((frame["p"] < 0.05) == outside).all()


def test_a_p_of_percentiles_agrees_with_the_interval() -> None:
    drawn = np.random.default_rng(6).normal(1.0, 0.5, 2000)
    change = of_percentiles(1.0, drawn)
    assert p_value(change) == pytest.approx(0.0455, abs=0.01)
    for value in np.linspace(-0.5, 2.5, 61):
        other = of_percentiles(float(value), drawn - 1.0 + value)
        assert (p_value(other) < 0.05) == (other.low > 0 or other.high < 0)
    assert of_percentiles(0.0, np.zeros(9)).error == 0.0
    assert np.isnan(of_percentiles(1.0, np.full(9, 2.0)).error)


def test_the_headline_says_the_doubt_first_and_what_differs(found) -> None:
    rows = found.figures.copy()
    own = rows["contender"] == EVERYTHING
    rows.loc[own, "verdict"] = "not enough evidence"
    rows.loc[own & (rows["figure"] == "log_loss"), "verdict"] = "better"
    told = replace(found, figures=rows).headline
    assert " there is not enough evidence that a regression of all that is known ranks better than the points" in told
    assert ", though its log loss is better, " in told
    rows.loc[own, "verdict"] = "not enough evidence"
    assert "though" not in replace(found, figures=rows).headline


def test_equal_capacity_is_the_same_number_for_comparing(champion_sample) -> None:
    _, seen = champion_sample
    at = np.arange(seen.rows("validation").start, seen.rows("validation").stop)
    depth, words = capacity_depth(seen, at)
    compared = capacity_of(seen, seen.rows("validation"), None, None)
    assert words == compared.said
    assert depth == compared.share
    assert compared.leads == depth * len(at)
    assert workable(seen, at[:0]) is None


@pytest.fixture(scope="module")
def champion_sample():
    model = wb.read_model(ROOT / "notebooks" / "models" / "champion.yaml")
    with wb.read_history(ROOT / "data" / "sample") as history:
        yield model, wb.observe(history, [model], wb.read_plan(ROOT / "notebooks" / "plans" / "inbound.yaml"))


def test_clusters_widen_a_mean() -> None:
    values = np.repeat(np.random.default_rng(3).normal(size=50), 4)
    alone, together = (mean_difference(values, each) for each in (np.arange(200), np.repeat(np.arange(50), 4)))
    assert together.error == pytest.approx(np.std(values[::4], ddof=1) / np.sqrt(50))
    assert together.error > 1.9 * alone.error


def test_amounts_are_predicted_on_the_scale_of_money() -> None:
    random = np.random.default_rng(4)
    x = random.normal(size=(400, 3))
    amounts = np.exp(8 + 0.7 * x[:, 0] + random.normal(size=400) * 0.5)
    fit = fit_worth(x, amounts, np.arange(400))
    assert np.corrcoef(np.log(fit.predict(x)), x[:, 0])[0, 1] > 0.99
    assert fit.predict(x).mean() == pytest.approx(amounts.mean(), rel=0.05)
    noise = fit_worth(x, random.permutation(amounts), np.arange(400))
    assert np.log(noise.predict(x)).std() < 0.1


def test_money_of_the_top_by_hand() -> None:
    won = np.array([True, True, False, True])
    amounts = np.array([100.0, 10.0, 0.0, 50.0])
    takings = Takings(won, amounts, compact(np.arange(4))[1], 0.5, 1)
    frame, _ = takings.compare({"points": np.array([1.0, 2, 3, 3]), "other": np.array([9.0, 1, 1, 8])})
    assert frame["money"].tolist() == [50.0, 150.0]
    assert frame["share"].tolist() == [50 / 160, 150 / 160]
    assert frame.loc[1, "change"] == 100.0
