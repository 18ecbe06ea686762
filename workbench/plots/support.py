"""Which points are as good as the best, rule by rule, and where today's lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from workbench.plots.canvas import axis_names, below, headline, height, key, nothing, opened, whole_figure, write
from workbench.plots.lettering import NORMAL, SMALL, cut, font, wrapped
from workbench.plots.readings import numbers
from workbench.plots.theme import Theme, ThemeName, theme_named
from workbench.plots.wording import count, points

if TYPE_CHECKING:
    import pandas as pd

    from workbench.supporting import Support

_MOST_ROWS = 24
_THICK, _THIN, _PALE = 5.0, 2.0, 0.55  # of a bar, in points, and its opacity
_TEXT_LINE = 13.0  # points of a line of small text
_ROW_GAP = 7.0  # points between rows
_MOST_LINES = 2  # of a rule's name
_LABEL = 208.0  # points for a rule's name
_LEFT = _LABEL + 24.0  # points left of the axes
_RIGHT = 118.0  # points right of the axes, for the range in words
_HEAD = 53.0  # points above the axes for the key, besides the lines of the headline
_LINE = 16.0  # points of one such line
_FOOT = 62.0  # points below the axes
_LEAST_HEIGHT = 2.6  # inches
_SURE = 0.05


def plot_support(result: Support, /, *, ax: Axes | None = None, theme: ThemeName = "light") -> Axes:
    """The range of points that the data cannot tell from the best, one row a rule or case.

    Draws `result.rules`: a bar for each of the `pieces` (from `low` to `high` where nothing lies between), with an
    arrow where the end of the search is in it (`open_low`, `open_high`); a dot at `best`; an upright mark at today's
    `points`. Rows of which the data says nothing (`whole`, or nobody it holds for) are grey and thin, without a dot;
    where today's points lie outside beyond chance (`inside_adjusted`), or the sign disagrees, the row is in the second
    colour and its dot a diamond. A key names what is there; the range in words stands at the right.

    Args:
        result: what the data says of a model.
        ax: where to draw; a new figure, as tall as its rows need, when left out.
        theme: "light" or "dark".

    Returns:
        The axes; `get_label()` is the text alternative.
    """
    colours = theme_named(theme)
    rules = result.rules.head(_MOST_ROWS)
    names = _lettered(rules, None if ax is None else height(ax) / (len(rules) + 1))
    row = (max((len(name) for name in names), default=1) * _TEXT_LINE + _ROW_GAP) / 72
    frame = (_HEAD + _FOOT + 2 * _LINE) / 72
    top = opened(ax, colours, height=max(_LEAST_HEIGHT, frame + row * (len(rules) + 0.6)))[0]
    if rules.empty:
        return nothing(top, colours, f"{result.model_name}: no rules to look at", "The model has no rules.")
    reach = np.abs(result.lines["points"].to_numpy(dtype=np.float64)).max(initial=1.0)
    top.set_xlim(-reach * 1.06, reach * 1.06)
    top.set_ylim(len(rules) - 0.4, -0.9)
    top.set_yticks([])
    top.spines["left"].set_visible(False)
    top.axvline(0.0, color=colours.ink, linewidth=1.0, linestyle=(0, (5, 3)), zorder=1.5)
    top.grid(visible=False, axis="y")
    top.grid(visible=True, axis="x", color=colours.grid, linewidth=0.8)
    top.xaxis.set_major_locator(MaxNLocator(nbins=9, integer=True))
    _bars(top, colours, rules)
    _names(top, colours, names)
    right = top.get_yaxis_transform()
    for y, good in enumerate(_goods(rules)):
        write(top, 1.035, y, wrapped(good, _RIGHT - 24, SMALL, most=2), transform=right, color=colours.ink, va="center")
    axis_names(top, colours, x="points")
    key(top, colours, handles=_key(colours, rules))
    if ax is None:
        _margins(top, lines=1)  # how wide the axes are says where the title starts
    headline(top, colours, _finding(result), _details(rules), keyed=True, shift=0 if ax else _LEFT - 12)
    if ax is None:
        _margins(top, lines=top.get_title(loc="left").count("\n") + 1)
        below(top, colours, _foot(result, len(rules)), size=NORMAL)
    return top


def _silent(rules: pd.DataFrame) -> list[bool]:
    """Of which rows the data says nothing."""
    return [bool(whole) or n == 0 for whole, n in zip(rules["whole"], rules["n"], strict=True)]


def _apart(rules: pd.DataFrame) -> list[bool]:
    """Where today's points are told from the best, or the sign disagrees, beyond chance."""
    sure = zip(rules["inside"], rules["inside_adjusted"], rules["sign"], strict=True)
    return [(not inside and level <= _SURE) or sign == "disagrees" for inside, level, sign in sure]


