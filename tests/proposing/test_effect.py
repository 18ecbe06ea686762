"""What a proposed rule does inside its dimension's cap, against the model that has it, observed anew."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from crm import SCORECARD, crm, load

import workbench as wb
from workbench.backtesting.capacity import days_of
from workbench.backtesting.tiers import tier_ranks
from workbench.proposing.effect import effect_of
from workbench.proposing.proposals import added_to

PLAN = "{at: 14d, outcome: won, horizon: 40d, split: {by: lead, test: 20%, validation: 40%}}"
CAPPED = """
format: lead-scoring-model/1
name: capped
dimensions: {all: {max: 12}}
rules: [{id: large, in: all, when: {field: size, at_least: 5}, points: 10}]
tiers: [{name: Cold, from: 0}, {name: Warm, from: 11}]
"""


@pytest.fixture(scope="module")
def past():
    with load(crm(seed=4, leads=600)) as history:
        yield history


@pytest.mark.parametrize("points", [9, -7, 60])
def test_it_is_what_the_model_with_the_rule_says(points: int, past) -> None:
    model, plan = wb.parse_model(SCORECARD), wb.parse_plan(PLAN)
    seen = wb.observe(past, [model], plan)
    for dimension in model.dimensions:
        rule = {"id": "eu", "in": dimension, "when": {"field": "region", "equals": "EU"}, "points": points}
        other = added_to(model, [rule])
        fresh = wb.observe(past, [other], plan)
        holds = fresh.scorer(other).cases("eu") == 1
        assert holds.any()
        found = effect_of(model, seen, rule, holds)
        rows = seen.rows("validation")
        one = tier_ranks(model, seen.scorer(model).scores(rows)) >= 1
        two = tier_ranks(other, fresh.scorer(other).scores(rows)) >= 1
        inside = ~seen.scorer(model).scores(rows).out
        expected = tuple(int((each & inside).sum()) for each in (one, two, two & ~one, one & ~two))
        assert (found.before, found.after, found.gained, found.lost) == expected
        assert found.weeks == days_of(seen, rows) / 7
        assert f"{found.gained:,} gained, {found.lost:,} lost" in found.sentence


def test_what_the_cap_swallows_is_counted() -> None:
    """Whoever is large has 10 of 12 already: of 5 more points they get 2; the small get all 5."""
    leads = pd.DataFrame({"lead_id": range(40), "size": np.arange(40) % 10, "red": ["yes", "no"] * 20, "won": 0})
    leads.loc[::7, "won"] = 1
    model = wb.parse_model(CAPPED)
    with wb.read_history(leads, outcome="won=1") as history:
        seen = wb.observe(history, [model], wb.parse_plan("{at: recorded}"))
    red = (leads["red"] == "yes").to_numpy()[np.argsort(np.argsort(seen.subjects.lead_id.astype(int)))]
    large = seen.scorer(model).scores().milli == 10_000
    red = red[: len(large)]
    found = effect_of(model, seen, {"in": "all", "points": 5}, red)
    assert (found.before, found.after) == (0, int((red & large).sum()))
    assert (found.held, found.swallowed) == (int(red.sum()), int((red & large).sum()))
    assert "of 100 would reach Warm" in found.sentence
    assert f"swallows points of {found.swallowed} of the {found.held} for whom it holds" in found.sentence
    assert "swallows" not in effect_of(model, seen, {"in": "all", "points": 2}, red).sentence
