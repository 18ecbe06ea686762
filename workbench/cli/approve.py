"""`workbench approve`: sign a model with its evidence into a bundle."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.approval import approve
from workbench.cli.arguments import add_data, add_model
from workbench.cli.terminal import Progress, printed, say
from workbench.history import read_history
from workbench.model import read_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_model(parser)
    parser.add_argument(
        "--evidence", metavar="DIR", type=Path, required=True, help="what `workbench backtest … --out DIR` wrote"
    )
    add_data(parser)
    parser.add_argument("--author", metavar="ROLE", required=True, help="the role that answers for the model")
    parser.add_argument("--by", metavar="ROLE", required=True, help="the role that approves; not the author's")
    parser.add_argument("--because", metavar="TEXT", required=True, help="why this model may score leads")
    parser.add_argument("--ledger", metavar="FILE", type=Path, help="where openings of the test part are written down")
    parser.add_argument("--out", metavar="BUNDLE", type=Path, required=True, help="folder of the bundle")


def run(args: argparse.Namespace) -> int:
    """Make the evidence again from the data, and write the bundle if it holds."""
    model = read_model(args.model)
    progress = Progress()
    with read_history(args.data, mapping=args.mapping, outcome=args.outcome, progress=progress) as history:
        bundle = approve(
            model,
            args.evidence,
            history,
            author=args.author,
            approver=args.by,
            why=args.because,
            out=args.out,
            ledger=args.ledger,
            progress=progress,
        )
    approval = bundle.approval
    say(printed(f"{model.name} version {model.version} is approved by {approval.approver}; bundle in {args.out}"))
    say(printed(f"  evidence {approval.evidence_digest} (part: {approval.part})"))
    say(printed(f"  approved at {approval.approved_at}, to be looked at again by {approval.review_by}"))
    say(printed(f"Next: workbench export {args.out} --to json --out config"))
    return 0
