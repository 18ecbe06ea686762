"""A past that can be worked out by hand, and what must hold of any."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from crm import SCORECARD, load, shuffled

import workbench as wb
from workbench.errors import CallError, PlanError
from workbench.plan import Capacity
from workbench.replaying import replay
from workbench.replaying.staying import NO_RULE
from workbench.replaying.warning import TOO_EARLY

from .conftest import EVENTS, LEADS, MAPPING, STAGES, past

ROOT = Path(__file__).parents[2]
SPLIT = "{at: 14d, outcome: won, horizon: 40d, split: {by: time}, capacity: {per: week, leads: 3}}"


def day(text):
    return pd.Timestamp(text, tz="UTC")


def row(frame, **keys):
    found = frame
    for name, value in keys.items():
        found = found[found[name] == value]
    assert len(found) == 1
    return found.iloc[0]


@pytest.fixture(scope="module")
def found(model, history, plan):
    return replay(model, history, plan)


def test_when_each_lead_first_reached_each_tier(found):
    told = {(line.lead_id, line.tier): (line.first_reached, line.days, line.times) for line in found.leads.itertuples()}
    assert told == {
        ("a", "Cold"): (day("2025-01-02"), 0, 1),
        ("a", "Warm"): (day("2025-01-04"), 2, 2),
        ("b", "Cold"): (day("2025-01-02"), 0, 1),
        ("b", "Warm"): (day("2025-01-04"), 2, 1),
        ("b", "Hot"): (day("2025-01-05"), 3, 1),
        ("c", "Cold"): (day("2025-01-07"), 1, 1),  # created at midnight: not known before the next
        ("c", "Warm"): (day("2025-01-08"), 2, 1),
    }
    assert found.tier == "Warm"


def test_the_best_is_worked_first_and_the_other_waits(found):
    worked = found.leads[found.leads["tier"] == "Warm"].set_index("lead_id")["worked"]
    assert worked["b"] == day("2025-01-04")  # 11 points before 10
    assert worked["a"] == day("2025-01-05")
    assert worked["c"] == day("2025-01-08")
    assert found.waits.to_dict("list") == {"days": [0, 1], "worked": [2, 1], "share": [pytest.approx(2 / 3), 1.0]}


def test_weeks_add_up(found):
    first = row(found.weeks, week=day("2024-12-30"), tier="Warm")
    assert (first["days"], first["reached"], first["again"], first["fell"], first["inside"]) == (4, 2, 0, 0, 2)
    second = row(found.weeks, week=day("2025-01-06"), tier="Warm")
    # c comes on the 8th; a falls on the 9th, b on the 10th, as its last visit becomes five days old
    assert (second["reached"], second["again"], second["fell"], second["inside"]) == (1, 0, 2, 1)
    third = row(found.weeks, week=day("2025-01-13"), tier="Warm")
    assert (third["reached"], third["again"], third["fell"], third["inside"]) == (0, 1, 2, 0)
    queue = row(found.queue, week=day("2024-12-30"))
    assert queue[["capacity", "joined", "worked", "waiting"]].tolist() == [4, 2, 2, 0]


def test_the_load_is_about_the_days_on_which_leads_are_created(found, model, plan, history):
    assert found.last_created == day("2025-01-06")
    assert found.load_weeks == pytest.approx(6 / 7)  # 1 to 6 January
    assert found.bounces["a_week"].tolist() == pytest.approx([3.5, 3.5, 7 / 6])  # 3, 3 and 1 leads
    assert found.fed(found.queue)["week"].max() == day("2025-01-06")
    assert len(found.fed(found.queue)) < len(found.queue)
    assert found.headline.startswith("3.5 leads a week reach Warm for the first time; with 1 worked a day nobody waits")
    late = replay(model, history, plan, since="2025-01-03")
    assert late.load_weeks == pytest.approx(4 / 7)
    assert late.bounces["a_week"].tolist() == pytest.approx([7 / 4, 7 / 4, 0])


def test_what_comes_after_the_last_creation_is_not_in_the_headline(found):
    weeks = pd.date_range("2024-12-30", periods=4, freq="7D", tz="UTC")
    queue = pd.DataFrame({"week": weeks, "waiting": [4, 7, 90, 0]})
    weekly = Capacity(per="week", leads=2)
    assert "with 2 worked a week up to 7 wait; " in replace(found, queue=queue, capacity=weekly).headline
    early = replace(found, queue=queue.assign(waiting=[7, 1, 90, 0]), capacity=weekly)
    assert "up to 7 wait, 1 when the last lead is created; " in early.headline
    none = replace(found, queue=queue.assign(waiting=0), capacity=weekly)
    assert "nobody waits at the end of a week" in none.headline


def test_warning_counts_from_reaching_the_tier(found):
    warm = row(found.warning, stage="opportunity", tier="Warm")
    assert warm[["n", "before", "after", "never"]].tolist() == [2, 1, 1, 0]
    assert warm["median_days"] == 11  # from 4 January 00:00 to 15 January 06:00
    won = row(found.warning, stage="won", tier="Warm")
    assert won[["n", "before", "others", "others_reached"]].tolist() == [1, 1, 2, 2]
    assert won["median_days"] == 16
    assert row(found.left_out, about="opportunity", reason=TOO_EARLY)["n"] == 1


def test_bounces_and_their_cause(found):
    warm = row(found.bounces, tier="Warm")
    assert warm[["reached", "fell", "again", "bounces", "most"]].tolist() == [3, 3, 1, 1, 1]
    assert warm["median_days_below"] == 4  # the 9th, 10th, 11th and 12th
    assert found.causes.to_dict("records") == [
        {"tier": "Warm", "rule": "visits", "falls": 1, "of": 1, "share": 1.0, "mean_points": 10.0}
    ]


def test_stays_of_those_still_open(found):
    warm = row(found.stays, tier="Warm")
    assert warm[["stays", "fell", "closed", "still"]].tolist() == [4, 4, 0, 0]
    assert warm["median_days"] == 5  # of 5, 4, 6 and 5
    cold = row(found.stays, tier="Cold")
    assert cold[["stays", "closed", "still"]].tolist() == [3, 2, 1]


def test_the_headline(found):
    assert found.headline == (
        "3.5 leads a week reach Warm for the first time; with 1 worked a day nobody waits at the end of a week; not "
        "enough evidence for days of warning: only 2 leads reached opportunity."
    )


def test_a_gate_and_a_fall_without_a_rule(history, plan):
    text = """
    format: lead-scoring-model/1
    name: gated
    dimensions: {all: {}}
    rules: [{id: any, in: all, when: {field: size, one_of: [small, large]}, points: 10}]
    tiers: [{name: Cold, from: 0, then: wait}, {name: Warm, from: 10, then: call}]
    gates: [{id: busy, when: {event: visit, within: 2d, count: {at_least: 1}}, tier: Busy}]
    """
    found = replay(wb.parse_model(text), history, plan)
    assert set(found.causes["rule"]) == {NO_RULE}
    assert found.causes["mean_points"].isna().all()
    assert row(found.bounces, tier="Warm")["again"] == 3


def test_a_lead_is_followed_so_long(model, history, plan):
    short = replay(model, history, plan, max_days=3)
    assert set(short.leads["tier"]) == {"Cold", "Warm"}  # b would be Hot on the fourth day
    assert short.moments == 9
    with pytest.raises(CallError, match="max_days: expected 1 or more, found 0"):
        replay(model, history, plan, max_days=0)


def test_until_is_the_end_of_what_is_known(model, history, plan):
    early = replay(model, history, plan, until="2025-01-06")
    assert early.until == day("2025-01-06")
    assert set(early.leads["lead_id"]) == {"a", "b"}
    assert early.warning["n"].tolist() == [1, 1, 1, 0, 0, 0]
    assert row(early.left_out, about="replay")["n"] == 1


def test_since_hides_older_leads_but_not_their_load(model, history, plan):
    late = replay(model, history, plan, since="2025-01-06")
    assert set(late.leads["lead_id"]) == {"c"}
    assert late.n == 1
    assert row(late.weeks, week=day("2025-01-06"), tier="Warm")["fell"] == 2
    assert late.left_out.iloc[0].tolist() == ["replay", "created before 'since': counts for the load only", 2]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"since": "yesterday"}, "since: expected a date"),
        ({"since": "2025-01-02T00:00:00"}, "since: expected a date, or a moment with its zone"),
        ({"since": "2026-01-01"}, "since: expected a moment after which leads were created"),
        ({"until": "2024-01-01"}, "until: expected leads to follow"),
        ({"every": "month"}, "every: expected day or week"),
        ({"tier": "Boiling"}, "tier: expected a tier of visits"),
        ({"capacity": "15"}, "capacity: expected leads for each day, week or month"),
        ({"stages": ["opportunit"]}, "Did you mean 'opportunity'"),
    ],
)
def test_wrong_calls_say_so(model, history, plan, asked, words):
    with pytest.raises(CallError, match=words):
        replay(model, history, plan, **asked)


def test_plans_that_cannot_be_replayed(model, history):
    with pytest.raises(PlanError, match="expected lead, since these leads have no accounts"):
        replay(model, history, wb.parse_plan("{unit: account, at: 3d, outcome: won, horizon: 9d}"))
    with pytest.raises(PlanError, match="expected leads with dates"):
        replay(model, history, wb.parse_plan("{at: recorded}"))


def test_the_order_of_rows_does_not_matter(frames, believable, rich):
    plan = wb.parse_plan(SPLIT)
    first = replay(rich, believable, plan, max_days=30)
    with load(shuffled(frames, 3)) as other:
        second = replay(rich, other, plan, max_days=30)
    same(first, second)
    assert len(first.causes) > 0
    assert first.queue["waiting"].max() > 0


def same(first, second, but=("data",)):
    for each in fields(first):
        values = getattr(first, each.name), getattr(second, each.name)
        if isinstance(values[0], pd.DataFrame):
            pd.testing.assert_frame_equal(*values)
        elif each.name not in but:
            assert values[0] == values[1]


def test_sealed_outcomes_change_nothing_that_is_shown(frames):
    """Whether sealed leads were won leaves every figure as it is, the queue's too; no rule here asks for the stage."""
    card = wb.parse_model(SCORECARD)
    plan = wb.parse_plan(SPLIT)
    with load(frames) as history:
        first = replay(card, history, plan, max_days=60)
        test = wb.observe(history, (), plan)
    subjects = test.subjects
    late = pd.Timestamp(subjects.as_of_us[subjects.part == 2].min(), unit="us", tz="UTC")
    sealed = frames["leads"].loc[frames["leads"]["created_at"] + pd.Timedelta(days=14) >= late, "lead_id"]
    stages = frames["stages"]
    own = stages["lead_id"].isin(sealed) & stages["stage"].isin(["won"])
    after = stages["at"] - stages["lead_id"].map(frames["leads"].set_index("lead_id")["created_at"])
    gone = own & (after > pd.Timedelta(days=15))
    assert gone.sum() > 3
    with load({**frames, "stages": stages[~gone].reset_index(drop=True)}) as history:
        second = replay(card, history, plan, max_days=60)
    same(first, second)
    assert row(first.left_out, about="outcomes")["n"] >= (subjects.part == 2).sum()


