from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from statsmodels.stats.multitest import multipletests

from workbench.cutoffs.bands import _adjusted, _coarse, banding

from .test_ground import ground


def past(chances, n, seed, *, each=1):
    """Leads spread evenly over 40 scores; the chance of a score is that of its tenth of them."""
    random = np.random.default_rng(seed)
    score = np.repeat(random.integers(0, 40, n // each), each)
    cluster = np.repeat(np.arange(n // each), each)
    lean = np.repeat(random.random(n // each), each) if each > 1 else random.random(n)
    return ground(score + 1, lean < np.asarray(chances)[score // 10], cluster, cuts=40, seed=seed)


def test_planted_steps_are_found():
    found = banding(past([0.05, 0.05, 0.2, 0.5], 4000, 1))
    assert len(found.frame) == 3
    assert found.frame["low"].tolist() == pytest.approx([0, 20, 30], abs=1)
    assert (found.frame["p"].iloc[1:] < 0.05).all()
    assert found.frame["n"].sum() == 4000
    assert found.finding.startswith("The data supports 3 bands")


def test_a_fall_is_shown():
    found = banding(past([0.05, 0.4, 0.15, 0.15], 4000, 2))
    assert found.frame["falls"].tolist() == [False, False, True]
    assert "Conversion falls" in found.finding


def test_chance_makes_one_band():
    several = sum(len(banding(past([0.1] * 4, 1500, seed)).frame) > 1 for seed in range(60))
    assert several <= 3  # 1 % is meant; 4 of 60 would come up in 1 of 300


def test_leads_of_one_account_are_not_many_leads():
    """Five leads of an account alike in score and outcome: by rows a difference of chance would look sure."""
    several = sum(len(banding(past([0.1] * 4, 1500, seed, each=5)).frame) > 1 for seed in range(40))
    assert several <= 3


def test_holm_is_that_of_statsmodels():
    n, won = np.array([200.0, 300, 150, 400]), np.array([10.0, 30, 40, 90])
    found = _adjusted(n, won, np.ones(4))
    pooled = (won[1:] + won[:-1]) / (n[1:] + n[:-1])
    z = np.diff(won / n) / np.sqrt(pooled * (1 - pooled) * (1 / n[1:] + 1 / n[:-1]))
    assert found == pytest.approx(multipletests(2 * norm.sf(abs(z)), method="holm")[1])


def test_finest_cells_hold_enough():
    counts = np.array([10.0, 25, 3, 40, 1, 1])
    starts = _coarse(counts, 30)
    assert np.add.reduceat(counts, starts).min() >= 30
    assert starts[0] == 0


def test_one_outcome_is_one_band():
    found = banding(ground(np.arange(1, 41).repeat(3), np.zeros(120), cuts=40))
    assert len(found.frame) == 1
    assert isinstance(found.frame, pd.DataFrame)
