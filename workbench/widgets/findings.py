"""What the error explorer shows of errors: rows, tables and pictures."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from workbench.backtesting import Errors
from workbench.drawing import Drawing, draw_ratios, draw_timeline, draw_waterfall
from workbench.ledger import signed
from workbench.trajectory import Trajectory
from workbench.widgets.wording import NOTHING, figure, points

MOST_DRAWN = 8
MOST_LISTED = 20
MOST_RULES = 3
COLUMNS = (
    {"label": "Lead", "number": False},
    {"label": "Score", "number": True},
    {"label": "Tier", "number": False},
    {"label": "Outcome", "number": False},
    {"label": "Days to outcome", "number": True},
    {"label": "Scored on", "number": False},
    {"label": "Top rules", "number": False},
)
COMMON = ("Rule or segment", ">Points", ">Wrong", ">Right", ">Ratio", ">95 % interval", "Evidence")
LEDGER = (">Points", "Line", "Because", "Why")
EVENTS = ("Event", "When (UTC)", ">Days before", "Whose")

# --- the table of leads -----------------------------------------------------------------------------------------------


def lead_rows(errors: Errors) -> list[dict[str, Any]]:
    """The rows of the table: key and cells, for each of the errors' leads."""
    names = rule_names(errors)
    return [{"key": key_of(lead), "cells": _cells(lead, names)} for _, lead in errors.leads.iterrows()]


def rule_names(errors: Errors) -> list[str]:
    """The columns of points of the errors' leads."""
    columns = list(errors.leads.columns)
    return [str(name) for name in columns[columns.index("ledger") + 1 :]] if "ledger" in columns else []


def key_of(lead: pd.Series[Any]) -> str:
    """What tells one observation from others: pseudonym and day."""
    return f"{lead['lead_id']} {_day(lead['as_of'])}"


def _cells(lead: pd.Series[Any], names: Sequence[str]) -> list[str]:
    return [
        str(lead["lead_id"]),
        points(lead["score"]),
        str(lead["tier"]),
        "converted" if lead["converted"] else "did not convert",
        NOTHING if math.isnan(lead["days"]) else points(lead["days"]),
        _day(lead["as_of"]),
        top_rules(lead, names) if names else str(lead["ledger"]),
    ]


def top_rules(lead: pd.Series[Any], names: Sequence[str]) -> str:
    """The rules that weigh most in a lead's score: `company_size +15, ebook +8`."""
    paid = [(name, round(float(lead[name]) * 1000)) for name in names if lead[name]]
    strongest = sorted(paid, key=lambda each: -abs(each[1]))[:MOST_RULES]
    return ", ".join(f"{name}\N{NO-BREAK SPACE}{signed(milli)}" for name, milli in strongest) or NOTHING


def _day(moment: Any) -> str:
    return NOTHING if pd.isna(moment) else f"{moment:%Y-%m-%d}"


# --- what they have in common -----------------------------------------------------------------------------------------


def trait_names(common: pd.DataFrame) -> list[str]:
    """A short name for each row: the rule, its case where there are several, or field and value of a segment."""
    several = common["rule"].duplicated(keep=False)
    return [
        f"{str(rule).removeprefix('segment: ')}: {case}" if many or str(rule).startswith("segment: ") else str(rule)
        for rule, case, many in zip(common["rule"], common["case"], several, strict=True)
    ]


def common_drawing(errors: Errors) -> Drawing:
    """The strongest differences between wrongly and rightly judged, with their intervals."""
    common = errors.common
    shown = common[common["enough"].astype(bool)].head(MOST_DRAWN)
    names = trait_names(common)[: len(shown)]  # rows with enough observations stand first
    ratio, low, high = (shown[name].to_numpy(dtype=float) for name in ("ratio", "ratio_low", "ratio_high"))
    hits = (shown["hit_wrong"] + shown["hit_right"]).to_numpy(dtype=float)
    title = "How much more often than among the rightly judged"
    return draw_ratios(names, ratio, low, high, hits, enough=[True] * len(shown), title=title)


def common_rows(errors: Errors) -> list[tuple[str, ...]]:
    """The same as texts, for a table with the columns COMMON."""
    common = errors.common
    return [_trait(name, row) for name, (_, row) in zip(trait_names(common), common.iterrows(), strict=True)][
        :MOST_LISTED
    ]


