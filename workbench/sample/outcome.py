"""How leads of the made-up market fare: the old score, who is worked, who wins, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from workbench.sample.behaviour import Events
from workbench.sample.catalogue import DEPARTMENTS, EVENT, FORMS, PAGE, SENIORITIES, SOURCES, TITLES
from workbench.sample.truth import EFFECTS, INTERCEPT, OBSERVED_DAYS, PRICING_HALF_LIFE_DAYS
from workbench.sample.world import (
    DAY_US,
    FIRST_CAMPUS,
    FIRST_RIVAL,
    MINUTE_US,
    SPAN_DAYS,
    START_US,
    UNTIL_US,
    Accounts,
    Flags,
    Floats,
    Integers,
    Leads,
    industry_is,
    office_second,
    stream,
)

SCORED_DAYS: Final = (0, 3, 10, 30)
OLD_MQL: Final = 30
_WORKED_FROM: Final = 30
_RANDOM_SHARE: Final = 0.08
_OLD_TITLE_POINTS: Final = (("chief", 15), ("vp", 15), ("director", 12), ("head", 10), ("manager", 6))


@dataclass(frozen=True)
class Fate:
    """What became of each lead; arrays over leads, times in UTC epoch microseconds, -1 where it never happened.

    Attributes:
        log_odds: true log-odds of ever winning.
        scores: the old model's score at each of `SCORED_DAYS`, shape (leads, days).
        worked_us: first time a rep worked the lead.
        mql_us, pql_us, sql_us, opportunity_us, won_us, lost_us: when a stage was entered.
        amount: deal value of leads with an opportunity, else 0.
        closed_us: when the deal closed or would close, known or not by the end of the data.
    """

    log_odds: Floats
    scores: Integers
    worked_us: Integers
    mql_us: Integers
    pql_us: Integers
    sql_us: Integers
    opportunity_us: Integers
    won_us: Integers
    lost_us: Integers
    amount: Integers
    closed_us: Integers


def counted(leads: Leads, events: Events, name: str, *, days: int, page: str | None = None) -> Integers:
    """Events of a name (on a page) in each lead's first `days` days."""
    rows = (events.event == EVENT[name]) & (events.at_us < leads.created_us[events.lead] + days * DAY_US)
    if page is not None:
        rows &= events.page == PAGE[page]
    return np.bincount(events.lead[rows], minlength=len(leads))


def pricing_heat(leads: Leads, events: Events) -> Floats:
    """Visits to the pricing page before the observed age, each weighing 2^(-age in days / half-life); at most 4."""
    as_of = leads.created_us[events.lead] + OBSERVED_DAYS * DAY_US
    rows = (events.page == PAGE["/pricing"]) & (events.at_us < as_of)
    age = (as_of[rows] - events.at_us[rows]) // DAY_US
    weight = np.exp2(-age / PRICING_HALF_LIFE_DAYS)
    return np.minimum(np.bincount(events.lead[rows], weights=weight, minlength=len(leads)), 4.0)


def features(accounts: Accounts, leads: Leads, events: Events, worked: Flags) -> dict[str, NDArray[Any]]:
    """What moves a lead's chance, by the names in `EFFECTS`; events count in the first `OBSERVED_DAYS` days.

    Flags are 0 or 1. `pricing_heat` decays and is capped at 4, `docs_views` and `invites` are counts capped at 5,
    `email_clicks`, `email_opens` and `blog_views` counts capped at 3, 10 and 10. `source_webinar_start` and `_end`
    share out a webinar lead by the place of its creation between the first and last day. `fit_x_activated` is an
    activation by a director or above, or at a known company of 201 people or more.
    """
    found = {**_fields(accounts, leads), **_deeds(leads, events)}
    activated, latam = found["activated"], found["region_latam"]
    buyer = leads.seniority >= SENIORITIES.index("director")
    sizable = found["employees_201_1000"] | found["employees_1001"]
    found["fit_x_activated"] = activated & (buyer | sizable)
    found["latam_x_activated"] = latam & activated
    found["latam_x_webinar_attended"] = latam & found["webinar_attended"]
    found["worked"] = worked
    return found


