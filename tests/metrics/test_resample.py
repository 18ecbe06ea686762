from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ks_2samp

from workbench.errors import CallError
from workbench.metrics import resample
from workbench.metrics.depth import at_depth
from workbench.metrics.ranking import auc, average_precision
from workbench.metrics.resample import bootstrap, generator, percentile, rows

from .samples import leads


def area(drawn):
    return auc(drawn.negatives, drawn.positives)


def test_every_replicate_has_as_many_leads_and_fills_no_empty_cell():
    sample = leads(1)
    drawn = rows(sample.negatives, sample.positives).draw(500, generator(3))
    assert drawn.negatives.shape == drawn.positives.shape == (500, sample.k)
    assert drawn.amounts is None
    assert np.all(drawn.negatives.sum(axis=1) + drawn.positives.sum(axis=1) == len(sample.cells))
    assert not drawn.negatives[:, sample.negatives == 0].any()
    assert not drawn.positives[:, sample.positives == 0].any()


def test_means_and_covariances_are_those_of_the_multinomial():
    counts = np.array([6, 3, 1, 10])
    drawn = rows(counts[:2], counts[2:]).draw(40_000, generator(11))
    both = np.concatenate([drawn.negatives, drawn.positives], axis=1)
    np.testing.assert_allclose(both.mean(axis=0), counts, atol=0.06)
    wanted = np.diag(counts) - np.outer(counts, counts) / 20
    np.testing.assert_allclose(np.cov(both.T), wanted, atol=0.12)


@pytest.mark.slow
@pytest.mark.parametrize("statistic", ["auc", "average precision", "lift"])
def test_cells_are_distributed_as_resampled_rows(statistic):
    measure = {
        "auc": auc,
        "average precision": average_precision,
        "lift": lambda n, p: at_depth(n, p, [0.1]).lift[..., 0],
    }[statistic]
    sample = leads(2, n=500, k=30, rate=0.2)
    random = np.random.default_rng(8)
    found = []
    for _ in range(8000):
        at = random.integers(0, 500, 500)
        cells, outcomes = sample.cells[at], sample.outcomes[at]
        negatives, positives = (np.bincount(cells[outcomes == won], minlength=30) for won in (False, True))
        found.append(float(measure(negatives, positives)))
    source = rows(sample.negatives, sample.positives)
    ours = bootstrap(source, {"it": lambda d: measure(d.negatives, d.positives)}, seed=9, draws=8000)["it"]
    assert ks_2samp(ours, found).pvalue > 0.001


def test_the_same_seed_gives_the_same_replicates_whatever_the_chunk(monkeypatch):
    sample = leads(3)
    source = rows(sample.negatives, sample.positives, deal_cells=[4, 4, 5], deal_amounts=[10, 20, 30])
    statistics = {"auc": area, "sold": lambda d: d.amounts}
    once = bootstrap(source, statistics, seed=5, draws=101)
    monkeypatch.setattr(resample, "CHUNK", 7 * source.width)
    again = bootstrap(source, statistics, seed=5, draws=101)
    other = bootstrap(source, statistics, seed=6, draws=101)
    assert once["auc"].shape == (101,)
    assert once["sold"].shape == (101, sample.k)
    np.testing.assert_array_equal(once["auc"], again["auc"])
    np.testing.assert_array_equal(once["sold"], again["sold"])
    assert not np.array_equal(once["auc"], other["auc"])


def test_chunks_bound_what_is_in_memory():
    k = 20_000
    asked = []

    class Spy:
        width = 3 * k

        def draw(self, draws, random):
            asked.append(draws)
            return resample.Draws(np.zeros((draws, k)), np.zeros((draws, k)))

    found = bootstrap(Spy(), {"n": lambda d: d.negatives.sum(axis=1)}, seed=1, draws=300)
    assert found["n"].shape == (300,)
    assert sum(asked) == 300
    assert max(asked) * Spy.width <= resample.CHUNK


def test_deals_keep_their_amounts_and_converts_without_one_count_too():
    source = rows([5, 0], [3, 2], deal_cells=[0, 1, 1], deal_amounts=[7.0, 100.0, 300.0])
    drawn = source.draw(30_000, generator(1))
    assert np.all(drawn.negatives.sum(axis=1) + drawn.positives.sum(axis=1) == 10)
    assert set(np.unique(drawn.amounts[:, 1] % 100)) == {0.0}
    assert np.all(drawn.amounts[:, 0] <= 7 * drawn.positives[:, 0])
    np.testing.assert_allclose(drawn.positives.mean(axis=0), [3, 2], rtol=0.02)
    np.testing.assert_allclose(drawn.amounts.mean(axis=0), [7, 400], rtol=0.02)
    # Variance of a sum over ten rows drawn with replacement: 10 x the variance of one row's amount.
    np.testing.assert_allclose(drawn.amounts.var(axis=0), [10 * 49 * 0.09, 10 * (10_000 - 1600)], rtol=0.04)


def test_equal_amounts_in_a_cell_share_a_category():
    source = rows([1, 1], [3, 3], deal_cells=[1, 0, 1, 1], deal_amounts=[5, 5, 5, 6])
    assert source.counts.tolist() == [1, 1, 2, 0, 1, 2, 1]
    assert source.deal_cells.tolist() == [0, 1, 1]
    assert source.deal_amounts.tolist() == [5, 5, 6]


@pytest.mark.parametrize(("negatives", "positives"), [([0], [0]), ([1.5], [1]), ([-1], [2]), ([[1]], [[1]])])
def test_rows_are_whole_counts(negatives, positives):
    with pytest.raises(CallError, match="whole counts >= 0"):
        rows(negatives, positives)


@pytest.mark.parametrize("cells", [[0, 0], [5, 1]])
def test_more_deals_than_converts_are_refused(cells):
    with pytest.raises(CallError, match="no more deals than converts"):
        rows([1, 1], [1, 1], deal_cells=cells, deal_amounts=[1, 2])


def test_no_draws_are_refused():
    with pytest.raises(CallError, match="draws: expected at least 1"):
        bootstrap(rows([1], [1]), {}, seed=1, draws=0)


@pytest.mark.parametrize("seed", range(5))
def test_percentile_equals_numpy_with_holes(seed):
    random = np.random.default_rng(seed)
    values = random.standard_normal((400, 3, 2))
    values[random.random(values.shape) < 0.05] = np.nan
    low, high = percentile(values, confidence=0.9)
    np.testing.assert_allclose(low, np.nanquantile(values, 0.05, axis=0), atol=1e-12)
    np.testing.assert_allclose(high, np.nanquantile(values, 0.95, axis=0), atol=1e-12)


def test_percentile_of_what_is_mostly_undefined_is_nan():
    values = np.ones((100, 3))
    values[:10, 0], values[:11, 1], values[:, 2] = np.nan, np.nan, np.nan
    low, high = percentile(values)
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [False, True, True]
    with pytest.raises(CallError, match="confidence"):
        percentile(values, confidence=95)
