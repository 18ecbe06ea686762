"""Accounts and their fields: those of the accounts file and every account that a lead names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from workbench.engine.duck import column, table
from workbench.history.cells import cast, is_null, literal, name, not_null, read
from workbench.history.files import Staged
from workbench.history.leads import LEADS_IN, SQL_TYPES, Leads, can_be_wrong, field_check
from workbench.history.loading import Loading, empty_id
from workbench.history.losses import verdict
from workbench.history.mapping import AccountsFrom, Kind, Known
from workbench.history.repeats import mark_repeats, repeat_reasons
from workbench.history.shapes import kinds
from workbench.history.titles import told_apart
from workbench.history.unmatched import count_unmatched, look_up

ACCOUNTS_IN = "accounts_in"


@dataclass(frozen=True)
class Accounts:
    """What is known of the accounts after they are read: kinds of fields, and when each was known."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    known: Mapping[str, Known] = field(default_factory=dict)


def write_accounts(loading: Loading, leads: Leads, spec: AccountsFrom | None) -> Accounts:
    """Write the tables `accounts` and `account_fields`; needs `leads_in`.

    Raises:
        DataError: when too many rows are left out, or no account of the leads is in the file.
        MappingError: when the mapping names a column that is not there.
    """
    accounts = _read(loading, leads, spec) if spec is not None else Accounts()
    engine = loading.engine
    ids = (
        exp.Select(expressions=[column("account_id")])
        .from_(table(LEADS_IN))
        .where(exp.and_(is_null(column("fault")), not_null(column("account_id"))))
    )
    source: exp.Query = ids
    if spec is not None:
        own = exp.Select(expressions=[column("account_id")]).from_(table(ACCOUNTS_IN)).where(is_null(column("fault")))
        source = exp.Union(this=ids, expression=own, distinct=False)
    rank = exp.Window(this=exp.RowNumber(), order=exp.Order(expressions=[exp.Ordered(this=column("account_id"))]))
    account = exp.alias_(exp.Sub(this=rank, expression=literal(1)), "account", quoted=True)
    distinct = exp.Select(expressions=[column("account_id")], distinct=exp.Distinct()).from_(source.subquery("u"))
    query = exp.Select(expressions=[account, column("account_id")]).from_(distinct.subquery("d"))
    engine.write("accounts", query.order_by(column("account")))
    _write_fields(loading, accounts, there=spec is not None)
    return accounts


def _write_fields(loading: Loading, accounts: Accounts, *, there: bool) -> None:
    cells: list[exp.Expr] = [column("account", "a")]
    query = exp.Select(expressions=[*cells, *(column(f"f_{title}", "i") for title in accounts.kinds)])
    query = query.from_(exp.alias_(table("accounts"), "a", table=True)).order_by(column("account", "a"))
    if there:
        good = exp.select("*").from_(table(ACCOUNTS_IN)).where(is_null(column("fault"))).subquery("i")
        same = exp.EQ(this=column("account_id", "a"), expression=column("account_id", "i"))
        query = query.join(good, on=same, join_type="left")
    loading.engine.write("account_fields", query)
    loading.engine.drop([ACCOUNTS_IN])


def _read(loading: Loading, leads: Leads, spec: AccountsFrom) -> Accounts:
    place = ("accounts",)
    sheet = loading.open(spec, place)
    loading.require(sheet, spec.id, (*place, "id"))
    said = list(spec.known) if isinstance(spec.known, dict) else []
    for key, titles in (("known", said), ("types", list(spec.types)), ("drop", list(spec.drop))):
        for title in titles:
            loading.require(sheet, title, (*place, key, title))
    names = [title for title in sheet.names() if title not in {spec.id, *spec.drop}]
    told_apart(names, sheet.label)
    staged = loading.stage(sheet, "accounts_staged", [spec.id, *names])
    found = kinds(loading.engine, [staged], names, spec.types)
    _judge(loading, staged, spec, found)
    _unmatched(loading, leads, sheet.label)
    known = dict.fromkeys(names, spec.known) if isinstance(spec.known, str) else dict(spec.known)
    return Accounts(found, known)


def _judge(loading: Loading, staged: Staged, spec: AccountsFrom, found: Mapping[str, Kind]) -> None:
    engine, zone = loading.engine, loading.mapping.zone
    checks = [empty_id(staged.columns[spec.id], "account")]
    checks += [
        field_check(staged.columns[title], kind, zone)
        for title, kind in found.items()
        if can_be_wrong(staged.columns[title], kind, title in spec.types)
    ]
    cells: dict[str, exp.Expr] = {
        "source": literal(0),
        "row": staged.row,
        "position": staged.row,
        "account_id": name(staged.columns[spec.id]),
    }
    for title, kind in found.items():
        cells[f"f_{title}"] = cast(read(staged.columns[title], kind, zone).value, SQL_TYPES[kind])
    row = exp.Select(expressions=[exp.alias_(value, cell, quoted=True) for cell, value in cells.items()])
    engine.write(ACCOUNTS_IN, row.select(*verdict(checks, 2), copy=False).from_(staged.aliased))
    engine.drop([staged.table])
    mark_repeats(engine, ACCOUNTS_IN, "account_id", [f"f_{title}" for title in found] or ["account_id"], 0)
    reasons = [*repeat_reasons(spec.id, "account"), *(check.reason for check in checks)]
    loading.losses.gather(engine, ACCOUNTS_IN, staged.label, staged.rows, reasons)


def _unmatched(loading: Loading, leads: Leads, label: str) -> None:
    """Count the leads whose account the file lacks."""
    engine = loading.engine
    has = exp.Select(expressions=[column("account_id")]).from_(table(ACCOUNTS_IN)).where(not_null(column("account_id")))
    matched = exp.In(this=column("account_id", "l"), query=has.subquery())
    cells = {"row": column("row", "l"), "key": column("account_id", "l"), "matched": matched}
    good = exp.and_(is_null(column("fault", "l")), not_null(column("account_id", "l")))
    looked_up = []
    for number, file in enumerate(leads.files):
        rows = exp.Select(expressions=[exp.alias_(cell, title, quoted=True) for title, cell in cells.items()])
        rows = rows.from_(exp.alias_(table(LEADS_IN), "l", table=True)).where(good.copy())
        rows = rows.where(exp.EQ(this=column("source", "l"), expression=literal(number)))
        looked_up.append(look_up(engine, rows, file.staged.label, file.spec.account or "", file.staged.rows))
    least = exp.Select(expressions=[exp.Min(this=column("account_id"))]).from_(table(ACCOUNTS_IN))
    ((there,),) = engine.rows(least)
    count_unmatched(loading.losses, looked_up, label, there, "account of this id")
