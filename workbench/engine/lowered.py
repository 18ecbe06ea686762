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
Source = Literal["lead", "account", "event", "built in"]
Order = Literal["=", "<", "<=", ">", ">="]
Measure = Literal["count", "days", "leads", "distinct", "sum", "first_age", "last_age"]

BUILT_IN: dict[str, Kind] = {"stage": "text", "created_at": "time", "recorded_score": "number"}
"""Fields that are worked out at as_of. Besides these, `lead_id` and `account_id` are built in for lists of members."""


@dataclass(frozen=True)
class Cell:
    """A stored value: a field of the lead or of its account, a property of an event, or a built-in field.

    Times are UTC epoch microseconds.
    """

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
    """`cell operator value`; false if the cell is missing. `folded` compares text without case and outer blanks.

    Numbers are compared as doubles, times as integers.
    """

    cell: Cell
    operator: Order
    value: str | float | bool | int
    folded: bool = False


@dataclass(frozen=True)
class CompareCells:
    """`cell operator other`, two cells of one kind; false if either is missing."""

    cell: Cell
    operator: Order
    other: Cell
    folded: bool = False


@dataclass(frozen=True)
class Age:
    """low_us <= as_of - cell < high_us for a time; an end that is None is open; false if the cell is missing."""

    cell: Cell
    low_us: int | None
    high_us: int | None


@dataclass(frozen=True)
class AsOf:
    """from_us <= as_of < to_us; an end that is None is open."""

    from_us: int | None
    to_us: int | None


@dataclass(frozen=True)
class Changed:
    """The changes table has a change of the lead's field with 0 < as_of - at < window_us."""

    field: str
    window_us: int


@dataclass(frozen=True)
class Match:
    """A test on a text cell; false if it is missing.

    It contains, starts or ends with `text`, or holds it as whole words; or the whole cell is matched by the glob
    `text` (`*` any run, `?` one sign, nothing else special); or the pattern `text` is found in it (never folded).
    """

    cell: Cell
    how: Literal["contains", "starts", "ends", "words", "glob", "regex"]
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
    """A set of events before as_of, of one lead or of all leads of its account.

    Attributes:
        names: event names; None for all.
        where: a predicate on the event's properties.
        window_us: keeps events with as_of - occurred_at < window_us; None for a lifetime.
        older_us: keeps events with as_of - occurred_at >= older_us.
        from_us, to_us: keeps events with from_us <= occurred_at < to_us.
        account: events of all leads of the lead's account; a lead without one has its own.
        force: if given, no event counts unless it holds: when the rule is in force.
        distinct: of events with the same value of this property (texts folded) only the newest is kept, of those
            without a value none; before `per_day`.
        per_day: newest kept in one UTC day.
        newest: newest kept in all, after `per_day`.
    """

    names: tuple[str, ...] | None
    where: Predicate
    window_us: int | None = None
    older_us: int | None = None
    from_us: int | None = None
    to_us: int | None = None
    account: bool = False
    force: AsOf | None = None
    distinct: Cell | None = None
    per_day: int | None = None
    newest: int | None = None


@dataclass(frozen=True)
class Measured:
    """`measure of events operator value`, on integers.

    Counts (`count`, `days`, `leads`, `distinct`) and `sum` (thousandths) are 0 without events. `first_age` and
    `last_age` are as_of - occurred_at in microseconds of the oldest and newest event: false without one.
    """

    events: Events
    measure: Measure
    of: Cell | None
    operator: Order
    value: int


Predicate = (
    Constant
    | Known
    | Compare
    | CompareCells
    | Age
    | AsOf
    | Changed
    | Match
    | Conjunction
    | Disjunction
    | Negation
    | Measured
)


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


@dataclass(frozen=True)
class Idle:
    """A feature that is the age in whole days of the newest event of the set; -1 without one."""

    events: Events


Feature = Hit | FirstOf | Tally | Ages | Idle


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
    """The event sets that a predicate measures."""
    return [leaf.events for leaf in leaves(predicate) if isinstance(leaf, Measured)]


def cells(predicate: Predicate) -> list[Cell]:
    """The cells that a predicate reads, outside of events."""
    found: list[Cell] = []
    for leaf in leaves(predicate):
        if isinstance(leaf, Known | Compare | CompareCells | Age | Match):
            found.append(leaf.cell)
        if isinstance(leaf, CompareCells):
            found.append(leaf.other)
    return found


def predicates(feature: Feature) -> tuple[Predicate, ...]:
    """The predicates that a feature is made of."""
    if isinstance(feature, Hit):
        return (feature.when,)
    return feature.cases if isinstance(feature, FirstOf) else ()
