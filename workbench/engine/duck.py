"""The embedded engine: DuckDB behind five verbs.

Whatever stands behind an `Engine` needs only these: run a statement, fetch rows, fetch a frame, fetch columns as
arrays, take in a frame. Statements are sqlglot nodes, so nothing is pasted together from texts.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlglot import exp

DIALECT = "duckdb"


class Engine:
    """A DuckDB database in memory that spills to a temporary folder and leaves nothing behind.

    A context manager; `close` may be called more than once. Use `lock` once loading is over: from then on no
    statement can reach a file or change the settings.
    """

    def __init__(self) -> None:
        self._spill = tempfile.TemporaryDirectory(prefix="workbench-")
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "temp_directory": self._spill.name,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "preserve_insertion_order": True,
            },
        )
        self._connection.execute("SET TimeZone = 'UTC'")

    def run(self, statement: exp.Expr | str) -> None:
        """Run a statement for its effect."""
        self._connection.execute(_text(statement))

    def rows(self, query: exp.Expr | str) -> list[tuple[Any, ...]]:
        """The rows of a query as tuples."""
        return list(self._connection.execute(_text(query)).fetchall())

    def frame(self, query: exp.Expr | str) -> pd.DataFrame:
        """The result of a query as a frame."""
        return self._connection.execute(_text(query)).df()

    def arrays(self, query: exp.Expr | str) -> dict[str, NDArray[Any]]:
        """The columns of a query as arrays; a column with NULLs is a masked array."""
        columns = self._connection.execute(_text(query)).fetchnumpy()
        return {
            name: np.ma.asarray(values) if np.ma.isMaskedArray(values) else np.asarray(values)
            for name, values in columns.items()
        }

    def take(self, name: str, frame: pd.DataFrame) -> None:
        """Copy a frame into the table `name`, replacing it."""
        staged = "frame_taken_in"
        self._connection.register(staged, frame)
        try:
            source = exp.select("*").from_(table(staged))
            self.run(exp.Create(this=table(name), kind="TABLE", expression=source, replace=True))
        finally:
            self._connection.unregister(staged)

    def write(self, name: str, query: exp.Expr) -> None:
        """Store the result of a query as the table `name`, replacing it."""
        self.run(exp.Create(this=table(name), kind="TABLE", expression=query, replace=True))

    def drop(self, names: Sequence[str]) -> None:
        """Forget tables."""
        for name in names:
            self.run(exp.Drop(tables=[table(name)], kind="TABLE", exists=True))

    def lock(self) -> None:
        """Cut the engine off from files and freeze its settings; in-memory tables and spilling go on working."""
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def close(self) -> None:
        """Free the database and its temporary files."""
        self._connection.close()
        self._spill.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def parquet(frame: pd.DataFrame) -> bytes:
    """A frame as the bytes of a Parquet file."""
    with tempfile.TemporaryDirectory(prefix="workbench-") as folder, duckdb.connect(":memory:") as connection:
        path = Path(folder, "frame.parquet")
        connection.from_df(frame).write_parquet(str(path), compression="zstd")
        return path.read_bytes()


def table(name: str) -> exp.Table:
    """A quoted table name."""
    return exp.Table(this=exp.to_identifier(name, quoted=True))


def column(name: str, of: str | None = None) -> exp.Column:
    """A quoted column, of a table or alias where one is given."""
    return exp.Column(
        this=exp.to_identifier(name, quoted=True),
        table=exp.to_identifier(of, quoted=True) if of is not None else None,
    )


def _text(statement: exp.Expr | str) -> str:
    return statement if isinstance(statement, str) else statement.sql(dialect=DIALECT)
