"""Reads a sheet of criteria and points: any delimiter, any header or none, UTF-8, UTF-16 or Windows-1252."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.drafts.columns import Cells, Columns, find_columns
from workbench.drafts.draft import cleaned
from workbench.drafts.worth import is_points, read_worth
from workbench.errors import DataError

MOST_BYTES = 1_000_000
MOST_ROWS = 2_000
_DELIMITERS = ("\t", ";", ",", "|")
_EMPTY = ("", "-", "−", "–", "—", "n/a", "/")


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
        label: the row does nothing but name the field or category of the next ones.
        otherwise: what those earn of whom the criterion is not true; empty if nothing is said.
        remarks: pairs of what was assumed about the columns, and what to decide.
        wrong: why and what to do, where the cells of points cannot both be meant.
    """

    number: int
    criterion: str
    points: str
    notes: str
    header: bool = False
    joined: bool = False
    of: str = ""
    label: bool = False
    otherwise: str = ""
    remarks: tuple[tuple[str, str], ...] = ()
    wrong: tuple[str, str] | None = None

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
    tables = [
        (_worths(rows), _numbers(rows), -place, rows) for place, rows in enumerate(_tables(text, Path(path).name))
    ]
    rows = max(tables, key=lambda each: each[:3])[3]
    if len(rows) > MOST_ROWS:
        raise DataError.at(
            Path(path).name,
            expected=f"at most {MOST_ROWS:,} rows of criteria",
            found=f"{len(rows):,}",
            remedy="Keep the rows that say criterion and points.",
        )
    columns = find_columns([cells for _, cells in rows], Path(path).name)
    found, above = [], ""
    for place, (number, cells) in enumerate(rows):
        if place == columns.header:
            found.append(replace(_plain_row(number, cells, columns), notes="", header=True))
            continue
        above = _cell(cells, columns.field) or above
        below = rows[place + 1][1] if place + 1 < len(rows) else ()
        goes_on = bool(_cell(below, columns.criterion)) and not _cell(below, columns.field)
        found.append(_row(number, cells, columns, above, goes_on=goes_on))
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


def _numbers(rows: Table) -> int:
    """How many rows have a cell that begins with a number, beside another."""
    return sum(any(re.match(r"[-+−–(<>=≥≤ ]*\d", cell) for cell in cells[1:]) for _, cells in rows)


def _worths(rows: Table) -> int:
    """How many rows have words and, beside them, points."""
    return sum(
        any(is_points(cell) for cell in cells) and any(re.search(r"[^\W\d]", cell) for cell in cells)
        for _, cells in rows
        if len(cells) > 1
    )


