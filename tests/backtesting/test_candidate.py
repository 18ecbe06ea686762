"""Candidates observation by observation: places among the scores, recorded amounts, and who reaches a tier."""

from __future__ import annotations

import numpy as np
import pytest

import workbench as wb
from workbench.backtesting.candidate import Candidates
from workbench.backtesting.tiers import tier_ranks
from workbench.observation import Weights


def model_of(scorecard, form):
    text = scorecard.document.text
    if form == "neither":
        text = text[: text.index("gates:")]
    return wb.parse_model(text if form == "minima and gates" else text.replace(", require: {fit: 6}", ""))


@pytest.mark.parametrize("form", ["minima and gates", "gates", "neither"])
@pytest.mark.parametrize("part", ["train", "validation"])
def test_each_observation_is_placed_at_its_score_and_tier(observed, scorecard, form, part):
    seen = observed(more="split: {by: account}")
    model = model_of(scorecard, form)
    candidates = Candidates(model, seen, part=part)
    changed = wb.change_model(model, {"rules.title.default": 3, "tiers.Warm.from": 7, "score.max": 25})
    placed = candidates.placed(Weights.of(changed))
    plain = candidates.counts(Weights.of(changed))
    rows = seen.rows(part)
    scores = seen.scorer(changed).scores(rows)
    won = seen.subjects.won[rows] == 1
    np.testing.assert_array_equal(placed.counts.scores, plain.scores)
    np.testing.assert_array_equal(placed.counts.positives, plain.positives)
    assert placed.cells.dtype == np.uint8
    assert placed.counts.gated == scores.out.any()
    np.testing.assert_array_equal((placed.cells == 0) & placed.counts.gated, scores.out)
    kept = ~scores.out
    np.testing.assert_array_equal(placed.counts.scores[placed.cells][kept], scores.milli[kept])
    np.testing.assert_array_equal(np.bincount(placed.cells, won), placed.counts.positives)
    amount = np.nan_to_num(seen.subjects.amount[rows]) * won
    np.testing.assert_allclose(placed.amounts, np.bincount(placed.cells, amount))
    assert placed.amounts.sum() > 0
    ranks = tier_ranks(changed, scores)
    for tier in range(3):
        reached = candidates.reached(changed, tier, placed)
        np.testing.assert_array_equal(reached, ranks >= tier)
        assert reached.dtype == np.bool_
    assert 0 < candidates.reached(changed, 1, placed).sum() < len(won)


def test_outcomes_need_not_be_in_order(observed, scorecard):
    seen = observed()
    mixed = seen.taken(np.random.default_rng(3).permutation(len(seen.subjects.won)))
    weights = Weights.of(scorecard)
    plain, other = (Candidates(scorecard, each).placed(weights) for each in (seen, mixed))
    np.testing.assert_array_equal(plain.counts.negatives, other.counts.negatives)
    np.testing.assert_array_equal(plain.counts.positives, other.counts.positives)
    np.testing.assert_allclose(plain.amounts, other.amounts)
