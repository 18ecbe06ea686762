"""Sales beside a model: a known effect comes back, and what is not known is not told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

import workbench as wb
from workbench.errors import CallError, PlanError
from workbench.selling import sales_view
from workbench.selling.conversions import IDENTIFIED, UNKNOWN, effect_frame
from workbench.selling.feedback import kappa_of
from workbench.selling.jumps import JUMP, NO_JUMP, cells_of
from workbench.selling.sentences import headline
from workbench.selling.touched import touched

from .conftest import EFFECT, MAPPING, MODEL, PLAN, load, simulated

ROOT = Path(__file__).parents[2]


def row(frame, **keys):
    found = frame
    for name, value in keys.items():
        found = found[found[name] == value]
    assert len(found) == 1
    return found.iloc[0]


# --- work -------------------------------------------------------------------------------------------------------------


def test_conversion_is_what_was_counted(found, frames):
    worked = frames["leads"]["lead_id"].isin(frames["worked"]["lead_id"])
    won = frames["leads"]["lead_id"].isin(frames["stages"].query("stage == 'won'")["lead_id"])
    for who, mask in (("worked before the lead was scored", worked), ("unworked", ~worked)):
        told = row(found.conversion, by="all", who=who)
        assert (told["n"], told["converted"]) == (mask.sum(), (mask & won).sum())
        low, high = proportion_confint(told["converted"], told["n"], method="wilson")
        assert (told["low"], told["high"]) == (pytest.approx(low), pytest.approx(high))
    assert "worked after the lead was scored" not in set(found.conversion["who"])
    for by in ("tier", "band"):
        assert found.conversion.loc[found.conversion["by"] == by, "n"].sum() == found.n


def test_the_planted_effect_comes_back(found):
    told = found.effect.iloc[0]
    assert told["log_low"] < EFFECT < told["log_high"]
    assert told["low"] > 1
    assert told["odds_ratio"] == pytest.approx(np.exp(told["log_odds"]))
    assert told["n"] + told["alone"] == found.n
    assert "worked leads convert at" in found.headline


def test_the_cut_off_that_made_the_data_is_found(found):
    told = found.jumps.iloc[0]
    assert (told["score"], told["at"], told["verdict"]) == ("recorded by the CRM", 30.0, JUMP)
    assert told["low"] < 0.75 < told["high"]
    assert told["below"] == pytest.approx(0.1, abs=0.05)
    assert set(found.jumps.loc[found.jumps["score"] == "this model", "verdict"]) <= {NO_JUMP}
    assert any("A cut-off made the data: at 30 of the score recorded by the CRM" in each for each in found.warnings)
    assert 30.0 in set(found.overlap["from"])


def test_unworked_leads_if_worked_are_recovered(found, frames):
    """The truth of the simulation, lead by lead, lies within what is told of each band."""
    leads = frames["leads"]
    large, student = leads["size"] == "large", leads["source"] == "university"
    score = frames["scores"].set_index("lead_id")["score"].reindex(leads["lead_id"]).to_numpy()
    odds = -2.6 + 0.9 * large + 0.03 * score - student + EFFECT
    truth = 1 / (1 + np.exp(-odds.to_numpy()))
    unworked = ~leads["lead_id"].isin(frames["worked"]["lead_id"]).to_numpy()
    points = 20 * large + 2 * student
    bands = found.bounds[found.bounds["unworked"] > 100]
    assert len(bands) >= 2
    for line in bands.itertuples():
        low = float(str(line.band).split("–")[0].rstrip("+"))
        mask = unworked & (points >= low).to_numpy() & (points < low + 5).to_numpy()
        assert mask.sum() == line.unworked
        assert line.verdict == IDENTIFIED
        assert line.low <= truth[mask].mean() <= line.high
        assert line.worst < truth[(points >= low) & (points < low + 5)].mean() < line.best
        assert line.least <= line.most


def test_without_leads_to_compare_with_it_is_not_identifiable(model, plan):
    frames = simulated(n=1_500, seed=6)
    below = frames["scores"].query("score < 30")["lead_id"]
    frames["worked"] = frames["worked"][~frames["worked"]["lead_id"].isin(below)]
    del frames["feedback"]
    with load(frames) as history:
        found = sales_view(model, history, wb.observe(history, [model], plan))
    assert set(found.bounds["verdict"]) == {UNKNOWN}
    assert found.bounds["weighted"].isna().all()
    assert (found.bounds["beyond"] > 0.7 * found.bounds["unworked"]).all()
    assert found.agreement.empty
    assert found.overlap.loc[found.overlap["to"] < 30, "share"].max() == 0


def test_shuffled_outcomes_have_no_effect_but_by_chance(model, plan):
    """At 95 % one shuffle in twenty is claimed, at 99 % one in a hundred: the headline asks for the latter."""
    rng = np.random.default_rng(1)
    with load(simulated(n=1_000, seed=5)) as history:
        of = touched(model, history, wb.observe(history, [model], plan))
    cell, _ = cells_of(of.old, [30.0])
    told = pd.concat([effect_frame(replace(of, won=rng.permutation(of.won)), cell) for _ in range(150)])
    claimed = (told["low"] > 1) | (told["high"] < 1)
    assert claimed.mean() < 0.09
    none = pd.DataFrame(columns=["n", "tier", "verdict"])
    sentences = [headline(None, none, told.iloc[[place]], none) for place in range(len(told))]
    told_so = np.array(["Not enough evidence that being worked changes the odds" not in each for each in sentences])
    assert told_so.mean() < 0.03
    assert (told_so <= claimed.to_numpy()).all()
    wide = claimed & (told["low_99"] <= 1) & (told["high_99"] >= 1)
    assert wide.any()


def test_random_work_has_no_jump(model, plan):
    frames = simulated(n=2_000, seed=9, cut=1_000.0)
    with load(frames) as history:
        found = sales_view(model, history, wb.observe(history, [model], plan))
    assert JUMP not in set(found.jumps["verdict"])
    assert not [each for each in found.warnings if "cut-off" in each]


# --- words ------------------------------------------------------------------------------------------------------------


def test_agreement_by_tier(found, frames):
    feedback = frames["feedback"].merge(frames["leads"], on="lead_id")
    for tier, size in (("Cold", "small"), ("Warm", "large")):
        own = feedback[feedback["size"] == size]
        told = row(found.agreement, tier=tier)
        assert (told["n"], told["accepted"]) == (len(own), (own["verdict"] == "accepted").sum())
    cold = row(found.agreement, tier="Cold")
    assert cold["reached"] == len(feedback)
    assert np.isnan(cold["kappa"])  # everybody reaches it
    warm = row(found.agreement, tier="Warm")
    assert warm["kappa_low"] < warm["kappa"] < warm["kappa_high"]


def test_the_rule_behind_a_reason_is_found(found):
    told = row(found.reasons, reason="student", rule="student")
    assert told["found"]
    assert told["low"] > 2
    assert told["hit_reason"] == told["n_reason"]
    others = found.reasons[found.reasons["reason"] != "student"]
    assert (found.reasons["q"] >= found.reasons["p"] - 1e-12).all()
    assert len(others) > 0


def test_outcomes_by_verdict(found, frames):
    accepted = frames["feedback"].query("verdict == 'accepted'")["lead_id"]
    won = set(frames["stages"].query("stage == 'won'")["lead_id"])
    told = row(found.outcomes, verdict="accepted", reason="any")
    assert (told["n"], told["won"]) == (len(accepted), len(won & set(accepted)))
    assert told["won"] + told["lost"] == told["n"]
    assert set(found.outcomes.loc[found.outcomes["verdict"] == "rejected", "reason"]) == {"any", "student", "no reply"}


def test_the_model_is_asked_before_sales_touched_the_lead(model, plan):
    """What sales enters while it works a lead changes no agreement."""
    frames = simulated(n=800, seed=12)
    with load(frames) as history:
        first = sales_view(model, history, wb.observe(history, [model], plan))
        changed = wb.parse_model(
            MODEL.replace("rules:", "rules:\n  - {id: stage, in: all, when: {field: stage, equals: sql}, points: 50}")
        )
        frames["stages"] = pd.concat([frames["stages"], frames["worked"].assign(stage="sql")], ignore_index=True)
    with load(frames) as history:
        second = sales_view(changed, history, wb.observe(history, [changed], plan))
    pd.testing.assert_frame_equal(first.agreement, second.agreement)


def test_kappa_by_hand():
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed 0.7, expected 0.5
    one = np.repeat([True, True, False, False], [20, 5, 10, 15])
    other = np.repeat([True, False, True, False], [20, 5, 10, 15])
    assert kappa_of(one, other)[0] == pytest.approx(0.4)
    assert np.isnan(kappa_of(np.ones(4, dtype=bool), other[:4])).all()


# --- calls ------------------------------------------------------------------------------------------------------------


def test_neither_is_an_error(model, plan):
    frames = {name: frame for name, frame in simulated(n=200).items() if name in {"leads", "stages"}}
    with load(frames) as history, pytest.raises(CallError, match="expected what sales said or did"):
        sales_view(model, history, wb.observe(history, [model], plan))


def test_wrong_calls(model, plan, history):
    seen = wb.observe(history, [model], plan)
    with pytest.raises(CallError, match="accepted: expected a verdict of the history: 'accepted', 'rejected'"):
        sales_view(model, history, seen, accepted=("yes",))
    with load(simulated(n=300)) as other, pytest.raises(CallError, match="expected observations of this history"):
        sales_view(model, other, seen)


def test_sealed_outcomes_are_not_looked_at(model):
    frames = simulated(n=1_500, seed=7)
    plan = wb.parse_plan(PLAN.replace("}", ", split: {by: lead}}"))
    with load(frames) as history:
        seen = wb.observe(history, [model], plan)
        first = sales_view(model, history, seen)
        sealed = seen.subjects.lead_id[seen.subjects.won < 0]
    assert row(first.left_out, about="sealed")["n"] == len(sealed)
    stages = frames["stages"].copy()
    own = stages["lead_id"].isin(sealed)
    stages.loc[own, "stage"] = np.where(stages.loc[own, "stage"] == "won", "lost", "won")
    with load({**frames, "stages": stages}) as history:
        second = sales_view(model, history, wb.observe(history, [model], plan))
    one, two = first.to_document(), second.to_document()
    assert one.pop("data") != two.pop("data")
    assert one == two


def test_accounts_are_refused(model):
    frames = simulated(n=300)
    frames["leads"] = frames["leads"].assign(account_id="A1")
    rolled = wb.parse_model(f"{MODEL}account: {{roll_up: max, tiers: [{{name: Any, from: 0, then: call}}]}}")
    mapping = MAPPING.replace("id: lead_id, created", "id: lead_id, account: account_id, created")
    frames = {name: frame.reset_index(drop=True) for name, frame in frames.items()}
    plan = wb.parse_plan(PLAN.replace("{at", "{unit: account, at"))
    with wb.read_history(frames, mapping=mapping) as history:
        seen = wb.observe(history, [rolled], plan)
        with pytest.raises(PlanError, match="lead, since sales work leads"):
            sales_view(rolled, history, seen)


def test_the_document_is_plain(found):
    document = json.loads(json.dumps(found.to_document(), allow_nan=False))
    assert document["format"] == "lead-scoring-sales/1"
    assert document["bounds"][0]["verdict"] == IDENTIFIED
    assert document["auc"]["low"] <= document["auc"]["value"] <= document["auc"]["high"]


def test_the_sample():
    champion = wb.read_model(ROOT / "notebooks/models/champion.yaml")
    with wb.read_history(ROOT / "data/sample") as history:
        seen = wb.observe(history, [champion], wb.read_plan(ROOT / "notebooks/plans/inbound.yaml"))
        found = sales_view(champion, history, seen)
    told = found.effect.iloc[0]
    assert told["log_low"] < 0.6 < told["log_high"]  # planted, see data/README.md
    assert found.jumps.iloc[0]["at"] == 30.0
    careers = row(found.reasons, reason="student or job seeker", rule="careers_visits")
    assert careers["found"]


@pytest.mark.slow
def test_the_planted_effect_of_a_large_sample(tmp_path):
    from workbench.sample import make_sample

    make_sample(tmp_path / "large", leads=40_000, seed=17)
    model = wb.read_model(ROOT / "notebooks/models/challenger.yaml")
    with wb.read_history(tmp_path / "large") as history:
        seen = wb.observe(history, [model], wb.read_plan(ROOT / "notebooks/plans/inbound.yaml"))
        found = sales_view(model, history, seen)
    told = found.effect.iloc[0]
    assert told["low"] > 1.2
    assert told["log_low"] < 0.6 < told["log_high"]
