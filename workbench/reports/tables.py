"""The frames of a result as tables for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from workbench import __version__
from workbench.backtesting import Backtest, Errors
from workbench.history import History
from workbench.observation import population
from workbench.observation.split import TEST
from workbench.plots.errors import _MOST_ROWS as MOST_ROWS
from workbench.plots.errors import _ranked as ranked
from workbench.plots.wording import count, percent, points
from workbench.reports.judgement import TOGETHER, Judgement
from workbench.reports.table import Table
from workbench.reports.wording import (
    NOTHING,
    counted,
    heading,
    judged_are,
    leads,
    money_within,
    number_within,
    rate,
    rate_within,
    ratio_within,
)

FEW_LEADS = "few leads"
_REASONS = {
    population.TOO_YOUNG: "immature: its moment is after the end of the data",
    population.CONVERTED: "already converted before it was scored",
    population.CLOSED: "already closed before it was scored",
    "no score recorded before as_of": "the CRM had recorded no score by then",
}
_INTERVALS = "In brackets: 95 % intervals."
_METRICS = {
    "auc": "Ranking (AUC): 0.50 is a coin, 1.00 perfect",
    "average_precision": "Average precision",
    "ks": "Largest gap between the two groups (KS)",
    "brier": "Error of the predicted rate (Brier): 0 is perfect",
    "lift_5": "Lift of the top 5 %",
    "lift_10": "Lift of the top 10 %",
    "lift_20": "Lift of the top 20 %",
    "capture_5": "Converts found in the top 5 %",
    "capture_10": "Converts found in the top 10 %",
    "capture_20": "Converts found in the top 20 %",
    "base_rate": "Share of all that converted",
}
_TOLD = {
    "false_positive": "that reached it did not convert",
    "false_negative": "that did not reach it converted",
}
_RATES = ("capture_", "base_rate")


def metrics(result: Backtest) -> Table:
    """The main figures with their intervals."""
    rows = [(_METRICS.get(row.metric, row.metric), _metric(row), str(row.method)) for row in _rows(result.metrics)]
    return Table("The main figures", ("Figure", ">Value", "Interval by"), tuple(rows), _INTERVALS)


def _metric(row: Any) -> str:
    if str(row.metric).startswith(_RATES):
        return rate_within(row.value, row.low, row.high)
    within = ratio_within if str(row.metric).startswith("lift_") else number_within
    return within(row.value, row.low, row.high)


def bands(result: Backtest) -> Table:
    """Conversion by score band."""
    rows = [(str(row.band), *_sized(row), _lift(row.lift) if row.enough else FEW_LEADS) for row in _rows(result.bands)]
    columns = ("Score band", heading(result), ">Converted", ">Share that converted", ">Against average")
    return Table("Conversion by score band", columns, tuple(rows), _INTERVALS)


def tiers(result: Backtest) -> Table:
    """What each tier's leads did, and what follows from the tier."""
    rows = [
        (
            str(row.tier),
            NOTHING if pd.isna(row[2]) else points(row[2]),
            *_sized(row),
            rate(row.share),
            str(row.then) or NOTHING,
        )
        for row in _rows(result.tiers)
    ]
    shares = (">Share that converted", ">Share of all")
    columns = ("Tier", ">From", heading(result), ">Converted", *shares, "What follows")
    return Table(
        "The tiers, in the model's order: who fits several gets the last of them", columns, tuple(rows), _INTERVALS
    )


def thresholds(result: Backtest) -> Table:
    """What other cut-offs would have done: around each tier, and where the value is greatest."""
    chosen = _cuts(result)
    frame = result.thresholds[result.thresholds["threshold"].isin(list(chosen))]
    rows = [
        (
            points(row.threshold),
            chosen[row.threshold],
            count(row.flagged),
            rate_within(row.precision, row.precision_low, row.precision_high),
            rate_within(row.recall, row.recall_low, row.recall_high),
            *([money_within(row.value, row.value_low, row.value_high)] if result.has_value else []),
        )
        for row in _rows(frame)
    ]
    value = (">Net value",) if result.has_value else ()
    columns = (">From", "", heading(result), ">Share that converted", ">Converts reached", *value)
    note = f"{_INTERVALS} A cut-off by score alone: a tier that asks for more than a score reaches fewer leads."
    return Table("Cut-offs around the tiers", columns, tuple(rows), note)


def _cuts(result: Backtest) -> dict[float, str]:
    """Thresholds to show and why: each tier's, five points to either side, and the most valuable."""
    known = result.thresholds["threshold"].to_numpy(dtype=float)
    chosen: dict[float, str] = {}
    if not len(known):
        return chosen
    cuts = result.tier_cuts or tuple(("", float(np.quantile(known, share))) for share in (0.5, 0.8, 0.9))
    for name, cut in cuts:
        for step in (-5, 5, 0):
            above = known[known >= cut + step]
            if len(above):
                chosen[float(above[0])] = name if step == 0 else chosen.get(float(above[0]), "")
    if result.has_value and result.thresholds["value"].notna().any():
        best = float(known[np.nanargmax(result.thresholds["value"].to_numpy(dtype=float))])
        chosen[best] = ", ".join(filter(None, [chosen.get(best, ""), "greatest value"]))
    return chosen


