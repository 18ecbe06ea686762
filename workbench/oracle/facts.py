"""What is known of one lead at the time it is judged, as plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from workbench.errors import CallError, listed

DAY_US = 24 * 60 * 60 * 1_000_000
BUILT_IN = frozenset({"stage", "created_at", "recorded_score"})
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

Fact = str | float | bool | int | None
"""A text, a number (float, or int), a boolean, a time (int, UTC epoch microseconds), or None where missing."""
Lists = Mapping[str, tuple[str, ...]]
NO_LISTS: Lists = MappingProxyType({})


@dataclass(frozen=True)
class Event:
    """Something a lead did.

    Attributes:
        at_us: when, in UTC epoch microseconds.
        name: what it was.
        properties: details by name; None, or no entry, where missing.
        lead: for an event of a colleague, the id of the lead that did it; not read for the lead's own.
        known_us: for an event of a colleague, when that lead was created: before, nobody knew of it.
    """

    at_us: int
    name: str
    properties: Mapping[str, Fact]
    lead: str = ""
    known_us: int | None = None


@dataclass(frozen=True)
class Lead:
    """What is known of one lead at the time it is judged.

    Attributes:
        fields: the lead's values by field, as known at `as_of`; None, or no entry, where missing.
        account: the values of its account; empty without one.
        events: its own, in any order; those at or after `as_of` are ignored.
        lead_id, account_id: for lists of members; `account_id` is None without an account.
        created_us: when the lead was created; None where leads have no dates.
        stages: (stage, when it was entered), in any order; those at or after `as_of` are ignored.
        changes: (field, when its value changed), in any order.
        recorded_scores: (when, thousandths), in any order; one without a time counts for a lead taken as recorded only.
        colleagues: events of the other leads of the account.
    """

    fields: Mapping[str, Fact]
    account: Mapping[str, Fact]
    events: tuple[Event, ...]
    lead_id: str = ""
    account_id: str | None = None
    created_us: int | None = None
    stages: tuple[tuple[str, int], ...] = ()
    changes: tuple[tuple[str, int], ...] = ()
    recorded_scores: tuple[tuple[int | None, int], ...] = ()
    colleagues: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What a condition may look at: a lead at a moment, or, in an event's `where`, the event's own properties.

    Attributes:
        fields, account: values by name, built-in fields among those of the lead.
        lead: all that is known of the lead.
        own, together: its events before the moment, and those with the events of its colleagues.
        as_of_us: the moment; None for a lead taken as recorded.
        lists: named lists.
    """

    fields: Mapping[str, Fact]
    account: Mapping[str, Fact]
    lead: Lead
    own: tuple[Event, ...]
    together: tuple[Event, ...]
    as_of_us: int | None
    lists: Lists

    @property
    def now(self) -> int:
        """The moment of judgement.

        Raises:
            CallError: for a lead taken as recorded, of which nothing that needs a moment can be asked.
        """
        if self.as_of_us is None:
            raise CallError.at(
                "as_of",
                expected="a moment, since the model asks for events, ages or dates in force",
                found="a lead taken as recorded",
                remedy="Give a moment, or leave such rules out.",
            )
        return self.as_of_us

    def age(self, event: Event) -> int:
        """Whole days from the event to the moment."""
        return (self.now - event.at_us) // DAY_US

    def events(self, scope: str) -> tuple[Event, ...]:
        """Events before the moment: the lead's own, with scope `account` those of its colleagues too.

        Raises:
            CallError: for a lead taken as recorded.
        """
        _ = self.now  # refuses a lead taken as recorded, whether it has events or not
        return self.together if scope == "account" else self.own

    def list(self, name: str) -> Sequence[str]:
        """A named list.

        Raises:
            CallError: if there is none of this name.
        """
        if name not in self.lists:
            known = listed(sorted(self.lists))
            raise CallError.at(
                "lists", expected=f"the list '{name}'", found=known, remedy="Give the list that the model names."
            )
        return self.lists[name]


def facts_of(lead: Lead, as_of_us: int | None, lists: Lists, built_in: frozenset[str]) -> Facts:
    """The facts of a lead at a moment; built-in fields win over fields of the same name."""
    made: dict[str, Fact] = {
        "stage": _stage(lead, as_of_us),
        "created_at": lead.created_us,
        "recorded_score": _recorded_score(lead, as_of_us),
    }
    fields = {**lead.fields, **{name: value for name, value in made.items() if name in built_in}}
    own = _before(as_of_us, (Event(event.at_us, event.name, event.properties) for event in lead.events))
    known = (event for event in lead.colleagues if event.known_us is None or event.known_us < (as_of_us or 0))
    together = own + _before(as_of_us, known)
    return Facts(fields, lead.account, lead, own, together, as_of_us, lists)


def moment(text: str) -> int:
    """A date (its start in UTC) or a moment of a file, as UTC epoch microseconds.

    >>> moment("1970-01-02"), moment("1970-01-01T01:00:00.5+01:00")
    (86400000000, 500000)
    """
    read = dt.datetime.fromisoformat(text)
    read = read if read.tzinfo is not None else read.replace(tzinfo=dt.UTC)
    return (read - _EPOCH) // dt.timedelta(microseconds=1)


def _before(as_of_us: int | None, events: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(event for event in events if as_of_us is not None and event.at_us < as_of_us)


def _stage(lead: Lead, as_of_us: int | None) -> str | None:
    """The last stage entered before the moment; of several at one instant the greatest name, by its bytes."""
    entered = [(at, name.encode(), name) for name, at in lead.stages if as_of_us is None or at < as_of_us]
    return max(entered)[2] if entered else None


def _recorded_score(lead: Lead, as_of_us: int | None) -> float | None:
    """The last score recorded before the moment, in points; of several at one instant the greatest.

    A score without a time is not known to be of before: it counts, as the oldest, where there is no moment.
    """
    before = [
        (at is not None, at or 0, milli)
        for at, milli in lead.recorded_scores
        if as_of_us is None or (at is not None and at < as_of_us)
    ]
    return max(before)[2] / 1000 if before else None
