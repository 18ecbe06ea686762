"""How dimensions become one number, and that number another scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction

from workbench.model import Transform
from workbench.model.transform import Line, Logistic, Root
from workbench.oracle.fading import DIGITS, half_up, kept

_EXACT = Context(prec=DIGITS)
_FLAT = Fraction(500)
"""Beyond this many spreads from its middle the logistic curve is within 1e-217 of its end."""


def product(amounts: Sequence[int]) -> int:
    """The product of points, from and to thousandths, rounded once."""
    points = (Fraction(amount, 1000) for amount in amounts)
    return kept(half_up(1000 * math.prod(points, start=Fraction(1))))


def transformed(transform: Transform, score_milli: int) -> int:
    """The score on the other scale, in thousandths.

    A table gives what stands beside the last step that the score reaches. A curve is worked out at the score and
    rounded half up to whole points; a straight line and a root stay at their ends outside of their range.
    """
    score = Fraction(score_milli, 1000)
    if transform.table is not None:
        reached = [to for low, to in transform.table if Fraction(low) <= score]
        return int(Fraction(reached[-1] if reached else transform.table[0][1]) * 1000)
    if transform.logistic is not None:
        return 1000 * _logistic(transform.logistic, score)
    curve = transform.rescale or transform.sqrt
    assert curve is not None  # noqa: S101  (one way is set)
    return 1000 * half_up(_on_line(curve, score))


def _on_line(curve: Line, score: Fraction) -> Fraction:
    start, end = (Fraction(number) for number in curve.from_)
    low, high = (Fraction(number) for number in curve.to)
    part = max(Fraction(0), min(Fraction(1), (score - start) / (end - start)))
    return low + (high - low) * (_root(part) if isinstance(curve, Root) else part)


def _root(part: Fraction) -> Fraction:
    """The root: exact where it is a fraction, else a decimal of 60 digits, at which no half lies."""
    above, under = math.isqrt(part.numerator), math.isqrt(part.denominator)
    if above**2 == part.numerator and under**2 == part.denominator:
        return Fraction(above, under)
    return Fraction(_EXACT.sqrt(_EXACT.divide(Decimal(part.numerator), Decimal(part.denominator))))


def _logistic(curve: Logistic, score: Fraction) -> int:
    low, high = (Fraction(number) for number in curve.to)
    steep = (score - Fraction(curve.middle)) / Fraction(curve.spread)
    steep = max(-_FLAT, min(_FLAT, steep))
    power = _EXACT.exp(_EXACT.divide(Decimal(-steep.numerator), Decimal(steep.denominator)))
    value = low + (high - low) * Fraction(_EXACT.divide(Decimal(1), _EXACT.add(Decimal(1), power)))
    # The curve never gets to `high`, though 60 digits may: where `high` ends in a half, it is not rounded up.
    return min(half_up(value), math.ceil(high + Fraction(1, 2)) - 1)
