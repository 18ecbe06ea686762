"""Bands and figures from counts alone, by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from workbench.backtesting import Counts
from workbench.metrics.intervals import wilson
from workbench.plan import Worth
from workbench.tuning.standing import Bands, PartStanding

EDGES = np.array([0.0, 10.0, 20.0, 30.0])


def bands(scores, negatives, positives, edges=EDGES):
    return Bands.of(*(np.array(values) for values in (scores, negatives, positives)), np.array(edges))


def counts(scores, negatives, positives, *, gated=False):
    return Counts(
        np.array(scores, dtype=np.int64),
        gated,
        np.array(negatives, dtype=np.int64),
        np.array(positives, dtype=np.int64),
    )


def test_every_edge_has_its_band_whether_somebody_is_in_it_or_not():
    found = bands([0.0, 9.999, 20.0, 55.0], [20, 9, 3, 1], [1, 0, 1, 3])
    assert found.labels == ("0–9", "10–19", "20–29", "30+")
    assert found.low.tolist() == [0, 10, 20, 30]
    assert found.high.tolist() == [10, 20, 30, np.inf]
    assert found.n.tolist() == [30, 0, 4, 4]
    assert found.converted.tolist() == [1, 0, 1, 3]
    assert found.rate[[0, 2, 3]].tolist() == [1 / 30, 0.25, 0.75]
    assert found.enough.tolist() == [True, False, False, False]
    assert np.isnan([found.rate[1], *found.rate_low, *found.rate_high]).all()


def test_scores_under_the_lowest_edge_are_in_the_first_band_and_it_says_so():
    found = bands([-12.5, 3.0], [2, 1], [0, 1])
    assert (found.labels[0], found.low[0], found.n[0]) == ("below 10", -np.inf, 4)
    assert found.labels[1:] == bands([3.0], [1], [1]).labels[1:]
    alone = bands([-3.0, 4.0], [1, 1], [0, 0], [0.0])
    assert (alone.labels, alone.n.tolist()) == (("all",), [2])


def test_bands_of_nobody_are_all_there():
    found = bands([], [], [])
    assert (found.n.tolist(), found.labels) == ([0, 0, 0, 0], ("0–9", "10–19", "20–29", "30+"))
    filled = found.with_intervals(np.ones(4))
    assert np.isnan([*filled.rate_low, *filled.rate_high]).all()


def test_intervals_are_wilsons_widened_for_clusters():
    plain = bands([5.0, 15.0], [80, 30], [20, 10])
    found = plain.with_intervals(np.array([1.0, 2.5, 1.0, 1.0]))
    low, high = wilson([20, 10], [100, 40], design_effect=[1.0, 2.5])
    np.testing.assert_array_equal(found.rate_low[:2], low)
    np.testing.assert_array_equal(found.rate_high[:2], high)
    assert (found.rate_low < plain.rate).tolist() == [True, True, False, False]
    assert np.isnan(plain.rate_low).all()
    with pytest.raises(dataclasses.FrozenInstanceError, match="rate"):
        found.rate = low


def test_those_whom_a_gate_takes_out_rank_below_every_score_and_are_in_no_band():
    found = PartStanding.of("train", counts([-(10**18), 5_000, 12_500], [4, 3, 1], [1, 1, 2], gated=True), edges=EDGES)
    assert (found.n, found.converted, found.rate) == (12, 4, 1 / 3)
    assert (found.gated_negatives, found.gated_positives) == (4, 1)
    assert found.scores.tolist() == found.threshold.tolist() == [5, 12.5]
    assert found.bands.n.tolist() == [4, 3, 0, 0]
    assert found.recall.tolist() == [0.75, 0.5]
    assert found.precision.tolist() == [3 / 7, 2 / 3]
    # Pairs: the gated convert ties with 4 others; that with 5 beats 4 and ties with 3; those with 12.5 beat 7, tie 1.
    assert found.auc == (2 + 5.5 + 2 * 7.5) / 32
    assert found.captured[[0, 25, 100]].tolist() == [0, 0.5, 1]
    assert found.value.size == 0


@pytest.mark.parametrize(("win", "expected"), [(9, [3 * 9 - 14, 2 * 9 - 6]), ("amount", [150.5 - 14, 100.5 - 6])])
def test_a_win_is_worth_what_the_plan_says(win, expected):
    worth = Worth(contact_cost=2, win=win)
    amounts = np.array([50.0, 100.5])
    found = PartStanding.of("all", counts([1_000, 2_000], [3, 1], [1, 2]), edges=EDGES, worth=worth, amounts=amounts)
    assert found.value.tolist() == expected


def test_nobody_has_no_figures():
    found = PartStanding.of("all", counts([0], [0], [0]), edges=EDGES, worth=Worth(contact_cost=2, win=1))
    assert (found.n, found.scores.size, found.value.size, found.recall.size) == (0, 0, 0, 0)
    assert np.isnan([found.rate, found.auc, *found.captured, *found.lift]).all()
