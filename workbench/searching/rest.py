"""Everything but one dimension: a small number for each person, and what it stands for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.metrics.histogram import compact
from workbench.observation.arithmetic import weighed
from workbench.observation.weights import Combining

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Part:
    """What a dimension is worth to each person: `values[codes]`, or `values` themselves where codes are None."""

    values: Integers
    codes: Integers | None

    def spread(self, table: Integers) -> Integers:
        """A number for each person, from one for each of `values`."""
        return table if self.codes is None else table.take(self.codes)


@dataclass(frozen=True)
class Rest:
    """What the other dimensions of people come to.

    Attributes:
        combining: how dimensions become the score.
        dimension: the one that is left open.
        index: (n,) number of each person's rest.
        size: how many numbers there are.
        low, step: of a sum: rest r stands for low + r * step, in the units of `factor`.
        factor: of a sum: what the open dimension is multiplied with before the rest is added; 0 for other ways.
        tables: of other ways to combine: by dimension the value of each rest.
    """

    combining: Combining
    dimension: str
    index: Integers
    size: int
    low: int = 0
    step: int = 1
    factor: int = 0
    tables: dict[str, Integers] | None = None

    def besides(self, numbers: Integers) -> Integers:
        """What rests add to a sum; where dimensions are not summed the numbers themselves."""
        return numbers * self.step + self.low if self.tables is None else numbers

    def joined(self, values: Integers, besides: Integers) -> Integers:
        """Values of the open dimension with their rests: sums in the units of `factor`, or else scores."""
        if self.tables is None:
            return besides + (values if self.factor == 1 else values * self.factor)
        own = {name: table[besides] for name, table in self.tables.items()} | {self.dimension: values}
        return self.combining.finished(self.combining.together(own))

    def scores(self, joined: Integers) -> Integers:
        """The scores of what `joined` gave."""
        return joined if self.tables is not None else self.of_sums(joined)

    def of_sums(self, sums: Integers) -> Integers:
        """Scores from sums in the units of `factor`."""
        return self.combining.finished(weighed([(sums, 1)]) if self.combining.kind == "weighted" else sums)


def rest_of(combining: Combining, dimension: str, others: dict[str, Part], n: int) -> Rest:
    """The rest of n people.

    Args:
        combining: how dimensions become the score.
        dimension: the open one.
        others: the other dimensions.
        n: how many people.
    """
    if combining.kind in {"sum", "weighted"}:
        return _summed(combining, dimension, others, n)
    index, size = np.zeros(n, dtype=np.int64), 1
    tables: dict[str, Integers] = {}
    for name, part in others.items():
        values, place = np.unique(part.values, return_inverse=True)
        known, index = compact(index * len(values) + part.spread(place.astype(np.int64)))
        tables = {key: table[known // len(values)] for key, table in tables.items()}
        tables[name] = values[known % len(values)]
        size = len(known)
    return Rest(combining, dimension, index, max(size, 1), tables=tables)


def _summed(combining: Combining, dimension: str, others: dict[str, Part], n: int) -> Rest:
    factors = combining.weights if combining.kind == "weighted" else dict.fromkeys((dimension, *others), 1)
    scaled = {name: part.values * factors[name] for name, part in others.items()}
    lows = {name: int(values.min()) if len(values) else 0 for name, values in scaled.items()}
    step = math.gcd(*(int(np.gcd.reduce(values - lows[name])) for name, values in scaled.items())) or 1
    index, size = np.zeros(n, dtype=np.int64), 1
    for name, part in others.items():
        table = (scaled[name] - lows[name]) // step
        index += part.spread(table)
        size += int(table.max(initial=0))
    return Rest(combining, dimension, index, size, sum(lows.values()), step, factors[dimension])
