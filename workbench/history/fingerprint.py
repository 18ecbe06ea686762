"""The fingerprint of a history: a digest of its content that does not depend on the order of rows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from sqlglot import exp

from workbench.document import canonical
from workbench.engine import Engine
from workbench.engine.duck import column, table
from workbench.history.cells import call, cast, literal
from workbench.history.loststages import LOST_STAGES

_ESCAPE, _BETWEEN, _MISSING = "\x1d", "\x1f", "\x1dn"
DATED = ("events", "stages", "changes", "worked", "feedback")


def fingerprint(
    engine: Engine,
    lists: Mapping[str, Sequence[str]],
    settings: Mapping[str, object],
    *,
    by_file: bool,
    generated: bool,
) -> str:
    """SHA-256 over every table: column names, number of rows, and the sum of the rows' 128-bit hashes.

    Args:
        engine: holds the tables of a history.
        lists: named lists.
        settings: what else decides how the tables are read (blanks, end of the data, …).
        by_file: file order carries meaning, so the position of a lead counts.
        generated: ids are made from positions; then they are left out, and a row is told by its content alone.
    """
    content: dict[str, object] = {"leads": _leads(engine, by_file=by_file, generated=generated)}
    content["accounts"] = _accounts(engine)
    for title in DATED if generated else (*DATED, "scores"):
        content[title] = _of_leads(engine, title, generated=generated)
    lost = _of_leads(engine, LOST_STAGES, generated=generated)
    if lost["rows"]:
        content[LOST_STAGES] = lost
    content["lists"] = {title: list(values) for title, values in lists.items()}
    content["settings"] = dict(settings)
    return hashlib.sha256(canonical(content)).hexdigest()


def _leads(engine: Engine, *, by_file: bool, generated: bool) -> object:
    own = ["created_us", "part", "outcome"]
    own += [] if generated else ["lead_id"]
    own += ["position"] if by_file else []
    fields = [name for name in _columns(engine, "lead_fields") if name != "lead"]
    cells = [column(name, "l") for name in own] + [column("account_id", "a")] + [column(name, "f") for name in fields]
    query = exp.select().from_(exp.alias_(table("leads"), "l", table=True))
    query = _join(query, "lead_fields", "f", "lead", "inner")
    query = _join(query, "accounts", "a", "account", "left")
    names = [*own, "account_id", *fields]
    if generated:
        query = _join(query, "scores", "c", "lead", "left")
        cells.append(column("milli", "c"))
        names.append("milli")
    return _digest(engine, query, cells, names)


def _accounts(engine: Engine) -> object:
    fields = [name for name in _columns(engine, "account_fields") if name != "account"]
    query = exp.select().from_(exp.alias_(table("accounts"), "l", table=True))
    query = _join(query, "account_fields", "f", "account", "inner")
    return _digest(
        engine, query, [column("account_id", "l"), *(column(name, "f") for name in fields)], ["account_id", *fields]
    )


def _of_leads(engine: Engine, title: str, *, generated: bool) -> dict[str, object]:
    names = [name for name in _columns(engine, title) if name != "lead"]
    query = exp.select().from_(exp.alias_(table(title), "t", table=True))
    cells: list[exp.Expr] = [column(name, "t") for name in names]
    if not generated:
        same = exp.EQ(this=column("lead", "t"), expression=column("lead", "l"))
        query = query.join(exp.alias_(table("leads"), "l", table=True), on=same)
        cells.append(column("lead_id", "l"))
    return _digest(engine, query, cells, names)


def _join(query: exp.Select, title: str, alias: str, key: str, kind: str) -> exp.Select:
    same = exp.EQ(this=column(key, "l"), expression=column(key, alias))
    return query.join(exp.alias_(table(title), alias, table=True), on=same, join_type=kind)


def _columns(engine: Engine, title: str) -> list[str]:
    return [str(row[0]) for row in engine.rows(exp.Describe(this=table(title)))]


def _digest(engine: Engine, query: exp.Select, cells: Sequence[exp.Expr], names: Sequence[str]) -> dict[str, object]:
    """Names, and for the rows their count and the two halves of the sum of MD5 numbers, as texts."""
    ordered = sorted(zip(names, cells, strict=False), key=lambda pair: pair[0])
    rest = list(cells[len(names) :])
    row = call("concat_ws", literal(_BETWEEN), *(_plain(cell) for cell in [*(cell for _, cell in ordered), *rest]))
    rows = query.select(exp.alias_(call("md5_number", row), "m", quoted=True)).subquery("q")
    high = exp.BitwiseRightShift(this=column("m"), expression=literal(64))
    low = exp.BitwiseAnd(this=column("m"), expression=exp.Literal.number(2**64 - 1))
    halves = [exp.Sum(this=cast(exp.paren(half), "UBIGINT")) for half in (high, low)]
    summary = exp.Select(expressions=[exp.Count(this=exp.Star()), *halves]).from_(rows)
    count, upper, lower = engine.rows(summary)[0]
    return {"columns": sorted(names), "rows": int(count), "sums": [str(upper or 0), str(lower or 0)]}


def _plain(cell: exp.Expr) -> exp.Expr:
    """A cell as text that holds no separator and cannot be taken for a missing one."""
    escaped = call("replace", cast(cell, "VARCHAR"), literal(_ESCAPE), literal(_ESCAPE + "0"))
    parted = call("replace", escaped, literal(_BETWEEN), literal(_ESCAPE + "1"))
    return exp.Coalesce(this=parted, expressions=[literal(_MISSING)])
