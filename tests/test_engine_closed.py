"""After `observe` the engine may be closed: whatever numbers change, the codebooks say what a fresh run says.

Points, caps, weights, shapes of decay, thresholds, transforms, matrices and roll-ups are changed at random in random
models over the whole language; the changed model is scored on what was observed for the original one, from memory, and
on a past that is loaded and observed again for itself.
"""

from __future__ import annotations

import random
from typing import Any

import pandas as pd
import pytest
from strategies import accounts_scored, observe_loaded, observed, random_model, random_past, scored
from strategies_models import random_bounds, random_decay, random_transform
from vocabulary import MAPPING, WEIGHTS

from workbench.history import read_history
from workbench.model import Model, change_model
from workbench.observation import Observations

LEADS = 24
QUICK = (3, 8, 14, 21, 40, 57)
SLOW = range(2000, 2040)
AMOUNTS = [15.0, 10, 5, 2.5, 0.5, 0.001, -0.5, -3, -7.777, -20, 40, 0]

Changes = dict[str, Any]


def changes_of(model: Model, rng: random.Random) -> Changes:
    """New numbers, by path, for nearly everything that needs no new evidence."""
    data = model.plain()
    found = _body(data, "", rng)
    for number, gate in enumerate(data["gates"]):
        names = [tier["name"] for tier in data["tiers"]] + ["Out", gate["tier"]]
        found[f"gates.[{number}].tier"] = rng.choice(names)
    for number, variant in enumerate(data["variants"]):
        found |= _variant(variant, f"variants.[{number}].", rng)
    if model.account is not None:
        more = {"top_mean": {"top": rng.randint(1, 3)}, "count_above": {"above": rng.choice(AMOUNTS)}}
        roll_up = rng.choice(["sum", "mean", "max", "min", "top_mean", "count_above"])
        tiers = [{"name": tier.name, "from": rng.choice(AMOUNTS)} for tier in model.account.tiers]
        found["account"] = {"roll_up": roll_up, "tiers": tiers, **more.get(roll_up, {})}
    return {path: value for path, value in found.items() if rng.random() < 0.8}


def _body(data: dict[str, Any], path: str, rng: random.Random) -> Changes:
    found: Changes = {}
    for name, dimension in data["dimensions"].items():
        weight = {"weight": rng.choice(WEIGHTS)}
        fading = (
            {"inactivity": dimension["inactivity"] | {"decay": random_decay(rng)}} if "inactivity" in dimension else {}
        )
        found[f"{path}dimensions.{name}"] = random_bounds(rng, AMOUNTS, 0.8) | weight | fading
    for name, group in data["groups"].items():
        found[f"{path}groups.{name}"] = {"in": group["in"], **random_bounds(rng, AMOUNTS, 0.8)}
    for number, rule in enumerate(data["rules"]):
        found |= _rule(rule, f"{path}rules.[{number}].", rng)
    kept = {key: data["score"][key] for key in ("combine", "weights") if data["score"].get(key)}
    if "weights" in kept:
        kept["weights"] = {name: rng.choice(WEIGHTS) for name in kept["weights"]} | {next(iter(kept["weights"])): 0.5}
    transform = {"transform": random_transform(rng, AMOUNTS)} if rng.random() < 0.5 else {}
    rounded = {"round": rng.choice(["half_up", "none"])}
    found[f"{path}score"] = kept | transform | rounded | random_bounds(rng, AMOUNTS, 0.5)
    for number, tier in enumerate(data["tiers"]):
        if "from" in tier:
            require = {name: rng.choice(AMOUNTS) for name in data["dimensions"] if rng.random() < 0.4}
            found[f"{path}tiers.[{number}]"] = {"name": tier["name"], "from": rng.choice(AMOUNTS), "require": require}
    return found | _matrix(data, path, rng)


def _matrix(data: dict[str, Any], path: str, rng: random.Random) -> Changes:
    matrix = data.get("matrix")
    if matrix is None:
        return {}
    found: Changes = {}
    for side in ("rows", "columns"):
        parts = matrix[side]["from"]
        found[f"{path}matrix.{side}.from"] = dict(zip(parts, rng.sample(AMOUNTS, len(parts)), strict=True))
    names = [tier["name"] for tier in data["tiers"]]
    return found | {f"{path}matrix.tiers": {grade: rng.choice(names) for grade in matrix["tiers"]}}


