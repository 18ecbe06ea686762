"""`workbench diff`: what changed between two models, in words."""

from __future__ import annotations

import argparse
import textwrap
from pathlib import Path

from workbench.changes import Change, Changes, diff
from workbench.cli.arguments import add_json
from workbench.cli.terminal import one_line, say, say_json, styled, width
from workbench.model import read_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("old", metavar="A", type=Path, help="model file (YAML), the old one")
    parser.add_argument("new", metavar="B", type=Path, help="model file (YAML), the new one")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Compare and print; that something differs is information, not a failure."""
    found = diff(read_model(args.old), read_model(args.new))
    if args.json:
        say_json(found.to_document())
    else:
        say(changes_text(found))
    return 0


def changes_text(found: Changes) -> str:
    """The changes for a terminal, those that touch scores first."""
    scoring = [_line(line) for line in found.lines if line.touches == "scores"]
    quiet = [_line(line) for line in found.lines if line.touches != "scores"]
    note = ["", styled("Without effect on any score:", "dim")] if scoring and quiet else []
    return "\n".join([styled(one_line(found.headline), "bold"), *scoring, *note, *quiet])


def _line(change: Change) -> str:
    text = one_line(str(change))
    lines = textwrap.wrap(text, width(), initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False)
    return "\n".join(lines)
