"""All that is known of one lead at a moment, as plain values: to try out what would change its score."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from workbench.engine.duck import column, table
from workbench.engine.lowered import Cell
from workbench.engine.sql import integer, text
from workbench.history import History
from workbench.observation.fields import cells_query
from workbench.observation.gather import OBS
from workbench.observation.moment import present
from workbench.oracle import Event, Fact, Lead


def lead_facts(history: History, cells: Sequence[Cell], moment: int | None, lead_id: str) -> Lead:
    """One lead as it stood at a moment.

    Args:
        history: the past.
        cells: the fields that matter, of the lead and of its account.
        moment: UTC epoch microseconds; None for a lead taken as recorded.
        lead_id: which lead; it must exist at the moment.
    """
    engine = history.engine
    engine.write(OBS, present(moment, lead_id))
    values = engine.rows(cells_query(cells, history, observations=OBS))[0][1:]
    engine.drop([OBS])
    by_source: dict[str, dict[str, Fact]] = {"lead": {}, "account": {}, "built in": {}}
    for cell, value in zip(cells, values, strict=True):
        by_source[cell.source][cell.name] = value
    who = exp.select(column("lead"), column("account"), column("created_us")).from_(table("leads"))
    [(lead, account, created)] = engine.rows(who.where(exp.EQ(this=column("lead_id"), expression=text(lead_id))))
    mine = exp.EQ(this=column("lead", "e"), expression=integer(lead))
    others: tuple[Event, ...] = ()
    account_id = None
    if account is not None:
        same = exp.EQ(this=column("account", "l"), expression=integer(account))
        others = _events(history, exp.and_(same, mine.not_()))
        [(account_id,)] = engine.rows(_of("accounts", "account", account, ["account_id"]))
    return Lead(
        fields=by_source["lead"],
        account=by_source["account"],
        events=_events(history, mine),
        lead_id=lead_id,
        account_id=account_id,
        created_us=created,
        stages=tuple((stage, at) for stage, at in engine.rows(_of("stages", "lead", lead, ["stage", "at_us"]))),
        changes=tuple((name, at) for name, at in engine.rows(_of("changes", "lead", lead, ["field", "at_us"]))),
        recorded_scores=tuple(
            (at, milli) for at, milli in engine.rows(_of("scores", "lead", lead, ["at_us", "milli"]))
        ),
        colleagues=others,
    )


def _events(history: History, which: exp.Expr) -> tuple[Event, ...]:
    names = list(history.properties)
    query = (
        exp.select(column("at_us", "e"), column("event", "e"), column("lead_id", "l"), column("created_us", "l"))
        .select(*(column(f"p_{name}", "e") for name in names))
        .from_(exp.alias_(table("events"), "e", table=True))
        .join(
            exp.alias_(table("leads"), "l", table=True),
            on=exp.EQ(this=column("lead", "l"), expression=column("lead", "e")),
        )
        .where(which)
    )
    return tuple(
        Event(at, event, dict(zip(names, values, strict=True)), whose, created)
        for at, event, whose, created, *values in history.engine.rows(query)
    )


def _of(source: str, key: str, number: int, names: Sequence[str]) -> exp.Select:
    """Some columns of the rows of one lead or account."""
    query = exp.select(*(column(name) for name in names)).from_(table(source))
    return query.where(exp.EQ(this=column(key), expression=integer(number)))
