"""What other points gain, by how many of them change: train beside observations that the search has not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from workbench.plots.canvas import axis_names, headline, key, nothing, opened, reference, ticks_by
from workbench.plots.readings import numbers
from workbench.plots.theme import ThemeName, theme_named

if TYPE_CHECKING:
    import pandas as pd

    from workbench.suggesting import Suggestion


def plot_path(result: Suggestion, /, *, ax: Axes | None = None, theme: ThemeName = "light") -> Axes:
    """Gain over the champion by number of changed points, on train and where the search has not looked.

    Draws `changes` and `train_gain` of `result.path`, and beside it `validation_gain` with its 95 % interval (without a
    validation part `cross_gain`, of held-out folds); the chosen step is ringed, and
    called suggested where unseen observations show that it is better.

    Args:
        result: a suggestion of points.
        ax: where to draw; a new figure when left out.
        theme: "light" or "dark".

    Returns:
        The axes; `get_label()` is the text alternative.
    """
    colours = theme_named(theme)
    top = opened(ax, colours)[0]
    frame = result.path
    if len(frame) < 2:
        return nothing(top, colours, "No path to show", "No other points found do better, even on train.")
    judged = "validation" if result.parts[1] else "cross"
    name = "validation" if result.parts[1] else "held-out folds"
    x = numbers(frame, "changes")
    gain, low, high = (numbers(frame, f"{judged}_{each}") for each in ("gain", "low", "high"))
    train = numbers(frame, "train_gain")
    top.fill_between(x, low, high, color=colours.first, alpha=0.22, linewidth=0, label="95 % interval", zorder=2)
    top.plot(x, gain, color=colours.first, linewidth=2.2, marker="o", markersize=4, label=name, zorder=3)
    searched = f"{result.parts[0]}, where it was searched"
    top.plot(x, train, color=colours.muted, linewidth=1.6, linestyle=":", label=searched, zorder=2.5)
    chosen = frame.loc[frame["changes"] == result.recommended].iloc[0]
    if result.recommended:
        place = ([float(chosen["changes"])], [float(chosen[f"{judged}_gain"])])
        top.plot(
            *place,
            marker="o",
            markersize=11,
            markerfacecolor="none",
            markeredgewidth=2,
            color=colours.second,
            linestyle="none",
            label="suggested" if result.gain_shown else result.chosen,
            zorder=4,
        )
    reference(top, colours, 0.0, "champion")
    _room(top, train, gain, low, high)
    top.set_xlim(-0.2, float(x.max()) + 0.2)
    top.xaxis.set_major_locator(MaxNLocator(nbins=12, integer=True))
    ticks_by(top, lambda value: f"{value:+.3g}".replace("-", "−") if value else "0")
    axis_names(top, colours, x="numbers of points that change", y=f"gain in {_words(result.objective)}")
    details = tuple(_details(row, judged, name) for _, row in frame.iloc[1:].iterrows())
    headline(top, colours, result.headline.rstrip("."), details, keyed=True)
    key(top, colours)
    return top


def _room(ax: Axes, train: np.ndarray, gain: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
    """Intervals that are far wider than what there is to see are cut."""
    seen = np.r_[train, gain, 0.0]
    spread = float(np.nanmax(seen) - np.nanmin(seen)) or 1e-3
    bottom = max(float(np.nanmin(np.r_[low, seen])), float(np.nanmin(seen)) - spread)
    roof = min(float(np.nanmax(np.r_[high, seen])), float(np.nanmax(seen)) + spread)
    ax.set_ylim(bottom - 0.06 * spread, roof + 0.06 * spread)


def _words(objective: str) -> str:
    known = {"auc": "AUC", "log_loss": "log-likelihood a lead", "value": "net value a lead"}
    return known.get(objective) or f"lift at {objective.removeprefix('lift_')} %"


def _details(row: pd.Series, judged: str, name: str) -> str:
    gain, low, high = (_signed(row[f"{judged}_{each}"]) for each in ("gain", "low", "high"))
    return f"{int(row['changes'])}: {name} {gain} ({low} to {high}), train {_signed(row['train_gain'])}"


def _signed(value: float) -> str:
    return (f"{value:+.4f}" if abs(value) < 10 else f"{value:+,.0f}").replace("-", "−")
