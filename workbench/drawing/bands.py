"""How often leads convert in each range of scores."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.drawing.arrays import fitting, seen, together
from workbench.drawing.canvas import (
    EDGE,
    FAINT,
    FIRST,
    HEIGHT,
    INK,
    LEFT,
    MUTED,
    PAPER,
    RIGHT,
    WIDTH,
    box,
    element,
    hatched,
    heading,
    key,
    levels,
    line_sample,
    message,
    number,
    sheet,
    stroke,
    words,
)
from workbench.drawing.drawing import Drawing
from workbench.drawing.lettering import SIZE, clean, escaped, sentence, two_lines, width
from workbench.drawing.scale import Floats, Scale, compact, count, percent, roof, span, tick_percent, times

_TOP, _BOTTOM = 80.0, 190.0  # above it is room for the rate of a bar that runs out
_ROWS = (207.0, 220.0, 236.0, 251.0)  # baselines: two lines of the band's name, n, converted
_WIDEST = 40.0
_FULL = 0.72  # of the room for a band
_RUNAWAY = 1.25  # a thin band may be this many times as high as the sure ones before it is cut
_MOST_TOLD = 24
_COUNT_SIZES = (SIZE, 10.5, 9.0)  # of the letters of n and converted, tried in this order
_BETWEEN = 3.0  # between two cells of the table
_SIDE = 4.0  # half of the champion's diamond


def draw_bands(
    labels: Sequence[str],
    rate: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    n: ArrayLike,
    converted: ArrayLike,
    enough: ArrayLike,
    *,
    average: float,
    champion: tuple[ArrayLike] | None = None,
    reach: float = 0.0,
    title: str = "",
) -> Drawing:
    """Bars of the rate by band with their intervals, and a small table beneath: band, n, converted.

    Bands that are too thin to judge are hatched and grey, and may run out at the top (an arrow says so) rather than
    flatten the others. Where there are too many bands for all names, every second, third … is named.

    Args:
        labels: (b,) names of the bands, ascending.
        rate: (b,) share that converted, 0..1; NaN for an empty band.
        low: (b,) lower end of its 95 % interval; NaN for none.
        high: (b,) upper end.
        n: (b,) number of leads.
        converted: (b,) how many of them converted.
        enough: (b,) whether there are enough to judge.
        average: share of all that converted, 0..1.
        champion: the rates (b,) of the model in force, as hollow diamonds.
        reach: a rate that the axis must reach at least, so that pictures side by side have the same axis.
        title: what is shown.

    Returns:
        The drawing, without a frame: its x axis has names, not numbers.

    Raises:
        CallError: the arrays differ in length.
    """
    rates, lows, highs, sizes, wins, judged = together(
        rate=rate, low=low, high=high, n=n, converted=converted, enough=enough
    )
    fitting(len(labels), rates)
    fine = judged.astype(bool) & np.isfinite(rates)
    others = together(rate=rate, champion=champion[0])[1] if champion is not None else np.full(len(rates), np.nan)
    ceiling = _roof(average, rates, highs, others, fine)
    top = min(roof(max(ceiling, reach)), 1.0)
    up = Scale(0.0, top, _BOTTOM, _TOP)
    slot = (RIGHT - LEFT) / max(len(labels), 1)
    middles: Floats = LEFT + slot * (np.arange(len(labels), dtype=np.float64) + 0.5)
    values = [top * part / 4 for part in range(5)] if top in (1.0, 0.4, 0.8, 0.04, 0.08) else [0.0, top / 2, top]
    finding = _finding(labels, (rates, lows, highs), fine, average)
    name = title or "Conversion by band"
    parts = [
        heading(name, finding),
        key(_key(average, champion is not None, bool(fine.all()))),
        levels(up, values, [tick_percent(value) for value in values], left=LEFT, right=RIGHT),
    ]
    if labels:
        parts += _bars(middles, slot, up, rates, fine)
        parts.append(_intervals(middles, slot, up, (lows, highs), fine))
        parts.append(_hollow(middles, up, others))
        parts.append(_arrows(middles, slot, up, (rates, highs)))
    else:
        parts.append(message("no band", (_TOP + _BOTTOM) / 2))
    if math.isfinite(average):
        level = number(up.at(average))
        parts.append(stroke(f"M{number(LEFT)},{level}H{number(RIGHT)}", INK, wide=1.2, dash="2 3", class_="wb-average"))
    parts.append(stroke(f"M{number(LEFT)},{number(_BOTTOM)}H{number(RIGHT)}", EDGE))
    parts += _table(labels, middles, slot, sizes, wins, fine)
    told = _told(labels, (rates, lows, highs), sizes, fine)
    if len(labels) <= _MOST_TOLD:
        parts.append(_hovering(middles, slot, told))
    more = len(told) - _MOST_TOLD
    alt = sentence(name, finding, *told[:_MOST_TOLD], f"and {more} more bands" if more > 0 else "")
    return Drawing(sheet(parts, alt=alt), name, alt)


def highest_rate(
    rate: ArrayLike, high: ArrayLike, enough: ArrayLike, *, average: float, champion: ArrayLike | None = None
) -> float:
    """The highest rate that `draw_bands` shows whole, 0..1; its arguments are those of that."""
    rates, highs, judged = together(rate=rate, high=high, enough=enough)
    others = np.full(len(rates), np.nan) if champion is None else together(rate=rate, champion=champion)[1]
    return _roof(average, rates, highs, others, judged.astype(bool) & np.isfinite(rates))


def _roof(average: float, rate: Floats, high: Floats, others: Floats, fine: NDArray[np.bool_]) -> float:
    if not fine.any():
        return seen(average, rate, others)
    high = np.where(np.isfinite(high), high, rate)
    sure = seen(average, rate[fine], high[fine], others[fine])
    return seen(sure, min(seen(rate, others), _RUNAWAY * sure))


def _key(average: float, champion: bool, all_fine: bool) -> list[tuple[str, str]]:
    items = [(_bar_sample(FIRST), "rate, 95 % interval")]
    if math.isfinite(average):
        items.append((line_sample(INK, wide=1.2, dash="2 3"), f"average {percent(average)}"))
    if champion:
        items.append((_diamonds([(8.0, 0.0)]), "champion"))
    if not all_fine:
        few = hatched(3, -5, 10, 10)
        items.append((stroke(box(3, -5, 10, 10) + few, FAINT), "few"))
    return items


def _bar_sample(colour: str) -> str:
    return element("path", d="M3,5V-2H13V5Z", fill=colour, fill_opacity="0.8") + stroke("M8,-6V2", INK, wide=1.3)


def _bars(middles: Floats, slot: float, up: Scale, rate: Floats, fine: NDArray[np.bool_]) -> list[str]:
    half = min(slot * _FULL, _WIDEST) / 2
    sure, thin, filling = list[str](), list[str](), list[str]()
    for x, value, judged in zip(middles.tolist(), rate.tolist(), fine.tolist(), strict=True):
        if not value > 0:
            continue
        y = up.at(value)
        (sure if judged else thin).append(box(x - half, y, 2 * half, _BOTTOM - y))
        if not judged:
            filling.append(hatched(x - half, y, 2 * half, _BOTTOM - y))
    return [
        element("path", d="".join(sure), fill=FIRST, fill_opacity="0.8", class_="wb-bars"),
        stroke("".join(thin), FAINT, class_="wb-thin"),
        stroke("".join(filling), FAINT),
    ]


def _intervals(middles: Floats, slot: float, up: Scale, bounds: tuple[Floats, Floats], fine: NDArray[np.bool_]) -> str:
    """Upright lines with small ends; the end of an interval that runs out at the top is left open."""
    side = min(3.5, slot / 4)
    ink, faint = list[str](), list[str]()
    for x, low, high, judged in zip(
        middles.tolist(), bounds[0].tolist(), bounds[1].tolist(), fine.tolist(), strict=True
    ):
        if not (math.isfinite(low) and math.isfinite(high)) or low > up.high:
            continue
        foot, head = up.at(low), up.at(high)
        ends = [foot] if high > up.high else [foot, head]
        caps = "".join(f"M{number(x - side)},{number(y)}h{number(2 * side)}" for y in ends)
        (ink if judged else faint).append(f"M{number(x)},{number(foot)}V{number(head)}{caps}")
    return stroke("".join(ink), INK, wide=1.3, class_="wb-interval") + stroke(
        "".join(faint), MUTED, class_="wb-interval-thin"
    )


def _hollow(middles: Floats, up: Scale, others: Floats) -> str:
    held = np.isfinite(others) & (others <= up.high)
    return _diamonds(
        [(x, up.at(value)) for x, value in zip(middles[held].tolist(), others[held].tolist(), strict=True)]
    )


def _diamonds(places: list[tuple[float, float]]) -> str:
    if not places:
        return ""
    s = number(_SIDE)
    d = "".join(f"M{number(x)},{number(y - _SIDE)}l{s},{s}l-{s},{s}l-{s},-{s}Z" for x, y in places)
    return element("path", d=d, fill=PAPER, stroke=INK, stroke_width=1.3, class_="wb-champion")


def _arrows(middles: Floats, slot: float, up: Scale, reach: tuple[Floats, Floats]) -> str:
    """A small arrow head where a bar or an interval goes on above the picture, under the rate where a bar does."""
    over = up.high * (1 + 1e-9)
    out = middles[np.fmax(*reach) > over]
    heads = stroke("".join(f"M{number(x - 4)},{number(_TOP - 1)}l4,-4l4,4" for x in out.tolist()), MUTED, wide=1.4)
    told = [
        words(x, _TOP - 8, percent(rate), anchor="middle")
        for x, rate in zip(middles.tolist(), reach[0].tolist(), strict=True)
        if rate > over and width(percent(rate)) + 2 <= slot
    ]
    return heads + "".join(told)


def _table(
    labels: Sequence[str], middles: Floats, slot: float, n: Floats, converted: Floats, fine: NDArray[np.bool_]
) -> list[str]:
    """Name, n and number converted beneath each band.

    Where room is short, every second, third … band is named, and the counts are in smaller letters; where not even
    those fit, they are thinned as well, but never those of the fullest band and of the last one with leads.
    """
    colours = [INK if judged else MUTED for judged in fine.tolist()]
    named, two = _names([clean(label) for label in labels], middles, slot, colours)
    heads = ((_ROWS[0] + (0 if two else 4), "score"), (_ROWS[2], "n"), (_ROWS[3], "conv.")) if labels else ()
    cells = [*named, *_counts(middles, slot, n, converted, colours)]
    cells += [(MUTED, words(LEFT - 8, y, text, anchor="end")) for y, text in heads]
    groups = {colour: "".join(cell for own, cell in cells if own == colour) for colour in (INK, MUTED)}
    return [element("g", held, fill=colour) for colour, held in groups.items() if held]


Cells = list[tuple[str, str]]  # colour and element


def _names(names: Sequence[str], middles: Floats, slot: float, colours: Sequence[str]) -> tuple[Cells, bool]:
    """The names that have room, with their colours, and whether they stand on two lines."""
    two = any(width(name) > slot - _BETWEEN for name in names)
    split = [two_lines(name, max(slot - _BETWEEN, _WIDEST), always=True) if two else (name, "") for name in names]
    every = _stride([line for lines in split for line in lines], slot, SIZE)
    room = slot * every - _BETWEEN
    told = []
    for place in range(every // 2, len(names), every):
        x = float(middles[place])
        if x + room / 2 > WIDTH:
            break
        for y, line in zip(_ROWS if two else (_ROWS[0] + 4,), split[place], strict=False):
            told.append((colours[place], words(x, y, line, anchor="middle", room=room)))
    return told, two


def _counts(middles: Floats, slot: float, n: Floats, converted: Floats, colours: Sequence[str]) -> Cells:
    """n and number converted, of every band where small letters make that fit."""
    rows = [(compact(size), compact(wins)) for size, wins in zip(n.tolist(), converted.tolist(), strict=True)]
    cells = [cell for row in rows for cell in row]
    size = next((size for size in _COUNT_SIZES if _stride(cells, slot, size) == 1), _COUNT_SIZES[-1])
    every = _stride(cells, slot, size)
    room = slot * every - _between(size)
    return [
        (colours[place], words(float(middles[place]), y, cell, anchor="middle", room=room, size=size))
        for place in _counted(n, every)
        for y, cell in zip(_ROWS[2:], rows[place], strict=True)
    ]


def _stride(cells: Sequence[str], slot: float, size: float) -> int:
    """Every how many bands there is room for one of these."""
    widest = max((min(width(cell, size), _WIDEST) for cell in cells), default=0.0)
    return max(1, math.ceil((widest + _between(size)) / slot))


def _between(size: float) -> float:
    """What is left free between two cells; less between small letters."""
    return _BETWEEN if size == SIZE else 1.0


def _counted(n: Floats, every: int) -> list[int]:
    """The bands whose counts are told: the fullest, the last one with leads, then every second, third … between."""
    if every == 1:
        return list(range(len(n)))
    there = np.flatnonzero(n > 0)
    first = [int(there[-1]), int(np.argmax(n))] if len(there) else []
    held: list[int] = []
    for place in (*first, *range(every // 2, len(n), every)):
        if all(abs(place - other) >= every for other in held):
            held.append(place)
    return sorted(held)


def _hovering(middles: Floats, slot: float, told: Sequence[str]) -> str:
    """Unseen boxes that say a band's numbers when the pointer rests on them."""
    boxes = [
        element("path", element("title", escaped(text)), d=box(x - slot / 2, _TOP, slot, HEIGHT - _TOP))
        for x, text in zip(middles.tolist(), told, strict=True)
    ]
    return element("g", "".join(boxes), fill="none", pointer_events="all", class_="wb-hover")


