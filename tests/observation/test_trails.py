"""Ages of events by observation: runs of them by hand, and against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.observation.gather import Evidence
from workbench.observation.trails import Trail


def evidence_of(rows):
    """Evidence of observations with these ages and numbers of events."""
    flat = np.array([(obs, *each) for obs, row in enumerate(rows) for each in row], dtype=np.int64).reshape(-1, 3)
    return Evidence(*flat.T)


def test_runs_by_hand():
    trail = Trail.of(evidence_of([[(0, 2), (3, 1), (40, 1)], [], [(7, 3)]]), 3)
    assert trail.starts.tolist() == [0, 3, 3, 4]
    run = trail.within(None, 7)
    assert trail.count(run).tolist() == [3, 0, 0]
    assert (trail.oldest(run).tolist(), trail.youngest(run).tolist()) == ([3, -1, -1], [0, -1, -1])
    run = trail.within(3, None)
    assert trail.count(run).tolist() == [2, 0, 3]
    assert (trail.oldest(run).tolist(), trail.youngest(run).tolist()) == ([40, -1, 7], [3, -1, 7])
    assert trail.count(trail.within(8, 2)).tolist() == [0, 0, 0]
    assert trail.count(trail.within(None, None).only(np.array([False, True, True]))).tolist() == [0, 0, 3]


def test_the_newest_are_kept_and_one_age_may_be_cut():
    trail = Trail.of(evidence_of([[(0, 2), (3, 2)], [(7, 1)]]), 2)
    found = trail.evidence(trail.within(None, None), newest=3)
    assert (found.obs.tolist(), found.age.tolist(), found.count.tolist()) == ([0, 0, 1], [0, 3, 7], [2, 1, 1])


def test_numbers_take_the_least_room_that_holds_them():
    small, far = (Trail.of(evidence_of([[(age, 1)]]), 1) for age in (32_767, 32_768))
    assert (small.age.dtype, small.starts.dtype, small.before) == (np.int16, np.int32, None)
    assert far.age.dtype == np.int32
    assert far.oldest(far.within(32_768, None)).tolist() == [32_768]
    assert small.count(small.within(None, 36_500)).tolist() == [1]


ages = st.dictionaries(st.integers(0, 30), st.integers(1, 3), max_size=6).map(lambda each: sorted(each.items()))
edges = st.none() | st.integers(0, 31)


@given(st.lists(ages, min_size=1, max_size=8), edges, edges, st.none() | st.integers(1, 4), st.randoms())
def test_against_brute_force(rows, older, window, newest, rng):
    low, high = older or 0, 99 if window is None else window
    order = np.array([rng.randrange(len(rows)) for _ in range(len(rows))])
    trail = Trail.of(evidence_of(rows), len(rows)).taken(order)
    rows = [rows[at] for at in order]
    run = trail.within(older, window)
    inside = [[age for age, n in row for _ in range(n) if low <= age < high] for row in rows]
    assert trail.count(run).tolist() == [len(row) for row in inside]
    assert trail.oldest(run).tolist() == [max(row, default=-1) for row in inside]
    assert trail.youngest(run).tolist() == [min(row, default=-1) for row in inside]
    found = trail.evidence(run, newest)
    said = np.repeat(np.column_stack([found.obs, found.age]), found.count, axis=0).tolist()
    assert said == [[at, age] for at, row in enumerate(inside) for age in row[:newest]]
    assert (found.count > 0).all()


@pytest.mark.parametrize("size", [0, 3])
def test_without_events_nothing_is_found(size):
    trail = Trail.of(evidence_of([[]] * size), size)
    run = trail.within(1, 9)
    assert trail.count(run).tolist() == [0] * size
    assert trail.oldest(run).tolist() == trail.youngest(run).tolist() == [-1] * size
    assert len(trail.evidence(run, 2).obs) == 0
