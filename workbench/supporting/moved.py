"""Those who change side at a tier: few at a time, so what they did is counted, not taken to be normal."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import binomtest

from workbench.metrics.clustering import design_effect
from workbench.metrics.intervals import wilson
from workbench.metrics.paired import Difference
from workbench.supporting.ground import Past
from workbench.tuning.changes import LEAST_CARRIERS, Result


class Change(NamedTuple):
    """A change with its 95 % interval."""

    value: float
    low: float
    high: float


class Moved(NamedTuple):
    """Who enters and who leaves the tier when points change.

    Attributes:
        n: observations in all.
        entering, leaving: how many of either.
        won_in, won_out: how many of these convert.
        effect: how many times clusters widen the variance of a rate among them, >= 1.
    """

    n: int
    entering: int
    leaving: int
    won_in: int
    won_out: int
    effect: float

    @classmethod
    def of(cls, past: Past, before: Result, after: Result) -> Moved:
        """Those whom two models treat differently."""
        assert before.reached is not None  # noqa: S101  (asked where there is a tier only)
        assert after.reached is not None  # noqa: S101
        moved = before.reached != after.reached
        won, entering = past.ground.won[moved], after.reached[moved]
        effect = design_effect(won, past.seen.subjects.cluster[moved])[0] if len(won) else 1.0
        hits = int(won[entering].sum())
        n_in = int(entering.sum())
        return cls(past.n, n_in, len(won) - n_in, hits, int(won.sum()) - hits, float(effect))

    @property
    def one_way(self) -> bool:
        """Whether somebody moves, and all the same way."""
        return (self.entering > 0) != (self.leaving > 0)

    @property
    def rate(self) -> float:
        """The share of them that converts, where all move the same way; else NaN."""
        return (self.won_in + self.won_out) / (self.entering + self.leaving) if self.one_way else float("nan")

    @property
    def rate_ends(self) -> tuple[float, float]:
        """Its 95 % interval (Wilson, widened for clusters)."""
        if not self.one_way:
            return float("nan"), float("nan")
        low, high = wilson(self.won_in + self.won_out, self.entering + self.leaving, design_effect=self.effect)
        return float(low), float(high)

    def leads(self, found: Difference) -> Change:
        """How many more reach the tier.

        Where all move the same way, the interval of their share of all (Wilson) times all; else the paired one, kept
        within what those who move can make of it.
        """
        return self._counted(found, self.entering + self.leaving)

    def wins(self, found: Difference) -> Change:
        """How many more converts reach it; as `leads`."""
        return self._counted(found, self.won_in + self.won_out)

    def value(self, found: Difference, *, cost: float, win: float | None) -> Change:
        """By how much the net value changes.

        Where all move the same way and a win has one worth, moved x (rate x win - cost) with the rate's interval; else
        the paired interval, kept within what any outcomes of theirs could make of it (but for recorded amounts, which
        have no upper end).
        """
        if win is not None and self.one_way:
            size = self.entering - self.leaving
            ends = sorted(size * (rate * win - cost) for rate in self.rate_ends)
            return Change(found.value, ends[0], ends[1])
        gain = max((np.inf if win is None else win) - cost, 0.0)
        lowest = -cost * self.entering - (gain * self.leaving if self.leaving else 0.0)
        highest = cost * self.leaving + (gain * self.entering if self.entering else 0.0)
        return _within(found, lowest, highest)

    def p_value(self, rate: float) -> float:
        """How likely a rate among those who move as far from this one is by chance: the exact binomial test.

        Clusters count as so many fewer of them. 1 where effectively fewer than five move.
        """
        n = round((self.entering + self.leaving) / self.effect)
        if n < LEAST_CARRIERS or not 0 < rate < 1:
            return 1.0
        return float(binomtest(round((self.won_in + self.won_out) / self.effect), n, rate).pvalue)

    def _counted(self, found: Difference, hits: int) -> Change:
        if not self.one_way:
            return _within(found, -float(self.leaving), float(self.entering))
        low, high = wilson(hits, self.n, design_effect=self.effect)
        sign = 1 if self.entering else -1
        ends = sorted((sign * float(low) * self.n, sign * float(high) * self.n))
        return Change(found.value, ends[0], ends[1])


def _within(found: Difference, lowest: float, highest: float) -> Change:
    return Change(found.value, max(found.low, lowest), min(found.high, highest))
