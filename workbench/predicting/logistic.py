"""Logistic regression with a ridge penalty, its strength chosen by folds.

Minimised is minus the log-likelihood plus strength / 2 times the sum of the squared coefficients, the intercept left
free (S. le Cessie and J. C. van Houwelingen, Applied Statistics 41 (1992) 191-201), on columns of mean 0 and variance
1. The fits of the search are Newton's, each started from the one before: statsmodels has the same estimate
(`GLM.fit_regularized` with `L1_wt=0`), but starts every strength anew with a general minimiser. A fit that is kept and
shown is handed to statsmodels' minimiser, which starts where Newton ended, so that its coefficients are statsmodels'.
Products are worked out in pieces (`workbench.predicting.products`): no threads wait for each other.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy.special import expit

from workbench.metrics.histogram import compact
from workbench.metrics.resample import generator
from workbench.predicting.products import across, down, gram, solved

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]

STRENGTHS = tuple(float(each) for each in np.geomspace(3e4, 0.3, 11))
"""Strengths that are tried, the strongest first."""
MOST_SEARCHED = 12_000
"""Observations that the search for a strength looks at: more change the choice by little and cost as much."""
STEPS = 50
CLOSE = 1e-9


@dataclass(frozen=True, eq=False)
class Logistic:
    """A fitted regression.

    Attributes:
        intercept: log-odds where all columns are at their mean.
        coefficients: (p,) of the columns scaled to mean 0 and variance 1.
        mean, scale: (p,) of the columns when it was fitted; a scale of 0 marks a column that was constant.
        strength: of the penalty.
    """

    intercept: float
    coefficients: Floats
    mean: Floats
    scale: Floats
    strength: float

    def log_odds(self, matrix: Floats) -> Floats:
        """(n,) of the rows of a matrix (n, p)."""
        found: Floats = self.intercept + across(_scaled(matrix, self.mean, self.scale), self.coefficients)
        return found

    def predict(self, matrix: Floats) -> Floats:
        """(n,) probabilities of the rows of a matrix (n, p)."""
        found: Floats = expit(self.log_odds(matrix))
        return found


def fit_logistic(matrix: Floats, won: Booleans, *, strength: float, confirm: bool = False) -> Logistic:
    """Fit with one strength.

    Args:
        matrix: (n, p), finite.
        won: (n,); where all are alike the intercept says so, as if half an observation were otherwise.
        strength: above 0.
        confirm: whether statsmodels' minimiser has the last word, for a fit that is kept and shown.
    """
    mean, scale = _scale(matrix)
    x, y = _with_ones(_scaled(matrix, mean, scale)), won.astype(np.float64)
    found = _newton(x, y, strength, _start(x, y))
    if confirm and 0 < y.sum() < len(y):
        found = _confirmed(x, y, strength, found)
    return Logistic(float(found[0]), found[1:], mean, scale, strength)


def choose_logistic(
    matrix: Floats, won: Booleans, folds: Integers, *, seed: int = 7, confirm: bool = False
) -> Logistic:
    """Fit with the strength that predicts best those of other folds: least mean log-loss, the stronger where equal.

    Args:
        matrix: (n, p), finite.
        won: (n,).
        folds: (n,) the fold of each observation; those of one cluster must share one.
        seed: of the sample that is searched where there are more than `MOST_SEARCHED`.
        confirm: as of `fit_logistic`.
    """
    return fit_logistic(matrix, won, strength=best_strength(matrix, won, folds, seed=seed), confirm=confirm)


def best_strength(matrix: Floats, won: Booleans, folds: Integers, *, seed: int = 7, slack: float = 0.0) -> float:
    """The strength of least mean log-loss on the folds left out; the search ends when it has risen twice.

    Args:
        matrix: (n, p), finite.
        won: (n,).
        folds: (n,) the fold of each observation.
        seed: of the sample that is searched where there are more than `MOST_SEARCHED`.
        slack: above 0 the weakest strength is taken whose loss is at most this share above the least.
    """
    rows = np.arange(len(won))
    if len(won) > MOST_SEARCHED:
        rows = np.sort(generator(seed).choice(len(won), MOST_SEARCHED, replace=False))
    y, fold = won[rows].astype(np.float64), compact(folds[rows])[1]
    if not 0 < y.sum() < len(y) or not matrix.shape[1]:
        return STRENGTHS[0]
    mean, scale = _scale(matrix[rows])
    x = _with_ones(_scaled(matrix[rows], mean, scale))
    known = [fold == number for number in range(int(fold.max()) + 1)]
    starts = [_start(x[~out], y[~out]) for out in known]
    losses: list[float] = []
    risen = 0
    for strength in STRENGTHS:
        starts = [_newton(x[~out], y[~out], strength, start) for out, start in zip(known, starts, strict=True)]
        pieces = zip(known, starts, strict=True)
        loss = sum(float(np.sum(_losses(across(x[out], found), y[out]))) for out, found in pieces) / len(y)
        risen = risen + 1 if losses and loss > min(losses) * (1 + slack) else 0
        losses.append(loss)
        if risen == 2:
            break
    good = np.flatnonzero(np.array(losses) <= min(losses) * (1 + slack))
    return STRENGTHS[int(good[-1] if slack else good[0])]


def log_losses(predicted: Floats, won: Booleans) -> Floats:
    """(n,) minus the logarithm of what was predicted for what happened."""
    p = np.clip(predicted, 1e-12, 1 - 1e-12)
    return np.asarray(-np.log(np.where(won, p, 1 - p)))


def _losses(log_odds: Floats, y: Floats) -> Floats:
    return np.asarray(np.logaddexp(0.0, log_odds) - y * log_odds)


def _scale(matrix: Floats) -> tuple[Floats, Floats]:
    scale = matrix.std(axis=0)
    return matrix.mean(axis=0), np.where(scale > 1e-12, scale, 0.0)


def _scaled(matrix: Floats, mean: Floats, scale: Floats) -> Floats:
    return np.asarray((matrix - mean) * np.divide(1.0, scale, out=np.zeros_like(scale), where=scale > 0))


def _with_ones(matrix: Floats) -> Floats:
    return np.column_stack([np.ones(len(matrix)), matrix])


def _start(x: Floats, y: Floats) -> Floats:
    start = np.zeros(x.shape[1])
    rate = (y.sum() + 0.5) / (len(y) + 1)
    start[0] = np.log(rate / (1 - rate))
    return start


def _newton(x: Floats, y: Floats, strength: float, start: Floats) -> Floats:
    """Newton's method, the step halved where the loss would rise."""
    if not 0 < y.sum() < len(y):
        return _start(x, y)
    penalty = np.full(x.shape[1], strength)
    penalty[0] = 0.0
    at = start
    odds = across(x, at)
    loss = float(np.sum(_losses(odds, y)) + penalty @ at**2 / 2)
    for _ in range(STEPS):
        p = expit(odds)
        slope = down(x, y - p) - penalty * at
        curve = gram(x, p * (1 - p))
        curve[np.diag_indices_from(curve)] += penalty + 1e-10
        step = _step(curve, slope)
        gain = float(slope @ step)
        if gain < CLOSE:
            break
        share = 1.0
        while share > 1e-6:
            tried = at + share * step
            odds = across(x, tried)
            reached = float(np.sum(_losses(odds, y)) + penalty @ tried**2 / 2)
            if reached <= loss:
                break
            share /= 2
        at, loss = tried, reached
    return at


