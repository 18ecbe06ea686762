"""Fields as they were known at as_of: which may be used, and where a query finds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import exp

from workbench.engine.duck import column, table
from workbench.engine.lower import Catalog
from workbench.engine.lowered import Cell
from workbench.engine.sql import call, integer, text
from workbench.errors import PlanError
from workbench.history import History
from workbench.history.cells import Column, read
from workbench.plan import Plan


def catalog_of(history: History, plan: Plan) -> Catalog:
    """What models and plans may ask of a history; events only where leads have an as_of."""
    return Catalog(
        lead={name: field.kind for name, field in history.lead_fields.items()},
        account={name: field.kind for name, field in history.account_fields.items()},
        properties=dict(history.properties),
        lists=dict(history.lists),
        dated=plan.at != "recorded",
    )


def undated(cells: Iterable[Cell], history: History, plan: Plan) -> tuple[str, ...]:
    """The fields among `cells` whose date is not known and which the plan allows; for a warning.

    Raises:
        PlanError: if the plan does not allow one of them.
    """
    if plan.at == "recorded":
        return ()
    loose = sorted({cell.name for cell in cells if cell.source != "event" and _known(cell, history) == "undated"})
    refused = [name for name in loose if not plan.allows_undated(name)]
    if refused:
        names = ", ".join(refused)
        raise PlanError.at(
            plan.where("allow_undated"),
            expected="fields whose value is known at as_of",
            found=f"fields of unknown date in use: {names}",
            remedy=f"If they never change after creation, say 'known: {{{refused[0]}: creation}}' in the mapping; "
            f"else consent with 'allow_undated: [{names}]' in the plan, or leave them out.",
        )
    return tuple(loose)


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
    that change's old value; a lead without any change of it has what its row says.
    """
    query = exp.select(column("obs", "o")).from_(exp.alias_(table(observations), "o", table=True))
    query = query.join(
        exp.alias_(table("lead_fields"), "lf", table=True),
        on=exp.EQ(this=column("lead", "lf"), expression=column("lead", "o")),
        join_type="left",
    ).join(
        exp.alias_(table("account_fields"), "af", table=True),
        on=exp.EQ(this=column("account", "af"), expression=column("account", "o")),
        join_type="left",
    )
    for number, cell in enumerate(cells):
        stored: exp.Expr = column(f"f_{cell.name}", "lf" if cell.source == "lead" else "af")
        if cell.source == "lead" and _known(cell, history) == "dated":
            query, stored = _dated(query, cell, number, stored, observations)
        query = query.select(exp.alias_(stored, f"k{number}", quoted=True))
    return query


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
