"""Young months, late wins, broken rates, and the time trap, on pasts where the truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from crm import DAY, crm
from crm import load as load_crm

import workbench as wb
from workbench.checking import check
from workbench.checking.times import late_wins, rate_breaks, young

from .flat import checked, leads, load, material

PLAN = wb.parse_plan("{at: 14d, outcome: won, horizon: 30d}")


@pytest.fixture(scope="module")
def past():
    with load_crm(crm(seed=4, leads=1_000)) as history:
        yield material(history, PLAN)


def test_leads_too_young_are_counted_as_observe_counts_them(past):
    (found,) = young(past)
    left_out = dict(past.seen.left_out.itertuples(index=False))
    too_young = sum(n for reason, n in left_out.items() if "immature" in reason)
    converted = sum(n for reason, n in left_out.items() if "already converted" in reason)
    assert 0 <= found.evidence["too_young"] - too_young <= converted
    assert found.evidence["n"] == 1_000
    assert [each["month"] for each in found.evidence["months"]] == ["2025-11", "2025-12"]
    assert "2025-12 whole and 2025-11 in part" in found.finding


def test_wins_after_the_horizon_are_counted_by_hand(past):
    (found,) = late_wins(past)
    frames = crm(seed=4, leads=1_000)
    first = frames["stages"].query("stage == 'won'").groupby("lead_id")["at"].min()
    created = frames["leads"].set_index("lead_id")["created_at"]
    days = (first - created.loc[first.index]) / DAY - 14
    old = created.loc[first.index] + 74 * DAY <= pd.Timestamp("2026-01-01", tz="UTC")
    mine = days[old & (days >= 0) & (days < 60)]
    assert (found.evidence["n"], found.evidence["late"]) == (len(mine), int((mine >= 30).sum()))
    assert found.evidence["share_low"] < found.evidence["share"] < found.evidence["share_high"]
    assert found.severity == "warning"


@pytest.mark.slow
def test_a_horizon_that_holds_all_outcomes_is_not_found_fault_with():
    with load_crm(crm(seed=4, leads=400)) as history:
        assert not list(late_wins(material(history, wb.parse_plan("{at: 1d, outcome: won, horizon: 85d}"))))


def broken(at: int, rates: tuple[float, float], n: int = 3_000) -> pd.DataFrame:
    frame = leads(n)
    chance = np.where(np.arange(n) < at, *rates)
    return frame.assign(won=(np.random.default_rng(8).random(n) < chance).astype(int))


def test_a_break_of_the_rate_is_found_where_it_is():
    with load(broken(1_500, (0.1, 0.25)), more={"order": "file"}) as history:
        (found,) = rate_breaks(material(history))
    assert found.about == "row 1,501"
    assert found.evidence["before"]["rate"] == pytest.approx(0.1, abs=0.02)
    assert found.evidence["after"]["low"] < 0.25 < found.evidence["after"]["high"]
    assert found.severity == "warning"


@pytest.mark.parametrize("rates", [pytest.param((0.15, 0.15), marks=pytest.mark.slow), (0.2, 0.22)])
def test_a_steady_rate_and_a_small_change_are_none(rates):
    with load(broken(1_500, rates), more={"order": "file"}) as history:
        assert not list(rate_breaks(material(history)))


@pytest.mark.slow
def test_leads_of_one_account_do_not_make_a_break():
    """Forty accounts of 25 leads that all convert or none: what looks like a break is which accounts came when."""
    breaks = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        account = np.repeat(np.arange(40), 25)
        frame = leads(1_000, seed=seed).assign(account=[f"a{each}" for each in account])
        frame["won"] = (rng.random(40) < 0.4).astype(int)[account]
        with load(frame, more={"order": "file", "account": "account"}) as history:
            breaks += len(list(rate_breaks(material(history))))
    assert breaks <= 1


def trapped(n: int = 2_400, *, follows: bool) -> pd.DataFrame:
    """Prices of the day; that they go with the outcome is true of the first 60 % of the days only, unless `follows`."""
    rng = np.random.default_rng(5)
    frame = leads(n, seed=5)
    day = np.arange(n) // 60
    good = rng.random(day.max() + 1) < 0.5
    price = np.where(good, 1.0, 0.0) + np.arange(len(good)) / 1_000
    turned = (day >= 0.6 * day.max()) & (not follows)
    chance = np.where(np.where(turned, ~good[day], good[day]), 0.4, 0.08)
    return frame.assign(price=price[day], won=(rng.random(n) < chance).astype(int))


def test_a_collapse_in_the_order_of_time_is_the_headline():
    found = checked(trapped(follows=False), more={"order": "file"})
    assert found.findings[0].code == "time-collapse"
    assert found.headline == found.findings[0].finding
    evidence = found.findings[0].evidence
    assert evidence["time_auc"] < evidence["later_auc"] - 0.1
    assert evidence["high"] < 0
    assert found.trap is not None


@pytest.mark.slow
def test_what_carries_over_is_no_collapse():
    found = checked(trapped(follows=True), more={"order": "file"})
    assert not found.found("time-collapse")
    assert found.trap is not None
    assert found.headline.startswith("leads") or ":" in found.headline


def test_without_an_order_there_is_no_trap_and_no_break():
    found = checked(trapped(follows=False))
    assert found.trap is None
    assert not found.found("time-collapse")
    assert not found.found("base-rate-break")


def test_outcomes_of_accounts_are_not_looked_at():
    plan = wb.parse_plan("{at: {every: month}, outcome: won, horizon: 30d, unit: account}")
    with load_crm(crm(seed=4, leads=200)) as history:
        found = check(history, plan)
    assert "about accounts" in found.found("undecided")[0].finding
    assert found.judged is None
