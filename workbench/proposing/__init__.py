"""Rules that are not in the model and would add to it."""

from __future__ import annotations

from workbench.proposing.proposals import Proposal, Proposals
from workbench.proposing.suggest import suggest_rules

__all__ = ["Proposal", "Proposals", "suggest_rules"]
