"""`workbench reference`: the model language on one page."""

from __future__ import annotations

import argparse

from workbench.cli.arguments import add_json
from workbench.cli.terminal import say, say_json, styled
from workbench.reference import reference


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the page."""
    page = reference()
    if args.json:
        say_json(page.to_document())
    else:
        lines = str(page).rstrip().split("\n")
        say("\n".join(styled(line, "bold") if line.startswith("#") else line for line in lines))
    return 0
