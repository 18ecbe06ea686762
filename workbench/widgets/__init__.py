"""The widgets that an analyst works with in JupyterLab: traits and wiring; every number is made elsewhere."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.widgets.approval import ApprovalPanel
    from workbench.widgets.comparer import Comparer
    from workbench.widgets.explorer import ErrorExplorer
    from workbench.widgets.tuner import Tuner

_HOMES = {
    "ApprovalPanel": "workbench.widgets.approval",
    "Comparer": "workbench.widgets.comparer",
    "ErrorExplorer": "workbench.widgets.explorer",
    "Tuner": "workbench.widgets.tuner",
}

__all__ = ["ApprovalPanel", "Comparer", "ErrorExplorer", "Tuner"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'workbench.widgets' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)