def test_every_lead_that_arrives_is_accounted_for(believable, rich):
    found = replay(rich, believable, wb.parse_plan(SPLIT), capacity=Capacity(per="week", leads=2), max_days=30)
    sums = found.queue[["joined", "worked", "fell", "gone"]].sum()
    assert sums["joined"] == sums["worked"] + sums["fell"] + sums["gone"] + found.queue["waiting"].iloc[-1]
    assert (found.queue["worked"] <= found.queue["capacity"]).all()
    weeks = found.weeks.pivot_table(index="week", columns="tier", values=["reached", "again", "fell"], aggfunc="sum")
    for tier in ("Cold", "Warm", "Hot"):
        reached = found.leads[found.leads["tier"] == tier]
        assert weeks["reached"][tier].sum() == len(reached)
        assert weeks["again"][tier].sum() == (reached["times"] - 1).sum()
    assert found.waits["worked"].sum() == sums["worked"]
    more = replay(rich, believable, wb.parse_plan(SPLIT), capacity="50/day", max_days=30)
    assert more.queue["waiting"].max() == 0
    assert more.queue["worked"].sum() == (more.leads["tier"] == "Warm").sum()


def test_without_tiers_or_capacity(history, model):
    plan = wb.parse_plan("{at: 3d, outcome: won, horizon: 20d}")
    found = replay(model, history, plan)
    assert found.queue.empty
    assert found.waits.empty
    assert found.leads["worked"].isna().all()
    bare = wb.parse_model(
        "{format: lead-scoring-model/1, name: bare, dimensions: {all: {}}, rules: [{id: visits, in: all, "
        "when: {event: visit}, points: 1}]}"
    )
    none = replay(bare, history, plan, capacity="3/week")
    assert none.headline == "The model has no tiers: nobody reaches sales."
    assert none.weeks.empty
    json.dumps(none.to_document(), allow_nan=False)


