"""A small history, model and plan with nothing wrong, and the calls that each broken input is tried on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

Content = str | bytes | None


@dataclass(frozen=True)
class Broken:
    """One broken input.

    Attributes:
        files: what is put over the good files; None takes a file away, a name that ends in `/` makes a folder.
        says: the one line on standard error, after `workbench: `.
        call: the command line, by default a backtest that is to write its evidence.
    """

    files: Mapping[str, Content]
    says: str
    call: str = "backtest model.yaml --data crm --plan plan.yaml --out evidence"


CHECK = "check crm"
FLAT = "backtest flat/model.yaml --data flat/leads.csv --outcome Converted=1 --out evidence"
FLAT_CHECK = "check flat/leads.csv --outcome Converted=1"
SCORE = "score model.yaml --data crm --out scores.csv"

MODEL = """\
format: lead-scoring-model/1
name: inbound
version: 2
dimensions:
  fit: {min: 0, max: 60}
  engagement: {min: -20, max: 40}
groups:
  email: {in: engagement, min: 0, max: 10}
rules:
  - id: seniority
    in: fit
    cases:
      - {when: {field: job_title, has_word: [chief, vp]}, points: 15}
    default: 0
  - id: industry
    in: fit
    when: {account_field: industry, equals: software}
    points: 5
  - id: size
    in: fit
    when: {field: employees, at_least: 50}
    points: 5
  - id: pricing_views
    in: engagement
    each: {event: page_view, where: {field: page, equals: /pricing}, within: 90d}
    points: 4
    limit: {events: 5}
    decay: {half_life: 14d}
  - id: opens
    in: email
    when: {event: email_open, within: 30d, count: {at_least: 1}}
    points: 2
tiers:
  - {name: Nurture, from: 0}
  - {name: MQL, from: 15, require: {fit: 5}}
gates:
  - {id: student, when: {field: job_title, equals: student}, tier: Disqualified}
"""
PLAN = """\
format: lead-scoring-plan/1
outcome: won
at: 3d
horizon: 10d
cluster: account
segments: [region]
"""
MAPPING = """\
format: lead-history/1
zone: UTC
until: 2026-06-01
blanks: ["", Select]
leads:
  file: leads.csv
  id: lead_id
  account: account_id
  created_at: created_at
  known: {job_title: creation, employees: creation, region: creation}
  join: {file: contacts.csv, "on": contact_id}
accounts: {file: accounts.csv, id: account_id, known: creation}
events:
  - {file: events.csv, lead: lead_id, at: at, event: event, properties: [page]}
stages:
  - {file: stages.csv, lead: lead_id, stage: stage, at: at, amount: amount}
"""
FLAT_MODEL = """\
format: lead-scoring-model/1
name: flat
dimensions: {fit: {}}
rules:
  - {id: visits, in: fit, when: {field: visits, at_least: 5}, points: 10}
"""
FIRST = dt.datetime(2026, 1, 1, 8, tzinfo=dt.UTC)


def _day(number: int) -> str:
    return (FIRST + dt.timedelta(days=number)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _rows(heading: str, rows: list[str]) -> str:
    return "\n".join([heading, *rows]) + "\n"


TITLES = ("VP Sales", "Analyst", "Chief of Staff", "Select", "student")
LEADS = _rows(
    "lead_id,account_id,contact_id,created_at,job_title,employees,region",
    [f"L{n},A{n % 7},C{n},{_day(n)},{TITLES[n % 5]},{n * 7},{'EU' if n % 2 else 'US'}" for n in range(1, 41)],
)
LEAD = "L41,A1,C1,2026-01-31T08:00:00Z,VP,7,EU\n"
CONTACTS = _rows("contact_id,phone", [f"C{n},{n}" for n in range(1, 41)])
ACCOUNTS = _rows("account_id,industry", [f"A{n},{'software' if n % 2 else 'retail'}" for n in range(7)])
EVENTS = _rows(
    "lead_id,at,event,page",
    [f"L{n},{_day(n + 1)},{'page_view,/pricing' if n % 3 else 'email_open,'}" for n in range(1, 41)],
)
STAGES = _rows(
    "lead_id,at,stage,amount",
    [f"L{n},{_day(n + 5)},{'won,900' if n % 4 == 1 else 'mql,'}" for n in range(1, 41, 2)],
)
FLAT_CSV = _rows("id,visits,Converted", [f"{n},{n % 9},{int(n % 3 == 0)}" for n in range(1, 41)])
GOOD: Mapping[str, Content] = {
    "model.yaml": MODEL,
    "plan.yaml": PLAN,
    "crm/history.yaml": MAPPING,
    "crm/leads.csv": LEADS,
    "crm/contacts.csv": CONTACTS,
    "crm/accounts.csv": ACCOUNTS,
    "crm/events.csv": EVENTS,
    "crm/stages.csv": STAGES,
    "flat/model.yaml": FLAT_MODEL,
    "flat/leads.csv": FLAT_CSV,
}


def changed(text: str, old: str, new: str) -> str:
    """The text with its only `old` replaced; a case that changes nothing is no case."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the good file"
    return text.replace(old, new)


def model(old: str, new: str) -> Mapping[str, Content]:
    """The good model with one passage replaced."""
    return {"model.yaml": changed(MODEL, old, new)}


def plan(old: str, new: str) -> Mapping[str, Content]:
    """The good plan with one passage replaced."""
    return {"plan.yaml": changed(PLAN, old, new)}


def mapping(old: str, new: str) -> Mapping[str, Content]:
    """The good mapping with one passage replaced."""
    return {"crm/history.yaml": changed(MAPPING, old, new)}


def leads(text: str | bytes, says: str, call: str = CHECK) -> Broken:
    """Other leads than the good ones."""
    return Broken({"crm/leads.csv": text}, says, call)
