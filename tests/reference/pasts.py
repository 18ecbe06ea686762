"""The past of the reference's examples, for the oracle and as a history."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd

from workbench.history import History, read_history
from workbench.oracle import DAY_US, Event, Lead
from workbench.parsing import moment_us
from workbench.reference.past import ACCOUNT, ACCOUNT_ID, AS_OF, LEADS, LISTS, MOMENTS, Someone

AS_OF_US = moment_us(AS_OF)


def at_us(days: int) -> int:
    """Noon, so many whole days ago."""
    return AS_OF_US - days * DAY_US - DAY_US // 2


def oracle_leads() -> tuple[Lead, ...]:
    one, two = LEADS
    return _lead(one, two), _lead(two, one)


def _lead(someone: Someone, colleague: Someone) -> Lead:
    fields = {name: moment_us(value) if name in MOMENTS else value for name, value in someone.fields.items()}
    return Lead(
        fields,
        ACCOUNT,
        _events(someone),
        lead_id=someone.lead_id,
        account_id=ACCOUNT_ID,
        created_us=moment_us(someone.created),
        stages=tuple((name, moment_us(day)) for name, day in someone.stages),
        changes=tuple((name, moment_us(day)) for name, day in someone.changes),
        recorded_scores=tuple((moment_us(day), round(points * 1000)) for day, points in someone.recorded),
        colleagues=_events(colleague, colleague.lead_id),
    )


def _events(someone: Someone, by: str = "") -> tuple[Event, ...]:
    return tuple(Event(at_us(did.days), did.event, did.properties, by) for did in someone.did)


MAPPING = {
    "format": "lead-history/1",
    "until": AS_OF,
    "leads": {
        "file": "leads",
        "id": "lead_id",
        "account": "account_id",
        "created_at": "created_at",
        "known": "creation",
        "types": dict.fromkeys(MOMENTS, "time"),
    },
    "accounts": {"file": "accounts", "id": "account_id", "known": "creation"},
    "events": {"file": "events", "lead": "lead_id", "at": "at", "event": "event", "properties": "all"},
    "stages": {"file": "stages", "lead": "lead_id", "stage": "stage", "at": "at"},
    "changes": {"file": "changes", "lead": "lead_id", "at": "at", "field": "field", "value": "value"},
    "scores": {"file": "scores", "lead": "lead_id", "score": "score", "at": "at"},
    "lists": {name: list(values) for name, values in LISTS.items()},
}


@contextmanager
def as_history() -> Iterator[History]:
    """The same past, loaded."""
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in ("leads", "events", "stages", "changes", "scores")}
    for lead in LEADS:
        own = {"lead_id": lead.lead_id}
        rows["leads"].append(
            {**own, "account_id": ACCOUNT_ID, "created_at": _time(moment_us(lead.created)), **lead.fields}
        )
        rows["events"] += [
            {**own, "at": _time(at_us(did.days)), "event": did.event, **did.properties} for did in lead.did
        ]
        rows["stages"] += [{**own, "at": _time(moment_us(day)), "stage": stage} for stage, day in lead.stages]
        rows["changes"] += [
            {**own, "at": _time(moment_us(day)), "field": field, "value": lead.fields[field]}
            for field, day in lead.changes
        ]
        rows["scores"] += [{**own, "at": _time(moment_us(day)), "score": points} for day, points in lead.recorded]
    frames = {name: pd.DataFrame(found) for name, found in rows.items()}
    for name in MOMENTS:
        frames["leads"][name] = pd.to_datetime(frames["leads"][name], utc=True)
    frames["accounts"] = pd.DataFrame([{"account_id": ACCOUNT_ID, **ACCOUNT}])
    with read_history(frames, mapping=json.dumps(MAPPING)) as history:
        yield history


def _time(us: int) -> pd.Timestamp:
    return pd.Timestamp(us, unit="us", tz="UTC")
