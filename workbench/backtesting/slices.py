"""The same figures month by month, segment by segment and part by part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.judged import LEAST, Judged
from workbench.metrics.depth import at_depth
from workbench.metrics.intervals import wilson
from workbench.metrics.ranking import average_precision

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


def sliced(judged: Judged, reached: Booleans, keep: Booleans) -> dict[str, object]:
    """n, converted, rate, auc and lift_20 with intervals of some of the observations, and the share that `reached`."""
    part = judged.chosen(keep)
    low, high = wilson(part.converted, part.n, design_effect=part.design_effects()[0])
    area = part.area()
    auc_low, auc_high = area.interval()
    lift = at_depth(part.negatives, part.positives, np.array([0.2])).lift[0]
    return {
        "n": part.n,
        "converted": part.converted,
        "rate": part.rate,
        "rate_low": float(low),
        "rate_high": float(high),
        "auc": float(area.auc),
        "auc_low": float(auc_low),
        "auc_high": float(auc_high),
        "lift_20": float(lift),
        "reached": float(reached[keep].mean()) if part.n else float("nan"),
        "enough": part.n >= LEAST and min(part.converted, part.n - part.converted) >= 5,
    }


SLICE = [
    "n",
    "converted",
    "rate",
    "rate_low",
    "rate_high",
    "auc",
    "auc_low",
    "auc_high",
    "lift_20",
    "reached",
    "enough",
]


def months_frame(judged: Judged, reached: Booleans, as_of_us: Integers | None) -> pd.DataFrame:
    """One row for each UTC month of as_of, in order; empty where there are no dates."""
    if as_of_us is None or not len(as_of_us):
        return pd.DataFrame(columns=["month", *SLICE])
    months = as_of_us.astype("datetime64[us]").astype("datetime64[M]")
    rows = [{"month": str(month), **sliced(judged, reached, months == month)} for month in np.unique(months)]
    return pd.DataFrame(rows, columns=["month", *SLICE])


def segments_frame(
    judged: Judged, reached: Booleans, segments: Iterable[tuple[str, Integers, tuple[str, ...]]]
) -> pd.DataFrame:
    """One row for each value of each segment field, most frequent first."""
    rows = []
    for name, codes, labels in segments:
        for code in np.argsort(-np.bincount(codes, minlength=len(labels)), kind="stable"):
            keep = codes == code
            if keep.any():
                rows.append({"segment": name, "value": labels[code], **sliced(judged, reached, keep)})
    return pd.DataFrame(rows, columns=["segment", "value", *SLICE])


def part_row(part: str, judged: Judged) -> dict[str, object]:
    """The main figures of one part."""
    area = judged.area()
    low, high = area.interval()
    return {
        "part": part,
        "n": judged.n,
        "converted": judged.converted,
        "rate": judged.rate,
        "auc": float(area.auc),
        "auc_low": float(low),
        "auc_high": float(high),
        "average_precision": float(average_precision(judged.negatives, judged.positives)),
        "lift_10": float(at_depth(judged.negatives, judged.positives, np.array([0.1])).lift[0]),
    }


def moment(as_of_us: int) -> str:
    """UTC epoch microseconds as ISO 8601."""
    return (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=as_of_us)).isoformat()
