"""A small past with a champion and challengers, observed lead by lead, month by month and account by account."""

from __future__ import annotations

import pytest
from crm import SCORECARD, crm, load

import workbench as wb

ROLLED = "account: {roll_up: sum, tiers: [{name: Cool, from: 0}, {name: Keen, from: 30}]}\n"
EDITS = {"tiers.Warm.from": 6, "tiers.Hot.from": 14, "rules.trial.points": 0, "rules.title.default": 3}
OTHERS = {"rules.pricing.points": 9, "rules.silent.points": -12, "rules.opens.points": 4}
PLANS = {
    "leads": "{at: 14d, outcome: won, horizon: 40d, cluster: account, segments: [region, industry], "
    "split: {by: lead, test: 20%, validation: 40%}, value: {contact_cost: 10, win: amount}, "
    "capacity: {per: week, leads: 3}}",
    "monthly": "{at: {every: month}, outcome: won, horizon: 40d, cluster: account, segments: [region], "
    "capacity: {per: month, leads: 40}}",
    "accounts": "{unit: account, at: 14d, outcome: won, horizon: 40d, segments: [industry]}",
}


@pytest.fixture(scope="package")
def past():
    with load(crm(seed=4, leads=900)) as history:
        yield history


@pytest.fixture(scope="package")
def champion():
    return wb.parse_model(SCORECARD + ROLLED)


@pytest.fixture(scope="package")
def challenger(champion):
    return wb.change_model(champion, EDITS)


@pytest.fixture(scope="package")
def third(champion):
    return wb.change_model(champion, OTHERS)


@pytest.fixture(scope="package")
def plans():
    return {name: wb.parse_plan(text) for name, text in PLANS.items()}


@pytest.fixture(scope="package")
def seen(past, champion, challenger, third, plans):
    return {name: wb.observe(past, [champion, challenger, third], plan) for name, plan in plans.items()}
