"""Reads a sheet of criteria and points: any delimiter, any header or none, UTF-8, UTF-16 or Windows-1252."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.drafts.draft import cleaned
from workbench.drafts.worth import read_worth
from workbench.errors import DataError

MOST_BYTES = 1_000_000
MOST_ROWS = 2_000
_DELIMITERS = ("\t", ";", ",", "|")
_POINTS = re.compile(r"(points?|pts?\.?|scores?|punkte?|worth|value|weight|\+/-)( value)?", re.IGNORECASE)
_FIELD = re.compile(r"(fields?|attributes?|propert(y|ies)|categor(y|ies)|area|type|dimension)", re.IGNORECASE)
_VALUE = re.compile(
    r"(values?|criteri(on|a)|conditions?|options?|answers?|details?|rules?|if|is)",
    re.IGNORECASE,
)
_CRITERION = re.compile(
    r"(criteri(on|a)|rules?|attributes?|conditions?|signals?|what|behaviou?rs?|activit(y|ies)|kriteri(um|en)|"
    r"description|name|event|property|field)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class SheetRow:
    """One row.

    Attributes:
        number: line of the file, from 1; the first of several.
        criterion, points: what the cells say, cleaned.
        notes: what the other cells say.
        header: the row names the columns.
        joined: the criterion was written over several cells.
        of: what a column before the criterion names: the field, in sheets of field, value and points.
    """

    number: int
    criterion: str
    points: str
    notes: str
    header: bool = False
    joined: bool = False
    of: str = ""

    @property
    def place(self) -> str:
        """The place for a message."""
        return f"row {self.number}"


def read_sheet(path: str | Path) -> tuple[SheetRow, ...]:
    """The rows of a CSV or TSV file.

    Raises:
        DataError: if the file is not there, too large, a workbook, or not text.
    """
    text = _text(Path(path))
    tables = [(_worths(rows), -place, rows) for place, rows in enumerate(_tables(text, Path(path).name))]
    rows = max(tables, key=lambda each: each[:2])[2]
    if len(rows) > MOST_ROWS:
        raise DataError.at(
            Path(path).name,
            expected=f"at most {MOST_ROWS:,} rows of criteria",
            found=f"{len(rows):,}",
            remedy="Keep the rows that say criterion and points.",
        )
    at, header = _columns([cells for _, cells in rows])
    found = [_row(number, cells, at) for number, cells in rows]
    if header is not None:
        found = _of_fields(found, rows, header, at)
    if header is not None:
        found[header] = SheetRow(found[header].number, found[header].criterion, found[header].points, "", header=True)
    return tuple(found)


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as problem:
        found = problem.strerror or type(problem).__name__
        raise DataError.at(str(path), expected="a file to read", found=f"'{found}'", remedy="Check the path.") from None
    if size > MOST_BYTES:
        found = f"{size:,} bytes"
        remedy = "Keep the rows that say criterion and points."
        raise DataError.at(path.name, expected=f"at most {MOST_BYTES:,} bytes", found=found, remedy=remedy)
    if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        remedy = "Save the sheet as CSV (in Excel: Save As, CSV UTF-8) and name that file."
        raise DataError.at(path.name, expected="a CSV or TSV file", found="a workbook", remedy=remedy)
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    remedy = "Save the sheet as CSV UTF-8 and name that file."
    raise DataError.at(path.name, expected="text in UTF-8 or Windows-1252", found="other bytes", remedy=remedy)


Cells = tuple[str, ...]
Table = list[tuple[int, Cells]]


def _tables(text: str, name: str) -> list[Table]:
    """The file as each delimiter parts it: line number and cells."""
    return [_table(text, delimiter, name) for delimiter in _DELIMITERS]


def _table(text: str, delimiter: str, name: str) -> Table:
    """The rows; where quotes do not close, each line is a row of its own, so that none swallows the next."""
    try:
        return _rows(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        rows: Table = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        try:
            cells = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error as problem:
            remedy = "Close the quotes, or save the sheet as CSV once more."
            raise DataError.at(f"{name}:{number}", expected="a CSV file", found=f"'{problem}'", remedy=remedy) from None
        rows.append((number, tuple(cleaned(cell) for cell in cells)))
    return rows[:-1] if rows and not any(rows[-1][1]) else rows


def _rows(reader: Any) -> Table:
    rows: Table = []
    line = 1
    for cells in reader:
        rows.append((line, tuple(cleaned(cell) for cell in cells)))
        line = reader.line_num + 1
    return rows


def _worths(rows: Table) -> int:
    """How many rows have words and, beside them, points."""
    return sum(
        any(_is_points(cell) for cell in cells) and any(re.search(r"[^\W\d]", cell) for cell in cells)
        for _, cells in rows
        if len(cells) > 1
    )


def _is_points(cell: str) -> bool:
    worth = read_worth(cell)
    return worth.points is not None or worth.out


def _columns(rows: Sequence[Cells]) -> tuple[tuple[int, int], int | None]:
    """Where criterion and points stand, and which row names the columns."""
    first = next((number for number, cells in enumerate(rows) if any(cells)), None)
    header = None
    if first is not None and not any(_is_points(cell) for cell in rows[first]):
        points = [place for place, cell in enumerate(rows[first]) if _POINTS.fullmatch(cell)]
        words = [place for place, cell in enumerate(rows[first]) if _CRITERION.fullmatch(cell)]
        header = first if points or words else None
        if points:
            most = max(
                points,
                key=lambda place: (sum(_is_points(cells[place]) for cells in rows if place < len(cells)), -place),
            )
            return (next((place for place in words if place != most), 0 if most else 1), most), header
    wide = max((len(cells) for cells in rows), default=0)
    counts = [sum(place < len(cells) and _is_points(cells[place]) for cells in rows) for place in range(wide)]
    points_at = max(range(wide), key=lambda place: (counts[place], place == 1, -place), default=1)
    return (0 if points_at else 1, points_at), header


def _of_fields(found: list[SheetRow], rows: Table, header: int, at: tuple[int, int]) -> list[SheetRow]:
    """The rows of a sheet of field, value and points; a field that is left empty is the one above it."""
    titles = rows[header][1]
    rest = [place for place in range(len(titles)) if place != at[1]]
    field = next((place for place in rest if _FIELD.fullmatch(titles[place])), None)
    value = next((place for place in rest if place != field and _VALUE.fullmatch(titles[place])), None)
    if field is None or value is None:
        return found
    made, above = [], ""
    for row, (number, cells) in zip(found, rows, strict=True):
        above = cells[field] if field < len(cells) and cells[field] else above
        told = _row(number, cells, (value, at[1])) if row is not found[header] else row
        made.append(replace(told, of=above) if told.criterion else row)
    return made


def _row(number: int, cells: Cells, at: tuple[int, int]) -> SheetRow:
    criterion_at, points_at = at
    joined = False
    if len(cells) > points_at > criterion_at and not _is_points(cells[points_at]) and cells[points_at]:
        later = [place for place in range(points_at + 1, len(cells)) if _is_points(cells[place])]
        if len(later) == 1:  # a criterion with commas that nobody quoted
            joined = True
            whole = ", ".join(cell for cell in cells[criterion_at : later[0]] if cell)
            cells = (*cells[:criterion_at], whole, *cells[later[0] :])
            points_at = criterion_at + 1
    criterion = cells[criterion_at] if criterion_at < len(cells) else ""
    points = cells[points_at] if points_at < len(cells) else ""
    rest = [cell for place, cell in enumerate(cells) if place not in (criterion_at, points_at) and cell]
    return SheetRow(number, criterion, points, "; ".join(rest), joined=joined)
