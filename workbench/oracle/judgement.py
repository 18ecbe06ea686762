"""The verdict on one lead, and on an account: every step of the order of evaluation, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from workbench.model import Axis, Dimension, Gate, Model, Tier, Variant
from workbench.model.rules import AnyRule
from workbench.oracle.conditions import holds
from workbench.oracle.facts import BUILT_IN, NO_LISTS, Facts, Lead, Lists, facts_of
from workbench.oracle.fading import faded, half_up, idle, kept
from workbench.oracle.points import clipped, milli, paid
from workbench.oracle.scale import product, transformed

_NONE: Mapping[str, Decimal] = MappingProxyType({})
_ONE = Decimal(1)


@dataclass(frozen=True)
class Verdict:
    """What a model says of one lead. All amounts are in thousandths of a point.

    Attributes:
        rules: by id of each enabled rule of the variant that applies, after the rule's cap and weight.
        groups: by name, after the group's cap.
        dimensions: by name, after the dimension's cap; 0 for one that only another variant has.
        score: after the total cap and rounding; None if a gate took the lead out.
        tier: the tier's name, or the gate's where one decided; None if no tier holds.
        gate: the id of the gate that decided, if any.
        variant: the name of the variant that applies; empty for the model itself.
        grade: the grade in the matrix, listed there or not; None without a matrix, or below its lowest parts.
        paid: like `rules`, before cap and weight.
    """

    rules: Mapping[str, int]
    groups: Mapping[str, int]
    dimensions: Mapping[str, int]
    score: int | None
    tier: str | None
    gate: str | None
    variant: str = ""
    grade: str | None = None
    paid: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class AccountVerdict:
    """What a model says of an account: score in thousandths and tier; None for both if no lead is left."""

    score: int | None
    tier: str | None


@dataclass(frozen=True)
class _Applied:
    """What holds for one lead.

    Attributes:
        model: where dimensions, groups, score, tiers and matrix stand.
        rules: those that are enabled.
        variant: whose multipliers and thresholds come on top, if any.
    """

    model: Model
    rules: tuple[AnyRule, ...]
    variant: Variant | None


def judge(
    model: Model,
    lead: Lead,
    as_of_us: int | None,
    lists: Lists = NO_LISTS,
    *,
    built_in: frozenset[str] = BUILT_IN,
) -> Verdict:
    """Score one lead.

    Args:
        model: a checked model.
        lead: its facts.
        as_of_us: the moment of judgement, in UTC epoch microseconds; None for a lead taken as recorded.
        lists: named lists that `one_of: {list: name}` and `member_of` refer to.
        built_in: which of the built-in fields the history has.

    Raises:
        CallError: if the model names a list that is not in `lists`, or asks for what a lead taken as recorded has not.
    """
    facts = facts_of(lead, as_of_us, lists, built_in)
    applied = _applied(model, facts)
    points = {rule.id: paid(rule, facts) for rule in applied.rules}
    rules = {rule.id: _weighted_rule(rule, points[rule.id], applied.variant) for rule in applied.rules}
    groups = {name: clipped(_sum_in(name, applied, rules), group) for name, group in applied.model.groups.items()}
    own = {name: _dimension(name, applied, rules, groups, facts) for name in applied.model.dimensions}
    grade = _grade(applied.model, own)
    score = _total(applied.model, own, grade)
    tier = _tier_by_grade(applied.model, grade)
    if applied.model.matrix is None:
        tier = tier_reached(applied.model, score, own, applied.variant.tiers if applied.variant else _NONE)
    gate = next((gate for gate in model.gates if holds(gate.when, facts)), None)
    out = gate is not None and _is_out(model, gate)
    return Verdict(
        rules=rules,
        groups=groups,
        dimensions={name: own.get(name, 0) for name in _all_dimensions(model)},
        score=None if out else score,
        tier=tier if gate is None else gate.tier,
        gate=None if gate is None else gate.id,
        variant=applied.variant.name if applied.variant is not None else "",
        grade=grade,
        paid=points,
    )


def judge_account(model: Model, verdicts: Sequence[Verdict]) -> AccountVerdict:
    """The score and tier of an account, from the verdicts on all its leads that were created before the same moment.

    A count of leads is given like points: 2 leads are 2,000 thousandths.
    """
    account = model.account
    scores = sorted((verdict.score for verdict in verdicts if verdict.score is not None), reverse=True)
    if account is None or not scores:
        return AccountVerdict(None, None)
    best = scores[: account.top]
    score = {
        "sum": sum(scores),
        "mean": half_up(Fraction(sum(scores), len(scores))),
        "max": scores[0],
        "min": scores[-1],
        "top_mean": half_up(Fraction(sum(best), len(best))),
        "count_above": 1000 * sum(each >= milli(account.above or Decimal(0)) for each in scores),
    }[account.roll_up]
    return AccountVerdict(score, _last_reached(account.tiers, score, {}, _NONE))


def tier_reached(
    model: Model, score: int, dimensions: Mapping[str, int], thresholds: Mapping[str, Decimal] = _NONE
) -> str | None:
    """The last tier whose `from` (or the variant's threshold) and minima hold, of a model without a matrix."""
    return _last_reached(model.tiers, score, dimensions, thresholds)


# --- variants ---------------------------------------------------------------------------------------------------------


def _applied(model: Model, facts: Facts) -> _Applied:
    for variant in model.variants:
        if variant.when is None or holds(variant.when, facts):
            used = model._used.get(variant.name)
            if used is not None:
                return _Applied(used, tuple(rule for rule in used.rules if rule.enabled), variant)
            return _Applied(model, _rules_of(model, variant), variant)
    return _Applied(model, tuple(rule for rule in model.rules if rule.enabled), None)


def _rules_of(model: Model, variant: Variant) -> tuple[AnyRule, ...]:
    instead = {rule.id: rule for rule in variant.override}
    kept = [instead.get(rule.id, rule) for rule in model.rules if rule.id not in variant.drop]
    return tuple(rule for rule in (*kept, *variant.add) if rule.enabled)


def _all_dimensions(model: Model) -> list[str]:
    names = list(model.dimensions)
    for variant in model.variants:
        used = model._used.get(variant.name)
        names += [name for name in (used.dimensions if used is not None else ()) if name not in names]
    return names


# --- sums -------------------------------------------------------------------------------------------------------------


def _weighted_rule(rule: AnyRule, points: int, variant: Variant | None) -> int:
    more = variant.multiply.rules.get(rule.id, _ONE) if variant is not None else _ONE
    return kept(half_up(clipped(points, rule.cap) * Fraction(rule.weight) * Fraction(more)))


def _sum_in(home: str, applied: _Applied, rules: Mapping[str, int]) -> int:
    return sum(rules[rule.id] for rule in applied.rules if rule.in_ == home)


def _dimension(name: str, applied: _Applied, rules: Mapping[str, int], groups: Mapping[str, int], facts: Facts) -> int:
    dimension: Dimension = applied.model.dimensions[name]
    inside = sum(groups[group] for group, its in applied.model.groups.items() if its.in_ == name)
    amount = _sum_in(name, applied, rules) + inside
    if dimension.inactivity is not None:
        amount = faded(amount, idle(dimension.inactivity, facts), dimension.inactivity.decay)
    more = applied.variant.multiply.dimensions.get(name, _ONE) if applied.variant is not None else _ONE
    return clipped(kept(half_up(amount * Fraction(dimension.weight) * Fraction(more))), dimension)


def _total(model: Model, dimensions: Mapping[str, int], grade: str | None) -> int:
    score = model.score
    total = _combined(model, dimensions, grade)
    if score.transform is not None:
        total = transformed(score.transform, total)
    total = clipped(total, score)
    return 1000 * half_up(Fraction(total, 1000)) if score.round == "half_up" else total


def _combined(model: Model, dimensions: Mapping[str, int], grade: str | None) -> int:
    how = model.score.combine
    if how == "weighted":
        weights = model.score.weights
        return kept(half_up(sum((Fraction(weights[name]) * dimensions[name] for name in dimensions), Fraction(0))))
    if how == "product":
        return product(list(dimensions.values()))
    if how == "max":
        return max(dimensions.values())
    if how == "matrix":
        names = [tier.name for tier in model.tiers]
        tier = _tier_by_grade(model, grade)
        return 0 if tier is None else 1000 * (1 + names.index(tier))
    return sum(dimensions.values())


# --- tiers ------------------------------------------------------------------------------------------------------------


def _grade(model: Model, dimensions: Mapping[str, int]) -> str | None:
    if model.matrix is None:
        return None
    row, column = (_part(axis, dimensions) for axis in (model.matrix.rows, model.matrix.columns))
    return None if row is None or column is None else row + column


def _part(axis: Axis, dimensions: Mapping[str, int]) -> str | None:
    """The highest part whose `from` the dimension reaches."""
    reached = [(least, name) for name, least in axis.from_.items() if dimensions[axis.dimension] >= milli(least)]
    return max(reached)[1] if reached else None


def _tier_by_grade(model: Model, grade: str | None) -> str | None:
    return model.matrix.tiers.get(grade) if model.matrix is not None and grade is not None else None


def _last_reached(
    tiers: Sequence[Tier], score: int, dimensions: Mapping[str, int], thresholds: Mapping[str, Decimal]
) -> str | None:
    reached = None
    for tier in tiers:
        least = thresholds.get(tier.name, tier.from_)
        minima = all(dimensions[name] >= milli(points) for name, points in tier.require.items())
        if least is not None and score >= milli(least) and minima:
            reached = tier.name
    return reached


def _is_out(model: Model, gate: Gate) -> bool:
    return all(gate.tier != tier.name for tier in model.tiers)
