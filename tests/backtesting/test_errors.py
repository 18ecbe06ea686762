"""False positives and negatives: as many as the confusion says, ledgers that add up, rules counted by pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.errors import CallError
from workbench.metrics.intervals import rate_ratio


@pytest.fixture(scope="module", params=["cluster: lead", "cluster: account", "split: {by: time}"])
def result(request, observed, scorecard):
    return wb.backtest(scorecard, observed(more=request.param))


def test_their_numbers_are_those_of_the_main_tier(result):
    tiers = result.tiers.set_index("tier")
    reached = tiers.loc[["Warm", "Hot"]]
    false_positives, false_negatives = result.false_positives(), result.false_negatives()
    assert false_positives.n == len(false_positives.leads) == (reached["n"] - reached["converted"]).sum()
    assert false_positives.of == reached["n"].sum()
    gated = tiers.loc["Disqualified"] if "Disqualified" in tiers.index else pd.Series({"n": 0, "converted": 0})
    assert false_negatives.apart == false_positives.apart == gated["converted"]
    assert (
        false_negatives.n
        == len(false_negatives.leads)
        == (result.converted - reached["converted"].sum() - gated["converted"])
    )
    assert false_negatives.of == result.n - reached["n"].sum() - gated["n"]
    assert false_negatives.leads["score"].notna().all()
    assert false_positives.tier == "Warm"


def test_at_a_threshold_their_numbers_are_those_of_the_confusion(result):
    for row in result.thresholds.iloc[::5].itertuples():
        wrong = result.false_positives(threshold=row.threshold)
        assert (wrong.n, wrong.of, wrong.tier) == (row.fp, row.flagged, f"score ≥ {row.threshold:g}")
        missed = result.false_negatives(threshold=row.threshold)
        assert missed.n + missed.apart == row.fn
        assert (wrong.leads["score"] >= row.threshold).all()


@pytest.mark.parametrize("kind", ["false_positive", "false_negative"])
def test_each_lead_stands_with_its_outcome_score_and_points_by_rule(result, kind, scorecard):
    leads = result.errors(kind).leads.set_index("lead_id")
    seen = result.judging.seen
    frame = seen.frame().iloc[seen.rows(result.part)].set_index("lead_id")
    assert (frame.loc[leads.index, "converted"] == (kind == "false_negative")).all()
    assert (leads["tier"].isin(["Warm", "Hot"]) == (kind == "false_positive")).all()
    ranked = leads["score"].dropna()
    assert ranked.is_monotonic_decreasing
    assert leads["score"].isna().sum() == (leads["tier"] == "Disqualified").sum()
    rules = [rule.id for rule in scorecard.active]
    assert list(leads.columns[-len(rules) :]) == rules
    for text, lead in zip(leads["ledger"], leads.itertuples(), strict=True):
        lines = [part.rsplit(" ", 1) for part in text.split(", ")] if text else []
        paid = {name: float(points.replace("−", "-")) for name, points in lines}
        total = sum(paid.values())
        assert np.isnan(lead.score) or total == pytest.approx(lead.score, abs=1e-9)
        assert paid.get("industry", 0) == lead.industry


@pytest.mark.parametrize("kind", ["false_positive", "false_negative"])
def test_rules_are_counted_among_the_wrong_and_the_rightly_judged_treated_the_same(result, kind, scorecard):
    wrong = result.errors(kind)
    judging = result.judging
    seen, rows = judging.seen, judging.seen.rows(result.part)
    frame = seen.frame().iloc[rows].reset_index(drop=True)
    reached = np.isin([scorecard.tiers[rank].name if rank >= 0 else "" for rank in judging.ranks], ["Warm", "Hot"])
    same = reached if kind == "false_positive" else ~reached & ~judging.scores.out
    bad = same & (frame["converted"].astype(bool).to_numpy() == (kind == "false_negative"))
    cases = {rule.id: judging.scorer.cases(rule.id, rows) for rule in scorecard.active}
    assert len(wrong.rules) == len(cases) + 1
    for row in wrong.rules.itertuples():
        hits = cases[row.rule] > 0
        if row.rule == "title":
            hits = cases["title"] == (1 if row.points == 15 else 2)
        good = same & ~bad
        assert (row.n_wrong, row.n_right) == (bad.sum(), good.sum())
        assert (row.hit_wrong, row.hit_right) == ((hits & bad).sum(), (hits & good).sum())
        assert row.rate_wrong == pytest.approx(row.hit_wrong / row.n_wrong if row.n_wrong else np.nan, nan_ok=True)
        assert row.rate_right == pytest.approx(row.hit_right / row.n_right)
        assert row.enough == (min(bad.sum(), good.sum()) >= 10 and (hits & same).sum() >= 5)
        if row.hit_wrong and row.hit_right:
            assert row.ratio == pytest.approx(row.rate_wrong / row.rate_right)
            assert row.ratio_low < row.ratio < row.ratio_high


def test_single_leads_have_the_plain_interval_of_a_ratio(observed, scorecard):
    rules = wb.backtest(scorecard, observed(more="cluster: lead")).false_positives().rules
    for row in rules.itertuples():
        if row.hit_wrong + row.hit_right:
            expected = rate_ratio(row.hit_wrong, row.n_wrong, row.hit_right, row.n_right)
            assert (row.ratio, row.ratio_low, row.ratio_high) == tuple(float(each) for each in expected)


def test_the_strongest_difference_stands_first(result):
    rules = result.false_positives().rules.dropna(subset=["ratio_low"])
    with np.errstate(divide="ignore"):
        strength = np.log(rules["ratio"]).abs() / (np.log(rules["ratio_high"]) - np.log(rules["ratio_low"]))
    assert strength.fillna(-1).is_monotonic_decreasing


def test_a_tier_that_is_not_there_is_refused_with_the_known_ones(result):
    with pytest.raises(CallError, match="tier: expected one of Cold, Warm, Hot, found 'Boiling'"):
        result.false_positives(tier="Boiling")
    assert result.false_positives(tier="Hot").n <= result.false_positives().n


def test_a_model_without_tiers_asks_for_a_threshold(observed, scorecard):
    seen = observed(more="cluster: lead")
    bare = wb.change_model(scorecard, {"tiers": [], "gates": []})
    found = wb.backtest(bare, seen)
    with pytest.raises(CallError, match=r"none: this model has no tiers.*or give a threshold"):
        found.false_positives()
    assert found.false_positives(threshold=10).n > 0
