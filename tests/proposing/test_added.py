from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests

from workbench.proposing.added import Base, added, gain_by_folds, gain_on, score_tests
from workbench.proposing.discovery import discovered


def made(seed: int = 0, n: int = 2000, effect: float = 0.8) -> tuple[Base, np.ndarray, np.ndarray]:
    """A base of three scores, a condition that adds to it, and one that does not."""
    random = np.random.default_rng(seed)
    score = random.integers(0, 3, n)
    real, idle = random.random(n) < 0.3, random.random(n) < 0.3
    won = random.random(n) < 1 / (1 + np.exp(-(-2.5 + 0.6 * score + effect * real)))
    columns = np.column_stack([np.ones(n), score, score**2])
    return Base(columns, won, np.arange(n)), real, idle


def test_the_score_test_is_that_of_cochran_mantel_and_haenszel() -> None:
    """With a base of as many columns as strata both condition on the strata."""
    base, real, idle = made()
    z, p = score_tests(base, np.array([real, idle]))
    for at, holds in enumerate((real, idle)):
        tables = []
        for stratum in range(3):
            of = base.columns[:, 1] == stratum
            tables.append([[np.sum(of & a & b) for b in (base.won, ~base.won)] for a in (holds, ~holds)])
        told = StratifiedTable([np.array(table, dtype=float) for table in tables]).test_null_odds()
        # Ours is a little lower where the sums by cluster spread more than the model has it.
        assert abs(z[at]) == pytest.approx(np.sqrt(told.statistic), rel=0.1, abs=0.03)
    assert p[0] < 1e-6 < 0.01 < p[1]
    assert z[0] > 0


def test_log_odds_are_those_of_statsmodels() -> None:
    base, real, _ = made(1)
    cluster = np.arange(2000) // 4
    found = added(Base(base.columns, base.won, cluster), real)
    glm = sm.GLM(base.won.astype(float), np.column_stack([base.columns, real]), family=sm.families.Binomial())
    fit = glm.fit(cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": False})
    assert found.value == pytest.approx(fit.params[-1], abs=0.01)
    own = glm.fit()
    error = max(fit.bse[-1], own.bse[-1])
    assert found.high - found.value == pytest.approx(1.96 * error, rel=0.02)


def test_where_nobody_converted_the_interval_is_wide_but_finite() -> None:
    base, _, _ = made(2)
    holds = np.flatnonzero(~base.won)[:40]
    mask = np.zeros(2000, dtype=bool)
    mask[holds] = True
    found = added(base, mask)
    assert np.isfinite(found).all()
    assert found.value < 0


def test_repeated_leads_do_not_make_it_surer() -> None:
    base, real, _ = made(3, n=500)
    four = Base(np.repeat(base.columns, 4, axis=0), np.repeat(base.won, 4), np.repeat(base.cluster, 4))
    once, again = (score_tests(each, held[None])[0][0] for each, held in ((base, real), (four, np.repeat(real, 4))))
    assert again == pytest.approx(once, rel=0.1)


def test_chances_are_even_where_nothing_is_added() -> None:
    random = np.random.default_rng(4)
    base, _, _ = made(4)
    p = score_tests(base, random.random((400, 2000)) < 0.2)[1]
    assert np.mean(p < 0.05) < 0.08
    assert 0.4 < p.mean() < 0.6


def test_gains() -> None:
    base, real, idle = made(5)
    other, held, _ = made(6)
    assert gain_by_folds(base, real, seed=1).log_loss.low > 0
    assert gain_by_folds(base, idle, seed=1).log_loss.value < 0.001
    told = gain_on(base, other, real, held)
    assert told.auc.low > 0
    assert told.log_loss.low > 0


def test_one_test_a_family_is_benjamini_and_hochberg() -> None:
    p = np.array([0.001, 0.015, 0.2, 0.6, 0.9])
    found = discovered(p, np.ones(5, dtype=int), list("abcde"), level=0.05)
    expected = multipletests(p, method="fdr_bh")[1]
    assert (found < 0.05).tolist() == (expected < 0.05).tolist()
    assert found[0] >= expected[0]


def test_ways_count_and_noise_is_left() -> None:
    random = np.random.default_rng(7)
    families = [str(each // 10) for each in range(200)]
    false = sum(
        (discovered(random.random(200), np.ones(200, int), families, level=0.05) < 0.05).any() for _ in range(200)
    )
    assert false <= 20
    few = discovered(np.array([0.01]), np.array([1]), ["a"], level=0.05)
    many = discovered(np.array([0.01]), np.array([20]), ["a"], level=0.05)
    assert few[0] < 0.05 <= many[0]
