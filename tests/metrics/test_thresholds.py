from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from sklearn.metrics import confusion_matrix, precision_recall_curve

from workbench.errors import CallError
from workbench.metrics.thresholds import confusion, net_value

from .samples import histograms, leads


@pytest.mark.parametrize("seed", range(20))
def test_every_threshold_equals_scikit_learn(seed):
    sample = leads(seed, n=50 + 40 * seed, k=4 + 2 * seed)
    counts = confusion(sample.negatives, sample.positives)
    for cell in range(sample.k):
        tn, fp, fn, tp = confusion_matrix(sample.outcomes, sample.cells >= cell, labels=[False, True]).ravel()
        assert (counts.tp[cell], counts.fp[cell], counts.fn[cell], counts.tn[cell]) == (tp, fp, fn, tn)
    precision, recall, scores = precision_recall_curve(sample.outcomes, sample.cells)
    np.testing.assert_allclose(counts.precision[scores], precision[:-1], rtol=0, atol=1e-12)
    np.testing.assert_allclose(counts.recall[scores], recall[:-1], rtol=0, atol=1e-12)


def test_by_hand_with_cut_offs_between_the_scores():
    scores = np.array([10, 20, 30])
    counts = confusion([4, 2, 0], [1, 2, 1], np.searchsorted(scores, [15, 20, 31]))
    assert counts.flagged.tolist() == [5, 5, 0]
    assert counts.tp.tolist() == [3, 3, 0]
    assert counts.share.tolist() == [0.5, 0.5, 0]
    np.testing.assert_allclose(counts.lift, [1.5, 1.5, np.nan])
    np.testing.assert_allclose(counts.precision, [0.6, 0.6, np.nan])
    np.testing.assert_allclose(counts.recall, [0.75, 0.75, 0])


def test_net_value_by_hand():
    counts = confusion([4, 2, 0], [1, 2, 1])
    assert net_value(counts, contact_cost=2, win=10).tolist() == [40 - 20, 30 - 10, 10 - 2]
    assert net_value(counts, contact_cost=2, amounts=[5, 30, 7]).tolist() == [42 - 20, 37 - 10, 7 - 2]


def test_net_value_of_replicates_takes_their_own_amounts():
    counts = confusion([[1, 1], [2, 0]], [[0, 2], [1, 1]], [1, 2])
    worth = net_value(counts, contact_cost=1, amounts=[[0.0, 9.0], [3.0, 4.0]])
    assert worth.tolist() == [[6.0, 0.0], [3.0, 0.0]]


@pytest.mark.parametrize("given", [{}, {"win": 1.0, "amounts": [1.0]}])
def test_net_value_wants_one_worth(given):
    with pytest.raises(CallError, match="exactly one of the two"):
        net_value(confusion([1], [1]), contact_cost=1, **given)


@given(histograms())
def test_the_four_counts_add_up_and_fall_with_the_cut_off(pairs):
    negatives, positives = zip(*pairs, strict=True)
    counts = confusion(negatives, positives)
    total = counts.tp + counts.fp + counts.fn + counts.tn
    assert np.all(total == sum(negatives) + sum(positives))
    assert np.all(np.diff(counts.flagged) <= 0)
    assert counts.recall[0] == 1


@pytest.mark.parametrize("starts", [[3], [-1], [0.5]])
def test_starts_outside_the_cells_are_refused(starts):
    with pytest.raises(CallError, match="starts: expected"):
        confusion([1, 1], [1, 1], starts)
