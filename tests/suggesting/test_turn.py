from __future__ import annotations

import numpy as np
import pytest

import workbench as wb
from workbench.observation import Weights
from workbench.suggesting.constraints import Constraints
from workbench.suggesting.turn import allowed, points_of, repaired, turns_of
from workbench.tuning.edit import edited

from .planted import STATED, model

FORMS = wb.parse_model("""
format: lead-scoring-model/1
name: forms
dimensions: {fit: {max: 20}, use: {}}
rules:
  - id: title
    in: fit
    cases: [{when: {field: title, equals: vp}, points: 9}, {when: {field: title, equals: head}, points: 4}]
    default: -1
  - {id: seasonal, in: fit, effective: {from: 2025-01-01}, cases: [{when: {field: seats, at_least: 9}, points: 3}]}
  - {id: region, in: fit, map: {field: region, points: {us: 5, eu: 2}}}
  - {id: seats, in: fit, bands: {of: {field: seats}, steps: [{below: 10, points: 1}, {from: 10, points: 6}]}}
  - {id: units, in: use, per: {of: {field: seats}, unit: 10, most: 3}, points: 2}
  - {id: share, in: use, up_to: {of: {event: visit}, most: 4}, points: 8}
  - {id: each, in: use, each: {event: visit}, points: 0.75}
  - {id: off, in: use, when: {field: region, equals: us}, points: 3, enabled: false}
""")


def rules_of(weights):
    return {rule.id: rule for rule in weights.alternatives[0].rules}


def test_every_turn_is_the_number_that_the_file_has():
    turns = turns_of(FORMS, Constraints(sign="free", defaults=True, monotone=False))
    assert {turn.rule for turn in turns} == {"title", "seasonal", "region", "seats", "units", "share", "each"}
    for at, turn in enumerate(turns):
        state = np.array([each.now for each in turns])
        state[at] = 7000
        by_search = Weights.of(FORMS).paying(points_of(turns, state, rules_of(Weights.of(FORMS))))
        assert by_search == Weights.of(edited(FORMS, {turn.path: 7})), turn.path


def test_signs_ranges_and_caps():
    turns = {turn.path: turn for turn in turns_of(FORMS, Constraints())}
    assert "rules.title.default" not in turns
    assert turns["rules.title.cases[0].points"].values.tolist() == [each * 1000 for each in range(21)]
    assert 750 in turns["rules.each.points"].values
    own = {turn.rule: turn for turn in turns_of(model(), Constraints(range=(-4, 4), step=2))}
    assert own["r2"].values.tolist() == [0, 2000, 4000, 15000]
    assert own["r7"].values.tolist() == [-4000, -3000, -2000, 0]
    assert own["r5"].values.tolist() == [-4000, -2000, 0, 2000, 4000]


def test_cases_keep_their_order():
    turns = turns_of(FORMS, Constraints())
    state = np.array([turn.now for turn in turns])
    assert allowed(turns, state, 0).min() == 4000
    assert allowed(turns, state, 1).max() == 9000
    wanted = repaired(turns, np.where(np.arange(len(turns)) == 1, 12000.0, state))
    assert wanted[0] >= wanted[1] == 12000


def test_kept_and_varied_rules_are_left_alone():
    assert "r2" not in {turn.rule for turn in turns_of(model(), Constraints(keep=("r2",)))}
    varied = model(
        more="variants: [{name: other, when: {field: f0, at_least: 1}, override: "
        "[{id: r1, in: fit, when: {field: f1, at_least: 1}, points: 1}]}]"
    )
    assert {turn.rule for turn in turns_of(varied, Constraints())} == {f"r{at}" for at in range(len(STATED)) if at != 1}


def test_step_must_be_whole():
    with pytest.raises(ValueError, match="step"):
        Constraints(step=0)
