"""How much two models' figures differ on the same observations, with an interval in closed form.

An observation has an influence on a figure under either model (`workbench.metrics.influence`); the difference of the
two is its influence on the difference, so what both models share cancels out. Summed by cluster, the squares of these
are the variance. For the AUC that is the paired DeLong variance (Biometrics 44 (1988) 837-845), with clusters that of
Obuchowski (Biometrics 53 (1997) 567-578).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.errors import CallError
from workbench.metrics.histogram import Floats, codes, compact
from workbench.metrics.influence import Influence
from workbench.metrics.intervals import normal_quantile

MOST_PAIRS = 1 << 17
"""Pairs of cells up to which a difference is worked out for every pair, not for every observation."""

FEW = 4
"""Pairs of cells up to which they are counted by cluster once, for all figures."""

Whole = NDArray[np.integer[Any]]
Rows = slice | NDArray[np.int64]


class Difference(NamedTuple):
    """The second model's figure less the first's.

    Attributes:
        value: the difference; NaN where either is undefined.
        low, high: ends of its confidence interval; NaN where the data does not show how sure it is.
        error: its standard error; 0 where the two models treat all observations alike.
    """

    value: float
    low: float
    high: float
    error: float


@dataclass(frozen=True, eq=False)
class Sample:
    """Who converted, and who belongs together; made once, for any two models.

    Attributes:
        lost, won: which observations did not, and did, convert: a slice if they lie side by side, or positions.
        n_lost, n_won: how many.
        lost_of, won_of: cluster of each of them, codes from 0 without holes; None if everybody is alone.
        clusters, with_lost, with_won: number of clusters, of those with a non-convert, of those with a convert.
    """

    lost: Rows
    won: Rows
    n_lost: int
    n_won: int
    lost_of: Whole | None = None
    won_of: Whole | None = None
    clusters: int = 0
    with_lost: int = 0
    with_won: int = 0

    @classmethod
    def of(cls, outcomes: ArrayLike, clusters: ArrayLike | None = None) -> Sample:
        """The sample.

        Args:
            outcomes: (n,) booleans, true where it converted.
            clusters: (n,) integers >= 0; numbers may be missing.

        Raises:
            CallError: when lengths differ or a number is out of range.
        """
        hit = np.asarray(outcomes, dtype=np.bool_)
        n_won = int(hit.sum())
        n_lost = hit.size - n_won
        lost: Rows = slice(0, n_lost)
        won: Rows = slice(n_lost, hit.size)
        if not hit[won].all():
            lost, won = np.flatnonzero(~hit), np.flatnonzero(hit)
        alone = cls(lost, won, n_lost, n_won)
        if clusters is None:
            return alone
        known, place = compact(codes("clusters", clusters, length=hit.size))
        if len(known) == hit.size:
            return alone
        packed = place.astype(np.min_scalar_type(len(known)))
        of_lost, of_won = packed[lost], packed[won]
        return cls(
            lost, won, n_lost, n_won, of_lost, of_won, len(known), _distinct(of_lost, known), _distinct(of_won, known)
        )

    @property
    def clustered(self) -> bool:
        """Whether some cluster holds several observations."""
        return self.lost_of is not None


def _distinct(of: Whole, known: NDArray[np.int64]) -> int:
    return int(np.count_nonzero(np.bincount(of, minlength=len(known))))


@dataclass(frozen=True, eq=False)
class Pair:
    """The same observations under two models.

    Args:
        sample: the observations.
        first, second: (n,) cell of each observation under either model; booleans count as cells 0 and 1.
        sizes: how many cells either model has.
    """

    sample: Sample
    first: NDArray[Any]
    second: NDArray[Any]
    sizes: tuple[int, int]

    _both: tuple[_Side, _Side] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        n = self.sample.n_lost + self.sample.n_won
        for name in ("first", "second"):
            cells = getattr(self, name)
            if cells.shape != (n,):
                raise CallError.at(
                    name,
                    expected=f"one cell for each of {n} observations",
                    found=f"shape {cells.shape}",
                    remedy="Pass cells of the sample's own observations.",
                )
        sides = (self._side(self.sample.lost, self.sample.lost_of), self._side(self.sample.won, self.sample.won_of))
        object.__setattr__(self, "_both", sides)

    def _side(self, rows: Rows, of: Whole | None) -> _Side:
        return _Side.made(self.first[rows], self.second[rows], self.sizes, of, self.sample.clusters)

    def difference(
        self, first: Influence, second: Influence, *, amounts: ArrayLike | None = None, confidence: float = 0.95
    ) -> Difference:
        """The second's figure less the first's: d +- z se, with observations summed by cluster.

        The variance is K / (K - 1) times the sum of the squares of the clusters' summed influences, K clusters (or
        observations). For the AUC the two outcomes are corrected apart, as DeLong and Obuchowski have it.

        Args:
            first: a figure of the first model.
            second: the same figure of the second.
            amounts: (converts,) amount recorded with each convert, in the sample's order, where the figure is `worth`
                by recorded amounts.
            confidence: two-sided.
        """
        value = second.value - first.value
        variance = self._by_class(first, second) if first.by_class else self._in_one(first, second, amounts)
        error = float(np.sqrt(np.maximum(variance, 0.0)))
        # A change that no observation seems to doubt (all converts reached now, none before) is one the sample cannot
        # put an error to.
        if error == 0.0 and value != 0.0:
            error = float("nan")
        half = normal_quantile(confidence) * error
        return Difference(value, value - half, value + half, error)

    def _by_class(self, first: Influence, second: Influence) -> float:
        sample, (lost, won) = self.sample, self._both
        if not sample.clustered:
            ones = _corrected(lost.squares(first.lost, second.lost), sample.n_lost)
            return ones + _corrected(won.squares(first.won, second.won), sample.n_won)
        one, ten = lost.together(first.lost, second.lost), won.together(first.won, second.won)
        return (
            _corrected(_product(ten, ten), sample.with_won)
            + _corrected(_product(one, one), sample.with_lost)
            + 2 * _corrected(_product(ten, one), sample.clusters)
        )

    def _in_one(self, first: Influence, second: Influence, amounts: ArrayLike | None) -> float:
        sample, (lost, won) = self.sample, self._both
        extra = self._paid(first, second, amounts)
        if not sample.clustered:
            squares = lost.squares(first.lost, second.lost)
            if extra is None:
                squares += won.squares(first.won, second.won)
            else:
                moved = won.each(first.won, second.won) + extra
                squares += _product(moved, moved)
            return _corrected(squares, sample.n_lost + sample.n_won)
        sums = lost.together(first.lost, second.lost) + won.together(first.won, second.won)
        if extra is not None and sample.won_of is not None:
            sums += _together(extra, sample.won_of, sample.clusters)
        return _corrected(_product(sums, sums), sample.clusters)

    def _paid(self, first: Influence, second: Influence, amounts: ArrayLike | None) -> Floats | None:
        """By how much each convert's own amount moves the difference, where the figure is about amounts."""
        if first.paid is None or second.paid is None:
            return None
        of = self._both[1].each(first.paid, second.paid)
        own = np.asarray(() if amounts is None else amounts, dtype=np.float64)
        if own.shape != of.shape:
            raise CallError.at(
                "amounts",
                expected=f"one amount for each of {len(of)} converts",
                found="none" if amounts is None else f"shape {own.shape}",
                remedy="Pass the amount recorded with each convert, in the sample's order.",
            )
        return of * own


