"""What a lead lacks to the next tier, and the smallest change of its facts that would reach it.

A change is tried out on the lead's facts and judged by the whole model, so limits, windows, gates, variants and rules
that share evidence have their say; nothing is offered that does not work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from workbench.model import CasesRule, CoreRule, EachRule, Model
from workbench.model.words import events_in_words
from workbench.oracle import Facts, Lead, Lists, Verdict, facts_of, holds, judge
from workbench.parsing import milli
from workbench.wishes import AddEvents, Edit, SetField, ways_to

MOST_PAIRED = 40


@dataclass(frozen=True)
class Step:
    """One thing that would have to be different.

    Attributes:
        change: what, in words.
        rule: the rule that it is meant for; others may follow from the same fact.
        points: what the score gains by it alone.
    """

    change: str
    rule: str
    points: float


@dataclass(frozen=True)
class NextTier:
    """The way to the next tier.

    Attributes:
        tier: the nearest tier above.
        missing: points that are missing, by `score` and by dimension.
        steps: the smallest change that reaches it or a higher one: events and stages before fields (what a lead can do
            before what it is), then as few as possible, one rule or two; empty if no such change does.
        score: points after the change; None without one.
    """

    tier: str
    missing: dict[str, float]
    steps: tuple[Step, ...]
    score: float | None

    @property
    def sentence(self) -> str:
        """The way in one sentence."""
        lacks = ", ".join(f"{points:g} points of {name}" for name, points in self.missing.items())
        short = f"{lacks} short of {self.tier}" if lacks else f"Below {self.tier}"
        if not self.steps:
            return f"{short}; no change of one or two rules' facts reaches it."
        ways = " and ".join(f"{step.change} ({step.rule}, score {step.points:+g})" for step in self.steps)
        return f"{short}. Smallest change: {ways}."


def next_tier(
    model: Model, lead: Lead, as_of_us: int | None, *, lists: Lists, built_in: frozenset[str]
) -> NextTier | None:
    """The way up for one lead; None if it is in the highest tier, a gate decides over it, or there are no tiers.

    Args:
        model: the model.
        lead: its facts.
        as_of_us: the moment; None for a lead taken as recorded.
        lists: named lists of the history.
        built_in: which of the built-in fields the history has.
    """
    desk = _Desk(model, lead, as_of_us, lists, built_in)
    rank = model.tier(desk.now.tier or "")
    if desk.now.gate is not None or rank >= len(model.tiers) - 1:
        return None
    found, after = desk.smallest(rank)
    steps = tuple(desk.step(action) for action in found)
    return NextTier(model.tiers[rank + 1].name, desk.missing(rank + 1), steps, None if after is None else after / 1000)


@dataclass(frozen=True)
class _Action:
    """Edits of facts that a rule would be paid for."""

    rule: str
    words: str
    edits: tuple[Edit, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Fields that would have to be others, then events and stages that would have to come."""
        fields = sum(isinstance(edit, SetField) for edit in self.edits)
        events = sum(edit.count if isinstance(edit, AddEvents) else 1 for edit in self.edits)
        return fields, events - fields


class _Desk:
    """One lead's facts, to be changed on trial."""

    def __init__(self, model: Model, lead: Lead, as_of_us: int | None, lists: Lists, built_in: frozenset[str]) -> None:
        self.model, self.lead, self.as_of_us, self.lists, self.built_in = model, lead, as_of_us, lists, built_in
        self.now = self.judged(())
        self.facts: Facts = facts_of(lead, as_of_us, lists, built_in)
        names = [each.name for each in model.alternatives]
        self.flat = model.alternatives[names.index(self.now.variant)].model

    def judged(self, actions: tuple[_Action, ...]) -> Verdict:
        """The verdict after some actions."""
        lead = self.lead
        for action in actions:
            for edit in action.edits:
                lead = edit.done(lead, self.as_of_us)
        return judge(self.model, lead, self.as_of_us, self.lists, built_in=self.built_in)

    def missing(self, rank: int) -> dict[str, float]:
        """What lacks to a tier, where its lowest score and minima say it."""
        tier = self.flat.tiers[rank]
        lacks: dict[str, float] = {}
        if tier.from_ is not None and self.now.score is not None:
            lacks["score"] = (milli(tier.from_) - self.now.score) / 1000
        for name, least in tier.require.items():
            lacks[name] = (milli(least) - self.now.dimensions[name]) / 1000
        return {name: points for name, points in lacks.items() if points > 0}

    def step(self, action: _Action) -> Step:
        """An action with what it gains alone."""
        return Step(action.words, action.rule, self._gain((action,)) / 1000)

    def _gain(self, actions: tuple[_Action, ...]) -> int:
        after = self.judged(actions).score
        return -1 if after is None or self.now.score is None else after - self.now.score

    def smallest(self, rank: int) -> tuple[tuple[_Action, ...], int | None]:
        """The smallest change to a tier above `rank`, and the score after it."""
        actions = list(dict.fromkeys(self._actions()))
        ways: list[tuple[_Action, ...]] = [(action,) for action in actions if self._reaches((action,), rank)]
        if not any(way[0].size[0] == 0 for way in ways):
            gains = {action: self._gain((action,)) for action in actions}
            best = sorted((each for each in actions if gains[each] > 0), key=lambda each: -gains[each])[:MOST_PAIRED]
            ways += [pair for pair in combinations(best, 2) if _apart(*pair) and self._reaches(pair, rank)]
        if not ways:
            return (), None
        way = min(ways, key=lambda each: (*_sum_of(each), self._gain(each)))
        return way, self.judged(way).score

    def _reaches(self, actions: tuple[_Action, ...], rank: int) -> bool:
        verdict = self.judged(actions)
        return verdict.gate is None and self.model.tier(verdict.tier or "") > rank

    def _actions(self) -> Iterator[_Action]:
        for rule in self.flat.written_out:
            yield from self._of_rule(rule)

    def _of_rule(self, rule: CoreRule) -> Iterator[_Action]:
        """What could be different so that a rule pays more."""
        if isinstance(rule, EachRule):
            for edit in AddEvents.up_to(rule.each) if rule.points > 0 else ():
                yield _Action(rule.id, f"{edit.count} more {events_in_words(rule.each)}", (edit,))
            return
        if isinstance(rule, CasesRule):
            conditions = [(case.when, True) for case in rule.cases if milli(case.points) > self.now.paid[rule.id]]
        else:
            conditions = [(rule.when, rule.points > 0)]
        for condition, wanted in conditions:
            if holds(condition, self.facts) != wanted:
                for edits in ways_to(condition, self.facts, wanted=wanted):
                    yield _Action(rule.id, _told(edits), edits)


def _told(edits: tuple[Edit, ...]) -> str:
    return " and ".join(edit.words for edit in edits)


def _apart(one: _Action, other: _Action) -> bool:
    """Whether two actions are of two rules and do not ask for two values of one field."""
    fields = [{(edit.name, edit.account) for edit in each.edits if isinstance(edit, SetField)} for each in (one, other)]
    return one.rule != other.rule and not fields[0] & fields[1]


def _sum_of(actions: tuple[_Action, ...]) -> tuple[int, int]:
    sizes = [action.size for action in actions]
    return sum(size[0] for size in sizes), sum(size[1] for size in sizes)
