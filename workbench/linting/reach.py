"""What a model can pay at all: the possible range of each rule, group, dimension and score, by interval arithmetic.

Rules are taken as free of each other, so a range may be wider than what any lead can get, never narrower. Numbers are
thousandths of a point; an open end is infinite.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import product
from typing import TypeAlias

from workbench.linting.compiled import compiled
from workbench.linting.formula import Term, TooMany, negation
from workbench.linting.logic import START
from workbench.linting.parts import Parts, RulePart
from workbench.model import Bounds, CasesRule, Decay, EachRule, Model, WhenRule
from workbench.parsing import milli

Milli: TypeAlias = float | int


@dataclass(frozen=True)
class Range:
    """What may be paid.

    Attributes:
        low, high: the ends, both included.
        least: the least size of a payment that is not 0; 0 where that is not known, infinite where all are 0.
    """

    low: Milli
    high: Milli
    least: Milli

    @classmethod
    def of(cls, values: Iterable[Milli]) -> Range:
        """The range of some payments."""
        found = list(values) or [0]
        return cls(min(found), max(found), min((abs(value) for value in found if value), default=math.inf))

    def through(self, change: Callable[[Milli], Milli]) -> Range:
        """The range after a change that keeps order and 0."""
        return Range(
            change(self.low), change(self.high), abs(change(self.least)) if self.least < math.inf else math.inf
        )

    def capped(self, bounds: Bounds) -> Range:
        """The range after a cap."""
        low, high = (clipped(value, bounds) for value in (self.low, self.high))
        return Range(low, high, min(self.least, max(abs(low), abs(high))) if self.least < math.inf else self.least)


ZERO = Range(0, 0, math.inf)


def clipped(value: Milli, bounds: Bounds) -> Milli:
    """A value kept in a cap."""
    if bounds.min is not None:
        value = max(value, milli(bounds.min))
    return value if bounds.max is None else min(value, milli(bounds.max))


def total(ranges: Iterable[Range]) -> Range:
    """The range of a sum of payments that are free of each other."""
    found = list(ranges)
    one_sign = all(each.low >= 0 for each in found) or all(each.high <= 0 for each in found)
    least = min((each.least for each in found), default=math.inf)
    return Range(sum(each.low for each in found), sum(each.high for each in found), least if one_sign else 0)


def weighted(value: Milli, weight: Decimal) -> Milli:
    """A value times a weight, rounded half up; an infinite end times 0 is 0."""
    if math.isinf(value):
        return value if weight else 0
    return math.floor(Fraction(value) * Fraction(weight) + Fraction(1, 2))


def paid(part: RulePart, parts: Parts) -> Range:
    """What a rule can pay before its limit of points, cap and weight."""
    rule = part.rule
    asleep: list[Milli] = [0] if part.restricted else []
    if isinstance(rule, WhenRule):
        fires = parts.can_fire(part)
        never = [] if fires and parts.logic.certain(compiled(rule.when)) else [0]
        return Range.of([*asleep, *never, *([milli(rule.points)] if fires else [])])
    if isinstance(rule, CasesRule):
        return Range.of([*asleep, *case_payments(rule, parts)])
    return _events(rule) if parts.can_fire(part) else ZERO


def case_payments(rule: CasesRule, parts: Parts) -> list[Milli]:
    """What the cases that can be reached pay, and the default if somebody is left for it."""
    rest: list[Term] = list(START)
    values: list[Milli] = []
    try:
        for case in rule.cases:
            formula = compiled(case.when)
            if parts.logic.possible(formula, rest):
                values.append(milli(case.points))
            rest = parts.logic.ways(negation(formula), rest)
    except TooMany:
        return [milli(rule.default), *(milli(case.points) for case in rule.cases)]
    return [*values, milli(rule.default)] if rest else values


def most_events(rule: EachRule) -> Milli:
    """Most events that can count."""
    within, per_day, events = rule.each.within, rule.limit.per_day, rule.limit.events
    by_day = math.inf if within is None or per_day is None else per_day * (within + 1)
    return min(by_day, math.inf if events is None else events)


def _events(rule: EachRule) -> Range:
    one = milli(rule.points)
    if not one:
        return ZERO
    count = most_events(rule)
    ends = (0, one * count)
    fades = rule.decay is not None and (one > 0 or rule.decay.negatives)
    return Range(min(ends), max(ends), 0 if fades else abs(one))


def limited(found: Range, rule: EachRule) -> Range:
    """After the limit of points."""
    if rule.limit.points is None:
        return found
    return found.capped(Bounds(min=-rule.limit.points, max=rule.limit.points))


@dataclass(frozen=True)
class Reach:
    """What one alternative of a model can pay.

    Attributes:
        model: the alternative, written out.
        rules: by id, before each rule's cap.
        groups: by name, before the group's cap.
        raw: by dimension, before its cap.
        dimensions: by name, after caps.
        raw_score: before the total cap.
        score: after cap and rounding.
    """

    model: Model
    rules: dict[str, Range]
    groups: dict[str, Range]
    raw: dict[str, Range]
    dimensions: dict[str, Range]
    raw_score: Range
    score: Range


def reach(parts: Parts, number: int) -> Reach:
    """What the alternative of this number can pay."""
    model = parts.model.alternatives[number].model
    of = {part.id: part for part in parts.rules if number in part.alternatives}
    rules: dict[str, Range] = {}
    inside: dict[str, list[Range]] = {name: [] for name in (*model.dimensions, *model.groups)}
    for rule in model.rules:
        if not rule.enabled or rule.id not in of:
            continue
        found = paid(of[rule.id], parts)
        rules[rule.id] = limited(found, rule) if isinstance(rule, EachRule) else found
        inside[rule.in_].append(rules[rule.id].capped(rule.cap).through(partial(weighted, weight=rule.weight)))
    groups = {name: total(inside[name]) for name in model.groups}
    raw: dict[str, Range] = {}
    for name, dimension in model.dimensions.items():
        mine = [groups[each].capped(group) for each, group in model.groups.items() if group.in_ == name]
        summed = total([*inside[name], *mine])
        if dimension.inactivity is not None:
            summed = _faded(summed, dimension.inactivity.decay)
        raw[name] = summed.through(partial(weighted, weight=dimension.weight))
    dimensions = {name: raw[name].capped(dimension) for name, dimension in model.dimensions.items()}
    combined = _transformed(_combined(model, dimensions), model)
    return Reach(model, rules, groups, raw, dimensions, combined, _rounded(combined.capped(model.score), model))


def _faded(found: Range, decay: Decay) -> Range:
    """After inactivity: what is left lies between the floor's share and all."""
    low = weighted(found.low, decay.floor) if found.low > 0 else found.low
    high = weighted(found.high, decay.floor) if found.high < 0 and decay.negatives else found.high
    return Range(low, high, 0)


