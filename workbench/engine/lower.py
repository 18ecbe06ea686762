"""Lowers conditions, rules and models to the form in `lowered`, bound to what a history holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, TypeVar

from workbench.document import Place
from workbench.engine.catalog import ACCOUNT_ID, LEAD_ID, Binding, Catalog
from workbench.engine.comparing import ORDERS, either, kind_of, lower_test, words
from workbench.engine.lowered import (
    DAY_US,
    Ages,
    AsOf,
    Cell,
    Compare,
    Conjunction,
    Constant,
    Disjunction,
    Events,
    Feature,
    FirstOf,
    Hit,
    Idle,
    Known,
    Measured,
    Negation,
    Order,
    Predicate,
    Source,
    Tally,
)
from workbench.errors import ModelError, Problem
from workbench.model import (
    AccountFieldTest,
    AllOf,
    Alternative,
    AnyOf,
    Bound,
    CasesRule,
    Condition,
    CoreRule,
    EachRule,
    Effective,
    EventFilter,
    EventTest,
    FieldTest,
    Limit,
    MemberTest,
    Model,
    NotOf,
    Variant,
    WhenRule,
)
from workbench.model.conditions import AGES
from workbench.model.rules import KINDS
from workbench.parsing import milli, moment_us

__all__ = ["Binding", "Catalog", "Lowered", "Lowering", "kind_of", "lower_model", "lower_rule", "words"]

_TRUE, _FALSE = Constant(True), Constant(False)
_MOST_US = 2**62
"""No event is older: ages beyond it are all the same, and fit into 64 bits."""


@dataclass(frozen=True)
class Lowering(Binding):
    """Lowers conditions against a catalog; messages name places in the document. For attributes see `Binding`."""

    def predicate(self, condition: Condition, place: Place) -> Predicate:
        """The condition in lowered form; where nothing of it is left, because all is skipped, it is false.

        Raises:
            InputError: of this lowering's class, if a field, property or list is not known, an operator does not
                fit the kind of values that a field holds, or something needs an as_of that leads do not have.
        """
        return self._three(condition, place).holds

    def events(
        self, source: EventFilter, place: Place, *, limit: Limit | None = None, force: AsOf | None = None
    ) -> Events:
        """The events that pass a filter, in lowered form; raises like `predicate`.

        Args:
            source: the filter.
            place: of the filter; of an `each` rule, the limits stand beside it.
            limit: which of the events are kept.
            force: when any of them count.
        """
        if not self.catalog.dated:
            raise self.refused(
                (*place, "event"),
                expected="a condition on fields",
                found="one on events",
                remedy="These leads are taken as recorded, without dates; a plan with 'at: 14d' can use events.",
            )
        limit = limit if limit is not None else Limit()
        distinct = None
        if limit.per_distinct is not None:
            distinct = self.cell("event", limit.per_distinct, (*place[:-1], "limit", "per_distinct"))
        return Events(
            names=source.names,
            where=_TRUE if source.where is None else self._three(source.where, (*place, "where"), of_event=True).holds,
            window_us=None if source.within is None else source.within * DAY_US,
            older_us=None if source.older_than is None else source.older_than * DAY_US,
            from_us=None if source.after is None else moment_us(source.after),
            to_us=None if source.before is None else moment_us(source.before),
            account=source.scope == "account",
            force=force,
            distinct=distinct,
            per_day=limit.per_day,
            newest=limit.events,
        )

    def force(self, effective: Effective, place: Place) -> AsOf | None:
        """When a rule is in force; None for always; raises like `predicate`."""
        if effective == Effective():
            return None
        if not self.catalog.dated:
            raise replace(self, short=None).refused(  # it stands beside the short form
                (*place, "effective"),
                expected="a rule that is always in force",
                found="'effective'",
                remedy="These leads are taken as recorded, without dates; a plan with 'at: 14d' can tell.",
            )
        ends = (effective.from_, effective.to)
        from_us, to_us = (None if end is None else moment_us(end) for end in ends)
        return AsOf(from_us, to_us)

    def _three(self, condition: Condition, place: Place, *, of_event: bool = False) -> _Three:
        if isinstance(condition, AllOf | AnyOf):
            key = "all" if isinstance(condition, AllOf) else "any"
            tests: Sequence[Condition] = condition.all if isinstance(condition, AllOf) else condition.any
            parts = [self._three(part, (*place, key, at), of_event=of_event) for at, part in enumerate(tests)]
            return _all(parts) if key == "all" else _any(parts)
        if isinstance(condition, NotOf):
            return _not(self._three(condition.not_, (*place, "not"), of_event=of_event))
        if isinstance(condition, EventTest):
            return self._measured(condition, place)
        if isinstance(condition, MemberTest):
            return _Three(self._member(condition, place))
        return self._tested(condition, place, of_event=of_event)

    def _tested(self, test: FieldTest | AccountFieldTest, place: Place, *, of_event: bool) -> _Three:
        source: Source = "account" if isinstance(test, AccountFieldTest) else "event" if of_event else "lead"
        holds, cells = lower_test(test, source, place, self)
        return _with_missing(holds, either([Negation(Known(cell)) for cell in cells]), test.missing)

    def _measured(self, test: EventTest, place: Place) -> _Three:
        events = self.events(test, place)
        measure, of = test.measure, None
        if test.of is not None:
            of = self.cell("event", test.of, (*place, "property"))
            if measure == "sum" and of.kind != "number":
                remedy = "Name a property that holds numbers, or declare the column's type in the mapping."
                raise self.unfit(of, (*place, "property"), expected="a measure of", found="sum", remedy=remedy)
        borders = _age_borders(test.bound) if measure in AGES else _borders(test.bound)
        parts = tuple(Measured(events, measure, of, order, value) for order, value in borders)
        holds = parts[0] if len(parts) == 1 else Conjunction(parts)
        return _with_missing(holds, Negation(Measured(events, "count", None, ">=", 1)), test.missing)

    def _member(self, test: MemberTest, place: Place) -> Predicate:
        name = LEAD_ID if test.scope == "lead" else ACCOUNT_ID
        values = [value for title in test.member_of for value in self.listed(title, (*place, "member_of"))]
        if name not in self.catalog.built_in:
            raise self.refused(
                (*place, "scope"),
                expected="a history whose leads have accounts",
                found="'scope: account'",
                remedy="Map 'account', or leave 'scope' out.",
            )
        cell = Cell("built in", name, "text")
        return either([Compare(cell, "=", value) for value in dict.fromkeys(values)])


# --- missing values that are skipped ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Three:
    """A condition that holds, does not hold, or is skipped; what is skipped does not hold."""

    holds: Predicate
    skipped: Predicate = _FALSE


def _with_missing(holds: Predicate, missing: Predicate, policy: bool | Literal["skip"]) -> _Three:
    """The test under a policy for missing values, where it does not hold so far."""
    if policy == "skip":
        return _Three(holds, missing)
    return _Three(Disjunction((holds, missing)) if policy else holds)


def _all(parts: Sequence[_Three]) -> _Three:
    held = [part.holds if part.skipped == _FALSE else Disjunction((part.holds, part.skipped)) for part in parts]
    skipped = _all_skipped(parts)
    if skipped != _FALSE:
        held.append(Negation(skipped))
    return _Three(Conjunction(tuple(held)), skipped)


def _any(parts: Sequence[_Three]) -> _Three:
    return _Three(Disjunction(tuple(part.holds for part in parts)), _all_skipped(parts))


def _not(part: _Three) -> _Three:
    if part.skipped == _FALSE:
        return _Three(Negation(part.holds))
    return _Three(Negation(Disjunction((part.holds, part.skipped))), part.skipped)


def _all_skipped(parts: Sequence[_Three]) -> Predicate:
    if any(part.skipped == _FALSE for part in parts):
        return _FALSE
    return Conjunction(tuple(part.skipped for part in parts))


# --- bounds -----------------------------------------------------------------------------------------------------------


def _borders(bound: Bound) -> list[tuple[Order, int]]:
    """A bound on a count, or on a sum in thousandths, as comparisons that must all hold."""
    numbers = bound.argument if bound.operator == "between" else (bound.argument,)
    values = [number if isinstance(number, int) else milli(number) for number in numbers]
    if bound.operator == "between":
        return [(">=", values[0]), ("<", values[1])]
    return [(ORDERS[bound.operator], values[0])]


def _age_borders(bound: Bound) -> list[tuple[Order, int]]:
    """A bound on an age in whole days as comparisons in microseconds: n days are [n, n + 1) x the day."""
    argument = bound.argument
    first = argument[0] if bound.operator == "between" else argument + (bound.operator == "above")
    past = argument[1] if bound.operator == "between" else argument + (bound.operator != "below")
    low = None if bound.operator in {"at_most", "below"} else first
    high = None if bound.operator in {"at_least", "above"} else past
    ends: list[tuple[Order, int | None]] = [(">=", low), ("<", high)]
    return [(order, min(days * DAY_US, _MOST_US)) for order, days in ends if days is not None]


# --- rules and models -------------------------------------------------------------------------------------------------


def lower_rule(rule: CoreRule, place: Place, lowering: Lowering) -> Feature:
    """What has to be gathered for a rule: everything about it but its points, decay and limit of points.

    A rule that is not always in force: of a `when` rule the condition holds only in force, of an `each` rule events
    count only in force, and of a `cases` rule the first case is that it is not in force.

    Raises:
        InputError: see `Lowering.predicate`.
    """
    force = lowering.force(rule.effective, place)
    if isinstance(rule, WhenRule):
        when = lowering.predicate(rule.when, (*place, "when"))
        return Hit(when if force is None else Conjunction((force, when)))
    if isinstance(rule, CasesRule):
        cases = enumerate(rule.cases)
        found = [lowering.predicate(case.when, (*place, "cases", number, "when")) for number, case in cases]
        return FirstOf(tuple(found) if force is None else (Negation(force), *found))
    events = lowering.events(rule.each, (*place, "each"), limit=rule.limit, force=force)
    return Ages(events) if rule.decay is not None else Tally(events)


@dataclass(frozen=True)
class Lowered:
    """A model in lowered form.

    Attributes:
        rules: for each of `model.alternatives`, the feature of each enabled rule by id.
        idle: for each alternative, by dimension that fades with idleness, how long the lead is idle.
        gates: the number of the first gate that holds.
        variants: the number of the first variant that holds, which is the index of its alternative.
    """

    rules: tuple[dict[str, Feature], ...]
    idle: tuple[dict[str, Idle], ...]
    gates: FirstOf
    variants: FirstOf


def lower_model(model: Model, catalog: Catalog) -> Lowered:
    """The model in lowered form.

    Raises:
        ModelError: see `Lowering.predicate`; one problem for each rule, gate, variant or dimension that does not fit
            the history, once even if several alternatives share it.
    """
    problems: dict[Problem, None] = {}
    rules, idle = [], []
    for number, alternative in enumerate(model.alternatives):
        rules.append(_collected(_rules(model, number, alternative, catalog), problems))
        idle.append(_collected(_idle(alternative, catalog), problems))
    own = Lowering(catalog, model.document)
    gates = _collected(_whens(own, "gates", [gate.when for gate in model.gates]), problems)
    variants = _collected(_whens(own, "variants", [variant.when for variant in model.variants]), problems)
    if problems:
        raise ModelError(*problems)
    return Lowered(tuple(rules), tuple(idle), FirstOf(tuple(gates.values())), FirstOf(tuple(variants.values())))


_Key = TypeVar("_Key")
_Made = TypeVar("_Made")


def _collected(jobs: Iterable[tuple[_Key, Callable[[], _Made]]], problems: dict[Problem, None]) -> dict[_Key, _Made]:
    """What the jobs make, by key; the problems of those that fail are added to `problems`."""
    found: dict[_Key, _Made] = {}
    for key, make in jobs:
        try:
            found[key] = make()
        except ModelError as wrong:
            problems.update(dict.fromkeys(wrong.problems))
    return found


def _rules(
    model: Model, number: int, alternative: Alternative, catalog: Catalog
) -> Iterable[tuple[str, Callable[[], Feature]]]:
    lowering = Lowering(catalog, alternative.model.document)
    authored = _authored(model, number, alternative)
    for rule, (place, kind) in zip(alternative.model.rules, authored, strict=True):
        if rule.enabled and isinstance(rule, WhenRule | CasesRule | EachRule):
            short = None if kind in {"when", "cases", "each"} else (*place, kind)
            yield rule.id, partial(lower_rule, rule, place, replace(lowering, short=short))


def _idle(alternative: Alternative, catalog: Catalog) -> Iterable[tuple[str, Callable[[], Idle]]]:
    lowering = Lowering(catalog, alternative.model.document)
    for name, dimension in alternative.model.dimensions.items():
        if dimension.inactivity is not None:
            place = ("dimensions", name, "inactivity", "since")
            yield name, partial(_idle_since, dimension.inactivity.since, place, lowering)


def _idle_since(since: EventFilter, place: Place, lowering: Lowering) -> Idle:
    return Idle(lowering.events(since, place))


def _whens(
    lowering: Lowering, key: str, whens: Iterable[Condition | None]
) -> Iterable[tuple[int, Callable[[], Predicate]]]:
    for number, when in enumerate(whens):
        yield number, partial(_when, when, (key, number, "when"), lowering)


def _when(when: Condition | None, place: Place, lowering: Lowering) -> Predicate:
    return _TRUE if when is None else lowering.predicate(when, place)


def _authored(model: Model, number: int, alternative: Alternative) -> list[tuple[Place, str]]:
    """For each rule of an alternative, its place in its file and the kind that its author wrote."""
    own = [(("rules", index), _kind(vars(rule))) for index, rule in enumerate(model.rules)]
    if number == 0:
        return list(own)
    variant = model.variants[number - 1]
    if variant.use is not None or variant.model is not None:
        document = alternative.model.document
        data = [] if document is None else document.data["rules"]
        return [(("rules", index), _kind(rule)) for index, rule in enumerate(data)]
    by_id: dict[str, tuple[Place, str]] = {rule.id: at for rule, at in zip(model.rules, own, strict=True)}
    by_id |= _changed(variant, number - 1)
    return [by_id[rule.id] for rule in alternative.model.rules]


def _changed(variant: Variant, number: int) -> dict[str, tuple[Place, str]]:
    return {
        rule.id: (("variants", number, key, index), _kind(vars(rule)))
        for key, rules in (("override", variant.override), ("add", variant.add))
        for index, rule in enumerate(rules)
    }


def _kind(rule: Iterable[str]) -> str:
    """The key that says what kind of rule this is."""
    return next(kind for kind in KINDS if kind in rule)
