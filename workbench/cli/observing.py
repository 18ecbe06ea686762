"""From the arguments of a call to a history, and to observations."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from workbench.cli.arguments import PLAN_NAME, plan_beside
from workbench.cli.identity import unnamed
from workbench.cli.terminal import Progress, note
from workbench.errors import CallError, listed
from workbench.history import History, read_history
from workbench.model import Model
from workbench.observation import Observations, observe
from workbench.plan import RECORDED, Plan, read_plan


class Observed(NamedTuple):
    """Observations, and how many rows of the files could not be loaded."""

    seen: Observations
    dropped: int


def loaded(args: argparse.Namespace, progress: Progress) -> History:
    """The history that a call names, open; raises InputError as `read_history` does."""
    given: dict[str, Any] = {"score": getattr(args, "score", None), "id": getattr(args, "id", None)}
    return read_history(args.data, mapping=args.mapping, outcome=args.outcome, **given, progress=progress)


def observed(args: argparse.Namespace, models: Sequence[Model], progress: Progress) -> Observed:
    """Observe the models on `args.data` by `args.plan`; the engine is closed again.

    Raises:
        InputError: if data, mapping or plan are not fit for use, or no plan is given where one is needed.
    """
    plan = None if args.plan is None else read_plan(args.plan)
    with loaded(args, progress) as history:
        if not models:
            _scored(history, args.data)
        found = plan or default_plan(history, args.data)
        seen = observe(history, models, found, progress=progress)
        told = unnamed(history)
        if told:
            note(told)
        return Observed(seen, int(history.dropped["rows"].sum()))


def _scored(history: History, data: Path) -> None:
    """Refuse a flat file whose column of scores was not named."""
    if history.has_scores or history.stages or history.events or data.is_dir():
        return
    numbers = [name for name, field in history.lead_fields.items() if field.kind == "number"]
    which = f" Its columns of numbers: {listed(numbers)}." if numbers else ""
    raise CallError.at(
        "--recorded",
        expected="the column of the CRM's score, in --score",
        found="none",
        remedy=f"Name it with --score COLUMN.{which}",
    )


def default_plan(history: History, data: Path) -> Plan:
    """The plan of a call that names none: the one in the folder of the data, or for outcomes in the row: as recorded.

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
        found=f"none, and no {PLAN_NAME} in the folder of the data" if data.is_dir() else "none",
        remedy="Write one, such as 'at: 14d', 'outcome: won', 'horizon: 90d' on three lines, and name it with --plan.",
    )
