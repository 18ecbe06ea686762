"""Which observations train, which validate, and which are sealed away as the test."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.engine.lowered import DAY_US
from workbench.errors import PlanError, listed
from workbench.plan import Plan, Split

ALL, TRAIN, VALIDATION, TEST = "all", "train", "validation", "test"
PARTS = (TRAIN, VALIDATION, TEST)
IN_GAP = "in the gap between two parts"
STRADDLES = "its account is in an earlier part"
OTHER_PART = "in a part that is not train, validation or test"

_LEFT_OUT = -1


@dataclass(frozen=True)
class Parted:
    """The part of each observation (0 train, 1 validation, 2 test, -1 left out), and who was left out why."""

    part: NDArray[np.int8]
    left_out: dict[str, int]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ToPart:
    """What a split looks at; arrays of shape (n,).

    Attributes:
        moment: what time order goes by: as_of or creation in microseconds, or the file position.
        dated: whether `moment` is a time, so that a gap can be kept.
        side: code of what must not be torn apart: the account, or a lead without one.
        key: for each observation the identifier that is hashed.
        given: the given part's name, or None.
    """

    moment: NDArray[np.int64] | None
    dated: bool
    cluster: NDArray[np.int64]
    key: Sequence[str]
    given: Sequence[str | None]


def part_observations(subjects: ToPart, plan: Plan) -> Parted:
    """Part observations as the plan's split says.

    Raises:
        PlanError: if the data is too short in time for the gaps, with the arithmetic, or has no given parts.
    """
    split = plan.split
    if split is None:
        return Parted(np.zeros(len(subjects.cluster), dtype=np.int8), {}, ())
    if split.by == "part":
        return _given(subjects, plan)
    if split.by == "time":
        return _by_time(subjects, split, plan)
    return Parted(_by_hash(subjects.key, split, plan.seed), {}, (_WEAKER,))


_WEAKER = "Parts are drawn by hash, not by time: a change over time between past and future is not tested."


def _given(subjects: ToPart, plan: Plan) -> Parted:
    if not any(subjects.given):
        raise PlanError.at(
            plan.where("split", "by"),
            expected="a part for each lead in the mapping ('part: {field: …}')",
            found="none",
            remedy="Map the column that holds the part, or split by time, account or lead.",
        )
    numbers = {name: number for number, name in enumerate(PARTS)}
    part = np.array([numbers.get(name or "", _LEFT_OUT) for name in subjects.given], dtype=np.int8)
    others = sorted({name for name in subjects.given if name and name not in numbers})
    outside = int((part == _LEFT_OUT).sum())
    notes = (f"The data also names the parts {listed(others)}; their leads are left out.",) if others else ()
    return Parted(part, {OTHER_PART: outside} if outside else {}, notes)


def _by_hash(keys: Sequence[str], split: Split, seed: int) -> NDArray[np.int8]:
    """Parts by a hash of each key: the same for every order of rows and on every machine."""
    test, validation = split.test, split.test + split.validation
    chosen: dict[str, int] = {}
    for key in keys:
        if key not in chosen:
            hashed = hashlib.blake2b(f"{seed}:{key}".encode(), digest_size=8).digest()
            place = int.from_bytes(hashed, "big") / 2**64
            chosen[key] = 2 if place < test else 1 if place < validation else 0
    return np.array([chosen[key] for key in keys], dtype=np.int8)


def _by_time(subjects: ToPart, split: Split, plan: Plan) -> Parted:
    gap_days = plan.gap_days
    if subjects.moment is None:
        raise PlanError.at(
            plan.where("split", "by"),
            expected="account, lead or part, since these leads have neither dates nor file order",
            found="time",
            remedy="Split by lead (weaker), or map 'created_at' or 'order: file'.",
        )
    gap = gap_days * DAY_US if subjects.dated else 0
    cut = _cut(subjects.moment, split, gap)
    if cut is None:
        raise _too_short(subjects.moment, plan)
    validate_from, test_from = cut
    moment = subjects.moment
    part = np.full(len(moment), _LEFT_OUT, dtype=np.int8)
    part[moment + gap <= validate_from if gap else moment < validate_from] = 0
    part[(moment >= validate_from) & (moment + gap <= test_from if gap else moment < test_from)] = 1
    part[moment >= test_from] = 2
    in_gap = int((part == _LEFT_OUT).sum())
    first = np.full(int(subjects.cluster.max(initial=-1)) + 1, len(PARTS), dtype=np.int8)
    placed = part != _LEFT_OUT
    np.minimum.at(first, subjects.cluster[placed], part[placed])
    straddling = placed & (part > first[subjects.cluster])
    if _some_empty(part):
        raise _too_short(moment, plan)
    part[straddling] = _LEFT_OUT
    if _some_empty(part):
        raise _all_straddle(int(straddling.sum()), plan)
    left_out = {IN_GAP: in_gap, STRADDLES: int(straddling.sum())}
    notes = (*_notes(subjects, cut, gap_days), *_off_plan(part, split))
    return Parted(part, {reason: n for reason, n in left_out.items() if n}, notes)


def _off_plan(part: NDArray[np.int8], split: Split) -> list[str]:
    """A note if accounts that straddle made the later parts much smaller than planned."""
    counts = np.bincount(part[part != _LEFT_OUT], minlength=len(PARTS))
    test, validation = counts[2] / counts.sum(), counts[1] / counts.sum()
    if test >= split.test / 2 and validation >= split.validation / 2:
        return []
    note = (
        f"Planned were {split.validation:.0%} for validation and {split.test:.0%} for the test; kept are "
        f"{validation:.1%} and {test:.1%}, since accounts that reach into a later part stay in the earlier one."
    )
    return [note]


def _notes(subjects: ToPart, cut: tuple[int, int], gap_days: int) -> tuple[str, ...]:
    if not subjects.dated:
        return ("The file gives an order but no dates: no gap could be kept between the parts.",)
    validation, test = (_date(moment) for moment in cut)
    note = (
        f"Split by time: validation is observed from {validation}, the sealed test from {test}, "
        f"each after a gap of {gap_days} days."
    )
    return (note,)


def _cut(moment: NDArray[np.int64], split: Split, gap: int) -> tuple[int, int] | None:
    """The moments at which validation and test begin, so that the parts have the planned shares of what is kept."""
    ordered = np.sort(moment)
    n = len(ordered)
    if n == 0:
        return None
    low, high, best = 0, n - 1, None
    while low <= high:  # the later the test begins, the larger the share of train: bisect
        middle = (low + high) // 2
        test_from = int(ordered[middle])
        tested = n - int(np.searchsorted(ordered, test_from, side="left"))
        kept = tested / split.test
        validated_to = int(np.searchsorted(ordered, test_from - gap, side="right" if gap else "left"))
        at = validated_to - round(kept * split.validation)
        trained, validate_from = 0, test_from
        if at > 0:
            validate_from = int(ordered[min(at, n - 1)])
            trained = int(np.searchsorted(ordered, validate_from - gap, side="right" if gap else "left"))
        if trained > 0:
            best = (validate_from, test_from)
        if trained > 0 and trained >= kept * (1 - split.test - split.validation) - 0.5:
            high = middle - 1
        else:
            low = middle + 1
    return best


def _some_empty(part: NDArray[np.int8]) -> bool:
    return any(not (part == number).any() for number in range(len(PARTS)))


def _all_straddle(straddling: int, plan: Plan) -> PlanError:
    return PlanError.at(
        plan.where("split"),
        expected="in each part some accounts that are in no earlier part",
        found=f"none in one of them: {straddling:,} observations are of accounts that an earlier part has",
        remedy="Use 'split: {by: account}' (weaker: no change over time is tested).",
    )


def _too_short(moment: NDArray[np.int64], plan: Plan) -> PlanError:
    gap_days = plan.gap_days
    first, last = int(moment.min(initial=2**62)), int(moment.max(initial=0))
    days = max(0, (last - first) // DAY_US)
    return PlanError.at(
        plan.where("split"),
        expected=f"observations over more than 2 x {gap_days} = {2 * gap_days} days, since a gap of {gap_days} days "
        "stands between train and validation and another before the test",
        found=f"{days} days, from {_date(first)} to {_date(last)}" if len(moment) else "no observations",
        remedy="Use a shorter horizon, or 'split: {by: account}' (weaker: no change over time is tested).",
    )


def _date(moment: int) -> str:
    return (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=moment)).date().isoformat()
