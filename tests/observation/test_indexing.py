"""The cells that counting goes by stand for the very scores, whatever a model combines."""

from __future__ import annotations

import numpy as np
import pytest
from crm import SPLIT
from strategies import random_model
from vocabulary import OUTCOME

import workbench as wb
from workbench.observation import Weights, indexing
from workbench.observation.indexing import TAKEN_OUT, Indexer

KINDS = ("sum", "weighted", "product", "max", "matrix")


@pytest.fixture(scope="module")
def several(past, past_history):
    """Random models that are observed together."""
    known = [random_model(seed) for seed in range(200, 260)]
    plan = wb.parse_plan(f"{{at: {past.age_days}d, outcome: {OUTCOME}, horizon: 1d, allow_undated: true}}")
    return known, wb.observe(past_history, known, plan)


def standing(scorer, rows=slice(None), weights=None):
    """What the cells of all rows stand for."""
    found = Indexer(scorer, rows)(weights or scorer.weights)
    assert found.index.min() >= 0
    return found.scores[found.index]


def expected(scorer, rows=slice(None), weights=None):
    scores = scorer.scores(rows, weights)
    return np.where(scores.out, TAKEN_OUT, scores.milli)


def test_cells_stand_for_the_scores(several):
    known, seen = several
    kinds = {each.model.score.combine for model in known for each in model.alternatives}
    assert kinds == set(KINDS)
    for model in known:
        scorer = seen.scorer(model)
        np.testing.assert_array_equal(standing(scorer), expected(scorer), err_msg=model.name)


@pytest.mark.parametrize("most", [0, 200])
def test_too_many_cells_are_left_for_rows(monkeypatch, several, most):
    monkeypatch.setattr(indexing, "MOST_CELLS", most)
    known, seen = several
    for model in known[:20]:
        scorer = seen.scorer(model)
        np.testing.assert_array_equal(standing(scorer), expected(scorer))


def test_a_part_has_the_cells_of_its_rows(history, scorecard):
    seen = wb.observe(history, scorecard, wb.parse_plan(SPLIT))
    scorer = seen.scorer(scorecard)
    for part in ("train", "validation"):
        rows = seen.rows(part)
        np.testing.assert_array_equal(standing(scorer, rows), expected(scorer, rows))


def test_one_indexer_answers_for_other_weights(history, scorecard):
    seen = wb.observe(history, scorecard, wb.parse_plan(SPLIT))
    scorer, rows = seen.scorer(scorecard), seen.rows("train")
    indexer = Indexer(scorer, rows)
    for changes in ({"rules.industry.points": 9.5}, {"rules.pricing.decay.half_life": "3d"}, {"dimensions.fit.max": 4}):
        other = Weights.of(wb.change_model(scorecard, changes))
        found = indexer(other)
        np.testing.assert_array_equal(found.scores[found.index], expected(scorer, rows, other))
