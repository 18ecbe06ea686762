"""What sales said of leads, and what became of those it left alone."""

from __future__ import annotations

from workbench.selling.sales import Sales, sales_view

__all__ = ["Sales", "sales_view"]
