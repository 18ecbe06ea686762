from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn.linear_model import LogisticRegression

from workbench.predicting.folds import random_folds
from workbench.predicting.logistic import STRENGTHS, best_strength, choose_logistic, fit_logistic, log_losses


def data(seed: int = 0, n: int = 600, p: int = 8) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, p)) * np.arange(1, p + 1) + 3
    odds = -1.5 + 0.6 * (x[:, 0] - 3) - 0.3 * (x[:, 2] - 3)
    return x, random.random(n) < 1 / (1 + np.exp(-odds))


@pytest.mark.parametrize("strength", [0.5, 20.0, 500.0])
def test_it_is_the_ridge_of_scikit_learn_and_statsmodels(strength: float) -> None:
    x, won = data()
    found = fit_logistic(x, won, strength=strength, confirm=True)
    np.testing.assert_allclose(fit_logistic(x, won, strength=strength).coefficients, found.coefficients, atol=1e-5)
    scaled = (x - x.mean(axis=0)) / x.std(axis=0)
    theirs = LogisticRegression(C=1 / strength, tol=1e-10, max_iter=5000).fit(scaled, won)
    np.testing.assert_allclose(found.coefficients, theirs.coef_[0], atol=1e-5)
    np.testing.assert_allclose(found.predict(x), theirs.predict_proba(scaled)[:, 1], atol=1e-5)
    alpha = np.r_[0.0, np.full(x.shape[1], strength / len(won))]
    glm = sm.GLM(won.astype(float), sm.add_constant(scaled), family=sm.families.Binomial())
    other = glm.fit_regularized(alpha=alpha, L1_wt=0.0, start_params=np.zeros(len(alpha)))
    np.testing.assert_allclose(np.r_[found.intercept, found.coefficients], other.params, atol=2e-3)


def test_without_a_penalty_to_speak_of_it_is_the_maximum_likelihood() -> None:
    x, won = data(3)
    glm = sm.Logit(won.astype(float), sm.add_constant(x)).fit(disp=0)
    np.testing.assert_allclose(fit_logistic(x, won, strength=1e-7).log_odds(x), glm.fittedvalues, atol=1e-4)


def test_columns_that_do_not_vary_change_nothing() -> None:
    x, won = data(4)
    more = np.column_stack([x, np.full(len(x), 7.0)])
    found = fit_logistic(more, won, strength=10.0)
    np.testing.assert_allclose(found.log_odds(more), fit_logistic(x, won, strength=10.0).log_odds(x), atol=1e-6)


def test_nobody_converted() -> None:
    x, _ = data(5, n=49)
    found = fit_logistic(x, np.zeros(49, dtype=bool), strength=10.0)
    np.testing.assert_allclose(found.predict(x), 0.01)


def test_noise_asks_for_a_strong_penalty_and_a_real_effect_for_a_weak_one() -> None:
    x, won = data(6, n=1500)
    fold = random_folds(np.arange(1500))
    noise = np.random.default_rng(1).permutation(won)
    assert best_strength(x, won, fold) < 100 < best_strength(x, noise, fold)
    assert best_strength(x, won, fold, slack=0.01) <= best_strength(x, won, fold)
    chosen = choose_logistic(x, won, fold)
    assert chosen.strength in STRENGTHS


def test_log_losses() -> None:
    found = log_losses(np.array([0.8, 0.8, 1.0]), np.array([True, False, True]))
    np.testing.assert_allclose(found, [-np.log(0.8), -np.log(0.2), 0.0], atol=1e-9)
