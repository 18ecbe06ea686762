"""The lowest threshold whose queue sales can keep up with."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.cutoffs.load import Load
from workbench.cutoffs.queue import WEEK_US, Queue, Service, late, queue, quotas, served, waits, weeks_frame
from workbench.metrics.resample import generator, percentile

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
DRAWS = 300
BLOCK_WEEKS = 4
AROUND_WEEKS = 13
YEAR_WEEKS = 52
MOST_NUMBERS = 4_000_000
TAIL = 0.025
LATELY = 8


@dataclass(frozen=True, eq=False)
class Kept:
    """What the queue of each threshold is like.

    Attributes:
        share: (C,) of the arrivals those who are worked in time; NaN where none arrive.
        low, high: its interval, weeks resampled.
        holds: (C,) whether the service is kept at this threshold and at every higher one.
        sure: (C,) in which share of the replicates it is.
    """

    share: Floats
    low: Floats
    high: Floats
    holds: Booleans
    sure: Floats

    @property
    def lowest(self) -> int | None:
        """Position of the lowest threshold that is kept; None if none is."""
        return int(np.argmax(self.holds)) if self.holds.any() else None

    @property
    def doubtful(self) -> Booleans:
        """Thresholds at which the weeks do not tell whether the service is kept, or tell otherwise in another order."""
        split = (self.sure > TAIL) & (self.sure < 1 - TAIL)
        found: Booleans = split | (self.holds != (self.sure > 0.5))
        return found


def kept(load: Load, capacity: float, service: Service, *, seed: int, draws: int = DRAWS) -> Kept:
    """Simulate the queue of every threshold, and of resampled weeks.

    Each stretch begins with nobody waiting. The replicates put each stretch together again from its own weeks, in
    moving blocks of `BLOCK_WEEKS` (a calendar plan: 13) around its end, so that campaigns and quiet times stay whole
    (H. R. Künsch, Annals of Statistics 17 (1989) 1217-1241). In a stretch of more than a year each block comes from at
    most `AROUND_WEEKS` away, so that what grows still does (E. Paparoditis, D. N. Politis, Comptes Rendus Mathematique
    335 (2002) 959-962).
    """
    arrivals = load.arrivals()
    weeks = service.weeks or load.weeks
    share, bounded = _service(arrivals, load, capacity, weeks, service)
    holds = _from_top(bounded & ~(share < service.share))
    random = generator(seed)
    shares, sure = [], np.zeros(load.size)
    chunk = max(1, MOST_NUMBERS // max(1, arrivals.size))
    for start in range(0, draws, chunk):
        column = _columns(load, min(chunk, draws - start), random)
        drawn = arrivals[:, column].transpose(1, 0, 2)
        some, all_ = _service(drawn, load, capacity, weeks, service)
        shares.append(some)
        sure += _from_top(all_ & ~(some < service.share)).sum(axis=0)
    low, high = percentile(np.concatenate(shares, axis=0))
    return Kept(share, low, high, holds, sure / draws)


def lately(load: Load, capacity: float, service: Service) -> int | None:
    """Position of the lowest threshold that the load of the last `LATELY` whole weeks alone would ask for.

    There and at every higher one, no more come in these weeks than can be worked in them, and a queue that begins them
    with nobody waiting is kept. None if no threshold does, where there are no more than twice as many weeks in a row,
    and where leads come in lists.
    """
    if load.weeks > 1 or not load.stretches:
        return None
    first_us, column, length = load.stretches[-1]
    end = column + length if load.whole is None else load.whole
    if end - column <= 2 * LATELY:
        return None
    arrivals = load.arrivals()[:, end - LATELY : end]
    monday = first_us + (end - LATELY - column) * WEEK_US
    share, bounded = _service(
        arrivals, replace(load, stretches=((monday, 0, LATELY),)), capacity, service.weeks or load.weeks, service
    )
    holds = _from_top(bounded & ~(share < service.share) & (arrivals.sum(axis=-1) <= capacity * LATELY))
    return int(np.argmax(holds)) if holds.any() else None


def _from_top(holds: Booleans) -> Booleans:
    """Whether it holds here and at every higher threshold (last axis)."""
    found: Booleans = np.logical_and.accumulate(holds[..., ::-1], axis=-1)[..., ::-1]
    return found


def _service(arrivals: Integers, load: Load, capacity: float, weeks: int, service: Service) -> tuple[Floats, Booleans]:
    """For arrivals (..., C, weeks): the share worked in time, and whether the queue ends short enough, (..., C)."""
    missed = np.zeros(arrivals.shape[:-1])
    certain = np.zeros(arrivals.shape[:-1])
    bounded = np.ones(arrivals.shape[:-1], dtype=bool)
    most = int(np.ceil(capacity * weeks))
    for _, column, length in load.stretches:
        found = queue(arrivals[..., column : column + length], quotas(capacity, length))
        of = late(found, weeks) if service.order == "first_in" else _late_best_first(found, weeks)
        missed += of[0].sum(axis=-1)
        certain += of[1].sum(axis=-1)
        bounded &= found.waiting[..., -1] <= most
    share = np.divide(certain - missed, certain, out=np.full(certain.shape, np.nan), where=certain > 0)
    return share, bounded


def _late_best_first(found: Queue, weeks: int) -> tuple[Integers, Integers]:
    """As `late` with the highest first: what a threshold's queue does is what all above it get.

    So each score's own share of the work is the difference between two neighbouring thresholds' queues, and within a
    score it is first in, first out.
    """

    def own(values: Integers) -> Integers:
        higher = np.concatenate([values[..., 1:, :], np.zeros_like(values[..., :1, :])], axis=-2)
        found: Integers = values - higher
        return found

    undone, certain = late(Queue(own(found.arrivals), own(found.worked), own(found.waiting), found.quota), weeks)
    return tuple(np.cumsum(each[..., ::-1, :], axis=-2)[..., ::-1, :] for each in (undone, certain))  # type: ignore[return-value]


def _columns(load: Load, draws: int, random: np.random.Generator) -> Integers:
    """(draws, weeks) the weeks of each replicate, stretch by stretch."""
    parts = []
    for _, column, length in load.stretches:
        block = max(1, min(BLOCK_WEEKS if load.weeks == 1 else 13, length // 2))
        place = np.arange(0, length, block)
        first, end = np.zeros_like(place), np.full_like(place, length)
        if length > YEAR_WEEKS:
            first = np.clip(place - AROUND_WEEKS, 0, length - block)
            end = np.clip(place + AROUND_WEEKS, 0, length - block) + 1
        starts = random.integers(first, end, size=(draws, len(place)))
        weeks = (starts[..., None] + np.arange(block)) % length
        parts.append(column + weeks.reshape(draws, -1)[:, :length])
    found: Integers = np.concatenate(parts, axis=1)
    return found


@dataclass(frozen=True, eq=False)
class Worked:
    """One threshold's queue in full.

    Attributes:
        weeks: the columns of `Cutoff.weeks` but `which`.
        a_week, lately: arrivals a week, and in the last `LATELY` whole weeks.
        longest: days that the longest waiting lead waited before it was worked, or had waited at the end.
        waiting: how many wait at the end of the last week.
        most: how many wait at most.
        idle: share of the capacity that is idle.
        in_time: share of the arrivals that is worked in time, of those of whom it is known.
    """

    weeks: pd.DataFrame
    a_week: float
    lately: float
    longest: int
    waiting: int
    most: int
    idle: float
    in_time: float


def worked(load: Load, number: int, capacity: float, service: Service) -> Worked:
    """Week by week through one threshold's queue, with how long each lead waits.

    Args:
        load: the arrivals.
        number: position of the threshold.
        capacity: leads a week.
        service: who is worked first.
    """
    at = np.flatnonzero(load.joining(number))
    frames, longest, timely, known = [], 0, 0, 0
    within = service.weeks or load.weeks
    for place, (first_us, column, length) in enumerate(load.stretches, start=1):
        mine = at[(load.column[at] >= column) & (load.column[at] < column + length)]
        week, moment = load.column[mine] - column, load.moment[mine]
        priority = load.cell[mine] if service.order == "best_first" else np.zeros(len(mine), dtype=np.int64)
        found = queue(np.bincount(week, minlength=length), quotas(capacity, length))
        of = served(week, moment, priority, found.worked)
        days = waits(of, moment, first_us)
        still = (first_us + length * 7 * 86_400_000_000 - moment[of < 0]) // 86_400_000_000
        longest = max(longest, int(days.max(initial=0)), int(still.max(initial=0)))
        timely += int(((of >= 0) & (of - week <= within)).sum())
        known += int(((of >= 0) | (length - 1 - week >= within)).sum())
        frames.append(weeks_frame(found, first_us, place, days, of))
    weeks = pd.concat(frames, ignore_index=True)
    total = int(weeks["worked"].sum() + weeks["idle"].sum())
    return Worked(
        weeks=weeks,
        a_week=float(weeks["arrivals"].mean()),
        lately=float(weeks["arrivals"].iloc[: load.whole].tail(LATELY).mean()),
        longest=longest,
        waiting=int(weeks["waiting"].iloc[-1]),
        most=int(weeks["waiting"].max()),
        idle=float(weeks["idle"].sum()) / total if total else float("nan"),
        in_time=timely / known if known else float("nan"),
    )
