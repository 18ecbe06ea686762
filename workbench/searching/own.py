"""One rule in its dimension: what it pays by what it found, and what stands beside it under the same caps."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workbench.engine.lowered import Ages
from workbench.observation import AlternativeScorer, AlternativeWeights, RuleWeights
from workbench.observation.arithmetic import OPEN, Cap, clipped, decay_table, faded
from workbench.observation.weights import DimensionWeights

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """What a rule found, by entry of its book.

    Attributes:
        levels: (entries,) hit, number of the case, or number of events.
        known: the levels that occur, ascending.
    """

    levels: Integers
    known: Integers


@dataclass(frozen=True)
class Aging:
    """The events of a rule that pays by their age.

    Attributes:
        reached: (n,) who has any.
        slot: (events,) whose it is, numbered among those.
        age: (events,) whole days.
        count: (events,) how many of this age.
    """

    reached: Booleans
    slot: Integers
    age: NDArray[np.integer]
    count: NDArray[np.integer]

    def paid(self, rule: RuleWeights) -> Integers:
        """What the rule pays to each of those reached."""
        assert rule.decay is not None  # noqa: S101  (only decaying rules have ages)
        table = decay_table(rule.points[0], rule.decay, int(self.age.max(initial=0)) + 1)
        earned = table.astype(np.float64)[self.age] * self.count
        total = np.bincount(self.slot, weights=earned, minlength=int(self.reached.sum()))  # exact below 2**53
        return rule.kept(total.astype(np.int64))


@dataclass(frozen=True)
class Beside:
    """What stands beside one rule, by entry (or by person).

    Attributes:
        levels: what the rule found; -1 for everybody if it goes by ages of events.
        inner: the sum of the other rules under the same group's cap; of the whole dimension without a group.
        outer: all else in the dimension; None without a group.
        group: the cap between them.
        dimension: the dimension's own cap and weight.
        idle: days of idleness, if the dimension fades.
    """

    levels: Integers
    inner: Integers
    outer: Integers | None
    group: Cap
    dimension: DimensionWeights
    idle: Integers | None

    def at(self, those: Integers) -> Beside:
        """Of some of them only."""
        outer = None if self.outer is None else self.outer[those]
        idle = None if self.idle is None else self.idle[those]
        return replace(self, levels=self.levels[those], inner=self.inner[those], outer=outer, idle=idle)

    def reached(self, rule: RuleWeights, index: int) -> Booleans:
        """Whom one number of points reaches, of a rule that does not go by ages."""
        found: Booleans = self.levels == index if rule.cases else self.levels != 0
        return found

    def value(self, paid: Integers) -> Integers:
        """The dimension's value, with what the rule pays."""
        total = clipped(self.inner + paid, self.group)
        if self.outer is not None:
            total = total + self.outer
        if self.dimension.inactivity is not None and self.idle is not None:
            total = faded(total, self.dimension.inactivity, self.idle)
        return self.dimension.kept(total)


def turned(rule: RuleWeights, index: int, value: int) -> RuleWeights:
    """The rule with one number of points changed."""
    return replace(rule, points=(*rule.points[:index], value, *rule.points[index + 1 :]))


