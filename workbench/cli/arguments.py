"""Arguments that several commands share, and what they stand for."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NoReturn

from workbench.errors import CallError, listed

PLAN_NAME: Final = "plan.yaml"


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are errors of ours."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        """Raise what argparse has to say as a CallError."""
        remedy = f"See: {self.prog} --help."
        missing = re.fullmatch(r"the following arguments are required: (.*)", message)
        if missing:
            raise CallError.at(self.prog, expected=missing[1], found="nothing for it", remedy=remedy)
        unknown = re.fullmatch(r"unrecognized arguments: (.*)", message)
        if unknown:
            raise CallError.at(
                self.prog, expected="arguments it knows", found=unknown[1], remedy=self._meant(unknown[1])
            )
        about = re.fullmatch(r"argument ([^:]*): (.*)", message, re.DOTALL)
        if about:
            raise CallError.at(f"{self.prog} {about[1]}", expected="a usable value", found=about[2], remedy=remedy)
        raise CallError.at(self.prog, expected="a call as in its help", found=message, remedy=remedy)

    def _meant(self, words: str) -> str:
        options = [option for option in self._option_string_actions if option.startswith("--")]
        first = words.split()[0]
        if first.startswith("-"):
            return meant(first, options)
        return f"See: {self.prog} --help."


def meant(name: str, known: Iterable[str]) -> str:
    """A remedy for a word that is not known.

    >>> meant("chek", ["check", "score"])
    "Did you mean 'check'?"
    """
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return f"Did you mean '{close[0]}'?" if close else f"Known are: {listed(names)}."


def add_data(parser: argparse.ArgumentParser, *, positional: bool = False, identity: bool = True) -> None:
    """The data and how to read it; `identity`: the lead's id can be named in the call."""
    help_ = "folder with its history.yaml, a CSV, TSV, JSON-lines or Parquet file, or a .duckdb file"
    if positional:
        parser.add_argument("data", metavar="DATA", type=Path, help=help_)
    else:
        parser.add_argument("--data", metavar="DATA", type=Path, required=True, help=help_)
    parser.add_argument("--mapping", metavar="FILE", type=Path, help="mapping file, if not DATA/history.yaml")
    parser.add_argument("--outcome", metavar="COLUMN=VALUE", help='flat tables: what counts as success ("Converted=1")')
    if identity:
        parser.add_argument("--id", metavar="COLUMN", help="flat tables: the lead's id, if not lead_id")


def add_model(parser: argparse.ArgumentParser) -> None:
    """The model file."""
    parser.add_argument("model", metavar="MODEL", type=Path, help="model file (YAML)")


def add_plan(parser: argparse.ArgumentParser) -> None:
    """The plan file."""
    parser.add_argument(
        "--plan",
        metavar="PLAN",
        type=Path,
        help=f"plan file; without it {PLAN_NAME} in the folder DATA, or as recorded if the outcome stands in the row",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """The machine-readable result."""
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def plan_beside(data: Path) -> Path | None:
    """The plan file in the folder of the data, if any; what lies beside a single file is not meant for it."""
    return data / PLAN_NAME if (data / PLAN_NAME).is_file() else None


def may_become(folder: Path, *, marker: str, option: str = "--out") -> Path:
    """A folder that may be written whole: new, empty, or made by the same command before.

    Args:
        folder: what the call names.
        marker: a file that only this command's results have.
        option: how the call names it.

    Raises:
        CallError: if anything else is there, which would be lost.
    """
    if folder.is_dir() and ((folder / marker).is_file() or not any(folder.iterdir())):
        return folder
    if folder.exists() or folder.is_symlink():
        raise CallError.at(
            f"{option} {folder}",
            expected="a new or empty folder" + (f", or one with a {marker} to replace" if marker else ""),
            found="something else" if folder.is_dir() else "a file",
            remedy="Name another folder; nothing there was touched.",
        )
    return folder
