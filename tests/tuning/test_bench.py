"""The bench against the backtest: every figure, of every form of model, on every part."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from crm import SCORECARD, crm, load

import workbench as wb
from workbench.backtesting.figures import bands as judged_bands
from workbench.errors import ModelError, NotObserved, PlanError
from workbench.tuning import Bench
from workbench.tuning.binding import MOST_KEPT
from workbench.tuning.changes import COLUMNS

ACCOUNT = (
    "account: {{roll_up: {kind}, tiers: [{{name: Low, from: 0}}, {{name: Mid, from: 9}}, {{name: Top, from: 20}}]}}\n"
)
EXTRA = {"scorecard": ["matrix", "variants"], "variants": ["scorecard"], "plain": ["ungated"]}
CHANGES = [
    {"rules.title.cases[1].points": 11, "rules.silent.points": -1.5},
    {"rules.pricing.points": 7.25, "rules.pricing.decay.half_life": "3d", "dimensions.fit.max": 9},
    {"groups.mail.max": 2, "rules.opens.weight": 1.5, "rules.pages.limit.points": 3},
]


# --- equal to the backtest --------------------------------------------------------------------------------------------


def assert_stands_as_judged(bench, standing, result):
    """A part's standing says what a backtest says, number for number."""
    part, judged = standing.parts[result.part], result.judging.judged
    assert (part.part, part.n, part.converted) == (result.part, result.n, result.converted)
    assert part.rate == result.base_rate
    spread = result.distribution.dropna(subset="score")
    np.testing.assert_array_equal(part.scores, spread["score"])
    np.testing.assert_array_equal(part.negatives, spread["not_converted"])
    np.testing.assert_array_equal(part.positives, spread["converted"])
    gated = result.distribution[result.distribution["score"].isna()]
    assert part.gated_negatives == gated["not_converted"].sum()
    assert part.gated_positives == gated["converted"].sum()
    for column in ("threshold", "precision", "recall"):
        np.testing.assert_array_equal(getattr(part, column), result.thresholds[column])
    if result.has_value:
        np.testing.assert_allclose(part.value, result.thresholds["value"], rtol=1e-12)
    else:
        assert part.value.shape == (0,)
    metrics = result.metrics.set_index("metric")["value"]
    assert part.auc == pytest.approx(metrics["auc"], rel=1e-12)
    for at, name in ((5, "5"), (10, "10"), (20, "20")):
        assert part.depth[at] == at / 100
        assert part.lift[at] == pytest.approx(metrics[f"lift_{name}"], rel=1e-9)
        assert part.captured[at] == pytest.approx(metrics[f"capture_{name}"], rel=1e-9)
    assert_bands_as_judged(bench, bench.with_intervals(standing).parts[result.part], judged)
    assert standing.cuts == result.tier_cuts


def assert_bands_as_judged(bench, part, judged):
    expected = judged_bands(judged, bench.edges).query("band != 'gated'").set_index("low")
    bands = part.bands
    assert len(bands.labels) == len(bench.edges) == len(bands.n)
    assert bands.n.sum() == expected["n"].sum()
    for at, low in enumerate(bench.edges):
        if low not in expected.index:
            assert bands.n[at] == bands.converted[at] == 0
            assert np.isnan([bands.rate[at], bands.rate_low[at], bands.rate_high[at]]).all()
            continue
        row = expected.loc[low]
        for column in ("n", "converted", "rate", "high", "enough"):
            assert getattr(bands, column)[at] == row[column], column
        for column in ("rate_low", "rate_high"):
            assert getattr(bands, column)[at] == pytest.approx(row[column], rel=1e-12), column
        if np.isfinite(bands.low[at]):
            assert (bands.labels[at], bands.low[at]) == (row["band"], low)


