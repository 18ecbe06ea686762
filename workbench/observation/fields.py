"""Fields as they were known at as_of: which may be used, and where a query finds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlglot import exp

from workbench.engine.catalog import ACCOUNT_ID, LEAD_ID, Catalog
from workbench.engine.duck import column, table
from workbench.engine.lowered import BUILT_IN, Cell, Kind
from workbench.engine.sql import call, double, integer, text
from workbench.errors import PlanError
from workbench.history import History
from workbench.history.cells import Column, read
from workbench.model import CasesRule, Condition, MemberTest, Model, WhenRule, leaves
from workbench.plan import Plan


def catalog_of(history: History, plan: Plan) -> Catalog:
    """What models and plans may ask of a history; events and stages only where leads have an as_of."""
    dated = plan.at != "recorded"
    there = {
        "stage": dated and bool(history.stages),
        "created_at": history.dated,
        "recorded_score": history.has_scores,
        LEAD_ID: True,
        ACCOUNT_ID: history.has_accounts,
    }
    kinds: dict[str, Kind] = {LEAD_ID: "text", ACCOUNT_ID: "text", **BUILT_IN}
    return Catalog(
        lead={name: field.kind for name, field in history.lead_fields.items()},
        account={name: field.kind for name, field in history.account_fields.items()},
        properties=dict(history.properties),
        lists=dict(history.lists),
        dated=dated,
        built_in={name: kinds[name] for name, is_there in there.items() if is_there},
        changes=bool(history.rows.get("changes")),
    )


def conditions_of(model: Model) -> Iterator[Condition]:
    """The conditions that decide over a model's score: of enabled rules of all alternatives, variants and gates."""
    for alternative in model.alternatives:
        for rule in alternative.model.active:
            if isinstance(rule, WhenRule):
                yield rule.when
            elif isinstance(rule, CasesRule):
                yield from (case.when for case in rule.cases)
    yield from (variant.when for variant in model.variants if variant.when is not None)
    yield from (gate.when for gate in model.gates)


def member_lists(conditions: Iterable[Condition]) -> tuple[str, ...]:
    """The lists whose members conditions ask for, sorted; such a list has no dates."""
    tests = (leaf for condition in conditions for leaf in leaves(condition))
    return tuple(sorted({name for test in tests if isinstance(test, MemberTest) for name in test.member_of}))


def undated(cells: Iterable[Cell], history: History, plan: Plan, lists: Iterable[str] = ()) -> tuple[str, ...]:
    """The fields and lists whose date is not known and which the plan allows; for a warning.

    Args:
        cells: the fields in use.
        history: the loaded past.
        plan: what it allows.
        lists: the lists in use whose members are leads or accounts, see `member_lists`.

    Raises:
        PlanError: if the plan does not allow one of them.
    """
    if plan.at == "recorded":
        return ()
    fields = {cell.name for cell in cells if cell.source in {"lead", "account"} and _known(cell, history) == "undated"}
    names = set(lists)
    refused = sorted(name for name in fields | names if not plan.allows_undated(name))
    if refused:
        raise _without_consent(plan, refused, [name for name in refused if name in fields])
    return tuple(sorted(fields | names))


def _without_consent(plan: Plan, refused: Sequence[str], fields: Sequence[str]) -> PlanError:
    """The error for fields and lists of unknown date."""
    names = ", ".join(refused)
    what = "lists" if not fields else "fields" if len(fields) == len(refused) else "fields and lists"
    consent = f"consent with 'allow_undated: [{names}]' in the plan, or leave them out."
    creation = (
        f"If they never change after creation, say 'known: {{{', '.join(fields[:1])}: creation}}' in the mapping; "
    )
    return PlanError.at(
        plan.where("allow_undated"),
        expected="fields whose value is known at as_of" if fields else "lists whose members are known at as_of",
        found=f"{what} of unknown date in use: {names}",
        remedy=f"{creation}else {consent}" if fields else f"Lists of members have no dates; {consent}",
    )