def test_the_document_is_plain(found):
    document = json.loads(json.dumps(found.to_document(), allow_nan=False))
    assert document["format"] == "lead-scoring-replay/1"
    assert document["capacity"] == {"per": "day", "leads": 1}
    assert len(document["leads"]) == len(found.leads)
    assert document["warning"][0]["stage"] == "opportunity"


def test_an_account_free_past_and_a_lead_that_closes_at_once(model, plan):
    leads = [*LEADS, ("d", "2025-01-08 10:00", "small")]
    stages = [*STAGES, ("d", "2025-01-08 11:00", "lost")]
    with wb.read_history(past(leads, EVENTS, stages), mapping=MAPPING) as history:
        found = replay(model, history, plan)
    assert row(found.left_out, about="replay")["reason"] == "closed before the first day after its creation"


@pytest.mark.slow
def test_the_sample_within_a_minute():
    champion = wb.read_model(ROOT / "notebooks/models/champion.yaml")
    told = []
    with wb.read_history(ROOT / "data/sample") as history:
        found = replay(champion, history, wb.read_plan(ROOT / "notebooks/plans/inbound.yaml"), progress=told.append)
        rng = np.random.default_rng(3)
        lines = found.leads[found.leads["tier"] == "MQL"]
        for line in lines.iloc[rng.choice(len(lines), 5, replace=False)].itertuples():
            on = wb.explain(champion, history, lead_id=line.lead_id, as_of=line.first_reached)
            assert on.tier in {"MQL", "PQL", "SQL"}
            if line.days > 0:
                before = line.first_reached - pd.Timedelta(days=1)
                assert wb.explain(champion, history, lead_id=line.lead_id, as_of=before).tier == "Nurture"
    assert found.moments > 700_000
    assert len(told) > 4
    mql = row(found.warning, stage="opportunity", tier="MQL")
    assert mql["low"] > mql["share_others"]
