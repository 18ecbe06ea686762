"""What is less certain because leads come in clusters: several of one account, or one lead seen every month.

The variance of a rate is that of a ratio of cluster totals, linearised (W. G. Cochran, "Sampling Techniques", 3rd ed.,
1977, section 3.12): with p = sum y / sum m it is K / (K - 1) sum (y_c - p m_c)^2 / n^2 over the K clusters.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from workbench.errors import CallError
from workbench.metrics.histogram import Booleans, Floats, Integers, codes, compact, divided, summed
from workbench.metrics.intervals import Ratio, normal_quantile, rate_ratio


def design_effect(
    outcomes: ArrayLike, clusters: ArrayLike, *, groups: ArrayLike | None = None, n_groups: int = 1
) -> Floats:
    """How many times the variance of a conversion rate exceeds that of as many independent leads, >= 1, by group.

    The linearised variance over p (1 - p) / (n - 1), so that leads without clusters have exactly 1, and never below 1
    (the floor of E. L. Korn and B. I. Graubard, Survey Methodology 24 (1998) 193-201). Where a group does not show it
    (nobody or everybody converted, or a single cluster) it is 1 + rho (s - 1) of L. Kish, with s = sum m_c^2 / n the
    leads an average lead shares its cluster with, itself included, and rho the correlation that all groups together
    show (1, the worst, if they do not either).

    Args:
        outcomes: (n,) booleans.
        clusters: (n,) integers >= 0; numbers may be missing.
        groups: (n,) band or segment of each observation in 0..n_groups-1; by default all are in one.
        n_groups: length of the answer.

    Returns:
        shape (n_groups,); 1 for an empty group.

    Raises:
        CallError: when lengths differ or a number is out of range.

    >>> design_effect([True, True, False, False], [0, 0, 1, 1])
    array([3.])
    """
    won = np.asarray(outcomes, dtype=np.bool_)
    cluster = codes("clusters", clusters, length=won.size)
    group = codes("groups", np.zeros(won.size, int) if groups is None else groups, length=won.size)
    if len(group) and int(group.max()) >= n_groups:
        raise CallError.at(
            "groups",
            expected=f"integers in 0..{n_groups - 1}",
            found=str(int(group.max())),
            remedy="Number the groups from 0 and pass how many there are.",
        )
    seen, sharing = _observed_effect(won, cluster, group, n_groups)
    overall, shared = _observed_effect(won, cluster, np.zeros_like(group), 1)
    rho = np.clip((overall - 1) / np.maximum(shared - 1, 1e-9), 0.0, 1.0)
    kish = 1 + np.where(np.isnan(rho), 1.0, rho) * np.nan_to_num(np.maximum(sharing - 1, 0.0))
    return np.maximum(np.where(np.isnan(seen), kish, seen), 1.0)


def clustered_rate_ratio(hits: ArrayLike, chosen: ArrayLike, clusters: ArrayLike, *, confidence: float = 0.95) -> Ratio:
    """The rate of hits among the chosen over that among the others, its interval robust to clusters.

    The log delta method with the influences of each cluster summed: K / (K - 1) sum_c u_c^2, u being (hit - p) / (p n)
    for a chosen and -(hit - q) / (q m) for another observation. With one observation per cluster it is `rate_ratio`
    with its variance times K / (K - 1). Where a cell of the two-by-two table is empty it is `rate_ratio` (one half
    added) with its variance times sum m_c^2 / n, as if the leads of a cluster were all alike. NaN where a side is
    empty.

    Args:
        hits: (n,) booleans, such as "the rule fired".
        chosen: (n,) booleans, such as "wrongly judged".
        clusters: (n,) integers >= 0; numbers may be missing.
        confidence: two-sided.

    Raises:
        CallError: when lengths differ or a number is out of range.

    >>> float(clustered_rate_ratio([1, 0, 1, 0, 0, 0], [1, 1, 0, 0, 0, 0], range(6)).ratio)
    2.0
    """
    hit = np.asarray(hits, dtype=np.bool_)
    side = np.asarray(chosen, dtype=np.bool_)
    cluster = codes("clusters", clusters, length=hit.size)
    if side.shape != hit.shape:
        raise CallError.at(
            "chosen",
            expected=f"one boolean for each of {hit.size} observations",
            found=f"shape {side.shape}",
            remedy="Pass arrays of one length.",
        )
    n, a, b = int(side.sum()), int((hit & side).sum()), int((hit & ~side).sum())
    m = hit.size - n
    plain = rate_ratio(a, n, b, m, confidence=confidence)
    if n == 0 or m == 0:
        return plain
    sizes = np.bincount(cluster)
    if a in (0, n) or b in (0, m) or np.count_nonzero(sizes) < 2:
        widening = np.sqrt(float(np.sum(sizes**2)) / hit.size)
        factor = (plain.high / plain.ratio) ** widening
    else:
        influence = np.where(side, (hit * n / a - 1) / n, -(hit * m / b - 1) / m)
        k = np.count_nonzero(sizes)
        variance = k / (k - 1) * np.sum(summed(influence, cluster, 0) ** 2)
        factor = np.exp(normal_quantile(confidence) * np.sqrt(variance))
    return Ratio(plain.ratio, plain.ratio / factor, plain.ratio * factor)


def _observed_effect(won: Booleans, cluster: Integers, group: Integers, n_groups: int) -> tuple[Floats, Floats]:
    """By group: the design effect (NaN where it does not show), and sum m_c^2 / n."""
    spread = int(cluster.max(initial=0)) + 1
    pairs, pair = compact(group * spread + cluster)
    of = pairs // spread
    m = summed(np.ones(len(pair)), pair, len(pairs))
    y = summed(won, pair, len(pairs))
    n = summed(m, of, n_groups)
    p = divided(summed(y, of, n_groups), n)
    k = summed(np.ones(len(of)), of, n_groups)
    squares = summed((y - p[of] * m) ** 2, of, n_groups)
    alone = np.nan_to_num(p * (1 - p)) * n**2
    effect = divided(squares * k * (n - 1), np.maximum(k - 1, 0) * alone)
    return effect, divided(summed(m**2, of, n_groups), n)
