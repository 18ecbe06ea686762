"""The whole comparison on a small past: against the backtests of each model, by hand with pandas, in words."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from crm import crm, load

import workbench as wb
from workbench.comparing import Comparison, compare
from workbench.comparing.comparison import FRAMES, LISTED
from workbench.errors import CallError, PlanError

DRAWS = 200


@pytest.fixture(scope="module")
def found(champion, challenger, seen):
    return {name: compare(champion, challenger, each, draws=DRAWS) for name, each in seen.items()}


@pytest.fixture(scope="module")
def many(champion, challenger, third, seen):
    return compare(champion, [challenger, third], seen["leads"], draws=DRAWS)


def figure(result: Comparison, name: str) -> pd.Series:
    return result.figures[result.figures["figure"] == name].iloc[0]


@pytest.mark.parametrize("name", ["leads", "monthly", "accounts"])
def test_each_side_is_that_models_own_backtest(found, champion, challenger, seen, name, monkeypatch):
    monkeypatch.setattr("workbench.backtesting.figures.DRAWS", 20)
    result = found[name]
    for side, model in (("champion", champion), ("challenger", challenger)):
        own = wb.backtest(model, seen[name])
        for metric in ("auc", "lift_10"):
            assert figure(result, metric)[side] == pytest.approx(own.value(metric))
        reached = own.tiers.set_index("tier")
        tiers = result.tiers.set_index("tier")
        names = list(reached.index)
        for tier in tiers.index:
            assert tiers.loc[tier, side] == reached["n"].iloc[names.index(tier) :].sum()
    assert (result.n, result.converted) == (own.n, own.converted)
    assert result.clustered == (name != "accounts")


def test_equal_capacity_is_the_plans_for_the_length_of_the_part(found, seen):
    moments = seen["leads"].subjects.as_of_us[seen["leads"].rows("validation")]
    weeks = (moments.max() - moments.min()) / 86_400_000_000 / 7
    assert found["leads"].capacity_basis == "plan"
    assert found["leads"].capacity_leads == pytest.approx(3 * weeks)
    assert found["leads"].capacity.endswith("days)")
    months = len(np.unique(seen["monthly"].subjects.as_of_us))
    assert found["monthly"].capacity_leads == pytest.approx(40 * months)


def test_without_a_plan_for_it_capacity_is_what_the_champion_takes(found):
    result = found["accounts"]
    main = result.tiers.set_index("tier").loc["Keen"]
    assert result.capacity_basis == "tier"
    assert result.capacity_leads == main["champion"]
    both = result.swaps[(result.swaps["at"] == "capacity") & (result.swaps["swap"] != "out")]
    assert both["n"].sum() == pytest.approx(main["champion"])


def test_without_tiers_it_is_a_tenth(seen):
    flat = wb.parse_model(
        "format: lead-scoring-model/1\nname: flat\ndimensions: {fit: {}}\n"
        "rules: [{id: trial, in: fit, when: {field: plan_type, equals: trial}, points: 4}]\n"
    )
    plain = replace(seen["leads"], plan=seen["leads"].plan.model_copy(update={"capacity": None}))
    result = compare(flat, wb.change_model(flat, {"rules.trial.points": -4}), plain, draws=20)
    assert result.capacity_basis == "top"
    assert len(result.tiers) == 0
    assert set(result.swaps["at"]) == {"capacity"}


@pytest.mark.parametrize("name", ["leads", "monthly", "accounts"])
def test_swaps_are_the_leads_that_change_sides(found, name):
    result = found[name]
    swaps = result.swaps.set_index(["at", "swap"])
    for at in ("capacity", "tier"):
        listed = {kind: result.swapped(kind, at=at) for kind in ("in", "out")}
        for kind, frame in listed.items():
            row = swaps.loc[(at, kind)]
            assert frame["share"].sum() == pytest.approx(row["n"])
            assert (frame["share"] * frame["converted"]).sum() == pytest.approx(row["converted"])
            assert (frame["share"] * frame["amount"]).sum() == pytest.approx(row["amount"])
            assert frame["share"].between(0, 1).all()
    swapped = swaps.loc["capacity"]
    assert swapped.loc["in", "n"] == pytest.approx(swapped.loc["out", "n"])
    gained = swapped.loc["in", "converted"] - swapped.loc["out", "converted"]
    assert figure(result, "captured")["change"] == pytest.approx(gained)
    main = result.tiers.set_index("tier").iloc[1]
    assert swaps.loc[("tier", "in"), "n"] == main["only_challenger_converted"] + main["only_challenger_others"]
    assert swaps.loc[("tier", "out"), "converted"] == main["only_champion_converted"]
    if "value" in set(result.figures["figure"]):
        earned = swapped.loc["in", "amount"] - swapped.loc["out", "amount"]
        assert figure(result, "value")["change"] == pytest.approx(earned)


def test_listed_leads_have_pseudonyms_or_their_own_names(found, seen):
    hidden = found["leads"].swapped("in", at="tier")
    shown = found["leads"].swapped("in", at="tier", pseudonyms=False)
    assert hidden["lead_id"].str.startswith("anon-").all()
    assert set(shown["lead_id"]) <= set(seen["leads"].subjects.lead_id)
    assert hidden["share"].sum() == shown["share"].sum()
    names = {"champion_tier", "challenger_tier"}
    assert names <= set(shown.columns)
    assert not (shown["champion_tier"] == shown["challenger_tier"]).any()
    assert shown["as_of"].dt.tz is not None


def test_a_document_lists_the_first_who_are_swapped(found):
    result = found["leads"]
    told = result.to_document()["swapped"]
    for kind in ("in", "out"):
        frame, listed = result.swapped(kind), told[result.challengers[0]][kind]
        assert listed["n"] == len(frame)
        assert [each["lead_id"] for each in listed["leads"]] == list(frame["lead_id"][:LISTED])
        assert all(each["lead_id"].startswith("anon-") for each in listed["leads"])


def test_segments_and_months_are_the_same_comparison_on_some(found, champion, challenger, seen):
    result, rows = found["leads"], seen["leads"].rows("validation")
    segment = seen["leads"].subjects.segments["region"]
    labels = np.array(segment.labels)[segment.codes[rows]]
    frame = result.segments[result.segments["segment"] == "region"]
    assert list(dict.fromkeys(frame["value"])) == list(pd.Series(labels).value_counts().index)
    captured = frame[frame["figure"] == "captured"]
    assert captured["n"].sum() == result.n
    assert captured["change"].sum() == pytest.approx(figure(result, "captured")["change"])
    months = result.months[result.months["figure"] == "captured"]
    assert months["converted"].sum() == result.converted
    assert list(months["month"]) == sorted(months["month"])
    few = frame[(frame["n"] < 30) | (frame["converted"] < 5)]
    assert set(few["verdict"]) <= {"not enough evidence", "same"}
    assert few[["low", "high"]].isna().all(axis=None)
    area = frame[frame["figure"] == "auc"].dropna(subset=["low"])
    assert (area["high"] - area["low"] < 2).all()
    known = frame["p"].notna()
    assert (frame.loc[known, "p_adjusted"] >= frame.loc[known, "p"]).all()


def test_a_segment_that_is_worse_is_only_said_to_be_if_it_stands_among_all():
    """One region where the challenger ranks upside down, and nothing else differs: it alone is worse."""
    random = np.random.default_rng(5)
    n = 3000
    fit, region = random.integers(0, 6, n), random.choice(["EU", "US", "APAC"], n)
    frame = pd.DataFrame(
        {"lead_id": range(n), "fit": fit, "region": region, "won": (random.random(n) < 0.05 + 0.08 * fit).astype(int)}
    )
    cases = ", ".join(f"{{when: {{field: fit, equals: {at}}}, points: {at}}}" for at in range(6))
    text = (
        "format: lead-scoring-model/1\nname: champion\ndimensions: {all: {}}\n"
        f"rules:\n  - {{id: fit, in: all, cases: [{cases}]}}\n"
    )
    down = ", ".join(f"{{when: {{field: fit, equals: {at}}}, points: {-2 * at}}}" for at in range(6))
    other = (
        "variants: [{name: us, when: {field: region, equals: US}, "
        f"override: [{{id: fit, in: all, cases: [{down}]}}]}}]"
    )
    with wb.read_history(frame, outcome="won=1") as history:
        models = wb.parse_model(text), wb.parse_model(text.replace("champion", "other") + other)
        plan = wb.parse_plan("{at: recorded, segments: [region]}")
        seen = wb.observe(history, models, plan)
    result = compare(*models, seen, draws=50)
    area = result.segments[result.segments["figure"] == "auc"].set_index("value")
    assert area["verdict"].to_dict() == {"US": "worse", "EU": "same", "APAC": "same"}
    assert result.verdict() == "worse"
    assert result.worse == ("other",)
    assert len(result.months) == 0
    assert "other ranks worse than champion" in result.headline


def test_the_same_model_is_the_same(champion, seen):
    result = compare(champion, champion, seen["leads"], draws=50)
    assert result.champion != result.challengers[0]
    assert set(result.figures["verdict"]) == {"same"}
    assert set(result.tiers["verdict"]) == {"same"}
    assert set(result.segments["verdict"]) <= {"same", "not enough evidence"}
    assert len(result.swapped("in")) == len(result.swapped("out", at="tier")) == 0
    assert result.headline.endswith("nothing differs.")
    assert not result.worse


def test_the_headline_claims_nothing_without_evidence(found):
    for result in found.values():
        said = result.verdict()
        assert said == figure(result, "auc")["verdict"]
        assert ("not enough evidence" in result.headline.split(":")[0]) == (said == "not enough evidence")
        assert (" better than " in result.headline.split(":")[0]) == (said == "better")


def test_several_challengers_are_judged_on_the_same_replicates(many, found, challenger):
    assert many.several
    assert len(many.challengers) == 2
    assert len(many.choice) == 4
    one = many.figures[many.figures["model"] == many.challengers[0]].reset_index(drop=True)
    alone = found["leads"].figures
    pd.testing.assert_series_equal(one["change"], alone["change"])
    assert (one["adjusted_low"] <= one["low"]).all()
    assert many.best in many.challengers
    assert many.choice.set_index("figure").loc["auc", "best"] == many.best
    assert (many.choice["optimism"] >= 0).all()
    assert many.headline.startswith("Of 2 challengers, adjusted for choosing the best: ")


def test_the_document_is_plain_and_complete(many):
    document = json.loads(json.dumps(many.to_document(), allow_nan=False))
    assert document["format"] == "lead-scoring-comparison/1"
    for name in FRAMES:
        assert len(document[name]) == len(getattr(many, name))
        assert [*document[name][0]] == [*getattr(many, name).columns]
    assert document["headline"] == many.headline
    assert {each["verdict"] for each in document["verdicts"].values()} <= {
        *("better", "worse", "same", "not enough evidence"),
    }


def test_what_a_reader_must_know_is_said(found, champion, challenger, seen):
    assert any("chosen because it did well on this validation part" in each for each in found["leads"].warnings)
    train = compare(champion, challenger, seen["leads"], part="train", draws=20)
    assert any("This is the train part" in each for each in train.warnings)
    assert any("Nothing is held back" in each for each in found["monthly"].warnings)
    roomy = replace(
        seen["leads"],
        plan=wb.parse_plan(
            "{at: 14d, outcome: won, horizon: 40d, capacity: {per: day, leads: 999}, split: {by: lead}}"
        ),
    )
    bounded = compare(champion, challenger, roomy, draws=20)
    assert any("Everybody can be worked" in each for each in bounded.warnings)
    assert figure(bounded, "captured")["verdict"] == "same"


def test_wrong_calls_are_refused(champion, challenger, seen, found):
    with pytest.raises(CallError, match="which is sealed"):
        compare(champion, challenger, seen["leads"], part="test")
    with pytest.raises(CallError, match="at least one model"):
        compare(champion, [], seen["leads"])
    with pytest.raises(CallError, match="between 0 and 1"):
        compare(champion, challenger, seen["leads"], confidence=95)
    with pytest.raises(CallError, match="at least 1"):
        compare(champion, challenger, seen["leads"], draws=0)
    with pytest.raises(CallError, match="kind in or out"):
        found["leads"].swapped("over")
    with pytest.raises(CallError, match="challenger: expected one of"):
        found["leads"].verdict("nobody")
    named = replace(
        seen["leads"], plan=wb.parse_plan("{at: 14d, outcome: won, horizon: 40d, tier: Hottest, split: {by: lead}}")
    )
    with pytest.raises(PlanError, match="Hottest"):
        compare(champion, challenger, named)


@pytest.mark.slow
def test_on_shuffled_labels_nothing_is_better_in_more_than_few_runs(champion, challenger, third):
    """The outcomes of a small past are dealt out anew: no model knows anything of them."""
    frames = crm(seed=9, leads=900)
    plan = wb.parse_plan(
        "{at: 14d, outcome: won, horizon: 40d, cluster: account, segments: [region], capacity: {per: week, leads: 4}}"
    )
    with load(frames) as history:
        seen = wb.observe(history, [champion, challenger, third], plan)
    random = np.random.default_rng(3)
    claims = []
    for _ in range(120):
        won = random.permutation(seen.subjects.won)
        shuffled = replace(seen, subjects=replace(seen.subjects, won=won))
        result = compare(champion, [challenger, third], shuffled, draws=200)
        claims.append(
            {
                "headline": " better than " in result.headline,
                "figures": (result.figures["adjusted_verdict"] == "better").any(),
                "tiers": (result.tiers["verdict"] == "better").any(),
                "segments": (result.segments["verdict"] == "better").any(),
            }
        )
    often = pd.DataFrame(claims).mean()
    assert often["headline"] < 0.05
    assert (often[["figures", "tiers", "segments"]] < 0.10).all()  # four figures, two tiers, two figures of segments


@pytest.mark.parametrize("converted", [0, 1, 40])
def test_one_outcome_alone_says_nothing(converted):
    """Nobody converts, one does, or everybody: a result all the same, and no claim."""
    frame = pd.DataFrame({"lead_id": range(40), "size": [0, 5] * 20, "won": [0, 1, 1, 0] * 10})
    text = (
        "format: lead-scoring-model/1\nname: flat\ndimensions: {fit: {}}\n"
        "rules: [{id: big, in: fit, when: {field: size, at_least: 3}, points: 4}]\n"
        "tiers: [{name: Low, from: 0}, {name: High, from: 3}]\n"
    )
    model = wb.parse_model(text)
    other = wb.change_model(model, {"rules.big.points": -4})
    with wb.read_history(frame, outcome="won=1") as history:
        seen = wb.observe(history, [model, other], wb.parse_plan("{at: recorded, segments: [size]}"))
    won = np.arange(40) >= 40 - converted
    seen = replace(seen, subjects=replace(seen.subjects, won=won.astype(np.int8)))
    result = compare(model, [other, model], seen, draws=50)
    first = result.figures[result.figures["model"] == result.challengers[0]]
    assert set(first["adjusted_verdict"]) <= {"not enough evidence", "same"}
    assert set(result.tiers["verdict"]) <= {"not enough evidence", "same"}
    assert "better than" not in result.headline
    assert json.dumps(result.to_document(), allow_nan=False)
