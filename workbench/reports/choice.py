"""Suggested thresholds as tables: where a tier could begin, what that does, and how the queue would run."""

from __future__ import annotations

import math
from typing import Any

from workbench.cutoffs import Cutoff, Cutoffs
from workbench.plots.wording import count, points
from workbench.reports.change import money_change
from workbench.reports.table import Prose, Table
from workbench.reports.wording import NOTHING, money_within, rate, rate_within

_BY = {
    "capacity": "what sales can work",
    "value": "money",
    "precision": "share that converts",
    "recall": "converts reached",
}
_WHICH = {"current": "today", "suggested": "suggested"}


def cutoffs(found: Cutoffs) -> Table | Prose:
    """Where each way of choosing would begin a tier, and from where to where the choice hardly matters."""
    skipped = tuple(f"By {_BY[way]}: {why}" for way, why in found.skipped.items() if way in ("capacity", "value"))
    if not found.cutoffs:
        return Prose(found.headline, skipped)
    rows = [
        (
            _BY[each.by],
            each.tier or NOTHING,
            _points(each.current),
            _points(each.threshold),
            _span(each.region_low, each.region_high),
            money_change(each.gain, each.gain_low, each.gain_high),
            each.verdict or NOTHING,
        )
        for each in found.cutoffs
    ]
    columns = (
        "Chosen by",
        "Tier",
        ">From, today",
        ">Suggested",
        ">Hardly matters",
        ">Net value against today",
        "It is",
    )
    on = f"Chosen on {found.chosen_on}" + (f", judged on {found.judged_on}." if found.judged_on else ".")
    note = " ".join([on, *skipped])
    return Table("Where a tier could begin", columns, tuple(rows), note)


def cutting(found: Cutoff) -> Table:
    """What the suggested threshold does, beside today's: where it was chosen, and on leads that took no part."""
    valued = bool(found.figures["value"].notna().any())
    rows = [
        (
            f"{_WHICH[row.which]}, {row.part}",
            _points(row.threshold),
            count(row.n),
            rate_within(row.precision, row.precision_low, row.precision_high),
            rate_within(row.recall, row.recall_low, row.recall_high),
            *([money_within(row.value, row.value_low, row.value_high)] if valued else []),
        )
        for row in _rows(found.figures)
    ]
    value = (">Net value",) if valued else ()
    columns = ("Threshold", ">From", ">Reach it", ">Share that converted", ">Converts reached", *value)
    return Table(
        f"By {_BY[found.by]}: today's threshold and the suggested one",
        columns,
        tuple(rows),
        "In brackets: 95 % intervals.",
    )


def queueing(found: Cutoff) -> Table | Prose:
    """How the queue would have run, week by week, with today's threshold and the suggested one."""
    if found.service.empty:
        return Prose("Only a threshold that was chosen by what sales can work has a queue.")
    rows = [
        (
            _WHICH[row.which],
            f"{row.leads_a_week:.1f}",
            f"{row.lately_a_week:.1f}",
            rate(row.in_time),
            count(row.most_waiting),
            f"{count(row.longest_wait_days)} days",
            rate(row.idle),
        )
        for row in _rows(found.service)
    ]
    columns = (
        "Threshold",
        ">A week",
        ">Lately",
        ">Worked in time",
        ">Most waiting",
        ">Longest wait",
        ">Time left over",
    )
    note = f"A week: {found.counted}. Lately: in the last 8 whole weeks." if found.counted else ""
    return Table(f"The queue with {found.target:.3g} leads a week", columns, tuple(rows), note)


def told(found: Cutoff) -> Prose:
    """A suggestion in a sentence, and what must be known beside it."""
    return Prose(found.finding, found.notes)


def _points(score: float) -> str:
    return NOTHING if math.isnan(score) else points(score)


def _span(low: float, high: float) -> str:
    if math.isnan(low) or math.isnan(high):
        return NOTHING
    return points(low) if low == high else f"{points(low)} to {points(high)}"


def _rows(frame: Any) -> Any:
    return frame.itertuples(index=False)
