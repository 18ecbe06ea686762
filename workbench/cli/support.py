"""`workbench support`: what the data says of every rule, and what changing it would bring."""

from __future__ import annotations

import argparse
from typing import Any

from workbench.cli import terminal
from workbench.cli.arguments import add_data, add_json, add_model, add_plan
from workbench.cli.observing import observed
from workbench.cli.table import Column, each, table
from workbench.cli.terminal import Progress, printed, say, say_json, styled
from workbench.model import read_model
from workbench.supporting import Support, support
from workbench.supporting.evidence import LEVEL
from workbench.supporting.words import DROP_MOVE, exchange_in_words

WIDE = 106
"""Columns of the terminal from which on intervals and moves stand in the table."""
MOST_MOVES = 8
"""Moves that are told in sentences; all are in --json."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_model(parser)
    add_data(parser)
    add_plan(parser)
    parser.add_argument(
        "--part", metavar="PART", help="whose outcomes are looked at; by default train and validation together"
    )
    parser.add_argument(
        "--objective", metavar="NAME", default="auc", help="what points are judged by: auc, log_loss, lift_10 (any %%)"
    )
    parser.add_argument(
        "--reach", metavar="POINTS", type=int, default=30, help="steps to either side of 0 that are looked at (30)"
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Look and print."""
    progress = Progress()
    model = read_model(args.model)
    seen = observed(args, [model], progress).seen
    found = support(model, seen, part=args.part, objective=args.objective, reach=args.reach, progress=progress)
    if args.json:
        say_json(found.to_document())
    else:
        say(support_text(found))
    return 0


def support_text(found: Support) -> str:
    """The result for a terminal: a table of the rules, then sentences, then what to know."""
    told = [f"{styled(printed(found.headline), 'bold')}\n  {printed(_looked_at(found))}"]
    told.append(f"Rules, judged by {printed(found.objective)}\n{_rules(found)}")
    words = [row.words for row in each(found.rules) if row.verdict in ("better", "worse") or _telling(row)]
    if words:
        told.append(_sentences("What stands out", words))
    moves = _moves(found)
    if moves:
        told.append(_sentences(f"Dropping a rule, at {found.tier} as it is today", moves))
    if found.warnings:
        told.append(_sentences("To know", list(found.warnings)))
    return "\n\n".join(told)


def _looked_at(found: Support) -> str:
    return (
        f"part: {found.part}, {found.n:,} observations, {found.converted:,} converted; 95 % intervals each by itself; "
        "verdicts and signs allow for the number of rules"
    )


def _telling(row: Any) -> bool:
    sure = row.inside_adjusted <= LEVEL and not row.inside
    return bool(row.sign == "disagrees" or row.idle or row.n == 0 or sure or row.limit_share >= 0.5)


def _rules(found: Support) -> str:
    drops = {(row.rule, row.case): row for row in each(found.exchange) if row.move == DROP_MOVE}
    wide = terminal.width() >= WIDE
    cases = bool((found.rules["case"] != "").any())
    kept = {"case": cases, "best": wide, "dropped": wide and bool(drops)}
    columns = (
        Column("rule", "left"),
        Column("case", "left", flows=True),
        Column("points"),
        Column("as good", "left", flows=True),
        Column("best"),
        Column("AUC with it", "left"),
        Column("ranks", "left"),
        Column("sign", "left"),
        Column("dropped", "left"),
    )
    shown = [at for at, column in enumerate(columns) if kept.get(column.title, True)]
    rows = []
    for row in each(found.rules):
        interval = f" ({row.auc_low:+.3f} {row.auc_high:+.3f})" if wide else ""
        cells = (
            row.rule if row.on else f"{row.rule} (off)",
            row.case,
            f"{row.points:g}",
            "" if row.n == 0 else row.good,
            "" if row.whole or row.n == 0 else f"{row.best:g}",
            f"{row.auc:+.3f}{interval}" if row.auc == row.auc else "unknown",
            _short(row.verdict),
            _short(row.sign),
            _dropped(drops.get((row.rule, row.case))),
        )
        rows.append([cells[at] for at in shown])
    told = "ranks, sign: - is not enough evidence" + ("; dropped: wins/calls more or fewer" if kept["dropped"] else "")
    return f"{table([columns[at] for at in shown], rows)}\n  {told}"


def _dropped(move: Any) -> str:
    return "" if move is None else "none" if move.moved == 0 else f"{move.wins:+.0f}/{move.leads:+.0f}"


def _short(word: str) -> str:
    return "-" if word == "not enough evidence" else word


def _moves(found: Support) -> list[str]:
    drops = found.exchange[(found.exchange["move"] == DROP_MOVE) & (found.exchange["moved"] > 0)]
    most = drops.reindex(drops["leads"].abs().sort_values(ascending=False, kind="stable").index).head(MOST_MOVES)
    told = [exchange_in_words(row, found.tier, found.break_even) for row in each(most)]
    return [*told, f"… and {len(drops) - MOST_MOVES} more in --json."] if len(drops) > MOST_MOVES else told


def _sentences(title: str, sentences: list[str]) -> str:
    return table([Column(title, "left", flows=True)], [[text] for text in sentences])
