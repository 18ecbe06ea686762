"""Works features out from raw material: what a query would have said for another window, bound or limit."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.engine.lowered import (
    DAY_US,
    Ages,
    AsOf,
    Conjunction,
    Constant,
    Disjunction,
    Events,
    Feature,
    FirstOf,
    Hit,
    Idle,
    Measured,
    Negation,
    Order,
    Predicate,
    Tally,
    predicates,
)
from workbench.model.conditions import AGES
from workbench.observation.eventsets import Ask
from workbench.observation.gather import Evidence, Whole, small
from workbench.observation.material import BY_AGE, Material, quantity, source_of
from workbench.observation.trails import Run, Trail

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
_Atom = Predicate | Ask
"""What predicates are made of: a kept test, as_of in some time, or a quantity of events."""

MOST_COMBINATIONS = 65_536
RECENT, RECENT_AGES = 32, 6
_ORDERS: dict[Order, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Derivation:
    """Features of the observations that raw material was kept of.

    Args:
        material: what was kept.
        as_of_us: gives the (n,) moments of the observations.

    Attributes:
        column: (n,) hit, number of the first case, or number of events, by feature; the last few are kept.
        ages: the events behind a decaying rule, by feature; the last few are kept.
    """

    def __init__(self, material: Material, as_of_us: Callable[[], Integers]) -> None:
        self._material = material
        self._as_of_us = as_of_us
        self.column = lru_cache(maxsize=RECENT)(self._column)
        self.ages = lru_cache(maxsize=RECENT_AGES)(self._ages)

    # --- whether ----------------------------------------------------------------------------------------------------

    def can(self, feature: Feature) -> bool:
        """Whether a feature can be worked out."""
        if isinstance(feature, Tally | Ages | Idle):
            return source_of(feature.events) in self._material.trails
        return all(self._decides(test) for test in predicates(feature))

    def _decides(self, test: Predicate) -> bool:
        if isinstance(test, Constant | AsOf) or test in self._material.truths:
            return True
        if isinstance(test, Measured):
            if test.measure in BY_AGE:
                return source_of(test.events) in self._material.trails
            return quantity(test) in self._material.quantities
        if isinstance(test, Negation):
            return self._decides(test.part)
        return isinstance(test, Conjunction | Disjunction) and all(self._decides(part) for part in test.parts)

    # --- features ---------------------------------------------------------------------------------------------------

    def _column(self, feature: Hit | FirstOf | Tally) -> Whole:
        if not isinstance(feature, Tally):
            return self._first(predicates(feature))
        trail, run = self._run(feature.events)
        count = trail.count(run)
        return small(count if feature.events.newest is None else np.minimum(count, feature.events.newest), np.int16)

    def _ages(self, feature: Ages) -> Evidence:
        trail, run = self._run(feature.events)
        return trail.evidence(run, feature.events.newest)

    def idle(self, feature: Idle) -> Integers:
        """(n,) age in whole days of the newest event of the set; -1 without one."""
        trail, run = self._run(feature.events)
        return trail.youngest(run).astype(np.int64)

    def _run(self, events: Events) -> tuple[Trail, Run]:
        source = source_of(events)
        trail = self._material.trails[source]
        older = None if source.older_us is not None else _days(events.older_us)
        run = trail.within(older, _days(events.window_us))
        return trail, run if events.force is None else run.only(self._in_force(events.force))

    def _in_force(self, force: AsOf) -> Booleans:
        as_of = self._as_of_us()
        held = np.ones(len(as_of), dtype=np.bool_)
        if force.from_us is not None:
            held &= as_of >= force.from_us
        if force.to_us is not None:
            held &= as_of < force.to_us
        return held

    # --- conditions -------------------------------------------------------------------------------------------------

    def _first(self, tests: tuple[Predicate, ...]) -> Whole:
        """(n,) number (from 1) of the first test that holds, else 0.

        Tests are put once to each combination of what they are made of, not to each observation.
        """
        borders: dict[_Atom, set[int]] = {}
        for test in tests:
            self._note(test, borders)
        graded = {atom: self._graded(atom, sorted(numbers)) for atom, numbers in borders.items()}
        total = math.prod(len(values) for _, values in graded.values())
        if total > MOST_COMBINATIONS:
            return _numbered(
                tests, {atom: values[code] for atom, (code, values) in graded.items()}, self._material.size
            )
        codes = np.zeros(self._material.size, dtype=np.int32)
        table: dict[_Atom, Whole] = {}
        stride = 1
        for atom, (code, values) in graded.items():
            codes += code if stride == 1 else code * np.int32(stride)
            table[atom] = values[np.arange(total) // stride % len(values)]
            stride *= len(values)
        found: Whole = _numbered(tests, table, total)[codes]
        return found

    def _note(self, test: Predicate, borders: dict[_Atom, set[int]]) -> None:
        """Note what a test is made of, and the numbers that it is compared with."""
        if test in self._material.truths or isinstance(test, AsOf):
            borders[test] = set()
        elif isinstance(test, Measured):
            borders.setdefault(quantity(test), set()).add(_border(test))
        else:
            for part in _parts(test):
                self._note(part, borders)

    def _graded(self, atom: _Atom, borders: list[int]) -> tuple[Whole, Whole]:
        """A code for each observation, and the value it stands for; values alike to all borders may share a code."""
        if not isinstance(atom, tuple):
            held = self._in_force(atom) if isinstance(atom, AsOf) else self._material.truth(atom)
            return held.view(np.int8), np.arange(2)
        if atom[1] == "sum":
            ends = np.unique(np.array([[border, border + 1] for border in borders], dtype=np.int64))
            code = np.searchsorted(ends, self._material.quantities[atom], side="right")
            return code.astype(np.int32), np.concatenate([ends[:1] - 1, ends])
        values = self._quantity(atom)
        most = min(borders[-1] + 1, int(np.iinfo(values.dtype).max))
        code = np.minimum(values, most).astype(np.int32) + np.int32(1)  # -1 is a value too
        return code, np.arange(-1, int(code.max(initial=0)))

    def _quantity(self, ask: Ask) -> Whole:
        """(n,) a quantity; of ages whole days, and -1 where there is none."""
        events, measure, _ = ask
        if measure not in BY_AGE:
            return self._material.quantities[ask]
        trail, run = self._run(events)
        if measure == "count":
            return trail.count(run)
        return trail.oldest(run) if measure == "first_age" else trail.youngest(run)


def _numbered(tests: tuple[Predicate, ...], values: dict[_Atom, Whole], size: int) -> Whole:
    number: Whole = np.zeros(size, dtype=np.uint8 if len(tests) < 256 else np.int32)
    for position in range(len(tests), 0, -1):
        number[_held(tests[position - 1], values)] = position
    return number


def _held(test: Predicate, values: dict[_Atom, Whole]) -> Any:
    """Whether a test holds, by what it is made of: an array, or one truth for all."""
    if test in values:
        return values[test] == 1
    if isinstance(test, Measured):
        found = values[quantity(test)]
        holds = _ORDERS[test.operator](found, _border(test))
        return holds & (found >= 0) if test.measure in AGES else holds
    if isinstance(test, Constant):
        return np.bool_(test.value)
    if isinstance(test, Negation):
        return ~_held(test.part, values)
    joined: Any = np.bool_(isinstance(test, Conjunction))
    for part in _parts(test):
        held = _held(part, values)
        joined = joined & held if isinstance(test, Conjunction) else joined | held
    return joined


def _parts(test: Predicate) -> Iterable[Predicate]:
    if isinstance(test, Negation):
        return (test.part,)
    return test.parts if isinstance(test, Conjunction | Disjunction) else ()


def _border(test: Measured) -> int:
    """What a quantity is compared with: of ages, whole days (see `_age_borders` of the lowering)."""
    return -(-test.value // DAY_US) if test.measure in AGES else test.value


def _days(us: int | None) -> int | None:
    return None if us is None else us // DAY_US
