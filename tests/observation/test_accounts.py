"""Accounts as the unit: whose leads count when, which outcome, who is left out, and exact roll-ups."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from crm import DAY, MICRO, UNTIL, load, shuffled
from hypothesis import given
from hypothesis import strategies as st

import workbench as wb
from workbench.errors import ModelError, PlanError
from workbench.model import AccountScore
from workbench.observation.accounts import Rolled, account_ranks, account_score, lead_rows, rolled
from workbench.parsing import milli


def roll(*accounts, out=(), **account):
    """Rolled-up thousandths of accounts whose leads have these thousandths; None without a score."""
    points = np.array([score for leads in accounts for score in leads], dtype=np.int64)
    gone = np.isin(np.arange(len(points)), out)
    starts = np.cumsum([0, *(len(leads) for leads in accounts)])
    found = rolled(points, gone, starts, AccountScore(**account))
    return [None if out else score for score, out in zip(found.milli.tolist(), found.out.tolist(), strict=True)]


# --- roll-ups ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ({"roll_up": "sum"}, [12_500, -4_000, 7_001]),
        ({"roll_up": "mean"}, [4_167, -2_000, 7_001]),  # 12500/3 = 4166.67
        ({"roll_up": "max"}, [10_000, -1_000, 7_001]),
        ({"roll_up": "min"}, [-2_500, -3_000, 7_001]),
        ({"roll_up": "top_mean", "top": 1}, [10_000, -1_000, 7_001]),
        ({"roll_up": "top_mean", "top": 2}, [7_500, -2_000, 7_001]),
        ({"roll_up": "top_mean", "top": 1000}, [4_167, -2_000, 7_001]),
        ({"roll_up": "count_above", "above": 5}, [2_000, 0, 1_000]),
        ({"roll_up": "count_above", "above": 5.001}, [1_000, 0, 1_000]),
        ({"roll_up": "count_above", "above": -3}, [3_000, 2_000, 1_000]),
    ],
)
def test_roll_ups_by_hand(account, expected):
    assert roll([10_000, -2_500, 5_000], [-3_000, -1_000], [7_001], **account) == expected


@pytest.mark.parametrize(
    ("leads", "expected"), [([1, 2], 2), ([-1, -2], -1), ([0, 0, 1], 0), ([-1, 0], 0), ([0, -1, -1, -1], -1)]
)
def test_means_are_rounded_half_up_below_zero_too(leads, expected):
    assert roll(leads, roll_up="mean") == [expected]
    assert roll(leads, roll_up="top_mean", top=9) == [expected]


def test_ties_among_the_highest_do_not_matter():
    for leads in ([5, 5, 1, 5], [1, 5, 5, 5], [5, 5, 5, 1]):
        assert roll(leads, roll_up="top_mean", top=2) == [5]


def test_leads_that_a_gate_takes_out_do_not_count_and_an_account_of_such_has_no_score():
    leads = ([9_000, 1_000], [4_000], [3_000, 8_000])
    gone = (0, 2)
    assert roll(*leads, out=gone, roll_up="sum") == [1_000, None, 11_000]
    assert roll(*leads, out=gone, roll_up="min") == [1_000, None, 3_000]
    assert roll(*leads, out=gone, roll_up="mean") == [1_000, None, 5_500]
    assert roll(*leads, out=gone, roll_up="count_above", above=0) == [1_000, None, 2_000]
    assert roll(*leads, out=range(5), roll_up="max") == [None, None, None]
    assert roll(*leads, out=(0, 1, 2), roll_up="top_mean", top=1) == [None, None, 8_000]


def test_no_accounts_give_no_scores():
    assert roll(roll_up="mean") == []


KINDS = st.one_of(
    st.sampled_from(["sum", "mean", "max", "min"]).map(lambda kind: {"roll_up": kind}),
    st.integers(1, 4).map(lambda top: {"roll_up": "top_mean", "top": top}),
    st.integers(-3000, 3000).map(lambda above: {"roll_up": "count_above", "above": above / 1000}),
)
LEADS = st.lists(st.tuples(st.integers(-3000, 3000), st.booleans()), min_size=1, max_size=5)


def naive(leads, account):
    """The text of `AccountScore`, in fractions."""
    scores = sorted((score for score, out in leads if not out), reverse=True)
    if not scores:
        return None
    if account["roll_up"] == "count_above":
        return 1000 * sum(score >= milli(AccountScore(**account).above) for score in scores)
    plain = {"sum": sum, "max": max, "min": min}.get(account["roll_up"])
    if plain is not None:
        return plain(scores)
    best = scores[: account.get("top")]
    return math.floor(Fraction(sum(best), len(best)) + Fraction(1, 2))


@given(st.lists(LEADS, max_size=6), KINDS)
def test_every_roll_up_is_what_its_text_says(accounts, account):
    flat = [lead for leads in accounts for lead in leads]
    out = [number for number, (_, gone) in enumerate(flat) if gone]
    found = roll(*([score for score, _ in leads] for leads in accounts), out=out, **account)
    assert found == [naive(leads, account) for leads in accounts]


def test_the_tier_is_the_last_one_that_is_reached():
    tiers = "[{name: Cold, from: 0}, {name: Warm, from: 10}, {name: Hot, from: 20.5}]"
    account = wb.parse_model(MODEL.replace("[{name: Low, from: 0}, {name: High, from: 12}]", tiers)).account
    points = np.array([-1, 0, 9_999, 10_000, 20_499, 20_500, 20_500])
    ranks = account_ranks(Rolled(points, np.arange(7) == 6), account)
    assert ranks.tolist() == [-1, 0, 0, 1, 1, 2, -1]


def test_leads_go_with_their_account():
    rows, starts = lead_rows(np.array([0, 2, 3, 6]), np.array([2, 0]))
    assert (rows.tolist(), starts.tolist()) == ([3, 4, 5, 0, 1], [0, 3, 5])
    rows, starts = lead_rows(np.array([0, 2, 3, 6]), np.array([], dtype=np.int64))
    assert (rows.tolist(), starts.tolist()) == ([], [0])


def test_a_model_that_says_nothing_of_accounts_is_told(scorecard):
    with pytest.raises(ModelError, match=r"account: expected how .*found no 'account' in scorecard.*roll_up: max"):
        account_score(scorecard)


# --- who is observed --------------------------------------------------------------------------------------------------

START = pd.Timestamp("2025-03-01T09:30:00Z")
AGE, HORIZON = 10, 20
AS_OF = START + AGE * DAY
END = AS_OF + HORIZON * DAY
PLAN = f"{{unit: account, at: {AGE}d, outcome: won, horizon: {HORIZON}d}}"
MAPPING = """
format: lead-history/1
until: "{until}"
budget: 100%
leads: {{file: leads, id: lead_id, account: account_id, created_at: created_at, known: creation}}
accounts: {{file: accounts, id: account_id, known: creation}}
events: {{file: events, lead: lead_id, at: at, event: event}}
stages: {{file: stages, lead: lead_id, at: at, stage: stage, amount: amount}}
"""
MODEL = """
format: lead-scoring-model/1
name: counting
dimensions: {all: {}}
rules:
  - {id: grade, in: all, cases: [{when: {field: grade, equals: gold}, points: 10}], default: 1}
  - {id: visits, in: all, each: {event: visit}, points: 100}
