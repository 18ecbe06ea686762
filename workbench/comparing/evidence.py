"""How sure a difference is, and how many more leads it would take to be sure."""

from __future__ import annotations

import math

from scipy.special import ndtri, stdtr, stdtrit

from workbench.metrics.paired import Difference

POWER = 0.8
MOST_TIMES = 100.0
"""Times the leads at hand beyond which more of them is no realistic answer."""


def p_value(change: Difference, *, confidence: float = 0.95) -> float:
    """The two-sided p-value that belongs to an interval of `workbench.metrics.paired`; NaN where there is none.

    The end towards 0, `near` from the difference d, solves near^2 = t^2 (v + e near / d) with v the variance found and
    e what it would be more without a difference. So e = d (near^2 / t^2 - v) / near, and p is Student's for
    |d| / sqrt(v + e): the interval excludes 0 just where p < 1 - confidence.

    Args:
        change: a difference with its interval.
        confidence: of that interval.
    """
    if change.value == 0.0:
        return 1.0
    if math.isnan(change.value) or math.isnan(change.low) or math.isnan(change.error):
        return float("nan")
    freedom = max(change.carriers - 1.0, 1.0)
    quantile = float(stdtrit(freedom, 0.5 + confidence / 2))
    size = abs(change.value)
    near = change.value - change.low if change.value > 0 else change.high - change.value
    if near <= 0:
        return 0.0
    extra = max(size * ((near / quantile) ** 2 - change.error**2) / near, 0.0)
    total = math.sqrt(change.error**2 + extra)
    return float(2 * stdtr(freedom, -size / total)) if total > 0 else 0.0


def leads_needed(n: int, change: float, error: float, *, confidence: float = 0.95, power: float = POWER) -> float:
    """How many more leads it would take to tell a difference of this size from none, if it is as large as found.

    The standard error shrinks as 1 / sqrt(n), so n ((z + z_power) error / change)^2 leads have the power; those at
    hand are taken off (J. Cohen, "Statistical Power Analysis for the Behavioral Sciences", 2nd ed., 1988, for a normal
    statistic). 0 where they suffice; infinity where more than `MOST_TIMES` as many would be needed, or nothing differs:
    no realistic number would do. NaN where the error is unknown.

    Args:
        n: leads at hand.
        change: the difference found.
        error: its standard error.
        confidence: two-sided, of the test.
        power: the chance of telling it.

    >>> leads_needed(1000, 0.01, 0.01)
    6849.0
    """
    if math.isnan(change) or math.isnan(error):
        return float("nan")
    if change == 0.0:
        return float("inf")
    times = ((float(ndtri(0.5 + confidence / 2)) + float(ndtri(power))) * error / abs(change)) ** 2
    if times > MOST_TIMES:
        return float("inf")
    return float(max(math.ceil(times * n) - n, 0))
