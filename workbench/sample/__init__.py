"""A seeded, made-up history with known answers, at any size from five hundred leads to millions."""

from __future__ import annotations

from workbench.sample.truth import Truth
from workbench.sample.write import make_sample

__all__ = ["Truth", "make_sample"]
