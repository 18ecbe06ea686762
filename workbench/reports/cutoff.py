"""Cut-offs that are to be chosen: what sales can carry, and what a change would do."""

from __future__ import annotations

import math

import pandas as pd

from workbench.backtesting import Backtest, backtest
from workbench.model import Model, change_model
from workbench.observation import Observations
from workbench.plots.wording import count, points
from workbench.reports.table import Prose, Table
from workbench.reports.tables import tiers
from workbench.reports.wording import counted, heading, judged_are, money_within, rate_within
from workbench.reports.wrong import top_cut

DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "quarter": 365.25 / 4}


def carried(result: Backtest, seen: Observations) -> float | None:
    """The lowest threshold, in points, whose leads the plan's capacity carries; None where that cannot be told.

    The capacity is taken over the days that the judged leads came in; with calendar observations, over their periods.
    """
    room = _room(result, seen)
    fitting = result.thresholds[result.thresholds["flagged"] <= (-1.0 if room is None else room)]
    return float(fitting["threshold"].min()) if len(fitting) else None


def _room(result: Backtest, seen: Observations) -> float | None:
    """How many of the judged leads sales can work; None without a capacity or without dates."""
    capacity = seen.plan.capacity
    frame = seen.frame()
    moments = (frame if result.part == "all" else frame[frame["part"] == result.part])["as_of"].dropna()
    if capacity is None or moments.empty:
        return None
    at = result.plan["at"]
    days = float((moments.max() - moments.min()).days + 1)
    if isinstance(at, dict) and "every" in at:
        days = moments.nunique() * DAYS[at["every"]]
    return capacity.leads * days / DAYS[capacity.per]


def capacity(result: Backtest, seen: Observations) -> Table | Prose:
    """The lowest cut-off that the plan's capacity carries; a sentence where that cannot be told."""
    stated, room, cut = seen.plan.capacity, _room(result, seen), carried(result, seen)
    if stated is None:
        return Prose("The plan states no capacity: how many leads sales can work is not known.")
    if room is None:
        return Prose("The data has no dates: a capacity over time cannot be held against it.")
    if cut is None:
        return Prose(f"Sales could work {count(math.floor(room))}; even the highest cut-off gives more.")
    row = result.thresholds[result.thresholds["threshold"] == cut].iloc[0]
    shown = (
        points(cut),
        count(row["flagged"]),
        rate_within(row["precision"], row["precision_low"], row["precision_high"]),
        rate_within(row["recall"], row["recall_low"], row["recall_high"]),
        *([money_within(row["value"], row["value_low"], row["value_high"])] if result.has_value else []),
    )
    value = (">Net value",) if result.has_value else ()
    columns = (">From", heading(result), ">Share that converted", ">Converts reached", *value)
    caption = f"The lowest cut-off that {counted(stated.leads, 'lead')} a {stated.per} carry"
    note = f"Over the time of these {judged_are(result)} that makes {count(math.floor(room))}."
    return Table(caption, columns, (shown,), note)


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