def content_keys(history: History, *, observations: str) -> exp.Select:
    """A query of `key` by observation: a digest of what the lead's row says, for leads without an id of their own."""
    described = history.engine.rows(exp.Describe(this=table("lead_fields")))
    names = sorted(str(row[0]) for row in described if str(row[0]) != "lead")
    cells = [*(column(name, "f") for name in names), column("outcome", "l"), column("created_us", "l")]
    texts = [
        exp.Coalesce(this=exp.cast(cell, exp.DataType.Type.VARCHAR), expressions=[text("\x1dn")]) for cell in cells
    ]
    key = call("MD5", call("CONCAT_WS", text("\x1f"), *texts))
    query = exp.select(exp.alias_(key, "key", quoted=True)).from_(exp.alias_(table(observations), "o", table=True))
    for name, alias in (("leads", "l"), ("lead_fields", "f")):
        on = exp.EQ(this=column("lead", alias), expression=column("lead", "o"))
        query = query.join(exp.alias_(table(name), alias, table=True), on=on)
    return query.order_by(column("obs", "o"))


def _known(cell: Cell, history: History) -> str:
    fields = history.lead_fields if cell.source == "lead" else history.account_fields
    return fields[cell.name].known


def cells_query(cells: Sequence[Cell], history: History, *, observations: str) -> exp.Select:
    """A query of `obs` and one column `k0, k1, …` for each cell, as known at as_of.

    A field dated by the changes table is the value of its last change before as_of; before the first change it is
    that change's old value; a lead without any change of it has what its row says. For built-in fields see
    `FieldTest`; without an as_of the last recorded score of all is taken.
    """
    query = exp.select(column("obs", "o")).from_(exp.alias_(table(observations), "o", table=True))
    needed = {_beside(cell) for cell in cells}
    for name, alias, key in _BESIDE:
        if alias not in needed:
            continue
        on = exp.EQ(this=column(key, alias), expression=column(key, "o"))
        query = query.join(exp.alias_(table(name), alias, table=True), on=on, join_type="left")
    for number, cell in enumerate(cells):
        query, stored = _stored(query, cell, number, history, observations)
        query = query.select(exp.alias_(stored, f"k{number}", quoted=True))
    return query


_BESIDE = (
    ("lead_fields", "lf", "lead"),
    ("account_fields", "af", "account"),
    ("leads", "le", "lead"),
    ("accounts", "ac", "account"),
)
_PLAIN = {"created_at": ("created_us", "le"), LEAD_ID: ("lead_id", "le"), ACCOUNT_ID: ("account_id", "ac")}
_LAST = {"stage": ("stages", "stage"), "recorded_score": ("scores", "milli")}


def _beside(cell: Cell) -> str | None:
    """The alias of the table with one row for each lead or account that holds the cell; None if none does."""
    if cell.source == "built in":
        return _PLAIN[cell.name][1] if cell.name in _PLAIN else None
    return "af" if cell.source == "account" else "lf"


def _stored(
    query: exp.Select, cell: Cell, number: int, history: History, observations: str
) -> tuple[exp.Select, exp.Expr]:
    """The query with what the cell needs joined to it, and where its value then is."""
    if cell.source == "account":
        return query, column(f"f_{cell.name}", "af")
    if cell.source == "built in" and cell.name in _PLAIN:
        return query, column(*_PLAIN[cell.name])
    if cell.source == "built in":
        last = f"b{number}"
        ranked = _last(*_LAST[cell.name], observations).subquery(last)
        query = query.join(ranked, on=_first_of(last, "obs"), join_type="left")
        value = column("value", last)
        points = exp.Div(this=exp.cast(value, exp.DataType.Type.DOUBLE), expression=double(1000))
        return query, points if cell.name == "recorded_score" else value
    stored = column(f"f_{cell.name}", "lf")
    if _known(cell, history) == "dated":
        return _dated(query, cell, number, stored, observations)
    return query, stored


