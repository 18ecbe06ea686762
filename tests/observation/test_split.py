"""Train, validation and the sealed test: apart in time or by account, never on two sides, in the planned shares."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from crm import DAY, SPLIT, crm, load, shuffled
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import workbench as wb
from workbench.errors import PlanError
from workbench.observation.split import ToPart, part_observations
from workbench.plan import parse_plan

PLAN = "{{at: 14d, outcome: won, horizon: {horizon}d, split: {split}}}"
DAY_US = 86_400_000_000


def parted(days, split="{by: time}", horizon=30, cluster=None, keys=(), given=(), dated=True):
    n = len(days)
    subjects = ToPart(
        moment=None if days[0] is None else np.array([int(day * DAY_US) for day in days], dtype=np.int64),
        dated=dated,
        cluster=np.arange(n) if cluster is None else np.array(cluster),
        key=keys,
        given=given or [None] * n,
    )
    return part_observations(subjects, parse_plan(PLAN.format(horizon=horizon, split=split)))


@settings(max_examples=60, deadline=None)
@given(
    days=st.lists(st.floats(0, 600), min_size=30, max_size=120),
    accounts=st.integers(2, 60),
    horizon=st.integers(1, 60),
    seed=st.integers(0, 99),
)
def test_a_split_by_time_keeps_its_promises(days, accounts, horizon, seed):
    cluster = np.random.default_rng(seed).integers(0, accounts, len(days))
    try:
        found = parted(days, horizon=horizon, cluster=cluster)
    except PlanError:  # too short: its message has a test of its own
        assume(False)
    moment, part = np.array([int(day * DAY_US) for day in days]), found.part
    for early, late in ((0, 1), (1, 2)):
        assert moment[part == early].max() + horizon * DAY_US <= moment[part == late].min()
    for account in range(accounts):
        assert len(set(part[(cluster == account) & (part >= 0)])) <= 1
    assert sum(found.left_out.values()) == (part == -1).sum()


def test_shares_are_those_of_what_is_kept():
    days = np.linspace(0, 500, 4000)
    found = parted(days, "{by: time, test: 25%, validation: 15%}", horizon=20)
    kept = found.part[found.part >= 0]
    assert [round(float((kept == number).mean()), 2) for number in range(3)] == [0.60, 0.15, 0.25]
    assert found.left_out == {"in the gap between two parts": int((found.part == -1).sum())}


def test_an_account_on_both_sides_stays_on_the_earlier_one():
    days = [*range(0, 400, 4)]
    cluster = [*range(99), 0]
    assert parted(days, horizon=10).part[99] == 2
    found = parted(days, horizon=10, cluster=cluster)
    assert (found.part[0], found.part[99]) == (0, -1)
    assert found.left_out["its account is in an earlier part"] == 1


def test_a_longer_gap_than_the_horizon_is_kept():
    days = np.arange(400.0)
    found = parted(days, "{by: time, gap: 50d}", horizon=10)
    assert days[found.part == 1].min() - days[found.part == 0].max() == 50
    assert days[found.part == 2].min() - days[found.part == 1].max() == 50


def test_too_short_a_past_is_refused_with_the_arithmetic():
    with pytest.raises(PlanError) as refused:
        parted(np.linspace(0, 150, 500), horizon=90)
    assert str(refused.value) == (
        "plan split: expected observations over more than 2 x 90 = 180 days, since a gap of 90 days stands between "
        "train and validation and another before the test, found 150 days, from 1970-01-01 to 1970-05-31. Use a "
        "shorter horizon, or 'split: {by: account}' (weaker: no change over time is tested)."
    )


def test_file_order_gives_parts_without_a_gap_and_says_so():
    found = parted((np.arange(100) + 0.5) / DAY_US, dated=False)
    assert sorted(found.part) == found.part.tolist()
    assert np.bincount(found.part) == pytest.approx([60, 20, 20], abs=2)
    assert found.notes == ("The file gives an order but no dates: no gap could be kept between the parts.",)


def test_neither_dates_nor_file_order_cannot_be_split_by_time():
    with pytest.raises(PlanError, match=r"split\.by: expected account, lead or part.* found time"):
        parted([None] * 9)


# --- by hash ----------------------------------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(max_size=5), min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_parts_by_hash_belong_to_the_key_whatever_the_order(keys, rng):
    mixed = rng.sample(keys, len(keys))
    first, again = (parted([0] * len(keys), "{by: account}", keys=each).part for each in (keys, mixed))
    assert dict(zip(keys, first, strict=True)) == dict(zip(mixed, again, strict=True))


def test_parts_by_hash_have_about_their_shares_and_follow_the_seed():
    keys = [f"account {number}" for number in range(20_000)]
    first = parted([0] * 20_000, "{by: account, test: 10%, validation: 30%}", keys=keys)
    assert np.bincount(first.part) / 20_000 == pytest.approx([0.6, 0.3, 0.1], abs=0.01)
    assert "not tested" in first.notes[0]
    plan = PLAN.format(horizon=9, split="{by: account}")[:-1]
    subjects = ToPart(None, False, np.arange(20_000), keys, [None] * 20_000)
    other = [part_observations(subjects, parse_plan(f"{plan}, seed: {seed}}}")).part for seed in (7, 8)]
    assert 0.3 < (other[0] != other[1]).mean() < 0.8


def test_the_hash_is_the_same_on_every_machine():
    assert parted([0] * 8, "{by: lead}", keys=list("abcdefgh")).part.tolist() == [0, 0, 0, 0, 0, 2, 2, 0]


# --- given ------------------------------------------------------------------------------------------------------------


def test_given_parts_are_taken_and_others_counted():
    found = parted([0] * 4, "{by: part}", given=["train", "test", "validation", "holdout"])
    assert found.part.tolist() == [0, 2, 1, -1]
    assert found.left_out == {"in a part that is not train, validation or test": 1}


def test_parts_that_are_not_given_are_missed(history):
    with pytest.raises(PlanError, match=r"split\.by: expected a part for each lead in the mapping"):
        wb.observe(history, [], wb.parse_plan(PLAN.format(horizon=40, split="{by: part}")))


# --- on a past --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["time", "account"])
def test_no_account_is_on_two_sides(history, by):
    seen = wb.observe(history, [], wb.parse_plan(SPLIT.replace("by: time", f"by: {by}"))).frame()
    accounts = seen.dropna(subset="account_id").groupby("account_id")["part"].nunique()
    assert set(seen["part"]) == {"train", "validation", "test"}
    assert len(accounts) > 50
    assert accounts.max() == 1


def test_no_outcome_window_reaches_into_the_next_part(history):
    seen = wb.observe(history, [], wb.parse_plan(SPLIT)).frame()
    ends = seen.groupby("part")["as_of"].agg(["min", "max"])
    assert ends.loc["train", "max"] + 40 * DAY <= ends.loc["validation", "min"]
    assert ends.loc["validation", "max"] + 40 * DAY <= ends.loc["test", "min"]


def test_hash_parts_do_not_depend_on_row_order():
    frames = crm(seed=5, leads=60)
    plan = wb.parse_plan(SPLIT.replace("by: time", "by: lead"))
    found = []
    for each in (frames, shuffled(frames, 9)):
        with load(each) as history:
            found.append(wb.observe(history, [], plan).frame().set_index("lead_id")["part"].sort_index())
    pd.testing.assert_series_equal(*found)


def test_no_account_is_on_two_sides_even_if_leads_are_resampled_one_by_one(history):
    plan = wb.parse_plan("{at: 14d, outcome: won, horizon: 30d, cluster: lead, split: {by: time}}")
    frame = wb.observe(history, plan=plan).frame().dropna(subset="account_id")
    assert frame.groupby("account_id")["part"].nunique().max() == 1
