"""A column as codes, and as what the other folds would say of each lead: its strength without learning by heart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from workbench.checking.material import LEAST_OF_BLOCK, Material
from workbench.metrics.delong import Area, clustered_delong
from workbench.metrics.histogram import compact
from workbench.observation import Asked

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FEW_NUMBERS = 30
"""Distinct numbers up to which each is a value of its own."""
BINS = 20
"""Bins of equal size that other numbers are put in."""
PRIOR = 10.0
"""Leads of the base rate that each value is mixed with, so that rare values say little."""


@dataclass(frozen=True, eq=False)
class Coded:
    """A column as codes.

    Attributes:
        codes: (n,) 0 where the value is missing, else from 1.
        labels: what each code stands for.
        ordered: whether the codes from 1 are in the order of the values.
    """

    codes: Integers
    labels: tuple[str, ...]
    ordered: bool

    @property
    def size(self) -> int:
        """How many codes there are, that of missing among them."""
        return len(self.labels)

    @property
    def filled(self) -> NDArray[np.bool_]:
        """(n,) where there is a value."""
        return self.codes > 0


def coded(asked: Asked, column: pd.Series) -> Coded:
    """The column as codes: texts and few numbers value by value, other numbers and times in bins of equal size."""
    if asked.kind in {"text", "boolean"}:
        codes, values = pd.factorize(column.astype(object), sort=False)
        return Coded(codes.astype(np.int64) + 1, ("", *(str(value) for value in values)), ordered=False)
    numbers = numbers_of(column)
    there = ~np.isnan(numbers)
    if not there.any():
        return Coded(np.zeros(len(numbers), dtype=np.int64), ("",), ordered=True)
    distinct = np.unique(numbers[there])
    starts = distinct
    if len(distinct) > FEW_NUMBERS:
        starts = np.unique(np.quantile(numbers[there], np.arange(BINS) / BINS, method="inverted_cdf"))
    codes = np.where(there, np.searchsorted(starts, numbers, side="right"), 0)
    if len(starts) == len(distinct):
        labels = tuple(f"{value:g}" for value in starts)
    else:
        ends = [*starts[1:], np.inf]
        labels = tuple(
            f"{low:g} to below {high:g}" if np.isfinite(high) else f"{low:g} and more"
            for low, high in zip(starts, ends, strict=True)
        )
    return Coded(codes.astype(np.int64), ("", *labels), ordered=True)


def numbers_of(column: pd.Series) -> Floats:
    """Numbers, and times as days since 1970; NaN where missing."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        days = (column - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)
        return np.asarray(days, dtype=np.float64)
    return np.asarray(column.to_numpy(dtype=np.float64))


def out_of_fold(of: Coded, material: Material) -> Floats:
    """(n,) the rate of each lead's value among the other folds, mixed with `PRIOR` leads of the base rate.

    So a value that few share is worth the base rate, and no lead is judged by its own outcome or its account's.
    """
    won = material.won.astype(np.float64)
    hits = np.bincount(of.codes, won, of.size)
    size = np.bincount(of.codes, minlength=of.size).astype(np.float64)
    found = np.empty(material.n)
    for fold in range(int(material.fold.max(initial=0)) + 1):
        out = material.fold == fold
        other = hits - np.bincount(of.codes[out], won[out], of.size)
        n = size - np.bincount(of.codes[out], minlength=of.size)
        base = (won.sum() - won[out].sum()) / max(int((~out).sum()), 1)
        found[out] = ((other + PRIOR * base) / (n + PRIOR))[of.codes[out]]
    return found


@dataclass(frozen=True)
class Told:
    """How well something ranks the outcome: AUC with its 95 % interval, clustered, and the chance of it by luck.

    Attributes:
        auc, low, high: 0..1; the ends are NaN where the data does not show how sure it is.
        p: two-sided, of no relation; 1 where unknown.
    """

    auc: float
    low: float
    high: float
    p: float

    def plain(self) -> dict[str, float]:
        """AUC and the ends of its interval."""
        return {"auc": self.auc, "low": self.low, "high": self.high}

    def __str__(self) -> str:
        return f"AUC {self.auc:.2f} ({self.low:.2f} to {self.high:.2f})"


NOTHING = Told(0.5, float("nan"), float("nan"), 1.0)


def told(scores: Floats | Integers, material: Material, rows: Integers | None = None) -> Told:
    """The AUC of scores, of all leads or of some, with DeLong's (Obuchowski's) interval."""
    chosen = np.arange(material.n) if rows is None else rows
    won = material.won[chosen]
    if not 1 < int(won.sum()) < len(won) - 1:
        return NOTHING
    distinct, cells = np.unique(scores[chosen], return_inverse=True)
    return _of_area(clustered_delong(cells, won, compact(material.cluster[chosen])[1], len(distinct)))


def told_within(scores: Floats | Integers, material: Material, some: Integers | None = None) -> Told:
    """The AUC within blocks of time: the mean of the blocks' own, weighed by their pairs of a convert and another.

    What only tells when a lead came says nothing here. Equals `told` where nothing orders the leads. Blocks count as
    independent; clusters are heeded within each. Of all leads, or of `some`.
    """
    if material.moment is None:
        return told(scores, material, some)
    chosen = np.arange(material.n) if some is None else some
    areas, pairs = [], []
    for block in np.unique(material.block):
        rows = chosen[material.block[chosen] == block]
        won = int(material.won[rows].sum())
        if min(won, len(rows) - won) >= LEAST_OF_BLOCK:
            distinct, cells = np.unique(scores[rows], return_inverse=True)
            group = compact(material.cluster[rows])[1]
            areas.append(clustered_delong(cells, material.won[rows], group, len(distinct)))
            pairs.append(float(won * (len(rows) - won)))
    if not areas:
        return told(scores, material, some)
    weight = np.array(pairs) / sum(pairs)
    auc = float(weight @ np.array([float(area.auc) for area in areas]))
    variance = float(weight**2 @ np.array([float(area.variance) for area in areas]))
    return _of_area(Area(np.asarray(auc), np.asarray(variance)))


def _of_area(area: Area) -> Told:
    low, high = area.interval()
    auc, variance = float(area.auc), float(area.variance)
    error = float(np.sqrt(variance)) if variance >= 0 else float("nan")
    if auc in {0.0, 1.0} or error == 0.0:  # a perfect sample has no error of its own
        return Told(auc, auc if auc != 0.5 else float("nan"), auc, 0.0 if auc != 0.5 else 1.0)
    if np.isnan(error):
        return Told(auc, float("nan"), float("nan"), 1.0)
    return Told(auc, float(low), float(high), float(2 * ndtr(-abs(auc - 0.5) / error)))
