"""The lead-scoring workbench: backtest a points model against past outcomes, tune it, approve it, export it.

>>> import workbench as wb
>>> history = wb.read_history("data/sample")                           # doctest: +SKIP
>>> model = wb.read_model("notebooks/models/champion.yaml")            # doctest: +SKIP
>>> plan = wb.read_plan("notebooks/plans/inbound.yaml")                # doctest: +SKIP
>>> result = wb.backtest(model, wb.observe(history, [model], plan))    # doctest: +SKIP

Names are loaded when they are first used, so that `import workbench` costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench import plots, widgets
    from workbench.approval import approve, export, read_bundle, write_evidence
    from workbench.backtesting import Backtest, backtest
    from workbench.changes import diff
    from workbench.checking import check
    from workbench.comparing import blast_radius, compare
    from workbench.cutoffs import suggest_thresholds
    from workbench.drafts import draft_from_hubspot, draft_from_sheet, ideal_customer
    from workbench.errors import InputError, Refused, WorkbenchError
    from workbench.explaining import explain
    from workbench.history import read_history
    from workbench.linting import lint
    from workbench.measuring import yardstick
    from workbench.model import Model, change_model, parse_model, read_model, write_model
    from workbench.observation import Observations, observe
    from workbench.plan import Plan, parse_plan, read_plan
    from workbench.proposing import suggest_rules
    from workbench.replaying import replay
    from workbench.reports import report
    from workbench.sample import make_sample
    from workbench.scoring import score
    from workbench.selling import sales_view
    from workbench.suggesting import tune
    from workbench.supporting import support

__version__ = "0.1.0"

_HOMES = {
    "workbench.approval": ("approve", "export", "read_bundle", "write_evidence"),
    "workbench.backtesting": ("Backtest", "backtest"),
    "workbench.changes": ("diff",),
    "workbench.checking": ("check",),
    "workbench.comparing": ("blast_radius", "compare"),
    "workbench.cutoffs": ("suggest_thresholds",),
    "workbench.drafts": ("draft_from_hubspot", "draft_from_sheet", "ideal_customer"),
    "workbench.errors": ("InputError", "Refused", "WorkbenchError"),
    "workbench.explaining": ("explain",),
    "workbench.history": ("read_history",),
    "workbench.linting": ("lint",),
    "workbench.measuring": ("yardstick",),
    "workbench.model": ("Model", "change_model", "parse_model", "read_model", "write_model"),
    "workbench.observation": ("Observations", "observe"),
    "workbench.plan": ("Plan", "parse_plan", "read_plan"),
    "workbench.proposing": ("suggest_rules",),
    "workbench.replaying": ("replay",),
    "workbench.reports": ("report",),
    "workbench.sample": ("make_sample",),
    "workbench.scoring": ("score",),
    "workbench.selling": ("sales_view",),
    "workbench.suggesting": ("tune",),
    "workbench.supporting": ("support",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Backtest",
    "InputError",
    "Model",
    "Observations",
    "Plan",
    "Refused",
    "WorkbenchError",
    "approve",
    "backtest",
    "blast_radius",
    "change_model",
    "check",
    "compare",
    "diff",
    "draft_from_hubspot",
    "draft_from_sheet",
    "explain",
    "export",
    "ideal_customer",
    "lint",
    "make_sample",
    "observe",
    "parse_model",
    "parse_plan",
    "plots",
    "read_bundle",
    "read_history",
    "read_model",
    "read_plan",
    "replay",
    "report",
    "sales_view",
    "score",
    "suggest_rules",
    "suggest_thresholds",
    "support",
    "tune",
    "widgets",
    "write_evidence",
    "write_model",
    "yardstick",
]


def __getattr__(name: str) -> Any:
    if name in {"plots", "widgets"}:
        return importlib.import_module(f"workbench.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'workbench' has no attribute '{name}'")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
