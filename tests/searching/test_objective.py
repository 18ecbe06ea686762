"""What a search makes large, against other ways to work it out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score

import workbench as wb
from workbench.errors import CallError
from workbench.observation.indexing import TAKEN_OUT
from workbench.searching import objective_named
from workbench.searching.objective import Value

WORTH = "at: 14d, outcome: won, horizon: 40d, value: {contact_cost: 10, win: %s}"


def counts(seed, size=12, rows=5):
    rng = np.random.default_rng(seed)
    scores = np.sort(rng.choice(np.arange(-20, 60), size, replace=False)) * 1000
    positives = rng.integers(0, 9, (rows, size))
    return scores.astype(np.int64), rng.integers(0, 30, (rows, size)), positives


def people(scores, negatives, positives):
    of = np.concatenate([np.repeat(scores, negatives), np.repeat(scores, positives)])
    return of, np.repeat([0, 1], [negatives.sum(), positives.sum()])


def test_area_and_lift():
    scores, negatives, positives = counts(1)
    areas = objective_named("auc")(scores, negatives, positives, None)
    lifts = objective_named("lift_25")(scores, negatives, positives, None)
    for row in range(len(areas)):
        of, won = people(scores, negatives[row], positives[row])
        assert areas[row] == pytest.approx(roc_auc_score(won, of), abs=1e-12)
    whole = objective_named("lift_100")(scores, negatives, positives, None)
    np.testing.assert_allclose(whole, 1.0)
    assert lifts.shape == areas.shape


@pytest.mark.parametrize("seed", range(6))
def test_log_loss_is_that_of_the_best_curve(seed):
    scores, negatives, positives = counts(seed)
    found = objective_named("log_loss")(scores, negatives, positives, None)

    def loss(curve, row):
        line = curve[0] + curve[1] * scores / 10_000
        n = negatives[row] + positives[row]
        return (n * np.logaddexp(0, line) - positives[row] * line).sum() / n.sum()

    for row, value in enumerate(found):
        best = minimize(loss, (-1.0, 0.1), args=(row,), method="L-BFGS-B", bounds=[(None, None), (0, None)]).fun
        assert -value == pytest.approx(best, abs=2e-6)


def test_a_score_that_ranks_backwards_gains_nothing():
    scores = np.array([0, 1000, 2000])
    found = objective_named("log_loss")(scores, [[10, 30, 60], [60, 30, 10]], [[60, 30, 10], [10, 30, 60]], None)
    flat = -(np.log(2))
    assert found[0] == pytest.approx(flat, abs=1e-9)
    assert found[1] > found[0] + 0.1


def test_log_loss_of_counts_without_a_lesson():
    scores = np.array([0, 1000])
    named = objective_named("log_loss")
    one_class = named(scores, [[5, 5], [0, 0]], [[0, 0], [4, 4]], None)
    np.testing.assert_allclose(one_class, 0.0, atol=1e-9)
    assert named(np.array([0]), [[5]], [[5]], None)[0] == pytest.approx(-np.log(2))
    assert np.isnan(named(scores, [[0, 0]], [[0, 0]], None)[0])
    parted = named(scores, [[50, 0]], [[0, 50]], None)[0]
    assert -0.01 < parted <= 0


def test_those_taken_out_have_a_rate_of_their_own():
    scores = np.array([TAKEN_OUT, 0, 1000, 2000])
    found = objective_named("log_loss")(scores, [[6, 10, 8, 3]], [[2, 1, 4, 9]], None)[0]
    kept = objective_named("log_loss")(scores[1:], [[10, 8, 3]], [[1, 4, 9]], None)[0]
    apart = 6 * np.log(6 / 8) + 2 * np.log(2 / 8)
    assert found == pytest.approx((kept * 35 + apart) / 43)


@pytest.mark.parametrize("win", ["amount", "100"])
def test_value_at_the_best_depth(win):
    scores, negatives, positives = counts(3)
    amounts = positives * 70.0
    found = objective_named("value", plan=wb.parse_plan(f"{{{WORTH % win}}}"))(scores, negatives, positives, amounts)
    for row, value in enumerate(found):
        earned = amounts[row] if win == "amount" else positives[row] * 100
        worth = np.cumsum((earned - 10 * (negatives[row] + positives[row]))[::-1])
        assert value == pytest.approx(max(0.0, worth.max()) / (negatives[row] + positives[row]).sum())


def test_value_at_capacity():
    plan = wb.parse_plan(f"{{{WORTH % 100}, capacity: {{per: week, leads: 3}}}}")
    named = Value("value", 10.0, 100.0, 0.25)
    # 25 of 100: all 20 of the highest score (10 convert), and 5 of the 30 below them (6 convert: one of five).
    assert named(np.array([0, 1, 2]), [[45, 24, 10]], [[5, 6, 10]], None)[0] == pytest.approx((11 * 100 - 250) / 100)
    assert objective_named("value", plan=plan).depth is None  # nobody says how long the list took


def test_the_capacity_is_a_share_of_the_list(observe, round_models):
    seen = observe(*round_models, more=", value: {contact_cost: 10, win: 900}, capacity: {per: week, leads: 3}")
    moments = seen.subjects.as_of_us
    weeks = (moments.max() - moments.min()) / 86_400e6 / 7
    assert objective_named("value", seen=seen).depth == pytest.approx(3 * weeks / len(moments))


@pytest.mark.parametrize("name", ["gini", "lift_0", "lift_101", "lift_x", "lift"])
def test_other_names(name):
    with pytest.raises(CallError, match="lift_<percent>"):
        objective_named(name)


def test_value_needs_a_plan_with_a_value():
    with pytest.raises(CallError, match="no plan"):
        objective_named("value")
    with pytest.raises(CallError, match="a plan without 'value'"):
        objective_named("value", plan=wb.parse_plan("{at: 14d, outcome: won, horizon: 40d}"))