def _bars(ax: Axes, theme: Theme, rules: pd.DataFrame) -> None:
    ends = (numbers(rules, name) for name in ("low", "high", "best", "points"))
    least, most = ax.get_xlim()
    states = zip(_silent(rules), _apart(rules), rules["open_low"], rules["open_high"], strict=True)
    for y, (low, high, best, today, (silent, apart, open_low, open_high)) in enumerate(zip(*ends, states, strict=True)):
        colour = theme.faint if silent else theme.second if apart else theme.first
        for first, last in rules["pieces"].iloc[y]:
            ax.hlines(y, first, last, color=colour, linewidth=_THIN if silent else _THICK, alpha=_PALE, zorder=2.5)
            if first == last:
                ax.plot([first], [y], marker="s", markersize=_THICK, color=colour, alpha=_PALE, linewidth=0, zorder=2.5)
        for is_open, at, marker in ((open_low, least, "<"), (open_high, most, ">")):
            if is_open:
                ax.hlines(
                    y, min(at, low), max(at, low), color=colour, linewidth=1.0, zorder=2.4
                ) if marker == "<" else (ax.hlines(y, high, at, color=colour, linewidth=1.0, zorder=2.4))
                ax.plot([at], [y], marker=marker, markersize=6, color=colour, clip_on=False, zorder=4)
        if not silent:
            ax.plot([best], [y], marker="D" if apart else "o", markersize=7, color=colour, clip_on=False, zorder=4)
        ax.plot([today], [y], marker="|", markersize=15, markeredgewidth=2.2, color=theme.ink, clip_on=False, zorder=5)


def _key(theme: Theme, rules: pd.DataFrame) -> list[Line2D]:
    """A word for every colour and mark that is there: bars with the best on them, then today's points."""
    silent = np.array(_silent(rules), dtype=bool)
    apart = np.array(_apart(rules), dtype=bool) & ~silent
    kinds = (
        (~silent & ~apart, theme.first, "o", "as good as the best (dot: best)"),
        (apart, theme.second, "D", "the same, but today's are wrong"),
        (silent, theme.faint, "", "data says nothing"),
    )
    bars = [
        Line2D([], [], color=colour, linewidth=_THICK if marker else _THIN, marker=marker, markersize=7, label=words)
        for there, colour, marker, words in kinds
        if there.any()
    ]
    mark = Line2D([], [], color=theme.ink, marker="|", markersize=12, markeredgewidth=2.2, linewidth=0, label="today")
    return [*bars, mark]


def _goods(rules: pd.DataFrame) -> list[str]:
    told = zip(rules["n"], rules["good"], strict=True)
    return ["holds for nobody" if n == 0 else str(good) for n, good in told]


def _lettered(rules: pd.DataFrame, room: float | None) -> list[list[str]]:
    """The lines of each rule's name."""
    most = _MOST_LINES if room is None else max(1, min(_MOST_LINES, int(room // _TEXT_LINE)))
    return [wrapped(str(name), _LABEL, SMALL, bold=True, most=most).split("\n") for name in rules["name"]]


def _names(ax: Axes, theme: Theme, names: list[list[str]]) -> None:
    for y, lines in enumerate(names):
        ax.annotate(
            "\n".join(lines),
            (0, y),
            xycoords=ax.get_yaxis_transform(),
            xytext=(-12, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            multialignment="right",
            linespacing=1.1,
            color=theme.ink,
            fontproperties=font(SMALL, bold=True),
            parse_math=False,
            annotation_clip=False,
        )


def _margins(ax: Axes, *, lines: int) -> None:
    """Fixed margins: a long name must not squeeze the axes, and the headline starts above the names."""
    figure = whole_figure(ax)
    figure.set_layout_engine("none")
    across, up = (float(inches) * 72 for inches in figure.get_size_inches())
    wide = across - _LEFT - _RIGHT
    ax.set_position((_LEFT / across, _FOOT / up, wide / across, 1 - (_FOOT + _HEAD + _LINE * (lines - 1)) / up))
    shown = ax.get_legend()
    if shown is not None:
        shown.set_bbox_to_anchor((-(_LEFT - 12) / wide, 1.0), transform=ax.transAxes)


def _finding(result: Support) -> str:
    rules = result.rules
    apart, silent = _apart(rules), sum(_silent(rules))
    names = [cut(str(name), 260, SMALL, bold=True) for name, out in zip(rules["name"], apart, strict=True) if out]
    what = "rule or case" if len(rules) == 1 else "rules and cases"
    if not names:
        start = f"none of {len(rules)} {what} has points that the data tells from the best"
    elif len(names) <= 2:
        start = f"the points of {' and '.join(names)} are not among the best"
    else:
        start = f"the points of {names[0]} and {len(names) - 1} more are not among the best"
    return f"{result.model_name}: {start}" + (f"; of {silent} it says nothing" if silent else "")


def _details(rules: pd.DataFrame) -> list[str]:
    best = numbers(rules, "best")
    today = numbers(rules, "points")
    rows = zip(rules["name"], today, _goods(rules), best, _silent(rules), strict=True)
    return [
        f"{name} {points(float(own))}: {good}" + ("" if silent else f", best {points(float(at))}")
        for name, own, good, at, silent in rows
    ]


def _foot(result: Support, drawn: int) -> str:
    shown = f"the first {drawn} of {len(result.rules)} drawn; " if len(result.rules) > drawn else ""
    return (
        f"{shown}{count(result.n)} observations, {count(result.converted)} converted, {result.part}; "
        f"judged by {result.objective}, the rest of the model as it is; 95 %"
    )
