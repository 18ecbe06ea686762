"""Outcomes of one part by threshold: what each cut-off would have given, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.metrics.cluster_sums import cluster_sums
from workbench.metrics.delong import clustered_delong, delong
from workbench.metrics.histogram import divided, from_top, summed, tally
from workbench.metrics.intervals import Interval, normal_quantile, wilson
from workbench.metrics.resample import Draws, Source, bootstrap, percentile, rows
from workbench.observation import Observations
from workbench.plan import Worth

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Ground:
    """Observations of one part, by the thresholds they reach.

    Attributes:
        part: its name.
        cuts: (C,) thresholds in thousandths, ascending.
        cell: (n,) how many of the thresholds each observation reaches; C + 1 if it reaches any threshold whatever.
        won: (n,) whether it converted.
        amount: (n,) what its outcome was worth on record, 0 where nothing was.
        cluster: (n,) codes from 0 without holes, numbered by what the clusters hold and not by the order of rows.
        worth: the plan's, if any.
        draws, seed: of the bootstrap.
    """

    part: str
    cuts: Integers
    cell: Integers
    won: Booleans
    amount: Floats
    cluster: Integers
    worth: Worth | None
    draws: int
    seed: int

    @classmethod
    def of(cls, seen: Observations, part: str, cuts: Integers, keys: Integers, draws: int) -> Ground:
        """The part's observations.

        Args:
            seen: the observations.
            part: one whose outcomes may be looked at.
            cuts: thresholds in thousandths, ascending.
            keys: of all observations, as `reaching` gives them.
            draws: replicates of the bootstrap.
        """
        at = seen.rows(part)
        won = seen.subjects.won[at] == 1
        amount = np.nan_to_num(seen.subjects.amount[at]) * won
        cell = cells(keys[at], cuts)
        cluster = _canonical(seen.subjects.cluster[at], cell, won, amount)
        plan = seen.plan
        return cls(part, cuts, cell, won, amount, cluster, plan.value, draws, plan.seed)

    @property
    def n(self) -> int:
        """Observations."""
        return len(self.cell)

    @property
    def k(self) -> int:
        """Cells."""
        return len(self.cuts) + 2

    @cached_property
    def clusters(self) -> int:
        """Distinct clusters."""
        return int(self.cluster.max(initial=-1)) + 1

    @property
    def rate(self) -> float:
        """Share that converted."""
        return float(self.won.mean()) if self.n else float("nan")

    @cached_property
    def ranks(self) -> bool:
        """Whether the order is better than chance: the lower limit of the AUC (95 %, clustered) is above one half."""
        negatives, positives = self.counts
        if not negatives.sum() or not positives.sum():
            return False
        if self.clusters < self.n:
            area = clustered_delong(self.cell, self.won, self.cluster, self.k)
        else:
            area = delong(negatives, positives)
        return bool(area.interval().low > 0.5)

    @cached_property
    def counts(self) -> tuple[Integers, Integers]:
        """Who did not, and who did, convert, by cell."""
        return tally(self.cell, self.won, self.k)

    def above(self, counts: NDArray[np.generic]) -> Floats:
        """Sums of those that reach each threshold, (..., C), from counts by cell (..., C + 2)."""
        found: Floats = from_top(np.asarray(counts, dtype=np.float64))[..., 1:-1]
        return found

    @cached_property
    def amounts(self) -> Floats:
        """Recorded amounts by cell."""
        return summed(self.amount, self.cell, self.k)

    def value(self, draws: Draws | None = None) -> Floats:
        """Net value of contacting whoever reaches each threshold, (..., C); NaN without a value in the plan."""
        negatives, positives = self.counts if draws is None else (draws.negatives, draws.positives)
        tp, fp = self.above(positives), self.above(negatives)
        if self.worth is None:
            return np.full(tp.shape, np.nan)
        spent = (tp + fp) * float(self.worth.contact_cost)
        if self.worth.win != "amount":
            return np.subtract(tp * float(self.worth.win), spent, dtype=np.float64)
        amounts = self.amounts if draws is None else draws.amounts
        return np.subtract(0.0 if amounts is None else self.above(amounts), spent, dtype=np.float64)

    def single(self) -> Floats:
        """(n,) net value of contacting each observation."""
        assert self.worth is not None  # noqa: S101  (asked for only with a value in the plan)
        each = self.amount if self.worth.win == "amount" else np.where(self.won, float(self.worth.win), 0.0)
        return np.subtract(each, float(self.worth.contact_cost), dtype=np.float64)

    @cached_property
    def drawn(self) -> dict[str, Floats]:
        """Replicates (clusters or single observations drawn again): value, precision, recall, each (draws, C)."""
        if not self.n or not len(self.cuts):
            nothing = np.full((self.draws, len(self.cuts)), np.nan)
            return {"value": nothing, "precision": nothing, "recall": nothing}
        return bootstrap(
            self._source(),
            {"value": self.value, "precision": self._precision, "recall": self._recall},
            seed=self.seed,
            draws=self.draws,
        )

    def _source(self) -> Source:
        if self.clusters < self.n:
            amounts = self.amount if self.worth is not None and self.worth.win == "amount" else None
            return cluster_sums(self.cell, self.won, self.cluster, self.k, amounts=amounts, draws=self.draws)
        deals = np.flatnonzero(self.amount)
        return rows(*self.counts, deal_cells=self.cell[deals], deal_amounts=self.amount[deals])

    def _precision(self, draws: Draws) -> Floats:
        tp = self.above(draws.positives)
        return divided(tp, tp + self.above(draws.negatives))

    def _recall(self, draws: Draws) -> Floats:
        return divided(self.above(draws.positives), draws.positives.sum(axis=-1, keepdims=True))

    # --- rates with Wilson's interval, clustered --------------------------------------------------------------------

    def precision(self, *, confidence: float = 0.95) -> tuple[Floats, Interval]:
        """Converts among those that reach each threshold, with Wilson's interval."""
        tp, fp = (self.above(each) for each in reversed(self.counts))
        return divided(tp, tp + fp), wilson(tp, tp + fp, confidence=confidence, design_effect=self._effects[0])

    def recall(self, *, confidence: float = 0.95) -> tuple[Floats, Interval]:
        """Of all converts those that reach each threshold, with Wilson's interval."""
        tp, all_ = self.above(self.counts[1]), float(self.won.sum())
        whole = np.full(tp.shape, all_)
        return divided(tp, whole), wilson(tp, whole, confidence=confidence, design_effect=self._effects[1])

    @cached_property
    def _effects(self) -> tuple[Floats, Floats]:
        """Design effects of precision and of recall at every threshold."""
        size = len(self.cuts)
        if self.clusters >= self.n:
            return np.ones(size), np.ones(size)
        of_precision = running_effects(self.cell, self.won, self.cluster, size)
        won = np.flatnonzero(self.won)
        return of_precision, share_effects(self.cell[won], self.cluster[won], size)

    def frame(self) -> pd.DataFrame:
        """What each threshold gives; the columns of `Cutoff.curve` from `n` on."""
        negatives, positives = self.counts
        tp, fp = self.above(positives), self.above(negatives)
        precision, between = self.precision()
        recall, across = self.recall()
        low, high = self._value_ends()
        return pd.DataFrame(
            {
                "n": (tp + fp).astype(np.int64),
                "share": (tp + fp) / max(self.n, 1),
                "converted": tp.astype(np.int64),
                "precision": precision,
                "precision_low": between.low,
                "precision_high": between.high,
                "recall": recall,
                "recall_low": across.low,
                "recall_high": across.high,
                "value": self.value(),
                "value_low": low,
                "value_high": high,
            }
        )

    def _value_ends(self) -> tuple[Floats, Floats]:
        """The interval of the value: of the bootstrap, or for a single threshold from the clusters' own sums."""
        if len(self.cuts) > 1:
            low, high = percentile(self.drawn["value"])
            return low, high
        if self.worth is None or not self.n or not len(self.cuts):
            nothing = np.full(len(self.cuts), np.nan)
            return nothing, nothing
        _, below, above = self.gain(self.cell >= 1, np.zeros(self.n, dtype=bool))
        return np.array([below]), np.array([above])

    def gain(self, reached: Booleans, before: Booleans) -> tuple[float, float, float]:
        """Net value of contacting some rather than others: the difference and its interval, clusters summed first.

        K / (K - 1) times the sum of squares of the clusters' own differences about their mean is its variance.
        """
        each = self.single() * (reached.astype(np.int64) - before.astype(np.int64))
        total = float(each.sum())
        sums = np.bincount(self.cluster, weights=each, minlength=self.clusters)
        k = len(sums)
        if k < 2:
            return total, float("nan"), float("nan")
        half = normal_quantile(0.95) * float(np.sqrt(k / (k - 1) * np.sum((sums - sums.mean()) ** 2)))
        return total, total - half, total + half