def _rule(rule: dict[str, Any], path: str, rng: random.Random) -> Changes:
    """What one rule pays; never what it asks."""
    found: Changes = {f"{path}weight": rng.choice(WEIGHTS), f"{path}cap": random_bounds(rng, AMOUNTS, 0.6)}
    if "points" in rule:
        found[f"{path}points"] = rng.choice(AMOUNTS)
    if "default" in rule:
        found[f"{path}default"] = rng.choice(AMOUNTS)
    if "cases" in rule:
        found |= {f"{path}cases.[{number}].points": rng.choice(AMOUNTS) for number in range(len(rule["cases"]))}
    if "map" in rule:
        found[f"{path}map.points"] = {value: rng.choice(AMOUNTS) for value in rule["map"]["points"]}
    if "bands" in rule:
        steps = range(len(rule["bands"]["steps"]))
        found |= {f"{path}bands.steps.[{number}].points": rng.choice(AMOUNTS) for number in steps}
    if "decay" in rule:
        found[f"{path}decay"] = random_decay(rng)
    if "each" in rule:
        found[f"{path}limit.points"] = rng.choice([0.001, 2.5, 12, 40])
    return found


def _variant(variant: dict[str, Any], path: str, rng: random.Random) -> Changes:
    if "model" in variant:
        return _body(variant["model"], f"{path}model.", rng)
    multiply = variant["multiply"]
    found: Changes = {
        f"{path}multiply": {
            key: {name: rng.choice(WEIGHTS) for name in multiply.get(key, {})} for key in ("rules", "dimensions")
        },
        f"{path}tiers": {name: rng.choice(AMOUNTS) for name in variant["tiers"]},
    }
    for key in ("override", "add"):
        for number, rule in enumerate(variant[key]):
            found |= _rule(rule, f"{path}{key}.[{number}].", rng)
    return found


def said(model: Model, seen: Observations | None) -> pd.DataFrame:
    assert seen is not None
    return accounts_scored(model, seen) if seen.members is not None else scored(model, seen)


def compare(seed: int) -> bool:
    """Compare three changes of a random model with fresh runs; whether something changed at all."""
    rng, model = random.Random(seed), random_model(seed)
    past = random_past(seed, LEADS, model)
    unit = "lead" if model.account is None or rng.random() < 0.5 else "account"
    with read_history(past.frames, mapping=MAPPING) as history:
        seen = observe_loaded([model], history, past.age_days, unit)
    if seen is None:
        return False
    before, moved = said(model, seen), False
    for _ in range(3):
        changed = change_model(model, changes_of(model, rng))
        from_memory = said(changed, seen)
        pd.testing.assert_frame_equal(from_memory, said(changed, observed([changed], past, unit)))
        moved = moved or not from_memory.equals(before)
    return moved


@pytest.mark.parametrize("seed", QUICK)
def test_changed_numbers_need_no_engine(seed):
    assert compare(seed)


@pytest.mark.slow
@pytest.mark.parametrize("first", SLOW[::10])
def test_changed_numbers_need_no_engine_at_length(first):
    assert sum(compare(seed) for seed in range(first, first + 10)) >= 7


def test_the_models_speak_of_all_that_is_hard():
    """Variants, gates, products, matrices, inactivity, decay under caps and accounts are among the models."""
    models = [random_model(seed) for seed in SLOW]
    flat = [each.model for model in models for each in model.alternatives]
    assert sum(bool(model.variants) for model in models) >= 10
    assert sum(bool(model.gates) for model in models) >= 10
    assert sum(model.account is not None for model in models) >= 3
    assert sum(model.score.combine == "product" for model in flat) >= 3
    assert sum(model.score.combine == "matrix" for model in flat) >= 3
    assert sum(dimension.inactivity is not None for model in flat for dimension in model.dimensions.values()) >= 10
    decays = [rule for model in flat for rule in model.active if getattr(rule, "decay", None) is not None]
    assert sum(rule.cap.max is not None or rule.limit.points is not None for rule in decays) >= 10
