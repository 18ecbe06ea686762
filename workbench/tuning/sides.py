"""Leads on two sides of a rule, counted from codebooks, with what clusters do to the variance of their rates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from workbench.engine.lowered import Ages
from workbench.metrics.histogram import compact
from workbench.observation import Observations, Scorer
from workbench.observation.weights import RuleWeights

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Sides:
    """Two sides: those for whom something holds, then those they are held against; arrays of shape (2,).

    Attributes:
        n: how many.
        converted: how many of them converted.
        effect: how many times the variance of a rate exceeds that of independent leads, >= 1.
    """

    n: Floats
    converted: Floats
    effect: Floats


@dataclass(frozen=True)
class Asked:
    """Who is on which side among the leads of one alternative.

    Attributes:
        alternative: 0 for the model itself, then its variants.
        book: whose entries the two masks are by; empty where they are by lead.
        held, against: masks.
    """

    alternative: int
    book: str
    held: Booleans
    against: Booleans


@dataclass(frozen=True)
class _Leads:
    """The leads of one alternative that no gate takes out: rows of the shelf, whether they converted, cluster."""

    rows: Integers | slice
    won: Booleans
    cluster: Integers


class Counting:
    """Counts the leads of a part, but for those whom a gate takes out.

    Args:
        scorer: of the model.
        seen: the observations, of leads.
        rows: those of the part.
    """

    def __init__(self, scorer: Scorer, seen: Observations, rows: slice) -> None:
        self.scorer = scorer
        self.rows = rows
        kept = ~np.array((False, *scorer.weights.out))[scorer.gate(rows)]
        cluster = compact(seen.subjects.cluster[rows])[1]
        self._won = seen.subjects.won[rows] == 1
        self._clusters = int(cluster.max(initial=-1)) + 1
        self.clustered = self._clusters < len(cluster)
        variant = scorer.variant(rows)
        self._leads = [self._chosen(kept & (variant == number), cluster) for number in range(len(scorer.alternatives))]
        self._counts: dict[tuple[int, str], Floats] = {}
        self._by_entry: dict[tuple[int, str], tuple[csr_array[Any], csr_array[Any]]] = {}

    def _chosen(self, mask: Booleans, cluster: Integers) -> _Leads:
        if mask.all():
            return _Leads(self.rows, self._won, cluster)
        at = np.flatnonzero(mask)
        return _Leads(at + self.rows.start, self._won[at], cluster[at])

    def size(self, alternative: int) -> int:
        """How many leads an alternative has."""
        return len(self._leads[alternative].won)

    def cases(self, alternative: int, rule: RuleWeights) -> tuple[str, Integers]:
        """The rule's book, and by its entries the hit, number of the case (-1: not in force) or number of events.

        For a rule that fades there is no book, and the numbers are 1 or 0 by lead of the alternative.
        """
        own, shelf = self.scorer.alternatives[alternative], self.scorer.shelf
        feature = own.features[rule.id]
        if isinstance(feature, Ages):
            flags = np.zeros(shelf.size, dtype=np.int64)
            flags[shelf.evidence[feature].obs] = 1
            return "", flags[self._leads[alternative].rows]
        book = shelf.books[rule.book]
        found = book.entries[:, book.features.index(feature)]
        return rule.book, np.where(found == 1, -1, np.maximum(found - 1, 0)) if rule.dormant else found

    def sides(self, asked: list[Asked]) -> Sides:
        """Both sides, over all alternatives that were asked."""
        if self.clustered:
            return self._by_cluster(asked)
        both = np.zeros((2, 2))
        for each in asked:
            for side, mask in enumerate((each.held, each.against)):
                both[side] += self._counted(each, mask)
        return Sides(both.sum(axis=1), both[:, 1], np.ones(2))

    def _counted(self, asked: Asked, mask: Booleans) -> Floats:
        """How many did not, and did, convert."""
        if not asked.book:
            won = self._leads[asked.alternative].won[mask]
            return np.array([len(won) - won.sum(), won.sum()], dtype=np.float64)
        key = (asked.alternative, asked.book)
        if key not in self._counts:
            leads = self._leads[asked.alternative]
            cells = self._codes(asked) * 2 + leads.won
            counted = np.bincount(cells, minlength=2 * len(mask)).astype(np.float64)
            self._counts[key] = counted.reshape(-1, 2)
        found: Floats = self._counts[key][mask].sum(axis=0)
        return found

    def _codes(self, asked: Asked) -> Integers:
        return self.scorer.shelf.books[asked.book].codes[self._leads[asked.alternative].rows]

    # --- clusters ---------------------------------------------------------------------------------------------------

    def _by_cluster(self, asked: list[Asked]) -> Sides:
        n, converted = np.zeros((2, self._clusters)), np.zeros((2, self._clusters))
        for each in asked:
            held = self._summed(each, each.held)
            if np.array_equal(each.against, ~each.held):
                whole = self._whole[each.alternative]
                against = whole[0] - held[0], whole[1] - held[1]
            else:
                against = self._summed(each, each.against)
            for side, found in enumerate((held, against)):
                n[side] += found[0]
                converted[side] += found[1]
        return Sides(n.sum(axis=1), converted.sum(axis=1), design_effects(n, converted))

    @cached_property
    def _whole(self) -> list[tuple[Floats, Floats]]:
        """By alternative: leads, and converted ones, by cluster."""
        return [_counts(leads.cluster, leads.won, self._clusters) for leads in self._leads]

    def _summed(self, asked: Asked, mask: Booleans) -> tuple[Floats, Floats]:
        """Leads of the mask, and converted ones, by cluster."""
        if not asked.book:
            leads = self._leads[asked.alternative]
            return _counts(leads.cluster[mask], leads.won[mask], self._clusters)
        everyone, winners = self._matrices(asked, len(mask))
        flags = mask.astype(np.float64)
        return everyone @ flags, winners @ flags

    def _matrices(self, asked: Asked, entries: int) -> tuple[csr_array[Any], csr_array[Any]]:
        """Clusters by entries: how many leads, and how many converted ones (an entry may stand several times)."""
        key = (asked.alternative, asked.book)
        if key not in self._by_entry:
            codes, leads = self._codes(asked), self._leads[asked.alternative]
            order = self._orders[asked.alternative]
            won = order[leads.won[order]]
            shape = (self._clusters, entries)
            everyone, winners = (_matrix(leads.cluster[at], codes[at], shape) for at in (order, won))
            self._by_entry[key] = everyone, winners
        return self._by_entry[key]

    @cached_property
    def _orders(self) -> list[Integers]:
        """By alternative: the leads by cluster."""
        return [np.argsort(leads.cluster, kind="stable") for leads in self._leads]


def _counts(cluster: Integers, won: Booleans, size: int) -> tuple[Floats, Floats]:
    everyone, winners = (np.bincount(codes, minlength=size) for codes in (cluster, cluster[won]))
    return everyone.astype(np.float64), winners.astype(np.float64)


def _matrix(cluster: Integers, codes: Integers, shape: tuple[int, int]) -> csr_array[Any]:
    """Of leads in the order of their clusters; made without sorting or adding up entries, which would cost more."""
    ends = np.concatenate([[0], np.cumsum(np.bincount(cluster, minlength=shape[0]))])
    return csr_array((np.ones(len(codes)), codes.astype(np.int32), ends.astype(np.int32)), shape=shape)


def design_effects(n: Floats, converted: Floats) -> Floats:
    """`workbench.metrics.clustering.design_effect` by group, from sums by cluster.

    Args:
        n: (groups, clusters) leads.
        converted: (groups, clusters) those of them who converted.

    Returns:
        shape (groups,).
    """
    found = np.array([_effect(*each) for each in zip(n, converted, strict=True)])
    seen, sharing = found.T
    overall, shared = _effect(n.sum(axis=0), converted.sum(axis=0))
    rho = np.clip((overall - 1) / max(shared - 1, 1e-9), 0.0, 1.0) if shared == shared else np.nan
    kish = 1 + (1.0 if np.isnan(rho) else rho) * np.nan_to_num(np.maximum(sharing - 1, 0.0))
    return np.asarray(np.maximum(np.where(np.isnan(seen), kish, seen), 1.0))


def _effect(m: Floats, y: Floats) -> tuple[float, float]:
    """The linearised design effect (NaN where it does not show), and sum m_c^2 / n."""
    n = float(m.sum())
    if n == 0:
        return np.nan, np.nan
    p, k = float(y.sum()) / n, int(np.count_nonzero(m))
    alone = p * (1 - p) * n**2 * max(k - 1, 0)
    error = y - p * m
    squares, shared = _squares(error), _squares(m) / n
    return (squares * k * (n - 1) / alone if alone else np.nan), shared


def _squares(values: Floats) -> float:
    """Their sum; not by a dot product, whose threads cost more than they save where many programs share a machine."""
    return float(np.einsum("i,i->", values, values))
