"""Which rules set the wrongly judged leads apart from the rightly judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from workbench.plots.canvas import axis_names, below, headline, height, nothing, opened, whole_figure, write
from workbench.plots.lettering import LARGE, NORMAL, SMALL, cut, font, width, wrapped
from workbench.plots.readings import numbers
from workbench.plots.theme import Theme, ThemeName, theme_named
from workbench.plots.wording import count, percent, points, span, times

if TYPE_CHECKING:
    import pandas as pd

    from workbench.backtesting import Errors

_MOST_ROWS = 10
_TEXT_LINE = 13.0  # points of a line of small text
_ROW_GAP = 6.0  # points between rows
_MOST_LINES = 2  # of a rule's name, and of its reason
_FRAME_HEIGHT = 1.9  # inches for headline, axis and foot
_LABEL = 232.0  # points for a rule's name and reason
_LEFT = _LABEL + 24.0  # points left of the axes
_NAME = 900.0  # points that a rule's name may take in the headline
_RIGHT = 100.0  # points right of the axes, for the two rates
_HEAD = 14.0  # points above the axes, besides the lines of the headline
_LINE = 16.0  # points of one such line
_FOOT = 58.0  # points below the axes
_LEAST_HEIGHT = 3.0  # inches
_WIDEST = 64.0  # ratios beyond this or its inverse are drawn as arrows at the edge
_TICKS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_FEW_TICKS = (0.02, 0.1, 0.3, 1.0, 3.0, 10.0, 50.0)
_WIDE = 60.0  # from this ratio of the ends of the axis on, the few ticks are used
_KINDS = {"false_positive": "False positives", "false_negative": "False negatives"}


def plot_errors(result: Errors, /, *, ax: Axes | None = None, theme: ThemeName = "light") -> Axes:
    """Rules that fire more, or less, often among the wrongly judged leads than among the rightly judged.

    Draws `result.rules`: a dot at `ratio` with a line from `ratio_low` to `ratio_high` on a logarithmic axis, where 1
    is no difference; the rule's points and its reason (`why`) stand beside it, the two rates at the right. The
    rules that stand out most are on top; at most ten are drawn. Rules with `enough` false are grey and hollow.

    Args:
        result: the errors of a backtest, of one kind.
        ax: where to draw; a new figure, as tall as its rows need, when left out.
        theme: "light" or "dark".

    Returns:
        The axes; `get_label()` is the text alternative.
    """
    colours = theme_named(theme)
    kind = _KINDS.get(result.kind, result.kind)
    rules = _ranked(_worded(result.rules))
    shown = rules.head(_MOST_ROWS)
    names = _lettered(shown, None if ax is None else height(ax) / (len(shown) + 0.7))
    row = (max((len(rule) + len(why) for rule, why in names), default=2) * _TEXT_LINE + _ROW_GAP) / 72
    top = opened(ax, colours, height=max(_LEAST_HEIGHT, _FRAME_HEIGHT + row * len(shown)))[0]
    at = f" at {result.tier}" if result.tier else ""
    if result.n == 0:
        return nothing(top, colours, f"No {kind.lower()}{at}", "Nobody in this part was judged wrongly in this way.")
    if shown.empty:
        return nothing(
            top, colours, f"{kind}{at}: no rule to show", f"There are {count(result.n)}; no rule was counted."
        )
    if ax is None:
        _margins(top, lines=1)
    low, high = _reach(shown)
    top.set_xscale("log")
    top.set_xlim(low, high)
    top.set_ylim(len(shown) - 0.4, -1.1)
    top.set_yticks([])
    top.spines["left"].set_visible(False)
    top.axvline(1.0, color=colours.ink, linewidth=1.2, linestyle=(0, (5, 3)), zorder=1.5)
    _ratios(top, colours, shown, low, high)
    _names(top, colours, names)
    _shares(top, colours, shown)
    _ticks(top, colours)
    axis_names(top, colours, x="times as often as among the rightly judged (1x: no difference)")
    headline(top, colours, f"{kind}{at}: {_finding(rules)}", _details(shown), shift=0 if ax else _LEFT - 12)
    if ax is None:
        _margins(top, lines=top.get_title(loc="left").count("\n") + 1)
        below(top, colours, _foot(result, kind, len(rules), len(shown)), size=NORMAL)
    return top


def _ranked(rules: pd.DataFrame) -> pd.DataFrame:
    """Judged rules first; of these the ones that fire more often, then less often, then alike, the surest on top."""
    enough = rules["enough"].to_numpy(dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        above = np.nan_to_num(np.log(numbers(rules, "ratio_low")), nan=-np.inf)
        under = np.nan_to_num(-np.log(numbers(rules, "ratio_high")), nan=-np.inf)
    group = np.select([~enough, above > 0, under > 0], [3, 0, 1], default=2)
    return rules.iloc[np.lexsort((-np.fmax(above, under), group))]


def _margins(ax: Axes, *, lines: int) -> None:
    """Fixed margins: a long reason must not squeeze the axes, and the headline starts above the names."""
    figure = whole_figure(ax)
    figure.set_layout_engine("none")
    across, up = (float(inches) * 72 for inches in figure.get_size_inches())
    ax.set_position(
        (_LEFT / across, _FOOT / up, 1 - (_LEFT + _RIGHT) / across, 1 - (_FOOT + _HEAD + _LINE * lines) / up)
    )


def _reach(rules: pd.DataFrame) -> tuple[float, float]:
    ends = np.concatenate([numbers(rules, name) for name in ("ratio", "ratio_low", "ratio_high")])
    ends = np.clip(ends[~np.isnan(ends)], 1 / _WIDEST, _WIDEST)
    return float(min(0.45, ends.min(initial=1.0) / 1.15)), float(max(2.2, ends.max(initial=1.0) * 1.15))


def _ratios(ax: Axes, theme: Theme, rules: pd.DataFrame, least: float, most: float) -> None:
    enough = rules["enough"].to_numpy(dtype=bool)
    ends = (numbers(rules, name) for name in ("ratio", "ratio_low", "ratio_high"))
    for y, (ratio, low, high, fine) in enumerate(zip(*ends, enough, strict=True)):
        apart = fine and (low > 1 or high < 1)
        colour = theme.faint if not fine else theme.second if apart else theme.first
        if np.isnan(ratio):
            write(ax, 1.0, y, "too few to say", color=theme.muted, ha="center", va="center", bbox=_ground(theme))
            continue
        if np.isfinite(low) and not np.isnan(high):
            ax.hlines(y, max(low, least), min(high, most), color=colour, linewidth=1.8, zorder=3)
        marker = "<" if ratio < least else ">" if ratio > most else "D" if apart else "o"
        face = colour if fine else theme.paper
        place = ([float(np.clip(ratio, least, most))], [y])
        ax.plot(*place, marker=marker, markersize=7, color=colour, markerfacecolor=face, clip_on=False, zorder=4)


def _ground(theme: Theme) -> dict[str, object]:
    return {"facecolor": theme.paper, "edgecolor": "none", "pad": 1.5}


def _lettered(rules: pd.DataFrame, height: float | None) -> list[tuple[list[str], list[str]]]:
    """The lines of each rule's name with its points, and those of its reason.

    Args:
        rules: the rules drawn.
        height: points there are for one rule; None where the figure will be as tall as its rules need.
    """
    most = 2 * _MOST_LINES if height is None else max(2, int(height // _TEXT_LINE))
    lettered = []
    for _, row in rules.iterrows():
        worth = _worth(row)
        place = _LABEL - width(worth, SMALL, bold=True)
        reason = wrapped(row["reason"], _LABEL, SMALL, most=min(_MOST_LINES, most - 1)).split("\n")
        reason = reason if row["reason"] else []
        left = min(_MOST_LINES, most - len(reason))
        name = wrapped(row["name"], place, SMALL, bold=True, most=left).split("\n")
        lettered.append(([*name[:-1], name[-1] + worth], reason))
    return lettered


def _names(ax: Axes, theme: Theme, names: list[tuple[list[str], list[str]]]) -> None:
    """Rule and points, and the reason in small grey below, left of the axes."""
    for y, (rule, why) in enumerate(names):
        for lines, lift, colour, bold in (
            (rule, len(why) * _TEXT_LINE / 2, theme.ink, True),
            (why, -len(rule) * _TEXT_LINE / 2, theme.muted, False),
        ):
            if lines:
                ax.annotate(
                    "\n".join(lines),
                    (0, y),
                    xycoords=ax.get_yaxis_transform(),
                    xytext=(-10, lift),
                    textcoords="offset points",
                    ha="right",
                    va="center",
                    multialignment="right",
                    linespacing=1.15,
                    color=colour,
                    fontproperties=font(SMALL, bold=bold),
                    parse_math=False,
                    annotation_clip=False,
                )


def _worded(rules: pd.DataFrame) -> pd.DataFrame:
    """The rules with their `name`, which has the case only where a rule has several, and their `reason`.

    A rule that gives no reason is explained by its condition.
    """
    several = rules["rule"].duplicated(keep=False).to_numpy(dtype=bool)
    names, reasons = [], []
    for many, rule, case, why in zip(several, rules["rule"], rules["case"], rules["why"], strict=True):
        names.append(f"{_text(rule)} [{_text(case)}]" if many and _text(case) else _text(rule))
        reasons.append(_text(why) or _text(case))
    return rules.assign(name=names, reason=reasons)


def _rule(row: pd.Series) -> str:
    return f"{row['name']}{_worth(row)}"


def _worth(row: pd.Series) -> str:
    """The points with their sign, after a space; nothing where there are none."""
    if row["points"] is None or np.isnan(row["points"]):
        return ""
    return f" {'+' if row['points'] > 0 else ''}{points(float(row['points']))}".replace("-", "−")


def _text(value: object) -> str:
    """A cell as text; a missing one is empty."""
    return value.strip() if isinstance(value, str) else "" if value is None or value != value else str(value)


def _shares(ax: Axes, theme: Theme, rules: pd.DataFrame) -> None:
    """The two rates as numbers, right of the axes."""
    right = ax.get_yaxis_transform()
    write(ax, 1.02, -0.8, "wrong / right", transform=right, color=theme.muted, ha="left", va="center")
    for y, (_, row) in enumerate(rules.iterrows()):
        pair = f"{percent(row['rate_wrong'])} / {percent(row['rate_right'])}"
        write(ax, 1.02, y, pair, transform=right, color=theme.ink, ha="left", va="center")


def _ticks(ax: Axes, theme: Theme) -> None:
    low, high = ax.get_xlim()
    chosen = _TICKS if high / low < _WIDE else _FEW_TICKS
    ax.xaxis.set_major_locator(FixedLocator([tick for tick in chosen if low <= tick <= high]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}x"))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x", color=theme.grid, linewidth=0.8)


def _finding(rules: pd.DataFrame) -> str:
    judged = rules[rules["enough"].to_numpy(dtype=bool)]
    if judged.empty:
        return f"not enough evidence on {'the one rule' if len(rules) == 1 else f'any of {_looked_at(rules)}'}"
    first = judged.iloc[0]
    if not (first["ratio_low"] > 1 or first["ratio_high"] < 1):
        which = "no rule" if len(rules) == 1 else f"none of {_looked_at(rules)}"
        return f"{which} sets them apart by more than chance"
    name = cut(first["name"], _NAME, LARGE, bold=True)
    name = name if len(rules) == 1 else f"of {_looked_at(rules)}, {name}"
    if first["hit_right"] == 0:
        return f"{name} fires for {percent(first['rate_wrong'])} of them, and for none of the rightly judged"
    only = "only " if first["ratio"] < 1 else ""
    return f"{name} fires {only}{times(first['ratio'])} as often as among the rightly judged"


def _looked_at(rules: pd.DataFrame) -> str:
    return f"{count(len(rules))} rules and cases"


def _details(rules: pd.DataFrame) -> list[str]:
    told = []
    for _, row in rules.iterrows():
        between = span(times(row["ratio_low"]), times(row["ratio_high"]))
        why = f" - {row['reason']}" if row["reason"] else ""
        few = "" if row["enough"] else ", too few to judge"
        told.append(f"{_rule(row)}{why}: {times(row['ratio'])} ({between}){few}")
    return told


def _foot(result: Errors, kind: str, rules: int, drawn: int) -> str:
    shown = f"{drawn} of {rules} rules and cases drawn" if rules > drawn else f"all {rules} rules and cases drawn"
    return f"{count(result.n)} {kind.lower()}; {shown if rules > 1 else '1 rule'}; 95 % intervals, each by itself"
