"""Points on bins of a table's own columns: bins by likelihood, whole points from a ridge regression on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from workbench.metrics.binning import best_bins, group_values
from workbench.metrics.ranking import auc
from workbench.suggesting.ridge import ROUNDS, ridge

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
PENALTIES = (100.0, 30.0, 10.0, 3.0)
"""Of the ridge; which one is chosen inside the data. The best one hardly depends on how many rows there are."""
INNER = 5
"""Folds in which it is chosen."""
MOST_ROWS = 4000
"""Rows that it is chosen on."""
ENOUGH = 4
"""Rounds of the regression that tell penalties apart."""


@dataclass(frozen=True, eq=False)
class Binned:
    """A column's bins.

    Attributes:
        edges: lower ends of the bins of numbers beyond the first, ascending; None for texts.
        groups: bin by text; None for numbers.
        size: number of bins; the last one is for what is missing, or, of texts, was not seen.
    """

    edges: Floats | None
    groups: Mapping[str, int] | None
    size: int

    def codes(self, column: pd.Series) -> Integers:
        """(n,) the bin of each value."""
        missing = column.isna().to_numpy()
        found: NDArray[np.integer[Any]]
        if self.edges is not None:
            values = column.to_numpy(dtype=np.float64, na_value=np.nan)
            found = np.searchsorted(self.edges, values, side="right")
        else:
            found = column.astype(str).map(self.groups or {}).fillna(self.size - 1).to_numpy(dtype=np.int64)
        return np.where(missing, self.size - 1, found).astype(np.int64)


@dataclass(frozen=True, eq=False)
class BinnedPoints:
    """A scorecard on bins.

    Attributes:
        columns: bins by column, those with a single bin left out.
        points: by column, (bins,) whole points; the lowest bin of a column has 0 or more.
    """

    columns: Mapping[str, Binned]
    points: Mapping[str, Integers]

    @property
    def rules(self) -> int:
        """How many bins earn points."""
        return int(sum(np.count_nonzero(each) for each in self.points.values()))

    def scores(self, frame: pd.DataFrame) -> Integers:
        """(n,) points of the rows of a frame with these columns."""
        total = np.zeros(len(frame), dtype=np.int64)
        for name, bins in self.columns.items():
            total += self.points[name][bins.codes(frame[name])]
        return total


def binned_points(frame: pd.DataFrame, won: ArrayLike, *, most: int = 6, largest: int = 30) -> BinnedPoints:
    """Points for a table of any columns.

    Each column is cut by `workbench.metrics.binning`; columns that are worth no cut are left out. The points are the
    coefficients of a ridge regression on all bins, scaled so that the largest becomes `largest`, and rounded. The
    penalty of the regression is chosen by cross-validation inside the data, bins made anew in each fold.

    Args:
        frame: (n, columns) numbers, texts, booleans; missing values are a bin of their own.
        won: (n,) booleans.
        most: bins of a column at most.
        largest: points of the strongest bin.
    """
    outcome = np.asarray(won, dtype=np.bool_)
    return _fit(frame, outcome, (most, largest), _penalty(frame, outcome, (most, largest)))


def _penalty(frame: pd.DataFrame, won: NDArray[np.bool_], sizes: tuple[int, int]) -> float:
    """That with the highest AUC on held-out rows; bins are made anew without them."""
    place = np.empty(len(won), dtype=np.int64)  # converts and others dealt out evenly, in an order of no meaning
    order = np.random.default_rng(0).permutation(len(won))
    order = order[np.argsort(won[order], kind="stable")]
    place[order] = np.arange(len(won))
    chosen = np.flatnonzero(place % max(-(-len(won) // MOST_ROWS), 1) == 0)
    fold = place[chosen] // max(-(-len(won) // MOST_ROWS), 1) % INNER
    found = np.zeros(len(PENALTIES))
    for number in range(INNER):
        train, held = chosen[fold != number], chosen[fold == number]
        if min(won[train].sum(), won[held].sum(), (~won[train]).sum(), (~won[held]).sum()) < 1:
            return PENALTIES[0]
        parts = _hits(frame.iloc[train], won[train], sizes[0])
        for at, penalty in enumerate(PENALTIES):
            points = _points(*parts, won[train], (sizes[1], ENOUGH), penalty)
            scores = points.scores(frame.iloc[held])
            found[at] += float(auc(*_counts(scores - scores.min(), won[held], int(np.ptp(scores)) + 1)))
    return PENALTIES[int(np.argmax(found))]


def _fit(frame: pd.DataFrame, won: NDArray[np.bool_], sizes: tuple[int, int], penalty: float) -> BinnedPoints:
    return _points(*_hits(frame, won, sizes[0]), won, (sizes[1], ROUNDS), penalty)


def _hits(frame: pd.DataFrame, won: NDArray[np.bool_], most: int) -> tuple[dict[str, Binned], Floats]:
    """The bins of columns that are worth a cut, and (n, bins) who is in each."""
    columns = {str(name): bins for name in frame if (bins := _binned(frame[name], won, most)).size > 2}
    hits = [bins.codes(frame[name])[:, None] == np.arange(bins.size) for name, bins in columns.items()]
    return columns, np.hstack(hits).astype(np.float64) if hits else np.zeros((len(won), 0))


def _points(
    columns: dict[str, Binned], hits: Floats, won: NDArray[np.bool_], sizes: tuple[int, int], penalty: float
) -> BinnedPoints:
    if not columns:
        return BinnedPoints({}, {})
    (largest, rounds), weights = sizes, np.ones(len(won))
    found = ridge(hits, won.astype(np.float64), weights, penalty=penalty, rounds=rounds)
    parts = np.split(found, np.cumsum([bins.size for bins in columns.values()])[:-1])
    widest = max(float(np.abs(part).max()) for part in parts) or 1.0
    points = {
        name: np.rint(part / widest * largest).astype(np.int64) for name, part in zip(columns, parts, strict=True)
    }
    return BinnedPoints(columns, points)


def _binned(column: pd.Series, won: NDArray[np.bool_], most: int) -> Binned:
    known = column.notna().to_numpy()
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        values, place = np.unique(column[known].to_numpy(dtype=np.float64), return_inverse=True)
        counts = _counts(place, won[known], len(values))
        starts: Any = best_bins(*counts, most=most).starts if len(values) else (0,)
        edges = values[np.array(starts[1:], dtype=np.int64)]
        return Binned(edges, None, len(edges) + 2)
    texts, place = np.unique(column[known].astype(str).to_numpy(dtype=object), return_inverse=True)
    if not len(texts):
        return Binned(None, {}, 2)
    groups = group_values(*_counts(place, won[known], len(texts)), most=most)
    return Binned(None, dict(zip(texts.tolist(), groups.codes, strict=True)), len(groups) + 1)


def _counts(place: Integers, won: NDArray[np.bool_], size: int) -> tuple[Integers, Integers]:
    return np.bincount(place[~won], minlength=size), np.bincount(place[won], minlength=size)