def _step(curve: Floats, slope: Floats) -> Floats:
    try:
        return solved(curve, slope)
    except np.linalg.LinAlgError:  # hardly any penalty, and columns that follow from each other
        return np.asarray(np.linalg.solve(curve, slope))


class _Fit(sm.GLM):  # type: ignore[misc]
    """statsmodels' regression without the rank of its columns, a decomposition that costs more than all else.

    The penalty makes the estimate unique, and degrees of freedom are not asked for.
    """

    def initialize(self) -> None:
        """The degrees of freedom as if no column followed from others."""
        self.df_model = self.exog.shape[1] - 1
        self.wnobs = self.exog.shape[0]
        self.df_resid = self.wnobs - self.df_model - 1


def _confirmed(x: Floats, y: Floats, strength: float, start: Floats) -> Floats:
    """statsmodels' estimate, started at ours; ours where its minimiser stops for want of precision and is no better."""
    alpha = np.full(x.shape[1], strength / len(y))
    alpha[0] = 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of convergence: it starts at the minimum, where no step can be found
        found = _Fit(y, x, family=sm.families.Binomial()).fit_regularized(alpha=alpha, L1_wt=0.0, start_params=start)
    theirs = np.asarray(found.params, dtype=np.float64)

    def loss(at: Floats) -> float:
        return float(np.sum(_losses(x @ at, y)) + len(y) * alpha @ at**2 / 2)

    return theirs if np.all(np.isfinite(theirs)) and loss(theirs) <= loss(start) else start
