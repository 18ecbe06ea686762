"""What two groups have in common, and what sets them apart: ratios with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from workbench.drawing.arrays import fitting, together
from workbench.drawing.canvas import (
    FAINT,
    FIRST,
    GRID,
    INK,
    MUTED,
    PAPER,
    WIDTH,
    element,
    heading,
    message,
    number,
    sheet,
    stroke,
    words,
)
from workbench.drawing.drawing import Drawing
from workbench.drawing.lettering import SIZE, clean, cut, escaped, sentence, two_lines, width
from workbench.drawing.scale import Scale, compact, count, times

FEWEST = 20
_LEFT, _RIGHT = 206.0, 352.0
_RATIO, _N = 404.0, 456.0  # right ends of the columns of numbers
_ROOM = _LEFT - 12  # of a label
_HEAD = 56.0
_TOP = 64.0
_ROW = 20.0
_TALL = 33.0  # of a row whose label takes two lines
_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
_LEAST, _MOST = 0.5, 2.0  # the axis reaches at least so far
_MOST_TOLD = 24


@dataclass(frozen=True)
class _Row:
    label: str
    ratio: float
    low: float
    high: float
    n: float
    enough: bool

    @property
    def held(self) -> bool:
        """Whether there is an interval."""
        return math.isfinite(self.low) and not math.isnan(self.high)


def draw_ratios(
    labels: Sequence[str],
    ratio: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    n: ArrayLike,
    *,
    enough: ArrayLike | None = None,
    title: str = "",
) -> Drawing:
    """A row for each feature: its ratio with the interval on a logarithmic axis, 1 marked, and the numbers beside.

    Rows with few leads are hollow and grey. An interval that goes on beyond the axis ends in an arrow.

    Args:
        labels: (r,) what each row is about, in the order in which they are drawn from the top.
        ratio: (r,) how many times as often; NaN where unknown.
        low: (r,) lower end of the 95 % interval; NaN for none.
        high: (r,) upper end; may be infinite.
        n: (r,) number of leads behind it.
        enough: (r,) whether they are enough to judge; n of at least 20 when left out.
        title: what is shown.

    Returns:
        The drawing, as tall as its rows need.

    Raises:
        CallError: the arrays differ in length.
    """
    figures = together(ratio=ratio, low=low, high=high, n=n)
    fitting(len(labels), figures[0])
    judged = figures[3] >= FEWEST if enough is None else together(n=n, enough=enough)[1].astype(bool)
    columns = [each.tolist() for each in (*figures, judged)]
    rows = [_Row(clean(label), *row) for label, *row in zip(labels, *columns, strict=True)]
    name, finding = title or "What these have in common", _finding(rows)
    feet = [_TOP, *(_TOP + np.cumsum([_height(row) for row in rows])).tolist()]
    bottom = max(feet[-1], _TOP + 2 * _ROW) + 4
    ticks = _ticks(rows)
    across = Scale(math.log(ticks[0]), math.log(ticks[-1]), _LEFT, _RIGHT)
    parts = [heading(name, finding), _heads(rows), _grid(ticks, across, bottom)]
    for row, head, foot in zip(rows, feet, feet[1:], strict=False):
        parts += _row(row, (head + foot) / 2, across)
    if not rows:
        parts.append(message("nothing to compare", (_TOP + bottom) / 2, left=_LEFT, right=_RIGHT))
    told = [_told(row) for row in rows]
    more = len(rows) - _MOST_TOLD
    alt = sentence(name, finding, *told[:_MOST_TOLD], f"and {more} more" if more > 0 else "")
    return Drawing(sheet(parts, alt=alt, height=bottom + 38), name, alt)


def _ticks(rows: list[_Row]) -> list[float]:
    """Round ratios that cover all estimates, and all intervals that are within reason."""
    drawn = [row.ratio for row in rows if row.ratio > 0 and math.isfinite(row.ratio)]
    sure = [end for row in rows if row.enough and row.held for end in (row.low, row.high) if 0 < end < math.inf]
    low, high = min([_LEAST, *drawn, *sure]), max([_MOST, *drawn, *sure])
    first = max((place for place, tick in enumerate(_TICKS) if tick <= low * (1 + 1e-9)), default=0)
    last = min((place for place, tick in enumerate(_TICKS) if tick >= high * (1 - 1e-9)), default=len(_TICKS) - 1)
    return list(_TICKS[first : last + 1])


def _heads(rows: list[_Row]) -> str:
    told = words(_RATIO, _HEAD, "ratio", anchor="end") + words(_N, _HEAD, "n", anchor="end")
    if not all(row.enough for row in rows):
        hollow = element("circle", cx=7, cy=_HEAD - 4, r=4, fill=PAPER, stroke=FAINT, stroke_width=1.5)
        told += hollow + words(16, _HEAD, "few: not enough evidence")
    return element("g", told, fill=MUTED)


def _grid(ticks: list[float], across: Scale, bottom: float) -> str:
    lines = "".join(f"M{number(across.at(math.log(tick)))},{number(_TOP)}V{number(bottom)}" for tick in ticks)
    even = number(across.at(0.0))
    labels, taken = [], list[tuple[float, float]]()
    for tick in sorted(ticks, key=lambda tick: (abs(math.log(tick)) > 0, -abs(math.log(tick)))):
        text = f"{tick:g}x"
        x, half = across.at(math.log(tick)), width(text) / 2
        if all(x + half + 4 < left or right + 4 < x - half for left, right in taken):
            labels.append(words(x, bottom + 15, text, anchor="middle"))
            taken.append((x - half, x + half))
    told = words(_LEFT, bottom + 32, "◂ less", colour=MUTED) + words(
        _RIGHT, bottom + 32, "more ▸", anchor="end", colour=MUTED
    )
    return (
        stroke(lines, GRID)
        + stroke(f"M{even},{number(_TOP - 4)}V{number(bottom + 3)}", INK, wide=1.2, dash="4 3", class_="wb-even")
        + element("g", "".join(labels), fill=MUTED)
        + told
    )


def _height(row: _Row) -> float:
    return _TALL if two_lines(row.label, _ROOM)[1] else _ROW


def _label(row: _Row, y: float) -> str:
    """The label on one line or two; one that is cut even so is told whole on hovering."""
    first, second = two_lines(row.label, _ROOM)
    lines = [(first, y + 4)] if not second else [(first, y - 3), (second, y + 11)]
    told = "".join(words(2, base, text) for text, base in lines)
    hover = element("title", escaped(row.label)) if f"{first} {second}".strip() != row.label else ""
    return element("g", told + hover, fill=INK if row.enough else MUTED)


def _row(row: _Row, y: float, across: Scale) -> list[str]:
    colour = None if row.enough else MUTED
    parts = [_label(row, y)]
    if math.isnan(row.ratio):
        parts.append(words((_LEFT + _RIGHT) / 2, y + 4, "too few to say", anchor="middle", colour=MUTED, halo=True))
    else:
        parts += [_interval(row, y, across), _dot(row, y, across)]
    ratio = "" if math.isnan(row.ratio) else times(row.ratio)
    parts.append(words(_RATIO, y + 4, ratio, anchor="end", colour=colour))
    parts.append(words(_N, y + 4, compact(row.n), anchor="end", colour=colour))
    return parts


def _place(ratio: float, across: Scale) -> float:
    return across.at(math.log(ratio) if 0 < ratio < math.inf else -math.inf if ratio <= 0 else math.inf)


def _interval(row: _Row, y: float, across: Scale) -> str:
    if not row.held:
        return ""
    low, high, half = _place(row.low, across), _place(row.high, across), number(y)
    begin, end = math.exp(across.low) * (1 - 1e-9), math.exp(across.high) * (1 + 1e-9)
    left = f"M{number(low + 4)},{number(y - 4)}l-4,4l4,4" if row.low < begin else ""
    right = f"M{number(high - 4)},{number(y - 4)}l4,4l-4,4" if row.high > end else ""
    line = f"M{number(low)},{half}H{number(high)}{left}{right}"
    return stroke(line, FIRST if row.enough else FAINT, wide=2.0 if row.enough else 1.3, class_="wb-interval")


def _dot(row: _Row, y: float, across: Scale) -> str:
    """A disc, or where the ratio lies beyond the axis a triangle that points there."""
    x = _place(row.ratio, across)
    beyond = (x >= _RIGHT and row.ratio > _TICKS[-1]) - (x <= _LEFT and row.ratio < _TICKS[0])
    if beyond:
        d = f"M{number(x + 6 * beyond)},{number(y)}l{-8 * beyond},-5v10Z"
        return element("path", d=d, fill=FIRST if row.enough else FAINT, class_="wb-beyond")
    if row.enough:
        return element("circle", cx=x, cy=y, r=4.5, fill=FIRST, class_="wb-mark")
    return element("circle", cx=x, cy=y, r=4, fill=PAPER, stroke=FAINT, stroke_width=1.5, class_="wb-mark")


def _between(row: _Row) -> str:
    return f" ({times(row.low)} to {times(row.high)})" if row.held else ""


def _told(row: _Row) -> str:
    if math.isnan(row.ratio):
        return f"{row.label}: too few to say"
    return f"{row.label}: {times(row.ratio)}{_between(row)}, n {count(row.n)}{'' if row.enough else ', few'}"


def _finding(rows: list[_Row]) -> str:
    """The row whose interval stands farthest from 1."""
    if not rows:
        return "There is nothing to compare"
    clear = [row for row in rows if row.enough and row.held and not row.low <= 1 <= row.high and row.ratio > 0]
    if not clear:
        return "Nothing stands out beyond chance"
    best = max(clear, key=lambda row: abs(math.log(row.ratio)) if math.isfinite(row.ratio) else math.inf)
    told = f": {times(best.ratio)} as often{_between(best)}"
    return f"{_shortened(best.label, WIDTH - 4 - width(told))}{told}"


def _shortened(label: str, room: float) -> str:
    return cut(label, max(room, 5 * SIZE))
