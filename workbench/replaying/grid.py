"""The moments of a replay: the first instant of every UTC day or week."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.engine.lowered import DAY_US
from workbench.errors import CallError
from workbench.observation.population import micros

Integers = NDArray[np.int64]
Step = Literal["day", "week"]
_MONDAY = 4 * DAY_US
"""1970-01-05, the first Monday of the epoch."""


@dataclass(frozen=True)
class Grid:
    """Equally spaced moments, numbered.

    Attributes:
        origin_us: moment number 0, UTC epoch microseconds.
        days: days from one to the next.
    """

    origin_us: int
    days: int

    @classmethod
    def of(cls, every: Step) -> Grid:
        """The first instants of days, or of weeks (Mondays).

        Raises:
            CallError: for any other period.
        """
        if every not in {"day", "week"}:
            raise CallError.at("every", expected="day or week", found=repr(every), remedy="Use one of these.")
        return cls(0, 1) if every == "day" else cls(_MONDAY, 7)

    def last(self, at_us: Integers) -> Integers:
        """The number of the last moment at or before some times."""
        return np.asarray((at_us - self.origin_us) // (self.days * DAY_US), dtype=np.int64)

    def us(self, number: Integers) -> Integers:
        """The moments of some numbers, UTC epoch microseconds."""
        return np.asarray(self.origin_us + number * (self.days * DAY_US), dtype=np.int64)

    def times(self, number: Integers) -> pd.DatetimeIndex:
        """The same as times in UTC."""
        return pd.to_datetime(self.us(number), unit="us", utc=True)


def time_us(where: str, given: str | dt.datetime | dt.date) -> int:
    """A moment that a call names, as UTC epoch microseconds; a date is its start in UTC.

    Raises:
        CallError: if it is no moment, or has no zone.
    """
    try:
        found = dt.datetime.fromisoformat(given) if isinstance(given, str) else given
    except ValueError:
        found = None
    if isinstance(given, str) and found is not None and len(given) == len("2026-06-30"):
        found = found.date() if isinstance(found, dt.datetime) else found
    if isinstance(found, dt.date) and not isinstance(found, dt.datetime):
        return micros(dt.datetime(found.year, found.month, found.day, tzinfo=dt.UTC))
    if not isinstance(found, dt.datetime) or found.tzinfo is None:
        raise CallError.at(
            where,
            expected="a date, or a moment with its zone, such as 2026-06-30T00:00:00Z",
            found=repr(str(given)),
            remedy="Write it in ISO 8601 and end it with Z or an offset.",
        )
    return micros(found)
