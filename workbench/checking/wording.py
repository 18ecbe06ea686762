"""Shares and values as the findings say them."""

from __future__ import annotations

from collections.abc import Sequence

MISSING = "no value"
"""A lead whose field is empty."""
RARER = "rarer values"
"""All values but the most frequent ones."""


def percent(share: float) -> str:
    """A share in 0..1 in per cent, with one decimal below ten.

    >>> [percent(share) for share in (0.9123, 0.056, 0.03, 0.0, 0.0004, 0.9996)]
    ['91 %', '5.6 %', '3 %', '0 %', 'below 0.1 %', 'over 99.9 %']
    """
    value = 100 * share
    if 0 < value < 0.05:
        return "below 0.1 %"
    if 99.5 <= value < 100:
        return f"{value:.1f} %" if value < 99.95 else "over 99.9 %"
    return f"{value:.0f} %" if value >= 9.95 else f"{value:.1f}".removesuffix(".0") + " %"


def quoted(value: str) -> str:
    """A value in quotes; what is no value of a field stands without them."""
    return value if value in {MISSING, RARER} else f"'{value}'"


def values_quoted(values: Sequence[str], most: int) -> str:
    """The first values, and dots where there are more.

    >>> values_quoted(["a", MISSING, "b"], 2)
    "'a', no value …"
    """
    return ", ".join(quoted(value) for value in values[:most]) + (" …" if len(values) > most else "")
