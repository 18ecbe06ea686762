"""Small models and single leads for tests of the oracle, judged at noon of a day."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.document import Document
from workbench.model import Model, parse_model
from workbench.oracle import DAY_US, Event, Lead, Verdict, judge

NOON = 1_782_820_800_000_000  # 2026-06-30 12:00 UTC
HOUR_US = DAY_US // 24
ALWAYS = {"not": {"event": "no such event"}}


def model_of(*rules: dict, **parts) -> Model:
    data = {
        "format": "lead-scoring-model/1",
        "name": "small",
        "dimensions": {"fit": {}},
        "rules": [{"id": f"r{number}", "in": "fit", **rule} for number, rule in enumerate(rules)],
    }
    return parse_model(Document("small", data | parts, {}, ""))


def paying(points: float, **more) -> dict:
    """A rule that always pays."""
    return {"when": ALWAYS, "points": points, **more}


def lead_of(*events: Event, account: Mapping | None = None, **fields) -> Lead:
    return Lead(fields, account or {}, events)


def ago(us: int, name: str = "visit", **properties) -> Event:
    return Event(NOON - us, name, properties)


def days_ago(days: int, name: str = "visit", **properties) -> Event:
    return ago(days * DAY_US, name, **properties)


def by(lead: str, event: Event) -> Event:
    """The event, done by a colleague."""
    return Event(event.at_us, event.name, event.properties, lead)


def verdict(model: Model, lead: Lead) -> Verdict:
    return judge(model, lead, NOON)


def holds(condition: dict, lead: Lead, **lists: tuple[str, ...]) -> bool:
    found = judge(model_of({"when": condition, "points": 1}), lead, NOON, lists)
    assert found.score in {0, 1000}
    return found.score == 1000


def earned(rule: dict, *events: Event, **fields) -> int:
    return verdict(model_of(rule), lead_of(*events, **fields)).rules["r0"]


def compares(test: dict, value) -> bool:
    return holds({"field": "x", **test}, lead_of(x=value))
