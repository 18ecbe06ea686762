"""Thresholds from capacity, money, or a target; for one tier, or for several together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.cutoffs.arriving import arriving
from workbench.cutoffs.bands import banding
from workbench.cutoffs.cutoff import Cutoff, Cutoffs
from workbench.cutoffs.ground import Ground
from workbench.cutoffs.queue import Service
from workbench.cutoffs.reaching import NEVER, cuts, has_own_cut, reaching, tier_named, tiers_of
from workbench.cutoffs.scene import MOST_CUTS, Scene
from workbench.cutoffs.suggestion import suggestion
from workbench.cutoffs.wanted import WAYS, By, Wanted, checked_share, checked_way, wanted_of, weekly
from workbench.errors import CallError
from workbench.history import History
from workbench.model import Model
from workbench.observation import Observations
from workbench.observation.split import ALL, TEST, TRAIN, VALIDATION

STEP = 1000
"""Thresholds are whole points."""


def suggest_thresholds(
    model: Model,
    seen: Observations,
    *,
    by: str = "all",
    target: float | None = None,
    tier: str | None = None,
    tiers: Mapping[str, Any] | None = None,
    capacity: float | None = None,
    service: Service | None = None,
    part: str | None = None,
    history: History | None = None,
) -> Cutoffs:
    """Suggest where a tier should begin, and say where the choice hardly matters.

    Who reaches a tier is judged as the whole model judges it: minima, gates, variants and later tiers included.
    Thresholds are whole points that tell observations apart. They are chosen on the train part and shown on the
    validation part beside it, since choosing flatters.

    - `capacity`: the lowest threshold whose queue is kept (see `Service`), simulated week by week in the order in which
      leads came (`as_of`), each lead once, when it first reaches the threshold. Arrivals are no outcomes, so those of
      the sealed part count too, and with `history` everybody whom the plan observes before the end of the data: those
      in the gaps of the split, and those whose horizon has not passed. Nothing is scaled.
    - `value`: the threshold of greatest net value by the plan's costs and wins.
    - `precision`: the lowest threshold that meets the target. `recall`: the highest that does.

    Args:
        model: the model; its rules must be among those observed.
        seen: the observations.
        by: capacity, value, precision, recall, or all that the plan and the arguments allow.
        target: the precision or recall to be met, 0..1.
        tier: whose cut; by default the plan's tier, or the first above the lowest.
        tiers: several together, by tier `{by: …, target: … or capacity: …}` or a `Wanted`; leaves `by`, `target` and
            `tier` out. The highest is chosen first, and a lower one may not begin above it; where both have a
            capacity, leads of the higher tier are worked by its own people and not in the lower one's queue.
        capacity: leads a week; by default the plan's.
        service: what a queue must keep.
        part: where to choose: train (by default; all without a split), validation or all.
        history: the loaded past that `seen` was made from, for one unbroken queue. Without it the weeks in the gaps
            of a split are left out, and the queue begins again after each.

    Raises:
        CallError: if the history is another one; for a way, target, part or tier that does not exist, or one asked for
            by name that the plan, the data or the model cannot give.
        NotObserved: if the model asks for evidence that was not gathered.
        ModelError: if accounts were observed and the model does not say how they are scored.
    """
    parts = _parts(seen, part)
    asked = _Asked(model, seen, parts, capacity, service or Service(), history)
    if tiers is not None:
        if by != "all" or target is not None or tier is not None:
            remedy = "Say everything in 'tiers', or leave it out."
            raise CallError.at("tiers", expected="no by, target or tier beside it", found="some", remedy=remedy)
        return asked.jointly({name: wanted_of(name, wish) for name, wish in tiers.items()})
    return asked.alone(tier_named(model, seen, tier), by, target)


def _parts(seen: Observations, part: str | None) -> tuple[str, str | None]:
    """Where to choose, and where to judge what was chosen."""
    choose = part or (TRAIN if seen.split else ALL)
    if choose == TEST:
        remedy = "Choose on train; judge the changed model on the test part with a backtest."
        raise CallError.at("part", expected="train, validation or all", found="test", remedy=remedy)
    rows = seen.rows(choose)
    if rows.stop == rows.start:
        raise CallError.at("part", expected="a part with observations", found=f"none in '{choose}'", remedy="Name one.")
    if choose != TRAIN:
        return choose, None
    other = seen.rows(VALIDATION)
    return choose, VALIDATION if other.stop > other.start else None


@dataclass
class _Asked:
    """What was asked for, and what was found out on the way."""

    model: Model
    seen: Observations
    parts: tuple[str, str | None]
    capacity: float | None
    service: Service
    history: History | None
    cutoffs: list[Cutoff] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    ranks: list[bool] = field(default_factory=list)
    load: dict[str, Any] = field(default_factory=dict)

    def alone(self, tier: str | None, by: str, target: float | None) -> Cutoffs:
        """Every way for one tier."""
        ways = WAYS if by == "all" else (checked_way(by, "by"),)
        if target is not None:
            checked_share(target, "target")
        fitting = [self._fits(Wanted(way, target if way in ("precision", "recall") else None)) for way in ways]
        queued = any(wanted.by == "capacity" and not reason for wanted, reason in fitting)
        scene = self._scene(self.model, tier, queued=queued)
        for way, (wanted, reason) in zip(ways, fitting, strict=True):
            if reason and by != "all":
                raise CallError.at("by", expected=_NEEDED[way], found=reason, remedy=_REMEDIES[way])
            if reason:
                self.skipped[way] = f"{reason[0].upper()}{reason[1:]}. {_REMEDIES[way]}"
            else:
                self._choose(scene, wanted, np.ones(len(scene.cuts), dtype=bool), None)
        return self._result(None)

    def jointly(self, wishes: Mapping[str, Wanted]) -> Cutoffs:
        """Several tiers, the highest first."""
        if not wishes:
            raise CallError.at("tiers", expected="at least one tier", found="none", remedy="Name one.")
        names = [each.name for each in tiers_of(self.model, self.seen)]
        for name in wishes:
            tier_named(self.model, self.seen, name)
        model, above, taken = self.model, None, None
        queued = any(wish.by == "capacity" for wish in wishes.values())
        for name in sorted(wishes, key=names.index, reverse=True):
            wanted, reason = self._fits(wishes[name])
            if reason:
                raise CallError.at(
                    f"tiers.{name}", expected=_NEEDED[wanted.by], found=reason, remedy=_REMEDIES[wanted.by]
                )
            scene = self._scene(model, name, queued=queued)
            taken = np.zeros(len(scene.coming.subjects.part), dtype=bool) if taken is None else taken
            allowed = np.ones(len(scene.cuts), dtype=bool) if above is None else scene.cuts <= above
            found = self._choose(scene, wanted, allowed, taken)
            if found.model is not None:
                model = found.model
                at = round(found.threshold * 1000)
                above = at if above is None else min(above, at)
                if wanted.by == "capacity":
                    taken = taken | (scene.coming_keys >= at)
        self.cutoffs.reverse()
        changed = any(each.model is not None for each in self.cutoffs)
        return self._result(model if changed else None, jointly=True)

    def _scene(self, model: Model, tier: str | None, *, queued: bool) -> Scene:
        coming = self._coming if queued else None
        return Scene.of(self.model, model, self.seen, tier, self.parts, step=STEP, coming=coming)

    @cached_property
    def _coming(self) -> Observations:
        return arriving(self.model, self.seen, self.history)

    def _fits(self, wanted: Wanted) -> tuple[Wanted, str]:
        """The wish with what the plan says, and what stands against it."""
        plan = self.seen.plan
        if wanted.by == "capacity":
            given = wanted.target or self.capacity or (weekly(plan.capacity) if plan.capacity is not None else None)
            if given is not None and not given > 0:
                return wanted, f"{given:g} leads a week"
            if self.seen.subjects.as_of_us is None:
                return wanted, "a table that was taken as recorded, without dates to simulate a queue by"
            if given is None:
                return wanted, "no capacity in the plan and none given"
            return Wanted("capacity", float(given)), ""
        if wanted.by == "value":
            return wanted, "" if plan.value is not None else "no value in the plan"
        return wanted, "" if wanted.target is not None else "no target given"

    def _choose(
        self, scene: Scene, wanted: Wanted, allowed: NDArray[np.bool_], taken: NDArray[np.bool_] | None
    ) -> Cutoff:
        found, load = suggestion(scene, wanted, allowed, self.service, taken)
        self.cutoffs.append(found)
        self.ranks.append(scene.ranks)
        self.load = load or self.load
        return found

    def _result(self, joint: Model | None, *, jointly: bool = False) -> Cutoffs:
        by_score = _by_score(self.model, self.seen, self.parts[0])
        bands = banding(by_score)
        return Cutoffs(
            model_name=self.model.name,
            model_version=self.model.version,
            digests={
                "scoring_digest": self.model.scoring_digest,
                "document_digest": self.model.document_digest,
            },
            data=dict(self.seen.data),
            plan=self.seen.plan.plain(),
            chosen_on=self.parts[0],
            judged_on=self.parts[1],
            jointly=jointly,
            cutoffs=tuple(self.cutoffs),
            skipped=self.skipped,
            ranks=all(self.ranks) if self.ranks else by_score.ranks,
            load=self.load,
            bands=bands.frame,
            bands_finding=bands.finding,
            warnings=self._warnings(),
            joint_model=joint,
        )

    def _warnings(self) -> tuple[str, ...]:
        told = list(self.seen.warnings)
        if self.parts[1] is None:
            told.append(
                f"Chosen and shown on the same part ({self.parts[0]}): a suggestion's figures are flattered by "
                "the choice; see its optimism."
            )
        missing = self.load.get("left_out_in_these_weeks", 0)
        if missing:
            share = 100 * self.load["share"]
            told.append(
                f"{missing:,} observations of the simulated weeks are in no part, since their account is in an earlier "
                f"one: the queue is fed with {share:.3g} % of what came, and the true one is longer."
            )
        own = {name for each in self.cutoffs for name in has_own_cut(self.model, each.tier)}
        if own and self.seen.members is None:
            told.append(f"Variants with a cut of their own keep it: {', '.join(sorted(own))}.")
        return tuple(told)


_NEEDED: dict[By, str] = {
    "capacity": "dates, and how many leads sales can work",
    "value": "what a contact costs and a win is worth",
    "precision": "the precision to be met",
    "recall": "the recall to be met",
}
_REMEDIES: dict[By, str] = {
    "capacity": "Give the plan 'capacity: {per: week, leads: 15}', or pass it; data without dates has no queue.",
    "value": "Give the plan 'value: {contact_cost: 180, win: 3000}'.",
    "precision": "Pass target, such as 0.2.",
    "recall": "Pass target, such as 0.8.",
}


def _by_score(model: Model, seen: Observations, part: str) -> Ground:
    """Outcomes by the score alone, whatever the tiers."""
    keys, _ = reaching(model, seen, None)
    return Ground.of(seen, part, cuts(keys, STEP, MOST_CUTS), np.maximum(keys, NEVER), 1)
