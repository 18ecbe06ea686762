"""Folds: who is predicted by a fit that has not seen them, nor anybody of their cluster."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workbench.history import History
from workbench.metrics.histogram import compact
from workbench.metrics.resample import generator
from workbench.observation import Observations

Integers = NDArray[np.int64]


def random_folds(cluster: Integers, *, folds: int = 5, seed: int = 7) -> Integers:
    """(n,) the fold of each observation; a cluster is in one fold, and folds are of about equal size.

    Clusters are taken in random order, the largest first, each into the fold that has least.
    """
    known, place = compact(cluster)
    size = np.bincount(place, minlength=len(known))
    order = generator(seed).permutation(len(known))
    order = order[np.argsort(-size[order], kind="stable")]
    of = np.empty(len(known), dtype=np.int64)
    large = order[size[order] > 1]
    filled = np.zeros(folds)
    for each in large:
        of[each] = int(np.argmin(filled))
        filled[of[each]] += size[each]
    alone = order[size[order] <= 1]
    # Single observations fill up what is left, a whole fold at a time, so that many of them cost nothing.
    wanted = np.maximum((len(place) / folds) - filled, 0)
    ends = np.floor(np.cumsum(wanted) / max(wanted.sum(), 1e-9) * len(alone) + 0.5).astype(np.int64)
    of[alone] = np.minimum(np.searchsorted(ends, np.arange(len(alone)), side="right"), folds - 1)
    return np.asarray(of[place], dtype=np.int64)


def time_folds(moment: Integers, cluster: Integers, *, folds: int = 5) -> Integers:
    """(n,) the fold of each observation: blocks of neighbouring time; a cluster is where its first observation is."""
    place = compact(cluster)[1]
    first = np.full(int(place.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, place, moment)
    when = first[place]
    order = np.argsort(when, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    lowest = np.full(len(first), len(order), dtype=np.int64)
    np.minimum.at(lowest, place, rank)
    return np.asarray(lowest[place] * folds // max(len(order), 1), dtype=np.int64)


def moments_of(history: History, seen: Observations) -> Integers | None:
    """(n,) what puts the observations in order of time: as_of, or the place in a file that is in that order.

    None where nothing does.
    """
    if seen.subjects.as_of_us is not None:
        return seen.subjects.as_of_us
    if history.order != "file":
        return None
    frame = history.engine.frame("SELECT lead_id, position FROM leads")
    place = dict(zip(frame["lead_id"].astype(str), frame["position"].astype("int64"), strict=True))
    return np.array([place[str(lead)] for lead in seen.subjects.lead_id], dtype=np.int64)
