"""`workbench lint`: what in a model does nothing, counts twice, or works against what it is for."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.arguments import add_json, add_model, add_plan
from workbench.cli.identity import unnamed
from workbench.cli.observing import default_plan, loaded
from workbench.cli.table import Column, table
from workbench.cli.terminal import Progress, note, printed, say, say_json, styled
from workbench.errors import CallError
from workbench.linting import Finding, Lint, lint
from workbench.linting.finding import SEVERITIES
from workbench.model import Model, read_model
from workbench.plan import read_plan

NEEDS_DATA = ("plan", "mapping", "outcome", "id")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_model(parser)
    parser.add_argument(
        "--data",
        metavar="DATA",
        type=Path,
        help="try the model on this past too: folder with its history.yaml, a file of leads, or a .duckdb file",
    )
    parser.add_argument("--mapping", metavar="FILE", type=Path, help="mapping file, if not DATA/history.yaml")
    parser.add_argument("--outcome", metavar="COLUMN=VALUE", help='flat tables: what counts as success ("Converted=1")')
    parser.add_argument("--id", metavar="COLUMN", help="flat tables: the lead's id, if not lead_id")
    add_plan(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Look and print; 1 if there are errors or warnings, notes alone do not count."""
    model = read_model(args.model)
    found = _alone(args, model) if args.data is None else _on_data(args, model)
    if args.json:
        say_json(found.to_document())
    else:
        say(lint_text(found))
    return 0 if found.passed else 1


def _alone(args: argparse.Namespace, model: Model) -> Lint:
    idle = next((name for name in NEEDS_DATA if getattr(args, name) is not None), None)
    if idle is not None:
        raise CallError.at(
            f"--{idle}",
            expected="--data beside it",
            found="none: the model alone is looked at",
            remedy="Name the data with --data, or leave it out.",
        )
    return lint(model)


def _on_data(args: argparse.Namespace, model: Model) -> Lint:
    plan = None if args.plan is None else read_plan(args.plan)
    with loaded(args, Progress()) as history:
        found = lint(model, history, plan or default_plan(history, args.data))
        told = unnamed(history)
        if told:
            note(told)
        return found


def lint_text(found: Lint) -> str:
    """The result for a terminal: a table for each severity, then what is silenced."""
    looked = "the model alone" if found.data is None else f"the model and {found.data['name']}"
    parts = [f"{styled(printed(found.headline), 'bold')}\n  looked at: {printed(looked)}"]
    for severity in SEVERITIES:
        some = [each for each in found.findings if each.severity == severity]
        if some:
            parts.append(f"{severity.capitalize()}s\n{_findings(some)}")
    if found.silenced:
        columns = [
            Column("code", "left"),
            Column("at", "left", flows=True),
            Column("finding", "left", flows=True),
            Column("because", "left", flows=True),
        ]
        rows = [[each.finding.code, each.finding.at, each.finding.finding, each.because] for each in found.silenced]
        parts.append(f"Silenced\n{table(columns, rows)}")
    return "\n\n".join(parts)


def _findings(found: list[Finding]) -> str:
    columns = [
        Column("code", "left"),
        Column("where", "left", flows=True),
        Column("finding", "left", flows=True),
        Column("why, and what to do", "left", flows=True),
    ]
    rows = [[each.code, each.place, each.finding, f"{each.why} {each.remedy}"] for each in found]
    return table(columns, rows)
