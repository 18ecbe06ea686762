"""Whether leads convert as often as their score said they would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from workbench.plots.canvas import (
    axis_names,
    headline,
    interval_bars,
    key,
    nothing,
    opened,
    rates_on,
    room,
    source_line,
    whole_figure,
)
from workbench.plots.lettering import SMALL, font, width
from workbench.plots.readings import noun, numbers, same_score
from workbench.plots.theme import Theme, ThemeName, theme_named
from workbench.plots.wording import count, percent, span

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from workbench.backtesting import Backtest

_MOST_TOLD = 12
_ROUNDING = 1e-12


def plot_calibration(result: Backtest, /, *, ax: Axes | None = None, theme: ThemeName = "light") -> Axes:
    """Observed against predicted conversion, a dot a band with its interval; on the dashed line they agree.

    Draws `predicted`, `rate`, `rate_low` and `rate_high` of `result.calibration`. Bands whose interval misses the
    prediction are drawn as diamonds in the second colour, those with `enough` false as hollow grey dots. The title
    says so when prediction and observation come from the same leads, for then they agree by construction.

    Args:
        result: a backtest.
        ax: where to draw; a new figure when left out.
        theme: "light" or "dark".

    Returns:
        The axes; `get_label()` is the text alternative.
    """
    colours = theme_named(theme)
    top = opened(ax, colours)[0]
    frame = _drawn(result)
    if frame.empty:
        return nothing(
            top, colours, "No calibration to show", "No score band has both a predicted and an observed rate."
        )
    x, y, low, high = (numbers(frame, name) for name in ("predicted", "rate", "rate_low", "rate_high"))
    off, enough = _off(frame), frame["enough"].to_numpy(dtype=bool)
    roof = float(min(max(x.max(), y.max(), np.nanmax(np.r_[np.minimum(high, 2 * y.max()), 0.0]), 1e-6) * 1.1, 1.05))
    top.plot(
        [0, roof], [0, roof], color=colours.ink, linewidth=1.2, linestyle=(0, (5, 3)), label="agreement", zorder=1.5
    )
    interval_bars(top, x, low, high, [colours.muted if fine else colours.faint for fine in enough])
    for these, colour, face, marker, name in (
        (enough & ~off, colours.first, colours.first, "o", "interval holds the prediction"),
        (off, colours.second, colours.second, "D", "interval misses it"),
        (~enough, colours.faint, colours.paper, "o", f"few {noun(result)}s"),
    ):
        if these.any():
            (dots,) = top.plot(x[these], y[these], marker, color=colour, label=name, clip_on=False, zorder=4)
            dots.set(markersize=7, markerfacecolor=face)
    top.set_xlim(0, roof)
    top.set_ylim(0, roof)
    _names(top, colours, frame, off, roof)
    rates_on(top)
    rates_on(top, "x")
    axis_names(top, colours, x=f"predicted conversion of the band (from {_origin(result)})", y="observed conversion")
    headline(top, colours, _finding(result, frame, off), _details(frame, noun(result)), keyed=True)
    key(top, colours)
    source_line(top, colours, result, drawn_here=ax is None)
    return top


def _origin(result: Backtest) -> str:
    return f"the same {noun(result)}s" if result.calibrated_on == result.part else f"the {result.calibrated_on} part"


def _drawn(result: Backtest) -> pd.DataFrame:
    frame = result.calibration
    return frame[np.isfinite(numbers(frame, "predicted")) & np.isfinite(numbers(frame, "rate"))]


def _off(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Bands with enough leads whose interval misses the prediction."""
    enough = frame["enough"].to_numpy(dtype=bool)
    predicted = numbers(frame, "predicted")
    low, high = numbers(frame, "rate_low"), numbers(frame, "rate_high")
    missed = (predicted < low - _ROUNDING) | (predicted > high + _ROUNDING)
    return np.asarray(enough & missed, dtype=np.bool_)


def _names(ax: Axes, theme: Theme, frame: pd.DataFrame, off: NDArray[np.bool_], roof: float) -> None:
    """Name the dots, those that are off first; a name that finds no free place beside its dot is left out."""
    across, up = room(ax), float(ax.bbox.height) / whole_figure(ax).dpi * 72 * 0.85
    taken: list[tuple[float, float, float]] = []
    places = sorted(range(len(frame)), key=lambda place: (not off[place], -numbers(frame, "predicted")[place]))
    for place in places:
        row = frame.iloc[place]
        x, y = float(row["predicted"]), float(row["rate"])
        text = f"{row['band']} (n = {count(row['n'])})"
        long = width(text, SMALL)
        for side, up_by in ((1, -10), (-1, 10), (1, 0)):
            start = x / roof * across + 7 * side - (long if side < 0 else 0)
            foot = y / roof * up + up_by
            clash = any(start < end and begin < start + long and abs(foot - other) < 13 for begin, end, other in taken)
            if clash or start < 4 or start + long > across or not 8 < foot < up - 6:
                continue
            taken.append((start, start + long, foot))
            ax.annotate(
                text,
                (x, y),
                xytext=(7 * side, up_by),
                textcoords="offset points",
                ha="left" if side > 0 else "right",
                va="center",
                color=theme.muted,
                fontproperties=font(SMALL),
                parse_math=False,
                bbox={"facecolor": theme.paper, "edgecolor": "none", "pad": 0.4, "alpha": 0.8},
                zorder=3.5,
            )
            break


def _finding(result: Backtest, frame: pd.DataFrame, off: NDArray[np.bool_]) -> str:
    predicted, rate = numbers(frame, "predicted"), numbers(frame, "rate")
    enough = frame["enough"].to_numpy(dtype=bool)
    gap = np.where(enough, np.abs(predicted - rate), -1.0)
    if result.calibrated_on == result.part:
        return f"Predicted and observed rates come from the same {noun(result)}s: nothing was put to the test"
    if same := same_score(result):
        return same
    if not enough.any():
        return f"Not enough evidence on calibration: every band holds few {noun(result)}s"
    if not off.any():
        return (
            f"Bands with enough {noun(result)}s agree with their prediction within {_distance(gap.max())}; "
            "none is off by more than chance"
        )
    worst = int(np.where(off, gap, -1).argmax())
    verb = "converts" if off.sum() == 1 else "convert"
    return (
        f"{off.sum()} of {enough.sum()} bands with enough {noun(result)}s {verb} otherwise than predicted; "
        f"{frame['band'].iloc[worst]} is furthest off: "
        f"{percent(rate[worst])} observed, {percent(predicted[worst])} predicted"
    )


def _distance(gap: float) -> str:
    return percent(gap).replace(" %", " percentage points")


def _details(frame: pd.DataFrame, one: str) -> list[str]:
    told = []
    for _, row in frame.head(_MOST_TOLD).iterrows():
        between = span(percent(row["rate_low"]), percent(row["rate_high"]))
        few = "" if row["enough"] else f", few {one}s"
        told.append(
            f"{row['band']}: predicted {percent(row['predicted'])}, observed {percent(row['rate'])} ({between}){few}"
        )
    return told
