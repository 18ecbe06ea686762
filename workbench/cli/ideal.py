"""`workbench ideal`: what the best past customers have in common, as a draft of the dimension `fit`."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.arguments import add_data, add_json, add_plan
from workbench.cli.draft import must_be_new
from workbench.cli.figures import count, percent
from workbench.cli.observing import default_plan, loaded
from workbench.cli.table import Column, each, table
from workbench.cli.terminal import Progress, note, printed, say, say_json, styled
from workbench.drafts import IdealCustomer, ideal_customer
from workbench.drafts.evidence import UNCLEAR
from workbench.errors import Refused
from workbench.plan import read_plan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_data(parser)
    add_plan(parser)
    parser.add_argument("--field", metavar="NAME", action="append", help="weigh only this field; may be given again")
    parser.add_argument(
        "--part", choices=["train", "validation", "all"], help="which observations; by default train, or all"
    )
    parser.add_argument("--out", metavar="MODEL", type=Path, help="model file to write (YAML)")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Weigh the values, print them, and write the draft."""
    if args.out is not None:
        must_be_new(args.out)
    plan = None if args.plan is None else read_plan(args.plan)
    progress = Progress()
    with loaded(args, progress) as history:
        chosen = plan or default_plan(history, args.data)
        found = ideal_customer(history, chosen, args.field, part=args.part, progress=progress)
    if args.out is not None and found.draft is None:
        raise Refused(f"No value has enough evidence: {args.out} was not written. {found.headline}")
    if args.out is not None and found.draft is not None:
        found.draft.write(args.out)
    if args.json:
        say_json(found.to_document())
        return 0
    say(ideal_text(found))
    for line in found.warnings:
        note(line)
    if args.out is not None:
        note(f"Written to {args.out}: a starting point, not a model to approve.")
    return 0


def ideal_text(found: IdealCustomer) -> str:
    """The values that differ from the rest, for a terminal."""
    title = styled(printed(found.headline), "bold")
    told = found.frame[found.frame["verdict"] != UNCLEAR].sort_values("points", ascending=False, kind="stable")
    if not len(told):
        return f"{title}\n  No value has enough evidence: there is nothing to draft from."
    columns = [
        Column("points"),
        Column("field", "left", flows=True),
        Column("value", "left", flows=True),
        Column("leads"),
        Column("converted"),
        Column("rate"),
        Column("lift"),
        Column("95 %", "left"),
    ]
    rows = [
        [
            f"{row.points:+d}",
            row.field,
            row.value,
            count(row.n),
            count(row.converted),
            percent(row.rate),
            f"{row.lift:.2f}",
            f"{row.lift_low:.2f}–{row.lift_high:.2f}",
        ]
        for row in each(told)
    ]
    return f"{title}\n\n{table(columns, rows)}"
