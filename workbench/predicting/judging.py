"""Ranks among distinct values, and a mean of differences by cluster: what two predictions are judged by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workbench.metrics.histogram import compact
from workbench.metrics.intervals import normal_quantile
from workbench.metrics.paired import Difference

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def ranks(values: Floats) -> tuple[Integers, int]:
    """(n,) the rank of each value among the distinct ones, from 0, and how many there are."""
    known, at = np.unique(np.round(values, 12), return_inverse=True)
    return at.astype(np.int64), len(known)


def mean_difference(differences: Floats, cluster: Integers, *, confidence: float = 0.95) -> Difference:
    """The mean with its normal interval, differences summed by cluster: K / (K - 1) sum (s_c - m_c mean)^2 / n^2."""
    known, place = compact(cluster)
    n, k = len(differences), len(known)
    if k < 2:
        return Difference(float(np.mean(differences)) if n else float("nan"), float("nan"), float("nan"), float("nan"))
    mean = float(np.mean(differences))
    sums = np.bincount(place, weights=differences - mean, minlength=k)
    error = float(np.sqrt(k / (k - 1) * np.sum(sums**2)) / n)
    wide = float(normal_quantile(confidence)) * error
    return Difference(mean, mean - wide, mean + wide, error)
