"""Single figures read out of a result's frames for titles and labels; nothing is estimated here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from workbench.backtesting import Backtest


class Estimate(NamedTuple):
    """A value with the ends of its interval; NaN where unknown."""

    value: float
    low: float
    high: float


def metric(result: Backtest, name: str) -> Estimate:
    """A row of `result.metrics`; NaN when there is none."""
    rows = result.metrics[result.metrics["metric"] == name]
    if rows.empty:
        return Estimate(np.nan, np.nan, np.nan)
    return Estimate(*(float(rows[column].iloc[0]) for column in ("value", "low", "high")))


def numbers(frame: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """A column as new floats, missing values as NaN."""
    return frame[column].to_numpy(dtype=np.float64, na_value=np.nan, copy=True)


def at_threshold(result: Backtest, threshold: float) -> pd.Series | None:
    """The row of `result.thresholds` for "this score or more": the lowest threshold not below it."""
    frame = result.thresholds
    rows = frame[(frame["threshold"] >= threshold) & (frame["flagged"] > 0)]
    return None if rows.empty else rows.iloc[int(numbers(rows, "threshold").argmin())]


def at_depth(result: Backtest, depth: float) -> pd.Series | None:
    """The row of `result.lift` nearest to a depth in (0, 1]."""
    frame = result.lift
    if frame.empty:
        return None
    return frame.iloc[int(np.abs(numbers(frame, "depth") - depth).argmin())]
