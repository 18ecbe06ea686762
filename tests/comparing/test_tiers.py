"""McNemar's tests: against statsmodels, and the one for clusters against turning all signs."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import mcnemar

from workbench.comparing.tiers import MOST_EXACT, paired_test


def answers(gained, lost, both=7, neither=9):
    """Two models' answers with so many that get different ones."""
    second = np.array([True] * gained + [False] * lost + [True] * both + [False] * neither)
    first = np.array([False] * gained + [True] * lost + [True] * both + [False] * neither)
    return first, second


@pytest.mark.parametrize(("gained", "lost"), [(3, 0), (9, 2), (12, 13), (40, 21), (100, 130)])
def test_without_clusters_it_is_that_of_statsmodels(gained, lost):
    found = paired_test(*answers(gained, lost))
    exact = gained + lost <= 25
    table = [[7, gained], [lost, 9]]
    assert found.p == pytest.approx(min(mcnemar(table, exact=exact, correction=True).pvalue, 1.0))
    assert found.method == ("McNemar exact" if exact else "McNemar")


def test_equal_answers_say_nothing():
    assert paired_test(*answers(0, 0)).p == 1.0
    assert paired_test(*answers(0, 0), np.arange(16)).p == 1.0


@pytest.mark.parametrize(("gained", "lost"), [(3, 0), (9, 2), (12, 13)])
def test_clusters_of_one_change_nothing(gained, lost):
    first, second = answers(gained, lost)
    assert paired_test(first, second, np.arange(len(first))).p == pytest.approx(paired_test(first, second).p)


def test_clusters_turn_their_signs_together():
    first = np.array([0, 0, 0, 1, 0, 0, 1, 0], dtype=bool)
    second = np.array([1, 1, 1, 0, 1, 1, 1, 0], dtype=bool)
    clusters = np.array([4, 4, 4, 4, 9, 11, 11, 2])
    own = {4: 3 - 1, 9: 1, 11: 1}
    sums = [
        sum(sign * size for sign, size in zip(signs, own.values(), strict=True)) for signs in product((-1, 1), repeat=3)
    ]
    expected = np.mean([abs(each) >= abs(sum(own.values())) for each in sums])
    assert paired_test(first, second, clusters).p == pytest.approx(expected)


def test_leads_of_one_account_are_worth_less_than_leads_of_many():
    first, second = answers(12, 2)
    together = np.repeat(np.arange(15), 2)
    assert paired_test(first, second, together).p > paired_test(first, second).p


def test_many_differences_are_taken_as_normal():
    random = np.random.default_rng(4)
    n = 3 * MOST_EXACT
    first, second = random.random(n) < 0.5, random.random(n) < 0.52
    clusters = random.integers(0, n // 2, n)
    found = paired_test(first, second, clusters)
    assert found.method == "McNemar by cluster"
    own = np.bincount(clusters, weights=second.astype(int) - first.astype(int))
    turned = [abs(np.sum(own * random.choice([-1, 1], len(own)))) >= abs(own.sum()) for _ in range(2000)]
    assert found.p == pytest.approx(np.mean(turned), abs=0.04)
