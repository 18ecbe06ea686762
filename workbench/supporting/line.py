"""A line of values for one number of points: how well each ranks, and which the data cannot tell from the best.

A number is as good as the best unless some other number on the line does better beyond noise. With A(v) the objective
at v, u_c(v) the influence of cluster c on it, and s(v, w)^2 = K / (K - 1) sum_c (u_c(v) - u_c(w))^2 over K clusters,
the statistic of w is T(w) = max over v of (A(v) - A(w)) / s(v, w). Looking for the best of many flatters it, so T(w)
is held against the 95 % point of the same maximum where nothing differs: max over v of (Z(v) - Z(w)) / s(v, w), Z
normal with the covariance of the influences (the reality check of H. White, Econometrica 68 (2000) 1097-1126,
studentised after P. R. Hansen, Journal of Business and Economic Statistics 23 (2005) 365-380, each number taking its
turn as the benchmark). Neighbours on a line differ by the slope there, so this is near the interval that inverts the
test for a slope of 0; what can be told from the best by its whole distance alone would be about twice as wide.

Where few leads are treated differently s is too small just when the difference is large. So what T leaves out must
also be left out by the paired interval at that level (`workbench.metrics.paired`), which allows for that, and rest on
enough leads; from the ends of the range outwards, until one holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import ndtr, ndtri

from workbench.backtesting import Counts
from workbench.backtesting.candidate import Placed
from workbench.metrics.histogram import compact
from workbench.metrics.influence import Influence
from workbench.metrics.paired import Pair, Sample
from workbench.supporting.evidence import LEVEL, enough
from workbench.supporting.objective import Judge
from workbench.tuning.changes import LEAST_CARRIERS, Ground

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]
DRAWS = 2000
CLEAR = (1.2, 6.0)
"""Statistics at or below the first are never beyond the 95 % point (1.64 or more), those from the second on are beyond
that of any number of values looked at (Bonferroni's): neither is drawn for."""
MANY = 400
"""Carriers of a difference in the sample from which on few are no concern: the interval that allows for few is then at
most one in fifty wider at two standard errors."""
RIDGE = 1e-10
"""Part of the mean variance that is added, so that values which rank alike have a covariance to draw from."""
LEAST_CRITICAL = 0.1
NOTHING = 1e-3
"""Part of the largest standard error on a line below which two values are taken to rank alike."""


@dataclass(frozen=True, eq=False)
class Line:
    """Values of one number of points, arrays of shape (V,), ascending.

    Attributes:
        milli: the values, thousandths.
        objective: the figure at each.
        probability: how likely a value that is the best would look this much worse than another; 1 for the best one.
        good: which values cannot be told from the best.
        best: where the best stands; of several, the one nearest to today's, or to 0.
    """

    milli: Integers
    objective: Floats
    probability: Floats
    good: Booleans
    best: int

    @property
    def flat(self) -> bool:
        """Whether the line does not turn at all: every value ranks alike."""
        return bool(np.ptp(self.objective) == 0)

    @property
    def contiguous(self) -> bool:
        """Whether the good values lie side by side."""
        return len(self.pieces) == 1

    @property
    def pieces(self) -> tuple[tuple[int, int], ...]:
        """The stretches of good values that lie side by side, by the places of their first and last one."""
        at = np.flatnonzero(self.good)
        breaks = np.flatnonzero(np.diff(at) > 1)
        first, last = at[np.append(0, breaks + 1)], at[np.append(breaks, len(at) - 1)]
        return tuple((int(low), int(high)) for low, high in zip(first, last, strict=True))

    def is_good(self, value: int) -> bool:
        """Whether a value of the line is as good as the best."""
        return bool(self.good[np.searchsorted(self.milli, value)])

    def probability_of(self, value: int) -> float:
        """That of one value of the line."""
        return float(self.probability[np.searchsorted(self.milli, value)])


@dataclass(frozen=True, eq=False)
class Turned:
    """Observations under every value of a line.

    Attributes:
        counts: by score and outcome, of all of them.
        cells: for each value the cell of every observation in the sample that variances are taken from.
        placed: all of them under one value, by its place on the line.
    """

    counts: Sequence[Counts]
    cells: Sequence[NDArray[Any]]
    placed: Callable[[int], Placed]


@dataclass(frozen=True, eq=False)
class Few:
    """The observations that variances are taken from.

    Attributes:
        won: (m,) whether each converted.
        cluster: (m,) codes.
        share: of all observations, 0..1.
    """

    won: Booleans
    cluster: Integers
    share: float


class Liner:
    """Judges lines on the same observations.

    Args:
        ground: outcomes and clusters.
        few: those that variances are taken from; all, or whole clusters of many.
        judge: the objective.
        seed: of the draws; the same for every line.
    """

    def __init__(self, ground: Ground, few: Few, judge: Judge, seed: int) -> None:
        self.ground, self._few, self._judge, self._seed = ground, few, judge, seed
        known, place = compact(few.cluster)
        n, self._clusters = len(few.won), len(known)
        alone = self._clusters == n
        self._summing = None if alone else csr_array((np.ones(n), (place, np.arange(n))), shape=(self._clusters, n))
        self._sample = Sample.of(few.won, few.cluster)
        self._enough = enough(ground)

    def line(self, values: Integers, turned: Turned, today: int) -> Line:
        """Judge a line.

        Args:
            values: (V,) thousandths, ascending.
            turned: the observations under each.
            today: of values that rank equally well the one nearest to this is called the best.
        """
        figures = [self._judge(counts) for counts in turned.counts]
        found = np.array([figure.value for figure in figures])
        nearest = int(np.lexsort((np.abs(values), np.abs(values - today), -found))[0])
        if np.isnan(found).any() or np.ptp(found) == 0 or not self._enough:
            everything = np.ones(len(values))
            return Line(values, found, everything, everything > 0, nearest)
        tests = _Tests.of(found, self._covariance(figures, turned.cells), self._seed)
        good = tests.statistic <= tests.critical
        self._confirm(good, tests, figures, turned)
        return Line(
            values, found, np.where(good, np.maximum(tests.probability, LEVEL), tests.probability), good, nearest
        )

    def _covariance(self, figures: Sequence[Influence], cells: Sequence[NDArray[Any]]) -> Floats:
        """(V, V) of the objective along the line, clusters summed."""
        won = self._few.won
        moves = np.empty((len(won), len(figures)))
        for at, (figure, own) in enumerate(zip(figures, cells, strict=True)):
            size = len(figure.lost)
            moves[:, at] = np.concatenate([figure.lost, figure.won]).take(own + won * size)
        sums = moves if self._summing is None else self._summing @ moves
        return np.asarray(sums.T @ sums * (self._clusters / max(self._clusters - 1, 1) / self._few.share))

    def _confirm(self, good: Booleans, tests: _Tests, figures: Sequence[Influence], turned: Turned) -> None:
        """Take back into `good` what too few leads leave out, from its ends outwards."""
        for step in (-1, 1):
            ends = [at for at in np.flatnonzero(good) if 0 <= at + step < len(good) and not good[at + step]]
            for end in ends:
                at = int(end) + step
                while 0 <= at < len(good) and not good[at] and not self._left_out(at, tests, figures, turned):
                    good[at] = True
                    at += step

    def _left_out(self, at: int, tests: _Tests, figures: Sequence[Influence], turned: Turned) -> bool:
        """Whether the paired interval leaves a value out as well."""
        confidence = float(2 * ndtr(max(tests.critical[at], LEAST_CRITICAL)) - 1)
        for partner in dict.fromkeys((int(tests.partner[at]), int(np.argmax(tests.found)))):
            if self._many(at, partner, tests, figures, turned):
                return True
            own, other = turned.placed(at), turned.placed(partner)
            pair = Pair(self.ground.sample, own.cells, other.cells, (len(own.counts.scores), len(other.counts.scores)))
            change = pair.difference(figures[at], figures[partner], confidence=confidence)
            if change.low > 0 and change.carriers >= LEAST_CARRIERS:
                return True
        return False

    def _many(self, at: int, partner: int, tests: _Tests, figures: Sequence[Influence], turned: Turned) -> bool:
        """Whether a sample shows that so many are treated differently that the statistic says it all.

        Of its own partner only; all observations are then not looked at one by one.
        """
        if self._few.share == 1 or partner != tests.partner[at]:
            return False
        sizes = (len(turned.counts[at].scores), len(turned.counts[partner].scores))
        pair = Pair(self._sample, turned.cells[at], turned.cells[partner], sizes)
        return pair.difference(figures[at], figures[partner]).carriers >= MANY


@dataclass(frozen=True, eq=False)
class _Tests:
    """Each value as the benchmark, arrays of shape (V,).

    Attributes:
        found: the objective.
        statistic: by how many standard errors another value does better, at most.
        partner: which one.
        critical: what that is at most in 95 of 100 draws without a difference.
        probability: the share of draws in which it is more; beyond the critical value by the normal tail.
    """

    found: Floats
    statistic: Floats
    partner: Integers
    critical: Floats
    probability: Floats

    @classmethod
    def of(cls, found: Floats, covariance: Floats, seed: int) -> _Tests:
        own = np.diag(covariance)
        square = np.maximum(own[:, None] + own[None, :] - 2 * covariance, 0.0)
        least = NOTHING * np.sqrt(square.max(initial=0.0))
        error = np.sqrt(square)
        with np.errstate(divide="ignore"):
            inverse = np.where(error > least, 1.0 / error, 0.0)
        apart = (found[None, :] - found[:, None]) * inverse
        statistic, partner = apart.max(axis=1), apart.argmax(axis=1)
        asked = (statistic > CLEAR[0]) & (statistic < CLEAR[1])
        largest = _largest(covariance, inverse, seed, np.flatnonzero(asked))
        critical = np.where(statistic > CLEAR[0], ndtri(1 - LEVEL / len(found)), np.inf)
        probability = np.minimum(2 * ndtr(-statistic), 1.0)
        if asked.any():
            critical[asked] = np.quantile(largest, 1 - LEVEL, axis=1)
            probability[asked] = (1 + (largest >= statistic[asked, None]).sum(axis=1)) / (DRAWS + 1)
        beyond = statistic > critical
        tail = LEVEL * ndtr(-statistic[beyond]) / ndtr(-critical[beyond])
        probability[beyond] = np.minimum(tail, LEVEL)
        return cls(found, statistic, partner, critical, probability)


def _largest(covariance: Floats, inverse: Floats, seed: int, asked: Integers) -> NDArray[np.float32]:
    """(asked, DRAWS) the largest statistic of some values where nothing differs."""
    largest = np.empty((len(asked), DRAWS), dtype=np.float32)
    if not len(asked):
        return largest
    ridge = RIDGE * float(np.trace(covariance)) / len(covariance)
    root = np.linalg.cholesky(covariance + ridge * np.eye(len(covariance)))
    normal = np.random.default_rng(seed).standard_normal((len(covariance), DRAWS))
    drawn = (root @ normal).astype(np.float32)
    scale = inverse.astype(np.float32)
    for place, at in enumerate(asked):
        largest[place] = ((drawn - drawn[at]) * scale[at][:, None]).max(axis=0)
    return largest


def reach_of(points: Integers, today: int, reach: int) -> Integers:
    """The values of a line: whole points from -reach to reach, today's among them, in thousandths.

    Where the model's largest number of points is beyond half of that, steps are 2, 5, 10 … points, so that the line
    goes at least twice as far as it; where it is below a tenth of the reach and points have decimals, tenths.

    Args:
        points: all numbers of the model.
        today: this one.
        reach: steps to either side.

    >>> [int(value) for value in reach_of(np.array([2000, 1500]), 1500, 1)]
    [-5000, 0, 1500, 5000]
    """
    largest = int(np.abs(points).max(initial=0))
    step = next(
        size * 10**power
        for power in range(18)
        for size in (1000, 2000, 5000)
        if size * 10**power * reach >= largest * 2
    )
    if largest * 10 <= reach * 1000 and (points % 1000 != 0).any():
        step = 100
    return np.unique([*(np.arange(-reach, reach + 1, dtype=np.int64) * step), today, 0])
