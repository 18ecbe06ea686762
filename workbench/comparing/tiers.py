"""Who reaches a tier under one model only: McNemar's test, and one for clusters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr
from statsmodels.stats.contingency_tables import mcnemar

from workbench.backtesting.judged import LEAST
from workbench.comparing.contest import Contest
from workbench.comparing.entrant import Entrant
from workbench.metrics import influence
from workbench.metrics.histogram import tally
from workbench.metrics.paired import Difference, Pair
from workbench.tuning.changes import verdict

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
FEW = 25
"""Observations on either side together up to which McNemar's test is exact."""
MOST_EXACT = 2_000
"""Sum of the clusters' own differences up to which the test for clusters is exact."""
COLUMNS = (
    "model",
    "tier",
    "champion",
    "challenger",
    "only_champion_converted",
    "only_challenger_converted",
    "only_champion_others",
    "only_challenger_others",
    "precision_champion",
    "precision_challenger",
    "recall_champion",
    "recall_challenger",
    "precision_change",
    "precision_low",
    "precision_high",
    "p_converted",
    "p_others",
    "method",
    "verdict",
)


class Paired(NamedTuple):
    """A test of paired yes and no: its p-value and how it was made."""

    p: float
    method: str


def tiers_frame(contest: Contest) -> pd.DataFrame:
    """One row for each challenger and each tier that both models have, with `COLUMNS`."""
    rows = [row for challenger in contest.challengers for row in _rows(contest, challenger)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def paired_test(first: Booleans, second: Booleans, clusters: Integers | None = None) -> Paired:
    """Whether two models say yes equally often on the same observations.

    Without clusters McNemar's test (Psychometrika 12 (1947) 153-157), exact up to `FEW` that get different answers,
    else with his correction of continuity. With clusters, d_c = (yes of the second only) - (yes of the first only) in
    cluster c: (sum d_c)^2 / sum d_c^2, the form of N. A. Obuchowski's test (Statistics in Medicine 17 (1998)
    1495-1507) under the hypothesis, by Z. Yang, X. Sun and J. W. Hardin (Biometrical Journal 52 (2010) 638-652). Its
    exact form turns the signs of the d_c, each as likely as not; with one observation a cluster that is the exact
    McNemar test. Beyond `MOST_EXACT` differences it is taken as normal.

    Args:
        first, second: (n,) what either says.
        clusters: (n,) integers >= 0; None if everybody is alone.

    Returns:
        the two-sided p-value, 1 where all answers are alike.
    """
    differ = first != second
    if clusters is None:
        gained, lost = int(second[differ].sum()), int(first[differ].sum())
        if gained + lost == 0:
            return Paired(1.0, "McNemar exact")
        exact = gained + lost <= FEW
        found = mcnemar([[0, gained], [lost, 0]], exact=exact, correction=not exact)
        return Paired(min(float(found.pvalue), 1.0), "McNemar exact" if exact else "McNemar")
    _, place = np.unique(clusters[differ], return_inverse=True)
    signs = np.where(second[differ], 1, -1)
    own = np.bincount(place, weights=signs).astype(np.int64) if len(place) else np.zeros(0, dtype=np.int64)
    own = own[own != 0]
    if not len(own):
        return Paired(1.0, "McNemar by cluster, exact")
    total = abs(int(own.sum()))
    if int(np.abs(own).sum()) <= MOST_EXACT:
        return Paired(_turned(np.abs(own), total), "McNemar by cluster, exact")
    return Paired(float(2 * ndtr(-total / np.sqrt(float(np.sum(own**2))))), "McNemar by cluster")


def _turned(sizes: Integers, total: int) -> float:
    """How likely a sum at least as far from 0 is when each size has either sign, as likely as not."""
    most = int(sizes.sum())
    chance = np.zeros(2 * most + 1)
    chance[most] = 1.0
    for size in sizes.tolist():
        moved = np.zeros_like(chance)
        moved[size:] += chance[: len(chance) - size] / 2
        moved[: len(chance) - size] += chance[size:] / 2
        chance = moved
    sums = np.arange(-most, most + 1)
    return float(min(chance[np.abs(sums) >= total].sum(), 1.0))


def _rows(contest: Contest, challenger: Entrant) -> Iterator[dict[str, Any]]:
    won = contest.won
    for tier in (name for name in contest.champion.names if name in challenger.names):
        first, second = contest.champion.reached(tier), challenger.reached(tier)
        tests = [_tested(contest, first, second, who) for who in (won, ~won)]
        alone = [int((each & ~other & of).sum()) for of in (won, ~won) for each, other in _both(first, second)]
        change = _precision(contest, first, second)
        enough = contest.may_say(challenger, change.value) and min(first.sum(), second.sum()) >= LEAST
        yield {
            "model": challenger.label,
            "tier": tier,
            "champion": int(first.sum()),
            "challenger": int(second.sum()),
            "only_champion_converted": alone[0],
            "only_challenger_converted": alone[1],
            "only_champion_others": alone[2],
            "only_challenger_others": alone[3],
            "precision_champion": _share(won[first]),
            "precision_challenger": _share(won[second]),
            "recall_champion": _share(first[won]),
            "recall_challenger": _share(second[won]),
            "precision_change": change.value,
            "precision_low": max(change.low, -1.0),
            "precision_high": min(change.high, 1.0),
            "p_converted": tests[0].p,
            "p_others": tests[1].p,
            "method": tests[0].method,
            "verdict": _verdict(contest, alone, change, (tests[0].p, tests[1].p), enough=enough),
        }


def _tested(contest: Contest, first: Booleans, second: Booleans, who: Booleans) -> Paired:
    return paired_test(first[who], second[who], contest.cluster[who] if contest.sample.clustered else None)


def _precision(contest: Contest, first: Booleans, second: Booleans) -> Difference:
    """By how much more often whom the challenger reaches converts."""
    of = (influence.precision(*tally(each.view(np.uint8), contest.won, 2), [False, True]) for each in (first, second))
    return Pair(contest.sample, first, second, (2, 2)).difference(*of, confidence=contest.confidence)


def _both(first: Booleans, second: Booleans) -> tuple[tuple[Booleans, Booleans], ...]:
    return (first, second), (second, first)


def _share(flags: Booleans) -> float:
    return float(flags.mean()) if len(flags) else float("nan")


def _verdict(contest: Contest, alone: list[int], change: Difference, p: tuple[float, float], *, enough: bool) -> str:
    """Better: whom it reaches converts more often for sure, no fewer converts are reached and no more of the others.

    Whoever reaches fewer of both, or more of both, may look better on one of the two tests on any data; so precision
    decides, and what goes the other way takes the verdict back. Where both rise, or fall, for sure it is a trade of
    calls for conversions, of which nothing is said.
    """
    if not any(alone):
        return "same"
    converts, others = alone[1] - alone[0], alone[3] - alone[2]
    least = (1 - contest.confidence) / 2
    if converts * others > 0 and max(p) < least:
        return ""
    said = verdict(change, enough=enough)
    if said == "better" and (converts < 0 or others > 0):
        return "not enough evidence"
    if said == "worse" and (converts > 0 or others < 0):
        return "not enough evidence"
    return "not enough evidence" if said == "same" else said
