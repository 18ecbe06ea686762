"""Cut-offs: from capacity, money or a target, and where the choice hardly matters."""

from __future__ import annotations

from workbench.cutoffs.cutoff import Cutoff, Cutoffs
from workbench.cutoffs.queue import Service
from workbench.cutoffs.suggest import suggest_thresholds
from workbench.cutoffs.wanted import Wanted, parse_wanted

__all__ = ["Cutoff", "Cutoffs", "Service", "Wanted", "parse_wanted", "suggest_thresholds"]
