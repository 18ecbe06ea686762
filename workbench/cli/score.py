"""`workbench score`: every lead's, or account's, score at a moment, as a file."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pandas as pd

from workbench.backtesting.document import records
from workbench.cli.arguments import add_data, add_model
from workbench.cli.figures import count, percent, points
from workbench.cli.identity import unnamed
from workbench.cli.observing import loaded
from workbench.cli.table import Column, table
from workbench.cli.terminal import Progress, note, printed, say
from workbench.engine import parquet
from workbench.errors import CallError
from workbench.model import Model, read_model
from workbench.observation import after_the_end
from workbench.scoring import score
from workbench.whole import write_whole

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would run as a formula (OWASP, CSV injection)."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_model(parser)
    add_data(parser)
    parser.add_argument(
        "--as-of", metavar="T", help="moment such as 2026-06-30T00:00:00Z; by default the end of the data"
    )
    parser.add_argument("--unit", choices=["lead", "account"], default="lead", help="whose scores; by default lead")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help=f"file: {', '.join(_WRITERS)}")


def run(args: argparse.Namespace) -> int:
    """Score and write the file, whole or not at all."""
    write = _writer(args.out)
    model = read_model(args.model)
    with loaded(args, Progress()) as history:
        told = [each for each in (unnamed(history), after_the_end(history, args.as_of)) if each]
        scores = score(model, history, args.as_of, unit=args.unit)
    write_whole(args.out, write(scores))
    say(_told(model, scores, args.out, args.unit))
    for each in told:
        note(each)
    return 0


def _writer(out: Path) -> Callable[[pd.DataFrame], bytes]:
    found = _WRITERS.get(out.suffix.lower())
    if found is None:
        raise CallError.at(
            f"--out {out}",
            expected=f"a file name that ends in one of {', '.join(_WRITERS)}",
            found=f"'{out.suffix}'" if out.suffix else "no ending",
            remedy="The ending says the format: name it, such as scores.csv.",
        )
    if out.is_dir():
        raise CallError.at(f"--out {out}", expected="a file", found="a folder", remedy="Name a file in it.")
    return found


def _told(model: Model, scores: pd.DataFrame, out: Path, unit: str) -> str:
    found = [(str(tier), len(group), float(group["score"].median())) for tier, group in scores.groupby("tier")]
    found.sort(key=lambda tier: (math.isnan(tier[2]), -tier[2]))
    rows = [[tier, count(n), percent(n / len(scores)), points(median)] for tier, n, median in found]
    columns = [Column("tier", "left"), Column(f"{unit}s"), Column("share"), Column("median score")]
    title = printed(f"{len(scores):,} {unit}s scored by {model.name} version {model.version}, written to {out}")
    return f"{title}\n{table(columns, rows)}"


def _delimited(scores: pd.DataFrame, delimiter: str) -> bytes:
    """CSV or TSV in which no text can be taken for a formula."""
    safe = scores.rename(columns=_harmless)
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]):
            safe[name] = safe[name].map(_harmless, na_action="ignore")
    return safe.to_csv(index=False, sep=delimiter, lineterminator="\n").encode()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _csv(scores: pd.DataFrame) -> bytes:
    return _delimited(scores, ",")


def _tsv(scores: pd.DataFrame) -> bytes:
    return _delimited(scores, "\t")


def _jsonl(scores: pd.DataFrame) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in records(scores)).encode()


_WRITERS: Final = {".csv": _csv, ".tsv": _tsv, ".parquet": parquet, ".jsonl": _jsonl}
