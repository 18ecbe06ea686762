"""Figures as texts of a steady width, so that nothing jumps while a slider moves."""

from __future__ import annotations

import math
from typing import Final

NOTHING: Final = "—"
"""Stands where there is no figure."""

MINUS: Final = "−"
MILLION: Final = 1_000_000


def figure(value: float, unit: str) -> str:
    """A figure as people read it; a dash where it is not a number.

    Args:
        value: the figure; a share is in 0..1.
        unit: share, ratio, score, money, leads, or anything else for a plain number.

    >>> figure(0.0312, "share"), figure(2.417, "ratio"), figure(0.7312, "score"), figure(-12600, "money")
    ('3.1 %', '2.42x', '0.731', '−12,600')
    >>> figure(float("nan"), "share")
    '—'
    """
    if math.isnan(value):
        return NOTHING
    return _sign(value, _bare(abs(value), unit), plus="")


def change(value: float, unit: str) -> str:
    """A difference of two figures, with its sign; a difference of shares is in percentage points.

    >>> change(0.0123, "share"), change(-0.0042, "score"), change(0.0, "ratio")
    ('+1.2 pp', '−0.004', '0.00x')
    """
    if math.isnan(value):
        return NOTHING
    text = _bare(abs(value), unit)
    return _sign(value, text.replace(" %", " pp") if unit == "share" else text, plus="+")


def within(low: float, high: float, unit: str) -> str:
    """A 95 % interval of a difference, in the unit of the difference beside it; a dash where nothing can differ.

    >>> within(-0.0042, 0.0312, "score"), within(-0.004, 0.1, "share"), within(-98567, 1261, "money")
    ('[−0.004, +0.031]', '[−0.4, +10.0]', '[−98.6k, +1,261]')
    """
    if math.isnan(low) or math.isnan(high) or low == high == 0:
        return NOTHING
    ends = (_end(end, unit) for end in (low, high))
    return f"[{', '.join(ends)}]"


def _end(value: float, unit: str) -> str:
    """An end of an interval: as a change without its unit; large amounts in thousands, for both ends have to fit."""
    if unit in {"money", "leads"} and 10_000 <= abs(value) < MILLION:
        return _sign(value, f"{abs(value) / 1000:.1f}k", plus="+")
    return change(value, unit).removesuffix(" pp").removesuffix("x")


def points(value: float) -> str:
    """Points or days, with no more decimals than they have (three at most).

    >>> points(12.0), points(-2.5)
    ('12', '−2.5')
    """
    return _sign(value, f"{abs(value):.3f}".rstrip("0").rstrip("."), plus="")


def shortened(name: str, most: int = 20) -> str:
    """A name with at most so many letters; the rest is left out, and an ellipsis says so.

    >>> shortened("MQL"), shortened("Marketing Qualified", 10)
    ('MQL', 'Marketing…')
    """
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _bare(size: float, unit: str) -> str:
    if unit == "share":
        return f"{100 * size:.1f} %"
    if unit == "ratio":
        return f"{size:.2f}x"
    if unit == "score":
        return f"{size:.3f}"
    if unit in {"money", "leads"}:
        return f"{size:,.0f}" if size < MILLION else f"{size / MILLION:,.2f}M"
    return f"{size:,.3g}"


def _sign(value: float, text: str, *, plus: str) -> str:
    if not any(digit in text for digit in "123456789"):
        return text
    return f"{MINUS if value < 0 else plus}{text}"
