"""Scores of many observations as small indexes, for counting: a few look-ups a lead, whatever the model combines.

Every alternative has a range of cells; a cell stands for one score. What a dimension adds to a lead's cell is worked
out for each entry of its codebook, not for each lead. Only where ages of events or idleness move a dimension, and only
for the leads that have such events, the cell is corrected row by row.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from workbench.engine.lowered import Ages
from workbench.observation.alternative import EVERYTHING, AlternativeScorer
from workbench.observation.arithmetic import clipped, decay_table, faded, weighed
from workbench.observation.books import DECIDERS
from workbench.observation.gather import Evidence, Whole
from workbench.observation.scorer import Scorer
from workbench.observation.weights import AlternativeWeights, RuleWeights, Weights

Integers = NDArray[np.int64]
TAKEN_OUT = np.iinfo(np.int64).min
MOST_CELLS = 4_000_000
FEW = 8
"""So many comparisons are faster than a search."""


@dataclass(frozen=True)
class Indexed:
    """Observations by cell.

    Attributes:
        index: (n,) the cell of each observation.
        scores: (cells,) thousandths that each cell stands for; the least integer for those whom a gate takes out.
            Several cells may stand for the same score.
    """

    index: Integers
    scores: Integers


@dataclass(frozen=True)
class _Movers:
    """The rows that ages of events or idleness may move in one dimension of one alternative.

    Attributes:
        at: their positions among the rows.
        codes: their entries in the dimension's book.
        events: for each decaying rule its events.
        idle: days since the last event, if the dimension fades.
    """

    at: Integers
    codes: Integers
    events: dict[str, _Aged]
    idle: Integers | None


@dataclass(frozen=True)
class _Aged:
    """The events of a decaying rule.

    Attributes:
        slot: the row of each, as a place among the movers.
        age: whole days.
        count: how many events of this age; None if always one.
    """

    slot: Integers
    age: Whole
    count: Whole | None

    @classmethod
    def of(cls, slot: Integers, age: Whole, count: Whole) -> Self:
        """Events of some rows."""
        return cls(slot, age, None if (count == 1).all() else count)

    def paid(self, table: Integers, size: int) -> Integers:
        """What the events of each row earn, by a table of points by age; exact below 2^53."""
        earned = table.astype(np.float64).take(self.age)
        weights = earned if self.count is None else earned * self.count
        return np.bincount(self.slot, weights=weights, minlength=size).astype(np.int64)


@dataclass(frozen=True)
class _Cells:
    """How an alternative lays out its cells.

    Attributes:
        size: number of cells.
        scores: (size,) what they stand for.
        of: dimension -> what its value adds to the cell.
    """

    size: int
    scores: Integers
    of: dict[str, _Place]


@dataclass(frozen=True)
class _Place:
    """From a dimension's value to what it adds to the cell: (value - low) // step, or where it lies among `ends`."""

    low: int = 0
    step: int = 1
    factor: int = 1
    ends: Integers | None = None

    def __call__(self, values: Integers) -> Integers:
        if self.ends is None:
            return (values * self.factor - self.low) // self.step
        if len(self.ends) > FEW:
            return np.searchsorted(self.ends, values, side="right") * self.factor
        place = np.zeros(len(values), dtype=np.int64)
        for end in self.ends:
            place += values >= end
        return place if self.factor == 1 else place * self.factor


