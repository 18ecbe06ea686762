"""Conditions and rules in a person's words, for ledgers, pictures and reports."""

from __future__ import annotations

from typing import Any

from workbench.model.conditions import (
    AccountFieldTest,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Count,
    EventFilter,
    EventTest,
    NamedList,
    NotOf,
)
from workbench.model.rules import CasesRule, EachRule, WhenRule

_SIGNS = {
    "equals": "is",
    "one_of": "is one of",
    "has_word": "has the word",
    "contains_any": "contains",
    "starts_with": "starts with",
    "ends_with": "ends with",
    "at_least": "≥",
    "above": ">",
    "at_most": "≤",
    "below": "<",
}


def in_words(condition: Condition) -> str:
    """A condition as a phrase.

    >>> from workbench.model import FieldTest
    >>> in_words(FieldTest(field="employees", at_least=200.0))
    'employees ≥ 200'
    """
    if isinstance(condition, AllOf):
        return " and ".join(_inner(part) for part in condition.all)
    if isinstance(condition, AnyOf):
        return " or ".join(_inner(part) for part in condition.any)
    if isinstance(condition, NotOf):
        return f"not {_inner(condition.not_)}"
    if isinstance(condition, EventTest):
        return f"{_count(condition.count)} {events_in_words(condition)}"
    name = f"account's {condition.account_field}" if isinstance(condition, AccountFieldTest) else condition.field
    return _comparison(name, condition)


def _inner(condition: Condition) -> str:
    words = in_words(condition)
    return f"({words})" if isinstance(condition, AllOf | AnyOf) else words


def _comparison(name: str, test: Comparison) -> str:
    operator, argument = test.operator, test.argument
    if operator == "known":
        return f"{name} is known" if argument else f"{name} is missing"
    if operator == "between":
        return f"{name} from {_value(argument[0])} to below {_value(argument[1])}"
    if isinstance(argument, NamedList):
        return f"{name} is in the list {argument.list}"
    if isinstance(argument, tuple):
        shown = ", ".join(_value(value) for value in argument[:6]) + (", …" if len(argument) > 6 else "")
        words = "is" if operator == "one_of" and len(argument) == 1 else _SIGNS[operator]
        return f"{name} {words} {shown}"
    return f"{name} {_SIGNS[operator]} {_value(argument)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def events_in_words(source: EventFilter) -> str:
    """A set of events as a phrase: `page_view with page is /pricing in 90 days`."""
    names = "event of any kind" if source.names is None else " or ".join(source.names)
    where = f" with {in_words(source.where)}" if source.where is not None else ""
    window = f" in {source.within} days" if source.within is not None else ""
    return f"{names}{where}{window}"


def _count(count: Count) -> str:
    argument = getattr(count, count.operator)
    if count.operator == "between":
        return f"{argument[0]} to {argument[1] - 1} x"
    if count.operator == "equals":
        return "no" if argument == 0 else f"exactly {argument} x"
    return f"{_SIGNS[count.operator]} {argument} x"


def cases_in_words(rule: WhenRule | CasesRule | EachRule) -> tuple[str, ...]:
    """For each thing a rule may pay for, a phrase: one for `when` and `each`, one a case for `cases`."""
    if isinstance(rule, CasesRule):
        return tuple(in_words(case.when) for case in rule.cases)
    return (in_words(rule.when),) if isinstance(rule, WhenRule) else (events_in_words(rule.each),)
