"""The figures of a backtest against scikit-learn, scipy, statsmodels and pandas on the same observations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from crm import load
from scipy.stats import ks_2samp
from sklearn.metrics import average_precision_score, brier_score_loss, confusion_matrix, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

import workbench as wb
from workbench.errors import CallError, Refused
from workbench.oracle import tier_reached

ALONE = "cluster: lead"
SPLIT = "split: {by: time}"


def judged(seen, model, rows=slice(None)):
    """The observed frame with what a naive reader makes of each score: points, or below all for those taken out."""
    scores = seen.scorer(model).scores()
    frame = seen.frame().assign(out=scores.out, points=scores.milli / 1000, gate=scores.gate)
    tiers = []
    for row, gate in enumerate(scores.gate):
        dimensions = {name: values[row] for name, values in scores.dimensions.items()}
        tiers.append(
            model.gates[gate - 1].tier if gate else tier_reached(model, scores.milli[row], dimensions) or "no tier"
        )
    frame["tier"] = tiers
    frame["rank"] = frame["points"].mask(frame["out"], -1e6)
    for name, segment in seen.subjects.segments.items():
        frame[name] = np.array(segment.labels, dtype=object)[segment.codes]
    return frame.iloc[rows].assign(won=lambda f: f["converted"].astype(bool))


@pytest.fixture(scope="module")
def seen(observed):
    return observed(more=ALONE)


@pytest.fixture(scope="module")
def frame(seen, scorecard):
    return judged(seen, scorecard)


@pytest.fixture(scope="module")
def result(seen, scorecard):
    return wb.backtest(scorecard, seen)


def near(value):
    return pytest.approx(value, abs=1e-12, rel=1e-12, nan_ok=True)


# --- one number each --------------------------------------------------------------------------------------------------


def test_there_are_leads_below_every_score(frame, result):
    assert 20 < frame["out"].sum() < 200
    assert (result.n, result.converted) == (len(frame), frame["won"].sum())


def test_metrics_are_those_of_scikit_learn_and_scipy(frame, result):
    won, rank = frame["won"], frame["rank"]
    assert result.value("auc") == near(roc_auc_score(won, rank))
    assert result.value("average_precision") == near(average_precision_score(won, rank))
    assert result.value("ks") == near(ks_2samp(rank[won], rank[~won]).statistic)
    assert result.value("base_rate") == result.base_rate == near(won.mean())


def test_brier_is_that_of_the_rate_of_each_leads_band(frame, result):
    bands = result.bands[result.bands["band"] != "gated"]
    place = np.searchsorted(bands["low"], frame["points"], side="right") - 1
    gated = result.bands.loc[result.bands["band"] == "gated", "rate"].iloc[0]
    predicted = np.where(frame["out"], gated, bands["rate"].to_numpy()[place])
    assert result.value("brier") == near(brier_score_loss(frame["won"], predicted))
    assert result.calibrated_on == "all"


def test_an_unknown_metric_is_refused_with_the_known_ones(result):
    with pytest.raises(CallError, match=r"expected one of auc, average_precision, .*found 'gini'"):
        result.value("gini")


# --- by depth, with ties by hand --------------------------------------------------------------------------------------


def test_lift_shares_ties_whatever_the_order_of_rows(frame, result):
    ordered = frame.sort_values("rank", ascending=False)
    n, won = len(frame), frame["won"].sum()
    by_score = ordered.groupby("rank")["won"].agg(["size", "sum"]).sort_index(ascending=False)
    for row in result.lift.itertuples():
        left, found = row.depth * n, 0.0
        for size, hits in by_score.itertuples(index=False):
            taken = min(size, left)
            found, left = found + hits * taken / size, left - taken
        assert row.converted == pytest.approx(found, abs=1e-9)
        assert row.captured == pytest.approx(found / won, abs=1e-12)
        assert row.lift == pytest.approx(found / (row.depth * n) / (won / n), abs=1e-12)
    assert result.lift["depth"].tolist() == pytest.approx([0.01, 0.02, 0.05, *np.arange(1, 11) / 10])
    assert result.value("lift_10") == result.lift["lift"][3]
    assert result.value("capture_20") == result.lift["captured"][4]


# --- thresholds -------------------------------------------------------------------------------------------------------


def test_the_confusion_at_every_score_is_scikit_learns(frame, result):
    expected = sorted(frame.loc[~frame["out"], "points"].unique())
    assert result.thresholds["threshold"].tolist() == expected
    for row in result.thresholds.itertuples():
        flagged = ~frame["out"] & (frame["points"] >= row.threshold)
        tn, fp, fn, tp = confusion_matrix(frame["won"], flagged, labels=[False, True]).ravel()
        assert (row.tp, row.fp, row.fn, row.tn, row.flagged) == (tp, fp, fn, tn, flagged.sum())
        assert row.precision == near(frame["won"][flagged].mean())
        assert row.recall == near(flagged[frame["won"]].mean())
        assert row.share == near(flagged.mean())
        assert row.lift == near(frame["won"][flagged].mean() / frame["won"].mean())
        assert row.value == near(tp * 900 - flagged.sum() * 12.5)


def test_value_may_be_the_amount_that_was_recorded(observed, scorecard):
    seen = observed(win="amount", more=ALONE)
    frame = judged(seen, scorecard)
    for row in wb.backtest(scorecard, seen).thresholds.itertuples():
        flagged = ~frame["out"] & (frame["points"] >= row.threshold)
        deals = frame.loc[flagged & frame["won"], "amount"].sum()
        assert row.value == pytest.approx(deals - 12.5 * flagged.sum(), abs=1e-6)


def test_without_a_value_there_is_none(frames, scorecard, observed):
    assert observed().plan.value is not None
    plan = wb.parse_plan("{at: 14d, outcome: won, horizon: 40d}")
    with load(frames) as history:
        found = wb.backtest(scorecard, wb.observe(history, scorecard, plan))
    assert not found.has_value
    assert found.thresholds["value"].isna().all()
    assert found.segments.empty


# --- groups -----------------------------------------------------------------------------------------------------------


def wilson(won, n):
    return proportion_confint(won, n, method="wilson")


def test_bands_are_those_of_pandas_with_wilsons_intervals(frame, result):
    ranked = result.bands[result.bands["band"] != "gated"]
    assert result.bands["band"][0] == "gated"
    assert result.bands["n"].sum() == len(frame)
    groups = {"gated": frame[frame["out"]]}
    for band in ranked.itertuples():
        inside = ~frame["out"] & (frame["points"] >= band.low) & (frame["points"] < band.high)
        groups[band.band] = frame[inside]
    for band in result.bands.itertuples():
        mine = groups[band.band]
        assert (band.n, band.converted) == (len(mine), mine["won"].sum())
        assert (band.rate_low, band.rate_high) == near(wilson(band.converted, band.n))
        assert band.rate == near(mine["won"].mean())
        assert band.lift == near(mine["won"].mean() / frame["won"].mean())
        assert band.share == near(len(mine) / len(frame))
        assert band.enough == (len(mine) >= 30)


def test_tiers_are_those_of_pandas(frame, result, scorecard):
    found = result.tiers.set_index("tier")
    grouped = frame.groupby("tier")["won"].agg(["size", "sum"])
    assert found["n"].to_dict() == grouped["size"].to_dict()
    assert found["converted"].to_dict() == grouped["sum"].to_dict()
    assert found.index.tolist() == ["Disqualified", *(tier.name for tier in scorecard.tiers)]
    for tier in result.tiers.itertuples():
        assert (tier.rate_low, tier.rate_high) == near(wilson(tier.converted, tier.n))
        assert tier.share == near(tier.n / len(frame))
    assert (found.loc["Hot", "from"], found.loc["Hot", "then"]) == (18.0, "visit")
    assert (result.main_tier, result.main_threshold) == ("Warm", 10.0)
    assert result.tier_cuts == (("Cold", 0.0), ("Warm", 10.0), ("Hot", 18.0))


def sliced(row, mine):
    reached = mine["tier"].isin(["Warm", "Hot"])
    assert (row.n, row.converted) == (len(mine), mine["won"].sum())
    assert row.rate == near(mine["won"].mean())
    assert (row.rate_low, row.rate_high) == near(wilson(row.converted, row.n))
    assert row.reached == near(reached.mean())
    if mine["won"].nunique() == 2:
        assert row.auc == near(roc_auc_score(mine["won"], mine["rank"]))
        assert row.auc_low <= row.auc <= row.auc_high or np.isnan(row.auc_low)
    else:
        assert np.isnan(row.auc)


def test_months_are_those_of_as_of(frame, result):
    months = frame.groupby(frame["as_of"].dt.strftime("%Y-%m"))
    assert result.months["month"].tolist() == sorted(months.groups)
    for row in result.months.itertuples():
        sliced(row, months.get_group(row.month))


def test_segments_are_those_of_pandas(frame, result):
    assert set(result.segments["segment"]) == {"region", "industry"}
    for name in ("region", "industry"):
        mine = result.segments[result.segments["segment"] == name]
        assert mine["n"].sum() == len(frame)
        assert mine["n"].is_monotonic_decreasing
        for row in mine.itertuples():
            sliced(row, frame[frame[name] == row.value])


def test_the_distribution_counts_every_score(frame, result):
    counts = frame[~frame["out"]].groupby("points")["won"].agg(["sum", "size"])
    found = result.distribution.set_index("score")
    assert found["converted"].iloc[0] + found["not_converted"].iloc[0] == frame["out"].sum()
    assert found["converted"].iloc[1:].to_dict() == counts["sum"].to_dict()
    assert found["not_converted"].iloc[1:].to_dict() == (counts["size"] - counts["sum"]).to_dict()


# --- parts ------------------------------------------------------------------------------------------------------------


def test_each_part_has_its_own_figures_and_bands_predict_from_train(observed, scorecard):
    seen = observed(more=SPLIT)
    frames = {name: judged(seen, scorecard, seen.rows(name)) for name in ("train", "validation")}
    result = wb.backtest(scorecard, seen)
    assert (result.part, result.calibrated_on) == ("validation", "train")
    for row in result.parts.itertuples():
        mine = frames[row.part]
        assert (row.n, row.converted) == (len(mine), mine["won"].sum())
        assert row.auc == near(roc_auc_score(mine["won"], mine["rank"]))
        assert row.average_precision == near(average_precision_score(mine["won"], mine["rank"]))
    train = wb.backtest(scorecard, seen, part="train")
    rates = train.bands.set_index("band")["rate"]
    for row in result.calibration.itertuples():
        assert row.predicted == near(rates.get(row.band, train.base_rate))
    both = pd.concat(frames.values())
    assert result.months["n"].sum() == len(both)
    assert result.segments.groupby("segment")["n"].sum().tolist() == [result.n, result.n]
    assert any("tuned on it looks better" in warning for warning in train.warnings)
    assert any("converted in the part 'validation'" in warning for warning in result.warnings)


def test_plan_bands_are_taken_and_their_labels_are_whole_points(observed, scorecard):
    result = wb.backtest(scorecard, observed(more="bands: [5, 10, 12.5, 13]"))
    labels = ["gated", "0–4", "5–9", "10 to <12.5", "12.5 to <13", "13+"]
    assert result.bands["band"].tolist() == [label for label in labels if label != "12.5 to <13"]
    assert result.bands["high"].iloc[-1] == np.inf


def test_the_plans_tier_is_the_main_one(observed, scorecard):
    result = wb.backtest(scorecard, observed(more="tier: Hot"))
    assert (result.main_tier, result.main_threshold) == ("Hot", 18.0)
    assert result.false_positives().tier == "Hot"


# --- intervals --------------------------------------------------------------------------------------------------------


def methods(result):
    return result.metrics.set_index("metric")["method"]


def test_single_leads_have_delong_and_rows_are_resampled(result):
    assert methods(result)["auc"] == "DeLong"
    assert methods(result)["lift_10"] == "bootstrap by row"


@pytest.mark.parametrize(
    ("at", "more"), [("14d", "cluster: account"), ("{every: month}", ALONE), ("{every: month}", "")]
)
def test_accounts_and_leads_seen_several_times_have_clustered_intervals(observed, scorecard, at, more):
    seen = observed(at=at, more=more)
    key = seen.frame()["lead_id"] if more == ALONE else seen.frame()["account_id"].fillna(seen.frame()["lead_id"])
    assert len(np.unique(seen.subjects.cluster)) == key.nunique() < len(key)
    result = wb.backtest(scorecard, seen)
    assert methods(result)["auc"] == "Obuchowski"
    assert methods(result)["average_precision"] == "bootstrap by account or lead"
    low, high = wilson(result.converted, result.n)
    rate = result.metrics.set_index("metric").loc["base_rate"]
    assert rate["high"] - rate["low"] >= high - low


def test_intervals_hold_their_values_and_are_the_same_each_time(result, seen, scorecard):
    found = result.metrics
    assert (found["low"] <= found["value"]).all()
    assert (found["value"] <= found["high"]).all()
    pd.testing.assert_frame_equal(wb.backtest(scorecard, seen).metrics, found)


# --- recorded scores --------------------------------------------------------------------------------------------------


def test_recorded_scores_are_judged_the_same_way(frames, observed):
    seen = observed(more=ALONE)
    frame = seen.frame().assign(has=seen.subjects.has_recorded, points=seen.subjects.recorded / 1000)
    mine = frame[frame["has"]]
    result = wb.backtest(None, seen)
    won = mine["converted"].astype(bool)
    assert (result.model_name, result.model_version, result.n) == ("scores recorded by the CRM", None, len(mine))
    assert result.value("auc") == near(roc_auc_score(won, mine["points"]))
    left_out = dict(result.left_out.itertuples(index=False))
    assert left_out["no score recorded before as_of"] == len(frame) - len(mine) > 0
    assert (result.main_tier, result.tiers.empty, result.segments["n"].sum()) == (None, True, 2 * len(mine))
    with pytest.raises(Refused, match="Recorded scores have no rules"):
        result.false_positives()


def test_without_recorded_scores_a_model_is_asked_for():
    flat = pd.DataFrame({"lead_id": list("abcd"), "x": range(4), "Converted": [0, 1, 0, 1]})
    with wb.read_history(flat, outcome="Converted=1") as history:
        seen = wb.observe(history)
    with pytest.raises(CallError, match="expected a model, or a history with recorded scores"):
        wb.backtest(None, seen)


# --- edges ------------------------------------------------------------------------------------------------------------


def flat_result(scores, won, more="", plan="{at: recorded}", parts=None):
    flat = pd.DataFrame({"lead_id": [f"l{n:03}" for n in range(len(won))], "x": scores, "Converted": won})
    leads = "{file: frame, id: lead_id, known: creation, outcome: {field: Converted, equals: 1}}"
    mapping = f"format: lead-history/1\nleads: {leads}"
    if parts is not None:
        flat["split"] = parts
        mapping = mapping.replace("known: creation", "known: creation, part: {field: split}")
    model = wb.parse_model(f"""
