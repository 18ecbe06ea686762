"""What calling the best-ranked first finds."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from workbench.drawing.arrays import thinned, together
from workbench.drawing.canvas import (
    DOTTED,
    FIRST,
    HEIGHT,
    INK,
    LEFT,
    MUTED,
    RIGHT,
    WIDTH,
    axis_name,
    broken,
    element,
    heading,
    key,
    levels,
    line_sample,
    marks,
    message,
    number,
    sheet,
    stroke,
    words,
)
from workbench.drawing.drawing import Drawing, Frame
from workbench.drawing.lettering import sentence
from workbench.drawing.scale import Floats, Scale, percent, tick_percent, times

_TOP, _BOTTOM = 64.0, 220.0
_TOLD = (0.1, 0.2)
_ACROSS = Scale(0.0, 1.0, LEFT, RIGHT)
_UP = Scale(0.0, 1.0, _BOTTOM, _TOP)
_CHAMPION_DASH = "6 3"


def draw_gains(
    depth: ArrayLike,
    captured: ArrayLike,
    *,
    champion: tuple[ArrayLike, ArrayLike] | None = None,
    lift: ArrayLike | None = None,
    title: str = "",
) -> Drawing:
    """The share of all conversions found, by the share called from the best score down.

    Both axes run from 0 to 100 %. The points at 10 % and 20 % are marked and told with their lift.

    Args:
        depth: (d,) share called, 0..1, ascending.
        captured: (d,) share of all conversions among them, 0..1.
        champion: depth and captured of the model in force, drawn behind.
        lift: (d,) rate of those called over the rate of all; captured / depth when left out, and between its points.
        title: what is shown.

    Returns:
        The drawing; its frame has the depth from 0 to 1.

    Raises:
        CallError: the arrays differ in length.
    """
    x, y = together(depth=depth, captured=captured)
    known = None if lift is None else together(depth=x, lift=lift)[1]
    other = None if champion is None else together(depth=champion[0], captured=champion[1])
    readings = [_reading(at, x, y, known) for at in _TOLD]
    name = title or "Conversions found by depth"
    finding = _finding(readings)
    where = [part / 5 for part in range(6)]
    quarters = [part / 4 for part in range(5)]
    parts = [
        heading(name, finding),
        key(_key(champion is not None)),
        levels(_UP, quarters, [tick_percent(value) for value in quarters], left=LEFT, right=RIGHT),
        stroke(f"M{number(LEFT)},{number(_BOTTOM)}L{number(RIGHT)},{number(_TOP)}", INK, wide=1.2, dash=DOTTED),
    ]
    if other is not None:
        parts.append(stroke(_curve(*other), MUTED, wide=1.5, dash=_CHAMPION_DASH, class_="wb-champion"))
    parts.append(stroke(_curve(x, y), FIRST, wide=2.2, class_="wb-line"))
    parts.append(marks(_ACROSS, where, [tick_percent(value) for value in where], y=236, floor=_BOTTOM))
    parts.append(axis_name(254, "share called, best scores first"))
    parts += _labels(readings) if _known(readings) else [message("nothing to find", (_TOP + _BOTTOM) / 2)]
    alt = sentence(name, finding, *_against(readings, other))
    frame = Frame(LEFT, RIGHT, _TOP, _BOTTOM, 0.0, 1.0, WIDTH, HEIGHT)
    return Drawing(sheet(parts, alt=alt), name, alt, frame)


def read(at: float, x: Floats, y: Floats) -> float:
    """The value of a line at a place, straight between its points; NaN where the line has none."""
    fine = np.isfinite(x) & np.isfinite(y)
    return float(np.interp(at, x[fine], y[fine], left=np.nan, right=np.nan)) if fine.any() else math.nan


def _reading(at: float, x: Floats, y: Floats, lift: Floats | None) -> tuple[float, float, float]:
    """A depth, what is found there, and its lift: the given one where the depth is given, else found / depth."""
    found = read(at, x, y)
    exact = np.isclose(x, at, rtol=0, atol=1e-9)
    if lift is None or not exact.any():
        return at, found, found / at
    return at, found, float(lift[exact][0])


def _curve(x: Floats, y: Floats) -> str:
    across, down = thinned(_ACROSS.places(x), _UP.places(y))
    return broken(across, down)


def _key(champion: bool) -> list[tuple[str, str]]:
    items = [(line_sample(FIRST, wide=2.2), "this model")]
    if champion:
        items.append((line_sample(MUTED, wide=1.5, dash=_CHAMPION_DASH), "champion"))
    return [*items, (line_sample(INK, wide=1.2, dash=DOTTED), "at random")]


def _known(readings: list[tuple[float, float, float]]) -> bool:
    return any(math.isfinite(found) for _, found, _ in readings)


def _labels(readings: list[tuple[float, float, float]]) -> list[str]:
    """A mark on the line for each depth told; its words stand in the corner that a ranking leaves empty."""
    backwards = any(found < at for at, found, _ in readings)
    parts = []
    for place, (at, found, ratio) in enumerate(readings):
        if not math.isfinite(found):
            continue
        y = (_TOP + 18 if backwards else _BOTTOM - 26) + 17 * place
        x = LEFT + 22 if backwards else RIGHT - 214
        parts.append(_mark(place, _ACROSS.at(at), _UP.at(found)))
        parts.append(_mark(place, x - 10, y - 4))
        lift = f", lift {times(ratio)}" if math.isfinite(ratio) else ""
        parts.append(words(x, y, f"best {tick_percent(at)}: {percent(found)} found{lift}", halo=True))
    return parts


def _mark(place: int, x: float, y: float) -> str:
    """A disc for the first depth, a square for the second."""
    if place:
        return element("rect", x=x - 4, y=y - 4, width=8, height=8, fill=INK, class_="wb-mark")
    return element("circle", cx=x, cy=y, r=4.5, fill=INK, class_="wb-mark")


def _finding(readings: list[tuple[float, float, float]]) -> str:
    told = [f"the best {tick_percent(at)} hold {percent(found)}" for at, found, _ in readings if math.isfinite(found)]
    if not told:
        return "There is nothing to find"
    first = ", ".join(told)
    return f"{first[0].upper()}{first[1:]} of the conversions"


def _against(readings: list[tuple[float, float, float]], other: list[Floats] | None) -> list[str]:
    told = []
    for at, found, ratio in readings:
        if math.isfinite(found) and math.isfinite(ratio):
            champion = "" if other is None else f", the champion finds {percent(read(at, *other))}"
            told.append(f"At {tick_percent(at)} the lift is {times(ratio)}{champion}")
    return told
