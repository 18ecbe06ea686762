"""How the points of a ledger add up to one score."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from workbench.drawing.arrays import fitting, together
from workbench.drawing.canvas import (
    EDGE,
    FIRST,
    INK,
    MUTED,
    SECOND,
    WIDTH,
    box,
    element,
    hatched,
    heading,
    key,
    message,
    number,
    sheet,
    stroke,
    words,
)
from workbench.drawing.drawing import Drawing
from workbench.drawing.lettering import clean, sentence
from workbench.drawing.scale import Floats, Scale, ends, signed
from workbench.drawing.scale import points as in_words

_LEFT, _RIGHT = 196.0, 404.0
_NUMBER = 456.0  # right end of the column of numbers
_TOP = 62.0
_ROW = 21.0
_HIGH = 13.0
_MOST_TOLD = 40
_ROUNDING = 5e-4  # half a thousandth of a point
_REST = "not in the lines above"


def draw_waterfall(
    labels: Sequence[str],
    points: ArrayLike,
    *,
    total: float,
    adjustments: Sequence[bool] | None = None,
    title: str = "",
) -> Drawing:
    """One bar a line of the ledger, each beginning where the one before ended, and the total at the end.

    Adjustments (caps, decay, rounding) are hatched, rules are filled; each line has its signed number. Lines that do
    not add up to the total get a hatched line for the rest, so that a picture never hides a difference.

    Args:
        labels: (l,) the lines, in the order in which they are paid.
        points: (l,) signed points.
        total: the score; NaN where a gate leaves none.
        adjustments: (l,) whether the line is an adjustment, not a rule; none is when left out.
        title: what is shown.

    Returns:
        The drawing, as tall as its lines need.

    Raises:
        CallError: labels, points and adjustments differ in length.
    """
    (steps,) = together(points=points)
    fitting(len(labels), steps)
    flags = np.zeros(len(steps)) if adjustments is None else np.asarray(adjustments, dtype=np.float64)
    steps, flags = together(points=steps, adjustments=flags)
    names = [clean(label) for label in labels]
    steps = np.nan_to_num(steps)
    rest = total - float(steps.sum())
    if abs(rest) > _ROUNDING:
        names, steps, flags = [*names, _REST], np.append(steps, rest), np.append(flags, 1.0)
    return _drawn(names, steps, flags.astype(bool).tolist(), total, title or "How the score adds up")


def _drawn(names: list[str], steps: Floats, flags: list[bool], total: float, title: str) -> Drawing:
    reached = np.r_[0.0, np.cumsum(steps)]
    across = Scale(*ends(float(reached.min()), float(reached.max())), _LEFT, _RIGHT)
    last = _TOP + _ROW * max(len(names), 1)
    finding = _finding(names, steps, total)
    parts = [heading(title, finding), key(_key(steps, flags), left=2), _zero(across, last)]
    for place, (name, flag) in enumerate(zip(names, flags, strict=True)):
        parts += _line(name, reached[place : place + 2].tolist(), flag, _TOP + _ROW * place, across)
    if not names:
        parts.append(message("no rule paid anything", _TOP + 15, left=_LEFT, right=_RIGHT))
    parts.append(_total(total, last, across))
    told = [f"{name} {signed(step)}" for name, step in zip(names, steps.tolist(), strict=True)]
    more = len(told) - _MOST_TOLD
    alt = sentence(title, finding, ", ".join(told[:_MOST_TOLD]), f"and {more} more lines" if more > 0 else "")
    return Drawing(sheet(parts, alt=alt, height=last + 34), title, alt)


def _key(steps: Floats, flags: list[bool]) -> list[tuple[str, str]]:
    items = [
        (element("path", d=box(1, -5, 14, 10), fill=FIRST, fill_opacity="0.85"), "adds"),
        (element("path", d=box(1, -5, 14, 10), fill=SECOND, fill_opacity="0.85"), "takes away"),
    ]
    if any(flags):
        items.append((stroke(box(1, -5, 14, 10) + hatched(1, -5, 14, 10), MUTED), "cap, decay or other adjustment"))
    return items if len(steps) else []


def _zero(across: Scale, last: float) -> str:
    x = number(across.at(0.0))
    return stroke(f"M{x},{number(_TOP)}V{number(last + 24)}", EDGE, class_="wb-zero")


def _line(name: str, reach: list[float], flag: bool, y: float, across: Scale) -> list[str]:
    begin, end = across.at(reach[0]), across.at(reach[1])
    step = reach[1] - reach[0]
    colour = FIRST if step >= 0 else SECOND
    left, wide, top = min(begin, end), max(abs(end - begin), 0.8), y + (_ROW - _HIGH) / 2
    d = box(left, top, wide, _HIGH)
    if flag:
        bar = stroke(d, colour, wide=1.2, class_="wb-adjustment") + stroke(hatched(left, top, wide, _HIGH), colour)
    else:
        bar = element("path", d=d, fill=colour, fill_opacity="0.85", class_="wb-bar")
    join = stroke(f"M{number(end)},{number(top + _HIGH)}v{number(_ROW - _HIGH)}", MUTED)
    base = y + _ROW / 2 + 4
    told = words(_NUMBER, base, signed(step), anchor="end")
    return [words(2, base, name, room=_LEFT - 14, colour=MUTED if flag else None), bar, join, told]


def _total(total: float, y: float, across: Scale) -> str:
    base = y + 4 + _ROW / 2 + 4
    rule = stroke(f"M2,{number(y + 2)}H{number(WIDTH - 2)}", EDGE)
    name = words(2, base, "score", bold=True)
    if math.isnan(total):
        return rule + name + words(_NUMBER, base, "no score", anchor="end", bold=True)
    begin, end = sorted((across.at(0.0), across.at(total)))
    bar = element(
        "path", d=box(begin, y + 4 + (_ROW - _HIGH) / 2, max(end - begin, 0.8), _HIGH), fill=INK, class_="wb-total"
    )
    return rule + name + bar + words(_NUMBER, base, in_words(total), anchor="end", bold=True)


def _finding(names: list[str], steps: Floats, total: float) -> str:
    if math.isnan(total):
        return f"No score; the lines alone come to {in_words(float(steps.sum()))}"
    score = f"Score {in_words(total)}"
    if not names or not steps.any():
        return f"{score}: no rule paid anything"
    order = np.argsort(-np.abs(steps), kind="stable")[:2]
    most = ", ".join(f"{names[place]} {signed(float(steps[place]))}" for place in order if steps[place])
    return f"{score}, most of it from {most}" if len(order) else score
