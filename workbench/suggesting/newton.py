"""Intercept and slope of the logistic recalibration of scores, for several counts by score at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RIDGE = 1e-3
"""Weight of the squared slope, so that counts that scores part perfectly have a best slope."""
CLOSE_ENOUGH = 1e-3
"""Newton's method ends with a step that gains less of the summed log loss: what is left is far smaller."""
HALVED = (*[0.5] * 10, 0.0)
"""What a step of Newton's method that makes the loss worse is multiplied with, again and again."""


def fitted(
    n: Floats, won: Floats, x: Floats, start: tuple[float, float], *, fixed: bool = False
) -> tuple[Floats, Floats, Floats]:
    """Summed log losses, intercepts and slopes of the outcome on x, by Newton's method for several counts at once.

    Args:
        n, won: (C, S) all, and converts, by position.
        x: (S,) positions.
        start: intercept and slope to begin from.
        fixed: only the intercept is fitted.
    """
    centre = float(n[0] @ x / n[0].sum())
    x = x - centre
    powers = np.stack([np.ones_like(x), x, x * x], axis=1)
    a, b = np.full(len(n), start[0] + start[1] * centre), np.full(len(n), start[1])
    of_won = won @ powers[:, :2]
    loss, p = _loss(a, b, x, n, of_won)
    for _ in range(30):
        expected = n * p
        left = of_won - expected @ powers[:, :2]
        curve = (expected - expected * p) @ powers
        g, h = left[:, 0], left[:, 1] - RIDGE * b
        u, v, w = curve[:, 0] + 1e-9, curve[:, 1], curve[:, 2] + RIDGE
        root = np.maximum(u * w - v * v, 1e-12 * u * w)
        da, db = (g / u, np.zeros_like(b)) if fixed else ((w * g - v * h) / root, (u * h - v * g) / root)
        other, p = _loss(a + da, b + db, x, n, of_won)
        for smaller in HALVED:
            worse = ~(other <= loss + 1e-9)
            if not worse.any():
                break
            da, db = np.where(worse, da * smaller, da), np.where(worse, db * smaller, db)
            other, p = _loss(a + da, b + db, x, n, of_won)
        a, b, gained, loss = a + da, b + db, loss - other, other
        if float(gained.max()) < CLOSE_ENOUGH:
            break
    return loss, a - b * centre, b


def _loss(a: Floats, b: Floats, x: Floats, n: Floats, of_won: Floats) -> tuple[Floats, Floats]:
    """(C,) losses and (C, S) probabilities."""
    eta = a[:, None] + b[:, None] * x
    losses, p = curve_of(eta)
    loss: Floats = (n * losses).sum(axis=1) - of_won[:, 0] * a - of_won[:, 1] * b + RIDGE / 2 * b * b
    return loss, p


def curve_of(eta: Floats) -> tuple[Floats, Floats]:
    """log(1 + e^eta) and its slope, the probability, without overflow."""
    small = np.exp(-np.abs(eta))
    whole = 1 / (1 + small)
    return np.log1p(small) + np.maximum(eta, 0.0), np.where(eta > 0, whole, small * whole)
