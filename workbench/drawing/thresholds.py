"""What each threshold would give: precision, recall, net value."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from workbench.drawing.arrays import thinned, together
from workbench.drawing.canvas import (
    FIRST,
    HEIGHT,
    INK,
    LEFT,
    MUTED,
    PAPER,
    RIGHT,
    SECOND,
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
from workbench.drawing.cuts import cut_lines
from workbench.drawing.drawing import Drawing, Frame
from workbench.drawing.lettering import SIZE, clean, cut, sentence, width
from workbench.drawing.scale import Floats, Scale, compact, ends, percent, points, round_ends, tick_percent, ticks

_TOP, _BOTTOM = 86.0, 220.0
_WITH_VALUE = 152.0  # lower end of the rates where the value has a panel beneath
_VALUE_TOP = 174.0
_DASH = "6 3"
_THIN = 1.1
_TOLD_NAME = 120.0  # how wide a tier's name in the finding may be


def draw_thresholds(
    threshold: ArrayLike,
    precision: ArrayLike,
    recall: ArrayLike,
    *,
    value: ArrayLike | None = None,
    axis: tuple[float, float],
    cuts: Sequence[tuple[str, float]] = (),
    champion: tuple[ArrayLike, ...] | None = None,
    main: str = "",
    title: str = "",
) -> Drawing:
    """Precision and recall of "this score or more", and the net value in a panel of its own.

    The rates run from 0 to 100 %; precision is a solid line, recall a dashed one. The frame has the size of the
    picture whether or not there is a value.

    Args:
        threshold: (k,) points, ascending.
        precision: (k,) share of those called that convert, 0..1.
        recall: (k,) share of all conversions among those called, 0..1.
        value: (k,) net value in money; None or empty where the plan has none.
        axis: lowest and highest score of the axis, in points.
        cuts: name and lowest score of each tier; the lines are marked where they cross it.
        champion: threshold, precision, recall and, if known, value of the model in force, as thin lines.
        main: the tier that is told first; by default the highest.
        title: what is shown.

    Returns:
        The drawing; its frame reaches over both panels.

    Raises:
        CallError: arrays of one model differ in length.
    """
    own = _figures(threshold, precision, recall, value)
    other = None if champion is None else _of(champion)
    low, high = ends(*axis)
    across = Scale(low, high, LEFT, RIGHT)
    money = _money(own, other)
    up = Scale(0.0, 1.0, _BOTTOM if money is None else _WITH_VALUE, _TOP)
    rates = [0.0, 0.5, 1.0] if money else [0.0, 0.25, 0.5, 0.75, 1.0]
    name, finding = title or "Precision and recall by threshold", _finding(own, cuts, main)
    parts = [
        heading(name, finding),
        key(_key(champion is not None)),
        levels(up, rates, [tick_percent(rate) for rate in rates], left=LEFT, right=RIGHT),
    ]
    if money is not None:
        parts += _value_panel(money, own)
    panels = [(up.end, up.start)] if money is None else [(up.end, up.start), (money.end, money.start)]
    crossings, lines = cut_lines(cuts, across, panels), _lines(own, other, across, up, money)
    where = ticks(low, high, 8)
    parts += [*lines, crossings, _crossed(own, cuts, across, up)]
    parts.append(marks(across, where, [points(at) for at in where], y=236, floor=_BOTTOM))
    parts.append(axis_name(254, "threshold: called at this score or more"))
    if not len(own[0]):
        parts.append(message("no threshold to choose", (up.start + up.end) / 2))
    alt = sentence(name, finding, *_told(own, cuts), _best(own) if money else "")
    frame = Frame(LEFT, RIGHT, _TOP, _BOTTOM, low, high, WIDTH, HEIGHT)
    return Drawing(sheet(parts, alt=alt), name, alt, frame)


def _of(champion: tuple[ArrayLike, ...]) -> list[Floats]:
    threshold, precision, recall, *value = champion
    return _figures(threshold, precision, recall, value[0] if value else None)


def _figures(threshold: ArrayLike, precision: ArrayLike, recall: ArrayLike, value: ArrayLike | None) -> list[Floats]:
    """Threshold, precision, recall and value, the last all NaN where there is none."""
    rates = together(threshold=threshold, precision=precision, recall=recall)
    if value is None or not np.size(value):
        return [*rates, np.full(len(rates[0]), np.nan)]
    return together(threshold=threshold, precision=precision, recall=recall, value=value)


def _money(own: list[Floats], other: list[Floats] | None) -> Scale | None:
    """The y axis of the value, with room for the champion's; None where no value is known."""
    if not np.isfinite(own[3]).any():
        return None
    every = own[3] if other is None else np.concatenate([own[3], other[3]])
    every = every[np.isfinite(every)]
    low, high = round_ends(float(every.min()), float(every.max()))
    return Scale(low, high, _BOTTOM, _VALUE_TOP)