def _fields(accounts: Accounts, leads: Leads) -> dict[str, NDArray[Any]]:
    employees = np.where(accounts.solo[leads.account], 0, accounts.employees[leads.account])
    progress = (leads.created_us - START_US) / (SPAN_DAYS * DAY_US)
    webinar = leads.source == SOURCES.index("webinar")
    found: dict[str, NDArray[Any]] = {
        f"seniority_{name}": leads.seniority == SENIORITIES.index(name) for name in SENIORITIES[2:]
    }
    for name in ("IT", "Operations", "Human Resources", "Student"):
        found[f"department_{_snake(name)}"] = leads.department == DEPARTMENTS.index(name)
    found["employees_51_200"] = (employees >= 51) & (employees <= 200)
    found["employees_201_1000"] = (employees >= 201) & (employees <= 1000)
    found["employees_1001"] = employees >= 1001
    for name in ("Software", "Financial Services", "Education", "Public Sector"):
        found[f"industry_{_snake(name)}"] = industry_is(accounts, leads, name)
    found["free_email"] = (leads.domain >= 1) & (leads.domain < FIRST_RIVAL)
    found["competitor"] = (leads.domain >= FIRST_RIVAL) & (leads.domain < FIRST_CAMPUS)
    for name in ("referral", "partner", "content", "outbound_list"):
        found[f"source_{name}"] = leads.source == SOURCES.index(name)
    found["source_webinar_start"] = webinar * (1.0 - progress)
    found["source_webinar_end"] = webinar * progress
    return found | {f"region_{name}": leads.region == code for code, name in ((1, "emea"), (2, "apac"), (3, "latam"))}


def _snake(name: str) -> str:
    return name.lower().replace(" ", "_")


def _deeds(leads: Leads, events: Events) -> dict[str, NDArray[Any]]:
    early = events.take(events.at_us < leads.created_us[events.lead] + OBSERVED_DAYS * DAY_US)

    def count(name: str, page: str | None = None) -> Integers:
        return counted(leads, early, name, days=OBSERVED_DAYS, page=page)

    demo = early.form == FORMS.index("demo_request")
    return {
        "pricing_heat": pricing_heat(leads, early),
        "docs_views": np.minimum(count("page_view", "/docs"), 5),
        "careers_viewed": count("page_view", "/careers") > 0,
        "demo_requested": np.bincount(early.lead[demo], minlength=len(leads)) > 0,
        "email_clicks": np.minimum(count("email_click"), 3),
        "unsubscribed": count("unsubscribe") > 0,
        "activated": count("activation") > 0,
        "invites": np.minimum(count("invite_sent"), 5),
        "integration_connected": count("integration_connected") > 0,
        "webinar_attended": count("webinar_attended") > 0,
        "email_opens": np.minimum(count("email_open"), 10),
        "blog_views": np.minimum(count("page_view", "/blog"), 10),
    }


def log_odds(found: dict[str, NDArray[Any]]) -> Floats:
    """True log-odds of ever winning: the intercept and every feature times its effect."""
    total = np.full(len(found["worked"]), INTERCEPT)
    for name, effect in EFFECTS.items():
        total += effect * found[name]
    return total


def old_scores(accounts: Accounts, leads: Leads, events: Events) -> Integers:
    """The crude score that the CRM kept, 0 to 100, at each of `SCORED_DAYS`; shape (leads, days)."""
    title_points = np.array([_old_title_points(title) for title in (*TITLES, "")])
    employees = np.where(accounts.solo[leads.account], 0, accounts.employees[leads.account])
    base = title_points[leads.title] + np.select([employees >= 1000, employees >= 200], [15, 10], 0)
    base = base + 8 * np.isin(leads.source, [SOURCES.index("webinar"), SOURCES.index("event")])
    base = base - 5 * ((leads.domain >= 1) & (leads.domain < FIRST_RIVAL))
    columns = []
    for days in SCORED_DAYS:
        early = events.take(events.at_us < leads.created_us[events.lead] + days * DAY_US + 5 * MINUTE_US)

        def count(name: str, page: str | None = None, early: Events = early) -> Integers:
            return counted(leads, early, name, days=SPAN_DAYS, page=page)

        warm = np.minimum(4 * count("email_open"), 24) + np.minimum(3 * count("page_view", "/blog"), 12)
        warm = warm + np.minimum(count("page_view"), 10) + 5 * (count("webinar_attended") > 0)
        demos = np.bincount(early.lead[early.form == FORMS.index("demo_request")], minlength=len(leads))
        warm = warm + 10 * (demos > 0)
        columns.append(np.clip(base + warm, 0, 100))
    return np.stack(columns, axis=1).astype(np.int64)


def _old_title_points(title: str) -> int:
    return next((points for word, points in _OLD_TITLE_POINTS if word in title.lower()), 0)


