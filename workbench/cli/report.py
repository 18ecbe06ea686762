"""`workbench report`: a report for stakeholders, as HTML."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.arguments import add_data, add_model, add_plan, plan_beside
from workbench.cli.observing import default_plan
from workbench.cli.terminal import Progress, printed, say
from workbench.history import read_history
from workbench.reports import report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_model(parser)
    add_data(parser)
    add_plan(parser)
    parser.add_argument("--part", help="train, validation or all; by default validation, or all without a split")
    parser.add_argument("--by", metavar="FIELD", help="one report for each value of this field")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder to write the reports into")


def run(args: argparse.Namespace) -> int:
    """Make the reports and name their files."""
    progress = Progress()
    plan = args.plan or plan_beside(args.data)
    if plan is None:
        with read_history(args.data, mapping=args.mapping, outcome=args.outcome, progress=progress) as history:
            default_plan(history, args.data)  # says what is missing, in the words of this call
    files = report(
        args.model,
        args.data,
        plan,
        out=args.out,
        mapping=args.mapping,
        outcome=args.outcome,
        part=args.part,
        by=args.by,
        progress=progress,
    )
    for file in files:
        say(printed(str(file)))
    return 0
