"""What a cell says of points."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from workbench.parsing import MOST_POINTS

WRITE = "Write a plain number such as 15, -8 or 2.5."
OUT = ("disqualify", "disqualified", "dq", "exclude", "excluded", "reject", "knock out", "knockout", "k.o.", "ko")
_MINUS = str.maketrans({"−": "-", "–": "-", "—": "-", "＋": "+"})
_UNIT = r"(?:points?|pts?\.?|punkte?|p\.?)"
_SIGNED = re.compile(rf"([+-]?)\s*(\d+(?:[.,]\d+)?|[.,]\d+)\s*{_UNIT}?", re.IGNORECASE)


@dataclass(frozen=True)
class Worth:
    """What a cell says of points.

    Attributes:
        points: the number, None if there is none.
        out: it says that such leads are disqualified.
        note: what was assumed in reading the number, empty if it was plain.
        reason: why there is no number, empty if there is one.
        remedy: what to do about it.
    """

    points: Decimal | None = None
    out: bool = False
    note: str = ""
    reason: str = ""
    remedy: str = WRITE


def read_worth(cell: str) -> Worth:
    """Read a cell such as `10`, `+10`, `-5`, `2,5`, `10 pts` or `disqualify`; nothing is computed.

    >>> str(read_worth("+10 pts").points), read_worth("=5+5").reason
    ('10', 'A formula; nothing in a sheet is computed.')
    """
    text = " ".join(cell.split()).translate(_MINUS)
    if not text:
        return Worth(reason="No points beside it.", remedy="Add the points, or leave the row out.")
    if text.lower().strip(".!") in {each.strip(".") for each in OUT}:
        return Worth(out=True)
    if text[0] in "=@" or re.search(r"[A-Za-z]\(|[|!]", text):
        return Worth(reason="A formula; nothing in a sheet is computed.", remedy=WRITE)
    bracketed = re.fullmatch(r"\(\s*(\d+(?:[.,]\d+)?)\s*\)", text)
    found = _SIGNED.fullmatch(f"-{bracketed[1]}" if bracketed else text)
    if found is None:
        return Worth(reason=f"'{text[:40]}' is not one number of points.", remedy=_remedy(text))
    sign, digits = found[1], found[2]
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", digits):
        return Worth(
            reason=f"'{digits}' may be {re.sub('[.,]', '', digits)} or {digits.replace(',', '.')}.",
            remedy="Write it without the sign for thousands.",
        )
    number = Decimal(digits.replace(",", ".")) * (-1 if sign == "-" else 1)
    if abs(number) > MOST_POINTS:
        return Worth(reason=f"More than {MOST_POINTS:,} points.", remedy="Correct the number.")
    if number != round(number, 3):
        return Worth(reason="Points with more than three decimals.", remedy="Round the number to thousandths.")
    note = "A number in brackets is taken as negative." if bracketed else ""
    return Worth(points=number + 0 if number else Decimal(0), note=note)


def is_points(cell: str) -> bool:
    """Whether a cell says points, or that such leads are disqualified."""
    worth = read_worth(cell)
    return worth.points is not None or worth.out


def _remedy(text: str) -> str:
    if "%" in text:
        return "A percentage weighs a criterion: write what it earns in points."
    if re.search(r"\d\s*(?:-|to|/|\.\.)\s*[-+]?\d", text):
        return "Write one row for each number of points."
    return WRITE
