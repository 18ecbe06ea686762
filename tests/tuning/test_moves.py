"""Who moves between tiers: against pandas, against the tiers of each model's own backtest, and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from crm import SCORECARD, crm, load

import workbench as wb
from workbench.errors import CallError
from workbench.metrics.intervals import wilson
from workbench.tuning import Bench
from workbench.tuning.moves import moves

LEADS = "{at: 14d, outcome: won, horizon: 40d, cluster: account, split: {by: lead, test: 20%, validation: 30%}}"
ACCOUNTS = "{unit: account, at: 14d, outcome: won, horizon: 40d}"
COLUMNS = ["champion_tier", "candidate_tier", "n", "converted", "rate", "rate_low", "rate_high"]
GATES = [
    {"id": "rival", "when": {"field": "region", "equals": "nowhere"}, "tier": "Out"},
    {"id": "asia", "when": {"field": "region", "equals": "APAC"}, "tier": "Out"},
]
FRAMES = crm(seed=4, leads=900)
REGIONS = FRAMES["leads"].set_index("lead_id")["region"]
EDITS = {"tiers.Warm.from": 6, "tiers.Hot.from": 14, "rules.trial.points": 0, "rules.title.default": 3}


@pytest.fixture(scope="module")
def champion():
    rolled = "account: {roll_up: sum, tiers: [{name: Cool, from: 0}, {name: Keen, from: 30}]}\n"
    return wb.parse_model(SCORECARD + rolled)


@pytest.fixture(scope="module")
def candidate(champion):
    return wb.change_model(champion, EDITS)


@pytest.fixture(scope="module")
def gated(champion):
    return wb.change_model(champion, {"gates": GATES})


@pytest.fixture(scope="module")
def bench(champion, gated):
    with load(FRAMES) as history:
        return Bench(champion, wb.observe(history, [champion, gated], wb.parse_plan(LEADS)))


@pytest.fixture(scope="module")
def of_accounts(champion):
    with load(FRAMES) as history:
        return Bench(champion, wb.observe(history, [champion], wb.parse_plan(ACCOUNTS)))


def tiers_of(model, bench, part):
    """Each model's own frame of tiers, by name: the second opinion on the margins."""
    return wb.backtest(model, bench.seen, part=part).tiers.set_index("tier")


def test_columns_and_every_pair_once(bench, candidate):
    found = moves(bench, candidate, "validation")
    assert list(found.columns) == COLUMNS
    assert not found.duplicated(["champion_tier", "candidate_tier"]).any()
    assert list(dict.fromkeys(found["champion_tier"])) == ["Disqualified", "Cold", "Warm", "Hot"]
    assert len(found) == 16


@pytest.mark.parametrize("part", ["train", "validation"])
def test_margins_are_the_tiers_of_each_models_own_backtest(bench, champion, candidate, part):
    found = moves(bench, candidate, part)
    for column, model in (("champion_tier", champion), ("candidate_tier", candidate)):
        own = tiers_of(model, bench, part)
        margin = found.groupby(column)[["n", "converted"]].sum()
        pd.testing.assert_frame_equal(margin.sort_index(), own[["n", "converted"]].sort_index(), check_names=False)


def test_cells_are_what_pandas_counts(bench, champion, candidate):
    found = moves(bench, candidate, "train").set_index(["champion_tier", "candidate_tier"])
    rows = bench.seen.rows("train")
    names = {}
    for which, model in (("old", champion), ("new", candidate)):
        scores = bench.seen.scorer(model).scores(rows)
        fit = scores.dimensions["fit"]
        cuts = {tier.name: float(tier.from_) * 1000 for tier in model.tiers}
        tier = np.where(scores.milli >= cuts["Warm"], "Warm", "Cold")
        tier = np.where((scores.milli >= cuts["Hot"]) & (fit >= 6000), "Hot", tier)
        names[which] = np.select([scores.gate == 1, scores.gate == 2], ["Disqualified", "Hot"], tier)
    won = bench.seen.subjects.won[rows] == 1
    table = pd.DataFrame({**names, "won": won}).groupby(["old", "new"])["won"].agg(["size", "sum", "mean"])
    filled = found[found["n"] > 0]
    assert len(filled) >= 5
    assert set(filled.index) == set(table.index)
    aligned = table.loc[filled.index]
    assert filled["n"].tolist() == aligned["size"].tolist()
    assert filled["converted"].tolist() == aligned["sum"].tolist()
    np.testing.assert_allclose(filled["rate"], aligned["mean"])
    empty = found[found["n"] == 0]
    assert len(empty)
    assert empty[["rate"]].isna().all().all()


