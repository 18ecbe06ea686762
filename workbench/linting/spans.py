"""Sets of numbers as spans between cuts: exact intersection and complement, open and closed ends alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

Number: TypeAlias = int | float | Decimal
Cut: TypeAlias = tuple[Number, int]
"""A place between numbers: (x, 0) is just below x, (x, 1) just above."""

LOWEST: Cut = (-math.inf, 0)
HIGHEST: Cut = (math.inf, 1)


@dataclass(frozen=True)
class Spans:
    """A set of numbers: pairs of cuts, ascending, that do not touch."""

    pairs: tuple[tuple[Cut, Cut], ...]

    @property
    def empty(self) -> bool:
        """Whether no number is in it."""
        return not self.pairs

    @property
    def low(self) -> Cut:
        """The cut below its lowest number; the set is not empty."""
        return self.pairs[0][0]

    @property
    def high(self) -> Cut:
        """The cut above its highest number; the set is not empty."""
        return self.pairs[-1][1]

    def __and__(self, other: Spans) -> Spans:
        """What is in both.

        >>> (span(at_least=1) & span(below=3)).pairs
        (((1, 0), (3, 0)),)
        """
        found = [
            (max(a[0], b[0]), min(a[1], b[1]))
            for a in self.pairs
            for b in other.pairs
            if max(a[0], b[0]) < min(a[1], b[1])
        ]
        return Spans(tuple(sorted(found)))

    def complement(self) -> Spans:
        """What is not in it."""
        found: list[tuple[Cut, Cut]] = []
        last = LOWEST
        for low, high in self.pairs:
            if last < low:
                found.append((last, low))
            last = high
        if last < HIGHEST:
            found.append((last, HIGHEST))
        return Spans(tuple(found))


EVERY = Spans(((LOWEST, HIGHEST),))
NONE = Spans(())


def span(
    *,
    at_least: Number | None = None,
    above: Number | None = None,
    at_most: Number | None = None,
    below: Number | None = None,
) -> Spans:
    """The numbers within these ends; an end that is left out is open."""
    low, high = LOWEST, HIGHEST
    if at_least is not None or above is not None:
        low = (at_least, 0) if at_least is not None else (_given(above), 1)
    if at_most is not None or below is not None:
        high = (at_most, 1) if at_most is not None else (_given(below), 0)
    return Spans(((low, high),)) if low < high else NONE


def bounded(operator: str, argument: Number | tuple[Number, Number]) -> Spans:
    """The numbers that pass a bound of the model language.

    >>> bounded("between", (1, 5)) == span(at_least=1, below=5)
    True
    """
    if operator == "between":
        assert isinstance(argument, tuple)  # noqa: S101  (the bound's own argument)
        return span(at_least=argument[0], below=argument[1])
    assert not isinstance(argument, tuple)  # noqa: S101
    if operator == "equals":
        return span(at_least=argument, at_most=argument)
    return span(**{operator: argument})


def whole(found: Spans) -> Spans:
    """The whole numbers of a set, each n as the span from just below n to just below n + 1.

    >>> whole(span(above=3, at_most=5)).pairs
    (((4, 0), (6, 0)),)
    """
    pairs: list[tuple[Cut, Cut]] = []
    for low, high in found.pairs:
        first = low if low[0] == -math.inf else (_next(low), 0)
        last = high if high[0] == math.inf else (_next(high), 0)
        if not first < last:
            continue
        if pairs and pairs[-1][1] == first:
            pairs[-1] = (pairs[-1][0], last)
        else:
            pairs.append((first, last))
    return Spans(tuple(pairs))


def _next(cut: Cut) -> int:
    """The lowest whole number above a cut."""
    number, side = cut
    return math.floor(number) + 1 if side or number != math.floor(number) else int(number)


def _given(number: Number | None) -> Number:
    assert number is not None  # noqa: S101  (one of the two ends is given)
    return number
