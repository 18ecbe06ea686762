from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.drawing.arrays import seen, thinned, together
from workbench.errors import CallError


@given(st.integers(0, 3000), st.integers(2, 200), st.integers(0, 9))
def test_thinned_points_are_given_ones_with_both_ends(size, most, seed):
    random = np.random.default_rng(seed)
    x = np.sort(random.uniform(0, 400, size))
    y = random.normal(size=size)
    few, their = thinned(x, y, most=most)
    assert len(few) <= min(size, most + 2)
    given_ones = dict(zip(x.tolist(), y.tolist(), strict=True))
    assert [given_ones[each] for each in few.tolist()] == their.tolist()
    if size:
        assert (few[0], few[-1]) == (x[0], x[-1])


def test_points_on_one_place_are_thinned_too():
    _, y = thinned(np.zeros(500), np.arange(500.0))
    assert y.tolist() == [0, 499]


def test_the_largest_of_what_is_finite():
    assert seen(np.array([1.0, np.nan, np.inf]), 0.5) == 1
    assert seen(np.array([np.nan])) == 0


def test_tables_are_not_flat_arrays():
    with pytest.raises(CallError, match=r"found a \(1, 2\)"):
        together(a=[[1, 2]])