def _combined(model: Model, dimensions: dict[str, Range]) -> Range:
    found = list(dimensions.values())
    combine = model.score.combine
    if combine == "max":
        return Range(max(each.low for each in found), max(each.high for each in found), 0)
    if combine == "weighted":
        lows = (_times(each.low, model.score.weights[name]) for name, each in dimensions.items())
        highs = (_times(each.high, model.score.weights[name]) for name, each in dimensions.items())
        return Range(_up(sum(lows)), _up(sum(highs)), 0)
    if combine == "product":
        corners = [_product(corner) for corner in product(*((each.low, each.high) for each in found))]
        return Range(min(corners), max(corners), 0)
    if combine == "matrix":
        ranks = [1000 * (rank + 1) for rank in matrix_ranks(model, dimensions)]
        return Range.of(ranks)
    return total(found)


def _times(value: Milli, weight: Decimal) -> Fraction | float:
    return (value if weight else 0.0) if math.isinf(value) else Fraction(value) * Fraction(weight)


def _up(value: Fraction | float) -> Milli:
    return float(value) if math.isinf(value) else math.floor(Fraction(value) + Fraction(1, 2))


def _product(corner: tuple[Milli, ...]) -> Milli:
    if 0 in corner:
        return 0
    if any(math.isinf(value) for value in corner):
        return math.inf * math.prod(1 if value > 0 else -1 for value in corner)
    return math.floor(Fraction(math.prod(int(value) for value in corner), 1000 ** (len(corner) - 1)) + Fraction(1, 2))


def _transformed(found: Range, model: Model) -> Range:
    transform = model.score.transform
    if transform is None:
        return found
    cuts = transform.cuts
    starts = [low for low, _ in cuts]
    return Range.of(cuts[max(0, bisect_right(starts, value) - 1)][1] for value in (found.low, found.high))


def _rounded(found: Range, model: Model) -> Range:
    return found if model.score.round == "none" else found.through(_to_whole)


def _to_whole(value: Milli) -> Milli:
    return value if math.isinf(value) else (int(value) + 500) // 1000 * 1000


def axis_reach(model: Model, dimensions: dict[str, Range]) -> tuple[dict[str, bool], dict[str, bool]]:
    """For each part of both sides of the matrix, by name, whether a lead can be in it; '' is below the lowest part."""
    assert model.matrix is not None  # noqa: S101  (asked of models with a matrix)
    sides = []
    for axis in (model.matrix.rows, model.matrix.columns):
        found = dimensions[axis.dimension]
        ends = [
            ("", -math.inf),
            *((name, milli(least)) for name, least in sorted(axis.from_.items(), key=lambda part: part[1])),
        ]
        nexts = [*(least for _, least in ends[1:]), math.inf]
        sides.append(
            {name: found.high >= low and found.low < end for (name, low), end in zip(ends, nexts, strict=True)}
        )
    return sides[0], sides[1]


def matrix_ranks(model: Model, dimensions: dict[str, Range]) -> set[int]:
    """The ranks of the tiers that the matrix can give; -1 is none."""
    assert model.matrix is not None  # noqa: S101
    rows, columns = axis_reach(model, dimensions)
    pairs = [(row, column) for row, can in rows.items() for column, may in columns.items() if can and may]
    given = model.matrix.tiers
    return {model.tier(given.get(f"{row}{column}", "")) if row and column else -1 for row, column in pairs}
