"""Wrong against right: the same ratios as those of single traits, for any clusters, in one pass."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.backtesting.contrast import Sides, strongest_first
from workbench.metrics.clustering import clustered_rate_ratio
from workbench.metrics.intervals import rate_ratio

SIZE = 3
ROW = st.tuples(st.booleans(), st.integers(-1, SIZE - 1), st.integers(0, 6))


def columns(rows):
    wrong, traits, clusters = (np.array(column) for column in zip(*rows, strict=True))
    return wrong.astype(bool), traits.astype(np.int64), clusters.astype(np.int64)


@given(st.lists(ROW, min_size=1, max_size=60))
@settings(max_examples=200, deadline=None)
def test_each_trait_has_the_ratio_that_it_has_alone(rows):
    wrong, traits, clusters = columns(rows)
    for codes in (None, clusters, clusters * 1000):  # numbers may be missing: then few clusters are looked up
        found = Sides(wrong, codes).contrast(traits, SIZE)
        for trait in range(SIZE):
            hits = traits == trait
            counts = ((hits & wrong).sum(), wrong.sum(), (hits & ~wrong).sum(), (~wrong).sum())
            assert (found.hit_wrong[trait], found.n_wrong, found.hit_right[trait], found.n_right) == counts
            alone = rate_ratio(*counts) if codes is None else clustered_rate_ratio(hits, wrong, codes)
            known = wrong.any() and not wrong.all() and hits.any()
            expected = [float(each) for each in alone] if known else [np.nan] * 3
            told = [float(each[trait]) for each in found.ratio]
            assert told == pytest.approx(expected, rel=1e-9, nan_ok=True)


def test_by_hand():
    found = Sides(np.array([True] * 10 + [False] * 20), None).contrast(np.array([0] * 5 + [-1] * 20 + [0] * 5), 1)
    told = found.columns()
    assert (told["n_wrong"], told["n_right"], told["hit_wrong"][0], told["hit_right"][0]) == (10, 20, 5, 5)
    assert (told["rate_wrong"][0], told["rate_right"][0], told["ratio"][0]) == (0.5, 0.25, pytest.approx(2.0))
    assert told["enough"].tolist() == [True]


@pytest.mark.parametrize(
    ("n_wrong", "n_right", "hits", "enough"),
    [(9, 50, 9, False), (10, 9, 9, False), (10, 10, 4, False), (10, 10, 5, True)],
)
def test_few_say_nothing(n_wrong, n_right, hits, enough):
    wrong = np.arange(n_wrong + n_right) < n_wrong
    traits = np.where(np.arange(n_wrong + n_right) < hits, 0, -1)
    assert Sides(wrong, None).contrast(traits, 1).columns()["enough"].tolist() == [enough]


def test_an_empty_side_has_no_rate():
    told = Sides(np.zeros(4, dtype=bool), np.array([0, 0, 1, 1])).contrast(np.array([0, 0, -1, -1]), 1).columns()
    assert np.isnan([told["rate_wrong"], told["ratio"][0], told["ratio_low"][0]]).all()
    assert told["rate_right"][0] == 0.5


def test_clusters_that_are_alike_widen_the_interval():
    rng = np.random.default_rng(5)
    wrong, hits = rng.random(400) < 0.4, np.where(rng.random(400) < 0.3, 0, -1)
    single = Sides(wrong, np.arange(400)).contrast(hits, 1).ratio
    doubled = Sides(np.tile(wrong, 2), np.tile(np.arange(400), 2)).contrast(np.tile(hits, 2), 1).ratio
    loose = Sides(np.tile(wrong, 2), None).contrast(np.tile(hits, 2), 1).ratio
    assert [float(each[0]) for each in doubled] == pytest.approx([float(each[0]) for each in single])
    assert loose.high[0] < doubled.high[0]


def test_the_strongest_difference_comes_first_and_the_unknown_last():
    columns = {
        "ratio": [1.1, np.nan, 4.0, 0.2],
        "ratio_low": [0.9, np.nan, 2.0, 0.1],
        "ratio_high": [1.3, np.nan, 8.0, 0.4],
    }
    assert strongest_first(columns).tolist() == [3, 2, 0, 1]


@pytest.mark.parametrize(("clusters", "enough"), [(9, False), (10, True)])
def test_a_few_clusters_are_not_enough_however_many_leads_they_hold(clusters, enough):
    sides = Sides(np.arange(200) < 60, np.arange(200) % clusters)
    found = sides.contrast((np.arange(200) % 2).astype(np.int64), 2).columns()["enough"]
    assert np.asarray(found).tolist() == [enough, enough]
