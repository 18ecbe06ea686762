"""`workbench explain`: the ledger of one lead."""

from __future__ import annotations

import argparse

from workbench.cli.arguments import add_data, add_json, add_model
from workbench.cli.observing import loaded
from workbench.cli.table import Column, each, table
from workbench.cli.terminal import Progress, note, printed, say, say_json, styled
from workbench.explaining import Explanation, explain
from workbench.ledger import signed
from workbench.model import read_model
from workbench.observation import after_the_end

MOST_EVENTS = 8
"""Events of one rule that are listed."""


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
        beyond = after_the_end(history, args.as_of)
    if args.json:
        say_json(found.to_document())
    else:
        say(explanation_text(found))
    if beyond:
        note(beyond)
    return 0


def explanation_text(found: Explanation) -> str:
    """The ledger for a terminal; its points add up to the score. Then the events behind it, and what is next."""
    columns = [
        Column("points"),
        Column("line", "left", flows=True),
        Column("because", "left", flows=True),
        Column("why", "left", flows=True),
    ]
    rows = [
        [
            "" if line.line in {"variant", "gate"} else signed(round(line.points * 1000)),
            line.name if line.line == "rule" else f"{line.name}: {line.line}",
            line.because,
            line.why,
        ]
        for line in each(found.lines)
    ]
    total = sum(round(points * 1000) for points in found.lines["points"])
    name = "score" if found.score is not None else "score without the gate"
    sum_line = [f"{total / 1000:g}".replace("-", "−"), name, "", ""]
    gates = [row for row, line in zip(rows, found.lines["line"], strict=True) if line == "gate"]
    lines = [row for row in rows if row not in gates]
    by_dimension = ", ".join(f"{name} {points:g}".replace("-", "−") for name, points in found.dimensions.items())
    parts = [
        f"{styled(printed(found.headline), 'bold')}\n  {printed(by_dimension)}",
        table(columns, [*lines, sum_line, *gates]),
    ]
    if len(found.evidence):
        parts.append(f"{styled('Events behind it', 'bold')}\n{_evidence(found)}")
    if found.next is not None:
        parts.append(printed(found.next.sentence))
    return "\n\n".join(parts)


def _evidence(found: Explanation) -> str:
    """The events, newest first in each rule; a long list says how many more there are."""
    columns = [Column("rule", "left"), Column("event", "left"), Column("when", "left"), Column("age"), Column("points")]
    others = (found.evidence["lead_id"] != found.lead_id).any()
    rows = [
        [
            line.rule,
            f"{line.event} of {line.lead_id}" if others else line.event,
            line.occurred_at.strftime("%Y-%m-%d %H:%M"),
            f"{line.age_days} d",
            "" if line.points != line.points else signed(round(line.points * 1000)),  # NaN
        ]
        for line in each(found.evidence.groupby("rule", sort=False).head(MOST_EVENTS))
    ]
    more = len(found.evidence) - len(rows)
    return table(columns, rows) + (f"\n… and {more} older ones; --json lists all." if more else "")
