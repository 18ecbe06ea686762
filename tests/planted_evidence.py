"""Faults in what is gathered: windows, missing values, texts, bounds, limits, accounts, fields as of a moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from planting import Fault, Patch, everywhere, noting
from sqlglot import exp

from workbench.engine import comparing, lower, sql
from workbench.engine.duck import column
from workbench.engine.lowered import DAY_US, AsOf, Conjunction, Constant, FirstOf, Negation
from workbench.observation import eventsets, fields

FAULTS: list[Fault] = []
fault = noting(FAULTS)


def swapped(query: Any, old: type[exp.Expression], new: Callable[[Any], Any]) -> Any:
    """A query in which some nodes are others."""
    return query.transform(lambda node: new(node) if isinstance(node, old) else node)


def _or_equal(node: exp.Binary) -> exp.Binary:
    return exp.LTE(this=node.this, expression=node.expression)


# --- windows and moments ----------------------------------------------------------------------------------------------


def _events_changed(patch: Patch, change: Callable[[Any], Any]) -> None:
    plain = lower.Lowering.events
    patch.setattr(lower.Lowering, "events", lambda self, *args, **named: change(plain(self, *args, **named)))


@fault("a window a day too long", '"event".*"within"')
def _(patch: Patch) -> None:
    _events_changed(patch, lambda it: it if it.window_us is None else replace(it, window_us=it.window_us + DAY_US))


@fault("the end of a window counts", '"event".*"within"')
def _(patch: Patch) -> None:
    _events_changed(patch, lambda it: it if it.window_us is None else replace(it, window_us=it.window_us + 1))


@fault("older_than leaves out its own day's start", '"event": [^{}]*"older_than"')
def _(patch: Patch) -> None:
    _events_changed(patch, lambda it: it if it.older_us is None else replace(it, older_us=it.older_us + 1))


@fault("the end of an absolute window counts", '"event": [^{}]*"before"')
def _(patch: Patch) -> None:
    _events_changed(patch, lambda it: it if it.to_us is None else replace(it, to_us=it.to_us + 1))


def _pairs_changed(patch: Patch, change: Callable[..., Any]) -> None:
    plain = eventsets.EventSets._pairs
    patch.setattr(
        eventsets.EventSets,
        "_pairs",
        lambda self, *, account, names: change(plain(self, account=account, names=names), account),
    )


@fault("an event at as_of counts", "event")
def _(patch: Patch) -> None:
    _pairs_changed(patch, lambda query, _: swapped(query, exp.LT, _or_equal))


@fault("a rule is still in force at its end", "effective")
def _(patch: Patch) -> None:
    plain = lower.Lowering.force

    def wrong(self: Any, *args: Any) -> AsOf | None:
        found = plain(self, *args)
        return found if found is None or found.to_us is None else AsOf(found.from_us, found.to_us + 1)

    patch.setattr(lower.Lowering, "force", wrong)


@fault("a rule out of force pays its default", "effective")
def _(patch: Patch) -> None:
    plain = lower.lower_rule

    def wrong(*args: Any) -> Any:
        found = plain(*args)
        if (
            isinstance(found, FirstOf)
            and isinstance(found.cases[0], Negation)
            and isinstance(found.cases[0].part, AsOf)
        ):
            return FirstOf((Constant(False), *found.cases[1:]))
        return found

    everywhere(patch, plain, wrong)


@fault("the day is a local one", "per_day")
def _(patch: Patch) -> None:
    patch.setattr(eventsets, "_SHIFT_US", eventsets._SHIFT_US - 5 * DAY_US // 24)


@fault("a time in 'within' may lie at as_of", r'field": "[^"]+", "within"')
def _(patch: Patch) -> None:
    plain = comparing._time

    def wrong(cell: Any, test: Any) -> Any:
        found = plain(cell, test)
        return replace(found, low_us=0) if test.operator == "within" else found

    patch.setattr(comparing, "_time", wrong)


@fault("'older_than' of a time is a day short", r'field": "[^"]+", "older_than"')
def _(patch: Patch) -> None:
    plain = comparing._time

    def wrong(cell: Any, test: Any) -> Any:
        found = plain(cell, test)
        return replace(found, low_us=found.low_us - DAY_US) if test.operator == "older_than" else found

    patch.setattr(comparing, "_time", wrong)


# --- missing values ---------------------------------------------------------------------------------------------------


@fault("a null earns points")
def _(patch: Patch) -> None:
    patch.setattr(
        sql, "_decided", lambda test: exp.Coalesce(this=exp.paren(test, copy=False), expressions=[exp.true()])
    )


@fault("a skipped test is true", '"skip"')
def _(patch: Patch) -> None:
    plain = lower._with_missing
    patch.setattr(lower, "_with_missing", lambda holds, gone, policy: plain(holds, gone, policy is not False))


@fault("a skipped test is false", '"skip"')
def _(patch: Patch) -> None:
    plain = lower._with_missing
    patch.setattr(lower, "_with_missing", lambda holds, gone, policy: plain(holds, gone, policy is True))


@fault("the opposite of a skipped test is true", '"skip"', '"not"')
def _(patch: Patch) -> None:
    patch.setattr(lower, "_not", lambda part: lower._Three(Negation(part.holds), part.skipped))


@fault("of nothing but skipped tests 'all' is true", '"skip"', '"all"')
def _(patch: Patch) -> None:
    def wrong(parts: Any) -> Any:
        found = plain(parts)
        return lower._Three(Conjunction(found.holds.parts[: len(parts)]), found.skipped)

    plain = lower._all
    patch.setattr(lower, "_all", wrong)


@fault("a missing value is a distinct one", '"distinct"')
def _(patch: Patch) -> None:
    plain = eventsets.EventSets._value

    def wrong(self: Any, cell: Any) -> exp.Expression:
        value = exp.cast(plain(self, cell), exp.DataType.Type.VARCHAR)
        return exp.Coalesce(this=value, expressions=[exp.Literal.string("")])

    patch.setattr(eventsets.EventSets, "_value", wrong)


# --- texts ------------------------------------------------------------------------------------------------------------


@fault("folding reaches beyond ASCII", "[ÄÖÜßİ]")
def _(patch: Patch) -> None:
    patch.setattr(sql, "_fold", lambda value: exp.Lower(this=sql.call("TRIM", value, sql.text(" \t\r\n"))))


@fault("no-break spaces are trimmed")
def _(patch: Patch) -> None:
    plain = sql._fold
    patch.setattr(sql, "_fold", lambda value: plain(sql.call("TRIM", value, sql.text(" \t\r\n\u00a0"))))


@fault("a word is found inside of words", "has_word")
def _(patch: Patch) -> None:
    plain = sql._match
    patch.setattr(
        sql,
        "_match",
        lambda match, value: plain(replace(match, how="contains") if match.how == "words" else match, value),
    )


@fault("'_' of a glob is any sign", r'"glob": [^}]*[_%]')
def _(patch: Patch) -> None:
    patch.setattr(sql, "_PATTERN", {ord("*"): "%", ord("?"): "_"})


@fault("members are looked up folded", "member_of")
def _(patch: Patch) -> None:
    plain = lower.Lowering._member

    def wrong(self: Any, *args: Any) -> Any:
        found = plain(self, *args)
        parts = [replace(part, value=comparing.folded(part.value), folded=True) for part in found.parts]
        return replace(found, parts=tuple(parts))

    patch.setattr(lower.Lowering, "_member", wrong)


@fault("'exact' is forgotten", '"exact": true')
def _(patch: Patch) -> None:
    plain = lower.lower_test
    everywhere(patch, plain, lambda test, *args: plain(test.model_copy(update={"exact": False}), *args))


# --- bounds -----------------------------------------------------------------------------------------------------------


@fault("the upper end of 'between' counts", '"between"')
def _(patch: Patch) -> None:
    plain = lower._borders

    def wrong(bound: Any) -> Any:
        return [("<=" if bound.operator == "between" and order == "<" else order, end) for order, end in plain(bound)]

    patch.setattr(lower, "_borders", wrong)


@fault("'at_least' leaves out the number itself", '"at_least"')
def _(patch: Patch) -> None:
    patch.setitem(comparing.ORDERS, "at_least", ">")


@fault("an age of n days ends a day early", '_age"')
def _(patch: Patch) -> None:
    plain = lower._age_borders
    patch.setattr(
        lower, "_age_borders", lambda bound: [(order, end - DAY_US * (order == "<")) for order, end in plain(bound)]
    )


@fault("a sum of doubles is not rounded", '"sum"')
def _(patch: Patch) -> None:
    everywhere(
        patch, sql.thousandths, lambda value: exp.Mul(this=exp.paren(value, copy=False), expression=sql.double(1000))
    )


@fault("the first age is the last one", "_age")
def _(patch: Patch) -> None:
    plain = eventsets.EventSets._aggregate

    def wrong(self: Any, events: Any, measure: Any, of: Any) -> Any:
        return plain(self, events, {"first_age": "last_age"}.get(measure, measure), of)

    patch.setattr(eventsets.EventSets, "_aggregate", wrong)


# --- limits -----------------------------------------------------------------------------------------------------------


@fault("the oldest events are kept", '"limit"', '"decay"')
def _(patch: Patch) -> None:
    plain = eventsets._newest

    def older(node: exp.Ordered) -> exp.Ordered:
        return exp.Ordered(this=node.this, desc=False)

    patch.setattr(eventsets, "_newest", lambda *args: swapped(plain(*args), exp.Ordered, older))


@fault("the limit per day comes before the one per value", '"per_distinct"', '"per_day"')
def _(patch: Patch) -> None:
    plain = eventsets.EventSets._members

    def wrong(self: Any, events: Any) -> exp.Select:
        if events.distinct is None or events.per_day is None:
            return plain(self, events)
        days = plain(self, replace(events, distinct=None)).select(
            exp.alias_(self._value(events.distinct), "v", quoted=True)
        )
        order = exp.Order(expressions=[exp.Ordered(this=column("at_us", "m"), desc=True)])
        rank = exp.Window(
            this=exp.RowNumber(), partition_by=[column("obs", "m"), eventsets._day("m")], order=order, over="OVER"
        )
        names = ("obs", "as_of_us", "at_us", "v")
        ranked = exp.select(*(column(name, "m") for name in names), exp.alias_(rank, "nth", quoted=True))
        within = exp.LTE(this=column("nth", "d"), expression=sql.integer(events.per_day))
        known = exp.Is(this=column("v", "d"), expression=exp.null()).not_()
        newest = exp.alias_(exp.Max(this=column("at_us", "d")), "at_us", quoted=True)
        keys = [column("obs", "d"), column("as_of_us", "d")]
        found = exp.select(*keys, newest).from_(ranked.from_(days.subquery("m")).subquery("d"))
        return found.where(exp.and_(within, known)).group_by(*(key.copy() for key in keys), column("v", "d"))

    patch.setattr(eventsets.EventSets, "_members", wrong)


# --- scope of accounts ------------------------------------------------------------------------------------------------


@fault("leads without an account are one account", '"account"')
def _(patch: Patch) -> None:
    everywhere(patch, eventsets.side, lambda account, _: exp.Coalesce(this=account, expressions=[sql.integer(-1)]))


@fault("colleagues' events count before they happen", '"account"')
def _(patch: Patch) -> None:
    plain, of_ages = eventsets.EventSets._pairs, eventsets.EventSets.ages
    negative = []  # decay has no shares for negative ages, so those of decaying rules are left alone

    def wrong(self: Any, *, account: bool, names: Any) -> Any:
        query = plain(self, account=account, names=names)
        return swapped(query, exp.LT, lambda _: exp.true()) if account and not negative else query

    def ages(self: Any, events: Any) -> Any:
        negative.append(events)
        found = of_ages(self, events)
        negative.pop()
        return found

    patch.setattr(eventsets.EventSets, "_pairs", wrong)
    patch.setattr(eventsets.EventSets, "ages", ages)


@fault("own events count twice among the account's", '"account"')
def _(patch: Patch) -> None:
    def twice(query: exp.Select, account: bool) -> exp.Select:
        if not account:
            return query
        copies = exp.select(exp.alias_(sql.integer(0), "n", quoted=True)).union(
            exp.select(exp.alias_(sql.integer(1), "n", quoted=True)), distinct=False
        )
        own = exp.EQ(this=column("lead", "e"), expression=column("lead", "o"))
        first = exp.EQ(this=column("n", "c"), expression=sql.integer(0))
        return query.join(copies.subquery("c"), on=exp.or_(first, own))

    _pairs_changed(patch, twice)


@fault("colleagues' events are forgotten", '"account"')
def _(patch: Patch) -> None:
    plain = eventsets.EventSets._pairs
    patch.setattr(
        eventsets.EventSets, "_pairs", lambda self, *, account, names: plain(self, account=False, names=names)
    )


# --- fields as of a moment --------------------------------------------------------------------------------------------


@fault("a stage entered at as_of counts", '"stage"')
def _(patch: Patch) -> None:
    plain = fields._last
    patch.setattr(
        fields,
        "_last",
        lambda name, *args: swapped(plain(name, *args), exp.LT, _or_equal) if name == "stages" else plain(name, *args),
    )


@fault("of two stages at one instant the least counts", '"stage"')
def _(patch: Patch) -> None:
    plain = fields._last

    def wrong(name: str, value: str, observations: str) -> Any:
        def turned(node: exp.Ordered) -> exp.Ordered:
            return exp.Ordered(this=node.this, desc=node.this.name != value, nulls_first=False)

        return swapped(plain(name, value, observations), exp.Ordered, turned)

    patch.setattr(fields, "_last", wrong)


@fault("a score recorded at as_of counts", '"recorded_score"')
def _(patch: Patch) -> None:
    plain = fields._last
    patch.setattr(
        fields,
        "_last",
        lambda name, *args: swapped(plain(name, *args), exp.LT, _or_equal) if name == "scores" else plain(name, *args),
    )


@fault("a change at as_of counts as a field's value")
def _(patch: Patch) -> None:
    plain = fields._ranked

    def wrong(cell: Any, observations: str, when: Any, **named: Any) -> Any:
        return plain(cell, observations, None if when is None else _or_equal(when), **named)

    patch.setattr(fields, "_ranked", wrong)


@fault("a change at the start of 'changed_within' counts", "changed_within")
def _(patch: Patch) -> None:
    plain = comparing._changed

    def wrong(*args: Any) -> Any:
        found = plain(*args)
        return replace(found, window_us=found.window_us + 1)

    patch.setattr(comparing, "_changed", wrong)


@fault("a change at as_of hides earlier ones", "changed_within")
def _(patch: Patch) -> None:
    plain = fields.changes_query
    everywhere(patch, plain, lambda *args, **named: swapped(plain(*args, **named), exp.LT, _or_equal))
