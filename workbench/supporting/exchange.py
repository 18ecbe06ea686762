"""What changing a number would bring at today's threshold: more or fewer calls, more or fewer wins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from workbench.metrics import influence
from workbench.metrics.histogram import tally
from workbench.metrics.influence import Influence
from workbench.metrics.paired import Difference
from workbench.model import Model
from workbench.supporting.evidence import adjusted, called, enough, probability
from workbench.supporting.ground import Past
from workbench.supporting.moved import Change, Moved
from workbench.supporting.worth import Trial
from workbench.tuning.changes import LEADS, VALUE, Result

EXCHANGE_COLUMNS = (
    "rule",
    "case",
    "move",
    "points",
    "leads",
    "leads_low",
    "leads_high",
    "wins",
    "wins_low",
    "wins_high",
    "leads_a_week",
    "wins_a_week",
    "leads_of_100",
    "moved",
    "win_rate",
    "rate_low",
    "rate_high",
    "break_even",
    "value",
    "value_low",
    "value_high",
    "p",
    "adjusted",
    "verdict",
)
DROP, LESS, MORE, DOUBLE = "drop", "one less", "one more", "double"


def exchange_frame(past: Past, model: Model, trials: Sequence[Trial]) -> pd.DataFrame:
    """One row for each claim and move, adjusted over all claims, each move by itself; empty without tiers."""
    if past.tier is None:
        return pd.DataFrame(columns=[*EXCHANGE_COLUMNS])
    rows = [row for trial in trials for row in _rows(past, model, trial)]
    for move in (DROP, LESS, MORE, DOUBLE):
        mine = [row for row in rows if row["move"] == move]
        for row, level in zip(mine, adjusted([row["p"] for row in mine]), strict=True):
            money = not np.isnan(row["value"])
            row["adjusted"] = float(level) if money else np.nan
            row["p"] = row["p"] if money else np.nan
            row["verdict"] = called(row["value"], float(level), same=row["moved"] == 0) if money else ""
    return pd.DataFrame(rows, columns=[*EXCHANGE_COLUMNS])


def _rows(past: Past, model: Model, trial: Trial) -> Iterator[dict[str, Any]]:
    claim = trial.claim
    yield _row(past, trial, DROP, claim.otherwise, trial.without)
    if not (claim.on and claim.paths):
        return
    moves = ((LESS, claim.points - 1000), (MORE, claim.points + 1000), (DOUBLE, 2 * claim.points))
    for move, points in moves:
        if points != claim.points:
            yield _row(past, trial, move, points, past.result(claim.changed(model, points)))


def _row(past: Past, trial: Trial, move: str, points: int, after: Result) -> dict[str, Any]:
    before = trial.with_
    between = past.between(before, after)
    moved = Moved.of(past, before, after)
    leads = moved.leads(between.difference(LEADS))
    wins = moved.wins(between.reaching(_wins(past, before), _wins(past, after)))
    value, p = _money(past, moved, between.difference(VALUE) if VALUE in before.figures else None)
    weeks, hundred = past.weeks, 100 / past.n
    low, high = moved.rate_ends
    return {
        "rule": trial.claim.rule,
        "case": trial.claim.case if trial.claim.several else "",
        "move": move,
        "points": points / 1000,
        "leads": leads.value,
        "leads_low": leads.low,
        "leads_high": leads.high,
        "wins": wins.value,
        "wins_low": wins.low,
        "wins_high": wins.high,
        "leads_a_week": leads.value / weeks,
        "wins_a_week": wins.value / weeks,
        "leads_of_100": leads.value * hundred,
        "moved": moved.entering + moved.leaving,
        "win_rate": moved.rate,
        "rate_low": low,
        "rate_high": high,
        "break_even": break_even(past),
        "value": value.value,
        "value_low": value.low,
        "value_high": value.high,
        "p": p,
    }


def _money(past: Past, moved: Moved, found: Difference | None) -> tuple[Change, float]:
    """The value, and the p-value of its difference from none."""
    worth = past.ground.worth
    if found is None or worth is None:
        return Change(float("nan"), float("nan"), float("nan")), 1.0
    cost, win = float(worth.contact_cost), None if worth.win == "amount" else float(worth.win)
    change = moved.value(found, cost=cost, win=win)
    if win and moved.one_way:
        return change, moved.p_value(cost / win) if enough(past.ground) else 1.0
    return change, probability(found, enough=enough(past.ground))


def break_even(past: Past) -> float:
    """The share of calls that must win to pay for themselves: contact cost over a win's worth; NaN if unknown.

    Where a win is worth its recorded amount, over the mean amount of those who converted.
    """
    worth = past.ground.worth
    if worth is None:
        return float("nan")
    if worth.win == "amount":
        amounts = past.ground.amounts
        each = float(amounts.mean()) if amounts is not None and len(amounts) else 0.0
    else:
        each = float(worth.win)
    return float(worth.contact_cost) / each if each else float("nan")


def _wins(past: Past, result: Result) -> Influence:
    """How many of those who reach the tier convert."""
    assert result.reached is not None  # noqa: S101  (asked where there is a tier only)
    negatives, positives = tally(result.reached.view(np.uint8), past.ground.won, 2)
    return influence.worth(negatives, positives, [False, True], contact_cost=0.0, win=1.0)
