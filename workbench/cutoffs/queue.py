"""The queue of leads before sales, week by week.

A week runs from Monday to Monday, UTC. Whoever reaches the threshold joins the queue at that moment; in each week as
many are worked as the capacity allows, newcomers of the week included; what is left waits. A lead that is worked in the
week it comes has waited 0 days, another from its arrival to the Monday of the week in which it is worked. What the
capacity has beyond whole leads is carried on (2.5 a week is 2, 3, 2, 3, …), idle time is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.errors import CallError

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Order: TypeAlias = Literal["first_in", "best_first"]
DAY_US = 86_400_000_000
WEEK_US = 7 * DAY_US
MONDAY_US = 4 * DAY_US
"""The first Monday after the epoch."""


@dataclass(frozen=True)
class Service:
    """What a queue must keep to count as bounded.

    Attributes:
        share: least share of the arrivals, 0..1, that is worked in time.
        weeks: in time means: by the end of this many weeks after the week of arrival. None: 1, or for a plan that
            observes by calendar until its next list (5 for a month, 14 for a quarter). At the end of the data, and of
            each stretch of it, no more may wait than the capacity of as many weeks.
        order: who is worked first: `first_in`, or `best_first` (highest score, then who came first).
    """

    share: float = 0.9
    weeks: int | None = None
    order: Order = "first_in"

    def __post_init__(self) -> None:
        wrong = None
        if not 0 < self.share <= 1:
            wrong = ("share", "a share above 0 and at most 1", str(self.share))
        elif self.weeks is not None and self.weeks < 1:
            wrong = ("weeks", "at least 1", str(self.weeks))
        elif self.order not in get_args(Order):
            wrong = ("order", " or ".join(get_args(Order)), repr(self.order))
        if wrong is not None:
            place, expected, found = wrong
            raise CallError.at(f"service.{place}", expected=expected, found=found, remedy="Correct it.")


@dataclass(frozen=True, eq=False)
class Queue:
    """Numbers by week (last axis), before it any others such as thresholds.

    Attributes:
        arrivals, worked, waiting: in the week, in the week, and at its end.
        quota: what the week could have worked.
    """

    arrivals: Integers
    worked: Integers
    waiting: Integers
    quota: Integers

    @property
    def idle(self) -> Integers:
        """Capacity that nobody was there for."""
        idle: Integers = self.quota - self.worked
        return idle


def quotas(capacity: float, weeks: int) -> Integers:
    """Whole leads that can be worked in each of some weeks.

    >>> quotas(2.5, 4)
    array([2, 3, 2, 3])
    """
    ends = np.floor(capacity * np.arange(weeks + 1) + 1e-9).astype(np.int64)
    found: Integers = np.diff(ends)
    return found


def queue(arrivals: Integers, quota: Integers) -> Queue:
    """Work off arrivals (..., weeks) with a quota for each week; nobody waits at the start.

    >>> found = queue(np.array([4, 0, 1]), np.array([2, 2, 2]))
    >>> found.worked, found.waiting
    (array([2, 2, 1]), array([2, 0, 0]))
    """
    waiting = np.empty(arrivals.shape, dtype=np.int64)
    here = np.zeros(arrivals.shape[:-1], dtype=np.int64)
    for week in range(arrivals.shape[-1]):
        here = np.maximum(here + arrivals[..., week] - quota[week], 0)
        waiting[..., week] = here
    before = np.concatenate([np.zeros((*waiting.shape[:-1], 1), dtype=np.int64), waiting[..., :-1]], axis=-1)
    return Queue(arrivals, arrivals + before - waiting, waiting, quota)


def late(found: Queue, weeks: int) -> tuple[Integers, Integers]:
    """Of those who arrived, by week: who was not worked in time, and who was or was not in time for sure; first in,
    first out.

    The second leaves out who still waits at the end without being late yet.
    """
    arrived, done = np.cumsum(found.arrivals, axis=-1), np.cumsum(found.worked, axis=-1)
    length = found.arrivals.shape[-1]
    by = np.minimum(np.arange(length) + weeks, length - 1)
    undone = np.minimum(found.arrivals, np.maximum(arrived - done[..., by], 0))
    open_ = np.arange(length) + weeks > length - 1
    return np.where(open_, 0, undone), found.arrivals - np.where(open_, undone, 0)


def waits(served_in: Integers, moments: Integers, first_us: int) -> Integers:
    """Days that each lead waited, floor; -1 for those who are never worked.

    Args:
        served_in: (n,) the week in which each is worked; -1 for never.
        moments: (n,) arrival in microseconds.
        first_us: the Monday with which week 0 begins.
    """
    days = np.maximum(first_us + served_in * WEEK_US - moments, 0) // DAY_US
    return np.where(served_in < 0, -1, days)


def served(weeks_of: Integers, moments: Integers, priority: Integers, worked: Integers) -> Integers:
    """The week in which each lead is worked; -1 for never.

    Args:
        weeks_of: (n,) week of arrival of each lead.
        moments: (n,) arrival in microseconds; who comes at one moment with one priority is worked in any order.
        priority: (n,) who has more is worked first; all alike for first in, first out.
        worked: (weeks,) how many are worked in each week.
    """
    order = np.lexsort((moments, -priority))
    week = np.full(len(order), -1, dtype=np.int64)
    if len(order) and bool(np.all(priority == priority[0])):
        slots = np.repeat(np.arange(len(worked)), worked)[: len(order)]
        week[order[: len(slots)]] = slots
        return week
    waiting = order
    for number, quota in enumerate(worked.tolist()):
        here = np.flatnonzero(weeks_of[waiting] <= number)[:quota]
        week[waiting[here]] = number
        waiting = np.delete(waiting, here)
    return week


def weeks_frame(found: Queue, first_us: int, stretch: int, days: Integers, week_of: Integers) -> pd.DataFrame:
    """The columns of `Cutoff.weeks`, for one stretch; the longest wait is of those who were worked in the week."""
    size = len(found.arrivals)
    longest = np.zeros(size, dtype=np.int64)
    done = week_of >= 0
    np.maximum.at(longest, week_of[done], days[done])
    return pd.DataFrame(
        {
            "stretch": stretch,
            "week": pd.to_datetime(first_us + np.arange(size) * WEEK_US, unit="us", utc=True),
            "arrivals": found.arrivals,
            "worked": found.worked,
            "waiting": found.waiting,
            "idle": found.idle,
            "longest_wait_days": longest,
        }
    )
