"""The form every metric works on: counts of observations by distinct score and outcome.

`negatives` and `positives` have shape (..., k): how many observations that did not convert, and that did, hold each of
k distinct scores in ascending order. Leading axes, where there are any, are bootstrap replicates. Counts are integers
or floats >= 0 (weights of a smooth bootstrap). Equal scores share one cell, so ties are never broken by row order.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.errors import CallError

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Booleans: TypeAlias = NDArray[np.bool_]


def histogram(negatives: ArrayLike, positives: ArrayLike) -> tuple[Floats, Floats]:
    """Both classes as float arrays of one shape (..., k), k >= 1. Counts up to 2**53 stay exact.

    Raises:
        CallError: when the shapes differ or there is no cell.

    >>> histogram([2, 1], [0, 3])
    (array([2., 1.]), array([0., 3.]))
    """
    lost = np.asarray(negatives, dtype=np.float64)
    won = np.asarray(positives, dtype=np.float64)
    if lost.shape != won.shape or lost.ndim == 0 or lost.shape[-1] == 0:
        raise CallError.at(
            "negatives, positives",
            expected="two arrays of one shape (..., k) with k >= 1",
            found=f"shapes {lost.shape} and {won.shape}",
            remedy="Count both outcomes over the same ascending scores.",
        )
    return lost, won


def tally(cells: ArrayLike, outcomes: ArrayLike, k: int) -> tuple[Integers, Integers]:
    """Count observations into (negatives, positives), each of shape (k,).

    Args:
        cells: (n,) integers in 0..k-1, the rank of each observation's score among the distinct scores.
        outcomes: (n,) booleans, true where the observation converted.
        k: number of distinct scores.

    Raises:
        CallError: when lengths differ or a cell lies outside 0..k-1.

    >>> tally([0, 1, 1], [False, True, False], 2)
    (array([1, 1]), array([0, 1]))
    """
    at, won = observations(cells, outcomes, k)
    both = np.bincount(at + k * won, minlength=2 * k).astype(np.int64, copy=False)
    return both[:k], both[k:]


def observations(cells: ArrayLike, outcomes: ArrayLike, k: int) -> tuple[Integers, Booleans]:
    """Cells and outcomes, one per observation, checked against each other and against k.

    Raises:
        CallError: when lengths differ or a cell lies outside 0..k-1.
    """
    at = codes("cells", cells)
    won = np.asarray(outcomes, dtype=np.bool_)
    if won.shape != at.shape:
        raise CallError.at(
            "outcomes",
            expected=f"one boolean for each of {len(at)} observations",
            found=f"shape {won.shape}",
            remedy="Pass arrays of one length.",
        )
    if len(at) and int(at.max()) >= k:
        raise CallError.at(
            "cells",
            expected=f"integers in 0..{k - 1}",
            found=str(int(at.max())),
            remedy="Pass the rank of each score among the k distinct scores.",
        )
    return at, won


def codes(name: str, values: ArrayLike, *, length: int | None = None) -> Integers:
    """A one-dimensional array of integers >= 0, of the length asked for.

    Raises:
        CallError: when it is not.
    """
    array: NDArray[Any] = np.asarray(values)
    whole = array.ndim == 1 and (array.size == 0 or array.dtype.kind in "iu")
    fits = length is None or array.shape == (length,)
    if whole and fits and (array.size == 0 or int(array.min()) >= 0):
        return array.astype(np.int64, copy=False)
    raise CallError.at(
        name,
        expected="one integer >= 0 for each observation",
        found=f"{array.dtype} of shape {array.shape}" + (", some negative" if whole and fits else ""),
        remedy="Number the values from 0; what is unknown gets a number of its own.",
    )


def divided(upper: Floats, lower: Floats) -> Floats:
    """upper / lower, NaN wherever lower is 0."""
    upper, lower = np.broadcast_arrays(upper, lower)
    out = np.full(upper.shape, np.nan)
    np.divide(upper, lower, out=out, where=lower != 0)
    return out


def compact(values: Integers) -> tuple[Integers, Integers]:
    """The distinct values, ascending, and the place of each value among them (`np.unique`, faster for small values).

    >>> compact(np.array([7, 2, 7]))
    (array([2, 7]), array([1, 0, 1]))
    """
    bound = int(values.max(initial=-1)) + 1
    if bound > 8 * len(values) + 1000:
        known, place = np.unique(values, return_inverse=True)
        return known, place.astype(np.int64, copy=False)
    seen = np.zeros(bound, dtype=np.bool_)
    seen[values] = True
    return np.flatnonzero(seen), (np.cumsum(seen, dtype=np.int64) - 1)[values]


def summed(weights: ArrayLike, groups: Integers, size: int) -> Floats:
    """Sums of the weights of each group 0..size-1 (longer if a group is beyond)."""
    sums = np.bincount(groups, weights=np.asarray(weights, dtype=np.float64), minlength=size)
    return sums.astype(np.float64, copy=False)


def from_top(counts: Floats) -> Floats:
    """Running sums from the highest score down: entry i holds the cells i..k-1."""
    sums: Floats = np.cumsum(counts[..., ::-1], axis=-1)[..., ::-1]
    return sums
