"""How often leads convert in each range of scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from workbench.plots.canvas import (
    HEIGHT,
    axis_names,
    headline,
    interval_bars,
    key,
    named_ticks,
    nothing,
    opened,
    rates_on,
    reference,
    room,
    source_line,
    whole_figure,
)
from workbench.plots.lettering import SMALL, cut, font, width
from workbench.plots.readings import at_threshold, everybody, noun, numbers, one_outcome, same_score
from workbench.plots.theme import Theme, ThemeName, theme_named
from workbench.plots.wording import count, percent, points, several, span, times

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from workbench.backtesting import Backtest

_MOST_NUMBERED = 14
_MOST_TOLD = 12
_HATCH = "////"
_UPRIGHT = 1.0  # inches that upright labels add
_HEADROOM = 1.12  # the upper end of the axis, as a multiple of the highest rate shown
_LEAST_SLOT = 12.0  # points that an upright number needs
_TIERS = 180.0  # points that the tiers of the title may take


def plot_bands(result: Backtest, /, *, ax: Axes | None = None, theme: ThemeName = "light") -> Axes:
    """Conversion by score band, with intervals, the number of leads and the average.

    Draws `result.bands`: a bar a band as high as `rate`, a line from `rate_low` to `rate_high`, the lift above it.
    A band with `enough` false is grey, hatched and marked "few leads". Where such a band runs out at the top, an arrow
    and its numbers stand at the cut.

    Args:
        result: a backtest.
        ax: where to draw; a new figure when left out.
        theme: "light" or "dark".

    Returns:
        The axes; `get_label()` is the text alternative.
    """
    colours = theme_named(theme)
    top = opened(ax, colours)[0]
    frame = result.bands
    if frame.empty:
        return nothing(top, colours, "No score band to show", "There are no leads in this part.")
    x = np.arange(len(frame), dtype=float)
    rate, low, high = (numbers(frame, column) for column in ("rate", "rate_low", "rate_high"))
    enough = frame["enough"].to_numpy(dtype=bool)
    _bars(top, colours, x, rate, enough)
    interval_bars(top, x, low, high, [colours.ink if fine else colours.faint for fine in enough])
    roof = _roof(result.base_rate, rate, high, enough)
    top.set_ylim(0, roof * _HEADROOM)
    top.set_xlim(-0.6, len(frame) - 0.4)
    if len(frame) <= _MOST_NUMBERED:
        _lifts(top, colours, x, np.fmin(np.fmax(rate, high), roof), np.where(enough, numbers(frame, "lift"), np.nan))
    _cuts(top, colours, rate, high)
    rates_on(top)
    reference(top, colours, result.base_rate, f"average\n{percent(result.base_rate)}")
    lines, upright = _labels([str(band) for band in frame["band"]], numbers(frame, "n"), enough, noun(result))
    if not named_ticks(top, lines, upright=upright) and ax is None:
        whole_figure(top).set_figheight(HEIGHT + _UPRIGHT)
    _fade(top, colours, enough)
    whole = "" if result.leads == result.n else f" (of {several(result.leads, 'lead')})"
    axis_names(top, colours, x=f"score band, with its number of {noun(result)}s{whole}", y="share that converted")
    headline(top, colours, _finding(result), _details(result), keyed=not enough.all())
    if not enough.all():
        key(top, colours, handles=[_few_leads(colours, noun(result))])
    source_line(top, colours, result, drawn_here=ax is None)
    return top


def _bars(ax: Axes, theme: Theme, x: NDArray[np.float64], rate: NDArray[np.float64], enough: NDArray[np.bool_]) -> None:
    bars = ax.bar(x, np.nan_to_num(rate), width=0.8, color=theme.first, alpha=0.85, zorder=2)
    for bar, fine in zip(bars, enough, strict=True):
        if not fine:
            bar.set(facecolor=theme.grid, edgecolor=theme.faint, hatch=_HATCH, alpha=1)


def _few_leads(theme: Theme, one: str) -> Patch:
    return Patch(facecolor=theme.grid, edgecolor=theme.faint, hatch=_HATCH, label=f"few {one}s: not enough evidence")


def _roof(base: float, rate: NDArray[np.float64], high: NDArray[np.float64], enough: NDArray[np.bool_]) -> float:
    """The highest rate shown; thin bands may run out at the top rather than flatten all others."""
    if not enough.any():
        return float(np.nanmax(np.r_[base, rate, high, 0.0])) or 1.0
    sure = float(np.nanmax(np.r_[base, rate[enough], high[enough], 0.0]))
    return float(np.nanmax(np.r_[sure, min(np.nanmax(np.r_[rate, 0.0]), 3 * sure)])) or 1.0


def _lifts(ax: Axes, theme: Theme, x: NDArray[np.float64], y: NDArray[np.float64], lift: NDArray[np.float64]) -> None:
    for place, height, value in zip(x, y, lift, strict=True):
        if np.isfinite(value) and np.isfinite(height):
            ax.annotate(
                f"{value:.1f}x",
                (place, height),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                va="bottom",
                color=theme.ink,
                fontproperties=font(SMALL),
                bbox={"facecolor": theme.paper, "edgecolor": "none", "pad": 0.6},
                zorder=5,
            )


def _cuts(ax: Axes, theme: Theme, rate: NDArray[np.float64], high: NDArray[np.float64]) -> None:
    """An arrow where a bar or an interval runs out at the top, with its numbers where there is room for them."""
    top, slot = ax.get_ylim()[1], room(ax) / len(rate)
    places = [place for place in range(len(rate)) if np.nanmax([rate[place], high[place], 0.0]) > top]
    lines = {
        place: [*([percent(rate[place])] if rate[place] > top else []), f"to {percent(high[place])}"]
        for place in places
    }
    level = all(width(f"↑ {line}", SMALL) <= slot - 2 for told in lines.values() for line in told)
    for place in places:
        numbered = level or slot >= _LEAST_SLOT
        ax.annotate(
            "↑ " + ("\n" if level else ", ").join(lines[place]) if numbered else "↑",
            (place, 1),
            xycoords=ax.get_xaxis_transform(),
            xytext=(0, -1),
            textcoords="offset points",
            ha="center",
            va="top",
            rotation=90 if numbered and not level else 0,
            color=theme.muted,
            fontproperties=font(SMALL),
            bbox={"facecolor": theme.paper, "edgecolor": "none", "pad": 0.6},
            zorder=5,
        )


def _fade(ax: Axes, theme: Theme, enough: NDArray[np.bool_]) -> None:
    """Grey labels for the bands with few leads."""
    for place, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True):
        if not enough[int(place)]:
            label.set_color(theme.muted)


def _labels(
    bands: list[str], n: NDArray[np.float64], enough: NDArray[np.bool_], one: str
) -> tuple[list[list[str]], list[str]]:
    """The labels in lines and in one line each."""
    lines, upright = [], []
    for band, leads, fine in zip(bands, n, enough, strict=True):
        few = [] if fine else ["few", "leads"] if one == "lead" else ["few"]
        lines.append([band, f"n={count(leads)}" if leads < 1000 else count(leads), *few])
        upright.append(f"{band}  n={count(leads)}" + ("" if fine else f"  few {one}s"))
    return lines, upright


def _finding(result: Backtest) -> str:
    """The highest tier whose leads stand out from the average, else that none does."""
    if told := one_outcome(result) or same_score(result):
        return told
    some = f"{noun(result)}s"
    cuts = sorted({at for _, at in result.tier_cuts}, reverse=True)
    if result.main_threshold is not None and not cuts:
        cuts = [result.main_threshold]
    if not cuts:
        known = result.bands[result.bands["low"].notna() & result.bands["enough"].astype(bool)]
        cuts = [] if known.empty else [float(known["low"].iloc[-1])]
    rows = [(at, row) for at in cuts if (row := at_threshold(result, at)) is not None and row["share"] < 1]
    for at, row in rows:
        if row["precision_low"] > result.base_rate:
            often = f"{times(row['lift'])} as often as average"
            return f"{some.capitalize()} {_from(result, at)} convert {often}: {_precision(row)}"
    for at, row in rows:
        if row["precision_high"] < result.base_rate:
            often = f"less often than average ({times(row['lift'])})"
            return f"{some.capitalize()} {_from(result, at)} convert {often}: {_precision(row)}"
    if not rows:
        return f"{percent(result.base_rate)} of {everybody(result)} convert; no range of scores to hold against it"
    at, row = rows[-1]
    return (
        f"Not enough evidence that {some} {_from(result, at)} convert more often than average: {_precision(row)}, "
        f"average {percent(result.base_rate)}"
    )


def _from(result: Backtest, at: float) -> str:
    """A cut with the tiers that begin there."""
    names = ", ".join(name for name, begin in result.tier_cuts if begin == at)
    return f"at {points(at)} and above" + (f" ({cut(names, _TIERS)})" if names else "")


def _precision(row: pd.Series) -> str:
    between = span(percent(row["precision_low"]), percent(row["precision_high"]))
    return f"{percent(row['precision'])} of {count(row['flagged'])} ({between})"


def _details(result: Backtest) -> list[str]:
    frame = result.bands
    told = []
    for _, row in frame.head(_MOST_TOLD).iterrows():
        between = span(percent(row["rate_low"]), percent(row["rate_high"]))
        few = "" if row["enough"] else f", few {noun(result)}s"
        told.append(f"{row['band']}: {percent(row['rate'])} of {count(row['n'])} ({between}){few}")
    more = len(frame) - len(told)
    return [f"Average {percent(result.base_rate)}", *told, *([f"and {more} more bands"] if more else [])]
