"""`workbench tune`: better points for the rules that are there, under the analyst's constraints."""

from __future__ import annotations

import argparse
import math
import re
from pathlib import Path

import pandas as pd

from workbench.cli.arguments import add_data, add_json, add_model, add_plan
from workbench.cli.identity import unnamed
from workbench.cli.observing import default_plan, loaded
from workbench.cli.table import Column, each, table
from workbench.cli.terminal import Progress, note, printed, say, say_json, styled
from workbench.errors import CallError
from workbench.model import Model, read_model
from workbench.observation import Observations, observe
from workbench.plan import read_plan
from workbench.suggesting import Constraints, Profile, Suggestion, profile, read_constraints, tune

SECONDS = 120.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_model(parser)
    add_data(parser)
    add_plan(parser)
    parser.add_argument(
        "--objective", default="auc", metavar="NAME", help="auc, log_loss, lift_10 (or another percentage), value"
    )
    parser.add_argument("--constraints", metavar="FILE", type=Path, help="what points may become (YAML)")
    parser.add_argument("--max-changes", metavar="N", type=int, help="at most so many numbers of points change")
    parser.add_argument("--keep", metavar="RULE", action="append", default=[], help="a rule that stays as it is")
    parser.add_argument("--range", metavar="LOW,HIGH", help="lowest and highest points, such as --range=-20,20")
    parser.add_argument("--sign", choices=["kept", "free", "positive", "negative"], help="of points; by default kept")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"time for the search; by default {SECONDS:g}")
    parser.add_argument("--seed", type=int, default=7, help="of everything random; by default 7")
    parser.add_argument("--out", metavar="CANDIDATE", type=Path, help="write the suggested model (YAML)")
    parser.add_argument("--step", metavar="N", type=int, help="with --out: the step of the path with N changes")
    parser.add_argument("--profile", metavar="PATH", help="a half-life or window instead: what each value would do")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Observe, search, print; 1 if no other points are suggested."""
    constraints = _constraints(args)
    _checked(args)
    progress = Progress()
    model = read_model(args.model)
    constraints.demand_known(model)
    seen = _seen(args, model, progress)
    if args.profile is not None:
        found = profile(model, seen, args.profile, objective=args.objective, progress=progress)
        if args.json:
            say_json(found.to_document())
        else:
            say(profile_text(found))
        return 0
    result = tune(
        model,
        seen,
        objective=args.objective,
        constraints=constraints,
        seed=args.seed,
        seconds=args.seconds,
        progress=progress,
    )
    _write(args, result)
    if args.json:
        say_json(result.to_document())
    else:
        say(suggestion_text(result))
    return 0 if result.recommended and result.verdict != "worse" else 1


def _seen(args: argparse.Namespace, model: Model, progress: Progress) -> Observations:
    plan = None if args.plan is None else read_plan(args.plan)
    with loaded(args, progress) as history:
        found = plan or default_plan(history, args.data)
        told = unnamed(history)
        if told:
            note(told)
        return observe(history, [model], found, tunable=args.profile is not None, progress=progress)


def _constraints(args: argparse.Namespace) -> Constraints:
    """What the file says, then what the call says."""
    base = Constraints() if args.constraints is None else read_constraints(args.constraints)
    low_high = None
    if args.range is not None:
        match = re.fullmatch(r"\s*(-?\d{1,6})\s*[,:]\s*(-?\d{1,6})\s*", args.range)
        if match is None:
            remedy = "Write it with an equals sign: --range=-20,20."
            raise CallError.at("--range", expected="two whole numbers", found=repr(args.range), remedy=remedy)
        low_high = (int(match[1]), int(match[2]))
    return base.changed(max_changes=args.max_changes, keep=args.keep, low_high=low_high, sign=args.sign)


def _checked(args: argparse.Namespace) -> None:
    if not math.isfinite(args.seconds) or args.seconds <= 0:
        raise CallError.at("--seconds", expected="a time above 0", found=str(args.seconds), remedy="Give it some.")
    if args.seed < 0:
        raise CallError.at("--seed", expected="a number of 0 or more", found=str(args.seed), remedy="Choose another.")
    if args.step is not None and args.out is None:
        raise CallError.at("--step", expected="--out beside it", found="none", remedy="Name the file with --out.")
    if args.profile is not None and args.out is not None:
        remedy = "Change the number in the model file, or in the tuner."
        raise CallError.at("--out", expected="no --profile beside it", found=args.profile, remedy=remedy)


def _write(args: argparse.Namespace, result: Suggestion) -> None:
    if args.out is None:
        return
    if not result.recommended and args.step is None:
        note("No points are suggested, so nothing was written; --step N writes a step of the path.")
        return
    saved = result.save(args.out, changes=args.step)
    note(f"Candidate written to {saved.path}")


# --- in words ---------------------------------------------------------------------------------------------------------


def suggestion_text(result: Suggestion) -> str:
    """The result for a terminal."""
    searched, judged = result.parts
    parts = [
        styled(printed(result.headline), "bold"),
        f"{result.tried:,} candidates in {result.seconds:.1f} s on {searched}; seed {result.seed}",
        f"Path: the best found with so many changes (gains over the champion, 95 %)\n{_path(result)}",
    ]
    if len(result.changes):
        parts.append(f"Suggested\n{_changes(result)}")
    told = result.optimism
    if result.recommended:
        beside = f", validation {_signed(told['validation_gain'])}" if judged else ""
        parts.append(
            f"Optimism: {searched} promises {_signed(told['train_gain'])}, held-out folds of it give "
            f"{_signed(told['cross_gain'])}{beside}."
        )
    parts += [f"Note: {printed(warning)}" for warning in result.warnings]
    return "\n\n".join(parts)


def _path(result: Suggestion) -> str:
    searched, judged = result.parts
    columns = [
        Column("changes"),
        Column(f"gain on {searched}"),
        Column("held-out folds"),
        Column("validation" if judged else "verdict", "left" if not judged else "right"),
        *([Column("verdict", "left")] if judged else []),
        Column("", "left"),
        Column("what changes", "left", flows=True),
    ]
    rows = []
    before: set[str] = set()
    for row in each(result.path):
        own = row.edits.split("; ") if row.edits else []
        new = [edit for edit in own if edit not in before] or own
        before = set(own)
        figures = [
            str(row.changes),
            _signed(row.train_gain),
            _with_interval(row.cross_gain, row.cross_low, row.cross_high),
        ]
        if judged:
            figures.append(_with_interval(row.validation_gain, row.validation_low, row.validation_high))
        mark = "<- suggested" if row.recommended and row.changes else ""
        rows.append([*figures, row.verdict, mark, "; ".join(new) if row.changes else "the champion"])
    return table(columns, rows)


def _changes(result: Suggestion) -> str:
    columns = [
        Column("rule", "left"),
        Column("case", "left", flows=True),
        Column("from"),
        Column("to"),
        Column("lost without"),
        Column("why", "left", flows=True),
    ]
    frame: pd.DataFrame = result.changes.rename(columns={"from": "old", "to": "new"})
    rows = [
        [row.rule, row.case, f"{row.old:g}", f"{row.new:g}", _signed(-row.lost_without), row.why] for row in each(frame)
    ]
    return table(columns, rows)


def profile_text(found: Profile) -> str:
    """A profile for a terminal."""
    columns = [
        Column("days"),
        Column(found.objective),
        Column("against the present"),
        Column("verdict", "left"),
        Column("as good as the best", "left"),
        Column("validation"),
    ]
    rows = [
        [
            f"{row.value}{' (now)' if row.value == found.now else ''}",
            f"{row.objective:.4f}",
            _with_interval(row.gain, row.low, row.high),
            row.verdict,
            "yes" if row.as_good else "",
            _with_interval(row.validation_gain, row.validation_low, row.validation_high),
        ]
        for row in each(found.frame)
    ]
    parts = [styled(printed(found.headline), "bold"), table(columns, rows)]
    return "\n\n".join([*parts, *(f"Note: {printed(warning)}" for warning in found.warnings)])


def _signed(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:+.4f}" if abs(value) < 10 else f"{value:+,.0f}"


def _with_interval(value: float, low: float, high: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{_signed(value)} ({_signed(low)} to {_signed(high)})" if value or low or high else _signed(0.0)
