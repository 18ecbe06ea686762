"""Search for points: exact counts of candidates and of whole lines, and what makes one better than another."""

from __future__ import annotations

from workbench.searching.along import Along, Place
from workbench.searching.lines import Lines
from workbench.searching.objective import Objective, objective_named

__all__ = ["Along", "Lines", "Objective", "Place", "objective_named"]
