"""Conditions of the model language as formulas over subjects."""

from __future__ import annotations

import json
from dataclasses import dataclass

from workbench.linting.cell import Ages, Among, Cell, Equal, Flag, Kind, Matches, Missing, Moments, Test
from workbench.linting.formula import FALSE, Formula, Literal, Subject, conjunction, disjunction, negation
from workbench.linting.spans import NONE, Spans, bounded, span, whole
from workbench.linting.texts import How, Pattern, folded, small, words
from workbench.model import (
    AccountFieldTest,
    AllOf,
    AnyOf,
    Condition,
    EventFilter,
    EventTest,
    FieldTest,
    MemberTest,
    NamedList,
    NotOf,
    OtherField,
)
from workbench.model.comparison import NUMBER_OPERATORS, TIME_OPERATORS
from workbench.model.conditions import AGES
from workbench.parsing import moment_us

DAY_US = 86_400_000_000
HOWS: dict[str, How] = {
    "contains_any": "contains",
    "starts_with": "starts",
    "ends_with": "ends",
    "has_word": "words",
    "glob": "glob",
}
_SIGN: dict[str, Spans] = {
    "equals": span(at_least=0, at_most=0),
    "at_least": span(at_least=0),
    "above": span(above=0),
    "at_most": span(at_most=0),
    "below": span(below=0),
    "before": span(below=0),
    "after": span(at_least=0),
}
MEMBER = Among(span(at_least=1, at_most=1))


@dataclass(frozen=True)
class Pair:
    """When a condition holds, and when it is skipped."""

    holds: Formula
    skipped: Formula = FALSE


def compiled(condition: Condition | None, *, source: str = "lead") -> Formula:
    """When a condition holds; one that is left out always does. `source` is "event" in an event's `where`."""
    return conjunction(()) if condition is None else pair(condition, source=source).holds


def pair(condition: Condition, *, source: str = "lead") -> Pair:
    """When a condition holds and when it is skipped."""
    if isinstance(condition, AllOf | AnyOf):
        both = isinstance(condition, AllOf)
        parts = [
            pair(part, source=source) for part in (condition.all if isinstance(condition, AllOf) else condition.any)
        ]
        skipped = conjunction(part.skipped for part in parts)
        if not both:
            return Pair(disjunction(part.holds for part in parts), skipped)
        held = conjunction(disjunction((part.holds, part.skipped)) for part in parts)
        return Pair(conjunction((held, negation(skipped))), skipped)
    if isinstance(condition, NotOf):
        inner = pair(condition.not_, source=source)
        return Pair(conjunction((negation(inner.holds), negation(inner.skipped))), inner.skipped)
    if isinstance(condition, MemberTest):
        lists = (Subject("member", f"{condition.scope} {name}") for name in condition.member_of)
        return Pair(disjunction(Literal(subject, MEMBER) for subject in lists))
    if isinstance(condition, EventTest):
        return _with_missing(_event(condition), (quantity(condition),), condition.missing)
    return _field(condition, source)


def _with_missing(holds: Formula, subjects: tuple[Subject, ...], missing: object) -> Pair:
    if missing is False:
        return Pair(holds)
    absent = disjunction(Literal(subject, Missing()) for subject in subjects)
    return Pair(holds, absent) if missing == "skip" else Pair(disjunction((holds, absent)))


def field(test: FieldTest | AccountFieldTest, source: str = "lead") -> Subject:
    """The field that a test is asked of."""
    return Subject("account" if isinstance(test, AccountFieldTest) else source, test.name)


