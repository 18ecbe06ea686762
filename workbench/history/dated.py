"""Rows about leads at a time: events, stages, field changes, work, feedback and recorded scores.

All six go the same way: stage the file, pick the rows that `where` lets through, find each row's lead and time,
judge it, count what is left out, and add the rest to its table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from workbench.document import Place
from workbench.engine.duck import column, table
from workbench.history.cells import (
    Column,
    any_of,
    case,
    cast,
    is_null,
    literal,
    name,
    not_null,
    number,
    read,
    text,
    time_us,
)
from workbench.history.files import Staged
from workbench.history.leads import SQL_TYPES, can_be_wrong, field_check, milli, score_checks
from workbench.history.loading import LEAD_IDS, Loading, empty_id
from workbench.history.losses import Check, Reason, noted, verdict
from workbench.history.loststages import COLUMNS, LOST_STAGES, keep_lost_stages
from workbench.history.mapping import (
    ChangesFrom,
    Constant,
    EventsFrom,
    FeedbackFrom,
    Kind,
    ScoresFrom,
    StagesFrom,
    Table,
    Where,
    WorkedFrom,
)
from workbench.history.shapes import kinds
from workbench.history.titles import told_apart
from workbench.parsing import did_you_mean

TABLES: Mapping[str, Mapping[str, str]] = {
    "stages": {"lead": "BIGINT", "stage": "VARCHAR", "at_us": "BIGINT", "amount": "DOUBLE"},
    "changes": {"lead": "BIGINT", "field": "VARCHAR", "value": "VARCHAR", "old": "VARCHAR", "at_us": "BIGINT"},
    "worked": {"lead": "BIGINT", "at_us": "BIGINT"},
    "feedback": {"lead": "BIGINT", "at_us": "BIGINT", "verdict": "VARCHAR", "reason": "VARCHAR"},
    "scores": {"lead": "BIGINT", "at_us": "BIGINT", "milli": "BIGINT"},
}
MOST_SHOWN = 1000
_JUDGED = "judged_rows"


@dataclass(frozen=True)
class Rows:
    """One staged file of dated rows and what becomes of each row.

    Attributes:
        table: the table that the rows go to.
        staged: the file.
        lead: the column that names the lead.
        at: the column of the time, None where rows are undated.
        where: which rows are meant.
        cells: values by column of the table, besides lead and time.
        checks: tests of those values.
        blank_at: why a row without a time is left out.
        after_creation: a row before the lead's creation is a fault.
        note: what is counted of rows that stay.
    """

    table: str
    staged: Staged
    lead: Column
    at: Column | None
    where: Where | None
    cells: Mapping[str, exp.Expr]
    checks: Sequence[Check]
    blank_at: Reason | None = None
    after_creation: bool = False
    note: Check | None = None


def write_dated(loading: Loading) -> dict[str, Kind]:
    """Write `events`, `stages`, `lost_stages`, `changes`, `worked`, `feedback`; add to `scores`; needs `known_leads`.

    Returns:
        The kind of each event property.

    Raises:
        DataError: when too many rows of a file or a stage are left out, or names of properties differ in case alone.
        MappingError: when the mapping names a column that is not there.
    """
    mapping, engine = loading.mapping, loading.engine
    properties = _write_events(loading)
    for title, columns in TABLES.items():
        if title != "scores":
            _create(loading, title, columns)
    _create(loading, LOST_STAGES, COLUMNS)
    for index, stages in enumerate(mapping.stages):
        _add(loading, _stages(loading, stages, _place(loading, "stages", index)))
    for index, changes in enumerate(mapping.changes):
        _add(loading, _changes(loading, changes, _place(loading, "changes", index)))
    for index, worked in enumerate(mapping.worked):
        _add(loading, _worked(loading, worked, _place(loading, "worked", index)))
    for index, feedback in enumerate(mapping.feedback):
        _add(loading, _feedback(loading, feedback, _place(loading, "feedback", index)))
    for index, scores in enumerate(mapping.scores):
        _add(loading, _scores(loading, scores, _place(loading, "scores", index)))
    for title in TABLES:
        ordered = f"{title}_ordered"
        keys = [column(each) for each in ("lead", "at_us")]
        engine.write(ordered, exp.select("*").from_(table(title)).order_by(*keys))
        engine.write(title, exp.select("*").from_(table(ordered)))
        engine.drop([ordered])
    return properties


def _place(loading: Loading, key: str, index: int) -> Place:
    listed = loading.document is not None and isinstance(loading.document.data.get(key), list)
    return (key, index) if listed or loading.document is None else (key,)


def _create(loading: Loading, title: str, columns: Mapping[str, str]) -> None:
    cells = [exp.alias_(cast(exp.null(), kind), name_, quoted=True) for name_, kind in columns.items()]
    loading.engine.write(title, exp.Select(expressions=cells).where(exp.false()))


def _opened(loading: Loading, spec: Table, place: Place, named: Mapping[str, str | None], table_: str) -> Staged:
    """The file of a part of the mapping, staged with the columns it names (by the key that names each)."""
    sheet = loading.open(spec, place)
    wanted = {loading.require(sheet, title, (*place, key)) for key, title in named.items() if title is not None}
    where = getattr(spec, "where", None)
    if where is not None:
        wanted.add(loading.require(sheet, where.field, (*place, "where", "field")))
    for title in spec.types:
        loading.require(sheet, title, (*place, "types", title))
    staged = loading.stage(sheet, table_, sorted(wanted))
    if where is not None and staged.rows:
        _demand_some(loading, staged, where, (*place, "where"))
    return staged


def _demand_some(loading: Loading, staged: Staged, where: Where, place: Place) -> None:
    """A `where` that no row passes is misspelt more often than meant."""
    engine, source = loading.engine, staged.columns[where.field]
    some = exp.select(literal(1)).from_(staged.aliased).where(any_of(source, where.values)).limit(1)
    if engine.rows(some):
        return
    distinct = exp.Select(expressions=[name(source)], distinct=exp.Distinct()).from_(staged.aliased)
    there = [str(row[0]) for row in engine.rows(distinct.where(not_null(source.raw)).limit(MOST_SHOWN))]
    key = "equals" if where.one_of is None else "one_of"
    found = ", ".join(repr(value) for value in where.values[:3])
    remedy = did_you_mean(str(where.values[0]), there)
    raise loading.error((*place, key), f"a value that '{where.field}' of {staged.label} has", found, remedy)


def _named(value: str | Constant) -> str | None:
    return value if isinstance(value, str) else None


def _label(staged: Staged, value: str | Constant, rename: Mapping[str, str], what: str) -> tuple[exp.Expr, list[Check]]:
    """A name that is a constant or stands in a column, renamed; and the check that it is there."""
    if isinstance(value, Constant):
        return literal(rename.get(value.constant, value.constant)), []
    source = staged.columns[value]
    plain = name(source)
    same = [(exp.EQ(this=plain.copy(), expression=literal(old)), literal(new)) for old, new in rename.items()]
    reason = Reason(
        f"no {what}", value, f"{_article(what)} {what} in every row", "Fill it in, or leave such rows out with `where`."
    )
    return case(same, plain), [Check(is_null(plain.copy()), reason, source.raw)]


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"


def _no_time(title: str) -> Reason:
    return Reason("no time", title, "a time in every row", "Fill it in, or leave such rows out with `where`.")


def _not_reached(title: str) -> Reason:
    return Reason("no time: it has not happened", title, "a time", "Nothing: such a row says no more.", budgeted=False)


def _stages(loading: Loading, spec: StagesFrom, place: Place) -> Rows:
    named = {"lead": spec.lead, "at": spec.at, "stage": _named(spec.stage), "amount": spec.amount}
    staged = _opened(loading, spec, place, named, "stages_staged")
    stage, checks = _label(staged, spec.stage, spec.rename, "stage")
    amount: exp.Expr = cast(exp.null(), "DOUBLE")
    note = None
    if spec.amount is not None:
        source = staged.columns[spec.amount]
        note = _negative(source)
        amount = case([(note.test.copy(), exp.null())], number(source).value)
        wrong = Reason("not a number", spec.amount, "a number in every row", "Write plain numbers such as 1200.5.")
        checks.append(Check(number(source).wrong, wrong, source.raw))
    cells = {"stage": stage, "amount": amount}
    lead, at = staged.columns[spec.lead], staged.columns[spec.at]
    one_column_each = isinstance(spec.stage, Constant) and spec.where is None
    blank = _not_reached(spec.at) if one_column_each else _no_time(spec.at)
    return Rows("stages", staged, lead, at, spec.where, cells, checks, blank, after_creation=True, note=note)


def _negative(source: Column) -> Check:
    """An amount below zero: the stage was reached, but for how much is not known."""
    reason = Reason(
        "a negative amount, taken as missing",
        source.name,
        "an amount from 0",
        "Correct the amount; the row itself is kept.",
        budgeted=False,
    )
    return Check(exp.LT(this=number(source).value, expression=literal(0)), reason, source.raw)


def _changes(loading: Loading, spec: ChangesFrom, place: Place) -> Rows:
    named = {"lead": spec.lead, "at": spec.at, "field": _named(spec.field), "value": spec.value, "old": spec.old}
    staged = _opened(loading, spec, place, named, "changes_staged")
    changed, checks = _label(staged, spec.field, spec.rename, "field")
    old = text(staged.columns[spec.old]) if spec.old is not None else cast(exp.null(), "VARCHAR")
    cells = {"field": changed, "value": text(staged.columns[spec.value]), "old": old}
    lead, at = staged.columns[spec.lead], staged.columns[spec.at]
    return Rows("changes", staged, lead, at, spec.where, cells, checks, _no_time(spec.at))


def _worked(loading: Loading, spec: WorkedFrom, place: Place) -> Rows:
    staged = _opened(loading, spec, place, {"lead": spec.lead, "at": spec.at}, "worked_staged")
    lead, at = staged.columns[spec.lead], staged.columns[spec.at]
    return Rows("worked", staged, lead, at, spec.where, {}, [], _not_reached(spec.at))


def _feedback(loading: Loading, spec: FeedbackFrom, place: Place) -> Rows:
    named = {"lead": spec.lead, "at": spec.at, "verdict": spec.verdict, "reason": spec.reason}
    staged = _opened(loading, spec, place, named, "feedback_staged")
    reason = text(staged.columns[spec.reason]) if spec.reason is not None else cast(exp.null(), "VARCHAR")
    verdict_, checks = _label(staged, spec.verdict, {}, "verdict")
    lead, at = staged.columns[spec.lead], staged.columns[spec.at]
    cells = {"verdict": verdict_, "reason": reason}
    return Rows("feedback", staged, lead, at, spec.where, cells, checks, _not_reached(spec.at))


def _scores(loading: Loading, spec: ScoresFrom, place: Place) -> Rows:
    staged = _opened(loading, spec, place, {"lead": spec.lead, "at": spec.at, "score": spec.score}, "scores_staged")
    source = staged.columns[spec.score]
    at = staged.columns[spec.at] if spec.at is not None else None
    blank = _no_time(spec.at) if spec.at is not None else None
    cells = {"milli": milli(source)}
    return Rows("scores", staged, staged.columns[spec.lead], at, spec.where, cells, score_checks(source), blank)


# --- events ---------------------------------------------------------------------------------------------------------


def _write_events(loading: Loading) -> dict[str, Kind]:
    staged: list[Staged] = []
    taken: list[tuple[str, ...]] = []
    declared: dict[str, Kind] = {}
    specs = loading.mapping.events
    for index, spec in enumerate(specs):
        place = _place(loading, "events", index)
        sheet = loading.open(spec, place)
        roles = {spec.lead, spec.at, _named(spec.event)}
        rest = tuple(title for title in sheet.names() if title not in roles)
        properties = rest if spec.properties == "all" else spec.properties
        named: dict[str, str | None] = {"lead": spec.lead, "at": spec.at, "event": _named(spec.event)}
        wanted = {title: title for title in properties}
        for title in properties:
            loading.require(sheet, title, (*place, "properties"))
        staged.append(
            _opened(loading, spec, place, {**named, **{f"properties.{t}": t for t in wanted}}, f"events_{index}")
        )
        taken.append(properties)
        declared |= {title: kind for title, kind in spec.types.items() if title in properties}
    names = list(dict.fromkeys(title for properties in taken for title in properties))
    labels = ", ".join(dict.fromkeys(each.label for each in staged))
    told_apart(names, labels, "Rename one of the two, or leave one out of `properties`.")
    found = kinds(loading.engine, staged, names, declared)
    columns = {"lead": "BIGINT", "at_us": "BIGINT", "event": "VARCHAR"}
    _create(loading, "events", columns | {f"p_{title}": SQL_TYPES[kind] for title, kind in found.items()})
    for spec, each, properties in zip(specs, staged, taken, strict=True):
        _add(loading, _events(loading, spec, each, {title: found[title] for title in properties}, found))
    ordered = exp.select("*").from_(table("events")).order_by(column("lead"), column("at_us"))
    if len(specs) > 0:
        loading.engine.write("events_ordered", ordered)
        loading.engine.drop(["events"])
        loading.engine.run(
            exp.Alter(this=table("events_ordered"), kind="TABLE", actions=[exp.AlterRename(this=table("events"))])
        )
    return found


def _events(
    loading: Loading, spec: EventsFrom, staged: Staged, own: Mapping[str, Kind], found: Mapping[str, Kind]
) -> Rows:
    zone = loading.mapping.zone
    event, checks = _label(staged, spec.event, spec.rename, "event")
    cells: dict[str, exp.Expr] = {"event": event}
    for title, kind in found.items():
        value = read(staged.columns[title], kind, zone).value if title in own else exp.null()
        cells[f"p_{title}"] = cast(value, SQL_TYPES[kind])
    checks += [
        field_check(staged.columns[title], kind, zone)
        for title, kind in own.items()
        if can_be_wrong(staged.columns[title], kind, title in spec.types)
    ]
    lead, at = staged.columns[spec.lead], staged.columns[spec.at]
    blank = _not_reached(spec.at) if isinstance(spec.event, Constant) else _no_time(spec.at)
    return Rows("events", staged, lead, at, spec.where, cells, checks, blank)


# --- judging --------------------------------------------------------------------------------------------------------


def _add(loading: Loading, rows: Rows) -> None:
    """Judge the rows of one file, count what is left out, and add the rest to their table."""
    engine, staged, zone = loading.engine, rows.staged, loading.mapping.zone
    at_us = time_us(rows.at, zone) if rows.at is not None else cast(exp.null(), "BIGINT")
    checks = _all_checks(loading, rows)
    cells = {"row": staged.row, "lead": column("lead", "k"), "at_us": at_us, **rows.cells}
    query = exp.Select(expressions=[exp.alias_(value, cell, quoted=True) for cell, value in cells.items()])
    query = query.select(*verdict(checks), *noted(rows.note), copy=False).from_(staged.aliased)
    same = exp.EQ(this=name(rows.lead), expression=column("lead_id", "k"))
    query = query.join(exp.alias_(table(LEAD_IDS), "k", table=True), on=same, join_type="left")
    chosen = loading.selection(staged, rows.where)
    if chosen is not None:
        query = query.where(chosen)
    engine.write(_JUDGED, query)
    engine.drop([staged.table])
    total = staged.rows
    if chosen is not None:
        total = int(engine.rows(exp.Select(expressions=[exp.Count(this=exp.Star())]).from_(table(_JUDGED)))[0][0])
    reasons = [check.reason for check in checks]
    loading.losses.gather(engine, _JUDGED, staged.label, total, reasons)
    if rows.note is not None:
        loading.losses.note(engine, _JUDGED, staged.label, total, rows.note.reason)
    if rows.table == "stages":
        keep_lost_stages(engine, _JUDGED, staged.label, reasons, loading.losses.budget)
    kept = [column(cell) for cell in cells if cell != "row"]
    good = exp.Select(expressions=kept).from_(table(_JUDGED)).where(is_null(column("fault")))
    target = exp.Schema(
        this=table(rows.table), expressions=[exp.to_identifier(cell, quoted=True) for cell in cells if cell != "row"]
    )
    engine.run(exp.Insert(this=target, expression=good))
    engine.drop([_JUDGED])


def _all_checks(loading: Loading, rows: Rows) -> list[Check]:
    checks = [empty_id(rows.lead, "lead")]
    if rows.at is not None:
        checks += loading.time_checks(rows.at, blank=rows.blank_at)
    there = not_null(column("lead_id", "k"))
    unknown = Reason("an unknown lead", rows.lead.name, "the id of a lead", "Add the lead, or leave such rows out.")
    gone = Reason(
        "of a lead that was left out", rows.lead.name, "a lead that is kept", "See that lead.", budgeted=False
    )
    checks.append(Check(exp.not_(there), unknown, rows.lead.raw))
    checks.append(Check(exp.and_(there.copy(), is_null(column("lead", "k"))), gone, rows.lead.raw))
    if rows.after_creation and rows.at is not None:
        early = exp.LT(this=time_us(rows.at, loading.mapping.zone), expression=column("created_us", "k"))
        before = Reason(
            f"a {rows.table.removesuffix('s')} before the lead's creation",
            rows.at.name,
            "a time at or after the lead was created",
            "Correct the time, or `created_at` of the lead.",
        )
        checks.append(Check(early, before, rows.at.raw))
    return [*checks, *rows.checks]
