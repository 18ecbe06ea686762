"""Single figures read out of a result's frames for titles and labels; nothing is estimated here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from workbench.plots.wording import several

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


def noun(result: Backtest) -> str:
    """What a row of the result is: a lead, or one observation of a lead where leads are observed several times."""
    return "lead" if result.leads == result.n else "observation"


def counted(result: Backtest, number: float) -> str:
    """That many leads, or observations, of the result."""
    return several(number, noun(result))


def everybody(result: Backtest) -> str:
    """The judged part in numbers, such as "588 leads" or "1,938 observations (of 1,149 leads)"."""
    whole = counted(result, result.n)
    return whole if result.leads == result.n else f"{whole} (of {several(result.leads, 'lead')})"


def one_outcome(result: Backtest) -> str | None:
    """Says that the part holds nobody, or one outcome only; None where it holds both."""
    if result.n == 0:
        return "There are no leads in this part"
    if 0 < result.converted < result.n:
        return None
    if result.n == 1:
        return f"The only lead of this part {'converted' if result.converted else 'did not convert'}"
    return f"{'All' if result.converted else 'None of'} {everybody(result)} converted"


def same_score(result: Backtest) -> str | None:
    """Says that all ranked leads have one score; None where they have several, or none."""
    frame = result.distribution
    leads = numbers(frame, "converted") + numbers(frame, "not_converted")
    ranked = leads[np.isfinite(numbers(frame, "score")) & (leads > 0)]
    if len(ranked) != 1:
        return None
    if ranked[0] >= result.n:
        return f"All {everybody(result)} have the same score: nothing is ranked"
    if ranked[0] == 1:
        return f"Gates took out all but 1 {noun(result)}: nothing else is ranked"
    return f"All {counted(result, ranked[0])} past the gates have the same score: nothing is ranked among them"


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
