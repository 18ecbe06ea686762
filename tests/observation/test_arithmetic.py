"""Caps, products with rounding, and decay tables: exact, against fractions and the oracle."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.model import Decay, Steps
from workbench.observation.arithmetic import (
    ONE_SHARE,
    ONE_WEIGHT,
    clipped,
    decay_table,
    faded,
    multiplied,
    scaled,
    share_table,
)
from workbench.oracle import decayed

HALF = Fraction(1, 2)
shares = st.integers(0, 1_000_000).map(lambda n: n / 1_000_000)
shapes = st.one_of(
    st.builds(lambda days: {"half_life": days}, st.integers(1, 60)),
    st.builds(lambda days: {"expiry": days}, st.integers(1, 200)),
    st.builds(lambda days: {"linear": days}, st.integers(1, 200)),
    st.builds(lambda lose, days: {"step": Steps(lose=lose, every=days)}, shares, st.integers(1, 60)),
    st.builds(lambda lose, days: {"geometric": Steps(lose=lose, every=days)}, shares, st.integers(1, 60)),
    st.builds(lambda a, b, age: {"table": ((0, a), (age, b))}, shares, shares, st.integers(1, 100)),
)
decays = st.builds(
    lambda shape, grace, floor, negatives: Decay(**shape, grace=grace, floor=floor, negatives=negatives),
    shapes,
    st.none() | st.integers(1, 30),
    st.just(0) | shares,
    st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(points=st.integers(-(10**9), 10**9), decay=decays, ages=st.integers(1, 200))
def test_the_table_is_the_oracles_points_at_every_age(points, decay, ages):
    assert decay_table(points, decay, ages).tolist() == [decayed(points, age, decay) for age in range(ages)]


def test_what_has_faded_stays_nothing_however_old():
    halving = Decay(half_life=7)
    table = decay_table(10_000, halving, 20_000)
    last = int(np.flatnonzero(table).max())
    assert [decayed(10_000, age, halving) for age in (last, last + 1)] == [1, 0]
    assert not table[last + 1 :].any()


def test_a_century_of_days_is_no_work():
    slow = Decay(geometric=Steps(lose=0.123456, every=1), floor=0.01)
    assert decay_table(1_000_000_000, slow, 36_500)[[0, 1, 36_499]].tolist() == [10**9, 876_544_000, 10_000_000]


def test_tables_are_shared_and_cannot_be_written():
    for table in (decay_table(10_000, Decay(half_life=7), 15), share_table(Decay(half_life=7), 15)):
        with pytest.raises(ValueError, match="read-only"):
            table[0] = 1


@pytest.mark.parametrize(
    ("cap", "kept"),
    [((None, None), [-5, 0, 5]), ((-1, None), [-1, 0, 5]), ((None, 1), [-5, 0, 1]), ((-1, 1), [-1, 0, 1])],
)
def test_a_side_that_is_left_out_is_open(cap, kept):
    assert clipped(np.array([-5, 0, 5]), cap).tolist() == kept


numbers = st.integers(-(10**13), 10**13)


@settings(max_examples=100, deadline=None)
@given(values=st.lists(numbers, min_size=1, max_size=5), factor=st.integers(0, 1_000_000_000))
def test_products_are_exact_and_halves_go_up(values, factor):
    found = scaled(np.array(values), factor, ONE_WEIGHT).tolist()
    assert found == [math.floor(Fraction(value * factor, ONE_WEIGHT) + HALF) for value in values]


@pytest.mark.parametrize(("value", "kept"), [(1, 1), (-1, 0), (3, 2), (-3, -1), (0, 0)])
def test_half_a_thousandth_goes_up(value, kept):
    assert scaled(np.array([value]), ONE_WEIGHT // 2, ONE_WEIGHT).tolist() == [kept]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(*[st.integers(-(10**12), 10**12)] * 3), min_size=1, max_size=4))
def test_a_product_of_dimensions_is_rounded_once(rows):
    rows = [(a % 2**40, b % 2**10, c % 2**10) for a, b, c in rows]
    parts = [np.array(part, dtype=np.int64) for part in zip(*rows, strict=True)]
    assert multiplied(parts).tolist() == [math.floor(Fraction(math.prod(row), 10**6) + HALF) for row in rows]


def test_idleness_fades_sums_and_nobody_who_was_never_there():
    quarter = Decay(geometric=Steps(lose=0.25, every=7))
    sums, idle = np.array([1_000_000] * 5), np.array([6, 7, 13, 14, -1])
    assert faded(sums, quarter, idle).tolist() == [1_000_000, 750_000, 750_000, 562_500, 1_000_000]
    kept = Decay(geometric=Steps(lose=0.25, every=7), negatives=False)
    assert faded(np.array([-1000, 1000]), kept, np.array([7, 7])).tolist() == [-1000, 750]
    assert share_table(quarter, 15)[[0, 7, 14, -1]].tolist() == [ONE_SHARE, 750_000_000, 562_500_000, ONE_SHARE]
