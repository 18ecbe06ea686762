"""A walk through the past: what reaches sales each week and how long the queue gets; days of warning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from workbench.plots.canvas import HEIGHT, axis_names, below, headline, key, nothing, opened, rates_on, write
from workbench.plots.lettering import SMALL, cut
from workbench.plots.readings import numbers
from workbench.plots.theme import Theme, ThemeName, theme_named
from workbench.plots.wording import count, percent, several, span

if TYPE_CHECKING:
    from workbench.replaying import Replay

_EPOCH = pd.Timestamp(0, tz="UTC")
"""From which matplotlib counts days."""
_BAR_DAYS = 5.0
_FEW = 10
_SHARES = ("share_before", "low", "high", "share_others")
_ROW = 0.36
_NAME = 150.0  # points that a stage with its tier may take


def plot_queue(result: Replay, /, *, ax: Axes | None = None, theme: ThemeName = "light") -> Axes:
    """Week by week: leads that join the queue of the tier beside those that can be worked, and below how many wait.

    Draws `joined` and `capacity` of `result.queue` as bars and a step line, and `waiting` below. A given `ax` gets
    the upper picture alone. Without a capacity it draws `reached` of `result.weeks`. Weeks after the last creation of
    a lead are shaded: there load and queue run dry for want of data, and the title is not about them.

    Args:
        result: a replay.
        ax: where to draw; a new figure when left out.
        theme: "light" or "dark".

    Returns:
        The upper axes; `get_label()` is the text alternative.
    """
    colours = theme_named(theme)
    if result.tier is None or result.weeks.empty:
        return nothing(opened(ax, colours)[0], colours, "No queue to show", "The model has no tiers.")
    queued = not result.queue.empty
    both = queued and ax is None
    panels = opened(ax, colours, panels=(1.2, 1.0) if both else (1.0,), height=HEIGHT + (1.0 if both else 0.0))
    top, last = panels[0], panels[-1]
    frame = result.queue if queued else result.weeks[result.weeks["tier"] == result.tier]
    x = np.asarray((frame["week"] - _EPOCH) / pd.Timedelta(days=1), dtype=np.float64) + 3.5
    came = numbers(frame, "joined" if queued else "reached")
    name = "join the queue, first or again" if queued else "reach it for the first time"
    top.bar(x, came, width=_BAR_DAYS, color=colours.first, label=name, zorder=2)
    top.set_ylim(0, max(float(came.max()), 1.0) * 1.12)
    if queued:
        able = numbers(frame, "capacity")
        edges = np.r_[x - 3.5, x[-1] + 3.5]
        top.stairs(able, edges, color=colours.second, linewidth=1.8, label="can be worked", zorder=3, baseline=None)
        top.set_ylim(0, max(float(came.max()), float(able.max()), 1.0) * 1.12)
    axis_names(top, colours, y="leads a week")
    if both:
        waiting = numbers(frame, "waiting")
        last.fill_between(x, 0, waiting, color=colours.second, alpha=0.3, linewidth=0, zorder=2)
        last.plot(x, waiting, color=colours.second, linewidth=1.8, zorder=3)
        last.set_ylim(0, max(float(waiting.max()), 1.0) * 1.12)
        axis_names(last, colours, y="waiting")
    _months(last, x)
    _dry(panels, colours, result, x[-1] + 5)
    headline(top, colours, _queue_finding(result), _queue_details(result), keyed=queued)
    if queued:
        key(top, colours)
    _foot(top, colours, result, drawn_here=ax is None)
    return top


def plot_warning(result: Replay, /, *, ax: Axes | None = None, theme: ThemeName = "light") -> Axes:
    """What share of the leads that reached a stage had reached each tier before, and how many days ahead.

    Draws `share_before` with its interval, and `share_others` (hollow), of `result.warning`, a row for each stage and
    tier; the median days stand at the right.

    Args:
        result: a replay.
        ax: where to draw; a new figure when left out.
        theme: "light" or "dark".

    Returns:
        The axes; `get_label()` is the text alternative.
    """
    colours = theme_named(theme)
    frame = result.warning[result.warning["n"].to_numpy() > 0].iloc[::-1].reset_index(drop=True)
    if frame.empty:
        why = "No lead whose outcome may be looked at reached one of the stages while it was followed."
        return nothing(opened(ax, colours)[0], colours, "No days of warning to show", why)
    top = opened(ax, colours, height=1.9 + _ROW * len(frame))[0]
    y = np.arange(len(frame), dtype=float)
    share, others = numbers(frame, "share_before"), numbers(frame, "share_others")
    top.hlines(y, numbers(frame, "low"), numbers(frame, "high"), colors=colours.first, linewidth=1.8, zorder=3)
    top.plot(share, y, "o", color=colours.first, markersize=7, label="had reached the tier before", zorder=4)
    (hollow,) = top.plot(others, y, "s", color=colours.second, markersize=6, label="leads without the stage", zorder=3)
    hollow.set_markerfacecolor(colours.paper)
    top.set_xlim(0, 1.02)
    top.set_ylim(-0.6, len(frame) - 0.4)
    rates_on(top, "x")
    top.grid(visible=False, axis="y")
    top.grid(visible=True, axis="x", color=colours.grid, linewidth=0.8)
    top.set_yticks(y, [cut(f"{row.stage}: {row.tier}", _NAME, SMALL) for row in frame.itertuples()])
    for text in top.get_yticklabels():
        text.set_parse_math(False)
    for place, days in enumerate(numbers(frame, "median_days")):
        told = "" if np.isnan(days) else f"{days:g} d"
        write(top, 1.01, place, told, transform=top.get_yaxis_transform(), color=colours.ink, va="center")
    axis_names(top, colours, x="share that had reached the tier; at the right the median days of warning")
    headline(top, colours, _warning_finding(result), _warning_details(result), keyed=True)
    key(top, colours)
    _foot(top, colours, result, drawn_here=ax is None)
    return top


def _dry(panels: Sequence[Axes], theme: Theme, result: Replay, end: float) -> None:
    """Shade what comes after the last creation of a lead, and say why."""
    begins = float((result.last_created.normalize() - _EPOCH) / pd.Timedelta(days=1)) + 1
    if result.fed(result.weeks)["week"].max() == result.weeks["week"].max():
        return
    for panel in panels:
        panel.axvspan(begins, end, color=theme.grid, alpha=0.6, linewidth=0, zorder=0, label="_dry")
    axis_names(panels[-1], theme, x=f"shaded: no new leads in the data after {_last(result)}")


def _months(ax: Axes, x: np.ndarray) -> None:
    ax.set_xlim(x[0] - 5, x[-1] + 5)
    ax.xaxis.set_major_locator(mdates.AutoDateLocator(minticks=3, maxticks=9))  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%b %Y"))  # type: ignore[no-untyped-call]


def _foot(ax: Axes, theme: Theme, result: Replay, *, drawn_here: bool) -> None:
    if drawn_here:
        version = "" if result.model_version is None else f" v{result.model_version}"
        span_ = f"{result.since.date()} to {result.until.date()}"
        below(ax, theme, f"{result.model_name}{version}, {span_}, n = {count(result.n)}")


def _queue_finding(result: Replay) -> str:
    tier = result.tier
    if result.queue.empty:
        most = result.weeks.loc[result.weeks["tier"] == tier, "reached"].max()
        return f"In the busiest week {several(float(most), 'lead')} reach {tier} for the first time"
    able = result.capacity
    assert able is not None  # noqa: S101  (a queue has a capacity)
    fed = result.fed(result.queue)
    waiting = fed["waiting"].to_numpy()
    most, at = int(waiting.max()), int(waiting.argmax())
    if not most:
        return f"With {able.leads:,} worked a {able.per} nobody waits in {tier} at the end of a week"
    when = pd.Timestamp(fed["week"].iloc[at]).strftime("%b %Y")
    worked = f"With {able.leads:,} worked a {able.per}"
    return f"{worked} the queue of {tier} grows to {several(float(most), 'lead')} in {when}"


def _queue_details(result: Replay) -> tuple[str, ...]:
    if result.queue.empty:
        return ()
    fed = result.fed(result.queue)
    sums = fed[["joined", "worked", "fell", "gone"]].sum()
    names = ("joined the queue", "worked", "fell below unworked", "gone unworked")
    told = [f"{several(float(n), 'lead')} {name}" for n, name in zip(sums, names, strict=True)]
    when = "at the end" if len(fed) == len(result.queue) else f"when the last lead is created, {_last(result)}"
    return (*told, f"{several(float(fed['waiting'].iloc[-1]), 'lead')} waiting {when}")


def _last(result: Replay) -> str:
    return str(result.last_created.date())


def _warning_finding(result: Replay) -> str:
    rows = result.warning[(result.warning["tier"] == result.tier) & (result.warning["n"] > 0)]
    row = (rows if len(rows) else result.warning[result.warning["n"] > 0]).iloc[0]
    if row["n"] < _FEW:
        reached = several(float(row["n"]), "lead")
        return f"Not enough evidence for days of warning: {reached} reached {row['stage']}"
    days = "" if np.isnan(row["median_days"]) else f", in the median {row['median_days']:g} days ahead"
    share = percent(float(row["share_before"]))
    others = "" if not row["others"] else f" ({percent(float(row['share_others']))} of the others ever did)"
    return f"{share} of the leads that reached {row['stage']} had reached {row['tier']} before{others}{days}"


def _warning_details(result: Replay) -> tuple[str, ...]:
    frame = result.warning[result.warning["n"] > 0]
    shares = [[percent(share) for share in numbers(frame, name)] for name in _SHARES]
    names = zip(frame["stage"], frame["tier"], numbers(frame, "n"), *shares, strict=True)
    return tuple(
        f"{stage}, {tier}: {share} ({span(low, high)}) before, n = {count(n)}, others {others}"
        for stage, tier, n, share, low, high, others in names
    )
