"""Champion and challengers on one part: what every table of a comparison is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbench.backtesting.capacity import days_of
from workbench.backtesting.judged import LEAST
from workbench.comparing.capacity import Capacity, capacity_of
from workbench.comparing.entrant import Entrant, labels
from workbench.errors import CallError
from workbench.metrics.paired import Pair, Sample
from workbench.model import Model
from workbench.observation import Observations
from workbench.tuning.changes import LEAST_OF_EITHER

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Contest:
    """Models on the observations of a part.

    Attributes:
        seen, part: what is looked at.
        rows: the observations of the part.
        champion, challengers: the models.
        tier: the champion's main tier; None without tiers.
        capacity: how many leads each model chooses.
        won: (n,) whether each converted.
        sample: who converted, and who belongs together.
        cluster: (n,) what is resampled together.
        amount: (n,) what was recorded with each convert, 0 where nothing was.
        confidence: of intervals.
    """

    seen: Observations
    part: str
    rows: slice
    champion: Entrant
    challengers: tuple[Entrant, ...]
    tier: str | None
    capacity: Capacity
    won: Booleans
    sample: Sample
    cluster: Integers
    amount: Floats
    confidence: float

    @classmethod
    def of(
        cls, champion: Model, challengers: Sequence[Model], seen: Observations, part: str, confidence: float
    ) -> Contest:
        """Score the part under every model.

        Raises:
            CallError: if there is no challenger, or the part does not exist, is sealed or holds nobody.
            NotObserved, ModelError: if a model asks what the observations cannot answer.
            PlanError: if the plan names a tier that a model does not have.
        """
        rows = seen.rows(part)
        if rows.stop == rows.start:
            raise CallError.at(
                "part", expected="a part with observations", found=f"none in '{part}'", remedy="Name another part."
            )
        if not challengers:
            raise CallError.at(
                "challengers", expected="at least one model", found="none", remedy="Name what to compare with."
            )
        models = (champion, *challengers)
        entrants = [Entrant.of(model, label, seen, part) for model, label in zip(models, labels(models), strict=True)]
        first, subjects = entrants[0], seen.subjects
        tier = first.main(seen.plan)
        reaching = None if tier is None else int(first.reached(tier).sum())
        won = subjects.won[rows] == 1
        return cls(
            seen,
            part,
            rows,
            first,
            tuple(entrants[1:]),
            tier,
            capacity_of(seen, rows, reaching, tier),
            won,
            Sample.of(won, subjects.cluster[rows]),
            subjects.cluster[rows],
            np.nan_to_num(subjects.amount[rows]) * won,
            confidence,
        )

    @property
    def n(self) -> int:
        """How many observations there are."""
        return len(self.won)

    @property
    def unit(self) -> str:
        """Whose observations they are: lead or account."""
        return "lead" if self.seen.members is None else "account"

    @property
    def days(self) -> float:
        """How many days the part stretches over; NaN without dates."""
        return days_of(self.seen, self.rows)

    @property
    def enough(self) -> bool:
        """Whether there are observations enough to call one model better: 30 of them, 5 of either outcome."""
        return enough(self.won)

    @cached_property
    def worked(self) -> dict[str, Floats]:
        """By model, (n,) what share of each observation is among those chosen; ties share the boundary."""
        return {each.label: self.worked_by(each) for each in (self.champion, *self.challengers)}

    def worked_by(self, entrant: Entrant) -> Floats:
        """(n,) what share of each observation is among those that the model chooses."""
        share: Floats = entrant.worked(self.capacity.share).take(entrant.placed.cells)
        return share

    def pair(self, challenger: Entrant) -> Pair:
        """The observations under the champion and a challenger."""
        first, second = self.champion, challenger
        return Pair(self.sample, first.placed.cells, second.placed.cells, (first.size, second.size))

    def rank_of(self, challenger: Entrant) -> str | None:
        """The challenger's tier that stands for the champion's main tier; None where either has none."""
        return None if self.tier is None else challenger.main(self.seen.plan, self.tier)

    def may_say(self, challenger: Entrant, change: float) -> bool:
        """Whether a change may be called better or worse: what orders leads no better than chance is never better."""
        return self.enough and (not change > 0 or challenger.ranks)


def enough(won: Booleans) -> bool:
    """Whether there are observations enough, and of either outcome, for a verdict."""
    hits = int(won.sum())
    return len(won) >= LEAST and min(hits, len(won) - hits) >= LEAST_OF_EITHER
