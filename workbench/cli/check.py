"""`workbench check`: what the data holds, and what had to be left out."""

from __future__ import annotations

import argparse
import textwrap
from typing import Any

import pandas as pd

from workbench.cli.arguments import add_data, add_json
from workbench.cli.figures import bar, count, percent
from workbench.cli.identity import unnamed
from workbench.cli.observing import loaded
from workbench.cli.table import Column, each, table
from workbench.cli.terminal import Progress, printed, say, say_json, styled, width
from workbench.history import check
from workbench.history.check import Check


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_data(parser, positional=True)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Load the data and print what was found."""
    with loaded(args, Progress()) as history:
        found, told = check(history), unnamed(history)
    if args.json:
        say_json(found.to_json())
    else:
        say(check_text(found, told))
    return 0


def check_text(found: Check, told: str = "") -> str:
    """The result for a terminal; `told` is said before all tables."""
    parts = [_opening(found), _tables(found.tables), _dropped(found.dropped), _fields(found.fields)]
    if told:
        parts.insert(1, textwrap.fill(printed(told), width()))
    if len(found.stages):
        parts.append(_counted("Stages", found.stages, "stage", "leads", "leads that reached it"))
    if len(found.events):
        parts.append(_counted("Events", found.events, "event", "rows", "events"))
    if len(found.months):
        parts.append(_counted("Leads by month of creation (UTC)", found.months, "month", "leads", "leads"))
    return "\n\n".join(parts)


def _opening(found: Check) -> str:
    leads = int(found.tables.loc[found.tables["table"] == "leads", "rows"].sum())
    until = ""
    if found.until is not None:
        until = f" Data ends before {found.until}" + (
            "." if found.until_given else ": the latest time seen, as no 'until' is mapped."
        )
    title = styled(f"{printed(found.name)}: {leads:,} leads can be used.", "bold")
    return f"{title}{until}\n  fingerprint {found.fingerprint}"


def _tables(tables: pd.DataFrame) -> str:
    rows = [[str(name), count(n)] for name, n in each(tables) if n]
    return f"Rows\n{table([Column('table', 'left'), Column('rows')], rows)}"


def _dropped(dropped: pd.DataFrame) -> str:
    if not len(dropped):
        return "Left out\n  Nothing: every row could be used."
    columns = [
        Column("rows"),
        Column("share"),
        Column("where", "left", flows=True),
        Column("why, and what to do", "left", flows=True),
    ]
    rows = [[count(row.rows), percent(row.share), f"{row.file} {row.column}", _reason(row)] for row in each(dropped)]
    return f"Left out\n{table(columns, rows)}"


def _reason(row: Any) -> str:
    more = ", …" if row.rows > len(row.first_rows.split(", ")) else ""
    return f"{row.reason} (row {row.first_rows}{more}). {row.remedy}"


def _fields(fields: pd.DataFrame) -> str:
    columns = [
        Column("field", "left", flows=True),
        Column("of", "left"),
        Column("kind", "left"),
        Column("known", "left"),
        Column("filled"),
        Column("distinct values"),
    ]
    rows = [
        [row.field, row.table, row.kind, row.known, percent(row.filled), count(row.distinct)] for row in each(fields)
    ]
    undated = "\n  undated: today's value; a plan must consent to its use (allow_undated)."
    return f"Fields\n{table(columns, rows)}" + (undated if (fields["known"] == "undated").any() else "")


def _counted(title: str, frame: pd.DataFrame, name: str, number: str, unit: str) -> str:
    most = float(frame[number].max())
    cells = max(10, min(40, width() - 50))
    rows = [
        [str(label), count(n), bar(n, float("nan"), float("nan"), full=most, cells=cells)]
        for label, n in each(frame[[name, number]])
    ]
    return f"{title}\n{table([Column(name, 'left'), Column(unit), Column('', 'left')], rows)}"
