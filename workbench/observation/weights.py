"""The numbers of a model that may change without observing again: points, weights, decay, caps, how all combine.

All in integer thousandths of a point.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from workbench.model import AccountScore, Bounds, CasesRule, CoreRule, Decay, Model, WhenRule
from workbench.observation.arithmetic import ONE_WEIGHT, OPEN, Cap, clipped, multiplied, scaled, weighed
from workbench.parsing import milli

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class RuleWeights:
    """What one rule pays.

    Attributes:
        id: the rule.
        book: its dimension.
        group: the group whose cap it stands under, if any.
        points: for a `when` or `each` rule one number; for `cases` the default, then one for each case.
        cases: whether it is a `cases` rule.
        dormant: whether its first case means that the rule is not in force.
        most: limit of points in size, if any.
        decay: how each event's points fade, if they do.
        cap: what it pays is kept in.
        weight: multiplier in millionths.
    """

    id: str
    book: str
    group: str | None
    points: tuple[int, ...]
    cases: bool = False
    dormant: bool = False
    most: int | None = None
    decay: Decay | None = None
    cap: Cap = OPEN
    weight: int = ONE_WEIGHT

    def limited(self, paid: Integers) -> Integers:
        """After the limit of points."""
        return paid if self.most is None else np.clip(paid, -self.most, self.most)

    def kept(self, paid: Integers) -> Integers:
        """After the limit of points, the rule's cap and its weight."""
        return scaled(clipped(self.limited(paid), self.cap), self.weight, ONE_WEIGHT)


@dataclass(frozen=True)
class DimensionWeights:
    """A dimension's cap, its multiplier in millionths, and how it fades with idleness."""

    cap: Cap
    weight: int = ONE_WEIGHT
    inactivity: Decay | None = None

    def kept(self, faded: Integers) -> Integers:
        """A sum that idleness has been taken off, after weight and cap."""
        return clipped(scaled(faded, self.weight, ONE_WEIGHT), self.cap)


@dataclass(frozen=True)
class Combining:
    """How dimensions become the score.

    Attributes:
        kind: sum, weighted, product, max, matrix.
        weights: thousandths by dimension, for `weighted`.
        axes: for each side of the matrix its dimension and the lower ends of its parts, ascending, in thousandths.
        ranks: for `matrix` the tier's rank by grade, (rows + 1, columns + 1) with 0 for "below the lowest part";
            -1 is no tier.
        cuts: pairs of the transform, if any.
        total: cap of the score.
        whole: whether the score is rounded to whole points, halves up.
    """

    kind: str
    weights: dict[str, int]
    axes: tuple[tuple[str, tuple[int, ...]], ...]
    ranks: tuple[tuple[int, ...], ...]
    cuts: tuple[tuple[int, int], ...]
    total: Cap
    whole: bool

    def together(self, dimensions: dict[str, Integers]) -> Integers:
        """The combination of dimensions, before the transform; arrays of one shape."""
        parts = list(dimensions.values())
        if self.kind == "weighted":
            return weighed([(dimensions[name], weight) for name, weight in self.weights.items()])
        if self.kind == "product":
            return multiplied(parts)
        if self.kind == "max":
            largest: Integers = np.maximum.reduce(parts)
            return largest
        if self.kind == "matrix":
            return (self.rank(dimensions) + 1) * 1000
        return sum(parts[1:], parts[0])

    def grade(self, dimensions: dict[str, Integers]) -> tuple[Integers, Integers]:
        """For each side of the matrix the number (from 1) of the part that a lead is in, 0 below the lowest."""
        row, column = (np.searchsorted(ends, dimensions[name], side="right") for name, ends in self.axes)
        return row.astype(np.int64), column.astype(np.int64)

    def rank(self, dimensions: dict[str, Integers]) -> Integers:
        """The rank of the tier that the matrix gives; -1 without one."""
        row, column = self.grade(dimensions)
        found: Integers = np.array(self.ranks, dtype=np.int64)[row, column]
        return found

    def transformed(self, total: Integers) -> Integers:
        """On the model's scale."""
        if not self.cuts:
            return total
        ends, values = np.array(self.cuts, dtype=np.int64).T
        found: Integers = values[np.maximum(np.searchsorted(ends, total, side="right") - 1, 0)]
        return found

    def rounded(self, capped: Integers) -> Integers:
        """In whole points, if so asked."""
        return (capped + 500) // 1000 * 1000 if self.whole else capped

    def finished(self, total: Integers) -> Integers:
        """A combination as a score: transformed, capped, rounded."""
        return self.rounded(clipped(self.transformed(total), self.total))


