"""Two rules that are paid by the same evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from workbench.linting.catalogue import BY_CODE
from workbench.linting.compiled import compiled
from workbench.linting.finding import Finding
from workbench.linting.formula import Formula, Literal, literals, required
from workbench.linting.logic import Logic, contained, same_events
from workbench.linting.parts import Parts, RulePart
from workbench.model import CasesRule, EachRule, Effective, EventTest, WhenRule
from workbench.parsing import moment_us


@dataclass(frozen=True)
class Paid:
    """A rule with what it is paid for.

    Attributes:
        part: the rule.
        formulas: when it pays: one, or one a case.
        points: likewise.
        names: coarse names of what is asked, to leave out pairs that have nothing in common.
        needs: those of them that must be as asked, so that it pays at all.
        certain: whether one of the formulas always holds, or never.
    """

    part: RulePart
    formulas: tuple[Formula, ...]
    points: tuple[Decimal, ...]
    names: frozenset[str]
    needs: frozenset[str]
    certain: bool


def evidence(parts: Parts) -> Iterator[Finding]:
    """L161 and L162."""
    for one, other in _pairs(parts):
        yield from _pair(one, other, parts.logic)


def alike(parts: Parts) -> Iterator[frozenset[str]]:
    """Pairs of rules that are paid by the same evidence, as far as the model alone tells."""
    for one, other in _pairs(parts):
        if _same(one, other, parts.logic):
            yield frozenset((one.part.id, other.part.id))


def _pairs(parts: Parts) -> Iterator[tuple[Paid, Paid]]:
    """Pairs of rules that can pay together and ask for related things."""
    found = [paid for part in parts.rules if parts.can_fire(part) and (paid := _paid(part, parts.logic)) is not None]
    for one, other in combinations(found, 2):
        together = set(one.part.alternatives) & set(other.part.alternatives)
        if together and one.names & other.names and _at_once(one.part.rule.effective, other.part.rule.effective):
            yield one, other


def _paid(part: RulePart, logic: Logic) -> Paid | None:
    rule = part.rule
    if not rule.weight:
        return None
    if isinstance(rule, CasesRule):
        formulas = tuple(compiled(case.when) for case in rule.cases)
        points = tuple(case.points for case in rule.cases)
    else:
        formulas = (compiled(rule.when),) if isinstance(rule, WhenRule) else ()
        points = (rule.points,)
    names = {_coarse(literal) for formula in formulas for literal in literals(formula)}
    if isinstance(rule, EachRule):
        names.add("events")
    needs = {_coarse(literal) for formula in formulas for literal in required(formula)}
    certain = any(logic.certain(formula) or not logic.possible(formula) for formula in formulas)
    return Paid(part, formulas, points, frozenset(names), frozenset(needs), certain) if any(points) else None


def _coarse(literal: Literal) -> str:
    subject = literal.subject
    return "events" if subject.source == "events" else f"{subject.source} {subject.name}"


def _at_once(one: Effective, other: Effective) -> bool:
    """Whether both are in force at some time."""
    starts = [moment_us(each.from_) for each in (one, other) if each.from_ is not None]
    ends = [moment_us(each.to) for each in (one, other) if each.to is not None]
    return not starts or not ends or max(starts) < min(ends)


def _pair(one: Paid, other: Paid, logic: Logic) -> Iterator[Finding]:
    a, b = one.part, other.part
    if _same(one, other, logic):
        sentence = f"'{a.id}' ({_spelled(one)}) and '{b.id}' ({_spelled(other)}) are paid by the same evidence."
        yield BY_CODE["L161"].at(b.id, b.place(), sentence)
        return
    if a.model.dimension_of(a.rule) != b.model.dimension_of(b.rule) or (one.points[0] > 0) != (other.points[0] > 0):
        return
    for few, many in ((one, other), (other, one)):
        if _nested(few, many, logic):
            sentence = (
                f"Whoever gets '{few.part.id}' ({_spelled(few)}) also gets '{many.part.id}' ({_spelled(many)}), "
                "in the same dimension."
            )
            yield BY_CODE["L162"].at(few.part.id, few.part.place(), sentence)
            return


def _same(one: Paid, other: Paid, logic: Logic) -> bool:
    a, b = one.part.rule, other.part.rule
    if isinstance(a, EachRule) and isinstance(b, EachRule):
        return same_events(a.each, b.each)
    for each, when in ((a, b), (b, a)):
        if isinstance(each, EachRule):
            return isinstance(when, WhenRule) and _any_of(when, each)
    if len(one.formulas) != len(other.formulas):
        return False
    if one.certain or other.certain or not (one.needs <= other.names and other.needs <= one.names):
        return False
    pairs = zip(one.formulas, other.formulas, strict=True)
    return all(logic.implies(x, y) and logic.implies(y, x) for x, y in pairs)


def _any_of(when: WhenRule, each: EachRule) -> bool:
    """Whether a `when` rule asks for one event of those that an `each` rule pays."""
    test = when.when
    if not isinstance(test, EventTest) or test.measure != "count" or not same_events(test, each.each):
        return False
    return (test.bound.operator, test.bound.argument) in {("at_least", 1), ("above", 0)}


def _nested(few: Paid, many: Paid, logic: Logic) -> bool:
    a, b = few.part.rule, many.part.rule
    if isinstance(a, EachRule) and isinstance(b, EachRule):
        return contained(a.each, b.each)
    if not (isinstance(a, WhenRule) and isinstance(b, WhenRule)):
        return False
    return not many.certain and many.needs <= few.names and logic.implies(few.formulas[0], many.formulas[0])


def _spelled(paid: Paid) -> str:
    return ", ".join(f"{points:+g}" for points in paid.points[:3]) + (", …" if len(paid.points) > 3 else "")
