"""Text that fits: its width is estimated, what is too long is cut, what is hostile is made harmless."""

from __future__ import annotations

import html
import unicodedata
from functools import lru_cache

SIZE = 12.0

# Widths of the letters from space to tilde in hundredths of the type size, those of DejaVu Sans: of the faces that a
# page may use for `system-ui` or `sans-serif` it is among the widest, so that an estimate is seldom too small.
_WIDTHS = (
    32, 40, 46, 84, 64, 95, 78, 28, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84,
    84, 84, 53, 100, 69, 69, 70, 77, 63, 58, 78, 75, 30, 30, 66, 56, 86, 75, 79, 60, 79, 70, 64, 61, 73, 69, 99, 69,
    61, 69, 39, 34, 39, 84, 50, 50, 61, 64, 55, 64, 62, 35, 64, 64, 28, 28, 58, 28, 98, 64, 61, 64, 64, 41, 52, 39, 64,
    59, 82, 59, 59, 53, 64, 34, 64, 84,
)  # fmt: skip
_OTHER = 66
_WIDE = 105
_BOLD = 1.13
_ELLIPSIS = "…"


@lru_cache(maxsize=4096)
def width(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """The estimated width of one line of text, in units of the viewBox.

    >>> width("MQL"), width("MQL", bold=True) > width("MQL")
    (26.52, True)
    """
    whole = sum(map(_letter, text)) * size / 100
    return round(whole * (_BOLD if bold else 1.0), 6)


def _letter(sign: str) -> int:
    code = ord(sign) - 32
    if 0 <= code < len(_WIDTHS):
        return _WIDTHS[code]
    if unicodedata.combining(sign):
        return 0
    wide = unicodedata.east_asian_width(sign) in "WF" or ord(sign) > 0xFFFF or unicodedata.category(sign) == "So"
    return _WIDE if wide else 100 if sign in "…—∞" else _OTHER


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Text on one line, without what XML forbids or what turns the direction of writing.

    >>> clean(" two\\n lines\\x00 ")
    'two lines'
    """
    kept = (sign if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"} else " " for sign in text)
    return " ".join("".join(kept).split())


@lru_cache(maxsize=4096)
def cut(text: str, room: float, size: float = SIZE, *, bold: bool = False) -> str:
    """One line no wider than `room`; what is too long ends in an ellipsis; nothing where not even that fits.

    >>> cut("a long name", 200), cut("a long name", 50), cut("a long name", 3)
    ('a long name', 'a long…', '')
    """
    if width(text, size, bold=bold) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = width(text[:middle].rstrip() + _ELLIPSIS, size, bold=bold) <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    return text[:low].rstrip() + _ELLIPSIS if low else ""


def two_lines(text: str, room: float, *, always: bool = False) -> tuple[str, str]:
    """Text on one line if it fits, else broken where two lines are most alike; what is too long is cut.

    `always` breaks it in any case, so that it looks like its neighbours.

    >>> two_lines("country is DE", 200), two_lines("country is DE", 60)
    (('country is DE', ''), ('country', 'is DE'))
    """
    places = [place for place, sign in enumerate(text) if sign == " "]
    if not places or (width(text) <= room and not always):
        return cut(text, room), ""
    best = min(places, key=lambda place: max(width(text[:place]), width(text[place + 1 :])))
    if width(text[:best]) > room or width(text[best + 1 :]) > room:
        best = next((place for place in reversed(places) if width(text[:place]) <= room), best)
    return cut(text[:best], room), cut(text[best + 1 :], room)


def escaped(text: str) -> str:
    """Text that may stand in an element or an attribute."""
    return html.escape(clean(text), quote=True)


def sentence(*parts: str) -> str:
    """Parts of a text alternative, each ended with a full stop; empty ones are left out.

    >>> sentence("MQL", "", "It rains.")
    'MQL. It rains.'
    """
    return " ".join(part if part.endswith(".") else f"{part}." for part in map(clean, parts) if part)
