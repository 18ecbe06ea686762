"""`workbench report`: a report for stakeholders, as HTML."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from workbench.cli.arguments import add_data, add_model, add_plan, plan_beside
from workbench.cli.identity import unnamed
from workbench.cli.observing import default_plan, loaded
from workbench.cli.terminal import Progress, note, printed, say
from workbench.errors import CallError, listed
from workbench.reports import report

REPORT_ENDINGS: Final = (".html", ".ipynb")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_model(parser)
    add_data(parser, identity=False)
    add_plan(parser)
    parser.add_argument("--part", help="train or validation; by default validation")
    parser.add_argument("--by", metavar="FIELD", help="one report for each value of this field")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder to write the reports into")


def run(args: argparse.Namespace) -> int:
    """Make the reports and name their files."""
    _may_hold(args.out)
    progress = Progress()
    plan, told = args.plan or plan_beside(args.data), ""
    if plan is None:
        with loaded(args, progress) as history:
            default_plan(history, args.data)  # says what is missing, in the words of this call
            told = unnamed(history, option=False)
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
    if told:
        note(told)
    return 0


def _may_hold(folder: Path) -> None:
    """Refuse a folder that has anything but pages and notebooks in it: reports go into one of their own."""
    if not folder.exists():
        return
    strangers = ["a file"] if not folder.is_dir() else sorted(each.name for each in folder.iterdir() if _strange(each))
    if strangers:
        raise CallError.at(
            f"--out {folder}",
            expected="a new folder, or one with nothing but reports in it",
            found=listed(strangers, most=3) if folder.is_dir() else "a file",
            remedy="Name another folder; nothing was written.",
        )


def _strange(item: Path) -> bool:
    """Whether an earlier report, or a file manager, would not have left this."""
    return not item.name.startswith(".") and (item.is_dir() or item.suffix not in REPORT_ENDINGS)
