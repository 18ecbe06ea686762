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
from workbench.supporting.words import BINDING, DROP_MOVE, exchange_in_words, points, signed
from workbench.tuning.evidence import AGREES, DISAGREES

WIDE = 96
"""Columns of the terminal from which on an interval stands beside its figure, not below it."""
WIDER = 106
"""Columns from which on the best points have a column as well."""
MOST_MOVES = 8
"""Rules whose loss is told of; all are in --json."""
MOST_PAIRS = 5
"""Pairs of rules that are told of; all are in --json."""
TOGETHER = 0.3
"""Correlation in size from which on two rules are told to say the same in part."""
SHARED = 0.5
"""Share of those with either of two rules who have both, from which on they are told of too."""
BINDS = 0.05
"""Share of those for whom a rule holds, from which on a cap in its way is told of."""
UNSURE = "- is not enough evidence"
_JOINED = "\N{NO-BREAK SPACE}"


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
    headline = styled(textwrap.fill(printed(found.headline), terminal.width()), "bold")
    told = [f"{headline}\n{_noted(_looked_at(found))}"]
    told.append(f"Rules, judged by {printed(found.objective)}\n{_rules(found)}")
    words = [row.words for row in each(found.rules) if _sure(row.verdict) or _telling(row)]
    words += [exchange_in_words(row, found.tier, found.break_even) for row in each(_drops(found)) if _sure(row.verdict)]
    if words:
        told.append(_sentences("What stands out", words))
    told += [part for part in (_redundant(found.overlap), _capped(found.rules)) if part]
    if len(_drops(found)):
        told.append(_moves(found))
    if found.warnings:
        told.append(_sentences("To know", list(found.warnings)))
    return "\n\n".join(told)


def _looked_at(found: Support) -> str:
    return (
        f"part: {found.part}, {found.n:,} observations, {found.converted:,} converted; in brackets 95 % intervals, "
        "each by itself; verdicts and signs allow for the number of rules"
    )


def _telling(row: Any) -> bool:
    sure = row.inside_adjusted <= LEVEL and not row.inside
    return bool(row.sign == "disagrees" or row.idle or row.n == 0 or sure or row.limit_share >= BINDING)


def _rules(found: Support) -> str:
    wide, wider = terminal.width() >= WIDE, terminal.width() >= WIDER
    columns = [Column("rule", "left", flows=True), Column("points"), Column("as good", "left", flows=True)]
    columns += [Column("best")] if wider else []
    columns.append(Column("AUC with it", "left", flows=not wide))
    columns += [Column("ranks", "left"), Column("sign", "left")] if wide else [Column("shown", "left", flows=True)]
    rows = []
    for row in each(found.rules):
        cells = [
            row.name if row.on else f"{row.name} (off)",
            points(1000 * row.points),
            "" if row.n == 0 else row.good,
        ]
        if wider:
            cells.append("" if row.whole or row.n == 0 else points(1000 * row.best))
        cells.append(_changed(row))
        cells += [_short(row.verdict), _short(row.sign)] if wide else [_both(row)]
        rows.append(cells)
    best = "best: the points that rank best, all else left as it is; " if wider else ""
    shown = "ranks, sign" if wide else "shown: whether the model ranks better with it, and its sign"
    unsure = f"{shown}: {UNSURE}" if wide else f"{shown}; {UNSURE}"
    key = f"as good: points that cannot be told from the best; {best}{unsure}"
    return f"{_laid(columns, rows)}\n{_noted(key)}"


def _changed(row: Any) -> str:
    if row.auc != row.auc:
        return "unknown"
    if row.auc_low != row.auc_low:
        return signed(row.auc, 3)
    return f"{signed(row.auc, 3)} ({signed(row.auc_low, 3)}{_JOINED}{signed(row.auc_high, 3)})"


def _both(row: Any) -> str:
    told = [] if _short(row.verdict) == "-" else [row.verdict]
    told += [] if _short(row.sign) == "-" else [f"sign {row.sign}" if row.sign in (AGREES, DISAGREES) else row.sign]
    return ", ".join(told) or "-"


def _short(word: str) -> str:
    return "-" if word == "not enough evidence" else word


def _sure(verdict: str) -> bool:
    return verdict in ("better", "worse")


