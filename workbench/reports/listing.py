"""A frame as a table for people, whatever its columns."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.plots.wording import count
from workbench.reports.table import Table
from workbench.reports.wording import NOTHING, rate

SHARES = frozenset({"filled", "share", "rate"})


def listing(frame: pd.DataFrame, caption: str) -> Table:
    """Every row of a frame with its numbers rounded.

    Columns named filled, share or rate are shares in 0..1; other numbers have two decimals at most.
    """
    numeric = [pd.api.types.is_numeric_dtype(frame[name]) for name in frame.columns]
    heads = [str(name).replace("_", " ").capitalize() for name in frame.columns]
    columns = tuple(f">{head}" if number else head for head, number in zip(heads, numeric, strict=True))
    names = [str(name) for name in frame.columns]
    rows = tuple(
        tuple(_cell(name, value) for name, value in zip(names, row, strict=True))
        for row in frame.itertuples(index=False, name=None)
    )
    return Table(caption, columns, rows)


def _cell(name: str, value: Any) -> str:
    if pd.isna(value):
        return NOTHING
    if name in SHARES:
        return rate(float(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return count(value) if isinstance(value, int) else str(value)
