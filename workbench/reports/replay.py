"""A replay as tables: what each tier takes, how early it warns, and what takes leads below it for a while."""

from __future__ import annotations

from typing import Any

from workbench.plots.wording import count, points
from workbench.replaying import Replay
from workbench.reports.table import Table
from workbench.reports.wording import NOTHING, rate, rate_within

MOST_CAUSES = 3


def replayed(found: Replay) -> Table:
    """How many leads reach each tier for the first time, how many fall below it and come again, how long they stay."""
    stays = dict(zip(found.stays["tier"], found.stays["median_days"], strict=True))
    rows = [
        (
            str(row.tier),
            count(row.reached),
            f"{row.a_week:,.1f}",
            count(row.fell),
            rate_within(row.share_again, row.low, row.high),
            _days(stays.get(row.tier, float("nan"))),
        )
        for row in _rows(found.bounces)
    ]
    columns = (
        "Tier",
        ">Reach it first",
        ">A week",
        ">Fall below",
        ">Of those that reach it, come again",
        ">Median stay",
    )
    note = (
        f"{count(found.n)} leads, scored every {found.every} for {found.max_days} days at most; {found.since.date()} "
        f"to {found.until.date()}. A week: over the {found.load_weeks:.1f} weeks to {found.last_created.date()}, in "
        "which leads are created."
    )
    return Table("What each tier takes", columns, tuple(rows), note)


def warned(found: Replay) -> Table:
    """Of the leads that reached a stage, how many had reached each tier before, and how many days ahead."""
    rows = [
        (
            f"{row.stage}, {row.tier}",
            count(row.n),
            rate_within(row.share_before, row.low, row.high),
            rate(row.share_others),
            _ahead(row),
        )
        for row in _rows(found.warning)
    ]
    columns = ("Stage, tier", ">Leads", ">Had reached the tier before", ">Of all other leads", ">Days ahead, median")
    return Table("How early the tiers warn", columns, tuple(rows), "In brackets: 95 % intervals.")


def falls(found: Replay) -> Table:
    """The rules that paid less when a lead fell below a tier that it reached again later."""
    top = found.causes.groupby("tier", sort=False).head(MOST_CAUSES)
    rows = [
        (
            str(row.tier),
            str(row.rule),
            f"{count(row.falls)} of {count(row.of)}",
            rate(row.share),
            f"{row.mean_points:.1f}",
        )
        for row in _rows(top)
    ]
    columns = ("Tier", "Rule", ">Falls", ">Share", ">Points lost, on average")
    return Table("What takes leads below a tier for a while", columns, tuple(rows))


def _ahead(row: Any) -> str:
    if row.median_days != row.median_days:
        return NOTHING
    between = f" [{points(row.median_low)}–{points(row.median_high)}]" if row.median_low == row.median_low else ""
    return f"{points(row.median_days)}{between}"


def _days(number: float) -> str:
    return NOTHING if number != number else f"{points(number)} days"


def _rows(frame: Any) -> Any:
    return frame.itertuples(index=False)
