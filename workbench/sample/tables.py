"""The files of the made-up history as frames of codes, and how each column is written out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.sample.behaviour import Events
from workbench.sample.catalogue import (
    ACTIVITIES,
    BANDS,
    CAMPAIGNS,
    CAMPUSES,
    COUNTRY_NAMES,
    DEPARTMENTS,
    EVENTS,
    FORMS,
    FREE_DOMAINS,
    INDUSTRIES,
    NOTE_TYPES,
    PAGES,
    PLAN_TYPES,
    PLANS,
    REASONS,
    REGIONS,
    RIVAL_DOMAINS,
    SOURCES,
    STAGES,
    TITLES,
    VERDICTS,
)
from workbench.sample.outcome import SCORED_DAYS, Fate
from workbench.sample.world import DAY_US, MINUTE_US, UNTIL_US, Accounts, Flags, Integers, Leads, Small, band_of, stream

Codes = NDArray[Any]


@dataclass(frozen=True)
class Table:
    """One file to write: a frame, and the expression behind each written column.

    Attributes:
        frame: codes, numbers and times in UTC epoch microseconds (-1 where missing); small and internal.
        columns: written name to DuckDB expression over the frame's columns.
    """

    frame: pd.DataFrame
    columns: dict[str, str]


def text(codes: Codes, names: Sequence[str]) -> pd.Series[Any]:
    """Names by code; -1 is missing."""
    return pd.Series(pd.Categorical.from_codes(cast("Integers", codes), categories=pd.Index(names)))


def lead_id(width: int, column: str = "lead") -> str:
    """The expression that writes a lead's id."""
    return f"'lead-' || lpad(CAST({column} AS VARCHAR), {width}, '0')"


def account_id(width: int) -> str:
    """The expression that writes an account's id; a lead that stands alone has none."""
    return f"CASE WHEN account >= 0 THEN 'account-' || lpad(CAST(account AS VARCHAR), {width}, '0') END"


def moment(column: str, *, zone: str = "Z", bad: str = "bad") -> str:
    """The expression that writes a time as text, or a planted unreadable one."""
    return f"coalesce(CAST({bad} AS VARCHAR), strftime(make_timestamp({column}), '%Y-%m-%dT%H:%M:%S{zone}'))"


def accounts_table(accounts: Accounts, width: int, seed: int) -> Table:
    """`accounts`: one row for each company the CRM knows."""
    rng = stream(seed, "accounts table")
    n = len(accounts.size)
    revenue = accounts.employees * np.exp(rng.normal(np.log(0.14), 0.5, n))
    frame = pd.DataFrame(
        {
            "account": np.arange(n),
            "industry": text(np.where(rng.random(n) < 0.03, -1, accounts.industry), INDUSTRIES),
            "employees": np.where(rng.random(n) < 0.04, -1, accounts.employees),
            "revenue": np.where(rng.random(n) < 0.25, -1.0, np.round(revenue, 2)),
            "country": text(accounts.country, COUNTRY_NAMES),
            "founded": accounts.founded,
        }
    )
    columns = {
        "account_id": account_id(width),
        "industry": "CAST(industry AS VARCHAR)",
        "employees": "nullif(employees, -1)",
        "annual_revenue_m": "nullif(revenue, -1.0)",
        "hq_country": "CAST(country AS VARCHAR)",
        "founded": "founded",
    }
    return Table(frame[~accounts.solo].reset_index(drop=True), columns)


