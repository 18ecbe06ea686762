"""Backtests of accounts: figures against pandas and scikit-learn, errors, and candidates from memory."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from crm import DAY, SCORECARD, UNTIL, crm, load
from sklearn.metrics import average_precision_score, roc_auc_score

import workbench as wb
from workbench.backtesting.candidate import Candidates
from workbench.errors import CallError, ModelError, PlanError
from workbench.observation import Weights

PLAN = "{{unit: account, at: 14d, outcome: won, horizon: 40d, segments: [industry]{more}}}"
TIERS = "tiers: [{name: Cool, from: 0}, {name: Mild, from: 12, then: call}, {name: Keen, from: 30.5}]"
COUNTING = """
format: lead-scoring-model/1
name: counting
dimensions: {all: {}}
rules:
  - {id: region, in: all, when: {field: region, equals: EU}, points: -5.5}
  - {id: views, in: all, each: {event: page_view}, points: 3.001}
gates: [{id: rival, when: {field: title, has_word: chief}, tier: Out}]
account: {roll_up: %s, TIERS}
""".replace("TIERS", TIERS)
KINDS = ["sum", "mean", "max", "min", "top_mean, top: 2", "count_above, above: 3.001"]


@pytest.fixture(scope="module")
def frames():
    return crm(seed=4, leads=700)


@pytest.fixture(scope="module")
def history(frames):
    with load(frames) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def observe(history):
    """Observations by model and plan; made once each."""
    made = {}

    def observe(model, more=""):
        key = (model.document_digest, more)
        if key not in made:
            made[key] = wb.observe(history, model, wb.parse_plan(PLAN.format(more=more)))
        return made[key]

    return observe


def counting(kind):
    return wb.parse_model(COUNTING % kind)


def by_hand(frames, kind):
    """Accounts with as_of, outcome and score (thousandths; missing if all leads are out), from the frames alone."""
    leads = frames["leads"].dropna(subset="account_id")
    won = frames["stages"].query("stage == 'won'").groupby("lead_id")["at"].min()
    leads = leads.assign(won=leads["lead_id"].map(won))
    each = leads.groupby("account_id").agg(as_of=("created_at", "min"), won=("won", "min"))
    each["as_of"] += 14 * DAY
    each = each[~(each["won"] < each["as_of"]) & (each["as_of"] + 40 * DAY <= UNTIL)]
    each["converted"] = (each["won"] >= each["as_of"]) & (each["won"] < each["as_of"] + 40 * DAY)
    members = leads.merge(each[["as_of"]], left_on="account_id", right_index=True)
    members = members[members["created_at"] < members["as_of"]]
    events = frames["events"].query("event == 'page_view'").merge(members[["lead_id", "as_of"]], on="lead_id")
    views = events[events["at"] < events["as_of"]].groupby("lead_id").size()
    members["score"] = members["lead_id"].map(views).fillna(0).astype(int) * 3001
    members.loc[members["region"] == "EU", "score"] -= 5500
    kept = members[members["title"] != "Chief"]
    each["score"] = kept.groupby("account_id")["score"].agg(ROLL_UPS[kind.split(",")[0]])
    return each


def halves_up(scores):
    return math.floor(Fraction(int(scores.sum()), len(scores)) + Fraction(1, 2))


ROLL_UPS = {
    **{name: name for name in ("sum", "max", "min")},
    "mean": halves_up,
    "top_mean": lambda scores: halves_up(scores.nlargest(2)),
    "count_above": lambda scores: 1000 * (scores >= 3001).sum(),
}


# --- figures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_figures_are_those_of_scores_made_by_hand(observe, frames, kind):
    model, each = counting(kind), by_hand(frames, kind)
    result = wb.backtest(model, observe(model))
    ranked = each["score"].fillna(-(10**9))
    assert (result.n, result.converted, result.leads) == (len(each), each["converted"].sum(), len(each))
    assert each["score"].isna().sum() > 3
    assert result.value("auc") == pytest.approx(roc_auc_score(each["converted"], ranked), abs=1e-12)
    expected = average_precision_score(each["converted"], ranked)
    assert result.value("average_precision") == pytest.approx(expected, abs=1e-12)
    found = result.distribution.set_index("score")
    assert found.loc[found.index.notna()].index.tolist() == sorted((each["score"].dropna() / 1000).unique())
    out = each[each["score"].isna()]
    assert found[found.index.isna()]["converted"].tolist() == [out["converted"].sum()]


@pytest.mark.parametrize("kind", ["sum", "mean"])
def test_tiers_are_those_of_accounts(observe, frames, kind):
    model, each = counting(kind), by_hand(frames, kind)
    result = wb.backtest(model, observe(model))
    edges = [-np.inf, 0, 12, 30.5, np.inf]
    tier = pd.cut(each["score"] / 1000, edges, right=False, labels=["no tier", "Cool", "Mild", "Keen"])
    counts = tier.fillna("no tier").value_counts()
    assert result.tiers.set_index("tier")["n"].to_dict() == counts.to_dict()
    assert result.tiers["then"].tolist() == ["", "", "call", ""]
    assert (result.main_tier, result.main_threshold) == ("Mild", 12.0)
    assert result.tier_cuts == (("Cool", 0.0), ("Mild", 12.0), ("Keen", 30.5))
    assert result.segments["n"].sum() == result.n == result.months["n"].sum()
    reached = (each["score"] >= 12_000).mean()
    shares = result.segments["reached"] * result.segments["n"]
    assert shares.sum() / result.n == pytest.approx(reached)


def test_parts_months_and_the_test_part(observe, tmp_path):
    model = counting("max")
    seen = observe(model, ", split: {by: account}")
    result = wb.backtest(model, seen)
    assert (result.part, result.parts["part"].tolist()) == ("validation", ["train", "validation"])
    assert result.parts["n"].sum() == result.months["n"].sum()
    opened = seen.open_test(because="the last look", ledger=tmp_path / "openings.jsonl")
    every = wb.backtest(model, opened, part="test")
    assert every.parts["n"].sum() == wb.backtest(model, observe(model)).n
    again = wb.backtest(model, opened)
    assert again.value("auc") == result.value("auc")


def test_accounts_seen_month_by_month_are_clusters(history):
    model = counting("sum")
    plan = wb.parse_plan(PLAN.format(more="").replace("14d", "{every: month}"))
    result = wb.backtest(model, wb.observe(history, model, plan))
    assert result.n > result.leads > 50
    assert result.judging.judged.clustered
    assert len(np.unique(result.judging.judged.cluster)) == result.leads


# --- errors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["false_positive", "false_negative"])
def test_wrongly_judged_accounts_are_shown_with_the_scores_of_their_leads(observe, frames, kind):
    model, each = counting("sum"), by_hand(frames, "sum")
    result = wb.backtest(model, observe(model))
    for errors, least in ((result.errors(kind), 12), (result.errors(kind, tier="Keen"), 30.5)):
        scored = each.dropna(subset="score")
        reached = scored["score"] >= least * 1000
        same = scored[reached if kind == "false_positive" else ~reached]
        wrong = same[same["converted"] == (kind == "false_negative")]
        assert (errors.n, errors.of) == (len(wrong), len(same))
        assert errors.apart == each.loc[each["score"].isna(), "converted"].sum()
        assert errors.leads.set_index("account_id")["score"].to_dict() == (wrong["score"] / 1000).to_dict()
        assert errors.leads["score"].is_monotonic_decreasing
        for row in errors.leads.itertuples():
            numbers = row.ledger.split(": ")[1].split(", ")
            assert row.ledger.startswith(f"sum of {len(numbers)} lead")
            assert sum(float(number) for number in numbers if number != "taken out") == pytest.approx(row.score)
        assert errors.rules.empty
    above = result.errors(kind, threshold=12)
    assert (above.n, above.tier) == (result.errors(kind).n, "score ≥ 12")


def test_the_words_name_the_argument_of_the_roll_up(observe):
    for kind, words in (
        ("top_mean, top: 2", "mean of the top 2 of "),
        ("count_above, above: 3.001", "count from 3.001 of "),
    ):
        model = counting(kind)
        ledgers = wb.backtest(model, observe(model)).false_negatives(threshold=5).leads["ledger"]
        assert len(ledgers) > 3
        assert ledgers.str.startswith(words).all()


def test_errors_have_the_columns_that_errors_of_leads_have(history, observe):
    model = counting("sum")
    plan = wb.parse_plan(PLAN.format(more="").replace("unit: account, ", ""))
    of_leads = wb.backtest(model, wb.observe(history, model, plan)).false_positives(threshold=3)
    of_accounts = wb.backtest(model, observe(model)).false_positives()
    assert list(of_leads.rules.columns) == list(of_accounts.rules.columns)
    assert list(of_leads.leads.columns)[:6] == list(of_accounts.leads.columns)


# --- what is refused --------------------------------------------------------------------------------------------------


def test_recorded_scores_and_models_of_leads_cannot_judge_accounts(observe):
    model = counting("sum")
    seen = observe(model)
    with pytest.raises(CallError, match=r"model: expected a model that scores accounts.*recorded are of leads"):
        wb.backtest(None, seen)
    bare = wb.parse_model((COUNTING % "sum").split("account:")[0])
    for call in (lambda: wb.backtest(bare, seen), lambda: Candidates(bare, seen)):
        with pytest.raises(ModelError, match=r"account: expected how the scores.*unit: lead"):
            call()


def test_tiers_of_leads_are_none_of_accounts(observe):
    model = counting("sum")
    result = wb.backtest(model, observe(model, ", tier: Keen"))
    assert (result.main_tier, result.main_threshold) == ("Keen", 30.5)
    with pytest.raises(PlanError, match=r"tier: expected a tier of accounts of counting, found 'Hot'"):
        wb.backtest(model, observe(model, ", tier: Hot"))
    with pytest.raises(CallError, match="tier: expected one of Cool, Mild, Keen, found 'Hot'"):
        result.false_positives(tier="Hot")
    without = wb.parse_model((COUNTING % "sum").replace(f", {TIERS}", ""))
    bare = wb.backtest(without, observe(without))
    assert (bare.main_tier, bare.tier_cuts, bare.tiers["tier"].tolist()) == (None, (), ["no tier"])
    with pytest.raises(CallError, match="none: this model has no tiers"):
        bare.false_positives()


# --- from memory ------------------------------------------------------------------------------------------------------

CHANGES = [
    {"rules.title.default": 2.5, "rules.silent.points": -1},
    {"rules.pricing.points": 7.25, "rules.pricing.decay.half_life": "3d"},
    {"groups.mail.max": 2, "dimensions.fit.max": 9},
]


@pytest.fixture(scope="module")
def closed(frames):
    """Observations for the scorecard, and fresh ones for each change of it; the engine is gone."""
    model, plan = wb.parse_model(SCORECARD), wb.parse_plan(PLAN.format(more=", split: {by: account}"))
    with load(frames) as history:
        fresh = [wb.observe(history, wb.change_model(model, changes), plan) for changes in CHANGES]
        return wb.observe(history, model, plan), fresh


@pytest.mark.parametrize("kind", KINDS)
def test_candidates_with_the_engine_closed_equal_a_fresh_run(closed, kind):
    model = wb.parse_model(f"{SCORECARD}account: {{roll_up: {kind}}}\n")
    seen, fresh = closed
    for part in ("train", "validation"):
        candidates = Candidates(model, seen, part=part)
        told = []
        for changes, other in zip(CHANGES, fresh, strict=True):
            changed = wb.change_model(model, changes)
            counts = candidates.counts(Weights.of(changed))
            judged = wb.backtest(changed, other, part=part).judging.judged
            np.testing.assert_array_equal(counts.negatives, judged.negatives)
            np.testing.assert_array_equal(counts.positives, judged.positives)
            assert counts.gated == judged.gated
            first = int(counts.gated)
            np.testing.assert_array_equal(counts.scores[first:], judged.scores[first:])
            assert wb.backtest(changed, seen, part=part).value("auc") == pytest.approx(counts.auc)
            told.append(counts.auc)
        own = candidates.counts(candidates.weights)
        assert own.negatives.sum() + own.positives.sum() == len(seen.frame().query("part == @part"))
        assert len({own.auc, *told}) > 1


def test_another_roll_up_is_a_candidate_too(closed):
    seen, _ = closed
    mean, most = (wb.parse_model(f"{SCORECARD}account: {{roll_up: {kind}}}\n") for kind in ("mean", "max"))
    counts = Candidates(mean, seen).counts(Weights.of(most))
    judged = wb.backtest(most, seen).judging.judged
    np.testing.assert_array_equal(counts.negatives, judged.negatives)
    assert counts.auc != Candidates(mean, seen).counts(Weights.of(mean)).auc
