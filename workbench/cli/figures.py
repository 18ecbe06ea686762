"""Numbers, rates and small bars as text."""

from __future__ import annotations

import math
import sys
from typing import Final

from workbench.cli.terminal import unicode_fits

NONE: Final = "–"
_BLOCKS: Final = ("█", "▓", "░")
_PLAIN: Final = ("#", "=", "-")


def count(number: float) -> str:
    """A number of leads.

    >>> count(12345)
    '12,345'
    """
    return NONE if math.isnan(number) else f"{number:,.0f}"


def percent(rate: float) -> str:
    """A rate in 0..1.

    >>> percent(0.0936), percent(float("nan"))
    ('9.4 %', '–')
    """
    return NONE if math.isnan(rate) else f"{100 * rate:.1f} %"


def percents(low: float, high: float) -> str:
    """The ends of an interval of rates.

    >>> percents(0.0731, 0.12)
    '7.3–12.0'
    """
    return NONE if math.isnan(low) or math.isnan(high) else f"{100 * low:.1f}–{100 * high:.1f}"


def number(value: float, decimals: int = 3) -> str:
    """A plain number; a true minus sign, thousands set apart.

    >>> number(-1234.5, 1)
    '−1,234.5'
    """
    return NONE if math.isnan(value) else f"{value:,.{decimals}f}".replace("-", "−")


def span(low: float, high: float, decimals: int = 3) -> str:
    """The ends of an interval."""
    if math.isnan(low) or math.isnan(high):
        return NONE
    joint = " to " if low < 0 else "–"
    return f"{number(low, decimals)}{joint}{number(high, decimals)}"


def points(score: float) -> str:
    """A score as it is written in a model file.

    >>> points(40.0), points(-7.5)
    ('40', '−7.5')
    """
    return NONE if math.isnan(score) else f"{score:g}".replace("-", "−")


def bar(rate: float, low: float, high: float, *, full: float, cells: int) -> str:
    """A bar with its interval: solid to the low end, shaded to the rate, light to the high end.

    Args:
        rate, low, high: the value and its interval, in the unit of `full`; without an interval the bar is solid.
        full: what the whole width stands for.
        cells: the width.
    """
    if math.isnan(rate) or full <= 0:
        return ""
    ends = [round(cells * min(max(end, 0.0), full) / full) for end in _ends(rate, low, high)]
    signs = _BLOCKS if unicode_fits(sys.stdout) else _PLAIN
    return signs[0] * ends[0] + signs[1] * (ends[1] - ends[0]) + signs[2] * (ends[2] - ends[1])


def legend() -> str:
    """What the shades of a bar mean."""
    solid, shaded, light = _BLOCKS if unicode_fits(sys.stdout) else _PLAIN
    return f"{solid} to the low end of the 95 % interval, {shaded} to the rate, {light} to the high end"


def _ends(rate: float, low: float, high: float) -> tuple[float, float, float]:
    if math.isnan(low) or math.isnan(high):
        return rate, rate, rate
    return min(low, rate), rate, max(high, rate)
