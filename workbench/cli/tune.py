"""`workbench tune`: better points for the rules that are there, under the analyst's constraints."""

from __future__ import annotations

import argparse
import math
import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pandas as pd

from workbench.cli.arguments import add_data, add_json, add_model, add_plan
from workbench.cli.identity import unnamed
from workbench.cli.observing import default_plan, loaded
from workbench.cli.table import Column, each, table, taken
from workbench.cli.terminal import Progress, note, printed, say, say_json, styled, unicode_fits, width
from workbench.errors import CallError
from workbench.model import Model, read_model
from workbench.observation import Observations, observe
from workbench.plan import read_plan
from workbench.suggesting import Constraints, Profile, Suggestion, profile, read_constraints, tune
from workbench.suggesting.suggestion import CUT_SHORT, objective_words
from workbench.suggesting.tune import MOST_STEPS

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
    parser.add_argument(
        "--out", metavar="CANDIDATE", type=Path, help="write the suggested model (YAML), if it is better"
    )
    parser.add_argument(
        "--step", metavar="N", type=int, help="with --out: write the step with N changes, whatever its verdict"
    )
    parser.add_argument("--profile", metavar="PATH", help="a half-life or window instead: what each value would do")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Observe, search, print, write; 1 if no other points are shown to be better."""
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
    if args.json:
        say_json(result.to_document())
    else:
        say(suggestion_text(result))
    sys.stdout.flush()  # the headline comes first, also where both streams go to one place
    _write(args, result)
    return 0 if result.gain_shown else 1


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
    if not result.gain_shown and args.step is None:
        more = "; --step N writes the step of N changes" if len(result.path) > 1 else ""
        note(f"Nothing was written, as no gain is shown{more}.")
        return
    saved = result.save(args.out, changes=args.step)
    note(f"Candidate written to {saved.path}")


# --- in words ---------------------------------------------------------------------------------------------------------


def suggestion_text(result: Suggestion) -> str:
    """The result for a terminal, the headline first."""
    searched, judged = result.parts
    cut = " The time was used up before the search was done." if result.cut_short else ""
    told = f"{result.tried:,} candidates in {result.seconds:.1f} s on {searched}; seed {result.seed}.{cut}"
    parts = [f"{styled(_filled(result.headline), 'bold')}\n{_filled(told)}"]
    if len(result.path) > 1:
        about = "Path: the best found with so many changes"
        parts.append(f"{about} (gains in {objective_words(result.objective)}, 95 %)\n{_path(result)}")
        parts.append(_filled(" ".join(_about(result))))
    if len(result.changes):
        parts.append(f"{'Suggested' if result.gain_shown else _capital(result.chosen)}\n{_changes(result)}")
    if result.recommended:
        gained = result.optimism
        beside = f", validation {_signed(gained['validation_gain'])}" if judged else ""
        parts.append(
            _filled(
                f"Optimism: {searched} promises {_signed(gained['train_gain'])}, held-out folds of it give "
                f"{_signed(gained['cross_gain'])}{beside}."
            )
        )
    parts += [_filled(f"Note: {warning}") for warning in result.warnings if warning != CUT_SHORT]
    text = "\n\n".join(parts)
    return text if unicode_fits(sys.stdout) else text.replace("→", "to")


def _path(result: Suggestion) -> str:
    """Figures in columns; under each step all that it turns. The verdict goes there too where there is no room."""
    searched, judged = result.parts
    columns = [Column("changes"), Column(f"on {searched}"), Column("held-out folds")]
    if judged:
        columns.append(Column("validation"))
    steps = [row for row in each(result.path) if row.changes]
    rows = [
        [
            str(row.changes),
            _signed(row.train_gain),
            _with_interval(row.cross_gain, row.cross_low, row.cross_high),
            *([_with_interval(row.validation_gain, row.validation_low, row.validation_high)] if judged else []),
            row.verdict,
        ]
        for row in steps
    ]
    whole = [*columns, Column("verdict", "left")]
    beside = taken(whole, rows) - 2 <= width()
    mark = "suggested" if result.gain_shown else result.chosen
    under = ["; ".join([*([mark] if row.recommended else []), *([] if beside else [row.verdict])]) for row in steps]
    edits = [_arrows(row.edits) for row in steps]
    texts = [f"{said}: {edit}" if said else edit for said, edit in zip(under, edits, strict=True)]
    return _under(whole if beside else columns, rows if beside else [row[:-1] for row in rows], texts)


def _arrows(edits: str) -> str:
    """Each turn as "free_email −5 → −10"; words of a case stay as they are."""
    return re.sub(r"(\S+) to (\S+)(?=; |$)", lambda turn: _minus(f"{turn[1]} → {turn[2]}"), edits)


def _about(result: Suggestion) -> Iterator[str]:
    """What must be known to read the path."""
    sizes = [int(size) for size in result.path["changes"]]
    judged = bool(result.parts[1])
    steps = len(sizes) - 1
    if steps > 1:
        yield f"Intervals are of each step by itself; verdicts allow for {steps} steps looked at (Holm)."
    if steps > 1 and judged and result.recommended:
        yield (
            f"That of {result.recommended} change{'s' * (result.recommended != 1)} stands alone: the step was chosen "
            f"on {result.parts[0]}, before validation was looked at."
        )
    yield from (_gap(few, many, result.parts[0]) for few, many in pairwise(sizes) if many > few + 1)
    repeated = [int(row.changes) for row in each(result.path) if row.changes and not row.cross_folds]
    if repeated:
        yield (
            f"With {_listed(repeated)} change{'s' * (repeated != [1])} held-out folds repeat the figure of fewer: "
            f"searched without a fold, {'the time ended' if result.cut_short else 'nothing better was found'} before."
        )


def _gap(few: int, many: int, searched: str) -> str:
    """Why steps are not there."""
    missing = _listed(range(few + 1, many))
    within = f"nothing found with so many does better on {searched} than {few}"
    beyond = f"beyond {MOST_STEPS} only the best points without a limit are looked for"
    why = within if many <= MOST_STEPS + 1 else beyond if few >= MOST_STEPS else f"{within}; {beyond}"
    return f"No row for {missing} changes: {why}."


def _listed(sizes: Sequence[int]) -> str:
    if len(sizes) > 2 and sizes[-1] - sizes[0] == len(sizes) - 1:
        return f"{sizes[0]} to {sizes[-1]}"
    *most, last = map(str, sizes)
    return f"{', '.join(most)} and {last}" if most else last


def _changes(result: Suggestion) -> str:
    columns = [Column("rule", "left"), Column("from"), Column("to"), Column("if taken back")]
    frame: pd.DataFrame = result.changes.rename(columns={"from": "old", "to": "new"})
    rows = [
        [row.rule, _minus(f"{row.old:g}"), _minus(f"{row.new:g}"), _signed(-row.lost_without)] for row in each(frame)
    ]
    texts = [": ".join(part for part in (row.case, row.why) if part) for row in each(frame)]
    return _under(columns, rows, texts)


def _under(columns: Sequence[Column], rows: Sequence[Sequence[str]], texts: Sequence[str]) -> str:
    """A table with a text under each row, wrapped to the terminal."""
    heading, *lines = table(columns, rows).split("\n")
    found = [heading]
    for line, text in zip(lines, texts, strict=True):
        found += [line, *([_filled(text, indent="      ")] if text else [])]
    return "\n".join(found)


def _filled(text: str, *, indent: str = "") -> str:
    """Wrapped to the terminal; a change of points and a percentage stay on one line."""
    whole = re.sub(r" (\S+) → ", "\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}", text)
    lines = textwrap.fill(
        printed(whole.replace(" %", "\N{NO-BREAK SPACE}%").replace("\n", " ")),
        width(),
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines.replace("\N{NO-BREAK SPACE}", " ")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


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
    parts = [styled(_filled(found.headline), "bold"), table(columns, rows)]
    return "\n\n".join([*parts, *(_filled(f"Note: {warning}") for warning in found.warnings)])


def _minus(text: str) -> str:
    return text.replace("-", "−")


def _signed(value: float) -> str:
    if math.isnan(value):
        return "–"
    return _minus(f"{value:+.4f}" if abs(value) < 10 else f"{value:+,.0f}")


def _with_interval(value: float, low: float, high: float) -> str:
    if math.isnan(value):
        return "–"
    return f"{_signed(value)} ({_signed(low)} to {_signed(high)})" if value or low or high else _signed(0.0)
