from __future__ import annotations

import html

import numpy as np
import pytest
from crm import crm, load

import workbench as wb
from workbench.backtesting import Candidates
from workbench.errors import CallError
from workbench.metrics.ranking import auc
from workbench.model import change_model
from workbench.observation import Weights
from workbench.supporting import support

from .conftest import chances, drawn, leads, observed, scores_of


def row(frame, rule, case=""):
    (found,) = [each for each in frame.itertuples() if each.rule == rule and each.case == case]
    return found


@pytest.fixture(scope="module")
def found(planted, crowd):
    return support(planted, drawn(crowd, chances(planted, crowd), np.random.default_rng(5)))


def test_every_rule_and_case_has_a_row(found):
    assert list(found.rules["rule"]) == ["big", "late", "seat", "seat", "idle"]
    assert list(found.rules["points"]) == [10, -8, 12, 5, 0]
    assert found.part == "all"
    assert found.tier == "Hot"
    assert found.n == 3_000


def test_planted_points_are_in_range_and_their_signs_agree(found):
    assert found.rules["inside"].all()
    assert list(found.rules["sign"]) == ["agrees"] * 4 + ["pays nothing"]
    assert list(found.rules["verdict"]) == ["better"] * 3 + ["not enough evidence", "same"]
    assert not found.rules["whole"].iloc[:4].any()
    assert found.rules["idle"].tolist() == [False] * 4 + [True]


def test_lines_are_the_areas_of_fresh_candidates(planted, crowd, found):
    seen = drawn(crowd, chances(planted, crowd), np.random.default_rng(5))
    line = found.lines[(found.lines["rule"] == "big")].set_index("points")
    for points in (-30, -1, 0, 7, 30):
        fresh = change_model(planted, {"rules.big.points": points})
        counts = Candidates(fresh, seen).counts(Weights.of(fresh))
        assert line.loc[points, "objective"] == pytest.approx(float(auc(counts.negatives, counts.positives)))
    assert line.loc[row(found.rules, "big").best, "objective"] == line["objective"].max()


@pytest.mark.slow
def test_the_range_is_that_of_a_bootstrap_of_fresh_candidates(planted):
    """A second opinion: the reality check with the clusters drawn anew, on scores worked out by hand."""
    seen = observed(leads(900, 8), planted)
    seen = drawn(seen, chances(planted, seen), np.random.default_rng(2))
    result = support(planted, seen, reach=25)
    won = seen.subjects.won == 1
    rest = scores_of(change_model(planted, {"rules.big.points": 0}), seen)
    holds = scores_of(planted, seen) - rest > 0
    values = np.arange(-25, 26)
    rng = np.random.default_rng(0)

    def areas(at):
        found = []
        for value in values:
            score = rest[at] + value * holds[at]
            low, high = np.sort(score[~won[at]]), score[won[at]]
            below = np.searchsorted(low, high, "left") + np.searchsorted(low, high, "right")
            found.append(below.mean() / 2 / len(low))
        return np.array(found)

    whole = areas(np.arange(len(won)))
    draws = np.array([areas(rng.integers(0, len(won), len(won))) for _ in range(300)]) - whole
    good = []
    for at in range(len(values)):
        apart = draws - draws[:, [at]]
        error = apart.std(axis=0)
        error[error < 1e-3 * error.max()] = np.inf
        critical = np.quantile((apart / error).max(axis=1), 0.95)
        good.append(((whole - whole[at]) / error).max() <= critical)
    ours = result.lines[result.lines["rule"] == "big"]["good"].to_numpy()
    ends = np.flatnonzero(good)[[0, -1]] - np.flatnonzero(ours)[[0, -1]]
    assert np.abs(ends).max() <= 2


def test_worth_is_the_model_against_the_model_without(planted, crowd, found):
    seen = drawn(crowd, chances(planted, crowd), np.random.default_rng(5))
    without = change_model(planted, {"rules.late.enabled": False})
    both = [Candidates(each, seen).counts(Weights.of(each)).auc for each in (without, planted)]
    worth = found.worth[(found.worth["rule"] == "late") & (found.worth["figure"] == "auc")].iloc[0]
    assert worth["change"] == pytest.approx(both[1] - both[0])
    assert worth["low"] < worth["change"] < worth["high"]
    assert worth["adjusted"] >= worth["p"]


