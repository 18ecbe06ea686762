"""What calling the best-ranked leads first is worth: lift and gains by depth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from workbench.plots.canvas import (
    axis_names,
    headline,
    key,
    nothing,
    opened,
    rates_on,
    reference,
    source_line,
    ticks_by,
)
from workbench.plots.readings import at_depth, everybody, noun, numbers, one_outcome, same_score
from workbench.plots.theme import Theme, ThemeName, theme_named
from workbench.plots.wording import count, depth_name, percent, span, times

if TYPE_CHECKING:
    import pandas as pd

    from workbench.backtesting import Backtest

_DEPTH = 0.10
_DETAILS = (0.05, 0.10, 0.20, 0.50)


def plot_lift(result: Backtest, /, *, ax: Axes | None = None, theme: ThemeName = "light") -> Axes:
    """Lift by depth: how many times as often as average the best-ranked share of leads converts.

    Draws `depth`, `lift`, `lift_low` and `lift_high` of `result.lift`, with the average as a dashed line.

    Args:
        result: a backtest.
        ax: where to draw; a new figure when left out.
        theme: "light" or "dark".

    Returns:
        The axes; `get_label()` is the text alternative.
    """
    colours = theme_named(theme)
    top = opened(ax, colours)[0]
    row = _told(result)
    if row is None:
        return nothing(top, colours, "No lift to show", _why_not(result))
    frame = result.lift
    x, y = numbers(frame, "depth"), numbers(frame, "lift")
    low, high = numbers(frame, "lift_low"), numbers(frame, "lift_high")
    top.fill_between(x, low, high, color=colours.first, alpha=0.22, linewidth=0, label="95 % interval", zorder=2)
    top.plot(x, y, color=colours.first, linewidth=2.2, label="lift", zorder=3)
    _mark(top, colours, row, "lift")
    seen = x >= min(0.02, float(x.max()))
    roof = np.nanmax(np.r_[y[seen], np.minimum(high[seen], 3 * np.nanmax(y[seen])), 1.0])
    top.set_ylim(0, float(roof) * 1.08)
    _depth_axis(top)
    ticks_by(top, lambda value: f"{value:g}x")
    reference(top, colours, 1.0, "average\n1x")
    axis_names(top, colours, x=_depth_name(result), y="conversion against average")
    details = tuple(_lift_words(at_depth(result, depth)) for depth in _DETAILS)
    headline(top, colours, same_score(result) or _lift_finding(row, noun(result)), details, keyed=True)
    key(top, colours)
    source_line(top, colours, result, drawn_here=ax is None)
    return top


def plot_gains(result: Backtest, /, *, ax: Axes | None = None, theme: ThemeName = "light") -> Axes:
    """Gains by depth: the share of all conversions found among the best-ranked share of leads.

    Draws `depth`, `captured`, `captured_low` and `captured_high` of `result.lift`, between calling at random
    (dashed) and a ranking that knows the outcome (dotted).

    Args:
        result: a backtest.
        ax: where to draw; a new figure when left out.
        theme: "light" or "dark".

    Returns:
        The axes; `get_label()` is the text alternative.
    """
    colours = theme_named(theme)
    top = opened(ax, colours)[0]
    row = _told(result)
    if row is None:
        return nothing(top, colours, "No gains to show", _why_not(result))
    frame = result.lift
    x, y = np.r_[0.0, numbers(frame, "depth")], np.r_[0.0, numbers(frame, "captured")]
    low, high = np.r_[0.0, numbers(frame, "captured_low")], np.r_[0.0, numbers(frame, "captured_high")]
    top.fill_between(x, low, high, color=colours.first, alpha=0.22, linewidth=0, label="95 % interval", zorder=2)
    top.plot(x, y, color=colours.first, linewidth=2.2, label="this model", zorder=3)
    knee = [0.0, min(max(result.base_rate, 0.0), 1.0), 1.0]
    top.plot(knee, [0, 1, 1], color=colours.muted, linewidth=1.4, linestyle=":", label="perfect ranking", zorder=2.5)
    top.plot([0, 1], [0, 1], color=colours.ink, linewidth=1.2, linestyle=(0, (5, 3)), label="at random", zorder=1.5)
    _mark(top, colours, row, "captured")
    top.set_ylim(0, 1.03)
    _depth_axis(top)
    rates_on(top)
    axis_names(top, colours, x=_depth_name(result), y="share of all conversions")
    details = tuple(_gain_words(at_depth(result, depth)) for depth in _DETAILS)
    headline(top, colours, same_score(result) or _gain_finding(row), details, keyed=True)
    key(top, colours)
    source_line(top, colours, result, drawn_here=ax is None)
    return top


def _told(result: Backtest) -> pd.Series | None:
    """The row that the title tells, if there is one with a lift to speak of."""
    row = at_depth(result, _DEPTH)
    return None if row is None or one_outcome(result) or np.isnan(row["lift"]) else row


def _why_not(result: Backtest) -> str:
    single = one_outcome(result)
    if single is None:
        return "No lead of this part is ranked."
    if result.n == 0:
        return f"{single}."
    return f"{single}, so {'no order finds more of them' if result.converted else 'there is nothing to find'}."


def _mark(ax: Axes, theme: Theme, row: pd.Series, column: str) -> None:
    """The point that the title speaks of."""
    place = ([float(row["depth"])], [float(row[column])])
    ax.plot(*place, marker="o", markersize=7, color=theme.second, linestyle="none", clip_on=False, zorder=4)


def _depth_axis(ax: Axes) -> None:
    ax.set_xlim(0, 1)
    rates_on(ax, "x")


def _depth_name(result: Backtest) -> str:
    return f"share of the {everybody(result)} called, best scores first"


def _lift_finding(row: pd.Series, one: str) -> str:
    best = f"the best {depth_name(row['depth'])}"
    if np.isnan(row["lift_low"]) or row["lift_low"] <= 1 <= row["lift_high"]:
        between = span(times(row["lift_low"]), times(row["lift_high"]))
        return f"Not enough evidence that {best} convert more often than average: {times(row['lift'])} ({between})"
    if row["lift"] < 1:
        return f"{one.capitalize()}s in {best} convert less often than average: {times(row['lift'])}"
    return f"{one.capitalize()}s in {best} convert {times(row['lift'])} as often as average"


def _gain_finding(row: pd.Series) -> str:
    best, found = depth_name(row["depth"]), percent(row["captured"])
    if np.isnan(row["captured_low"]) or row["captured_low"] <= row["depth"] <= row["captured_high"]:
        between = span(percent(row["captured_low"]), percent(row["captured_high"]))
        return (
            f"Not enough evidence that calling the best {best} beats calling at random: "
            f"it finds {found} of the conversions ({between})"
        )
    if row["captured"] < row["depth"]:
        return f"Calling the best {best} finds only {found} of the conversions, fewer than calling at random"
    return f"Calling the best {best} finds {found} of the conversions"


def _lift_words(row: pd.Series | None) -> str:
    if row is None:
        return "nothing"
    between = span(times(row["lift_low"]), times(row["lift_high"]))
    return f"Best {depth_name(row['depth'])}: {times(row['lift'])} ({between}), n = {count(row['n'])}"


def _gain_words(row: pd.Series | None) -> str:
    if row is None:
        return "nothing"
    between = span(percent(row["captured_low"]), percent(row["captured_high"]))
    return f"Best {depth_name(row['depth'])}: {percent(row['captured'])} found ({between}), n = {count(row['n'])}"
