from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from workbench.cutoffs.choice import by_precision, by_recall, by_value, confidence_of, run_around

from .test_ground import ground

EVERY = np.ones(6, dtype=bool)


def rates(n, chances, seed):
    """n leads in each of cells 1..6 that convert at these chances."""
    random = np.random.default_rng(seed)
    cell = np.repeat(np.arange(1, 7), n)
    return cell, random.random(len(cell)) < np.asarray(chances)[cell - 1]


def test_the_best_value_is_that_of_trying_all():
    cell, won = rates(80, [0.05, 0.1, 0.15, 0.25, 0.4, 0.5], 4)
    found = by_value(ground(cell, won), EVERY)
    values = [(10 * won[cell > number] - 2).sum() for number in range(6)]
    assert found.at == int(np.argmax(values))
    assert found.objective[found.at] == pytest.approx(max(values))
    assert found.as_good[found.at]
    assert found.optimism > 0
    low, high = found.interval
    assert low <= found.at <= high


def test_equally_good_thresholds_contact_fewest():
    cell, won = np.array([1] * 5 + [2] * 5), np.array([1, 0, 0, 0, 0, 1, 1, 0, 0, 0])
    assert by_value(ground(cell, won, cuts=2), EVERY[:2]).at == 1  # the lower cell earns 10 - 5 * 2 = 0


def test_what_is_not_allowed_is_not_chosen():
    cell, won = rates(80, [0.02, 0.02, 0.02, 0.02, 0.5, 0.5], 4)
    assert by_value(ground(cell, won), EVERY).at == 4
    assert by_value(ground(cell, won), np.arange(6) < 3).at == 2


def test_precision_is_the_lowest_and_recall_the_highest_threshold():
    cell, won = rates(500, [0.05, 0.1, 0.15, 0.25, 0.4, 0.5], 2)
    here = ground(cell, won)
    precision, recall = here.precision()[0], here.recall()[0]
    found = by_precision(here, 0.3, EVERY)
    assert found.at == int(np.flatnonzero(precision >= 0.3)[0])
    assert found.surely >= found.at
    assert here.precision()[1].low[found.surely] >= 0.3
    found = by_recall(here, 0.7, EVERY)
    assert found.at == int(np.flatnonzero(recall >= 0.7)[-1])
    assert found.surely <= found.at
    none = by_precision(here, 0.99, EVERY)
    assert none.at is none.surely is none.interval is none.region is None


def test_a_run_ends_where_marks_end():
    marked = np.array([True, False, True, True, False, True])
    assert run_around(marked, 2) == (2, 3)
    assert run_around(marked, 1) == (0, 3)


def test_confidence_of_a_quantile():
    assert confidence_of(2.7) == pytest.approx(1 - 2 * stats.norm.sf(2.7), abs=1e-9)


@pytest.mark.slow
def test_the_region_holds_the_true_best_threshold():
    """True rates cross the break-even of 20 % below cell 4; of 300 pasts the region misses it in at most 7 %."""
    chances = [0.08, 0.12, 0.17, 0.24, 0.32, 0.4]
    missed = missed_value = 0
    for seed in range(300):
        cell, won = rates(120, chances, seed)
        here = ground(cell, won, seed=seed)
        found = by_value(here, EVERY)
        missed += not found.as_good[3]
        truth = sum(120 * (10 * chance - 2) for chance in chances[3:])
        missed_value += not found.low[3] <= truth <= found.high[3]
    assert missed / 300 <= 0.07
    assert 0.02 <= missed_value / 300 <= 0.08


@pytest.mark.slow
def test_what_surely_meets_the_precision_does():
    """The lowest threshold whose band's lower limit meets 25 %: it truly does in at least 97 of 100 pasts."""
    chances = np.array([0.08, 0.12, 0.17, 0.24, 0.27, 0.3])
    truth = [chances[number:].mean() for number in range(6)]
    wrong = 0
    for seed in range(400):
        cell, won = rates(250, chances, seed)
        sure = by_precision(ground(cell, won, seed=seed), 0.25, EVERY).surely
        wrong += sure is not None and truth[sure] < 0.25
    assert wrong / 400 <= 0.03 + 0.02
