"""What every picture is drawn on: the figure, its headline, its key, its lines of reference.

Nothing here touches pyplot or `rcParams`: a picture leaves no state behind, and the reader's own settings do not
change it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullFormatter, NullLocator

from workbench.errors import CallError
from workbench.plots.lettering import LARGE, NORMAL, SMALL, cut, font, width, wrapped
from workbench.plots.readings import everybody
from workbench.plots.theme import Theme
from workbench.plots.wording import count, percent, percent_tick, points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.backtesting import Backtest

WIDTH = 8.0
HEIGHT = 4.2
DPI = 110
_POINTS = 72
_MARGIN = 96.0  # points left and right of the axes of a figure of our own
_TITLE_MARGIN = 70.0  # points left and right of a headline of a figure of our own
_PAD = 20.0  # points left and right of a headline that starts at the edge of the figure
_TIER_NAME = 140.0  # points that the name of a tier may take
_TIER_ROW = 0.085  # share of the axes' height that one row of tier names takes
_KEY = 23.0  # points that the row of the key takes
_LEAST_SLOT = 11.0  # points that an upright tick label needs


def opened(ax: Axes | None, theme: Theme, *, panels: Sequence[float] = (1.0,), height: float = HEIGHT) -> list[Axes]:
    """The axes to draw on, top first: the given one alone, or those of a new figure.

    Args:
        ax: where to draw; its figure is left as it is.
        theme: colours.
        panels: relative heights of the panels of a new figure; they share the x axis.
        height: of a new figure, in inches; the width is 8.
    """
    if ax is not None:
        axes = [ax]
    else:
        figure = Figure(
            figsize=(WIDTH, height),
            dpi=DPI,
            facecolor=theme.paper,
            edgecolor=theme.edge,
            linewidth=2,
        )
        figure.set_layout_engine("constrained", w_pad=0.09, h_pad=0.07)
        FigureCanvasAgg(figure)
        grid = figure.subplots(len(panels), 1, sharex=True, squeeze=False, height_ratios=list(panels))
        axes = list(grid[:, 0])
    for each in axes:
        _dress(each, theme)
    for each in axes[:-1]:
        each.tick_params(labelbottom=False)
    return axes


def _dress(ax: Axes, theme: Theme) -> None:
    ax.set_facecolor(theme.paper)
    ax.set_axisbelow(True)
    ax.grid(visible=True, axis="y", color=theme.grid, linewidth=0.8, linestyle="-")
    ax.grid(visible=False, axis="x")
    for name, spine in ax.spines.items():
        spine.set_visible(name in ("left", "bottom"))
        spine.set_color(theme.muted)
        spine.set_linewidth(0.8)
    ax.tick_params(colors=theme.ink, labelsize=SMALL, labelfontfamily=font().get_family()[0], which="both")


def headline(
    ax: Axes, theme: Theme, title: str, details: Sequence[str] = (), *, keyed: bool = False, shift: float = 0.0
) -> None:
    """Write the finding above the axes, and keep it with its details as the picture's text alternative.

    The title is wrapped to the room there is; `ax.get_label()` holds the whole sentence and the key numbers.

    Args:
        ax: axes of the picture.
        theme: colours.
        title: one sentence without a full stop.
        details: the key numbers, for the text alternative only.
        keyed: leave room for the key.
        shift: points by which the title starts left of the axes.
    """
    text = ax.set_title(
        wrapped(title, _title_room(ax, shift), LARGE, bold=True),
        loc="left",
        x=-shift / float(ax.bbox.width / whole_figure(ax).dpi * _POINTS),
        color=theme.ink,
        fontproperties=font(LARGE, bold=True),
        pad=(_KEY if keyed else 0) + 7,
        linespacing=1.2,
    )
    text.set_parse_math(False)
    ax.set_label(". ".join(part.rstrip(".") for part in (title, *details)) + ".")


def _title_room(ax: Axes, shift: float) -> float:
    """Points that a headline may take: to the right end of the figure where nothing stands beside the axes."""
    across = float(whole_figure(ax).get_size_inches()[0]) * _POINTS
    if shift:
        return across - _PAD
    return room(ax) + (_MARGIN - _TITLE_MARGIN if room(ax) == across - _MARGIN else 0)


def height(ax: Axes) -> float:
    """Points between the lower and the upper end of axes that are given."""
    return float(ax.bbox.height) / whole_figure(ax).dpi * _POINTS


def room(ax: Axes) -> float:
    """Points between the left end of the axes and the right end of what it may use."""
    figure = whole_figure(ax)
    across = float(figure.get_size_inches()[0]) * _POINTS
    if len({round(each.get_position().x0, 6) for each in figure.axes}) == 1:
        return across - _MARGIN
    return float(ax.get_position().width) * across


def key(ax: Axes, theme: Theme, *, handles: Sequence[Artist] | None = None) -> None:
    """The key as one row between the headline and the axes, where it cannot cover data."""
    legend = ax.legend(
        handles=list(handles) if handles is not None else ax.get_legend_handles_labels()[0],
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=4,
        frameon=False,
        prop=font(SMALL),
        labelcolor=theme.ink,
        borderaxespad=0.6,
        borderpad=0,
        handlelength=2.2,
        columnspacing=1.6,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)


def axis_names(ax: Axes, theme: Theme, *, x: str = "", y: str = "") -> None:
    """Name the axes."""
    for text in (
        ax.set_xlabel(x, color=theme.ink, fontproperties=font(NORMAL)),
        ax.set_ylabel(y, color=theme.ink, fontproperties=font(NORMAL)),
    ):
        text.set_parse_math(False)


def rates_on(ax: Axes, axis: str = "y") -> None:
    """Print the ticks of an axis of rates in 0..1 as percentages."""
    which = ax.yaxis if axis == "y" else ax.xaxis
    which.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    which.set_major_formatter(FuncFormatter(lambda value, _: percent_tick(value)))


def ticks_by(ax: Axes, words: object, axis: str = "y", *, most: int = 6) -> None:
    """Print the ticks of an axis with a function of the value."""
    which = ax.yaxis if axis == "y" else ax.xaxis
    which.set_major_locator(MaxNLocator(nbins=most))
    which.set_major_formatter(FuncFormatter(lambda value, _: words(value)))  # type: ignore[operator]


def write(ax: Axes, x: float, y: float, text: str, **look: object) -> None:
    """A small text inside the axes; a dollar sign in it is a dollar sign."""
    look.setdefault("fontproperties", font(SMALL))
    ax.text(x, y, text, parse_math=False, **look)  # type: ignore[arg-type]


def reference(ax: Axes, theme: Theme, at: float, label: str) -> None:
    """A dashed horizontal line across the axes, named in the right margin."""
    if not np.isfinite(at):
        return
    ax.axhline(at, color=theme.ink, linewidth=1.2, linestyle=(0, (5, 3)), zorder=1.5)
    write(ax, 1.01, at, label, transform=ax.get_yaxis_transform(), color=theme.ink, va="center", ha="left")


def named_ticks(ax: Axes, labels: Sequence[Sequence[str]], *, upright: Sequence[str]) -> bool:
    """Label the positions 0, 1, 2, … of the x axis.

    Args:
        ax: the axes; its x axis gets the labels.
        labels: lines to stand below each other, used where all of them fit.
        upright: one line each, used where they do not; where even that is too tight, only every second, third, …
            is written.

    Returns:
        Whether the lines fit.
    """
    slot = room(ax) / max(len(labels), 1)
    level = all(width(line, SMALL) <= slot - 6 for lines in labels for line in lines)
    step = 1 if level else max(1, int(np.ceil(_LEAST_SLOT / slot)))
    shown = range(0, len(labels), step)
    texts = ["\n".join(labels[place]) if level else upright[place] for place in shown]
    ax.xaxis.set_major_locator(FixedLocator(list(shown)))
    ax.set_xticklabels(texts, rotation=0 if level else 90)
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.tick_params(axis="x", length=0)
    for text in ax.get_xticklabels():
        text.set_parse_math(False)
    return level


def tier_lines(axes: Sequence[Axes], theme: Theme, cuts: Sequence[tuple[str, float]], *, top: float) -> None:
    """Draw the tiers' lower ends as upright lines, named above the data of the first axes.

    Sets the upper end of the y axis so that names never cover data. Tiers with the same cut share a line; names
    that would touch stand in different rows.

    Args:
        axes: panels that share the x axis.
        theme: colours.
        cuts: name of the tier and the lowest score in it, in points.
        top: the highest value drawn on the first axes.
    """
    first = axes[0]
    left, right = first.get_xlim()
    names: dict[float, list[str]] = {}
    for name, at in cuts:
        if left <= at <= right:
            names.setdefault(float(at), []).append(name)
    per_point = (right - left) / max(room(first), 1.0)
    ends: list[float] = []
    placed: list[tuple[float, str, int, bool]] = []
    for at, together in sorted(names.items()):
        text = f"{cut(', '.join(together), _TIER_NAME, SMALL)} {points(at)}"
        length = (width(text, SMALL) + 8) * per_point
        leftwards = at + length > right
        start = at - length if leftwards else at
        row = next((number for number, end in enumerate(ends) if end <= start), len(ends))
        ends[row : row + 1] = [max(start + length, at)]
        placed.append((at, text, row, leftwards))
    low = first.get_ylim()[0]
    share = _TIER_ROW * len(ends) + (0.03 if ends else 0.05)
    first.set_ylim(low, low + (top - low) / (1 - share))
    for at, text, row, leftwards in placed:
        for each in axes:
            each.axvline(at, color=theme.muted, linewidth=1.1, linestyle=(0, (1, 2)), zorder=1.6)
        write(
            first,
            at,
            1 - _TIER_ROW * row,
            f"{text} " if leftwards else f" {text}",
            transform=first.get_xaxis_transform(),
            color=theme.muted,
            va="top",
            ha="right" if leftwards else "left",
            zorder=4,
            bbox={"facecolor": theme.paper, "edgecolor": "none", "pad": 0.5},
        )


def source_line(ax: Axes, theme: Theme, result: Backtest, *, drawn_here: bool, leads: str = "") -> None:
    """Below a figure of our own: which model, which part, how many leads.

    Args:
        ax: axes of the picture.
        theme: colours.
        result: what is drawn.
        drawn_here: whether the figure is our own; another's gets no line.
        leads: which leads are drawn, where it is not the judged part.
    """
    if drawn_here:
        version = "" if result.model_version is None else f" v{result.model_version}"
        whole = count(result.n) if result.leads == result.n else everybody(result)
        leads = leads or f"part: {result.part}, n = {whole}{converted(result.base_rate)}"
        below(ax, theme, f"{result.model_name}{version}, {leads}; 95 % intervals")


def converted(rate: float) -> str:
    """The share that converted as the end of a line; nothing where it is unknown."""
    return f", {percent(rate)} converted" if np.isfinite(rate) else ""


def below(ax: Axes, theme: Theme, text: str, *, size: float = SMALL) -> None:
    """A line at the foot of the figure."""
    figure = whole_figure(ax)
    line = figure.supxlabel(
        cut(text, float(figure.get_size_inches()[0]) * _POINTS - 24, size),
        x=0.012,
        ha="left",
        color=theme.muted,
        fontproperties=font(size),
    )
    line.set_parse_math(False)


def nothing(ax: Axes, theme: Theme, title: str, reason: str) -> Axes:
    """An empty picture that says why it is empty."""
    headline(ax, theme, title, (reason,))
    ax.grid(visible=False)
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)
    write(
        ax,
        0.5,
        0.5,
        wrapped(reason, room(ax) * 0.8),
        transform=ax.transAxes,
        color=theme.muted,
        ha="center",
        va="center",
        fontproperties=font(NORMAL),
    )
    return ax


def interval_bars(
    ax: Axes,
    x: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    color: str | Sequence[str],
) -> None:
    """Upright intervals, in one colour or each in its own; those without both ends are left out."""
    whole = np.isfinite(low) & np.isfinite(high)
    each = np.broadcast_to(np.asarray(color, dtype=object), whole.shape)
    ax.vlines(x[whole], low[whole], high[whole], colors=list(each[whole]), linewidth=1.6, zorder=3)


def whole_figure(ax: Axes) -> Figure:
    """The figure an axes stands in."""
    figure = ax.get_figure(root=True)
    if figure is None:
        raise CallError.at("ax", expected="axes of a figure", found="removed axes", remedy="Pass axes that are drawn.")
    return figure
