"""What a loaded history holds, as frames a person can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlglot import exp

from workbench.engine import Engine
from workbench.engine.duck import column, table
from workbench.history.history import Field, History


@dataclass(frozen=True)
class Description:
    """What a history holds.

    Attributes:
        name: of the history.
        fingerprint: of its content.
        until: end of the data (exclusive), ISO 8601 in UTC, None without times.
        until_given: the mapping says so; else it is the latest time seen.
        tables: table, rows.
        dropped: file, reason, column, rows, share (0..1), first_rows, remedy.
        fields: field, table, kind, known, filled (share of rows 0..1), distinct.
        events: event, rows.
        stages: stage, leads.
        months: month ("2025-07", UTC), leads; empty without times of creation.
    """

    name: str
    fingerprint: str
    until: str | None
    until_given: bool
    tables: pd.DataFrame
    dropped: pd.DataFrame
    fields: pd.DataFrame
    events: pd.DataFrame
    stages: pd.DataFrame
    months: pd.DataFrame

    def to_document(self) -> dict[str, Any]:
        """The same as plain data: one list of records for each frame."""
        frames = ("tables", "dropped", "fields", "events", "stages", "months")
        plain: dict[str, Any] = {
            "name": self.name,
            "fingerprint": self.fingerprint,
            "until": self.until,
            "until_given": self.until_given,
        }
        return plain | {title: _records(getattr(self, title)) for title in frames}


def describe(history: History) -> Description:
    """Describe a loaded history: sizes, rows left out, fields, events, stages, leads by month."""
    fields = [
        *_fields(history.engine, "lead_fields", "leads", dict(history.lead_fields)),
        *_fields(history.engine, "account_fields", "accounts", dict(history.account_fields)),
    ]
    until = None
    if history.until_us is not None:
        until = pd.Timestamp(history.until_us, unit="us", tz="UTC").isoformat().replace("+00:00", "Z")
    return Description(
        name=history.name,
        fingerprint=history.fingerprint,
        until=until,
        until_given=history.until_given,
        tables=pd.DataFrame(list(history.rows.items()), columns=["table", "rows"]),
        dropped=history.dropped.copy(),
        fields=pd.DataFrame(fields, columns=["field", "table", "kind", "known", "filled", "distinct"]),
        events=pd.DataFrame(list(history.events.items()), columns=["event", "rows"]),
        stages=pd.DataFrame(list(history.stages.items()), columns=["stage", "leads"]),
        months=_months(history.engine),
    )


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns = [str(name) for name in frame.columns]
    values = [frame[name].tolist() for name in columns]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


def _fields(engine: Engine, source: str, owner: str, fields: dict[str, Field]) -> list[tuple[Any, ...]]:
    if not fields:
        return []
    counts: list[exp.Expr] = [exp.Count(this=exp.Star())]
    for name in fields:
        counts.append(exp.Count(this=column(f"f_{name}")))
        counts.append(exp.Count(this=exp.Distinct(expressions=[column(f"f_{name}")])))
    row = engine.rows(exp.Select(expressions=counts).from_(table(source)))[0]
    total = max(int(row[0]), 1)
    return [
        (name, owner, field.kind, field.known, int(row[1 + 2 * index]) / total, int(row[2 + 2 * index]))
        for index, (name, field) in enumerate(fields.items())
    ]


def _months(engine: Engine) -> pd.DataFrame:
    created = exp.Anonymous(this="make_timestamp", expressions=[column("created_us")])
    month = exp.Anonymous(this="strftime", expressions=[created, exp.Literal.string("%Y-%m")])
    query = (
        exp.Select(expressions=[exp.alias_(month, "month", quoted=True), exp.Count(this=exp.Star())])
        .from_(table("leads"))
        .where(exp.Not(this=exp.Is(this=column("created_us"), expression=exp.null())))
        .group_by(month.copy())
        .order_by(month.copy())
    )
    rows = [(str(name), int(count)) for name, count in engine.rows(query)]
    return pd.DataFrame(rows, columns=["month", "leads"])