class Payments:
    """What rules of one alternative pay, by entry of their book or by person; kept while their weights rest.

    Args:
        scorer: the alternative's.
        at: (n,) rows of the people on the shelf.
    """

    def __init__(self, scorer: AlternativeScorer, at: Integers) -> None:
        self._scorer, self._at = scorer, at
        self._columns: dict[str, Column] = {}
        self._codes: dict[str, Integers] = {}
        self._entries: dict[str, tuple[RuleWeights, Integers]] = {}
        self._people: dict[str, tuple[RuleWeights, Integers]] = {}
        self._agings: dict[str, Aging] = {}

    def aged(self, rule: RuleWeights) -> bool:
        """Whether the rule pays by the age of events."""
        return isinstance(self._scorer.features[rule.id], Ages)

    def codes(self, book: str) -> Integers:
        """(n,) the entry of each person."""
        if book not in self._codes:
            self._codes[book] = self._scorer.shelf.books[book].codes[self._at]
        return self._codes[book]

    def column(self, rule: RuleWeights) -> Column:
        """What a rule found, one that does not go by ages."""
        if rule.id not in self._columns:
            book = self._scorer.shelf.books[rule.book]
            levels = np.ascontiguousarray(book.entries[:, book.features.index(self._scorer.features[rule.id])])
            self._columns[rule.id] = Column(levels, np.unique(levels))
        return self._columns[rule.id]

    def by_level(self, rule: RuleWeights, levels: Integers) -> Integers:
        """What a rule pays for what it found."""
        points = np.asarray(rule.points, dtype=np.int64)
        return rule.kept(points[levels] if rule.cases else levels * points[0])

    def entries(self, rule: RuleWeights) -> Integers:
        """What a rule pays, by entry of its book."""
        kept = self._entries.get(rule.id)
        if kept is None or kept[0] != rule:
            column = self.column(rule)
            most = int(column.known[-1]) + 1 if len(column.known) else 1
            table = np.zeros(most, dtype=np.int64)
            table[column.known] = self.by_level(rule, column.known)
            kept = self._entries[rule.id] = (rule, table.take(column.levels))
        return kept[1]

    def people(self, rule: RuleWeights) -> Integers:
        """What a rule pays each person."""
        if not self.aged(rule):
            return self.entries(rule)[self.codes(rule.book)]
        kept = self._people.get(rule.id)
        if kept is None or kept[0] != rule:
            aging = self.aging(rule)
            paid = np.full(len(self._at), rule.kept(np.zeros(1, dtype=np.int64))[0])
            paid[aging.reached] = aging.paid(rule)
            kept = self._people[rule.id] = (rule, paid)
        return kept[1]

    def aging(self, rule: RuleWeights) -> Aging:
        """The events of a rule that goes by ages."""
        if rule.id not in self._agings:
            feature = self._scorer.features[rule.id]
            assert isinstance(feature, Ages)  # noqa: S101  (asked for such rules only)
            evidence = self._scorer.shelf.evidence[feature]
            place = np.full(self._scorer.shelf.size, -1, dtype=np.int64)
            place[self._at] = np.arange(len(self._at))
            whose = place[evidence.obs]
            kept = whose >= 0
            reached = np.zeros(len(self._at), dtype=np.bool_)
            reached[whose[kept]] = True
            slot = (np.cumsum(reached) - 1)[whose[kept]]
            self._agings[rule.id] = Aging(reached, slot, evidence.age[kept], evidence.count[kept])
        return self._agings[rule.id]

    def beside(self, weights: AlternativeWeights, rule: RuleWeights, *, moving: bool) -> Beside:
        """What stands beside a rule: by entry, or where ages or idleness move the dimension by person."""
        pays = self.people if moving else self.entries
        size = len(self._at) if moving else len(self._scorer.shelf.books[rule.book].entries)
        sums: dict[str | None, Integers] = {
            name: np.zeros(size, dtype=np.int64) for name in (None, *weights.groups_of(rule.book))
        }
        for other in weights.in_dimension(rule.book):
            if other.id != rule.id:
                sums[other.group] += pays(other)
        groups = {name: each for name, each in sums.items() if name is not None and name != rule.group}
        free = sum((clipped(each, weights.groups[name]) for name, each in groups.items()), sums[None])
        inner, outer = (free, None) if rule.group is None else (sums[rule.group], free)
        group = OPEN if rule.group is None else weights.groups[rule.group]
        idle = self._scorer.idle.get(rule.book)
        return Beside(
            self._levels(rule, moving, size),
            inner,
            outer,
            group,
            weights.dimensions[rule.book],
            None if idle is None else self._scorer.shelf.idle[idle][self._at],
        )

    def _levels(self, rule: RuleWeights, moving: bool, size: int) -> Integers:
        if self.aged(rule):
            return np.full(size, -1, dtype=np.int64)
        levels = self.column(rule).levels
        return levels[self.codes(rule.book)] if moving else levels
