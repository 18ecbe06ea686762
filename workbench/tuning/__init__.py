"""Turning a model's numbers: figures that follow, changes against the champion, the edits of one sitting."""

from workbench.tuning.bench import Bench
from workbench.tuning.evidence import rule_evidence
from workbench.tuning.knob import Knob, RuleRow, Section
from workbench.tuning.knobs import knobs
from workbench.tuning.session import Saved, Session
from workbench.tuning.standing import Bands, PartStanding, Standing

__all__ = [
    "Bands",
    "Bench",
    "Knob",
    "PartStanding",
    "RuleRow",
    "Saved",
    "Section",
    "Session",
    "Standing",
    "knobs",
    "rule_evidence",
]
