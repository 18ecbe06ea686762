"""What a lead lacks to the next tier, and the smallest change of its rules that would reach it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from workbench.backtesting.tiers import tier_ranks
from workbench.model import CasesRule, CoreRule, EachRule, Model
from workbench.model.words import cases_in_words
from workbench.observation import AlternativeWeights, RuleWeights, Scorer, Scores
from workbench.observation.arithmetic import clipped, faded
from workbench.parsing import milli

Integers = NDArray[np.int64]
MOST_EVENTS = 5
MOST_PAIRED = 40


@dataclass(frozen=True)
class Step:
    """One rule that would have to pay otherwise.

    Attributes:
        rule: its id.
        change: what would have to be so, in words.
        points: by how much more (or less) the rule would pay.
    """

    rule: str
    change: str
    points: float


Steps = tuple[tuple[Step, int], ...]
"""Steps, each with what the rule would earn before its limit of points, in thousandths."""


@dataclass(frozen=True)
class NextTier:
    """The way to the next tier.

    Attributes:
        tier: the nearest tier above.
        missing: points that are missing, by `score` and by dimension.
        steps: the fewest rules (one or two), and among those the smallest change of points, that reach it or a higher
            one; empty if no one or two rules do.
    """

    tier: str
    missing: dict[str, float]
    steps: tuple[Step, ...]

    @property
    def sentence(self) -> str:
        """The way in one sentence."""
        lacks = ", ".join(f"{points:g} points of {name}" for name, points in self.missing.items())
        short = f"{lacks} short of {self.tier}" if lacks else f"Below {self.tier}"
        if not self.steps:
            return f"{short}; no one or two rules reach it."
        ways = " and ".join(f"{step.change} ({step.rule} {step.points:+g})" for step in self.steps)
        return f"{short}. Smallest change: {ways}."


def next_tier(model: Model, scorer: Scorer, row: int, rank: int) -> NextTier | None:
    """The way up for one observation; None if it is in the highest tier, is taken out, or there are no tiers.

    Args:
        model: the model.
        scorer: the model, bound to what was observed.
        row: the observation.
        rank: the rank of the tier that it has (-1: none; less: taken out).
    """
    at = np.array([row])
    if rank < -1 or rank >= len(model.tiers) - 1 or scorer.gate(at)[0]:
        return None
    desk = _Desk(model, scorer, at)
    found = desk.smallest(rank)
    above = model.tiers[rank + 1].name
    return NextTier(above, desk.missing(rank + 1), tuple(step for step, _ in found))


class _Desk:
    """One lead's rules, to be paid otherwise on trial."""

    def __init__(self, model: Model, scorer: Scorer, at: Integers) -> None:
        [(_, _, self.own, self.weights)] = scorer.parted(at)
        self.variant = int(scorer.variant(at)[0])
        self.model, self.at = model, at
        self.flat = model.alternatives[self.variant].model
        self.rules = {rule.id: rule for rule in self.flat.written_out}
        self.raw = {rule.id: int(self.own.decayed(rule, at)[0]) for rule in self.weights.rules}
        self.idle = {name: self.own.shelf.idle[idle][at] for name, idle in self.own.idle.items()}

    def missing(self, rank: int) -> dict[str, float]:
        """What lacks to a tier, where its lowest score and minima say it."""
        scores, tier = self._scores({}), self.flat.tiers[rank]
        lacks: dict[str, float] = {}
        if tier.from_ is not None:
            lacks["score"] = (milli(tier.from_) - int(scores.milli[0])) / 1000
        for name, least in tier.require.items():
            lacks[name] = (milli(least) - int(scores.dimensions[name][0])) / 1000
        return {name: points for name, points in lacks.items() if points > 0}

    def smallest(self, rank: int) -> Steps:
        """The fewest and smallest steps to a tier above `rank`, with their raw points."""
        steps = [each for rule in self.weights.rules for each in self._steps(rule)]
        ways: list[Steps] = [(step,) for step in steps if self._rank((step,)) > rank]
        if not ways:
            before = int(self._scores({}).milli[0])
            gain = {step[0]: int(self._scores(_as_paid((step,))).milli[0]) - before for step in steps}
            best = sorted(steps, key=lambda step: -gain[step[0]])[:MOST_PAIRED]
            pairs = (pair for pair in combinations(best, 2) if pair[0][0].rule != pair[1][0].rule)
            ways = [pair for pair in pairs if self._rank(pair) > rank]
        return min(ways, key=lambda each: sum(abs(step.points) for step, _ in each), default=())

    def _steps(self, rule: RuleWeights) -> Iterator[tuple[Step, int]]:
        """What a rule could pay instead, before its limit of points, with the words for it."""
        now = self.raw[rule.id]
        paid = int(rule.kept(np.array([now]))[0])
        for raw, words in _instead(self.rules[rule.id], rule, now):
            then = int(rule.kept(np.array([raw]))[0])
            if then != paid:
                yield Step(rule.id, words, (then - paid) / 1000), raw

    def _rank(self, steps: Steps) -> int:
        return int(tier_ranks(self.model, self._scores(_as_paid(steps)))[0])

    def _scores(self, instead: dict[str, int]) -> Scores:
        """The lead's score if some rules paid otherwise."""
        raw = {**self.raw, **instead}
        paid = {rule.id: rule.kept(np.array([raw[rule.id]])) for rule in self.weights.rules}
        own = {name: self._dimension(name, self.weights, paid) for name in self.weights.dimensions}
        combining = self.weights.combining
        nothing = np.zeros(1, dtype=np.int64)
        dimensions = {name: own.get(name, nothing) for name in self.model.all_dimensions}
        score = combining.finished(combining.together(own))
        return Scores(score, np.zeros(1, dtype=bool), nothing, np.array([self.variant]), dimensions)

    def _dimension(self, name: str, weights: AlternativeWeights, paid: dict[str, Integers]) -> Integers:
        total = np.zeros(1, dtype=np.int64)
        groups = dict.fromkeys(weights.groups_of(name), total)
        for rule in weights.in_dimension(name):
            if rule.group is None:
                total = total + paid[rule.id]
            else:
                groups[rule.group] = groups[rule.group] + paid[rule.id]
        for group, points in groups.items():
            total = total + clipped(points, weights.groups[group])
        of = weights.dimensions[name]
        if of.inactivity is not None:
            total = faded(total, of.inactivity, self.idle[name])
        return of.kept(total)


def _as_paid(steps: Steps) -> dict[str, int]:
    return {step.rule: raw for step, raw in steps}


def _instead(rule: CoreRule, weights: RuleWeights, now: int) -> Iterator[tuple[int, str]]:
    """Other raw points that a rule could earn, in thousandths, with the words for it."""
    words = cases_in_words(rule)
    if isinstance(rule, EachRule):
        for more in range(1, MOST_EVENTS + 1):
            yield now + more * weights.points[0], f"{more} more x {words[0]}"
        yield 0, f"no {words[0]}"
    elif isinstance(rule, CasesRule):
        for case, phrase in zip(rule.cases, words, strict=True):
            yield milli(case.points), phrase
        yield weights.points[0], f"none of the cases of {rule.id}"
    else:
        yield weights.points[0], words[0]
        yield 0, f"not {words[0]}"
