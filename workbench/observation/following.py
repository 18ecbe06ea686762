"""Follows a model whose windows, bounds or limits changed: what it asks newly is worked out from what was kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workbench.engine.lower import Catalog, Lowered, lower_model
from workbench.engine.lowered import Ages, Feature, FirstOf, Hit, Idle, Tally
from workbench.errors import NotObserved
from workbench.model import Model
from workbench.observation.books import DECIDERS, Shelf
from workbench.observation.derivation import Derivation
from workbench.observation.gather import Evidence, Whole
from workbench.observation.material import Material
from workbench.observation.recoding import with_columns

Integers = NDArray[np.int64]
Coded = Hit | FirstOf | Tally


@dataclass(frozen=True)
class Asked:
    """One thing that a model asks.

    Attributes:
        what: the rule, or what else asks it.
        book: where the answer is looked up; of events that fade and of idleness, the dimension that they move.
        feature: what is asked.
    """

    what: str
    book: str
    feature: Feature


def asked(model: Model, lowered: Lowered) -> Iterator[Asked]:
    """All that a model asks; where it has variants, each book tells them apart."""
    for what, feature in (("gates", lowered.gates), ("variants", lowered.variants)):
        if feature.cases:
            yield Asked(what, DECIDERS, feature)
    for number, each in enumerate(model.alternatives):
        for name in each.model.dimensions if lowered.variants.cases else ():
            yield Asked("variants", name, lowered.variants)
        for rule in each.model.active:
            yield Asked(rule.id, each.model.dimension_of(rule), lowered.rules[number][rule.id])
        for name, idle in lowered.idle[number].items():
            yield Asked(f"inactivity of {name}", name, idle)


class Follower:
    """Answers for models on one shelf.

    Args:
        shelf: what was gathered, and the raw material that was kept, if any.
        catalog: what the history holds.
        as_of_us: gives the moments of the shelf's observations.
    """

    def __init__(self, shelf: Shelf, catalog: Catalog, as_of_us: Callable[[], Integers]) -> None:
        self._shelf, self._catalog = shelf, catalog
        self._derivation = Derivation(shelf.material or Material(shelf.size, {}, {}, {}), as_of_us)
        self._known = {name: frozenset(book.features) for name, book in shelf.books.items()}
        self._homes = {feature: name for name, features in self._known.items() for feature in features}

    def follows(self, model: Model) -> bool:
        """Whether all that a model asks is there or can be worked out."""
        return all(self._can(each.feature) for each in self._missing(model))

    def followed(self, model: Model) -> Shelf:
        """The shelf with all that a model asks: the same one where nothing is missing.

        Raises:
            NotObserved: if something can neither be found nor worked out.
            ModelError: if the model does not fit the history.
        """
        missing = self._missing(model)
        for each in missing:
            if not self._can(each.feature):
                raise self._refused(each.what)
        names = [each.book for each in missing] + [name for name in model.all_dimensions if name not in self._known]
        added: dict[str, list[tuple[Feature, Whole]]] = {name: [] for name in names}
        evidence: dict[Ages, Evidence] = {}
        idle: dict[Idle, Integers] = {}
        for each in missing:
            feature = each.feature
            if isinstance(feature, Ages):
                evidence[feature] = self._ages(feature)
            elif isinstance(feature, Idle):
                idle[feature] = self._derivation.idle(feature)
            else:
                added[each.book].append((feature, self._column(feature)))
        if not added:
            return self._shelf
        recoded = with_columns(self._shelf, added)
        return replace(recoded, evidence=self._shelf.evidence | evidence, idle=self._shelf.idle | idle)

    def _missing(self, model: Model) -> list[Asked]:
        """What a model asks that is not on the shelf, each once."""
        everything = {(each.book, each.feature): each for each in asked(model, lower_model(model, self._catalog))}
        return [each for each in everything.values() if not self._has(each)]

    def _has(self, each: Asked) -> bool:
        if isinstance(each.feature, Ages):
            return each.feature in self._shelf.evidence and each.book in self._known
        if isinstance(each.feature, Idle):
            return each.feature in self._shelf.idle
        return each.feature in self._known.get(each.book, ())

    def _can(self, feature: Feature) -> bool:
        known = self._shelf.evidence if isinstance(feature, Ages) else self._homes
        return feature in known or self._derivation.can(feature)

    def _ages(self, feature: Ages) -> Evidence:
        known = self._shelf.evidence.get(feature)
        return self._derivation.ages(feature) if known is None else known

    def _column(self, feature: Coded) -> Whole:
        if feature not in self._homes:
            return self._derivation.column(feature)
        book = self._shelf.books[self._homes[feature]]
        return book.entries[:, book.features.index(feature)].take(book.codes)

    def _refused(self, what: str) -> NotObserved:
        if self._shelf.material is None:
            return NotObserved(
                f"'{what}' asks for evidence that these observations do not hold (its condition, window or limit is "
                "new). So that windows, counts and limits can be changed from memory, observe with tunable=True: "
                "observe(history, [model], plan, tunable=True)."
            )
        return NotObserved(
            f"'{what}' asks for evidence that cannot be worked out from these observations. From memory, windows, "
            "bounds and limits of events can be changed; not which events count, other tests, limits by day, nor "
            "windows of days, leads, distinct values and sums. Observe again with this model: "
            "observe(history, [model], plan, tunable=True)."
        )
