"""Influences against a second opinion: the figure itself, with a little more weight on one cell."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import CallError
from workbench.metrics import influence
from workbench.metrics.depth import at_depth
from workbench.metrics.ranking import auc
from workbench.metrics.thresholds import confusion, net_value

from .samples import histograms, leads

FLAGS = np.arange(12) >= 7
FIGURES = {
    "auc": influence.area,
    "lift": partial(influence.lift, depth=0.1),
    "captured": partial(influence.captured, depth=0.2),
    "everybody": partial(influence.captured, depth=1.0),
    "precision": partial(influence.precision, flagged=FLAGS),
    "recall": partial(influence.recall, flagged=FLAGS),
}
TOTALS = {
    "number": partial(influence.number, flagged=FLAGS),
    "worth": partial(influence.worth, flagged=FLAGS, contact_cost=3.5, win=41.0),
}


@pytest.fixture(scope="module")
def sample():
    """Many observations on few scores: every boundary lies well inside one of them."""
    return leads(5, n=4_000, k=12)


def test_values_are_those_of_the_metrics(sample):
    lost, won = sample.negatives, sample.positives
    top = at_depth(lost, won, [0.1, 0.2])
    cut = confusion(lost, won, [7])
    assert influence.area(lost, won).value == auc(lost, won)
    assert influence.lift(lost, won, 0.1).value == pytest.approx(top.lift[0], rel=1e-12)
    assert influence.captured(lost, won, 0.2).value == pytest.approx(top.captured[1], rel=1e-12)
    assert influence.number(lost, won, FLAGS).value == cut.flagged[0]
    assert influence.precision(lost, won, FLAGS).value == cut.precision[0]
    assert influence.recall(lost, won, FLAGS).value == cut.recall[0]
    worth = influence.worth(lost, won, FLAGS, contact_cost=3.5, win=41.0)
    assert worth.value == pytest.approx(net_value(cut, contact_cost=3.5, win=41.0)[0])


@pytest.mark.parametrize("name", [*FIGURES, *TOTALS])
def test_an_influence_is_what_a_little_more_weight_on_a_cell_does(sample, name):
    make = (FIGURES | TOTALS)[name]
    lost, won = sample.negatives.astype(float), sample.positives.astype(float)
    n, base, step = lost.sum() + won.sum(), make(lost, won), 1e-3
    for table, own in ((base.lost, lost), (base.won, won)):
        for cell in range(sample.k):
            ends = []
            for sign in (-1, 1):
                own[cell] += sign * step
                found = make(lost, won).value
                # A total is of as many observations as there are: more weight is not more of them.
                ends.append(found * n / (n + sign * step) if name in TOTALS else found)
                own[cell] -= sign * step
            assert (ends[1] - ends[0]) / (2 * step) == pytest.approx(table[cell], rel=1e-5, abs=1e-9)


@given(histograms(), st.sampled_from(sorted(FIGURES)), st.integers(0, 6))
def test_influences_add_up_to_nothing(pairs, name, cut):
    lost, won = (np.array(side) for side in zip(*pairs, strict=True))
    keyword = {"flagged": np.arange(len(lost)) >= cut} if name in {"precision", "recall"} else {}
    found = FIGURES[name](lost, won, **keyword)
    if not np.isnan(found.value):
        assert lost @ found.lost + won @ found.won == pytest.approx(0, abs=1e-9)


def test_recorded_amounts_come_on_top_of_what_a_cell_costs():
    found = influence.worth([3, 1], [1, 3], [False, True], contact_cost=2, amounts=[50, 90])
    # One cell of four flagged: 90 earned, 8 spent, 82 / 8 a lead.
    assert found.value == 82
    np.testing.assert_array_equal(found.won, [-10.25, -12.25])
    np.testing.assert_array_equal(found.lost, found.won)
    np.testing.assert_array_equal(found.paid, [0, 1])
    assert found.won @ [1, 3] + found.lost @ [3, 1] + found.paid @ [50, 90] == 0


@pytest.mark.parametrize("worth", [{}, {"win": 1, "amounts": [0, 0]}])
def test_a_win_has_one_worth(worth):
    with pytest.raises(CallError, match="win, amounts: expected exactly one of the two"):
        influence.worth([3, 1], [1, 3], [False, True], contact_cost=2, **worth)


def test_what_is_undefined_is_nan_without_a_warning():
    nobody, some = [0, 0], [2, 3]
    for lost, won in ((nobody, some), (some, nobody), (nobody, nobody)):
        assert np.isnan(influence.area(lost, won).value)
    assert np.isnan(influence.lift(some, nobody, 0.1).value)
    assert np.isnan(influence.captured(nobody, nobody, 0.1).value)
    assert np.isnan(influence.recall(some, nobody, [False, True]).value)
    assert np.isnan(influence.precision(some, some, [False, False]).value)
    assert influence.number(nobody, nobody, [True, True]).value == 0


def test_among_scores_of_few_leads_the_rate_at_a_boundary_is_that_of_the_ranks_around_it():
    random = np.random.default_rng(3)
    n = 4_000
    won = random.random(n) < np.linspace(0.02, 0.5, n)
    fine = influence.captured(~won, won, 0.25)
    at = n - n // 4
    # Two sides of 2 sqrt(1000 x 0.75) = 54.8 ranks: the step at the boundary is (y - r) / converts.
    rate = won[at - 55 : at + 55].mean()
    step = (fine.lost[at + 5] - fine.lost[at - 5]) * won.sum()
    assert step == pytest.approx(-rate, abs=0.01)
    assert 0.2 < rate < 0.6


@pytest.mark.parametrize("name", ["number", "recall", "worth"])
def test_one_that_is_not_flagged_adds_nothing_itself(name):
    lost, won, flagged = [30, 8, 5], [2, 4, 6], np.array([False, True, True])
    keyword = {"contact_cost": 3, "win": 20} if name == "worth" else {}
    found = getattr(influence, name)(lost, won, flagged, **keyword)
    own = np.array([found.lost + found.level[0], found.won + found.level[1]])
    expected = {"number": [1, 1], "recall": [0, 1 / 12], "worth": [-3, 17]}[name]
    assert own[:, ~flagged] == pytest.approx(np.zeros((2, 1)), abs=1e-12)
    assert own[:, flagged] == pytest.approx(np.repeat(np.array(expected, dtype=float)[:, None], 2, axis=1))


def test_a_convert_below_the_depth_is_not_captured_and_one_above_is():
    for make, scale in ((influence.captured, 1.0), (influence.lift, 4.0)):
        found = make([300, 100], [100, 200], 0.25)
        gap = (found.won + found.level[1]) - (found.lost + found.level[0])
        assert gap == pytest.approx([0.0, scale * (175 / 300) / 300])
