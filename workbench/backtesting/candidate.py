"""One candidate after another on the same observations, in milliseconds: what sliders and tuning stand on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.backtesting.tiers import tier_ranks
from workbench.metrics.depth import Depth, at_depth
from workbench.metrics.histogram import compact
from workbench.metrics.ranking import auc, average_precision
from workbench.metrics.thresholds import Confusion, confusion
from workbench.model import Model
from workbench.observation import Observations, Scores, Weights
from workbench.observation.accounts import Rolled, account_ranks, account_score, rolled
from workbench.observation.alternative import Rows
from workbench.observation.books import DECIDERS
from workbench.observation.indexing import TAKEN_OUT, Indexed, Indexer

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
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


@dataclass(frozen=True)
class Placed:
    """Observations by score, each with its own place.

    Attributes:
        counts: by distinct score and outcome.
        cells: (n,) index into `counts.scores` of each observation, in the part's order; the smallest unsigned kind
            of integer that holds it.
        amounts: (k,) sum of the amounts recorded with the outcomes of those who converted, by score; what is not
            recorded counts as 0.
    """

    counts: Counts
    cells: NDArray[np.unsignedinteger[Any]]
    amounts: NDArray[np.float64]


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
        self._leads = leads
        self._won = won = seen.subjects.won[rows]
        self._amount = seen.subjects.amount[rows]
        sorted_by_outcome = bool(np.all(won[:-1] <= won[1:]))
        self._negatives = int(np.searchsorted(won, 1)) if sorted_by_outcome else None

    @property
    def weights(self) -> Weights:
        """The weights of the model itself."""
        return self._scorer.weights

    def counts(self, weights: Weights) -> Counts:
        """Observations by score and outcome under these weights; exact, whatever the number of leads."""
        return self._sorted(self._found(weights))[0]

    def placed(self, weights: Weights) -> Placed:
        """The same with every observation's place among the scores, and the recorded amounts by score."""
        found = self._found(weights)
        counts, order, starts = self._sorted(found)
        kind = np.min_scalar_type(len(counts.scores))
        rank = np.zeros(len(found.scores), dtype=kind)
        rank[order] = np.repeat(np.arange(len(starts), dtype=kind), np.diff([*starts, len(order)]))
        cells = rank.take(found.index)
        return Placed(counts, cells, self._earned(cells, len(counts.scores)))

    def reached(self, model: Model, tier: int, placed: Placed) -> Booleans:
        """(n,) whether each observation gets the tier of this rank or a later one, as `tier_ranks` has it.

        Args:
            model: one that asks the same evidence as that which was bound.
            tier: rank among the model's tiers; of accounts among the account's.
            placed: the observations under that model's weights.
        """
        if self._starts is None and not _by_score(model):
            ranks = tier_ranks(model, self._scorer.scores(self._leads, Weights.of(model)))
            return np.greater_equal(ranks, tier)
        scores, cells = placed.counts.scores, placed.cells
        out = scores == TAKEN_OUT
        if self._starts is not None:
            ranks = account_ranks(Rolled(scores, out), account_score(model))
            return np.greater_equal(ranks, tier).take(cells)
        # Who has the same score, gate and variant gets the same tier: it is worked out once for each that may occur.
        gate, variant = self._scorer.gate_entries, self._scorer.variant_entries
        size = len(gate)
        of = (np.tile(gate, len(scores)), np.tile(variant, len(scores)))
        ranks = tier_ranks(model, Scores(np.repeat(scores, size), np.repeat(out, size), *of, {}))
        reached = np.greater_equal(ranks, tier)
        if size == 1:
            return reached.take(cells)
        return reached.take(cells * np.int64(size) + self._scorer.shelf.books[DECIDERS].codes[self._leads])

    def _found(self, weights: Weights) -> Indexed:
        found = self._cells(weights)
        return found if self._starts is None else _of_accounts(found, self._starts, weights)

    def _sorted(self, found: Indexed) -> tuple[Counts, Integers, Integers]:
        """The counts; the cells that someone is in, by score; and where in these each distinct score begins."""
        negatives, positives = self._by_index(found.index)
        filled = np.flatnonzero(negatives + positives)
        if not len(filled):
            nobody = np.zeros(1, dtype=np.int64)
            return Counts(nobody, False, nobody, nobody), filled, filled
        order = filled[np.argsort(found.scores[filled], kind="stable")]
        scores = found.scores[order]
        starts = np.flatnonzero(np.concatenate([[True], scores[1:] != scores[:-1]]))
        counts = Counts(
            scores[starts],
            bool(scores[0] == TAKEN_OUT),
            np.add.reduceat(negatives[order], starts),
            np.add.reduceat(positives[order], starts),
        )
        return counts, order, starts

    def _earned(self, cells: NDArray[np.unsignedinteger[Any]], size: int) -> NDArray[np.float64]:
        won = self._won == 1 if self._negatives is None else slice(self._negatives, None)
        worth = np.nan_to_num(self._amount[won])
        return np.bincount(cells[won], weights=worth, minlength=size).astype(np.float64, copy=False)

    def _by_index(self, index: Integers) -> tuple[Integers, Integers]:
        if self._negatives is None:
            both = np.bincount(index * 2 + (self._won == 1))
            both = np.append(both, np.zeros(len(both) % 2, dtype=np.int64))
            return both[0::2].astype(np.int64), both[1::2].astype(np.int64)
        negatives, positives = np.bincount(index[: self._negatives]), np.bincount(index[self._negatives :])
        size = max(len(negatives), len(positives))
        return _padded(negatives, size), _padded(positives, size)


def _by_score(model: Model) -> bool:
    """Whether no tier depends on dimensions: a matrix gives none, and none has minima."""
    return all(
        each.model.matrix is None and not any(tier.require for tier in each.model.tiers) for each in model.alternatives
    )


def _of_accounts(leads: Indexed, starts: Integers, weights: Weights) -> Indexed:
    """Accounts by cell, from the cells of their leads."""
    assert weights.account is not None  # noqa: S101  (checked when the candidates were made)
    scores = leads.scores[leads.index]
    found = rolled(scores, scores == TAKEN_OUT, starts, weights.account)
    low = int(found.milli.min(initial=0)) - 1
    values, index = compact(np.where(found.out, 0, found.milli - low))
    return Indexed(index, np.where(values == 0, TAKEN_OUT, values + low))


def _padded(counts: NDArray[np.integer], size: int) -> Integers:
    return np.pad(counts, (0, size - len(counts))).astype(np.int64, copy=False)
