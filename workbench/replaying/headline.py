"""A replay in one sentence."""

from __future__ import annotations

import math

import pandas as pd

from workbench.plan import Capacity

LEAST = 10
"""Leads of a stage below which their days of warning carry no sentence."""


def headline(
    tier: str | None, bounces: pd.DataFrame, warning: pd.DataFrame, fed: pd.DataFrame, capacity: Capacity | None
) -> str:
    """What a replay says of its tier: load, queue, warning.

    Args:
        tier: the tier.
        bounces, warning: the frames of `Replay`.
        fed: `Replay.queue` as long as leads are created.
        capacity: how many leads sales can work.
    """
    if tier is None:
        return "The model has no tiers: nobody reaches sales."
    own = bounces.loc[bounces["tier"] == tier, "a_week"]
    parts = [f"{own.iloc[0]:,.1f} leads a week reach {tier} for the first time"]
    if capacity is not None and len(fed):
        parts.append(_queue(fed, capacity))
    warned = warning[(warning["tier"] == tier) & (warning["n"] > 0)]
    parts.extend(_warning(warned.iloc[0]) for _ in range(min(len(warned), 1)))
    return "; ".join(parts) + "."


def _queue(fed: pd.DataFrame, capacity: Capacity) -> str:
    most, end = int(fed["waiting"].max()), int(fed["waiting"].iloc[-1])
    able = f"with {capacity.leads:,} worked a {capacity.per}"
    if not most:
        return f"{able} nobody waits at the end of a week"
    still = f", {end:,} when the last lead is created" if end not in (0, most) else ""
    return f"{able} up to {most:,} {'waits' if most == 1 else 'wait'}{still}"


def _warning(row: pd.Series) -> str:
    stage, tier = row["stage"], row["tier"]
    if row["n"] < LEAST:
        leads = "1 lead" if row["n"] == 1 else f"{row['n']} leads"
        return f"not enough evidence for days of warning: only {leads} reached {stage}"
    share = (
        f"{100 * row['share_before']:.0f} % of the leads that reached {stage} had reached {tier} before "
        f"({100 * row['share_others']:.0f} % of the others ever did)"
        if row["others"]
        else f"{100 * row['share_before']:.0f} % of the leads that reached {stage} had reached {tier} before"
    )
    if math.isnan(row["median_days"]):
        return share
    days = f"{row['median_days']:.0f}" if row["median_days"] == round(row["median_days"]) else f"{row['median_days']:g}"
    return f"{share}, in the median {days} {'day' if days == '1' else 'days'} ahead"
