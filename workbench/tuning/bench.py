"""A champion and its observations, bound in memory: judges candidates within a frame of animation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting import Candidates, Counts
from workbench.backtesting.figures import band_edges, band_of
from workbench.backtesting.tiers import cuts_of, main_tier, tier_cuts
from workbench.metrics.clustering import design_effect
from workbench.metrics.paired import Sample
from workbench.model import Model, Tier
from workbench.observation import Observations, Weights
from workbench.observation.accounts import account_score
from workbench.observation.split import TEST
from workbench.tuning.binding import Bindings
from workbench.tuning.changes import Ground, Result, changes_frame, differences
from workbench.tuning.standing import PartStanding, Standing

Floats = NDArray[np.float64]
ROOM = 0.25
"""Share of the observed range of scores that an axis without bounds leaves free at either end."""


class Bench:
    """A champion and its observations, bound in memory; judges candidates without the engine.

    What is asked of it never depends on what was asked before, nor does it look at sealed outcomes.

    Args:
        champion: the model that candidates are set against.
        seen: the observations; of leads, or of accounts where the plan's unit is the account.

    Attributes:
        champion, seen: as given.
        parts: train and validation, test if it was opened; or all, without a split.
        base: the champion's own standing.
        edges: (b,) lower ends of the score bands in points, fixed: the plan's, or those of the champion's backtest.
        axis: lowest and highest points that a picture of scores shows, fixed.
        main_tier: the champion's tier that figures are about; None without tiers.

    Raises:
        NotObserved: if the champion asks for evidence that was not gathered.
        ModelError: if it does not fit the history, or accounts were observed and it does not say how they are scored.
        PlanError: if the plan names a tier that the champion does not have.
    """

    def __init__(self, champion: Model, seen: Observations) -> None:
        self.champion, self.seen = champion, seen
        self.parts = seen.parts
        self._bindings = Bindings(champion, seen)
        self._grounds = {part: self._ground(part) for part in self.parts}
        self._results: dict[str, Result] = {}
        self.main_tier = main_tier(champion.name, self._tiers(champion), seen.plan)
        bound, weights = self._bindings.of(champion), Weights.of(champion)
        points = [_points(bound[part].counts(weights)) for part in self.parts if part != TEST]
        self.edges: Floats = band_edges(np.concatenate(points), seen.plan)
        self.base = self.standing(champion)
        self.axis = self._axis()

    def standing(self, candidate: Model) -> Standing:
        """A candidate's figures on every part, from counts by score alone: milliseconds.

        A candidate that differs from an earlier one in numbers only (points, caps, weights, decay, thresholds) is
        worked out from what that one was bound to; another is bound anew.

        Raises:
            NotObserved: if it asks for evidence that was not gathered and cannot be worked out.
            ModelError: if it does not fit the history.
        """
        bound, weights = self._bindings.of(candidate), Weights.of(candidate)
        parts = {part: self._part(part, bound[part], weights) for part in self.parts}
        return Standing(candidate, parts, self._cuts(candidate))

    def with_intervals(self, standing: Standing) -> Standing:
        """The same with the intervals of the bands' rates, as a backtest has them: widened for clusters.

        Takes longer than the standing itself where observations come in clusters.
        """
        bound, weights = self._bindings.of(standing.model), Weights.of(standing.model)
        parts = {
            part: replace(each, bands=each.bands.with_intervals(self._design_effects(part, bound[part], weights)))
            for part, each in standing.parts.items()
        }
        return replace(standing, parts=parts)

    def changes(self, candidate: Model) -> pd.DataFrame:
        """Headline figures by part, the champion's beside the candidate's, with the change and its 95 % interval.

        auc, lift_10 and capture_20 as in `Backtest.metrics`; leads (how many reach it), precision, recall and, if the
        plan has a value, value at the main tier, judged as the whole model judges it (minima, gates, matrix, variants).
        Where the candidate has no tier of that name, at its own main tier; where either has no tiers, not at all.

        Intervals are paired: both models on the same observations, with clusters summed, and wide enough where few
        are treated differently (`workbench.metrics.paired`).

        Returns:
            Columns part, figure, champion, candidate, change, low, high, verdict, higher_is_better, unit. The verdict
            is better or worse only where the interval excludes 0 and there are observations enough (30 of them, 5 of
            either outcome, 30 that reach the tier for its precision, and at least 5 observations or clusters that,
            effectively, the change rests on); same where the models treat every observation
            alike; else not enough evidence. A number of leads is neither better nor worse: its verdict is same or
            empty, its higher_is_better None.

        Raises:
            NotObserved: if the candidate asks for evidence that was not gathered and cannot be worked out.
            ModelError: if it does not fit the history.
            PlanError: if the plan names a tier that neither has.
        """
        return changes_frame(self._rows(candidate))

    # --- parts ------------------------------------------------------------------------------------------------------

    def _ground(self, part: str) -> Ground:
        rows, subjects, worth = self.seen.rows(part), self.seen.subjects, self.seen.plan.value
        won = subjects.won[rows] == 1
        sample = Sample.of(won, subjects.cluster[rows])
        asked = worth is not None and worth.win == "amount"
        amounts = np.nan_to_num(subjects.amount[rows][sample.won]) if asked else None
        return Ground(part, sample, won, amounts, worth)

    def _part(self, part: str, bound: Candidates, weights: Weights) -> PartStanding:
        worth = self.seen.plan.value
        if worth is None or worth.win != "amount":
            return PartStanding.of(part, bound.counts(weights), edges=self.edges, worth=worth)
        placed = bound.placed(weights)
        return PartStanding.of(part, placed.counts, edges=self.edges, worth=worth, amounts=placed.amounts)

    def _design_effects(self, part: str, bound: Candidates, weights: Weights) -> Floats:
        """By band; those whom a gate takes out are a group of their own, and count where all are looked at together."""
        ground, size = self._grounds[part], len(self.edges)
        if not ground.sample.clustered:
            return np.ones(size)
        placed = bound.placed(weights)
        group = band_of(_points(placed.counts), self.edges) + 1
        rows = self.seen.rows(part)
        effects = design_effect(
            ground.won, self.seen.subjects.cluster[rows], groups=group[placed.cells], n_groups=size + 1
        )
        return effects[1:]

    # --- changes ----------------------------------------------------------------------------------------------------

    def _rows(self, candidate: Model) -> Iterator[dict[str, object]]:
        own, other = self._bindings.of(self.champion), self._bindings.of(candidate)
        for part, ground in self._grounds.items():
            if part not in self._results:
                self._results[part] = Result.of(self.champion, ground, own[part], self._rank(self.champion))
            result = Result.of(candidate, ground, other[part], self._rank(candidate))
            yield from differences(ground, self._results[part], result)

    def _rank(self, model: Model) -> int | None:
        """The rank of the tier that is to be reached."""
        tiers = self._tiers(model)
        names = [tier.name for tier in tiers]
        if self.main_tier in names:
            return names.index(self.main_tier)
        name = main_tier(model.name, tiers, self.seen.plan)
        return None if name is None or self.main_tier is None else names.index(name)

    def _tiers(self, model: Model) -> tuple[Tier, ...]:
        return model.tiers if self.seen.members is None else account_score(model).tiers

    def _cuts(self, model: Model) -> tuple[tuple[str, float], ...]:
        return tier_cuts(model) if self.seen.members is None else cuts_of(account_score(model).tiers)

    # --- the axis ---------------------------------------------------------------------------------------------------

    def _axis(self) -> tuple[float, float]:
        """The model's bounds where it has them and its scores fill a good part of them; else room for other scores."""
        scores = np.concatenate(
            [*(part.scores for part in self.base.parts.values()), [cut for _, cut in self.base.cuts]]
        )
        low, high = (float(scores.min()), float(scores.max())) if len(scores) else (0.0, 0.0)
        room = max((high - low) * ROOM, 1.0)
        bounds = (None, None) if self.seen.members is not None else (self.champion.score.min, self.champion.score.max)
        least, most = (None if bound is None else float(bound) for bound in bounds)
        left = least if least is not None and low - least <= high - low else low - room
        right = most if most is not None and most - high <= 2 * (high - low) else high + room
        return min(left, low), max(right, high)


def _points(counts: Counts) -> Floats:
    """The distinct scores in points; NaN for those whom a gate takes out."""
    points = counts.scores / 1000
    if counts.gated:
        points[0] = np.nan
    return points
