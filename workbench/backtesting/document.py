"""A backtest as one JSON document; names are the frames' columns."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from workbench.backtesting.backtest import Backtest

FORMAT = "lead-scoring-backtest/1"


def to_document(result: Backtest) -> dict[str, Any]:
    """The whole result as plain data; undefined numbers are null, the frames are lists of records."""
    metrics = {
        str(row.metric): {"value": plain(row.value), "low": plain(row.low), "high": plain(row.high)}
        for row in result.metrics.itertuples()
    }
    return {
        "format": FORMAT,
        "model": {"name": result.model_name, "version": result.model_version, **result.model},
        "data": dict(result.data),
        "plan": dict(result.plan),
        "observed": {
            "n": result.n,
            "converted": result.converted,
            "base_rate": plain(result.base_rate),
            "left_out": {str(reason): int(n) for reason, n in result.left_out.itertuples(index=False)},
        },
        "part": result.part,
        "opening": None if result.opening is None else dict(result.opening),
        "metrics": metrics,
        **{
            name: records(getattr(result, name))
            for name in ("parts", "tiers", "bands", "lift", "thresholds", "calibration", "months", "segments")
        },
        "warnings": list(result.warnings),
    }


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as plain data."""
    return [{str(name): plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def plain(value: Any) -> Any:
    """A cell as JSON has it: NaN and infinities are null, numbers and booleans are Python's own."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    return value
