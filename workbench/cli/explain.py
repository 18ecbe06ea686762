"""`workbench explain`: the ledger of one lead."""

from __future__ import annotations

import argparse

from workbench.cli.arguments import add_data, add_json, add_model
from workbench.cli.observing import loaded
from workbench.cli.table import Column, each, table
from workbench.cli.terminal import Progress, printed, say, say_json, styled
from workbench.ledger import signed
from workbench.model import read_model
from workbench.scoring import Explanation, explain


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_model(parser)
    add_data(parser)
    parser.add_argument("--lead", metavar="ID", required=True, help="which lead")
    parser.add_argument(
        "--as-of", metavar="T", help="moment such as 2026-06-30T00:00:00Z; by default the end of the data"
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Explain and print."""
    model = read_model(args.model)
    with loaded(args, Progress()) as history:
        found = explain(model, history, lead_id=args.lead, as_of=args.as_of)
    if args.json:
        say_json(found.to_document())
    else:
        say(explanation_text(found))
    return 0


def explanation_text(found: Explanation) -> str:
    """The ledger for a terminal; its points add up to the score."""
    columns = [
        Column("points"),
        Column("line", "left", flows=True),
        Column("because", "left", flows=True),
        Column("why", "left", flows=True),
    ]
    rows = [
        [
            signed(round(line.points * 1000)),
            line.name if line.line == "rule" else f"{line.name}: {line.line}",
            line.because,
            line.why,
        ]
        for line in each(found.lines)
    ]
    total = sum(round(points * 1000) for points in found.lines["points"])
    rows.append(
        [
            f"{total / 1000:g}".replace("-", "−"),
            "score" if found.score is not None else "score without the gate",
            "",
            "",
        ]
    )
    by_dimension = ", ".join(f"{name} {points:g}".replace("-", "−") for name, points in found.dimensions.items())
    return f"{styled(printed(found.headline), 'bold')}\n  {printed(by_dimension)}\n\n{table(columns, rows)}"
