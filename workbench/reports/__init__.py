"""Reports for people who read no code: one HTML file from a parameterised notebook, and what that notebook calls.

`report` needs papermill and nbconvert and is loaded when it is first used; the notebook itself does without them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from workbench.reports.cutoff import capacity, carried, moved
from workbench.reports.judgement import Judgement, judge
from workbench.reports.listing import listing
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
from workbench.reports.wrong import examples, explained, mistakes, top_cut, wrong_leads, wrongly

if TYPE_CHECKING:
    from workbench.reports.run import report

__all__ = [
    "Judgement",
    "Prose",
    "Table",
    "about",
    "bands",
    "capacity",
    "carried",
    "digests",
    "dropped",
    "examples",
    "explained",
    "judge",
    "left_out",
    "listing",
    "metrics",
    "mistakes",
    "moved",
    "parts",
    "report",
    "rules",
    "segments",
    "thresholds",
    "tiers",
    "top_cut",
    "verdict",
    "warnings",
    "wrong_leads",
    "wrongly",
]


def __getattr__(name: str) -> Any:
    if name != "report":
        raise AttributeError(f"module 'workbench.reports' has no attribute '{name}'")
    return importlib.import_module("workbench.reports.run").report
