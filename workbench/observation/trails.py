"""Ages of events by observation, without a window: how many lie in one, how old they are, and which.

An observation's ages stand side by side, the youngest first, so a window is a run of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.observation.accounts import lead_rows
from workbench.observation.gather import Evidence, Whole, least, small

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Run:
    """Neighbouring ages of each observation: those at the places begin <= place < end; arrays of shape (n,)."""

    begin: Whole
    end: Whole

    def only(self, those: Booleans | None) -> Run:
        """The same for those observations, and nothing for the others."""
        return self if those is None else Run(self.begin, np.where(those, self.end, self.begin))


@dataclass(frozen=True)
class Trail:
    """The events of a set, of any age.

    Attributes:
        starts: (n + 1,) where each observation's ages begin, and the end.
        age: (k,) whole days before as_of, rising within each observation; no age comes twice.
        before: (k + 1,) number of events at earlier places; None if there is one event of each age.
    """

    starts: Whole
    age: Whole
    before: Whole | None

    @classmethod
    def of(cls, evidence: Evidence, size: int) -> Trail:
        """The trail of `size` observations from their evidence, ordered by observation and age."""
        counts = np.bincount(evidence.obs, minlength=size)
        starts = np.concatenate([[0], np.cumsum(counts)])
        before = None
        if (evidence.count != 1).any():
            before = np.concatenate([[0], np.cumsum(evidence.count, dtype=np.int64)])
        return cls(
            small(starts, np.int32), small(evidence.age, np.int16), None if before is None else small(before, np.int32)
        )

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return self.starts.nbytes + self.age.nbytes + (0 if self.before is None else self.before.nbytes)

    def within(self, older: int | None, window: int | None) -> Run:
        """The ages a with older <= a < window, in whole days; an end that is None is open."""
        begin = self.starts[:-1] if older is None else self._place(older)
        end = self.starts[1:] if window is None else self._place(window)
        return Run(begin, np.maximum(begin, end) if older is not None and window is not None else end)

    def count(self, run: Run) -> Whole:
        """(n,) number of events in a run."""
        if self.before is None:
            return run.end - run.begin
        counted: Whole = self.before.take(run.end) - self.before.take(run.begin)
        return counted

    def youngest(self, run: Run) -> Whole:
        """(n,) least age in a run; -1 where it is empty."""
        return self._age(run.begin, run.end > run.begin)

    def oldest(self, run: Run) -> Whole:
        """(n,) greatest age in a run; -1 where it is empty."""
        return self._age(run.end - 1, run.end > run.begin)

    def evidence(self, run: Run, newest: int | None = None) -> Evidence:
        """The events of a run as evidence; of each observation at most the newest so many."""
        size = run.end.astype(np.int64) - run.begin
        ends = np.cumsum(size)
        places = np.arange(len(size) and int(ends[-1])) + np.repeat(run.begin - (ends - size), size)
        obs = np.repeat(np.arange(len(size), dtype=least(len(size), np.int32)), size)
        age, first = self.age.take(places), np.repeat(run.begin, size)
        if self.before is None:
            count, earlier = np.ones(len(places), dtype=np.int32), places - first
        else:
            count = np.diff(self.before).take(places)
            earlier = self.before.take(places) - self.before.take(first)
        if newest is not None:
            count = np.minimum(count, newest - earlier)
            kept = count > 0
            obs, age, count = obs[kept], age[kept], count[kept]
        return Evidence(obs, age, count)

    def taken(self, rows: Integers) -> Trail:
        """The trail of the observations at the positions `rows`, in that order."""
        places, starts = lead_rows(self.starts.astype(np.int64, copy=False), rows)
        before = None
        if self.before is not None:
            before = np.concatenate([[0], np.cumsum(np.diff(self.before)[places], dtype=np.int64)])
        return Trail(small(starts, np.int32), self.age[places], None if before is None else small(before, np.int32))

    def _place(self, days: int) -> Whole:
        """(n,) where the ages of so many days and more begin."""
        younger = np.zeros(len(self.age) + 1, dtype=self.starts.dtype)
        np.cumsum(self.age < days, out=younger[1:])
        place: Whole = self.starts[:-1] + np.diff(younger.take(self.starts))
        return place

    def _age(self, place: Whole, there: Booleans) -> Whole:
        if not len(self.age):
            return np.full(len(place), -1, dtype=self.age.dtype)
        return np.where(there, self.age.take(place, mode="clip"), self.age.dtype.type(-1))
