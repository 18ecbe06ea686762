"""A monotone table that turns the combined score into another scale, and the curves that compile into one."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Context, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from workbench.parsing import MOST_POINTS, Points, Value, fault, milli, only_one

MOST_CUTS = 2_000
_DIGITS = Context(prec=60)

Ends = tuple[Points, Points]


class Line(Value):
    """Straight from one range to another; whole points out, halves up."""

    from_: Ends = Field(alias="from")
    to: Ends


class Root(Line):
    """lowest + width x sqrt of the share of the first range; whole points out, halves up."""


class Logistic(Value):
    """lowest + width / (1 + exp(-(x - middle) / spread)); whole points out, halves up."""

    middle: Points
    spread: Annotated[Points, Field(gt=0)]
    to: Ends


class Transform(Value):
    """Exactly one way to another scale.

    Attributes:
        table: pairs (from, to), both rising: the result is `to` of the last pair whose `from` is not above the score;
            below the first pair it is that pair's `to`.
        rescale, sqrt, logistic: curves; they are written out as a table, so a model's scale is frozen with it.
    """

    table: Annotated[tuple[tuple[Points, Points], ...], Field(min_length=1, max_length=MOST_CUTS)] | None = None
    rescale: Line | None = None
    sqrt: Root | None = None
    logistic: Logistic | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        way = only_one(self, WAYS, remedy="Keep the one that is meant.")
        pairs = self.table or ()
        if any(a[0] >= b[0] or a[1] > b[1] for a, b in pairwise(pairs)):
            raise fault("pairs whose two numbers rise", "List the pairs in order.", at=("table",))
        curve = self.rescale or self.sqrt or self.logistic
        if curve is not None:
            _check_ends(way, "to", curve.to)
            if math.ceil(curve.to[1]) - math.floor(curve.to[0]) >= MOST_CUTS:
                raise fault(f"a range of fewer than {MOST_CUTS:,} points", "Choose a smaller range.", at=(way, "to"))
        if isinstance(curve, Line):
            _check_ends(way, "from", curve.from_)
        if curve is not None and any(abs(cut) > MOST_POINTS * 1000 for cut, _ in _cuts(curve)):
            expected = f"a curve that stays within {MOST_POINTS:,} points"
            raise fault(expected, "Choose numbers of the size of scores.", at=(way,))
        return self

    @property
    def cuts(self) -> tuple[tuple[int, int], ...]:
        """The table in thousandths."""
        return tuple((milli(low), milli(to)) for low, to in self.written_out.table or ())

    @property
    def written_out(self) -> Transform:
        """The same as a table."""
        if self.table is not None:
            return self
        curve = self.rescale or self.sqrt or self.logistic
        assert curve is not None  # noqa: S101  (one way is set)
        return Transform(table=tuple((Decimal(cut) / 1000, Decimal(value)) for cut, value in _cuts(curve)))


WAYS = ("table", "rescale", "sqrt", "logistic")


def _check_ends(way: str, key: str, ends: Ends) -> None:
    if ends[0] >= ends[1]:
        raise fault("[low, high] with low below high", "Swap or correct the two numbers.", at=(way, key))


def _cuts(curve: Line | Logistic) -> list[tuple[int, int]]:
    """Where the rounded curve takes each whole number: the score in thousandths, and the number in points."""
    low, high = (Fraction(end) for end in curve.to)
    lowest = milli(curve.from_[0]) if isinstance(curve, Line) else -MOST_POINTS * 1000
    table: list[tuple[int, int]] = []
    for value in range(_half_up(low), _half_up(high) + 1):
        share = (Fraction(value) - Fraction(1, 2) - low) / (high - low)  # where rounding turns to `value`
        if isinstance(curve, Logistic) and share >= 1:
            break  # the curve comes close, but never there
        cut = lowest if share <= 0 else _at(curve, share)
        if table and table[-1][0] == cut:
            table.pop()
        table.append((cut, value))
    return table


def _half_up(number: Fraction) -> int:
    return math.floor(number + Fraction(1, 2))


def _at(curve: Line | Logistic, share: Fraction) -> int:
    """The least score, in thousandths, at which the curve reaches a share (above 0, at most 1) of its range."""
    if isinstance(curve, Logistic):
        odds = _DIGITS.divide(Decimal(share.numerator), Decimal(share.denominator - share.numerator))
        return math.ceil(1000 * (curve.middle + curve.spread * _DIGITS.ln(odds)))
    low, high = (Fraction(end) for end in curve.from_)
    shape: Callable[[Fraction], Fraction] = (lambda part: part**2) if isinstance(curve, Root) else (lambda part: part)
    return math.ceil(1000 * (low + (high - low) * shape(share)))
