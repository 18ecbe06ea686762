from __future__ import annotations

import numpy as np
import pytest

from workbench.cutoffs.ground import Ground, cells, running_effects, share_effects
from workbench.metrics.clustering import design_effect
from workbench.plan import Worth

RANDOM = np.random.default_rng(3)


def ground(cell, won, cluster=None, *, cuts=6, win="10", cost="2", amount=None, seed=7):
    n = len(cell)
    cluster = np.arange(n) if cluster is None else cluster
    amount = np.zeros(n) if amount is None else amount
    worth = Worth.model_validate_json(f'{{"contact_cost": {cost}, "win": {win}}}')
    return Ground(
        "all", np.arange(cuts) * 1000, np.asarray(cell), np.asarray(won, bool), amount, cluster, worth, 400, seed
    )


def clustered(n=400, size=6):
    cluster = RANDOM.integers(0, 90, n)
    lean = RANDOM.normal(0, 1, 90)[cluster]
    cell = np.clip(np.round(lean + RANDOM.normal(0, 1.5, n) + 3), 0, size + 1).astype(int)
    won = RANDOM.random(n) < 1 / (1 + np.exp(2 - 0.3 * cell - lean))
    _, cluster = np.unique(cluster, return_inverse=True)
    return cell, won, cluster


def test_design_effects_of_all_thresholds_are_those_of_each():
    cell, won, cluster = clustered()
    found = running_effects(cell, won, cluster, 6)
    for number in range(6):
        flagged = (cell >= number + 1).astype(int)
        assert found[number] == pytest.approx(design_effect(won, cluster, groups=flagged, n_groups=2)[1]), number


def test_design_effects_of_recall_are_those_of_a_share():
    cell, _, cluster = clustered()
    found = share_effects(cell, cluster, 6)
    for number in range(6):
        assert found[number] == pytest.approx(design_effect(cell >= number + 1, cluster)[0]), number


@pytest.mark.parametrize("win", ["10", '"amount"'])
def test_value_is_that_of_walking_over_rows(win):
    cell, won, cluster = clustered()
    amount = np.where(won, RANDOM.integers(0, 30, len(won)) * 1.5, 0.0)
    found = ground(cell, won, cluster, win=win, amount=amount)
    for number in range(6):
        worth = 0.0
        for place in range(len(cell)):
            if cell[place] > number:
                worth += (amount[place] if win != "10" else 10 * won[place]) - 2
        assert found.value()[number] == pytest.approx(worth)


def test_cells():
    keys = np.array([-(2**62), 900, 1000, 2500, 2**62])
    assert cells(keys, np.array([1000, 2000])).tolist() == [0, 0, 1, 2, 3]


def test_ranks_only_what_ranks():
    cell, won, cluster = clustered()
    assert ground(cell, won, cluster).ranks
    assert not ground(cell, np.random.default_rng(1).permutation(won), cluster).ranks
    assert not ground(cell, np.zeros(len(cell)), cluster).ranks


def test_a_gain_of_single_leads_is_a_paired_difference():
    cell, won, _ = clustered()
    found = ground(cell, won)
    value, low, high = found.gain(cell >= 3, cell >= 4)
    assert value == pytest.approx(np.where(cell == 3, 10 * won - 2, 0).sum())
    each = np.where(cell == 3, 10 * won - 2, 0)
    half = 1.959964 * np.sqrt(len(each)) * each.std(ddof=1)
    assert (value - low, high - value) == pytest.approx((half, half), rel=1e-4)
