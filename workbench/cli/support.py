"""`workbench support`: what the data says of every rule, and what changing it would bring."""

from __future__ import annotations

import argparse
import textwrap
from typing import Any

import pandas as pd

from workbench.cli import terminal
from workbench.cli.arguments import add_data, add_json, add_model, add_plan
from workbench.cli.observing import observed
from workbench.cli.table import Column, each, table
from workbench.cli.terminal import Progress, printed, say, say_json, styled
from workbench.model import read_model
from workbench.supporting import Support, support
from workbench.supporting.evidence import LEVEL
from workbench.supporting.words import DROP_MOVE, exchange_in_words

WIDE = 96
"""Columns of the terminal from which on intervals stand in the tables."""
MOST_MOVES = 8
"""Rules whose loss is told of; all are in --json."""
WIDER = 106
"""Columns from which on the best points have one as well."""
UNSURE = "- is not enough evidence"


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
    words = [row.words for row in each(found.rules) if _sure(row.verdict) or _telling(row)]
    words += [exchange_in_words(row, found.tier, found.break_even) for row in each(_drops(found)) if _sure(row.verdict)]
    if words:
        told.append(_sentences("What stands out", words))
    if len(_drops(found)):
        told.append(_moves(found))
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
    wide = terminal.width() >= WIDE
    kept = {"case": bool((found.rules["case"] != "").any()), "best": terminal.width() >= WIDER}
    columns = (
        Column("rule", "left"),
        Column("case", "left", flows=True),
        Column("points"),
        Column("as good", "left", flows=True),
        Column("best"),
        Column("AUC with it", "left"),
        Column("ranks", "left"),
        Column("sign", "left"),
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
        )
        rows.append([cells[at] for at in shown])
    best = "best: the points that rank best, all else left as it is; " if kept["best"] else ""
    key = f"as good: points that cannot be told from the best; {best}ranks, sign: {UNSURE}"
    return f"{table([columns[at] for at in shown], rows)}\n{_noted(key)}"


def _short(word: str) -> str:
    return "-" if word == "not enough evidence" else word


def _sure(verdict: str) -> bool:
    return verdict in ("better", "worse")


def _drops(found: Support) -> pd.DataFrame:
    """The moves that drop a rule and move somebody, those that move most calls first."""
    drops = found.exchange[(found.exchange["move"] == DROP_MOVE) & (found.exchange["moved"] > 0)]
    return drops.reindex(drops["leads"].abs().sort_values(ascending=False, kind="stable").index)


def _moves(found: Support) -> str:
    drops = _drops(found)
    money = bool((drops["verdict"] != "").any())
    columns = [Column("without", "left", flows=True), *map(Column, ("wins", "calls", "a week", "of these win"))]
    columns += [Column("in money", "left")] if money else []
    rows = []
    for row in each(drops.head(MOST_MOVES)):
        cells = [f"{row.rule} [{row.case}]" if row.case else row.rule]
        cells += [_of(row.wins, row.wins_low, row.wins_high), _of(row.leads, row.leads_low, row.leads_high)]
        cells.append("" if row.leads_a_week != row.leads_a_week else f"{row.leads_a_week:+.1f}")
        cells.append(_rate(row))
        rows.append([*cells, *([_short(row.verdict)] if money else [])])
    told = [f"wins, calls: more or fewer at {found.tier} as it is today"]
    told += [f"a call pays if {100 * found.break_even:.0f} % win"] if found.break_even == found.break_even else []
    told += [f"in money: {UNSURE}"] if money else []
    told += [f"{len(drops) - MOST_MOVES} more are in --json"] if len(drops) > MOST_MOVES else []
    return f"Calls at {printed(str(found.tier))}\n{table(columns, rows)}\n{_noted('; '.join(told))}"


def _of(number: float, low: float, high: float) -> str:
    return f"{number:+.0f} ({low:+.0f} {high:+.0f})" if low == low and terminal.width() >= WIDE else f"{number:+.0f}"


def _rate(row: Any) -> str:
    if row.win_rate != row.win_rate:
        return ""
    between = f" ({100 * row.rate_low:.0f} {100 * row.rate_high:.0f})" if terminal.width() >= WIDE else ""
    return f"{100 * row.win_rate:.0f} %{between}"


def _noted(text: str) -> str:
    """How a table is to be read."""
    return textwrap.fill(printed(text), terminal.width(), initial_indent="  ", subsequent_indent="  ")


def _sentences(title: str, sentences: list[str]) -> str:
    return table([Column(title, "left", flows=True)], [[text] for text in sentences])
