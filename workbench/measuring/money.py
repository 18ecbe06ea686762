"""Expected value: how likely a lead is won times what it would be worth, and what a list ranked by that brings in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from workbench.backtesting.capacity import workable
from workbench.measuring.field import DRAWS, of_percentiles
from workbench.metrics.histogram import compact
from workbench.metrics.paired import Difference
from workbench.metrics.resample import generator
from workbench.observation import Observations
from workbench.predicting.folds import random_folds
from workbench.predicting.judging import ranks
from workbench.predicting.products import across, down, gram, solved

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]
LEAST_AMOUNTS = 30
"""Wins with an amount below which no amount is predicted."""
USUAL_DEPTH = 0.2
STRENGTHS = tuple(float(each) for each in np.geomspace(1e4, 1.0, 9))
COLUMNS = ("ranking", "leads", "money", "share", "change", "low", "high")


@dataclass(frozen=True, eq=False)
class Worth:
    """A fitted regression of the logarithm of the amount among those who were won.

    Attributes:
        mean, scale: of the columns.
        level: the mean logarithm.
        coefficients: of the scaled columns.
        spread: variance of what is left; exp(spread / 2) turns the median into a mean (log-normal).
    """

    mean: Floats
    scale: Floats
    level: float
    coefficients: Floats
    spread: float

    def predict(self, matrix: Floats) -> Floats:
        """(n,) expected amounts, in the currency of the amounts."""
        x = (matrix - self.mean) * self.scale
        found: Floats = np.exp(self.level + across(x, self.coefficients) + self.spread / 2)
        return found


def fit_worth(matrix: Floats, amounts: Floats, cluster: Integers, *, seed: int = 7) -> Worth:
    """Ridge regression of log(amount), its strength chosen by folds of clusters.

    Args:
        matrix: (m, p) of those who were won with an amount above 0.
        amounts: (m,).
        cluster: (m,).
        seed: of the folds.
    """
    mean, deviation = matrix.mean(axis=0), matrix.std(axis=0)
    scale = np.divide(1.0, deviation, out=np.zeros_like(deviation), where=deviation > 1e-12)
    x, y = (matrix - mean) * scale, np.log(amounts)
    fold = random_folds(cluster, seed=seed)
    errors = [float(np.sum(_left_out(x, y, fold, strength) ** 2)) for strength in STRENGTHS]
    strength = STRENGTHS[int(np.argmin(errors))]
    level = float(y.mean())
    return Worth(mean, scale, level, _ridge(x, y - level, strength), min(errors) / len(y))


def _left_out(x: Floats, y: Floats, fold: Integers, strength: float) -> Floats:
    errors = np.zeros(len(y))
    for number in np.unique(fold):
        out = fold == number
        level = float(y[~out].mean()) if (~out).any() else 0.0
        errors[out] = y[out] - level - across(x[out], _ridge(x[~out], y[~out] - level, strength))
    return errors


def _ridge(x: Floats, y: Floats, strength: float) -> Floats:
    """In the smaller of the two forms: there are often more columns than wins."""
    n, p = x.shape
    if n < p:
        return down(x, solved(gram(x.T) + strength * np.eye(n), y))
    return solved(gram(x) + strength * np.eye(p), down(x, y))


def expected_value(log_odds: Floats, amounts: Floats) -> Floats:
    """Likelihood times amount, (n,)."""
    return np.asarray(expit(log_odds) * amounts)


def capacity_depth(seen: Observations, rows: Integers) -> tuple[float, str]:
    """The share of these observations that sales can work by the plan's capacity, and words for it.

    Where the plan has no capacity, or nothing has a date, it is a fifth.
    """
    able = workable(seen, rows) if len(rows) else None
    return (USUAL_DEPTH, f"the top {100 * USUAL_DEPTH:.0f} %") if able is None else (able.share, able.said)


@dataclass(frozen=True, eq=False)
class Takings:
    """What the top of a list brings in.

    Attributes:
        won: (n,).
        amounts: (n,) recorded with the outcome, 0 where nothing was.
        cluster: (n,).
        depth: share of the list that is worked.
        seed: of the bootstrap.
    """

    won: Booleans
    amounts: Floats
    cluster: Integers
    depth: float
    seed: int

    def compare(self, rankings: dict[str, Floats]) -> tuple[pd.DataFrame, dict[str, Difference]]:
        """A row for each ranking: leads worked, money, share of all money, and its change from the first ranking.

        Ties at the boundary share. The intervals (95 %) are percentiles over resampled clusters, in which the top is
        taken anew.
        """
        placed = {name: ranks(values) for name, values in rankings.items()}
        one = np.ones(len(self.won))
        money = {name: self._taken(one, *cells) for name, cells in placed.items()}
        first = next(iter(placed))
        drawn = self._drawn(placed)
        changes = {name: of_percentiles(money[name] - money[first], drawn[name] - drawn[first]) for name in placed}
        total, n = float(self.amounts.sum()), self.depth * len(self.won)
        rows = [
            [name, n, taken, taken / total if total else np.nan, *changes[name][:3]] for name, taken in money.items()
        ]
        frame = pd.DataFrame(rows, columns=list(COLUMNS))
        frame.loc[0, ["change", "low", "high"]] = np.nan
        return frame, changes

    def _drawn(self, placed: dict[str, tuple[Integers, int]]) -> dict[str, Floats]:
        known, place = compact(self.cluster)
        random = generator(self.seed)
        found: dict[str, Floats] = {name: np.empty(DRAWS) for name in placed}
        for draw in range(DRAWS):
            times = np.bincount(random.integers(0, len(known), len(known)), minlength=len(known))[place]
            for name, cells in placed.items():
                found[name][draw] = self._taken(times.astype(np.float64), *cells)
        return found

    def _taken(self, times: Floats, cells: Integers, n: int) -> float:
        counts = np.bincount(cells, weights=times, minlength=n)[::-1]
        money = np.bincount(cells, weights=times * self.amounts, minlength=n)[::-1]
        wanted = self.depth * counts.sum()
        before = np.cumsum(counts) - counts
        share = np.clip(np.divide(wanted - before, counts, out=np.zeros_like(counts), where=counts > 0), 0.0, 1.0)
        return float(np.sum(share * money))
