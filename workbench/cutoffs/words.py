"""A suggested threshold in a sentence."""

from __future__ import annotations

import math

import pandas as pd

from workbench.cutoffs.capacity import LATELY
from workbench.cutoffs.cutoff import Cutoff
from workbench.plan import Age, Entered, Every, Plan


def finding(found: Cutoff, *, base_rate: float, ranks: bool, best: float) -> str:
    """What was found, with its region; a gain only where the verdict says so.

    Args:
        found: the suggestion.
        base_rate: of the part that was chosen on.
        ranks: whether the score orders leads better than chance.
        best: the best objective of any threshold.
    """
    words = {"capacity": _capacity, "value": _value, "precision": _target, "recall": _target}[found.by]
    return words(found, base_rate, ranks, best)


def points(score: float) -> str:
    """Score points, with no more decimals than they have."""
    return f"{score:g}".replace("-", "−")


def percent(share: float) -> str:
    """A share in 0..1."""
    return "unknown" if math.isnan(share) else f"{100 * share:.3g} %"


def money(value: float) -> str:
    """A sum in whole units."""
    return f"{value:,.0f}".replace("-", "−")


def counted(plan: Plan, tier: str | None) -> str:
    """Whom the load of a queue counts, and when.

    Args:
        plan: when they are observed.
        tier: whose cut it is; None if the score alone decides.
    """
    at = plan.at
    seen = "as recorded"
    if isinstance(at, Age):
        seen = f"as seen {at.age} day{'' if at.age == 1 else 's'} after creation"
    elif isinstance(at, Entered):
        seen = f"as seen when they enter {at.stage}"
    elif isinstance(at, Every):
        seen = f"as seen at the first instant of each {at.every}"
    return f"{plan.unit}s that first reach {tier or 'the cut'}, {seen}"


def _name(found: Cutoff) -> str:
    return found.tier or "The cut"


def _region(found: Cutoff, words: str) -> str:
    if found.region_low == found.region_high:
        return ""
    return f" ({words} {points(found.region_low)} to {points(found.region_high)})"


def _capacity(found: Cutoff, base_rate: float, ranks: bool, best: float) -> str:
    del base_rate, ranks, best
    a_week = f"{found.target:.3g} lead{'' if found.target == 1 else 's'} a week"
    recent = "" if math.isnan(found.recent) else f"at the pace of the last {LATELY} weeks from {points(found.recent)}"
    if math.isnan(found.threshold):
        return f"No threshold of {_name(found)} keeps the queue short with {a_week}{recent and ', but '}{recent}."
    row = _service(found.service, "suggested")
    region = _region(found, "the weeks do not tell apart")
    pace = f", {recent}" if recent and found.recent != found.threshold else ""
    if not recent and row["lately_a_week"] > found.target:
        pace = f", though in the last {LATELY} weeks {row['lately_a_week']:.1f} a week came to it"
    text = (
        f"With {a_week}, {_name(found)} can begin at {points(found.threshold)}{region}{pace}: "
        f"{row['leads_a_week']:.1f} {found.counted.replace('that first reach', 'a week first reach')}, and "
        f"{percent(row['in_time'])} are worked in time"
    )
    today = found.service[found.service["which"] == "current"]
    if today.empty or found.threshold == found.current:
        return f"{text}."
    before = today.iloc[0]
    return (
        f"{text}; at today's {points(found.current)} it is {before['leads_a_week']:.1f} a week, "
        f"{percent(before['in_time'])} in time."
    )


def _service(frame: pd.DataFrame, which: str) -> pd.Series:
    return frame[frame["which"] == which].iloc[0]


def _value(found: Cutoff, base_rate: float, ranks: bool, best: float) -> str:
    del base_rate
    if math.isnan(found.threshold):
        return f"No threshold of {_name(found)} pays: net value is at best {money(best)}."
    region = _region(found, "as good:")
    text = (
        f"Net value is highest with {_name(found)} at {points(found.threshold)}{region}: {money(found.objective)} "
        f"({money(found.objective_low)} to {money(found.objective_high)})"
    )
    if not ranks:
        return f"{text}, but the score is not shown to order leads better than chance."
    if found.verdict == "":
        return f"{text}."
    if found.verdict == "same":
        return f"{text}; today's {points(found.current)} reaches the same leads."
    between = f"{money(found.gain)} ({money(found.gain_low)} to {money(found.gain_high)})"
    return f"{text}; beside today's {points(found.current)} {found.verdict}: {between} on leads it was not chosen on."


def _target(found: Cutoff, base_rate: float, ranks: bool, best: float) -> str:
    asked = f"a {found.by} of {percent(found.target)}"
    if math.isnan(found.threshold):
        return f"No threshold of {_name(found)} meets {asked}: the best is {percent(best)}."
    region = _region(found, "the data cannot tell whether it is met from")
    between = f"{percent(found.objective)} ({percent(found.objective_low)} to {percent(found.objective_high)})"
    sure = f"surely from {points(found.surely)}" if found.by == "precision" else f"surely up to {points(found.surely)}"
    text = (
        f"{_name(found)} at {points(found.threshold)}{region} meets {asked}: {between}, "
        f"{'surely nowhere' if math.isnan(found.surely) else sure}"
    )
    if found.by == "precision" and found.target <= base_rate:
        return f"{text}; anybody converts at {percent(base_rate)} already."
    return f"{text}." if ranks else f"{text}, but the score is not shown to order leads better than chance."
