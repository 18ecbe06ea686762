"""The small past that the examples of the reference are run on: two leads of one account, judged at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

AS_OF = "2026-07-01T00:00:00Z"
ACCOUNT_ID = "account-1"
ACCOUNT: Mapping[str, str | float | bool] = {"industry": "Software", "country": "DE", "seats": 40.0}
LISTS: Mapping[str, tuple[str, ...]] = {
    "free_mail": ("gmail.com", "yahoo.com"),
    "targets": ("lead-00001",),
    "key_accounts": (ACCOUNT_ID,),
}
MOMENTS = ("signed", "renewal")
"""Fields that are times."""


@dataclass(frozen=True)
class Did:
    """Something a lead did, at noon: its age is `days`."""

    event: str
    days: int
    properties: Mapping[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True)
class Someone:
    """One lead.

    Attributes:
        lead_id: its id.
        created: when it was created.
        fields: its values; a missing one is not there.
        did: its events.
        stages: (stage, day on which it was entered).
        changes: (field, day on which it changed).
        recorded: (day, score in points) that the CRM had recorded.
    """

    lead_id: str
    created: str
    fields: Mapping[str, str | float | bool]
    did: tuple[Did, ...]
    stages: tuple[tuple[str, str], ...] = ()
    changes: tuple[tuple[str, str], ...] = ()
    recorded: tuple[tuple[str, float], ...] = ()


LEADS = (
    Someone(
        "lead-00001",
        "2026-05-02",
        {
            "job_title": "VP, Sales",
            "domain": "acme.example",
            "country": "DE",
            "employees": 250.0,
            "seats": 12.0,
            "consent": True,
            "signed": "2026-06-11",
            "renewal": "2026-07-20",
        },
        (
            Did("visit", 0, {"page": "/pricing"}),
            Did("visit", 7, {"page": "/pricing"}),
            Did("visit", 7, {"page": "/blog"}),
            Did("visit", 45, {"page": "/docs"}),
            Did("invite", 1),
            Did("invite", 12),
            Did("invite", 25),
            Did("order", 20, {"amount": 100.5}),
            Did("order", 40, {"amount": 50.0}),
        ),
        (("trial", "2026-06-01"), ("evaluation", "2026-06-10")),
        (("job_title", "2026-06-27"),),
        (("2026-06-01", 60.0),),
    ),
    Someone(
        "lead-00002",
        "2026-03-01",
        {"job_title": "MVP programme", "domain": "Gmail.com", "seats": 3.0, "consent": False, "signed": "2026-03-01"},
        (Did("visit", 30, {"page": "/blog"}),),
    ),
)


def told() -> str:
    """The past in Markdown, as the page shows it."""
    lines = [f"The examples are run on two leads of one account, at {AS_OF}:", ""]
    for number, lead in enumerate(LEADS, 1):
        fields = ", ".join(f"{name} {_value(value)}" for name, value in lead.fields.items())
        lines.append(f"- **lead {number}** ({lead.lead_id}), created {lead.created}: {fields}.")
        events: dict[str, list[str]] = {}
        for did in lead.did:
            detail = "".join(f" ({_value(value)})" for value in did.properties.values())
            events.setdefault(did.event, []).append(f"{did.days}{detail}")
        ages = "; ".join(f"{name} {', '.join(each)}" for name, each in events.items())
        lines.append(f"  Events, with days ago: {ages}.")
        lines += [f"  Stages: {', '.join(f'{name} since {day}' for name, day in lead.stages)}."] if lead.stages else []
        lines += [f"  Changed: {', '.join(f'{name} on {day}' for name, day in lead.changes)}."] if lead.changes else []
        recorded = ", ".join(f"{_value(points)} on {day}" for day, points in lead.recorded)
        lines += [f"  Recorded score: {recorded}."] if recorded else []
    fields = ", ".join(f"{name} {_value(value)}" for name, value in ACCOUNT.items())
    lists = ", ".join(f"{name} ({', '.join(values)})" for name, values in LISTS.items())
    return "\n".join([*lines, f"- their **account** {ACCOUNT_ID}: {fields}.", f"- **lists**: {lists}."])


def _value(value: str | float | bool) -> str:  # noqa: FBT001, RUF100  (a value of any kind)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else f'"{value}"' if " " in value else value
