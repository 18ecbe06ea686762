"""Any leads at any moments: what an observation or a scored list says of the same moment."""

from __future__ import annotations

import numpy as np
import pandas as pd
from crm import SCORECARD, crm, load

import workbench as wb
from workbench.observation.given import Given, numbers_of

PLAN = "{at: 14d, outcome: won, horizon: 40d}"


def test_given_moments_are_those_of_an_observation():
    model, plan = wb.parse_model(SCORECARD), wb.parse_plan(PLAN)
    with load(crm(seed=2)) as history:
        seen = wb.observe(history, [model], plan)
        subjects = seen.subjects
        shuffle = np.random.default_rng(1).permutation(len(subjects.lead_id))
        lead, account, created = numbers_of(history, [str(each) for each in subjects.lead_id[shuffle]])
        given = Given(model, history, plan)
        found = given.at(lead, account, subjects.as_of_us[shuffle])
    scores, expected = found.scores(), seen.scorer(model).scores(shuffle)
    assert scores.milli.tolist() == expected.milli.tolist()
    assert scores.gate.tolist() == expected.gate.tolist()
    for rule in ("title", "pricing", "silent"):
        assert found.rule_values(rule).tolist() == seen.scorer(model).rule_values(rule, shuffle).tolist()
    assert (created + 14 * 86_400_000_000).tolist() == subjects.as_of_us[shuffle].tolist()
    assert given.inside(found.shelf).all()


def test_a_population_is_asked_at_each_moment():
    model = wb.parse_model(SCORECARD)
    plan = wb.parse_plan(PLAN.replace("}", ", population: {when: {field: region, equals: EU}}}"))
    frames = crm(seed=2)
    with load(frames) as history:
        ids = frames["leads"]["lead_id"].tolist()
        lead, account, created = numbers_of(history, ids)
        given = Given(model, history, plan)
        inside = given.inside(given.at(lead, account, created + 1).shelf)
    assert inside.tolist() == (frames["leads"]["region"] == "EU").tolist()


def test_leads_without_an_account_have_none():
    frames = crm(seed=2, leads=40)
    with load(frames) as history:
        _, account, _ = numbers_of(history, frames["leads"]["lead_id"].tolist())
    assert ((account == -1) == pd.isna(frames["leads"]["account_id"]).to_numpy()).all()
