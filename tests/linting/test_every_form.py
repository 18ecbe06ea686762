"""Every form of the language goes through every check, alone and on data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from strategies import random_model, random_past
from vocabulary import MAPPING, OUTCOME

import workbench as wb
from linting.examples import EU, US, made, seats
from linting.past import SPLIT, history, plan
from workbench.errors import PlanError
from workbench.history import History
from workbench.linting import Lint, lint
from workbench.linting.catalogue import BY_CODE
from workbench.plan import Age, Plan

VISITS = {"event": "page_view", "within": "30d"}
SIZES = {"of": {"field": "seats"}, "steps": [{"below": 20, "points": -1}, {"from": 20, "points": 4}]}
FADING = {"half_life": "7d", "floor": "10%"}
KINDS: dict[str, dict[str, Any]] = {
    "when": {"when": US, "points": 5},
    "cases": {"cases": [{"when": US, "points": 5}, {"when": EU, "points": 2}], "default": -1},
    "each": {"each": VISITS, "points": 2, "limit": {"per_distinct": "page", "points": 9}, "decay": FADING},
    "map": {"map": {"field": "region", "points": {"EU": 1, "US": 8}}},
    "bands": {"bands": SIZES, "default": 1},
    "per": {"per": {"of": {"field": "seats"}, "unit": 10, "most": 5}, "points": 2},
    "up_to": {"up_to": {"of": VISITS, "most": 3}, "points": 6},
}
TWO = {"dimensions": {"fit": {"max": 30}, "use": {"min": 0}}, "groups": {"web": {"in": "use", "max": 8}}}
GATED = {"gates": [{"id": "small", "when": seats(below=10), "tier": "Out"}]}
TIERS = {"tiers": [{"name": "Cold", "from": 0}, {"name": "Hot", "from": 6, "require": {"fit": 1}}]}
OTHER = {
    "format": "lead-scoring-model/1",
    "name": "other",
    "dimensions": {"fit": {}},
    "rules": [{"id": "m", "in": "fit", **KINDS["map"]}],
}
IDLE = {"since": {"event": "any"}, "decay": {"half_life": "14d"}}
CHANGED = {
    "override": [{"id": "map", "in": "use", **KINDS["bands"]}],
    "add": [{"id": "again", "in": "fit", **KINDS["map"]}],
    "drop": ["up_to"],
    "multiply": {"rules": {"per": 2}, "dimensions": {"use": "50%"}},
    "tiers": {"Hot": 7},
}
SIDES = {
    "rows": {"dimension": "fit", "from": {"A": 5, "B": -50}},
    "columns": {"dimension": "use", "from": {"1": 4, "2": 0}},
}
RANKED = {"tiers": [{"name": "Cold"}, {"name": "Hot"}]}
WRITTEN: list[dict[str, Any]] = [{"table": [[0, 0], [5, 50], [9, 80]]}, {"rescale": {"from": [0, 50], "to": [0, 100]}}]
MODELS: dict[str, dict[str, Any]] = {
    **{f"combine {way}": {"score": {"combine": way}, **TIERS} for way in ("sum", "product", "max")},
    "combine weighted": {"score": {"combine": "weighted", "weights": {"fit": "60%", "use": "40%"}}, **TIERS},
    "combine matrix": {"score": {"combine": "matrix"}, "matrix": {**SIDES, "tiers": {"A1": "Hot"}}, **RANKED},
    "a matrix beside a sum": {"matrix": {**SIDES, "tiers": {"A1": "Hot", "B2": "Cold"}}, **RANKED},
    "variants": {**TIERS, "variants": [{"name": "eu", "when": EU, **CHANGED}, {"name": "all", "multiply": {}}]},
    "a model in a variant": {
        "variants": [
            {"name": "eu", "when": EU, "model": {**OTHER, "rules": [{"id": "m", "in": "fit", **KINDS["map"]}]}}
        ]
    },
    "gates": {**TIERS, **GATED},
    "account": {"account": {"roll_up": "top_mean", "top": 2, "tiers": [{"name": "Warm", "from": 4}]}, **TIERS},
    "inactivity": {"dimensions": {"fit": {}, "use": {"max": 20, "inactivity": IDLE}}},
    **{f"transform {next(iter(way))}": {"score": {"transform": way, "round": "half_up"}} for way in WRITTEN},
}


def every_kind(**parts: Any) -> dict[str, Any]:
    """A model with a rule of each kind in each home, so that pairs of each two kinds are compared."""
    rules = [{"id": kind, "in": "fit" if n % 2 else "web", **rule} for n, (kind, rule) in enumerate(KINDS.items())]
    rules += [{"id": f"{kind}2", "in": "use", **rule} for kind, rule in KINDS.items()]
    return {**TWO, "rules": rules, **parts}


@pytest.fixture(scope="module")
def past() -> Iterator[History]:
    with history() as loaded:
        yield loaded


def codes(found: Lint) -> set[str]:
    """The codes of what was found."""
    return {each.code for each in found.findings}


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_of_each_kind_is_linted_and_its_double_is_found(past: History, kind: str) -> None:
    rules = [{"id": "one", "in": "fit", **KINDS[kind]}, {"id": "two", "in": "fit", **KINDS[kind]}]
    model = made({"rules": rules})
    assert codes(lint(model)) & {"L161", "L162"}
    assert codes(lint(model, past, plan())) & {"L161", "L162"}
    assert "L207" not in codes(lint(model, past, plan()))


def test_a_map_beside_what_it_says_is_compared_on_data(past: History) -> None:
    """The model that was reported: rules with a `map` could not be told apart by the pair."""
    rules = [
        {"id": "src", "in": "fit", "map": {"field": "region", "points": {"US": 8}}},
        {"id": "us", "in": "fit", "when": {"field": "region", "has_word": "us"}, "points": 3},
    ]
    [found] = [each for each in lint(made({"rules": rules}), past, plan()).findings if each.code == "L207"]
    assert found.finding == "'src' fired for 120 observed leads and 'us' for 120, 120 of them the same (phi 1.000)."


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("text", ["{at: 14d, outcome: won, horizon: 30d}", SPLIT])
def test_every_form_is_linted_alone_and_on_data(past: History, name: str, text: str) -> None:
    model = made(every_kind(**MODELS[name]))
    alone, on_data = lint(model), lint(model, past, plan(text))
    assert codes(alone) <= codes(on_data)
    assert codes(on_data) <= set(BY_CODE)
    assert on_data.data is not None


@pytest.mark.parametrize("seed", range(30))
def test_random_models_are_linted_alone_and_on_random_pasts(seed: int) -> None:
    model = random_model(seed)
    alone = lint(model)
    assert codes(alone) <= set(BY_CODE)
    drawn = random_past(seed, 60, model)
    asked = Plan(at=Age(age=drawn.age_days), outcome=OUTCOME, horizon=1, allow_undated=True)
    with wb.read_history(drawn.frames, mapping=MAPPING) as loaded:
        try:
            found = lint(model, loaded, asked)
        except PlanError as nobody:
            assert "at least one lead to observe" in str(nobody)  # noqa: PT017  (some pasts have nobody)
            return
    assert [each for each in found.findings if each.code < "L2"] == list(alone.findings)


def test_a_rule_that_a_variant_enables_and_drops_does_not_count(past: History) -> None:
    off = {"id": "two", "in": "fit", "enabled": False, "when": US, "points": 2}
    changed = {"override": [{**off, "enabled": True}], "drop": ["two"]}
    model = made({"more": [off], "variants": [{"name": "eu", "when": EU, **changed}]})
    assert {"L176", "L177"} <= codes(lint(model, past, plan()))
