"""Tables in plain text: numbers to the right, texts to the left, long texts wrapped to the terminal."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from workbench.cli import terminal

GAP = "  "
LEAST = 12


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        title: its heading.
        side: where its cells stand.
        flows: its texts are wrapped when the table is too wide for the terminal.
    """

    title: str
    side: Literal["left", "right"] = "right"
    flows: bool = False


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, indent: str = "  ") -> str:
    """Lay the cells out; a row has one text for each column."""
    cells = [[terminal.printed(cell.replace("\n", " ")) for cell in row] for row in rows]
    widths = [
        max([length(column.title), *(length(row[place]) for row in cells)]) for place, column in enumerate(columns)
    ]
    widths = _fitted(columns, widths, terminal.width() - len(indent))
    heading = _line([column.title for column in columns], columns, widths)
    lines = [indent + terminal.styled(heading, "bold")]
    for row in cells:
        lines.extend(indent + line for line in _wrapped(row, columns, widths))
    return "\n".join(lines)


def taken(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, indent: str = "  ") -> int:
    """Columns of the terminal that these cells need if nothing is wrapped, the gap to one more column included."""
    widths = [max([length(column.title), *(length(row[at]) for row in rows)]) for at, column in enumerate(columns)]
    return len(indent) + sum(widths) + len(GAP) * len(widths)


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame, columns as attributes."""
    return iter(frame.itertuples(index=False))


def length(text: str) -> int:
    """Columns that a text takes in a terminal.

    >>> length("rate"), length("漢字")
    (4, 4)
    """
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) != 0 for character in text)


def _fitted(columns: Sequence[Column], widths: list[int], room: int) -> list[int]:
    """Take what is too wide from the columns that flow, the widest first."""
    widths = list(widths)
    excess = sum(widths) + len(GAP) * (len(widths) - 1) - room
    while excess > 0:
        flowing = [place for place, column in enumerate(columns) if column.flows and widths[place] > LEAST]
        if not flowing:
            break
        widest = max(flowing, key=lambda place: widths[place])
        widths[widest] -= 1
        excess -= 1
    return widths


def _wrapped(row: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> list[str]:
    parts = [
        textwrap.wrap(cell, most) or [""] if column.flows and length(cell) > most else [cell]
        for cell, column, most in zip(row, columns, widths, strict=True)
    ]
    height = max(len(part) for part in parts)
    return [
        _line([part[number] if number < len(part) else "" for part in parts], columns, widths)
        for number in range(height)
    ]


def _line(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    placed = []
    for cell, column, most in zip(cells, columns, widths, strict=True):
        space = " " * max(0, most - length(cell))
        placed.append(cell + space if column.side == "left" else space + cell)
    return GAP.join(placed).rstrip()
