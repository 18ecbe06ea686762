"""The numbers of a model that may change without observing again: points, limits of points, half-lives, caps.

All in integer thousandths of a point.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from workbench.model import Bounds, CasesRule, EachRule, Model, WhenRule
from workbench.parsing import milli

Cap = tuple[int | None, int | None]


@dataclass(frozen=True)
class RuleWeights:
    """What one rule pays.

    Attributes:
        id: the rule.
        book: its dimension.
        group: the group whose cap it stands under, if any.
        points: for a `when` or `each` rule one number; for `cases` the default, then one for each case.
        cases: whether it is a `cases` rule.
        most: limit of points in size, if any.
        half_life: in days, if it decays.
    """

    id: str
    book: str
    group: str | None
    points: tuple[int, ...]
    cases: bool = False
    most: int | None = None
    half_life: int | None = None


@dataclass(frozen=True)
class Weights:
    """What a model pays, rule by rule, and its caps.

    Attributes:
        rules: in the model's order, enabled ones only.
        groups, dimensions: caps (low, high) by name; None is open.
        group_homes: the dimension of each group.
        total: cap of the score.
        whole: whether the score is rounded to whole points, halves up.
        out: for each gate whether it takes a lead out of the ranking.
    """

    rules: tuple[RuleWeights, ...]
    groups: dict[str, Cap]
    dimensions: dict[str, Cap]
    group_homes: dict[str, str]
    total: Cap
    whole: bool
    out: tuple[bool, ...]

    @classmethod
    def of(cls, model: Model) -> Self:
        """The weights of a model."""
        return cls(
            tuple(_rule(model, rule) for rule in model.active),
            {name: _cap(group) for name, group in model.groups.items()},
            {name: _cap(dimension) for name, dimension in model.dimensions.items()},
            {name: group.in_ for name, group in model.groups.items()},
            _cap(model.score),
            model.score.round == "half_up",
            tuple(model.takes_out(gate) for gate in model.gates),
        )

    def groups_of(self, dimension: str) -> list[str]:
        """The groups of a dimension; each has its cap even if no rule pays into it."""
        return [name for name, home in self.group_homes.items() if home == dimension]

    def paying(self, rule: str, points: tuple[int, ...]) -> Weights:
        """The same with other points for one rule."""
        rules = tuple(replace(each, points=points) if each.id == rule else each for each in self.rules)
        return replace(self, rules=rules)


def _rule(model: Model, rule: WhenRule | CasesRule | EachRule) -> RuleWeights:
    book, group = model.dimension_of(rule), model.group_of(rule)
    if isinstance(rule, CasesRule):
        points = (milli(rule.default), *(milli(case.points) for case in rule.cases))
        return RuleWeights(rule.id, book, group, points, cases=True)
    if isinstance(rule, WhenRule):
        return RuleWeights(rule.id, book, group, (milli(rule.points),))
    most = None if rule.limit.points is None else milli(rule.limit.points)
    half_life = None if rule.decay is None else rule.decay.half_life
    return RuleWeights(rule.id, book, group, (milli(rule.points),), most=most, half_life=half_life)


def _cap(bounds: Bounds) -> Cap:
    low = None if bounds.min is None else milli(bounds.min)
    high = None if bounds.max is None else milli(bounds.max)
    return low, high


def clipped(values: NDArray[np.int64], cap: Cap) -> NDArray[np.int64]:
    """Values kept in a cap."""
    return values if cap == (None, None) else np.clip(values, *cap)


_DIGITS = Context(prec=60, rounding=ROUND_HALF_EVEN)
_KEPT = Decimal("1e-30")


@lru_cache(maxsize=256)
def _factors(half_life: int, ages: int) -> tuple[Fraction, ...]:
    """2^(-age / half_life) for whole days from 0, to 30 decimals, as exact rationals."""
    powers = (_DIGITS.power(Decimal(2), _DIGITS.divide(Decimal(-age), Decimal(half_life))) for age in range(ages))
    return tuple(Fraction(_DIGITS.quantize(power, _KEPT)) for power in powers)


@lru_cache(maxsize=1024)
def decay_table(points: int, half_life: int, ages: int) -> NDArray[np.int64]:
    """What one event pays by age in whole days: round_half_up(points x 2^(-age / half_life)), in thousandths.

    Args:
        points: thousandths at age 0.
        half_life: days.
        ages: length of the table.

    >>> decay_table(10_000, 7, 15)[[0, 7, 14]].tolist()
    [10000, 5000, 2500]
    """
    half = Fraction(1, 2)
    fading = min(ages, half_life * (2 * abs(points)).bit_length())  # later, less than half a thousandth is left
    table = np.zeros(ages, dtype=np.int64)
    table[:fading] = [(points * factor + half).__floor__() for factor in _factors(half_life, fading)]
    table.flags.writeable = False
    return table
