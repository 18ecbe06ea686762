"""Delimited text for spreadsheets, in which no text can be taken for a formula."""

from __future__ import annotations

from typing import Final

import pandas as pd

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would run as a formula (OWASP, CSV injection)."""


def delimited(frame: pd.DataFrame, delimiter: str = ",") -> bytes:
    """A frame as UTF-8 text with a header; a text that a spreadsheet would run begins with an apostrophe."""
    safe = frame.rename(columns=_harmless)
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]):
            safe[name] = safe[name].map(_harmless, na_action="ignore")
    return safe.to_csv(index=False, sep=delimiter, lineterminator="\n").encode()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
