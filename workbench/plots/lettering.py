"""Text that fits: measured, wrapped and cut to a width in points."""

from __future__ import annotations

from functools import cache, lru_cache

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.textpath import text_to_path

FAMILY = "DejaVu Sans"  # ships with matplotlib, so widths are the same on every machine
SMALL = 9.0
NORMAL = 10.0
LARGE = 12.0

_NO_BREAK = "\u00a0"
_UNKNOWN = "\u25a1"  # drawn in place of a character that the font does not have


def font(size: float = NORMAL, *, bold: bool = False) -> FontProperties:
    """The font of all pictures, at a size in points."""
    return FontProperties(family=FAMILY, size=size, weight="bold" if bold else "normal")


def clean(text: str) -> str:
    """Text on one line, with an empty square for each character that the font does not have."""
    known = _characters()
    return "".join(sign if ord(sign) in known else _UNKNOWN for sign in " ".join(text.replace(_NO_BREAK, " ").split()))


@lru_cache(maxsize=4096)
def width(text: str, size: float = NORMAL, *, bold: bool = False) -> float:
    """The width of one line of text, in points."""
    if not text:
        return 0.0
    return float(text_to_path.get_text_width_height_descent(text, font(size, bold=bold), ismath=False)[0])


def wrapped(text: str, room: float, size: float = NORMAL, *, bold: bool = False, most: int = 3) -> str:
    """Text broken into at most `most` lines no wider than `room` points; the rest is cut with an ellipsis.

    The lines are about equally long, and a number stays on the line of its per cent sign.
    """
    words = clean(text).replace(" %", f"{_NO_BREAK}%").split(" ")
    lines = _filled(words, room, size, bold)
    for part in range(60, 100, 4) if len(lines) <= most else ():
        tighter = _filled(words, room * part / 100, size, bold)
        if len(tighter) == len(lines) > 1:
            lines = tighter
            break
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return "\n".join(cut(line, room, size, bold=bold) for line in lines).replace(_NO_BREAK, " ")


def _filled(words: list[str], room: float, size: float, bold: bool) -> list[str]:
    """Words set into lines, each as full as `room` allows and at least one word long."""
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def cut(text: str, room: float, size: float = NORMAL, *, bold: bool = False) -> str:
    """One line no wider than `room` points; what is too long ends in an ellipsis.

    >>> cut("short", 200)
    'short'
    """
    text = clean(text)
    if width(text, size, bold=bold) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (
            (middle, high) if width(text[:middle].rstrip() + "…", size, bold=bold) <= room else (low, middle - 1)
        )
    return text[:low].rstrip() + "…"


@cache
def _characters() -> frozenset[int]:
    return frozenset(get_font(findfont(font())).get_charmap())
