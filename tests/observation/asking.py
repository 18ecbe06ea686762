"""Asks rules and conditions of a small history in the engine: answers by lead, in the order of their ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sqlglot import exp

from workbench.document import Document
from workbench.engine.duck import column, table
from workbench.engine.lower import Lowered, lower_model
from workbench.engine.lowered import Ages, Feature, Idle
from workbench.engine.sql import integer
from workbench.history import History, read_history
from workbench.model import Model, parse_model
from workbench.observation.fields import catalog_of
from workbench.observation.gather import OBS, Gathering, cells_of
from workbench.plan import RECORDED, Age, Plan

AS_OF = pd.Timestamp("2026-06-30T12:00:00Z")
DAY = pd.Timedelta(days=1)
MICRO = pd.Timedelta(microseconds=1)
HOUR = pd.Timedelta(hours=1)
PRESENT = Plan(at=Age(age=1), outcome="any", horizon=1, allow_undated=True)
Rows = Sequence[tuple[Any, ...]]
COLUMNS = {
    "events": ["lead_id", "at", "event", "page", "amount", "seen"],
    "stages": ["lead_id", "at", "stage"],
    "changes": ["lead_id", "at", "field", "value", "old"],
    "scores": ["lead_id", "at", "score"],
}
PARTS = {
    "events": {
        "event": "event",
        "properties": ["page", "amount", "seen"],
        "types": {"page": "text", "amount": "number", "seen": "time"},
    },
    "stages": {"stage": "stage"},
    "changes": {"field": "field", "value": "value", "old": "old"},
    "scores": {"score": "score"},
}
DTYPES = {
    "page": "str",
    "amount": "float64",
    "value": "str",
    "old": "str",
    "score": "float64",
    "at": "datetime64[us, UTC]",
    "seen": "datetime64[us, UTC]",
}


def past(
    fields: Mapping[str, Sequence[Any]],
    *,
    types: Mapping[str, str] | None = None,
    accounts: Sequence[str | None] = (),
    account_fields: Mapping[str, Sequence[Any]] | None = None,
    created: Sequence[Any] = (),
    lists: Mapping[str, Sequence[str]] | None = None,
    **tables: Rows,
) -> History:
    """A history of leads L0, L1, … with these fields; `accounts` names the account of each lead."""
    size = max([len(accounts), len(created), *map(len, fields.values())])
    made = list(created) or [AS_OF - 400 * DAY] * size
    leads: dict[str, Any] = {"lead_id": [f"L{number}" for number in range(size)], "created_at": made, **fields}
    mapping: dict[str, Any] = {
        "format": "lead-history/1",
        "budget": "100%",
        "until": "2030-01-01",
        "leads": {"file": "leads", "id": "lead_id", "created_at": "created_at", "types": dict(types or {})},
        "lists": {name: list(values) for name, values in (lists or {}).items()},
    }
    frames = {}
    if accounts:
        leads["account_id"] = pd.Series(list(accounts), dtype="str")
        mapping["leads"]["account"] = "account_id"
    if account_fields:
        frames["accounts"] = pd.DataFrame(account_fields)
        mapping["accounts"] = {"file": "accounts", "id": "account_id"}
    for name, rows in tables.items():
        frame = pd.DataFrame(rows, columns=COLUMNS[name])
        frames[name] = frame.astype({key: kind for key, kind in DTYPES.items() if key in frame})
        mapping[name] = {"file": name, "lead": "lead_id", "at": "at", **PARTS[name]}
    frames["leads"] = pd.DataFrame(leads)
    return read_history(frames, mapping=pd.io.json.ujson_dumps(mapping))


def event(lead: str, ago: pd.Timedelta, name: str = "visit", *, page=None, amount=None, seen=None) -> tuple[Any, ...]:
    """An event this long before AS_OF."""
    return lead, AS_OF - ago, name, page, amount, seen


def model_of(*rules: Mapping[str, Any], **parts: Any) -> Model:
    """A model of rules r0, r1, … in one dimension."""
    data = {
        "format": "lead-scoring-model/1",
        "name": "small",
        "dimensions": {"fit": {}},
        "rules": [
            {"id": f"r{number}", "in": "fit", **({"points": 1} if {"when", "each"} & set(rule) else {}), **rule}
            for number, rule in enumerate(rules)
        ],
    }
    return parse_model(Document("small.yaml", data | parts, {}, ""))


class Asking:
    """A history at a moment; None for leads as recorded."""

    def __init__(self, history: History, as_of: pd.Timestamp | None = AS_OF) -> None:
        self.history = history
        self.plan = RECORDED if as_of is None else PRESENT
        moment = exp.null() if as_of is None else integer(as_of.value // 1000)
        history.engine.write(
            OBS,
            exp.select(
                exp.alias_(column("lead"), "obs", quoted=True),
                column("lead"),
                column("account"),
                exp.alias_(exp.cast(moment, exp.DataType.Type.BIGINT), "as_of_us", quoted=True),
            ).from_(table("leads")),
        )

    def lowered(self, model: Model) -> Lowered:
        return lower_model(model, catalog_of(self.history, self.plan))

    def rule(self, rule: Mapping[str, Any]) -> Any:
        """What a rule's feature is by lead; of a decaying one, (lead, age, count)."""
        return self.feature(self.lowered(model_of(rule)).rules[0]["r0"])

    def holds(self, condition: Mapping[str, Any]) -> list[int]:
        """1 for each lead for which the condition holds, else 0."""
        return self.rule({"when": condition})

    def idle(self, since: Mapping[str, Any]) -> list[int]:
        fading = {"fit": {"inactivity": {"since": since, "decay": {"expiry": "9d"}}}}
        model = model_of({"when": {"field": "x", "known": True}}, dimensions=fading)
        return self.feature(self.lowered(model).idle[0]["fit"])

    def feature(self, feature: Feature) -> Any:
        gathering = Gathering(self.history)
        gathering.prepare(cells_of([feature]), [feature])
        try:
            if isinstance(feature, Ages):
                found = gathering.ages(feature)
                return list(zip(found.obs.tolist(), found.age.tolist(), found.count.tolist(), strict=True))
            if isinstance(feature, Idle):
                return gathering.idle(feature).tolist()
            query = gathering.select([gathering.feature(feature)]).order_by(column("obs", OBS))
            return [int(value) for (value,) in self.history.engine.rows(query)]
        finally:
            gathering.forget()
