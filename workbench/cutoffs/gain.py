"""What a suggested threshold earns beside today's, judged on other leads than it was chosen on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.cutoffs.cutoff import Verdict
from workbench.cutoffs.ground import Ground
from workbench.cutoffs.scene import Scene

Booleans = NDArray[np.bool_]
FOLDS = 5
LEAST_OF_EITHER = 5
"""Converts, others, and clusters on which sides change, below which no verdict is given."""


@dataclass(frozen=True)
class Gain:
    """Net value of the suggestion less that of the current cut, with its interval and verdict."""

    value: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    verdict: Verdict = ""


def gain_of(scene: Scene, at: int, allowed: Booleans) -> Gain:
    """The gain on the judging part; without one by cross-fitting over `FOLDS` folds of whole clusters.

    Cross-fitting chooses the threshold for each fold on the others, so no lead judges a choice that it took part in.
    """
    if scene.now is None:
        return Gain()
    if scene.judge is not None and scene.judging is not None:
        ground, rows = scene.judging, scene.seen.rows(scene.judge)
        reached, now = scene.reached(at)[rows], scene.now[rows]
    else:
        ground, rows = scene.ground, scene.seen.rows(scene.part)
        reached, now = _crossed(ground, allowed), scene.now[rows]
    differs = reached != now
    if not differs.any():
        return Gain(0.0, 0.0, 0.0, "same")
    value, low, high = ground.gain(reached, now)
    changing = len(np.unique(ground.cluster[differs]))
    won = int(ground.won.sum())
    if min(won, ground.n - won, changing) < LEAST_OF_EITHER or not np.isfinite(low):
        return Gain(value, low, high, "not enough evidence")
    verdict: Verdict = "better" if low > 0 else "worse" if high < 0 else "not enough evidence"
    return Gain(value, low, high, verdict)


def _crossed(ground: Ground, allowed: Booleans) -> Booleans:
    """(n,) who would reach the threshold that the other folds choose."""
    fold = ground.cluster % FOLDS
    reached = np.zeros(ground.n, dtype=bool)
    weights = ground.single()
    for number in range(FOLDS):
        rest = fold != number
        by_cell = np.bincount(ground.cell[rest], weights=weights[rest], minlength=ground.k)
        value = np.where(allowed, ground.above(by_cell), -np.inf)
        best = len(value) - 1 - int(np.argmax(value[::-1]))
        reached[~rest] = ground.cell[~rest] > best
    return reached
