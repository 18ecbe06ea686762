"""The queue before sales: who waits in the tier, and whom a capacity lets be worked, best first.

This queue is of leads, day by day: each may fall below the tier, be closed or come again while it waits, and the day's
score says whose turn it is. The queue of `workbench.cutoffs` is of numbers, week by week and for all thresholds at
once: there a lead joins by its score at one moment and waits until it is worked. Neither can do the other's work.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import CallError
from workbench.plan import Capacity
from workbench.replaying.following import Followed
from workbench.replaying.grid import Grid

Integers = NDArray[np.int64]
NOBODY = -1
_DAYS = {"day": 1.0, "week": 7.0, "month": 365.2425 / 12}


def capacity_of(given: str) -> Capacity:
    """A capacity such as `15/week`.

    Raises:
        CallError: if it is not a number of leads for each day, week or month.

    >>> capacity_of("15/week").leads
    15
    """
    found = re.fullmatch(r"\s*([1-9][0-9]{0,8})\s*/\s*(day|week|month)\s*", given)
    if found is None:
        raise CallError.at(
            "capacity",
            expected="leads for each day, week or month, such as 15/week",
            found=repr(given),
            remedy="Write a whole number, a slash and the period.",
        )
    return Capacity.model_validate({"per": found[2], "leads": int(found[1])})


class Queue:
    """Leads of a tier that nobody has worked yet, updated moment by moment.

    A lead waits from the first moment it is in the tier. It waits no longer when it is worked, when it falls below the
    tier (it may come back), or when it is followed no longer. At every moment as many as the capacity allows are
    worked: those of the highest tier and score first, then those who have waited longest, then by id. The capacity of
    a week or month is spread evenly over its days; what is not used stays until the period ends.

    Args:
        leads: who is followed.
        capacity: how many can be worked.

    Attributes:
        counts: by moment, and JOINED, WORKED, FELL_BACK, GONE, WAITING, LONGEST (days that the one who has waited
            longest has waited).
        fresh: how many more may be worked from each moment on.
        worked: (n,) number of the moment at which each lead was worked; NOBODY if it was not.
    """

    JOINED, WORKED, FELL_BACK, GONE, WAITING, LONGEST = range(6)

    def __init__(self, leads: Followed, capacity: Capacity) -> None:
        self.leads = leads
        self.start = int(leads.first.min())
        size = int(leads.last.max()) - self.start + 1
        self.counts = np.zeros((size, 6), dtype=np.int64)
        self.worked = np.full(len(leads.first), NOBODY, dtype=np.int64)
        self._since = np.full(len(leads.first), NOBODY, dtype=np.int64)
        self._waiting = np.zeros(0, dtype=np.int64)
        self.fresh, self._period = allowances(leads.grid, self.start, size, capacity)
        self._left = 0

    def write(self, at: int, lead: Integers, key: Integers, milli: Integers) -> None:
        """One moment: who is in the tier, with the rank of the tier that each has, and its score."""
        own = self.worked[lead] == NOBODY
        lead, key, milli = lead[own], key[own], milli[own]
        left = np.setdiff1d(self._waiting, lead)
        joined = ~np.isin(lead, self._waiting)
        self._since[lead[joined]] = at
        n = self._workable(at)
        order = np.lexsort((lead, self._since[lead], -milli, -key))
        now, self._waiting = lead[order[:n]], np.sort(lead[order[n:]])
        self.worked[now] = at
        self._left -= len(now)
        longest = at - int(self._since[self._waiting].min()) if len(self._waiting) else 0
        self.counts[at - self.start] = (
            int(joined.sum()),
            len(now),
            int((self.leads.last[left] >= at).sum()),
            int((self.leads.last[left] < at).sum()),
            len(self._waiting),
            longest * self.leads.grid.days,
        )

    def _workable(self, at: int) -> int:
        number = at - self.start
        if number == 0 or self._period[number] != self._period[number - 1]:
            self._left = 0
        self._left += int(self.fresh[number])
        return self._left

    @property
    def waits(self) -> Integers:
        """Days that the leads that were worked had waited."""
        done = self.worked != NOBODY
        return np.asarray((self.worked[done] - self._since[done]) * self.leads.grid.days, dtype=np.int64)


def allowances(grid: Grid, start: int, size: int, capacity: Capacity) -> tuple[Integers, Integers]:
    """How many more leads may be worked from each moment on, and the number of the period it is in."""
    numbers = np.arange(start, start + size)
    if grid.days > 1:
        a_step = capacity.leads * grid.days / _DAYS[capacity.per]
        return np.diff(np.floor(a_step * np.arange(size + 1) + 1e-9)).astype(np.int64), numbers
    if capacity.per == "day":
        return np.full(size, capacity.leads, dtype=np.int64), numbers
    times = grid.times(numbers)
    if capacity.per == "week":
        place, days, period = times.day_of_week.to_numpy(), np.full(size, 7), numbers - times.day_of_week.to_numpy()
    else:
        place, days = times.day.to_numpy() - 1, times.days_in_month.to_numpy()
        period = (times.year * 12 + times.month).to_numpy()
    spread = capacity.leads * (place + 1) // days - capacity.leads * place // days
    return spread.astype(np.int64), np.asarray(period, dtype=np.int64)


def queue_frame(queue: Queue, at: slice, week: pd.Series) -> pd.DataFrame:
    """The frame `Replay.queue` of some moments, whose weeks are `week`."""
    names = ["joined", "worked", "fell", "gone", "waiting", "longest_days"]
    days = pd.DataFrame(queue.counts[at], columns=names).assign(capacity=queue.fresh[at])
    grouped = days.groupby(week.to_numpy(), sort=True)
    summed = grouped[["capacity", *names[:4]]].sum()
    return summed.join(grouped[names[4:]].last()).rename_axis("week").reset_index()