gates: [{id: rival, when: {field: grade, equals: rival}, tier: Out}]
account: {roll_up: sum, tiers: [{name: Low, from: 0}, {name: High, from: 12}]}
"""


def made(leads, *, visits=(), stages=(), until="2026-01-01"):
    """Frames of leads (id, account, created, grade), visits (lead, at) and stages (lead, at, stage, amount)."""
    far = [("far", "Z", START - 100 * DAY, "tin")]
    stages = [("far", START - 60 * DAY, "won", 1.0), ("far", START - 60 * DAY, "mql", None), *stages]
    stages = [*stages, ("far", START - 60 * DAY, "lost", None)]
    columns = ["lead_id", "account_id", "created_at", "grade"]
    return {
        "leads": pd.DataFrame([*leads, *far], columns=columns).astype({"account_id": "str"}),
        "accounts": pd.DataFrame({"account_id": ["A", "B", "Z"], "industry": ["steel", "wood", "steel"]}),
        "events": pd.DataFrame([*visits, ("far", START)], columns=["lead_id", "at"]).assign(event="visit"),
        "stages": pd.DataFrame(stages, columns=["lead_id", "at", "stage", "amount"]),
    }, MAPPING.format(until=until)


def observed(frames, mapping, plan=PLAN, model=MODEL):
    with load(frames, mapping) as history:
        return wb.observe(history, wb.parse_model(model), wb.parse_plan(plan))


def left_out(seen):
    return dict(seen.left_out.itertuples(index=False))


def of(seen, account="A"):
    """converted, amount and score in points of the only observation of an account."""
    frame = seen.frame()
    at = np.flatnonzero(frame["account_id"] == account)
    assert len(at) == 1
    leads, starts = seen.members_of(at)
    scores = seen.scorer(wb.parse_model(MODEL)).scores(leads)
    found = rolled(scores.milli, scores.out, starts, AccountScore(roll_up="sum"))
    row = frame.iloc[at[0]]
    return bool(row["converted"]), row["amount"], None if found.out[0] else int(found.milli[0]) / 1000


def pair(**rows):
    """Account A with its first lead `one` at START, and `two` five days later."""
    return made([("one", "A", START, "gold"), ("two", "A", START + 5 * DAY, "tin")], **rows)


def test_an_account_is_observed_this_long_after_its_first_lead_with_all_its_leads():
    seen = observed(*pair(visits=[("one", AS_OF - MICRO), ("two", AS_OF - MICRO), ("two", AS_OF)]))
    frame = seen.frame().set_index("account_id")
    assert frame["as_of"].to_dict() == {"A": AS_OF, "Z": START - 90 * DAY}
    assert (frame["lead_id"] == frame.index).all()
    assert of(seen) == (False, pytest.approx(np.nan, nan_ok=True), 211)  # gold 10, tin 1, two visits before as_of
    assert np.diff(seen.members).tolist() == [2, 1]
    assert left_out(seen) == {}


@pytest.mark.parametrize(("after", "score"), [(-MICRO, 11), (0 * MICRO, 10), (MICRO, 10)])
def test_a_lead_counts_if_it_was_created_before_as_of(after, score):
    seen = observed(*made([("one", "A", START, "gold"), ("two", "A", AS_OF + after, "tin")]))
    assert of(seen)[2] == score


@pytest.mark.parametrize(("at", "converted"), [(AS_OF, True), (END - MICRO, True), (END, False), (END + DAY, False)])
def test_the_outcome_is_in_the_horizon_of_the_account(at, converted):
    seen = observed(*pair(stages=[("two", at, "won", 7.0)]))
    assert of(seen)[:2] == (converted, 7.0 if converted else pytest.approx(np.nan, nan_ok=True))


def test_the_first_outcome_of_its_leads_counts_with_its_amount():
    seen = observed(*pair(stages=[("one", AS_OF + 2 * DAY, "won", 9.0), ("two", AS_OF + DAY, "won", 7.0)]))
    assert of(seen)[:2] == (True, 7.0)
    late = ("late", "A", AS_OF + DAY, "tin")
    frames, mapping = made([("one", "A", START, "gold"), late], stages=[("late", AS_OF + 2 * DAY, "won", 3.0)])
    assert of(observed(frames, mapping)) == (True, 3.0, 10)  # it was no lead of the account yet, but is its outcome


def test_an_account_of_which_a_lead_converted_before_is_not_observed():
    seen = observed(*pair(stages=[("two", AS_OF - MICRO, "won", 7.0), ("one", AS_OF + DAY, "won", 9.0)]))
    assert left_out(seen) == {"already converted before as_of": 1}


@pytest.mark.parametrize("usable", [[], [("one", AS_OF + DAY, "won", 2.0)]])
def test_one_leads_unusable_outcome_makes_the_accounts_unknown(usable):
    seen = observed(*pair(stages=[("two", None, "won", 7.0), *usable]))
    assert left_out(seen) == {"its outcome has no usable time": 1}
    known = observed(*pair(stages=[("two", None, "won", 7.0), ("two", AS_OF, "won", 2.0)]))
    assert (left_out(known), of(known)[0]) == ({}, True)
    assert left_out(observed(*pair(stages=[("two", None, "mql", 7.0)]))) == {}


def test_maturity_is_that_of_the_account():
    assert left_out(observed(*pair(until=END.isoformat()))) == {}
    young = observed(*pair(until=(END - MICRO).isoformat()))
    assert left_out(young) == {"immature: the horizon reaches past the end of the data": 1}


def test_leads_without_an_account_are_left_out_and_counted():
    frames, mapping = made([("one", "A", START, "gold"), ("two", None, START, "tin"), ("three", None, START, "tin")])
    seen = observed(frames, mapping)
    assert left_out(seen) == {"lead without an account": 2}
    assert sorted(seen.subjects.account_id) == ["A", "Z"]


def test_an_account_is_in_the_population_if_one_of_its_leads_then_is():
    plan = PLAN.replace("}", ", population: {when: {any: [{field: grade, equals: tin}, {event: visit}]}}}")
    rows = [
        ("one", "A", START, "gold"),
        ("two", "A", AS_OF, "tin"),
        ("b", "B", START, "gold"),
        ("c", "B", START, "tin"),
    ]
    seen = observed(*made(rows), plan)
    assert sorted(seen.subjects.account_id) == ["B", "Z"]
    assert left_out(seen) == {"outside the plan's population": 1}
    assert of(seen, "B")[2] == 11
    visited = observed(*made(rows, visits=[("one", AS_OF - MICRO)]), plan)
    assert sorted(visited.subjects.account_id) == ["A", "B", "Z"]


def test_at_a_stage_the_account_is_observed_when_one_of_its_leads_first_enters_it():
    plan = f"{{unit: account, at: {{stage: mql}}, outcome: won, horizon: {HORIZON}d}}"
    at = START + 7 * DAY
    seen = observed(*pair(stages=[("two", at, "mql", None), ("one", at + DAY, "mql", None)]), plan)
    assert seen.frame().set_index("account_id")["as_of"]["A"] == at
    assert of(seen)[2] == 11
    bare = observed(*pair(stages=[("one", START, "mql", None)]), plan)
    assert left_out(bare) == {"no lead created before as_of": 1}


def test_month_by_month_an_account_is_open_while_one_of_its_leads_is():
    plan = f"{{unit: account, at: {{every: month}}, outcome: won, horizon: {HORIZON}d}}"
    april, may, june = (pd.Timestamp(f"2025-0{month}-01", tz="UTC") for month in (4, 5, 6))
    rows = [("one", "A", april - MICRO, "gold"), ("two", "A", may - MICRO, "tin"), ("three", "A", june, "tin")]
    lost = [("one", april, "lost", None), ("two", june - MICRO, "lost", None)]
    won = [("three", june + 40 * DAY, "won", 4.0)]
    seen = observed(*made(rows, stages=[*lost, *won], until="2025-09-01"), plan)
    mine = seen.frame().query("account_id == 'A'").set_index("as_of")["converted"].sort_index()
    assert mine.index.strftime("%m-%d").tolist() == ["04-01", "05-01", "07-01"]  # closed in June, opened again
    assert mine.tolist() == [False, False, True]
    assert np.diff(seen.members)[(seen.subjects.account_id == "A")].tolist() == [1, 2, 3]
    assert left_out(seen)["already closed before as_of"] == 1  # A in June


# --- taken as recorded ------------------------------------------------------------------------------------------------

FLAT = """
format: lead-history/1
leads:
  file: leads
  id: lead_id
  account: account_id
  outcome: {field: converted, equals: yes}
