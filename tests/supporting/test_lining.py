"""Lines against fresh models, whatever the form of the rule; and of many observations, against those of all."""

from __future__ import annotations

import numpy as np
import pytest
from crm import SCORECARD, crm, load

import workbench as wb
from workbench.backtesting import Candidates
from workbench.model import change_model
from workbench.observation import Weights
from workbench.supporting import lining, support
from workbench.supporting.claim import claims_of
from workbench.supporting.ground import Past
from workbench.supporting.line import reach_of
from workbench.supporting.objective import judge_named

FORMS = f"""{SCORECARD}
variants:
  - name: europe
    when: {{field: region, equals: EU}}
    multiply: {{dimensions: {{fit: 1.5}}}}
  - name: apac
    when: {{field: region, equals: APAC}}
    drop: [silent]
    override: [{{id: title, in: fit, when: {{field: title, has_word: chief}}, points: 11}}]
""".replace(
    "  - {id: silent,",
    "  - {id: often, in: engagement, per: {of: {event: page_view}, unit: 2, most: 3}, points: 2}\n  - {id: silent,",
)


@pytest.fixture(scope="module")
def past():
    model = wb.parse_model(FORMS)
    with load(crm(seed=4, leads=700)) as history:
        plan = wb.parse_plan("{at: 14d, outcome: won, horizon: 40d, split: {by: lead}}")
        return Past.of(model, wb.observe(history, [model], plan), None)


@pytest.fixture(scope="module")
def claims(past):
    return {claim.name: claim for claim in claims_of(past.asking, past.asking)}


def test_every_number_is_claimed_once(past, claims):
    assert past.part == "train and validation"
    rules = [claim.rule for claim in claims.values()]
    assert rules.count("title") == 3  # two cases, and the one of a variant
    assert {"industry", "pricing", "pages", "opens", "often", "silent"} <= set(rules)
    assert all(claim.paths for claim in claims.values())


@pytest.mark.parametrize("rule", ["title", "pricing", "pages", "opens", "often", "silent"])
def test_a_line_is_what_fresh_models_are_judged_at(past, claims, rule):
    points = np.array([claim.points for claim in claims.values()])
    lines = lining.Lining(past, judge_named("auc"), points, 6)
    for claim in (each for each in claims.values() if each.rule == rule):
        line = lines.line(claim, past.asking)
        assert claim.points in line.milli
        for at in range(0, len(line.milli), 4):
            fresh = change_model(past.asking, {path: int(line.milli[at]) / 1000 for path in claim.paths})
            counts = Candidates(fresh, past.seen).counts(Weights.of(fresh))
            assert line.objective[at] == pytest.approx(counts.auc, abs=1e-12)


@pytest.mark.parametrize(
    "rule", ["title", "industry", *(pytest.param(name, marks=pytest.mark.slow) for name in ("pricing", "often"))]
)
def test_of_many_observations_figures_are_of_all_and_variances_of_some(past, claims, rule, monkeypatch):
    points = np.array([claim.points for claim in claims.values()])
    claim = next(each for each in claims.values() if each.rule == rule)
    whole = lining.Lining(past, judge_named("auc"), points, 10).line(claim, past.asking)
    monkeypatch.setattr(lining, "MOST", past.n - 1)
    some = lining.Lining(past, judge_named("auc"), points, 10).line(claim, past.asking)
    assert some.objective == pytest.approx(whole.objective, abs=1e-12)
    assert np.abs(some.good.astype(int) - whole.good).sum() <= 2
    monkeypatch.setattr(lining, "MOST", past.n // 2)
    half = lining.Lining(past, judge_named("auc"), points, 10).line(claim, past.asking)
    assert half.objective == pytest.approx(whole.objective, abs=1e-12)
    assert half.good[half.best]


@pytest.mark.parametrize("off", ["", "industry"])
def test_a_sample_lies_where_candidates_place_it(past, claims, off, monkeypatch):
    """Whatever the form of the rule, with every rule on or one off: cells are those of fresh candidates, one by one."""
    monkeypatch.setattr(lining, "MOST", past.n // 2)
    few, sampled = lining.few_of(past)
    rows = np.flatnonzero(np.isin(past.seen.subjects.cluster, few.cluster))
    assert len(rows) == len(few.won) < past.n
    base = change_model(past.asking, {f"rules.{off}.enabled": False} if off else {})
    weights, values = Weights.of(base), np.array([-7_000, 0, 3_000, 40_000])
    for claim in (each for each in claims.values() if each.rule != off):
        turned = [claim.paying(base, weights, int(value)) for value in values]
        counts = [past.bound.counts(each) for each in turned]
        found = sampled.cells(claim, weights, values, turned, counts)
        for cells, one, whole in zip(found, turned, counts, strict=True):
            placed = past.bound.placed(one)
            assert (whole.scores[cells] == placed.counts.scores[placed.cells][rows]).all()


def test_a_line_beside_a_rule_that_is_off_is_the_same_of_many_observations(past, claims, monkeypatch):
    points = np.array([claim.points for claim in claims.values()])
    base = change_model(past.asking, {"rules.industry.enabled": False})
    whole = lining.Lining(past, judge_named("auc"), points, 6).line(claims["pricing"], base)
    monkeypatch.setattr(lining, "MOST", past.n - 1)
    some = lining.Lining(past, judge_named("auc"), points, 6).line(claims["pricing"], base)
    assert some.objective == pytest.approx(whole.objective, abs=1e-12)


@pytest.mark.slow
def test_the_whole_way_works_for_every_form(past):
    found = support(past.asking, past.seen, reach=5)
    assert len(found.rules) == len(claims_of(past.asking, past.asking))
    assert set(found.exchange["move"]) == {"drop", "one less", "one more", "double"}
    fresh = change_model(past.asking, {"rules.pricing.enabled": False})
    both = [Candidates(each, past.seen).counts(Weights.of(each)).auc for each in (fresh, past.asking)]
    worth = found.worth[(found.worth["rule"] == "pricing") & (found.worth["figure"] == "auc")]["change"]
    assert worth.to_list() == [pytest.approx(both[1] - both[0])]


@pytest.mark.parametrize(
    ("points", "today", "reach", "ends", "step"),
    [
        ([15_000, -5_000], -5_000, 30, 30_000, 1_000),
        ([40_000], 40_000, 30, 150_000, 5_000),
        ([1_500, 200], 200, 30, 3_000, 100),
        ([250_000], 250_000, 10, 500_000, 50_000),
    ],
)
def test_reach(points, today, reach, ends, step):
    values = reach_of(np.array(points), today, reach)
    assert (values[0], values[-1]) == (-ends, ends)
    assert {0, today} <= set(values.tolist())
    assert step in np.diff(values)
