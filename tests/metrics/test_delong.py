from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from scipy.stats import norm

from workbench.errors import CallError
from workbench.metrics.delong import clustered_delong, delong
from workbench.metrics.intervals import normal
from workbench.metrics.ranking import auc

from .samples import clustered_leads, histograms, leads


def plain_delong(won, lost):
    """Equations (2) to (6) of DeLong et al. 1988 as they stand, every pair compared."""
    psi = np.array([[1.0 if x > y else 0.5 if x == y else 0.0 for y in lost] for x in won])
    theta = psi.mean()
    v10, v01 = psi.mean(axis=1), psi.mean(axis=0)
    s10 = ((v10 - theta) ** 2).sum() / (len(won) - 1)
    s01 = ((v01 - theta) ** 2).sum() / (len(lost) - 1)
    return theta, s10 / len(won) + s01 / len(lost)


def plain_obuchowski(won, lost, won_by, lost_by):
    """Obuchowski 1997, section 2, cluster by cluster, every pair compared."""
    psi = np.array([[1.0 if x > y else 0.5 if x == y else 0.0 for y in lost] for x in won])
    theta = psi.mean()
    v10, v01 = psi.mean(axis=1), psi.mean(axis=0)
    every = sorted(set(won_by) | set(lost_by))
    m, n, total = len(won), len(lost), len(every)
    with_won, with_lost = len(set(won_by)), len(set(lost_by))
    s10 = s01 = s11 = 0.0
    for cluster in every:
        mine, theirs = won_by == cluster, lost_by == cluster
        x = v10[mine].sum() - mine.sum() * theta
        y = v01[theirs].sum() - theirs.sum() * theta
        s10 += with_won / ((with_won - 1) * m) * x * x
        s01 += with_lost / ((with_lost - 1) * n) * y * y
        s11 += total / (total - 1) * x * y
    return s10 / m + s01 / n + 2 * s11 / (m * n)


@pytest.mark.parametrize("seed", range(20))
def test_delong_equals_the_paper_pair_by_pair(seed):
    sample = leads(seed, n=30 + 9 * seed, k=3 + 2 * seed, rate=0.4)
    theta, variance = plain_delong(sample.cells[sample.outcomes], sample.cells[~sample.outcomes])
    found = delong(sample.negatives, sample.positives)
    assert found.auc == pytest.approx(theta, abs=1e-13)
    assert found.variance == pytest.approx(variance, rel=1e-11, abs=1e-16)


def test_delong_by_hand():
    # Converts at 1, 3; others at 2, 0. V10 = (1/2, 1), V01 = (1/2, 1), theta = 3/4: both variances 1/8, over 2.
    found = delong([1, 0, 1, 0], [0, 1, 0, 1])
    assert (found.auc, found.variance) == (0.75, 0.125)


@given(histograms())
def test_the_area_is_the_auc_and_mirrors(pairs):
    negatives, positives = (np.array(side) for side in zip(*pairs, strict=True))
    found, mirrored = delong(negatives, positives), delong(negatives[::-1], positives[::-1])
    assert found.auc == pytest.approx(auc(negatives, positives), abs=1e-12)
    if min(negatives.sum(), positives.sum()) < 2:
        assert np.isnan(found.variance)
    else:
        assert found.variance == pytest.approx(mirrored.variance, abs=1e-12)


def test_replicates_and_missing_classes():
    found = delong([[3, 1], [0, 0], [2, 2], [3, 3]], [[1, 3], [2, 2], [0, 0], [0, 1]])
    assert np.isnan(found.auc).tolist() == [False, True, True, False]
    assert np.isnan(found.variance).tolist() == [False, True, True, True]
    alone = delong([3, 1], [1, 3])
    assert (found.auc[0], found.variance[0]) == (alone.auc, alone.variance)


