"""Which lead entered and left which tier when: a diary that is written day by day."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.replaying.following import Followed

Integers = NDArray[np.int64]
NOT_YET = -1
FELL = 3
"""A stay that ended because the lead fell below the tier; the other endings are those of following a lead."""


class Journal:
    """Who is in which tier, updated moment by moment.

    Args:
        leads: who is followed.
        tiers: how many tiers there are; a lead is in tier k if its rank is k or more.

    Attributes:
        first: (n, tiers) number of the moment at which each lead first reached each tier; NOT_YET where it did not.
        times: (n, tiers) how often it reached it.
        counts: by moment (from the first one of all), tier, and what: REACHED, AGAIN, FELL_BACK, INSIDE.
    """

    REACHED, AGAIN, FELL_BACK, INSIDE = range(4)

    def __init__(self, leads: Followed, tiers: int) -> None:
        self.leads = leads
        self.start = int(leads.first.min())
        size = (len(leads.first), tiers)
        self.first = np.full(size, NOT_YET, dtype=np.int64)
        self.times = np.zeros(size, dtype=np.int64)
        self.counts = np.zeros((int(leads.last.max()) - self.start + 1, tiers, 4), dtype=np.int64)
        self._inside = np.zeros(size, dtype=bool)
        self._since = np.zeros(size, dtype=np.int64)
        self._stays: list[tuple[Integers, Integers, Integers, Integers, Integers]] = []

    def write(self, at: int, lead: Integers, rank: Integers) -> None:
        """One moment: the rank of each lead that is followed then."""
        now = rank[:, None] >= np.arange(self.first.shape[1])
        before = self._inside[lead]
        enters, falls = now & ~before, before & ~now
        new = enters & (self.first[lead] == NOT_YET)
        self._end(lead, falls, at, np.full(len(lead), FELL))
        rows, tiers = np.nonzero(new)
        self.first[lead[rows], tiers] = at
        rows, tiers = np.nonzero(enters)
        self._since[lead[rows], tiers] = at
        self.times[lead] += enters
        self.counts[at - self.start] = np.stack(
            [new.sum(axis=0), (enters & ~new).sum(axis=0), falls.sum(axis=0), now.sum(axis=0)], axis=1
        )
        over = self.leads.last[lead] == at
        self._end(lead, now & over[:, None], at + 1, self.leads.ending[lead].astype(np.int64))
        self._inside[lead] = now & ~over[:, None]

    def _end(self, lead: Integers, which: NDArray[np.bool_], at: int, how: Integers) -> None:
        rows, tiers = np.nonzero(which)
        if len(rows):
            since = self._since[lead[rows], tiers]
            self._stays.append((lead[rows], tiers, since, np.full(len(rows), at), how[rows]))

    def stays(self) -> pd.DataFrame:
        """One row a stay: lead (position), tier (rank), since, until (numbers of moments, until exclusive), how."""
        names = ["lead", "tier", "since", "until", "how"]
        if not self._stays:
            return pd.DataFrame({name: np.zeros(0, dtype=np.int64) for name in names})
        columns = (np.concatenate(parts) for parts in zip(*self._stays, strict=True))
        frame = pd.DataFrame(dict(zip(names, columns, strict=True)))
        return frame.sort_values(["tier", "lead", "since"], ignore_index=True)
