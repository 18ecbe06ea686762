"""Scores from codebooks: as the naive oracle says lead by lead, as small sums, and for models never observed."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from crm import PLAN, SPLIT
from strategies import as_of_us, random_model, to_oracle
from vocabulary import LISTS, OUTCOME

import workbench as wb
from workbench.errors import NotObserved
from workbench.observation import Scorer, Weights, books
from workbench.observation.indexing import Indexer
from workbench.oracle import judge


@pytest.fixture(scope="module")
def several(past, past_history):
    """Random models that are observed together."""
    known = [random_model(seed) for seed in range(70, 90)]
    plan = wb.parse_plan(f"{{at: {past.age_days}d, outcome: {OUTCOME}, horizon: 1d, allow_undated: true}}")
    return known, wb.observe(past_history, known, plan)


@pytest.mark.parametrize("number", range(20))
def test_codebook_scores_equal_a_naive_evaluation_of_each_lead(past, several, number):
    model, seen = several[0][number], several[1]
    found, leads, moments = seen.scorer(model).scores(), to_oracle(past.frames), as_of_us(past)
    assert len(seen.subjects.lead_id) == len(leads)
    for row, lead_id in enumerate(seen.subjects.lead_id):
        verdict = judge(model, leads[lead_id], moments[lead_id], LISTS)
        assert verdict.score == (None if found.out[row] else found.milli[row])
        assert verdict.dimensions == {name: values[row] for name, values in found.dimensions.items()}
        assert verdict.gate == (model.gates[found.gate[row] - 1].id if found.gate[row] else None)


def test_random_models_have_gates_that_take_out_and_dimensions_that_decay(several):
    known, seen = several
    assert sum(int(seen.scorer(model).scores().out.any()) for model in known) >= 2
    assert sum(any(getattr(rule, "decay", None) for rule in model.active) for model in known) >= 5


@pytest.mark.parametrize("part", ["train", "validation"])
def test_a_part_has_the_scores_of_its_rows(history, scorecard, part):
    seen = wb.observe(history, scorecard, wb.parse_plan(SPLIT))
    scorer, rows = seen.scorer(scorecard), seen.rows(part)
    everything, some = scorer.scores(), scorer.scores(rows)
    np.testing.assert_array_equal(some.milli, everything.milli[rows])
    np.testing.assert_array_equal(some.gate, everything.gate[rows])


@pytest.mark.parametrize("most", [0, 4, 30])
def test_sharing_codes_or_not_gives_the_same(monkeypatch, history, scorecard, most):
    seen = wb.observe(history, scorecard, wb.parse_plan(PLAN))
    monkeypatch.setattr(books, "MOST_JOINT", most)
    apart = wb.observe(history, scorecard, wb.parse_plan(PLAN))
    assert len(seen.shelf.units) == 1
    assert len(apart.shelf.units) > 1
    for one, other in zip(_everything(seen, scorecard), _everything(apart, scorecard), strict=True):
        np.testing.assert_array_equal(one, other)


def _everything(seen, model):
    scorer = seen.scorer(model)
    scores, cells = scorer.scores(), Indexer(scorer, slice(None))(scorer.weights)
    return scores.milli, scores.out, cells.scores[cells.index]


def test_other_weights_answer_without_a_new_scorer(history, scorecard):
    seen = wb.observe(history, scorecard, wb.parse_plan(PLAN))
    dearer = wb.change_model(scorecard, {"rules.industry.points": 9.5, "groups.mail.max": 1})
    found = seen.scorer(scorecard).scores(weights=Weights.of(dearer))
    expected = seen.scorer(dearer).scores()
    assert (found.milli != seen.scorer(scorecard).scores().milli).any()
    np.testing.assert_array_equal(found.dimensions["engagement"], expected.dimensions["engagement"])


def test_paying_changes_one_rule(history, scorecard):
    weights = Weights.of(scorecard).paying({"industry": (9_500,)})
    assert weights == Weights.of(wb.change_model(scorecard, {"rules.industry.points": 9.5}))


def test_an_each_rule_without_decay_keeps_its_limits(history, frames, scorecard):
    seen = wb.observe(history, scorecard, wb.parse_plan(PLAN))
    scorer = seen.scorer(scorecard)
    events = frames["events"].merge(seen.frame()[["lead_id", "as_of"]])
    events = events[(events["at"] < events["as_of"]) & (events["event"] == "page_view")]
    a_day = events.groupby(["lead_id", events["at"].dt.floor("D")]).size().clip(upper=3)
    count = a_day.groupby("lead_id").sum().clip(upper=12).reindex(seen.subjects.lead_id, fill_value=0)
    np.testing.assert_array_equal(scorer.cases("pages"), count)
    np.testing.assert_array_equal(scorer.rule_values("pages"), count * 750)
    assert count.max() < a_day.groupby("lead_id").sum().max() + 1


# --- what was not observed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"rules.silent.when.within": "11d"}, "silent"),
        ({"rules.pricing.each.within": "31d"}, "pricing"),
        ({"rules.pricing.limit.events": 4}, "pricing"),
        ({"rules.pages.limit.per_day": 1}, "pages"),
        ({"rules.trial.in": "engagement"}, "trial"),
        ({"gates.rival.when.equals": "somewhere"}, "gates"),
    ],
)
def test_new_evidence_is_asked_for_by_name(history, scorecard, changes, what):
    seen = wb.observe(history, scorecard, wb.parse_plan(PLAN))
    with pytest.raises(NotObserved, match=rf"'{what}' asks for evidence .* Observe again"):
        seen.scorer(wb.change_model(scorecard, changes))


def test_a_disabled_rule_and_a_model_without_gates_need_nothing_new(history, scorecard):
    seen = wb.observe(history, scorecard, wb.parse_plan(PLAN))
    smaller = wb.change_model(scorecard, {"rules.silent.enabled": False, "gates": []})
    fresh = wb.observe(history, smaller, wb.parse_plan(PLAN))
    found, expected = (each.scorer(smaller).scores() for each in (seen, fresh))
    np.testing.assert_array_equal(found.milli, expected.milli)
    assert not found.out.any()


def test_a_model_that_was_observed_beside_others_scores_as_if_alone(history, scorecard):
    other = wb.change_model(scorecard, {"rules.silent.when.within": "25d", "gates.rival.when.equals": "EU"})
    both = wb.observe(history, [other, scorecard], wb.parse_plan(PLAN))
    alone = wb.observe(history, scorecard, wb.parse_plan(PLAN))
    np.testing.assert_array_equal(both.scorer(scorecard).scores().milli, alone.scorer(scorecard).scores().milli)
    np.testing.assert_array_equal(both.scorer(scorecard).scores().out, alone.scorer(scorecard).scores().out)
    assert (both.scorer(other).scores().out != alone.scorer(scorecard).scores().out).any()


def test_a_scorer_does_not_share_what_it_changes(history, scorecard):
    seen = wb.observe(history, scorecard, wb.parse_plan(PLAN))
    first = seen.scorer(scorecard).scores().milli.copy()
    Scorer(wb.change_model(scorecard, {"rules.title.default": 3}), seen.catalog, seen.shelf).scores()
    np.testing.assert_array_equal(seen.scorer(scorecard).scores().milli, first)
    assert dataclasses.is_dataclass(seen)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign"):
        seen.plan = None
