"""Whether ranking and conversion hold from month to month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from workbench.plots.canvas import (
    HEIGHT,
    axis_names,
    converted,
    headline,
    interval_bars,
    key,
    named_ticks,
    nothing,
    opened,
    rates_on,
    reference,
    source_line,
    ticks_by,
)
from workbench.plots.readings import counted, metric, noun, numbers, one_outcome, same_score
from workbench.plots.theme import ThemeName, theme_named
from workbench.plots.wording import area, count, month_name, percent, span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.backtesting import Backtest

_MOST_TOLD = 24
_CONFIDENCE = 0.95


def plot_months(result: Backtest, /, *, ax: Axes | None = None, theme: ThemeName = "light") -> Axes:
    """Month by month: AUC with its interval above, conversion with its interval below.

    Draws `result.months`, with the AUC and the conversion of the judged part as dashed lines; months with `enough`
    false are hollow and left out of the title. Calendar months without a lead, between the first and the last, are
    gaps. A given `ax` gets the AUC alone. The title speaks of a change only where
    the intervals of the first and the last month do not overlap.

    Args:
        result: a backtest.
        ax: where to draw; a new figure when left out.
        theme: "light" or "dark".

    Returns:
        The axes of the AUC; `get_label()` is the text alternative.
    """
    colours = theme_named(theme)
    frame = _calendar(result.months)
    if frame.empty:
        return nothing(
            opened(ax, colours)[0], colours, "No months to show", "The leads carry no dates, or none is left."
        )
    panels = opened(ax, colours, panels=(1.0,) if ax is not None else (1.25, 1.0), height=HEIGHT + 1.2)
    top, last = panels[0], panels[-1]
    x = np.arange(len(frame), dtype=float)
    auc, low, high = (numbers(frame, name) for name in ("auc", "auc_low", "auc_high"))
    interval_bars(top, x, low, high, colours.first)
    top.plot(x, auc, color=colours.first, linewidth=1.4, marker="o", markersize=6, zorder=3)
    thin = ~frame["enough"].to_numpy(dtype=bool) & np.isfinite(auc)
    if thin.any():
        name = f"few {noun(result)}s: not enough evidence"
        (dots,) = top.plot(x[thin], auc[thin], "o", markersize=6, color=colours.faint, label=name, zorder=4)
        dots.set_markerfacecolor(colours.paper)
        key(top, colours)
    whole = metric(result, "auc").value
    _auc_axis(top, whole, auc, low, high)
    reference(top, colours, whole, f"{_held_against(result)}\n{area(whole)}")
    axis_names(top, colours, y="AUC")
    if ax is None:
        _rates(last, frame, colours.second)
        reference(last, colours, result.base_rate, f"{_held_against(result)}\n{percent(result.base_rate)}")
        axis_names(last, colours, y="converted")
    top.set_xlim(-0.6, len(frame) - 0.4)
    sizes = ["" if np.isnan(n) else f"n={count(n)}" for n in numbers(frame, "n")]
    names = [month_name(str(month)) for month in frame["month"]]
    named_ticks(
        last,
        [[*name.split(" "), size] for name, size in zip(names, sizes, strict=True)],
        upright=[f"{name}  {size}".rstrip() for name, size in zip(names, sizes, strict=True)],
    )
    headline(top, colours, _finding(result), _details(result.months), keyed=bool(thin.any()))
    source_line(top, colours, result, drawn_here=ax is None, leads=_drawn(result))
    return top


def _calendar(months: pd.DataFrame) -> pd.DataFrame:
    """A row for every calendar month from the first to the last; those that hold nobody are empty."""
    if months.empty:
        return months
    held = np.array([str(month) for month in months["month"]], dtype="datetime64[M]")
    every = np.arange(held.min(), held.max() + 1)
    frame = months.set_axis([str(month) for month in held]).reindex([str(month) for month in every])
    return frame.assign(month=frame.index, enough=frame["enough"].eq(other=True)).reset_index(drop=True)


def _drawn(result: Backtest) -> str:
    """Which leads the months hold: those of the judged part, or of all parts that may be looked at."""
    n, hits = (float(numbers(result.months, name).sum()) for name in ("n", "converted"))
    names = [str(part) for part in result.parts["part"]]
    told = f"part: {result.part}" if n == result.n or len(names) < 2 else f"parts: {' + '.join(names)}"
    whole = f"n = {count(n)}" if noun(result) == "lead" else counted(result, n)
    return f"{told}, {whole}{converted(hits / n if n else np.nan)}"


def _auc_axis(
    ax: Axes, whole: float, auc: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> None:
    seen = np.r_[whole, auc, low, high]
    seen = seen[np.isfinite(seen)]
    foot, roof = (float(seen.min()), float(seen.max())) if seen.size else (0.5, 1.0)
    pad = max(0.04, 0.08 * (roof - foot))
    ax.set_ylim(max(0.0, foot - pad), min(1.02, roof + pad))
    ticks_by(ax, lambda value: f"{value:.2f}", most=5)


def _rates(ax: Axes, frame: pd.DataFrame, colour: str) -> None:
    x = np.arange(len(frame), dtype=float)
    rate, low, high = (numbers(frame, name) for name in ("rate", "rate_low", "rate_high"))
    interval_bars(ax, x, low, high, colour)
    ax.plot(x, rate, color=colour, linewidth=1.4, linestyle=(0, (6, 2)), marker="s", markersize=6, zorder=3)
    most = 3 * float(np.nanmax(np.r_[rate, 0.0])) or 1.0
    roof = float(np.nanmax(np.r_[rate, np.minimum(high, most), 0.0])) or 1.0
    ax.set_ylim(0, roof * 1.1)
    rates_on(ax)


def _held_against(result: Backtest) -> str:
    """What the dashed lines stand for: the judged part, unless the months hold no lead outside of it."""
    return "whole" if float(numbers(result.months, "n").sum()) <= result.n else result.part


def _finding(result: Backtest) -> str:
    months = result.months
    frame = months[months["enough"].to_numpy(dtype=bool) & np.isfinite(numbers(months, "auc_low"))]
    if frame.empty:
        return "No month has enough of both outcomes to judge the ranking"
    if same := same_score(result):
        return same
    first, last = frame.iloc[0], frame.iloc[-1]
    if len(frame) == 1:
        between = span(area(first["auc_low"]), area(first["auc_high"]))
        return f"Only {month_name(str(first['month']))} can be judged: AUC {area(first['auc'])} ({between})"
    told = (
        f"AUC {area(first['auc'])} in {month_name(str(first['month']))}, "
        f"{area(last['auc'])} in {month_name(str(last['month']))}"
    )
    if last["auc_high"] < first["auc_low"]:
        return f"Ranking got weaker: {told}"
    if last["auc_low"] > first["auc_high"]:
        return f"Ranking got stronger: {told}"
    whole = metric(result, "auc").value
    if np.isnan(whole):
        why = one_outcome(result) or "its AUC is unknown"
        return f"No month can be held against the {result.part} part: {why[0].lower()}{why[1:]}"
    return _odd_months(frame, whole, _held_against(result))


def _odd_months(frame: pd.DataFrame, whole: float, name: str) -> str:
    """How many months miss the AUC of the whole, held against how many would by chance."""
    against = "the whole" if name == "whole" else f"the {name} part"
    odd = frame[(numbers(frame, "auc_low") > whole) | (numbers(frame, "auc_high") < whole)]
    if odd.empty:
        return f"No month's ranking differs from {against} (AUC {whole:.2f}) by more than chance"
    chance = (1 - _CONFIDENCE) * len(frame)
    names = ", ".join(month_name(str(month)) for month in odd["month"].head(3)) + (
        " and others" if len(odd) > 3 else ""
    )
    if len(odd) <= max(1.0, np.ceil(chance)):
        return f"Ranking holds: {len(odd)} of {len(frame)} months ({names}) off {against}, as chance alone may do"
    return f"Ranking wavers: {len(odd)} of {len(frame)} months are off {against}'s AUC of {whole:.2f} ({names})"


def _details(frame: pd.DataFrame) -> list[str]:
    told = []
    for _, row in frame.head(_MOST_TOLD).iterrows():
        rates = f"{percent(row['rate'])} of {count(row['n'])} converted"
        told.append(f"{month_name(str(row['month']))}: AUC {area(row['auc'])}, {rates}")
    more = len(frame) - len(told)
    return [*told, *([f"and {more} more months"] if more else [])]
