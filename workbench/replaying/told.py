"""A replay in one sentence."""

from __future__ import annotations

import math

import pandas as pd

from workbench.plan import Capacity

WHOLE = 7
LEAST = 10
"""Leads of a stage below which their days of warning carry no sentence."""


def told(
    tier: str | None, weeks: pd.DataFrame, warning: pd.DataFrame, queue: pd.DataFrame, capacity: Capacity | None
) -> str:
    """What a replay says of its tier: load, queue, warning.

    Args:
        tier: the tier.
        weeks, warning, queue: the frames of `Replay`.
        capacity: how many leads sales can work.
    """
    if tier is None:
        return "The model has no tiers: nobody reaches sales."
    parts = [_load(tier, weeks)]
    if capacity is not None and len(queue):
        most, end = int(queue["waiting"].max()), int(queue["waiting"].iloc[-1])
        parts.append(
            f"with {capacity.leads:,} worked a {capacity.per} at most {most:,} wait"
            + (f" and {end:,} at the end" if end else "")
        )
    own = warning[(warning["tier"] == tier) & (warning["n"] > 0)]
    parts.extend(_warning(own.iloc[0]) for _ in range(min(len(own), 1)))
    return "; ".join(parts) + "."


def load(tier: str, weeks: pd.DataFrame) -> float:
    """Leads a week that reach a tier first, on average over whole weeks up to the last in which a lead arrives."""
    own = weeks[weeks["tier"] == tier]
    busy = own["reached"].to_numpy().nonzero()[0]
    if not len(busy):
        return 0.0
    own = own.iloc[: busy[-1] + 1]
    whole = own[own["days"] == WHOLE]
    used = whole if len(whole) else own
    return float(used["reached"].sum() / max(used["days"].sum(), 1) * WHOLE)


def _load(tier: str, weeks: pd.DataFrame) -> str:
    return f"{load(tier, weeks):.1f} leads a week reach {tier}"


def _warning(row: pd.Series) -> str:
    stage, tier = row["stage"], row["tier"]
    if row["n"] < LEAST:
        return f"only {row['n']} leads reached {stage}: not enough evidence for days of warning"
    share = (
        f"{100 * row['share_before']:.0f} % of the leads that reached {stage} had reached {tier} before "
        f"({100 * row['share_others']:.0f} % of the others ever did)"
        if row["others"]
        else f"{100 * row['share_before']:.0f} % of the leads that reached {stage} had reached {tier} before"
    )
    if math.isnan(row["median_days"]):
        return share
    days = f"{row['median_days']:.0f}" if row["median_days"] == round(row["median_days"]) else f"{row['median_days']:g}"
    return f"{share}, in the median {days} days ahead"
