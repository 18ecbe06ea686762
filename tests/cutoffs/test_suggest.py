from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from crm import SCORECARD, crm, load, shuffled

import workbench as wb
from workbench.backtesting import backtest
from workbench.cutoffs import Service, Wanted, parse_wanted, suggest_thresholds
from workbench.cutoffs.scene import reached_now
from workbench.errors import CallError

from .conftest import PLAN

CARD = """
format: lead-scoring-model/1
name: card
dimensions: {all: {}}
rules: [{id: size, in: all, map: {field: size, points: {s: 1, m: 2, l: 3}}}]
tiers: [{name: Low, from: 0}, {name: High, from: 2}]
"""


def outcomes_dealt_again(seen, seed):
    """The same observations with the outcomes of each part in another order."""
    random = np.random.default_rng(seed)
    won, amount = seen.subjects.won.copy(), seen.subjects.amount.copy()
    for part in seen.parts:
        rows = seen.rows(part)
        order = random.permutation(rows.stop - rows.start)
        won[rows], amount[rows] = won[rows][order], amount[rows][order]
    return replace(seen, subjects=replace(seen.subjects, won=won, amount=amount))


def test_the_sample_from_capacity_to_a_changed_model(sample):
    model, seen = sample
    found = suggest_thresholds(model, seen, by="capacity")
    (one,) = found.cutoffs
    assert (one.tier, one.current, one.target) == ("MQL", 35, 15)
    assert one.low <= one.threshold <= one.high
    assert found.headline.startswith(f"With 15 leads a week, MQL can begin at {one.threshold:g}")
    # It is the lowest that is kept: one point less is not.
    curve = one.curve.set_index("threshold")["objective"]
    assert curve[one.threshold] >= 0.9
    assert curve[curve.index < one.threshold].iloc[-1] >= 0.9
    assert any("At 43 as many would be worked in time, but at the end of a stretch more" in text for text in one.notes)
    assert any("MQL then begins above PQL from 40, which has minima of its own" in text for text in one.notes)
    # Every lead that arrives is worked or waits, and they are the leads that the changed model lets through.
    weeks = one.weeks[one.weeks["which"] == "suggested"]
    left = weeks.groupby("stretch")["waiting"].last().sum()
    assert weeks["arrivals"].sum() == weeks["worked"].sum() + left
    assert weeks["arrivals"].sum() == reached_now(found.model, seen, "MQL").sum()
    # And the figures are those of a backtest of it.
    judged = backtest(found.model, seen, part="validation")
    row = one.figures[(one.figures["which"] == "suggested") & (one.figures["part"] == "validation")].iloc[0]
    reached = judged.tiers[judged.tiers["tier"].isin(["MQL", "PQL", "SQL"])]
    assert row["n"] == reached["n"].sum()
    assert row["converted"] == reached["converted"].sum()
    today = one.figures[(one.figures["which"] == "current") & (one.figures["part"] == "train")].iloc[0]
    before = backtest(model, seen, part="train").tiers
    assert today["n"] == before[before["tier"].isin(["MQL", "PQL", "SQL"])]["n"].sum()


def test_all_ways_as_one_document(sample):
    model, seen = sample
    found = suggest_thresholds(model, seen)
    assert [each.by for each in found.cutoffs] == ["capacity", "value"]
    assert set(found.skipped) == {"precision", "recall"}
    assert "No target given" in found.skipped["recall"]
    document = json.loads(json.dumps(found.to_document(), allow_nan=False))
    assert document["format"] == "lead-scoring-thresholds/1"
    assert document["cutoffs"][1]["threshold"] == found.by("value").threshold
    assert len(document["cutoffs"][0]["weeks"]) == len(found.by("capacity").weeks)
    assert document["cutoffs"][1]["target"] is None
    assert document["load"]["observations"] == len(seen.subjects.part)
    assert len(found.summary) == 2
    with pytest.raises(CallError, match="expected one way that the threshold was chosen by, found capacity, value"):
        _ = found.model
    assert found.by("value").model.tiers[1].from_ == found.by("value").threshold
    with pytest.raises(CallError, match="No target given"):
        found.by("recall")


