"""The history: reading, mapping and checking what is known of the past."""

from __future__ import annotations

from workbench.history.check import Description, describe
from workbench.history.frequent import frequent_values
from workbench.history.history import Field, History
from workbench.history.load import read_history
from workbench.history.mapping import HistoryMapping, read_mapping

__all__ = [
    "Description",
    "Field",
    "History",
    "HistoryMapping",
    "describe",
    "frequent_values",
    "read_history",
    "read_mapping",
]
