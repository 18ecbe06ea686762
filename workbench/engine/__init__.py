"""What runs queries: the embedded engine, and (in `lower` and `sql`) the way from a model to a query."""

from __future__ import annotations

from workbench.engine.duck import Engine, parquet

__all__ = ["Engine", "parquet"]