def test_value_against_walking_over_rows(models, observe):
    model = models["scorecard"]
    seen = observe(model, win="amount")
    one = suggest_thresholds(model, seen, by="value", tier="Warm").by("value")
    rows = seen.rows("train")
    worth = np.where(seen.subjects.won[rows] == 1, np.nan_to_num(seen.subjects.amount[rows]), 0.0) - 40
    best = None
    for points in range(-5, 41):
        changed = wb.change_model(model, {"tiers.Warm.from": points})
        value = worth[reached_now(changed, seen, "Warm")[rows]].sum()
        if best is None or value >= best[0] - 1e-9:
            best = (max(value, best[0]) if best else value, points)
    assert one.objective == pytest.approx(best[0])
    again = reached_now(wb.change_model(model, {"tiers.Warm.from": best[1]}), seen, "Warm")[rows]
    assert worth[again].sum() == pytest.approx(worth[reached_now(one.model, seen, "Warm")[rows]].sum())


@pytest.mark.parametrize("seed", range(4))
def test_no_gain_is_claimed_where_outcomes_are_dealt_again(sample, seed):
    model, seen = sample
    found = suggest_thresholds(model, outcomes_dealt_again(seen, seed), target=0.15)
    assert not found.ranks
    assert found.headline.startswith(
        "Not enough evidence that the score orders leads better than chance; with 15 leads"
    )
    assert len(found.bands) == 1
    for each in found.cutoffs:
        assert each.verdict != "better"
        assert " better:" not in each.finding
    assert math.isnan(found.by("precision").surely)


def test_tiers_jointly_keep_their_order_and_share_the_work(sample):
    model, seen = sample
    wishes = {"MQL": {"by": "capacity", "capacity": 10}, "SQL": {"by": "capacity", "target": "4/week"}}
    found = suggest_thresholds(model, seen, tiers=wishes)
    mql, sql = found.cutoffs
    assert (mql.tier, sql.tier) == ("MQL", "SQL")
    assert mql.threshold <= sql.threshold
    assert [float(tier.from_) for tier in found.model.tiers if tier.name in wishes] == [mql.threshold, sql.threshold]
    # Who reaches SQL is worked by its own people: the queues share the leads out.
    counts = [each.weeks[each.weeks["which"] == "suggested"]["arrivals"].sum() for each in (mql, sql)]
    assert sum(counts) == reached_now(found.model, seen, "MQL").sum()
    tight = suggest_thresholds(model, seen, tiers={"MQL": Wanted("recall", 0.05), "SQL": Wanted("recall", 0.9)})
    assert tight.cutoffs[0].threshold == tight.cutoffs[1].threshold
    assert any("as high as the tier above" in text for text in tight.cutoffs[0].notes)


def test_rows_in_another_order_are_the_same_past():
    model, found = wb.parse_model(SCORECARD), []
    plan = wb.parse_plan(PLAN.format(by="account", win="500", more=""))
    for frames in (crm(seed=6, leads=500), shuffled(crm(seed=6, leads=500), 3)):
        with load(frames) as history:
            found.append(suggest_thresholds(model, wb.observe(history, [model], plan), target=0.3).to_document())
    for one in found:
        one["data"] = None
    assert json.dumps(found[0]) == json.dumps(found[1])


def test_accounts_are_what_arrives(models, observe):
    model = models["accounts"]
    seen = observe(model, by="account", more=", unit: account")
    found = suggest_thresholds(model, seen, target=0.3)
    assert {each.tier for each in found.cutoffs} == {"Busy"}
    one = found.by("recall")
    assert one.model.account.tiers[1].from_ == one.threshold
    row = one.figures[one.figures["which"] == "suggested"].iloc[0]
    assert row["n"] == reached_now(one.model, seen, "Busy")[seen.rows("train")].sum()


def test_a_lead_on_several_lists_arrives_once(models, observe):
    model = models["scorecard"]
    with load(crm(seed=4, leads=400)) as history:
        plan = wb.parse_plan("{at: {every: month}, outcome: won, horizon: 40d, capacity: {per: month, leads: 30}}")
        seen = wb.observe(history, [model], plan)
    one = suggest_thresholds(model, seen, by="capacity").by("capacity")
    weeks = one.weeks[one.weeks["which"] == "suggested"]
    reached = reached_now(one.model, seen, "Warm")
    assert weeks["arrivals"].sum() == len(set(seen.subjects.lead_id[reached])) < reached.sum()
    first = pd.Series(seen.subjects.as_of_us[reached]).groupby(seen.subjects.lead_id[reached]).min()
    by_week = pd.to_datetime(first, unit="us", utc=True).dt.tz_localize(None).dt.to_period("W").dt.start_time
    shown = weeks.set_index(weeks["week"].dt.tz_localize(None))["arrivals"]
    assert shown[shown > 0].to_dict() == by_week.value_counts().to_dict()
    with pytest.raises(CallError, match="expected first_in where leads are observed several times"):
        suggest_thresholds(model, seen, by="capacity", service=Service(order="best_first"))


