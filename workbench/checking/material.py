"""What findings are made from: leads whose outcome may be seen, with what was known of them, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.history import History
from workbench.metrics.histogram import compact
from workbench.metrics.resample import generator
from workbench.observation import Asked, Observations, Values
from workbench.predicting.folds import moments_of, random_folds

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]

LEAST_OF_EITHER = 20
"""Converts, and others, below which no finding about the outcome is made: DeLong's interval is a guess then."""
MOST_ROWS = 200_000
"""Leads that fields are weighed on; more change no verdict and cost as much. Whole clusters are drawn."""
BLOCKS = 10
"""Blocks of equal size that time is cut into, to see what a field says within one."""
LEAST_OF_BLOCK = 5
"""Of either outcome, that a block needs to say anything."""


@dataclass(frozen=True, eq=False)
class Material:
    """Leads whose outcome may be seen; sealed ones are not among them.

    Attributes:
        history: the loaded past, open.
        seen: all observations.
        values: what was known of all observations.
        rows: (n,) positions of the open ones among all observations.
        won: (n,) whether each converted.
        cluster: (n,) codes of what belongs together.
        moment: (n,) what puts them in order of time; None where nothing does.
        fold: (n,) random folds; a cluster is in one.
    """

    history: History
    seen: Observations
    values: Values
    rows: Integers
    won: Booleans
    cluster: Integers
    moment: Integers | None
    fold: Integers

    @classmethod
    def of(cls, history: History, seen: Observations, values: Values) -> Material:
        """The material from a history, its observations and their values."""
        subjects = seen.subjects
        rows = _sampled(np.flatnonzero(subjects.won >= 0), subjects.cluster, seed=seen.plan.seed)
        moments = moments_of(history, seen)
        cluster = compact(subjects.cluster[rows])[1]
        return cls(
            history=history,
            seen=seen,
            values=values,
            rows=rows,
            won=subjects.won[rows] == 1,
            cluster=cluster,
            moment=None if moments is None else moments[rows],
            fold=random_folds(cluster, seed=seen.plan.seed),
        )

    @property
    def n(self) -> int:
        """How many leads."""
        return len(self.rows)

    @property
    def converted(self) -> int:
        """How many of them converted."""
        return int(self.won.sum())

    @property
    def enough(self) -> bool:
        """Whether there are enough of either outcome for findings about it."""
        return min(self.converted, self.n - self.converted) >= LEAST_OF_EITHER

    @property
    def base(self) -> float:
        """The share that converted, 0..1."""
        return self.converted / self.n if self.n else float("nan")

    @property
    def everybody(self) -> pd.DataFrame:
        """What was known of all observations, those with sealed outcomes too."""
        return self.values.frame

    def column(self, asked: Asked) -> pd.Series:
        """The values of the open leads."""
        return self.everybody[asked.name].iloc[self.rows].reset_index(drop=True)

    @cached_property
    def fields(self) -> tuple[Asked, ...]:
        """The columns that are fields of leads and accounts."""
        return tuple(asked for asked in self.values.asked if asked.known != "event" and asked.name != "stage")

    @cached_property
    def block(self) -> Integers:
        """(n,) block of time of each, all 0 where nothing orders them."""
        if self.moment is None:
            return np.zeros(self.n, dtype=np.int64)
        order = np.argsort(self.moment, kind="stable")
        rank = np.empty(self.n, dtype=np.int64)
        rank[order] = np.arange(self.n)
        return rank * BLOCKS // max(self.n, 1)

    @cached_property
    def period(self) -> tuple[Integers, tuple[str, ...]]:
        """(n,) period of each and their names: months where leads have dates, twentieths of a file in order of time.

        Without an order all are in one.
        """
        if self.moment is None:
            return np.zeros(self.n, dtype=np.int64), ("all",)
        if self.seen.subjects.as_of_us is None:
            order = np.argsort(np.argsort(self.moment, kind="stable"), kind="stable")
            number = order * 20 // max(self.n, 1)
            firsts = [int(self.moment[number == each].min()) + 1 for each in range(20) if (number == each).any()]
            return compact(number)[1], tuple(f"row {first:,}" for first in firsts)
        months = pd.Series(pd.to_datetime(self.moment, unit="us", utc=True)).dt.strftime("%Y-%m")
        codes, names = pd.factorize(months, sort=True)
        return codes.astype(np.int64), tuple(str(name) for name in names)

    def counts_by(self, codes: Integers, size: int) -> tuple[Integers, Integers]:
        """How many leads, and how many converts, have each code."""
        n = np.bincount(codes, minlength=size)
        return n, np.bincount(codes[self.won], minlength=size)


def _sampled(rows: Integers, cluster: Integers, *, seed: int) -> Integers:
    if len(rows) <= MOST_ROWS:
        return rows.astype(np.int64)
    known, place = compact(cluster[rows])
    share = MOST_ROWS / len(rows)
    return rows[(generator(seed).random(len(known)) < share)[place]].astype(np.int64)
