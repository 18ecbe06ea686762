"""`workbench score`: every lead's, or account's, score at a moment, as a file."""

from __future__ import annotations

import argparse
import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pandas as pd

from workbench.backtesting.document import records
from workbench.cli.arguments import add_data, add_model
from workbench.cli.figures import count, percent, points
from workbench.cli.identity import unnamed
from workbench.cli.observing import loaded
from workbench.cli.spreadsheet import delimited
from workbench.cli.table import Column, table
from workbench.cli.terminal import Progress, note, printed, say
from workbench.engine import parquet
from workbench.errors import CallError
from workbench.model import Model, read_model
from workbench.observation import after_the_end
from workbench.scoring import SALT, Explore, score
from workbench.whole import write_whole


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_model(parser)
    add_data(parser)
    parser.add_argument(
        "--as-of", metavar="T", help="moment such as 2026-06-30T00:00:00Z; by default the end of the data"
    )
    parser.add_argument("--unit", choices=["lead", "account"], default="lead", help="whose scores; by default lead")
    parser.add_argument(
        "--explore", metavar="SHARE", help="mark a random slice of those below the cut, such as 5%%, to learn from"
    )
    parser.add_argument("--explore-cut", metavar="TIER", help="the cut; by default the first tier above the lowest")
    parser.add_argument("--explore-salt", metavar="TEXT", help="draw the slice anew, such as for 2026-Q4")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help=f"file: {', '.join(_WRITERS)}")


def run(args: argparse.Namespace) -> int:
    """Score and write the file, whole or not at all."""
    write = _writer(args.out)
    explore = _explore(args)
    model = read_model(args.model)
    with loaded(args, Progress()) as history:
        told = [each for each in (unnamed(history), after_the_end(history, args.as_of)) if each]
        scores = score(model, history, args.as_of, unit=args.unit, explore=explore)
    write_whole(args.out, write(scores))
    say(_told(model, scores, args.out, args.unit))
    for each in told:
        note(each)
    return 0


def _explore(args: argparse.Namespace) -> Explore | None:
    """The slice that a call asks for."""
    if args.explore is None:
        for name in ("cut", "salt"):
            if getattr(args, f"explore_{name}") is not None:
                raise CallError.at(
                    f"--explore-{name}", expected="--explore beside it", found="none", remedy="Say how large a slice."
                )
        return None
    found = re.fullmatch(r"\s*([0-9]{1,3}(?:\.[0-9]{1,6})?|\.[0-9]{1,6})\s*(%?)\s*", args.explore)
    if found is None:
        raise CallError.at(
            "--explore", expected="a share such as 5% or 0.05", found=repr(args.explore), remedy="Write it like that."
        )
    share = float(found[1]) / (100 if found[2] else 1)
    return Explore(share, cut=args.explore_cut, salt=SALT if args.explore_salt is None else args.explore_salt)


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
    told = f"{title}\n{table(columns, rows)}"
    if "explore" in scores:
        drawn, below = int(scores["explore"].sum()), int((scores["explore_chance"] > 0).sum())
        told += f"\n  to explore: {drawn:,} of {below:,} {unit}s below the cut, drawn by hash; work them all the same"
    return told


def _csv(scores: pd.DataFrame) -> bytes:
    return delimited(scores)


def _tsv(scores: pd.DataFrame) -> bytes:
    return delimited(scores, "\t")


def _jsonl(scores: pd.DataFrame) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in records(scores)).encode()


_WRITERS: Final = {".csv": _csv, ".tsv": _tsv, ".parquet": parquet, ".jsonl": _jsonl}
