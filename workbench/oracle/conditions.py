"""Whether a condition holds, and what a quantity of events is. None stands for a test that is skipped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from workbench.model import (
    AccountFieldTest,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    EventFilter,
    EventTest,
    FieldTest,
    MemberTest,
    NamedList,
    NotOf,
    OtherField,
)
from workbench.oracle.facts import DAY_US, Event, Fact, Facts, moment
from workbench.oracle.texts import found_by, plain, text_holds

MOST = 1e9
"""Values that are summed are kept within this."""


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether a condition holds; one of which nothing is left does not."""
    return _truth(condition, facts) is True


def passing(wanted: EventFilter, facts: Facts) -> list[Event]:
    """The events before the moment that pass a filter and its windows, newest first."""
    kept = [event for event in facts.events(wanted.scope) if _passes(event, wanted, facts)]
    return sorted(kept, key=lambda event: event.at_us, reverse=True)


def measured(wanted: EventFilter, measure: str, of: str | None, facts: Facts) -> Fraction | None:
    """A quantity of events, exactly; a sum in points, an age in whole days; None for an age without any event."""
    events = passing(wanted, facts)
    if measure == "count":
        return Fraction(len(events))
    if measure == "days":
        return Fraction(len({event.at_us // DAY_US for event in events}))
    if measure == "leads":
        return Fraction(len({event.lead for event in events}))
    if measure in {"first_age", "last_age"}:
        ages = [facts.age(event) for event in events]
        pick = max if measure == "first_age" else min
        return Fraction(pick(ages)) if ages else None
    values = [event.properties.get(str(of)) for event in events]
    if measure == "distinct":
        return Fraction(len({key_of(value) for value in values if value is not None}))
    return Fraction(sum(_summand(value) for value in values if _is_number(value)), 1000)


def key_of(value: Fact) -> tuple[str, Fact]:
    """What tells values of a property apart: texts folded and trimmed, numbers as doubles."""
    if isinstance(value, str):
        return "text", plain(value)
    return ("boolean", value) if isinstance(value, bool) or value is None else ("number", float(value))


def _summand(value: Any) -> int:
    """A value in thousandths, worked out in doubles; kept within a thousand million first."""
    return math.floor(1000.0 * max(-MOST, min(MOST, float(value))) + 0.5)


def _passes(event: Event, wanted: EventFilter, facts: Facts) -> bool:
    age = facts.age(event)
    window = (
        (wanted.within is None or age < wanted.within)
        and (wanted.older_than is None or age >= wanted.older_than)
        and (wanted.after is None or event.at_us >= moment(wanted.after))
        and (wanted.before is None or event.at_us < moment(wanted.before))
    )
    named = "any" in wanted.event or event.name in wanted.event
    own = replace(facts, fields=event.properties, account={})
    return named and window and (wanted.where is None or holds(wanted.where, own))


# --- logic ------------------------------------------------------------------------------------------------------------


def _truth(condition: Condition, facts: Facts) -> bool | None:
    if isinstance(condition, AllOf):
        parts = _left(condition.all, facts)
        return all(parts) if parts else None
    if isinstance(condition, AnyOf):
        parts = _left(condition.any, facts)
        return any(parts) if parts else None
    if isinstance(condition, NotOf):
        inner = _truth(condition.not_, facts)
        return None if inner is None else not inner
    if isinstance(condition, EventTest):
        return _events_truth(condition, facts)
    if isinstance(condition, MemberTest):
        member = facts.lead.lead_id if condition.scope == "lead" else facts.lead.account_id
        lists = [facts.list(name) for name in condition.member_of]
        return any(member in each for each in lists)
    return _field_truth(condition, facts)


def _left(parts: Sequence[Condition], facts: Facts) -> list[bool]:
    """The truth of the parts that are not skipped."""
    found = [_truth(part, facts) for part in parts]
    return [truth for truth in found if truth is not None]


def _events_truth(test: EventTest, facts: Facts) -> bool | None:
    number = measured(test, test.measure, test.of, facts)
    if number is None:
        return None if test.missing == "skip" else test.missing
    bound = test.bound
    argument = bound.argument
    exact = tuple(Fraction(end) for end in argument) if isinstance(argument, tuple) else Fraction(argument)
    return _in_order(bound.operator, number, exact)


def _field_truth(test: FieldTest | AccountFieldTest, facts: Facts) -> bool | None:
    value = facts.fields.get(test.field) if isinstance(test, FieldTest) else facts.account.get(test.account_field)
    if test.known is not None:
        return (value is not None) == test.known
    if test.changed_within is not None:
        return isinstance(test, FieldTest) and _changed(test.field, test.changed_within, facts)
    wanted = test.argument
    if isinstance(wanted, OtherField):
        wanted = facts.fields.get(wanted.field) if wanted.field is not None else facts.account.get(wanted.name)
    elif isinstance(wanted, NamedList):
        wanted = tuple(facts.list(wanted.list))
    elif test.operator in {"before", "after"}:
        wanted = moment(wanted)
    if value is None or wanted is None:
        return None if test.missing == "skip" else test.missing
    return _compares(test, value, wanted, facts)


def _changed(field: str, days: int, facts: Facts) -> bool:
    now = facts.now
    return any(0 < now - at < days * DAY_US for name, at in facts.lead.changes if name == field)


# --- comparisons ------------------------------------------------------------------------------------------------------


def _compares(test: Comparison, value: Any, wanted: Any, facts: Facts) -> bool:
    operator = test.operator
    if operator == "equals":
        return _is_same(value, wanted, exact=test.exact)
    if operator == "one_of":
        return any(_is_same(value, one, exact=test.exact) for one in wanted)
    if operator == "regex":
        return isinstance(value, str) and found_by(wanted, value)
    if operator in {"has_word", "contains_any", "starts_with", "ends_with", "glob"}:
        return isinstance(value, str) and text_holds(operator, value, wanted, exact=test.exact)
    if operator in {"at_least", "above", "at_most", "below", "between"}:
        return _is_number(value) and _in_order(operator, float(value), wanted)
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    if operator in {"before", "after"}:
        return isinstance(wanted, int) and (value < wanted) == (operator == "before")
    age = facts.now - value
    if operator == "within":
        return bool(0 < age < wanted * DAY_US)
    if operator == "older_than":
        return bool(age >= wanted * DAY_US)
    return bool(0 <= -age < wanted * DAY_US)


def _is_number(value: Fact) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_same(value: Fact, wanted: Fact, *, exact: bool) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return value == wanted if exact else plain(value) == plain(wanted)
    if isinstance(value, bool) or isinstance(wanted, bool):
        return isinstance(value, bool) and isinstance(wanted, bool) and value == wanted
    if value is None or wanted is None or isinstance(value, str) or isinstance(wanted, str):
        return False
    return float(value) == float(wanted)


def _in_order(operator: str, number: float | Fraction, wanted: Any) -> bool:
    """A bound on a number; doubles are compared with doubles, exact numbers with exact numbers."""
    if operator == "between":
        low, high = wanted
        return bool(_like(number, low) <= number < _like(number, high))
    if isinstance(wanted, str | bool):
        return False
    end = _like(number, wanted)
    return {
        "equals": number == end,
        "at_least": number >= end,
        "above": number > end,
        "at_most": number <= end,
        "below": number < end,
    }[operator]


def _like(number: float | Fraction, end: float | Fraction | Decimal) -> float | Fraction:
    return float(end) if isinstance(number, float) else Fraction(end)
