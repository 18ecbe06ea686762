"""What is true of the made-up market, and what was planted in its data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

OBSERVED_DAYS: Final = 14
PRICING_HALF_LIFE_DAYS: Final = 10
INTERCEPT: Final = -4.05

# Log-odds of ever winning, for one unit of each feature of `workbench.sample.outcome.features`.
EFFECTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "seniority_manager": 0.35,
        "seniority_director": 0.8,
        "seniority_vp": 1.1,
        "seniority_chief": 0.9,
        "department_it": 0.3,
        "department_operations": 0.35,
        "department_human_resources": -0.3,
        "department_student": -1.2,
        "employees_51_200": 0.35,
        "employees_201_1000": 0.8,
        "employees_1001": 0.5,
        "industry_software": 0.35,
        "industry_financial_services": 0.25,
        "industry_education": -0.5,
        "industry_public_sector": -0.6,
        "free_email": -0.7,
        "competitor": -3.0,
        "source_referral": 0.7,
        "source_partner": 0.4,
        "source_content": -0.3,
        "source_outbound_list": -0.6,
        "source_webinar_start": 0.9,
        "source_webinar_end": -0.5,
        "region_emea": -0.1,
        "region_apac": -0.15,
        "region_latam": -0.3,
        "pricing_heat": 0.45,
        "docs_views": 0.08,
        "careers_viewed": -1.0,
        "demo_requested": 0.9,
        "email_clicks": 0.15,
        "unsubscribed": -0.9,
        "activated": 0.8,
        "invites": 0.25,
        "integration_connected": 0.5,
        "webinar_attended": 0.15,
        "fit_x_activated": 0.6,
        "latam_x_activated": -1.1,
        "latam_x_webinar_attended": 0.9,
        "email_opens": 0.0,
        "blog_views": 0.0,
        "worked": 0.6,
    }
)


@dataclass(frozen=True)
class Truth:
    """The known answers behind one made-up history.

    The log-odds that a lead is ever won are `intercept + sum(effects[name] * feature)`, with the features as
    `workbench.sample.outcome.features` defines them: the lead's fields, and its events before `observed_days`.

    Attributes:
        leads: number of distinct leads, the planted faulty rows not counted.
        seed: what the history was drawn from.
        start, end: first and last possible day of creation, ISO dates, `end` exclusive.
        until: end of the data, an ISO date, exclusive.
        observed_days: age in days up to which a lead's events move its chance.
        pricing_half_life_days: half-life, in days, of a pricing-page visit's weight in `pricing_heat`.
        intercept: log-odds of a lead with every feature at zero.
        effects: change in log-odds for one unit of a feature.
        planted: how many faulty rows or leaking values of each kind were planted.
        rows: rows of each file, planted ones included.
        won: number of leads with a `won` stage before `until`.
    """

    leads: int
    seed: int
    start: str
    end: str
    until: str
    observed_days: int
    pricing_half_life_days: int
    intercept: float
    effects: Mapping[str, float]
    planted: Mapping[str, int]
    rows: Mapping[str, int]
    won: int

    def text(self) -> str:
        """The truth as indented JSON, ending in a newline."""
        plain: dict[str, Any] = {
            name: dict(value) if isinstance(value, Mapping) else value for name, value in vars(self).items()
        }
        return json.dumps(plain, indent=2) + "\n"
