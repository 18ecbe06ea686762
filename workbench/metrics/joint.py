"""The bootstrap of several models at once: the same observations are drawn for all of them.

A replicate is one histogram a model, all from one draw, so what the models share cancels out of their differences.
Independent observations of one kind (the same cell under every model, the same outcome and amount) are alike, and so
are clusters that hold a single one of them: a draw is multinomial over these kinds, not over rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from workbench.errors import CallError
from workbench.metrics.cluster_sums import Method
from workbench.metrics.histogram import Floats, Integers, codes, compact, from_top
from workbench.metrics.resample import CHUNK, Draws, generator

MOST_STEPS = 5e7
"""Units times draws up to which replicates are exact."""
MOST_COLUMNS = 1_500
Statistic: TypeAlias = Callable[[tuple[Draws, ...]], Floats]


@dataclass(frozen=True, eq=False)
class Joint:
    """What is drawn again: units with their sums in the columns of all models.

    Attributes:
        sizes: number of distinct scores of each model.
        blocks: 2, or 3 with amounts: of each model k cells of non-converts, k of converts, k sums of amounts.
        weights: (units,) how often each unit is there, >= 1.
        filled: (w,) the columns that are not all 0.
        sums: (w, units), sparse.
        root: None for exact replicates; else (w, r), the square root of the units' covariance.
    """

    sizes: tuple[int, ...]
    blocks: int
    weights: Floats
    filled: Integers
    sums: csr_array[Any]
    root: Floats | None

    @property
    def method(self) -> str:
        """How replicates are drawn: exact or gaussian."""
        return "exact" if self.root is None else "gaussian"

    @property
    def width(self) -> int:
        """Numbers that one replicate keeps in memory while it is drawn."""
        units = len(self.weights) if self.root is None else self.root.shape[1]
        return self.blocks * sum(self.sizes) + units

    def draw(self, draws: int, random: np.random.Generator) -> tuple[Draws, ...]:
        """The next replicates, one histogram a model; two calls give what one call for both would have given."""
        columns = np.zeros((draws, self.blocks * sum(self.sizes)))
        if self.root is None:
            columns[:, self.filled] = (self.sums @ self._times(draws, random).T).T
        else:
            total = self.sums @ self.weights
            noise = random.standard_normal((draws, self.root.shape[1])) @ self.root.T
            columns[:, self.filled] = np.maximum(total + noise, 0.0)
        found = []
        start = 0
        for k in self.sizes:
            parts = np.split(columns[:, start : start + self.blocks * k], self.blocks, axis=1)
            found.append(Draws(parts[0], parts[1], parts[2] if self.blocks == 3 else None))
            start += self.blocks * k
        return tuple(found)

    def _times(self, draws: int, random: np.random.Generator) -> Floats:
        """How often each unit is drawn, (draws, units)."""
        total = int(self.weights.sum())
        size = len(self.weights)
        if total > 2 * size:
            return random.multinomial(total, self.weights / total, size=draws).astype(np.float64)
        # Drawing positions is quicker than as many binomials; units that are there several times have several.
        owner = np.repeat(np.arange(size), self.weights.astype(np.int64))
        times = np.empty((draws, size))
        for at in range(draws):
            times[at] = np.bincount(owner[random.integers(total, size=total)], minlength=size)
        return times


def joint(
    cells: Sequence[NDArray[Any]],
    sizes: Sequence[int],
    outcomes: ArrayLike,
    clusters: ArrayLike | None = None,
    *,
    amounts: ArrayLike | None = None,
    draws: int = 2000,
    method: Method = "auto",
) -> Joint:
    """A source for several models on the same observations.

    Exact replicates are multinomial over kinds of observations and over clusters. Gaussian ones add normal noise with
    the covariance S W S' - hh'/K of the same resampling (S: sums by unit and column, W: how often a unit is there, h:
    their total, K: all units) and clip at 0, as `workbench.metrics.cluster_sums` does.

    Args:
        cells: for each model (n,) rank of each observation's score among its distinct scores, ascending.
        sizes: how many distinct scores each has.
        outcomes: (n,) booleans, true where it converted.
        clusters: (n,) integers >= 0, numbers may be missing; None if everybody is alone.
        amounts: (n,) amounts >= 0; those of observations that did not convert, and NaN, count as 0.
        draws: how many replicates are planned, to choose by.
        method: "exact", "gaussian", or "auto": exact up to `MOST_STEPS` units times draws, and also beyond where more
            than `MOST_COLUMNS` columns are filled.

    Raises:
        CallError: when there is no observation or no model, or lengths differ.

    >>> source = joint([np.array([0, 1, 1]), np.array([1, 0, 1])], [2, 2], [False, True, False])
    >>> [drawn.positives.shape for drawn in source.draw(3, np.random.default_rng(1))]
    [(3, 2), (3, 2)]
    """
    won = np.asarray(outcomes, dtype=np.bool_)
    if not len(won) or not len(cells) or any(len(each) != len(won) for each in cells):
        raise CallError.at(
            "cells, outcomes",
            expected="at least one observation, with one cell under every model",
            found=f"{len(won)} outcomes and {[len(each) for each in cells]} cells",
            remedy="Pass the cells of the same observations under each model.",
        )
    kind, first = _kinds(cells, sizes, won, amounts)
    unit, weights = _units(kind, None if clusters is None else codes("clusters", clusters, length=len(won)))
    own = [np.asarray(each, dtype=np.int64)[first] for each in cells]
    worth = None if amounts is None else np.nan_to_num(np.asarray(amounts, dtype=np.float64)[first]) * won[first]
    filled, columns = _columns(own, sizes, won[first], worth)
    of_units = csr_array((np.ones(len(won)), (kind, unit)), shape=(len(first), len(weights)))
    of_units.sum_duplicates()
    # lone observations of one kind are one unit that is there several times, not one that holds several
    of_units.data /= weights[of_units.indices]
    sums = csr_array(columns @ of_units)
    many = draws * len(weights) > MOST_STEPS and len(filled) <= MOST_COLUMNS
    gaussian = method == "gaussian" or (method == "auto" and many)
    blocks = 2 if amounts is None else 3
    root = _root(sums, weights) if gaussian else None
    return Joint(tuple(sizes), blocks, weights, filled, sums, root)


def replicates(source: Joint, statistic: Statistic, *, seed: int, draws: int = 2000) -> Floats:
    """A statistic of all models on the same replicates.

    Args:
        source: what to draw again.
        statistic: from one `Draws` a model to an array whose first axis is the draws.
        seed: of a PCG64 generator; the same seed gives the same replicates.
        draws: number of replicates.

    Returns:
        shape (draws, ...).

    Raises:
        CallError: when draws < 1.
    """
    if draws < 1:
        raise CallError.at("draws", expected="at least 1", found=str(draws), remedy="2000 is customary.")
    random = generator(seed)
    chunk = max(1, CHUNK // source.width)
    parts = [statistic(source.draw(min(chunk, draws - start), random)) for start in range(0, draws, chunk)]
    return np.concatenate(parts, axis=0)


def top_share(negatives: ArrayLike, positives: ArrayLike, depth: float) -> Floats:
    """What share of each cell lies in the top `depth` (0..1) of the list, (..., k); ties share the boundary.

    >>> top_share([3, 1], [1, 3], 0.75)
    array([0.5, 1. ])
    """
    counts = np.asarray(negatives, dtype=np.float64) + np.asarray(positives, dtype=np.float64)
    wanted = depth * counts.sum(axis=-1, keepdims=True)
    above = from_top(counts) - counts
    share: Floats = np.clip(np.divide(wanted - above, counts, out=np.zeros_like(counts), where=counts > 0), 0.0, 1.0)
    return share


def _kinds(
    cells: Sequence[NDArray[Any]], sizes: Sequence[int], won: NDArray[np.bool_], amounts: ArrayLike | None
) -> tuple[Integers, Integers]:
    """The kind of each observation, codes from 0 without holes, and one observation of each kind."""
    key = won.astype(np.int64)
    for each, k in zip(cells, sizes, strict=True):
        key = compact(key * int(k) + np.asarray(each, dtype=np.int64))[1]
    if amounts is not None:
        worth = np.nan_to_num(np.asarray(amounts, dtype=np.float64)) * won
        values, place = np.unique(worth, return_inverse=True)
        key = compact(key * len(values) + place)[1]
    first = np.zeros(int(key.max()) + 1, dtype=np.int64)
    first[key[::-1]] = np.arange(len(key))[::-1]
    return key, first


def _units(kind: Integers, clusters: Integers | None) -> tuple[Integers, Floats]:
    """The unit of each observation and how often each unit is there: kinds of lone observations, then clusters."""
    if clusters is None:
        return kind, np.bincount(kind).astype(np.float64)
    sizes = np.bincount(clusters)
    alone = sizes[clusters] == 1
    unit = np.empty(len(kind), dtype=np.int64)
    kinds, unit[alone] = compact(kind[alone])
    together, place = compact(clusters[~alone])
    unit[~alone] = place + len(kinds)
    lone = np.bincount(unit[alone], minlength=len(kinds)).astype(np.float64)
    return unit, np.concatenate([lone, np.ones(len(together))])


def _columns(
    cells: Sequence[Integers], sizes: Sequence[int], won: NDArray[np.bool_], worth: Floats | None
) -> tuple[Integers, csr_array[Any]]:
    """The columns that some kind is in, and what each kind adds to them, (w, kinds)."""
    kinds = np.arange(len(won))
    at, kind, weight = [], [], []
    start = 0
    for cell, k in zip(cells, sizes, strict=True):
        at.append(start + cell + k * won)
        kind.append(kinds)
        weight.append(np.ones(len(won)))
        if worth is not None:
            paid = np.flatnonzero(worth)
            at.append(start + 2 * k + cell[paid])
            kind.append(paid)
            weight.append(worth[paid])
        start += (2 if worth is None else 3) * k
    filled, row = compact(np.concatenate(at))
    entries = (np.concatenate(weight), (row, np.concatenate(kind)))
    return filled, csr_array(entries, shape=(len(filled), len(won)))


def _root(sums: csr_array[Any], weights: Floats) -> Floats:
    """A matrix R with R R' = S W S' - hh'/K, its null directions left out."""
    total = sums @ weights
    weighted = sums * weights[None, :]
    covariance = (csr_array(weighted) @ sums.T).toarray() - np.outer(total, total) / weights.sum()
    size, direction = np.linalg.eigh(covariance)
    kept = size > max(float(size[-1]), 0.0) * 1e-12
    root: Floats = direction[:, kept] * np.sqrt(size[kept])
    return root
