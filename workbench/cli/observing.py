"""From the arguments of a call to observations."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbench.cli.arguments import PLAN_NAME, plan_beside
from workbench.cli.terminal import Progress
from workbench.errors import CallError
from workbench.history import History, read_history
from workbench.model import Model
from workbench.observation import Observations, observe
from workbench.plan import RECORDED, Plan, read_plan


def observed(args: argparse.Namespace, models: Sequence[Model], progress: Progress) -> Observations:
    """Observe the models on `args.data` by `args.plan`; the engine is closed again.

    Raises:
        InputError: if data, mapping or plan are not fit for use, or no plan is given where one is needed.
    """
    plan = None if args.plan is None else read_plan(args.plan)
    given: dict[str, Any] = {"mapping": args.mapping, "outcome": args.outcome, "score": getattr(args, "score", None)}
    with read_history(args.data, **given, progress=progress) as history:
        return observe(history, models, plan or default_plan(history, args.data), progress=progress)


def default_plan(history: History, data: Path) -> Plan:
    """The plan of a call that names none: the one beside the data, or for outcomes in the row: as recorded.

    Raises:
        CallError: if neither will do.
    """
    beside = plan_beside(data)
    if beside is not None:
        return read_plan(beside)
    if history.flat_outcome:
        return RECORDED
    if not history.dated and not history.stages:
        raise CallError.at(
            f"{history.name}",
            expected="an outcome to judge by",
            found="none: no stages and no outcome in the row",
            remedy='Say which column is it, such as --outcome "Converted=1", or map it in history.yaml.',
        )
    raise CallError.at(
        "--plan",
        expected="a plan, since these leads have dates",
        found=f"none, and no {PLAN_NAME} beside the data",
        remedy="Write one, such as 'at: 14d', 'outcome: won', 'horizon: 90d' on three lines, and name it with --plan.",
    )
