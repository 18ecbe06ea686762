"""Bins of ordered values, and groups of texts: the best there are by likelihood, found by dynamic programming.

A bin's outcomes count as binomial with the bin's own rate. The likelihood grows with every further bin, so each costs
a penalty, by default log(n) / 2, as by the criterion of G. Schwarz (Annals of Statistics 6 (1978) 461-464). The work
is on counts by value, so it does not grow with the number of observations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy

from workbench.errors import CallError
from workbench.metrics.histogram import Floats, Integers

CELLS = 64
"""Distinct values up to which every cut is tried; more are first joined into as many cells of about equal size."""

PRIOR = 10.0
"""Observations with the overall rate that are added to a text's own when texts are ordered by rate."""

Monotone: TypeAlias = bool | Literal["up", "down"]


@dataclass(frozen=True)
class Bins:
    """Neighbouring values put together.

    Attributes:
        starts: the first of the k ordered distinct values of each bin, ascending; starts[0] == 0.
        gain: the logarithm of the likelihood, more than that of a single bin, penalties taken off; 0 for a single bin.
    """

    starts: tuple[int, ...]
    gain: float = 0.0

    def __len__(self) -> int:
        return len(self.starts)

    def codes(self, k: int) -> Integers:
        """(k,) the bin of each distinct value."""
        marks = np.zeros(k, dtype=np.int64)
        marks[list(self.starts)] = 1
        return np.asarray(np.cumsum(marks) - 1, dtype=np.int64)


@dataclass(frozen=True)
class Groups:
    """Texts put together by how they convert.

    Attributes:
        codes: the group of each of the k values; groups are in ascending order of their rate.
        rare: which values were too rare to stand alone; they share one group, alone or with others.
        gain: as of `Bins`.
    """

    codes: tuple[int, ...]
    rare: tuple[bool, ...]
    gain: float = 0.0

    def __len__(self) -> int:
        return max(self.codes, default=-1) + 1


class _Terms(NamedTuple):
    """What a bin must be."""

    most: int
    size: float
    events: float
    penalty: float


def best_bins(
    negatives: ArrayLike,
    positives: ArrayLike,
    *,
    most: int = 6,
    least: float = 0.02,
    events: int = 0,
    monotone: Monotone = False,
    penalty: float | None = None,
) -> Bins:
    """The bins of highest penalised likelihood: sum over bins of p log(p / n) + q log(q / n), less a penalty for each.

    p, q and n are a bin's converts, others and both. Exact over all ways to cut up to `CELLS` distinct values. More
    values are joined first, neighbours into cells of about equal size; a value that fills a cell stays alone. A
    missing value has no place in the order: give it a bin of its own.

    Args:
        negatives: (k,) how many with each distinct value did not convert, lowest value first.
        positives: (k,) how many did.
        most: bins at most.
        least: what each bin holds at least: a share of all below 1, else a number of observations.
        events: converts, and others, that each bin holds at least. With 0 a bin may be pure.
        monotone: rates only rise ("up"), only fall ("down"), or the better of the two (True); equal ones may follow
            each other.
        penalty: for each bin beyond the first; by default log(n) / 2.

    Returns:
        one bin where no cut is worth its penalty or leaves enough on both sides.

    Raises:
        CallError: for counts that are negative, not finite, or not two lists of one length; and for most < 1, least < 0
            or events < 0.

    >>> best_bins([40, 40, 10, 10], [1, 1, 20, 20]).starts
    (0, 2)
    """
    lost, won = _counts(negatives, positives)
    n = float(lost.sum() + won.sum())
    if most < 1 or least < 0 or events < 0:
        raise CallError.at(
            "bins",
            expected="most >= 1, least >= 0 and events >= 0",
            found=f"most {most}, least {least}, events {events}",
            remedy="Six bins of 2 % are customary.",
        )
    if n == 0:
        return Bins((0,))
    cost = float(np.log(n) / 2) if penalty is None else penalty
    terms = _Terms(most, least * n if least < 1 else least, float(events), cost)
    edges = _cells(lost + won)
    cells = _Segments.of(np.add.reduceat(lost, edges), np.add.reduceat(won, edges), terms)
    found = [_free(cells, terms)] if not monotone else [_rising(each, terms) for each in cells.directed(monotone)]
    best, gain = max(found, key=lambda each: each[1])
    return Bins(tuple(int(edges[start]) for start in best), gain)


def group_values(
    negatives: ArrayLike,
    positives: ArrayLike,
    *,
    most: int = 5,
    least: float = 0.01,
    penalty: float | None = None,
) -> Groups:
    """Groups of texts that convert alike: ordered by rate, then cut as `best_bins` does.

    Rates are drawn to that of all by `PRIOR` observations before they are ordered, so that a rare text does not stand
    at an end by chance. Texts rarer than `least` are joined and stand in the order as one. The order is made from the
    outcomes themselves: judge the groups only on observations that they were not made from.

    Args:
        negatives: (k,) how many with each text did not convert, in any order.
        positives: (k,) how many did.
        most: groups at most.
        least: what a text needs to stand alone, and a group to be one: a share of all below 1, else a number.
        penalty: for each group beyond the first; by default log(n) / 2.

    Raises:
        CallError: as `best_bins`.

    >>> group_values([50, 10, 50, 12], [2, 30, 3, 28]).codes
    (0, 1, 0, 1)
    """
    lost, won = _counts(negatives, positives)
    n = lost + won
    size = least * n.sum() if least < 1 else least
    rare = n < size
    place = np.where(rare, 0, np.cumsum(~rare) - 1 + int(rare.any()))
    width = int(place.max(initial=-1)) + 1
    if not width:
        return Groups((), ())
    joined = [np.bincount(place, weights=each, minlength=width) for each in (lost, won)]
    total = joined[0] + joined[1]
    overall = won.sum() / n.sum() if n.sum() else 0.0
    order = np.argsort((joined[1] + PRIOR * overall) / (total + PRIOR), kind="stable")
    bins = best_bins(joined[0][order], joined[1][order], most=most, least=least, penalty=penalty)
    codes = np.empty(width, dtype=np.int64)
    codes[order] = bins.codes(width)
    return Groups(tuple(codes[place].tolist()), tuple(rare.tolist()), bins.gain)


