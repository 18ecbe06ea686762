"""Exact arithmetic in integer thousandths: caps, products with rounding, tables of decay."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.model import Decay

Integers = NDArray[np.int64]
Cap = tuple[int | None, int | None]
OPEN: Cap = (None, None)

ONE_WEIGHT = 1_000_000
"""Weights are kept in millionths."""
ONE_SHARE = 1_000_000_000
"""Shares of inactivity are kept in thousand-millionths."""
_MOST = 2**62
LARGEST = 2**53
"""Products are kept within this many thousandths, about 9 x 10^12 points: sums of them stay within 64 bits."""


def clipped(values: Integers, cap: Cap) -> Integers:
    """Values kept in a cap."""
    return values if cap == OPEN else np.clip(values, *cap)


def scaled(values: Integers, factors: int | Integers, one: int) -> Integers:
    """round_half_up(values x factors / one) = floor((2 x values x factors + one) / (2 x one)), for an even `one`.

    Exact whatever the size: where 64 bits do not hold the product, it is worked out in whole numbers of any length.
    """
    if isinstance(factors, int) and factors == one:
        return values
    largest = int(np.max(factors, initial=0)) if isinstance(factors, np.ndarray) else factors
    if _size(values) * largest < _MOST:
        return (values * factors + one // 2) // one
    return _kept((values.astype(object) * factors + one // 2) // one)


def multiplied(parts: list[Integers], *, one: int = 1000) -> Integers:
    """The product of numbers in thousandths, in thousandths, rounded half up once."""
    size = math.prod(max(1, _size(part)) for part in parts)
    exact = parts if size < _MOST else [part.astype(object) for part in parts]
    product = math.prod(exact[1:], start=exact[0])
    whole = one ** (len(parts) - 1)
    return _kept((product + whole // 2) // whole)


def weighed(parts: list[tuple[Integers, int]], *, one: int = 1000) -> Integers:
    """The sum of numbers times their weights in thousandths, rounded half up once."""
    size = sum(_size(part) * weight for part, weight in parts)
    exact = [part if size < _MOST else part.astype(object) for part, _ in parts]
    total = np.sum([part * weight for part, (_, weight) in zip(exact, parts, strict=True)], axis=0)
    return _kept((total + one // 2) // one)


def _kept(values: NDArray[Any]) -> Integers:
    """Whole numbers of any length, kept within the largest, as 64-bit integers."""
    kept: Integers = np.clip(values, -LARGEST, LARGEST).astype(np.int64)
    return kept


def _size(values: Integers) -> int:
    return max(abs(int(values.max())), abs(int(values.min()))) if len(values) else 0


# --- decay ------------------------------------------------------------------------------------------------------------

_DIGITS = Context(prec=60, rounding=ROUND_HALF_EVEN)
_KEPT = Decimal("1e-30")
_HALF = Fraction(1, 2)
_NOTHING = Fraction(1, 10**11)
"""A share so small that it rounds to nothing whatever it is a share of, and below any floor but 0."""


@lru_cache(maxsize=256)
def shares(decay: Decay, ages: int) -> tuple[Fraction, ...]:
    """What is left at each age in whole days from 0: exact rationals, half-lives to 30 decimals."""
    grace = decay.grace or 0
    shape = _shape(decay, max(1, ages - grace))
    floor = Fraction(decay.floor)
    return tuple(max(floor, shape[max(0, age - grace)]) for age in range(ages))


def _shape(decay: Decay, ages: int) -> tuple[Fraction, ...]:
    if decay.half_life is not None:
        return _halving(decay.half_life, ages)
    if decay.expiry is not None:
        return tuple(Fraction(age < decay.expiry) for age in range(ages))
    if decay.linear is not None:
        return tuple(max(Fraction(0), 1 - Fraction(age, decay.linear)) for age in range(ages))
    if decay.step is not None:
        lose = Fraction(decay.step.lose)
        return tuple(max(Fraction(0), 1 - lose * (age // decay.step.every)) for age in range(ages))
    if decay.geometric is not None:
        kept = 1 - Fraction(decay.geometric.lose)
        powers: list[Fraction] = [Fraction(1)]
        for _ in range((ages - 1) // decay.geometric.every):
            power = powers[-1] * kept
            powers.append(power if power > _NOTHING else Fraction(0))
        return tuple(powers[age // decay.geometric.every] for age in range(ages))
    found, left = [], Fraction(1)
    pairs = dict(decay.table or ())
    for age in range(ages):
        left = Fraction(pairs[age]) if age in pairs else left
        found.append(left)
    return tuple(found)


def _halving(half_life: int, ages: int) -> tuple[Fraction, ...]:
    some = range(min(ages, 37 * half_life))  # 2^-37 is below _NOTHING
    powers = (_DIGITS.power(Decimal(2), _DIGITS.divide(Decimal(-age), Decimal(half_life))) for age in some)
    left = [Fraction(_DIGITS.quantize(power, _KEPT)) for power in powers]
    return (*left, *([Fraction(0)] * (ages - len(left))))


@lru_cache(maxsize=1024)
def decay_table(points: int, decay: Decay, ages: int) -> Integers:
    """What one event pays by age in whole days: round_half_up(points x d(age)), in thousandths.

    Args:
        points: thousandths at age 0.
        decay: the shape d.
        ages: length of the table.

    >>> decay_table(10_000, Decay(half_life=7), 15)[[0, 7, 14]].tolist()
    [10000, 5000, 2500]
    >>> decay_table(9_000, Decay(linear=90), 4)[3]  # a lifespan of 90 days at 3 days
    np.int64(8700)
    """
    if points < 0 and not decay.negatives:
        table = np.full(ages, points, dtype=np.int64)
    else:
        table = np.array([(points * share + _HALF).__floor__() for share in shares(decay, ages)], dtype=np.int64)
    table.flags.writeable = False
    return table


@lru_cache(maxsize=256)
def share_table(decay: Decay, ages: int) -> Integers:
    """d(idle) by whole days, rounded half up to thousand-millionths; position -1, the last, is 1: never active."""
    table = np.full(ages + 1, ONE_SHARE, dtype=np.int64)
    table[:ages] = [(share * ONE_SHARE + _HALF).__floor__() for share in shares(decay, ages)]
    table.flags.writeable = False
    return table


def faded(values: Integers, decay: Decay, idle: Integers) -> Integers:
    """Sums times d(idle), rounded half up; `idle` -1 where there never was an event."""
    table = share_table(decay, int(idle.max(initial=0)) + 1)
    found = scaled(values, table[idle], ONE_SHARE)
    return found if decay.negatives else np.where(values < 0, values, found)
