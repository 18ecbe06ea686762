"""How points fade with age and a dimension with idleness, in exact fractions."""

from __future__ import annotations

import math
from decimal import Context, Decimal
from fractions import Fraction

from workbench.model import Decay, Inactivity
from workbench.oracle.conditions import passing
from workbench.oracle.facts import Facts

DIGITS = 60
NANO = 10**9
LARGEST = 2**53


def decayed(points_milli: int, age: int, decay: Decay) -> int:
    """One event's points after `age` whole days: floor(points x d(age) + 1/2) thousandths, for losses too.

    >>> from workbench.model import Decay
    >>> fortnight = Decay(half_life=14)
    >>> decayed(4000, 14, fortnight), decayed(5, 14, fortnight), decayed(-5, 14, fortnight)
    (2000, 3, -2)
    """
    if points_milli < 0 and not decay.negatives:
        return points_milli
    return half_up(points_milli * share(decay, age))


def faded(sum_milli: int, days: int | None, decay: Decay) -> int:
    """A dimension's sum after idle days: d(idle) half up at nine decimals first, then the product half up."""
    if days is None or (sum_milli < 0 and not decay.negatives):
        return sum_milli
    left = Fraction(half_up(share(decay, days) * NANO), NANO)
    return kept(half_up(sum_milli * left))


def idle(inactivity: Inactivity, facts: Facts) -> int | None:
    """Whole days since the last event that counts as activity; None without one."""
    newest_first = passing(inactivity.since, facts)
    return facts.age(newest_first[0]) if newest_first else None


def share(decay: Decay, age: int) -> Fraction:
    """d(age): what is left after `age` whole days, grace and floor applied."""
    fading = age if decay.grace is None else max(0, age - decay.grace)
    return max(Fraction(decay.floor), _shape(decay, fading))


def half_up(number: Fraction) -> int:
    """floor(x + 1/2)."""
    return math.floor(number + Fraction(1, 2))


def kept(milli: int) -> int:
    """A product of points, kept within 2^53 thousandths."""
    return max(-LARGEST, min(LARGEST, milli))


def _shape(decay: Decay, age: int) -> Fraction:
    if decay.half_life is not None:
        return _halved(age, decay.half_life)
    if decay.expiry is not None:
        return Fraction(age < decay.expiry)
    if decay.linear is not None:
        return max(Fraction(0), 1 - Fraction(age, decay.linear))
    if decay.step is not None:
        return max(Fraction(0), 1 - Fraction(decay.step.lose) * (age // decay.step.every))
    if decay.geometric is not None:
        kept: Fraction = (1 - Fraction(decay.geometric.lose)) ** (age // decay.geometric.every)
        return kept
    return Fraction([left for since, left in decay.table or () if since <= age][-1])


def _halved(age: int, half_life: int) -> Fraction:
    """2^(-age / half_life): whole halvings are exact, a root is a decimal of 60 digits, which no half can equal."""
    halvings, rest = divmod(age, half_life)
    if not rest:
        return Fraction(1, 1 << halvings)
    digits = Context(prec=DIGITS)
    root = digits.power(Decimal(2), digits.divide(Decimal(-rest), Decimal(half_life)))
    return Fraction(root) / (1 << halvings)
