"""All values of one number of points at once: sums that move along, until a cap holds them.

With p points from the rule, a person's dimension is clip(x + p, low, high), where x is the sum of all that stands
beside the rule and low and high follow from the caps. People with the same x, caps and finding of the rule are a class.
For each p those below low all have the value low, those above high the value high, and the sums of those between move
along with p: running sums over x answer for every p without going through the classes again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.observation import AlternativeWeights, RuleWeights
from workbench.observation.arithmetic import ONE_WEIGHT, Cap
from workbench.searching.own import Beside, Payments
from workbench.searching.rest import Rest
from workbench.searching.spread import Spread, counted, gathered, together

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
MOST = 3_000_000
"""Numbers in one table; where more would be needed, the values are taken one after another."""
ALWAYS = 200_000
"""So many are no matter, however few people there are."""
MOST_BUNDLES = 400
FAR = 2**55
"""Beyond every sum of points: stands for an open end of a cap."""


@dataclass(frozen=True)
class Bundle:
    """Classes that one payment and one pair of caps hold for.

    Attributes:
        paid: (V,) what the rule pays them, by value.
        low, high: their dimension is kept in.
    """

    paid: Integers
    low: int
    high: int


@dataclass(frozen=True)
class Classes:
    """Entries by class.

    Attributes:
        of: (entries,) the class of each.
        size: how many classes: for each bundle one for every x, then those that the number does not reach.
        bundles: in order.
        x: (J,) the sums beside the rule, evenly spaced.
        still: values of the dimension in the last classes.
        rest: everything else.
        base, step, width: sums before they become scores: width of them from base, step apart.
    """

    of: Integers
    size: int
    bundles: tuple[Bundle, ...]
    x: Integers
    still: Integers
    rest: Rest
    base: int
    step: int
    width: int

    def along(self, table: Floats) -> Spread:
        """Sums by score for each value, from those by class and rest, (channels, classes, rests)."""
        channels, values = len(table), len(self.bundles[0].paid) if self.bundles else 1
        first = len(self.bundles) * len(self.x)
        sums = self.rest.joined(self.still[:, None], self.rest.besides(np.arange(self.rest.size)))
        still = counted(self.rest.scores(sums.ravel()), table[:, first:].reshape(channels, -1))
        if not self.bundles:
            return still
        moved = np.zeros((channels, values, self.width))
        for number, bundle in enumerate(self.bundles):
            self._move(bundle, table[:, number * len(self.x) : (number + 1) * len(self.x)], moved)
        totals = self.base + np.arange(self.width, dtype=np.int64) * self.step
        return together([still, gathered(self.rest.of_sums(totals), moved)], values)

    def _move(self, bundle: Bundle, table: Floats, sums: Floats) -> None:
        """Add what a bundle gives to (channels, V, width) sums."""
        filled = np.flatnonzero(table[:2].any(axis=(0, 2)))
        if not len(filled):
            return
        begin, end = int(filled[0]), int(filled[-1]) + 1
        x, table = self.x[begin:end], table[:, begin:end]
        below = np.searchsorted(x, bundle.low - bundle.paid, side="left")
        within = np.searchsorted(x, bundle.high - bundle.paid, side="right")
        rests = np.arange(self.rest.size) * (self.rest.step // self.step)
        up_to = _running(table)
        if below.any():
            sums[:, :, self._place(bundle.low) + rests] += up_to[:, below]
        if (within < len(x)).any():
            sums[:, :, self._place(bundle.high) + rests] += up_to[:, -1:] - up_to[:, within]
        pace = self.rest.factor * (int(x[1] - x[0]) if len(x) > 1 else 0) // self.step
        width = int(rests[-1]) + pace * (len(x) - 1) + 1
        slanted = np.zeros((len(table), len(x), width))
        at = (np.arange(len(x)) * (width + pace))[:, None] + rests
        slanted.reshape(len(table), -1)[:, at] = table
        running = _running(slanted)
        moved = running[:, within] - running[:, below]
        starts = np.array([self._place(int(x[0]) + paid) for paid in bundle.paid.tolist()], dtype=np.int64)
        for row, start in enumerate(starts.tolist()):
            sums[:, row, start : start + width] += moved[:, row]

    def _place(self, value: int) -> int:
        """Where the sums begin of those with this value of the dimension."""
        return (value * self.rest.factor + self.rest.low - self.base) // self.step


def classes_of(
    pays: Payments,
    weights: AlternativeWeights,
    rule: RuleWeights,
    index: int,
    values: Integers,
    beside: Beside,
    rest: Rest,
    most: int,
) -> Classes | None:
    """The classes of one number of points; None where sums do not simply move along, or there are too many.

    Args:
        pays: of the alternative.
        weights: its weights.
        rule: one that does not go by ages, in a dimension that nothing moves.
        index: which number is turned.
        values: (V,) thousandths.
        beside: what stands beside the rule, by entry.
        rest: everything else, a sum.
        most: how many numbers a table may have.
    """
    if beside.dimension.weight != ONE_WEIGHT or beside.dimension.inactivity is not None:
        return None
    known = pays.column(rule).known
    levels = known[known == index] if rule.cases else known[known != 0]
    reached = beside.reached(rule, index)
    paid = {int(level): rule.kept(values if rule.cases else values * level) for level in levels}
    still = beside.value(pays.entries(rule))
    x, bundle_of, bundles = _bundled(beside, reached, paid)
    if len(bundles) > MOST_BUNDLES:
        return None
    step = _step(pays, weights, rule)
    low, high = (int(x[reached].min()), int(x[reached].max())) if len(bundles) else (0, 0)
    axis = np.arange(low, high + 1, step or 1, dtype=np.int64) if (high - low) // (step or 1) < MOST else None
    if axis is None:
        return None
    grid = _grid(bundles, axis, rest)
    known_still, place = np.unique(still[~reached], return_inverse=True)
    first = len(bundles) * len(axis)
    size = first + len(known_still)
    if grid is None or max(size * rest.size, first * grid[2], len(values) * grid[2]) > most:
        return None
    of = np.empty(len(x), dtype=np.int64)
    of[~reached] = first + place
    of[reached] = bundle_of * len(axis) + (x[reached] - low) // (step or 1)
    return Classes(of, size, bundles, axis, known_still, rest, *grid)


def _bundled(
    beside: Beside, reached: NDArray[np.bool_], paid: dict[int, Integers]
) -> tuple[Integers, Integers, tuple[Bundle, ...]]:
    """The sums beside the rule; the bundle of each entry that the number reaches; and the bundles."""
    low, high = _ends(beside.dimension.cap)
    if beside.outer is None:
        x, lows, highs = beside.inner, np.array([low]), np.array([high])
        caps = np.zeros(int(reached.sum()), dtype=np.int64)
    else:
        x = beside.inner + beside.outer
        group = _ends(beside.group)
        outer, place = np.unique(beside.outer[reached], return_inverse=True)
        pairs = np.stack(
            [
                np.clip(end + outer, low, high) if abs(end) < FAR else np.full_like(outer, far)
                for end, far in zip(group, (low, high), strict=True)
            ]
        )
        ends, joint = np.unique(pairs, axis=1, return_inverse=True)
        (lows, highs), caps = ends, joint.ravel()[place.ravel()]
    levels = np.array(sorted(paid), dtype=np.int64)
    of = np.searchsorted(levels, beside.levels[reached]) * len(lows) + caps
    bundles = tuple(
        Bundle(paid[level], low, high)
        for level in levels.tolist()
        for low, high in zip(lows.tolist(), highs.tolist(), strict=True)
    )
    return x, of.astype(np.int64), bundles if len(of) else ()


def _step(pays: Payments, weights: AlternativeWeights, rule: RuleWeights) -> int:
    """A common divisor of all sums beside a rule; 0 where there are none but 0."""
    found = [
        int(paid)
        for other in weights.in_dimension(rule.book)
        if other.id != rule.id
        for paid in pays.by_level(other, pays.column(other).known)
    ]
    caps = [end for name in weights.groups_of(rule.book) for end in weights.groups[name] if end is not None]
    return math.gcd(*found, *caps)


def _grid(bundles: tuple[Bundle, ...], axis: Integers, rest: Rest) -> tuple[int, int, int] | None:
    """First, distance and number of sums that may come out; None without a common distance short of too many."""
    if not bundles:
        return 0, rest.step, 1
    ends = {end for bundle in bundles for end in (bundle.low, bundle.high) if abs(end) < FAR}
    paid = np.concatenate([bundle.paid for bundle in bundles])
    first, last = int(axis[0]), int(axis[-1])
    pace = int(axis[1]) - first if len(axis) > 1 else 0
    parts = [rest.factor * part for part in (pace, *(end - first for end in ends), *np.unique(paid).tolist())]
    step = math.gcd(rest.step if rest.size > 1 else 0, *parts) or 1
    low = min(first + int(paid.min()), *ends, first) if ends else first + int(paid.min())
    high = max(last + int(paid.max()), *ends, last) if ends else last + int(paid.max())
    width = ((high - low) * rest.factor + (rest.size - 1) * rest.step) // step + 1
    return (low * rest.factor + rest.low, step, width) if width <= MOST else None


def _ends(cap: Cap) -> tuple[int, int]:
    low, high = cap
    return -FAR if low is None else low, FAR if high is None else high


def _running(table: Floats) -> Floats:
    """Running sums along axis 1, with a leading 0."""
    found = np.empty((table.shape[0], table.shape[1] + 1, *table.shape[2:]))
    found[:, 0] = 0
    np.cumsum(table, axis=1, out=found[:, 1:])
    return found