def leads_table(accounts: Accounts, leads: Leads, fate: Fate, plan_type: Small, width: int, seed: int) -> Table:
    """`leads`: what the form said, what the CRM shows today, and the fields that leak."""
    rng = stream(seed, "leads table")
    n = len(leads)
    titles, spelling = _spelled_titles(rng, leads.title)
    department = np.where(rng.random(n) < 0.06, -1, leads.department)
    department = np.where(rng.random(n) < 0.02, len(DEPARTMENTS), department)
    campuses = [f"campus-{number:02d}.edu.example" for number in range(CAMPUSES)]
    domain = np.where(rng.random(n) < 0.01, -1, leads.domain)
    frame = pd.DataFrame(
        {
            "lead": np.arange(n),
            "account": np.where(accounts.solo[leads.account], -1, leads.account),
            "company": leads.account,
            "created": leads.created_us,
            "bad": text(np.full(n, -1), ("",)),
            "title": text(spelling, titles),
            "department": text(department, (*DEPARTMENTS, "Select")),
            "domain": text(domain, ("own", *FREE_DOMAINS, *RIVAL_DOMAINS, *campuses)),
            "source": text(leads.source, SOURCES),
            "region": text(leads.region, REGIONS),
            "country": text(np.where(rng.random(n) < 0.04, -1, leads.country), COUNTRY_NAMES),
            "plan_interest": text(leads.plan, PLANS),
            "band": text(np.where(rng.random(n) < 0.03, -1, band_of(accounts.employees[leads.account])), BANDS),
            "consent": leads.consent,
            "plan_type": text(plan_type, PLAN_TYPES),
            **_leaks(leads, fate, rng),
        }
    )
    columns = {"lead_id": lead_id(width), "account_id": account_id(width), "created_at": moment("created")}
    columns |= {
        "job_title": "CAST(title AS VARCHAR)",
        "department": "CAST(department AS VARCHAR)",
        "email_domain": (
            "CASE WHEN domain = 'own' THEN 'company-' || "
            f"lpad(CAST(company AS VARCHAR), {width}, '0') || '.example' ELSE CAST(domain AS VARCHAR) END"
        ),
    }
    columns |= {"lead_source": "CAST(source AS VARCHAR)", "region": "CAST(region AS VARCHAR)"}
    columns |= {name: f"CAST({name} AS VARCHAR)" for name in ("country", "plan_interest")}
    columns |= {"employees_band": "CAST(band AS VARCHAR)", "consent": "consent"}
    leaking = ("plan_type", "lifecycle_stage", "last_activity_type", "sales_note_type")
    columns |= {name: f"CAST({name} AS VARCHAR)" for name in leaking}
    return Table(frame, columns | {"days_in_crm": "days_in_crm"})


def _spelled_titles(rng: np.random.Generator, title: Small) -> tuple[list[str], Integers]:
    """Titles as people type them: a few in lower case, in capitals, or with a trailing space."""
    variants = [*TITLES, *(t.lower() for t in TITLES), *(t.upper() for t in TITLES), *(f"{t} " for t in TITLES)]
    names = list(dict.fromkeys(variants))
    place = {name: code for code, name in enumerate(names)}
    code = np.array([place[name] for name in variants])
    style = np.searchsorted(np.array([0.93, 0.97, 0.985]), rng.random(len(title)))
    return names, np.where(title >= 0, code[style * len(TITLES) + title], -1)


def _leaks(leads: Leads, fate: Fate, rng: np.random.Generator) -> dict[str, Any]:
    """Fields overwritten after the outcome: today's values, useless and dangerous as evidence of the past."""
    n = len(leads)
    won, dealt = fate.won_us >= 0, fate.opportunity_us >= 0
    noted = rng.random(n) < np.select([won, dealt], [0.92, 0.03], 0.003)
    note = np.where(noted, np.where(won, rng.integers(0, 2, n), rng.integers(2, 4, n)), -1)
    closing = np.where(rng.random(n) < 0.6, 0, 1)
    other = np.select([dealt, fate.worked_us >= 0], [2, 3], np.where(rng.random(n) < 0.8, 4, 5))
    ended = np.select([won, fate.lost_us >= 0], [fate.won_us, fate.lost_us], UNTIL_US)
    names = ("inquiry", "mql", "pql", "sql", "opportunity", "customer", "closed lost")
    reached = [fate.mql_us, fate.pql_us, fate.sql_us, fate.opportunity_us, fate.won_us, fate.lost_us]
    stage = np.max([np.where(times >= 0, code, 0) for code, times in enumerate(reached, start=1)], axis=0)
    return {
        "lifecycle_stage": text(stage, names),
        "last_activity_type": text(np.where(won & (rng.random(n) < 0.9), closing, other), ACTIVITIES),
        "sales_note_type": text(note, NOTE_TYPES),
        "days_in_crm": (ended - leads.created_us) // DAY_US,
    }