def cells(keys: Integers, cuts: Integers) -> Integers:
    """How many of the ascending thresholds each key reaches; one more for those that reach any."""
    cell = np.searchsorted(cuts, keys, side="right").astype(np.int64)
    return np.where(keys >= 2**62, len(cuts) + 1, cell)


def _canonical(cluster: Integers, cell: Integers, won: Booleans, amount: Floats) -> Integers:
    """Codes from 0, ordered by what the clusters hold, so that draws do not hang on the order of rows."""
    if not len(cluster):
        return cluster.astype(np.int64)
    names, codes = np.unique(cluster, return_inverse=True)
    size = len(names)
    if size == len(cluster):
        return codes.astype(np.int64)
    kept = cell.astype(np.float64)
    weights = (np.ones(len(cell)), kept, won.astype(np.float64), kept * won, kept**2, amount, kept**3)
    order = np.lexsort([np.bincount(codes, weights=each, minlength=size) for each in reversed(weights)])
    place = np.empty(size, dtype=np.int64)
    place[order] = np.arange(size)
    return place[codes]


# --- design effects at every threshold at once ----------------------------------------------------------------------


def running_effects(cell: Integers, won: Booleans, cluster: Integers, size: int) -> Floats:
    """The design effect of the rate among those that reach each of `size` thresholds.

    As `metrics.clustering.design_effect` of that group against the rest (Cochran's linearised variance, Kish where a
    group does not show it, never below 1), but for all thresholds in one pass: going down the list, what a cluster
    adds to the sums of squares depends only on what it had before.
    """
    pair, of, m, y = _pairs(cell, won, cluster)
    before_m, before_y = _before(m, of), _before(y, of)

    def down(weights: Floats) -> Floats:
        return from_top(np.bincount(pair, weights=weights, minlength=size + 2).astype(np.float64))[: size + 1]

    n, total = down(m), down(y)
    squares_m = down(2 * before_m * m + m**2)
    squares_y = down(2 * before_y * y + y**2)
    products = down(before_m * y + before_y * m + m * y)
    k = down((before_m == 0).astype(np.float64))
    p = divided(total, n)
    spread = np.maximum(squares_y - 2 * p * products + p**2 * squares_m, 0.0)
    effect = divided(spread * k * (n - 1), np.maximum(k - 1, 0) * np.nan_to_num(p * (1 - p)) * n**2)
    shared = divided(squares_m, n)
    rho = float(np.clip((effect[0] - 1) / max(float(shared[0]) - 1, 1e-9), 0.0, 1.0))
    kish = 1 + (1.0 if np.isnan(rho) else rho) * np.nan_to_num(np.maximum(shared - 1, 0.0))
    return np.maximum(np.where(np.isnan(effect), kish, effect), 1.0)[1:]


