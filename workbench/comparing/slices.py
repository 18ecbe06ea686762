"""The difference segment by segment and month by month: where a challenger is worse although it is better overall."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.stats.multitest import multipletests

from workbench.comparing.contest import Contest, enough
from workbench.comparing.entrant import Entrant
from workbench.comparing.resampled import AUC, CAPTURED
from workbench.metrics import influence
from workbench.metrics.histogram import compact, tally
from workbench.metrics.influence import Influence
from workbench.metrics.paired import Pair, Sample
from workbench.metrics.significance import p_value
from workbench.tuning.changes import verdict

Booleans = NDArray[np.bool_]
Floats = NDArray[np.float64]
FOUND = (
    "model",
    "figure",
    "n",
    "converted",
    "champion",
    "challenger",
    "change",
    "low",
    "high",
    "p",
    "p_adjusted",
    "verdict",
)
SEGMENTS = ("segment", "value", *FOUND)
MONTHS = ("month", *FOUND)


def segments_frame(contest: Contest) -> pd.DataFrame:
    """One row for each challenger, value of a segment field and figure, with `SEGMENTS`; most frequent values first."""
    rows = []
    for name, segment in contest.seen.subjects.segments.items():
        codes = segment.codes[contest.rows]
        for code in np.argsort(-np.bincount(codes, minlength=len(segment.labels)), kind="stable"):
            keep = codes == code
            if keep.any():
                rows += [{"segment": name, "value": segment.labels[code], **row} for row in _rows(contest, keep)]
    return _adjusted(pd.DataFrame(rows, columns=list(SEGMENTS)), contest)


def months_frame(contest: Contest) -> pd.DataFrame:
    """One row for each challenger, UTC month of as_of and figure, with `MONTHS`; empty without dates."""
    rows = []
    moments = contest.seen.subjects.as_of_us
    if moments is not None:
        months = moments[contest.rows].astype("datetime64[us]").astype("datetime64[M]")
        for month in np.unique(months):
            rows += [{"month": str(month), **row} for row in _rows(contest, months == month)]
    return _adjusted(pd.DataFrame(rows, columns=list(MONTHS)), contest)


def _rows(contest: Contest, keep: Booleans) -> Iterator[dict[str, Any]]:
    """A row for each challenger and figure; without an interval where too few of either outcome are there for one, or
    where it would leave nothing out.
    """
    won = contest.won[keep]
    sample = Sample.of(won, contest.cluster[keep] if contest.sample.clustered else None)
    first = _Side(contest, contest.champion, keep, won)
    for challenger in contest.challengers:
        second = _Side(contest, challenger, keep, won)
        pair = Pair(sample, first.cells, second.cells, (first.size, second.size))
        for name in (AUC, CAPTURED):
            one, two = first.figures[name], second.figures[name]
            change = pair.difference(one, two, confidence=contest.confidence)
            fine = enough(won)
            most = 1.0 if name == AUC else float(won.sum())
            low, high = max(change.low, -most), min(change.high, most)
            told = fine and high - low < 2 * most
            yield {
                "model": challenger.label,
                "figure": name,
                "n": len(won),
                "converted": int(won.sum()),
                "champion": one.value,
                "challenger": two.value,
                "change": change.value,
                "low": low if told else float("nan"),
                "high": high if told else float("nan"),
                "p": p_value(change, confidence=contest.confidence) if fine else float("nan"),
                "p_adjusted": float("nan"),
                "verdict": verdict(change, enough=fine),
            }


def _adjusted(frame: pd.DataFrame, contest: Contest) -> pd.DataFrame:
    """The false-discovery rate among all rows of a challenger and figure (Y. Benjamini and Y. Hochberg, JRSS B 57
    (1995) 289-300): a better or worse whose adjusted p is not below 1 - confidence is not enough evidence.
    """
    for _, rows in frame.groupby(["model", "figure"], sort=False):
        known = rows.index[np.isfinite(rows["p"].to_numpy(dtype=np.float64))]
        if len(known):
            p = frame.loc[known, "p"].to_numpy(dtype=np.float64)
            frame.loc[known, "p_adjusted"] = multipletests(p, method="fdr_bh")[1]
    sure = frame["p_adjusted"].to_numpy(dtype=np.float64) < 1 - contest.confidence
    said = frame["verdict"].isin(["better", "worse"]).to_numpy(dtype=bool)
    frame.loc[said & ~sure, "verdict"] = "not enough evidence"
    return frame


class _Side:
    """A model on some of the observations: the cells that occur there, and both figures.

    What is captured is what the whole list's choice holds among these: w converts more or fewer for each of them, the
    boundary taken as given.
    """

    def __init__(self, contest: Contest, entrant: Entrant, keep: Booleans, won: Booleans) -> None:
        known, self.cells = compact(entrant.placed.cells[keep].astype(np.int64))
        self.size = len(known)
        lost, hits = tally(self.cells, won, self.size)
        share = entrant.worked(contest.capacity.share)[known]
        self.figures: dict[str, Influence] = {AUC: influence.area(lost, hits), CAPTURED: _held(share, hits, len(won))}


def _held(share: Floats, hits: NDArray[np.int64], n: int) -> Influence:
    found = float(share @ hits)
    mean = found / n
    return Influence(found, np.full(len(share), -mean), share - mean, level=(mean, mean))
