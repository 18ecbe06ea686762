"""Scales of an axis: round ends and ticks, and numbers as short words."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STEPS = (1.0, 2.0, 5.0, 10.0)
_TOPS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)  # half of each is round too, so the tick in the middle reads well
_SIZES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
_LEAST = 1e-9  # what is shorter is taken for nothing
_MANY = 9.95  # from here on two digits before the point say enough


@dataclass(frozen=True)
class Scale:
    """A straight scale from data to a place in the picture.

    Attributes:
        low: value at `start`.
        high: value at `end`; greater than `low`.
        start: place of `low`, in units of the viewBox.
        end: place of `high`; smaller than `start` on a y axis.
    """

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of one value; what lies beyond an end is put on it.

        >>> Scale(0.0, 10.0, 100.0, 0.0).at(2.5), Scale(0.0, 10.0, 100.0, 0.0).at(99.0)
        (75.0, 0.0)
        """
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def places(self, values: Floats) -> Floats:
        """The places of many values; NaN stays NaN."""
        share = (np.clip(values, self.low, self.high) - self.low) / (self.high - self.low)
        return np.asarray(self.start + share * (self.end - self.start), dtype=np.float64)


def ends(low: float, high: float) -> tuple[float, float]:
    """An axis that can be drawn: finite, and longer than nothing.

    >>> ends(5.0, 5.0), ends(float("nan"), 3.0)
    ((4.5, 5.5), (0.0, 3.0))
    """
    low = low if math.isfinite(low) else 0.0
    high = high if math.isfinite(high) else low + 1.0
    low, high = min(low, high), max(low, high)
    pad = max(0.5, abs(low) * 1e-9) if high - low <= max(_LEAST, abs(low) * 1e-12) else 0.0
    return low - pad, high + pad


def step(reach: float, most: int) -> float:
    """The smallest of 1, 2, 5 times a power of ten that covers `reach` in at most `most` pieces.

    >>> step(100, 10), step(101, 10), step(0.3, 4)
    (10.0, 20.0, 0.1)
    """
    size = 10.0 ** math.floor(math.log10(reach / most))
    return next(round(each * size, 12) for each in (*_STEPS, 20.0) if reach <= each * size * most * (1 + 1e-9))


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round values from `low` to `high`, at most `most` steps apart.

    >>> ticks(-3, 21, 5)
    [0.0, 5.0, 10.0, 15.0, 20.0]
    """
    by = step(high - low, most)
    first, last = math.ceil(low / by - 1e-9), math.floor(high / by + 1e-9)
    return [round(place * by, 9) + 0.0 for place in range(first, last + 1)]


def roof(value: float) -> float:
    """A round number at or just above `value`, so that axes move seldom; 1 for nothing.

    >>> roof(0.052), roof(0.3), roof(0.0)
    (0.06, 0.3, 1.0)
    """
    if not math.isfinite(value) or value < _LEAST:
        return 1.0
    size = 10.0 ** math.floor(math.log10(value))
    return next(round(each * size, 12) for each in (*_TOPS, 20.0) if value <= each * size * (1 + 1e-9))


def round_ends(low: float, high: float) -> tuple[float, float]:
    """The ends of an axis of signed values, both round, with zero inside.

    >>> round_ends(-1300.0, 69000.0)
    (-10000.0, 70000.0)
    """
    low, high = min(low, 0.0), max(high, 0.0)
    if high - low < _LEAST:
        return 0.0, 1.0
    by = step(high - low, 8)
    return math.floor(low / by + 1e-9) * by, math.ceil(high / by - 1e-9) * by


def percent(rate: float) -> str:
    """A rate in 0..1 as a percentage with two digits that matter.

    >>> [percent(rate) for rate in (0.314, 0.042, 0.9996, float("nan"))]
    ['31 %', '4.2 %', '99.9 %', 'unknown']
    """
    if math.isnan(rate):
        return "unknown"
    value = 100 * rate
    if abs(value) < 5e-4:
        return "0 %"
    if 99 < value < 100:
        return f"{min(value, 99.9):.1f} %"
    return f"{value:.0f} %" if value >= _MANY else f"{_digits(value)} %"


def tick_percent(rate: float) -> str:
    """A rate on an axis: all the decimals it has, no more.

    >>> tick_percent(0.025), tick_percent(1.0)
    ('2.5 %', '100 %')
    """
    return f"{points(100 * rate)} %"


def times(ratio: float) -> str:
    """A ratio as "4.1x".

    >>> [times(ratio) for ratio in (4.12, 0.62, 23.4, float("inf"))]
    ['4.1x', '0.62x', '23x', '∞']
    """
    if math.isnan(ratio):
        return "unknown"
    if math.isinf(ratio):
        return "∞"
    return f"{compact(ratio) if ratio >= 1000 else f'{ratio:.0f}'}x" if ratio >= _MANY else f"{_digits(ratio)}x"


def count(number: float) -> str:
    """A number of leads, with thousands set apart.

    >>> count(1234567)
    '1,234,567'
    """
    return f"{number:,.0f}" if math.isfinite(number) else "unknown"


def compact(number: float) -> str:
    """A number in three digits with k, M, B or T, with a true minus.

    >>> compact(123456.0), compact(-1500.0), compact(0.0), compact(999.96)
    ('123k', '−1.5k', '0', '1k')
    """
    if not math.isfinite(number):
        return "unknown"
    if number < 0:
        return f"−{compact(-number)}"
    for size, unit in _SIZES:
        if abs(number) >= size * 0.9995:
            return f"{number / size:.3g}{unit}" if abs(number) < 999.5 * size else f"{number / size:.0f}{unit}"
    return "0" if number == 0 else f"{number:.3g}"


def points(score: float) -> str:
    """Score points, with a true minus and no more decimals than they have (three at most).

    >>> points(40.0), points(-12.5), points(-0.0001)
    ('40', '−12.5', '0')
    """
    text = f"{score:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")


def signed(score: float) -> str:
    """Score points with their sign, a true minus included.

    >>> signed(15.0), signed(-8.5), signed(0.0)
    ('+15', '−8.5', '0')
    """
    text = points(abs(score))
    return text if text == "0" else f"{'+' if score > 0 else '−'}{text}"


def span(low: float, high: float) -> str:
    """An interval of rates in words; nothing when there is none.

    >>> span(0.1, 0.14), span(float("nan"), 0.1)
    ('10 % to 14 %', '')
    """
    return "" if math.isnan(low) or math.isnan(high) else f"{percent(low)} to {percent(high)}"


def _digits(value: float) -> str:
    return (
        f"{value:.1f}"
        if abs(value) >= 0.995
        else np.format_float_positional(value, precision=2, fractional=False, trim="-")
    )
