"""Lowers conditions and rules to the form in `lowered`, bound to what a history holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from workbench.document import Document, Place
from workbench.engine.lowered import (
    DAY_US,
    Ages,
    Cell,
    Compare,
    Conjunction,
    Constant,
    Counted,
    Disjunction,
    Events,
    Feature,
    FirstOf,
    Hit,
    Kind,
    Known,
    Match,
    Negation,
    Predicate,
    Source,
    Tally,
)
from workbench.errors import InputError, ModelError, Problem
from workbench.model import (
    AccountFieldTest,
    AllOf,
    AnyOf,
    CasesRule,
    Comparison,
    Condition,
    Count,
    EachRule,
    EventFilter,
    EventTest,
    FieldTest,
    Model,
    NamedList,
    NotOf,
    WhenRule,
)
from workbench.model.conditions import SEPARATORS
from workbench.parsing import did_you_mean, place_of

_BLANKS = " \t\r\n"
_UPPER = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_KINDS = {"text": "texts", "number": "numbers", "boolean": "true and false", "time": "times"}
_ONLY_KNOWN = "Of a time only 'known' can be asked."
_VALUES = {
    "text": "Put the value in quotes, or declare the column's type in the mapping.",
    "number": "Write a number, or declare the column's type in the mapping.",
    "boolean": "Write true or false.",
    "time": _ONLY_KNOWN,
}
_OPERATORS = {
    "text": "Use equals, one_of, has_word or contains_any, or declare the column's type in the mapping.",
    "number": "Use equals, at_least, below or between, or declare the column's type in the mapping.",
    "boolean": "Use 'equals: true' or 'equals: false'.",
    "time": _ONLY_KNOWN,
}


@dataclass(frozen=True)
class Catalog:
    """What may be asked of a history: names and kinds, nothing of its content.

    Attributes:
        lead, account, properties: kind by name.
        lists: values by name of list.
        dated: whether leads have an as_of, so that events and ages mean something.
    """

    lead: Mapping[str, Kind] = field(default_factory=dict)
    account: Mapping[str, Kind] = field(default_factory=dict)
    properties: Mapping[str, Kind] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dated: bool = True


def folded(text: str) -> str:
    """Text without outer blanks (space, tab, line ends) and with ASCII letters in lower case.

    >>> folded("  VP Vertrieb ÖSTERREICH ")
    'vp vertrieb Österreich'
    """
    return text.strip(_BLANKS).translate(_UPPER)


@dataclass(frozen=True)
class Lowering:
    """Lowers conditions against a catalog; messages name places in the document.

    Attributes:
        catalog: what may be asked.
        document: the file that the conditions come from, for messages.
        error: the class of error to raise.
    """

    catalog: Catalog
    document: Document | None = None
    error: type[InputError] = ModelError

    def predicate(self, condition: Condition, place: Place) -> Predicate:
        """The condition in lowered form.

        Raises:
            InputError: of this lowering's class, if a field, property or list is not known, or an operator does
                not fit the kind of values that a field holds.
        """
        if isinstance(condition, AllOf):
            return Conjunction(self._parts(condition.all, (*place, "all")))
        if isinstance(condition, AnyOf):
            return Disjunction(self._parts(condition.any, (*place, "any")))
        if isinstance(condition, NotOf):
            return Negation(self.predicate(condition.not_, (*place, "not")))
        if isinstance(condition, EventTest):
            return self._count(self.events(condition, place), condition.count)
        if isinstance(condition, AccountFieldTest):
            return self._test("account", condition, condition.account_field, (*place, "account_field"))
        return self._test("lead", condition, condition.field, (*place, "field"))

    def _parts(self, conditions: Iterable[Condition], place: Place) -> tuple[Predicate, ...]:
        return tuple(self.predicate(part, (*place, index)) for index, part in enumerate(conditions))

    def events(
        self, source: EventFilter, place: Place, *, per_day: int | None = None, newest: int | None = None
    ) -> Events:
        """The events that pass a filter, in lowered form; raises like `predicate`."""
        if not self.catalog.dated:
            raise self.error.at(
                place_of((*place, "event"), self.document),
                expected="a condition on fields",
                found="one on events",
                remedy="These leads are taken as recorded, without dates; a plan with 'at: 14d' can use events.",
            )
        where: Predicate = Constant(True)
        if source.where is not None:
            where = self._on_event(source.where, (*place, "where"))
        window = None if source.within is None else source.within * DAY_US
        return Events(source.names, where, window, per_day, newest)

    def _on_event(self, condition: Condition, place: Place) -> Predicate:
        if isinstance(condition, AllOf):
            parts = enumerate(condition.all)
            return Conjunction(tuple(self._on_event(part, (*place, "all", index)) for index, part in parts))
        if isinstance(condition, AnyOf):
            parts = enumerate(condition.any)
            return Disjunction(tuple(self._on_event(part, (*place, "any", index)) for index, part in parts))
        if isinstance(condition, NotOf):
            return Negation(self._on_event(condition.not_, (*place, "not")))
        assert isinstance(condition, FieldTest)  # noqa: S101  (the model's own check)
        return self._test("event", condition, condition.field, (*place, "field"))

    def _test(self, source: Source, test: Comparison, name: str, place: Place) -> Predicate:
        cell = self._cell(source, name, place)
        above, operator = place[:-1], test.operator
        if operator == "known":
            return Known(cell) if test.known else Negation(Known(cell))
        place = (*above, operator)
        if operator in {"equals", "one_of"}:
            return self._among(cell, test, place)
        wanted: Kind = "text" if operator in _MATCHES else "number"
        if cell.kind != wanted:
            raise self._unfit(cell, place, f"an operator on {_KINDS[cell.kind]}", operator, _OPERATORS[cell.kind])
        if operator == "between":
            low, high = test.argument
            return Conjunction((Compare(cell, ">=", low), Compare(cell, "<", high)))
        if operator in _ORDERS:
            return Compare(cell, _ORDERS[operator], float(test.argument))
        return _either([self._match(cell, operator, text, exact=test.exact) for text in test.argument])

    def _match(self, cell: Cell, operator: str, text: str, *, exact: bool) -> Predicate:
        how = _MATCHES[operator]
        if how == "words":
            return Match(cell, how, " ".join(words(text if exact else folded(text))), not exact)
        return Match(cell, how, text if exact else text.translate(_UPPER), not exact)

    def _among(self, cell: Cell, test: Comparison, place: Place) -> Predicate:
        values = (test.equals,) if test.operator == "equals" else test.one_of
        if isinstance(values, NamedList):
            if values.list not in self.catalog.lists:
                raise self.error.at(
                    place_of((*place, "list"), self.document),
                    expected="a list of the history",
                    found=repr(values.list),
                    remedy=did_you_mean(values.list, self.catalog.lists)
                    if self.catalog.lists
                    else "The mapping has no lists; declare it under 'lists', or write the values out.",
                )
            values = self.catalog.lists[values.list]
        found: list[Predicate] = []
        for value in values or ():
            if kind_of(value) != cell.kind:
                raise self._unfit(cell, place, f"values among {_KINDS[cell.kind]}", repr(value), _VALUES[cell.kind])
            if isinstance(value, str):
                found.append(Compare(cell, "=", value if test.exact else folded(value), not test.exact))
            elif isinstance(value, bool):
                found.append(Compare(cell, "=", value))
            elif value is not None:
                found.append(Compare(cell, "=", float(value)))
        return _either(found)

    def _cell(self, source: Source, name: str, place: Place) -> Cell:
        known = {"lead": self.catalog.lead, "account": self.catalog.account, "event": self.catalog.properties}[source]
        if name in known:
            return Cell(source, name, known[name])
        what = {"lead": "a field of leads", "account": "a field of accounts", "event": "a property of events"}[source]
        other = self.catalog.account if source == "lead" else self.catalog.lead if source == "account" else {}
        remedy = did_you_mean(name, known)
        if name in other:
            remedy = f"Write '{'account_field' if source == 'lead' else 'field'}: {name}'."
        raise self.error.at(place_of(place, self.document), expected=what, found=repr(name), remedy=remedy)

    def _unfit(self, cell: Cell, place: Place, expected: str, found: str, remedy: str) -> InputError:
        return self.error.at(
            place_of(place, self.document),
            expected=f"{expected}, which '{cell.name}' holds",
            found=found,
            remedy=remedy,
        )

    def _count(self, events: Events, count: Count) -> Predicate:
        operator = count.operator
        if operator == "between":
            assert count.between is not None  # noqa: S101  (that is what `operator` says)
            low, high = count.between
            return Conjunction((Counted(events, ">=", low), Counted(events, "<", high)))
        return Counted(events, _ORDERS[operator], getattr(count, operator))


_Order = Literal["=", "<", "<=", ">", ">="]
_ORDERS: dict[str, _Order] = {"equals": "=", "at_least": ">=", "above": ">", "at_most": "<=", "below": "<"}
_How = Literal["contains", "starts", "ends", "words"]
_MATCHES: dict[str, _How] = {
    "has_word": "words",
    "contains_any": "contains",
    "starts_with": "starts",
    "ends_with": "ends",
}
_SPACED = {ord(sign): " " for sign in SEPARATORS}


def words(text: str) -> list[str]:
    """The words of a text: what stands between ASCII blanks and punctuation.

    >>> words("Co-Founder & VP, Sales")
    ['Co', 'Founder', 'VP', 'Sales']
    """
    return [word for word in text.translate(_SPACED).split(" ") if word]


def kind_of(value: object) -> Kind:
    """The kind of a literal."""
    return "boolean" if isinstance(value, bool) else "number" if isinstance(value, int | float) else "text"


def _either(parts: list[Predicate]) -> Predicate:
    return parts[0] if len(parts) == 1 else Disjunction(tuple(parts)) if parts else Constant(False)


def lower_rule(rule: WhenRule | CasesRule | EachRule, place: Place, lowering: Lowering) -> Feature:
    """What has to be gathered for a rule: everything about it but its points, decay and limit of points.

    Raises:
        InputError: see `Lowering.predicate`.
    """
    if isinstance(rule, WhenRule):
        return Hit(lowering.predicate(rule.when, (*place, "when")))
    if isinstance(rule, CasesRule):
        cases = enumerate(rule.cases)
        return FirstOf(
            tuple(lowering.predicate(case.when, (*place, "cases", number, "when")) for number, case in cases)
        )
    events = lowering.events(rule.each, (*place, "each"), per_day=rule.limit.per_day, newest=rule.limit.events)
    return Ages(events) if rule.decay is not None else Tally(events)


def lower_model(model: Model, catalog: Catalog) -> tuple[dict[str, Feature], FirstOf]:
    """Every enabled rule's feature by id, and the gates as one feature.

    Raises:
        ModelError: see `Lowering.predicate`; one problem for each rule that does not fit the history.
    """
    lowering = Lowering(catalog, model.document)
    features: dict[str, Feature] = {}
    problems: list[Problem] = []
    for index, rule in enumerate(model.rules):
        if rule.enabled:
            try:
                features[rule.id] = lower_rule(rule, ("rules", index), lowering)
            except ModelError as wrong:
                problems.extend(wrong.problems)
    gates: list[Predicate] = []
    for index, gate in enumerate(model.gates):
        try:
            gates.append(lowering.predicate(gate.when, ("gates", index, "when")))
        except ModelError as wrong:
            problems.extend(wrong.problems)
    if problems:
        raise ModelError(*problems)
    return features, FirstOf(tuple(gates))
