"""The figures of every challenger beside the champion's, with what their difference says."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from workbench.comparing.contest import Contest
from workbench.comparing.entrant import DEPTH, Entrant
from workbench.comparing.evidence import leads_needed
from workbench.comparing.resampled import AUC, CAPTURED, LIFT, VALUE, Resampled
from workbench.metrics.influence import Influence
from workbench.metrics.paired import Difference
from workbench.tuning.changes import verdict

DAYS_A_MONTH = 365.25 / 12
UNITS = {AUC: "score", LIFT: "ratio", CAPTURED: "conversions", VALUE: "money"}
COLUMNS = (
    "model",
    "figure",
    "unit",
    "champion",
    "challenger",
    "change",
    "low",
    "high",
    "method",
    "verdict",
    "adjusted_low",
    "adjusted_high",
    "adjusted_verdict",
    "leads_needed",
    "months_needed",
)


def figures_frame(contest: Contest, resampled: Resampled) -> pd.DataFrame:
    """One row for each challenger and figure, with `COLUMNS`."""
    rows = [row for at, _ in enumerate(contest.challengers) for row in _rows(contest, resampled, at)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(contest: Contest, resampled: Resampled, at: int) -> Iterator[dict[str, Any]]:
    challenger = contest.challengers[at]
    pair = contest.pair(challenger)
    carried = float("inf")
    stretch = 1.0
    for name in resampled.names:
        if name == VALUE:
            before, after = (_net(each, contest) for each in (contest.champion, challenger))
            change = _stretched(resampled, at, after - before, stretch, carried)
        else:
            first, second = (_influence(each, name, contest) for each in (contest.champion, challenger))
            before, after = first.value, second.value
            change = closed = pair.difference(first, second, confidence=contest.confidence)
            if name != AUC:
                change = _resampled(closed, resampled, at, name)
                stretch, carried = _stretch(change, resampled.ends(at, name)), closed.carriers
        kept = _possible(contest, challenger, name)
        closed_form = "Obuchowski" if contest.sample.clustered else "DeLong"
        yield {
            "model": challenger.label,
            "figure": name,
            "unit": UNITS[name],
            "champion": before,
            "challenger": after,
            **_told(contest, challenger, *(kept(each) for each in (change, widened(change, resampled.widening(name))))),
            "method": closed_form if name == AUC else resampled.method,
        }


def _told(contest: Contest, challenger: Entrant, change: Difference, wide: Difference) -> dict[str, Any]:
    """What a change says, alone and as one of several."""
    enough = contest.may_say(challenger, change.value)
    said = verdict(change, enough=enough)
    more = 0.0
    if said == "not enough evidence":
        more = leads_needed(contest.n, change.value, change.error, confidence=contest.confidence)
    elif said == "same":
        more = float("inf")
    return {
        "change": change.value,
        "low": change.low,
        "high": change.high,
        "verdict": said,
        "adjusted_low": wide.low,
        "adjusted_high": wide.high,
        "adjusted_verdict": verdict(wide, enough=enough),
        "leads_needed": more,
        "months_needed": months(contest, more),
    }


def months(contest: Contest, leads: float) -> float:
    """How many months so many more leads take at the pace of the part; NaN without dates, infinite for infinity."""
    if math.isinf(leads) or math.isnan(leads) or math.isnan(contest.days):
        return leads if math.isinf(leads) else float("nan")
    return leads / contest.n * contest.days / DAYS_A_MONTH


def _influence(entrant: Entrant, name: str, contest: Contest) -> Influence:
    if name == AUC:
        return entrant.area
    return entrant.lift if name == LIFT else entrant.captured(contest.capacity.share)


def _net(entrant: Entrant, contest: Contest) -> float:
    worth = contest.seen.plan.value
    assert worth is not None  # noqa: S101  (asked where the plan says what a win is worth)
    return entrant.net(contest.capacity.share, worth)


def _resampled(closed: Difference, resampled: Resampled, at: int, name: str) -> Difference:
    """The bootstrap's interval; its end towards 0 no nearer to 0 than that of the variance without a difference.

    Where few observations change sides the replicates only hold outcomes that were seen: of six leads taken in of whom
    all converted, each replicate has gained. `workbench.metrics.null` says what that leaves open.
    """
    low, high = resampled.ends(at, name)
    if closed.value > 0:
        low = min(low, closed.low)
    elif closed.value < 0:
        high = max(high, closed.high)
    return Difference(closed.value, low, high, resampled.error(at, name), closed.carriers, closed.freedom)


def _stretch(change: Difference, ends: tuple[float, float]) -> float:
    """How many times further away an interval's end towards 0 is than that of the bootstrap, >= 1."""
    moved, own = (change.value - change.low, change.value - ends[0])
    if change.value < 0:
        moved, own = change.high - change.value, ends[1] - change.value
    return max(moved / own, 1.0) if own > 0 else 1.0


def _stretched(resampled: Resampled, at: int, value: float, stretch: float, carriers: float) -> Difference:
    """The bootstrap's interval of net value, its end towards 0 as much further away as that of the conversions.

    Money moves with the same leads as conversions do; what replicates do not know of these they do not know of it.
    """
    low, high = resampled.ends(at, VALUE)
    if value > 0:
        low = value - (value - low) * stretch
    elif value < 0:
        high = value + (high - value) * stretch
    return Difference(value, low, high, resampled.error(at, VALUE), carriers)


def _possible(contest: Contest, challenger: Entrant, name: str) -> Callable[[Difference], Difference]:
    """Keeps an interval within what those who come in and go out could make of it, whatever they did.

    Of 0.9 of a lead that comes in for 0.9 of another no outcome makes more than 0.9 conversions.
    """
    worth = contest.seen.plan.value
    each = {LIFT: 0.0, CAPTURED: 1.0, VALUE: float(worth.win) if worth is not None and worth.win != "amount" else 0.0}
    depth = DEPTH if name == LIFT else contest.capacity.share
    if name == LIFT and contest.won.any():
        each[LIFT] = 1.0 / (float(contest.won.sum()) * DEPTH)
    if not each.get(name):
        return lambda change: change
    first, second = (of.worked(depth).take(of.placed.cells) for of in (contest.champion, challenger))
    highest = float(np.maximum(second - first, 0.0).sum()) * each[name]
    lowest = -float(np.maximum(first - second, 0.0).sum()) * each[name]
    return lambda change: change._replace(low=max(change.low, lowest), high=min(change.high, highest))


def widened(change: Difference, times: float) -> Difference:
    """The interval that holds for several challengers at once: its ends so many times as far away."""
    low = change.value - (change.value - change.low) * times
    high = change.value + (change.high - change.value) * times
    return Difference(change.value, low, high, change.error, change.carriers, change.freedom)
