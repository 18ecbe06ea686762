"""One tier's cut on one model: who reaches it at which threshold, in which part, and who does today."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.tiers import tier_ranks
from workbench.cutoffs.ground import Ground, cells
from workbench.cutoffs.reaching import ALWAYS, NEVER, current_cut, cuts, reaching, tiers_of
from workbench.model import Model
from workbench.observation import Observations
from workbench.observation.accounts import account_ranks, account_score, rolled

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
MOST_CUTS = 400


@dataclass(frozen=True, eq=False)
class Scene:
    """What a cut is chosen among.

    Attributes:
        seen: the observations.
        coming: who arrives: observations of everybody, or those of `seen`.
        asked: the model that was asked about.
        model: the same, or with cuts of other tiers changed already; the one that is changed.
        tier: whose cut; None if the score alone decides.
        part, judge: where thresholds are chosen, and where they are judged (None: nowhere else).
        keys: of all observations, as `reaching` gives them.
        now: (n,) who reaches the tier in the model that was asked about; None without a tier.
        current: its cut there, in points; NaN without one.
        cuts: thresholds in thousandths, ascending.
        draws: replicates of the bootstrap.
    """

    seen: Observations
    coming: Observations
    asked: Model
    model: Model
    tier: str | None
    part: str
    judge: str | None
    keys: Integers
    now: Booleans | None
    current: float
    cuts: Integers
    draws: int

    @classmethod
    def of(
        cls,
        asked: Model,
        model: Model,
        seen: Observations,
        tier: str | None,
        parts: tuple[str, str | None],
        *,
        step: int,
        coming: Observations | None = None,
    ) -> Scene:
        """The scene of a tier.

        Args:
            asked: the model that was asked about, for what is so today.
            model: the same, or with cuts of other tiers changed already.
            seen: the observations.
            tier: whose cut.
            parts: where to choose and where to judge.
            step: thresholds are multiples of this many thousandths.
            coming: who arrives; by default those observed.
        """
        keys = reaching(model, seen, tier)[0]
        at = current_cut(asked, seen, tier)
        return cls(
            seen=seen,
            coming=seen if coming is None else coming,
            asked=asked,
            model=model,
            tier=tier,
            part=parts[0],
            judge=parts[1],
            keys=keys,
            now=None if tier is None else reached_now(asked, seen, tier),
            current=float("nan") if at is None else at,
            cuts=cuts(keys, step, MOST_CUTS),
            draws=1000,
        )

    @cached_property
    def ground(self) -> Ground:
        """Outcomes where thresholds are chosen."""
        return Ground.of(self.seen, self.part, self.cuts, self.keys, self.draws)

    @cached_property
    def judging(self) -> Ground | None:
        """Outcomes where they are judged."""
        return None if self.judge is None else Ground.of(self.seen, self.judge, self.cuts, self.keys, self.draws)

    @cached_property
    def coming_keys(self) -> Integers:
        """As `keys`, of those who arrive."""
        return self.keys if self.coming is self.seen else reaching(self.model, self.coming, self.tier)[0]

    @cached_property
    def coming_now(self) -> Booleans | None:
        """As `now`, of those who arrive."""
        if self.coming is self.seen or self.tier is None:
            return self.now
        return reached_now(self.asked, self.coming, self.tier)

    @property
    def cell(self) -> Integers:
        """How many thresholds each of those who arrive reaches, sealed ones too."""
        return cells(self.coming_keys, self.cuts)

    @property
    def ranks(self) -> bool:
        """Whether the order is better than chance, on every part that is looked at."""
        return self.ground.ranks and (self.judging is None or self.judging.ranks)

    def reached(self, at: int) -> Booleans:
        """(n,) who reaches the threshold at this position."""
        found: Booleans = self.keys >= self.cuts[at]
        return found

    def figures(self, at: int | None) -> pd.DataFrame:
        """The columns of `Cutoff.figures`."""
        rows = []
        suggested = None if at is None else self.reached(at)
        threshold = float("nan") if at is None else float(self.cuts[at]) / 1000
        for which, reached, points in (("current", self.now, self.current), ("suggested", suggested, threshold)):
            for part in (self.part, self.judge):
                if reached is not None and part is not None:
                    keys = np.where(reached, ALWAYS, NEVER)
                    frame = Ground.of(self.seen, part, np.zeros(1, dtype=np.int64), keys, self.draws).frame()
                    frame.insert(0, "which", which)
                    frame.insert(1, "part", part)
                    frame.insert(2, "threshold", points)
                    size = self.seen.rows(part)
                    frame["value_each"] = frame["value"] / max(size.stop - size.start, 1)
                    rows.append(frame)
        if rows:
            return pd.concat(rows, ignore_index=True)
        empty = Ground.of(self.seen, self.part, np.zeros(1, dtype=np.int64), self.keys, 1).frame().iloc[:0]
        return pd.DataFrame(columns=["which", "part", "threshold", *empty.columns, "value_each"])


def reached_now(model: Model, seen: Observations, tier: str) -> Booleans:
    """(n,) who reaches the tier or a later one in the model as it is, sealed ones too."""
    rank = [each.name for each in tiers_of(model, seen)].index(tier)
    if seen.members is None:
        return np.greater_equal(tier_ranks(model, seen.scorer(model).scores()), rank)
    account = account_score(model)
    leads, starts = seen.members_of(slice(0, len(seen.subjects.part)))
    scores = seen.scorer(model).scores(leads)
    return np.greater_equal(account_ranks(rolled(scores.milli, scores.out, starts, account), account), rank)
