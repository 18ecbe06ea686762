from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from workbench.backtesting import Candidates
from workbench.errors import CallError
from workbench.observation import Weights
from workbench.suggesting import Constraints, tune

from .planted import PLAN, STATED, TRUE, model, observed

SEEDS = range(6)


def auc(points, seen, part):
    return Candidates(points, seen, part=part).counts(Weights.of(points)).auc


def test_the_suggestion_finds_what_was_planted(suggestion, seen):
    assert suggestion.recommended >= 1
    assert suggestion.verdict == "better"
    assert suggestion.gain_shown
    assert "make" in suggestion.headline
    best, found, stated = (auc(each, seen, "validation") for each in (model(TRUE), suggestion.model, model()))
    assert best - found < 0.6 * (best - stated)


def test_the_path_is_what_its_models_do(suggestion, seen):
    path = suggestion.path
    assert path["changes"].tolist() == sorted(suggestion.edits)
    assert path["train"].is_monotonic_increasing
    for row in path.itertuples():
        own = suggestion.at(row.changes)
        assert len(suggestion.edits[row.changes]) == row.changes
        assert row.train == pytest.approx(auc(own, seen, "train"), abs=1e-12)
        assert row.validation == pytest.approx(auc(own, seen, "validation"), abs=1e-12)
        assert row.optimism == pytest.approx(row.train_gain - row.cross_gain)
    assert path.loc[path["recommended"], "changes"].tolist() == [suggestion.recommended]


def test_changes_say_what_and_why(suggestion):
    frame = suggestion.changes
    assert len(frame) == suggestion.recommended
    assert dict(zip(frame["path"], frame["to"], strict=True)) == suggestion.edits[suggestion.recommended]
    assert (frame["lost_without"] > 0).all()
    assert frame["why"].str.contains("converted").all()


def test_a_chosen_step_is_called_suggested_only_where_it_is_shown(suggestion):
    unsure = replace(suggestion, verdict="not enough evidence")
    many = suggestion.recommended
    what = f"{many} change{'s' * (many > 1)} of planted v1, chosen on train,"
    assert unsure.headline.startswith(f"Not enough evidence that {what} would do better: AUC +")
    alone = replace(unsure, parts=("all", ""))
    assert "chosen on held-out folds" in alone.headline
    kept = replace(suggestion, recommended=0, verdict="same")
    assert kept.headline.startswith("Keep the points of planted v1: not enough evidence on held-out folds of train")


def test_edits_are_the_whole_difference(suggestion):
    row = suggestion.path.iloc[-1]
    edits = suggestion.edits[row["changes"]]
    assert row["edits"].split("; ") == [
        f"{path[6:8]} {STATED[int(path[7])]} to {value}" for path, value in edits.items()
    ]


def test_every_fold_comes_as_far_as_the_path(suggestion):
    assert suggestion.path["cross_folds"].tolist() == [5] * len(suggestion.path)


def test_constraints_hold(seen):
    rules = Constraints(keep=("r0",), range=(-9, 9))
    found = tune(model(), seen, constraints=rules, max_changes=1, seconds=None)
    assert set(found.path["changes"]) <= {0, 1}
    for edits in found.edits.values():
        assert "rules.r0.points" not in edits
        for path, value in edits.items():
            stated = STATED[int(path[7])]
            assert -9 <= value <= 9
            assert value * stated >= 0


def test_validation_has_no_say(suggestion, seen):
    won = seen.subjects.won.copy()
    rows = seen.rows("validation")
    won[rows] = won[rows][::-1]
    other = replace(seen, subjects=replace(seen.subjects, won=won))
    found = tune(model(), other, constraints=Constraints(range=(-12, 12)), max_changes=3, seconds=None)
    assert found.edits == suggestion.edits
    assert found.recommended == suggestion.recommended
    assert found.path["validation"].tolist() != suggestion.path["validation"].tolist()


def test_a_document_is_plain(suggestion):
    document = json.loads(json.dumps(suggestion.to_document(), allow_nan=False))
    assert document["recommended"] == suggestion.recommended
    assert len(document["path"]) == len(suggestion.path)
    assert document["changes"][0]["from"] == suggestion.changes["from"].iloc[0]


