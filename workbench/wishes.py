"""From a condition to the changes of a lead's facts that could make it hold, or not hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice, product
from types import MappingProxyType

from workbench.model import (
    AccountFieldTest,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    EventFilter,
    EventTest,
    FieldTest,
    NamedList,
    NotOf,
    OtherField,
)
from workbench.model.words import events_in_words, in_words
from workbench.oracle import Event, Fact, Facts, Lead, holds

MOST_EVENTS = 5
MOST_WAYS = 12
ANOTHER = "(another)"


@dataclass(frozen=True)
class SetField:
    """A field of the lead or of its account would have another value."""

    name: str
    value: Fact
    account: bool
    words: str

    def done(self, lead: Lead, as_of_us: int | None) -> Lead:
        """The lead with that value."""
        del as_of_us
        if self.account:
            return replace(lead, account={**lead.account, self.name: self.value})
        return replace(lead, fields={**lead.fields, self.name: self.value})


@dataclass(frozen=True)
class AddEvents:
    """Some more events of a kind would happen just before as_of."""

    event: str
    properties: tuple[tuple[str, Fact], ...]
    count: int
    words: str = field(compare=False)

    def done(self, lead: Lead, as_of_us: int | None) -> Lead:
        """The lead with those events."""
        at = (as_of_us or 0) - 1
        more = tuple(Event(at, self.event, dict(self.properties)) for _ in range(self.count))
        return replace(lead, events=(*lead.events, *more))

    @staticmethod
    def up_to(wanted: EventFilter, most: int = MOST_EVENTS) -> Iterator[AddEvents]:
        """One to `most` more events that pass a filter; none if it asks for what is past."""
        if wanted.older_than is not None or wanted.before is not None:
            return
        properties = tuple(_properties(wanted.where).items())
        name = (wanted.names or ("any event",))[0]
        for count in range(1, most + 1):
            yield AddEvents(name, properties, count, f"{count} more {events_in_words(wanted)}")


@dataclass(frozen=True)
class Enter:
    """The lead would enter a stage just before as_of."""

    stage: str

    @property
    def words(self) -> str:
        """In words."""
        return f"the lead enters the stage {self.stage}"

    def done(self, lead: Lead, as_of_us: int | None) -> Lead:
        """The lead in that stage."""
        return replace(lead, stages=(*lead.stages, (self.stage, (as_of_us or 0) - 1)))


Edit = SetField | AddEvents | Enter
Ways = Iterator[tuple[Edit, ...]]


def ways_to(condition: Condition, facts: Facts, *, wanted: bool) -> Ways:
    """Some changes after which a condition may hold (or not, where it is not `wanted`); whether it does is to be tried.

    Dates, lists of members, and the past cannot be changed. Parts that are as they should be are left alone.
    """
    if isinstance(condition, NotOf):
        yield from ways_to(condition.not_, facts, wanted=not wanted)
    elif isinstance(condition, AllOf | AnyOf):
        parts = condition.all if isinstance(condition, AllOf) else condition.any
        open_parts = [part for part in parts if holds(part, facts) != wanted]
        if isinstance(condition, AllOf) == wanted:  # every part has to change
            each = [list(islice(ways_to(part, facts, wanted=wanted), MOST_WAYS)) for part in open_parts]
            for ways in islice(product(*each), MOST_WAYS):
                yield tuple(edit for way in ways for edit in way)
        else:
            for part in open_parts:
                yield from ways_to(part, facts, wanted=wanted)
    elif isinstance(condition, EventTest):
        yield from ((edit,) for edit in AddEvents.up_to(condition, max(MOST_EVENTS, _asked(condition))))
    elif isinstance(condition, FieldTest | AccountFieldTest):
        yield from _of_field(condition, facts, wanted=wanted)


def _asked(test: EventTest) -> int:
    """How many events a test on their number asks for, as far as anybody would try."""
    bound = test.bound.argument if test.measure == "count" else 1
    return min(20, int(bound[0] if isinstance(bound, tuple) else bound) + 1)


def _of_field(test: FieldTest | AccountFieldTest, facts: Facts, *, wanted: bool) -> Ways:
    account = isinstance(test, AccountFieldTest)
    if not account and test.name == "stage" and test.name in facts.fields:
        value = _value(test, facts) if wanted else None
        if isinstance(value, str):
            yield (Enter(value),)
        return
    built_in = not account and test.name in {"created_at", "recorded_score"} and test.name in facts.fields
    value = None if built_in else _value(test, facts) if wanted else _other_value(test)
    if value is not None:
        words = in_words(test if wanted else NotOf.model_validate({"not": test}))
        yield (SetField(test.name, value, account, words),)


_FIRST = ("has_word", "contains_any", "starts_with", "ends_with", "glob")


def _value(test: Comparison, facts: Facts | None) -> Fact:
    """A value for which a test holds; None if there is none to choose."""
    operator, argument = test.operator, test.argument
    if isinstance(argument, OtherField) or operator in {"regex", "changed_within"}:
        return None
    if isinstance(argument, NamedList):
        values = () if facts is None else facts.lists.get(argument.list, ())
        return values[0] if values else None
    if operator == "one_of" or operator in _FIRST:
        first: Fact = argument[0]
        return first.replace("*", "").replace("?", "x") if isinstance(first, str) and operator == "glob" else first
    if operator == "between":
        return float(argument[0])
    shift = {"above": 1.0, "below": -1.0}.get(operator, 0.0)
    if operator in {"at_least", "above", "at_most", "below"}:
        return float(argument) + shift
    same: Fact = argument if operator == "equals" else None
    return same


def _other_value(test: Comparison) -> Fact:
    """A value for which a test does not hold; None if there is none to choose."""
    operator, argument = test.operator, test.argument
    if isinstance(argument, OtherField) or operator in {"regex", "changed_within", "known"}:
        return None
    if operator in {"at_least", "above", "between"}:
        return float(argument[0] if operator == "between" else argument) - 1.0
    if operator in {"at_most", "below"}:
        return float(argument) + 1.0
    one = argument[0] if isinstance(argument, tuple) else argument
    if isinstance(one, bool):
        return not one
    if isinstance(one, int | float):
        return float(max(argument) if isinstance(argument, tuple) else argument) + 1.0
    return ANOTHER if isinstance(one, str | NamedList) else None


def _properties(where: Condition | None) -> Mapping[str, Fact]:
    """Properties with which an event passes a condition, as far as they can be chosen."""
    if isinstance(where, AllOf):
        return {name: value for part in where.all for name, value in _properties(part).items()}
    if isinstance(where, AnyOf):
        return _properties(where.any[0])
    if isinstance(where, FieldTest):
        value = _value(where, None)
        return {} if value is None else {where.field: value}
    if isinstance(where, NotOf) and isinstance(where.not_, FieldTest):
        value = _other_value(where.not_)
        return {} if value is None else {where.not_.field: value}
    return MappingProxyType({})
