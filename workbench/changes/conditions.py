"""Changes inside conditions and sets of events: the smallest part that differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workbench.changes.change import NONE, Change, Spot
from workbench.changes.compare import (
    Handler,
    Labels,
    by_field,
    days,
    entries,
    fingerprint,
    is_moved,
    paired,
    same,
    told_apart,
)
from workbench.model import (
    AccountFieldTest,
    AllOf,
    AnyOf,
    Condition,
    EventFilter,
    EventQuantity,
    EventTest,
    FieldTest,
    NotOf,
)
from workbench.model.conditions import MEASURES
from workbench.model.rules import Quantity
from workbench.model.words import SIGNS, bound_in_words, events_in_words, in_words, quantity_in_words

_WINDOW: Labels = {
    "within": ("window", days),
    "older_than": ("at least this old", days),
    "after": ("events since", lambda moment: moment or NONE),
    "before": ("events before", lambda moment: moment or NONE),
    "scope": ("events of", str),
    "measure": ("measures", str),
    "of": ("property", lambda name: name or NONE),
}


def condition_changes(spot: Spot, what: str, old: Condition, new: Condition) -> Iterator[Change]:
    """The changes between two conditions; at least one if they are not the same."""
    if same(old, new):
        return
    found: list[Change] = []
    if isinstance(old, AllOf) and isinstance(new, AllOf):
        found = list(_parts(spot, what, old.all, new.all))
    elif isinstance(old, AnyOf) and isinstance(new, AnyOf):
        found = list(_parts(spot, what, old.any, new.any))
    elif isinstance(old, NotOf) and isinstance(new, NotOf):
        found = list(condition_changes(spot, f"{what}, negated", old.not_, new.not_))
    elif isinstance(old, EventTest) and isinstance(new, EventTest):
        found = list(_event_tests(spot, what, old, new))
    elif isinstance(old, FieldTest | AccountFieldTest) and type(old) is type(new):
        found = list(_listed_texts(spot, old, new))
    yield from found or [spot.changed(what, *told_apart(old, new, in_words))]


def _parts(spot: Spot, what: str, old: tuple[Condition, ...], new: tuple[Condition, ...]) -> Iterator[Change]:
    pairs, gone, come = paired(old, new, (fingerprint, _subject), rest=1)
    for before, after in pairs:
        yield from condition_changes(spot, what, before, after)
    if gone or come:
        sides = [" / ".join(in_words(part) for part in side) for side in (gone, come)]
        yield spot.told("entries", what=what, old=sides[0], new=sides[1])
    elif is_moved(pairs, new):
        order = [" / ".join(in_words(part) for part in side) for side in (old, new)]
        yield spot.touching("form").told("rewritten", what=what, old=order[0], new=order[1])


def _subject(condition: Condition) -> Any:
    """What a test is about; None for joined tests."""
    if isinstance(condition, FieldTest | AccountFieldTest):
        return type(condition), condition.name
    return (EventTest, condition.event) if isinstance(condition, EventTest) else None


def _listed_texts(spot: Spot, old: FieldTest | AccountFieldTest, new: FieldTest | AccountFieldTest) -> Iterator[Change]:
    """Where only some of the listed texts came or left."""
    both = old.argument, new.argument
    rest = [test.model_dump(exclude={test.operator}) for test in (old, new)]
    alike = old.name == new.name and old.operator == new.operator and rest[0] == rest[1]
    if alike and old.operator != "between" and all(isinstance(side, tuple) for side in both):
        owner = "account's " if isinstance(old, AccountFieldTest) else ""
        yield from entries(spot, f"{owner}{old.name} {SIGNS[old.operator]}", *both)


def _event_tests(spot: Spot, what: str, old: EventTest, new: EventTest) -> Iterator[Change]:
    if not set(old.event) & set(new.event):
        return
    measured = (*MEASURES, "of")
    before, after = (test.model_dump(include=set(measured)) for test in (old, new))
    if (old.measure, old.of) != (new.measure, new.of):
        yield spot.changed(what, *told_apart(old, new, in_words))
    elif before != after:
        yield spot.changed(old.measure.replace("_", " "), bound_in_words(old.bound), bound_in_words(new.bound))
    bare = [test.model_copy(update={name: getattr(old, name) for name in measured}) for test in (old, new)]
    yield from event_changes(spot, bare[0], bare[1])


def event_changes(spot: Spot, old: EventFilter, new: EventFilter) -> Iterator[Change]:
    """The changes between two sets of events of one class."""
    if same(old, new):
        return
    if not set(old.event) & set(new.event):
        yield spot.changed("events", *told_apart(old, new, events_in_words))
        return
    handlers: Mapping[str, Handler] = {"event": _names, "where": _where}
    yield from by_field(spot, old, new, handlers, _WINDOW)


def _names(spot: Spot, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Change]:
    yield from entries(spot, "events", old, new)


def _where(spot: Spot, old: Condition | None, new: Condition | None) -> Iterator[Change]:
    if old is not None and new is not None:
        yield from condition_changes(spot, "events with", old, new)
    else:
        sides = [NONE if side is None else in_words(side) for side in (old, new)]
        yield spot.changed("events with", sides[0], sides[1])


def quantity_changes(spot: Spot, old: Quantity, new: Quantity) -> Iterator[Change]:
    """The changes between what two rules measure."""
    if isinstance(old, EventQuantity) and isinstance(new, EventQuantity):
        yield from event_changes(spot, old, new)
    elif not same(old, new):
        yield spot.changed("of", *told_apart(old, new, quantity_in_words))