def _cell(cells: Cells, place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def _row(number: int, cells: Cells, columns: Columns, above: str, *, goes_on: bool) -> SheetRow:
    """One row; `above` is the field or category of it, which `goes_on` in the next row."""
    row = _plain_row(number, cells, columns)
    if not row.joined:
        row = _two_columns(row, cells, columns)
    if not row.criterion:
        moved = _moved(row, cells, columns)
        return replace(moved, label=goes_on and not row.points and moved.criterion == _cell(cells, columns.field))
    if columns.field is None or not row.criterion:
        return row
    if not columns.named:
        return replace(row, of=above)
    title = columns.title(columns.field)
    remark = (f"The column '{title}' says '{above}': a label, not a condition.", "Does that have to hold too?")
    notes = "; ".join(dict.fromkeys(each for each in (above, row.notes) if each))
    remarks = (*row.remarks, remark) if above else row.remarks
    return replace(row, of=columns.title(columns.criterion), notes=notes, remarks=remarks)


def _moved(row: SheetRow, cells: Cells, columns: Columns) -> SheetRow:
    """A row whose words stand in a column before the one of criteria, such as the category of merged cells."""
    left = [cell for place, cell in enumerate(cells) if place < columns.points and re.search(r"[^\W\d]", cell)]
    if not left:
        return row
    rest = [each for each in row.notes.split("; ") if each and each != left[0]]
    return replace(row, criterion=left[0], notes="; ".join(rest))


def _plain_row(number: int, cells: Cells, columns: Columns) -> SheetRow:
    """Criterion, points and notes."""
    criterion_at, points_at = columns.criterion, columns.points
    joined = False
    if len(cells) > points_at > criterion_at and not is_points(cells[points_at]) and cells[points_at] not in _EMPTY:
        later = [place for place in range(points_at + 1, len(cells)) if is_points(cells[place])]
        titled = (at for at in columns.strange if at < len(columns.titles) and columns.titles[at])
        known = (columns.minus, columns.otherwise, *titled)
        if len(later) == 1 and later[0] not in known:  # a criterion with commas that nobody quoted
            joined = True
            whole = ", ".join(cell for cell in cells[criterion_at : later[0]] if cell)
            cells = (*cells[:criterion_at], whole, *cells[later[0] :])
            points_at = criterion_at + 1
    own = (criterion_at, points_at) if joined else (criterion_at, points_at, columns.minus, columns.otherwise)
    rest = [cell for place, cell in enumerate(cells) if place not in own and cell]
    return SheetRow(number, _cell(cells, criterion_at), _cell(cells, points_at), "; ".join(rest), joined=joined)


def _two_columns(row: SheetRow, cells: Cells, columns: Columns) -> SheetRow:
    """The row with what a second column of numbers says of its points."""
    row = _less(row, cells, columns) if columns.minus is not None else row
    row = _otherwise(row, cells, columns) if columns.otherwise is not None else row
    worth = read_worth(row.points)
    if columns.adds and row.points == _cell(cells, columns.points) and worth.points is not None and worth.points < 0:
        why = f"A negative number in the column '{columns.title(columns.points)}'."
        return replace(row, wrong=(why, "Correct its sign, or its column."))
    asked = [
        (f"The column '{columns.title(place)}' says {cells[place]}: it is not read.", "Does it change the points?")
        for place in columns.strange
        if place < len(cells) and read_worth(cells[place]).points is not None and row.points
    ]
    return replace(row, remarks=(*row.remarks, *asked))


def _less(row: SheetRow, cells: Cells, columns: Columns) -> SheetRow:
    """Points of a column of what is taken away: less than zero, however they are written there."""
    cell = _cell(cells, columns.minus)
    own = "" if columns.points == columns.minus else row.points
    worth, other = read_worth(cell), read_worth(own)
    if cell in _EMPTY or worth.points == 0:
        return replace(row, points=own if own not in _EMPTY else cell.strip("-−–—/") if cell != "n/a" else "")
    if own not in _EMPTY and other.points != 0:
        why = f"Two cells of points: {own} and {cell} (in '{columns.title(columns.minus or 0)}')."
        return replace(row, points=f"{own} / {cell}", wrong=(why, "Write a row of its own for each."))
    if worth.points is None or worth.points < 0:
        return replace(row, points=cell)
    assumed = f"{cell} in the column '{columns.title(columns.minus or 0)}' is taken as minus."
    return replace(row, points=str(-worth.points), remarks=(*row.remarks, (assumed, "Are points taken away?")))


def _otherwise(row: SheetRow, cells: Cells, columns: Columns) -> SheetRow:
    """Points of those of whom the criterion is not true."""
    cell = _cell(cells, columns.otherwise)
    worth, title = read_worth(cell), columns.title(columns.otherwise or 0)
    if cell in _EMPTY or worth.points == 0:
        return row if row.points or not cell else replace(row, points="0")
    if worth.points is None:
        return replace(row, wrong=(f"'{cell}' in the column '{title}' is not a number of points.", worth.remedy))
    assumed = f"All others earn {cell}, those too of whom it is not known (the column '{title}')."
    points = row.points if row.points not in _EMPTY else "0"
    remarks = (*row.remarks, (assumed, "Is that meant?"))
    return replace(row, points=points, otherwise=cell, remarks=remarks)
