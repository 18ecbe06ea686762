"""Who reaches each threshold when: the arrivals that a queue is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.cutoffs.queue import DAY_US, MONDAY_US, WEEK_US
from workbench.errors import CallError
from workbench.metrics.histogram import from_top
from workbench.observation import Observations
from workbench.observation.split import IN_GAP, STRADDLES
from workbench.plan import Every

Integers = NDArray[np.int64]
PERIOD_WEEKS = {"week": 1, "month": 5, "quarter": 14}
"""Weeks until the next list of a plan that observes by calendar, rounded up."""


@dataclass(frozen=True, eq=False)
class Load:
    """Leads joining the queue; each once, when it first reaches a threshold.

    Arrays of shape (m,) hold one row for each observation at which a lead reaches more thresholds than before.

    Attributes:
        size: how many thresholds there are.
        column: week of the joining, counted through all stretches.
        before, cell: it joins for the thresholds number before + 1 .. cell (from 1).
        moment: of the joining, UTC microseconds.
        stretches: first Monday (microseconds), first column and number of weeks of each stretch of time that the
            observations cover; between two of them lies a gap of the split.
        weeks: until the next list of a calendar plan; 1 for others.
        about: observations, leads, left_out, share, stretches, weeks, for a reader.
        whole: columns before the week in which the last observation comes, unless that is its last day; None for all.
    """

    size: int
    column: Integers
    before: Integers
    cell: Integers
    moment: Integers
    stretches: tuple[tuple[int, int, int], ...]
    weeks: int
    about: Mapping[str, Any]
    whole: int | None = None

    @property
    def length(self) -> int:
        """Weeks in all stretches together."""
        return sum(weeks for _, _, weeks in self.stretches)

    @property
    def single(self) -> bool:
        """Whether no lead reaches a higher threshold later than a lower one."""
        return not bool(self.before.any())

    def arrivals(self) -> Integers:
        """(thresholds, weeks) how many join the queue of each threshold in each week."""
        shape = (self.size + 1, self.length)
        flat = self.cell * shape[1] + self.column, self.before * shape[1] + self.column
        joined, had = (np.bincount(each, minlength=shape[0] * shape[1]).reshape(shape) for each in flat)
        return from_top((joined - had).T.astype(np.float64)).T[1:].round().astype(np.int64)

    def joining(self, number: int) -> NDArray[np.bool_]:
        """Which rows join the queue of the threshold at this position."""
        return (self.before < number + 1) & (self.cell >= number + 1)


def load_of(seen: Observations, cell: Integers, size: int, *, whole_weeks: bool = False) -> Load:
    """The load under a model.

    Args:
        seen: the observations; all of them are used, sealed ones too, since an arrival is no outcome.
        cell: (n,) how many thresholds each observation reaches, `size` + 1 for any; -1 to leave it out.
        size: number of thresholds.
        whole_weeks: leave out the last week, and who comes in it, unless the observations reach to its last day: its
            capacity would be a whole week's.

    Raises:
        CallError: if the observations have no dates.
    """
    moments = seen.subjects.as_of_us
    if moments is None:
        raise CallError.at(
            "by",
            expected="dates, since a queue is simulated in the order in which leads come",
            found="a table that was taken as recorded, without any",
            remedy="Use value, precision or recall, or map when leads were created.",
        )
    week = (moments - MONDAY_US) // WEEK_US
    at = seen.plan.at
    cadence = PERIOD_WEEKS[at.every] if isinstance(at, Every) else 1
    stretches, column = _stretches(week, _least_gap(seen, cadence), cadence)
    whole = _whole(moments, stretches) if cadence == 1 else None
    reached = np.minimum(cell, size)
    if whole_weeks and whole:
        first, begins, _ = stretches[-1]
        stretches = (*stretches[:-1], (first, begins, whole - begins))
        reached = np.where(column < whole, reached, -1)
    rows, before = _first(seen.subjects.lead_id, moments, reached, repeated=isinstance(at, Every))
    return Load(
        size=size,
        column=column[rows],
        before=before,
        cell=reached[rows],
        moment=moments[rows],
        stretches=stretches,
        weeks=cadence,
        about=_about(seen, stretches)
        | {"after_the_last_week": int((column >= whole).sum()) if whole_weeks and whole else 0},
        whole=whole,
    )


def _whole(moments: Integers, stretches: tuple[tuple[int, int, int], ...]) -> int | None:
    """Columns of weeks that the observations cover to their last day."""
    if not stretches:
        return None
    first, column, length = stretches[-1]
    return column + min(length, int((moments.max() + DAY_US - first) // WEEK_US))


def _least_gap(seen: Observations, cadence: int) -> float:
    """Weeks without anybody that count as a gap of the split and not as a quiet time."""
    split = seen.plan.split
    if split is None or split.by != "time":
        return float("inf")
    return max(seen.plan.gap_days / 14, cadence + 1.0)


def _stretches(week: Integers, least: float, cadence: int) -> tuple[tuple[tuple[int, int, int], ...], Integers]:
    """Runs of weeks, and for each observation its column among them."""
    known = np.unique(week)
    if not len(known):
        return (), week
    first = np.flatnonzero(np.concatenate([[True], np.diff(known) - 1 >= least]))
    ends = known[np.append(first[1:], len(known)) - 1] + cadence
    starts = known[first]
    columns = np.concatenate([[0], np.cumsum(ends - starts)])
    of = np.searchsorted(starts, week, side="right") - 1
    found = tuple(
        (int(start) * WEEK_US + MONDAY_US, int(column), int(end - start))
        for start, end, column in zip(starts, ends, columns[:-1], strict=True)
    )
    return found, (week - starts[of] + columns[of]).astype(np.int64)


def _first(
    lead_id: NDArray[np.object_], moments: Integers, reached: Integers, *, repeated: bool
) -> tuple[Integers, Integers]:
    """The observations at which a lead reaches more thresholds than ever before, and how many it had reached."""
    if not repeated:
        rows = np.flatnonzero(reached > 0)
        return rows, np.zeros(len(rows), dtype=np.int64)
    lead, _ = pd.factorize(lead_id)
    order = np.lexsort((moments, lead))
    lifted = np.maximum(reached[order], 0) + lead[order].astype(np.int64) * (int(reached.max(initial=0)) + 1)
    best = np.maximum.accumulate(lifted)
    floor = lead[order].astype(np.int64) * (int(reached.max(initial=0)) + 1)
    before = np.maximum(np.concatenate([[0], best[:-1]]) - floor, 0)
    more = np.flatnonzero(best - floor > before)
    return order[more], before[more]


def _about(seen: Observations, stretches: tuple[tuple[int, int, int], ...]) -> dict[str, Any]:
    n = len(seen.subjects.part)
    left_out = dict(zip(seen.left_out["reason"], seen.left_out["n"].astype(int), strict=True))
    missing = int(left_out.get(STRADDLES, 0))
    return {
        "observations": n,
        "leads": int(pd.unique(seen.subjects.lead_id).size),
        "left_out_in_these_weeks": missing,
        "left_out_in_gaps": int(left_out.get(IN_GAP, 0)),
        "share": n / (n + missing) if n else float("nan"),
        "stretches": len(stretches),
        "weeks": sum(weeks for _, _, weeks in stretches),
    }
