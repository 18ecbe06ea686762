"""Models as text for other programs; pure: nothing is read or written here."""

from __future__ import annotations

from workbench.emit.config import config_name, emit_json

__all__ = ["config_name", "emit_json"]
