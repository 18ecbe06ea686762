"""Reports for people who read no code: one HTML file from a parameterised notebook, and what that notebook calls.

`report` needs papermill and nbconvert, and what tells of comparisons, suggestions and the like needs these; each is
loaded when it is first used, and a notebook that does without them starts without them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from workbench.reports.cutoff import moved
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
    from workbench.reports.choice import cutoffs, cutting, queueing, told
    from workbench.reports.comparison import affected, apart, changing, compared, swapped
    from workbench.reports.finding import findings
    from workbench.reports.proposal import proposed
    from workbench.reports.replay import falls, replayed, warned
    from workbench.reports.run import report
    from workbench.reports.sales import accepted, disagreed, rejected, unworked, worked
    from workbench.reports.suggestion import optimism, path, turned
    from workbench.reports.support import dropped_rules, overlapping, standing_out, supported
    from workbench.reports.yardstick import earned, measured

_HOMES = {
    "workbench.reports.choice": ("cutoffs", "cutting", "queueing", "told"),
    "workbench.reports.comparison": ("affected", "apart", "changing", "compared", "swapped"),
    "workbench.reports.finding": ("findings",),
    "workbench.reports.proposal": ("proposed",),
    "workbench.reports.replay": ("falls", "replayed", "warned"),
    "workbench.reports.run": ("report",),
    "workbench.reports.sales": ("accepted", "disagreed", "rejected", "unworked", "worked"),
    "workbench.reports.suggestion": ("optimism", "path", "turned"),
    "workbench.reports.support": ("dropped_rules", "overlapping", "standing_out", "supported"),
    "workbench.reports.yardstick": ("earned", "measured"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Judgement",
    "Prose",
    "Table",
    "about",
    "accepted",
    "affected",
    "apart",
    "bands",
    "changing",
    "compared",
    "cutoffs",
    "cutting",
    "digests",
    "disagreed",
    "dropped",
    "dropped_rules",
    "earned",
    "examples",
    "explained",
    "falls",
    "findings",
    "judge",
    "left_out",
    "listing",
    "measured",
    "metrics",
    "mistakes",
    "moved",
    "optimism",
    "overlapping",
    "parts",
    "path",
    "proposed",
    "queueing",
    "rejected",
    "replayed",
    "report",
    "rules",
    "segments",
    "standing_out",
    "supported",
    "swapped",
    "thresholds",
    "tiers",
    "told",
    "top_cut",
    "turned",
    "unworked",
    "verdict",
    "warned",
    "warnings",
    "worked",
    "wrong_leads",
    "wrongly",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'workbench.reports' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOME[name]), name)
