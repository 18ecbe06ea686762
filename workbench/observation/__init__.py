"""Point-in-time observation: who is observed when, which rules hold, what came after; kept as codes."""

from __future__ import annotations

from workbench.observation.moment import Moment, at_moment
from workbench.observation.observations import Observations, Segment, Subjects
from workbench.observation.observe import observe
from workbench.observation.openings import Opening, read_openings
from workbench.observation.scorer import Scorer, Scores, Sums, finished
from workbench.observation.weights import RuleWeights, Weights, decay_table

__all__ = [
    "Moment",
    "Observations",
    "Opening",
    "RuleWeights",
    "Scorer",
    "Scores",
    "Segment",
    "Subjects",
    "Sums",
    "Weights",
    "at_moment",
    "decay_table",
    "finished",
    "observe",
    "read_openings",
]
