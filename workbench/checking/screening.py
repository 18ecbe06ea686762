"""Which columns of values leak the outcome, or seem to: asked by whoever fits to outcomes, answered as `check` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from workbench.checking.check import WINDOWS
from workbench.checking.leaks import judged
from workbench.checking.material import Material
from workbench.history import History
from workbench.observation import Asked, Observations, Values

LEAKS, SUSPECTED = "leaks the outcome", "suspected to leak the outcome"
REASONS = {"leak": LEAKS, "leak-suspected": SUSPECTED}
_WINDOWS = tuple(None if days is None else f"{days}d" for days in WINDOWS)


@dataclass(frozen=True)
class Screening:
    """What leaks.

    Attributes:
        columns: `LEAKS` or `SUSPECTED` by column of values, the leaks first.
        told: empty, or why leaks could not be told.
    """

    columns: Mapping[str, str]
    told: str


def screening(history: History, seen: Observations, values: Values, *, progress: Callable[[str], None]) -> Screening:
    """Screen by the check of the data, on the columns that it looks at, so that all say the same.

    Columns count whether or not the plan lets a model use them: leaks are told by what is filled with them.

    Args:
        history: open.
        seen: the observations; sealed outcomes are not looked at.
        values: what was known of them.
        progress: called with one line for each step.
    """
    asked = tuple(each for each in values.asked if _looked_at(each))
    material = Material.of(history, seen, replace(values, asked=asked))
    findings = judged(material, progress).findings
    reasons = {found.about: REASONS[found.code] for found in findings if found.code in REASONS}
    told = ""
    if not material.enough:
        told = (
            f"Only {material.converted:,} of {material.n:,} leads whose outcome may be seen converted: not enough "
            "evidence to tell leaks by, so some may have been used."
        )
    return Screening(dict(sorted(reasons.items(), key=lambda item: item[1] != LEAKS)), told)


def _looked_at(asked: Asked) -> bool:
    """Fields, and events in the windows of the check."""
    if asked.known != "event":
        return True
    return "where" not in asked.operand and (asked.measure != "count" or asked.operand.get("within") in _WINDOWS)
