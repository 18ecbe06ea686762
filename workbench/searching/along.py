"""A line: one number of points turned through many values, and what each of them gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.backtesting import Counts
from workbench.observation.indexing import TAKEN_OUT

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, order=True)
class Place:
    """One number of points of a rule.

    Attributes:
        rule: its id.
        index: into `RuleWeights.points`: 0 is the number of a `when` or `each` rule, or the default of a `cases` rule;
            the others are its cases.
    """

    rule: str
    index: int = 0


@dataclass(frozen=True)
class Along:
    """Observations by score and outcome for each of V values of one number of points.

    Attributes:
        values: (V,) thousandths.
        scores: (S,) thousandths, ascending, of all values together; the least integer, first, stands for those whom a
            gate takes out.
        negatives, positives: (V, S) how many did not, and did, convert.
        amounts: (V, S) sums of the amounts recorded with the outcomes of those who converted; None where no amounts
            are recorded.
    """

    values: Integers
    scores: Integers
    negatives: Integers
    positives: Integers
    amounts: Floats | None

    @property
    def gated(self) -> bool:
        """Whether the first score stands for those whom a gate takes out."""
        return bool(len(self.scores) and self.scores[0] == TAKEN_OUT)

    def counts(self, row: int) -> Counts:
        """The counts of one value, as of a candidate of its own."""
        filled = np.flatnonzero(self.negatives[row] + self.positives[row])
        if not len(filled):
            nobody = np.zeros(1, dtype=np.int64)
            return Counts(nobody, False, nobody, nobody)
        scores = self.scores[filled]
        gated = bool(scores[0] == TAKEN_OUT)
        return Counts(scores, gated, self.negatives[row, filled], self.positives[row, filled])


def stacked(values: Integers, found: Iterable[tuple[Counts, Floats | None]]) -> Along:
    """A line from its candidates, each with the amounts by its scores."""
    several = list(found)
    scores = np.unique(np.concatenate([counts.scores for counts, _ in several]))
    negatives = np.zeros((len(several), len(scores)), dtype=np.int64)
    positives = np.zeros_like(negatives)
    amounts = np.zeros(negatives.shape) if several[0][1] is not None else None
    for row, (counts, earned) in enumerate(several):
        at = np.searchsorted(scores, counts.scores)
        negatives[row, at], positives[row, at] = counts.negatives, counts.positives
        if amounts is not None and earned is not None:
            amounts[row, at] = earned
    return Along(values, scores, negatives, positives, amounts)
