"""Differences of figures: by hand, against rows, several at once, and how often they are right."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.comparing.figures import figures_frame
from workbench.comparing.resampled import Resampled, choice
from workbench.plan import Worth

from .contests import contest, world

FIXED = Worth(contact_cost=10, win=100)
AMOUNT = Worth(contact_cost=10, win="amount")


def judged(made, draws=400, seed=7):
    resampled = Resampled.of(made, draws=draws, seed=seed)
    return figures_frame(made, resampled), resampled


def by_figure(made, **how):
    return judged(made, **how)[0].set_index("figure")


def placements(scores, won):
    x, y = scores[won][:, None], scores[~won][None, :]
    psi = (x > y) + 0.5 * (x == y)
    return psi.mean(), psi.mean(axis=1), psi.mean(axis=0)


def test_by_hand():
    won = np.array([1, 1, 0, 0, 1, 0, 0, 0, 0, 0], dtype=bool)
    champion = np.array([9, 2, 8, 7, 2, 1, 1, 1, 1, 0])
    challenger = np.array([9, 8, 2, 7, 2, 1, 1, 1, 1, 0])
    amount = np.array([50, 70, 0, 0, 30, 0, 0, 0, 0, 0])
    for worth, before, after in ((FIXED, 100 - 20, 200 - 20), (AMOUNT, 50 - 20, 120 - 20)):
        found = by_figure(contest([champion, challenger], won, amount=amount, worth=worth, share=0.2))
        assert list(found.index) == ["auc", "lift_10", "captured", "value"]
        assert found.loc["auc", "champion"] == pytest.approx((7 + 5 + 5) / 21)
        assert found.loc["auc", "challenger"] == pytest.approx((7 + 7 + 5.5) / 21)
        assert found.loc["captured", ["champion", "challenger", "change"]].tolist() == [1.0, 2.0, 1.0]
        assert found.loc["value", ["champion", "challenger"]].tolist() == [before, after]
        assert found.loc["lift_10", "change"] == 0.0
        assert set(found["verdict"]) <= {"not enough evidence", "same"}


def test_ties_at_the_boundary_share():
    won = np.array([1, 0, 1, 0, 0], dtype=bool)
    found = by_figure(contest([[3, 3, 1, 1, 1], [3, 2, 1, 1, 1]], won, share=0.2))
    assert found.loc["captured", ["champion", "challenger"]].tolist() == [0.5, 1.0]


def test_the_area_is_delongs():
    scores, won, _ = world(np.random.default_rng(3), 600, better=0.4)
    found = by_figure(contest(scores, won)).loc["auc"]
    areas, of_won, of_lost = zip(*(placements(each, won) for each in scores), strict=True)
    change = areas[1] - areas[0]
    variance = (
        np.var(of_won[1] - of_won[0], ddof=1) / won.sum() + np.var(of_lost[1] - of_lost[0], ddof=1) / (~won).sum()
    )
    assert found["change"] == pytest.approx(change)
    assert found["method"] == "DeLong"
    made = contest(scores, won)
    closed = made.pair(made.challengers[0]).difference(made.champion.area, made.challengers[0].area)
    assert closed.error == pytest.approx(np.sqrt(variance))
    assert [found["low"], found["high"]] == [closed.low, closed.high]


@pytest.mark.parametrize("clustered", [False, True])
def test_the_bootstrap_is_that_of_drawing_rows_or_accounts_again(clustered):
    random = np.random.default_rng(5)
    scores, won, account = world(random, 500, clustered=clustered, better=0.4)
    made = contest(scores, won, account, share=0.2)
    ours = Resampled.of(made, draws=3000, seed=1).changes[:, 0, 2]
    members = np.split(np.argsort(account, kind="stable"), np.cumsum(np.bincount(account))[:-1])
    members = [each for each in members if len(each)]
    theirs = []
    for _ in range(800):
        rows = np.concatenate([members[at] for at in random.integers(0, len(members), len(members))])
        one, two = (contest([each[rows], each[rows]], won[rows], share=0.2) for each in scores)
        theirs.append(two.champion.captured(0.2).value - one.champion.captured(0.2).value)
    assert np.std(ours) == pytest.approx(np.std(theirs), rel=0.1)
    assert np.mean(ours) == pytest.approx(np.mean(theirs), abs=0.15 * np.std(theirs))


def test_equal_models_are_the_same():
    scores, won, account = world(np.random.default_rng(3), 400, clustered=True)
    found = by_figure(contest([scores[0], scores[0] * 3], won, account, worth=FIXED))
    assert set(found["verdict"]) == {"same"}
    assert set(found["change"]) == {0.0}
    assert np.isinf(found["leads_needed"]).all()


def test_a_much_better_model_is_better_and_the_other_way_round_worse():
    scores, won, account = world(np.random.default_rng(3), 3000, clustered=True, better=0.9)
    there = by_figure(contest(scores, won, account, worth=FIXED))
    back = by_figure(contest(scores[::-1], won, account, worth=FIXED))
    assert set(there["verdict"]) == {"better"}
    assert set(back["verdict"]) == {"worse"}
    assert set(there["leads_needed"]) == {0.0}
    assert back.loc["auc", ["low", "high"]].tolist() == pytest.approx(
        [-there.loc["auc", "high"], -there.loc["auc", "low"]]
    )


def test_too_few_converts_are_not_enough_evidence():
    won = np.zeros(60, dtype=bool)
    won[:4] = True
    found = by_figure(contest([np.arange(60), -np.arange(60)], won))
    assert set(found["verdict"]) == {"not enough evidence"}


# --- several challengers ----------------------------------------------------------------------------------------------


def test_all_at_once_is_wider_and_alone_it_is_not():
    scores, won, _ = world(np.random.default_rng(3), 500, models=5)
    found, resampled = judged(contest(scores, won))
    assert (found["adjusted_low"] < found["low"]).all()
    assert (found["adjusted_high"] > found["high"]).all()
    # Sidak's quantile of four independent ones is 1.27 times that of one; these share the champion
    assert 1.05 < resampled.widening("auc") < 1.4
    alone, one = judged(contest(scores[:2], won))
    assert (alone["adjusted_low"] == alone["low"]).all()
    assert one.widening("auc") == 1.0
    assert len(choice(alone, one, ["model 1"])) == 0


def test_the_best_of_equals_looks_better_than_it_is_by_about_its_optimism():
    random = np.random.default_rng(8)
    told, left = [], []
    for seed in range(40):
        scores, won, _ = world(random, 500, models=7)
        made = contest(scores, won)
        found, resampled = judged(made, draws=200, seed=seed)
        row = choice(found, resampled, [each.label for each in made.challengers]).set_index("figure").loc["auc"]
        told.append(row["change"])
        left.append(row["shrunk"])
    assert np.mean(told) > 4 * np.std(told) / np.sqrt(40)  # chosen for its luck alone
    assert abs(np.mean(left)) < 0.5 * np.mean(told)


def test_the_same_challenger_twice_has_no_optimism():
    scores, won, _ = world(np.random.default_rng(3), 500)
    _, resampled = judged(contest([*scores, scores[1]], won))
    assert resampled.optimism("lift_10") == pytest.approx(0.0, abs=1e-12)


# --- how often it is right --------------------------------------------------------------------------------------------


def true_change(*, clustered, better, n):
    """AUC and lift, and conversions for n leads, on a million leads."""
    scores, won, account = world(np.random.default_rng(0), 1_000_000, clustered=clustered, better=better)
    made = contest(scores, won, account)
    first, second = made.champion, made.challengers[0]
    captured = (second.captured(0.2).value - first.captured(0.2).value) * n / 1_000_000
    return np.array([second.area.value - first.area.value, second.lift.value - first.lift.value, captured])


@pytest.mark.slow
@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize("better", [0.0, 0.3])
def test_intervals_of_differences_cover_what_is_true(clustered, better):
    n, runs = 1500, 500
    random = np.random.default_rng(11)
    truth = true_change(clustered=clustered, better=better, n=n)
    covered, told = [], []
    for run in range(runs):
        scores, won, account = world(random, n, clustered=clustered, better=better)
        found = by_figure(contest(scores, won, account), draws=500, seed=run)
        covered.append((found["low"] <= truth) & (truth <= found["high"]))
        told.append(found["verdict"].isin(["better", "worse"]))
    error = 2.5 * np.sqrt(0.05 * 0.95 / runs)
    assert np.all(np.mean(covered, axis=0) > 0.93 - error + 0.01)
    assert np.all(np.mean(covered, axis=0) < 0.97 + error)
    if not better:
        assert np.all(np.mean(told, axis=0) < 0.06 + error)


@pytest.mark.slow
def test_leads_swapped_for_others_of_equal_worth_are_called_different_in_few_runs():
    random = np.random.default_rng(12)
    runs, told = 600, []
    for run in range(runs):
        _, won, account = world(random, 800, clustered=bool(run % 2), base=-1.8)
        first = random.integers(0, 12, 800)
        second = np.where(random.random(800) < 0.3, random.integers(0, 12, 800), first)
        found = by_figure(contest([first, second], won, account), draws=400, seed=run)
        told.append(found["verdict"].isin(["better", "worse"]))
    assert np.all(np.mean(told, axis=0) < 0.06)


@pytest.mark.slow
def test_of_many_equal_challengers_none_is_better_in_more_than_few_runs():
    random = np.random.default_rng(13)
    runs, alone, at_once = 250, [], []
    for run in range(runs):
        scores, won, account = world(random, 800, clustered=bool(run % 2), models=9, base=-1.8)
        found = judged(contest(scores, won, account), draws=300, seed=run)[0]
        for told, name in ((alone, "verdict"), (at_once, "adjusted_verdict")):
            said = found[name].isin(["better", "worse"])
            told.append(said.groupby(found["figure"]).any()[["auc", "captured", "lift_10"]])
    assert np.all(np.mean(at_once, axis=0) < 0.06 + 0.02)
    assert np.all(np.mean(alone, axis=0) > 0.15)


def test_no_interval_is_wider_than_any_outcome_could_make_the_change():
    random = np.random.default_rng(4)
    won = random.random(400) < 0.2
    champion = np.arange(400)
    challenger = champion.copy()
    challenger[[319, 320]] = [320, 319]  # one lead for another at the boundary of the best 20 %
    found = by_figure(contest([champion, challenger], won, worth=FIXED, share=0.2))
    assert -1 <= found.loc["captured", "low"] <= found.loc["captured", "high"] <= 1
    assert -100 <= found.loc["value", "low"] <= found.loc["value", "high"] <= 100
    assert (found.loc["lift_10", ["low", "high"]] == 0).all()
