"""Several models on the same replicates: against resampling rows, exact against its normal likeness."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.errors import CallError
from workbench.metrics.depth import at_depth
from workbench.metrics.histogram import tally
from workbench.metrics.joint import joint, replicates, top_share
from workbench.metrics.ranking import auc


def world(seed, n=300, clusters=None, k=(7, 5)):
    """Two models that share a part of what they know; accounts of several leads."""
    random = np.random.default_rng(seed)
    account = np.arange(n) if clusters is None else random.integers(0, clusters, n)
    quality = random.normal(size=max(n, clusters or 0))[account] * 0.7 + random.normal(size=n) * 0.7
    won = quality + random.normal(size=n) > 1.0
    cells = [np.clip(np.round(size / 2 + quality + random.normal(size=n)), 0, size - 1).astype(np.uint8) for size in k]
    amount = np.where(won, np.round(random.lognormal(5, 1, n)), np.nan)
    return cells, k, won, account, amount


@pytest.mark.parametrize("clusters", [None, 90])
@pytest.mark.parametrize("method", ["exact", "gaussian"])
def test_replicates_have_the_mean_and_the_covariance_of_drawing_again(clusters, method):
    cells, k, won, account, amount = world(3, clusters=clusters)
    source = joint(cells, k, won, account if clusters else None, amounts=amount, method=method)
    drawn = source.draw(6000, np.random.default_rng(1))
    flat = np.concatenate([np.concatenate([d.negatives, d.positives, d.amounts], axis=1) for d in drawn], axis=1)
    groups = account if clusters else np.arange(len(won))
    each = np.zeros((groups.max() + 1, flat.shape[1]))
    start = 0
    for cell, size in zip(cells, k, strict=True):
        np.add.at(each, (groups, start + cell + size * won), 1.0)
        np.add.at(each, (groups[won], start + 2 * size + cell[won]), amount[won])
        start += 3 * size
    each = each[np.isin(np.arange(len(each)), groups)]
    expected = len(each) * np.cov(each.T, bias=True)
    spread = np.sqrt(np.diag(expected))
    often = each.sum(axis=0) > 3 * spread  # the normal likeness is clipped at 0 where hardly anybody is
    assert often.sum() > 8
    error = np.abs(flat.mean(axis=0) - each.sum(axis=0)) / np.where(spread > 0, spread, 1)
    assert error[often].max() < 0.06
    found = np.cov(flat.T)
    scale = np.outer(spread, spread)[np.ix_(often, often)]
    assert np.max(np.abs(found - expected)[np.ix_(often, often)] / scale) < 0.09


def test_models_share_every_draw():
    cells, _, won, _, _ = world(5)
    source = joint([cells[0], cells[0]], (7, 7), won)
    one, two = source.draw(50, np.random.default_rng(2))
    assert np.array_equal(one.negatives, two.negatives)
    assert np.array_equal(one.positives, two.positives)
    assert set((one.negatives + one.positives).sum(axis=1)) == {300.0}


def test_a_paired_bootstrap_is_that_of_rows():
    cells, k, won, _, _ = world(8)

    def difference(drawn):
        return auc(drawn[1].negatives, drawn[1].positives) - auc(drawn[0].negatives, drawn[0].positives)

    ours = replicates(joint(cells, k, won), difference, seed=4, draws=4000)
    random = np.random.default_rng(9)
    by_row = []
    for _ in range(4000):
        at = random.integers(0, len(won), len(won))
        areas = [auc(*tally(cell[at], won[at], size)) for cell, size in zip(cells, k, strict=True)]
        by_row.append(areas[1] - areas[0])
    assert np.mean(ours) == pytest.approx(np.mean(by_row), abs=4 * np.std(by_row) / np.sqrt(4000))
    assert np.std(ours) == pytest.approx(np.std(by_row), rel=0.05)
    for level in (0.025, 0.975):
        assert np.quantile(ours, level) == pytest.approx(np.quantile(by_row, level), abs=0.12 * np.std(by_row))


def test_the_seed_decides_and_the_chunks_do_not(monkeypatch):
    cells, k, won, account, _ = world(8, clusters=70)
    source = joint(cells, k, won, account)
    whole = replicates(source, lambda drawn: drawn[0].positives, seed=4, draws=40)
    monkeypatch.setattr("workbench.metrics.joint.CHUNK", 3 * source.width)
    assert np.array_equal(whole, replicates(source, lambda drawn: drawn[0].positives, seed=4, draws=40))
    assert not np.array_equal(whole, replicates(source, lambda drawn: drawn[0].positives, seed=5, draws=40))


def test_many_units_are_drawn_by_their_normal_likeness():
    cells, k, won, _, _ = world(8)
    assert joint(cells, k, won).method == "exact"
    assert joint(cells, k, won, draws=10**9).method == "gaussian"


def test_what_is_worked_agrees_with_what_lies_at_that_depth():
    cells, k, won, _, _ = world(2)
    lost, hits = tally(cells[0], won, k[0])
    for depth in (0.05, 0.31, 0.8, 1.0):
        share = top_share(lost, hits, depth)
        assert share @ (lost + hits) == pytest.approx(depth * 300)
        assert share @ hits == pytest.approx(at_depth(lost, hits, [depth]).converted[0])


def test_wrong_calls_are_refused():
    with pytest.raises(CallError, match="one cell under every model"):
        joint([np.zeros(3, dtype=int)], [1], [True, False])
    with pytest.raises(CallError, match="at least one observation"):
        joint([], [], [])
    source = joint([np.zeros(2, dtype=int)], [1], [True, False])
    with pytest.raises(CallError, match="at least 1"):
        replicates(source, lambda drawn: drawn[0].positives, seed=1, draws=0)
