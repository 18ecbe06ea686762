"""What a line of points is judged by: a figure of the ranking with the influence of every observation on it."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from workbench.backtesting import Counts
from workbench.errors import CallError
from workbench.metrics import influence
from workbench.metrics.influence import Influence

Floats = NDArray[np.float64]
Judge = Callable[[Counts], Influence]
STEPS = 25


def judge_named(name: str) -> Judge:
    """`auc`, `log_loss` (of a logistic recalibration of the score, negated), or `lift_` with a percentage.

    Raises:
        CallError: for any other name.
    """
    if name == "auc":
        return lambda counts: influence.area(counts.negatives, counts.positives)
    if name == "log_loss":
        return _log_loss
    depth = re.fullmatch(r"lift_([1-9][0-9]?)", name)
    if depth:
        share = int(depth[1]) / 100
        return lambda counts: influence.lift(counts.negatives, counts.positives, share)
    raise CallError.at(
        "objective",
        expected="auc, log_loss, or lift_ with a percentage such as lift_10",
        found=f"'{name}'",
        remedy="Name one of these. What a rule is worth in money stands in the result whatever the objective is.",
    )


def _log_loss(counts: Counts) -> Influence:
    """Minus the mean loss of the best logistic curve in the score, and how much each observation moves it.

    The curve's two numbers are at their optimum, so to first order an observation moves the mean by its own loss only.
    Those whom a gate takes out have a level of their own.
    """
    lost, won = counts.negatives.astype(np.float64), counts.positives.astype(np.float64)
    rates = np.zeros(len(lost))
    ranked = slice(1, None) if counts.gated else slice(None)
    if counts.gated:
        rates[0] = (won[0] + 0.5) / (lost[0] + won[0] + 1)
    rates[ranked] = _curve(counts.scores[ranked] / 1000, lost[ranked], won[ranked])
    rates = np.clip(rates, 1e-12, 1 - 1e-12)
    of_lost, of_won = np.log1p(-rates), np.log(rates)
    n = max(float((lost + won).sum()), 1.0)
    mean = float(lost @ of_lost + won @ of_won) / n
    level = mean / n
    return Influence(mean, (of_lost - mean) / n, (of_won - mean) / n, level=(level, level))


def _curve(scores: Floats, lost: Floats, won: Floats) -> Floats:
    """Rates of the most likely logistic curve that does not fall, by Newton's steps."""
    n = lost + won
    total = n.sum()
    if not total:
        return np.zeros(len(scores))
    base = (won.sum() + 0.5) / (total + 1)
    level = np.full(len(scores), base)
    mean = (n @ scores) / total
    spread = float(np.sqrt(n @ (scores - mean) ** 2 / total))
    if spread == 0:
        return level
    x = (scores - mean) / spread
    a, b = float(np.log(base / (1 - base))), 0.0
    for _ in range(STEPS):
        rate = expit(a + b * x)
        off, weight = won - n * rate, n * rate * (1 - rate) + 1e-12
        moments = [float(weight @ x**power) for power in range(3)]
        first, second = float(off.sum()), float(off @ x)
        scale = moments[0] * moments[2] - moments[1] ** 2
        if scale <= 0:
            break
        step = ((moments[2] * first - moments[1] * second) / scale, (moments[0] * second - moments[1] * first) / scale)
        a, b = a + float(np.clip(step[0], -2, 2)), b + float(np.clip(step[1], -2, 2))
        if max(map(abs, step)) < 1e-10:
            break
    return level if b <= 0 else np.asarray(expit(a + b * x))
