"""Who is followed through the past, from when to when, and whose outcomes are sealed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.engine.lowered import DAY_US
from workbench.errors import CallError, PlanError
from workbench.history import History
from workbench.history.loststages import LOST_STAGES
from workbench.observation import observe
from workbench.observation.population import LOST_OUTCOME, NO_CREATION, fits
from workbench.observation.reading import first_times, leads_with, rows_of
from workbench.observation.split import PARTS, TEST
from workbench.plan import Age, Plan
from workbench.replaying.grid import Grid

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

TOO_LATE = "created after the last day of the replay"
CLOSED_AT_ONCE = "closed before the first day after its creation"
ENDED, AGED, CLOSED = 0, 1, 2
"""Why a lead is followed no longer: the replay ends, the lead is too old, it was won, lost or otherwise closed."""


@dataclass(frozen=True)
class Span:
    """How far a replay goes.

    Attributes:
        grid: its moments.
        until_us: nothing at or after this time is read.
        max_days: how old a lead may become, in days from its creation.
    """

    grid: Grid
    until_us: int
    max_days: int


@dataclass(frozen=True)
class Followed:
    """The leads that are followed; arrays of shape (n,), in order of the lead's id.

    Attributes:
        grid: the moments of the replay.
        number, account: the lead's and its account's number in the engine; account is -1 without one.
        lead_id: identifiers.
        created_us: when the lead was created.
        first, last: numbers of the first and the last moment at which it is followed.
        ending: ENDED, AGED or CLOSED.
        sealed: its outcome is not to be looked at.
        left_out: leads that are not followed, by reason.
        notes: what a reader must know of the sealed ones.
    """

    grid: Grid
    number: Integers
    account: Integers
    lead_id: NDArray[np.object_]
    created_us: Integers
    first: Integers
    last: Integers
    ending: NDArray[np.int8]
    sealed: Booleans
    left_out: dict[str, int]
    notes: tuple[str, ...]

    @property
    def cluster(self) -> Integers:
        """Codes of what is not independent: the account, or a lead without one."""
        own = np.where(self.account >= 0, self.account, -1 - self.number)
        return np.unique(own, return_inverse=True)[1].astype(np.int64)


def followed(history: History, plan: Plan, span: Span) -> Followed:
    """The leads of a history, from their creation until they are closed, too old, or the replay ends.

    Raises:
        PlanError: if the plan is not about leads with dates, or does not fit the history.
        CallError: if nobody is left to follow.
    """
    _can_follow(history, plan)
    found = rows_of(history, "leads", ["lead", "lead_id", "account", "created_us"]).sort_values("lead_id")
    known = found["created_us"].notna().to_numpy()
    created = found["created_us"].fillna(0).to_numpy(dtype=np.int64)
    number = found["lead"].to_numpy(dtype=np.int64)
    lost = np.isin(number, leads_with(history, LOST_STAGES, [plan.outcome or ""])) & ~_has(history, plan, number)
    lead_id = found["lead_id"].to_numpy(dtype=object)
    sealed, notes = _sealed(history, plan, lead_id, created)
    closed = first_times(history, "stages", number, [plan.outcome or "", *plan.closed])
    closed = np.where(sealed, np.iinfo(np.int64).max, closed)  # that a lead was closed is its outcome, or half of it
    grid = span.grid
    old = created + span.max_days * DAY_US
    first = grid.last(created) + 1
    ends = np.stack([np.full_like(created, span.until_us), old, closed])
    last = grid.last(ends.min(axis=0))
    ending = np.asarray(ends.argmin(axis=0), dtype=np.int8)
    reasons = [
        (NO_CREATION, ~known),
        (LOST_OUTCOME, lost),
        (TOO_LATE, grid.us(first) > span.until_us),
        (CLOSED_AT_ONCE, first > last),
    ]
    left_out: dict[str, int] = {}
    keep = np.ones(len(number), dtype=bool)
    for reason, rows in reasons:
        if n := int((rows & keep).sum()):
            left_out[reason] = n
        keep &= ~rows
    if not keep.any():
        raise CallError.at(
            "until",
            expected="leads to follow",
            found="; ".join(f"{n:,} {reason}" for reason, n in left_out.items()) or "a history without leads",
            remedy="Choose a later end.",
        )
    account = found["account"].fillna(-1).to_numpy(dtype=np.int64)
    return Followed(
        grid=grid,
        number=number[keep],
        account=account[keep],
        lead_id=lead_id[keep],
        created_us=created[keep],
        first=first[keep],
        last=last[keep],
        ending=ending[keep],
        sealed=sealed[keep],
        left_out=left_out,
        notes=notes,
    )


def _can_follow(history: History, plan: Plan) -> None:
    if plan.at == "recorded":
        raise PlanError.at(
            plan.where("at"),
            expected="leads with dates, to follow them day by day",
            found="recorded",
            remedy="Replay a history with dates by a plan such as at: 14d.",
        )
    fits(history, plan)
    if plan.unit != "lead":
        raise PlanError.at(
            plan.where("unit"), expected="lead, since a replay follows leads", found=plan.unit, remedy="Leave it out."
        )


def _has(history: History, plan: Plan, number: Integers) -> Booleans:
    return np.isin(number, leads_with(history, "stages", [plan.outcome or ""]))


def _sealed(
    history: History, plan: Plan, lead_id: NDArray[np.object_], created: Integers
) -> tuple[Booleans, tuple[str, ...]]:
    """Whose outcomes belong to the sealed test part, or to its time."""
    if plan.split is None:
        return np.zeros(len(lead_id), dtype=bool), ()
    seen = observe(history, (), plan.model_copy(update={"segments": ()}))
    test = seen.subjects.part == PARTS.index(TEST)
    sealed = np.isin(lead_id, seen.subjects.lead_id[test])
    moments = seen.subjects.as_of_us
    if plan.split.by == "time" and isinstance(plan.at, Age) and moments is not None and test.any():
        sealed |= created + plan.at.age * DAY_US >= moments[test].min()
    note = (
        "Outcomes of the sealed test part, and of its time, are not looked at: its leads count for the load only, as "
        "if none of them were ever closed."
    )
    return sealed, (note,) if sealed.any() else ()
