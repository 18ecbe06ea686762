"""Who is observed, when and with what outcome, against brute force in pandas and at every border to the microsecond."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from crm import AGE_DAYS, DAY, HORIZON_DAYS, MICRO, UNTIL, load

import workbench as wb
from observation.tiny import AS_OF, END, MADE, tiny
from workbench.errors import PlanError

PLAIN = f"{{at: {AGE_DAYS}d, outcome: won, horizon: {HORIZON_DAYS}d}}"


def observed(plan=PLAIN, **rows):
    """What became of the lead 'one': converted, not converted, or the reasons why it was left out."""
    frames, mapping = tiny(**rows)
    with load(frames, mapping) as history:
        seen = wb.observe(history, [], wb.parse_plan(plan))
    mine = seen.frame().set_index("lead_id")["converted"]
    left_out = dict(seen.left_out.itertuples(index=False))
    return bool(mine["one"]) if "one" in mine else left_out


# --- the outcome ------------------------------------------------------------------------------------------------------


def test_an_outcome_at_as_of_counts_and_one_before_it_leaves_the_lead_out():
    assert observed(won=[AS_OF]) is True
    assert observed(won=[AS_OF - MICRO]) == {"already converted before as_of": 1}


def test_an_outcome_counts_up_to_and_not_at_the_end_of_the_horizon():
    assert observed(won=[END - MICRO]) is True
    assert observed(won=[END]) is False


def test_of_several_outcomes_the_first_decides():
    assert observed(won=[AS_OF + DAY, AS_OF - DAY]) == {"already converted before as_of": 1}
    assert observed(won=[END + DAY, AS_OF + DAY]) is True


def test_another_stage_is_no_outcome():
    assert observed(extra=[("one", AS_OF + DAY, "mql", None)]) is False


def test_a_lead_whose_outcome_has_no_usable_time_is_left_out():
    lost = {"its outcome has no usable time": 1}
    assert observed(extra=[("one", None, "won", 9.0)]) == lost
    assert observed(extra=[("one", MADE - DAY, "won", 9.0)]) == lost
    assert observed(extra=[("one", None, "won", 9.0)], until=(END - MICRO).isoformat()) == lost
    assert observed(extra=[("one", None, "mql", 9.0)]) is False


def test_a_usable_outcome_decides_over_a_lost_one():
    assert observed(extra=[("one", None, "won", 9.0)], won=[AS_OF]) is True
    assert observed(extra=[("one", None, "won", 9.0)], won=[END]) is False


# --- days to the outcome ----------------------------------------------------------------------------------------------


def days(plan=PLAIN, **rows):
    """Whole days from the as_of of the lead 'one' to its outcome, one for each of its observations."""
    frames, mapping = tiny(**rows)
    with load(frames, mapping) as history:
        subjects = wb.observe(history, [], wb.parse_plan(plan)).subjects
    order = np.argsort(subjects.as_of_us)
    return subjects.days[order][subjects.lead_id[order] == "one"].tolist()


@pytest.mark.parametrize(
    ("won", "expected"),
    [
        ([AS_OF], 0),
        ([AS_OF + DAY - MICRO], 0),
        ([AS_OF + DAY], 1),
        ([END - MICRO], HORIZON_DAYS - 1),
        ([AS_OF + 9.5 * DAY, AS_OF + 3.5 * DAY], 3),
    ],
)
def test_days_to_the_outcome_are_whole_days_from_as_of_to_the_first(won, expected):
    assert days(won=won) == [expected]


def test_where_no_outcome_comes_within_the_horizon_there_are_no_days_to_it():
    assert np.isnan(days(won=[END])).all()
    assert np.isnan(days()).all()


def test_each_observation_of_a_calendar_has_days_of_its_own():
    found = days("{at: {every: month}, outcome: won, horizon: 40d}", won=[pd.Timestamp("2025-06-09T12:00:00Z")])
    assert found[1:] == [39, 8]  # from May 1 and June 1
    assert np.isnan(found[0])  # from April 1 it is more than 40 days


def test_days_are_counted_from_the_stage_that_a_plan_begins_at():
    begun = ("one", MADE + 2.25 * DAY, "mql", None)
    assert days("{at: {stage: mql}, outcome: won, horizon: 40d}", won=[MADE + 9 * DAY], extra=[begun]) == [6]


def test_an_account_has_the_days_to_the_first_outcome_of_its_leads():
    plan = f"{{unit: account, at: {AGE_DAYS}d, outcome: sold, horizon: 120d}}"
    rows = [("one", MADE + 5.5 * DAY, "sold", 5.0), ("other", MADE + 30 * DAY, "sold", 5.0)]
    frames, mapping = tiny(extra=rows)
    with load(frames, mapping) as history:
        subjects = wb.observe(history, [], wb.parse_plan(plan)).subjects
    assert subjects.days.tolist() == [90 - AGE_DAYS + 5]  # the account dates from its first lead, 90 days before


# --- maturity ---------------------------------------------------------------------------------------------------------


def test_an_observation_is_mature_when_its_horizon_ends_at_the_end_of_the_data():
    assert observed(until=END.isoformat()) is False
    young = observed(until=(END - MICRO).isoformat())
    assert young == {"immature: the horizon reaches past the end of the data": 1}


def test_a_young_converter_is_left_out_like_every_young_lead():
    found = observed(until=(END - MICRO).isoformat(), won=[AS_OF + DAY])
    assert found == {"immature: the horizon reaches past the end of the data": 1}


def test_nobody_is_observed_after_the_end_of_the_data():
    found = observed(until=(AS_OF - MICRO).isoformat(), extra=[])
    assert found == {"immature: as_of is after the end of the data": 1}


# --- brute force ------------------------------------------------------------------------------------------------------


def first(frames, stage, ids):
    stages = frames["stages"]
    return ids.map(stages[stages["stage"] == stage].groupby("lead_id")["at"].min())


def test_age_against_brute_force(frames, history):
    seen = wb.observe(history, [], wb.parse_plan(PLAIN))
    leads = frames["leads"]
    as_of = leads["created_at"] + AGE_DAYS * DAY
    won = first(frames, "won", leads["lead_id"])
    early = won < as_of
    mature = as_of + HORIZON_DAYS * DAY <= UNTIL
    kept = leads[~early & mature].assign(as_of=as_of, hit=(won >= as_of) & (won < as_of + HORIZON_DAYS * DAY))
    found = seen.frame().set_index("lead_id").sort_index()
    expected = kept.set_index("lead_id").sort_index()
    assert found.index.tolist() == expected.index.tolist()
    assert found["converted"].tolist() == expected["hit"].tolist()
    assert (found["as_of"] == expected["as_of"]).all()
    too_young = ~early & ~mature & (as_of <= UNTIL)
    assert dict(seen.left_out.itertuples(index=False)) == {
        "already converted before as_of": int((early & (as_of <= UNTIL)).sum()),
        "immature: as_of is after the end of the data": int((as_of > UNTIL).sum()),
        "immature: the horizon reaches past the end of the data": int(too_young.sum()),
    }
    assert int(seen.left_out["n"].sum()) + len(found) == len(leads)


def test_the_amount_is_the_one_recorded_with_the_outcome(frames, history):
    found = wb.observe(history, [], wb.parse_plan(PLAIN)).frame().set_index("lead_id")
    stages = frames["stages"]
    amounts = stages[stages["stage"] == "won"].sort_values("at").groupby("lead_id")["amount"].first()
    won = found[found["converted"]]
    assert won["amount"].to_dict() == amounts[won.index].to_dict()
    assert found.loc[~found["converted"], "amount"].isna().all()


@pytest.mark.parametrize(
    ("every", "starts"),
    [
        ("month", pd.date_range("2025-01-01", "2026-01-01", freq="MS", tz="UTC")),
        ("week", pd.date_range("2024-12-30", "2026-01-01", freq="W-MON", tz="UTC")),
        ("quarter", pd.date_range("2025-01-01", "2026-01-01", freq="QS", tz="UTC")),
    ],
)
def test_calendar_against_brute_force(frames, history, every, starts):
    plan = wb.parse_plan(f"{{at: {{every: {every}}}, outcome: won, horizon: 30d}}")
    seen = wb.observe(history, [], plan)
    leads = frames["leads"].assign(
        won=first(frames, "won", frames["leads"]["lead_id"]), lost=first(frames, "lost", frames["leads"]["lead_id"])
    )
    pairs = leads.merge(pd.DataFrame({"as_of": starts}), how="cross")
    pairs = pairs[pairs["created_at"] < pairs["as_of"]]
    converted, closed = pairs["won"] < pairs["as_of"], pairs["lost"] < pairs["as_of"]
    young = pairs["as_of"] + 30 * DAY > UNTIL
    kept = pairs[~converted & ~closed & ~young]
    hit = (kept["won"] >= kept["as_of"]) & (kept["won"] < kept["as_of"] + 30 * DAY)
    expected = kept.assign(converted=hit.astype("boolean")).set_index(["lead_id", "as_of"])["converted"].sort_index()
    found = seen.frame().set_index(["lead_id", "as_of"])["converted"].sort_index()
    assert found.to_dict() == expected.to_dict()
    assert found.index.get_level_values(0).has_duplicates
    assert dict(seen.left_out.itertuples(index=False)) == {
        "already converted before as_of": int(converted.sum()),
        "already closed before as_of": int((~converted & closed).sum()),
        "immature: the horizon reaches past the end of the data": int((~converted & ~closed & young).sum()),
    }


def test_closed_by_no_stage_keeps_lost_leads_open(history):
    plan = "{at: {every: month}, outcome: won, horizon: 30d, closed: []}"
    found = dict(wb.observe(history, [], wb.parse_plan(plan)).left_out.itertuples(index=False))
    assert "already closed before as_of" not in found


def test_the_moment_a_stage_was_entered_against_brute_force(frames, history):
    seen = wb.observe(history, [], wb.parse_plan("{at: {stage: mql}, outcome: won, horizon: 30d}"))
    ids = frames["leads"]["lead_id"]
    entered, won = first(frames, "mql", ids), first(frames, "won", ids)
    kept = entered.notna() & ~(won < entered) & (entered + 30 * DAY <= UNTIL)
    found = seen.frame().set_index("lead_id")
    assert found["as_of"].to_dict() == dict(zip(ids[kept], entered[kept], strict=True))
    expected = (won >= entered) & (won < entered + 30 * DAY)
    assert found["converted"].to_dict() == dict(zip(ids[kept], expected[kept], strict=True))


def test_the_population_is_judged_at_as_of(frames, history):
    plan = wb.parse_plan(PLAIN[:-1] + ", population: {when: {event: page_view, count: {at_least: 3}}}}")
    seen, everybody = wb.observe(history, [], plan), wb.observe(history, [], wb.parse_plan(PLAIN)).frame()
    events = frames["events"].merge(everybody[["lead_id", "as_of"]])
    views = events[(events["event"] == "page_view") & (events["at"] < events["as_of"])].groupby("lead_id").size()
    assert set(seen.frame()["lead_id"]) == set(views[views >= 3].index)
    outside = len(everybody) - len(seen.frame())
    assert dict(seen.left_out.itertuples(index=False))["outside the plan's population"] == outside > 0


# --- flat tables ------------------------------------------------------------------------------------------------------


FLAT = pd.DataFrame({"lead_id": ["a", "b"], "visits": [1, 5], "Converted": [0, 1]})


def test_a_flat_table_is_taken_as_recorded():
    with wb.read_history(FLAT, outcome="Converted=1") as history:
        seen = wb.observe(history, [])
    assert seen.frame()["converted"].tolist() == [False, True]
    assert seen.left_out.empty
    assert seen.frame()["as_of"].isna().all()
    assert np.isnan(seen.subjects.days).all()
    assert "could not be checked" in seen.warnings[0]


def test_a_flat_table_has_no_age_and_no_events():
    model = wb.parse_model("""
