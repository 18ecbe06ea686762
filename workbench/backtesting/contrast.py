"""What the wrongly judged have more often, or less often, than the rightly judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.metrics.intervals import Ratio, normal_quantile, rate_ratio

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Floats = NDArray[np.float64]
FEWEST = 10
"""Observations on either side below which a contrast between wrong and right says nothing."""
FEWEST_HITS = 5
"""Observations with a trait, both sides together, below which a contrast says nothing."""
FEWEST_CLUSTERS = 10
"""Clusters, both sides together, below which a contrast says nothing: its interval is that of many."""
COUNTED = ("n_wrong", "hit_wrong", "rate_wrong", "n_right", "hit_right", "rate_right")
RATIO = ("ratio", "ratio_low", "ratio_high", "enough")


@dataclass(frozen=True)
class Contrast:
    """Traits among the wrong and among the right, arrays of shape (k,), one entry a trait.

    Attributes:
        n_wrong, n_right: how many there are of either.
        hit_wrong, hit_right: how many of them have the trait.
        ratio: the share among the wrong over that among the right, with its 95 % interval; NaN where a side is empty
            or nobody has the trait.
        clusters: how many clusters there are on both sides together; None where each is alone.
    """

    n_wrong: int
    n_right: int
    hit_wrong: Integers
    hit_right: Integers
    ratio: Ratio
    clusters: int | None = None

    @classmethod
    def joined(cls, parts: Sequence[Contrast]) -> Contrast:
        """The traits of several contrasts of the same sides, one after the other."""
        first = parts[0]
        return cls(
            first.n_wrong,
            first.n_right,
            np.concatenate([each.hit_wrong for each in parts]),
            np.concatenate([each.hit_right for each in parts]),
            Ratio(*(np.concatenate(ends) for ends in zip(*(each.ratio for each in parts), strict=True))),
            first.clusters,
        )

    def columns(self) -> dict[str, object]:
        """The columns COUNTED and RATIO of a frame."""
        wrong, right = max(self.n_wrong, 1), max(self.n_right, 1)
        enough = (self.hit_wrong + self.hit_right >= FEWEST_HITS) & (min(self.n_wrong, self.n_right) >= FEWEST)
        enough &= self.clusters is None or self.clusters >= FEWEST_CLUSTERS
        return {
            "n_wrong": self.n_wrong,
            "hit_wrong": self.hit_wrong,
            "rate_wrong": self.hit_wrong / wrong if self.n_wrong else np.nan,
            "n_right": self.n_right,
            "hit_right": self.hit_right,
            "rate_right": self.hit_right / right if self.n_right else np.nan,
            "ratio": self.ratio.ratio,
            "ratio_low": self.ratio.low,
            "ratio_high": self.ratio.high,
            "enough": enough,
        }


class Sides:
    """The wrongly judged and the rightly judged that were treated the same.

    Ratios are those of `rate_ratio`, or of `clustered_rate_ratio` where clusters are given, for many traits in one
    pass: with D_c the influence that a cluster has whatever the trait, the variance is K / (K - 1) times
    sum (X_c - D_c)^2, and only clusters with the trait have an X_c.

    Args:
        wrong: (n,) whether wrongly judged.
        clusters: (n,) what is resampled together, codes >= 0 (numbers may be missing); None where each is alone.
    """

    def __init__(self, wrong: Booleans, clusters: Integers | None) -> None:
        self.wrong = wrong
        self.n_wrong = int(np.count_nonzero(wrong))
        self.n_right = len(wrong) - self.n_wrong
        self._clusters = clusters
        self._known: int | None = None
        if clusters is not None and self.n_wrong and self.n_right:
            sizes, bad = np.bincount(clusters), np.bincount(clusters[wrong], minlength=int(clusters.max()) + 1)
            self._count = self._known = int(np.count_nonzero(sizes))
            self._widening = float(np.sqrt(np.sum(sizes.astype(np.float64) ** 2) / len(wrong)))
            self._always = bad / self.n_wrong - (sizes - bad) / self.n_right

    def contrast(self, traits: NDArray[np.integer], size: int) -> Contrast:
        """Each trait of a set of which an observation has one at most.

        Args:
            traits: (n,) number of the trait in 0..size-1, or -1.
            size: how many there are.
        """
        at = np.flatnonzero(traits >= 0)
        trait, wrong = traits[at].astype(np.int64), self.wrong[at]
        counts = np.bincount(trait * 2 + wrong, minlength=2 * size).astype(np.int64)
        right_hits, wrong_hits = counts[0::2], counts[1::2]
        ratio = self._plain(wrong_hits, right_hits)
        if self._clusters is not None and self.n_wrong and self.n_right:
            ratio = self._clustered(ratio, at, trait, wrong_hits, right_hits)
        return Contrast(self.n_wrong, self.n_right, wrong_hits, right_hits, ratio, self._known)

    def _plain(self, wrong_hits: Integers, right_hits: Integers) -> Ratio:
        found = rate_ratio(wrong_hits, self.n_wrong, right_hits, self.n_right)
        nobody = (wrong_hits + right_hits) == 0
        ends = (np.where(nobody, np.nan, np.asarray(each, dtype=np.float64)) for each in found)
        return Ratio(*ends)

    def _clustered(
        self, plain: Ratio, at: Integers, trait: Integers, wrong_hits: Integers, right_hits: Integers
    ) -> Ratio:
        a, b = wrong_hits, right_hits
        bare = (a == 0) | (a == self.n_wrong) | (b == 0) | (b == self.n_right) | (self._count < 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = np.asarray(plain.high / plain.ratio) ** self._widening
            pays = np.stack([-1.0 / b, 1.0 / a], axis=1).ravel()
        order = np.argsort(trait, kind="stable") if len(a) > 1 else np.arange(len(trait))
        ends = np.cumsum(a + b)
        for number in np.flatnonzero(~bare):
            mine = order[ends[number] - a[number] - b[number] : ends[number]]
            rows = at[mine]
            influence = pays[2 * number + self.wrong[rows]]
            variance = self._squares(influence, self._of(rows)) * self._count / (self._count - 1)
            factor[number] = np.exp(normal_quantile(0.95) * np.sqrt(max(variance, 0.0)))
        return Ratio(plain.ratio, plain.ratio / factor, plain.ratio * factor)

    def _of(self, rows: Integers) -> Integers:
        assert self._clusters is not None  # noqa: S101  (asked where there are clusters only)
        return self._clusters[rows]

    def _squares(self, influence: Floats, cluster: Integers) -> float:
        """The sum over all clusters of (X_c - D_c)^2."""
        if len(cluster) * 8 < len(self._always):
            _, cluster_here = np.unique(cluster, return_inverse=True)
        else:
            cluster_here = cluster
        own = np.bincount(cluster_here, weights=influence)
        always = self._always
        return float(own @ own - 2 * (influence @ always[cluster]) + always @ always)


def strongest_first(columns: Mapping[str, object] | pd.DataFrame) -> Integers:
    """The order by evidence of a difference: the logarithm of the ratio in widths of its interval."""
    ratio, low, high = (np.asarray(columns[name], dtype=np.float64) for name in ("ratio", "ratio_low", "ratio_high"))
    with np.errstate(divide="ignore", invalid="ignore"):
        evidence = np.abs(np.log(ratio)) / (np.log(high) - np.log(low))
    order: Integers = np.nan_to_num(evidence, nan=-1.0).argsort(kind="stable")[::-1]
    return order
