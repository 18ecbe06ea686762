"""The command line: one file for each command. Only here is anything printed."""

from __future__ import annotations

from workbench.cli.entry import main

__all__ = ["main"]
