"""Days of warning: how long before a stage the leads that reached it had reached each tier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binom

from workbench.engine.lowered import DAY_US
from workbench.metrics.clustering import design_effect
from workbench.metrics.intervals import wilson
from workbench.observation.reading import NEVER
from workbench.replaying.following import Followed
from workbench.replaying.journal import NOT_YET

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

WARNING = [
    "stage",
    "tier",
    "n",
    "before",
    "share_before",
    "low",
    "high",
    "after",
    "never",
    "quarter_days",
    "median_days",
    "median_low",
    "median_high",
    "three_quarter_days",
    "others",
    "others_reached",
    "share_others",
]
TOO_EARLY = "reached the stage before the first day it is followed"
NOT_FOLLOWED = "reached the stage when it was followed no longer"


@dataclass(frozen=True)
class Reached:
    """Who reached a stage while being followed.

    Attributes:
        stage: its name.
        at_us: (n,) when each lead first reached it; NEVER if it did not.
        counted: (n,) whose warning is counted.
        others: (n,) who did not reach it, with outcomes that may be looked at.
        left_out: leads by reason.
    """

    stage: str
    at_us: Integers
    counted: Booleans
    others: Booleans
    left_out: dict[str, int]


def reached_stage(stage: str, at_us: Integers, leads: Followed, shown: Booleans, until_us: int) -> Reached:
    """Sort the leads whose outcomes may be looked at (`shown`) by when they reached a stage."""
    at_us = np.where(at_us < until_us, at_us, NEVER)
    grid = leads.grid
    there = shown & (at_us < NEVER)
    early = there & (at_us < grid.us(leads.first))
    late = there & ~early & (at_us >= grid.us(leads.last + 1))
    counted = {TOO_EARLY: int(early.sum()), NOT_FOLLOWED: int(late.sum())}
    return Reached(
        stage, at_us, there & ~early & ~late, shown & ~there, {reason: n for reason, n in counted.items() if n}
    )


def warning_frame(found: Sequence[Reached], first: Integers, leads: Followed, tiers: Sequence[str]) -> pd.DataFrame:
    """The frame `Replay.warning`; `first` is (n, tiers), when each lead first reached each tier."""
    rows = [_row(each, first[:, rank], leads, name) for each in found for rank, name in enumerate(tiers)]
    return pd.DataFrame(rows, columns=WARNING)


def _row(found: Reached, first: Integers, leads: Followed, tier: str) -> tuple[object, ...]:
    at = np.flatnonzero(found.counted)
    ever = first[at] != NOT_YET
    lead_us = found.at_us[at] - leads.grid.us(first[at])
    before = ever & (lead_us >= 0)
    share = share_with_interval(before, leads.cluster[at])
    days = np.sort(lead_us[before] // DAY_US)
    median = median_with_interval(days)
    quarters = np.quantile(days, [0.25, 0.75]) if len(days) else np.full(2, np.nan)
    others = first[found.others] != NOT_YET
    return (
        found.stage,
        tier,
        len(at),
        int(before.sum()),
        *share,
        int((ever & ~before).sum()),
        int((~ever).sum()),
        float(quarters[0]),
        *median,
        float(quarters[1]),
        len(others),
        int(others.sum()),
        float(others.mean()) if len(others) else float("nan"),
    )


def share_with_interval(hits: Booleans, cluster: Integers) -> tuple[float, float, float]:
    """A share with its Wilson interval, robust to leads of one account; NaN of nobody."""
    n = len(hits)
    if not n:
        return float("nan"), float("nan"), float("nan")
    effect = design_effect(hits, np.unique(cluster, return_inverse=True)[1])
    low, high = wilson(hits.sum(), n, design_effect=float(effect[0]))
    return float(hits.mean()), float(low), float(high)


def median_with_interval(ordered: NDArray[np.integer]) -> tuple[float, float, float]:
    """The median of ascending numbers with its exact 95 % interval between two of them; NaN where they are too few.

    The interval runs from the k-th lowest to the k-th highest, k the most with P(Binomial(n, 1/2) < k) <= 0.025
    (W. J. Conover, Practical Nonparametric Statistics, 3rd ed., 1999, section 3.2).

    >>> import numpy as np
    >>> median_with_interval(np.arange(1, 11))
    (5.5, 2.0, 9.0)
    """
    n = len(ordered)
    if not n:
        return float("nan"), float("nan"), float("nan")
    k = int(binom.ppf(0.025, n, 0.5))
    if not k:
        return float(np.median(ordered)), float("nan"), float("nan")
    return float(np.median(ordered)), float(ordered[k - 1]), float(ordered[n - k])
