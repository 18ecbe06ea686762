"""What the user named as data: a folder, a file, a database or frames; finds tables in it by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import duckdb
import pandas as pd
from sqlglot import exp

from workbench.engine import Engine
from workbench.errors import CallError, DataError, Problem, listed
from workbench.history.cells import literal
from workbench.parsing import did_you_mean

ATTACHED = "source_database"
TEXT_ENDINGS = (".csv", ".tsv", ".txt")
JSON_ENDINGS = (".jsonl", ".ndjson", ".json")
PARQUET_ENDINGS = (".parquet", ".pq")
ENDINGS = (*TEXT_ENDINGS, *JSON_ENDINGS, *PARQUET_ENDINGS)
DATABASE_MARK = b"DUCK"
DATABASE_ENDINGS = (".duckdb", ".ddb", ".db")
MAPPING_ENDINGS = (".yaml", ".yml")
MAPPING_NAME = "history.yaml"
Given = str | Path | Mapping[str, pd.DataFrame] | pd.DataFrame


@dataclass(frozen=True)
class Source:
    """Where tables are looked for.

    Attributes:
        name: what to call the whole, without its folder.
        kind: a folder, one flat table (file or frame), a database file, or several frames.
        home: the folder of the data, None for frames.
        path: the file or folder itself, None for frames.
        frames: the frames by name.
    """

    name: str
    kind: Literal["folder", "flat", "database", "frames"]
    home: Path | None = None
    path: Path | None = None
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def flat_name(self) -> str:
        """The name of the only table of a flat source."""
        return self.path.name if self.path is not None else self.name

    def tables(self, engine: Engine) -> tuple[str, ...]:
        """Names of the tables that are there, sorted."""
        if self.kind == "database":
            query = (
                exp.select("table_schema", "table_name")
                .from_("information_schema.tables")
                .where(exp.EQ(this=exp.column("table_catalog"), expression=literal(ATTACHED)))
            )
            names = [table if schema == "main" else f"{schema}.{table}" for schema, table in engine.rows(query)]
            return tuple(sorted(names))
        if self.frames:
            return tuple(sorted(self.frames))
        folder = self.home or Path()
        return tuple(sorted(found.name for found in folder.iterdir() if found.is_file() and _is_table(found)))

    def attach(self, engine: Engine) -> None:
        """Open a database file for reading; does nothing for other sources."""
        if self.kind != "database":
            return
        alias = exp.Alias(this=literal(str(self.path)), alias=exp.to_identifier(ATTACHED, quoted=True))
        read_only = exp.AttachOption(this=exp.Var(this="READ_ONLY"))
        try:
            engine.run(exp.Attach(this=alias, expressions=[read_only]))
        except duckdb.Error:
            raise DataError(self._not_a_database()) from None

    def _not_a_database(self) -> Problem:
        with (self.path or Path()).open("rb") as file:
            top = file.read(12)
        expected = "a DuckDB database that can be read"
        if top[8:] == DATABASE_MARK:
            found = "one that is in use, damaged, or of a newer version"
            return Problem(self.name, expected, found, "Close other programs that write to it, or export it again.")
        found = "something else" if top else "an empty file"
        return Problem(self.name, expected, found, "Check that it is the right file.")

    def detach(self, engine: Engine) -> None:
        """Let go of a database file."""
        if self.kind == "database":
            engine.run(exp.Detach(this=exp.to_identifier(ATTACHED, quoted=True)))

    def missing(self, name: str, where: str, engine: Engine) -> DataError:
        """The error for a table that is not there."""
        there = self.tables(engine)
        thing = "file in the folder" if self.kind in {"folder", "flat"} else "table"
        remedy = did_you_mean(name, there) if there else "There is none at all: check the folder."
        return DataError(Problem(where, f"a {thing} '{self.name}'", f"no '{name}'", remedy))


def find(given: Given) -> tuple[Source, Path | None]:
    """The source that was named, and the mapping file that lies with it.

    Raises:
        CallError: when there is no such file or folder, or its kind is not known.
    """
    if isinstance(given, pd.DataFrame):
        return Source("frame", "flat", frames={"frame": given}), None
    if isinstance(given, Mapping):
        return Source("frames", "frames", frames=dict(given)), None
    path = Path(given)
    if path.is_dir():
        mapping = path / MAPPING_NAME
        return Source(_name(path), "folder", path, path), mapping if mapping.is_file() else None
    if not path.is_file():
        raise CallError.at(
            str(given), expected="a folder, a data file or a .duckdb file", found="nothing", remedy="Check the path."
        )
    ending = path.suffix.lower()
    if ending in MAPPING_ENDINGS:
        return Source(_name(path.parent), "folder", path.parent, path.parent), path
    if ending in DATABASE_ENDINGS:
        mapping = path.with_name(MAPPING_NAME)
        return Source(path.name, "database", path.parent, path), mapping if mapping.is_file() else None
    if _is_table(path):
        return Source(path.name, "flat", path.parent, path), None
    raise CallError.at(
        str(given),
        expected=f"one of {listed([*ENDINGS, *DATABASE_ENDINGS], most=20)}",
        found=f"'{path.suffix}'",
        remedy="Save the data as CSV or Parquet.",
    )


def ending_of(path: Path) -> str:
    """The ending that says the format, without a trailing `.gz`."""
    endings = [ending.lower() for ending in path.suffixes]
    return endings[-2] if len(endings) > 1 and endings[-1] == ".gz" else (endings or [""])[-1]


def _is_table(path: Path) -> bool:
    return ending_of(path) in ENDINGS


def _name(folder: Path) -> str:
    return folder.resolve().name or "data"
