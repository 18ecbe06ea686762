"""Score codebooks: which combinations of rule hits occur, and which one each observation has.

A lead keeps one small code for each dimension; the codebook says what the code stands for. New points are applied to
the codebook, not to the leads. Dimensions whose joint combinations stay few share one code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from workbench.engine.duck import column, table
from workbench.engine.lowered import Ages, Feature, Idle
from workbench.observation.gather import FEATURES, Evidence, Gathering
from workbench.observation.material import Ingredients, Material, gather_material

Integers = NDArray[np.int64]
MOST_JOINT = 65_536
DECIDERS = "gates and variants"


@dataclass(frozen=True)
class Book:
    """The codebook of one dimension (or of the gates).

    Attributes:
        features: what the columns of `entries` are.
        entries: (combinations, features) integers: hit, number of the case, or number of events.
        codes: (observations,) row of `entries` for each observation.
    """

    features: tuple[Feature, ...]
    entries: Integers
    codes: Integers


@dataclass(frozen=True)
class Unit:
    """Books that share one code.

    Attributes:
        books: their names.
        rows: for each book, the row of its entries for each joint code.
        codes: (observations,) joint code.
    """

    books: tuple[str, ...]
    rows: tuple[Integers, ...]
    codes: Integers


@dataclass(frozen=True)
class Shelf:
    """All that was gathered about observations.

    Attributes:
        books: by dimension, and that of the deciders (gates and variants).
        units: codes that books share.
        evidence: ages of events, for decaying rules.
        idle: (observations,) age in whole days of the last event, -1 without one, for dimensions that fade.
        material: what windows, counts and limits can be changed from, if it was kept.
    """

    books: dict[str, Book]
    units: tuple[Unit, ...]
    evidence: dict[Ages, Evidence]
    idle: dict[Idle, Integers]
    material: Material | None = None

    @property
    def size(self) -> int:
        """Number of observations."""
        return len(self.books[DECIDERS].codes)

    def sorted_by(self, order: Integers) -> Shelf:
        """The same with observations in another order: position i holds what position order[i] held."""
        return Shelf(
            {name: Book(book.features, book.entries, book.codes[order]) for name, book in self.books.items()},
            tuple(Unit(unit.books, unit.rows, unit.codes[order]) for unit in self.units),
            {feature: _moved(evidence, order) for feature, evidence in self.evidence.items()},
            {feature: idle[order] for feature, idle in self.idle.items()},
            None if self.material is None else self.material.taken(order),
        )


def _moved(evidence: Evidence, order: Integers) -> Evidence:
    """Evidence under new observation numbers; that of observations no longer there goes."""
    size = max(int(order.max(initial=-1)), int(evidence.obs.max(initial=-1))) + 1
    place = np.full(size, -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    obs = place[evidence.obs]
    keep = obs >= 0
    arrange = np.argsort(obs[keep], kind="stable")
    return Evidence(obs[keep][arrange], evidence.age[keep][arrange], evidence.count[keep][arrange])


@dataclass(frozen=True)
class Wanted:
    """What models need to know of each observation.

    Attributes:
        books: features by book.
        ages: of decaying rules.
        idle: of dimensions that fade.
        kept: what windows, counts and limits are to be changed from, if that is wanted.
    """

    books: Mapping[str, Sequence[Feature]]
    ages: Sequence[Ages]
    idle: Sequence[Idle]
    kept: Ingredients | None = None

    @property
    def coded(self) -> list[Feature]:
        """The features of all books."""
        return [feature for features in self.books.values() for feature in features]

    @property
    def features(self) -> list[Feature]:
        """Every feature, and those to keep."""
        return [*self.coded, *self.ages, *self.idle, *([] if self.kept is None else self.kept.features)]


def gather_books(gathering: Gathering, needed: Wanted, size: int) -> Shelf:
    """Run the queries that fill the shelf.

    Args:
        gathering: prepared with the cells and event sets of all features.
        needed: what to gather.
        size: number of observations.
    """
    wanted = needed.books
    distinct = list(dict.fromkeys(feature for features in wanted.values() for feature in features))
    number = {feature: f"v{index}" for index, feature in enumerate(distinct)}
    values = [exp.alias_(gathering.feature(feature), number[feature], quoted=True) for feature in distinct]
    engine = gathering.engine
    engine.write(FEATURES, gathering.select([column("obs", gathering.observations), *values]))
    books = {}
    for name, features in wanted.items():
        books[name] = _book(gathering, tuple(features), [number[feature] for feature in features], size)
    evidence = {feature: gathering.ages(feature) for feature in dict.fromkeys(needed.ages)}
    idle = {feature: gathering.idle(feature) for feature in dict.fromkeys(needed.idle)}
    engine.drop([FEATURES])
    material = None if needed.kept is None else gather_material(gathering, needed.kept, evidence, size)
    return Shelf(books, _merged(books, size), evidence, idle, material)


def _book(gathering: Gathering, features: tuple[Feature, ...], names: list[str], size: int) -> Book:
    if not features:
        return Book((), np.zeros((1, 0), dtype=np.int64), np.zeros(size, dtype=np.int64))
    engine, name = gathering.engine, "obs_book"
    combinations = exp.select(*(column(key) for key in names)).distinct().from_(table(FEATURES))
    order = exp.Order(expressions=[exp.Ordered(this=column(key)) for key in names])
    row = exp.Sub(this=exp.Window(this=exp.RowNumber(), order=order, over="OVER"), expression=exp.Literal.number(1))
    engine.write(
        name,
        exp.select(exp.alias_(row, "code", quoted=True), *(column(key) for key in names)).from_(
            combinations.subquery("combinations")
        ),
    )
    entries = engine.arrays(exp.select(*(column(key) for key in names)).from_(table(name)).order_by(column("code")))
    same = [exp.EQ(this=column(key, "b"), expression=column(key, "f")) for key in names]
    codes = engine.arrays(
        exp.select(exp.alias_(column("code", "b"), "code", quoted=True))
        .from_(exp.alias_(table(FEATURES), "f", table=True))
        .join(exp.alias_(table(name), "b", table=True), on=exp.and_(*same))
        .order_by(column("obs", "f"))
    )
    engine.drop([name])
    stacked = np.asfortranarray(np.column_stack([np.asarray(entries[key], dtype=np.int64) for key in names]))
    return Book(features, stacked, np.asarray(codes["code"], dtype=np.int64))


def _merged(books: dict[str, Book], size: int) -> tuple[Unit, ...]:
    """Let books share a code while their joint combinations stay few: fewer look-ups a lead."""
    units: list[Unit] = []
    for name, book in sorted(books.items(), key=lambda item: len(item[1].entries)):
        single = Unit((name,), (np.arange(len(book.entries), dtype=np.int64),), book.codes)
        for index, unit in enumerate(units):
            joint = _joint(unit, single, size)
            if joint is not None:
                units[index] = joint
                break
        else:
            units.append(single)
    return tuple(units)


def _joint(left: Unit, right: Unit, size: int) -> Unit | None:
    width = len(right.rows[0])
    pairs = left.codes * width + right.codes
    possible = len(left.rows[0]) * width
    if possible <= 8 * max(size, MOST_JOINT):  # a table of what occurs is faster than sorting
        seen = np.zeros(possible, dtype=bool)
        seen[pairs] = True
        values = np.flatnonzero(seen)
        if len(values) > MOST_JOINT:
            return None
        rank = np.cumsum(seen) - 1
        codes = rank[pairs]
    else:
        values, codes = np.unique(pairs, return_inverse=True)
        if len(values) > MOST_JOINT:
            return None
    rows = tuple(row[values // width] for row in left.rows) + tuple(row[values % width] for row in right.rows)
    return Unit(left.books + right.books, rows, codes.astype(np.int64))
