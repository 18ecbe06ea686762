from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from scipy.stats import ks_2samp, mannwhitneyu
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from workbench.metrics.ranking import auc, average_precision, brier, ks

from .samples import histograms, leads


def exact_auc(negatives, positives):
    wins = sum(Fraction(p) * (sum(negatives[:cell]) + Fraction(negatives[cell], 2)) for cell, p in enumerate(positives))
    return wins / (sum(negatives) * sum(positives))


def test_by_hand():
    # Converts at 2, 3, 3; others at 1, 1, 2. Pairs won: 2.5 + 3 + 3 of 9.
    negatives, positives = [2, 1, 0], [0, 1, 2]
    assert auc(negatives, positives) == pytest.approx(8.5 / 9, abs=1e-15)
    # From the top: two converts at precision 1, then one more at precision 3/4.
    assert average_precision(negatives, positives) == pytest.approx(2 / 3 + 3 / 4 / 3, abs=1e-15)
    # At score 1, F0 = 2/3 and F1 = 0; at score 2, F0 = 1 and F1 = 1/3.
    assert ks(negatives, positives) == pytest.approx(2 / 3, abs=1e-15)
    # (0.5^2 for the other at 2) + (0.5^2 for the convert at 2) + 0 for the rest, over 6.
    assert brier(negatives, positives, [0.0, 0.5, 1.0]) == pytest.approx(0.5 / 6, abs=1e-15)


@pytest.mark.parametrize("seed", range(40))
def test_second_opinions(seed):
    sample = leads(seed, n=20 + 17 * seed, k=3 + seed)
    negatives, positives = sample.negatives, sample.positives
    won, lost = sample.cells[sample.outcomes], sample.cells[~sample.outcomes]
    predicted = (positives + 1) / (negatives + positives + 2)
    assert auc(negatives, positives) == pytest.approx(roc_auc_score(sample.outcomes, sample.cells), abs=1e-12)
    u = mannwhitneyu(won, lost, method="asymptotic").statistic / (len(won) * len(lost))
    assert auc(negatives, positives) == pytest.approx(u, abs=1e-12)
    ap = average_precision_score(sample.outcomes, sample.cells)
    assert average_precision(negatives, positives) == pytest.approx(ap, abs=1e-12)
    assert ks(negatives, positives) == pytest.approx(ks_2samp(won, lost, method="asymp").statistic, abs=1e-12)
    loss = brier_score_loss(sample.outcomes, predicted[sample.cells])
    assert brier(negatives, positives, predicted) == pytest.approx(loss, abs=1e-12)


@given(histograms())
def test_auc_is_the_exact_rational(pairs):
    negatives, positives = zip(*pairs, strict=True)
    assert abs(Fraction(float(auc(negatives, positives))) - exact_auc(negatives, positives)) <= Fraction(1, 10**15)


def test_auc_is_exact_at_ten_million_leads():
    random = np.random.default_rng(5)
    negatives, positives = random.integers(0, 200_000, 101), random.integers(0, 10_000, 101)
    wanted = exact_auc([int(x) for x in negatives], [int(x) for x in positives])
    assert abs(Fraction(float(auc(negatives, positives))) - wanted) <= Fraction(1, 10**15)


@given(histograms())
def test_reversing_the_scores_mirrors_the_auc_and_keeps_ks(pairs):
    negatives, positives = (np.array(side) for side in zip(*pairs, strict=True))
    assert auc(negatives[::-1], positives[::-1]) == pytest.approx(1 - auc(negatives, positives), abs=1e-12)
    assert ks(negatives[::-1], positives[::-1]) == pytest.approx(ks(negatives, positives), abs=1e-12)


@given(histograms())
def test_empty_cells_and_weights_change_nothing(pairs):
    negatives, positives = (np.array(side) for side in zip(*pairs, strict=True))
    spread = np.zeros((2, 2 * len(pairs) + 1))
    spread[:, 1::2] = negatives * 0.3, positives * 0.3
    for metric in (auc, average_precision, ks):
        assert metric(*spread) == pytest.approx(metric(negatives, positives), abs=1e-12)


def test_leading_axes_are_replicates():
    samples = [leads(seed) for seed in range(6)]
    negatives = np.array([s.negatives for s in samples]).reshape(2, 3, -1)
    positives = np.array([s.positives for s in samples]).reshape(2, 3, -1)
    predicted = np.linspace(0, 1, negatives.shape[-1])
    for metric in (auc, average_precision, ks, lambda n, p: brier(n, p, predicted)):
        found = metric(negatives, positives)
        assert found.shape == (2, 3)
        alone = [float(metric(s.negatives, s.positives)) for s in samples]
        np.testing.assert_allclose(found.ravel(), alone, rtol=0, atol=1e-15)


@pytest.mark.parametrize(("negatives", "positives"), [([0, 0], [1, 2]), ([1, 2], [0, 0]), ([0], [0])])
def test_a_missing_class_is_nan(negatives, positives):
    assert np.isnan(auc(negatives, positives))
    assert np.isnan(ks(negatives, positives))
    if sum(positives) == 0:
        assert np.isnan(average_precision(negatives, positives))
    else:
        assert average_precision(negatives, positives) == 1


def test_brier_ignores_what_an_empty_cell_predicts_and_only_that():
    assert brier([1, 0, 1], [1, 0, 0], [0.5, np.nan, 0.0]) == pytest.approx(0.5 / 3)
    assert np.isnan(brier([1, 0, 1], [1, 0, 0], [0.5, 0.5, np.nan]))
    assert np.isnan(brier([0], [0], [0.5]))
