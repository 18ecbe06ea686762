"""What changing a number would bring at today's threshold: more or fewer calls, more or fewer wins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.metrics import influence
from workbench.metrics.clustering import design_effect
from workbench.metrics.histogram import tally
from workbench.metrics.influence import Influence
from workbench.metrics.intervals import wilson
from workbench.metrics.paired import Difference
from workbench.model import Model
from workbench.supporting.evidence import adjusted, called, enough, probability
from workbench.supporting.ground import Past
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
    leads = between.difference(LEADS)
    wins = between.reaching(_wins(past, before), _wins(past, after))
    value = between.difference(VALUE) if VALUE in before.figures else None
    moved, rate, low, high = _of_moved(past, before, after)
    weeks, hundred = past.weeks, 100 / past.n
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
        "moved": moved,
        "win_rate": rate,
        "rate_low": low,
        "rate_high": high,
        "break_even": break_even(past),
        **_money(value),
        "p": 1.0 if value is None else probability(value, enough=enough(past.ground)),
    }


def _money(value: Difference | None) -> dict[str, float]:
    if value is None:
        return dict.fromkeys(("value", "value_low", "value_high"), float("nan"))
    return {"value": value.value, "value_low": value.low, "value_high": value.high}


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


def _of_moved(past: Past, before: Result, after: Result) -> tuple[int, float, float, float]:
    """How many change side, and which share of them converts, where all move the same way: else NaN."""
    assert before.reached is not None  # noqa: S101
    assert after.reached is not None  # noqa: S101
    moved: NDArray[np.bool_] = before.reached != after.reached
    n = int(moved.sum())
    entering = after.reached[moved]
    if n == 0 or entering.any() != entering.all():
        return n, float("nan"), float("nan"), float("nan")
    won = past.ground.won[moved]
    low, high = wilson(won.sum(), n, design_effect=design_effect(won, past.seen.subjects.cluster[moved])[0])
    return n, float(won.mean()), float(low), float(high)
