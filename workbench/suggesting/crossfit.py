"""How many changes to recommend, found inside train: the search is repeated without a fold and judged on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from workbench.backtesting.candidate import Placed
from workbench.metrics.paired import Difference
from workbench.metrics.ranking import auc
from workbench.suggesting.board import Board, State
from workbench.suggesting.judge import Judge
from workbench.suggesting.search import Path

Integers = NDArray[np.int64]
Found = tuple[Board, Path]


@dataclass(frozen=True, eq=False)
class CrossFit:
    """What the search gains on observations that it has not seen.

    Attributes:
        frame: one row for each number of changes from 0: changes, gain (mean over folds of the held-out objective less
            the champion's), error (its standard error, clustered), low, high (95 %), orders (whether the scores order
            held-out leads better than chance), folds (without how many of them the search came to just this number;
            a search that ended at fewer, for want of time or of a change that helps, is judged at its last).
        best: number of changes with the highest gain.
        chosen: the smallest number whose gain is beyond noise, that orders held-out leads, and that the best one does
            not beat by more than one standard error of the difference of the two; 0 if there is none.
    """

    frame: pd.DataFrame
    best: int
    chosen: int


def cross_fitted(
    judge: Judge, fold: Integers, most: int, search: Callable[[Integers], Found], *, looks: int = 1
) -> CrossFit:
    """Search without each fold in turn, and judge each number of changes on it.

    Args:
        judge: of the part that is searched on.
        fold: (n,) fold of each observation of the part.
        most: changes at most.
        search: from the positions of the observations it may use to its board and path.
        looks: how many sizes the chosen one is one of, where its gain is all there is to go by: its level is divided
            by it (Bonferroni).
    """
    held: list[tuple[Integers, list[Placed]]] = []
    reached = np.zeros(most + 1, dtype=np.int64)
    for number in range(int(fold.max(initial=0)) + 1):
        board, path = search(np.flatnonzero(fold != number).astype(np.int64))
        placed = {size: judge.placed(board.weights(path[size])) for size in sorted(path)}
        reached[[size for size in placed if size <= most]] += 1
        held.append(
            (np.flatnonzero(fold == number).astype(np.int64), [_last(placed, size) for size in range(most + 1)])
        )

    def between(one: int, other: int) -> tuple[float, float]:
        each = [judge.difference(states[one], states[other], rows) for rows, states in held]
        return _mean(each)

    gains = [(0.0, 0.0), *(between(0, size) for size in range(1, most + 1))]
    orders = [orders_leads([judge.counts(states[size], rows) for rows, states in held]) for size in range(most + 1)]
    frame = _frame(gains).assign(orders=orders, folds=reached)
    best = int(np.argmax([gain for gain, _ in gains]))
    wide = float(ndtri(1 - 0.025 / looks))
    sure = [size for size in range(1, best + 1) if gains[size][0] - wide * gains[size][1] > 0 and orders[size]]
    chosen = next((size for size in sure if size == best or _as_good(between(size, best))), 0)
    return CrossFit(frame, best, chosen)


def orders_leads(counts: Sequence[tuple[Integers, Integers]]) -> bool:
    """Whether scores order the leads of several folds better than chance, each fold within itself.

    As `workbench.metrics.ranking.ranks`, of the sum over folds of the AUC less a half: false where shuffled outcomes
    would reach it more often than once in 40.

    Args:
        counts: of each fold negatives and positives by ascending score.
    """
    above, spread = 0.0, 0.0
    for negatives, positives in counts:
        tied = (negatives + positives).astype(np.float64)
        n, pairs = float(tied.sum()), float(negatives.sum()) * float(positives.sum())
        if pairs:
            above += float(auc(negatives, positives)) - 0.5
            spread += max(n + 1 - float(np.sum(tied**3 - tied)) / (n * (n - 1)), 0.0) / (12 * pairs)
    return above > float(ndtri(0.975)) * float(np.sqrt(spread))


def _as_good(lost: tuple[float, float]) -> bool:
    """Whether what is lost is within one standard error."""
    return lost[0] <= lost[1]


def _last(placed: Mapping[int, Placed], size: int) -> Placed:
    """That of the largest number of changes up to a size."""
    return placed[max(each for each in placed if each <= size)]


def _mean(each: list[Difference]) -> tuple[float, float]:
    """Mean and standard error over folds: the larger of what each fold finds within it and of how folds differ."""
    values = np.nan_to_num(np.array([one.value for one in each]))
    errors = np.array([one.error for one in each])
    if np.isnan(errors).any() or len(each) < 2:
        return float(values.mean()), float("inf")
    within = float(np.sqrt((errors**2).sum()) / len(each))
    return float(values.mean()), max(within, float(values.std(ddof=1) / np.sqrt(len(each))))


def _frame(gains: list[tuple[float, float]]) -> pd.DataFrame:
    gain, error = np.array(gains).T
    wide = 1.959963984540054 * error
    return pd.DataFrame(
        {"changes": np.arange(len(gain)), "gain": gain, "error": error, "low": gain - wide, "high": gain + wide}
    )


def state_of(path: Path, size: int) -> State:
    """The state of the largest number of changes up to a size."""
    return path[max(each for each in path if each <= size)]