def test_saving_counts_the_version_and_keeps_comments(tmp_path):
    text = model().document.text.replace("name: planted", "name: planted  # ours")
    champion = wb.parse_model(text)
    found = tune(champion, observed(3, 900), constraints=Constraints(range=(-4, 12)), max_changes=1, seconds=None)
    saved = found.save(tmp_path / "candidate.yaml", changes=1)
    assert saved.model.version == champion.version + 1
    assert "# ours" in saved.path.read_text()
    assert {rule.id: rule.points for rule in saved.model.rules} == {rule.id: rule.points for rule in found.at(1).rules}
    with pytest.raises(CallError, match="a number of changes that the path has"):
        found.at(99)


def test_nothing_to_turn_is_refused(seen):
    with pytest.raises(CallError, match="some points that may change"):
        tune(model(), seen, constraints=Constraints(keep=tuple(f"r{at}" for at in range(8))))


def test_without_a_split_folds_judge():
    small = observed(4, 1500, plan="{at: recorded}")
    found = tune(model(), small, constraints=Constraints(range=(-12, 12)), max_changes=1, seconds=None)
    assert found.parts == ("all", "")
    assert np.isnan(found.path["validation_gain"]).all()
    assert any("no validation part" in warning for warning in found.warnings)
    assert "held-out folds" in found.headline or not found.recommended


def test_no_time_at_all_is_said(seen):
    found = tune(model(), seen, seconds=1e-9)
    assert found.recommended == 0
    assert any("time was used up" in warning for warning in found.warnings)
    assert found.cut_short
    assert found.headline == "Keep the points of planted v1: the time was used up before any that do better were found."


@pytest.mark.parametrize("plan", [PLAN, "{at: recorded}"])
def test_what_does_not_order_leads_is_not_called_better(plan):
    """A champion that is turned round gains a lot by points that are nearly none."""
    turned = model([-each for each in TRUE])
    rules = Constraints(range=(-12, 12))
    found = tune(turned, observed(5, 900, of=turned, plan=plan), constraints=rules, max_changes=8, seconds=None)
    gained = found.path.iloc[-1]
    assert gained["train_gain"] > 0.1
    assert (found.path["verdict"] != "better").all()
    assert not found.gain_shown
    assert "better:" not in found.headline


@pytest.mark.slow
def test_planted_points_are_recovered():
    """Regret below 0.002 of AUC on fresh leads."""
    fresh = observed(999, 60_000, plan="{at: recorded}")
    regrets = []
    rules = Constraints(sign="free", range=(-15, 15))
    for seed in range(3):
        found = tune(model(), observed(seed, 24_000), constraints=rules, seconds=None, seed=seed)
        regrets.append(auc(model(TRUE), fresh, "all") - auc(found.model, fresh, "all"))
    assert max(regrets) < 0.002, regrets


@pytest.mark.slow
@pytest.mark.parametrize("plan", [PLAN, "{at: recorded}"])
def test_nothing_is_claimed_on_shuffled_outcomes(plan):
    for seed in SEEDS:
        seen = observed(seed, 1500, shuffled=True, plan=plan)
        found = tune(model(), seen, max_changes=4, seconds=None, seed=seed)
        assert not found.gain_shown, (seed, found.headline)
        assert found.headline.startswith(("Keep the points", "Not enough evidence"))


@pytest.mark.parametrize("won", [3, 37, 40])
def test_points_are_not_learned_from_one_outcome(won):
    frame = pd.DataFrame({"lead_id": range(40), "a": [0, 1] * 20, "won": [1] * won + [0] * (40 - won)})
    model = wb.parse_model(
        "format: lead-scoring-model/1\nname: small\ndimensions: {fit: {}}\n"
        "rules: [{id: a, in: fit, when: {field: a, at_least: 1}, points: 3}]"
    )
    with wb.read_history(frame, outcome="won=1") as history:
        seen = wb.observe(history, [model])
    with pytest.raises(wb.InputError, match=f"{won} of 40 converted"):
        tune(model, seen)
