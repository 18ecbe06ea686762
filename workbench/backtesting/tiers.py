"""Which tier each observation reached, and how each tier did."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.judged import Judged
from workbench.errors import PlanError
from workbench.metrics.intervals import wilson
from workbench.model import Model
from workbench.observation import Scores
from workbench.parsing import did_you_mean, milli
from workbench.plan import Plan

NO_TIER = "no tier"


def tier_ranks(model: Model, scores: Scores) -> NDArray[np.int64]:
    """Rank of the tier that each observation got: -1 without one, -2 and below for the gate that took it out.

    The last tier whose `from` and minima all hold; a gate that names a tier gives that one.
    """
    rank = np.full(len(scores.milli), -1, dtype=np.int64)
    for number, tier in enumerate(model.tiers):
        holds = scores.milli >= milli(tier.from_)
        for name, least in tier.require.items():
            holds &= scores.dimensions[name] >= milli(least)
        rank[holds] = number
    forced = np.array([-1, *(_forced(model, number) for number in range(len(model.gates)))])
    return np.where(scores.gate > 0, forced[scores.gate], rank)


def _forced(model: Model, gate: int) -> int:
    rank = model.tier(model.gates[gate].tier)
    return rank if rank >= 0 else -2 - gate


def tier_names(model: Model, ranks: NDArray[np.int64]) -> NDArray[np.object_]:
    """The name of each tier rank, as `tier_ranks` gives them."""
    names = [*(gate.tier for gate in reversed(model.gates)), NO_TIER, *(tier.name for tier in model.tiers)]
    return np.array(names, dtype=object)[ranks + len(model.gates) + 1]


def main_tier(model: Model, plan: Plan) -> str | None:
    """The tier that false positives and negatives are about: the plan's, or the first above the lowest.

    Raises:
        PlanError: if the plan names a tier that the model does not have.
    """
    if plan.tier is not None:
        if model.tier(plan.tier) < 0:
            raise PlanError.at(
                plan.where("tier"),
                expected=f"a tier of {model.name}",
                found=repr(plan.tier),
                remedy=did_you_mean(plan.tier, [tier.name for tier in model.tiers]),
            )
        return plan.tier
    if not model.tiers:
        return None
    return model.tiers[min(1, len(model.tiers) - 1)].name


def tiers_frame(model: Model, judged: Judged, ranks: NDArray[np.int64]) -> pd.DataFrame:
    """Columns tier, from, then, n, share, converted, rate, rate_low, rate_high, lift; lowest tier first."""
    order = [*(-2 - gate for gate in reversed(range(len(model.gates)))), -1, *range(len(model.tiers))]
    shift = len(model.gates) + 1
    size = shift + len(model.tiers)
    n = np.bincount(ranks + shift, minlength=size)
    won = np.bincount(ranks + shift, weights=judged.won, minlength=size)
    effects = judged.design_effects(ranks + shift, size)
    low, high = wilson(won, n, design_effect=effects)
    names = tier_names(model, np.array(order))
    frame = pd.DataFrame(
        {
            "tier": names,
            "from": [float(model.tiers[rank].from_) if rank >= 0 else np.nan for rank in order],
            "then": [model.tiers[rank].then if rank >= 0 else "" for rank in order],
            "n": n.astype(np.int64),
            "share": n / max(judged.n, 1),
            "converted": won.astype(np.int64),
            "rate": np.divide(won, n, out=np.full(size, np.nan), where=n > 0),
            "rate_low": low,
            "rate_high": high,
        }
    )
    frame["lift"] = frame["rate"] / judged.rate if judged.converted else np.nan
    listed = (frame["n"] > 0) | (np.array(order) >= 0)
    return frame[listed].reset_index(drop=True)
