from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import CallError
from workbench.metrics.depth import at_count, at_depth
from workbench.metrics.histogram import tally

from .samples import histograms, leads


def test_by_hand_with_a_tie_on_the_boundary():
    # Scores 3: 1 convert of 1; 2: 2 converts of 4; 1: 1 convert of 5. Top 30 % = 3 leads = all of 3 and half of 2.
    top = at_depth([4, 2, 0], [1, 2, 1], [0.3, 0.5, 1.0])
    np.testing.assert_allclose(top.n, [3, 5, 10])
    np.testing.assert_allclose(top.converted, [2, 3, 4])
    np.testing.assert_allclose(top.rate, [2 / 3, 3 / 5, 0.4])
    np.testing.assert_allclose(top.lift, [5 / 3, 1.5, 1.0])
    np.testing.assert_allclose(top.captured, [0.5, 0.75, 1.0])


@pytest.mark.parametrize("seed", range(5))
def test_shuffled_rows_have_the_same_lift_to_the_last_bit(seed):
    sample = leads(seed)
    order = np.random.default_rng(seed).permutation(len(sample.cells))
    before = at_depth(*tally(sample.cells, sample.outcomes, sample.k), np.arange(0, 11) / 10)
    after = at_depth(*tally(sample.cells[order], sample.outcomes[order], sample.k), np.arange(0, 11) / 10)
    np.testing.assert_array_equal(before.lift, after.lift)


@pytest.mark.parametrize("seed", range(10))
def test_sharing_is_the_mean_over_random_orders_of_the_tied(seed):
    sample = leads(seed, n=60, k=5)
    random = np.random.default_rng(seed)
    depth = 0.25
    found = []
    for _ in range(4000):
        order = np.lexsort((random.random(60), -sample.cells))
        found.append(sample.outcomes[order[:15]].sum())
    top = at_depth(sample.negatives, sample.positives, [depth])
    error = np.std(found) / np.sqrt(len(found))
    assert abs(float(top.converted[0]) - np.mean(found)) <= 5 * error + 1e-9


@given(histograms(), st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_the_whole_is_the_base_and_depth_only_adds(pairs, depths):
    negatives, positives = zip(*pairs, strict=True)
    top = at_depth(negatives, positives, [0.0, *sorted(depths), 1.0])
    assert np.all(np.diff(top.converted) >= -1e-9)
    assert top.converted[0] == pytest.approx(0, abs=1e-12)
    assert top.captured[-1] == top.lift[-1] == 1
    assert np.isnan(top.rate[0])
    assert np.isnan(top.lift[0])
    assert np.all(top.converted <= top.n + 1e-9)


@given(histograms(), st.floats(0.01, 1))
def test_doubling_every_lead_changes_no_rate(pairs, depth):
    negatives, positives = (np.array(side) for side in zip(*pairs, strict=True))
    once, twice = at_depth(negatives, positives, [depth]), at_depth(2 * negatives, 2 * positives, [depth])
    np.testing.assert_allclose(once.lift, twice.lift, atol=1e-9)


def test_replicates_are_judged_each_for_itself():
    samples = [leads(seed, n=50 + seed) for seed in range(4)]
    together = at_depth([s.negatives for s in samples], [s.positives for s in samples], [0.5, 0.1, 0.0])
    assert together.lift.shape == (4, 3)
    for row, sample in enumerate(samples):
        alone = at_depth(sample.negatives, sample.positives, [0.5, 0.1, 0.0])
        np.testing.assert_array_equal(together.lift[row], alone.lift)
        np.testing.assert_array_equal(together.captured[row], alone.captured)


def test_a_count_is_a_depth_in_leads():
    sample = leads(3, n=200)
    by_count = at_count(sample.negatives, sample.positives, [20, 100])
    by_share = at_depth(sample.negatives, sample.positives, [0.1, 0.5])
    np.testing.assert_allclose(by_count.converted, by_share.converted, rtol=1e-12)
    assert at_count(sample.negatives, sample.positives, [999]).n[0] == 200


def test_nobody_and_no_converts_are_nan():
    assert np.isnan(at_depth([0, 0], [0, 0], [0.5]).rate[0])
    lost = at_depth([2, 2], [0, 0], [0.5])
    assert lost.rate[0] == 0
    assert np.isnan(lost.lift[0])
    assert np.isnan(lost.captured[0])


@pytest.mark.parametrize("depths", [[1.5], [-0.1], [np.nan], 0.5])
def test_depths_outside_the_list_are_refused(depths):
    with pytest.raises(CallError, match="shares between 0 and 1"):
        at_depth([1], [1], depths)


def test_negative_counts_are_refused():
    with pytest.raises(CallError, match="none negative"):
        at_count([1], [1], [-1])
