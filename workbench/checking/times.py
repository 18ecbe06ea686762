"""What time does to the outcome: months too young, wins after the horizon, rates that break, and the time trap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from workbench.checking.catalogue import kind
from workbench.checking.finding import Finding
from workbench.checking.material import LEAST_OF_EITHER, Material
from workbench.checking.wording import percent
from workbench.engine.lowered import DAY_US
from workbench.metrics.clustering import design_effect
from workbench.metrics.histogram import compact
from workbench.metrics.intervals import wilson
from workbench.metrics.resample import generator
from workbench.observation import Observations, Values
from workbench.plan import Age
from workbench.predicting.folds import moments_of
from workbench.predicting.trap import TimeTrap, time_trap

Integers = NDArray[np.int64]

GRAVE = 0.1
"""Of AUC, that time takes away from which a collapse is an error: most of what a model of leads is worth."""
MOST_LATE = 0.2
"""Lower end of the share of wins after the horizon from which it is a warning; from `SOME_LATE` a note."""
SOME_LATE = 0.05
BREAK = 1.3
"""Times that the rate must rise or fall at a break: smaller changes move no threshold."""
SURE = 0.01
"""Chance, for all months that were tried, below which a break is believed."""
MOST_TRAP = 20_000
"""Leads that the time trap is judged on."""


def collapse(material: Material, leaks: Sequence[str]) -> tuple[TimeTrap | None, tuple[Finding, ...]]:
    """How a prediction without the leaks does by random folds and in the order of time, and a finding if it collapses.

    The fields that are left are those that the plan lets a model use.
    """
    seen, values = _fewer(material.seen, material.values)
    trap = time_trap(values, seen, moments_of(material.history, seen), exclude=leaks)
    if trap is None or not trap.collapses:
        return trap, ()
    found = kind("time-collapse").at(
        "order of time",
        trap.headline,
        trap.to_document(),
        severity="error" if trap.difference <= -GRAVE else "warning",
    )
    return trap, (found,)


def _fewer(seen: Observations, values: Values) -> tuple[Observations, Values]:
    """Some clusters only, where there are more than `MOST_TRAP` leads."""
    n = len(seen.subjects.lead_id)
    if n <= MOST_TRAP:
        return seen, values
    known, place = compact(seen.subjects.cluster)
    kept = generator(seen.plan.seed).random(len(known)) < MOST_TRAP / n
    rows = np.flatnonzero(kept[place]).astype(np.int64)
    return seen.taken(rows), replace(values, frame=values.frame.iloc[rows].reset_index(drop=True))


def young(material: Material) -> Iterator[Finding]:
    """Leads that are left out because their outcome is not known yet, by month of creation."""
    seen, history = material.seen, material.history
    if not isinstance(seen.plan.at, Age) or seen.plan.horizon is None or history.until_us is None:
        return
    created = history.engine.frame("SELECT created_us FROM leads WHERE created_us IS NOT NULL")["created_us"]
    late = created + (seen.plan.at.age + seen.plan.horizon) * DAY_US > history.until_us
    if not late.any():
        return
    month = pd.to_datetime(created, unit="us", utc=True).dt.strftime("%Y-%m")
    by = late.groupby(month).agg(["sum", "size"])
    by = by[by["sum"] > 0]
    whole, part = by.index[by["sum"] == by["size"]], by.index[by["sum"] < by["size"]]
    told = [f"{_span(list(whole))} whole" if len(whole) else "", f"{_span(list(part))} in part" if len(part) else ""]
    share = float(late.mean())
    yield kind("immature-months").at(
        str(by.index[0]),
        f"{int(late.sum()):,} of {len(late):,} leads ({percent(share)}) are too young for their outcome to be known: "
        f"{' and '.join(each for each in told if each)}.",
        {
            "n": len(late),
            "too_young": int(late.sum()),
            "share": share,
            "months": [
                {"month": str(name), "leads": int(row["size"]), "too_young": int(row["sum"])}
                for name, row in by.iterrows()
            ],
        },
        severity="warning" if share > 0.5 else None,
    )


def _span(months: Sequence[str]) -> str:
    return months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"


def late_wins(material: Material) -> Iterator[Finding]:
    """Outcomes of judged leads that come after the horizon, among leads that were watched twice as long as it."""
    seen, history = material.seen, material.history
    as_of, horizon = seen.subjects.as_of_us, seen.plan.horizon
    if as_of is None or horizon is None or history.until_us is None:
        return
    rows = material.rows[as_of[material.rows] + 2 * horizon * DAY_US <= history.until_us]
    first = _first_outcome(material)
    at = np.array([first.get(str(lead), np.nan) for lead in seen.subjects.lead_id[rows]], dtype=np.float64)
    days = (at - as_of[rows]) / DAY_US
    won = ~np.isnan(days) & (days >= 0) & (days < 2 * horizon)
    late = int((days[won] >= horizon).sum())
    n = int(won.sum())
    if n < LEAST_OF_EITHER:
        return
    low, high = wilson(late, n)
    if float(low) < SOME_LATE:
        return
    middle, most = (float(each) for each in np.quantile(days[won], [0.5, 0.9]))
    yield kind("late-wins").at(
        "horizon",
        f"Of {n:,} outcomes within {2 * horizon} days after the day of scoring, {late:,} ({percent(late / n)}, "
        f"{percent(float(low))} to {percent(float(high))}) come after the horizon of {horizon} days; nine in ten come "
        f"within {most:.0f} days.",
        {
            "n": n,
            "late": late,
            "share": late / n,
            "share_low": float(low),
            "share_high": float(high),
            "leads": len(rows),
            "horizon_days": horizon,
            "median_days": middle,
            "days_of_nine_in_ten": most,
        },
        severity="warning" if float(low) >= MOST_LATE else None,
    )


def _first_outcome(material: Material) -> dict[str, float]:
    frame = material.history.engine.frame(
        "SELECT l.lead_id, s.stage, MIN(s.at_us) AS at_us FROM stages s JOIN leads l ON l.lead = s.lead GROUP BY 1, 2"
    )
    frame = frame[frame["stage"] == material.seen.plan.outcome]
    return dict(zip(frame["lead_id"].astype(str), frame["at_us"].astype(np.float64), strict=True))


def rate_breaks(material: Material) -> Iterator[Finding]:
    """The period from which on leads convert at another rate, if there is one.

    Of all cuts the one with the largest z, the difference of the two rates over its error, that times the design
    effect of clusters; its chance is multiplied by the number of cuts that were tried.
    """
    codes, names = material.period
    n, won = material.counts_by(codes, len(names))
    effect = float(design_effect(material.won, material.cluster)[0])
    best: tuple[float, int] = (0.0, 0)
    tried = 0
    for cut in range(1, len(names)):
        sides = (int(n[:cut].sum()), int(won[:cut].sum()), int(n[cut:].sum()), int(won[cut:].sum()))
        if min(sides[1], sides[3]) < LEAST_OF_EITHER:
            continue
        tried += 1
        best = max(best, (abs(_z(sides, effect)), cut))
    z, cut = best
    chance = min(1.0, 2 * tried * float(ndtr(-z))) if tried else 1.0
    if not cut or chance >= SURE:
        return
    before, after = (_rate(won[side], n[side], effect) for side in (slice(None, cut), slice(cut, None)))
    times = after["rate"] / before["rate"]
    if max(times, 1 / times) < BREAK:
        return
    yield kind("base-rate-break").at(
        names[cut],
        f"From {names[cut]} on leads convert at {_within(after)}; before at {_within(before)}.",
        {
            "before": before,
            "after": after,
            "times": times,
            "chance": chance,
            "cuts_tried": tried,
            "periods": [
                {"period": name, "n": int(size), "converted": int(hits)}
                for name, size, hits in zip(names, n, won, strict=True)
            ],
        },
    )


def _within(side: dict[str, Any]) -> str:
    return f"{percent(side['rate'])} ({percent(side['low'])} to {percent(side['high'])})"


def _z(sides: tuple[int, int, int, int], effect: float) -> float:
    """Of the difference of two rates, pooled."""
    n, hits, m, others = sides
    rate = (hits + others) / (n + m)
    error = np.sqrt(rate * (1 - rate) * (1 / n + 1 / m) * effect)
    return float((hits / n - others / m) / error) if error > 0 else 0.0


def _rate(won: Integers, n: Integers, effect: float) -> dict[str, Any]:
    low, high = wilson(int(won.sum()), int(n.sum()), design_effect=effect)
    return {
        "n": int(n.sum()),
        "converted": int(won.sum()),
        "rate": float(won.sum() / n.sum()),
        "low": float(low),
        "high": float(high),
    }
