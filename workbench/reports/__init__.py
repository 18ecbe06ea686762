"""Reports for people who read no code: one HTML file from a parameterised notebook, and what that notebook calls.

`report` needs papermill and nbconvert and is loaded when it is first used; the notebook itself does without them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from workbench.reports.judgement import Judgement, judge
from workbench.reports.sentences import about, verdict, warnings
from workbench.reports.table import Prose, Table
from workbench.reports.tables import (
    bands,
    digests,
    dropped,
    left_out,
    metrics,
    parts,
    rules,
    segments,
    thresholds,
    tiers,
)
from workbench.reports.wrong import examples, wrongly

if TYPE_CHECKING:
    from workbench.reports.run import report

__all__ = [
    "Judgement",
    "Prose",
    "Table",
    "about",
    "bands",
    "digests",
    "dropped",
    "examples",
    "judge",
    "left_out",
    "metrics",
    "parts",
    "report",
    "rules",
    "segments",
    "thresholds",
    "tiers",
    "verdict",
    "warnings",
    "wrongly",
]


def __getattr__(name: str) -> Any:
    if name != "report":
        raise AttributeError(f"module 'workbench.reports' has no attribute '{name}'")
    return importlib.import_module("workbench.reports.run").report