def _product(left: Floats, right: Floats) -> float:
    """The sum of products; not left to BLAS, whose threads wait for each other on a busy machine."""
    return float(np.sum(left * right))


def _together(values: Floats, clusters: Whole, size: int) -> Floats:
    """Sums by cluster."""
    sums: Floats = np.bincount(clusters, weights=values, minlength=size).astype(np.float64, copy=False)
    return sums


def _corrected(squares: float, n: int) -> float:
    """n / (n - 1) times; NaN below two."""
    return squares * n / (n - 1) if n > 1 else float("nan")


@dataclass(frozen=True, eq=False)
class _Side:
    """The observations of one outcome under both models.

    Attributes:
        first, second: (m,) cells.
        pair: (m,) first * width + second, where there are few enough pairs to work out every one's difference.
        counts: how many observations have each pair: (pairs,), or (pairs, clusters) if there are `FEW`;
            None where every observation is looked at.
        of: (m,) cluster of each observation, if they are clustered.
        clusters: how many clusters.
    """

    first: NDArray[Any]
    second: NDArray[Any]
    pair: NDArray[np.int64] | None
    counts: NDArray[np.int64] | None
    of: Whole | None
    clusters: int

    @classmethod
    def made(
        cls, first: NDArray[Any], second: NDArray[Any], sizes: tuple[int, int], of: Whole | None, clusters: int
    ) -> _Side:
        width = sizes[0] * sizes[1]
        if width > MOST_PAIRS:
            return cls(first, second, None, None, of, clusters)
        pair = first.astype(np.int64)
        pair *= sizes[1]
        pair += second
        counts = None
        if of is None:
            counts = np.bincount(pair, minlength=width)
        elif width <= FEW:
            counts = np.bincount(pair * clusters + of, minlength=width * clusters).reshape(width, clusters)
        return cls(first, second, pair, counts, of, clusters)

    def each(self, first: Floats, second: Floats) -> Floats:
        """(m,) the difference for every observation."""
        if self.pair is not None:
            found: Floats = _table(first, second).take(self.pair)
            return found
        apart: Floats = second.take(self.second)
        apart -= first.take(self.first)
        return apart

    def squares(self, first: Floats, second: Floats) -> float:
        """The sum of the squared differences, where nobody is clustered."""
        if self.counts is None:
            apart = self.each(first, second)
            return _product(apart, apart)
        filled = self.counts > 0
        return _product(self.counts[filled].astype(np.float64), _table(first, second)[filled] ** 2)

    def together(self, first: Floats, second: Floats) -> Floats:
        """(clusters,) the summed difference of each."""
        if self.counts is not None:
            sums = np.zeros(self.clusters)
            for members, apart in zip(self.counts, _table(first, second), strict=True):
                if apart != 0.0:
                    sums += members * apart
            return sums
        assert self.of is not None  # noqa: S101  (asked for clustered observations only)
        return _together(self.each(first, second), self.of, self.clusters)


def _table(first: Floats, second: Floats) -> Floats:
    """The difference for each pair of cells."""
    return (second[None, :] - first[:, None]).ravel()
