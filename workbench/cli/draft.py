"""`workbench draft`: a model to start from, out of a sheet of criteria and points or a HubSpot score."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from workbench.cli.arguments import add_json
from workbench.cli.figures import count
from workbench.cli.observing import loaded
from workbench.cli.table import Column, table
from workbench.cli.terminal import Progress, printed, say, say_json, styled
from workbench.drafts import Draft, draft_from_hubspot, draft_from_sheet, is_hubspot
from workbench.errors import CallError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "source",
        metavar="SHEET|SCORE",
        type=Path,
        help="a CSV or TSV file of criterion and points, or the .json of a HubSpot lead score",
    )
    parser.add_argument(
        "--data",
        metavar="DATA",
        type=Path,
        help="sheets: the data that the model is meant for; its fields, values and events are matched",
    )
    parser.add_argument("--mapping", metavar="FILE", type=Path, help="mapping file, if not DATA/history.yaml")
    parser.add_argument("--outcome", metavar="COLUMN=VALUE", help='flat tables: what counts as success ("Converted=1")')
    parser.add_argument("--out", metavar="MODEL", type=Path, required=True, help="model file to write (YAML)")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Draft, write the model file, and print what it leaves open."""
    must_be_new(args.out)
    found = _drafted(args)
    found.write(args.out)
    if args.json:
        say_json({"file": str(args.out), **found.to_document()})
    else:
        say(f"{draft_text(found)}\n\n{printed(f'Written to {args.out}: each question stands as a comment in it.')}")
    return 0


def must_be_new(out: Path) -> None:
    """Refuse to write over a file: it may hold somebody's edits."""
    if out.suffix.lower() not in {".yaml", ".yml"}:
        found = f"'{out.suffix}'" if out.suffix else "no ending"
        remedy = "Name it, such as draft.yaml."
        raise CallError.at(f"--out {out}", expected="a file name that ends in .yaml", found=found, remedy=remedy)
    if out.exists() or out.is_symlink():
        found = "a folder" if out.is_dir() else "a file"
        remedy = "Name another file; nothing there was touched."
        raise CallError.at(f"--out {out}", expected="a new file", found=found, remedy=remedy)


def _drafted(args: argparse.Namespace) -> Draft:
    if is_hubspot(args.source):
        if args.data is not None:
            raise CallError.at(
                "--data",
                expected="none beside a HubSpot score",
                found=str(args.data),
                remedy="Leave it out: a HubSpot score names its properties itself.",
            )
        return draft_from_hubspot(args.source)
    if args.data is None:
        return draft_from_sheet(args.source)
    with loaded(args, Progress()) as history:
        return draft_from_sheet(args.source, history)


def draft_text(found: Draft) -> str:
    """The draft for a terminal: what became of what, the questions, and what was not read."""
    parts = [styled(printed(found.headline), "bold")]
    became = ", ".join(f"{number} {_WORDS[what]}" for what, number in sorted(Counter(found.counted).items()))
    parts[0] += f"\n  of {len(found.entries)} rows and settings: {became}"
    if found.headings:
        named = ", ".join(f"'{each.criterion}' ({each.place})" for each in found.headings)
        parts.append(printed(f"{count(len(found.headings))} taken for headings: {named}"))
    if found.questions:
        columns = [Column("where", "left", flows=True), Column("what", "left", flows=True)]
        columns += [Column("assumed", "left", flows=True), Column("to decide", "left", flows=True)]
        rows = [[each.place, each.criterion, each.assumed, each.decide] for each in found.questions]
        parts.append(f"Questions\n{table(columns, rows)}")
    if found.unread:
        columns = [Column("where", "left", flows=True), Column("what", "left", flows=True)]
        columns += [Column("points", "left"), Column("why, and what to do", "left", flows=True)]
        lost = [[each.place, each.criterion, each.points, f"{each.reason} {each.remedy}"] for each in found.unread]
        parts.append(f"Not read\n{table(columns, lost)}")
    return "\n\n".join(parts)


_WORDS = {
    "rule": "in rules",
    "tier": "in tiers",
    "gate": "in gates",
    "cap": "in caps",
    "nothing": "without a score",
    "unread": "not read",
}
