"""Scores observations from their codes, for any weights."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workbench.engine.lower import Catalog, lower_model
from workbench.engine.lowered import Ages, Feature
from workbench.errors import NotObserved
from workbench.model import Model
from workbench.observation.books import GATES, Book, Shelf
from workbench.observation.gather import Evidence
from workbench.observation.weights import RuleWeights, Weights, clipped, decay_table

Integers = NDArray[np.int64]
EVERYTHING = slice(None)


@dataclass(frozen=True)
class Scores:
    """Scores of observations, arrays of shape (n,).

    Attributes:
        milli: score in thousandths, after caps and rounding; meaningless where `out`.
        out: taken out by a gate: ranks below every score.
        gate: number (from 1) of the gate that holds, else 0.
        dimensions: thousandths by dimension, after its caps.
    """

    milli: Integers
    out: NDArray[np.bool_]
    gate: Integers
    dimensions: dict[str, Integers]


@dataclass(frozen=True)
class Sums:
    """Sums of dimensions as small indexes, for counting.

    Attributes:
        index: (n,) integers from 0. From `first` on, index i stands for low + (i - first) x step thousandths;
            below `first` stand those whom a gate takes out.
        low, step: thousandths.
        first: index of the lowest sum that counts.
    """

    index: Integers
    low: int
    step: int
    first: int


class Scorer:
    """Binds a model to what was observed; answers for its points and for any others.

    Args:
        model: the model.
        catalog: what the history holds.
        shelf: the books.

    Raises:
        NotObserved: if the model asks what was not gathered.
        ModelError: if the model does not fit the history.
    """

    def __init__(self, model: Model, catalog: Catalog, shelf: Shelf) -> None:
        self.shelf = shelf
        self.weights = Weights.of(model)
        features, gates = lower_model(model, catalog)
        self._features = features
        self._columns = {rule.id: _column(rule, features[rule.id], shelf) for rule in self.weights.rules}
        self._gates = _gate_column(gates, shelf)
        self._by_book: dict[str, list[RuleWeights]] = defaultdict(list)
        for rule in self.weights.rules:
            self._by_book[rule.book].append(rule)
        self._fixed = [name for name in model.dimensions if not self._decaying(name)]
        self._moving = [name for name in model.dimensions if self._decaying(name)]

    def _decaying(self, name: str) -> bool:
        return any(isinstance(self._features[rule.id], Ages) for rule in self._by_book[name])

    # --- one rule, one dimension ------------------------------------------------------------------------------------

    def rule_entries(self, rule: RuleWeights) -> Integers:
        """What a rule pays for each entry of its book."""
        book = self.shelf.books[rule.book]
        values = book.entries[:, self._columns[rule.id]]
        if rule.cases:
            return np.asarray(rule.points, dtype=np.int64)[values]
        paid = values * rule.points[0]
        return paid if rule.most is None else np.clip(paid, -rule.most, rule.most)

    def rule_values(self, rule: RuleWeights, rows: slice | Integers = EVERYTHING) -> Integers:
        """What a rule pays for each observation, after its limit of points."""
        feature = self._features[rule.id]
        if isinstance(feature, Ages):
            return self._decayed(rule, self.shelf.evidence[feature])[rows]
        return self.rule_entries(rule)[self.shelf.books[rule.book].codes[rows]]

    def unlimited_values(self, rule: RuleWeights, rows: slice | Integers = EVERYTHING) -> Integers:
        """What a rule would pay for each observation without its limit of points."""
        return self.rule_values(replace(rule, most=None), rows)

    def cases(self, rule: RuleWeights, rows: slice | Integers = EVERYTHING) -> Integers:
        """For each observation the hit, number of the case, or number of events behind a rule."""
        feature = self._features[rule.id]
        if isinstance(feature, Ages):
            evidence = self.shelf.evidence[feature]
            return np.bincount(evidence.obs, weights=evidence.count, minlength=self._size).astype(np.int64)[rows]
        book = self.shelf.books[rule.book]
        return book.entries[:, self._columns[rule.id]][book.codes[rows]]

    @property
    def _size(self) -> int:
        return len(self.shelf.books[GATES].codes)

    def _decayed(self, rule: RuleWeights, evidence: Evidence) -> Integers:
        assert rule.half_life is not None  # noqa: S101  (only decaying rules have ages)
        table = decay_table(rule.points[0], rule.half_life, int(evidence.age.max(initial=0)) + 1)
        paid = table[evidence.age] * evidence.count
        total = np.bincount(evidence.obs, weights=paid, minlength=self._size)  # whole numbers below 2**53 are exact
        values = total.astype(np.int64)
        return values if rule.most is None else np.clip(values, -rule.most, rule.most)

    def _entries(self, name: str, weights: Weights) -> Integers:
        """A dimension without decaying rules: its value for each entry of its book."""
        book = self.shelf.books[name]
        rest = np.zeros(len(book.entries), dtype=np.int64)
        groups = dict.fromkeys(weights.groups_of(name), rest)
        for rule in _of(weights, name):
            paid = self.rule_entries(rule)
            if rule.group is None:
                rest = rest + paid
            else:
                groups[rule.group] = groups[rule.group] + paid
        for group, paid in groups.items():
            rest = rest + clipped(paid, weights.groups[group])
        return clipped(rest, weights.dimensions[name])

    def group_values(self, name: str, weights: Weights, rows: slice | Integers = EVERYTHING) -> dict[str, Integers]:
        """What each group of a dimension pays for each observation, after its cap."""
        nothing = np.zeros(len(self.shelf.books[name].codes[rows]), dtype=np.int64)
        sums = dict.fromkeys(weights.groups_of(name), nothing)
        for rule in _of(weights, name):
            if rule.group is not None:
                sums[rule.group] = sums[rule.group] + self.rule_values(rule, rows)
        return {group: clipped(paid, weights.groups[group]) for group, paid in sums.items()}

    def dimension(self, name: str, weights: Weights, rows: slice | Integers = EVERYTHING) -> Integers:
        """A dimension's value for each observation, after caps."""
        if name in self._fixed:
            return self._entries(name, weights)[self.shelf.books[name].codes[rows]]
        free = [rule for rule in _of(weights, name) if rule.group is None]
        total = np.zeros(len(self.shelf.books[name].codes[rows]), dtype=np.int64)
        for rule in free:
            total += self.rule_values(rule, rows)
        for paid in self.group_values(name, weights, rows).values():
            total += paid
        return clipped(total, weights.dimensions[name])

    # --- the score --------------------------------------------------------------------------------------------------

    def gate(self, rows: slice | Integers = EVERYTHING) -> Integers:
        """Number (from 1) of the gate that holds for each observation, else 0."""
        book = self.shelf.books[GATES]
        return self._gate_entries()[book.codes[rows]]

    def _gate_entries(self) -> Integers:
        book = self.shelf.books[GATES]
        return np.zeros(len(book.entries), dtype=np.int64) if self._gates is None else book.entries[:, self._gates]

    def scores(self, rows: slice | Integers = EVERYTHING, weights: Weights | None = None) -> Scores:
        """Every observation's score, gate and dimensions."""
        weights = weights or self.weights
        gate = self.gate(rows)
        dimensions = {name: self.dimension(name, weights, rows) for name in weights.dimensions}
        total = np.zeros(len(gate), dtype=np.int64)
        for values in dimensions.values():
            total = total + values
        out = np.array((False, *weights.out))[gate]
        return Scores(finished(total, weights), out, gate, dimensions)

    def sums(self, rows: slice, weights: Weights) -> Sums:
        """Sums of the dimensions before the total cap, made small for counting."""
        tables = {name: self._entries(name, weights) for name in self._fixed}
        moving = [self.dimension(name, weights, rows) for name in self._moving]
        parts = [*tables.values(), *moving]
        step = math.gcd(*(int(np.gcd.reduce(part)) for part in parts if len(part))) or 1
        low = sum(int(part.min(initial=0)) for part in parts)
        span = sum(int(part.max(initial=0)) for part in parts) - low
        out = np.array((False, *weights.out))[self._gate_entries()]
        below = span + step if out.any() else 0  # room under the lowest sum for those whom a gate takes out
        tables[GATES] = np.where(out, -below, 0)
        shift = below - low
        total: Integers | None = None
        for table, codes in self._lookups(tables):
            found = ((table + shift) // step).take(codes[rows], mode="clip")
            total = found if total is None else np.add(total, found, out=total)
            shift = 0
        for values in moving:
            found = (values + shift) // step
            total = found if total is None else np.add(total, found, out=total)
            shift = 0
        if total is None:
            total = np.full(len(self.shelf.books[GATES].codes[rows]), shift // step, dtype=np.int64)
        return Sums(total, low, step, below // step)

    def _lookups(self, tables: dict[str, Integers]) -> Iterator[tuple[Integers, Integers]]:
        """One table for each shared code: the sum of what its books pay."""
        for unit in self.shelf.units:
            named = [(tables[name], of) for name, of in zip(unit.books, unit.rows, strict=True) if name in tables]
            if any(table.any() for table, _ in named):
                joint = np.zeros(len(unit.rows[0]), dtype=np.int64)
                for table, of in named:
                    joint += table[of]
                yield joint, unit.codes


def finished(total: Integers, weights: Weights) -> Integers:
    """Sums of dimensions as scores: capped, then rounded."""
    capped = clipped(total, weights.total)
    return (capped + 500) // 1000 * 1000 if weights.whole else capped


def _of(weights: Weights, name: str) -> list[RuleWeights]:
    return [rule for rule in weights.rules if rule.book == name]


def _column(rule: RuleWeights, feature: Feature, shelf: Shelf) -> int:
    if isinstance(feature, Ages):
        if feature not in shelf.evidence:
            raise _missing(rule.id)
        return -1
    book: Book | None = shelf.books.get(rule.book)
    if book is None or feature not in book.features:
        raise _missing(rule.id)
    return book.features.index(feature)


def _gate_column(gates: Feature, shelf: Shelf) -> int | None:
    book = shelf.books[GATES]
    if gates in book.features:
        return book.features.index(gates)
    if not getattr(gates, "cases", ()):
        return None
    raise _missing("gates")


def _missing(what: str) -> NotObserved:
    return NotObserved(
        f"'{what}' asks for evidence that these observations do not hold (its condition, window, limit or dimension "
        "is new). Observe again with this model: observe(history, [model], plan)."
    )
