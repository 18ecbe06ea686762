"""Leads and their fields: judged row by row, told apart by id, and written as the tables `leads` and `lead_fields`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from workbench.engine.duck import column, table
from workbench.errors import DataError
from workbench.history.cells import (
    Column,
    any_of,
    call,
    case,
    cast,
    is_null,
    literal,
    name,
    not_null,
    number,
    read,
    time_us,
)
from workbench.history.leadfiles import LeadFile, stage_leads
from workbench.history.loading import LEAD_IDS, Loading, empty_id
from workbench.history.losses import Check, Reason, verdict
from workbench.history.mapping import Constant, Kind, Known
from workbench.history.repeats import mark_repeats, repeat_reasons
from workbench.history.shapes import kinds
from workbench.history.titles import told_apart

LEADS_IN = "leads_in"
STEP = 10_000
SQL_TYPES: Mapping[Kind, str] = {"text": "VARCHAR", "number": "DOUBLE", "boolean": "BOOLEAN", "time": "BIGINT"}
MOST_MILLI = 10**12


@dataclass(frozen=True)
class Leads:
    """What is known of the leads after they are read.

    Attributes:
        kinds: kind of each field, in the order of the files.
        known: declared time of knowledge by field; a field that is not named is undated.
        generated: the ids are made from the position in the file.
        files: where they were read.
    """

    kinds: Mapping[str, Kind]
    known: Mapping[str, Known]
    generated: bool
    files: tuple[LeadFile, ...]


def read_leads(loading: Loading) -> Leads:
    """Read, judge and count the rows of every file of leads into the table `leads_in`.

    Raises:
        DataError: when too many rows are left out, no lead remains, no lead has the outcome, or names of columns
            differ in case alone.
        MappingError: when the mapping names a column that is not there.
    """
    many = loading.document is not None and isinstance(loading.document.data.get("leads"), list)
    specs = loading.mapping.leads
    files = [
        stage_leads(loading, spec, ("leads", index) if many else ("leads",), index) for index, spec in enumerate(specs)
    ]
    names = list(dict.fromkeys(title for file in files for title in file.fields))
    told_apart(names, ", ".join(dict.fromkeys(file.staged.label for file in files)))
    types: dict[str, Kind] = {}
    for file in files:
        types |= {title: kind for title, kind in file.types.items() if title in file.fields}
    found = kinds(loading.engine, [file.staged for file in files], names, types)
    _judge(loading, files, found)
    _demand(loading, files)
    return Leads(found, _known(files, names), generated=specs[0].id is None, files=tuple(files))


def _judge(loading: Loading, files: Sequence[LeadFile], found: Mapping[str, Kind]) -> None:
    engine = loading.engine
    total = sum(file.staged.rows for file in files)
    width = max(7, len(str(total)))
    selects, reasons, start = [], [], 0
    for index, file in enumerate(files):
        checks = _checks(loading, file, found)
        select = _row(loading, file, index, start, width, found)
        selects.append(select.select(*verdict(checks, index * STEP + 2), copy=False))
        reasons.append([*repeat_reasons(file.spec.id or "", "lead"), *(check.reason for check in checks)])
        start += file.staged.rows
    union: exp.Expr = selects[0]
    for select in selects[1:]:
        union = exp.Union(this=union, expression=select, distinct=False)
    engine.write(LEADS_IN, union)
    engine.drop([*(file.staged.table for file in files)])
    if files[0].spec.id is not None:
        content = ["account_id", "created_us", "part", "outcome", "milli", *(f"f_{title}" for title in found)]
        mark_repeats(engine, LEADS_IN, "lead_id", content, 0, STEP)
    for index, file in enumerate(files):
        loading.losses.gather(engine, LEADS_IN, file.staged.label, file.staged.rows, reasons[index], index * STEP)


def _row(loading: Loading, file: LeadFile, index: int, start: int, width: int, found: Mapping[str, Kind]) -> exp.Select:
    """What a row of a file becomes: its place, ids, time, part, outcome, recorded score and fields."""
    zone = loading.mapping.zone
    position = exp.Add(this=file.staged.row, expression=literal(start - 1))
    given = file.column(file.spec.id)
    made = call("printf", literal(f"row-%0{width}d"), exp.Add(this=position.copy(), expression=literal(1)))
    account, created = file.column(file.spec.account), file.column(file.spec.created_at)
    part = file.part_column
    constant = file.spec.part.constant if isinstance(file.spec.part, Constant) else None
    cells: dict[str, exp.Expr] = {
        "source": literal(index),
        "row": file.staged.row,
        "position": cast(position, "BIGINT"),
        "lead_id": name(given) if given is not None else made,
        "account_id": name(account) if account is not None else _none("VARCHAR"),
        "created_us": time_us(created, zone) if created is not None else _none("BIGINT"),
        "part": name(part) if part is not None else literal(constant) if constant else _none("VARCHAR"),
        "outcome": _converted(file),
        "milli": milli(file.score_column) if file.score_column is not None else _none("BIGINT"),
    }
    for title, kind in found.items():
        source = file.staged.columns[title] if title in file.fields else None
        value = read(source, kind, zone).value if source is not None else exp.null()
        cells[f"f_{title}"] = cast(value, SQL_TYPES[kind])
    return exp.Select(expressions=[exp.alias_(value, cell, quoted=True) for cell, value in cells.items()]).from_(
        file.staged.aliased
    )


def _none(kind: str) -> exp.Expr:
    return cast(exp.null(), kind)


def _converted(file: LeadFile) -> exp.Expr:
    if file.outcome is None or file.spec.outcome is None:
        return _none("BOOLEAN")
    same = any_of(file.outcome, (file.spec.outcome.equals,))
    filled = not_null(file.outcome.raw)
    return exp.and_(filled, exp.Coalesce(this=same, expressions=[exp.false()]))


def milli(source: Column) -> exp.Expr:
    """A recorded score in integer thousandths, half up."""
    scaled = exp.Add(
        this=exp.Mul(this=number(source).value, expression=literal(1000)), expression=exp.Literal.number("0.5")
    )
    return cast(call("floor", scaled), "BIGINT", attempt=True)


def score_checks(source: Column) -> list[Check]:
    """What can be wrong with a recorded score."""
    reading = number(source)
    large = exp.GT(this=call("abs", reading.value), expression=literal(MOST_MILLI // 1000))
    nothing = Reason("no score", source.name, "a number", "Fill it in, or leave such rows out of the file.")
    wrong = Reason("not a number", source.name, "a score, a number", "Write plain numbers such as 42 or 42.5.")
    return [
        Check(exp.and_(is_null(source.raw)), nothing, source.raw),
        Check(exp.or_(reading.wrong, large, is_null(reading.value.copy())), wrong, source.raw),
    ]


def field_check(source: Column, kind: Kind, zone: str | None) -> Check:
    """What is wrong with a field whose kind is declared, or with an infinite number."""
    reason = Reason(
        f"not a {kind}" if kind != "time" else "not a time",
        source.name,
        f"a {kind} in every row",
        f"Correct these cells, or declare another kind in `types: {{{source.name}: text}}`.",
    )
    return Check(read(source, kind, zone).wrong, reason, source.raw)


def _checks(loading: Loading, file: LeadFile, found: Mapping[str, Kind]) -> list[Check]:
    checks: list[Check] = []
    given, created = file.column(file.spec.id), file.column(file.spec.created_at)
    if given is not None:
        checks.append(empty_id(given, "lead"))
    if created is not None:
        blank = Reason(
            "no time of creation", created.name, "when the lead was created", "Fill it in, or leave the lead out."
        )
        checks += loading.time_checks(created, blank=blank)
    if file.outcome is not None:
        title = file.outcome.name
        unknown = Reason(
            "no outcome", title, "an outcome in every row", "Leave leads without an outcome out of the file."
        )
        checks.append(Check(is_null(file.outcome.raw), unknown, file.outcome.raw))
    if file.score_column is not None:
        checks += score_checks(file.score_column)
    if file.part_column is not None:
        nowhere = Reason("no part", file.part_column.name, "the part of the split in every row", "Fill it in.")
        checks.append(Check(is_null(file.part_column.raw), nowhere, file.part_column.raw))
    zone = loading.mapping.zone
    for title, kind in found.items():
        if title in file.fields and can_be_wrong(file.staged.columns[title], kind, title in file.types):
            checks.append(field_check(file.staged.columns[title], kind, zone))
    return checks


def can_be_wrong(source: Column, kind: Kind, declared: bool) -> bool:
    """Whether a cell may fail to be of its kind: a declared kind, an infinite number, a time without a zone."""
    if kind == "text" or source.kind == kind == "boolean":
        return False
    return declared or kind == "time" or source.sql_type == "DOUBLE"


def _known(files: Sequence[LeadFile], names: Sequence[str]) -> dict[str, Known]:
    known: dict[str, Known] = {}
    for file in files:
        said = file.spec.known
        known |= dict.fromkeys(file.fields, said) if isinstance(said, str) else said
    return {title: known[title] for title in names if title in known}


def _demand(loading: Loading, files: Sequence[LeadFile]) -> None:
    good = exp.select(exp.Count(this=exp.Star()), exp.Count(this=case([(column("outcome"), literal(1))]))).from_(
        table(LEADS_IN)
    )
    leads, converted = loading.engine.rows(good.where(is_null(column("fault"))))[0]
    label = ", ".join(dict.fromkeys(file.staged.label for file in files))
    if not leads:
        reasons = "; ".join(f"{loss.rows:,} {loss.reason.reason}" for loss in loading.losses.found)
        raise DataError.at(
            label,
            expected="leads",
            found=f"none that can be used: {reasons}" if reasons else "none: the file has no rows",
            remedy="Check the file and the mapping." if reasons else "Export it again.",
        )
    outcome = files[0].spec.outcome
    if outcome is not None and not converted:
        title = outcome.field or outcome.file
        raise DataError.at(
            f"{label}, column '{title}'",
            expected=f"{outcome.equals!r} in some row",
            found=f"none in {leads:,} rows",
            remedy="Check how the outcome is spelled in the file.",
        )


def write_leads(loading: Loading, leads: Leads, *, by_file: bool) -> None:
    """Write `leads`, `lead_fields`, recorded scores and `known_leads` (left-out leads without a number)."""
    engine = loading.engine
    order = [exp.Ordered(this=column("position", "l") if by_file else column("lead_id", "l"))]
    rank = exp.Window(this=exp.RowNumber(), order=exp.Order(expressions=order))
    lead = exp.alias_(exp.Sub(this=rank, expression=literal(1)), "lead", quoted=True)
    source = exp.alias_(table(LEADS_IN), "l", table=True)
    engine.write(
        "numbered_leads",
        exp.Select(expressions=[lead, exp.Column(this=exp.Star(), table=exp.to_identifier("l"))])
        .from_(source)
        .where(is_null(column("fault", "l"))),
    )
    numbered = exp.alias_(table("numbered_leads"), "n", table=True)
    plain = [column(each, "n") for each in ("lead", "lead_id")]
    rest = [column(each, "n") for each in ("created_us", "position", "part", "outcome")]
    account = exp.EQ(this=column("account_id", "n"), expression=column("account_id", "a"))
    query = exp.Select(expressions=[*plain, column("account", "a"), *rest]).from_(numbered)
    query = query.join(exp.alias_(table("accounts"), "a", table=True), on=account, join_type="left")
    engine.write("leads", query.order_by(column("lead", "n")))
    fields = [column("lead"), *(column(f"f_{title}") for title in leads.kinds)]
    engine.write("lead_fields", exp.Select(expressions=fields).from_(table("numbered_leads")).order_by(column("lead")))
    scores = [column("lead"), exp.alias_(_none("BIGINT"), "at_us", quoted=True), column("milli")]
    scored = exp.Select(expressions=scores).from_(table("numbered_leads")).where(not_null(column("milli")))
    engine.write("scores", scored.order_by(column("lead")))
    _write_ids(loading)
    engine.drop([LEADS_IN, "numbered_leads"])


def _write_ids(loading: Loading) -> None:
    known = exp.Select(expressions=[column(each) for each in ("lead_id", "lead", "created_us")]).from_(table("leads"))
    gone = exp.Select(
        expressions=[
            column("lead_id"),
            exp.alias_(_none("BIGINT"), "lead", quoted=True),
            exp.alias_(_none("BIGINT"), "created_us", quoted=True),
        ]
    ).from_(table(LEADS_IN))
    there = exp.Select(expressions=[column("lead_id")]).from_(table("leads"))
    left_out = exp.and_(
        not_null(column("fault")),
        not_null(column("lead_id")),
        exp.not_(exp.In(this=column("lead_id"), query=there.subquery())),
    )
    once = gone.where(left_out).distinct()
    loading.engine.write(LEAD_IDS, exp.Union(this=known, expression=once, distinct=False))
