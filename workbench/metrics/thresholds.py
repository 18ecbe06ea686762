"""What happens at each cut-off: the confusion counts, and the money they mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from workbench.errors import CallError
from workbench.metrics.histogram import Floats, Integers, codes, divided, from_top, histogram


@dataclass(frozen=True)
class Confusion:
    """Counts at t thresholds, each of shape (..., t): flagged means the score is at or above the threshold.

    Attributes:
        tp: flagged and converted.
        fp: flagged, did not convert.
        fn: not flagged, converted.
        tn: not flagged, did not convert.
        starts: (t,) the lowest flagged cell; k flags nobody.
    """

    tp: Floats
    fp: Floats
    fn: Floats
    tn: Floats
    starts: Integers

    @property
    def flagged(self) -> Floats:
        """Leads at or above the threshold."""
        return self.tp + self.fp

    @property
    def share(self) -> Floats:
        """Flagged leads over all leads, 0..1."""
        return divided(self.flagged, self.flagged + self.fn + self.tn)

    @property
    def precision(self) -> Floats:
        """Converts among the flagged, 0..1; NaN where nobody is flagged."""
        return divided(self.tp, self.flagged)

    @property
    def recall(self) -> Floats:
        """Flagged among the converts, 0..1; NaN where nobody converted."""
        return divided(self.tp, self.tp + self.fn)

    @property
    def lift(self) -> Floats:
        """Precision over the rate of all; NaN where nobody is flagged or nobody converted."""
        base = divided(self.tp + self.fn, self.flagged + self.fn + self.tn)
        return divided(self.precision, base)


def confusion(negatives: ArrayLike, positives: ArrayLike, starts: ArrayLike | None = None) -> Confusion:
    """Counts for "flag if the score is at or above this cell's", thresholds in ASCENDING order.

    Args:
        negatives: counts by ascending score, (..., k).
        positives: counts by ascending score, (..., k).
        starts: (t,) lowest flagged cells in 0..k, where k flags nobody; by default each of the k cells. For thresholds
            that are not themselves scores pass `np.searchsorted(scores, thresholds)`.

    Raises:
        CallError: when a start lies outside 0..k.

    >>> confusion([3, 1], [1, 3]).tp, confusion([3, 1], [1, 3]).fp
    (array([4., 3.]), array([4., 1.]))
    """
    lost, won = histogram(negatives, positives)
    at = _starts(starts, lost.shape[-1])
    tp, fp = _above(won, at), _above(lost, at)
    return Confusion(
        tp=tp,
        fp=fp,
        fn=np.maximum(won.sum(axis=-1, keepdims=True) - tp, 0.0),
        tn=np.maximum(lost.sum(axis=-1, keepdims=True) - fp, 0.0),
        starts=at,
    )


def net_value(
    counts: Confusion,
    *,
    contact_cost: float,
    win: float | None = None,
    amounts: ArrayLike | None = None,
) -> Floats:
    """Money earned less money spent at each threshold, in the currency of its arguments, shape (..., t).

    `tp * win - flagged * contact_cost`, or with `amounts` (the sum of the deals of each cell's converts, by ascending
    score, (k,) or (..., k)) the recorded sum above the threshold in place of `tp * win`.

    Raises:
        CallError: unless exactly one of `win` and `amounts` is given.

    >>> net_value(confusion([3, 1], [1, 3]), win=10, contact_cost=2)
    array([24., 22.])
    """
    spent = counts.flagged * contact_cost
    if win is not None and amounts is None:
        return counts.tp * win - spent
    if amounts is not None and win is None:
        return _above(np.asarray(amounts, dtype=np.float64), counts.starts) - spent
    raise CallError.at(
        "win, amounts",
        expected="exactly one of the two",
        found="both" if win is not None else "neither",
        remedy="Pass the worth of a win, or the recorded amounts by score.",
    )


def _starts(starts: ArrayLike | None, k: int) -> Integers:
    if starts is None:
        return np.arange(k, dtype=np.int64)
    at = codes("starts", starts)
    if len(at) and int(at.max()) > k:
        raise CallError.at(
            "starts",
            expected=f"cells in 0..{k}",
            found=str(int(at.max())),
            remedy="Pass np.searchsorted(scores, thresholds).",
        )
    return at


def _above(counts: Floats, starts: Integers) -> Floats:
    """Sums of the cells from each start up; 0 for the start k."""
    nobody = np.zeros((*counts.shape[:-1], 1))
    sums: Floats = np.concatenate([from_top(counts), nobody], axis=-1)[..., starts]
    return sums
