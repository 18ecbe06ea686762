"""The line of every claim: the observations under each value of its points."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting import Candidates, Counts
from workbench.backtesting.candidate import Placed
from workbench.metrics.histogram import compact
from workbench.model import Model
from workbench.observation import Weights
from workbench.observation.indexing import TAKEN_OUT
from workbench.observation.split import ALL
from workbench.searching import Lines
from workbench.supporting.claim import Claim
from workbench.supporting.ground import Past
from workbench.supporting.line import Few, Line, Liner, Turned, reach_of
from workbench.supporting.objective import Judge

MOST = 60_000
"""Observations up to which variances are taken from all; of more, from so many, in whole clusters. What ranks how well
is always counted on all."""
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
        few, self._sampled = _few(past)
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
            made = self._sample(self._counts(claim, base, values, turned), turned, self._sampled)
        return self._liner.line(values, made, claim.points)

    def _all(self, turned: list[Weights]) -> Turned:
        placed = [self._past.bound.placed(each) for each in turned]
        return Turned([each.counts for each in placed], [each.cells for each in placed], placed.__getitem__)

    def _counts(self, claim: Claim, base: Model, values: NDArray[np.int64], turned: list[Weights]) -> list[Counts]:
        """By score and outcome under each value, of all observations; at once where that can be."""
        weights = Weights.of(base)
        place = claim.place(weights)
        if place is None or weights != self._lines.weights:
            return [self._past.bound.counts(each) for each in turned]
        along = self._lines.along(weights, place, values)
        gated = bool(along.scores[0] == TAKEN_OUT)
        sides = zip(along.negatives, along.positives, strict=True)
        return [Counts(along.scores, gated, negatives, positives) for negatives, positives in sides]

    def _sample(self, counts: list[Counts], turned: list[Weights], sampled: Candidates) -> Turned:
        cells = []
        for each, whole in zip(turned, counts, strict=True):
            some = sampled.placed(each)
            cells.append(np.searchsorted(whole.scores, some.counts.scores)[some.cells])
        return Turned(counts, cells, cache(lambda at: _aligned(self._past.bound.placed(turned[at]), counts[at])))


def _aligned(placed: Placed, counts: Counts) -> Placed:
    """The same by the cells of other counts, which may have empty ones."""
    cells = np.searchsorted(counts.scores, placed.counts.scores)
    amounts = np.zeros(len(counts.scores))
    amounts[cells] = placed.amounts
    return Placed(counts, cells.astype(np.min_scalar_type(len(counts.scores))).take(placed.cells), amounts)


def _few(past: Past) -> tuple[Few, Candidates | None]:
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
    return Few(won[rows], cluster[rows], len(rows) / past.n), Candidates(past.asking, past.seen.arranged(rows))


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