def assert_changes_as_judged(bench, changes, champion, candidate):
    """Both columns of a part's changes say what the two backtests say."""
    rows = changes[changes["part"] == champion.part].set_index("figure")
    for column, result in (("champion", champion), ("candidate", candidate)):
        expected = result.metrics.set_index("metric")["value"][["auc", "lift_10", "capture_20"]].to_dict()
        judging = result.judging
        tiers = [tier for tier in result.tiers["tier"] if tier in rows_of_tiers(result)]
        reached = judging.ranks >= tiers.index(bench.main_tier)
        won = judging.judged.won
        expected["leads"] = reached.sum()
        expected["precision"] = won[reached].mean()
        expected["recall"] = reached[won].mean()
        if result.has_value:
            worth = bench.seen.plan.value
            win = np.nan_to_num(judging.judged.amount) if worth.win == "amount" else float(worth.win)
            expected["value"] = (reached * (won * win - float(worth.contact_cost))).sum()
        assert rows[column].to_dict() == pytest.approx(expected, rel=1e-9)
    np.testing.assert_allclose(rows["change"].astype(float), rows["candidate"] - rows["champion"])


def rows_of_tiers(result):
    """The names of the model's tiers, not of its gates."""
    judging = result.judging
    account = getattr(judging.model, "account", None)
    tiers = judging.model.tiers if judging.seen.members is None else account.tiers
    return [tier.name for tier in tiers]


@pytest.mark.parametrize("plan", ["inbound", "monthly"])
def test_on_the_sample_every_figure_is_the_backtests(sample_models, sample_seen, plan):
    champion, challenger = sample_models
    seen = sample_seen[plan]
    bench = Bench(champion, seen)
    assert (bench.parts, bench.main_tier) == (("train", "validation"), "MQL")
    changes = bench.changes(challenger)
    assert list(changes.columns) == COLUMNS
    assert changes["part"].tolist() == ["train"] * 7 + ["validation"] * 7
    standing = bench.standing(challenger)
    for part in bench.parts:
        own, other = (wb.backtest(model, seen, part=part) for model in (champion, challenger))
        assert_stands_as_judged(bench, bench.base, own)
        assert_stands_as_judged(bench, standing, other)
        assert_changes_as_judged(bench, changes, own, other)
    # The champion's own bands are those of its backtest.
    listed = wb.backtest(champion, seen).bands["low"].dropna()
    filled = bench.base.parts["validation"].bands.n > 0
    np.testing.assert_array_equal(bench.edges[filled], listed)


@pytest.mark.parametrize(
    ("name", "win"),
    [("scorecard", "900"), *((name, "amount") for name in ("scorecard", "matrix", "variants", "plain", "ungated"))],
)
def test_every_form_of_model_stands_as_judged(models, observe, name, win):
    model = models[name]
    others = [models[other] for other in EXTRA.get(name, [])]
    seen = observe(model, *others, more=f", cluster: account, value: {{contact_cost: 12.5, win: {win}}}")
    bench = Bench(model, seen)
    owns = [wb.backtest(model, seen, part=part) for part in bench.parts]
    for candidate in (*(wb.change_model(model, changes) for changes in CHANGES), *others):
        standing, changes = bench.standing(candidate), bench.changes(candidate)
        for own in owns:
            other = wb.backtest(candidate, seen, part=own.part)
            assert_stands_as_judged(bench, standing, other)
            assert_changes_as_judged(bench, changes, own, other)


@pytest.mark.parametrize("kind", ["max", "mean", "top_mean, top: 2"])
def test_accounts_stand_as_judged(observe, kind):
    model = wb.parse_model(SCORECARD + ACCOUNT.format(kind=kind))
    seen = observe(model, by="account", more=", unit: account, value: {contact_cost: 5, win: 100}, tier: Mid")
    bench = Bench(model, seen)
    assert bench.main_tier == "Mid"
    for moved in (*CHANGES, {"account.tiers.Mid.from": 12}, {"account.roll_up": "sum"}):
        candidate = wb.change_model(
            model, {key: value for key, value in moved.items() if "top" not in kind or "roll" not in key}
        )
        standing, changes = bench.standing(candidate), bench.changes(candidate)
        for part in bench.parts:
            own, other = (wb.backtest(each, seen, part=part) for each in (model, candidate))
            assert_stands_as_judged(bench, standing, other)
            assert_changes_as_judged(bench, changes, own, other)


