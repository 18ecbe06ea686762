"""How many observations sales can work at the plan's capacity: one count for everything that judges by it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.observation import Observations
from workbench.plan import Capacity, Every

DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "quarter": 365.25 / 4}
DAY_US = 86_400_000_000
Rows = slice | NDArray[np.int64]


@dataclass(frozen=True)
class Workable:
    """How many of some observations the plan's capacity allows to be worked.

    Attributes:
        wanted: the capacity times the days that they stretch over; may be more than there are.
        leads: the same, at most as many as there are.
        share: leads as a share of the observations, 0..1.
        said: the same in words.
    """

    wanted: float
    leads: float
    share: float
    said: str


def days_of(seen: Observations, rows: Rows) -> float:
    """How many days some observations stretch over; NaN where leads have no dates, or there is none.

    From the first as_of to the last; with calendar observations each moment counts as one whole period.

    Args:
        seen: all observations.
        rows: which of them: a slice, or positions.
    """
    if seen.subjects.as_of_us is None:
        return float("nan")
    moments = seen.subjects.as_of_us[rows]
    if not len(moments):
        return float("nan")
    at = seen.plan.at
    if isinstance(at, Every):
        return len(np.unique(moments)) * DAYS[at.every]
    return max((int(moments.max()) - int(moments.min())) / DAY_US, 1.0)


def workable(seen: Observations, rows: Rows, *, capacity: Capacity | None = None) -> Workable | None:
    """How many of some observations can be worked; None where the plan has no capacity, or nothing a date.

    Args:
        seen: all observations; their plan has the capacity.
        rows: which of them: a slice, or positions.
        capacity: by default the plan's.
    """
    asked, days = capacity or seen.plan.capacity, days_of(seen, rows)
    if asked is None or days != days:
        return None
    n = rows.stop - rows.start if isinstance(rows, slice) else len(rows)
    wanted = asked.leads * days / DAYS[asked.per]
    leads = min(wanted, float(n))
    over = f"{days:,.0f} day" + ("" if round(days) == 1 else "s")
    said = f"{leads:,.0f} of {n:,} {noun_of(seen)} ({asked.leads:,} a {asked.per} over {over})"
    return Workable(wanted, leads, leads / n, said)


def noun_of(seen: Observations) -> str:
    """What is counted: leads or accounts, or observations where each is observed several times."""
    if isinstance(seen.plan.at, Every):
        return "observations"
    return "leads" if seen.members is None else "accounts"
