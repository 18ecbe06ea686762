"""What a model, or one of its variants, pays to observations, from their codes and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.engine.lowered import Ages, Feature, Idle
from workbench.errors import NotObserved
from workbench.observation.arithmetic import clipped, decay_table, faded
from workbench.observation.books import Shelf
from workbench.observation.weights import AlternativeWeights, RuleWeights

Integers = NDArray[np.int64]
Rows = slice | Integers
EVERYTHING = slice(None)


@dataclass(frozen=True)
class AlternativeScorer:
    """Binds the rules of one alternative to a shelf.

    Attributes:
        shelf: what was gathered.
        features: by id of each enabled rule.
        idle: by dimension that fades.
    """

    shelf: Shelf
    features: Mapping[str, Feature]
    idle: Mapping[str, Idle]

    def check(self, weights: AlternativeWeights) -> None:
        """Raise NotObserved if a rule or dimension asks what was not gathered."""
        for rule in weights.rules:
            feature = self.features[rule.id]
            book = self.shelf.books.get(rule.book)
            known = self.shelf.evidence if isinstance(feature, Ages) else () if book is None else book.features
            if book is None or feature not in known:
                raise not_observed(rule.id)
        for name, idle in self.idle.items():
            if idle not in self.shelf.idle:
                raise not_observed(f"inactivity of {name}")

    def moving(self, name: str, weights: AlternativeWeights) -> bool:
        """Whether a dimension depends on more than its codes: on ages of events, or on idleness."""
        return name in self.idle or any(isinstance(self.features[rule.id], Ages) for rule in weights.in_dimension(name))

    # --- one rule ---------------------------------------------------------------------------------------------------

    def cases(self, rule: RuleWeights, rows: Rows = EVERYTHING) -> Integers:
        """For each observation the hit, number of the case (-1 if the rule is not in force), or number of events."""
        feature = self.features[rule.id]
        if isinstance(feature, Ages):
            evidence = self.shelf.evidence[feature]
            counts = np.bincount(evidence.obs, weights=evidence.count, minlength=self.shelf.size)
            return counts.astype(np.int64)[rows]
        book = self.shelf.books[rule.book]
        found = self._column(rule)[book.codes[rows]]
        return np.where(found == 1, -1, np.maximum(found - 1, 0)) if rule.dormant else found

    def full(self, rule: RuleWeights, rows: Rows = EVERYTHING) -> Integers:
        """What a rule would pay without decay, limit of points, cap and weight."""
        if rule.decay is not None:
            return self.cases(rule, rows) * rule.points[0]
        return self._raw_entries(rule)[self.shelf.books[rule.book].codes[rows]]

    def decayed(self, rule: RuleWeights, rows: Rows = EVERYTHING) -> Integers:
        """What a rule would pay without limit of points, cap and weight."""
        feature = self.features[rule.id]
        if not isinstance(feature, Ages):
            return self.full(rule, rows)
        assert rule.decay is not None  # noqa: S101  (only decaying rules have ages)
        evidence = self.shelf.evidence[feature]
        table = decay_table(rule.points[0], rule.decay, int(evidence.age.max(initial=0)) + 1)
        paid = table[evidence.age] * evidence.count
        total = np.bincount(evidence.obs, weights=paid, minlength=self.shelf.size)  # exact below 2**53
        return total.astype(np.int64)[rows]

    def paid(self, rule: RuleWeights, rows: Rows = EVERYTHING) -> Integers:
        """What a rule pays, after its cap and weight."""
        if isinstance(self.features[rule.id], Ages):
            return rule.kept(self.decayed(rule, rows))
        return self.paid_entries(rule)[self.shelf.books[rule.book].codes[rows]]

    def paid_entries(self, rule: RuleWeights) -> Integers:
        """What a rule pays for each entry of its book; for a decaying rule, what it pays without events."""
        if isinstance(self.features[rule.id], Ages):
            return rule.kept(np.zeros(len(self.shelf.books[rule.book].entries), dtype=np.int64))
        return rule.kept(self._raw_entries(rule))

    def _raw_entries(self, rule: RuleWeights) -> Integers:
        values = self._column(rule)
        if rule.cases:
            return np.asarray(rule.points, dtype=np.int64)[values]
        return values * rule.points[0]

    def _column(self, rule: RuleWeights) -> Integers:
        book = self.shelf.books[rule.book]
        return book.entries[:, book.features.index(self.features[rule.id])]

    # --- a dimension ------------------------------------------------------------------------------------------------

    def entries(self, name: str, weights: AlternativeWeights) -> Integers:
        """A dimension's value for each entry of its book: as it is if nothing in it moves, else without events."""
        free = np.zeros(len(self.shelf.books[name].entries), dtype=np.int64)
        groups = dict.fromkeys(weights.groups_of(name), free)
        for rule in weights.in_dimension(name):
            paid = self.paid_entries(rule)
            if rule.group is None:
                free = free + paid
            else:
                groups[rule.group] = groups[rule.group] + paid
        for group, paid in groups.items():
            free = free + clipped(paid, weights.groups[group])
        return weights.dimensions[name].kept(free)

    def group_values(self, name: str, weights: AlternativeWeights, rows: Rows = EVERYTHING) -> dict[str, Integers]:
        """What each group of a dimension pays for each observation, after its cap."""
        sums = dict.fromkeys(weights.groups_of(name), self._nothing(name, rows))
        for rule in weights.in_dimension(name):
            if rule.group is not None:
                sums[rule.group] = sums[rule.group] + self.paid(rule, rows)
        return {group: clipped(paid, weights.groups[group]) for group, paid in sums.items()}

    def summed(self, name: str, weights: AlternativeWeights, rows: Rows = EVERYTHING) -> Integers:
        """A dimension's sum over rules and groups, before inactivity."""
        total = self._nothing(name, rows)
        for rule in weights.in_dimension(name):
            if rule.group is None:
                total = total + self.paid(rule, rows)
        return sum(self.group_values(name, weights, rows).values(), total)

    def active(self, name: str, weights: AlternativeWeights, rows: Rows = EVERYTHING) -> Integers:
        """A dimension's sum after inactivity, before its weight and cap."""
        total = self.summed(name, weights, rows)
        fades = weights.dimensions[name].inactivity
        return total if fades is None else faded(total, fades, self.shelf.idle[self.idle[name]][rows])

    def dimension(self, name: str, weights: AlternativeWeights, rows: Rows = EVERYTHING) -> Integers:
        """A dimension's value for each observation."""
        if self.moving(name, weights):
            return weights.dimensions[name].kept(self.active(name, weights, rows))
        return self.entries(name, weights)[self.shelf.books[name].codes[rows]]

    def _nothing(self, name: str, rows: Rows) -> Integers:
        return np.zeros(len(self.shelf.books[name].codes[rows]), dtype=np.int64)


def not_observed(what: str) -> NotObserved:
    """That a model asks for evidence which was not gathered."""
    return NotObserved(
        f"'{what}' asks for evidence that these observations do not hold (its condition, window, limit or dimension "
        "is new). Observe again with this model: observe(history, [model], plan)."
    )
