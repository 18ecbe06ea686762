"""Numbers as words of a title: rates, ratios, counts, points, months."""

from __future__ import annotations

import math

import numpy as np

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def percent(rate: float) -> str:
    """A rate in 0..1 as a percentage with two digits that matter; "unknown" when it is not a number.

    >>> [percent(rate) for rate in (0.314, 0.042, 0.00042, 0.9996)]
    ['31 %', '4.2 %', '0.042 %', '99.9 %']
    """
    if math.isnan(rate):
        return "unknown"
    value = 100 * rate
    if abs(value) < 1e-9:
        return "0 %"
    if 99 < value < 100:
        return f"{min(value, 99.9):.1f} %"
    if value >= 9.95:
        return f"{value:.0f} %"
    return f"{_digits(value)} %"


def percent_tick(rate: float) -> str:
    """A rate on an axis: all the decimals it has, no more.

    >>> percent_tick(0.025), percent_tick(0.0), percent_tick(0.00002)
    ('2.5 %', '0 %', '0.002 %')
    """
    return f"{np.format_float_positional(round(100 * rate, 9), trim='-')} %"


def times(ratio: float) -> str:
    """A ratio as "4.1x"; "unknown" when it is not a number.

    >>> [times(ratio) for ratio in (4.12, 0.62, 23.4, 1234.0)]
    ['4.1x', '0.62x', '23x', '1,234x']
    """
    if math.isnan(ratio):
        return "unknown"
    if math.isinf(ratio):
        return "infinitely"
    return f"{ratio:,.0f}x" if ratio >= 9.95 else f"{_digits(ratio)}x"


def several(number: float, noun: str) -> str:
    """A number with its noun, in the plural unless it is one.

    >>> several(1, "lead"), several(1200, "lead")
    ('1 lead', '1,200 leads')
    """
    return f"{count(number)} {noun}{'' if number == 1 else 's'}"


def area(auc: float) -> str:
    """An area under the curve with two decimals; "unknown" when it is not a number.

    >>> area(0.714), area(float("nan"))
    ('0.71', 'unknown')
    """
    return "unknown" if math.isnan(auc) else f"{auc:.2f}"


def count(number: float) -> str:
    """A number of leads, with thousands set apart.

    >>> count(1234567)
    '1,234,567'
    """
    return "unknown" if math.isnan(number) else f"{number:,.0f}"


def points(score: float) -> str:
    """Score points, with no more decimals than they have (three at most).

    >>> points(40.0), points(12.5)
    ('40', '12.5')
    """
    text = f"{score:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def month_name(month: str) -> str:
    """A month such as "2025-07" as "Jul 2025"; anything else as it is.

    >>> month_name("2025-07")
    'Jul 2025'
    """
    year, _, number = month.partition("-")
    if number.isdigit() and 1 <= int(number) <= len(_MONTHS):
        return f"{_MONTHS[int(number) - 1]} {year}"
    return month


def compact(value: float) -> str:
    """A sum of money in three digits with k, M or B.

    >>> compact(123456.0), compact(-1500.0), compact(0.0)
    ('123k', '-1.5k', '0')
    """
    if math.isnan(value):
        return "unknown"
    for size, unit in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size * 0.9995:
            return f"{value / size:.3g}{unit}"
    return "0" if value == 0 else f"{value:.3g}"


def depth_name(depth: float) -> str:
    """A share of the ranked leads, with no more digits than it has.

    >>> depth_name(0.05), depth_name(0.125)
    ('5 %', '12.5 %')
    """
    return f"{100 * depth:.3g} %"


def span(low: str, high: str) -> str:
    """An interval in words.

    >>> span("10 %", "14 %")
    '10 % to 14 %'
    """
    return "no interval" if "unknown" in (low, high) else f"{low} to {high}"


def _digits(value: float) -> str:
    """Two significant digits, never in powers of ten; one decimal from 1 up."""
    if abs(value) >= 0.995:
        return f"{value:.1f}"
    return np.format_float_positional(value, precision=2, fractional=False, trim="-")