class Indexer:
    """Gives the cells of the same rows again and again, for other weights of one model.

    Args:
        scorer: the model, bound to a shelf.
        rows: which observations.
    """

    def __init__(self, scorer: Scorer, rows: slice) -> None:
        self._scorer, self._rows = scorer, rows
        self._codes = [unit.codes[rows] for unit in scorer.shelf.units]
        variant = scorer.variant(rows) if len(scorer.alternatives) > 1 else None
        self._movers = [
            {
                name: self._find(own, weights, name, None if variant is None else variant == number)
                for name in weights.dimensions
                if own.moving(name, weights)
            }
            for number, (own, weights) in enumerate(zip(scorer.alternatives, scorer.weights.alternatives, strict=True))
        ]

    def _find(
        self, own: AlternativeScorer, weights: AlternativeWeights, name: str, mine: NDArray[np.bool_] | None
    ) -> _Movers:
        shelf = own.shelf
        start, stop, _ = self._rows.indices(shelf.size)
        moved = np.zeros(stop - start, dtype=bool)
        idle = shelf.idle[own.idle[name]][self._rows] if name in own.idle else None
        if idle is not None:
            moved |= idle >= 0
        aged: dict[str, Evidence] = {}
        for rule in weights.in_dimension(name):
            feature = own.features[rule.id]
            if isinstance(feature, Ages):
                aged[rule.id] = shelf.evidence[feature].among(start, stop)
                moved[aged[rule.id].obs - start] = True
        if mine is not None:
            moved &= mine
        at = np.flatnonzero(moved)
        place = np.full(stop - start, -1, dtype=np.int64)
        place[at] = np.arange(len(at))
        events = {}
        for rule_id, evidence in aged.items():
            slot = place[evidence.obs - start]
            kept = EVERYTHING if mine is None else slot >= 0  # all of them without a copy
            events[rule_id] = _Aged.of(slot[kept], evidence.age[kept], evidence.count[kept])
        codes = shelf.books[name].codes[self._rows][at]
        return _Movers(at, codes, events, None if idle is None else idle[at])

    # --- cells ------------------------------------------------------------------------------------------------------

    def __call__(self, weights: Weights) -> Indexed:
        """The cells of all rows under these weights."""
        quiet = [
            {name: own.entries(name, of) for name in of.dimensions}
            for own, of in zip(self._scorer.alternatives, weights.alternatives, strict=True)
        ]
        moved = [
            {name: _values(own, of, name, movers) for name, movers in each.items()}
            for own, of, each in zip(self._scorer.alternatives, weights.alternatives, self._movers, strict=True)
        ]
        layouts: list[_Cells] = []
        for of, still, moving in zip(weights.alternatives, quiet, moved, strict=True):
            layout = _layout(of, still, moving)
            if layout is None or sum(each.size for each in layouts) + layout.size > MOST_CELLS:
                return self._by_row(weights)
            layouts.append(layout)
        return self._looked_up(weights, layouts, quiet, moved)

    def _looked_up(
        self,
        weights: Weights,
        layouts: list[_Cells],
        quiet: list[dict[str, Integers]],
        moved: list[dict[str, Integers]],
    ) -> Indexed:
        starts = np.cumsum([0, *(layout.size for layout in layouts)])
        scores = np.concatenate([layout.scores for layout in layouts])
        scorer = self._scorer
        out = np.array((False, *weights.out))[scorer.gate_entries]
        tables: dict[str, Integers] = {DECIDERS: starts[scorer.variant_entries]}
        if out.any():  # a second set of cells for those whom a gate takes out
            tables[DECIDERS] += np.where(out, len(scores), 0)
            scores = np.concatenate([scores, np.full(len(scores), TAKEN_OUT)])
        for number, (layout, still) in enumerate(zip(layouts, quiet, strict=True)):
            for name, values in still.items():
                added = layout.of[name](values)
                mine = self._mine(name, number)
                if name in tables:
                    tables[name] = np.where(mine, added, tables[name])
                else:
                    tables[name] = added if mine is True else np.where(mine, added, 0)
        index = self._sum(tables)
        for layout, still, values_of, movers_of in zip(layouts, quiet, moved, self._movers, strict=True):
            for name, movers in movers_of.items():
                before = layout.of[name](still[name])[movers.codes]
                index[movers.at] += layout.of[name](values_of[name]) - before
        return Indexed(index, scores)

    def _mine(self, name: str, number: int) -> NDArray[np.bool_] | bool:
        """Which entries of a dimension's book are of an alternative."""
        if len(self._scorer.alternatives) == 1:
            return True
        mine: NDArray[np.bool_] = self._scorer.variants_in(name) == number
        return mine

    def _sum(self, tables: dict[str, Integers]) -> Integers:
        total: Integers | None = None
        for joint, codes in self._joined(tables):
            found = joint.take(codes, mode="clip")
            total = found if total is None else np.add(total, found, out=total)
        start, stop, _ = self._rows.indices(self._scorer.shelf.size)
        return np.zeros(stop - start, dtype=np.int64) if total is None else total

    def _joined(self, tables: dict[str, Integers]) -> Iterator[tuple[Integers, Integers]]:
        """One table for each shared code: the sum of what its books add."""
        for unit, codes in zip(self._scorer.shelf.units, self._codes, strict=True):
            named = [(tables[name], of) for name, of in zip(unit.books, unit.rows, strict=True) if name in tables]
            if any(table.any() for table, _ in named):
                joint = np.zeros(len(unit.rows[0]), dtype=np.int64)
                for table, of in named:
                    joint += table[of]
                yield joint, codes

    def _by_row(self, weights: Weights) -> Indexed:
        """Where there are too many cells: every row's score."""
        found = self._scorer.scores(self._rows, weights)
        scores, index = np.unique(np.where(found.out, TAKEN_OUT, found.milli), return_inverse=True)
        return Indexed(index.astype(np.int64), scores)


