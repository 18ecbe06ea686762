"""The probability behind an interval: how often a difference at least as large is found where there is none."""

from __future__ import annotations

import math

from scipy.special import stdtr, stdtrit

from workbench.metrics.paired import Difference


def p_value(change: Difference, *, confidence: float = 0.95) -> float:
    """The two-sided p-value that belongs to an interval of `workbench.metrics.paired`; NaN where there is none.

    The end towards 0, `near` from the difference d, solves near^2 = t^2 (v + e min(near / d, 1)) with v the variance
    found and e what it would be more without a difference. So e = (near^2 / t^2 - v) / min(near / d, 1), and p is
    Student's for |d| / sqrt(v + e): the interval excludes 0 just where p < 1 - confidence.

    Args:
        change: a difference with its interval.
        confidence: of that interval.

    Returns:
        0..1; 1 where there is no difference.
    """
    if change.value == 0.0:
        return 1.0
    if math.isnan(change.value) or math.isnan(change.low) or math.isnan(change.error):
        return float("nan")
    quantile = float(stdtrit(change.freedom, 0.5 + confidence / 2))
    size = abs(change.value)
    near = change.value - change.low if change.value > 0 else change.high - change.value
    if near <= 0:
        return 0.0
    extra = max(((near / quantile) ** 2 - change.error**2) / min(near / size, 1.0), 0.0)
    total = math.sqrt(change.error**2 + extra)
    return float(2 * stdtr(change.freedom, -size / total)) if total > 0 else 0.0
