"""What each threshold would give: precision, recall, net value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from workbench.plots.canvas import (
    HEIGHT,
    axis_names,
    headline,
    key,
    nothing,
    opened,
    rates_on,
    reference,
    source_line,
    ticks_by,
    tier_lines,
)
from workbench.plots.lettering import SMALL, font
from workbench.plots.readings import at_threshold, counted, noun, numbers, one_outcome, same_score
from workbench.plots.theme import Theme, ThemeName, theme_named
from workbench.plots.wording import compact, percent, points, span, times

if TYPE_CHECKING:
    import pandas as pd

    from workbench.backtesting import Backtest

_VALUE_HEIGHT = 1.6  # inches that the panel of the net value adds


def plot_thresholds(result: Backtest, /, *, ax: Axes | None = None, theme: ThemeName = "light") -> Axes:
    """Precision and recall of "this score or more", with the tiers drawn in, and the net value below.

    Draws `result.thresholds`. Where the plan has a value, a new figure gets a second panel with `value` and its
    interval; a given `ax` gets precision and recall alone (see `plot_value`).

    Args:
        result: a backtest.
        ax: where to draw; a new figure when left out.
        theme: "light" or "dark".

    Returns:
        The axes of precision and recall; `get_label()` is the text alternative.
    """
    colours = theme_named(theme)
    frame = _drawn(result)
    if frame.empty:
        return nothing(opened(ax, colours)[0], colours, "No threshold to choose", _why_not(result))
    valued = ax is None and _valued(result)
    heights = (2.0, 1.0) if valued else (1.0,)
    panels = opened(ax, colours, panels=heights, height=HEIGHT + _VALUE_HEIGHT * valued)
    top = panels[0]
    x = numbers(frame, "threshold")
    for column, colour, style in (("precision", colours.first, "-"), ("recall", colours.second, (0, (6, 2)))):
        low, high = numbers(frame, f"{column}_low"), numbers(frame, f"{column}_high")
        top.fill_between(x, low, high, color=colour, alpha=0.2, linewidth=0, zorder=2)
        mark = "o" if len(frame) == 1 else ""
        name = _name(column, noun(result))
        top.plot(x, numbers(frame, column), color=colour, linewidth=2.2, linestyle=style, marker=mark, label=name)
    _score_axis(top, frame)
    top.set_ylim(0, 1)
    reference(top, colours, result.base_rate, f"average\n{percent(result.base_rate)}")
    axis_names(top, colours, y="rate")
    headline(top, colours, _finding(result), _details(result), keyed=True)
    key(top, colours)
    if valued:
        _value(panels[1], colours, frame, _value_words(result))
    axis_names(panels[-1], colours, x=_called(result), y="net value" if valued else "rate")
    tier_lines(panels, colours, result.tier_cuts, top=1.0)
    rates_on(top)
    top.set_yticks([0, 0.25, 0.5, 0.75, 1])
    source_line(top, colours, result, drawn_here=ax is None)
    return top


def _name(column: str, one: str) -> str:
    return f"precision: called {one}s that convert" if column == "precision" else "recall: conversions among the called"


def _called(result: Backtest) -> str:
    return f"threshold: {noun(result)}s at this score or more are called"


def _why_not(result: Backtest) -> str:
    single = one_outcome(result)
    if single is None:
        return "Gates took out every lead of this part: none has a score."
    return f"{single}." if result.n == 0 else f"{single}, so no threshold can be judged."


def plot_value(result: Backtest, /, *, ax: Axes | None = None, theme: ThemeName = "light") -> Axes:
    """Net value of calling every lead at a threshold or more: `value` of `result.thresholds` with its interval.

    Args:
        result: a backtest whose plan says what contact costs and a win is worth.
        ax: where to draw; a new figure when left out.
        theme: "light" or "dark".

    Returns:
        The axes; `get_label()` is the text alternative.
    """
    colours = theme_named(theme)
    top = opened(ax, colours)[0]
    frame = _drawn(result)
    if not result.has_value:
        return nothing(
            top, colours, "No net value to show", "The plan does not say what a contact costs and a win is worth."
        )
    if frame.empty or not _valued(result):
        reason = _why_not(result) if frame.empty else "What the wins of this part are worth is unknown."
        return nothing(top, colours, "No net value to show", reason)
    _value(top, colours, frame, _value_words(result))
    _score_axis(top, frame)
    axis_names(top, colours, x=_called(result), y="net value")
    headline(top, colours, same_score(result) or _value_words(result), _details(result))
    low, high = top.get_ylim()
    tier_lines([top], colours, result.tier_cuts, top=high)
    top.set_ylim(low, top.get_ylim()[1])
    source_line(top, colours, result, drawn_here=ax is None)
    return top


def _drawn(result: Backtest) -> pd.DataFrame:
    frame = result.thresholds
    return frame[np.isfinite(numbers(frame, "threshold"))].sort_values("threshold", kind="stable")


def _valued(result: Backtest) -> bool:
    return bool(result.has_value) and bool(np.isfinite(numbers(_drawn(result), "value")).any())


def _score_axis(ax: Axes, frame: pd.DataFrame) -> None:
    x = numbers(frame, "threshold")
    pad = 0.5 if x.min() == x.max() else 0.0
    ax.set_xlim(x.min() - pad, x.max() + pad)
    if pad:
        ax.set_xticks([x.min()], [points(x.min())])


def _value(ax: Axes, theme: Theme, frame: pd.DataFrame, words: str) -> None:
    x, value = numbers(frame, "threshold"), numbers(frame, "value")
    low, high = numbers(frame, "value_low"), numbers(frame, "value_high")
    ax.fill_between(x, low, high, color=theme.first, alpha=0.22, linewidth=0, zorder=2)
    ax.plot(x, value, color=theme.first, linewidth=2.0, zorder=3)
    best = int(np.nanargmax(value))
    ax.plot(
        [x[best]],
        [value[best]],
        marker="D",
        markersize=6,
        color=theme.second,
        linestyle="none",
        clip_on=False,
        zorder=4,
    )
    ax.axhline(0, color=theme.ink, linewidth=1.0, zorder=1.5)
    ticks_by(ax, compact, most=4)
    ax.set_title(words, loc="left", color=theme.ink, fontproperties=font(SMALL), pad=4)


def _value_words(result: Backtest) -> str:
    frame = _drawn(result)
    row = frame.iloc[int(np.nanargmax(numbers(frame, "value")))]
    between = span(compact(row["value_low"]), compact(row["value_high"]))
    at, best = points(row["threshold"]), f"{compact(row['value'])} ({between})"
    if row["value"] <= 0:
        return f"No threshold pays on these {noun(result)}s: net value is at best {best}, at {at}"
    return f"Net value on these {noun(result)}s is highest at {at}: {best}"


def _finding(result: Backtest) -> str:
    if single := one_outcome(result):
        return f"{single}: no threshold can be judged"
    if same := same_score(result):
        return same
    if result.main_threshold is None:
        return _halfway(result)
    name = (
        f"{result.main_tier} at {points(result.main_threshold)}"
        if result.main_tier
        else f"At {points(result.main_threshold)}"
    )
    row = at_threshold(result, result.main_threshold)
    if row is None:
        return f"{name}: no {noun(result)} reached it"
    precision, between = percent(row["precision"]), span(percent(row["precision_low"]), percent(row["precision_high"]))
    if row["share"] < 1 and not (row["precision_low"] > result.base_rate or row["precision_high"] < result.base_rate):
        return (
            f"{name}: not enough evidence that it beats calling anyone: "
            f"precision {precision} ({between}), average {percent(result.base_rate)}"
        )
    return f"{name}: {precision} precision, finds {percent(row['recall'])} of the conversions"


def _halfway(result: Backtest) -> str:
    """Without a main tier: what the highest threshold that finds half of the conversions costs."""
    frame = _drawn(result)
    enough = frame[frame["recall"] >= 0.5]
    if enough.empty:
        return "No threshold finds half of the conversions: the other {noun(result)}s were gated out"
    row = enough.iloc[-1]
    if row["share"] >= 1:
        return f"Only calling every {noun(result)} finds half of the conversions"
    return (
        f"Calling {noun(result)}s at {points(row['threshold'])} and above finds {percent(row['recall'])} "
        f"of the conversions, at {percent(row['precision'])} precision"
    )


def _details(result: Backtest) -> list[str]:
    told = [f"Average {percent(result.base_rate)}"]
    for name, at in result.tier_cuts:
        row = at_threshold(result, at)
        if row is not None:
            told.append(
                f"{name} at {points(at)}: {counted(result, row['flagged'])}, precision {percent(row['precision'])} "
                f"({span(percent(row['precision_low']), percent(row['precision_high']))}), "
                f"recall {percent(row['recall'])}, lift {times(row['lift'])}"
            )
    if _valued(result):
        told.append(_value_words(result))
    return told
