"""The semantic difference of two models."""

from __future__ import annotations

from workbench.changes.between import diff
from workbench.changes.change import Change, Changes, Side

__all__ = ["Change", "Changes", "Side", "diff"]
