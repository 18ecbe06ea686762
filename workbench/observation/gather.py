"""Gathers features of observations in the engine: quantities of events, hits and cases, ages of events, idleness."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from workbench.engine.duck import column, table
from workbench.engine.lowered import (
    DAY_US,
    Ages,
    Cell,
    Changed,
    Events,
    Feature,
    FirstOf,
    Hit,
    Idle,
    Measured,
    Predicate,
    Tally,
    cells,
    event_sets,
    leaves,
    predicates,
)
from workbench.engine.sql import (
    Form,
    Ground,
    case_number,
    form_of_value,
    forms,
    in_form,
    integer,
    print_predicate,
    text,
)
from workbench.history import History
from workbench.observation.eventsets import EVENTS, Ask, EventSets, at_most, named, side, with_limits
from workbench.observation.fields import cells_query, changes_query

Whole = NDArray[np.integer[Any]]
OBS, CELLS, TEXTS, CHANGES, FEATURES = "obs", "obs_cells", "obs_texts", "obs_changes", "obs_features"


@dataclass(frozen=True)
class Evidence:
    """Which events an observation has, by age: three arrays of equal length, sorted by observation.

    Their integers are as small as the numbers allow.

    Attributes:
        obs: observation index.
        age: whole days before as_of.
        count: number of events.
    """

    obs: Whole
    age: Whole
    count: Whole

    def among(self, start: int, stop: int) -> Evidence:
        """That of the observations start <= obs < stop, without a copy."""
        first, last = np.searchsorted(self.obs, [start, stop])
        return Evidence(self.obs[first:last], self.age[first:last], self.count[first:last])


def least(largest: int, kind: type[np.signedinteger[Any]]) -> type[np.signedinteger[Any]]:
    """This kind of integer, or a larger one where it cannot hold the number."""
    kinds: list[type[np.signedinteger[Any]]] = [np.int16, np.int32, np.int64]
    return next(each for each in kinds[kinds.index(kind) :] if largest <= np.iinfo(each).max)


def small(values: Whole, kind: type[np.signedinteger[Any]]) -> Whole:
    """Numbers of 0 and more as integers of this kind, or of a larger one where they do not fit."""
    return values.astype(least(int(values.max(initial=0)), kind), copy=False)


def cells_of(features: Iterable[Feature], extra: Iterable[Predicate] = ()) -> list[Cell]:
    """The distinct cells that features and other predicates read, in order of first use."""
    return list(dict.fromkeys(cell for predicate in _tests(features, extra) for cell in cells(predicate)))


def sets_of(features: Iterable[Feature], extra: Iterable[Predicate] = ()) -> list[Events]:
    """The event sets that features and other predicates are about."""
    features = list(features)
    own = [feature.events for feature in features if isinstance(feature, Tally | Ages | Idle)]
    return own + [events for predicate in _tests(features, extra) for events in event_sets(predicate)]


def _tests(features: Iterable[Feature], extra: Iterable[Predicate]) -> list[Predicate]:
    return [predicate for feature in features for predicate in predicates(feature)] + list(extra)


def _asks(features: Iterable[Feature], tests: Iterable[Predicate]) -> list[Ask]:
    """The distinct quantities of events that features and predicates are made of."""
    found: dict[Ask, None] = {}
    for feature in features:
        if isinstance(feature, Tally):
            found[_count(feature.events)] = None
        elif isinstance(feature, Idle):
            found[_last_age(feature.events)] = None
    for test in tests:
        for leaf in leaves(test):
            if isinstance(leaf, Measured):
                found[leaf.events, leaf.measure, leaf.of] = None
    return list(found)


def _count(events: Events) -> Ask:
    return events, "count", None


def _last_age(events: Events) -> Ask:
    return events, "last_age", None


def _read_of_events(sets: Iterable[Events], asks: Iterable[Ask]) -> list[tuple[Cell, Form]]:
    """The properties that sets and quantities of events read, each in its form."""
    found: dict[tuple[Cell, Form], None] = {}
    for events in sets:
        found |= dict.fromkeys(key for leaf in leaves(events.where) for key in forms(leaf))
        if events.distinct is not None:
            found[events.distinct, form_of_value(events.distinct)] = None
    for _, measure, of in asks:
        if of is not None:
            found[of, "raw" if measure == "sum" else form_of_value(of)] = None
    return list(found)


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
        self._measured: dict[Ask, exp.Expr] = {}
        self._cells: dict[tuple[Cell, Form], exp.Expr] = {}
        self._changes: dict[str, exp.Expr] = {}
        self._sets = EventSets(observations, {})
        self._tables: list[str] = []

    def prepare(self, wanted: Sequence[Cell], features: Sequence[Feature], extra: Sequence[Predicate] = ()) -> None:
        """Make the tables of cells, of their folded texts, and of event quantities that later statements read.

        Args:
            wanted: the cells to make: those of `cells_of`, and perhaps more.
            features: what will be asked for by `feature`, `ages` and `idle`.
            extra: what else will be `printed`.
        """
        tests = _tests(features, extra)
        self._store(CELLS, cells_query(wanted, self.history, observations=self.observations))
        self._cells = {(cell, "raw"): column(f"k{number}", CELLS) for number, cell in enumerate(wanted)}
        self._store_texts([key for test in tests for leaf in leaves(test) for key in forms(leaf)])
        self._store_changes([leaf.field for test in tests for leaf in leaves(test) if isinstance(leaf, Changed)])
        asks = _asks(features, tests)
        aged = [feature.events for feature in features if isinstance(feature, Ages)]
        sets = list(dict.fromkeys([*(events for events, _, _ in asks), *aged]))
        if sets:
            self._take_events(sets, asks)
        self._store_quantities(asks)

    def _store_quantities(self, asks: Sequence[Ask]) -> None:
        """One pass over the events for each scope, and one for each set that has a limit by day."""
        plain = [ask for ask in asks if not with_limits(ask[0])]
        for name, account in (("obs_quantities", False), ("obs_quantities_of_accounts", True)):
            mine = [ask for ask in plain if ask[0].account == account]
            if mine:
                self._store(name, self._sets.measured(mine))
            self._measured |= {ask: _quantity(name, number, ask) for number, ask in enumerate(mine)}
        for number, ask in enumerate(asks):
            if with_limits(ask[0]):
                assert ask[1] == "count"  # noqa: S101  (only `each` rules have limits)
                name = f"obs_quantities_{number}"
                self._store(name, self._sets.counted_by_day(ask[0]))
                self._measured[ask] = _quantity(name, 0, ask)

    def _take_events(self, sets: Sequence[Events], asks: Sequence[Ask]) -> None:
        """Copy the events that some set may hold, with the properties that are asked of, each text folded once."""
        read = _read_of_events(sets, asks)
        self._sets = EventSets(self.observations, {key: column(f"x{number}", "e") for number, key in enumerate(read)})
        query = exp.select(column("lead", "e"), column("at_us", "e"), column("event", "e"))
        query = query.from_(exp.alias_(table("events"), "e", table=True))
        if any(events.account for events in sets):
            own = side(column("account", "l"), column("lead", "e"))
            on = exp.EQ(this=column("lead", "l"), expression=column("lead", "e"))
            query = query.join(exp.alias_(table("leads"), "l", table=True), on=on, join_type="left")
            query = query.select(exp.alias_(own, "side", quoted=True), column("created_us", "l"))
        for number, (cell, form) in enumerate(read):
            query = _with_form(query, "events", column(f"p_{cell.name}", "e"), form, f"x{number}")
        names = named(sets)
        if names is not None:
            query = query.where(exp.In(this=column("event", "e"), expressions=[text(name) for name in names]))
        self.engine.write(EVENTS, query)

    def _store_texts(self, read: Sequence[tuple[Cell, Form]]) -> None:
        """Each text in each form that some test reads, made once."""
        made = [key for key in dict.fromkeys(read) if key[1] != "raw"]
        if not made:
            return
        query = exp.select(column("obs", "e")).from_(exp.alias_(table(CELLS), "e", table=True))
        for number, (cell, form) in enumerate(made):
            stored = column(self._cells[cell, "raw"].name, "e")
            query = _with_form(query, CELLS, stored, form, f"t{number}")
        self._store(TEXTS, query)
        for number, key in enumerate(made):
            self._cells[key] = column(f"t{number}", TEXTS)

    def _store_changes(self, fields: Sequence[str]) -> None:
        asked = list(dict.fromkeys(fields))
        if asked:
            self._store(CHANGES, changes_query(asked, observations=self.observations))
        self._changes = {name: column(f"c{number}", CHANGES) for number, name in enumerate(asked)}

    def select(self, expressions: Sequence[exp.Expr]) -> exp.Select:
        """A query of expressions over observations joined with their cells and quantities."""
        query = exp.select(*expressions).from_(table(self.observations))
        for name in self._tables:
            on = exp.EQ(this=column("obs", name), expression=column("obs", self.observations))
            query = query.join(table(name), on=on, join_type="left")
        return query

    def printed(self, predicate: Predicate) -> exp.Expr:
        """The predicate over the tables that `prepare` made."""
        return print_predicate(
            predicate,
            Ground(
                cell=lambda cell, form: self._cells[cell, form].copy(),
                as_of=lambda: column("as_of_us", self.observations),
                changed=lambda name: self._changes[name].copy(),
                measured=lambda leaf: self.quantity((leaf.events, leaf.measure, leaf.of)),
            ),
        )

    def cell(self, cell: Cell) -> exp.Expr:
        """Where a prepared cell is found."""
        return self._cells[cell, "raw"].copy()

    def quantity(self, ask: Ask) -> exp.Expr:
        """Where a prepared quantity of events is found; see `Ground.measured`."""
        return self._measured[ask].copy()

    def feature(self, feature: Feature) -> exp.Expr:
        """The feature as an integer: 0/1, number of the first case, or number of events."""
        if isinstance(feature, Hit):
            return case_number([self.printed(feature.when)])
        if isinstance(feature, FirstOf):
            return case_number([self.printed(case) for case in feature.cases])
        if isinstance(feature, Tally):
            return self._measured[_count(feature.events)].copy()
        raise AssertionError("ages are gathered by `ages`, idleness by `idle`")

    def ages(self, feature: Ages) -> Evidence:
        """The events behind a decaying rule, by observation and age in whole days."""
        found = self.engine.arrays(self._sets.ages(feature.events))
        return Evidence(
            small(np.asarray(found["obs"]), np.int32),
            small(np.asarray(found["age_us"]) // DAY_US, np.int16),
            small(np.asarray(found["n"]), np.int32),
        )

    def idle(self, feature: Idle) -> NDArray[np.int64]:
        """The age in whole days of the newest event of the set, by observation; -1 without one."""
        age = exp.Coalesce(this=self._measured[_last_age(feature.events)].copy(), expressions=[integer(-1)])
        query = self.select([exp.alias_(age, "age_us", quoted=True)])
        found = self.engine.arrays(query.order_by(column("obs", self.observations)))["age_us"]
        return np.asarray(found, dtype=np.int64) // DAY_US  # floors, so -1 stays -1

    def listed(self, events: Events) -> list[tuple[Any, ...]]:
        """The events of a prepared set, before limits: at_us, event, lead_id, and what tells them apart."""
        return self.engine.rows(self._sets.listed(events))

    def forget(self) -> None:
        """Drop the tables that `prepare` made."""
        self.engine.drop([*self._tables, EVENTS])
        self._tables.clear()

    def _store(self, name: str, query: exp.Select) -> None:
        self.engine.write(name, query)
        self._tables.append(name)


def _with_form(query: exp.Select, source: str, stored: exp.Column, form: Form, name: str) -> exp.Select:
    """Add a column of `source` (alias e) in some form; texts repeat, so each distinct one is worked on once."""
    if form == "raw":
        return query.select(exp.alias_(stored, name, quoted=True))
    values = exp.select(exp.alias_(column(stored.name), "value", quoted=True)).distinct().from_(table(source))
    made = exp.select(column("value", "v"), exp.alias_(in_form(column("value", "v"), form), "made", quoted=True))
    book = made.from_(values.subquery("v")).subquery(f"d_{name}")
    on = exp.EQ(this=column("value", f"d_{name}"), expression=stored)
    return query.join(book, on=on, join_type="left").select(exp.alias_(column("made", f"d_{name}"), name, quoted=True))


def _quantity(name: str, number: int, ask: Ask) -> exp.Expr:
    """Where a quantity stands: 0 without events, but for ages; at most the newest events that the set keeps."""
    events, measure, _ = ask
    stored = column(f"n{number}", name)
    if measure in {"first_age", "last_age"}:
        return stored
    quantity: exp.Expr = exp.Coalesce(this=stored, expressions=[integer(0)])
    return at_most(quantity, events.newest) if events.newest is not None else quantity