def test_exchange_by_hand(planted, crowd, found):
    seen = drawn(crowd, chances(planted, crowd), np.random.default_rng(5))
    won = seen.subjects.won == 1
    before = scores_of(planted, seen) >= 10
    after = scores_of(change_model(planted, {"rules.late.enabled": False}), seen) >= 10
    drop = found.exchange[(found.exchange["rule"] == "late") & (found.exchange["move"] == "drop")].iloc[0]
    assert drop["leads"] == after.sum() - before.sum() > 0
    assert drop["wins"] == (after & won).sum() - (before & won).sum()
    assert drop["moved"] == (before != after).sum()
    assert drop["win_rate"] == pytest.approx(won[after & ~before].mean())
    assert drop["rate_low"] < drop["win_rate"] < drop["rate_high"]
    assert drop["value"] == pytest.approx(100 * drop["wins"] - 10 * drop["leads"])
    assert drop["break_even"] == pytest.approx(0.1)


def test_dropping_a_case_pays_the_default_and_a_rule_as_a_whole_is_dropped_too(planted, crowd, found):
    drops = found.exchange[(found.exchange["rule"] == "seat") & (found.exchange["move"] == "drop")]
    assert len(drops) == 3
    seen = drawn(crowd, chances(planted, crowd), np.random.default_rng(5))
    after = scores_of(change_model(planted, {"rules.seat.enabled": False}), seen) >= 10
    assert drops.iloc[-1]["leads"] == after.sum() - (scores_of(planted, seen) >= 10).sum()


def test_a_rule_that_is_off_is_looked_at_as_if_it_were_on(planted):
    off = change_model(planted, {"rules.late.enabled": False})
    seen = observed(leads(600, 1), planted)
    seen = drawn(seen, chances(planted, seen), np.random.default_rng(5))
    result = support(off, seen)
    late = row(result.rules, "late")
    assert not late.on
    assert late.auc == pytest.approx(row(support(planted, seen).rules, "late").auc)
    assert "switched off" in late.words


def test_a_rule_that_was_off_when_observed_is_left_out_and_said(planted):
    off = change_model(planted, {"rules.late.enabled": False})
    result = support(off, observed(leads(300, 1), off))
    assert "late" not in set(result.rules["rule"])
    assert any("left out: 'late'" in warning for warning in result.warnings)


def test_a_rule_that_never_holds_says_nothing(crowd):
    model = wb.parse_model(
        "{format: lead-scoring-model/1, name: m, dimensions: {fit: {}}, rules: ["
        "{id: big, in: fit, when: {field: a, equals: 1}, points: 10},"
        "{id: none, in: fit, when: {field: a, equals: 7}, points: 5}]}"
    )
    result = support(model, observed(leads(300, 1), model))
    never = row(result.rules, "none")
    assert never.n == 0
    assert "holds for nobody" in never.words
    assert never.verdict == "same"
    assert result.exchange.empty


def test_a_cap_that_always_binds_is_told():
    model = wb.parse_model(
        "{format: lead-scoring-model/1, name: m, dimensions: {fit: {max: 10}}, rules: ["
        "{id: base, in: fit, when: {field: a, at_least: 0}, points: 10},"
        "{id: more, in: fit, when: {field: b, equals: 1}, points: 6}]}"
    )
    result = support(model, observed(leads(400, 1), model))
    more = row(result.rules, "more")
    assert more.idle
    assert more.limit == "fit"
    assert more.limit_share == 1.0
    assert "The cap of fit binds for 100 %" in more.words


def test_two_rules_that_say_the_same_take_over_each_others_worth():
    frame = leads(1_500, 4)
    frame["d"] = np.where(np.arange(1_500) % 20 == 0, 1 - frame["a"], frame["a"])
    rng = np.random.default_rng(1)
    frame["won"] = (rng.random(1_500) < np.where(frame["a"] == 1, 0.3, 0.1)).astype(int)
    model = wb.parse_model(
        "{format: lead-scoring-model/1, name: m, dimensions: {fit: {}}, rules: ["
        "{id: one, in: fit, when: {field: a, equals: 1}, points: 10},"
        "{id: two, in: fit, when: {field: d, equals: 1}, points: 10}]}"
    )
    overlap = support(model, observed(frame, model)).overlap.set_index("rule")
    assert overlap.loc["one", "partner"] == "two"
    assert overlap.loc["one", "correlation"] == pytest.approx(np.corrcoef(frame["a"], frame["d"])[0, 1])
    both = ((frame["a"] == 1) & (frame["d"] == 1)).sum() / ((frame["a"] == 1) | (frame["d"] == 1)).sum()
    assert overlap.loc["one", "jaccard"] == pytest.approx(both)
    assert overlap.loc["two", "kept"] < 0.1
    assert overlap.loc["two", "without_partner"] > 5 * abs(overlap.loc["two", "within"])
    square = np.corrcoef(frame["a"], frame["d"])[0, 1] ** 2
    assert overlap.loc["one", "inflation"] == pytest.approx(1 / (1 - square))


