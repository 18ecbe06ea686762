"""A logistic regression with a ridge penalty, on counted patterns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ROUNDS = 25


def ridge(hits: Floats, positives: Floats, totals: Floats, *, penalty: float = 1.0, rounds: int = ROUNDS) -> Floats:
    """Coefficients of a logistic regression with a ridge penalty, by iteratively reweighted least squares.

    Maximises the log-likelihood less penalty / 2 times the sum of the squared coefficients of columns of unit variance;
    the intercept is free. (S. le Cessie and J. C. van Houwelingen, "Ridge estimators in logistic regression", Applied
    Statistics 41 (1992) 191-201.)

    Args:
        hits: (k, p) one row for each pattern.
        positives: (k,) converts of each pattern.
        totals: (k,) observations of each.
        penalty: of the squares.
        rounds: at most.

    Returns:
        (p,) coefficients in the units of `hits`; 0 where a column does not vary.
    """
    n = totals.sum()
    mean = totals @ hits / n
    spread = np.sqrt(np.maximum(totals @ (hits - mean) ** 2 / n, 0.0))
    used = np.flatnonzero(spread > 0)
    design = np.column_stack([np.ones(len(hits)), (hits[:, used] - mean[used]) / spread[used]])
    held = np.diag(np.r_[1e-9, np.full(len(used), penalty)])
    base = np.clip(positives.sum() / n, 1e-6, 1 - 1e-6)
    beta = np.r_[np.log(base / (1 - base)), np.zeros(len(used))]
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        slope = design.T @ (positives - totals * p) - held @ beta
        curve = design.T @ (design * (totals * p * (1 - p))[:, None]) + held
        step = np.linalg.solve(curve, slope)
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-6:
            break
    found = np.zeros(hits.shape[1])
    found[used] = beta[1:] / spread[used]
    return found
