"""Gathers features of observations in the engine: event counts, hits and cases, ages of events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from workbench.engine.duck import column, table
from workbench.engine.lowered import (
    DAY_US,
    Ages,
    Cell,
    Compare,
    Events,
    Feature,
    FirstOf,
    Hit,
    Known,
    Match,
    Predicate,
    Tally,
    cells,
    event_sets,
    leaves,
    predicates,
)
from workbench.engine.sql import Form, case_number, form_of, in_form, integer, print_membership, print_predicate, text
from workbench.history import History
from workbench.observation.fields import cells_query

OBS, CELLS, TEXTS, EVENTS, FEATURES = "obs", "obs_cells", "obs_texts", "obs_events", "obs_features"


@dataclass(frozen=True)
class Evidence:
    """Which events an observation has, by age: three arrays of equal length, sorted by observation.

    Attributes:
        obs: observation index.
        age: whole days before as_of.
        count: number of events.
    """

    obs: NDArray[np.int64]
    age: NDArray[np.int64]
    count: NDArray[np.int64]


def cells_of(features: Iterable[Feature], extra: Iterable[Predicate] = ()) -> list[Cell]:
    """The distinct cells that features and other predicates read, in order of first use."""
    wanted = [predicate for feature in features for predicate in predicates(feature)] + list(extra)
    return list(dict.fromkeys(cell for predicate in wanted for cell in cells(predicate)))


def forms_of(tests: Iterable[Predicate], *, raw: bool = False) -> list[tuple[Cell, Form]]:
    """The distinct forms of cells that tests read; those as they are stored only with `raw`."""
    found: dict[tuple[Cell, Form], None] = {}
    for test in tests:
        for leaf in leaves(test):
            if isinstance(leaf, Compare | Match):
                found[leaf.cell, form_of(leaf)] = None
            elif isinstance(leaf, Known):
                found[leaf.cell, "raw"] = None
    return [key for key in found if raw or key[1] != "raw"]


class Gathering:
    """The statements that turn observations into features; each result is a table in the engine.

    Args:
        history: the loaded past; its engine holds the table `obs` (obs, lead, account, as_of_us).
        observations: name of that table.
    """

    def __init__(self, history: History, observations: str = OBS) -> None:
        self.history = history
        self.engine = history.engine
        self.observations = observations
        self._counts: dict[Events, exp.Expr] = {}
        self._cells: dict[tuple[Cell, Form], exp.Expr] = {}
        self._properties: dict[tuple[Cell, Form], exp.Expr] = {}
        self._tables: list[str] = []

    def prepare(self, wanted: Sequence[Cell], features: Sequence[Feature], extra: Sequence[Predicate] = ()) -> None:
        """Make the tables of cells, of their folded texts, and of event counts that later statements read."""
        self._store(CELLS, cells_query(wanted, self.history, observations=self.observations))
        self._cells = {(cell, "raw"): column(f"k{number}", CELLS) for number, cell in enumerate(wanted)}
        tests = [predicate for feature in features for predicate in predicates(feature)]
        self._store_texts(forms_of([*tests, *extra]))
        counted = list(dict.fromkeys(sets_of(features, extra)))
        aged = [feature.events for feature in features if isinstance(feature, Ages)]
        if counted or aged:
            self._take_events([*counted, *aged])
        plain = [events for events in counted if events.per_day is None]
        if plain:
            self._store("obs_counts", self._count_all(plain))
        for number, events in enumerate(plain):
            self._counts[events] = _count_column("obs_counts", f"n{number}", events.newest)
        for number, events in enumerate(counted):
            if events.per_day is not None:
                name = f"obs_counts_{number}"
                self._store(name, self._count_by_day(events))
                self._counts[events] = _count_column(name, "n", events.newest)

    def _take_events(self, sets: Sequence[Events]) -> None:
        """Copy the events that some set may hold, with the properties that are asked of, each text folded once."""
        forms = list(dict.fromkeys(key for events in sets for key in forms_of([events.where], raw=True)))
        self._properties = {key: column(f"x{number}", "e") for number, key in enumerate(forms)}
        query = exp.select(column("lead", "e"), column("at_us", "e"), column("event", "e"))
        query = query.from_(exp.alias_(table("events"), "e", table=True))
        for number, (cell, form) in enumerate(forms):
            query = _with_form(query, "events", column(f"p_{cell.name}", "e"), form, f"x{number}")
        if all(events.names is not None for events in sets):
            names = sorted({name for events in sets for name in events.names or ()})
            query = query.where(exp.In(this=column("event", "e"), expressions=[text(name) for name in names]))
        self.engine.write(EVENTS, query)

    def _store_texts(self, forms: Sequence[tuple[Cell, Form]]) -> None:
        """Each text in each form that some test reads, made once."""
        if not forms:
            return
        query = exp.select(column("obs", "e")).from_(exp.alias_(table(CELLS), "e", table=True))
        for number, (cell, form) in enumerate(forms):
            stored = column(self._cells[cell, "raw"].name, "e")
            query = _with_form(query, CELLS, stored, form, f"t{number}")
        self._store(TEXTS, query)
        for number, key in enumerate(forms):
            self._cells[key] = column(f"t{number}", TEXTS)

    def select(self, expressions: Sequence[exp.Expr]) -> exp.Select:
        """A query of expressions over observations joined with their cells and counts."""
        query = exp.select(*expressions).from_(table(self.observations))
        for name in self._tables:
            on = exp.EQ(this=column("obs", name), expression=column("obs", self.observations))
            query = query.join(table(name), on=on, join_type="left")
        return query

    def printed(self, predicate: Predicate) -> exp.Expr:
        """The predicate over the tables that `prepare` made."""
        return print_predicate(
            predicate, lambda cell, form: self._cells[cell, form].copy(), lambda events: self._counts[events].copy()
        )

    def cell(self, cell: Cell) -> exp.Expr:
        """Where a prepared cell is found."""
        return self._cells[cell, "raw"].copy()

    def feature(self, feature: Feature) -> exp.Expr:
        """The feature as an integer: 0/1, number of the first case, or number of events."""
        if isinstance(feature, Hit):
            return case_number([self.printed(feature.when)])
        if isinstance(feature, FirstOf):
            return case_number([self.printed(case) for case in feature.cases])
        if isinstance(feature, Tally):
            return self._counts[feature.events].copy()
        raise AssertionError("ages are gathered by `ages`")

    def ages(self, feature: Ages) -> Evidence:
        """The events behind a decaying rule, by observation and age in whole days."""
        found = self.engine.arrays(self._ages(feature.events))
        return Evidence(
            np.asarray(found["obs"], dtype=np.int64),
            np.asarray(found["age_us"], dtype=np.int64) // DAY_US,
            np.asarray(found["n"], dtype=np.int64),
        )

    def forget(self) -> None:
        """Drop the tables that `prepare` made."""
        self.engine.drop([*self._tables, EVENTS])
        self._tables.clear()

    def _store(self, name: str, query: exp.Select) -> None:
        self.engine.write(name, query)
        self._tables.append(name)

    # --- event sets -------------------------------------------------------------------------------------------------

    def _pairs(self) -> exp.Select:
        """Observations joined with their events before as_of, without columns yet."""
        return (
            exp.Select()
            .from_(exp.alias_(table(self.observations), "o", table=True))
            .join(
                exp.alias_(table(EVENTS), "e", table=True),
                on=exp.and_(
                    exp.EQ(this=column("lead", "e"), expression=column("lead", "o")),
                    exp.LT(this=column("at_us", "e"), expression=column("as_of_us", "o")),
                ),
            )
        )

    def _member(self, events: Events) -> exp.Expr:
        return print_membership(events, "e", _age(), lambda cell, form: self._properties[cell, form].copy())

    def _count_all(self, sets: Sequence[Events]) -> exp.Select:
        """One pass over the events counts every set that has no limit by day."""
        query = self._pairs().select(column("obs", "o"))
        for number, events in enumerate(sets):
            hit = exp.Case(ifs=[exp.If(this=self._member(events), true=integer(1))])
            query = query.select(exp.alias_(exp.Count(this=hit), f"n{number}", quoted=True))
        return query.group_by(column("obs", "o"))

    def _count_by_day(self, events: Events) -> exp.Select:
        """Counts with at most `per_day` in one UTC day."""
        assert events.per_day is not None  # noqa: S101  (that is who asks)
        days = (
            self._pairs()
            .select(column("obs", "o"), exp.alias_(exp.Count(this=exp.Star()), "n", quoted=True))
            .where(self._member(events))
            .group_by(column("obs", "o"), _day())
        )
        capped = _at_most(column("n", "d"), events.per_day)
        return (
            exp.select(column("obs", "d"))
            .select(exp.alias_(exp.cast(exp.Sum(this=capped), exp.DataType.Type.BIGINT), "n", quoted=True))
            .from_(days.subquery("d"))
            .group_by(column("obs", "d"))
        )

    def _ages(self, events: Events) -> exp.Select:
        inner = self._pairs().select(column("obs", "o"), exp.alias_(_age(), "age_us", quoted=True))
        inner = inner.where(self._member(events))
        kept: exp.Select = inner
        if events.per_day is not None:
            by_day = _nth([column("obs", "o"), _day()], _age())
            inner = inner.select(exp.alias_(by_day, "nth", quoted=True))
            kept = _kept(inner, events.per_day)
        if events.newest is not None:
            nth = _nth([column("obs", "i")], column("age_us", "i"))
            ranked = exp.select(column("obs", "i"), column("age_us", "i"), exp.alias_(nth, "nth", quoted=True))
            kept = _kept(ranked.from_(kept.subquery("i")), events.newest)
        age = column("age_us", "a")
        whole = exp.Sub(this=age, expression=exp.Mod(this=age.copy(), expression=integer(DAY_US)))
        return (
            exp.select(column("obs", "a"), exp.alias_(whole, "age_us", quoted=True))
            .select(exp.alias_(exp.Count(this=exp.Star()), "n", quoted=True))
            .from_(kept.subquery("a"))
            .group_by(column("obs", "a"), whole.copy())
            .order_by(column("obs", "a"), exp.column("age_us", quoted=True))
        )


def _with_form(query: exp.Select, source: str, stored: exp.Column, form: Form, name: str) -> exp.Select:
    """Add a column of `source` (alias e) in some form; texts repeat, so each distinct one is worked on once."""
    if form == "raw":
        return query.select(exp.alias_(stored, name, quoted=True))
    values = exp.select(exp.alias_(column(stored.name), "value", quoted=True)).distinct().from_(table(source))
    made = exp.select(column("value", "v"), exp.alias_(in_form(column("value", "v"), form), "made", quoted=True))
    book = made.from_(values.subquery("v")).subquery(f"d_{name}")
    on = exp.EQ(this=column("value", f"d_{name}"), expression=stored)
    return query.join(book, on=on, join_type="left").select(exp.alias_(column("made", f"d_{name}"), name, quoted=True))


def _age() -> exp.Expr:
    return exp.paren(exp.Sub(this=column("as_of_us", "o"), expression=column("at_us", "e")))


_SHIFT_US = 1_000_000 * DAY_US  # keeps days before 1970 from being rounded towards it


def _day() -> exp.Expr:
    """The start of the event's UTC day, in microseconds from a far past."""
    at = exp.paren(exp.Add(this=column("at_us", "e"), expression=integer(_SHIFT_US)))
    return exp.paren(exp.Sub(this=at, expression=exp.Mod(this=at.copy(), expression=integer(DAY_US))))


