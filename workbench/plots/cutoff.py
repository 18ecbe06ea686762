"""A suggested threshold: what each threshold would give, and the queue week by week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from workbench.plots.canvas import (
    HEIGHT,
    axis_names,
    below,
    headline,
    key,
    nothing,
    opened,
    rates_on,
    reference,
    ticks_by,
    tier_lines,
)
from workbench.plots.readings import numbers
from workbench.plots.theme import Theme, ThemeName, theme_named
from workbench.plots.wording import compact, count, percent, points, span

if TYPE_CHECKING:
    import pandas as pd

    from workbench.cutoffs import Cutoff

_NAMES = {
    "capacity": "worked in time",
    "value": "net value",
    "precision": "precision: of those called, who convert",
    "recall": "recall: conversions among the called",
}
_TICKS = 8
_QUEUE_HEIGHT = 1.0  # inches that the panel of waiting leads adds


def plot_cutoff(result: Cutoff, /, *, ax: Axes | None = None, theme: ThemeName = "light") -> Axes:
    """What was to be met or made best, at every threshold, and where the choice hardly matters.

    Draws `threshold`, `objective`, `low` and `high` of `result.curve`; the region is shaded, the current and the
    suggested cut are marked, a target is a dashed line.

    Args:
        result: one suggestion.
        ax: where to draw; a new figure when left out.
        theme: "light" or "dark".

    Returns:
        The axes; `get_label()` is the text alternative.
    """
    colours = theme_named(theme)
    top = opened(ax, colours)[0]
    frame = result.curve[np.isfinite(numbers(result.curve, "objective"))]
    if frame.empty:
        return nothing(top, colours, "No threshold to choose", result.finding)
    x, y = numbers(frame, "threshold"), numbers(frame, "objective")
    low, high = numbers(frame, "low"), numbers(frame, "high")
    top.fill_between(x, low, high, color=colours.first, alpha=0.22, linewidth=0, label="95 % interval", zorder=2)
    top.plot(x, y, color=colours.first, linewidth=2.2, label=_NAMES[result.by], zorder=3)
    pad = 0.5 if x.min() == x.max() else 0.0
    top.set_xlim(x.min() - pad, x.max() + pad)
    drawn = _upright(top, colours, result, np.concatenate([y, low[np.isfinite(low)], high[np.isfinite(high)]]))
    _region(top, colours, result, drawn)
    _target(top, colours, result)
    axis_names(top, colours, x="threshold: this score or more", y=_NAMES[result.by].split(":")[0])
    headline(top, colours, _title(result), [result.finding, *_details(result)], keyed=True)
    key(top, colours)
    if ax is None:
        below(top, colours, f"by {result.by}, {_tier(result)}; today, suggested, and 95 % intervals")
    return top


def _title(result: Cutoff) -> str:
    """The finding in at most two lines; the whole of it is in the text alternative."""
    name = result.tier or "the cut"
    if not np.isfinite(result.threshold):
        return result.finding.rstrip(".")
    at, (first, last) = points(result.threshold), (points(result.region_low), points(result.region_high))
    wide = result.region_low < result.region_high
    if result.by == "capacity":
        able = f"{result.target:.3g} lead{'' if result.target == 1 else 's'} a week"
        recent = np.isfinite(result.recent) and result.recent != result.threshold
        pace = f", at the pace of the last 8 weeks from {points(result.recent)}" if recent else ""
        apart = f" ({first} to {last} cannot be told apart)" if wide else ""
        return f"With {able}, {name} can begin at {at}{apart}{pace}"
    if result.by == "value":
        apart = f", and anything from {first} to {last} is as good" if wide else ""
        return f"Net value is highest with {name} at {at}{apart}"
    apart = f", though from {first} to {last} the data cannot tell" if wide else ""
    return f"{name[0].upper()}{name[1:]} at {at} meets a {result.by} of {percent(result.target)}{apart}"


def _region(ax: Axes, theme: Theme, result: Cutoff, drawn: float) -> None:
    """The region, up to the share of the axes that the data takes, so that the names of cuts stand above it."""
    if result.region_low < result.region_high:
        label = "as good" if result.by == "value" else "cannot be told apart"
        at = (result.region_low, result.region_high)
        ax.axvspan(*at, ymax=drawn, color=theme.second, alpha=0.16, linewidth=0, label=label, zorder=1)
        for end in at:
            ax.axvline(end, ymax=drawn, color=theme.second, linewidth=0.8, alpha=0.6, zorder=1.2)


def _upright(ax: Axes, theme: Theme, result: Cutoff, drawn: np.ndarray) -> float:
    """The axis of the objective, with the current and the suggested cut named above the data; the share of its height
    that the data takes."""
    low, high = float(drawn.min()), float(drawn.max())
    if result.by == "value":
        low, high = min(low, 0.0), max(high, 0.0)
        ticks_by(ax, compact)
        ax.axhline(0, color=theme.ink, linewidth=1.0, zorder=1.5)
        ax.set_ylim(low - 0.03 * (high - low or 1.0))
    else:
        goal = 0.0 if result.by == "capacity" else result.target
        high = min(1.0, max(high, goal) * 1.05)
        ax.set_ylim(0)
        rates_on(ax)
    marks = [("today", result.current), ("suggested", result.threshold)]
    tier_lines([ax], theme, [(name, at) for name, at in marks if np.isfinite(at)], top=high or 1.0)
    if np.isfinite(result.threshold):
        at = ([result.threshold], [result.objective])
        ax.plot(*at, color=theme.second, marker="D", markersize=7, linestyle="none", clip_on=False, zorder=5)
    bottom, top = ax.get_ylim()
    return ((high or 1.0) - bottom) / (top - bottom)


def _target(ax: Axes, theme: Theme, result: Cutoff) -> None:
    if result.by in ("precision", "recall"):
        reference(ax, theme, result.target, f"target\n{percent(result.target)}")


def _tier(result: Cutoff) -> str:
    return result.tier or "the score alone"


def _details(result: Cutoff) -> list[str]:
    told = []
    if np.isfinite(result.threshold):
        told.append(
            f"Suggested {points(result.threshold)}, interval {span(points(result.low), points(result.high))}, "
            f"as good from {points(result.region_low)} to {points(result.region_high)}"
        )
    if np.isfinite(result.current):
        told.append(f"Today {points(result.current)}")
    return [*told, *result.notes, result.method]


def plot_backlog(result: Cutoff, /, *, ax: Axes | None = None, theme: ThemeName = "light") -> Axes:
    """The queue week by week: who comes, who is worked, who waits; with the suggestion, and today.

    Draws `arrivals`, `worked` and `waiting` of `result.weeks`. A new figure has a second panel for who waits, where
    today's queue is drawn beside the suggested one; a given `ax` gets arrivals, worked and waiting in one.

    Args:
        result: a suggestion by capacity.
        ax: where to draw; a new figure when left out.
        theme: "light" or "dark".

    Returns:
        The axes of arrivals and worked; `get_label()` is the text alternative.
    """
    colours = theme_named(theme)
    which = "suggested" if (result.weeks["which"] == "suggested").any() else "current"
    mine = result.weeks[result.weeks["which"] == which]
    if mine.empty:
        reason = result.finding if result.by == "capacity" else "Only a threshold by capacity has a queue."
        return nothing(opened(ax, colours)[0], colours, "No queue to show", reason)
    alone = ax is not None
    panels = opened(ax, colours, panels=(1.0,) if alone else (1.2, 1.0), height=HEIGHT + _QUEUE_HEIGHT * (not alone))
    top, last = panels[0], panels[-1]
    _by_stretch(top, mine, "arrivals", "come", color=colours.first, linewidth=1.6, linestyle="-")
    _by_stretch(top, mine, "worked", "are worked", color=colours.second, linewidth=2.0, linestyle=(0, (5, 2)))
    _by_stretch(last, mine, "waiting", f"wait ({which})", color=colours.ink, linewidth=2.0, linestyle="-")
    today = result.weeks[result.weeks["which"] == "current"]
    if which == "suggested" and not today.empty and not alone:
        _by_stretch(last, today, "waiting", "wait (today)", color=colours.muted, linewidth=1.4, linestyle=(0, (1, 1.5)))
    for panel in panels:
        panel.set_ylim(0)
        ticks_by(panel, count, most=5)
    _weeks(last, mine)
    axis_names(top, colours, y="leads a week")
    axis_names(last, colours, x="week", y="leads a week" if alone else "waiting at its end")
    headline(top, colours, _backlog(result, which), _queue_details(result), keyed=True)
    handles = [*top.get_legend_handles_labels()[0], *([] if alone else last.get_legend_handles_labels()[0])]
    key(top, colours, handles=handles)
    if ax is None:
        gaps = "; gaps are weeks that no part of the split holds" if int(mine["stretch"].max()) > 1 else ""
        below(top, colours, f"by capacity, {_tier(result)}{gaps}")
    return top


def _by_stretch(ax: Axes, frame: pd.DataFrame, column: str, label: str, **look: object) -> None:
    """One line for each stretch, weeks side by side with a gap between stretches."""
    x = _places(frame)
    for number, stretch in enumerate(sorted(set(frame["stretch"]))):
        own = (frame["stretch"] == stretch).to_numpy()
        mark = "o" if own.sum() == 1 else ""
        name = label if number == 0 else f"_{label}"
        ax.plot(x[own], numbers(frame, column)[own], label=name, marker=mark, zorder=3, **look)  # type: ignore[arg-type]


def _places(frame: pd.DataFrame) -> np.ndarray:
    return np.arange(len(frame)) + 2.0 * (numbers(frame, "stretch") - 1)


def _weeks(ax: Axes, frame: pd.DataFrame) -> None:
    """A date below the first week of each stretch and some between."""
    x = _places(frame)
    step = max(1, -(-len(x) // _TICKS))
    shown = np.arange(0, len(x), step)
    ax.set_xticks(x[shown], [f"{week:%d %b\n%Y}" for week in frame["week"].iloc[shown]])
    ax.set_xlim(-0.5, float(x.max()) + 0.5)


def _backlog(result: Cutoff, which: str) -> str:
    row = result.service[result.service["which"] == which].iloc[0]
    at = result.threshold if which == "suggested" else result.current
    name = "The cut" if result.tier is None else result.tier
    return (
        f"{name} at {points(at)}: {row['leads_a_week']:.1f} leads a week for {points(result.target)} that can be "
        f"worked, at most {count(row['most_waiting'])} wait"
    )


def _queue_details(result: Cutoff) -> list[str]:
    return [
        f"{row['which']}: {row['leads_a_week']:.1f} a week, {percent(row['in_time'])} worked in time, "
        f"longest wait {count(row['longest_wait_days'])} days, {count(row['waiting_at_end'])} waiting at the end, "
        f"{percent(row['idle'])} of the capacity idle"
        for row in result.service.to_dict("records")
    ]