@dataclass(frozen=True)
class AlternativeWeights:
    """What a model, or one of its variants, pays.

    Attributes:
        rules: in the model's order, enabled ones only.
        groups: caps by name.
        group_homes: the dimension of each group.
        dimensions: by name, in order.
        combining: how they become the score.
    """

    rules: tuple[RuleWeights, ...]
    groups: dict[str, Cap]
    group_homes: dict[str, str]
    dimensions: dict[str, DimensionWeights]
    combining: Combining

    @classmethod
    def of(cls, model: Model) -> Self:
        """The weights of a model without variants, its short forms written out."""
        return cls(
            tuple(_rule(model, rule) for rule in model.written_out),
            {name: cap(group) for name, group in model.groups.items()},
            {name: group.in_ for name, group in model.groups.items()},
            {name: _dimension(model, name) for name in model.dimensions},
            _combining(model),
        )

    def in_dimension(self, name: str) -> list[RuleWeights]:
        """The rules whose points end up in a dimension."""
        return [rule for rule in self.rules if rule.book == name]

    def groups_of(self, dimension: str) -> list[str]:
        """The groups of a dimension; each has its cap even if no rule pays into it."""
        return [name for name, home in self.group_homes.items() if home == dimension]


@dataclass(frozen=True)
class Weights:
    """What a model pays to whom.

    Attributes:
        alternatives: the model itself first, then its variants.
        dimensions: all dimensions of them.
        out: for each gate whether it takes a lead out of the ranking.
        account: how an account's score is made, if the model says so.
    """

    alternatives: tuple[AlternativeWeights, ...]
    dimensions: tuple[str, ...]
    out: tuple[bool, ...]
    account: AccountScore | None = None

    @classmethod
    def of(cls, model: Model) -> Self:
        """The weights of a model."""
        return cls(
            tuple(AlternativeWeights.of(each.model) for each in model.alternatives),
            model.all_dimensions,
            tuple(model.takes_out(gate) for gate in model.gates),
            model.account,
        )

    def paying(self, points: dict[str, tuple[int, ...]]) -> Weights:
        """The same with other points, in thousandths, for some rules (in every alternative that has them)."""
        alternatives = tuple(
            replace(
                each,
                rules=tuple(
                    replace(rule, points=points[rule.id]) if rule.id in points else rule for rule in each.rules
                ),
            )
            for each in self.alternatives
        )
        return replace(self, alternatives=alternatives)


def _rule(model: Model, rule: CoreRule) -> RuleWeights:
    own = RuleWeights(
        id=rule.id,
        book=model.dimension_of(rule),
        group=model.group_of(rule),
        points=(0,),
        cap=cap(rule.cap),
        weight=int(rule.weight * ONE_WEIGHT),
    )
    if isinstance(rule, WhenRule):
        return replace(own, points=(milli(rule.points),))
    if isinstance(rule, CasesRule):
        dormant = rule.effective.from_ is not None or rule.effective.to is not None
        asleep = (0,) if dormant else ()
        points = (milli(rule.default), *asleep, *(milli(case.points) for case in rule.cases))
        return replace(own, points=points, cases=True, dormant=dormant)
    most = None if rule.limit.points is None else milli(rule.limit.points)
    return replace(own, points=(milli(rule.points),), most=most, decay=rule.decay)


def _dimension(model: Model, name: str) -> DimensionWeights:
    dimension = model.dimensions[name]
    fades = None if dimension.inactivity is None else dimension.inactivity.decay
    return DimensionWeights(cap(dimension), int(dimension.weight * ONE_WEIGHT), fades)


def _combining(model: Model) -> Combining:
    score, matrix = model.score, model.matrix
    axes: list[tuple[str, tuple[int, ...]]] = []
    ranks: tuple[tuple[int, ...], ...] = ()
    if matrix is not None:
        sides = [sorted(side.from_.items(), key=lambda part: part[1]) for side in (matrix.rows, matrix.columns)]
        axes = [
            (side.dimension, tuple(milli(least) for _, least in parts))
            for side, parts in zip((matrix.rows, matrix.columns), sides, strict=True)
        ]
        rows, columns = (["", *(name for name, _ in parts)] for parts in sides)
        ranks = tuple(
            tuple(model.tier(matrix.tiers.get(f"{row}{column}", "")) if row and column else -1 for column in columns)
            for row in rows
        )
    return Combining(
        score.combine,
        {name: milli(weight) for name, weight in score.weights.items()},
        tuple(axes),
        ranks,
        score.transform.cuts if score.transform is not None else (),
        cap(score),
        score.round == "half_up",
    )


def cap(bounds: Bounds) -> Cap:
    """Bounds in thousandths."""
    low = None if bounds.min is None else milli(bounds.min)
    high = None if bounds.max is None else milli(bounds.max)
    return low, high
