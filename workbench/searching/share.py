"""The share of people that one alternative scores, and its lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.observation import AlternativeScorer, AlternativeWeights, RuleWeights
from workbench.searching.along import Place
from workbench.searching.cells import Cells
from workbench.searching.own import Beside, Payments, turned
from workbench.searching.people import People
from workbench.searching.rest import Part, Rest, rest_of
from workbench.searching.shifting import ALWAYS, MOST, Classes, classes_of
from workbench.searching.spread import Spread, rows, together

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
TABLE = 4
"""Entries times rests are counted once for a dimension if they are so many times fewer than people."""

FEWER = 8
"""Tables in which sums move along must be so many times smaller than people times values."""


@dataclass(frozen=True)
class _Ground:
    """What stays while one dimension's points are turned.

    Attributes:
        rest: everything else.
        table: (channels, entries, rests) sums, if that is small and nothing moves the dimension.
    """

    rest: Rest
    table: Floats | None


class Share:
    """Answers lines for the people of one alternative.

    Args:
        scorer: the alternative's.
        people: whom it scores and no gate takes out.
    """

    def __init__(self, scorer: AlternativeScorer, people: People) -> None:
        self._scorer, self._people = scorer, people
        self._pays = Payments(scorer, people.at)
        self._parts: dict[str, tuple[Any, Part]] = {}
        self._ground: tuple[Any, _Ground] | None = None
        self._still: tuple[AlternativeWeights, Spread] | None = None

    def along(self, weights: AlternativeWeights, place: Place, values: Integers) -> Spread:
        """Sums by score for each value of a place; where this alternative has no such place, the same for all."""
        rule = next((each for each in weights.rules if each.id == place.rule and has(each, place)), None)
        if rule is None or not len(self._people.at):
            return self._constant(weights)
        moving = self._scorer.moving(rule.book, weights)
        ground = self._grounded(weights, rule.book, moving)
        beside = self._pays.beside(weights, rule, moving=moving)
        if not moving and ground.rest.tables is None:
            most = min(MOST, max(ALWAYS, len(values) * len(self._people.at) // FEWER))
            classes = classes_of(self._pays, weights, rule, place.index, values, beside, ground.rest, most)
            if classes is not None:
                return classes.along(self._classed(classes, rule.book, ground))
        way = self._by_person if moving else self._by_entry
        return way(rule, place.index, values, beside, ground)

    # --- what stays -------------------------------------------------------------------------------------------------

    def _constant(self, weights: AlternativeWeights) -> Spread:
        if self._still is None or self._still[0] != weights:
            name = next(iter(weights.dimensions))
            rest, part = self._rest(weights, name), self._part(weights, name)
            self._still = weights, Cells.of(rest, rest.index, self._people).spread(part.spread(part.values))
        return self._still[1]

    def _grounded(self, weights: AlternativeWeights, name: str, moving: bool) -> _Ground:
        key = (name, weights.combining, [_key(weights, other) for other in weights.dimensions if other != name])
        if self._ground is None or self._ground[0] != key:
            self._ground = None
            rest = self._rest(weights, name)
            self._ground = key, _Ground(rest, None if moving else self._table(name, rest))
        return self._ground[1]

    def _table(self, name: str, rest: Rest) -> Floats | None:
        entries = len(self._scorer.shelf.books[name].entries)
        if entries * rest.size * TABLE > max(len(self._people.at), 4096):
            return None
        firsts = np.arange(entries, dtype=np.int64) * rest.size
        found = self._people.looked_up(firsts, self._pays.codes(name), rest.index, entries * rest.size)
        return found.reshape(-1, entries, rest.size)

    def _rest(self, weights: AlternativeWeights, name: str) -> Rest:
        others = {other: self._part(weights, other) for other in weights.dimensions if other != name}
        return rest_of(weights.combining, name, others, len(self._people.at))

    def _part(self, weights: AlternativeWeights, name: str) -> Part:
        key = _key(weights, name)
        kept = self._parts.get(name)
        if kept is None or kept[0] != key:
            if self._scorer.moving(name, weights):
                part = Part(self._scorer.dimension(name, weights, self._people.at), None)
            else:
                part = Part(self._scorer.entries(name, weights), self._pays.codes(name))
            kept = self._parts[name] = (key, part)
        return kept[1]

    # --- by class ---------------------------------------------------------------------------------------------------

    def _classed(self, classes: Classes, name: str, ground: _Ground) -> Floats:
        """(channels, classes, rests) sums."""
        size = ground.rest.size
        if ground.table is None:
            found = self._people.looked_up(
                classes.of * size, self._pays.codes(name), ground.rest.index, classes.size * size
            )
            return found.reshape(-1, classes.size, size)
        order = np.argsort(classes.of, kind="stable")
        ordered = classes.of[order]
        starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
        found = np.zeros((len(ground.table), classes.size, size))
        found[:, ordered[starts]] = np.add.reduceat(ground.table[:, order], starts, axis=1)
        return found

    # --- one value after another ------------------------------------------------------------------------------------
    # Whom the number reaches are counted for each value, all others once.

    def _by_entry(self, rule: RuleWeights, index: int, values: Integers, beside: Beside, ground: _Ground) -> Spread:
        """Where codes say all; the entries of a small table are counted, else people."""
        if ground.table is None:
            of, cells = self._pays.codes(rule.book), Cells.of(ground.rest, ground.rest.index, self._people)
        else:
            of, rests = (each.astype(np.int64) for each in np.nonzero(ground.table[:2].any(axis=0)))
            cells = Cells.of(ground.rest, rests, ground.table[:, of, rests])
        mask = beside.reached(rule, index)
        reached = mask[of]
        apart, near = np.flatnonzero(~reached), np.flatnonzero(reached)
        still = cells.taken(apart).spread(beside.value(self._pays.entries(rule))[of[apart]])
        if not len(near):
            return still
        those, cells = beside.at(np.flatnonzero(mask)), cells.taken(near)
        slot = (np.cumsum(mask) - 1)[of[near]]
        found = []
        for value in values.tolist():
            earned = self._pays.by_level(turned(rule, index, value), those.levels)
            found.append(cells.spread(those.value(earned)[slot]))
        return together([still, rows(found)], len(values))

    def _by_person(self, rule: RuleWeights, index: int, values: Integers, beside: Beside, ground: _Ground) -> Spread:
        """Where ages or idleness move the dimension."""
        aging = self._pays.aging(rule) if self._pays.aged(rule) else None
        reached = beside.reached(rule, index) if aging is None else aging.reached
        apart, near = np.flatnonzero(~reached), np.flatnonzero(reached)
        cells = Cells.of(ground.rest, ground.rest.index, self._people)
        still = cells.taken(apart).spread(beside.at(apart).value(self._pays.people(rule)[apart]))
        if not len(near):
            return still
        those, cells = beside.at(near), cells.taken(near)
        found = []
        for value in values.tolist():
            own = turned(rule, index, value)
            earned = self._pays.by_level(own, those.levels) if aging is None else aging.paid(own)
            found.append(cells.spread(those.value(earned)))
        return together([still, rows(found)], len(values))


def has(rule: RuleWeights, place: Place) -> bool:
    """Whether a rule has such a number of points."""
    return place.index < len(rule.points) and not (rule.dormant and place.index == 1)


def _key(weights: AlternativeWeights, name: str) -> tuple[Any, ...]:
    """All that a dimension's values depend on."""
    groups = [(group, weights.groups[group]) for group in weights.groups_of(name)]
    return name, weights.in_dimension(name), groups, weights.dimensions[name]