def share_effects(cell: Integers, cluster: Integers, size: int) -> Floats:
    """The design effect of the share of observations that reach each of `size` thresholds, clusters given."""
    n = len(cell)
    if n < 2:
        return np.ones(size)
    pair, of, m, _ = _pairs(cell, np.zeros(n, dtype=bool), cluster)
    before = _before(m, of)
    whole = np.bincount(cluster).astype(np.float64)

    def down(weights: Floats) -> Floats:
        return from_top(np.bincount(pair, weights=weights, minlength=size + 2).astype(np.float64))[1 : size + 1]

    r = down(m) / n
    k = float(np.count_nonzero(whole))
    spread = np.maximum(down(2 * before * m + m**2) - 2 * r * down(m * whole[of]) + r**2 * float(np.sum(whole**2)), 0.0)
    effect = divided(spread * k * (n - 1), np.full(size, max(k - 1, 0.0)) * r * (1 - r) * n**2)
    shared = float(np.sum(whole**2)) / n
    return np.maximum(np.where(np.isnan(effect), shared, effect), 1.0)


def _pairs(cell: Integers, won: Booleans, cluster: Integers) -> tuple[Integers, Integers, Floats, Floats]:
    """Cell, cluster, observations and converts of each (cluster, cell) that occurs, highest cell first in a cluster."""
    width = int(cell.max(initial=0)) + 1
    keyed, place = np.unique(cluster * width + (width - 1 - cell), return_inverse=True)
    m = np.bincount(place, minlength=len(keyed)).astype(np.float64)
    y = np.bincount(place, weights=won, minlength=len(keyed)).astype(np.float64)
    return width - 1 - keyed % width, keyed // width, m, y


def _before(values: Floats, of: Integers) -> Floats:
    """Sums of the values before each one in its own cluster."""
    running = np.cumsum(values) - values
    first = np.flatnonzero(np.diff(of, prepend=-1))
    sizes = np.diff(first, append=len(of))
    return running - np.repeat(running[first], sizes)
