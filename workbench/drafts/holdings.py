"""What a history holds, as far as words of a sheet can be matched against it: fields, their values, events."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from workbench.history import History, frequent_values

MOST_VALUES = 300
Place = tuple[str, str]
"""Where a value stands: `lead`, `account` or `event`, and the name of the field."""
_T = TypeVar("_T")


@dataclass(frozen=True)
class Holdings:
    """Names and values of a history; without one all are empty.

    Attributes:
        given: whether there is a history.
        fields: kind (text, number, boolean, time) by place, of leads and accounts.
        events: names of events.
        values: the most frequent texts by place, of text fields and of text properties of events.
    """

    given: bool = False
    fields: Mapping[Place, str] = field(default_factory=lambda: MappingProxyType({}))
    events: tuple[str, ...] = ()
    values: Mapping[Place, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def field_named(self, names: Iterable[str]) -> tuple[Place, bool] | None:
        """The field that goes by one of the names, and whether the name is its own: else it is the closest."""
        names = list(names)
        for name in names:
            for place in self.fields:
                if letters(place[1]) == letters(name):
                    return place, True
        near = closest(names, {place[1]: place for place in self.fields})
        return (near, False) if near is not None else None

    def event_named(self, names: Iterable[str]) -> tuple[str, bool] | None:
        """The event that goes by one of the names, and whether the name is its own."""
        names = list(names)
        for name in names:
            for event in self.events:
                if letters(event) == letters(name):
                    return event, True
        near = closest(names, {event: event for event in self.events})
        return (near, False) if near is not None else None


NEAR = 0.84
"""Likeness from which a name is taken for another, by difflib's ratio of matching signs."""


SAME_VALUE = 0.9
"""Likeness from which a value is taken for a misspelling of another: `Germny` is, `Austria` is not `Australia`."""


def likeness(one: str, other: str) -> float:
    """How alike two names are, without case, blanks and punctuation: 0 to 1."""
    return difflib.SequenceMatcher(None, letters(one), letters(other)).ratio()


def letters(name: str) -> str:
    """A name without case, blanks and punctuation.

    >>> letters("Job-Title")
    'jobtitle'
    """
    return re.sub(r"[\W_]+", "", name.lower())


def closest(names: Iterable[str], known: Mapping[str, _T]) -> _T | None:
    """What goes by the known name that is nearest to one of the names, if any is near."""
    by_fold = {letters(name): value for name, value in reversed(list(known.items())) if letters(name)}
    for name in names:
        near = difflib.get_close_matches(letters(name), list(by_fold), n=1, cutoff=NEAR)
        if near:
            return by_fold[near[0]]
    return None


def holdings(history: History | None) -> Holdings:
    """What the history holds; nothing without one."""
    if history is None:
        return Holdings()
    fields: dict[Place, str] = {}
    values: dict[Place, tuple[str, ...]] = {}
    for scope, known in (("lead", history.lead_fields), ("account", history.account_fields)):
        for name, each in known.items():
            fields[scope, name] = each.kind
            if each.kind == "text":
                values[scope, name] = frequent_values(history, f"{scope}_fields", f"f_{name}", most=MOST_VALUES)
    for name, kind in history.properties.items():
        if kind == "text":
            values["event", name] = frequent_values(history, "events", f"p_{name}", most=MOST_VALUES)
    return Holdings(True, MappingProxyType(fields), tuple(history.events), MappingProxyType(values))