def test_without_a_value_there_is_no_money(models, observe):
    model = models["scorecard"]
    seen = observe(model)
    bench = Bench(model, seen)
    assert bench.base.parts["train"].value.size == 0
    assert "value" not in set(bench.changes(wb.change_model(model, CHANGES[0]))["figure"])


# --- what is bound ----------------------------------------------------------------------------------------------------


def counted(monkeypatch):
    """How often observations are asked for what a model needs."""
    asked = []
    plain = wb.Observations.following
    monkeypatch.setattr(wb.Observations, "following", lambda self, model: asked.append(model) or plain(self, model))
    return asked


def test_numbers_reuse_what_is_bound_and_rules_switched_off_do_not(models, observe, monkeypatch):
    model = models["variants"]
    asked = counted(monkeypatch)
    bench = Bench(model, observe(model))
    assert len(asked) == 1
    for changes in (*CHANGES, {"score.max": 30, "tiers.Warm.from": 8}, {"gates.rival.tier": "Cold"}):
        bench.standing(wb.change_model(model, changes))
    assert len(asked) == 1
    off = wb.change_model(model, {"rules.trial.enabled": False})
    first = bench.standing(off)
    assert len(asked) == 2
    bench.changes(wb.change_model(off, CHANGES[0]))
    assert len(asked) == 2
    assert first.parts["train"].auc == wb.backtest(off, bench.seen, part="train").value("auc")
    moved = wb.change_model(model, {"rules.pricing.decay": None})
    with pytest.raises(NotObserved, match="pricing"):
        bench.standing(moved)


def test_only_the_last_few_bindings_are_kept_and_the_champions_always(models, observe, monkeypatch):
    model = models["plain"]
    asked = counted(monkeypatch)
    bench = Bench(model, observe(model))
    names = ["title", "industry", "trial", "pricing", "pages", "opens"]
    for name in names:
        bench.standing(wb.change_model(model, {f"rules.{name}.enabled": False}))
    assert len(asked) == 1 + len(names)
    bench.standing(wb.change_model(model, CHANGES[0]))
    for name in names[1 - MOST_KEPT :]:
        bench.standing(wb.change_model(model, {f"rules.{name}.enabled": False}))
    assert len(asked) == 1 + len(names)
    bench.standing(wb.change_model(model, {"rules.title.enabled": False}))
    assert len(asked) == 2 + len(names)


def test_windows_are_followed_from_memory_where_ages_were_kept(models):
    model = models["scorecard"]
    plan = wb.parse_plan("{at: 14d, outcome: won, horizon: 40d, split: {by: lead}, value: {contact_cost: 5, win: 80}}")
    moved = [
        wb.change_model(model, {"rules.pricing.each.within": "12d", "rules.pricing.points": 5}),
        wb.change_model(model, {"rules.silent.when.within": "15d"}),
        wb.change_model(model, {"rules.opens.enabled": False}),
    ]
    with load(crm(seed=4, leads=1_200)) as history:
        seen = wb.observe(history, model, plan, tunable=True)
        fresh = [wb.observe(history, candidate, plan) for candidate in moved]
    bench = Bench(model, seen)
    own = wb.backtest(model, seen)
    for candidate, other in zip(moved, fresh, strict=True):
        result = wb.backtest(candidate, other)
        assert_stands_as_judged(bench, bench.standing(candidate), result)
        assert_changes_as_judged(bench, bench.changes(candidate), own, result)


