"""The yardstick as a table: how much the points leave on the table."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from workbench.measuring import Yardstick
from workbench.plots.wording import compact, count
from workbench.reports.change import change_within, money_change
from workbench.reports.table import Table
from workbench.reports.wording import NOTHING, rate

_FIGURES = {
    "auc": "Ranking (AUC)",
    "average_precision": "Average precision",
    "lift_10": "Lift of the top 10 %",
    "log_loss": "Log loss: less is better",
}


def measured(found: Yardstick) -> Table:
    """The points beside predictive models that learned from the same leads."""
    rows = [
        (
            str(row.contender),
            _FIGURES.get(row.figure, row.figure),
            f"{row.points:.3f}",
            f"{row.value:.3f}",
            change_within(row.change, row.low, row.high, 3),
            str(row.verdict),
        )
        for row in _rows(found.figures)
    ]
    columns = ("Contender", "Figure", ">Points", ">Contender", ">Change", "The contender is")
    note = (
        f"Learned from {found.fitted_on}, judged on {found.part}. In brackets: 95 % intervals, each by itself; "
        f"verdicts allow for all {found.compared} changes that are looked at (Holm), so an interval may leave out 0 "
        "where there is not enough evidence."
    )
    return Table("What a predictive model makes of the same leads", columns, tuple(rows), note)


def earned(found: Yardstick) -> Table:
    """What the leads that sales can work bring, by what they are ranked by."""
    frame = pd.DataFrame() if found.money is None else found.money
    rows = [
        (
            str(row.ranking),
            count(round(row.leads)),
            compact(row.money),
            rate(row.share),
            money_change(row.change, row.low, row.high),
            NOTHING if not row.verdict or math.isnan(row.change) else str(row.verdict),
        )
        for row in _rows(frame)
    ]
    columns = ("Ranked by", ">Leads", ">Money won", ">Of all money", ">Against the points", "It is")
    caption = f"Money from the leads that can be worked ({found.capacity})"
    return Table(caption if rows else "Recorded amounts", columns, tuple(rows))


def _rows(frame: pd.DataFrame) -> Any:
    return frame.itertuples(index=False)
