"""`workbench check`: what the data holds, what had to be left out, and what leaks the answer."""

from __future__ import annotations

import argparse
import textwrap
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.checking import SEVERITIES, Check, Finding, Group, check, grouped
from workbench.cli.arguments import add_data, add_json, plan_beside
from workbench.cli.figures import bar, count, percent
from workbench.cli.identity import unnamed
from workbench.cli.observing import loaded
from workbench.cli.table import Column, each, table
from workbench.cli.terminal import Progress, printed, say, say_json, styled, width
from workbench.errors import CallError
from workbench.history import Description, History
from workbench.plan import Plan, read_plan

_TITLES = {"error": "Errors", "warning": "Warnings", "note": "Notes"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_data(parser, positional=True)
    parser.add_argument(
        "--plan",
        metavar="PLAN",
        type=Path,
        help="plan file, for what needs an outcome; without it plan.yaml in the folder DATA, or the outcome in the row",
    )
    parser.add_argument(
        "--fail-on",
        choices=SEVERITIES,
        help="end with 1 if there is a finding of this severity or a graver one (for schedulers); needs an outcome",
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Load the data and print what was found; 1 only if `--fail-on` says so."""
    path = args.plan or plan_beside(args.data)
    plan = None if path is None else read_plan(path)
    progress = Progress()
    with loaded(args, progress) as history:
        if args.fail_on is not None:
            _judging(history, plan)
        found, told = check(history, plan, progress=progress), unnamed(history)
    if args.json:
        say_json(found.to_document())
    else:
        say(check_text(found, told))
    return 1 if args.fail_on is not None and found.fails_on(args.fail_on) else 0


def check_text(found: Check, told: str = "") -> str:
    """The result for a terminal: what was found in a sentence, then all findings; `told` is said before them."""
    held = found.description
    parts = [f"{styled(textwrap.fill(printed(found.headline), width()), 'bold')}\n{_opening(held)}"]
    parts += [textwrap.fill(printed(told), width())] if told else []
    parts += _findings(found)
    parts += [_tables(held.tables), _dropped(held.dropped), _fields(held.fields)]
    if len(held.stages):
        parts.append(_counted("Stages", held.stages, "stage", "leads", "leads that reached it"))
    if len(held.events):
        parts.append(_counted("Events", held.events, "event", "rows", "events"))
    if len(held.months):
        parts.append(_counted("Leads by month of creation (UTC)", held.months, "month", "leads", "leads"))
    return "\n\n".join(parts)


def _findings(found: Check) -> list[str]:
    """A paragraph for each severity that there is."""
    return [
        "\n".join([styled(_TITLES[severity], "bold"), *(_group(each) for each in some)])
        for severity in SEVERITIES
        if (some := [each for each in grouped(found.findings) if each.severity == severity])
    ]


def _group(group: Group) -> str:
    """One finding, or a table of several with what they have in common said once below it."""
    if len(group.findings) == 1:
        return _finding(group.findings[0])
    columns = [Column("about", "left", flows=True), Column("what was found", "left", flows=True)]
    rows = [[each.about, _evidence(each)] for each in group.findings]
    own = ["; ".join(group.own(each)) for each in group.findings]
    if any(own):
        columns.append(Column("besides", "left", flows=True))
        rows = [[*row, words] for row, words in zip(rows, own, strict=True)]
    common = f"Of all of them: {'; '.join(group.common)}. " if group.common else ""
    more = _filled(f"{common}{group.why} {group.remedy}", "    ", "    ")
    return f"  {group.code}: {len(group.findings)}\n{table(columns, rows, indent='    ')}\n{styled(more, 'dim')}"


def _evidence(finding: Finding) -> str:
    """The finding without the name that stands beside it."""
    told = finding.finding.removeprefix(f"'{finding.about}' ").removeprefix(f"'{finding.about}': ")
    return told[0].upper() + told[1:]


def _filled(text: str, first: str, then: str) -> str:
    """Prose in the terminal's width; a per cent sign stays with its number."""
    whole = printed(text).replace(" %", "\N{NO-BREAK SPACE}%")
    told = textwrap.fill(whole, width(), initial_indent=first, subsequent_indent=then)
    return told.replace("\N{NO-BREAK SPACE}", " ")


def _judging(history: History, plan: Plan | None) -> None:
    """Refuse to judge for a scheduler where leaks could not be looked for."""
    found: tuple[str, str] | None = None
    if plan is None and not history.flat_outcome:
        found = (
            "neither a plan nor an outcome",
            "Name a plan with --plan, or for a flat table its outcome: --outcome.",
        )
    elif plan is not None and plan.unit == "account":
        found = ("a plan of accounts", "Name a plan of leads ('unit: lead') with --plan.")
    if found is not None:
        expected = "an outcome to look for leaks by"
        raise CallError.at("--fail-on", expected=expected, found=found[0], remedy=found[1])


def _finding(finding: Finding) -> str:
    """What was found, and below it why it matters and what to do."""
    said = _filled(f"{finding.code}: {finding.finding}", "  ", "    ")
    more = _filled(f"{finding.why} {finding.remedy}", "    ", "    ")
    return f"{said}\n{styled(more, 'dim')}"


def _opening(found: Description) -> str:
    leads = int(found.tables.loc[found.tables["table"] == "leads", "rows"].sum())
    until = ""
    if found.until is not None:
        until = f" Data ends before {found.until}" + (
            "." if found.until_given else ": the latest time seen, as no 'until' is mapped."
        )
    title = f"  {printed(found.name)}: {leads:,} leads can be used.{until}"
    return f"{title}\n  fingerprint {found.fingerprint}"


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
