"""What is found when the list is worked from the highest score down: rate, lift and capture by depth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from workbench.errors import CallError
from workbench.metrics.histogram import Floats, divided, from_top, histogram


@dataclass(frozen=True)
class Depth:
    """The top of the list at d depths.

    Attributes:
        n: leads in the top, (..., d); a fraction where the boundary falls inside a lead or a tied score.
        converted: converts among them, (..., d).
        of: all leads, (...).
        of_converted: all converts, (...).
    """

    n: Floats
    converted: Floats
    of: Floats
    of_converted: Floats

    @property
    def rate(self) -> Floats:
        """Conversion rate in the top, 0..1; NaN at depth 0."""
        return divided(self.converted, self.n)

    @property
    def lift(self) -> Floats:
        """Rate in the top over the rate of all (1 = no better than chance); NaN where nobody converted."""
        return divided(self.rate, divided(self.of_converted, self.of)[..., None])

    @property
    def captured(self) -> Floats:
        """Share of all converts that the top holds (gain), 0..1; NaN where nobody converted."""
        return divided(self.converted, self.of_converted[..., None])


def at_depth(negatives: ArrayLike, positives: ArrayLike, depths: ArrayLike) -> Depth:
    """The top share of the list.

    A boundary inside a tied score takes its proportional share of that score's leads: the expectation over all orders
    of the tied rows, so shuffling rows changes nothing.

    Args:
        negatives: counts by ascending score, (..., k).
        positives: counts by ascending score, (..., k).
        depths: (d,) shares of the list in 0..1, in any order.

    Raises:
        CallError: when a depth lies outside 0..1.

    >>> at_depth([3, 1], [1, 3], [0.25, 0.75]).converted
    array([1.5, 3.5])
    """
    lost, won = histogram(negatives, positives)
    share = np.asarray(depths, dtype=np.float64)
    if share.ndim != 1 or not bool(np.all((share >= 0) & (share <= 1))):
        raise CallError.at(
            "depths",
            expected="a list of shares between 0 and 1",
            found=str(share.tolist()),
            remedy="Write the top tenth as 0.1.",
        )
    return _top(lost, won, share * (lost + won).sum(axis=-1)[..., None])


def at_count(negatives: ArrayLike, positives: ArrayLike, counts: ArrayLike) -> Depth:
    """The top leads by number, as `at_depth`; a count beyond the list takes the whole list.

    Args:
        negatives: counts by ascending score, (..., k).
        positives: counts by ascending score, (..., k).
        counts: (d,) numbers of leads >= 0, such as what sales can work.

    Raises:
        CallError: when a count is negative.

    >>> at_count([3, 1], [1, 3], [2, 100]).captured
    array([0.375, 1.   ])
    """
    lost, won = histogram(negatives, positives)
    wanted = np.asarray(counts, dtype=np.float64)
    if wanted.ndim != 1 or not bool(np.all(wanted >= 0)):
        raise CallError.at(
            "counts",
            expected="a list of numbers of leads, none negative",
            found=str(wanted.tolist()),
            remedy="Pass how many leads are to be worked.",
        )
    return _top(lost, won, np.minimum(wanted, (lost + won).sum(axis=-1)[..., None]))


def _top(lost: Floats, won: Floats, wanted: Floats) -> Depth:
    """Walk down to `wanted` (..., d) leads, sharing the cell in which the walk ends."""
    k = lost.shape[-1]
    counts = (lost + won)[..., ::-1]
    reached = from_top(lost + won)[..., ::-1]
    found = from_top(won)[..., ::-1]
    cell = np.empty(wanted.shape, dtype=np.intp)
    for at in np.ndindex(wanted.shape[:-1]):
        cell[at] = np.searchsorted(reached[at], wanted[at])
    cell = np.minimum(cell, k - 1)
    count = np.take_along_axis(counts, cell, axis=-1)
    short = np.take_along_axis(reached, cell, axis=-1) - wanted
    left = np.divide(short, count, out=np.zeros_like(short), where=count > 0)
    here = np.take_along_axis(won[..., ::-1], cell, axis=-1)
    converted = np.take_along_axis(found, cell, axis=-1) - here * np.clip(left, 0.0, 1.0)
    return Depth(n=wanted, converted=converted, of=counts.sum(axis=-1), of_converted=won.sum(axis=-1))
