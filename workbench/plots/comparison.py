"""Champion and challengers side by side: what each figure changes by, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullLocator

from workbench.plots.canvas import axis_names, below, headline, nothing, opened, whole_figure, write
from workbench.plots.lettering import NORMAL, SMALL, cut, font
from workbench.plots.readings import numbers
from workbench.plots.theme import Theme, ThemeName, theme_named
from workbench.plots.wording import count, several

if TYPE_CHECKING:
    import pandas as pd

    from workbench.comparing import Comparison

_NAMES = {
    "auc": "AUC",
    "lift_10": "lift of the best 10 %",
    "captured": "conversions, equal capacity",
    "value": "net value, equal capacity",
}
_DECIMALS = {"score": 3, "ratio": 2, "conversions": 1, "money": 0}
_ROW = 26.0  # points that one line takes
_LEFT = 186.0  # points left of the axes, for names
_RIGHT = 232.0  # points right of the axes, for numbers and verdicts
_HEAD = 30.0  # points above the axes, besides the lines of the headline
_LINE = 16.0  # points of one such line
_FOOT = 62.0  # points below the axes
_LEAST_HEIGHT = 3.0  # inches
_MOST = 5  # challengers that are drawn
_SURE = ("better", "worse")


def plot_comparison(result: Comparison, /, *, ax: Axes | None = None, theme: ThemeName = "light") -> Axes:
    """What each figure changes by when a challenger takes the champion's place, with its interval.

    Draws `change` and its ends of `result.figures` (of several challengers the ends and verdicts that hold for all at
    once). Every figure has a scale of its own, so that its widest interval fills the axes; the upright line is no
    difference, the numbers stand at the right. Filled diamonds are better or worse for sure, hollow circles are not
    enough evidence. Of more than five challengers those with the highest AUC are drawn.

    Args:
        result: a comparison.
        ax: where to draw; a new figure, as tall as its rows need, when left out.
        theme: "light" or "dark".

    Returns:
        The axes; `get_label()` is the text alternative.
    """
    colours = theme_named(theme)
    rows = _rows(result)
    lines = len(rows) + (rows["figure"].nunique() if result.several else 0)
    tall = max(_LEAST_HEIGHT, (_HEAD + 2 * _LINE + _FOOT + _ROW * lines) / 72)
    top = opened(ax, colours, height=tall)[0]
    if not np.isfinite(numbers(rows, "change")).any():
        return nothing(top, colours, "Nothing to compare", "Without both outcomes no figure can be told.")
    if ax is None:
        _margins(top, lines=2)
    top.set_xlim(-1.08, 1.08)
    top.set_ylim(lines - 0.4, -0.7)
    top.set_yticks([])
    top.spines["left"].set_visible(False)
    top.grid(visible=False)
    top.axvline(0.0, color=colours.ink, linewidth=1.2, linestyle=(0, (5, 3)), zorder=1.5)
    _draw(top, colours, rows, several_of_them=result.several)
    top.xaxis.set_major_locator(FixedLocator([0]))
    top.xaxis.set_minor_locator(NullLocator())
    top.set_xticklabels(["no difference"])
    axis_names(top, colours, x="worse   ←   each figure on a scale of its own   →   better")
    headline(top, colours, _finding(result), _details(rows), shift=0 if ax else _LEFT - 12)
    if ax is None:
        _margins(top, lines=top.get_title(loc="left").count("\n") + 1)
        below(top, colours, _foot(result, rows), size=SMALL)
    return top


def _rows(result: Comparison) -> pd.DataFrame:
    """The figures that are drawn, with `low`, `high` and `verdict` as they hold."""
    frame = result.figures
    order = frame[frame["figure"] == "auc"].sort_values("change", ascending=False, kind="stable")["model"]
    drawn = list(order.head(_MOST)) if result.several else list(result.challengers)
    frame = frame[frame["model"].isin(drawn)]
    if result.several:
        frame = frame.drop(columns=["low", "high", "verdict"]).rename(
            columns={"adjusted_low": "low", "adjusted_high": "high", "adjusted_verdict": "verdict"}
        )
    places = {name: place for place, name in enumerate(drawn)}
    figures = {name: place for place, name in enumerate(dict.fromkeys(frame["figure"]))}
    at = frame["figure"].map(figures).to_numpy() * len(places) + frame["model"].map(places).to_numpy()
    return frame.iloc[np.argsort(at, kind="stable")].reset_index(drop=True)


def _draw(ax: Axes, theme: Theme, rows: pd.DataFrame, *, several_of_them: bool) -> None:
    y = 0
    across = ax.get_yaxis_transform()
    for figure, group in rows.groupby("figure", sort=False):
        ends = np.abs(np.concatenate([numbers(group, name) for name in ("change", "low", "high")]))
        scale = float(np.nanmax(ends, initial=0.0)) or 1.0
        name = _NAMES.get(str(figure), str(figure))
        if several_of_them:
            _named(ax, y, name, theme.ink, bold=True)
            y += 1
        for _, row in group.iterrows():
            _mark(ax, theme, row, y, scale)
            label = cut(str(row["model"]), _LEFT - 30, NORMAL) if several_of_them else name
            _named(ax, y, label, theme.ink if not several_of_them else theme.muted, bold=not several_of_them)
            told = f"{_signed(row['change'], row['unit'])}  [{_ends(row)}]"
            write(ax, 1.02, y - 0.2, told, transform=across, color=theme.ink, ha="left", va="center")
            write(ax, 1.02, y + 0.24, _told(row), transform=across, color=theme.muted, ha="left", va="center")
            y += 1


def _named(ax: Axes, y: int, text: str, colour: str, *, bold: bool) -> None:
    ax.annotate(
        text,
        (0, y),
        xycoords=ax.get_yaxis_transform(),
        xytext=(-10, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        color=colour,
        fontproperties=font(NORMAL, bold=bold),
        parse_math=False,
        annotation_clip=False,
    )


def _mark(ax: Axes, theme: Theme, row: pd.Series, y: int, scale: float) -> None:
    sure = row["verdict"] in _SURE
    colour = theme.second if sure else theme.faint if row["verdict"] == "same" else theme.first
    if np.isfinite(row["low"]) and np.isfinite(row["high"]):
        ax.hlines(y, row["low"] / scale, row["high"] / scale, color=colour, linewidth=2.0, zorder=3)
    if np.isfinite(row["change"]):
        ax.plot(
            [row["change"] / scale],
            [y],
            marker="D" if sure else "o",
            markersize=7,
            color=colour,
            markerfacecolor=colour if sure else theme.paper,
            markeredgewidth=1.6,
            linestyle="none",
            zorder=4,
        )


def _margins(ax: Axes, *, lines: int) -> None:
    """Fixed margins: names at the left and numbers at the right must not squeeze the axes."""
    figure = whole_figure(ax)
    figure.set_layout_engine("none")
    across, up = (float(inches) * 72 for inches in figure.get_size_inches())
    ax.set_position(
        (_LEFT / across, _FOOT / up, 1 - (_LEFT + _RIGHT) / across, 1 - (_FOOT + _HEAD + _LINE * lines) / up)
    )


def _signed(value: float, unit: str) -> str:
    if np.isnan(value):
        return "unknown"
    decimals = _DECIMALS.get(unit, 3)
    if round(value, decimals) == 0:
        return "0"
    return f"{value:+,.{decimals}f}".replace("-", "−")


def _ends(row: pd.Series) -> str:
    if np.isnan(row["low"]) or np.isnan(row["high"]):
        return "no interval"
    return f"{_signed(row['low'], row['unit'])} to {_signed(row['high'], row['unit'])}"


def _told(row: pd.Series) -> str:
    """The verdict, and what it would take to know more."""
    more = float(row["leads_needed"])
    if row["verdict"] != "not enough evidence" or np.isnan(more) or more == 0:
        return str(row["verdict"])
    if np.isinf(more):
        return f"{row['verdict']}, more leads would not tell"
    return f"{row['verdict']}, {count(float(f'{more:.2g}'))} more needed"


def _finding(result: Comparison) -> str:
    best, champion = result.best, result.champion
    said = result.verdict(best)
    which = f"Of {len(result.challengers)} challengers, {best}" if result.several else best
    if said == "same":
        return f"{which} ranks every lead as {champion} does"
    row = result.figures[(result.figures["figure"] == "auc") & (result.figures["model"] == best)].iloc[0]
    change = f"AUC {row['champion']:.3f} to {row['challenger']:.3f}"
    if said in _SURE:
        first = "has the highest AUC and " if result.several else ""
        return f"{which} {first}ranks {said} than {champion}: {change}"
    one = "any challenger" if result.several else best
    return f"There is not enough evidence that {one} ranks better or worse than {champion}: {change}"


def _details(rows: pd.DataFrame) -> list[str]:
    return [
        f"{row['model']}, {_NAMES.get(row['figure'], row['figure'])}: {_signed(row['change'], row['unit'])} "
        f"({_ends(row)}), {_told(row)}"
        for _, row in rows.iterrows()
    ]


def _foot(result: Comparison, rows: pd.DataFrame) -> str:
    drawn = rows["model"].nunique()
    some = f"; {drawn} of {len(result.challengers)} challengers drawn" if drawn < len(result.challengers) else ""
    kind = f"{100 * result.confidence:g} % intervals" + (" for all challengers at once" if result.several else "")
    who = several(result.n, "lead" if result.leads == result.n else "observation")
    worked = f"capacity {count(result.capacity_leads)}"
    return f"{kind}{some}; {result.part}: {who}, {count(result.converted)} converted; {worked}"