def _last(name: str, value: str, observations: str) -> exp.Select:
    """Values of a dated table by observation, ranked from the last before as_of; equal times by the greatest value."""
    order = [
        exp.Ordered(this=column("at_us", "s"), desc=True, nulls_first=False),
        exp.Ordered(this=column(value, "s"), desc=True, nulls_first=False),
    ]
    rank = exp.Window(
        this=exp.RowNumber(), partition_by=[column("obs", "o")], order=exp.Order(expressions=order), over="OVER"
    )
    before = exp.or_(
        exp.LT(this=column("at_us", "s"), expression=column("as_of_us", "o")),
        exp.Is(this=column("as_of_us", "o"), expression=exp.null()),
    )
    same = exp.EQ(this=column("lead", "s"), expression=column("lead", "o"))
    return (
        exp.select(column("obs", "o"), exp.alias_(rank, "nth", quoted=True))
        .select(exp.alias_(column(value, "s"), "value", quoted=True))
        .from_(exp.alias_(table(observations), "o", table=True))
        .join(exp.alias_(table(name), "s", table=True), on=exp.and_(same, before))
    )


def changes_query(fields: Sequence[str], *, observations: str) -> exp.Select:
    """A query of `obs` and one column `c0, c1, …` for each field: when it last changed before as_of; NULL if never."""
    same = exp.EQ(this=column("lead", "s"), expression=column("lead", "o"))
    before = exp.LT(this=column("at_us", "s"), expression=column("as_of_us", "o"))
    query = (
        exp.select(column("obs", "o"))
        .from_(exp.alias_(table(observations), "o", table=True))
        .join(exp.alias_(table("changes"), "s", table=True), on=exp.and_(same, before))
    )
    for number, name in enumerate(fields):
        of_field = exp.EQ(this=column("field", "s"), expression=text(name))
        last = exp.Max(this=exp.Case(ifs=[exp.If(this=of_field, true=column("at_us", "s"))]))
        query = query.select(exp.alias_(last, f"c{number}", quoted=True))
    return query.group_by(column("obs", "o"))


def _dated(
    query: exp.Select, cell: Cell, number: int, stored: exp.Expr, observations: str
) -> tuple[exp.Select, exp.Expr]:
    """Join the last change before as_of, and the first one of all, of a field."""
    last, first = f"c{number}", f"d{number}"
    before = exp.LT(this=column("at_us", "s"), expression=column("as_of_us", "o"))
    query = query.join(
        _ranked(cell, observations, before, descending=True).subquery(last),
        on=_first_of(last, "obs"),
        join_type="left",
    )
    query = query.join(
        _ranked(cell, observations, None, descending=False).subquery(first),
        on=_first_of(first, "obs"),
        join_type="left",
    )

    found = [(last, column("value", last)), (first, column("old", first))]
    ifs = [exp.If(this=exp.Is(this=column("obs", of), expression=exp.null()).not_(), true=value) for of, value in found]
    return query, exp.Case(ifs=ifs, default=stored)


def _ranked(cell: Cell, observations: str, when: exp.Expr | None, *, descending: bool) -> exp.Select:
    """Changes of a field by observation, ranked by time; equal times by value, so that row order never decides.

    Values are read as the loader reads a column of this kind, so a change to `NaN` or `1_000` is missing.
    """
    order = [
        exp.Ordered(this=column("at_us", "s"), desc=descending),
        exp.Ordered(this=column("value", "s"), desc=descending, nulls_first=False),
        exp.Ordered(this=column("old", "s"), desc=descending, nulls_first=False),
    ]
    value, old = (read(Column(name, name, "VARCHAR", loose=True), cell.kind, None).value for name in ("value", "old"))
    rank = exp.Window(
        this=exp.RowNumber(), partition_by=[column("obs", "o")], order=exp.Order(expressions=order), over="OVER"
    )
    query = (
        exp.select(column("obs", "o"), exp.alias_(rank, "nth", quoted=True))
        .select(exp.alias_(value, "value", quoted=True), exp.alias_(old, "old", quoted=True))
        .from_(exp.alias_(table(observations), "o", table=True))
        .join(
            exp.alias_(table("changes"), "s", table=True),
            on=exp.EQ(this=column("lead", "s"), expression=column("lead", "o")),
        )
        .where(exp.EQ(this=column("field", "s"), expression=text(cell.name)))
    )
    return query.where(when) if when is not None else query


def _first_of(alias: str, key: str) -> exp.Expr:
    return exp.and_(
        exp.EQ(this=column(key, alias), expression=column(key, "o")),
        exp.EQ(this=column("nth", alias), expression=integer(1)),
    )
