"""Sales beside the model, as tables: what it accepted, whom it worked, and what the others would have done."""

from __future__ import annotations

from typing import Any

from workbench.plots.wording import count
from workbench.reports.table import Table
from workbench.reports.wording import NOTHING, rate_within, ratio_within
from workbench.selling import Sales

MOST_REASONS = 8
_INTERVALS = "In brackets: 95 % intervals."


def accepted(found: Sales) -> Table:
    """Of the leads of each tier, how many sales accepted."""
    rows = [
        (
            str(row.tier),
            count(row.n),
            rate_within(row.rate, row.low, row.high),
            rate_within(row.precision, row.precision_low, row.precision_high),
        )
        for row in _rows(found.agreement)
    ]
    columns = ("Tier", ">Leads sales spoke of", ">Accepted", ">Accepted, this tier or higher")
    note = f"{_INTERVALS} The tier is that of the moment before sales began." if rows else ""
    return Table("What sales accepted, by tier", columns, tuple(rows), note)


def disagreed(found: Sales) -> Table:
    """What became of the leads that sales accepted and rejected."""
    rows = [
        (
            str(row.verdict) if row.reason in ("", "any") else f"{row.verdict}: {row.reason}",
            count(row.n),
            rate_within(row.rate, row.low, row.high),
            rate_within(row.lost_rate, row.lost_low, row.lost_high),
        )
        for row in _rows(found.outcomes)
    ]
    columns = ("Sales said", ">Leads", ">Converted", ">Lost")
    return Table("What became of what sales said", columns, tuple(rows), _INTERVALS if rows else "")


def rejected(found: Sales) -> Table:
    """The rules that go with a reason of rejection more often than with an acceptance."""
    sure = found.reasons[found.reasons["found"].astype(bool)]
    rows = [
        (
            str(row.reason),
            str(row.rule),
            f"{count(row.hit_reason)} of {count(row.n_reason)}",
            f"{count(row.hit_accepted)} of {count(row.n_accepted)}",
            ratio_within(row.ratio, row.low, row.high),
        )
        for row in _rows(sure.head(MOST_REASONS))
    ]
    columns = ("Reason", "Rule", ">Of the rejected", ">Of the accepted", ">Ratio")
    note = f"{_INTERVALS} {count(len(found.reasons))} pairs were looked at; false discoveries are held at 5 %."
    return Table("Rules that go with a rejection, beyond chance", columns, tuple(rows), note if rows else "")


def worked(found: Sales) -> Table:
    """What worked and unworked leads of each tier converted at."""
    frame = found.conversion[found.conversion["n"].astype(int) > 0]
    rows = [
        (
            "all" if row.by == "all" else str(row.value),
            str(row.who),
            count(row.n),
            count(row.converted),
            rate_within(row.rate, row.low, row.high),
        )
        for row in _rows(frame[frame["by"].isin(["all", "tier"])])
    ]
    columns = ("Tier", "Who", ">Leads", ">Converted", ">Share that converted")
    return Table("Worked and unworked leads", columns, tuple(rows), _INTERVALS if rows else "")


def unworked(found: Sales) -> Table:
    """What unworked leads would have converted at if they had been worked, as far as the data can say."""
    rows = [
        (
            str(row.band),
            count(row.unworked),
            _share(row.converted, row.unworked),
            _span(row.worst, row.best),
            _span(row.least, row.most),
            rate_within(row.weighted, row.low, row.high) if row.verdict != "not identifiable" else str(row.verdict),
        )
        for row in _rows(found.bounds)
        if row.unworked
    ]
    columns = (
        "Score band",
        ">Unworked",
        ">Converted all the same",
        ">All worked: worst to best",
        ">If work never harms",
        ">Like worked ones",
    )
    note = (
        "Worst to best: the whole band, without any assumption. If work never harms: the unworked, if sales picks no "
        "worse leads. Like worked ones: if among leads with the same old score chance decided who was worked."
    )
    return Table("What unworked leads would have done", columns, tuple(rows), note if rows else "")


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f} %" if whole else NOTHING


def _span(low: float, high: float) -> str:
    return NOTHING if low != low or high != high else f"{100 * low:.0f} to {100 * high:.0f} %"


def _rows(frame: Any) -> Any:
    return frame.itertuples(index=False)
