"""Scores against outcomes: the counts by distinct score that every figure of a backtest is made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.metrics.cluster_sums import cluster_sums
from workbench.metrics.clustering import design_effect
from workbench.metrics.delong import Area, clustered_delong, delong
from workbench.metrics.histogram import tally
from workbench.metrics.resample import Source, rows

Integers = NDArray[np.int64]
LEAST = 30
"""Observations below which a band, month or segment does not carry a statement."""


@dataclass(frozen=True)
class Judged:
    """Observations with their score and outcome.

    Attributes:
        scores: (k,) distinct scores in thousandths, ascending; where `gated`, the first stands for those whom a
            gate takes out.
        gated: whether there are such.
        cells: (n,) index into `scores` for each observation.
        won: (n,) whether it converted.
        amount: (n,) what was recorded with the outcome, NaN where nothing was.
        cluster: (n,) codes from 0 without holes.
        negatives, positives: (k,) counts.
    """

    scores: Integers
    gated: bool
    cells: Integers
    won: NDArray[np.bool_]
    amount: NDArray[np.float64]
    cluster: Integers
    negatives: Integers
    positives: Integers

    @classmethod
    def of(
        cls,
        milli: Integers,
        out: NDArray[np.bool_],
        won: NDArray[np.bool_],
        amount: NDArray[np.float64],
        cluster: Integers,
    ) -> Judged:
        """Count observations by score and outcome."""
        gated = bool(out.any())
        low = int(milli.min(initial=0)) - 1
        keyed = np.where(out, low, milli) if gated else milli
        scores, cells = np.unique(keyed, return_inverse=True)
        negatives, positives = tally(cells, won, max(len(scores), 1))
        _, packed = np.unique(cluster, return_inverse=True)
        return cls(scores, gated, cells.astype(np.int64), won, amount, packed.astype(np.int64), negatives, positives)

    def chosen(self, keep: NDArray[np.bool_]) -> Judged:
        """Only some observations."""
        milli = self.scores[self.cells[keep]]
        out = (self.cells[keep] == 0) & self.gated
        return Judged.of(milli, out, self.won[keep], self.amount[keep], self.cluster[keep])

    @property
    def n(self) -> int:
        """Number of observations."""
        return len(self.cells)

    @property
    def converted(self) -> int:
        """Number that converted."""
        return int(self.won.sum())

    @property
    def rate(self) -> float:
        """Share that converted; NaN without observations."""
        return self.converted / self.n if self.n else float("nan")

    @property
    def clustered(self) -> bool:
        """Whether some cluster holds several observations."""
        return self.n > int(self.cluster.max(initial=-1)) + 1

    @property
    def points(self) -> NDArray[np.float64]:
        """The distinct scores in points; NaN for the gated cell."""
        points = self.scores / 1000
        if self.gated:
            points[0] = np.nan
        return points

    @property
    def first(self) -> int:
        """Index of the lowest score that ranks."""
        return 1 if self.gated else 0

    def area(self) -> Area:
        """AUC with its variance: DeLong, or Obuchowski's for clusters."""
        if self.clustered:
            return clustered_delong(self.cells, self.won, self.cluster, len(self.scores))
        return delong(self.negatives, self.positives)

    def design_effects(self, groups: Integers | None = None, n_groups: int = 1) -> NDArray[np.float64]:
        """By how much clustering widens the variance of a rate, by group; 1 without clusters."""
        if not self.clustered:
            return np.ones(n_groups)
        return design_effect(self.won, self.cluster, groups=groups, n_groups=n_groups)

    def source(self, draws: int) -> Source:
        """What bootstrap replicates are drawn from: clusters where there are any, else single observations."""
        worth = np.nan_to_num(self.amount) * self.won
        if self.clustered:
            return cluster_sums(self.cells, self.won, self.cluster, len(self.scores), amounts=worth, draws=draws)
        deals = np.flatnonzero(worth)
        return rows(self.negatives, self.positives, deal_cells=self.cells[deals], deal_amounts=worth[deals])

    def amounts(self) -> NDArray[np.float64]:
        """(k,) sum of the amounts recorded with outcomes, by score."""
        worth = np.nan_to_num(self.amount) * self.won
        return np.bincount(self.cells, weights=worth, minlength=len(self.scores)).astype(np.float64)

    def distribution(self) -> pd.DataFrame:
        """Columns score (points; missing for those taken out), converted, not_converted."""
        return pd.DataFrame({"score": self.points, "converted": self.positives, "not_converted": self.negatives})
