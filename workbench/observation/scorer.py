"""Scores observations from their codes, for any weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.engine.lower import Catalog, lower_model
from workbench.engine.lowered import FirstOf
from workbench.model import Model
from workbench.observation.alternative import EVERYTHING, AlternativeScorer, Rows, not_observed
from workbench.observation.books import DECIDERS, Shelf
from workbench.observation.weights import AlternativeWeights, RuleWeights, Weights

Integers = NDArray[np.int64]
_OfRule = Callable[[AlternativeScorer, RuleWeights, Rows], Integers]


@dataclass(frozen=True)
class Scores:
    """Scores of observations, arrays of shape (n,).

    Attributes:
        milli: score in thousandths, after transform, cap and rounding; meaningless where `out`.
        out: taken out by a gate: ranks below every score.
        gate: number (from 1) of the gate that holds, else 0.
        variant: number (from 1) of the variant that applies, else 0: index into the model's alternatives.
        dimensions: thousandths by dimension, after its cap; 0 where a lead's variant does not have it.
    """

    milli: Integers
    out: NDArray[np.bool_]
    gate: Integers
    variant: Integers
    dimensions: dict[str, Integers]


class Scorer:
    """Binds a model to what was observed; answers for its points and for any others.

    Args:
        model: the model.
        catalog: what the history holds.
        shelf: the books.

    Attributes:
        weights: those of the model itself.
        alternatives: one scorer for the model and each variant.

    Raises:
        NotObserved: if the model asks what was not gathered.
        ModelError: if the model does not fit the history.
    """

    def __init__(self, model: Model, catalog: Catalog, shelf: Shelf) -> None:
        self.shelf = shelf
        self.weights = Weights.of(model)
        self._lowered = lowered = lower_model(model, catalog)
        self.alternatives = tuple(
            AlternativeScorer(shelf, rules, idle) for rules, idle in zip(lowered.rules, lowered.idle, strict=True)
        )
        for scorer, weights in zip(self.alternatives, self.weights.alternatives, strict=True):
            scorer.check(weights)
        self._gates = _decider(lowered.gates, shelf, "gates")
        self._variants = _decider(lowered.variants, shelf, "variants")

    # --- who decides ------------------------------------------------------------------------------------------------

    def gate(self, rows: Rows = EVERYTHING) -> Integers:
        """Number (from 1) of the gate that holds for each observation, else 0."""
        return self.gate_entries[self.shelf.books[DECIDERS].codes[rows]]

    def variant(self, rows: Rows = EVERYTHING) -> Integers:
        """Number (from 1) of the variant that applies to each observation, else 0."""
        return self.variant_entries[self.shelf.books[DECIDERS].codes[rows]]

    @property
    def gate_entries(self) -> Integers:
        """The gate for each entry of the deciders' book."""
        return self._entries(self._gates)

    @property
    def variant_entries(self) -> Integers:
        """The variant for each entry of the deciders' book."""
        return self._entries(self._variants)

    def variants_in(self, name: str) -> Integers:
        """The variant for each entry of a dimension's book, of a model with variants."""
        book = self.shelf.books[name]
        return book.entries[:, book.features.index(self._lowered.variants)]

    def _entries(self, column: int | None) -> Integers:
        book = self.shelf.books[DECIDERS]
        return np.zeros(len(book.entries), dtype=np.int64) if column is None else book.entries[:, column]

    # --- rules ------------------------------------------------------------------------------------------------------

    def rule_values(self, rule: str, rows: Rows = EVERYTHING) -> Integers:
        """What a rule pays each observation, after its cap and weight; 0 where a lead's variant does not have it."""
        return self._of_rule(rule, rows, lambda scorer, weights, at: scorer.paid(weights, at))

    def cases(self, rule: str, rows: Rows = EVERYTHING) -> Integers:
        """For each observation the hit, number of the case (-1: not in force), or number of events behind a rule."""
        return self._of_rule(rule, rows, lambda scorer, weights, at: scorer.cases(weights, at))

    def _of_rule(self, rule: str, rows: Rows, value: _OfRule) -> Integers:
        found = np.zeros(len(self.gate(rows)), dtype=np.int64)
        for place, positions, scorer, weights in self.parted(rows):
            own = next((each for each in weights.rules if each.id == rule), None)
            if own is not None:
                found[place] = value(scorer, own, positions)
        return found

    def parted(
        self, rows: Rows = EVERYTHING, weights: Weights | None = None
    ) -> Iterator[tuple[Rows, Rows, AlternativeScorer, AlternativeWeights]]:
        """For each alternative that someone has: places among `rows`, those rows, its scorer and weights."""
        of = (weights or self.weights).alternatives
        if len(self.alternatives) == 1:
            yield EVERYTHING, rows, self.alternatives[0], of[0]
            return
        variant = self.variant(rows)
        positions = np.arange(self.shelf.size)[rows]
        for number, scorer in enumerate(self.alternatives):
            place = np.flatnonzero(variant == number)
            if len(place):
                yield place, positions[place], scorer, of[number]

    # --- the score --------------------------------------------------------------------------------------------------

    def scores(self, rows: Rows = EVERYTHING, weights: Weights | None = None) -> Scores:
        """Every observation's score, gate, variant and dimensions."""
        weights = weights or self.weights
        gate = self.gate(rows)
        milli = np.zeros(len(gate), dtype=np.int64)
        dimensions = {name: np.zeros(len(gate), dtype=np.int64) for name in weights.dimensions}
        for place, positions, scorer, of in self.parted(rows, weights):
            own = {name: scorer.dimension(name, of, positions) for name in of.dimensions}
            milli[place] = of.combining.finished(of.combining.together(own))
            for name, values in own.items():
                dimensions[name][place] = values
        out = np.array((False, *weights.out))[gate]
        return Scores(milli, out, gate, self.variant(rows), dimensions)


def _decider(feature: FirstOf, shelf: Shelf, what: str) -> int | None:
    """The column of the gates or variants in their book; None without any."""
    if not feature.cases:
        return None
    features = shelf.books[DECIDERS].features
    if feature not in features:
        raise not_observed(what)
    return features.index(feature)
