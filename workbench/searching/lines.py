"""Lines: every value of one number of points, answered exactly, with few visits to the leads."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbench.backtesting import Candidates, Counts
from workbench.errors import CallError
from workbench.model import Model
from workbench.observation import Observations, RuleWeights, Weights
from workbench.observation.indexing import TAKEN_OUT
from workbench.observation.split import ALL, TRAIN
from workbench.searching.along import Along, Place, stacked
from workbench.searching.people import MINOR, parted
from workbench.searching.share import Share
from workbench.searching.spread import Spread, counted, together

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Lines:
    """One part's observations, or some of them, under one model; answers candidates and whole lines exactly.

    Args:
        model: the model whose points are turned.
        seen: the observations.
        part: train by default, or all without a split.
        rows: positions within the part, each at most once; by default all of it.
        amounts: whether lines sum the amounts of those who convert, where some are recorded; quicker without.

    Attributes:
        weights: the model's own.
        places: every number of points that may be turned, rules in the model's order.
        n: how many observations there are.
        converted: how many of them converted.

    Raises:
        NotObserved: if the model asks for evidence that was not gathered.
        ModelError: if accounts were observed and the model does not say how they are scored.
        CallError: if the part does not exist or is sealed, or a row is not in it or named twice.
    """

    def __init__(
        self,
        model: Model,
        seen: Observations,
        *,
        part: str | None = None,
        rows: Integers | None = None,
        amounts: bool = True,
    ) -> None:
        named = part or (TRAIN if seen.split else ALL)
        own = seen if rows is None else _taken(seen, named, rows)
        self._candidates = Candidates(model, own, part=named)
        at = own.rows(named)
        won = own.subjects.won[at]
        self._paid = amounts and bool(np.isfinite(own.subjects.amount[at]).any())
        self._own, self._model, self._part = own, model, named
        self.weights: Weights = self._candidates.weights
        self.places: tuple[Place, ...] = _places(self.weights)
        self.n = len(won)
        self.converted = int(np.count_nonzero(won == 1))

    def counts(self, weights: Weights) -> Counts:
        """Observations by score and outcome of one candidate."""
        return self._candidates.counts(weights)

    def paying(self, weights: Weights, place: Place, value: int) -> Weights:
        """The same with one number of points changed, in every alternative that has it.

        Args:
            weights: what is paid now.
            place: which number.
            value: thousandths.
        """
        alternatives = tuple(
            replace(each, rules=tuple(_turned(rule, place, value) for rule in each.rules))
            for each in weights.alternatives
        )
        return replace(weights, alternatives=alternatives)

    def along(self, weights: Weights, place: Place, values: Integers) -> Along:
        """Every value of one number of points, all else as it is in `weights`.

        Args:
            weights: what is paid now.
            place: which number is turned.
            values: (V,) thousandths, V >= 1.

        Raises:
            CallError: if there is no such place, or no value.
        """
        turned = np.asarray(values, dtype=np.int64)
        self._check(place, turned)
        if self._own.members is None and weights.out == self.weights.out:
            return self._quick(weights, place, turned)
        return self._slow(weights, place, turned)

    def _quick(self, weights: Weights, place: Place, values: Integers) -> Along:
        """Each alternative's people apart, and those whom gates take out."""
        gone, shares = self._apart
        parts = [share.along(each, place, values) for share, each in zip(shares, weights.alternatives, strict=True)]
        found = together([gone, *parts], len(values))
        filled = np.flatnonzero(found.sums[:2].any(axis=(0, 1)))
        sums = found.sums[:, :, filled]
        lost, won = sums[:2].astype(np.int64)
        amounts = np.where(won > 0, sums[2] / MINOR, 0.0) if len(sums) > 2 else None
        return Along(values, found.scores[filled], lost, won, amounts)

    @cached_property
    def _apart(self) -> tuple[Spread, list[Share]]:
        scorer = self._own.scorer(self._model)
        found = parted(scorer, self._own, self._own.rows(self._part), self.weights.out)
        gone, *people = (each if self._paid else replace(each, worth=None) for each in found)
        shares = [Share(own, some) for own, some in zip(scorer.alternatives, people, strict=True)]
        return counted(np.full(len(gone.at), TAKEN_OUT), gone.each(np.arange(len(gone.at)))), shares

    def _slow(self, weights: Weights, place: Place, values: Integers) -> Along:
        """Candidate by candidate."""
        return stacked(values, (self._one(self.paying(weights, place, int(value))) for value in values))

    def _one(self, weights: Weights) -> tuple[Counts, Floats | None]:
        if not self._paid:
            return self._candidates.counts(weights), None
        placed = self._candidates.placed(weights)
        return placed.counts, placed.amounts

    def _check(self, place: Place, values: Integers) -> None:
        if place not in self.places:
            raise CallError.at(
                "place",
                expected="one of the places of these lines",
                found=str(place),
                remedy="Take it from `places`.",
            )
        if values.ndim != 1 or not len(values):
            raise CallError.at(
                "values",
                expected="thousandths of a point, shape (V,) with V >= 1",
                found=f"shape {values.shape}",
                remedy="Pass for example np.arange(-20_000, 21_000, 1_000).",
            )


def _places(weights: Weights) -> tuple[Place, ...]:
    found: dict[Place, None] = {}
    for alternative in weights.alternatives:
        for rule in alternative.rules:
            found |= {Place(rule.id, at): None for at in range(len(rule.points)) if not (rule.dormant and at == 1)}
    return tuple(found)


def _turned(rule: RuleWeights, place: Place, value: int) -> RuleWeights:
    if rule.id != place.rule or not _has(rule, place):
        return rule
    return replace(rule, points=(*rule.points[: place.index], value, *rule.points[place.index + 1 :]))


def _has(rule: RuleWeights, place: Place) -> bool:
    return place.index < len(rule.points) and not (rule.dormant and place.index == 1)


def _taken(seen: Observations, part: str, rows: Integers) -> Observations:
    """Only some rows of a part, in the part's order."""
    whole = seen.rows(part)
    order = np.unique(np.asarray(rows, dtype=np.int64))
    size = whole.stop - whole.start
    if len(order) != len(rows) or (len(order) and not 0 <= order[0] <= order[-1] < size):
        raise CallError.at(
            "rows",
            expected=f"different positions in 0..{size - 1}",
            found=f"{len(rows)} rows, {len(order)} different",
            remedy="Pass positions within the part, each once.",
        )
    return replace(seen, shelf=replace(seen.shelf, material=None)).taken(whole.start + order)
