"""The lowered form: what is left of a model's conditions when nothing is left to an engine's taste.

Comparisons are on 64-bit integers, doubles that were stored as such, booleans and texts; a comparison with a missing
value is false here already; text is folded by an explicit step; windows are microseconds. Values are frozen and
hashable, so equal questions are asked once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

DAY_US = 86_400_000_000

Kind = Literal["text", "number", "boolean", "time"]
Source = Literal["lead", "account", "event"]


@dataclass(frozen=True)
class Cell:
    """A stored value: a field of the lead or of its account, or a property of an event."""

    source: Source
    name: str
    kind: Kind


@dataclass(frozen=True)
class Constant:
    """True or false whatever the data."""

    value: bool


@dataclass(frozen=True)
class Known:
    """The cell is not missing."""

    cell: Cell


@dataclass(frozen=True)
class Compare:
    """`cell operator value`; false if the cell is missing. `folded` compares text without case and outer blanks."""

    cell: Cell
    operator: Literal["=", "<", "<=", ">", ">="]
    value: str | float | bool
    folded: bool = False


@dataclass(frozen=True)
class Match:
    """The text cell contains, starts or ends with `text`, or holds it as whole words; false if it is missing."""

    cell: Cell
    how: Literal["contains", "starts", "ends", "words"]
    text: str
    folded: bool


@dataclass(frozen=True)
class Conjunction:
    """All parts hold."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True)
class Disjunction:
    """At least one part holds."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True)
class Negation:
    """The part does not hold."""

    part: Predicate


@dataclass(frozen=True)
class Events:
    """A set of events of one lead before as_of.

    Attributes:
        names: event names; None for all.
        where: a predicate on the event's properties.
        window_us: keeps events with as_of - occurred_at < window_us; None for a lifetime.
        per_day: newest kept in one UTC day.
        newest: newest kept in all, after `per_day`.
    """

    names: tuple[str, ...] | None
    where: Predicate
    window_us: int | None
    per_day: int | None = None
    newest: int | None = None


@dataclass(frozen=True)
class Counted:
    """`count of events operator value`, on integers; never missing."""

    events: Events
    operator: Literal["=", "<", "<=", ">", ">="]
    value: int


Predicate = Constant | Known | Compare | Match | Conjunction | Disjunction | Negation | Counted


@dataclass(frozen=True)
class Hit:
    """A feature that is 1 where the predicate holds, else 0."""

    when: Predicate


@dataclass(frozen=True)
class FirstOf:
    """A feature that is the number (from 1) of the first predicate that holds, else 0."""

    cases: tuple[Predicate, ...]


@dataclass(frozen=True)
class Tally:
    """A feature that is the number of events in the set."""

    events: Events


@dataclass(frozen=True)
class Ages:
    """A feature that is a list: for each age in whole days, the number of events of the set."""

    events: Events


Feature = Hit | FirstOf | Tally | Ages


def leaves(predicate: Predicate) -> Iterator[Predicate]:
    """The predicates at the ends of a predicate."""
    if isinstance(predicate, Negation):
        yield from leaves(predicate.part)
    elif isinstance(predicate, Conjunction | Disjunction):
        for part in predicate.parts:
            yield from leaves(part)
    else:
        yield predicate


def event_sets(predicate: Predicate) -> list[Events]:
    """The event sets that a predicate counts."""
    return [leaf.events for leaf in leaves(predicate) if isinstance(leaf, Counted)]


def cells(predicate: Predicate) -> list[Cell]:
    """The cells that a predicate reads, outside of events."""
    return [leaf.cell for leaf in leaves(predicate) if isinstance(leaf, Known | Compare | Match)]


def predicates(feature: Feature) -> tuple[Predicate, ...]:
    """The predicates that a feature is made of."""
    if isinstance(feature, Hit):
        return (feature.when,)
    return feature.cases if isinstance(feature, FirstOf) else ()