"""


def flat(*rows):
    frame = pd.DataFrame(rows, columns=["lead_id", "account_id", "grade", "converted"])
    return {"leads": frame.astype({"account_id": "str", "converted": "str"})}


def test_taken_as_recorded_an_account_has_all_its_leads_and_the_outcome_of_any():
    rows = [
        *(("a1", "A", "gold", "no"), ("a2", "A", "tin", "yes"), ("a3", "A", "tin", "no")),
        *(("b1", "B", "gold", "no"), ("b2", "B", "tin", "no")),
        *(("c1", "C", "tin", "no"), ("c2", "C", "rival", "no")),
        ("d1", None, "gold", "yes"),
    ]
    model = MODEL.replace("  - {id: visits, in: all, each: {event: visit}, points: 100}\n", "")
    with load(flat(*rows), FLAT) as history:
        history.engine.run("UPDATE leads SET outcome = NULL WHERE lead_id IN ('a3', 'b2')")
        seen = wb.observe(history, wb.parse_model(model), wb.parse_plan("{unit: account, at: recorded}"))
    assert seen.frame().set_index("account_id")["converted"].to_dict() == {"C": False, "A": True}
    assert np.diff(seen.members).tolist() == [2, 3]
    assert left_out(seen) == {"lead without an account": 1, "no outcome recorded": 1}
    assert seen.subjects.as_of_us is None


# --- what a plan may not ask ------------------------------------------------------------------------------------------


def test_segments_are_of_the_account():
    seen = observed(*pair(), PLAN.replace("}", ", segments: [industry]}"))
    segment = seen.subjects.segments["industry"]
    assert [segment.labels[code] for code in segment.codes] == ["steel", "steel"]
    with pytest.raises(PlanError, match=r"segments: expected a field of accounts.*'grade', which each lead has"):
        observed(*pair(), PLAN.replace("}", ", segments: [grade]}"))
    with pytest.raises(PlanError, match=r"segments: expected a field of accounts.*found 'industri'.*industry"):
        observed(*pair(), PLAN.replace("}", ", segments: [industri]}"))


def test_leads_without_accounts_cannot_be_observed_by_account(frames):
    bare = {**frames, "leads": frames["leads"].drop(columns="account_id"), "accounts": frames["accounts"]}
    mapping = "format: lead-history/1\nuntil: 2026-01-01\nleads: {file: leads, id: lead_id, created_at: created_at}\n"
    mapping += "stages: {file: stages, lead: lead_id, at: at, stage: stage, amount: amount}\n"
    tables = {name: bare[name] for name in ("leads", "stages")}
    with load(tables, mapping) as history, pytest.raises(PlanError, match="unit: expected lead, since these leads"):
        wb.observe(history, [], wb.parse_plan(PLAN))


def test_nobody_to_observe_is_said_of_accounts():
    frames, mapping = made([("one", "A", START, "gold"), ("two", "B", START, "gold"), ("b", "B", START, "gold")])
    lost = [("far", None, "won", 1.0), ("one", None, "won", 1.0), ("two", START + DAY, "won", 1.0)]
    with pytest.raises(
        PlanError, match=r"at least one account of .* to observe, found none: 1 already .*; 2 its outcome"
    ):
        observed({**frames, "stages": pd.DataFrame(lost, columns=["lead_id", "at", "stage", "amount"])}, mapping)


def test_nothing_is_left_in_the_engine():
    def tables(history):
        return {name for (name,) in history.engine.rows("SELECT table_name FROM information_schema.tables")}

    with load(*pair()) as history:
        before = tables(history)
        for at in ("10d", "{every: month}"):
            wb.observe(history, wb.parse_model(MODEL), wb.parse_plan(PLAN.replace("10d", at)))
        assert tables(history) == before


# --- a larger past ----------------------------------------------------------------------------------------------------

BIG = "{unit: account, at: 14d, outcome: won, horizon: 40d, segments: [industry]%s}"


def test_against_brute_force(frames, history, scorecard):
    seen = wb.observe(history, scorecard, wb.parse_plan(BIG % ""))
    leads = frames["leads"].dropna(subset="account_id")
    won = frames["stages"].query("stage == 'won'").groupby("lead_id")["at"].min()
    accounts = leads.assign(won=leads["lead_id"].map(won)).groupby("account_id")
    each = pd.DataFrame({"as_of": accounts["created_at"].min() + 14 * DAY, "won": accounts["won"].min()})
    early, end = each["won"] < each["as_of"], each["as_of"] + 40 * DAY
    kept = each[~early & (end <= UNTIL)]
    expected = (kept["won"] >= kept["as_of"]) & (kept["won"] < kept["as_of"] + 40 * DAY)
    found = seen.frame().set_index("account_id")
    assert found["converted"].sort_index().to_dict() == expected.to_dict()
    assert found["as_of"].sort_index().to_dict() == kept["as_of"].to_dict()
    assert 5 < expected.sum() < len(expected) - 5
    segment, industry = seen.subjects.segments["industry"], frames["accounts"].set_index("account_id")["industry"]
    assert [segment.labels[code] for code in segment.codes] == industry[seen.subjects.account_id].tolist()
    merged = leads.merge(kept.reset_index(), on="account_id")
    there = merged[merged["created_at"] < merged["as_of"]].groupby("account_id").size()
    assert dict(zip(seen.subjects.account_id, np.diff(seen.members).tolist(), strict=True)) == there.to_dict()
    assert there.max() > 1
    assert left_out(seen).pop("lead without an account") == int(frames["leads"]["account_id"].isna().sum())
    others = sum(left_out(seen).values()) - left_out(seen)["lead without an account"]
    assert others + len(found) == len(each)


@pytest.mark.parametrize("by", ["time", "account"])
def test_a_split_parts_every_account_or_counts_it(frames, history, scorecard, by):
    every = f"{{unit: account, at: {{every: month}}, outcome: won, horizon: 40d, split: {{by: {by}}}}}"
    for plan in (BIG % f", split: {{by: {by}}}", every):
        seen = wb.observe(history, scorecard, wb.parse_plan(plan))
        whole = wb.observe(history, scorecard, wb.parse_plan(plan.replace(f", split: {{by: {by}}}", "")))
        assert len(seen.frame()) + seen.left_out["n"].sum() == len(whole.frame()) + whole.left_out["n"].sum()
        assert seen.frame().groupby("account_id")["part"].nunique().max() == 1
        assert set(seen.frame()["part"]) == {"train", "validation", "test"}
        assert seen.frame().query("part == 'test'")["converted"].isna().all()
        assert len(seen.members) == len(seen.frame()) + 1
        assert seen.members[-1] == seen.shelf.size


def test_sealed_outcomes_change_nothing_that_can_be_seen(frames, scorecard):
    plan = wb.parse_plan(BIG % ", split: {by: account}")
    with load(frames) as history:
        seen = wb.observe(history, scorecard, plan)
    sealed = seen.frame().query("part == 'test'").set_index("account_id")["as_of"]
    leads = frames["leads"].set_index("lead_id")["account_id"]
    stages = frames["stages"]
    begins = stages["lead_id"].map(leads).map(sealed)
    inside = (stages["stage"] == "won") & (stages["at"] >= begins)
    assert inside.sum() > 3
    flipped = {**frames, "stages": stages[~inside]}
    with load(flipped) as history:
        again = wb.observe(history, scorecard, plan)
    pd.testing.assert_frame_equal(again.frame(), seen.frame())
    np.testing.assert_array_equal(again.members, seen.members)
    np.testing.assert_array_equal(again.subjects.won, seen.subjects.won)
    one, other = (each.scorer(scorecard).scores() for each in (seen, again))
    np.testing.assert_array_equal(one.milli, other.milli)


def test_leads_stay_with_their_account_when_the_test_is_opened(history, scorecard, tmp_path):
    seen = wb.observe(history, scorecard, wb.parse_plan(BIG % ", split: {by: account}"))

    def scores(each):
        milli_points = each.scorer(scorecard).scores().milli
        parts = np.split(milli_points, each.members[1:-1])
        return {who: sorted(part.tolist()) for who, part in zip(each.subjects.account_id, parts, strict=True)}

    opened = seen.open_test(because="to see", ledger=tmp_path / "ledger.jsonl")
    assert opened.frame()["converted"].notna().all()
    assert opened.subjects.account_id.tolist() != seen.subjects.account_id.tolist()
    assert scores(opened) == scores(seen)
    order = np.concatenate([np.arange(len(seen.subjects.part))[seen.rows("train")][::-2]])
    some = seen.taken(order)
    assert len(some.members) == len(order) + 1
    assert scores(some).items() <= scores(seen).items()


def test_the_order_of_rows_does_not_matter(frames, scorecard):
    plan = wb.parse_plan(BIG % ", split: {by: time}")
    found = []
    for seed in (1, 2):
        with load(shuffled(frames, seed)) as history:
            found.append(wb.observe(history, scorecard, plan))
    pd.testing.assert_frame_equal(found[0].frame(), found[1].frame())
    np.testing.assert_array_equal(found[0].members, found[1].members)
    one, other = (each.scorer(scorecard).scores().milli for each in found)
    np.testing.assert_array_equal(one, other)
