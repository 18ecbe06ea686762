"""The score of each day: the oracle's, that of an observation, and blind for what comes later."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from crm import DAY, added, load

import workbench as wb
from workbench.errors import PlanError
from workbench.replaying import days as days_module
from workbench.replaying.days import OUTSIDE, Days
from workbench.replaying.following import Span, followed
from workbench.replaying.grid import Grid
from workbench.trajectory import trajectory

PLAN = "{at: 14d, outcome: won, horizon: 40d}"


def table(model, history, plan=PLAN, every="day", max_days=40):
    """Every score of a replay: lead, moment, score, rank."""
    plan = wb.parse_plan(plan)
    leads = followed(history, plan, Span(Grid.of(every), history.until_us, max_days))
    parts = []
    for block in Days(model, history, plan, leads).blocks(lambda _: None):
        score = np.where(block.rank < -1, np.nan, block.milli / 1000)
        rows = {"lead_id": leads.lead_id[block.lead], "as_of": leads.grid.times(block.at), "score": score}
        parts.append(pd.DataFrame({**rows, "rank": block.rank}))
    return pd.concat(parts, ignore_index=True).sort_values(["lead_id", "as_of"], ignore_index=True)


def test_each_day_is_the_oracles(believable, rich, frames):
    found = table(rich, believable).set_index(["lead_id", "as_of"])
    names = [tier.name for tier in rich.tiers]
    rng, days, scores = np.random.default_rng(5), 0, set()
    for lead in rng.choice(frames["leads"]["lead_id"], 6, replace=False):
        own = found.loc[lead]
        last = own.index[-1]
        told = trajectory(rich, believable, lead_id=lead, as_of=last, days=40).scores.set_index("as_of")
        assert list(told.index)[-len(own) :] == list(own.index)
        for at, row in own.iterrows():
            then = told.loc[at]
            if row["rank"] >= 0:
                assert then["tier"] == names[int(row["rank"])]
            if not np.isnan(then["score"]):
                assert row["score"] == then["score"]
                scores.add(row["score"])
            days += 1
    assert days > 100
    assert len(scores) > 15


def test_mondays_are_those_of_an_observation_every_week(believable, rich):
    plan = wb.parse_plan("{at: {every: week}, outcome: won, horizon: 1d}")
    seen = wb.observe(believable, [rich], plan)
    scores = seen.scorer(rich).scores()
    there = seen.frame()[["lead_id", "as_of"]].assign(score=scores.milli / 1000, out=scores.out)
    found = table(rich, believable, every="week", max_days=2_000)
    both = there.merge(found, on=["lead_id", "as_of"], how="outer", indicator=True)
    assert (both["_merge"] != "left_only").all()
    late = both.loc[both["_merge"] == "right_only", "as_of"]
    assert (late + DAY > pd.Timestamp(believable.until_us, unit="us", tz="UTC")).all()  # immature for the plan
    inside = both[(both["_merge"] == "both") & ~both["out"].eq(other=True)]
    assert len(inside) > 200
    assert inside["score_x"].tolist() == inside["score_y"].tolist()


def test_one_day_is_the_scored_list(believable, rich):
    at = pd.Timestamp("2025-09-01", tz="UTC")
    found = table(rich, believable)
    own = found[found["as_of"] == at].set_index("lead_id")["score"]
    listed = wb.score(rich, believable, at.isoformat()).set_index("lead_id")["score"]
    assert len(own) > 10
    pd.testing.assert_series_equal(own, listed.loc[own.index], check_names=False)


def test_small_blocks_change_nothing(believable, rich, monkeypatch):
    whole = table(rich, believable)
    monkeypatch.setattr(days_module, "MOST", 1_200)
    pd.testing.assert_frame_equal(table(rich, believable), whole)


def test_what_comes_later_changes_no_earlier_day(frames, believable, rich):
    cut = pd.Timestamp("2025-08-01", tz="UTC")
    leads = frames["leads"].loc[frames["leads"]["created_at"] < cut, "lead_id"].iloc[:30]
    own = {"lead_id": leads, "at": cut}
    later = added(frames, "events", pd.DataFrame({**own, "event": "page_view", "page": "/pricing"}))
    later = added(later, "stages", pd.DataFrame({**own, "stage": "mql"}))
    changed = frames["changes"].query("at < @cut")["lead_id"]
    own = {"lead_id": leads[leads.isin(changed)], "at": cut}
    later = added(later, "changes", pd.DataFrame({**own, "field": "plan_type", "value": "trial", "old": "x"}))
    with load(later) as history:
        after = table(rich, history)
    before = table(rich, believable)
    merged = before.merge(after, on=["lead_id", "as_of"])
    early = merged[merged["as_of"] <= cut]
    assert len(early) > 500
    pd.testing.assert_series_equal(early["score_x"], early["score_y"], check_names=False)
    late = merged[(merged["as_of"] > cut) & merged["lead_id"].isin(leads)]
    assert (late["score_x"] != late["score_y"]).any()


def test_outside_of_the_population_there_is_no_tier(believable, rich):
    plan = "{at: 14d, outcome: won, horizon: 40d, population: {when: {field: stage, equals: mql}}}"
    found, whole = table(rich, believable, plan), table(rich, believable)
    outside = found["rank"] == OUTSIDE
    assert 0 < outside.sum() < len(found)
    assert found.loc[~outside, "rank"].tolist() == whole.loc[~outside, "rank"].tolist()
    stages = wb.parse_model(
        "{format: lead-scoring-model/1, name: s, dimensions: {all: {}}, rules: [{id: m, in: all, "
        "when: {field: stage, equals: mql}, points: 1}]}"
    )
    assert (table(stages, believable)["score"] == 1).tolist() == (~outside).tolist()


def test_undated_fields_need_the_plans_consent(frames):
    from crm import MAPPING

    mapping = MAPPING.replace("region: creation, ", "")
    model = wb.parse_model(
        "{format: lead-scoring-model/1, name: r, dimensions: {all: {}}, rules: [{id: r, in: all, "
        "when: {field: region, equals: EU}, points: 1}]}"
    )
    with wb.read_history(dict(frames), mapping=mapping) as history:
        with pytest.raises(PlanError, match="fields of unknown date in use: region"):
            table(model, history)
        assert len(table(model, history, "{at: 14d, outcome: won, horizon: 40d, allow_undated: [region]}")) > 0
