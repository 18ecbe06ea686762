from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ks_2samp

from workbench.errors import CallError
from workbench.metrics import cluster_sums as module
from workbench.metrics import resample
from workbench.metrics.cluster_sums import cluster_sums
from workbench.metrics.delong import clustered_delong
from workbench.metrics.ranking import auc, average_precision
from workbench.metrics.resample import bootstrap, generator, percentile

from .samples import clustered_leads

STATISTICS = {
    "auc": lambda d: auc(d.negatives, d.positives),
    "ap": lambda d: average_precision(d.negatives, d.positives),
}


def sample(seed: int, clusters: int):
    return clustered_leads(np.random.default_rng(seed), clusters)


def test_a_replicate_is_whole_clusters():
    # Cluster 3 holds one of each outcome in cells 0 and 2, cluster 8 two non-converts in cell 1.
    source = cluster_sums([0, 2, 1, 1], [True, False, False, False], [3, 3, 8, 8], 3)
    drawn = source.draw(200, generator(1))
    times = drawn.positives[:, 0]
    assert set(times) == {0, 1, 2}
    assert np.all(drawn.negatives == np.stack([0 * times, 2 * (2 - times), times], axis=1))
    assert not drawn.positives[:, 1:].any()


def test_exact_replicates_equal_gathering_the_rows_of_the_drawn_clusters():
    cells, outcomes, accounts, k = sample(1, 50)
    drawn = cluster_sums(cells, outcomes, accounts, k).draw(5, generator(4))
    random = generator(4)
    for at in range(5):
        times = np.bincount(random.integers(50, size=50), minlength=50)[accounts]
        wanted = np.bincount(cells[outcomes], weights=times[outcomes], minlength=k)
        np.testing.assert_array_equal(drawn.positives[at], wanted)
        wanted = np.bincount(cells[~outcomes], weights=times[~outcomes], minlength=k)
        np.testing.assert_array_equal(drawn.negatives[at], wanted)


@pytest.mark.parametrize("method", ["exact", "gaussian"])
def test_means_and_covariances_are_those_of_the_clusters(method):
    cells, outcomes, accounts, _ = sample(2, 400)
    cells = cells // 17
    worth = np.where(outcomes, 10.0 + cells, 999.0)
    source = cluster_sums(cells, outcomes, accounts, 3, amounts=worth, method=method)
    assert source.method == method
    drawn = source.draw(20_000, generator(1))
    both = np.concatenate([drawn.negatives, drawn.positives, drawn.amounts], axis=1)
    by_cluster = np.zeros((400, 9))
    for cell, won, account, amount in zip(cells, outcomes, accounts, worth, strict=True):
        by_cluster[account, cell + 3 * won] += 1
        by_cluster[account, cell + 6] += amount * won
    wanted = 400 * np.cov(by_cluster.T, bias=True)
    scale = np.sqrt(np.diag(wanted))
    assert np.all(np.abs(both.mean(axis=0) - by_cluster.sum(axis=0)) <= 0.05 * scale)
    np.testing.assert_allclose(np.cov(both.T) / np.outer(scale, scale), wanted / np.outer(scale, scale), atol=0.05)


@pytest.mark.parametrize("method", ["exact", "gaussian"])
def test_the_same_seed_gives_the_same_replicates_whatever_the_chunk(method, monkeypatch):
    cells, outcomes, accounts, k = sample(3, 60)
    source = cluster_sums(cells, outcomes, accounts, k, method=method)
    once = bootstrap(source, STATISTICS, seed=2, draws=50)
    monkeypatch.setattr(resample, "CHUNK", 7 * source.width)
    again = bootstrap(source, STATISTICS, seed=2, draws=50)
    np.testing.assert_allclose(once["auc"], again["auc"], rtol=0, atol=1e-13)
    assert len(np.unique(once["auc"])) > 40


def test_amounts_of_the_lost_and_the_unknown_count_as_nothing():
    source = cluster_sums([0, 0, 1], [True, False, True], [0, 1, 2], 2, amounts=[5.0, 70.0, np.nan])
    drawn = source.draw(100, generator(1))
    assert set(np.unique(drawn.amounts[:, 0])) <= {0.0, 5.0, 10.0, 15.0}
    assert not drawn.amounts[:, 1].any()


def test_auto_is_exact_until_the_steps_run_out(monkeypatch):
    cells, outcomes, accounts, k = sample(4, 40)
    assert cluster_sums(cells, outcomes, accounts, k).method == "exact"
    monkeypatch.setattr(module, "MOST_STEPS", 1000)
    assert cluster_sums(cells, outcomes, accounts, k).method == "gaussian"
    assert cluster_sums(cells, outcomes, accounts, k, draws=1).method == "exact"
    monkeypatch.setattr(module, "MOST_COLUMNS", 5)
    assert cluster_sums(cells, outcomes, accounts, k).method == "exact"


def test_the_spread_of_the_auc_is_obuchowskis():
    cells, outcomes, accounts, k = sample(5, 600)
    found = bootstrap(cluster_sums(cells, outcomes, accounts, k), STATISTICS, seed=3, draws=3000)["auc"]
    closed = clustered_delong(cells, outcomes, accounts, k)
    assert np.std(found) == pytest.approx(np.sqrt(closed.variance), rel=0.06)
    naive = clustered_delong(cells, outcomes, np.arange(len(cells)), k)
    assert np.std(found) > 1.15 * np.sqrt(naive.variance)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["auc", "ap"])
def test_gaussian_and_exact_are_close(name):
    cells, outcomes, accounts, k = sample(6, 5000)
    exact, gaussian = (
        bootstrap(cluster_sums(cells, outcomes, accounts, k, method=method), STATISTICS, seed=3, draws=4000)[name]
        for method in ("exact", "gaussian")
    )
    spread = np.std(exact)
    assert np.std(gaussian) == pytest.approx(spread, rel=0.05)
    for end, other in zip(percentile(exact), percentile(gaussian), strict=True):
        assert abs(end - other) < 0.15 * spread
    assert ks_2samp(exact, gaussian).statistic < 0.05


def test_nobody_is_refused_and_so_are_lengths_that_differ():
    with pytest.raises(CallError, match="at least one observation"):
        cluster_sums([], [], [], 2)
    with pytest.raises(CallError, match="clusters: expected one integer"):
        cluster_sums([0, 1], [True, False], [1], 2)
    with pytest.raises(CallError, match="amounts: expected one"):
        cluster_sums([0, 1], [True, False], [1, 2], 2, amounts=[1.0])
    with pytest.raises(CallError, match="method: expected"):
        cluster_sums([0, 1], [True, False], [1, 2], 2, method="poisson")


def test_gaussian_counts_are_never_negative():
    cells, outcomes, accounts, k = sample(7, 30)
    drawn = cluster_sums(cells, outcomes, accounts, k, method="gaussian").draw(500, generator(1))
    both = np.concatenate([drawn.negatives, drawn.positives], axis=1)
    assert both.min() == 0
    assert (
        both[:, np.concatenate([np.bincount(cells[outcomes == won], minlength=k) for won in (0, 1)]) > 0] == 0
    ).any()
