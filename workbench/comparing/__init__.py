"""Champion and challengers on the same observations: what differs, and whether it is real."""

from __future__ import annotations

from workbench.comparing.blast import BlastRadius, blast_radius, owner_known
from workbench.comparing.comparison import Comparison, compare

__all__ = ["BlastRadius", "Comparison", "blast_radius", "compare", "owner_known"]