def events_table(events: Events, width: int) -> Table:
    """`events`: what the leads did, by lead and time."""
    frame = pd.DataFrame(
        {
            "lead": events.lead,
            "at_us": events.at_us,
            "event": text(events.event, EVENTS),
            "page": text(events.page, PAGES),
            "form": text(events.form, FORMS),
            "campaign": text(events.campaign, CAMPAIGNS),
            "quantity": events.quantity,
        }
    )
    columns = {"lead_id": lead_id(width), "at": "make_timestamp(nullif(at_us, -1))"}
    columns |= {name: f"CAST({name} AS VARCHAR)" for name in ("event", "page", "form", "campaign")}
    return Table(frame, columns | {"quantity": "CAST(nullif(quantity, 0) AS INTEGER)"})


def stages_table(leads: Leads, fate: Fate, width: int) -> Table:
    """`stages`: when each lead entered each stage, with the deal's value from the opportunity on."""
    times = (
        leads.created_us,
        fate.mql_us,
        fate.pql_us,
        fate.sql_us,
        fate.opportunity_us,
        fate.won_us,
        fate.lost_us,
    )
    stage, lead = np.nonzero(np.stack(times) >= 0)
    at = np.stack(times)[stage, lead]
    order = np.lexsort((stage, at, lead))
    stage, lead, at = stage[order], lead[order], at[order]
    frame = pd.DataFrame(
        {
            "lead": lead,
            "stage": text(stage, STAGES),
            "at_us": at,
            "bad": text(np.full(len(lead), -1), ("",)),
            "amount": np.where(stage >= STAGES.index("opportunity"), fate.amount[lead], -1),
        }
    )
    columns = {"lead_id": lead_id(width), "stage": "CAST(stage AS VARCHAR)", "at": moment("at_us", zone="")}
    return Table(frame, columns | {"amount": "nullif(amount, -1)"})


def worked_table(fate: Fate, width: int) -> Table:
    """`worked`: when a rep first worked a lead."""
    lead = np.flatnonzero(fate.worked_us >= 0)
    frame = pd.DataFrame({"lead": lead, "at_us": fate.worked_us[lead], "bad": text(np.full(len(lead), -1), ("",))})
    return Table(frame, {"lead_id": lead_id(width), "at": moment("at_us", zone="")})


def scores_table(leads: Leads, fate: Fate, width: int) -> Table:
    """`score_history`: the CRM's own score whenever it was found changed."""
    at = leads.created_us[:, None] + np.array(SCORED_DAYS) * DAY_US + 5 * MINUTE_US
    changed = np.diff(fate.scores, axis=1, prepend=-1) != 0
    lead, step = np.nonzero(changed & (at < UNTIL_US))
    frame = pd.DataFrame({"lead": lead, "at_us": at[lead, step], "score": fate.scores[lead, step]})
    frame["bad"] = text(np.full(len(lead), -1), ("",))
    return Table(frame, {"lead_id": lead_id(width), "changed_at": moment("at_us", zone=""), "new_score": "score"})


def feedback_table(leads: Leads, fate: Fate, width: int, seed: int) -> Table:
    """`feedback`: what sales said of most leads that it worked."""
    rng = stream(seed, "feedback")
    lead = np.flatnonzero((fate.worked_us >= 0) & (rng.random(len(leads)) < 0.8))
    n = len(lead)
    liked = rng.random(n) < 1 / (1 + np.exp(-(0.9 * fate.log_odds[lead] + 2.0)))
    liked |= fate.opportunity_us[lead] >= 0
    good = rng.integers(0, 2, n)
    bad = np.where(leads.seeker[lead] & (rng.random(n) < 0.8), 5, rng.integers(2, 5, n))
    at = fate.worked_us[lead] + (rng.uniform(0.1, 4.0, n) * DAY_US).astype(np.int64)
    frame = pd.DataFrame(
        {
            "lead": lead,
            "at_us": at,
            "bad": text(np.full(n, -1), ("",)),
            "verdict": text(np.where(liked, 0, 1), VERDICTS),
            "reason": text(np.where(liked, good, bad), REASONS),
        }
    )
    columns = {"lead_id": lead_id(width), "reviewed_at": moment("at_us", zone="")}
    columns |= {name: f"CAST({name} AS VARCHAR)" for name in ("verdict", "reason")}
    return Table(frame[at < UNTIL_US].reset_index(drop=True), columns)