def _counts(negatives: ArrayLike, positives: ArrayLike) -> tuple[Floats, Floats]:
    lost, won = (np.asarray(each, dtype=np.float64) for each in (negatives, positives))
    fits = lost.ndim == 1 and lost.shape == won.shape and len(lost) > 0
    if not fits or not bool(np.all(np.isfinite(lost + won))) or bool(np.any((lost < 0) | (won < 0))):
        raise CallError.at(
            "negatives, positives",
            expected="two lists of counts >= 0, of one length and not empty",
            found=f"shapes {lost.shape} and {won.shape}" if not fits else "a count that is negative or not finite",
            remedy="Count the outcomes by distinct value, the missing ones apart.",
        )
    return lost, won


def _cells(n: Floats) -> NDArray[np.intp]:
    """Where each cell begins: at every value if there are few, else about every CELLS-th part of the observations."""
    if len(n) <= CELLS:
        return np.arange(len(n), dtype=np.intp)
    size = n.sum() / CELLS
    cell = np.floor((np.cumsum(n) - n) / size)
    large = n >= size
    return np.flatnonzero((np.diff(cell, prepend=-1.0) > 0) | large | np.append(True, large[:-1]))


@dataclass(frozen=True, eq=False)
class _Segments:
    """Every run of neighbouring cells: entry (i, j) is of the cells i to j - 1.

    Attributes:
        worth: (m + 1, m + 1) its likelihood; -inf where it is no bin.
        rate: (m + 1, m + 1) its rate; 0 where it is empty.
    """

    worth: Floats
    rate: Floats

    @classmethod
    def of(cls, lost: Floats, won: Floats, terms: _Terms) -> _Segments:
        q, p = (np.concatenate([[0.0], np.cumsum(each)]) for each in (lost, won))
        less, more = q[None, :] - q[:, None], p[None, :] - p[:, None]
        n = less + more
        run = np.arange(len(p))[None, :] > np.arange(len(p))[:, None]
        rate = np.divide(more, n, out=np.zeros_like(n), where=run & (n > 0))
        with np.errstate(invalid="ignore"):
            worth = np.where(run, xlogy(more, rate) + xlogy(less, 1 - rate), -np.inf)
        enough = (n >= terms.size) & (np.minimum(less, more) >= terms.events)
        enough[0, -1] = True
        return cls(np.where(run & enough, np.nan_to_num(worth, nan=0.0, neginf=-np.inf), -np.inf), rate)

    def directed(self, monotone: Monotone) -> list[_Segments]:
        """With rates so that those wanted rise."""
        falling = _Segments(self.worth, -self.rate)
        return {"up": [self], "down": [falling]}.get(str(monotone), [self, falling])


_Found: TypeAlias = tuple[list[int], float]


def _free(cells: _Segments, terms: _Terms) -> _Found:
    """The best bins, whatever their rates: best[j] of the cells before j, one bin more each round."""
    m = len(cells.worth) - 1
    best, came = [cells.worth[0]], [np.zeros(m + 1, dtype=np.intp)]
    for _ in range(1, min(terms.most, m)):
        every = best[-1][:, None] + cells.worth
        came.append(np.argmax(every, axis=0))
        best.append(np.max(every, axis=0))
    values = np.array([each[m] - terms.penalty * number for number, each in enumerate(best)])
    bins = int(np.argmax(values))
    starts, at = [], m
    for number in range(bins, -1, -1):
        at = int(came[number][at]) if number else 0
        starts.append(at)
    return starts[::-1], float(values[bins] - values[0])


def _rising(cells: _Segments, terms: _Terms) -> _Found:
    """The best bins with rates that never fall: the state is the last bin, so that its rate is known."""
    worth, rate = cells.worth, cells.rate
    m = len(worth) - 1
    first = np.full_like(worth, -np.inf)
    first[0] = worth[0]
    best, came = [first], [np.full(worth.shape, -1, dtype=np.intp)]
    for _ in range(1, min(terms.most, m)):
        now, back = np.full_like(worth, -np.inf), np.full(worth.shape, -1, dtype=np.intp)
        for i in range(1, m):
            order = np.argsort(rate[:i, i], kind="stable")
            reached = best[-1][:i, i][order]
            top = np.maximum.accumulate(reached)
            which = order[np.maximum.accumulate(np.where(reached >= top, np.arange(i), 0))]
            upto = np.searchsorted(rate[:i, i][order], rate[i, i + 1 :], side="right") - 1
            some = upto >= 0
            now[i, i + 1 :] = np.where(some, top[upto], -np.inf) + worth[i, i + 1 :]
            back[i, i + 1 :] = np.where(some, which[upto], -1)
        best.append(now)
        came.append(back)
    values = np.array([each[:, m].max() - terms.penalty * number for number, each in enumerate(best)])
    bins = int(np.argmax(values))
    i, j, starts = int(np.argmax(best[bins][:, m])), m, []
    for number in range(bins, -1, -1):
        starts.append(i)
        i, j = int(came[number][i, j]), i
    return starts[::-1], float(values[bins] - values[0])
