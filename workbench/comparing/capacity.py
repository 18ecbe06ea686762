"""How many leads both models get to choose, so that their choices can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.backtesting.capacity import noun_of, workable
from workbench.observation import Observations

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


def capacity_of(seen: Observations, rows: slice, reaching: int | None, tier: str | None) -> Capacity:
    """How many leads are chosen: as many as the plan's capacity allows for, else as many as the champion chooses.

    Args:
        seen: the observations.
        rows: those of the part.
        reaching: how many of them reach the champion's main tier; None without tiers.
        tier: its name.
    """
    n, noun, able = rows.stop - rows.start, noun_of(seen), workable(seen, rows)
    if able is not None:
        return Capacity("plan", able.leads, able.share, able.said, able.wanted >= n)
    if reaching:
        said = f"{reaching:,} of {n:,} {noun} (as many as reach {tier} under the champion)"
        return Capacity("tier", float(reaching), reaching / n, said, reaching >= n)
    return Capacity("top", TOP * n, TOP, f"{TOP * n:,.0f} of {n:,} {noun} (the best tenth of the list)")