def _told(
    labels: Sequence[str], figures: tuple[Floats, Floats, Floats], n: Floats, fine: NDArray[np.bool_]
) -> list[str]:
    told = []
    for label, rate, low, high, size, judged in zip(labels, *figures, n, fine, strict=True):
        if not size > 0:
            told.append(f"{label}: nobody")
            continue
        between = f" ({span(low, high)})" if span(low, high) else ""
        told.append(f"{label}: {percent(rate)} of {count(size)}{between}{'' if judged else ', few'}")
    return told


def _finding(
    labels: Sequence[str], figures: tuple[Floats, Floats, Floats], fine: NDArray[np.bool_], average: float
) -> str:
    """The highest band that can be judged, against the average."""
    if not labels or not math.isfinite(average):
        return "There is nobody to judge"
    if not fine.any():
        return "No band has enough leads to judge"
    rate, low, high = (float(each[fine][-1]) for each in figures)
    name = labels[int(np.flatnonzero(fine)[-1])]
    between = f" ({span(low, high)})" if span(low, high) else ""
    against = f", {times(rate / average)} the average" if average > 0 else ""
    if span(low, high) and low <= average <= high:
        against = ": not clearly off the average"
    return f"{_scored(name)} convert {percent(rate)}{between}{against}"


def _scored(label: str) -> str:
    return f"Scores {clean(label)}"
