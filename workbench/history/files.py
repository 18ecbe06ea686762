"""Tables as they come: opens a text, JSON-lines or Parquet file, a database table or a frame, and stages it.

Text files are read as they are, every cell a text. A staged table has the columns `c0`, `c1`, … so that no name of
a file is ever an engine's name; declared blanks are NULL in it, and rows keep their order.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb
from sqlglot import exp

from workbench.engine import Engine
from workbench.engine.duck import column, table
from workbench.errors import DataError
from workbench.history.bytes import empty, first_bad_object, opened, refuse_other_than_parquet, refuse_unfit_bytes
from workbench.history.cells import Column, call, cast, clean, literal
from workbench.history.source import (
    ATTACHED,
    JSON_ENDINGS,
    PARQUET_ENDINGS,
    TEXT_ENDINGS,
    Source,
    ending_of,
)

DELIMITERS = (",", ";", "\t", "|")
MOST_HEADER = 2_000_000


@dataclass(frozen=True)
class Sheet:
    """A table that is ready to be read.

    Attributes:
        label: its name in messages.
        columns: its columns; `cell` names the column of `query`.
        query: what to select the cells from.
        header_rows: lines above the first row of data (0 or 1).
    """

    label: str
    columns: tuple[Column, ...]
    query: exp.Expr
    header_rows: int = 1

    def names(self) -> tuple[str, ...]:
        """The names of its columns, in their order."""
        return tuple(each.name for each in self.columns)


@dataclass(frozen=True)
class Staged:
    """A table in the engine, ready to be read cell by cell.

    Attributes:
        label: its name in messages.
        table: its name in the engine.
        columns: by name in the file.
        rows: how many rows it has.
        joined: rows are out of order and carry their number themselves.
    """

    label: str
    table: str
    columns: Mapping[str, Column]
    rows: int
    joined: bool = False

    @property
    def row(self) -> exp.Expr:
        """The number of the row in its file, from 1."""
        if self.joined:
            return column("row", "s")
        return exp.Add(this=column("rowid", "s"), expression=literal(1))

    @property
    def aliased(self) -> exp.Table:
        """The staged table under the alias `s`."""
        return exp.Table(
            this=exp.to_identifier(self.table, quoted=True), alias=exp.TableAlias(this=exp.to_identifier("s"))
        )


def open_sheet(
    engine: Engine,
    source: Source,
    file: str,
    where: str,
    *,
    delimiter: str | None = None,
    columns: Sequence[str] | None = None,
    headerless: bool = False,
) -> Sheet:
    """The table `file` of the source.

    Args:
        engine: reads it.
        source: where it lies.
        file: its name: a path inside the folder, a table of the database, the name of a frame.
        where: the place that named it, for messages.
        delimiter: of a text file; by default found from the ending and the first line.
        columns: names of the columns of a text file without a header.
        headerless: the text file has no header and its columns have no names.

    Raises:
        DataError: when it is missing, empty, or of no known format.
    """
    if source.frames:
        if file not in source.frames:
            raise source.missing(file, where, engine)
        return _frame(engine, source, file)
    if source.kind == "database" and not ending_of(Path(file)):
        return _database(engine, source, file, where)
    path = (source.home or Path()) / file
    if not path.is_file():
        raise source.missing(file, where, engine)
    ending = ending_of(path)
    if ending in TEXT_ENDINGS:
        refuse_unfit_bytes(path, file)
        return _text(path, file, delimiter, columns, headerless=headerless)
    if ending in JSON_ENDINGS:
        return _json(engine, path, file)
    if ending in PARQUET_ENDINGS:
        refuse_other_than_parquet(path, file)
        reader = exp.Table(this=call("read_parquet", _path(path)))
        return _typed(engine, file, reader)
    raise DataError.at(
        where,
        expected="a file ending in .csv, .tsv, .txt, .jsonl or .parquet",
        found=f"'{file}'",
        remedy="Save it as CSV or Parquet.",
    )


def stage(engine: Engine, sheet: Sheet, name: str, wanted: Sequence[str], blanks: Sequence[str]) -> Staged:
    """Copy the wanted columns of a sheet into the engine as the table `name`, blanks made NULL.

    Raises:
        DataError: when a row of a text file has too few or too many cells or cannot be read; nothing is guessed.
    """
    chosen = [each for each in sheet.columns if each.name in set(wanted)]
    cells = [exp.alias_(clean(column(each.cell), each.sql_type, blanks), each.cell, quoted=True) for each in chosen]
    try:
        engine.write(name, exp.Select(expressions=cells or [exp.alias_(exp.null(), "none")]).from_(sheet.query))
    except duckdb.Error:
        raise (_mixed(sheet.label) if _is_text(sheet) else _unreadable(sheet.label)) from None
    _refuse_rejects(engine, sheet)
    (count,) = engine.rows(exp.Select(expressions=[exp.Count(this=exp.Star())]).from_(table(name)))[0]
    kept = {each.name: _restaged(each) for each in chosen}
    return Staged(sheet.label, name, kept, int(count))


def _restaged(source: Column) -> Column:
    """A column as `clean` leaves it: floats are DOUBLE, odd types are texts."""
    kind = source.sql_type.split("(")[0].upper()
    if kind in {"FLOAT", "DOUBLE"}:
        return Column(source.name, source.cell, "DOUBLE", source.loose)
    return Column(source.name, source.cell, "VARCHAR", source.loose) if source.kind == "text" else source


def _path(path: Path) -> exp.Expr:
    """A path as a literal that no pattern character can widen."""
    return literal(re.sub(r"([*?\[])", r"[\1]", str(path)))


def _named(name: str, value: exp.Expr) -> exp.Expr:
    return exp.EQ(this=exp.var(name), expression=value)


# --- text files -----------------------------------------------------------------------------------------------------


def _text(path: Path, label: str, delimiter: str | None, columns: Sequence[str] | None, *, headerless: bool) -> Sheet:
    top = _first_line(path, label)
    delimiter = delimiter or _guess(top, path, columns)
    first = next(csv.reader(top, delimiter=delimiter), [])
    named = columns is None and not headerless
    names = list(columns or first) if not headerless else [f"column_{n}" for n in range(1, len(first) + 1)]
    if named:
        names = [name.strip() or f"column_{n}" for n, name in enumerate(names, 1)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError.at(
            label,
            expected="each column name once",
            found=f"'{twice[0]}' twice",
            remedy="Rename one of the two columns.",
        )
    cells = [f"c{n}" for n in range(len(names))]
    schema = exp.Struct(
        expressions=[exp.PropertyEQ(this=literal(cell), expression=literal("VARCHAR")) for cell in cells]
    )
    reader = call(
        "read_csv",
        _path(path),
        _named("auto_detect", exp.false()),
        _named("header", exp.true() if named else exp.false()),
        _named("delim", literal(delimiter)),
        _named("quote", literal('"')),
        _named("escape", literal('"')),
        _named("strict_mode", exp.true()),
        _named("null_padding", exp.false()),
        _named("columns", schema),
        _named("store_rejects", exp.true()),
        _named("rejects_table", literal("refused_lines")),
        _named("rejects_scan", literal("refused_scans")),
    )
    found = tuple(Column(name, cell, "VARCHAR", loose=True) for name, cell in zip(names, cells, strict=True))
    return Sheet(label, found, exp.Table(this=reader), header_rows=int(named))


def _first_line(path: Path, label: str) -> list[str]:
    """The first record of a text file, as the lines it spans."""
    with opened(path) as lines:
        return _record(iter(lambda: lines.readline(MOST_HEADER), ""), label)


def _record(lines: Iterator[str], label: str) -> list[str]:
    taken: list[str] = []
    for line in islice(lines, 1000):
        taken.append(line)
        if "".join(taken).count('"') % 2 == 0:
            break
    else:
        if taken:
            raise DataError.at(
                f"{label}, line 1",
                expected="a heading whose quotes end",
                found="a quote that never ends",
                remedy='Close the quote, or write a quote inside a cell as "".',
            )
    if not "".join(taken).strip():
        raise empty(label)
    return taken


def _guess(top: list[str], path: Path, columns: Sequence[str] | None) -> str:
    """The delimiter: by the ending, unless the first line has only one cell with it and more with another."""
    usual = "\t" if ending_of(path) == ".tsv" else ","
    counts = {mark: len(next(csv.reader(top, delimiter=mark), [])) for mark in (usual, *DELIMITERS)}
    if columns is not None:
        return next((mark for mark, count in counts.items() if count == len(columns)), usual)
    return usual if counts[usual] > 1 else max(counts, key=lambda mark: counts[mark])


def _refuse_rejects(engine: Engine, sheet: Sheet) -> None:
    if not _is_text(sheet):
        return
    lines = column("line")
    summary = exp.Select(
        expressions=[
            call("count", exp.Distinct(expressions=[lines])),
            call("list_sort", call("list_distinct", call("min", lines.copy(), literal(20)))),
            call("min_by", column("error_type"), lines.copy()),
        ]
    ).from_(table("refused_lines"))
    count, first, kind = engine.rows(summary)[0]
    engine.drop(["refused_lines", "refused_scans"])
    if not count:
        return
    at = ", ".join(f"{line:,}" for line in first[:3])
    expected, found, remedy = _REFUSED.get(kind, _ODD_LINE)
    shown = f"{count:,} {'line' if count == 1 else 'lines'} that cannot be read: {found}"
    raise DataError.at(
        f"{sheet.label}, line {at}", expected=expected.format(n=len(sheet.columns)), found=shown, remedy=remedy
    )


_REFUSED = {
    "MISSING COLUMNS": (
        "{n} cells in every row",
        "too few cells",
        "Complete the row, or state the right `delimiter`.",
    ),
    "TOO MANY COLUMNS": (
        "{n} cells in every row",
        "too many cells",
        "Quote cells that hold the delimiter, or state the right `delimiter`.",
    ),
    "UNQUOTED VALUE": (
        "quotes only around whole cells",
        "a quote inside a cell, or one that never ends",
        'Write a quote inside a cell as "".',
    ),
    "INVALID ENCODING": ("UTF-8 text", "bytes that are not", "Save the file as UTF-8."),
}
_ODD_LINE = ("rows that can be read", "too long or malformed", "Correct the line, or export the file again.")


def _is_text(sheet: Sheet) -> bool:
    return isinstance(sheet.query.this, exp.Anonymous) and sheet.query.this.this == "read_csv"


def _mixed(label: str) -> DataError:
    return DataError.at(
        label,
        expected="lines that all end alike",
        found="line ends of several kinds, or lines that no reader takes",
        remedy="Export it again, with one kind of line end throughout.",
    )


def _unreadable(label: str) -> DataError:
    return DataError.at(
        label,
        expected="a file that can be read",
        found="one that is damaged or cut off",
        remedy="Export it again, or check that its ending says its format.",
    )


# --- typed sources --------------------------------------------------------------------------------------------------


def _typed(engine: Engine, label: str, reader: exp.Table) -> Sheet:
    try:
        found = engine.rows(exp.Describe(this=exp.select("*").from_(reader)))
    except duckdb.Error:
        raise _unreadable(label) from None
    cells = [f"c{n}" for n in range(len(found))]
    renamed = exp.TableAlias(
        this=exp.to_identifier("t"), columns=[exp.to_identifier(cell, quoted=True) for cell in cells]
    )
    named = reader.copy()
    named.set("alias", renamed)
    columns = tuple(Column(str(row[0]), cell, str(row[1]), loose=False) for row, cell in zip(found, cells, strict=True))
    return Sheet(label, columns, named)


def _database(engine: Engine, source: Source, name: str, where: str) -> Sheet:
    if name not in source.tables(engine):
        raise source.missing(name, where, engine)
    schema, _, plain = name.rpartition(".")
    reader = exp.Table(
        this=exp.to_identifier(plain, quoted=True),
        db=exp.to_identifier(schema or "main", quoted=True),
        catalog=exp.to_identifier(ATTACHED, quoted=True),
    )
    return _typed(engine, name, reader)


def _frame(engine: Engine, source: Source, name: str) -> Sheet:
    frame = source.frames[name]
    names = [str(each) for each in frame.columns]
    if len(set(names)) < len(names):
        raise DataError.at(
            name, expected="each column name once", found="a name twice", remedy="Rename one of the two columns."
        )
    plain = frame.set_axis([f"c{n}" for n in range(len(names))], axis=1).reset_index(drop=True)
    plain = plain.copy()  # in plain order: a frame that was turned round reads memory backwards, which no engine takes
    try:
        engine.take("frame_staged", plain)
    except duckdb.Error:
        raise DataError.at(
            name,
            expected="columns of texts, numbers, booleans or times",
            found="a column of something else",
            remedy="Turn its values into texts first.",
        ) from None
    sheet = _typed(engine, name, table("frame_staged"))
    columns = tuple(
        Column(title, each.cell, each.sql_type, each.loose) for title, each in zip(names, sheet.columns, strict=True)
    )
    return Sheet(name, columns, sheet.query)


# --- JSON lines -----------------------------------------------------------------------------------------------------


def _json(engine: Engine, path: Path, label: str) -> Sheet:
    reader = exp.Table(this=call("read_ndjson_objects", _path(path)))
    document = column("json")
    if not path.stat().st_size:
        raise empty(label)
    each_key = exp.alias_(call("unnest", call("json_keys", document.copy())), "k")
    try:
        odd = exp.select(exp.Count(this=exp.Star())).from_(reader.copy())
        ((strays,),) = engine.rows(odd.where(exp.NEQ(this=call("json_type", document), expression=literal("OBJECT"))))
        distinct = exp.Select(expressions=[each_key], distinct=exp.Distinct()).from_(reader.copy())
        keys = sorted(str(row[0]) for row in engine.rows(distinct))
    except duckdb.Error:
        raise first_bad_object(path, label) or _unreadable(label) from None
    if strays or not keys:
        raise DataError.at(
            label,
            expected="one JSON object a line",
            found=f"{strays:,} {'line that is' if strays == 1 else 'lines that are'} something else"
            if strays
            else "objects without keys",
            remedy='Write each row as {"column": value} on a line of its own.',
        )
    types = _json_types(engine, reader, keys)
    cells = [f"c{n}" for n in range(len(keys))]
    values = [
        exp.alias_(
            cast(call("json_extract_string", document.copy(), _pointer(key)), kind, attempt=True), cell, quoted=True
        )
        for key, kind, cell in zip(keys, types, cells, strict=True)
    ]
    inner = exp.Select(expressions=values).from_(reader.copy())
    columns = tuple(Column(key, cell, kind, loose=False) for key, kind, cell in zip(keys, types, cells, strict=True))
    return Sheet(label, columns, inner.subquery("t"))


def _pointer(key: str) -> exp.Expr:
    return literal("/" + key.replace("~", "~0").replace("/", "~1"))


def _json_types(engine: Engine, reader: exp.Table, keys: Sequence[str]) -> list[str]:
    """The engine's type of each key: BOOLEAN, HUGEINT or DOUBLE where every value is one, else VARCHAR."""
    seen = [call("list", exp.Distinct(expressions=[call("json_type", column("json"), _pointer(key))])) for key in keys]
    found = engine.rows(exp.Select(expressions=seen).from_(reader.copy()))[0]
    types = []
    for kinds in found:
        real = {kind for kind in kinds or [] if kind and kind != "NULL"}
        whole, numbers = {"BIGINT", "UBIGINT"}, {"BIGINT", "UBIGINT", "DOUBLE"}
        ladder = (({"BOOLEAN"}, "BOOLEAN"), (whole, "HUGEINT"), (numbers, "DOUBLE"))
        types.append(next((sql for allowed, sql in ladder if real and real <= allowed), "VARCHAR"))
    return types