def test_a_flat_table_has_no_queue():
    random = np.random.default_rng(2)
    size = random.choice(["s", "m", "l"], 400)
    chance = pd.Series(size).map({"s": 0.1, "m": 0.3, "l": 0.6})
    frame = pd.DataFrame({"lead_id": range(400), "size": size, "won": (random.random(400) < chance).astype(int)})
    model = wb.parse_model(CARD)
    mapping = """{format: lead-history/1, leads: {file: leads, id: lead_id, outcome: {field: won, equals: 1}}}"""
    with wb.read_history({"leads": frame}, mapping=mapping) as history:
        seen = wb.observe(history, [model], wb.parse_plan("{at: recorded, allow_undated: true}"))
    found = suggest_thresholds(model, seen, target=0.5, capacity=10)
    assert [each.by for each in found.cutoffs] == ["precision", "recall"]
    assert "without dates" in found.skipped["capacity"]
    assert "no value" in found.skipped["value"].lower()
    assert found.by("precision").threshold == 3
    assert found.judged_on is None
    assert any("same part" in text for text in found.warnings)
    with pytest.raises(CallError, match="expected dates, and how many leads sales can work"):
        suggest_thresholds(model, seen, by="capacity", capacity=10)
    with pytest.raises(CallError, match="found no value in the plan"):
        suggest_thresholds(model, seen, by="value")


def test_a_model_without_tiers_is_cut_by_its_score(observe):
    model = wb.parse_model(SCORECARD.split("tiers:")[0])
    found = suggest_thresholds(model, observe(model), target=0.3)
    assert {each.tier for each in found.cutoffs} == {None}
    assert found.by("value").verdict == ""
    assert found.by("value").model is None
    with pytest.raises(CallError, match="a model whose tiers begin at no score"):
        _ = suggest_thresholds(model, observe(model), by="value").model


def test_without_a_split_a_gain_is_judged_across_folds(models):
    model = models["scorecard"]
    plan = wb.parse_plan("{at: 14d, outcome: won, horizon: 40d, value: {contact_cost: 40, win: 500}}")
    with load(crm(seed=4, leads=900)) as history:
        found = suggest_thresholds(model, wb.observe(history, [model], plan), by="value")
    one = found.by("value")
    assert found.chosen_on == "all"
    assert one.gain_low < one.gain < one.gain_high
    in_sample = one.figures.set_index("which")["value"]
    assert one.gain <= in_sample["suggested"] - in_sample["current"]


def test_wrong_calls(models, observe):
    model = models["scorecard"]
    seen = observe(model)
    with pytest.raises(CallError, match=r"by: expected capacity, value, precision, recall, found 'money'"):
        suggest_thresholds(model, seen, by="money")
    with pytest.raises(CallError, match="expected the precision to be met, found no target given"):
        suggest_thresholds(model, seen, by="precision")
    with pytest.raises(CallError, match="target: expected a share above 0 and at most 100 %, found 20"):
        suggest_thresholds(model, seen, by="precision", target=20)
    with pytest.raises(CallError, match="expected train, validation or all, found test"):
        suggest_thresholds(model, seen, part="test")
    with pytest.raises(CallError, match="expected no by, target or tier beside it"):
        suggest_thresholds(model, seen, by="value", tiers={"Warm": {"by": "value"}})
    with pytest.raises(CallError, match=r"tiers.Hot: expected the recall to be met"):
        suggest_thresholds(model, seen, tiers={"Hot": Wanted("recall")})
    with pytest.raises(CallError, match="Did you mean 'Hot'"):
        suggest_thresholds(model, seen, tiers={"Hott": {"by": "value"}})


@pytest.mark.parametrize(
    "text", ["MQL", "MQL:luck", "MQL:capacity=0", "MQL:precision=120%", "MQL:value=3", ":recall=2%"]
)
def test_wishes_that_cannot_be_read(text):
    with pytest.raises(CallError, match="--tier"):
        parse_wanted(text)
