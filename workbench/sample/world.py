"""Accounts and leads of the made-up market, as the sign-up form and the CRM would know them at creation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from workbench.sample.catalogue import (
    BAND_STARTS,
    CAMPUSES,
    COUNTRY_CHOICES,
    DEPARTMENTS,
    FREE_DOMAINS,
    INDUSTRIES,
    RIVAL_DOMAINS,
    SENIORITIES,
    SOURCES,
    TITLE_CHOICES,
)

DAY_US: Final = 86_400_000_000
MINUTE_US: Final = 60_000_000
START: Final = datetime(2025, 1, 1, tzinfo=UTC)
END: Final = datetime(2026, 7, 1, tzinfo=UTC)
LATAM_FROM: Final = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL: Final = datetime(2026, 10, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """UTC epoch microseconds of a moment given to the second."""
    return int(moment.timestamp()) * 1_000_000


START_US: Final = microseconds(START)
UNTIL_US: Final = microseconds(UNTIL)
SPAN_DAYS: Final = (END - START).days
_LATAM_DAY: Final = (LATAM_FROM - START).days
# A new edition draws another history from the same seed. In this one each part of the shipped sample looks like the
# whole market; in others its few hundred leads rank by luck.
_EDITION: Final = 1
_GROWTH: Final = 0.9
_PEAK_HOUR: Final = np.array([17.5, 11.5, 5.0, 16.0])

Integers = NDArray[np.int64]
Small = NDArray[np.int16]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def stream(seed: int, name: str) -> np.random.Generator:
    """The random numbers of one part: a change in one part leaves the others' draws alone."""
    return np.random.default_rng([seed, _EDITION, *name.encode()])


def drawn(rng: np.random.Generator, n: int, weights: list[float]) -> Small:
    """`n` codes 0..k-1 with chances in proportion to `weights`."""
    edges = np.cumsum(weights) / np.sum(weights)
    return np.searchsorted(edges[:-1], rng.random(n), side="right").astype(np.int16)


@dataclass(frozen=True)
class Accounts:
    """Companies, in order of their first lead; arrays of one length.

    Attributes:
        employees: head count, at least 1.
        industry, region, country: codes into the catalogue.
        founded: year.
        rival: whether it is a competitor.
        solo: whether the CRM knows no company (the lead stands alone).
        first_day: days from `START` to the first lead.
        size: number of leads, 1 to 8.
    """

    employees: Integers
    industry: Small
    region: Small
    country: Small
    founded: Small
    rival: Flags
    solo: Flags
    first_day: Floats
    size: Integers


@dataclass(frozen=True)
class Leads:
    """Leads in order of creation; arrays of one length, codes into the catalogue, -1 where a value is missing.

    Attributes:
        account: index into `Accounts`, of the unknown companies too.
        created_us: UTC epoch microseconds, to the second.
        seniority, department: what is true, whatever the form says.
        domain: kind and number of the e-mail domain: 0 the company's own, 1.. a free one, then rivals, then campuses.
        intent, interest: standard normal; how much the lead wants to buy, and to read.
        seeker: whether the lead is looking for a job.
    """

    account: Integers
    created_us: Integers
    seniority: Small
    department: Small
    title: Small
    domain: Small
    source: Small
    region: Small
    country: Small
    plan: Small
    consent: Flags
    intent: Floats
    interest: Floats
    seeker: Flags

    def __len__(self) -> int:
        return len(self.account)


FIRST_RIVAL: Final = 1 + len(FREE_DOMAINS)
FIRST_CAMPUS: Final = FIRST_RIVAL + len(RIVAL_DOMAINS)


def make_world(leads: int, seed: int) -> tuple[Accounts, Leads]:
    """Accounts and their leads, as many as asked for."""
    accounts = _accounts(leads, seed)
    return accounts, _leads(accounts, seed)


def _accounts(leads: int, seed: int) -> Accounts:
    rng = stream(seed, "accounts")
    employees = np.clip(np.exp(rng.normal(4.2, 1.75, leads)), 1, 250_000).astype(np.int64)
    committee = np.clip(0.04 + 0.045 * np.log(employees), 0.04, 0.45)
    size = 1 + rng.binomial(7, committee)
    total = np.cumsum(size)
    n = int(np.searchsorted(total, leads)) + 1
    employees, size = employees[:n], size[:n].astype(np.int64)
    size[-1] -= int(total[n - 1]) - leads
    chance = rng.random(n)
    first = SPAN_DAYS * (np.sqrt(1 + _GROWTH * (2 + _GROWTH) * chance) - 1) / _GROWTH
    order = np.argsort(first, kind="stable")
    employees, size, first = employees[order], size[order], first[order]
    region = drawn(rng, n, [0.48, 0.36, 0.16])
    region[(first >= _LATAM_DAY) & (rng.random(n) < 0.2)] = 3
    return Accounts(
        employees=employees,
        industry=drawn(rng, n, [0.24, 0.12, 0.12, 0.09, 0.11, 0.07, 0.06, 0.09, 0.06, 0.04]),
        region=region,
        country=_country(rng, region),
        founded=np.clip(2024 - rng.gamma(2.0, 11.0, n), 1880, 2024).astype(np.int16),
        rival=rng.random(n) < 0.012,
        solo=(size == 1) & (employees < 60) & (rng.random(n) < 0.45),
        first_day=first,
        size=size,
    )


def _country(rng: np.random.Generator, region: Small) -> Small:
    choices = np.array(COUNTRY_CHOICES, dtype=np.int16)
    return choices[region, rng.integers(0, choices.shape[1], len(region))]


