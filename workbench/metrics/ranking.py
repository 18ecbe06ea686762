"""How well scores rank and predict outcomes: one number for the whole histogram.

Every function but `ranks` takes `negatives` and `positives` of shape (..., k) in ascending score (see `histogram`) and
answers with shape (...). Undefined is NaN, never a warning.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from workbench.metrics.histogram import Floats, divided, from_top, histogram
from workbench.metrics.intervals import normal_quantile


def auc(negatives: ArrayLike, positives: ArrayLike) -> Floats:
    """Area under the ROC curve, 0..1: the chance that a convert outscores a non-convert, ties counting one half.

    sum_j p_j (N_below_j + n_j / 2) / (P N), the Mann-Whitney statistic over its maximum. NaN when a class is empty.

    >>> float(auc([2, 1], [0, 1]))
    0.8333333333333334
    """
    lost, won = histogram(negatives, positives)
    beaten = np.cumsum(lost, axis=-1) - lost / 2
    return divided(np.sum(won * beaten, axis=-1), lost.sum(axis=-1) * won.sum(axis=-1))


def ranks(negatives: ArrayLike, positives: ArrayLike) -> bool:
    """Whether the order is better than chance: whether shuffled outcomes would seldom (1 in 40) reach such an AUC.

    The deviation of the AUC under shuffling is sqrt((N + 1 - sum_j (t_j^3 - t_j) / (N (N - 1))) / (12 P M)) for P
    converts and M others among N, t_j of them tied at score j (H. B. Mann and D. R. Whitney, Annals of Mathematical
    Statistics 18 (1947) 50-60, with the usual correction for ties). False when a class is empty. A guard against
    claims, not an interval: clusters do not enter, since shuffling breaks them up.

    Args:
        negatives: counts by ascending score, (k,).
        positives: counts by ascending score, (k,).

    >>> ranks([90, 10], [10, 90]), ranks([50, 50], [45, 55])
    (True, False)
    """
    lost, won = histogram(negatives, positives)
    tied = lost + won
    n, pairs = float(tied.sum()), float(lost.sum() * won.sum())
    if not pairs:
        return False
    spread = (n + 1 - float(np.sum(tied**3 - tied)) / (n * (n - 1))) / (12 * pairs)
    return bool(auc(lost, won) - 0.5 > normal_quantile(0.95) * np.sqrt(max(spread, 0.0)))


def average_precision(negatives: ArrayLike, positives: ArrayLike) -> Floats:
    """Average precision, 0..1: precision at every threshold, weighted by the recall gained there.

    sum_i (R_i - R_(i-1)) P_i over descending thresholds, without interpolation, as scikit-learn defines it.
    NaN without positives (scikit-learn says 0 there).

    >>> float(average_precision([1, 1], [0, 1]))
    0.5
    """
    lost, won = histogram(negatives, positives)
    hits = from_top(won)
    precision = np.nan_to_num(divided(hits, hits + from_top(lost)))
    return divided(np.sum(won * precision, axis=-1), won.sum(axis=-1))


def ks(negatives: ArrayLike, positives: ArrayLike) -> Floats:
    """Kolmogorov-Smirnov distance, 0..1: max |F1 - F0| between the two score distributions (two-sided).

    NaN when a class is empty.

    >>> float(ks([3, 1], [1, 3]))
    0.5
    """
    lost, won = histogram(negatives, positives)
    below_lost = divided(np.cumsum(lost, axis=-1), lost.sum(axis=-1, keepdims=True))
    below_won = divided(np.cumsum(won, axis=-1), won.sum(axis=-1, keepdims=True))
    apart: Floats = np.abs(below_won - below_lost).max(axis=-1)
    return apart


def brier(negatives: ArrayLike, positives: ArrayLike, predicted: ArrayLike) -> Floats:
    """Brier score, 0..1, lower is better: the mean of (p - y)**2.

    Args:
        negatives: counts, shape (..., k).
        positives: counts, shape (..., k).
        predicted: the probability each cell stands for, shape (k,) or (..., k). What an empty cell predicts is ignored;
            NaN in a filled cell makes the score NaN.

    >>> float(brier([1, 1], [0, 2], [0.0, 0.5]))
    0.1875
    """
    lost, won = histogram(negatives, positives)
    p = np.where(lost + won > 0, np.asarray(predicted, dtype=np.float64), 0.0)
    squared = np.sum(won * (1 - p) ** 2 + lost * p**2, axis=-1)
    return divided(squared, (lost + won).sum(axis=-1))