def test_the_champion_itself_moves_nobody_and_has_its_own_intervals(bench, champion):
    found = moves(bench, champion, "validation")
    stays = found["champion_tier"] == found["candidate_tier"]
    assert found.loc[~stays, "n"].sum() == 0
    own = tiers_of(champion, bench, "validation")
    alone = found[stays].set_index("champion_tier").loc[own.index]
    np.testing.assert_allclose(alone["rate_low"], own["rate_low"], rtol=1e-12)
    np.testing.assert_allclose(alone["rate_high"], own["rate_high"], rtol=1e-12)


def test_the_other_way_round_is_the_same_table_turned(bench, champion, candidate):
    there = moves(bench, candidate, "train")
    back = moves(Bench(candidate, bench.seen), champion, "train")
    turned = back.rename(columns={"champion_tier": "candidate_tier", "candidate_tier": "champion_tier"})
    keys = ["champion_tier", "candidate_tier"]
    pd.testing.assert_frame_equal(
        there.sort_values(keys, ignore_index=True), turned[COLUMNS].sort_values(keys, ignore_index=True)
    )


def test_intervals_hold_the_rate_and_are_no_narrower_than_without_clusters(bench, candidate):
    found = moves(bench, candidate, "train").query("n > 0")
    plain = wilson(found["converted"], found["n"])
    assert ((found["rate_low"] <= found["rate"]) & (found["rate"] <= found["rate_high"])).all()
    assert (found["rate_low"] <= plain.low + 1e-12).all()
    assert (found["rate_high"] >= plain.high - 1e-12).all()


def test_models_with_other_tiers_are_crossed_by_their_own_names(bench, champion):
    other = wb.change_model(champion, {"tiers": [{"name": "No", "from": 0}, {"name": "Yes", "from": 12}], "gates": []})
    found = moves(bench, other, "train")
    assert list(dict.fromkeys(found["candidate_tier"])) == ["No", "Yes"]
    assert found["n"].sum() == bench.seen.rows("train").stop
    bare = moves(bench, wb.change_model(champion, {"tiers": [], "gates": []}), "train")
    assert set(bare["candidate_tier"]) == {"no tier"}


def test_two_gates_to_one_tier_are_one_column(bench, champion, gated):
    found = moves(bench, gated, "train")
    assert list(dict.fromkeys(found["candidate_tier"])) == ["Out", "Cold", "Warm", "Hot"]
    region = bench.seen.frame().query("part == 'train'").join(REGIONS, on="lead_id")["region"]
    assert found.groupby("candidate_tier")["n"].sum()["Out"] == region.isin(["nowhere", "APAC"]).sum()
    assert found.groupby("champion_tier")["n"].sum()["Disqualified"] == (region == "nowhere").sum()


def test_accounts_move_between_tiers_of_accounts(of_accounts, champion, candidate):
    found = moves(of_accounts, candidate, "all")
    assert set(found["champion_tier"]) >= {"Cool", "Keen"}
    for column, model in (("champion_tier", champion), ("candidate_tier", candidate)):
        own = tiers_of(model, of_accounts, "all")
        margin = found.groupby(column)[["n", "converted"]].sum()
        pd.testing.assert_frame_equal(margin.sort_index(), own[["n", "converted"]].sort_index(), check_names=False)
    assert found.query("champion_tier != candidate_tier")["n"].sum() > 0


def test_sealed_outcomes_stay_sealed(bench, candidate):
    with pytest.raises(CallError, match="sealed"):
        moves(bench, candidate, "test")
