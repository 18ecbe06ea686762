"""Events that begin, end or pause on a date although leads go on coming: breaks in what was written down."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from workbench.checking.catalogue import kind
from workbench.checking.finding import Finding
from workbench.engine.lowered import DAY_US
from workbench.history import History

MISSED = 50.0
"""Events that were to be expected in a silence before it is called a break: leads act in bursts, not one by one."""
LEAST_DAYS = 14
"""Days that a silence lasts at least."""

Floats = NDArray[np.float64]


def breaks(history: History) -> Iterator[Finding]:
    """One finding for each event that begins, ends or pauses; outcomes are not looked at."""
    if not history.dated or history.until_us is None or not history.events:
        return
    created = history.engine.frame("SELECT created_us FROM leads WHERE created_us IS NOT NULL")["created_us"]
    if not len(created):
        return
    first, end = int(created.min() // DAY_US), int(history.until_us // DAY_US)
    if end - first < 2 * LEAST_DAYS:
        return
    span = end - first + 1
    arrived = np.bincount(np.clip(created // DAY_US - first, 0, span - 1), minlength=span).astype(np.float64)
    counted = history.engine.frame(
        "SELECT e.event, e.at_us // 86400000000 AS day, (e.at_us - l.created_us) // 86400000000 AS age, COUNT(*) AS n "
        "FROM events e JOIN leads l ON l.lead = e.lead WHERE l.created_us IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    for name, rows in counted.groupby("event", sort=True):
        there = rows[(rows["day"] >= first) & (rows["day"] <= end) & (rows["age"] >= 0) & (rows["age"] < span)]
        days, ages, n = (there[key].to_numpy(dtype=np.int64) for key in ("day", "age", "n"))
        counts = np.bincount(days - first, n, span).astype(np.float64)
        usual = fftconvolve(arrived, np.bincount(ages, n, span) / max(arrived.sum(), 1.0))[:span]
        yield from _of_event(str(name), counts, np.maximum(usual, 0.0), first)


def _of_event(name: str, counts: Floats, usual: Floats, first: int) -> Iterator[Finding]:
    """The silence of one event in which most were to be expected.

    Args:
        name: of the event.
        counts: how many there were on each day.
        usual: how many there would be on each day if leads of every day had them at the ages that all leads have.
        first: number of the first day.
    """
    seen = np.flatnonzero(counts)
    if not len(seen):
        return
    edges = np.concatenate([[-1], seen, [len(counts)]])
    so_far = np.concatenate([[0.0], np.cumsum(usual)])
    starts, stops = edges[:-1] + 1, edges[1:]
    silent = so_far[stops] - so_far[starts]
    # What is missing in a silence is missing from the usual too, so it is scaled by what came outside of it.
    scaled = silent * counts.sum() / np.maximum(so_far[-1] - silent, 1.0)
    expected = np.where(stops - starts >= LEAST_DAYS, scaled, 0.0)
    worst = int(np.argmax(expected))
    if expected[worst] < MISSED:
        return
    start, stop = int(starts[worst]), int(stops[worst])
    if start == 0:
        word, when, said = "begins", _date(first + stop), f"begins on {_date(first + stop)}"
    elif stop == len(counts):
        word, when, said = "ends", _date(first + start), f"ends before {_date(first + start)}"
    else:
        word, when = "pauses", _date(first + start)
        said = f"pauses from {when} until {_date(first + stop)}"
    yield kind("tracking-break").at(
        name,
        f"The event '{name}' {said}: {expected[worst]:,.0f} were to be expected in these {stop - start} days by the "
        "leads that came, and none is there.",
        {"is": word, "date": when, "days": stop - start, "expected": float(expected[worst]), "n": int(counts.sum())},
    )


def _date(day: int) -> str:
    return str(pd.Timestamp(day, unit="D").date())