format: lead-scoring-model/1
name: x
dimensions: {{fit: {{}}}}
rules:
  - {{id: high, in: fit, when: {{field: x, at_least: 5}}, points: 1000000}}
  - {{id: mid, in: fit, when: {{field: x, at_least: 3}}, points: 0.001}}
{more}
""")
    with wb.read_history({"frame": flat}, mapping=mapping) as history:
        return wb.backtest(model, wb.observe(history, model, wb.parse_plan(plan)))


def test_everybody_taken_out_leaves_one_band_and_no_threshold():
    gate = "gates: [{id: all, when: {field: x, known: true}, tier: Out}]"
    for plan in ("{at: recorded}", "{at: recorded, bands: [1, 2]}"):
        result = flat_result([1, 2, 3, 6], [0, 1, 0, 1], gate, plan)
        assert result.bands["band"].tolist() == ["gated"]
        assert result.thresholds.empty
        assert result.value("auc") == 0.5


def test_where_all_have_one_outcome_ranking_is_undefined():
    result = flat_result([1, 3, 4, 6], [1, 1, 1, 1])
    assert np.isnan(result.value("auc"))
    assert (result.base_rate, result.value("lift_10")) == (1.0, 1.0)
    assert any("Only 4 of 4 converted in the part 'all'" in warning for warning in result.warnings)


def test_scores_far_apart_still_get_bands():
    result = flat_result([1, 3, 4, 6] * 20, [0, 1, 0, 1] * 20)
    assert result.bands["n"].tolist() == [60, 20]
    assert result.bands["converted"].tolist() == [20, 20]


def test_given_parts_without_a_validation_part_are_judged_on_train_and_say_so():
    parts = ["train", "train", "test", "test"]
    result = flat_result([1, 3, 4, 6], [0, 1, 0, 1], plan="{at: recorded, split: {by: part}}", parts=parts)
    assert result.part == "train"
    assert any("train part" in warning for warning in result.warnings)
