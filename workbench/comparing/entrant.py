"""One model in a comparison: its scores on a part, and what each observation moves its figures by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbench.backtesting import Candidates
from workbench.backtesting.candidate import Placed
from workbench.backtesting.tiers import main_tier
from workbench.metrics import influence
from workbench.metrics.influence import Influence
from workbench.metrics.joint import top_share
from workbench.metrics.ranking import ranks
from workbench.model import Model, Tier
from workbench.observation import Observations, Weights
from workbench.observation.accounts import account_score
from workbench.plan import Plan, Worth

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
DEPTH = 0.1
"""The depth of the list whose lift is compared."""


@dataclass(frozen=True, eq=False)
class Entrant:
    """A model on the observations of a part.

    Attributes:
        label: how it is named: by name, with the version where names are the same.
        model: the model.
        bound: its candidates on the part.
        placed: counts by score, and each observation's place among the scores.
        tiers: of leads or of accounts, lowest first.
    """

    label: str
    model: Model
    bound: Candidates
    placed: Placed
    tiers: tuple[Tier, ...]

    @classmethod
    def of(cls, model: Model, label: str, seen: Observations, part: str) -> Entrant:
        """Score a part.

        Raises:
            NotObserved, ModelError: as `Candidates`.
        """
        bound = Candidates(model, seen.following(model), part=part)
        tiers = model.tiers if seen.members is None else account_score(model).tiers
        return cls(label, model, bound, bound.placed(Weights.of(model)), tiers)

    @property
    def size(self) -> int:
        """How many distinct scores there are."""
        return len(self.placed.counts.scores)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its tiers, lowest first."""
        return tuple(tier.name for tier in self.tiers)

    def main(self, plan: Plan, wanted: str | None = None) -> str | None:
        """Its main tier: the one of the name `wanted` if it has that; None without tiers.

        Raises:
            PlanError: if the plan names a tier that it does not have.
        """
        return wanted if wanted in self.names else main_tier(self.label, self.tiers, plan)

    def reached(self, tier: str) -> Booleans:
        """(n,) who reaches a tier or a later one."""
        return self.bound.reached(self.model, self.names.index(tier), self.placed)

    @cached_property
    def points(self) -> Floats:
        """(k,) distinct scores in points; NaN for those whom a gate takes out."""
        points = self.placed.counts.scores / 1000
        if self.placed.counts.gated:
            points[0] = np.nan
        return points

    # --- figures ----------------------------------------------------------------------------------------------------

    @cached_property
    def ranks(self) -> bool:
        """Whether the scores order leads better than chance."""
        return ranks(self.placed.counts.negatives, self.placed.counts.positives)

    @cached_property
    def area(self) -> Influence:
        """The area under the ROC curve."""
        return influence.area(self.placed.counts.negatives, self.placed.counts.positives)

    @cached_property
    def lift(self) -> Influence:
        """The lift of the best tenth."""
        return influence.lift(self.placed.counts.negatives, self.placed.counts.positives, DEPTH)

    def worked(self, share: float) -> Floats:
        """(k,) what share of each score's observations is among the best `share` of the list."""
        return top_share(self.placed.counts.negatives, self.placed.counts.positives, share)

    def captured(self, share: float) -> Influence:
        """How many conversions the best `share` of the list holds.

        The share C of all P conversions that lies there times P, by the product rule: P times the influence on C, and
        C times that on P.
        """
        counts = self.placed.counts
        part = influence.captured(counts.negatives, counts.positives, share)
        n, won = float((counts.negatives + counts.positives).sum()), float(counts.positives.sum())
        mean = part.value * won / n
        return Influence(
            part.value * won, part.lost * won - mean, part.won * won - mean + part.value, level=(mean, mean)
        )

    def net(self, share: float, worth: Worth) -> float:
        """What the best `share` of the list earns less what working it costs, in the plan's currency."""
        counts = self.placed.counts
        worked = self.worked(share)
        amounts = self.placed.amounts if worth.win == "amount" else counts.positives * float(worth.win)
        cost = float(worth.contact_cost) * share * float((counts.negatives + counts.positives).sum())
        return float(worked @ amounts) - cost


def labels(models: Sequence[Model]) -> tuple[str, ...]:
    """A name for each model that no other has: its name, with the version or a number where needed."""
    names = [model.name for model in models]
    if len(set(names)) < len(names):
        names = [f"{model.name} v{model.version}" for model in models]
    found: list[str] = []
    for name in names:
        number = 2
        label = name
        while label in found:
            label, number = f"{name} ({number})", number + 1
        found.append(label)
    return tuple(found)