def _values(own: AlternativeScorer, weights: AlternativeWeights, name: str, movers: _Movers) -> Integers:
    """A dimension's value for the rows that events may move."""
    free = np.zeros(len(movers.at), dtype=np.int64)
    groups = dict.fromkeys(weights.groups_of(name), free)
    still: dict[str | None, Integers] = {}
    for rule in weights.in_dimension(name):
        if rule.id in movers.events:
            paid = rule.kept(_decayed(rule, movers))
            if rule.group is None:
                free = free + paid
            else:
                groups[rule.group] = groups[rule.group] + paid
        else:
            entries = own.paid_entries(rule)
            still[rule.group] = still[rule.group] + entries if rule.group in still else entries
    for group, entries in still.items():
        if group is None:
            free = free + entries[movers.codes]
        else:
            groups[group] = groups[group] + entries[movers.codes]
    for group, paid in groups.items():
        free = free + clipped(paid, weights.groups[group])
    fades = weights.dimensions[name].inactivity
    if fades is not None and movers.idle is not None:
        free = faded(free, fades, movers.idle)
    return weights.dimensions[name].kept(free)


def _decayed(rule: RuleWeights, movers: _Movers) -> Integers:
    assert rule.decay is not None  # noqa: S101  (only decaying rules have ages)
    events = movers.events[rule.id]
    table = decay_table(rule.points[0], rule.decay, int(events.age.max(initial=0)) + 1)
    return events.paid(table, len(movers.at))


def _layout(weights: AlternativeWeights, still: dict[str, Integers], moving: dict[str, Integers]) -> _Cells | None:
    """Cells for all values that occur; None if there would be too many."""
    kind = weights.combining.kind
    if kind == "matrix":
        return _by_grade(weights)
    if kind in {"sum", "weighted"}:
        return _by_sum(weights, still, moving)
    return None if moving else _by_values(weights, still)


def _by_sum(weights: AlternativeWeights, still: dict[str, Integers], moving: dict[str, Integers]) -> _Cells | None:
    combining = weights.combining
    factors = {name: combining.weights[name] if combining.kind == "weighted" else 1 for name in still}
    parts = {name: [still[name], *([moving[name]] if name in moving else [])] for name in still}
    lows = {name: factors[name] * min(int(part.min(initial=0)) for part in each) for name, each in parts.items()}
    highs = {name: factors[name] * max(int(part.max(initial=0)) for part in each) for name, each in parts.items()}
    step = 1
    if not moving:
        shifted = (int(np.gcd.reduce(still[name] * factors[name] - lows[name])) for name in still)
        step = math.gcd(*shifted) or 1
    low = sum(lows.values())
    size = (sum(highs.values()) - low) // step + 1
    if size > MOST_CELLS:
        return None
    totals = low + np.arange(size, dtype=np.int64) * step
    if combining.kind == "weighted":
        totals = weighed([(totals, 1)])
    of = {name: _Place(lows[name], step, factors[name]) for name in still}
    return _Cells(size, combining.finished(totals), of)


def _by_grade(weights: AlternativeWeights) -> _Cells:
    combining = weights.combining
    (row, rows), (column, columns) = combining.axes
    ranks = np.array(combining.ranks, dtype=np.int64).ravel()
    of = {name: _Place(step=1, factor=0) for name in weights.dimensions}
    of[row] = _Place(ends=np.array(rows, dtype=np.int64), factor=len(columns) + 1)
    of[column] = _Place(ends=np.array(columns, dtype=np.int64))
    return _Cells(len(ranks), combining.finished((ranks + 1) * 1000), of)


def _by_values(weights: AlternativeWeights, still: dict[str, Integers]) -> _Cells | None:
    """A cell for each combination of the dimensions' values."""
    values = {name: np.unique(entries) for name, entries in still.items()}
    size = math.prod(len(each) for each in values.values())
    if size > MOST_CELLS:
        return None
    of: dict[str, _Place] = {}
    cells: dict[str, Integers] = {}
    stride = 1
    for name, each in values.items():
        of[name] = _Place(ends=each[1:], factor=stride)
        cells[name] = each[np.arange(size) // stride % len(each)]
        stride *= len(each)
    return _Cells(size, weights.combining.finished(weights.combining.together(cells)), of)