def segments(result: Backtest) -> Table:
    """The same figures for each segment of the plan."""
    rows = [
        (
            f"{row.segment}: {row.value}",
            *_sized(row),
            number_within(row.auc, row.auc_low, row.auc_high) if row.enough else FEW_LEADS,
            rate(row.reached) if result.main_tier else NOTHING,
        )
        for row in _rows(result.segments)
    ]
    reached = f">Reached {result.main_tier}" if result.main_tier else ">Reached"
    columns = ("Segment", heading(result), ">Converted", ">Share that converted", ">Ranking (AUC)", reached)
    return Table("Segment by segment", columns, tuple(rows), _INTERVALS)


def parts(result: Backtest) -> Table:
    """The parts of the split side by side."""
    rows = [
        (
            str(row.part) + (" (judged here)" if row.part == result.part else ""),
            leads(row.n),
            NOTHING if pd.isna(row.converted) else count(row.converted),
            rate(row.rate),
            number_within(row.auc, row.auc_low, row.auc_high),
        )
        for row in _rows(result.parts)
    ]
    what = judged_are(result).capitalize()
    columns = ("Part", f">{what}", ">Converted", ">Share that converted", ">Ranking (AUC)")
    sealed = "; the test part stays sealed" if result.plan.get("split") and result.part != TEST else ""
    return Table(f"The parts of the data{sealed}", columns, tuple(rows), _INTERVALS)


def left_out(told: Judgement) -> Table:
    """Who was not judged, by reason."""
    result = told.result
    note = "Counted before the leads were narrowed to the segment." if told.segment else ""
    rows = [(_reason(str(row.reason)), leads(row.n)) for row in _rows(result.left_out)]
    at = result.plan["at"]
    what = "Moments of leads" if isinstance(at, dict) and "every" in at else "Leads"
    return Table(f"{what} that were not judged, by reason", ("Reason", f">{what}"), tuple(rows), note)


def _reason(text: str) -> str:
    """A reason, or several that were counted together, without the workbench's own words."""
    return TOGETHER.join(_REASONS.get(each, each) for each in text.split(TOGETHER))


def rules(errors: Errors, *, most: int = MOST_ROWS) -> Table:
    """The rules of the picture, in its order, with their reasons in full; for the analyst, small counts included."""
    found = ranked(errors.rules)
    rows = [
        (
            f"{row.rule}: {row.case}",
            points(row.points),
            percent(row.rate_wrong),
            percent(row.rate_right),
            ratio_within(row.ratio, row.ratio_low, row.ratio_high) if row.enough else FEW_LEADS,
            str(row.why),
        )
        for row in _rows(found.head(most))
    ]
    columns = ("Rule", ">Points", ">Of the wrong", ">Of the right", ">Ratio", "Why it is there")
    several = errors.leads["lead_id"].duplicated().any()
    of = counted(errors.of, "observation" if several else "lead")
    more = len(found) - len(rows)
    note = f"{_INTERVALS} {more} more not shown." if more else _INTERVALS
    caption = f"{errors.tier}: {count(errors.n)} of {of} {_TOLD[errors.kind]}"
    return Table(caption, columns, tuple(rows), note)


def dropped(history: History) -> Table:
    """Rows that could not be loaded, by file and reason, with what to do."""
    rows = [
        (
            str(row.file),
            str(row.column),
            str(row.reason),
            count(row.rows),
            percent(row.share),
            str(row.first_rows),
            str(row.remedy),
        )
        for row in _rows(history.dropped)
    ]
    columns = ("File", "Column", "Reason", ">Rows", ">Share of the file", "First rows", "What to do")
    return Table("Rows that were left out when loading", columns, tuple(rows))


def digests(told: Judgement) -> Table:
    """What was judged, to the byte: anybody with the same files gets the same digests."""
    result = told.result
    rows = (
        ("Model, what can change a score", str(result.model["scoring_digest"])),
        ("Model, the whole document", str(result.model["document_digest"])),
        ("Plan", told.plan.digest),
        ("Data", str(result.data["fingerprint"])),
        ("Workbench", __version__),
        ("Day of the report (UTC)", dt.datetime.now(dt.UTC).date().isoformat()),
    )
    return Table("What it was made from: digests (SHA-256) and versions", ("Of", "Digest"), rows)


def _sized(row: Any) -> tuple[str, str, str]:
    """Leads, converts and their rate."""
    converted = NOTHING if pd.isna(row.converted) else count(row.converted)
    return leads(row.n), converted, rate_within(row.rate, row.rate_low, row.rate_high)


def _lift(value: float) -> str:
    return NOTHING if pd.isna(value) else f"{value:.1f}x"


def _rows(frame: pd.DataFrame) -> Iterable[Any]:
    return frame.itertuples()
