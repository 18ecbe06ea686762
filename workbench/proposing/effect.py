"""What a proposed rule does today: who reaches the main tier with it, inside its dimension's cap, and who no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.backtesting.capacity import days_of
from workbench.backtesting.document import plain
from workbench.backtesting.tiers import main_tier, tier_ranks
from workbench.model import Model
from workbench.observation import AlternativeScorer, AlternativeWeights, Observations
from workbench.observation.alternative import Rows
from workbench.observation.arithmetic import OPEN, faded

Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]
WEEK = 7.0
HUNDRED = 100.0


@dataclass(frozen=True)
class Effect:
    """What a rule changes by itself, the model's other points and tiers as they are.

    Attributes:
        part: whose scores these are.
        n, held: observations of the part, and those for whom the condition holds; gates are left out.
        tier: the main tier; empty without tiers.
        before, after: how many reach it, without and with the rule.
        gained, lost: how many reach it with the rule only, and without it only.
        weeks: that the part stretches over; NaN without dates.
        swallowed: of those for whom it holds, how many get less than the points say, since the dimension's cap takes
            some or all of them.
    """

    part: str
    n: int
    held: int
    tier: str
    before: int
    after: int
    gained: int
    lost: int
    weeks: float
    swallowed: int

    @property
    def sentence(self) -> str:
        """The effect in words; empty without tiers."""
        if not self.tier or not self.n:
            return ""
        dated = self.weeks == self.weeks and self.weeks > 0
        over = self.weeks if dated else self.n / HUNDRED
        per = "a week" if dated else "of 100"
        told = (
            f"On {self.part} {self.after / over:,.1f} {per} would reach {self.tier} instead of "
            f"{self.before / over:,.1f} ({self.gained:,} gained, {self.lost:,} lost)"
        )
        if not self.swallowed:
            return f"{told}."
        whom = "all" if self.swallowed == self.held else f"{self.swallowed:,} of the {self.held:,}"
        return f"{told}; the dimension's cap swallows points of {whom} for whom it holds."

    def to_document(self) -> dict[str, Any]:
        """The effect as plain data."""
        return {**{name: plain(value) for name, value in vars(self).items()}, "said": self.sentence}


def effect_of(model: Model, seen: Observations, rule: Mapping[str, Any], holds: Booleans) -> Effect:
    """Score a part again with one more rule; outcomes are not looked at.

    The rule's points are added to its dimension before that fades, is weighted and capped, so no lead is asked anew.

    Args:
        model: the model.
        seen: observations of leads, made with it.
        rule: the proposal, in the model language: in, points.
        holds: (n,) for whom its condition holds, of all observations.
    """
    part = seen.default_part
    rows = np.arange(seen.rows(part).start, seen.rows(part).stop)
    scorer = seen.scorer(model)
    scores = scorer.scores(rows)
    held = holds[rows] & ~scores.out
    milli, dimension = scores.milli.copy(), scores.dimensions[rule["in"]].copy()
    swallowed = np.zeros(len(rows), dtype=np.bool_)
    paid = np.where(held, rule["points"] * 1000, 0).astype(np.int64)
    for place, positions, of, weights in scorer.parted(rows):
        if rule["in"] in weights.dimensions:
            with_it = _with(of, weights, positions, rule["in"], paid[place])
            milli[place], dimension[place] = with_it.milli, with_it.dimension
            swallowed[place] = with_it.less & held[place]
    after = replace(scores, milli=milli, dimensions={**scores.dimensions, rule["in"]: dimension})
    tier = main_tier(model.name, model.tiers, seen.plan)
    rank = 0 if tier is None else [each.name for each in model.tiers].index(tier)
    one, two = (tier_ranks(model, each) >= rank for each in (scores, after))
    inside = ~scores.out
    return Effect(
        part=part,
        n=int(inside.sum()),
        held=int(held.sum()),
        tier=tier or "",
        before=int((one & inside).sum()),
        after=int((two & inside).sum()),
        gained=int((two & ~one & inside).sum()),
        lost=int((one & ~two & inside).sum()),
        weeks=days_of(seen, rows) / WEEK,
        swallowed=int(swallowed.sum()),
    )


class _With(NamedTuple):
    """Some observations with the rule: score and dimension in thousandths, and who gets less than the points say."""

    milli: Integers
    dimension: Integers
    less: Booleans


def _with(of: AlternativeScorer, weights: AlternativeWeights, rows: Rows, name: str, paid: Integers) -> _With:
    home = weights.dimensions[name]
    sums = of.summed(name, weights, rows)
    totals = [sums, sums + paid]
    if home.inactivity is not None:
        totals = [faded(total, home.inactivity, of.shelf.idle[of.idle[name]][rows]) for total in totals]
    before, after = (home.kept(total) for total in totals)
    free = [replace(home, cap=OPEN).kept(total) for total in totals]
    own = {each: after if each == name else of.dimension(each, weights, rows) for each in weights.dimensions}
    milli = weights.combining.finished(weights.combining.together(own))
    return _With(milli, after, after - before != free[1] - free[0])
