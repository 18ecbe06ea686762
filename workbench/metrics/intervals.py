"""Confidence intervals in closed form, for proportions, ratios of proportions and whatever is near normal.

All functions are vectorised and answer with an `Interval`; what is undefined is NaN, never a warning. For a rate among
clustered leads (several of one account) pass the `design_effect` of `workbench.metrics.clustering`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, ndtri

from workbench.errors import CallError
from workbench.metrics.histogram import Floats, divided


class Interval(NamedTuple):
    """Both ends of a confidence interval, arrays of one shape."""

    low: Floats
    high: Floats


class Ratio(NamedTuple):
    """A ratio of two rates and its confidence interval; NaN where a side is empty."""

    ratio: Floats
    low: Floats
    high: Floats


def normal_quantile(confidence: float) -> float:
    """The z for a two-sided confidence strictly between 0 and 1: 1.96 for 0.95.

    Raises:
        CallError: when the confidence is not between 0 and 1.

    >>> round(normal_quantile(0.95), 3)
    1.96
    """
    if not 0 < confidence < 1:
        raise CallError.at(
            "confidence",
            expected="a number between 0 and 1, both excluded",
            found=str(confidence),
            remedy="Write 95 % as 0.95.",
        )
    return float(ndtri(0.5 + confidence / 2))


def wilson(successes: ArrayLike, n: ArrayLike, *, confidence: float = 0.95, design_effect: ArrayLike = 1.0) -> Interval:
    """Wilson's score interval for a proportion, 0..1; (NaN, NaN) for n = 0.

    (p + z^2/2m +- z sqrt(p (1-p)/m + z^2/4m^2)) / (1 + z^2/m) with m = n / design_effect (E. B. Wilson, JASA 22 (1927)
    209-212; the effective size after E. L. Korn and B. I. Graubard, Survey Methodology 24 (1998) 193-201).

    Args:
        successes: counts (or weights) in 0..n.
        n: counts (or weights).
        confidence: two-sided.
        design_effect: how many times the variance exceeds that of independent leads, >= 1.

    Raises:
        CallError: when successes lie outside 0..n or the confidence outside 0..1.

    >>> [round(float(end), 4) for end in wilson(8, 10)]
    [0.4902, 0.9433]
    """
    p, size = _proportion(successes, n, design_effect)
    z = normal_quantile(confidence)
    scale = divided(np.asarray(z**2), size)
    centre = p + scale / 2
    half = np.sqrt(scale * (p * (1 - p) + scale / 4))
    low = np.asarray(np.where(p == 0, 0.0, (centre - half) / (1 + scale)), dtype=np.float64)
    high = np.asarray(np.where(p == 1, 1.0, (centre + half) / (1 + scale)), dtype=np.float64)
    return Interval(np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0))


def jeffreys(
    successes: ArrayLike, n: ArrayLike, *, confidence: float = 0.95, design_effect: ArrayLike = 1.0
) -> Interval:
    """Jeffreys' interval for a proportion, 0..1; (NaN, NaN) for n = 0.

    The equal-tailed quantiles of Beta(s + 1/2, n - s + 1/2), as statsmodels: the ends at s = 0 and s = n are not moved
    to 0 and 1 (L. D. Brown, T. T. Cai, A. DasGupta, Statistical Science 16 (2001) 101-133, discuss both).

    Arguments and errors as `wilson`.

    >>> [round(float(end), 4) for end in jeffreys(8, 10)]
    [0.4972, 0.9559]
    """
    p, size = _proportion(successes, n, design_effect)
    normal_quantile(confidence)
    hit, miss = p * size + 0.5, (1 - p) * size + 0.5
    tail = (1 - confidence) / 2
    low, high = (np.asarray(betaincinv(hit, miss, share), dtype=np.float64) for share in (tail, 1 - tail))
    return Interval(low, high)


def normal(
    estimate: ArrayLike,
    standard_error: ArrayLike,
    *,
    confidence: float = 0.95,
    lowest: float = 0.0,
    highest: float = 1.0,
) -> Interval:
    """estimate +- z standard_error, clipped to [lowest, highest].

    Raises:
        CallError: when the confidence is not between 0 and 1.

    >>> [round(float(end), 3) for end in normal(0.9, 0.1)]
    [0.704, 1.0]
    """
    middle = np.asarray(estimate, dtype=np.float64)
    half = normal_quantile(confidence) * np.asarray(standard_error, dtype=np.float64)
    return Interval(np.clip(middle - half, lowest, highest), np.clip(middle + half, lowest, highest))


def rate_ratio(
    hits: ArrayLike, n: ArrayLike, other_hits: ArrayLike, other_n: ArrayLike, *, confidence: float = 0.95
) -> Ratio:
    """(hits / n) / (other_hits / other_n) with the log delta interval, for independent leads.

    exp(log r +- z sqrt(1/a - 1/n + 1/b - 1/m)) (D. Katz et al., Biometrics 34 (1978) 469-474). Only where one of the
    four cells a, n - a, b, m - b is 0, one half is added to each of the four (to the ratio as well as to the
    interval, so that the one lies in the other). NaN where a side is empty.

    Raises:
        CallError: when hits lie outside 0..n.

    >>> [round(float(x), 3) for x in rate_ratio(30, 100, 15, 100)]
    [2.0, 1.149, 3.482]
    """
    sides = _cells(hits, n, other_hits, other_n)
    return _log_interval(*sides, confidence=confidence, inflation=np.asarray(1.0))


def _cells(
    hits: ArrayLike, n: ArrayLike, other_hits: ArrayLike, other_n: ArrayLike
) -> tuple[Floats, Floats, Floats, Floats]:
    """Hits and sizes of both sides, one half added to every cell of a table with an empty cell."""
    a, size = _counts(hits, n)
    b, other = _counts(other_hits, other_n)
    a, size, b, other = np.broadcast_arrays(a, size, b, other)
    bare = (a == 0) | (a == size) | (b == 0) | (b == other)
    empty = (size == 0) | (other == 0)
    half = np.where(bare, 0.5, 0.0)
    return (
        np.where(empty, np.nan, a + half),
        np.where(empty, np.nan, size + 2 * half),
        np.where(empty, np.nan, b + half),
        np.where(empty, np.nan, other + 2 * half),
    )


def _log_interval(a: Floats, size: Floats, b: Floats, other: Floats, *, confidence: float, inflation: Floats) -> Ratio:
    """The delta interval of log((a / size) / (b / other)), its variance times `inflation`."""
    ratio = (a / size) / (b / other)
    variance = (1 / a - 1 / size + 1 / b - 1 / other) * inflation
    factor = np.exp(normal_quantile(confidence) * np.sqrt(variance))
    return Ratio(ratio, ratio / factor, ratio * factor)


def _counts(successes: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    hits = np.asarray(successes, dtype=np.float64)
    size = np.asarray(n, dtype=np.float64)
    if bool(np.any((hits < 0) | (hits > size * (1 + 1e-9)))):
        raise CallError.at(
            "successes",
            expected="counts between 0 and n",
            found=f"{int(np.sum((hits < 0) | (hits > size)))} outside",
            remedy="Pass how many of the n converted.",
        )
    return hits, size


def _proportion(successes: ArrayLike, n: ArrayLike, design_effect: ArrayLike) -> tuple[Floats, Floats]:
    """The proportion, and the effective size (NaN for none)."""
    hits, size = _counts(successes, n)
    effective = size / np.asarray(design_effect, dtype=np.float64)
    p = np.minimum(divided(hits, size), 1.0)
    p, effective = np.broadcast_arrays(p, effective)
    return p, np.where(effective > 0, effective, np.nan)
