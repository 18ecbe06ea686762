from __future__ import annotations

import numpy as np
import pytest

from workbench.errors import CallError
from workbench.metrics.histogram import compact, divided, from_top, histogram, tally

from .samples import leads


def test_tally_counts_each_outcome_in_each_cell():
    sample = leads(1)
    negatives, positives = tally(sample.cells, sample.outcomes, sample.k)
    assert negatives.tolist() == sample.negatives.tolist()
    assert positives.tolist() == sample.positives.tolist()


def test_tally_of_nobody_is_all_zero():
    negatives, positives = tally(np.array([], dtype=np.int64), np.array([], dtype=bool), 3)
    assert negatives.tolist() == positives.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("cells", "outcomes", "where"),
    [
        ([0, 3], [True, False], "cells"),
        ([0, -1], [True, False], "cells"),
        ([0.5, 1.0], [True, False], "cells"),
        ([[0, 1]], [True, False], "cells"),
        ([0, 1], [True], "outcomes"),
    ],
)
def test_tally_refuses_what_it_cannot_count(cells, outcomes, where):
    with pytest.raises(CallError, match=f"^{where}: expected"):
        tally(cells, outcomes, 3)


@pytest.mark.parametrize(("negatives", "positives"), [([1, 2], [1]), ([], []), (3, 4)])
def test_histogram_refuses_shapes_that_do_not_match(negatives, positives):
    with pytest.raises(CallError, match="one shape"):
        histogram(negatives, positives)


@pytest.mark.parametrize("factor", [1, 1_000_000])
def test_compact_is_unique(factor):
    values = np.random.default_rng(1).integers(0, 50, 60) * factor
    known, place = compact(values)
    wanted, inverse = np.unique(values, return_inverse=True)
    assert known.tolist() == wanted.tolist()
    assert place.tolist() == inverse.tolist()


def test_division_by_zero_is_nan_without_a_warning():
    assert np.isnan(divided(np.array([1.0, 0.0]), np.array([0.0, 0.0]))).all()


def test_from_top_holds_each_cell_and_those_above():
    assert from_top(np.array([[1.0, 2.0, 4.0], [0.0, 0.0, 1.0]])).tolist() == [[7, 6, 4], [1, 1, 1]]