def test_what_does_not_fit_is_refused_and_leaves_the_bench_as_it_was(models, observe):
    model = models["plain"]
    bench = Bench(model, observe(model))
    before = bench.standing(wb.change_model(model, CHANGES[0]))
    stranger = wb.parse_model(SCORECARD.replace("field: plan_type", "field: nothing_such"))
    with pytest.raises(ModelError, match="nothing_such"):
        bench.standing(stranger)
    again = bench.standing(wb.change_model(model, CHANGES[0]))
    np.testing.assert_array_equal(before.parts["train"].negatives, again.parts["train"].negatives)
    seen = observe(model, more=", tier: Hot")
    assert Bench(model, seen).main_tier == "Hot"
    with pytest.raises(PlanError, match="expected a tier of scorecard, found 'Hot'"):
        Bench(wb.parse_model(model.document.text.replace("Hot", "Boiling")), seen)


def test_of_accounts_a_candidate_must_say_how_they_are_scored(observe):
    model = wb.parse_model(SCORECARD + ACCOUNT.format(kind="max"))
    bench = Bench(model, observe(model, by="account", more=", unit: account"))
    with pytest.raises(ModelError, match="account: expected how the scores"):
        bench.standing(wb.parse_model(SCORECARD))


# --- the sealed part --------------------------------------------------------------------------------------------------


def test_sealed_outcomes_are_not_looked_at(sample_models, sample_seen, tmp_path):
    champion, challenger = sample_models
    seen = sample_seen["inbound"]
    sealed = seen.subjects.part == 2
    assert (seen.subjects.won[sealed] == -1).all()
    bench = Bench(champion, seen)
    assert set(bench.changes(challenger)["part"]) == {"train", "validation"}
    # Other scores of the sealed part, were they looked at, would change something.
    order = np.concatenate([np.flatnonzero(~sealed), np.flatnonzero(sealed)[::-1]])
    turned = Bench(champion, seen.taken(order))
    pd.testing.assert_frame_equal(bench.changes(challenger), turned.changes(challenger))
    opened = seen.open_test(because="the bench is tried on it", ledger=tmp_path / "openings.jsonl")
    wide = Bench(champion, opened)
    assert wide.parts == ("train", "validation", "test")
    np.testing.assert_array_equal(wide.edges, bench.edges)
    assert_stands_as_judged(wide, wide.base, wb.backtest(champion, opened, part="test"))
    assert (wide.changes(challenger)["part"] == "test").sum() == 7


# --- changes ----------------------------------------------------------------------------------------------------------


def test_the_champion_itself_and_one_that_differs_in_words_is_the_same(models, observe):
    for name in ("scorecard", "matrix", "variants"):
        model = models[name]
        bench = Bench(model, observe(model, more=", value: {contact_cost: 5, win: amount}"))
        changes = bench.changes(wb.change_model(model, {"rules.title.why": "Others sign too."}))
        assert set(changes["verdict"]) == {"same"}
        assert (changes[["change", "low", "high"]] == 0).all(axis=None)


def test_a_number_of_leads_is_neither_better_nor_worse(models, observe):
    model = models["plain"]
    changes = Bench(model, observe(model)).changes(wb.change_model(model, {"tiers.Warm.from": 5}))
    rows = changes.set_index(["part", "figure"])
    for part in ("train", "validation"):
        leads = rows.loc[part, "leads"]
        assert (leads["change"] > 0, leads["low"] > 0, leads["verdict"]) == (True, True, "")
        assert leads["higher_is_better"] is None
        for figure in ("auc", "lift_10", "capture_20"):
            assert rows.loc[(part, figure), "verdict"] == "same"
            assert rows.loc[(part, figure), "higher_is_better"] is True
    units = dict(zip(changes["figure"], changes["unit"], strict=True))
    assert units == {"auc": "score", "lift_10": "ratio", "capture_20": "share", "leads": "leads"} | dict.fromkeys(
        ("precision", "recall"), "share"
    )


