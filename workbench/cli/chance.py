"""Probabilities as text: p, and q where it is adjusted for how much was looked at."""

from __future__ import annotations

from workbench.cli.figures import NONE, number


def chance(value: float) -> str:
    """A probability in 0..1 with three decimals; what is below them says so.

    >>> chance(0.0421), chance(0.00004), chance(float("nan"))
    ('0.042', '< 0.001', '–')
    """
    if value != value:
        return NONE
    return "< 0.001" if value < 0.001 else number(value)
