"""Cut-offs that are to be chosen: what a change would do."""

from __future__ import annotations

import pandas as pd

from workbench.backtesting import Backtest, backtest
from workbench.model import Model, change_model
from workbench.observation import Observations
from workbench.plots.wording import count, points
from workbench.reports.table import Prose, Table
from workbench.reports.tables import tiers
from workbench.reports.wording import judged_are, rate_within
from workbench.reports.wrong import top_cut


def moved(model: Model, seen: Observations, *, tier: str = "", start: float | None = None) -> Table | Prose:
    """The tiers if one of them began elsewhere; a sentence for a model without tiers.

    Args:
        model: it is not changed.
        seen: judged on its default part, like `backtest`.
        tier: which tier; the main one if the model has none of that name.
        start: its new lowest score in points; without one, the score of the top 20 %.
    """
    if model.matrix is not None:
        return Prose("The matrix gives the tiers: a cut-off by score moves none of them.")
    before = backtest(model, seen)
    cut = top_cut(before) if start is None else start
    name = tier if model.tier(tier) >= 0 else before.main_tier
    if name is None:
        return Prose(
            f"The model has no tiers. At {points(cut)} points or more:", (_beyond(before.thresholds, cut, before),)
        )
    table = tiers(backtest(change_model(model, {f"tiers[{model.tier(name)}].from": cut}), seen))
    own = [variant.name for variant in model.variants if name in variant.tiers or variant.use or variant.model]
    kept = f" The variants {', '.join(own)} keep their own." if own else ""
    return Table(
        f"{table.caption}; {name} from {points(cut)}", table.columns, table.rows, f"{table.note}{kept}".strip()
    )


def _beyond(thresholds: pd.DataFrame, cut: float, result: Backtest) -> str:
    found = thresholds[thresholds["threshold"] >= cut]
    if found.empty:
        return f"none of the {judged_are(result)}."
    row = found.iloc[0]
    within = rate_within(row["precision"], row["precision_low"], row["precision_high"])
    return f"{count(row['flagged'])} of {count(result.n)} {judged_are(result)}, of which {within} converted."