def test_verdicts_follow_the_interval(sample_models, sample_seen):
    champion, challenger = sample_models
    forth = Bench(champion, sample_seen["inbound"]).changes(challenger)
    back = Bench(challenger, sample_seen["inbound"]).changes(champion)
    opposite = {"better": "worse", "worse": "better"}
    for (_, there), (_, here) in zip(forth.iterrows(), back.iterrows(), strict=True):
        assert here["change"] == pytest.approx(-there["change"])
        assert (here["low"], here["high"]) == pytest.approx((-there["high"], -there["low"]), rel=1e-6)
        assert here["verdict"] == opposite.get(there["verdict"], there["verdict"])
        if there["figure"] != "leads":
            assert (there["verdict"] == "better") == (there["low"] > 0)
            assert (there["verdict"] == "worse") == (there["high"] < 0)
    assert {"better", "not enough evidence"} <= set(forth["verdict"])


def test_accounts_of_several_leads_make_it_less_sure(sample_models, sample_seen):
    champion, challenger = sample_models
    seen = sample_seen["monthly"]
    alone = dataclasses.replace(
        seen, subjects=dataclasses.replace(seen.subjects, cluster=np.arange(len(seen.subjects.won)))
    )
    widths = [
        (changes["high"] - changes["low"])[changes["figure"] != "leads"]
        for changes in (Bench(champion, of).changes(challenger) for of in (seen, alone))
    ]
    assert (widths[0] > widths[1] * 1.05).all()


def test_a_candidate_without_tiers_is_compared_by_its_ranking(models, observe):
    model = models["plain"]
    text = model.document.text
    bare = wb.parse_model(text[: text.index("tiers:")])
    renamed = wb.parse_model(text.replace("Warm", "Tepid"))
    bench = Bench(model, observe(model))
    assert bench.changes(bare)["figure"].tolist() == ["auc", "lift_10", "capture_20"] * 2
    assert set(bench.changes(renamed)["verdict"]) == {"same"}
    other = Bench(bare, bench.seen)
    assert other.main_tier is None
    assert other.changes(model)["figure"].tolist() == ["auc", "lift_10", "capture_20"] * 2


# --- edges and the axis -----------------------------------------------------------------------------------------------


def test_bands_and_axis_stay_whatever_the_candidate(models, observe):
    model = models["scorecard"]
    bench = Bench(model, observe(model))
    assert bench.axis == (0, 40)
    low = wb.change_model(model, {"score.min": -30, "rules.silent.points": -30, "score.max": 90})
    standing = bench.standing(low)
    part = standing.parts["train"]
    assert part.scores[0] < bench.edges[0]
    assert len(part.bands.n) == len(bench.edges)
    assert part.bands.n.sum() + part.gated_negatives + part.gated_positives == part.n
    assert (part.bands.labels[0], part.bands.low[0]) == (f"below {bench.edges[1]:g}", -np.inf)
    assert bench.base.parts["train"].bands.labels[1:] == part.bands.labels[1:]
    assert np.isnan(part.bands.rate_low).all()


def test_an_axis_without_bounds_leaves_room_on_both_sides(models, observe):
    model = wb.change_model(models["plain"], {"score.min": None, "score.max": None})
    bench = Bench(model, observe(models["plain"]))
    scores = np.concatenate([part.scores for part in bench.base.parts.values()])
    span = scores.max() - scores.min()
    assert bench.axis == pytest.approx((scores.min() - span / 4, scores.max() + span / 4))
    wide = wb.change_model(model, {"score.min": -100_000, "score.max": 100_000})
    assert Bench(wide, bench.seen).axis == pytest.approx(bench.axis)


# --- frozen and small -------------------------------------------------------------------------------------------------


def test_the_champions_arrays_take_a_few_bytes_an_observation(sample_models, sample_seen):
    champion, challenger = sample_models
    bench = Bench(champion, sample_seen["monthly"])
    bench.changes(challenger)
    for part, result in bench._results.items():
        n = bench.base.parts[part].n
        ground = bench._grounds[part]
        kept = [result.placed.cells, result.reached, ground.won, ground.sample.lost_of, ground.sample.won_of]
        assert sum(array.nbytes for array in kept) <= 5 * n
        assert {array.dtype.kind for array in kept} <= set("ub")