def _leads(accounts: Accounts, seed: int) -> Leads:
    rng = stream(seed, "leads")
    account = np.repeat(np.arange(len(accounts.size)), accounts.size)
    created = _created(rng, accounts, account)
    order = np.argsort(created, kind="stable")
    account, created = account[order], created[order]
    n = len(account)
    department, seniority = _role(rng, accounts.employees[account])
    region = accounts.region[account]
    moved = (rng.random(n) < 0.03) & (region != 3)
    region = np.where(moved, rng.integers(0, 3, n), region).astype(np.int16)
    intent = rng.normal(0.25 * (seniority >= 3) - 0.1, 1.0)
    return Leads(
        account=account,
        created_us=created,
        seniority=seniority,
        department=department,
        title=_title(rng, department, seniority),
        domain=_domain(rng, accounts, account, department),
        source=_source(rng, department),
        region=region,
        country=np.where(moved, _country(rng, region), accounts.country[account]).astype(np.int16),
        plan=_plan(rng, accounts.employees[account]),
        consent=rng.random(n) < 0.82,
        intent=intent,
        interest=0.3 * intent + rng.normal(0.0, 0.95, n),
        seeker=rng.random(n) < np.where((seniority < 2), 0.09, 0.02),
    )


def _created(rng: np.random.Generator, accounts: Accounts, account: Integers) -> Integers:
    """Creation times: colleagues follow the first within three weeks, one in twelve much later."""
    n = len(account)
    first = accounts.first_day[account]
    opens = np.r_[True, account[1:] != account[:-1]]
    late = rng.random(n) < 0.08
    wait = np.where(late, rng.uniform(21, 200, n), np.minimum(rng.exponential(6.0, n), 21.0))
    wait = np.where(opens, 0.0, wait % np.maximum(SPAN_DAYS - first, 1e-3))
    day = np.minimum(np.floor(first + wait), SPAN_DAYS - 1).astype(np.int64)
    weekday = (day + START.weekday()) % 7
    day -= np.where((weekday >= 5) & (rng.random(n) < 0.8), 2, 0)
    return cast("Integers", START_US + day * DAY_US + office_second(rng, accounts.region[account]) * 1_000_000)


def office_second(rng: np.random.Generator, region: Small) -> Integers:
    """Second of the UTC day, mostly in the office hours of the region."""
    hour = rng.normal(_PEAK_HOUR[region], 2.8) % 24
    return np.minimum(hour * 3600, 86_399).astype(np.int64)


def _role(rng: np.random.Generator, employees: Integers) -> tuple[Small, Small]:
    n = len(employees)
    department = drawn(rng, n, [0.22, 0.15, 0.15, 0.13, 0.16, 0.09, 0.06, 0.04])
    large = drawn(rng, n, [0.40, 0.18, 0.21, 0.13, 0.06, 0.02])
    small = drawn(rng, n, [0.30, 0.14, 0.20, 0.10, 0.06, 0.20])
    seniority = np.where(employees < 30, small, large).astype(np.int16)
    seniority[department == DEPARTMENTS.index("Student")] = 0
    return department, seniority


def _title(rng: np.random.Generator, department: Small, seniority: Small) -> Small:
    choices = [cell for row in TITLE_CHOICES for cell in row]
    counts = np.array([len(cell) for cell in choices])
    padded = np.array([(*cell, *[0] * (int(counts.max()) - len(cell))) for cell in choices], dtype=np.int16)
    cell = department.astype(np.int64) * len(SENIORITIES) + seniority
    pick = (rng.random(len(cell)) * counts[cell]).astype(np.int64)
    title: Small = padded[cell, pick]
    title[rng.random(len(cell)) < 0.05] = -1
    return title


def _domain(rng: np.random.Generator, accounts: Accounts, account: Integers, department: Small) -> Small:
    n = len(account)
    employees = accounts.employees[account]
    free_chance = np.where(accounts.solo[account], 0.9, np.where(employees < 50, 0.22, 0.08))
    domain = np.where(rng.random(n) < free_chance, 1 + drawn(rng, n, [0.52, 0.15, 0.11, 0.1, 0.06, 0.04, 0.02]), 0)
    rival = accounts.rival[account]
    domain = np.where(rival, FIRST_RIVAL + rng.integers(0, len(RIVAL_DOMAINS), n), domain)
    campus = (department == DEPARTMENTS.index("Student")) & (rng.random(n) < 0.6) & ~rival
    domain = np.where(campus, FIRST_CAMPUS + rng.integers(0, CAMPUSES, n), domain)
    return domain.astype(np.int16)


def _source(rng: np.random.Generator, department: Small) -> Small:
    n = len(department)
    source = drawn(rng, n, [0.25, 0.2, 0.17, 0.13, 0.06, 0.06, 0.05, 0.08])
    bookish = (department == DEPARTMENTS.index("Student")) & (rng.random(n) < 0.5)
    source[bookish] = SOURCES.index("content")
    return source


def _plan(rng: np.random.Generator, employees: Integers) -> Small:
    n = len(employees)
    small, large = drawn(rng, n, [0.75, 0.2, 0.05]), drawn(rng, n, [0.2, 0.45, 0.35])
    plan = np.where(employees < 200, small, large).astype(np.int16)
    plan[rng.random(n) < 0.12] = 3
    plan[rng.random(n) < 0.06] = -1
    return plan


def band_of(employees: NDArray[Any]) -> Small:
    """Code of the size band of a head count."""
    return (np.searchsorted(np.array(BAND_STARTS), employees, side="right") - 1).astype(np.int16)


def industry_is(accounts: Accounts, leads: Leads, name: str) -> Flags:
    """Leads whose known company is in the industry."""
    known = ~accounts.solo[leads.account]
    return cast("Flags", known & (accounts.industry[leads.account] == INDUSTRIES.index(name)))