def _trait(name: str, row: pd.Series[Any]) -> tuple[str, ...]:
    low, high = float(row["ratio_low"]), float(row["ratio_high"])
    known = not (math.isnan(low) or math.isnan(high))
    worth = "" if math.isnan(row["points"]) else signed(round(float(row["points"]) * 1000))
    if not row["enough"] or not known:
        verdict = "too few to say"
    elif low > 1 or high < 1:
        verdict = "more often" if low > 1 else "less often"
    else:
        verdict = "no clear difference"
    return (
        name,
        worth,
        f"{figure(row['rate_wrong'], 'share')} ({row['hit_wrong']:,} of {row['n_wrong']:,})",
        f"{figure(row['rate_right'], 'share')} ({row['hit_right']:,} of {row['n_right']:,})",
        figure(float(row["ratio"]), "ratio"),
        f"{figure(low, 'ratio')} to {figure(high, 'ratio')}" if known else NOTHING,
        verdict,
    )


# --- one lead ---------------------------------------------------------------------------------------------------------


def ledger_drawing(lines: pd.DataFrame, name: str) -> Drawing:
    """How a lead's score is made up."""
    paid = lines[lines["points"] != 0]
    return draw_waterfall(
        line_names(paid),
        paid["points"].to_numpy(dtype=float),
        total=_total(lines),
        adjustments=(paid["line"] != "rule").tolist(),
        title=f"What makes the score of {name}",
    )


def line_names(lines: pd.DataFrame) -> list[str]:
    """A short name for each line of a ledger: the rule, or what was adjusted and how."""
    return [
        str(name) if line == "rule" else f"{name} {str(line).split()[-1]}"
        for line, name in zip(lines["line"], lines["name"], strict=True)
    ]


def ledger_rows(lines: pd.DataFrame) -> list[tuple[str, ...]]:
    """A ledger as texts, for a table with the columns LEDGER; the sum stands last."""
    rows = [
        (signed(round(float(paid) * 1000)) if paid else "", name, str(because), str(why))
        for name, paid, because, why in zip(
            line_names(lines), lines["points"], lines["because"], lines["why"], strict=True
        )
    ]
    return [*rows, (points(_total(lines)), "score", "", "")]


def _total(lines: pd.DataFrame) -> float:
    return sum(round(float(paid) * 1000) for paid in lines["points"]) / 1000


def timeline_drawing(found: Trajectory, name: str, *, cuts: Sequence[tuple[str, float]], outcome: float) -> Drawing:
    """What a lead did, and its score as it stood each day.

    Args:
        found: the score by day, and the events.
        name: the lead's pseudonym.
        cuts: name and lowest score of each tier.
        outcome: whole days from as_of to the outcome; NaN without one.
    """
    told = found.events[~found.events["after"] | (found.events["kind"] == "event")]  # the outcome has its own line
    since = (told["occurred_at"] - found.as_of).dt.total_seconds() / 86_400
    return draw_timeline(
        since.to_numpy(dtype=float),
        event_names(told),
        found.scores["day"].to_numpy(dtype=float),
        found.scores["score"].to_numpy(dtype=float),
        cuts=cuts,
        outcome_day=None if math.isnan(outcome) else outcome,
        title=f"What {name} did, and the score as it stood",
    )


def event_names(events: pd.DataFrame) -> list[str]:
    """What happened: the event's name, or the stage that was entered."""
    return [
        f"stage {name}" if kind == "stage" else str(name)
        for name, kind in zip(events["event"], events["kind"], strict=True)
    ]


def event_rows(found: Trajectory, *, own: str, name: str) -> list[tuple[str, ...]]:
    """Events as texts, newest first, for a table with the columns EVENTS; nobody stands under a name of the CRM.

    Args:
        found: the events.
        own: the lead's identifier.
        name: its pseudonym.
    """
    newest = found.events[::-1]
    return [
        (event, f"{when:%Y-%m-%d %H:%M}", points(age), name if whose == own else "a colleague")
        for event, when, age, whose in zip(
            event_names(newest), newest["occurred_at"], newest["age_days"], newest["lead_id"], strict=True
        )
    ]


# --- HTML for the page ------------------------------------------------------------------------------------------------


def details_html(summary: str, label: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table behind a summary that opens it; every cell is taken as text."""
    sides = [' class="wb-number"' if name.startswith(">") else "" for name in columns]
    head = "".join(
        f'<th scope="col"{side}>{html.escape(name.removeprefix(">"))}</th>'
        for side, name in zip(sides, columns, strict=True)
    )
    body = "".join(
        "<tr>" + "".join(f"<td{side}>{html.escape(cell)}</td>" for side, cell in zip(sides, row, strict=True)) + "</tr>"
        for row in rows
    )
    return (
        f'<details class="wb-details"><summary>{html.escape(summary)}</summary>'
        f'<div class="wb-scroll" tabindex="0" role="region" aria-label="{html.escape(label)}">'
        f'<table class="wb-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></details>'
    )
