"""Rules against each other and against outcomes: paid to the same leads, or with the wrong sign."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.linting.catalogue import BY_CODE
from workbench.linting.finding import Finding
from workbench.linting.hits import Hits
from workbench.linting.parts import Parts, RulePart
from workbench.metrics.clustering import design_effect
from workbench.metrics.intervals import wilson

ALIKE = 0.98
"""Correlation (phi) of two rules' hits from which on they are called the same."""
LEAST = 30
"""Leads on each side below which nothing is said."""
FEWEST_HITS = 10
CONFIDENCE = 0.95


class Difference(NamedTuple):
    """A difference of two conversion rates with its interval, all in -1..1."""

    rate: float
    other: float
    low: float
    high: float


def same_leads(parts: Parts, hits: Hits, known: set[frozenset[str]]) -> Iterator[Finding]:
    """L207; `known` are pairs of rules of which the model alone says that they are paid alike."""
    fired = [(part, hits.cases[part.id] > 0) for part in parts.rules if part.id in hits.cases]
    for (one, a), (other, b) in combinations(fired, 2):
        rows = hits.rows(one) & hits.rows(other)
        if frozenset((one.id, other.id)) in known or rows.sum() < LEAST:
            continue
        a_rows, b_rows = a[rows], b[rows]
        if min(a_rows.sum(), b_rows.sum()) < FEWEST_HITS:
            continue
        alike = phi(a_rows, b_rows)
        if alike >= ALIKE:
            both = int((a_rows & b_rows).sum())
            sentence = (
                f"'{one.id}' fired for {int(a_rows.sum()):,} observed leads and '{other.id}' for "
                f"{int(b_rows.sum()):,}, {both:,} of them the same (phi {alike:.3f})."
            )
            yield BY_CODE["L207"].at(other.id, other.place(), sentence)


def phi(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Correlation of two truth values, -1..1; 0 if one does not vary.

    (n11 n00 - n10 n01) / sqrt(n1. n0. n.1 n.0)  (K. Pearson, 1900; G. U. Yule, JRSS 75 (1912) 579-652).

    >>> phi(np.array([True, False]), np.array([True, False]))
    1.0
    """
    n, a, b, both = len(one), int(one.sum()), int(other.sum()), int((one & other).sum())
    spread = float(a) * (n - a) * b * (n - b)
    return (n * both - a * b) / spread**0.5 if spread else 0.0


class _Tested(NamedTuple):
    part: RulePart
    raises: bool
    side: NDArray[np.bool_]


def against(parts: Parts, hits: Hits) -> Iterator[Finding]:
    """L209: on outcomes of the judged part only, each rule by itself.

    Leads that a rule raises (or lowers) against the others that it counts for. The interval is Newcombe's, its level
    raised for the number of rules that are tested (C. E. Bonferroni: 1 - 0.05 / m each), its rates' variances for
    leads that come in clusters. Nothing else is adjusted for.
    """
    tested = [each for part in parts.rules for each in _sides(part, hits)]
    confidence = 1 - (1 - CONFIDENCE) / max(len(tested), 1)
    tests = f"{len(tested)} test" + ("s" if len(tested) > 1 else "")
    for part, raises, side in tested:
        rows = hits.judged & hits.rows(part) & ~hits.out
        found = difference(hits.won[rows], side[rows], hits.cluster[rows], confidence=confidence)
        if not (found.high < 0 if raises else found.low > 0):
            continue
        n = int(side[rows].sum())
        does, converted = ("raises", "less") if raises else ("lowers", "more")
        sentence = (
            f"'{part.id}' {does} {n:,} leads who converted {converted} than the others: {found.rate:.1%} against "
            f"{found.other:.1%}, a difference of {100 * (found.rate - found.other):+.1f} percentage points (interval "
            f"{100 * found.low:+.1f} to {100 * found.high:+.1f} at {confidence:.2%}, for {tests} in the "
            f"part '{hits.judged_part}'; nothing else is adjusted for)."
        )
        yield BY_CODE["L209"].at(part.id, part.place(), sentence)


def _sides(part: RulePart, hits: Hits) -> Iterator[_Tested]:
    """The leads that a rule raises, and those that it lowers, where they and the others are enough to test."""
    rows = hits.judged & hits.rows(part) & ~hits.out
    for raises in (True, False):
        paid = hits.paid[part.id]
        side = paid > 0 if raises else paid < 0
        n = int(side[rows].sum())
        if n >= LEAST and int(rows.sum()) - n >= LEAST:
            yield _Tested(part, raises, side)


def difference(
    won: NDArray[np.bool_], side: NDArray[np.bool_], cluster: NDArray[np.int64], *, confidence: float
) -> Difference:
    """The conversion rate of some leads minus that of the others, with its interval.

    Newcombe's hybrid score interval (R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10) from
    Wilson's, each widened by its side's design effect: d - sqrt((p - l)^2 + (v - q)^2) to
    d + sqrt((u - p)^2 + (q - m)^2), with [l, u] around p and [m, v] around q.

    >>> won = np.r_[np.ones(56), np.zeros(14), np.ones(48), np.zeros(32)].astype(bool)
    >>> found = difference(won, np.arange(150) < 70, np.arange(150), confidence=0.95)
    >>> round(found.low, 4), round(found.high, 4)
    (0.0524, 0.3339)
    """
    group = side.astype(np.int64)
    clustered = len(np.unique(cluster)) < len(cluster)
    effects = design_effect(won, cluster, groups=group, n_groups=2) if clustered else np.ones(2)
    n = np.bincount(group, minlength=2)
    converted = np.bincount(group, weights=won, minlength=2)
    ends = wilson(converted, n, confidence=confidence, design_effect=effects)
    q, p = (converted / n).tolist()
    (m, l), (v, u) = ends.low.tolist(), ends.high.tolist()  # noqa: E741  (Newcombe's letters)
    low = p - q - ((p - l) ** 2 + (v - q) ** 2) ** 0.5
    high = p - q + ((u - p) ** 2 + (q - m) ** 2) ** 0.5
    return Difference(p, q, low, high)
