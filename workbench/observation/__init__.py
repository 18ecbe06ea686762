"""Point-in-time observation: who is observed when, which rules hold, what came after; kept as codes."""

from __future__ import annotations

from workbench.observation.alternative import AlternativeScorer
from workbench.observation.arithmetic import decay_table
from workbench.observation.moment import Moment, after_the_end, at_moment
from workbench.observation.observations import Observations, Segment, Subjects
from workbench.observation.observe import observe
from workbench.observation.openings import Opening, read_openings
from workbench.observation.scorer import Scorer, Scores
from workbench.observation.values import Asked, Values, values_at
from workbench.observation.weights import AlternativeWeights, RuleWeights, Weights

__all__ = [
    "AlternativeScorer",
    "AlternativeWeights",
    "Asked",
    "Moment",
    "Observations",
    "Opening",
    "RuleWeights",
    "Scorer",
    "Scores",
    "Segment",
    "Subjects",
    "Values",
    "Weights",
    "after_the_end",
    "at_moment",
    "decay_table",
    "observe",
    "read_openings",
    "values_at",
]
