"""Named lists of values: written in the mapping, or one a line in a text file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from sqlglot import exp

from workbench.engine.duck import column, table
from workbench.errors import DataError
from workbench.history.bytes import not_utf8
from workbench.history.cells import SPACE
from workbench.history.loading import Loading

MOST_BYTES = 50_000_000


def read_lists(loading: Loading) -> dict[str, tuple[str, ...]]:
    """The lists of the mapping, and the table `lists`; values trimmed, each once, in their order.

    Raises:
        DataError: when a file is missing, too large or not UTF-8.
    """
    found: dict[str, tuple[str, ...]] = {}
    for title, values in loading.mapping.lists.items():
        lines = _lines(loading, title, values) if isinstance(values, str) else values
        trimmed = (line.strip(SPACE) for line in lines)
        found[title] = tuple(dict.fromkeys(value for value in trimmed if value))
    pairs = [(title, value) for title, values in found.items() for value in values]
    frame = pd.DataFrame(pairs or [("", "")], columns=["list", "value"], dtype="str")
    loading.engine.take("lists_in", frame)
    query = exp.Select(expressions=[column("list"), column("value")]).from_(table("lists_in"))
    loading.engine.write("lists", query if pairs else query.where(exp.false()))
    loading.engine.drop(["lists_in"])
    return found


def _lines(loading: Loading, title: str, file: str) -> list[str]:
    where = loading.where(("lists", title))
    path = (loading.source.home or Path()) / file
    if not path.is_file():
        raise loading.source.missing(file, where, loading.engine)
    if path.stat().st_size > MOST_BYTES:
        raise DataError.at(
            where, expected=f"at most {MOST_BYTES:,} bytes", found=f"{path.stat().st_size:,}", remedy="Is this a list?"
        )
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as problem:
        raise not_utf8(problem, problem.object.count(10, 0, problem.start) + 1, file) from None
