"""Raw material: what windows, bounds on counts and limits of events may be changed from, without the engine.

Of every set of events that a rule asks about, the ages of all its events are kept, whatever its window; of conditions
that mix tests on events with others, the truth of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from workbench.engine.duck import column
from workbench.engine.lowered import (
    Ages,
    AsOf,
    Conjunction,
    Constant,
    Disjunction,
    Events,
    Feature,
    Hit,
    Measured,
    Negation,
    Predicate,
    Tally,
    leaves,
    predicates,
)
from workbench.observation.eventsets import Ask
from workbench.observation.gather import Evidence, Gathering, Whole, small
from workbench.observation.trails import Trail

Integers = NDArray[np.int64]
Bits = NDArray[np.uint8]


def source_of(events: Events) -> Events:
    """The set that another one can be picked from by ages alone: without window, newest kept, and times in force.

    Of which events with one value, or of one day, the newest is kept does not depend on a window that leaves out old
    events; on one that leaves out young ones (`older_us`) it does, so there it stays.
    """
    limited = events.distinct is not None or events.per_day is not None
    older = events.older_us if limited else None
    return replace(events, window_us=None, older_us=older, force=None, newest=None)


BY_AGE = ("count", "first_age", "last_age")
"""Measures that can be answered from ages."""


def quantity(leaf: Measured) -> Ask:
    """What a test compares with a number."""
    return leaf.events, leaf.measure, leaf.of


@dataclass(frozen=True)
class Ingredients:
    """What to keep for some features.

    Attributes:
        sources: sets of events.
        quantities: measures of events that ages do not tell.
        tests: what else their conditions ask.
    """

    sources: tuple[Events, ...]
    quantities: tuple[Ask, ...]
    tests: tuple[Predicate, ...]

    @property
    def features(self) -> list[Feature]:
        """What gathering has to be prepared for."""
        asked = [Measured(*ask, ">=", 1) for ask in self.quantities]
        return [*(Ages(events) for events in self.sources), *(Hit(test) for test in (*asked, *self.tests))]

    @classmethod
    def of(cls, features: Iterable[Feature]) -> Ingredients:
        """What to keep for whichever of these hold a set of events."""
        sources: dict[Events, None] = {}
        quantities: dict[Ask, None] = {}
        tests: dict[Predicate, None] = {}
        for feature in features:
            if isinstance(feature, Tally | Ages):
                sources[source_of(feature.events)] = None
            asked = [leaf for test in predicates(feature) for leaf in leaves(test)]
            measured = [leaf for leaf in asked if isinstance(leaf, Measured)]
            for leaf in measured:
                if leaf.measure in BY_AGE:
                    sources[source_of(leaf.events)] = None
                else:
                    quantities[quantity(leaf)] = None
            if measured:
                tests |= dict.fromkeys(rest for test in predicates(feature) for rest in others(test))
        return cls(tuple(sources), tuple(quantities), tuple(tests))


def others(predicate: Predicate) -> Iterator[Predicate]:
    """The largest parts of a predicate that ask neither about events nor only about as_of."""
    ends = list(leaves(predicate))
    if all(isinstance(leaf, Constant | AsOf | Measured) for leaf in ends):
        return
    if not any(isinstance(leaf, Measured) for leaf in ends):
        yield predicate
    elif isinstance(predicate, Negation):
        yield from others(predicate.part)
    elif isinstance(predicate, Conjunction | Disjunction):
        for part in predicate.parts:
            yield from others(part)


@dataclass(frozen=True)
class Material:
    """What was kept.

    Attributes:
        size: number of observations.
        trails: ages of events, by set (see `source_of`).
        quantities: (n,) measures of events that ages do not tell; sums in thousandths.
        truths: whether a test holds, by observation, eight to a byte.
    """

    size: int
    trails: dict[Events, Trail]
    quantities: dict[Ask, Whole]
    truths: dict[Predicate, Bits]

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        kept = (self.trails, self.quantities, self.truths)
        return sum(int(each.nbytes) for material in kept for each in material.values())

    def truth(self, test: Predicate) -> NDArray[np.bool_]:
        """(n,) whether a kept test holds."""
        return np.unpackbits(self.truths[test], count=self.size).view(np.bool_)

    def taken(self, rows: Integers) -> Material:
        """That of the observations at the positions `rows`, in that order."""
        trails = {events: trail.taken(rows) for events, trail in self.trails.items()}
        quantities = {ask: values[rows] for ask, values in self.quantities.items()}
        truths = {test: np.packbits(self.truth(test)[rows]) for test in self.truths}
        return Material(len(rows), trails, quantities, truths)


def gather_material(gathering: Gathering, ingredients: Ingredients, known: dict[Ages, Evidence], size: int) -> Material:
    """Run the queries that fill the raw material.

    Args:
        gathering: prepared with the ingredients' features.
        ingredients: what to keep.
        known: ages that were gathered already.
        size: number of observations.
    """
    trails = {}
    for events in ingredients.sources:
        feature = Ages(events)
        trails[events] = Trail.of(known[feature] if feature in known else gathering.ages(feature), size)
    quantities = {}
    for ask in ingredients.quantities:
        values = _each(gathering, gathering.quantity(ask)).astype(np.int64)
        quantities[ask] = values if ask[1] == "sum" else small(values, np.int32)
    truths = {test: np.packbits(_each(gathering, gathering.printed(test)).astype(bool)) for test in ingredients.tests}
    return Material(size, trails, quantities, truths)


def _each(gathering: Gathering, value: exp.Expr) -> NDArray[Any]:
    """What an expression is for each observation."""
    query = gathering.select([exp.alias_(value, "value", quoted=True)])
    return np.asarray(gathering.engine.arrays(query.order_by(column("obs", gathering.observations)))["value"])
