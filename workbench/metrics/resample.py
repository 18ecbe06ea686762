"""The bootstrap: histograms as they might have come out, and what a statistic would have been on each.

A `Source` draws replicates: `rows` for independent leads, `workbench.metrics.cluster_sums.cluster_sums` for clustered
ones. `bootstrap` hands them to the statistics in chunks of about `CHUNK` numbers, so memory does not grow with the
draws however many distinct scores there are (no scores are merged). The chunks never change the replicates, only the
seed does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from workbench.errors import CallError
from workbench.metrics.histogram import Floats, Integers, codes, histogram
from workbench.metrics.intervals import Interval, normal_quantile

CHUNK = 4_000_000
MOST_UNDEFINED = 0.1


@dataclass(frozen=True)
class Draws:
    """Some replicates of a histogram.

    Attributes:
        negatives: counts by ascending score, (draws, k).
        positives: counts by ascending score, (draws, k).
        amounts: sums of the converts' deal amounts by ascending score, (draws, k); None where none are known.
    """

    negatives: Floats
    positives: Floats
    amounts: Floats | None = None


Statistic: TypeAlias = Callable[[Draws], Floats]


class Source(Protocol):
    """Something that can be drawn again."""

    @property
    def width(self) -> int:
        """Numbers that one replicate keeps in memory while it is drawn."""

    def draw(self, draws: int, random: np.random.Generator) -> Draws:
        """The next replicates; two calls give what one call for both would have given."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Independent leads, as counts by category: k cells of non-converts, k of converts, then the distinct deals.

    Attributes:
        k: number of distinct scores.
        counts: (2k + deals,) whole counts >= 0; a convert with a known amount counts among the deals only.
        deal_cells: (deals,) cell of each distinct (cell, amount).
        deal_amounts: (deals,) its amount.
    """

    k: int
    counts: Floats
    deal_cells: Integers
    deal_amounts: Floats

    @property
    def width(self) -> int:
        """Numbers that one replicate keeps in memory."""
        return 3 * self.k + len(self.deal_cells)

    def draw(self, draws: int, random: np.random.Generator) -> Draws:
        """Replicates of as many leads as there are, drawn with replacement."""
        filled = np.flatnonzero(self.counts)
        total = self.counts.sum()
        drawn = np.zeros((draws, len(self.counts)))
        drawn[:, filled] = random.multinomial(int(total), self.counts[filled] / total, size=draws)
        negatives, positives, sold = np.split(drawn, [self.k, 2 * self.k], axis=1)
        if not len(self.deal_cells):
            return Draws(negatives, positives)
        return Draws(
            negatives,
            positives + _gathered(sold, self.deal_cells, self.k),
            _gathered(sold * self.deal_amounts, self.deal_cells, self.k),
        )


def rows(
    negatives: ArrayLike,
    positives: ArrayLike,
    *,
    deal_cells: ArrayLike = (),
    deal_amounts: ArrayLike = (),
) -> Rows:
    """A source for independent leads. Resampling n of them with replacement is one multinomial draw over the cells.

    Args:
        negatives: whole counts by ascending score, (k,).
        positives: whole counts by ascending score, (k,).
        deal_cells: (m,) the cell of each convert whose amount is known; at most `positives` in each cell.
        deal_amounts: (m,) the amount. A deal is drawn with its lead, so sums of amounts have their exact distribution,
            the spread within a score included.

    Raises:
        CallError: for counts that are not whole, all 0, negative or not of shape (k,), and for more deals than
            converts in a cell.

    >>> rows([8, 1], [1, 4]).draw(1000, generator(7)).positives.mean(axis=0).round(1)
    array([1., 4.])
    """
    lost, won = histogram(negatives, positives)
    both = np.concatenate([lost, won], axis=-1)
    if lost.ndim != 1 or bool(np.any((both < 0) | (both != np.floor(both)))) or both.sum() == 0:
        raise CallError.at(
            "negatives, positives",
            expected="whole counts >= 0 of shape (k,), not all 0",
            found=f"shape {lost.shape} with sum {both.sum()}",
            remedy="Resample the counts of the observations themselves.",
        )
    k = len(lost)
    amount = np.asarray(deal_amounts, dtype=np.float64)
    cell = codes("deal_cells", deal_cells, length=amount.size)
    sold = np.bincount(cell, minlength=k)
    if len(sold) > k or bool(np.any(sold > won)):
        raise CallError.at(
            "deal_cells",
            expected="no more deals than converts in each cell",
            found=f"{len(cell)} deals, too many in some cell",
            remedy="Pass the amounts of the converts that are counted in `positives`.",
        )
    order = np.lexsort((amount, cell))
    cell, amount = cell[order], amount[order]
    first = np.flatnonzero(np.diff(cell, prepend=-1).astype(bool) | np.diff(amount, prepend=np.nan).astype(bool))
    times = np.diff(first, append=len(cell)).astype(np.float64)
    return Rows(k, np.concatenate([lost, won - sold, times]), cell[first], amount[first])


def bootstrap(
    source: Source, statistics: Mapping[str, Statistic], *, seed: int, draws: int = 2000
) -> dict[str, Floats]:
    """Each statistic on the same replicates.

    Args:
        source: what to draw again, `rows(...)` or `cluster_sums(...)`.
        statistics: by name, functions from `Draws` to an array whose first axis is the draws.
        seed: of a PCG64 generator; the same seed gives the same replicates.
        draws: number of replicates.

    Returns:
        by name, arrays of shape (draws, ...).

    Raises:
        CallError: when draws < 1.
    """
    if draws < 1:
        raise CallError.at("draws", expected="at least 1", found=str(draws), remedy="2000 is customary.")
    random = generator(seed)
    chunk = max(1, CHUNK // source.width)
    parts: dict[str, list[Floats]] = {name: [] for name in statistics}
    for start in range(0, draws, chunk):
        drawn = source.draw(min(chunk, draws - start), random)
        for name, statistic in statistics.items():
            parts[name].append(statistic(drawn))
    return {name: np.concatenate(found, axis=0) for name, found in parts.items()}


def percentile(replicates: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """The percentile interval along the first axis (linear quantiles, B. Efron 1979).

    A replicate where the statistic is undefined (NaN) is passed over; where more than a tenth are, both ends are NaN.

    Raises:
        CallError: when the confidence is not between 0 and 1.

    >>> [float(end) for end in percentile([0.0, 1.0, 2.0, 3.0, 4.0], confidence=0.5)]
    [1.0, 3.0]
    """
    normal_quantile(confidence)
    values = np.sort(np.asarray(replicates, dtype=np.float64), axis=0)
    defined = np.sum(~np.isnan(values), axis=0)
    enough = defined >= max(1.0, (1 - MOST_UNDEFINED) * len(values))
    tail = (1 - confidence) / 2
    low, high = (_quantile(values, defined, share) for share in (tail, 1 - tail))
    return Interval(np.where(enough, low, np.nan), np.where(enough, high, np.nan))


def generator(seed: int) -> np.random.Generator:
    """The random numbers of a seed (PCG64)."""
    return np.random.Generator(np.random.PCG64(seed))


def _quantile(ordered: Floats, defined: Integers, share: float) -> Floats:
    """Linear quantile of the first `defined` values along axis 0."""
    at = np.maximum(defined - 1, 0) * share
    below = np.floor(at).astype(np.intp)
    above = np.minimum(below + 1, np.maximum(defined - 1, 0))
    low = np.take_along_axis(ordered, below[None], axis=0)[0]
    high = np.take_along_axis(ordered, above[None], axis=0)[0]
    found: Floats = low + (high - low) * (at - below)
    return found


def _gathered(values: Floats, cells: Integers, k: int) -> Floats:
    """Sums of the columns that share a cell, (draws, k)."""
    into = csr_array((np.ones(len(cells)), (np.arange(len(cells)), cells)), shape=(len(cells), k))
    sums: Floats = np.asarray(values @ into)
    return sums
