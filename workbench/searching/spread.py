"""Sums by score, for one value of a number of points or for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.metrics.histogram import compact

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """Sums by score.

    Attributes:
        scores: (S,) thousandths, ascending and different.
        sums: (channels, V, S), or (channels, 1, S) where all values have the same.
    """

    scores: Integers
    sums: Floats


def counted(scores: Integers, weights: Floats) -> Spread:
    """The sums of cells by their score.

    Args:
        scores: (cells,) thousandths, in any order.
        weights: (channels, cells).
    """
    if not len(scores):
        return Spread(scores, np.zeros((len(weights), 1, 0)))
    low = int(scores.min())
    known, place = compact(scores - low)
    sums = np.stack([np.bincount(place, weights=each, minlength=len(known)) for each in weights])
    return Spread(known + low, sums.astype(np.float64, copy=False)[:, None, :])


def gathered(scores: Integers, sums: Floats) -> Spread:
    """The sums of columns by their score, (channels, V, columns); scores in any order, some perhaps the same."""
    filled = np.flatnonzero(sums[:2].any(axis=(0, 1)))
    scores = scores[filled]
    if len(scores) and not bool(np.all(scores[1:] >= scores[:-1])):
        order = np.argsort(scores, kind="stable")
        filled, scores = filled[order], scores[order]
    if not len(scores):
        return Spread(scores, np.zeros((*sums.shape[:2], 0)))
    starts = np.flatnonzero(np.concatenate([[True], scores[1:] != scores[:-1]]))
    return Spread(scores[starts], np.add.reduceat(sums[:, :, filled], starts, axis=2))


def together(spreads: Sequence[Spread], size: int) -> Spread:
    """The sum of several, each for `size` values or for all the same."""
    scores = np.unique(np.concatenate([each.scores for each in spreads]))
    total = np.zeros((len(spreads[0].sums), size, len(scores)))
    for each in spreads:
        if len(each.scores):
            at = np.searchsorted(scores, each.scores)
            dense = int(at[-1]) - int(at[0]) + 1 == len(at)
            total[:, :, slice(int(at[0]), int(at[-1]) + 1) if dense else at] += each.sums
    return Spread(scores, total)


def rows(spreads: Sequence[Spread]) -> Spread:
    """One after another, each for one value."""
    scores = np.unique(np.concatenate([each.scores for each in spreads]))
    total = np.zeros((len(spreads[0].sums), len(spreads), len(scores)))
    for row, each in enumerate(spreads):
        total[:, row, np.searchsorted(scores, each.scores)] = each.sums[:, 0]
    return Spread(scores, total)