def _field(test: FieldTest | AccountFieldTest, source: str) -> Pair:
    subject, argument = field(test, source), test.argument
    if test.operator == "known":
        return Pair(Literal(subject, Missing(), not argument))
    if test.operator == "changed_within":
        changed = Subject("changed", subject.name)
        return Pair(Literal(changed, Ages(span(above=0, below=argument * DAY_US))))
    if isinstance(argument, OtherField):
        other = Subject("account" if argument.account_field is not None else source, argument.name)
        sign = Subject("pair", f"{subject.source} {subject.name} - {other.source} {other.name}")
        known = [Literal(each, Missing(), holds=False) for each in (subject, other)]
        holds = conjunction((Literal(sign, Among(_SIGN[test.operator])), *known))
        return _with_missing(holds, (subject, other), test.missing)
    if isinstance(argument, NamedList):
        listed = Subject("list", f"{argument.list} {subject.source} {subject.name} {test.exact}")
        holds = conjunction((Literal(listed, MEMBER), Literal(subject, Missing(), holds=False)))
        return _with_missing(holds, (subject,), test.missing)
    holds = disjunction(Literal(subject, each) for each in tests(test))
    return _with_missing(holds, (subject,), test.missing)


def tests(test: FieldTest | AccountFieldTest) -> list[Test]:
    """The tests of one value, of which at least one must hold."""
    operator, argument = test.operator, test.argument
    if operator in NUMBER_OPERATORS:
        return [Among(bounded(operator, argument))]
    if operator in TIME_OPERATORS:
        return [_time(operator, argument)]
    if operator == "regex":
        return [Matches(frozenset({Pattern("regex", argument, exact=True)}))]
    if operator in HOWS:
        return [Matches(frozenset(pattern(HOWS[operator], text, exact=test.exact) for text in argument))]
    values = argument if isinstance(argument, tuple) else (argument,)
    texts = frozenset(value if test.exact else folded(value) for value in values if isinstance(value, str))
    found: list[Test] = [Equal(texts, test.exact)] if texts else []
    found += [Flag(value) for value in values if isinstance(value, bool)]
    numbers = [value for value in values if not isinstance(value, bool | str)]
    return found + [Among(span(at_least=value, at_most=value)) for value in numbers]


def pattern(how: How, text: str, *, exact: bool) -> Pattern:
    """The pattern that one text of a test asks for."""
    return Pattern(
        how,
        " ".join(words(text if exact else small(text))) if how == "words" else text if exact else small(text),
        exact,
    )


def _time(operator: str, argument: str | int) -> Test:
    if isinstance(argument, str):
        at = moment_us(argument)
        return Moments(span(below=at) if operator == "before" else span(at_least=at))
    days = argument * DAY_US
    if operator == "within":
        return Ages(span(above=0, below=days))
    return Ages(span(at_least=days) if operator == "older_than" else span(above=-days, at_most=0))


# --- events ---------------------------------------------------------------------------------------------------------


def filter_key(events: EventFilter) -> str:
    """A set of events as a text: equal for equal sets of one wording."""
    plain = {name: getattr(events, name) for name in ("within", "older_than", "after", "before", "scope")}
    plain["event"] = None if events.names is None else sorted(events.names)
    where = events.where
    plain["where"] = None if where is None else where.model_dump(mode="json", by_alias=True, exclude_none=True)
    return json.dumps(plain, sort_keys=True)


def quantity(test: EventTest) -> Subject:
    """The quantity that a test on events is asked of."""
    return Subject("events", f"{test.measure} {json.dumps(test.of)} {filter_key(test)}")


def _event(test: EventTest) -> Formula:
    numbers = bounded(test.bound.operator, test.bound.argument)
    if test.measure != "sum":
        numbers = whole(numbers & span(at_least=0))
    return Literal(quantity(test), Among(numbers))


def quantity_cell(test: EventTest, *, possible: bool) -> Cell:
    """What a quantity of events can be at all; `possible`: whether any event can be in the set."""
    ages = test.measure in AGES
    numbers = span() if test.measure == "sum" else whole(span(at_least=0))
    if ages:
        numbers = whole(span(at_least=test.older_than or 0, below=test.within) & span(at_least=0))
    if not possible:
        numbers = (
            NONE
            if ages
            else span(at_least=0, at_most=0)
            if test.measure == "sum"
            else whole(span(below=1)) & whole(span(at_least=0))
        )
    kinds: frozenset[Kind] = frozenset({"number"})
    cell = Cell.of(kinds)
    return Cell(ages, numbers, cell.texts, cell.flags, cell.moments, cell.ages)
