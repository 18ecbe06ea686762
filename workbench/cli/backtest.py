"""`workbench backtest`: what a model would have scored then, against what happened after."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.approval.evidence import FILES, write_evidence
from workbench.approval.files import must_be_free
from workbench.backtesting import Backtest, backtest, to_document
from workbench.cli.arguments import add_data, add_json, add_plan
from workbench.cli.judgement import judgement
from workbench.cli.observing import observed
from workbench.cli.terminal import Progress, note, say, say_json
from workbench.errors import CallError
from workbench.model import Model, read_model
from workbench.observation import Observations
from workbench.observation.split import TEST


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("model", metavar="MODEL", type=Path, nargs="?", help="model file (YAML)")
    parser.add_argument("--recorded", action="store_true", help="judge the scores that the CRM recorded, not a model")
    parser.add_argument("--score", metavar="COLUMN", help="with --recorded, flat tables: the column of the CRM's score")
    add_data(parser)
    add_plan(parser)
    parser.add_argument("--part", help="train or validation; by default validation")
    parser.add_argument("--open-test", action="store_true", help="judge the sealed test part; every look is counted")
    parser.add_argument("--because", metavar="TEXT", help="why the test part is opened, in a sentence")
    parser.add_argument("--ledger", metavar="FILE", type=Path, help="where openings are written down")
    parser.add_argument("--out", metavar="DIR", type=Path, help="write the evidence into this folder, for an approval")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Observe, judge, print; write the evidence if asked."""
    _checked(args)
    progress = Progress()
    model = None if args.recorded else read_model(args.model)
    seen, dropped = observed(args, [] if model is None else [model], progress)
    if args.open_test:
        seen = seen.open_test(because=args.because, ledger=args.ledger)
    progress("Judging")
    result = backtest(model, seen, part=TEST if args.open_test else args.part)
    _write(args, result, model, seen)
    if args.json:
        say_json(to_document(result))
    else:
        say(judgement(result, dropped=dropped))
    if args.out is not None:
        note(f"Evidence written to {args.out}")
    return 0


def _write(args: argparse.Namespace, result: Backtest, model: Model | None, seen: Observations) -> None:
    if args.out is not None and model is not None:
        write_evidence(result, model, seen.plan, args.out)


def _checked(args: argparse.Namespace) -> None:
    """Refuse what contradicts itself before anything is read."""
    if args.recorded == (args.model is not None):
        raise CallError.at(
            "workbench backtest",
            expected="either a MODEL or --recorded",
            found="both" if args.recorded else "neither",
            remedy="Name the model file, or judge the scores that the CRM recorded with --recorded.",
        )
    if args.score is not None and not args.recorded:
        raise CallError.at(
            "--score", expected="--recorded beside it", found="a MODEL", remedy="Leave one of the two out."
        )
    if args.recorded and args.out is not None:
        raise CallError.at(
            "--out",
            expected="a model whose evidence is written",
            found="--recorded",
            remedy="Recorded scores cannot be approved; keep their result with --json > FILE.",
        )
    if args.open_test and not (args.because or "").strip():
        raise CallError.at(
            "--open-test",
            expected="the reason for opening the sealed test, in --because",
            found="none",
            remedy="Say in a sentence what decision hangs on it.",
        )
    if args.open_test and args.part not in {None, TEST}:
        raise CallError.at("--part", expected="test", found=args.part, remedy="Leave it out beside --open-test.")
    if not args.open_test and (args.because is not None or args.ledger is not None or args.part == TEST):
        raise CallError.at(
            "--part test" if args.part == TEST else "--because" if args.because is not None else "--ledger",
            expected="--open-test beside it, since the test part is sealed",
            found="none",
            remedy="Add --open-test and --because TEXT; every opening is counted.",
        )
    if args.out is not None:
        must_be_free(args.out, FILES)