def test_the_interval_is_symmetric_in_logits_and_absent_for_a_perfect_sample():
    found = delong([5, 3, 1], [1, 3, 5])
    low, high = found.interval(0.9)
    assert 0 < low < found.auc < high < 1
    logits = np.log([low / (1 - low), found.auc / (1 - found.auc), high / (1 - high)])
    assert logits[1] == pytest.approx((logits[0] + logits[2]) / 2, abs=1e-12)
    half = norm.ppf(0.95) * np.sqrt(found.variance) / (found.auc * (1 - found.auc))
    assert logits[2] - logits[1] == pytest.approx(half, rel=1e-12)
    assert np.isnan(delong([5, 0], [0, 5]).interval()).all()
    assert np.isnan(delong([0, 5], [5, 0]).interval()).all()


@pytest.mark.parametrize("seed", range(6))
def test_clusters_of_one_are_delong(seed):
    sample = leads(seed, n=100 + seed)
    plain = delong(sample.negatives, sample.positives)
    order = np.random.default_rng(seed).permutation(len(sample.cells)) * 2
    found = clustered_delong(sample.cells, sample.outcomes, order, sample.k)
    assert found.auc == pytest.approx(plain.auc, abs=1e-13)
    assert found.variance == pytest.approx(plain.variance, rel=1e-11)


@pytest.mark.parametrize("seed", range(8))
def test_clustered_equals_the_paper_pair_by_pair(seed):
    cells, outcomes, accounts, k = clustered_leads(np.random.default_rng(seed), 40)
    wanted = plain_obuchowski(cells[outcomes], cells[~outcomes], accounts[outcomes], accounts[~outcomes])
    assert clustered_delong(cells, outcomes, accounts, k).variance == pytest.approx(wanted, rel=1e-11)


def test_every_lead_twice_halves_nothing_when_clustered():
    sample = leads(4, n=300)
    twice = np.repeat(np.arange(300), 2)
    plain = delong(sample.negatives, sample.positives)
    doubled = clustered_delong(sample.cells[twice], sample.outcomes[twice], twice, sample.k)
    assert doubled.variance == pytest.approx(plain.variance, rel=1e-10)
    naive = delong(2 * sample.negatives, 2 * sample.positives)
    assert naive.variance < 0.51 * plain.variance


def test_too_few_clusters_have_no_variance():
    found = clustered_delong([0, 1, 0, 1], [0, 1, 1, 0], [0, 0, 0, 1], 2)
    assert found.auc == 0.5
    assert np.isnan(found.variance)
    assert np.isnan(clustered_delong([0, 1], [1, 1], [0, 1], 2).auc)


@pytest.mark.parametrize("clusters", [[0], [0, -2], [0.0, 1.0]])
def test_clusters_must_fit(clusters):
    with pytest.raises(CallError, match="clusters: expected one integer"):
        clustered_delong([0, 1], [0, 1], clusters, 2)


@pytest.mark.slow
def test_logit_interval_covers_better_than_the_plain_one():
    random = np.random.default_rng(1)
    truth, cuts = 0.93, np.linspace(-4, 7, 2001)
    shift = np.sqrt(2) * norm.ppf(truth)

    def histogram(n, mean):
        draws = np.searchsorted(cuts, random.standard_normal((2000, n)) + mean)
        return np.array([np.bincount(row, minlength=len(cuts) + 1) for row in draws])

    found = delong(histogram(200, 0.0), histogram(20, shift))
    covered = [
        np.mean((low <= truth) & (truth <= high))
        for low, high in (found.interval(), normal(found.auc, np.sqrt(found.variance)))
    ]
    assert covered[0] > 0.90
    assert covered[1] < covered[0] - 0.02


@pytest.mark.slow
def test_clustered_interval_covers_and_the_naive_one_does_not():
    random = np.random.default_rng(2)
    cells, outcomes, accounts, k = clustered_leads(random, 200_000, within=0.9)
    truth = float(clustered_delong(cells, outcomes, accounts, k).auc)
    covered = np.zeros(2)
    for _ in range(600):
        cells, outcomes, accounts, k = clustered_leads(random, 150, within=0.9)
        naive = clustered_delong(cells, outcomes, np.arange(len(cells)), k)
        for at, area in enumerate((clustered_delong(cells, outcomes, accounts, k), naive)):
            low, high = area.interval()
            covered[at] += low <= truth <= high
    assert 0.92 <= covered[0] / 600 <= 0.975
    assert covered[1] / 600 < 0.85
