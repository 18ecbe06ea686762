"""`workbench approve`: sign a model with its evidence into a bundle."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from workbench.approval import approve
from workbench.backtesting.backtest import FEW_CONVERTED
from workbench.cli.arguments import add_data, add_model
from workbench.cli.figures import percent
from workbench.cli.observing import loaded
from workbench.cli.terminal import Progress, note, printed, say
from workbench.model import read_model

CHANCE: Final = 0.5
"""The AUC of a ranking by lot."""


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
    with loaded(args, progress) as history:
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
    held = "held back" if approval.held_back else "NOT held back: everything was judged"
    say(printed(f"  evidence {approval.evidence_digest} (part: {approval.part}, {held})"))
    say(printed(f"  approved at {approval.approved_at}, to be looked at again by {approval.review_by}"))
    for caution in cautions(bundle.evidence.document):
        note(f"Bear in mind: {caution}")
    say(printed(f"Next: workbench export {args.out} --to json --out config"))
    return 0


def cautions(document: Mapping[str, Any]) -> list[str]:
    """What speaks against relying on the evidence: few conversions, no better than chance, and its own warnings."""
    observed, auc = document["observed"], document["metrics"]["auc"]
    n, converted = int(observed["n"]), int(observed["converted"])
    few = min(converted, n - converted)
    found, said = [], ""
    if few < FEW_CONVERTED:
        which, said = "converted" if few == converted else "did not convert", f"Only {converted} of "
        found.append(
            f"the evidence is thin: only {few:,} of its {n:,} observations {which} (base rate "
            f"{percent(converted / n)}); it cannot tell this model from one that is somewhat better or worse."
        )
    if auc["low"] is None or auc["low"] <= CHANCE:
        found.append("the evidence does not show that the model ranks better than chance.")
    return [*found, *(line for line in document["warnings"] if not said or not line.startswith(said))]
