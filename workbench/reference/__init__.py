"""The reference of the model language, generated from its definition."""

from __future__ import annotations

from workbench.reference.page import Page, reference

__all__ = ["Page", "reference"]
