"""Takes more features into codebooks that exist: what is there stays, codes are made anew where they must be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.engine.lowered import Feature
from workbench.observation.books import MOST_JOINT, Book, Shelf, Unit
from workbench.observation.gather import Whole

Integers = NDArray[np.int64]
Columns = Sequence[tuple[Feature, Whole]]
EASY = 8


def with_columns(shelf: Shelf, added: Mapping[str, Columns]) -> Shelf:
    """A shelf with more features in some of its books; each column is (observations,) of integers from 0 on."""
    books, units = dict(shelf.books), list(shelf.units)
    for name, columns in added.items():
        place = next((at for at, unit in enumerate(units) if name in unit.books), None)
        if place is None:  # a dimension of its own, that no model had so far
            units.append(Unit((name,), (np.zeros(1, dtype=np.int64),), np.zeros(shelf.size, dtype=np.int64)))
            books[name] = Book((), np.zeros((1, 0), dtype=np.int64), units[-1].codes)
            place = len(units) - 1
        books[name], units[place : place + 1] = _with_columns(books[name], name, units[place], columns)
    return replace(shelf, books=books, units=tuple(units))


def _with_columns(book: Book, name: str, unit: Unit, columns: Columns) -> tuple[Book, list[Unit]]:
    """A book with more columns, and the unit it shares a code in; apart, if together they would be too many."""
    if not columns:
        return book, [unit]
    mine = unit.books.index(name)
    joint = _split(unit.codes, len(unit.rows[mine]), [column for _, column in columns])
    if len(joint.whole) > MOST_JOINT and len(unit.books) > 1:
        rest = [at for at in range(len(unit.books)) if at != mine]
        left = Unit(tuple(unit.books[at] for at in rest), tuple(unit.rows[at] for at in rest), unit.codes)
        alone = Unit((name,), (np.arange(len(book.entries), dtype=np.int64),), book.codes)
        found, units = _with_columns(book, name, alone, columns)
        return found, [left, *units]
    features = (*book.features, *(feature for feature, _ in columns))
    rows = [row[joint.whole] for row in unit.rows]
    if len(unit.books) == 1 and len(unit.rows[0]) == len(book.entries):  # its own code: nothing to translate
        own = Book(features, _entries(book, rows[0], joint.parts), joint.codes)
        return own, [Unit(unit.books, (np.arange(len(joint.whole), dtype=np.int64),), joint.codes)]
    apart = _split(rows[mine], len(book.entries), joint.parts)
    rows[mine] = apart.codes
    own = Book(features, _entries(book, apart.whole, apart.parts), apart.codes.take(joint.codes))
    return own, [Unit(unit.books, tuple(rows), joint.codes)]


def _entries(book: Book, whole: Integers, parts: Sequence[Integers]) -> Integers:
    """Some entries of a book with more columns; column by column, as they are read."""
    old = len(book.features)
    entries = np.empty((len(whole), old + len(parts)), dtype=np.int64, order="F")
    for at in range(old):
        entries[:, at] = book.entries[:, at].take(whole)
    for at, part in enumerate(parts):
        entries[:, old + at] = part
    return entries


@dataclass(frozen=True)
class _Joint:
    """Codes split by columns.

    Attributes:
        codes: (observations,) the new code.
        whole: for each new code the old one.
        parts: for each column, its value for each new code.
    """

    codes: Integers
    whole: Integers
    parts: list[Integers]


def _split(codes: Integers, size: int, columns: Sequence[Whole]) -> _Joint:
    """Split `size` codes by columns; as many columns at a time as one table holds."""
    whole, parts = np.arange(size, dtype=np.int64), list[Integers]()
    waiting = list(columns)
    while waiting:
        pairs, possible = codes, len(whole)
        widths: list[int] = []
        while waiting and (not widths or possible * _width(waiting[0]) <= _most(len(codes))):
            widths.append(_width(waiting[0]))
            possible *= widths[-1]
            pairs = pairs * widths[-1]
            pairs += waiting.pop(0)
        values, codes = _compact(pairs, possible)
        found: list[Integers] = []
        for width in reversed(widths):
            values, part = np.divmod(values, width)
            found.insert(0, part)
        whole, parts = whole[values], [*(part[values] for part in parts), *found]
    return _Joint(codes, whole, parts)


def _width(column: Whole) -> int:
    return int(column.max(initial=0)) + 1


def _most(size: int) -> int:
    """Up to so many possible codes of `size` observations, a table of those that occur is faster than sorting."""
    return EASY * max(size, MOST_JOINT)


def _compact(pairs: Integers, possible: int) -> tuple[Integers, Integers]:
    """The distinct numbers below `possible`, and the place among them of each."""
    if possible <= _most(len(pairs)):
        seen = np.zeros(possible, dtype=np.bool_)
        seen[pairs] = True
        values = np.flatnonzero(seen)
        rank = np.zeros(possible, dtype=np.int64)
        rank[values] = np.arange(len(values))
        return values, rank.take(pairs)
    codes, values = pd.factorize(pairs)
    return np.asarray(values, dtype=np.int64), codes.astype(np.int64)
