"""Elements of a picture as SVG text: lines, letters, axes, keys, and the sheet around them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from workbench.drawing.lettering import SIZE, clean, cut, escaped, width
from workbench.drawing.scale import Floats, Scale

WIDTH = 460.0
HEIGHT = 260.0
LEFT = 46.0  # the plot area of a tile, the same in all so that tiles stand in line
RIGHT = 446.0

INK = "var(--wb-ink, #1a1a1a)"
MUTED = "var(--wb-muted, #595959)"
GRID = "var(--wb-grid, #e6e6e6)"
EDGE = "var(--wb-edge, #c4c4c4)"
FIRST = "var(--wb-first, #0072b2)"
SECOND = "var(--wb-second, #d55e00)"
FAINT = "var(--wb-faint, #8a8a8a)"
PAPER = "var(--wb-paper, #ffffff)"

DOTTED = "1.5 3"
_TITLE = 13.0
_HATCH = 5.0
_KEY_Y = 52.0
_SWATCH = 16.0


def number(value: float) -> str:
    """A coordinate with at most one decimal.

    >>> number(12.04), number(-0.01), number(3.25)
    ('12', '0', '3.2')
    """
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def pairs(x: Floats, y: Floats) -> list[str]:
    """Points as "x,y" with at most one decimal."""
    across, down = (np.round(x, 1) + 0.0).tolist(), (np.round(y, 1) + 0.0).tolist()
    return [f"{a:g},{b:g}" for a, b in zip(across, down, strict=True)]


def element(tag: str, content: str = "", **attributes: str | float | None) -> str:
    """One element; an underscore in a name stands for a hyphen, None leaves an attribute out.

    `content` must be markup already; attributes are made harmless.
    """
    told = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escaped(value) if isinstance(value, str) else number(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{told}>{content}</{tag}>" if content else f"<{tag}{told}/>"


def words(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    colour: str | None = None,
    bold: bool = False,
    room: float | None = None,
    halo: bool = False,
    size: float = SIZE,
) -> str:
    """One line of text at its baseline; what does not fit into `room` is cut and told whole on hovering."""
    whole = clean(text)
    shown = whole if room is None else cut(whole, room, size, bold=bold)
    if not shown:
        return ""
    told = "" if shown == whole else element("title", escaped(whole))
    return element(
        "text",
        escaped(shown) + told,
        x=x,
        y=y,
        text_anchor=None if anchor == "start" else anchor,
        font_size=None if size == SIZE else size,
        font_weight="600" if bold else None,
        fill=colour,
        paint_order="stroke" if halo else None,
        stroke=PAPER if halo else None,
        stroke_width=3 if halo else None,
        stroke_linejoin="round" if halo else None,
    )


def stroke(d: str, colour: str, *, wide: float = 1.0, dash: str | None = None, class_: str | None = None) -> str:
    """A path that is drawn and not filled; nothing where there is nothing to draw."""
    if not d:
        return ""
    return element(
        "path",
        d=d,
        fill="none",
        stroke=colour,
        stroke_width=wide,
        stroke_dasharray=dash,
        stroke_linejoin="round",
        class_=class_,
    )


def broken(x: Floats, y: Floats) -> str:
    """The path of a line through the points, broken where a value is missing; a lone point is a short dash."""
    fine = np.isfinite(x) & np.isfinite(y)
    runs = np.split(np.arange(len(x)), np.flatnonzero(~fine))
    drawn = [run[fine[run]] for run in runs]
    return "".join(_run(pairs(x[run], y[run])) for run in drawn if len(run))


def _run(places: list[str]) -> str:
    return f"M{places[0]}h0.1" if len(places) == 1 else f"M{places[0]}L{' '.join(places[1:])}"


def hatched(x: float, y: float, wide: float, high: float) -> str:
    """The path of slanted lines that fill a box; drawn, because patterns would need ids that could collide.

    A line is x + y = c; it enters the box at its left or lower side and leaves it at its upper or right side.
    """
    lines = []
    first = math.ceil((x + y) / _HATCH + 1e-9)
    last = math.floor((x + wide + y + high) / _HATCH - 1e-9)
    for c in (place * _HATCH for place in range(first, last + 1)):
        from_x, to_x = max(x, c - y - high), min(x + wide, c - y)
        across = number(to_x - from_x)
        lines.append(f"M{number(from_x)},{number(c - from_x)}l{across},-{across}")
    return "".join(lines)


def box(x: float, y: float, wide: float, high: float) -> str:
    """The path of a rectangle."""
    return f"M{number(x)},{number(y)}H{number(x + wide)}V{number(y + high)}H{number(x)}Z"


def heading(title: str, finding: str) -> str:
    """The two lines on top: what it is, and what it says."""
    room = WIDTH - 4
    shown = cut(clean(title), room, _TITLE, bold=True)
    told = "" if shown == clean(title) else element("title", escaped(title))
    name = element("text", escaped(shown) + told, x=2, y=16, font_weight="600", font_size=_TITLE) if shown else ""
    return name + words(2, 34, finding, colour=MUTED, room=room)


def levels(scale: Scale, values: Sequence[float], names: Sequence[str], *, left: float, right: float) -> str:
    """Lines of the y axis with their names; a name too close to the one before is left out, its line stays."""
    lines, labels, last = [], [], math.inf
    for value, name in zip(values, names, strict=True):
        y = scale.at(value)
        lines.append(f"M{number(left)},{number(y)}H{number(right)}")
        if abs(last - y) >= SIZE + 1:
            labels.append(words(left - 4, y + 4, name, anchor="end", room=left - 4))
            last = y
    return stroke("".join(lines), GRID) + element("g", "".join(labels), fill=MUTED)


def marks(scale: Scale, values: Sequence[float], names: Sequence[str], *, y: float, floor: float) -> str:
    """The x axis: a line at `floor`, small marks, names with their baseline at `y` wherever they do not collide."""
    lines = [f"M{number(scale.start)},{number(floor)}H{number(scale.end)}"]
    labels, free = [], -math.inf
    for value, name in zip(values, names, strict=True):
        x, half = scale.at(value), width(name) / 2
        lines.append(f"M{number(x)},{number(floor)}v4")
        middle = min(max(x, half), WIDTH - half)
        if middle - half >= free:
            labels.append(words(middle, y, name, anchor="middle"))
            free = middle + half + 4
    return stroke("".join(lines), EDGE) + element("g", "".join(labels), fill=MUTED)


def axis_name(y: float, text: str, *, left: float = LEFT, right: float = RIGHT) -> str:
    """The name of the x axis, in the middle beneath it."""
    return words((left + right) / 2, y, text, anchor="middle", colour=MUTED, room=right - left + 12)


def key(items: Iterable[tuple[str, str]], *, y: float = _KEY_Y, left: float = LEFT) -> str:
    """What the marks mean: small samples (drawn around 0,0, 16 wide) with their names, in one line."""
    told, x = [], left
    for sample, name in items:
        room = WIDTH - x - _SWATCH - 5
        shown = cut(clean(name), room)
        if not shown:
            break
        told.append(element("g", sample, transform=f"translate({number(x)} {number(y - 4)})"))
        told.append(words(x + _SWATCH + 5, y, name, room=room))
        x += _SWATCH + 5 + width(shown) + 12
    return "".join(told)


def line_sample(colour: str, *, wide: float = 2.0, dash: str | None = None) -> str:
    """A short line for the key."""
    return stroke("M0,0H16", colour, wide=wide, dash=dash)


def message(text: str, y: float, *, left: float = LEFT, right: float = RIGHT) -> str:
    """A line in the middle of a plot area that has nothing to show."""
    return words((left + right) / 2, y, text, anchor="middle", colour=MUTED, room=right - left - 8, halo=True)


def sheet(parts: Iterable[str], *, alt: str, height: float = HEIGHT) -> str:
    """The whole picture around its parts."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(WIDTH)} {number(height)}" role="img"'
        f' aria-label="{escaped(alt)}" class="wb-drawing" font-size="{number(SIZE)}" fill="{INK}"'
        ' font-family="var(--jp-ui-font-family, system-ui, sans-serif)"'
        f' style="font-variant-numeric:tabular-nums">{"".join(parts)}</svg>'
    )
