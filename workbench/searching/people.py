"""Those whom one alternative scores: where they stand on the shelf, what came of them, and sums over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.observation import Observations, Scorer

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
MINOR = 100
"""Amounts are summed in whole hundredths, where that is what they are, so that sums are exact."""
BLOCK = 65_536
"""People at a time: what is worked out between two steps stays in the processor's cache."""


@dataclass(frozen=True)
class People:
    """Observations with known outcomes, those who did not convert first.

    Attributes:
        at: (n,) their rows on the shelf.
        lost: how many did not convert.
        worth: (n - lost,) recorded amounts of those who did, 0 where there is none; None where nobody's is recorded.
    """

    at: Integers
    lost: int
    worth: Floats | None

    @property
    def channels(self) -> int:
        """What is summed: those who did not convert, those who did, and perhaps their amounts."""
        return 2 if self.worth is None else 3

    def looked_up(self, table: Integers, codes: Integers, more: Integers, size: int) -> Floats:
        """(channels, size) sums by the cell table[code] + more; a block at a time, so that what is between stays near.

        Args:
            table: what each code adds to the cell.
            codes, more: (n,) of each person.
            size: number of cells.
        """
        found = np.zeros((self.channels, size))
        block = max(BLOCK, 4 * size)
        room = np.empty(min(block, len(codes)), dtype=np.int64)
        for won, begin, end in ((0, 0, self.lost), (1, self.lost, len(codes))):
            for start in range(begin, end, block):
                stop = min(start + block, end)
                cells = np.take(table, codes[start:stop], out=room[: stop - start], mode="clip")
                cells += more[start:stop]
                found[won] += np.bincount(cells, minlength=size)
                if won and self.worth is not None:
                    worth = self.worth[start - self.lost : stop - self.lost]
                    found[2] += np.bincount(cells, weights=worth, minlength=size)
        return found

    def tally(self, cells: Integers) -> Floats:
        """(channels, cells) sums, from the cell of each."""
        size = int(cells.max(initial=0)) + 1
        lost, won = cells[: self.lost], cells[self.lost :]
        found = [np.bincount(lost, minlength=size), np.bincount(won, minlength=size)]
        if self.worth is not None:
            found.append(np.bincount(won, weights=self.worth, minlength=size))
        return np.stack(found).astype(np.float64, copy=False)

    def each(self, rows: Integers) -> Floats:
        """(channels, rows) what each of some of them counts."""
        found = np.zeros((self.channels, len(rows)))
        won = rows >= self.lost
        found[0], found[1] = ~won, won
        if self.worth is not None:
            found[2, won] = self.worth[rows[won] - self.lost]
        return found

    def taken(self, rows: Integers) -> People:
        """Only some of them, by ascending place."""
        lost = int(np.searchsorted(rows, self.lost))
        worth = None if self.worth is None else self.worth[rows[lost:] - self.lost]
        return People(self.at[rows], lost, worth)


def parted(scorer: Scorer, seen: Observations, rows: slice, out: tuple[bool, ...]) -> Iterator[People]:
    """The people of a part whom gates take out, and then those of each alternative.

    Args:
        scorer: the model, bound to the shelf of leads.
        seen: the observations, of leads.
        rows: those of the part.
        out: for each gate whether it takes a lead out.
    """
    won = seen.subjects.won[rows]
    order = np.argsort(won, kind="stable")
    amount = seen.subjects.amount[rows][order]
    lost = int(np.searchsorted(won[order], 1))
    paid = bool(np.isfinite(amount).any())
    everybody = People((order + rows.start).astype(np.int64), lost, _exact(amount[lost:]) if paid else None)
    gone = np.array((False, *out))[scorer.gate(everybody.at)]
    yield everybody.taken(np.flatnonzero(gone))
    variant = scorer.variant(everybody.at)
    for number in range(len(scorer.alternatives)):
        yield everybody.taken(np.flatnonzero(~gone & (variant == number)))


def _exact(amounts: Floats) -> Floats:
    worth = np.nan_to_num(amounts) * MINOR
    whole = np.rint(worth)
    return whole if np.allclose(worth, whole, rtol=1e-12, atol=1e-6) else worth
