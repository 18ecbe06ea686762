"""What sales and a model say of each other, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

LEAST = 10
"""Verdicts below which nothing is said about agreement."""


def headline(tier: str | None, agreement: pd.DataFrame, effect: pd.DataFrame, jumps: pd.DataFrame) -> str:
    """The result in one sentence; that work changes the odds is said at 99 %, since it is one of many looks.

    Args:
        tier: the tier that agreement is told about.
        agreement, effect, jumps: the frames of `Sales`.
    """
    parts = [*_agreement(tier, agreement), *_effect(effect), *_cut(jumps)]
    text = "; ".join(parts) if parts else "not enough evidence on what sales said or did"
    return f"{text[0].upper()}{text[1:]}."


def jump_told(row: Mapping[Any, Any]) -> str:
    """A warning that a cut-off made the data."""
    tier = f" ({row['tier']})" if row["tier"] else ""
    return (
        f"A cut-off made the data: at {row['at']:g} of the score {row['score']}{tier} the share worked jumps from "
        f"{_percent(row['below'])} to {_percent(row['above'])}. What converts below it says how unworked leads fare, "
        "not what they are worth."
    )


def _agreement(tier: str | None, agreement: pd.DataFrame) -> list[str]:
    n = int(agreement["n"].sum()) if len(agreement) else 0
    rows = agreement[agreement["tier"] == tier]
    if not n or rows.empty:
        return []
    row = rows.iloc[0]
    if row["reached"] < LEAST:
        leads = "1 lead" if row["reached"] == 1 else f"{int(row['reached'])} leads"
        return [f"not enough evidence on agreement: sales spoke of {leads} in {tier} or above"]
    whole = agreement["accepted"].sum() / n
    between = f"{_percent(row['precision_low'])} to {_percent(row['precision_high'])}"
    compared = f"{_percent(whole)} of all it spoke of"
    return [f"sales accepted {_percent(row['precision'])} ({between}) of the leads in {tier} or above, {compared}"]


def _effect(effect: pd.DataFrame) -> list[str]:
    if effect.empty:
        return []
    row = effect.iloc[0]
    between = f"{row['low_99']:.2g} to {row['high_99']:.2g} at 99 %"
    if row["low_99"] <= 1 <= row["high_99"]:
        return [f"not enough evidence that being worked changes the odds ({row['odds_ratio']:.2g}x, {between})"]
    return [f"worked leads convert at {row['odds_ratio']:.2g}x the odds of unworked ones alike ({between})"]


def _cut(jumps: pd.DataFrame) -> list[str]:
    made = jumps[jumps["verdict"] == "jump"]
    if made.empty:
        return []
    row = made.iloc[0]
    return [f"a cut-off at {row['at']:g} of the score {row['score']} decided who was worked"]


def _percent(rate: float) -> str:
    return f"{100 * rate:.0f} %"