def changes_table(
    accounts: Accounts, leads: Leads, fate: Fate, events: Events, width: int, seed: int
) -> tuple[Table, Small]:
    """`field_history`, and each lead's plan type today.

    `plan_type` goes from none to trial at sign-up, to free thirty days later, to paid when won;
    `employees_band` is corrected for one lead in eight within three weeks.
    """
    lead, at, value, old, plan_type = _plan_changes(leads, fate, events)
    rng = stream(seed, "corrections")
    band = band_of(accounts.employees[leads.account]).astype(np.int64)
    mended = np.flatnonzero(~accounts.solo[leads.account] & (rng.random(len(leads)) < 0.12))
    wrong = np.where(band[mended] == 0, 1, band[mended] - 1)
    when = leads.created_us[mended] + (rng.uniform(1, 21, len(mended)) * DAY_US).astype(np.int64)
    names = (*PLAN_TYPES, *BANDS)
    kinds = np.repeat([0, 1], [len(lead), len(mended)])
    lead, at = np.concatenate([lead, mended]), np.concatenate([at, when])
    value = np.concatenate([value, band[mended] + len(PLAN_TYPES)])
    old = np.concatenate([old, wrong + len(PLAN_TYPES)])
    order = np.lexsort((at, kinds, lead))
    frame = pd.DataFrame({"lead": lead, "at_us": at}).iloc[order].reset_index(drop=True)
    frame["field"] = text(kinds[order], ("plan_type", "employees_band"))
    frame["value"], frame["old"] = text(value[order], names), text(old[order], names)
    frame["bad"] = text(np.full(len(frame), -1), ("",))
    columns = {"lead_id": lead_id(width), "changed_at": moment("at_us", zone=""), "field": "CAST(field AS VARCHAR)"}
    columns |= {"value": "CAST(value AS VARCHAR)", "old_value": "CAST(old AS VARCHAR)"}
    return Table(frame[frame["at_us"] < UNTIL_US].reset_index(drop=True), columns), plan_type


def _plan_changes(leads: Leads, fate: Fate, events: Events) -> tuple[Integers, Integers, Integers, Integers, Small]:
    rows = (events.event == EVENTS.index("signup")) & (events.at_us < UNTIL_US)
    signup = np.full(len(leads), -1, dtype=np.int64)
    signup[events.lead[rows]] = events.at_us[rows]
    won = fate.won_us
    tried = (signup >= 0) & ((won < 0) | (signup < won))
    expiry = signup + 30 * DAY_US
    expired = tried & (expiry < UNTIL_US) & ((won < 0) | (expiry < won))
    before_paid = np.select([expired, tried], [2, 1], 0)
    steps: list[tuple[Flags, Integers, int, Any]] = [
        (tried, signup, 1, np.zeros_like(signup)),
        (expired, expiry, 2, np.ones_like(signup)),
        (won >= 0, won, 3, before_paid),
    ]
    found = [np.flatnonzero(flag) for flag, _, _, _ in steps]
    lead = np.concatenate(found)
    at = np.concatenate([times[rows_] for (_, times, _, _), rows_ in zip(steps, found, strict=True)])
    value = np.repeat([1, 2, 3], [len(rows_) for rows_ in found])
    old = np.concatenate([before[rows_] for (_, _, _, before), rows_ in zip(steps, found, strict=True)])
    plan_type = np.where(won >= 0, 3, before_paid).astype(np.int16)
    return lead, at, value, old, plan_type
