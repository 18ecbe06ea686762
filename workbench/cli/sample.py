"""`workbench sample`: sample data of any size."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.arguments import may_become
from workbench.cli.figures import count
from workbench.cli.table import Column, table
from workbench.cli.terminal import printed, say
from workbench.sample import make_sample

TRUTH = "truth.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="where to write it")
    parser.add_argument("--leads", metavar="N", type=int, default=5000, help="number of leads (default 5000)")
    parser.add_argument("--seed", metavar="S", type=int, default=7, help="what everything is drawn from (default 7)")
    parser.add_argument("--format", choices=["csv", "parquet"], default="csv", help="of the tables (default csv)")


def run(args: argparse.Namespace) -> int:
    """Make the sample."""
    may_become(args.folder, marker=TRUTH, option="DIR")
    truth = make_sample(args.folder, leads=args.leads, seed=args.seed, format=args.format)
    rows = [[name, count(n)] for name, n in truth.rows.items()]
    say(
        printed(
            f"{truth.leads:,} made-up leads of {truth.start} to {truth.end} in {args.folder}; {truth.won:,} were won."
        )
    )
    say(table([Column("table", "left"), Column("rows")], rows))
    say(printed(f"What is true of them is in {args.folder / TRUTH}. Next: workbench check {args.folder}"))
    return 0