def make_fate(accounts: Accounts, leads: Leads, events: Events, seed: int) -> Fate:
    """Score as the CRM did, let reps choose by that score, then draw the outcome from the true log-odds."""
    rng = stream(seed, "outcome")
    n = len(leads)
    scores = old_scores(accounts, leads, events)
    chosen = scores[:, SCORED_DAYS.index(3)] >= _WORKED_FROM
    worked = (chosen & (rng.random(n) < 0.9)) | (rng.random(n) < _RANDOM_SHARE)
    odds = log_odds(features(accounts, leads, events, worked))
    wins = rng.random(n) < 1 / (1 + np.exp(-odds))
    days = np.exp(rng.normal(np.log(52.0) - 0.06 * np.clip(odds + 3, -2, 4), 0.52))
    days = np.where(wins, np.clip(days, 5.0, 300.0), np.clip(days * 1.15, 12.0, 300.0))
    return _dated(accounts, leads, events, rng, _Draws(scores, worked, odds, wins, days))


@dataclass(frozen=True)
class _Draws:
    scores: Integers
    worked: Flags
    log_odds: Floats
    wins: Flags
    days: Floats


def _dated(accounts: Accounts, leads: Leads, events: Events, rng: np.random.Generator, drawn: _Draws) -> Fate:
    """Give every stage its time, in order, and forget what had not happened by the end of the data."""
    n = len(leads)
    created = leads.created_us
    closed = _at_office(rng, leads, drawn.days)
    span = closed - created
    tried = drawn.worked | (rng.random(n) < 0.15)
    dealt = drawn.wins | (tried & (rng.random(n) < 1 / (1 + np.exp(-(drawn.log_odds + 1.0)))))
    opportunity = _placed(created, span, rng.uniform(0.35, 0.6, n), dealt)
    sales = dealt | (drawn.worked & (rng.random(n) < 1 / (1 + np.exp(-(drawn.log_odds + 1.8)))))
    qualified = _placed(created, np.minimum(span, 40 * DAY_US), rng.uniform(0.2, 0.33, n), sales)
    reached = drawn.scores >= OLD_MQL
    step = np.argmax(reached, axis=1)
    marketing = created + np.array(SCORED_DAYS)[step] * DAY_US + 5 * MINUTE_US
    marketing = np.where(reached.any(axis=1) & ((qualified < 0) | (marketing < qualified)), marketing, -1)
    worked = _placed(created, np.minimum(span, 30 * DAY_US), rng.uniform(0.11, 0.19, n), drawn.worked)
    product = _first(leads, events, "activation") + 30 * MINUTE_US
    product = np.where((product > 0) & (~drawn.wins | (product < closed)) & (product < _NEVER), product, -1)
    stages = {"worked_us": worked, "mql_us": marketing, "pql_us": product, "sql_us": qualified}
    stages |= {"opportunity_us": opportunity, "won_us": np.where(drawn.wins, closed, -1)}
    stages["lost_us"] = np.where(dealt & ~drawn.wins, closed, -1)
    amount = np.round(90 * accounts.employees[leads.account] ** 0.32 * np.exp(rng.normal(2.1, 0.5, n)) / 10) * 10
    return Fate(
        log_odds=drawn.log_odds,
        scores=drawn.scores,
        amount=np.where(dealt, np.maximum(amount, 240), 0).astype(np.int64),
        closed_us=np.where(dealt, closed, -1),
        **{name: np.where(times < UNTIL_US, times, -1) for name, times in stages.items()},
    )


_NEVER: Final = 2**62


def _at_office(rng: np.random.Generator, leads: Leads, days: Floats) -> Integers:
    day = leads.created_us // DAY_US + np.floor(days).astype(np.int64)
    return cast("Integers", day * DAY_US + office_second(rng, leads.region) * 1_000_000)


def _placed(created: Integers, span: Integers, share: Floats, flag: Flags) -> Integers:
    """A time at a share of the span after creation, to the second, where the flag holds."""
    at = created + (span * share).astype(np.int64) // 1_000_000 * 1_000_000
    return cast("Integers", np.where(flag, at, -1))


def _first(leads: Leads, events: Events, name: str) -> Integers:
    """Time of each lead's first event of a name; a time beyond all others where there is none."""
    rows = events.event == EVENT[name]
    first = np.full(len(leads), _NEVER, dtype=np.int64)
    np.minimum.at(first, events.lead[rows], events.at_us[rows])
    return first
