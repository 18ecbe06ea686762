"""A comparison as tables: the figures, who is chosen by one model only, segment by segment, and who changes tier."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from workbench.comparing import BlastRadius, Comparison
from workbench.comparing.wording import NAMES, amount
from workbench.plots.wording import count
from workbench.reports.change import NOT_ENOUGH, change_within, within
from workbench.reports.table import Table
from workbench.reports.wording import FEW, NOTHING, counted, rate, rate_within

_SWAPS = {"in": "only the challenger", "out": "only the champion", "both": "both"}
_AT = {"capacity": "as many leads for each", "tier": "who reaches the tier"}


def compared(found: Comparison) -> Table:
    """The figures of both models beside each other, with the verdict on each change."""
    rows = [
        (
            NAMES[row.figure],
            *([str(row.model)] if found.several else []),
            amount(row.champion, row.unit, signed=False),
            amount(row.challenger, row.unit, signed=False),
            _change(row, found.several),
            str(row.adjusted_verdict if found.several else row.verdict),
            _more(row.leads_needed, str(row.verdict)),
        )
        for row in _rows(found.figures)
    ]
    who = ("Challenger",) if found.several else ()
    columns = ("Figure", *who, ">Champion", ">Challenger", ">Change", "It is", ">More leads needed")
    at_once = ", for all challengers at once" if found.several else ""
    note = (
        f"In brackets: {100 * found.confidence:g} % intervals{at_once}. Equal capacity: {found.capacity}. "
        "More leads needed: to tell a difference as large as found."
    )
    return Table(f"The same {counted(found.n, 'observation')} under both models", columns, tuple(rows), note)


def _change(row: Any, several: bool) -> str:
    low, high = (row.adjusted_low, row.adjusted_high) if several else (row.low, row.high)
    change = amount(row.change, row.unit)
    if math.isnan(low) or math.isnan(high):
        return change
    return within(change, amount(low, row.unit), amount(high, row.unit))


def _more(leads: float, verdict: str) -> str:
    if verdict != NOT_ENOUGH or math.isnan(leads):
        return NOTHING
    return "out of reach" if math.isinf(leads) else count(leads)


def swapped(found: Comparison) -> Table:
    """Who is chosen by one of the models only, and what became of them."""
    rows = [
        (
            _SWAPS[row.swap],
            *([str(row.model)] if found.several else []),
            _AT[row.at],
            count(row.n),
            amount(row.converted, "conversions", signed=False),
            rate_within(row.rate, row.rate_low, row.rate_high),
        )
        for row in _rows(found.swaps)
    ]
    who = ("Challenger",) if found.several else ()
    columns = ("Chosen by", *who, "Chosen how", ">Leads", ">Converted", ">Share that converted")
    note = "In brackets: 95 % intervals. Of scores tied at the boundary, a share counts."
    return Table("Who is chosen by one model only, and what became of them", columns, tuple(rows), note)


def apart(found: Comparison) -> Table:
    """The change of the ranking and of conversions at equal capacity, segment by segment."""
    keys = ["model", "segment", "value"]
    rows = [
        (f"{segment}: {value}", *([str(model)] if found.several else []), *_apart(frame))
        for (model, segment, value), frame in found.segments.groupby(keys, sort=False)
    ]
    who = ("Challenger",) if found.several else ()
    columns = ("Segment", *who, ">Leads", ">Converted", ">Ranking (AUC)", "Ranks", ">Conversions", "Finds")
    note = (
        "Changes with 95 % intervals, each of its row alone; conversions at equal capacity. Better and worse allow for "
        "how many rows are looked at, so an interval may leave out 0 where there is not enough evidence. Without an "
        "interval too few converted to tell."
    )
    return Table("Segment by segment: what the challenger changes", columns, tuple(rows), note)


def _apart(frame: pd.DataFrame) -> tuple[str, ...]:
    by_figure = {row.figure: row for row in _rows(frame)}
    area, held = by_figure["auc"], by_figure["captured"]
    return (
        count(area.n),
        count(area.converted),
        change_within(area.change, area.low, area.high, 2),
        str(area.verdict) or NOTHING,
        amount(held.change, "conversions"),
        str(held.verdict) or NOTHING,
    )


def changing(found: BlastRadius) -> Table:
    """How many open leads go from which tier to which if the challenger goes live."""
    new = tuple(str(name) for name in dict.fromkeys(found.moves["challenger_tier"]))
    rows = [
        (str(old), *(count(number) for number in frame["n"]))
        for old, frame in found.moves.groupby("champion_tier", sort=False)
    ]
    columns = ("From", *(f">to {name}" for name in new))
    return Table(found.headline, columns, tuple(rows))


def affected(found: BlastRadius) -> Table:
    """How many leads of each owner and segment change tier, and which way."""
    rows = [
        (f"{row.field}: {row.value}", count(row.n), _few(row.changed), rate(row.changed_share), *_ways(row))
        for row in _rows(found.groups)
    ]
    columns = ("Group", f">Open {found.unit}s", ">Change tier", ">Share", ">Up", ">Down")
    note = "Of fewer than ten nothing more is said, and where fewer than five move, not which way."
    return Table("Whose leads change tier", columns, tuple(rows), note)


def _few(number: float) -> str:
    return FEW if math.isnan(number) else count(number)


def _ways(row: Any) -> tuple[str, str]:
    return NOTHING if math.isnan(row.up) else count(row.up), NOTHING if math.isnan(row.down) else count(row.down)


def _rows(frame: pd.DataFrame) -> Any:
    return frame.itertuples(index=False)
