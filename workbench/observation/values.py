"""What was known of each observation, as a frame: fields, and events counted by window, all before as_of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlglot import exp

from workbench.engine.duck import column, table
from workbench.engine.lower import Lowering
from workbench.engine.lowered import DAY_US, Cell, Events, Measure, Measured, Predicate
from workbench.errors import CallError
from workbench.history import Field, History
from workbench.model import EventFilter
from workbench.observation.gather import OBS, Gathering
from workbench.observation.observations import Observations

WINDOWS: tuple[int | None, ...] = (7, 30, 90, None)
"""Windows in days that events are counted in; None for a lifetime."""
MOST_VALUES = 5
"""Values of one property of one event that are counted apart: rarer ones decide little and cost as much."""
AT_ONCE = 120
"""Quantities of events worked out in one pass: more would hold too wide a table for a million leads."""
ANY = "any"

Holds = Literal["text", "number", "boolean", "time"]
When = Literal["creation", "dated", "undated", "event"]
Of = Literal["", "count", "last_age"]


@dataclass(frozen=True)
class Asked:
    """A column of values, and how a model would ask for it.

    Attributes:
        name: the column: `job_title`, `account.industry`, `page_view 30d`, `page_view ever`, `page_view last`,
            `page_view page=/pricing 30d`.
        operand: in the model language: {"field": …}, {"account_field": …} or {"event": …, "where": …, "within": …}.
        kind: text, number, boolean, time.
        known: when a value was known: creation, dated (by the changes table or by stages), undated (as it stands
            today), event.
        measure: empty for a field; `count` of events, or `last_age`, whole days since the newest.
    """

    name: str
    operand: Mapping[str, Any]
    kind: Holds
    known: When
    measure: Of


@dataclass(frozen=True)
class Values:
    """What `values_at` returns.

    Attributes:
        asked: one for each column, in its order.
        frame: one row an observation, in the order of `seen.subjects`. Texts are objects with None, numbers float64
            with NaN, booleans `boolean` with NA, times UTC with NaT, counts int32, ages in days float64 with NaN where
            there was no event. Blanks of the mapping are missing.
    """

    asked: tuple[Asked, ...]
    frame: pd.DataFrame

    def __getitem__(self, name: str) -> Asked:
        """What a column is."""
        return next(asked for asked in self.asked if asked.name == name)

    def to_document(self) -> list[dict[str, Any]]:
        """The columns as plain data; the values themselves stay here."""
        return [{**vars(asked), "operand": dict(asked.operand)} for asked in self.asked]


def _quiet(_: str) -> None:
    return None


def values_at(
    history: History,
    seen: Observations,
    *,
    windows: Sequence[int | None] = WINDOWS,
    properties: bool = True,
    undated: bool = True,
    progress: Callable[[str], None] = _quiet,
) -> Values:
    """The values of all fields and event counts as they were known at each observation's as_of.

    A field dated by the changes table has the value it had then; an undated one what stands there today, and is
    marked so. Of built-in fields `stage` is among them; `created_at` (a date, no trait) and `recorded_score`
    (another model's verdict) are not. Leads taken as recorded have no events.

    Args:
        history: the open history that `seen` was made from.
        seen: the observations of leads.
        windows: in days; None for a lifetime.
        properties: whether events are also counted by the few most frequent values of their text properties.
        undated: whether to take fields whose date is not known.
        progress: called with one line for each step.

    Raises:
        CallError: if the history is another one, the observations are of accounts, or a window is below one day.
    """
    _fits(history, seen, windows)
    fields = list(_fields(history, seen, undated=undated))
    counted = list(_events(history, seen, windows, properties=properties)) if seen.catalog.dated else []
    asked = _told_apart([*(each.asked for each in fields), *(each.asked for each in counted)])
    history.engine.take("obs_asked", _who(seen))
    history.engine.write(OBS, _observations())
    try:
        progress(f"Reading {len(fields)} fields of {len(seen.subjects.lead_id):,} observations")
        columns = _read_fields(history, [each.cell for each in fields])
        for start in range(0, len(counted), AT_ONCE):
            some = counted[start : start + AT_ONCE]
            progress(f"Counting events: {start + len(some)} of {len(counted)} quantities")
            columns += _read_events(history, some)
    finally:
        history.engine.drop([OBS, "obs_asked"])
    named = {each.name: values for each, values in zip(asked, columns, strict=True)}
    return Values(tuple(asked), pd.DataFrame(named, index=pd.RangeIndex(len(seen.subjects.lead_id))))


class _OfField(NamedTuple):
    asked: Asked
    cell: Cell


class _OfEvents(NamedTuple):
    asked: Asked
    events: Events
    measure: Measure


def _fits(history: History, seen: Observations, windows: Sequence[int | None]) -> None:
    if seen.plan.unit == "account":
        raise CallError.at(
            "seen",
            expected="observations of leads",
            found="observations of accounts",
            remedy="Values are of single leads; use a plan without 'unit: account'.",
        )
    if str(seen.data["fingerprint"]) != history.fingerprint:
        raise CallError.at(
            "history",
            expected=f"the history that was observed, fingerprint {str(seen.data['fingerprint'])[:12]}…",
            found=f"{history.name}, fingerprint {history.fingerprint[:12]}…",
            remedy="Give the history that these observations were made from, or observe again.",
        )
    wrong = [window for window in windows if window is not None and window < 1]
    if wrong:
        raise CallError.at(
            "windows", expected="whole days from 1, or None", found=str(wrong[0]), remedy="Leave it out."
        )


# --- what is asked ----------------------------------------------------------------------------------------------------


def _fields(history: History, seen: Observations, *, undated: bool) -> Iterator[_OfField]:
    for field in history.lead_fields.values():
        if field.name not in seen.catalog.built_in and (undated or field.known != "undated"):
            yield _OfField(_of_field(field, field.name, "field"), Cell("lead", field.name, field.kind))
    for field in history.account_fields.values():
        if undated or field.known != "undated":
            asked = _of_field(field, f"account.{field.name}", "account_field")
            yield _OfField(asked, Cell("account", field.name, field.kind))
    if "stage" in seen.catalog.built_in:
        yield _OfField(Asked("stage", {"field": "stage"}, "text", "dated", ""), Cell("built in", "stage", "text"))


def _of_field(field: Field, name: str, key: str) -> Asked:
    return Asked(name, {key: field.name}, field.kind, field.known, "")


def _events(
    history: History, seen: Observations, windows: Sequence[int | None], *, properties: bool
) -> Iterator[_OfEvents]:
    """Every event in every window, and how long ago it last was; then by values of properties; `any` where several."""
    lowering = Lowering(seen.catalog)
    for name in [*history.events, *([ANY] if len(history.events) > 1 and ANY not in history.events else [])]:
        yield from _counts(lowering, name, {"event": name}, windows)
        yield _quantity(lowering, f"{name} last", {"event": name}, "last_age")
    for event, of, value in _values_of_properties(history) if properties else ():
        where = {"event": event, "where": {"field": of, "equals": value}}
        yield from _counts(lowering, f"{event} {of}={value}", where, windows)


def _counts(
    lowering: Lowering, name: str, operand: Mapping[str, Any], windows: Sequence[int | None]
) -> Iterator[_OfEvents]:
    for days in dict.fromkeys(windows):
        within = {} if days is None else {"within": f"{days}d"}
        yield _quantity(lowering, f"{name} {'ever' if days is None else f'{days}d'}", {**operand, **within}, "count")


def _quantity(lowering: Lowering, name: str, operand: Mapping[str, Any], measure: Of) -> _OfEvents:
    events = lowering.events(EventFilter.model_validate(dict(operand)), ("event",))
    return _OfEvents(
        Asked(name, operand, "number", "event", measure), events, "count" if measure == "count" else "last_age"
    )


def _values_of_properties(history: History) -> Iterator[tuple[str, str, str]]:
    """(event, property, value) of the most frequent texts, by event and property; equal counts in order of the text."""
    for name, kind in history.properties.items():
        if kind != "text":
            continue
        value, n = column(f"p_{name}"), exp.Count(this=exp.Star())
        query = (
            exp.select(column("event"), exp.alias_(value, "value", quoted=True), exp.alias_(n, "n", quoted=True))
            .from_(table("events"))
            .where(exp.Is(this=value.copy(), expression=exp.null()).not_())
            .group_by(column("event"), value.copy())
            .order_by(column("event"), exp.Ordered(this=column("n"), desc=True), value.copy())
        )
        taken: dict[str, set[str]] = {}
        for event, text, _ in history.engine.rows(query):
            seen = taken.setdefault(event, set())
            folded = str(text).strip().lower()  # values that a test takes for the same are counted once
            if len(seen) < MOST_VALUES and folded not in seen:
                seen.add(folded)
                yield event, name, str(text)


def _told_apart(asked: Sequence[Asked]) -> list[Asked]:
    """The same, with a number behind a name that is there already."""
    found: dict[str, Asked] = {}
    for each in asked:
        name, number = each.name, 2
        while name in found:
            name, number = f"{each.name} ({number})", number + 1
        found[name] = replace(each, name=name)
    return list(found.values())


# --- reading ----------------------------------------------------------------------------------------------------------


def _who(seen: Observations) -> pd.DataFrame:
    subjects = seen.subjects
    moments = subjects.as_of_us
    as_of = pd.array([pd.NA] * len(subjects.lead_id), dtype="Int64") if moments is None else moments
    lead_id = pd.Series(subjects.lead_id, dtype="str")
    return pd.DataFrame({"obs": np.arange(len(lead_id), dtype=np.int64), "lead_id": lead_id, "as_of_us": as_of})


def _observations() -> exp.Select:
    on = exp.EQ(this=column("lead_id", "l"), expression=column("lead_id", "w"))
    as_of = exp.cast(column("as_of_us", "w"), exp.DataType.Type.BIGINT)
    query = exp.select(column("obs", "w"), column("lead", "l"), column("account", "l"))
    query = query.select(exp.alias_(as_of, "as_of_us", quoted=True))
    query = query.from_(exp.alias_(table("obs_asked"), "w", table=True))
    return query.join(exp.alias_(table("leads"), "l", table=True), on=on).order_by(column("obs", "w"))


def _read_fields(history: History, cells: Sequence[Cell]) -> list[Any]:
    if not cells:
        return []
    gathering = Gathering(history)
    gathering.prepare(list(dict.fromkeys(cells)), [])
    try:
        found = _arrays(gathering, [gathering.cell(cell) for cell in cells])
    finally:
        gathering.forget()
    return [_typed(values, cell.kind) for values, cell in zip(found, cells, strict=True)]


def _read_events(history: History, counted: Sequence[_OfEvents]) -> list[Any]:
    gathering = Gathering(history)
    tests: list[Predicate] = [Measured(each.events, each.measure, None, ">=", 0) for each in counted]
    gathering.prepare([], [], tests)
    try:
        found = _arrays(gathering, [gathering.quantity((each.events, each.measure, None)) for each in counted])
    finally:
        gathering.forget()
    return [_counted(values, each.measure) for values, each in zip(found, counted, strict=True)]


def _arrays(gathering: Gathering, expressions: Sequence[exp.Expr]) -> list[NDArray[Any]]:
    named = [exp.alias_(each, f"v{number}", quoted=True) for number, each in enumerate(expressions)]
    query = gathering.select(named).order_by(column("obs", gathering.observations))
    return list(gathering.engine.arrays(query).values())


def _typed(values: NDArray[Any], kind: str) -> Any:
    masked = np.ma.asarray(values)
    missing = np.ma.getmaskarray(masked)
    if kind == "number":
        return np.ma.filled(masked.astype(np.float64), np.nan)
    if kind == "boolean":
        return pd.arrays.BooleanArray(np.ma.filled(masked, False).astype(bool), missing.copy())
    if kind == "time":
        at = pd.Series(pd.to_datetime(masked.filled(0).astype(np.int64), unit="us", utc=True))
        return at.mask(missing)
    texts = np.array(masked.data, dtype=object)
    texts[missing] = None  # `filled(None)` would write numpy's own '?'
    return pd.Series(texts, dtype=object)


def _counted(values: NDArray[Any], measure: Measure) -> NDArray[Any]:
    masked = np.ma.asarray(values)
    if measure == "count":
        return np.asarray(np.ma.filled(masked, 0), dtype=np.int32)
    days = np.ma.filled(masked, 0).astype(np.int64) // DAY_US
    return np.where(np.ma.getmaskarray(masked), np.nan, days)
