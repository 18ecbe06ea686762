"""The observations that evidence is taken from: all whose outcomes are open, as one part, bound to the model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from workbench.backtesting import Candidates
from workbench.backtesting.tiers import main_tier
from workbench.errors import CallError
from workbench.metrics.influence import Influence
from workbench.metrics.paired import Difference, Pair, Sample
from workbench.model import Model
from workbench.observation import Observations
from workbench.observation.accounts import account_score
from workbench.observation.split import ALL, TEST
from workbench.supporting.claim import all_on
from workbench.tuning.changes import RANKING, Figure, Ground, Result

WEEK_US = 7 * 86_400_000_000


@dataclass(frozen=True, eq=False)
class Past:
    """What was observed, bound to a model whose rules are all on.

    Attributes:
        seen: the observations, as one part.
        part: what they are called: "train and validation", "all".
        asking: the model with its rules on, where that was observed.
        unseen: rules that are off and were not observed.
        bound: answers for any points.
        ground: outcomes and clusters.
        tier: rank of the main tier; None without tiers.
        tier_name: its name.
        weeks: from the first to the last moment of observation; NaN where there are none.
    """

    seen: Observations
    part: str
    asking: Model
    unseen: tuple[str, ...]
    bound: Candidates
    ground: Ground
    tier: int | None
    tier_name: str | None
    weeks: float

    @classmethod
    def of(cls, model: Model, seen: Observations, part: str | None) -> Past:
        """Bind a model.

        Raises:
            CallError: if the part does not exist or is sealed, or nobody is in it.
            NotObserved: if the model asks for evidence that was not gathered.
            ModelError: if accounts were observed and the model does not say how they are scored.
            PlanError: if the plan names a tier that the model does not have.
        """
        whole, named = pooled(seen, part)
        asking, whole, unseen = all_on(model, whole)
        tiers = model.tiers if whole.members is None else account_score(model).tiers
        name = main_tier(model.name, tiers, whole.plan)
        rank = None if name is None else [tier.name for tier in tiers].index(name)
        bound = Candidates(asking, whole)
        return cls(whole, named, asking, unseen, bound, _ground(whole), rank, name, _weeks(whole))

    @property
    def n(self) -> int:
        """How many were observed."""
        return len(self.ground.won)

    @property
    def converted(self) -> int:
        """How many of them converted."""
        return self.ground.sample.n_won

    def result(self, model: Model) -> Result:
        """A model's figures, observation by observation."""
        return Result.of(model, self.ground, self.bound, self.tier)

    def between(self, first: Result, second: Result) -> Between:
        """The second's figures less the first's."""
        return Between(self.ground, first, second)


@dataclass(frozen=True, eq=False)
class Between:
    """Two results on the same observations; the second's figures less the first's."""

    ground: Ground
    first: Result
    second: Result

    def difference(self, figure: Figure) -> Difference:
        """Of one figure."""
        before, after = self.first.figures[figure], self.second.figures[figure]
        return self._ranked.difference(before, after) if figure in RANKING else self.reaching(before, after)

    def reaching(self, before: Influence, after: Influence) -> Difference:
        """Of a figure of those who reach the main tier."""
        return self._reached.difference(before, after, amounts=self.ground.amounts)

    @cached_property
    def _ranked(self) -> Pair:
        first, second = self.first.placed, self.second.placed
        sizes = (len(first.counts.scores), len(second.counts.scores))
        return Pair(self.ground.sample, first.cells, second.cells, sizes)

    @cached_property
    def _reached(self) -> Pair:
        assert self.first.reached is not None  # noqa: S101  (asked where there is a tier only)
        assert self.second.reached is not None  # noqa: S101
        return Pair(self.ground.sample, self.first.reached, self.second.reached, (2, 2))


def pooled(seen: Observations, part: str | None) -> tuple[Observations, str]:
    """The observations of a part as a whole of their own, and what they are called.

    Without a part, all that are open but for the test part, also if that was opened: nothing is chosen here, so
    train and validation may speak together.

    Raises:
        CallError: if the part does not exist or is sealed, or nobody is in it.
    """
    parts = tuple(each for each in seen.parts if each != TEST) if part is None else (part,)
    rows = np.concatenate([np.arange(each.start, each.stop) for each in map(seen.rows, parts)])
    if not len(rows):
        raise CallError.at(
            "part", expected="observations in it", found=f"nobody in {' and '.join(parts)}", remedy="Name another part."
        )
    order = rows[np.argsort(seen.subjects.won[rows], kind="stable")]
    taken = seen.arranged(order)
    whole = replace(
        taken,
        plan=taken.plan.model_copy(update={"split": None}),
        subjects=replace(taken.subjects, part=np.zeros(len(rows), dtype=np.int8)),
        _sealed=None,
    )
    return whole, " and ".join(each for each in parts if seen.rows(each).stop > seen.rows(each).start)


def _ground(seen: Observations) -> Ground:
    subjects, worth = seen.subjects, seen.plan.value
    won = subjects.won == 1
    sample = Sample.of(won, subjects.cluster)
    asked = worth is not None and worth.win == "amount"
    amounts = np.nan_to_num(subjects.amount[sample.won]) if asked else None
    return Ground(ALL, sample, won, amounts, worth)


def _weeks(seen: Observations) -> float:
    moments = seen.subjects.as_of_us
    if moments is None or not len(moments):
        return float("nan")
    span = float(moments.max() - moments.min()) / WEEK_US
    return span if span >= 1 else float("nan")