def test_a_sign_that_is_wrong_only_beside_a_partner_is_told_apart():
    """`two` holds nearly where `one` does, and `one` is paid far too much: given it, `two` looks wrong."""
    rng = np.random.default_rng(1)
    frame = leads(4_000, 4)
    frame["a"] = (rng.random(4_000) < 0.5).astype(int)
    frame["d"] = np.where(rng.random(4_000) < 0.3, 0, frame["a"])
    frame["b"] = (rng.random(4_000) < 0.5).astype(int)
    # Those with both convert like the others without either by the rest of the score: alone each is right.
    chance = 0.08 + 0.22 * frame["b"] + np.where(frame["a"] == 1, np.where(frame["d"] == 1, 0.06, 0.30), 0.0)
    frame["won"] = (rng.random(4_000) < chance).astype(int)
    text = (
        "{format: lead-scoring-model/1, name: m, dimensions: {fit: {}}, rules: ["
        "{id: one, in: fit, when: {field: a, equals: 1}, points: 12},"
        "{id: two, in: fit, when: {field: d, equals: 1}, points: 3},"
        "{id: three, in: fit, when: {field: b, equals: 1}, points: 8}]}"
    )
    model = wb.parse_model(text)
    signs = support(model, observed(frame, model)).signs.set_index("rule")
    assert signs.loc["two", "given"] == "disagrees"
    assert signs.loc["two", "beside"] == "one"
    assert signs.loc["one", "beside"] == ""


def test_parts(planted):
    frame = leads(600, 6)
    seen = observed(frame, planted, "{at: recorded, split: {by: lead}}")
    whole = support(planted, seen)
    assert whole.part == "train and validation"
    sizes = [seen.rows(part).stop - seen.rows(part).start for part in ("train", "validation")]
    assert whole.n == sum(sizes)
    assert support(planted, seen, part="train").n == sizes[0]
    with pytest.raises(CallError, match="sealed"):
        support(planted, seen, part="test")
    opened = seen.open_test(because="a look", ledger=None) if seen.ledger else seen
    assert support(planted, opened).n == sum(sizes)


def test_sealed_outcomes_do_not_matter(planted):
    """The same leads with the sealed outcomes turned round give the same result."""
    frame = leads(600, 6)
    plan = "{at: recorded, split: {by: lead}}"
    seen = observed(frame, planted, plan)
    sealed = set(seen.subjects.lead_id[seen.subjects.won < 0])
    turned = frame.assign(won=np.where(frame["lead_id"].isin(sealed), 1 - frame["won"], frame["won"]))
    first, second = support(planted, seen), support(planted, observed(turned, planted, plan))
    assert first.rules.equals(second.rules)


@pytest.mark.parametrize("wrong", [{"objective": "accuracy"}, {"reach": 0}, {"part": "nowhere"}])
def test_wrong_calls(planted, crowd, wrong):
    with pytest.raises(CallError, match=next(iter(wrong))):
        support(planted, crowd, **wrong)


@pytest.mark.parametrize("objective", [pytest.param("log_loss", marks=pytest.mark.slow), "lift_20"])
def test_other_objectives_find_the_planted_points_as_well(planted, crowd, objective):
    result = support(planted, drawn(crowd, chances(planted, crowd), np.random.default_rng(5)), objective=objective)
    assert result.rules["inside"].all()
    assert result.objective == objective


def test_the_document_is_plain_data(found):
    import json

    document = found.to_document()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["format"] == "lead-scoring-support/1"
    assert len(document["rules"]) == 5
    assert document["headline"] == found.headline


def test_a_notebook_shows_the_rules(found):
    shown = found._repr_html_()
    assert html.escape(found.headline) in shown
    assert shown.count("<tr") == 6
    assert str(found).splitlines()[0] == found.headline


def test_accounts_are_looked_at_through_their_leads():
    frames = crm(seed=4, leads=900)
    text = (
        "{format: lead-scoring-model/1, name: m, dimensions: {fit: {}}, rules: ["
        "{id: vp, in: fit, when: {field: title, has_word: [vp, chief]}, points: 5},"
        "{id: eu, in: fit, when: {field: region, equals: EU}, points: 3}],"
        "account: {roll_up: max, tiers: [{name: Cold, from: 0}, {name: Hot, from: 5}]}}"
    )
    model = wb.parse_model(text)
    with load(frames) as history:
        plan = wb.parse_plan("{at: 14d, outcome: won, horizon: 40d, unit: account}")
        seen = wb.observe(history, [model], plan)
    result = support(model, seen)
    assert len(result.rules) == 2
    assert result.n == len(seen.subjects.won)
    assert (result.signs["alone"] == "").all()
    assert any("Accounts were observed" in warning for warning in result.warnings)
