"""Queries about sets of events by observation: quantities of many sets in one pass, limits, and ages.

The engine holds the observations (obs, lead, account, as_of_us) and the table `obs_events` (lead, side, created_us,
at_us, event, properties as `x0, x1, …`). Only events before as_of are ever joined. `side` is the account of the
event's lead, or a number of the lead's own where it has none; `created_us` is when that lead was created: before,
nobody could count its events for a colleague.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from workbench.engine.duck import column, table
from workbench.engine.lowered import DAY_US, Cell, Events, Measure
from workbench.engine.sql import Form, form_of_value, integer, print_membership, text, thousandths

EVENTS = "obs_events"
Ask = tuple[Events, Measure, Cell | None]
"""A quantity: of which events, what is measured, and of which property."""


def with_limits(events: Events) -> bool:
    """Whether events of the set have to be picked before they can be counted."""
    return events.per_day is not None


def named(sets: Sequence[Events]) -> list[str] | None:
    """The event names that some set asks for, sorted; None if one of them takes every event."""
    if any(events.names is None for events in sets):
        return None
    return sorted({name for events in sets for name in events.names or ()})


def side(account: exp.Expr, lead: exp.Expr) -> exp.Expr:
    """The account, or a number below 0 of the lead's own where it has none."""
    own = exp.Sub(this=integer(-1), expression=lead)
    return exp.Coalesce(this=account, expressions=[own])


@dataclass(frozen=True)
class EventSets:
    """Prints the queries.

    Attributes:
        observations: name of their table.
        properties: where a property of the events stands, by form.
    """

    observations: str
    properties: Mapping[tuple[Cell, Form], exp.Column]

    def measured(self, asks: Sequence[Ask]) -> exp.Select:
        """A query of `obs` and a quantity `n0, n1, …` for each ask, in one pass over the events.

        The sets have no limit by day, and all are of one scope. Ages are in microseconds.
        """
        sets = [events for events, _, _ in asks]
        query = self._pairs(account=sets[0].account, names=named(sets)).select(column("obs", "o"))
        for number, (events, measure, of) in enumerate(asks):
            query = query.select(exp.alias_(self._aggregate(events, measure, of), f"n{number}", quoted=True))
        return query.group_by(column("obs", "o"))

    def counted_by_day(self, events: Events) -> exp.Select:
        """A query of `obs` and `n0`, the number of events with at most `per_day` in one UTC day."""
        assert events.per_day is not None  # noqa: S101  (that is who asks)
        source = self._members(events).subquery("m")
        days = exp.select(column("obs", "m"), exp.alias_(exp.Count(this=exp.Star()), "n", quoted=True))
        days = days.from_(source).group_by(column("obs", "m"), _day("m"))
        capped = at_most(column("n", "d"), events.per_day)
        return (
            exp.select(column("obs", "d"))
            .select(exp.alias_(exp.cast(exp.Sum(this=capped), exp.DataType.Type.BIGINT), "n0", quoted=True))
            .from_(days.subquery("d"))
            .group_by(column("obs", "d"))
        )

    def ages(self, events: Events) -> exp.Select:
        """A query of `obs`, `age_us` (of whole days) and `n`, the number of events of that age; in their order."""
        kept = self._members(events)
        if events.per_day is not None:
            kept = _newest(kept, [column("obs", "m"), _day("m")], events.per_day)
        if events.newest is not None:
            kept = _newest(kept, [column("obs", "m")], events.newest)
        age = _age("a", "a")
        whole = exp.Sub(this=age, expression=exp.Mod(this=age.copy(), expression=integer(DAY_US)))
        return (
            exp.select(column("obs", "a"), exp.alias_(whole, "age_us", quoted=True))
            .select(exp.alias_(exp.Count(this=exp.Star()), "n", quoted=True))
            .from_(kept.subquery("a"))
            .group_by(column("obs", "a"), whole.copy())
            .order_by(column("obs", "a"), exp.column("age_us", quoted=True))
        )

    def listed(self, events: Events) -> exp.Select:
        """A query of the events of a set, before limits: at_us, event, lead_id, and what tells them apart."""
        value = exp.null() if events.distinct is None else self._value(events.distinct)
        on = exp.EQ(this=column("lead", "l"), expression=column("lead", "e"))
        query = self._pairs(account=events.account, names=None if events.names is None else sorted(events.names))
        query = query.join(exp.alias_(table("leads"), "l", table=True), on=on)
        return query.where(self._member(events)).select(
            column("at_us", "e"), column("event", "e"), column("lead_id", "l"), exp.alias_(value, "value", quoted=True)
        )

    def _pairs(self, *, account: bool, names: Sequence[str] | None) -> exp.Select:
        """Observations joined with their events before as_of, without columns yet."""
        same: exp.Expr = exp.EQ(this=column("lead", "e"), expression=column("lead", "o"))
        if account:
            mine = side(column("account", "o"), column("lead", "o"))
            known = exp.LT(this=column("created_us", "e"), expression=column("as_of_us", "o"))
            own_or_known = exp.paren(exp.or_(same, known))
            same = exp.and_(exp.EQ(this=column("side", "e"), expression=mine), own_or_known)
        query = (
            exp.Select()
            .from_(exp.alias_(table(self.observations), "o", table=True))
            .join(
                exp.alias_(table(EVENTS), "e", table=True),
                on=exp.and_(same, exp.LT(this=column("at_us", "e"), expression=column("as_of_us", "o"))),
            )
        )
        if names is None:
            return query
        return query.where(exp.In(this=column("event", "e"), expressions=[text(name) for name in names]))

    def _member(self, events: Events) -> exp.Expr:
        return print_membership(events, event="e", observation="o", cell=self._property)

    def _property(self, cell: Cell, form: Form) -> exp.Expr:
        return self.properties[cell, form].copy()

    def _value(self, cell: Cell) -> exp.Expr:
        return self._property(cell, form_of_value(cell))

    def _aggregate(self, events: Events, measure: Measure, of: Cell | None) -> exp.Expr:
        """The quantity of the set among an observation's events; NULL where there is none to take it of."""

        def within(value: exp.Expr) -> exp.Expr:
            return exp.Case(ifs=[exp.If(this=self._member(events), true=value)])

        if measure in {"first_age", "last_age"}:
            extreme = exp.Max if measure == "first_age" else exp.Min
            return extreme(this=within(_age("o", "e")))
        if measure == "sum" and of is not None:
            return exp.Sum(this=within(thousandths(self._property(of, "raw"))))
        distinct = {"days": _day("e"), "leads": column("lead", "e")}.get(measure)
        told_apart = of if of is not None else events.distinct
        if measure in {"count", "distinct"} and told_apart is not None:
            distinct = self._value(told_apart)
        if distinct is None:
            return exp.Count(this=within(integer(1)))
        return exp.Count(this=exp.Distinct(expressions=[within(distinct)]))

    def _members(self, events: Events) -> exp.Select:
        """The events of a set as (obs, as_of_us, at_us), of those with the same value only the newest."""
        keys = [column("obs", "o"), column("as_of_us", "o")]
        pairs = self._pairs(account=events.account, names=named([events])).where(self._member(events))
        if events.distinct is None:
            return pairs.select(*keys, column("at_us", "e"))
        value = self._value(events.distinct)
        newest = exp.alias_(exp.Max(this=column("at_us", "e")), "at_us", quoted=True)
        known = exp.Is(this=value.copy(), expression=exp.null()).not_()
        return pairs.where(known).select(*keys, newest).group_by(*(key.copy() for key in keys), value)