def _nth(partition: list[exp.Expr], age: exp.Expr) -> exp.Expr:
    """Rank by age, youngest first; equal ages earn equal points, so their order does not matter."""
    order = exp.Order(expressions=[exp.Ordered(this=age, desc=False)])
    return exp.Window(this=exp.RowNumber(), partition_by=partition, order=order, over="OVER")


def _kept(ranked: exp.Select, most: int) -> exp.Select:
    return (
        exp.select(column("obs", "r"), column("age_us", "r"))
        .from_(ranked.subquery("r"))
        .where(exp.LTE(this=column("nth", "r"), expression=integer(most)))
    )


def _at_most(value: exp.Expr, most: int) -> exp.Expr:
    above = exp.GT(this=value, expression=integer(most))
    return exp.Case(ifs=[exp.If(this=above, true=integer(most))], default=value.copy())


def _count_column(name: str, key: str, newest: int | None) -> exp.Expr:
    count: exp.Expr = exp.Coalesce(this=column(key, name), expressions=[integer(0)])
    return _at_most(count, newest) if newest is not None else count


def sets_of(features: Iterable[Feature], extra: Iterable[Predicate] = ()) -> list[Events]:
    """The event sets that must be counted for features and other predicates."""
    found: list[Events] = []
    for feature in features:
        if isinstance(feature, Tally):
            found.append(feature.events)
        for predicate in predicates(feature):
            found.extend(event_sets(predicate))
    for predicate in extra:
        found.extend(event_sets(predicate))
    return found
