"""From log-odds to points on the model's own scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.proposing.added import Added, logistic

Floats = NDArray[np.float64]
OWN = 10.0
"""Points for one of log-odds where there is no score yet."""


@dataclass(frozen=True)
class Scale:
    """How many points one of log-odds is.

    Attributes:
        points: for one of log-odds, above 0.
        words: where that comes from.
    """

    points: float
    words: str

    @classmethod
    def of(cls, score: Floats, won: NDArray[np.bool_]) -> Scale:
        """The scale of a score, (n,) in points; the inverse of its slope in a logistic regression.

        A score that hardly tells anything would make it endless: it is at most the spread from the 5th to the 95th
        percentile.
        """
        spread = float(np.diff(np.quantile(score, [0.05, 0.95]))[0]) if len(score) else 0.0
        if not spread > 0:
            return cls(OWN, f"{OWN:g} points for one of log-odds: there is no score to go by")
        deviation = float(score.std())
        slope = float(logistic(np.column_stack([np.ones(len(score)), score / deviation]), won)[0][1]) / deviation
        if not slope > 1 / spread:
            return cls(spread, f"{spread:.1f} points for one of log-odds: the spread of the scores, which tell little")
        return cls(1 / slope, f"{1 / slope:.1f} points for one of log-odds, as the score itself has it")

    def whole(self, log_odds: float) -> int:
        """Whole points, rounded half up; never 0."""
        points = int(np.floor(log_odds * self.points + 0.5))
        return points or (1 if log_odds > 0 else -1)

    def range(self, added: Added) -> tuple[int, int]:
        """The points that the interval allows."""
        return int(np.floor(added.low * self.points + 0.5)), int(np.floor(added.high * self.points + 0.5))
