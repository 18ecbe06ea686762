from __future__ import annotations

import numpy as np
from scipy.stats import mannwhitneyu

from workbench.metrics.ranking import ranks
from workbench.suggesting.crossfit import orders_leads


def counts(rng, n, better):
    won = rng.random(n) < 0.2
    score = rng.integers(0, 8, n) + better * won
    return tuple(np.bincount(score[of], minlength=12) for of in (~won, won)), score, won


def test_one_fold_is_judged_as_a_ranking():
    rng = np.random.default_rng(0)
    for better in (0, 1):
        for _ in range(30):
            own, score, won = counts(rng, 120, better)
            p = mannwhitneyu(score[won], score[~won], alternative="greater", use_continuity=False).pvalue
            assert orders_leads([own]) == ranks(*own) == (p < 0.025)


def test_folds_add_up():
    rng = np.random.default_rng(1)
    folds = [counts(rng, 80, 1)[0] for _ in range(6)]
    assert orders_leads(folds)
    assert not all(orders_leads([one]) for one in folds)
    assert not orders_leads([(one[1], one[0]) for one in folds])
    assert not orders_leads([(np.array([5, 5]), np.array([0, 0]))])
    chance = [orders_leads([counts(rng, 60, 0)[0] for _ in range(5)]) for _ in range(400)]
    assert np.mean(chance) < 0.05
