"""What the data says of a rule, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench.errors import listed
from workbench.supporting.claim import Claim
from workbench.supporting.evidence import LEVEL
from workbench.supporting.line import Line
from workbench.tuning.evidence import DISAGREES

BINDING = 0.5
"""Share of those for whom a rule holds, from which on a cap in its way is told of."""
MOST_NAMED = 3
MOST_PIECES = 3
"""Pieces of what is as good as the best that are spelled out."""
MINUS = "\N{MINUS SIGN}"
DROP_MOVE = "drop"


def good_in_words(line: Line) -> str:
    """Which points are as good as the best: "4 to 22", "8 or more", "−3 or less", "anything", "15 only".

    Where others lie between them the pieces: "−25 to 3 or 7 to 14".
    """
    pieces = line.pieces
    if len(pieces) == 1 and pieces[0][0] == pieces[0][1] and 0 < pieces[0][0] < len(line.good) - 1:
        return f"{points(line.milli[pieces[0][0]])} only"
    if len(pieces) > MOST_PIECES:
        low, high = points(line.milli[pieces[0][0]]), points(line.milli[pieces[-1][1]])
        return f"{low} to {high} in {len(pieces)} pieces"
    told = [_piece(line, *piece) for piece in pieces]
    return (", or " if any(" or " in each for each in told) else " or ").join(told)


def _piece(line: Line, first: int, last: int) -> str:
    low, high = points(line.milli[first]), points(line.milli[last])
    if first == 0:
        return "anything" if last == len(line.good) - 1 else f"{high} or less"
    if last == len(line.good) - 1:
        return f"{low} or more"
    return low if first == last else f"{low} to {high}"


def points(milli: float) -> str:
    """Points with no more decimals than they have.

    >>> points(15000), points(-750)
    ('15', '−0.75')
    """
    return f"{milli / 1000:.3f}".rstrip("0").rstrip(".").replace("-", MINUS)


def signed(value: float, decimals: int = 0) -> str:
    """A number with its sign, a true minus; none for what rounds to zero.

    >>> signed(-53.2), signed(0.0171, 3), signed(-0.2)
    ('−53', '+0.017', '0')
    """
    if round(value, decimals) == 0:
        return f"{0:.{decimals}f}"
    return f"{value:+,.{decimals}f}".replace("-", MINUS)


def range_in_words(claim: Claim, line: Line, row: dict[str, Any]) -> str:
    """The range of a claim: `title [VP] 15; anything from 4 to 22 is as good`."""
    told = f"{claim.name} {points(claim.points)}"
    if row["n"] == 0:
        return f"{told}: it holds for nobody here, so the data says nothing"
    if line.flat:
        return f"{told}: no number of points changes the ranking"
    best = points(line.milli[line.best])
    if row["whole"]:
        return f"{told}: the data says nothing, any points are as good"
    good = row["good"]
    fine = _fine(good)
    if row["inside"]:
        return f"{told}; {fine} is as good"
    if row["inside_adjusted"] > LEVEL:
        return f"{told} lies outside what is as good as the best ({good}), which among so many rules may be chance"
    return f"{told} is not among the best: {best} would rank best, and {fine} is as good as that"


def _fine(good: str) -> str:
    """The subject of "is as good": what `good_in_words` said, as a noun."""
    if "only" in good or "anything" in good:
        return good
    return f"anything that is {good}" if " or less" in good or " or more" in good else f"anything from {good}"


def words_of(claim: Claim, line: Line, row: dict[str, Any]) -> str:
    """All that is to be said of a claim, in sentences."""
    told = [range_in_words(claim, line, row)]
    if not claim.on:
        told.append("It is switched off; this is what it would be worth if it were on")
    if row["idle"] and row["n"]:
        told.append("Nobody's score depends on it")
    if row["limit_share"] >= BINDING:
        told.append(f"The cap of {row['limit']} binds for {100 * row['limit_share']:.0f} % of those it holds for")
    if row["sign"] == DISAGREES:
        way = "take points off" if claim.points > 0 else "give points"
        beside = f", but only beside {row['beside']}" if row["beside"] else ""
        told.append(f"The evidence is against its sign: it should {way}{beside}")
    if row["verdict"] == "better":
        told.append("The model ranks better with it")
    elif row["verdict"] == "worse":
        told.append("The model ranks worse with it")
    return ". ".join(told) + "."


def exchange_in_words(row: Any, tier: str | None, break_even: float) -> str:
    """One move: `Dropping free_email: 12 more wins (3 to 20) for 90 more calls (70 to 110)`."""
    name = f"{row.rule} [{row.case}]" if row.case else row.rule
    doing = {
        DROP_MOVE: f"Dropping {name}",
        "one less": f"{name} at {points(row.points * 1000)}, one less",
        "one more": f"{name} at {points(row.points * 1000)}, one more",
        "double": f"Doubling {name} to {points(row.points * 1000)}",
    }.get(row.move, f"Leaving {name} off")
    if row.moved == 0:
        return f"{doing}: nobody reaches or leaves {tier}."
    wins, calls = (
        _more(row.wins, "win", row.wins_low, row.wins_high),
        _more(row.leads, "call", row.leads_low, row.leads_high),
    )
    rate = ""
    if row.win_rate == row.win_rate:
        rate = f"; of these {100 * row.win_rate:.0f} % win ({100 * row.rate_low:.0f} to {100 * row.rate_high:.0f} %)"
        rate += f", {100 * break_even:.0f} % would pay for the call" if break_even == break_even else ""
    verdict = f"; in money: {row.verdict}" if row.verdict else ""
    calls += f", {abs(row.leads_a_week):.1f} a week" if row.leads_a_week == row.leads_a_week else ""
    return f"{doing}: {wins} for {calls}{rate}{verdict}."


def _more(value: float, noun: str, low: float, high: float) -> str:
    number = abs(round(value))
    way = "more" if value > 0 else "fewer"
    many = f"{number} {way} {noun}{'' if number == 1 else 's'}" if number else f"no more {noun}s"
    return many if low != low or high != high else f"{many} ({signed(low)} to {signed(high)})"


def headline_of(name: str, rules: pd.DataFrame) -> str:
    """The finding of all rules in a sentence; of what was claimed only, so that chance alone says nothing."""
    if rules.empty:
        return f"{name} has no rules to look at."
    sure = (rules["inside_adjusted"] <= LEVEL) & (rules["sign"] != DISAGREES)
    outside = list(rules.loc[~rules["inside"].astype(bool) & sure, "name"])
    wrong = list(rules.loc[rules["sign"] == DISAGREES, "name"])
    worse = list(rules.loc[rules["verdict"] == "worse", "name"])
    silent = int(rules["whole"].sum())
    parts = [_shown(list(rules.loc[rules["verdict"] == "better", "name"]), len(rules))]
    if worse:
        parts.append(f"it is worse with {_named(worse)}")
    if wrong:
        parts.append(f"the evidence is against the sign of {_named(wrong)}")
    if outside:
        parts.append(f"the points of {_named(outside)} are not among the best")
    if silent:
        parts.append(f"of {silent} the data says nothing")
    return f"{name}: {'; '.join(parts)}."


def _shown(better: Sequence[str], total: int) -> str:
    """How many of the rules are shown to help; the doubt where none is."""
    if not better:
        which = "its only rule improves" if total == 1 else f"any of {total} rules and cases improves"
        return f"not enough evidence that {which} the ranking"
    if total == 1:
        return f"its only rule, {_named(better)}, is shown to improve the ranking"
    verb = "is" if len(better) == 1 else "are"
    return f"{len(better)} of {total} rules and cases {verb} shown to improve the ranking ({_named(better)})"


def _named(names: Sequence[str]) -> str:
    if len(names) <= MOST_NAMED:
        return listed(list(names))
    return f"{listed(list(names[:MOST_NAMED]))} and {len(names) - MOST_NAMED} more"