format: lead-scoring-model/1
name: m
dimensions: {fit: {}}
rules: [{id: r, in: fit, when: {event: visit}, points: 1}]
""")
    with wb.read_history(FLAT, outcome="Converted=1") as history:
        with pytest.raises(PlanError, match=r"plan at: expected recorded, .* found 14d"):
            wb.observe(history, [], wb.parse_plan(PLAIN))
        with pytest.raises(wb.InputError, match=r"rules\[0\]\.when\.event: expected a condition on fields"):
            wb.observe(history, [model])


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_a_stage_that_never_occurs_is_refused(history):
    with pytest.raises(PlanError, match=r"plan outcome: .* found 'wun'. Did you mean 'won'"):
        wb.observe(history, [], wb.parse_plan(PLAIN.replace("won", "wun")))
    with pytest.raises(PlanError, match=r"plan at\.stage: .* found 'mqls'. Did you mean 'mql'"):
        wb.observe(history, [], wb.parse_plan("{at: {stage: mqls}, outcome: won, horizon: 30d}"))


def test_a_history_with_stages_cannot_be_taken_as_recorded(history):
    with pytest.raises(PlanError, match="expected an age such as 14d, since this history has dated stages"):
        wb.observe(history, [], wb.parse_plan("{at: recorded}"))


def test_where_nobody_is_left_the_reasons_are_counted(history):
    with pytest.raises(PlanError, match=r"found none: 12 already converted before as_of; .*; 284 immature"):
        wb.observe(history, [], wb.parse_plan(PLAIN.replace("40d", "900d")))


def test_a_stage_is_not_its_own_outcome(history):
    plan = wb.parse_plan("{at: {stage: won}, outcome: won, horizon: 30d}")
    with pytest.raises(wb.InputError, match=r"at\.stage: expected a stage before the outcome, found the outcome 'won'"):
        wb.observe(history, plan=plan)


def test_a_closing_stage_that_is_named_must_occur(history):
    plan = wb.parse_plan("{at: {every: month}, outcome: won, horizon: 30d, closed: [losst]}")
    with pytest.raises(wb.InputError, match=r"closed: expected a stage of the history, found 'losst'"):
        wb.observe(history, plan=plan)
