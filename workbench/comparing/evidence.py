"""How many more leads it would take to be sure of a difference."""

from __future__ import annotations

import math

from scipy.special import ndtri

POWER = 0.8
MOST_TIMES = 100.0
"""Times the leads at hand beyond which more of them is no realistic answer."""


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
