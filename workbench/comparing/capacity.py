"""How many leads both models get to choose, so that their choices can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from workbench.observation import Observations
from workbench.plan import Every

DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "quarter": 365.25 / 4}
DAY_US = 86_400_000_000
TOP = 0.1
"""The part of the list that is looked at where neither the plan nor a tier says how many leads are worked."""
Basis = Literal["plan", "tier", "top"]


@dataclass(frozen=True)
class Capacity:
    """How many observations of a part both models may choose.

    Attributes:
        basis: plan (its capacity times the length of the part), tier (as many as reach the champion's main tier), or
            top (a tenth of the list).
        leads: how many; at most as many as there are.
        share: the same as a share of the list, above 0 and up to 1.
        said: the same in words.
        bounded: whether there are fewer observations than could be worked.
    """

    basis: Basis
    leads: float
    share: float
    said: str
    bounded: bool = False


def days_of(seen: Observations, rows: slice) -> float:
    """How many days a part stretches over; NaN where leads have no dates.

    From its first as_of to its last; with calendar observations each moment counts as one whole period.
    """
    moments = seen.subjects.as_of_us
    if moments is None or rows.stop == rows.start:
        return float("nan")
    at = seen.plan.at
    if isinstance(at, Every):
        return len(np.unique(moments[rows])) * DAYS[at.every]
    return max((int(moments[rows].max()) - int(moments[rows].min())) / DAY_US, 1.0)


def capacity_of(seen: Observations, rows: slice, reaching: int | None, tier: str | None) -> Capacity:
    """How many leads are chosen: as many as the plan's capacity allows for, else as many as the champion chooses.

    Args:
        seen: the observations.
        rows: those of the part.
        reaching: how many of them reach the champion's main tier; None without tiers.
        tier: its name.
    """
    n = rows.stop - rows.start
    asked, days = seen.plan.capacity, days_of(seen, rows)
    several = isinstance(seen.plan.at, Every)
    noun = "observations" if several else "leads" if seen.members is None else "accounts"
    if asked is not None and days == days:
        wanted = asked.leads * days / DAYS[asked.per]
        leads = min(wanted, float(n))
        said = f"{leads:,.0f} of {n:,} {noun} ({asked.leads:,} a {asked.per} over {days:,.0f} days)"
        return Capacity("plan", leads, leads / n, said, wanted >= n)
    if reaching:
        said = f"{reaching:,} of {n:,} {noun} (as many as reach {tier} under the champion)"
        return Capacity("tier", float(reaching), reaching / n, said, reaching >= n)
    return Capacity("top", TOP * n, TOP, f"{TOP * n:,.0f} of {n:,} {noun} (the best tenth of the list)")
