"""Who moves between tiers when the candidate takes the champion's place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.judged import Judged
from workbench.backtesting.judges import judge_of, tiers_behind
from workbench.backtesting.tiers import names_of
from workbench.metrics.intervals import wilson
from workbench.model import Model
from workbench.observation import Observations
from workbench.tuning.bench import Bench

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class _Tiered:
    """The tiers of one model on a part: their names, lowest first, and which each observation got."""

    names: tuple[str, ...]
    codes: Integers
    judged: Judged


def moves(bench: Bench, candidate: Model, part: str) -> pd.DataFrame:
    """How many leads (or accounts) each pair of tiers holds, and how they converted.

    Args:
        bench: the champion and its observations.
        candidate: the other model; its tiers may have other names.
        part: a part whose outcomes may be looked at.

    Returns:
        one row for each tier of the champion and each of the candidate, lowest first, those whom nobody got as well;
        gates and "no tier" only where somebody got them. Columns champion_tier, candidate_tier, n, converted, rate
        (0..1; NaN where n is 0), rate_low, rate_high (95 %, Wilson, widened for clusters).

    Raises:
        NotObserved: if the candidate asks for evidence that was not gathered.
        CallError: if the part does not exist or is sealed.
    """
    old = _tiered(bench.champion, bench.seen, part)
    new = _tiered(candidate, bench.seen.following(candidate), part)
    size = len(old.names) * len(new.names)
    cell = old.codes * len(new.names) + new.codes
    n = np.bincount(cell, minlength=size)
    converted = np.bincount(cell, weights=old.judged.won, minlength=size)
    low, high = wilson(converted, n, design_effect=old.judged.design_effects(cell, size))
    return pd.DataFrame(
        {
            "champion_tier": [name for name in old.names for _ in new.names],
            "candidate_tier": [name for _ in old.names for name in new.names],
            "n": n.astype(np.int64),
            "converted": converted.astype(np.int64),
            "rate": np.divide(converted, n, out=np.full(size, np.nan), where=n > 0),
            "rate_low": low,
            "rate_high": high,
        }
    )


def _tiered(model: Model, seen: Observations, part: str) -> _Tiered:
    judge = judge_of(model, seen)
    judged = judge.judged(part)
    judging = judge.judging(part, judged)
    assert judging is not None  # noqa: S101  (only the CRM's recorded scores have none)
    tiers = tiers_behind(judging)
    gates = model.gates if seen.members is None else ()
    order = np.array([*range(-1 - len(gates), -1), -1, *range(len(tiers))])
    shown = [str(name) for name in names_of(order, tiers, gates)]
    seen_ranks = set(np.unique(judging.ranks).tolist())
    listed = dict.fromkeys(
        name for rank, name in zip(order.tolist(), shown, strict=True) if rank >= 0 or rank in seen_ranks
    )
    names = tuple(listed)
    numbers = np.array([names.index(name) if name in listed else -1 for name in shown])
    return _Tiered(names, numbers[judging.ranks + len(gates) + 1].astype(np.int64), judged)
