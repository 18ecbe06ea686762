"""A model's own boundaries, and values just below, at and just above each: what random histories are drawn from.

`boundaries_of` walks over everything that a model says, all its alternatives and short forms as its author wrote them,
and collects values for cells, ages and moments that matter, and the sets of events with the quantities asked of them.
`satisfied` gives properties with which an event passes a filter's `where`.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from pydantic import BaseModel
from vocabulary import LISTS, TEXTS
from vocabulary import LOADER_BLANKS as BLANKS

from workbench.model import (
    AccountFieldTest,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    EventFilter,
    EventTest,
    FieldTest,
    Model,
    NamedList,
    NotOf,
    OtherField,
)
from workbench.model.conditions import Bound, EventQuantity
from workbench.model.decay import Decay
from workbench.model.parts import Inactivity
from workbench.model.rules import BandsRule, EachRule, Effective, FieldQuantity, MapRule, PerRule, UpToRule
from workbench.oracle import BUILT_IN, DAY_US, Fact, Lead
from workbench.oracle.conditions import measured
from workbench.oracle.facts import facts_of
from workbench.parsing import moment_us

Source = str
"""`lead`, `account` or `event`."""


@dataclass(frozen=True)
class Asked:
    """A quantity that a model asks of a set of events, and the numbers at which the answer turns.

    Attributes:
        events: the set.
        measure: what is counted; `kept` for what the limits of an `each` rule keep, `aged` for events of an age.
        of: the property, for sums and distinct values.
        turns: the numbers.
    """

    events: EventFilter
    measure: str
    of: str | None
    turns: tuple[float, ...]


@dataclass
class Boundaries:
    """What turns a model's answers.

    Attributes:
        literals: values that a model names, by cell.
        cells: values just below, at and just above them.
        pairs: cells that are compared with each other.
        ages: days before as_of at which something turns: windows, decay, times of leads (negative: ahead).
        moments: instants in UTC epoch microseconds.
        asked: quantities of events.
    """

    literals: dict[tuple[Source, str], list[Fact]] = field(default_factory=dict)
    cells: dict[tuple[Source, str], list[Fact]] = field(default_factory=dict)
    pairs: list[tuple[tuple[Source, str], tuple[Source, str]]] = field(default_factory=list)
    ages: list[int] = field(default_factory=list)
    time_ages: dict[tuple[Source, str], list[int]] = field(default_factory=dict)
    moments: list[int] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def add(self, cell: tuple[Source, str], literal: Fact, around: list[Fact]) -> None:
        """A value that a model names, with its neighbours."""
        self.literals.setdefault(cell, []).append(literal)
        self.cells.setdefault(cell, []).extend(around)


def boundaries_of(model: Model) -> Boundaries:
    """Everything at which some answer of the model turns."""
    found = Boundaries()
    _visit(model, "lead", found)
    for used in model._used.values():
        _visit(used, "lead", found)
    for cell, values in found.cells.items():
        kept = [value for value in values if value is None or value == value]
        found.cells[cell] = list(dict.fromkeys(kept))
    found.ages = sorted(set(found.ages))
    return found


# --- the walk ---------------------------------------------------------------------------------------------------------


def _visit(node: Any, source: Source, found: Boundaries) -> None:
    if isinstance(node, Comparison):
        _compared(node, source, found)
    elif isinstance(node, EventFilter):
        _events(node, found)
    elif isinstance(node, BaseModel):
        _noted(node, found)
        for name in type(node).model_fields:
            if name != "model":
                _visit(getattr(node, name), source, found)
    elif isinstance(node, Mapping):
        for value in node.values():
            _visit(value, source, found)
    elif isinstance(node, tuple | list):
        for value in node:
            _visit(value, source, found)


def _noted(node: BaseModel, found: Boundaries) -> None:
    """What a part says beside its conditions."""
    if isinstance(node, Decay):
        found.ages += decay_ages(node)
    elif isinstance(node, Effective):
        found.moments += [moment_us(end) for end in (node.from_, node.to) if end is not None]
    elif isinstance(node, EachRule):
        most = [size for size in (node.limit.events, node.limit.per_day) if size is not None]
        if most:
            found.asked.append(Asked(node.each, "kept", node.limit.per_distinct, tuple(most)))
        if node.decay is not None:
            found.asked.append(Asked(node.each, "aged", None, tuple(decay_ages(node.decay))))
    elif isinstance(node, Inactivity):
        found.asked.append(Asked(node.since, "aged", None, tuple(decay_ages(node.decay))))
    elif isinstance(node, MapRule):
        cell = ("lead", node.map.field) if node.map.field is not None else ("account", node.map.account_field or "")
        for text in node.map.points:
            found.add(cell, text, _around_text("equals", text))
    elif isinstance(node, BandsRule):
        ends = [end for band in node.bands.steps for end in (band.from_, band.below) if end is not None]
        _quantity(node.bands.of, tuple(ends), found)
    elif isinstance(node, PerRule):
        units = tuple(float(node.per.unit * count) for count in range(1, node.per.most + 2))
        _quantity(node.per.of, units, found)
    elif isinstance(node, UpToRule):
        _quantity(node.up_to.of, (node.up_to.least, node.up_to.most), found)


def decay_ages(decay: Decay) -> list[int]:
    """Whole days at which a decay turns."""
    start = decay.grace or 0
    if decay.table is not None:
        return [start, *(start + age for age, _ in decay.table)]
    steps = decay.step or decay.geometric
    length = decay.half_life or decay.expiry or decay.linear or (steps.every if steps is not None else 1)
    return [start, start + length, start + 2 * length]


def _quantity(of: Any, turns: tuple[float, ...], found: Boundaries) -> None:
    if isinstance(of, EventQuantity):
        found.asked.append(Asked(of, of.measure, of.of, turns))
        return
    cell = ("lead", of.field) if isinstance(of, FieldQuantity) else ("account", of.account_field)
    for turn in turns:
        found.add(cell, float(turn), around_number(float(turn)))


def _events(node: EventFilter, found: Boundaries) -> None:
    found.ages += [days for days in (node.within, node.older_than) if days is not None]
    found.moments += [moment_us(end) for end in (node.after, node.before) if end is not None]
    if node.where is not None:
        _visit(node.where, "event", found)
    if isinstance(node, EventTest):
        ends = _ends(node.bound) if node.bound is not None else ()
        found.asked.append(Asked(node, node.measure, node.of, ends or (1,)))


def _ends(bound: Bound) -> tuple[float, ...]:
    argument = bound.argument
    return tuple(float(end) for end in argument) if isinstance(argument, tuple) else (float(argument),)


# --- around one value -------------------------------------------------------------------------------------------------


def _compared(test: Comparison, source: Source, found: Boundaries) -> None:
    cell = ("account", test.account_field) if isinstance(test, AccountFieldTest) else (source, test.name)
    operator, argument = test.operator, test.argument
    if isinstance(argument, OtherField):
        other = (source, argument.field) if argument.field is not None else ("account", argument.account_field or "")
        found.pairs.append((cell, other))
    elif operator in {"before", "after"}:
        found.moments.append(moment_us(argument))
        found.add(cell, moment_us(argument), [moment_us(argument) + step for step in (-1, 0, 1)])
    elif operator in {"within", "older_than", "in_next"}:
        found.time_ages.setdefault(cell, []).append(-argument if operator == "in_next" else argument)
    elif operator == "changed_within":
        found.time_ages.setdefault(("change", cell[1]), []).append(argument)
    elif operator in {"glob", "regex"}:
        for value in _named(argument):
            found.cells.setdefault(cell, []).extend(_around(operator, value))
    elif operator != "known":
        for value in _named(argument):
            number = isinstance(value, int | float) and not isinstance(value, bool)
            found.add(cell, float(value) if number else value, _around(operator, value))


def _named(argument: Any) -> Iterator[Any]:
    if isinstance(argument, NamedList):
        yield from LISTS[argument.list][:6]
    elif isinstance(argument, tuple):
        yield from argument
    else:
        yield argument


def _around(operator: str, value: Any) -> list[Fact]:
    if isinstance(value, bool):
        return [True, False]
    return _around_text(operator, value) if isinstance(value, str) else around_number(float(value))


def around_number(number: float) -> list[Fact]:
    """The doubles next to a number, and numbers a thousandth off."""
    near = [math.nextafter(number, -math.inf), number, math.nextafter(number, math.inf)]
    return [value + 0.0 for value in (*near, number - 0.001, number + 0.001)]


def _around_text(operator: str, text: str) -> list[Fact]:
    """The text, in another case, with blanks (ASCII and not), and one sign off."""
    if operator == "regex":
        return [one for one in TEXTS if one[:1].isalnum()][:8]
    if operator == "glob":
        filled = [text.replace("*", run).replace("?", "é") for run in ("", "x y")]
        other = [one.replace(sign, "Z") for one in filled for sign in "_%[\\." if sign in one]
        return [
            one
            for one in (*filled, *other, f"{filled[0]}x", f"x{filled[0]}", filled[1].swapcase())
            if one.strip(BLANKS)
        ]
    near = [
        text,
        text.swapcase(),
        f" {text}\t",
        f"\u00a0{text}",
        text[:-1],
        f"{text}x",
        f"x{text}",
        f"({text})",
        f"a {text} b",
    ]
    return [one for one in near if one.strip(BLANKS)]


# --- events that pass -------------------------------------------------------------------------------------------------


def satisfied(condition: Condition | None, rng: random.Random, *, wanted: bool = True) -> dict[str, Fact]:
    """Properties with which a `where` holds; nearly always: parts may ask for contradictory things."""
    if condition is None:
        return {}
    if isinstance(condition, NotOf):
        return satisfied(condition.not_, rng, wanted=not wanted)
    if isinstance(condition, AllOf | AnyOf):
        parts = condition.all if isinstance(condition, AllOf) else condition.any
        every = isinstance(condition, AllOf) == wanted
        chosen = parts if every else [rng.choice(parts)]
        return {name: value for part in chosen for name, value in satisfied(part, rng, wanted=wanted).items()}
    assert isinstance(condition, FieldTest)
    return _value_for(condition, rng, wanted=wanted)


def _value_for(test: FieldTest, rng: random.Random, *, wanted: bool) -> dict[str, Fact]:
    name, argument = test.field, test.argument
    if test.operator == "known":
        return {} if argument == wanted else {name: None}
    if isinstance(argument, OtherField):
        return {}
    if not wanted:
        return {name: None if test.missing is not True else rng.choice(_otherwise(test))}
    value = rng.choice(list(_named(argument)))
    if test.operator in {"before", "after"}:
        return {name: moment_us(value) - (test.operator == "before")}
    if test.operator == "glob":
        return {name: value.replace("*", "").replace("?", "é") or "x"}
    steps = {"above": math.inf, "below": -math.inf}
    if test.operator in steps:
        return {name: math.nextafter(float(value), steps[test.operator])}
    if test.operator == "between":
        return {name: float(argument[0])}
    return {name: "vp chief eu 100% a_b" if test.operator == "regex" else value}


def _otherwise(test: FieldTest) -> list[Fact]:
    """Values for which a test nearly always does not hold."""
    one = next(_named(test.argument), None)
    if test.operator in {"before", "after"}:
        return [moment_us(str(one)) - (test.operator == "after")]
    if isinstance(one, bool) or one is None:
        return [not one]
    return ["zzz", "zz z"] if isinstance(one, str) else [12_345.0, -12_345.0]


# --- what was hit -----------------------------------------------------------------------------------------------------


def hits(model: Model, leads: Mapping[str, Lead], moments: Mapping[str, int]) -> tuple[int, int]:
    """At how many places a model's answers may turn, and at how many of these some lead of a past stands exactly.

    Args:
        model: the model.
        leads: the oracle's leads, by lead_id.
        moments: as_of of each, in UTC epoch microseconds.
    """
    turns, people = (
        boundaries_of(model),
        [facts_of(lead, moments[name], LISTS, BUILT_IN) for name, lead in leads.items()],
    )
    values: dict[tuple[Source, str], set[Fact]] = {}
    gone: set[int] = set()
    for facts in people:
        own = facts.lead.events
        rows = [("lead", facts.fields), ("account", facts.account), *(("event", event.properties) for event in own)]
        for source, row in rows:
            for name, value in row.items():
                values.setdefault((source, name), set()).add(value)
        gone |= {facts.now - event.at_us for event in own}
    instants = {facts.now for facts in people} | {event.at_us for facts in people for event in facts.lead.events}
    instants |= {value for found in values.values() for value in found if isinstance(value, int)}
    met = [literal in values.get(cell, ()) for cell, named in turns.literals.items() for literal in set(named)]
    met += [days * DAY_US in gone for days in turns.ages] + [moment in instants for moment in set(turns.moments)]
    for asked in turns.asked:
        if asked.measure not in {"kept", "aged"}:
            found = {measured(asked.events, asked.measure, asked.of, facts) for facts in people}
            met += [Fraction(str(turn)) in found for turn in set(asked.turns)]
    return len(met), sum(met)


__all__ = ["Asked", "Boundaries", "around_number", "boundaries_of", "decay_ages", "hits", "satisfied"]
