"""How much two models' figures differ on the same observations, with an interval in closed form.

An observation has an influence on a figure under either model (`workbench.metrics.influence`); the difference of the
two is its influence on the difference, so what both models share cancels out. Summed by cluster, the squares of these
are the variance. For the AUC that is the paired DeLong variance (Biometrics 44 (1988) 837-845), with clusters that of
Obuchowski (Biometrics 53 (1997) 567-578). Where few observations are treated differently this variance is too small
just when the difference is large; it is raised to what it would be without a difference (`workbench.metrics.null`),
and the quantile is Student's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from workbench.errors import CallError
from workbench.metrics.histogram import Floats, codes, compact
from workbench.metrics.influence import Influence
from workbench.metrics.intervals import normal_quantile
from workbench.metrics.null import Moves, Null, ends

MOST_PAIRS = 1 << 17
"""Pairs of cells up to which a difference is worked out for every pair, not for every observation."""

MOST_KINDS = 1 << 22
"""Pairs of cells up to which those that occur are counted, whatever their influences."""

FEW = 4
"""Pairs of cells up to which they are counted by cluster once, for all figures."""
_CELLS = ("first", "second")
Whole = NDArray[np.integer[Any]]
Rows = slice | NDArray[np.int64]


class Difference(NamedTuple):
    """The second model's figure less the first's.

    Attributes:
        value: the difference; NaN where either is undefined.
        low, high: ends of its confidence interval; NaN where the data does not show how sure it is.
        error: its standard error as found; 0 where the two models treat all observations alike.
        carriers: how many observations (or clusters) carry it, effectively; below five or so the interval is a guess.
        freedom: degrees of freedom of the interval's Student quantile.
    """

    value: float
    low: float
    high: float
    error: float
    carriers: float = float("inf")
    freedom: float = float("inf")


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
    _kinds: _Kinds = field(init=False, repr=False)

    def __post_init__(self) -> None:
        n = self.sample.n_lost + self.sample.n_won
        for name in _CELLS:
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
        object.__setattr__(self, "_kinds", _Kinds.of(*sides, self.sizes))

    def _side(self, rows: Rows, of: Whole | None) -> _Side:
        return _Side.made(self.first[rows], self.second[rows], self.sizes, of, self.sample.clusters)

    def difference(
        self, first: Influence, second: Influence, *, amounts: ArrayLike | None = None, confidence: float = 0.95
    ) -> Difference:
        """The second's figure less the first's, d, with observations summed by cluster.

        The variance found, v, is K / (K - 1) times the sum of the squares of the clusters' summed influences, K
        clusters (or observations); for the AUC the two outcomes are corrected apart, as DeLong and Obuchowski have it.
        Without a difference it would be v + e (`workbench.metrics.null`; times as much as clusters raise v; e is 0
        where it would be less). Taken as v + e (1 - x / d) for a true difference x from 0 to d, and as v + e beyond 0,
        the end towards 0 solves (d - x)^2 = t^2 (v + e (1 - x / d)), so that it excludes 0 just where
        d^2 > t^2 (v + e); the other end is t sqrt(v) from d. t is Student's quantile with the freedom of what carries
        the difference: the observations treated differently, as many as their influences are worth, or their clusters
        if these are fewer.

        Args:
            first: a figure of the first model.
            second: the same figure of the second.
            amounts: (converts,) amount recorded with each convert, in the sample's order, where the figure is `worth`
                by recorded amounts.
            confidence: two-sided.
        """
        value = second.value - first.value
        extra = self._paid(first, second, amounts)
        found = self._by_class(first, second) if first.by_class else self._in_one(first, second, extra)
        variance = float(np.maximum(found, 0.0))
        # A change that no observation seems to doubt (all converts reached now, none before) is one the sample cannot
        # put an error to.
        if variance == 0.0 and value != 0.0:
            variance = float("nan")
        null = self._null(first, second, (value, variance), amounts, extra)
        if not null.possible:
            variance, null = variance + null.extra, Null(0.0, null.carriers, True)
        freedom = _freedom(null.carriers, smooth=first.by_class)
        normal_quantile(confidence)
        quantile = float(stdtrit(freedom, 0.5 + confidence / 2))
        near, far = ends(value, variance, null.extra, quantile)
        low, high = (value - near, value + far) if value >= 0 else (value - far, value + near)
        return Difference(value, low, high, float(np.sqrt(variance)), null.carriers, freedom)

    def _null(
        self,
        first: Influence,
        second: Influence,
        found: tuple[float, float],
        amounts: ArrayLike | None,
        extra: Floats | None,
    ) -> Null:
        """What the variance would be more without a difference, and what carries it."""
        value, variance = found
        if np.isnan(value) or np.isnan(variance):
            return Null(0.0, 0.0, True)
        kinds, own = self._kinds, None if extra is None else np.asarray(amounts, dtype=np.float64)
        moves = kinds.moves(first, second, own)
        which = moves.noticed()
        beyond = 0.0 if extra is None or own is None else kinds.beyond(which, first, second, (own, extra))
        null = moves.taken(which).null(value, beyond=beyond)
        if not self.sample.clustered:
            return null
        alone = moves.found(*(after - before for before, after in zip(first.level, second.level, strict=True)))
        raised = max(variance / alone, 1.0) if alone > 0 else 1.0
        touched = kinds.touched(which, self.sample.clusters)
        return Null(null.extra * raised, min(null.carriers / raised, touched), null.possible)

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

    def _in_one(self, first: Influence, second: Influence, extra: Floats | None) -> float:
        sample, (lost, won) = self.sample, self._both
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


def _freedom(carriers: float, *, smooth: bool) -> float:
    """Degrees of freedom of a variance found as a sum of squares, at least 1.

    F. E. Satterthwaite (Biometrics Bulletin 2 (1946) 110-114) has 2 (sum E u^2)^2 / sum E u^4, that is twice the
    carriers, where influences vary smoothly, as those on an AUC do. Where few observations change side and all alike,
    five gained and none lost would be too sure of themselves with that; so it is the carriers, as if one each.
    """
    return max((2.0 if smooth else 1.0) * carriers - 1.0, 1.0)


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
        pair = cls(first, second, None, None, of, clusters).pairs(sizes[1])
        counts = None
        if of is None:
            counts = np.bincount(pair, minlength=width)
        elif width <= FEW:
            counts = np.bincount(pair * clusters + of, minlength=width * clusters).reshape(width, clusters)
        return cls(first, second, pair, counts, of, clusters)

    def numbers(self, sizes: tuple[int, int]) -> NDArray[np.int64] | None:
        """(pairs,) how many have each; None where there are too many pairs."""
        if self.counts is not None:
            return self.counts if self.counts.ndim == 1 else self.counts.sum(axis=1)
        width = sizes[0] * sizes[1]
        return None if width > MOST_KINDS else np.bincount(self.pairs(sizes[1]), minlength=width)

    def pairs(self, seconds: int) -> NDArray[np.int64]:
        """(m,) the pair of each, of as many second cells."""
        if self.pair is not None:
            return self.pair
        pair = self.first.astype(np.int64)
        pair *= seconds
        pair += self.second
        return pair

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


@dataclass(frozen=True, eq=False)
class _Kinds:
    """The pairs of cells that occur, or every observation where there may be too many of these.

    Attributes:
        both: the observations of either outcome.
        at: (k,) number of the pair; None where every observation is its own kind, those that did not convert first.
        first, second: (k,) cells.
        lost, won: (k,) how many of each did not, and did, convert.
        seconds: how many cells the second model has.
    """

    both: tuple[_Side, _Side]
    at: NDArray[np.int64] | None
    first: Whole
    second: Whole
    lost: Floats
    won: Floats
    seconds: int = 0

    @classmethod
    def of(cls, lost: _Side, won: _Side, sizes: tuple[int, int]) -> _Kinds:
        counted = lost.numbers(sizes), won.numbers(sizes)
        if counted[0] is None or counted[1] is None:
            first, second = (np.concatenate([getattr(side, name) for side in (lost, won)]) for name in _CELLS)
            missed = np.repeat([1.0, 0.0], [len(lost.first), len(won.first)])
            return cls((lost, won), None, first.astype(np.int64), second.astype(np.int64), missed, 1.0 - missed)
        at = np.flatnonzero(counted[0] + counted[1])
        missed, hit = (each[at].astype(np.float64) for each in (counted[0], counted[1]))
        return cls((lost, won), at, at // sizes[1], at % sizes[1], missed, hit, sizes[1])

    def moves(self, first: Influence, second: Influence, amounts: Floats | None) -> Moves:
        """What each kind moves the difference by, itself."""
        if_lost = second.lost[self.second] - first.lost[self.first] + (second.level[0] - first.level[0])
        fixed = second.won[self.second] - first.won[self.first] + (second.level[1] - first.level[1])
        powers = None
        if amounts is not None and len(amounts) and first.paid is not None and second.paid is not None:
            share = second.paid[self.second] - first.paid[self.first]
            square = amounts * amounts
            one, two, three, four = (
                float(np.mean(each)) for each in (amounts, square, square * amounts, square * square)
            )
            powers = (
                fixed**2 + 2 * fixed * share * one + share**2 * two,
                fixed**4
                + 4 * fixed**3 * share * one
                + 6 * fixed**2 * share**2 * two
                + 4 * fixed * share**3 * three
                + share**4 * four,
            )
            fixed = fixed + share * one
        return Moves(self.lost, self.won, if_lost, fixed, powers)

    def beyond(
        self, which: NDArray[np.bool_], first: Influence, second: Influence, paid: tuple[Floats, Floats]
    ) -> float:
        """By how much the amounts of converts of these kinds move the difference more than average ones would."""
        (amounts, extra), (_, chosen) = paid, self._members(which)
        mean = float(np.mean(amounts)) if len(amounts) else 0.0
        assert first.paid is not None and second.paid is not None  # noqa: S101, PT018  (asked for amounts only)
        return float(np.sum(extra[chosen] - mean * self.both[1].each(first.paid, second.paid)[chosen]))

    def touched(self, which: NDArray[np.bool_], clusters: int) -> int:
        """How many clusters hold one of these kinds."""
        seen = np.zeros(clusters, dtype=np.bool_)
        for side, chosen in zip(self.both, self._members(which), strict=True):
            if side.of is not None:
                seen[side.of[chosen]] = True
        return int(np.count_nonzero(seen))

    def _members(self, which: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which observations of either outcome are of these kinds."""
        lost, won = self.both
        if self.at is None:
            return which[: len(lost.first)], which[len(lost.first) :]
        chosen = np.zeros(int(self.at[-1]) + 1 if len(self.at) else 1, dtype=np.bool_)
        chosen[self.at[which]] = True
        return chosen.take(lost.pairs(self.seconds)), chosen.take(won.pairs(self.seconds))
