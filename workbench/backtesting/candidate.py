"""One candidate after another on the same observations, in milliseconds: what sliders and tuning stand on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.metrics.depth import Depth, at_depth
from workbench.metrics.ranking import auc, average_precision
from workbench.metrics.thresholds import Confusion, confusion
from workbench.model import Model
from workbench.observation import Observations, Weights
from workbench.observation.accounts import account_score, rolled
from workbench.observation.alternative import Rows
from workbench.observation.indexing import TAKEN_OUT, Indexed, Indexer

Integers = NDArray[np.int64]
DEPTHS = np.arange(1, 11) / 10


@dataclass(frozen=True)
class Counts:
    """Observations by distinct score and outcome, arrays of shape (k,), lowest score first.

    Attributes:
        scores: thousandths; where `gated`, the first stands for those whom a gate takes out.
        gated: whether there are such.
        negatives, positives: how many did not, and did, convert.
    """

    scores: Integers
    gated: bool
    negatives: Integers
    positives: Integers

    @property
    def auc(self) -> float:
        """Area under the ROC curve, ties counted half."""
        return float(auc(self.negatives, self.positives))

    @property
    def average_precision(self) -> float:
        """Average precision over all thresholds."""
        return float(average_precision(self.negatives, self.positives))

    def lift(self, depths: NDArray[np.float64] = DEPTHS) -> Depth:
        """Rate, lift and captured share among the best, at each depth; ties share."""
        return at_depth(self.negatives, self.positives, depths)

    def thresholds(self) -> Confusion:
        """The confusion at every distinct score."""
        return confusion(self.negatives, self.positives)


class Candidates:
    """Counts for any weights of one model on one part; needs no engine.

    Args:
        model: the model whose rules are paid.
        seen: the observations.
        part: train, validation, test (once opened), or all without a split.

    Raises:
        NotObserved: if the model asks for evidence that was not gathered.
        ModelError: if accounts were observed and the model does not say how they are scored.
        CallError: if the part does not exist or is sealed.
    """

    def __init__(self, model: Model, seen: Observations, *, part: str | None = None) -> None:
        self._scorer = seen.scorer(model)
        rows = seen.rows(part or seen.default_part)
        leads: Rows = rows
        self._starts: Integers | None = None
        if seen.members is not None:
            account_score(model)
            leads, self._starts = seen.members_of(rows)
        assert isinstance(leads, slice)  # noqa: S101  (those of a part are side by side)
        self._cells = Indexer(self._scorer, leads)
        won = seen.subjects.won[rows]
        sorted_by_outcome = bool(np.all(won[:-1] <= won[1:]))
        self._negatives = int(np.searchsorted(won, 1)) if sorted_by_outcome else None
        self._won = won.astype(np.int64)

    @property
    def weights(self) -> Weights:
        """The weights of the model itself."""
        return self._scorer.weights

    def counts(self, weights: Weights) -> Counts:
        """Observations by score and outcome under these weights; exact, whatever the number of leads."""
        found = self._cells(weights)
        if self._starts is not None:
            found = _of_accounts(found, self._starts, weights)
        negatives, positives = self._by_index(found.index)
        filled = np.flatnonzero(negatives + positives)
        if not len(filled):
            return Counts(np.zeros(1, dtype=np.int64), False, np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
        order = filled[np.argsort(found.scores[filled], kind="stable")]
        scores = found.scores[order]
        starts = np.flatnonzero(np.concatenate([[True], scores[1:] != scores[:-1]]))
        return Counts(
            scores[starts],
            bool(scores[0] == TAKEN_OUT),
            np.add.reduceat(negatives[order], starts),
            np.add.reduceat(positives[order], starts),
        )

    def _by_index(self, index: Integers) -> tuple[Integers, Integers]:
        if self._negatives is None:
            both = np.bincount(index * 2 + self._won)
            both = np.append(both, np.zeros(len(both) % 2, dtype=np.int64))
            return both[0::2].astype(np.int64), both[1::2].astype(np.int64)
        negatives, positives = np.bincount(index[: self._negatives]), np.bincount(index[self._negatives :])
        size = max(len(negatives), len(positives))
        return _padded(negatives, size), _padded(positives, size)


def _of_accounts(leads: Indexed, starts: Integers, weights: Weights) -> Indexed:
    """Accounts by cell, from the cells of their leads."""
    assert weights.account is not None  # noqa: S101  (checked when the candidates were made)
    scores = leads.scores[leads.index]
    found = rolled(scores, scores == TAKEN_OUT, starts, weights.account)
    cells, index = np.unique(np.where(found.out, TAKEN_OUT, found.milli), return_inverse=True)
    return Indexed(index.astype(np.int64), cells)


def _padded(counts: NDArray[np.integer], size: int) -> Integers:
    return np.pad(counts, (0, size - len(counts))).astype(np.int64, copy=False)
