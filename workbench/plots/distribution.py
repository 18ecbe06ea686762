"""How the scores of leads that converted lie beside those of leads that did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from workbench.plots.canvas import (
    axis_names,
    headline,
    key,
    nothing,
    opened,
    rates_on,
    source_line,
    tier_lines,
)
from workbench.plots.readings import metric, noun, one_outcome, same_score
from workbench.plots.theme import ThemeName, theme_named
from workbench.plots.wording import area, count, percent, points, span

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from workbench.backtesting import Backtest

_MOST_BARS = 40
_MILLI = 1000


def plot_distribution(result: Backtest, /, *, ax: Axes | None = None, theme: ThemeName = "light") -> Axes:
    """Scores by outcome: each group's share in every range of scores, with the tiers drawn in.

    Draws `result.distribution`; the title is the AUC of `result.metrics` in words, held against a coin toss. Both
    groups add up to 100 %, so they can be compared although few leads convert.

    Args:
        result: a backtest.
        ax: where to draw; a new figure when left out.
        theme: "light" or "dark".

    Returns:
        The axes; `get_label()` is the text alternative.
    """
    colours = theme_named(theme)
    panels = opened(ax, colours)
    top = panels[0]
    frame = result.distribution
    frame = frame[np.isfinite(frame["score"].to_numpy(dtype=float))]
    if frame.empty:
        reason = "There are no leads in this part." if result.n == 0 else "Gates took out every lead of this part."
        return nothing(top, colours, "No lead has a score", reason)
    edges, (lost, won), counts = _bars(frame)
    names = (f"did not convert (n = {count(counts[0])})", f"converted (n = {count(counts[1])})")
    top.stairs(lost, edges, fill=True, color=colours.first, alpha=0.45, label=names[0], zorder=2)
    top.stairs(lost, edges, color=colours.first, linewidth=1.0, zorder=2.1)
    top.stairs(won, edges, color=colours.second, linewidth=2.2, label=names[1], zorder=3)
    top.set_xlim(edges[0], edges[-1])
    top.set_ylim(0, 1)
    rates_on(top)
    if edges[1] - edges[0] >= 1:
        top.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True))
    wide = f"{points(edges[1] - edges[0])} point{'' if edges[1] - edges[0] == 1 else 's'} a step"
    axis_names(top, colours, x=f"score ({wide})", y="share of each group")
    headline(top, colours, _finding(result), (_auc_words(result), *names, _tiers(result)), keyed=True)
    key(top, colours)
    tier_lines(panels, colours, result.tier_cuts, top=float(max(lost.max(), won.max(), 1e-9)))
    source_line(top, colours, result, drawn_here=ax is None)
    return top


def _bars(
    frame: pd.DataFrame,
) -> tuple[NDArray[np.float64], list[NDArray[np.float64]], list[float]]:
    """Bar edges in points, the shares of both groups in each bar, and the sizes of both groups."""
    milli = np.rint(frame["score"].to_numpy(dtype=float) * _MILLI).astype(np.int64)
    whole = not (milli % _MILLI).any()
    wide = _step(int(milli.max() - milli.min()), _MILLI if whole else 1)
    first = milli.min() // wide
    places = milli // wide - first
    bars = int(places.max()) + 1
    edges = (first + np.arange(bars + 1)) * wide / _MILLI
    shares, sizes = [], []
    for column in ("not_converted", "converted"):
        leads = np.bincount(places, weights=frame[column].to_numpy(dtype=float), minlength=bars)
        shares.append(leads / max(leads.sum(), 1))
        sizes.append(float(leads.sum()))
    return edges, shares, sizes


def _step(reach: int, least: int) -> int:
    """The smallest of 1, 2, 5, 10, … times `least` that covers `reach` with few enough bars."""
    size = least
    while True:
        for factor in (1, 2, 5):
            if reach // (size * factor) < _MOST_BARS:
                return size * factor
        size *= 10


def _finding(result: Backtest) -> str:
    if single := one_outcome(result):
        return f"{single}: nothing to tell apart"
    if same := same_score(result):
        return same
    auc = metric(result, "auc")
    if np.isnan(auc.value):
        return "The ranking cannot be judged: its AUC is unknown"
    if auc.low <= 0.5 <= auc.high or np.isnan(auc.low):
        between = span(area(auc.low), area(auc.high))
        return f"Not enough evidence that the score separates the two groups: AUC {area(auc.value)} ({between})"
    one = "A lead" if noun(result) == "lead" else "An observation"
    often = f"{percent(auc.value)} of the time (ties count half)"
    if auc.value < 0.5:
        return f"The score ranks backwards: {one.lower()} that converts scores higher only {often}"
    return f"{one} that converts outscores one that does not {often}"


def _auc_words(result: Backtest) -> str:
    auc = metric(result, "auc")
    if np.isnan(auc.value):
        return "AUC unknown"
    return f"AUC {auc.value:.3f} ({'no interval' if np.isnan(auc.low) else f'{auc.low:.3f} to {auc.high:.3f}'})"


def _tiers(result: Backtest) -> str:
    cuts = ", ".join(f"{name} from {points(at)}" for name, at in result.tier_cuts)
    return f"Tiers: {cuts}" if cuts else "No tiers"