def _key(champion: bool) -> list[tuple[str, str]]:
    items = [(line_sample(FIRST, wide=2.2), "precision"), (line_sample(SECOND, wide=2.2, dash=_DASH), "recall")]
    return [*items, (line_sample(INK, wide=_THIN), "champion (thin)")] if champion else items


def _value_panel(money: Scale, own: list[Floats]) -> list[str]:
    zero = money.at(0)
    close = SIZE + 1
    values = [0.0] if money.low <= 0 <= money.high else []
    values += [] if values and money.start - zero < close else [money.low]
    values += [] if values and zero - money.end < close else [money.high]
    if money.low >= 0 or money.high <= 0:
        values.append((money.low + money.high) / 2)
    values.sort()
    base = stroke(f"M{number(LEFT)},{number(zero)}H{number(RIGHT)}", MUTED) if money.low < 0 else ""
    return [
        words(LEFT, _VALUE_TOP - 7, _best(own), room=RIGHT - LEFT),
        levels(money, values, [compact(value) for value in values], left=LEFT, right=RIGHT),
        base,
    ]


def _lines(own: list[Floats], other: list[Floats] | None, across: Scale, up: Scale, money: Scale | None) -> list[str]:
    parts = []
    for column, scale, colour, dash, name in (
        (1, up, FIRST, None, "wb-precision"),
        (2, up, SECOND, _DASH, "wb-recall"),
        (3, money, FIRST, None, "wb-value"),
    ):
        if scale is None:
            continue
        if other is not None:
            thin = _line(other[0], other[column], across, scale)
            parts.append(stroke(thin, MUTED, wide=_THIN, dash=dash, class_=f"{name}-champion"))
        drawn = _line(own[0], own[column], across, scale)
        parts.append(stroke(drawn, colour, wide=2.2, dash=dash, class_=name))
    return parts


def _line(x: Floats, y: Floats, across: Scale, up: Scale) -> str:
    inside = (x >= across.low) & (x <= across.high)
    return broken(*thinned(across.places(x[inside]), up.places(y[inside])))


def _at(own: list[Floats], cut: float) -> tuple[float, float] | None:
    """Precision and recall of a tier: those of the lowest score that reaches it."""
    place = int(np.searchsorted(own[0], cut - 1e-9))
    return None if place >= len(own[0]) else (float(own[1][place]), float(own[2][place]))


def _crossed(own: list[Floats], cuts: Sequence[tuple[str, float]], across: Scale, up: Scale) -> str:
    """A disc on precision and a diamond on recall where a tier begins."""
    discs, diamonds = [], []
    for _, at in cuts:
        rates = _at(own, at) if across.low <= at <= across.high else None
        if rates is None:
            continue
        x = across.at(at)
        if math.isfinite(rates[0]):
            discs.append(element("circle", cx=x, cy=up.at(rates[0]), r=3.5, fill=FIRST, stroke=PAPER))
        if math.isfinite(rates[1]):
            diamonds.append(f"M{number(x)},{number(up.at(rates[1]) - 5)}l5,5l-5,5l-5,-5Z")
    return "".join(discs) + (element("path", d="".join(diamonds), fill=SECOND, stroke=PAPER) if diamonds else "")


def _tier(own: list[Floats], name: str, at: float, *, short: bool = False) -> str:
    """What a cut-off at a tier's score gives: by the score alone, whatever other tiers begin there."""
    rates, head = _at(own, at), f"≥ {points(at)} ({cut(clean(name), _TOLD_NAME)})"
    if rates is None:
        return f"{head if short else f'Score {head}'}: nobody"
    if short:
        return f"{head}: {percent(rates[0])}, {percent(rates[1])}"
    return f"Score {head}: precision {percent(rates[0])}, recall {percent(rates[1])}"


def _finding(own: list[Floats], cuts: Sequence[tuple[str, float]], main: str) -> str:
    """The main tier, then the others from the highest down while there is room; without tiers, where half is found."""
    if not len(own[0]):
        return "There is no threshold to choose"
    told = ""
    for name, at in sorted(cuts, key=lambda cut: (cut[0] != main, -cut[1])):
        longer = f"{told}; {_tier(own, name, at, short=True)}" if told else _tier(own, name, at)
        if told and width(longer) > WIDTH - 4:
            break
        told = longer
    if told:
        return told
    half = np.flatnonzero(own[2] >= 0.5)
    if not len(half):
        return "No threshold finds half of the conversions"
    place = int(half[-1])
    return f"Half of the conversions score {points(own[0][place])} or more; {percent(own[1][place])} precision there"


def _told(own: list[Floats], cuts: Sequence[tuple[str, float]]) -> list[str]:
    return [_tier(own, name, at) for name, at in cuts] if len(own[0]) else []


def _best(own: list[Floats]) -> str:
    if not np.isfinite(own[3]).any():
        return ""
    best = int(np.nanargmax(own[3]))
    worth = compact(float(own[3][best]))
    if own[3][best] <= 0:
        return f"net value: at best {worth}, no threshold pays"
    return f"net value: highest at {points(own[0][best])}, {worth}"
