"""Which tier each observation reached, and how each tier did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.judged import Judged
from workbench.errors import PlanError
from workbench.metrics.intervals import wilson
from workbench.model import Gate, Model, Tier
from workbench.observation import AlternativeWeights, Scores
from workbench.parsing import did_you_mean, milli
from workbench.plan import Plan

NO_TIER = "no tier"


def tier_ranks(model: Model, scores: Scores) -> NDArray[np.int64]:
    """Rank of the tier that each observation got: -1 without one, -2 and below for the gate that took it out.

    The tier that the matrix gives, or the last one whose `from` and minima all hold, under the variant that applies;
    a gate that names a tier gives that one.
    """
    rank = np.full(len(scores.milli), -1, dtype=np.int64)
    for number, each in enumerate(model.alternatives):
        at = np.flatnonzero(scores.variant == number)
        rank[at] = _reached(each.model, scores.milli[at], {name: of[at] for name, of in scores.dimensions.items()})
    forced = np.array([-1, *(_forced(model, number) for number in range(len(model.gates)))])
    return np.where(scores.gate > 0, forced[scores.gate], rank)


def _reached(model: Model, score: NDArray[np.int64], dimensions: dict[str, NDArray[np.int64]]) -> NDArray[np.int64]:
    """The tier's rank by score and dimensions, for a model without variants."""
    if model.matrix is not None:
        return AlternativeWeights.of(model).combining.rank(dimensions)
    rank = np.full(len(score), -1, dtype=np.int64)
    for number, tier in enumerate(model.tiers):
        holds = score >= milli(tier.from_) if tier.from_ is not None else np.zeros(len(rank), dtype=bool)
        for name, least in tier.require.items():
            holds &= dimensions[name] >= milli(least)
        rank[holds] = number
    return rank


def _forced(model: Model, gate: int) -> int:
    rank = model.tier(model.gates[gate].tier)
    return rank if rank >= 0 else -2 - gate


def tier_names(model: Model, ranks: NDArray[np.int64]) -> NDArray[np.object_]:
    """The name of each tier rank, as `tier_ranks` gives them."""
    return names_of(ranks, model.tiers, model.gates)


def names_of(ranks: NDArray[np.int64], tiers: Sequence[Tier], gates: Sequence[Gate] = ()) -> NDArray[np.object_]:
    """The name of each rank among tiers (-1 without one) and gates (-2 and below)."""
    names = [*(gate.tier for gate in reversed(gates)), NO_TIER, *(tier.name for tier in tiers)]
    return np.array(names, dtype=object)[ranks + len(gates) + 1]


def main_tier(name: str, tiers: Sequence[Tier], plan: Plan) -> str | None:
    """The tier that false positives and negatives are about: the plan's, or the first above the lowest.

    Args:
        name: whose tiers they are, for a message.
        tiers: of leads or of accounts.
        plan: may name one.

    Raises:
        PlanError: if the plan names a tier that is not among them.
    """
    names = [tier.name for tier in tiers]
    if plan.tier is not None:
        if plan.tier not in names:
            raise PlanError.at(
                plan.where("tier"),
                expected=f"a tier of {name}",
                found=repr(plan.tier),
                remedy=did_you_mean(plan.tier, names),
            )
        return plan.tier
    return names[min(1, len(names) - 1)] if names else None


def tier_cuts(model: Model) -> tuple[tuple[str, float], ...]:
    """Name and lowest score of each tier that begins at the same score for everybody.

    None for a tier that begins elsewhere in a variant, nor where a matrix gives the tiers but not the score.
    """
    first, *others = (dict(_own_cuts(each.model)) for each in model.alternatives)
    return tuple((name, cut) for name, cut in first.items() if all(other.get(name) == cut for other in others))


def _own_cuts(model: Model) -> tuple[tuple[str, float], ...]:
    """The cuts of a model without variants; where the score is the tier's rank, what becomes of that rank."""
    if model.score.combine != "matrix":
        return cuts_of(model.tiers)
    ranks = np.arange(1, len(model.tiers) + 1, dtype=np.int64) * 1000
    scores = AlternativeWeights.of(model).combining.finished(ranks)
    return tuple((tier.name, float(score) / 1000) for tier, score in zip(model.tiers, scores, strict=True))


def cuts_of(tiers: Sequence[Tier]) -> tuple[tuple[str, float], ...]:
    """Name and lowest score of each tier that has one."""
    return tuple((tier.name, float(tier.from_)) for tier in tiers if tier.from_ is not None)


def tiers_frame(
    judged: Judged,
    ranks: NDArray[np.int64],
    tiers: Sequence[Tier],
    gates: Sequence[Gate] = (),
    *,
    cuts: Mapping[str, float],
) -> pd.DataFrame:
    """Columns tier, from, then, n, share, converted, rate, rate_low, rate_high, lift; lowest tier first.

    `from` is missing where `cuts` has no lowest score that holds for everybody.
    """
    order = [*(-2 - gate for gate in reversed(range(len(gates)))), -1, *range(len(tiers))]
    shift = len(gates) + 1
    size = shift + len(tiers)
    n = np.bincount(ranks + shift, minlength=size)
    won = np.bincount(ranks + shift, weights=judged.won, minlength=size)
    effects = judged.design_effects(ranks + shift, size)
    low, high = wilson(won, n, design_effect=effects)
    frame = pd.DataFrame(
        {
            "tier": names_of(np.array(order), tiers, gates),
            "from": [cuts.get(tiers[rank].name, np.nan) if rank >= 0 else np.nan for rank in order],
            "then": [tiers[rank].then if rank >= 0 else "" for rank in order],
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
