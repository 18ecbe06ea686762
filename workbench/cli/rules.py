"""`workbench rules`: conditions that are not in the model and would add to it."""

from __future__ import annotations

import argparse
import textwrap
from pathlib import Path

from workbench.cli.arguments import add_data, add_json, add_model, add_plan
from workbench.cli.chance import chance
from workbench.cli.draft import must_be_new
from workbench.cli.identity import unnamed
from workbench.cli.observing import default_plan, loaded
from workbench.cli.terminal import Progress, note, printed, say, say_json, styled, width
from workbench.errors import CallError
from workbench.model import read_model, write_model
from workbench.observation import observe
from workbench.plan import read_plan
from workbench.proposing import Proposal, Proposals, suggest_rules


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_model(parser)
    add_data(parser)
    add_plan(parser)
    parser.add_argument("--most", metavar="N", type=int, default=10, help="proposals at most; by default 10")
    parser.add_argument(
        "--without", metavar="FIELD", action="append", default=[], help="a field that leaks; may be given again"
    )
    parser.add_argument("--accept", metavar="ID", nargs="+", help="take these proposals into the model, in --out")
    parser.add_argument("--out", metavar="CANDIDATE", type=Path, help="model file to write (YAML)")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Observe, try, print; write the model with what is accepted."""
    if (args.accept is None) != (args.out is None):
        raise CallError.at(
            "--accept, --out",
            expected="both, or neither",
            found="--accept alone" if args.out is None else "--out alone",
            remedy="Name the proposals with --accept ID … and the file with --out FILE.",
        )
    if args.out is not None:
        must_be_new(args.out)
    model = read_model(args.model)
    plan = None if args.plan is None else read_plan(args.plan)
    progress = Progress()
    with loaded(args, progress) as history:
        seen = observe(history, [model], plan or default_plan(history, args.data), progress=progress)
        found = suggest_rules(model, history, seen, most=args.most, exclude=args.without, progress=progress)
        told = unnamed(history)
    if args.accept is not None:
        write_model(found.accept(args.accept), args.out)
    if args.json:
        say_json(found.to_document())
    else:
        say(rules_text(found))
        for line in (*found.warnings, *([told] if told else [])):
            note(line)
    if args.out is not None:
        note(f"Written to {args.out}: a candidate to backtest and compare, not a model to approve.")
    return 0


def rules_text(found: Proposals) -> str:
    """The result for a terminal."""
    head = "\n".join(styled(line, "bold") for line in textwrap.wrap(printed(found.headline), width()))
    if not found.proposals:
        return f"{head}\n{_wrapped(found.scale, '  ')}"
    scale = (
        f"{found.scale}; q: the share of false finds to be expected among conditions as sure as this one, all that "
        "were tried considered"
    )
    return "\n\n".join([f"{head}\n{_wrapped(scale, '  ')}", *(_told(each) for each in found.proposals)])


def _told(each: Proposal) -> str:
    """The points and id, then the evidence and what it would do, wrapped."""
    low, high = (_points(each.evidence[f"points_{end}"]) for end in ("low", "high"))
    points = f"{_points(each.rule['points'])} ({low} to {high})"
    q = chance(each.evidence["p_adjusted"])
    equal = "" if q.startswith("<") else "= "
    first = f"{points}  {each.id}  in {each.rule['in']}: {each.verdict}, q {equal}{q}"
    more = f" Nearly the same: {'; '.join(each.alike)}." if each.alike else ""
    lines = [_wrapped(each.rule["why"] + more, "    ")]
    if each.effect is not None and each.effect.sentence:
        lines.append(_wrapped(each.effect.sentence, "    "))
    return "\n".join([f"  {styled(printed(first), 'bold')}", *lines])


def _points(value: float) -> str:
    return f"{value:+.0f}".replace("-", "−")


def _wrapped(text: str, indent: str) -> str:
    return textwrap.fill(
        printed(text), width(), initial_indent=indent, subsequent_indent=indent, break_long_words=False
    )