def _redundant(overlap: pd.DataFrame) -> str:
    """Pairs of rules that go together, those that go most so first."""
    if not len(overlap):
        return ""
    close = (overlap["correlation"].abs() >= TOGETHER) | (overlap["jaccard"] >= SHARED)
    strength = overlap["correlation"].abs()
    pairs: dict[frozenset[str], list[str]] = {}
    for row in each(overlap[close].reindex(strength[close].sort_values(ascending=False, kind="stable").index)):
        pair = frozenset((row.rule, row.partner))
        if pair not in pairs:
            both = "" if row.jaccard != row.jaccard else f"{100 * row.jaccard:.0f} %"
            alone = f"{signed(row.alone, 3)}, {signed(row.within, 3)}"
            pairs[pair] = [row.rule, row.partner, signed(row.correlation, 2), both, alone]
    if not pairs:
        return ""
    columns = [Column("rule", "left", flows=True), Column("goes with", "left", flows=True)]
    columns += [Column("correlation"), Column("both hold"), Column("AUC alone, beside all", "left")]
    key = (
        "both hold: of those with either; AUC: what the first rule adds to no rules at all, and to all the others; "
        "where little is left, others say the same"
    )
    key += f"; {len(pairs) - MOST_PAIRS} more are in --json" if len(pairs) > MOST_PAIRS else ""
    return f"Rules that say the same in part\n{table(columns, list(pairs.values())[:MOST_PAIRS])}\n{_noted(key)}"


def _capped(rules: pd.DataFrame) -> str:
    """Caps in the way of rules, once for each rule."""
    bound = rules[(rules["limit_share"] >= BINDS) & (rules["n"] > 0)].drop_duplicates("rule")
    if not len(bound):
        return ""
    bound = bound.sort_values("limit_share", ascending=False, kind="stable")
    rows = [[row.limit, row.rule, f"{100 * row.limit_share:.0f} %"] for row in each(bound)]
    columns = [Column("cap of", "left", flows=True), Column("in the way of", "left", flows=True), Column("binds for")]
    return f"Caps that bind\n{table(columns, rows)}\n{_noted('binds for: of those for whom the rule holds')}"


def _drops(found: Support) -> pd.DataFrame:
    """The moves that drop a rule and move somebody, those that move most calls first."""
    drops = found.exchange[(found.exchange["move"] == DROP_MOVE) & (found.exchange["moved"] > 0)]
    return drops.reindex(drops["leads"].abs().sort_values(ascending=False, kind="stable").index)


def _moves(found: Support) -> str:
    drops = _drops(found)
    money, weekly = bool((drops["verdict"] != "").any()), terminal.width() >= WIDE
    columns = [Column("without", "left", flows=True), Column("wins"), Column("calls")]
    columns += [Column("a week")] if weekly else []
    columns += [Column("of these win")] + ([Column("in money", "left")] if money else [])
    rows = []
    for row in each(drops.head(MOST_MOVES)):
        cells = [f"{row.rule} [{row.case}]" if row.case else row.rule]
        cells += [_of(row.wins, row.wins_low, row.wins_high), _of(row.leads, row.leads_low, row.leads_high)]
        if weekly:
            cells.append("" if row.leads_a_week != row.leads_a_week else signed(row.leads_a_week, 1))
        cells.append(_rate(row))
        rows.append([*cells, *([_short(row.verdict)] if money else [])])
    cut = f"the cut of {found.tier} stays where it is, so without points that rules gave fewer leads reach it"
    told = [f"wins, calls: more or fewer than today; {cut} and fewer calls are made"]
    told += [f"a call pays if {100 * found.break_even:.3g} % win"] if found.break_even == found.break_even else []
    told += [f"in money: {UNSURE}"] if money else []
    told += [f"{len(drops) - MOST_MOVES} more are in --json"] if len(drops) > MOST_MOVES else []
    return f"Calls at {printed(str(found.tier))}\n{table(columns, rows)}\n{_noted('; '.join(told))}"


def _of(number: float, low: float, high: float) -> str:
    return f"{signed(number)} ({signed(low)} {signed(high)})" if low == low else signed(number)


def _rate(row: Any) -> str:
    if row.win_rate != row.win_rate:
        return ""
    return f"{100 * row.win_rate:.0f} % ({100 * row.rate_low:.0f} {100 * row.rate_high:.0f})"


def _noted(text: str) -> str:
    """How a table is to be read."""
    whole = printed(text).replace(" %", f"{_JOINED}%")
    told = textwrap.fill(whole, terminal.width(), initial_indent="  ", subsequent_indent="  ")
    return told.replace(_JOINED, " ")


def _laid(columns: list[Column], rows: list[list[str]]) -> str:
    """A table of which some texts hold together when they are wrapped."""
    return table(columns, rows).replace(_JOINED, " ")


def _sentences(title: str, sentences: list[str]) -> str:
    return table([Column(title, "left", flows=True)], [[text] for text in sentences])
