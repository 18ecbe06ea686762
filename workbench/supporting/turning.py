"""The same leads under one number of points after another: whoever the number does not reach is scored once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.model import Model
from workbench.observation import AlternativeScorer, AlternativeWeights, Observations, RuleWeights, Weights
from workbench.observation.indexing import TAKEN_OUT
from workbench.observation.split import ALL
from workbench.searching import Place
from workbench.searching.own import Beside, Payments, turned
from workbench.searching.people import parted
from workbench.searching.rest import Part, rest_of
from workbench.searching.share import has

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Turn:
    """Leads whose score one number of points may move.

    Attributes:
        at: (m,) which of the leads.
        scores: (m,) thousandths, for a value of the number.
    """

    at: Integers
    scores: Callable[[int], Integers]


class Turning:
    """Scores the same leads for any value of one number, exactly as `Candidates` does.

    Args:
        model: the model whose rules are paid.
        seen: the observations, of leads, as one part.
    """

    def __init__(self, model: Model, seen: Observations) -> None:
        self._scorer = seen.scorer(model)
        self.out = self._scorer.weights.out
        self._n = len(seen.subjects.won)
        _, *people = parted(self._scorer, seen, seen.rows(ALL), self.out)
        self._shares = [_Share(own, some.at) for own, some in zip(self._scorer.alternatives, people, strict=True)]

    def turns(self, weights: Weights, place: Place, today: int) -> tuple[Integers, list[Turn]]:
        """(n,) everybody's score as it is today, and those whom the number reaches.

        Args:
            weights: what is paid; gates as in the model.
            place: the number that is turned.
            today: what it is, in thousandths.
        """
        scores = np.full(self._n, TAKEN_OUT)
        turns: list[Turn] = []
        for share, of in zip(self._shares, weights.alternatives, strict=True):
            if len(share.at):
                turns.extend(share.turn(of, place, scores))
        for turn in turns:
            scores[turn.at] = turn.scores(today)
        return scores, turns


class _Share:
    """The leads of one alternative.

    Args:
        scorer: the alternative's.
        at: their rows.
    """

    def __init__(self, scorer: AlternativeScorer, at: Integers) -> None:
        self.at = at
        self._scorer, self._pays = scorer, Payments(scorer, at)

    def turn(self, weights: AlternativeWeights, place: Place, scores: Integers) -> Iterator[Turn]:
        """Those whom the number reaches; the others' scores are filled in."""
        rule = next((each for each in weights.rules if each.id == place.rule and has(each, place)), None)
        name = next(iter(weights.dimensions)) if rule is None else rule.book
        others = {other: self._part(weights, other) for other in weights.dimensions if other != name}
        rest = rest_of(weights.combining, name, others, len(self.at))
        besides = rest.besides(rest.index)
        if rule is None:
            part = self._part(weights, name)
            scores[self.at] = rest.scores(rest.joined(part.spread(part.values), besides))
            return
        own = self._number(weights, rule, place.index)
        apart, near = np.flatnonzero(~own.reached), np.flatnonzero(own.reached)
        scores[self.at[apart]] = rest.scores(rest.joined(own.still(apart), besides[apart]))
        if len(near):
            beside = besides[near]
            yield Turn(self.at[near], lambda value: rest.scores(rest.joined(own.paying(value), beside)))

    def _part(self, weights: AlternativeWeights, name: str) -> Part:
        if self._scorer.moving(name, weights):
            return Part(self._scorer.dimension(name, weights, self.at), None)
        return Part(self._scorer.entries(name, weights), self._pays.codes(name))

    def _number(self, weights: AlternativeWeights, rule: RuleWeights, index: int) -> _Number:
        moving = self._scorer.moving(rule.book, weights)
        beside = self._pays.beside(weights, rule, moving=moving)
        if moving:
            return self._by_person(beside, rule, index)
        codes, reached = self._pays.codes(rule.book), beside.reached(rule, index)
        those, slot = beside.at(np.flatnonzero(reached)), (np.cumsum(reached) - 1)[codes[reached[codes]]]
        still = beside.value(self._pays.entries(rule))
        return _Number(
            reached[codes],
            lambda at: still[codes[at]],
            lambda value: those.value(self._pays.by_level(turned(rule, index, value), those.levels))[slot],
        )

    def _by_person(self, beside: Beside, rule: RuleWeights, index: int) -> _Number:
        """Where ages or idleness move the dimension."""
        aging = self._pays.aging(rule) if self._pays.aged(rule) else None
        reached = beside.reached(rule, index) if aging is None else aging.reached
        those, people = beside.at(np.flatnonzero(reached)), self._pays.people(rule)

        def paying(value: int) -> Integers:
            own = turned(rule, index, value)
            return those.value(self._pays.by_level(own, those.levels) if aging is None else aging.paid(own))

        return _Number(reached, lambda at: beside.at(at).value(people[at]), paying)


@dataclass(frozen=True, eq=False)
class _Number:
    """One number of points in its dimension.

    Attributes:
        reached: (n,) whom it reaches.
        still: the dimension's value of some of the others.
        paying: that of all whom it reaches, for a value.
    """

    reached: NDArray[np.bool_]
    still: Callable[[Integers], Integers]
    paying: Callable[[int], Integers]
