from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from crm import SCORECARD, crm, load

import workbench as wb
from workbench.cutoffs import suggest_thresholds
from workbench.cutoffs.arriving import arriving
from workbench.cutoffs.reaching import moved
from workbench.errors import CallError
from workbench.observation.given import Given, numbers_of

DAY_US = 86_400_000_000
WEEK = pd.Timedelta(weeks=1)


def suggested(one):
    return one.weeks[one.weeks["which"] == "suggested"].reset_index(drop=True)


def test_everybody_arrives_gaps_and_the_young_too(sample, sample_history):
    model, seen = sample
    found = arriving(model, seen, sample_history)
    out = dict(zip(seen.left_out["reason"], seen.left_out["n"], strict=True))
    stay_out = {"already converted before as_of"}
    assert len(found.subjects.part) == len(seen.subjects.part) + sum(n for why, n in out.items() if why not in stay_out)
    assert set(seen.subjects.lead_id) < set(found.subjects.lead_id)
    assert not found.subjects.won.any()  # no outcome is looked at


def test_they_are_scored_as_a_replay_would_at_that_moment(sample, sample_history):
    model, seen = sample
    found = arriving(model, seen, sample_history)
    lead, account, created = numbers_of(sample_history, list(found.subjects.lead_id))
    assert np.array_equal(created + 14 * DAY_US, found.subjects.as_of_us)
    there = Given(model, sample_history, seen.plan).at(lead, account, found.subjects.as_of_us).scores()
    mine = found.scorer(model).scores()
    assert np.array_equal(there.milli, mine.milli)
    assert np.array_equal(there.gate, mine.gate)


def test_one_unbroken_queue(sample, sample_history):
    model, seen = sample
    one = suggest_thresholds(model, seen, by="capacity", history=sample_history).by("capacity")
    weeks = suggested(one)
    assert set(weeks["stretch"]) == {1}
    assert (weeks["week"].diff().iloc[1:] == WEEK).all()
    # Counted again from rows: who reaches the changed model's tier, by the week of as_of, up to the last whole week.
    everybody = arriving(model, seen, sample_history)
    scores = everybody.scorer(one.model).scores()
    names = [tier.name for tier in one.model.tiers]
    reached = wb.backtesting.tiers.tier_ranks(one.model, scores) >= names.index("MQL")
    moment = pd.to_datetime(everybody.subjects.as_of_us[reached], unit="us")
    monday = (moment - pd.to_timedelta(moment.day_of_week, unit="D")).normalize()
    counts = pd.Series(monday).value_counts()
    shown = weeks.set_index(weeks["week"].dt.tz_localize(None))["arrivals"]
    assert shown[shown > 0].to_dict() == counts[counts.index <= shown.index.max()].to_dict()
    # Nobody is lost between the weeks: a queue walked by hand ends each week with the same number waiting.
    waiting = 0
    for row in weeks.itertuples():
        waiting = max(waiting + row.arrivals - 15, 0)
        assert row.waiting == waiting
    assert waiting <= 15
    assert one.counted == "leads that first reach MQL, as seen 14 days after creation"
    assert any("in one unbroken queue of" in text for text in one.notes)


def test_what_the_last_weeks_ask_for_is_said(sample, sample_history):
    model, seen = sample
    found = suggest_thresholds(model, seen, by="capacity", history=sample_history)
    one = found.by("capacity")
    row = one.service.set_index("which").loc["suggested"]
    assert row["lately_a_week"] > 15  # the last weeks bring more to it than can be worked
    assert one.recent > one.threshold
    assert f", at the pace of the last 8 weeks from {one.recent:g}:" in found.headline
    assert one.surely >= one.recent
    then = moved(model, seen, "MQL", one.recent)[0]
    again = suggest_thresholds(then, seen, by="capacity", history=sample_history).by("capacity")
    later = again.service.set_index("which").loc["current"]
    assert later["lately_a_week"] <= 15


def test_outcomes_and_split_do_not_move_the_queue(sample, sample_history):
    """The same arrivals whatever the plan says of split, horizon and outcome's worth."""
    model, seen = sample
    plan = wb.parse_plan("{at: 14d, outcome: won, horizon: 30d, seed: 7, capacity: {per: week, leads: 15}}")
    other = wb.observe(sample_history, [model], plan)
    ours = suggest_thresholds(model, seen, by="capacity", history=sample_history).by("capacity")
    theirs = suggest_thresholds(model, other, by="capacity", history=sample_history).by("capacity")
    today = [each.weeks[each.weeks["which"] == "current"].reset_index(drop=True) for each in (ours, theirs)]
    pd.testing.assert_frame_equal(*today)


def test_another_history_is_refused():
    model = wb.parse_model(SCORECARD)
    plan = wb.parse_plan("{at: 14d, outcome: won, horizon: 40d, capacity: {per: week, leads: 2}}")
    with load(crm(seed=4, leads=300)) as history:
        seen = wb.observe(history, [model], plan)
    with load(crm(seed=5, leads=300)) as another:
        with pytest.raises(CallError, match="history: expected the history that was observed, fingerprint"):
            suggest_thresholds(model, seen, by="capacity", history=another)
        assert arriving(model, seen, None) is seen


@pytest.mark.parametrize("more", ["at: {every: month}", "at: 14d, unit: account, split: {by: account}"])
def test_other_plans_have_an_unbroken_queue_too(more, models):
    model = models["accounts"]
    plan = wb.parse_plan(f"{{{more}, outcome: won, horizon: 40d, capacity: {{per: month, leads: 30}}}}")
    with load(crm(seed=4, leads=400)) as history:
        seen = wb.observe(history, [model], plan)
        one = suggest_thresholds(model, seen, by="capacity", history=history).by("capacity")
    weeks = one.weeks[one.weeks["which"] == "current"]
    assert set(weeks["stretch"]) == {1}
    assert weeks["arrivals"].sum() == weeks["worked"].sum() + weeks["waiting"].iloc[-1]


def test_tiers_jointly_share_the_unbroken_queue(sample, sample_history):
    model, seen = sample
    wishes = {"MQL": {"by": "capacity", "capacity": 10}, "SQL": {"by": "capacity", "target": "4/week"}}
    found = suggest_thresholds(model, seen, tiers=wishes, history=sample_history)
    mql, sql = found.cutoffs
    together = suggest_thresholds(found.model, seen, tier="MQL", by="capacity", history=sample_history).by("capacity")
    now = together.weeks[together.weeks["which"] == "current"]
    assert sum(suggested(each)["arrivals"].sum() for each in (mql, sql)) == now["arrivals"].sum()
