"""The variance of an AUC in closed form: DeLong's for independent observations, Obuchowski's for clustered ones.

E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson, "Comparing the areas under two or more correlated receiver operating
characteristic curves", Biometrics 44 (1988) 837-845. N. A. Obuchowski, "Nonparametric analysis of clustered ROC curve
data", Biometrics 53 (1997) 567-578. Both rest on placements, which are one number per distinct score and class, so the
cost of the first is in the number of scores and not of leads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit

from workbench.metrics.histogram import (
    Booleans,
    Floats,
    Integers,
    codes,
    divided,
    from_top,
    histogram,
    observations,
    summed,
    tally,
)
from workbench.metrics.intervals import Interval, normal_quantile


@dataclass(frozen=True)
class Area:
    """An AUC and its sampling variance, each of shape (...).

    Attributes:
        auc: area under the ROC curve, 0..1; NaN when a class is empty.
        variance: of that estimate; NaN when a class has fewer than two members (or fewer than two clusters).
    """

    auc: Floats
    variance: Floats

    def interval(self, confidence: float = 0.95) -> Interval:
        """Confidence interval on the logit scale: logit(A) +- z se / (A (1 - A)), mapped back into 0..1.

        The plain A +- z se covers too seldom where the AUC is high and converts are few: with 20 converts, 200
        others and a true AUC of 0.93 it held the truth in 87 % of 4,000 simulated samples, this one in 92 % (at 0.70:
        93 % and 95 %; with 200 and 2,000 at 0.80 both 95 %).
        NaN where the AUC is 0 or 1: a perfect sample does not tell how far from perfect the scores are.
        """
        inside = (self.auc > 0) & (self.auc < 1)
        area = np.where(inside, self.auc, np.nan)
        centre = logit(area)
        half = normal_quantile(confidence) * np.sqrt(self.variance) / (area * (1 - area))
        return Interval(expit(centre - half), expit(centre + half))


def delong(negatives: ArrayLike, positives: ArrayLike) -> Area:
    """AUC with DeLong's variance, exactly, from counts by ascending score of shape (..., k).

    S10 / P + S01 / N, with S10 the sample variance over converts of the share of non-converts below them (ties one
    half), S01 that over non-converts of the share of converts above them.

    >>> area = delong([2, 1, 1], [1, 1, 2])
    >>> round(float(area.auc), 5), round(float(area.variance), 5)
    (0.65625, 0.04362)
    """
    lost, won = histogram(negatives, positives)
    n, p = lost.sum(axis=-1), won.sum(axis=-1)
    of_won, of_lost = _placements(lost, won)
    area = divided(np.sum(won * np.nan_to_num(of_won), axis=-1), np.where(n > 0, p, 0.0))
    s10 = np.sum(won * (of_won - area[..., None]) ** 2, axis=-1)
    s01 = np.sum(lost * (of_lost - area[..., None]) ** 2, axis=-1)
    variance = divided(s10, p * np.maximum(p - 1, 0)) + divided(s01, n * np.maximum(n - 1, 0))
    return Area(auc=area, variance=variance)


def clustered_delong(cells: ArrayLike, outcomes: ArrayLike, clusters: ArrayLike, k: int) -> Area:
    """AUC with Obuchowski's variance for observations that come in clusters (leads of one account, months of one lead).

    S10 / P + S01 / N + 2 S11 / (P N) over the clusters' summed placements. When every cluster holds one observation
    S11 is 0 and the result equals `delong`, up to rounding.

    Args:
        cells: (n,) rank of each observation's score among the k distinct scores, ascending.
        outcomes: (n,) booleans, true where it converted.
        clusters: (n,) cluster of each observation, integers >= 0; numbers may be missing. An observation that belongs
            to nobody needs a number of its own.
        k: number of distinct scores.

    Raises:
        CallError: when lengths differ or a number is out of range.

    >>> area = clustered_delong([0, 0, 1, 2, 0, 1, 2, 2], [0, 0, 0, 0, 1, 1, 1, 1], range(8), 3)
    >>> round(float(area.auc), 5), round(float(area.variance), 5)
    (0.65625, 0.04362)
    """
    at, won = observations(cells, outcomes, k)
    group = codes("clusters", clusters, length=len(at))
    lost_by_cell, won_by_cell = tally(at, won, k)
    n, p = int(lost_by_cell.sum()), int(won_by_cell.sum())
    if n == 0 or p == 0:
        return Area(auc=np.asarray(np.nan), variance=np.asarray(np.nan))
    of_won, of_lost = _placements(lost_by_cell.astype(np.float64), won_by_cell.astype(np.float64))
    area = float(np.sum(won_by_cell * of_won)) / p
    ten, tens = _by_cluster(of_won[at] - area, won, group)
    one, ones = _by_cluster(of_lost[at] - area, ~won, group)
    if tens < 2 or ones < 2:
        return Area(auc=np.asarray(area), variance=np.asarray(np.nan))
    every = int(np.count_nonzero(np.bincount(group)))
    variance = (
        tens / (tens - 1) * float(ten @ ten) / p**2
        + ones / (ones - 1) * float(one @ one) / n**2
        + 2 * every / (every - 1) * float(ten @ one) / (p * n)
    )
    return Area(auc=np.asarray(area), variance=np.asarray(variance))


def _placements(lost: Floats, won: Floats) -> tuple[Floats, Floats]:
    """By cell: the share of non-converts that a convert there beats, and of converts that a non-convert loses to."""
    beats = divided(np.cumsum(lost, axis=-1) - lost / 2, lost.sum(axis=-1, keepdims=True))
    beaten = divided(from_top(won) - won / 2, won.sum(axis=-1, keepdims=True))
    return beats, beaten


def _by_cluster(centred: Floats, chosen: Booleans, group: Integers) -> tuple[Floats, int]:
    """Sums over the chosen observations of each cluster, and how many clusters have any."""
    size = int(group.max()) + 1
    sums = summed(centred[chosen], group[chosen], size)
    return sums, int(np.count_nonzero(np.bincount(group[chosen], minlength=size)))
