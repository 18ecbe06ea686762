"""The line of every claim: the observations under each value of its points."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting import Candidates, Counts
from workbench.backtesting.candidate import Placed
from workbench.metrics.histogram import compact
from workbench.model import Model
from workbench.observation import Observations, Weights
from workbench.observation.indexing import TAKEN_OUT
from workbench.observation.split import ALL
from workbench.searching import Lines
from workbench.supporting.claim import Claim
from workbench.supporting.ground import Past
from workbench.supporting.line import Few, Line, Liner, Turned, reach_of
from workbench.supporting.objective import Judge
from workbench.supporting.turning import Turning

Integers = NDArray[np.int64]
MOST = 60_000
"""Observations up to which variances are taken from all; of more, from so many, in whole clusters. What ranks how well
is always counted on all."""
MOST_STEPS = 1_000_000
"""Thousandths from the lowest to the highest score up to which a table leads from scores to cells."""
LINE_COLUMNS = ("rule", "case", "points", "objective", "p", "good")


class Lining:
    """Makes lines.

    Args:
        past: the observations.
        judge: the objective.
        points: all numbers of the model, in thousandths.
        reach: steps to either side.
    """

    def __init__(self, past: Past, judge: Judge, points: NDArray[np.int64], reach: int) -> None:
        self._past, self._points, self._reach = past, points, reach
        few, self._sampled = few_of(past)
        self._lines = Lines(past.asking, past.seen, part=ALL)
        self._liner = Liner(past.ground, few, judge, past.seen.plan.seed)

    def line(self, claim: Claim, base: Model) -> Line:
        """The line of a claim, the rest of the model as in `base`."""
        values = reach_of(self._points, claim.points, self._reach)
        weights = Weights.of(base)
        turned = [claim.paying(base, weights, int(value)) for value in values]
        if self._sampled is None:
            made = self._all(turned)
        else:
            counts = self._counts(claim, base, values, turned)
            cells = self._sampled.cells(claim, weights, values, turned, counts)
            made = Turned(counts, cells, cache(lambda at: _aligned(self._past.bound.placed(turned[at]), counts[at])))
        return self._liner.line(values, made, claim.points)

    def _all(self, turned: list[Weights]) -> Turned:
        placed = [self._past.bound.placed(each) for each in turned]
        return Turned([each.counts for each in placed], [each.cells for each in placed], placed.__getitem__)

    def _counts(self, claim: Claim, base: Model, values: NDArray[np.int64], turned: list[Weights]) -> list[Counts]:
        """By score and outcome under each value, of all observations; at once where that can be."""
        weights = Weights.of(base)
        place = claim.place(weights)
        if place is None:
            return [self._past.bound.counts(each) for each in turned]
        along = self._lines.along(weights, place, values)
        gated = bool(along.scores[0] == TAKEN_OUT)
        sides = zip(along.negatives, along.positives, strict=True)
        return [Counts(along.scores, gated, negatives, positives) for negatives, positives in sides]


def _aligned(placed: Placed, counts: Counts) -> Placed:
    """The same by the cells of other counts, which may have empty ones."""
    cells = np.searchsorted(counts.scores, placed.counts.scores)
    amounts = np.zeros(len(counts.scores))
    amounts[cells] = placed.amounts
    return Placed(counts, cells.astype(np.min_scalar_type(len(counts.scores))).take(placed.cells), amounts)


def few_of(past: Past) -> tuple[Few, Sampled | None]:
    """Whole clusters at random, about as many observations as there may be; and their candidates, if not all."""
    won, cluster = past.ground.won, past.seen.subjects.cluster
    if past.n <= MOST:
        return Few(won, cluster, 1.0), None
    known, place = compact(cluster)
    order = np.random.default_rng(past.seen.plan.seed).permutation(len(known))
    sizes = np.bincount(place)[order]
    kept = np.zeros(len(known), dtype=bool)
    kept[order[np.cumsum(sizes) <= MOST]] = True
    rows = np.flatnonzero(kept[place])
    return Few(won[rows], cluster[rows], len(rows) / past.n), Sampled(past.asking, past.seen.arranged(rows))


class Sampled:
    """Where the observations of a sample lie among the scores of all.

    Args:
        asking: the model with its rules on.
        seen: the sample.
    """

    def __init__(self, asking: Model, seen: Observations) -> None:
        self._bound = Candidates(asking, seen)
        self._turning = Turning(asking, seen) if seen.members is None else None

    def cells(
        self, claim: Claim, weights: Weights, values: Integers, turned: Sequence[Weights], counts: Sequence[Counts]
    ) -> list[Integers]:
        """For each value the cell of every observation, among the scores that all have under it."""
        place = claim.place(weights)
        if place is None or self._turning is None or weights.out != self._turning.out:
            return [self._placed(each, whole.scores) for each, whole in zip(turned, counts, strict=True)]
        scores, turns = self._turning.turns(weights, place, claim.points)
        found = []
        for value, whole in zip(values.tolist(), counts, strict=True):
            for turn in turns:
                scores[turn.at] = turn.scores(value)
            found.append(_cells(whole, scores))
        return found

    def _placed(self, weights: Weights, scores: Integers) -> Integers:
        some = self._bound.placed(weights)
        found: Integers = np.searchsorted(scores, some.counts.scores)[some.cells]
        return found


def _cells(whole: Counts, scores: Integers) -> Integers:
    """The cells of scores; by a table if there are not too many steps between them."""
    known = whole.scores[int(whole.gated) :]
    low, high = (int(known[0]), int(known[-1])) if len(known) else (0, -1)
    if not 0 <= high - low <= MOST_STEPS:
        return np.searchsorted(whole.scores, scores)
    table = np.zeros(high - low + 1, dtype=np.int64)
    table[known - low] = np.arange(int(whole.gated), len(whole.scores))
    # Those whom a gate takes out have the lowest cell.
    return table.take(scores - low, mode="clip") * (scores != TAKEN_OUT) if whole.gated else table.take(scores - low)


def lines_frame(claims: tuple[Claim, ...], lines: list[Line]) -> pd.DataFrame:
    """One row a value of a claim's line."""
    parts = [
        pd.DataFrame(
            {
                "rule": claim.rule,
                "case": claim.case if claim.several else "",
                "points": line.milli / 1000,
                "objective": line.objective,
                "p": line.probability,
                "good": line.good,
            }
        )
        for claim, line in zip(claims, lines, strict=True)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*LINE_COLUMNS])
