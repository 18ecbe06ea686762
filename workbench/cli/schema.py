"""`workbench schema`: the JSON Schema of a file, for editors that complete and check it."""

from __future__ import annotations

import argparse
from typing import Final

from pydantic import BaseModel

from workbench.cli.terminal import say_json
from workbench.history import HistoryMapping
from workbench.model import Model
from workbench.plan import Plan

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_KINDS: Final[dict[str, type[BaseModel]]] = {"model": Model, "plan": Plan, "history": HistoryMapping}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("kind", choices=list(_KINDS), help="which file")


def run(args: argparse.Namespace) -> int:
    """Print the schema."""
    say_json({"$schema": DIALECT, **_KINDS[args.kind].model_json_schema(by_alias=True)})
    return 0