def at_most(value: exp.Expr, most: int) -> exp.Expr:
    """The smaller of a number and a constant."""
    above = exp.GT(this=value, expression=integer(most))
    return exp.Case(ifs=[exp.If(this=above, true=integer(most))], default=value.copy())


def _age(observation: str, event: str) -> exp.Expr:
    return exp.paren(exp.Sub(this=column("as_of_us", observation), expression=column("at_us", event)))


_SHIFT_US = 1_000_000 * DAY_US  # keeps days before 1970 from being rounded towards it


def _day(event: str) -> exp.Expr:
    """The start of the event's UTC day, in microseconds from a far past."""
    at = exp.paren(exp.Add(this=column("at_us", event), expression=integer(_SHIFT_US)))
    return exp.paren(exp.Sub(this=at, expression=exp.Mod(this=at.copy(), expression=integer(DAY_US))))


def _newest(events: exp.Select, partition: list[exp.Expr], most: int) -> exp.Select:
    """The newest events in each part; events at the same moment earn equal points, so their order does not matter."""
    order = exp.Order(expressions=[exp.Ordered(this=column("at_us", "m"), desc=True)])
    nth = exp.Window(this=exp.RowNumber(), partition_by=partition, order=order, over="OVER")
    names = ("obs", "as_of_us", "at_us")
    ranked = exp.select(*(column(name, "m") for name in names), exp.alias_(nth, "nth", quoted=True))
    return (
        exp.select(*(column(name, "r") for name in names))
        .from_(ranked.from_(events.subquery("m")).subquery("r"))
        .where(exp.LTE(this=column("nth", "r"), expression=integer(most)))
    )
