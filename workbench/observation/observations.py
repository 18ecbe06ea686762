"""Observations: leads at their as_of, every rule evaluated, with their outcome; a frozen value, free of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.engine.lower import Catalog
from workbench.errors import CallError
from workbench.model import Model
from workbench.observation.accounts import lead_rows
from workbench.observation.alternative import Rows
from workbench.observation.books import Shelf
from workbench.observation.following import Follower
from workbench.observation.openings import LEDGER, Opening, write_opening
from workbench.observation.scorer import Scorer
from workbench.observation.split import ALL, PARTS, TEST, TRAIN, VALIDATION
from workbench.plan import Plan

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Segment:
    """A field to report apart: `labels[codes[i]]` is observation i's value."""

    codes: Integers
    labels: tuple[str, ...]


_ARRAYS = ("lead_id", "account_id", "part", "won", "amount", "days", "cluster", "has_recorded")


@dataclass(frozen=True)
class Subjects:
    """Who was observed; arrays of shape (n,), sorted by part, then by outcome (sealed ones apart).

    Attributes:
        lead_id, account_id: identifiers; account_id is None where there is none. Where accounts are observed,
            lead_id is the account's id again.
        as_of_us: UTC epoch microseconds; None if taken as recorded.
        part: 0 train, 1 validation, 2 test; all 0 without a split.
        won: 1 converted within the horizon, 0 not, -1 sealed.
        amount: what was recorded with the outcome; NaN where nothing was.
        days: whole days from as_of to the outcome, floor((outcome - as_of) / 1 day); NaN where it did not come within
            the horizon, is sealed, or has no date. Of accounts, to the first outcome of any of their leads.
        cluster: code of what is resampled together.
        segments: by field.
        recorded: the score that the CRM had recorded before as_of, in thousandths; None if there are no such scores.
        has_recorded: where there was one.
    """

    lead_id: NDArray[np.object_]
    account_id: NDArray[np.object_]
    as_of_us: Integers | None
    part: NDArray[np.int8]
    won: NDArray[np.int8]
    amount: NDArray[np.float64]
    days: NDArray[np.float64]
    cluster: Integers
    segments: dict[str, Segment]
    recorded: Integers | None
    has_recorded: NDArray[np.bool_]

    def __post_init__(self) -> None:
        arrays = (self.as_of_us, self.recorded, *(getattr(self, name) for name in _ARRAYS))
        for values in arrays:
            if values is not None:
                values.flags.writeable = False

    def taken(self, order: Integers) -> Subjects:
        """The subjects at the positions `order`, in that order."""
        return Subjects(
            lead_id=self.lead_id[order],
            account_id=self.account_id[order],
            as_of_us=None if self.as_of_us is None else self.as_of_us[order],
            part=self.part[order],
            won=self.won[order],
            amount=self.amount[order],
            days=self.days[order],
            cluster=self.cluster[order],
            segments={name: Segment(each.codes[order], each.labels) for name, each in self.segments.items()},
            recorded=None if self.recorded is None else self.recorded[order],
            has_recorded=self.has_recorded[order],
        )

    def order(self) -> Integers:
        """The order by part, then by outcome; sealed outcomes do not show in it."""
        return np.lexsort((np.arange(len(self.part)), self.won, self.part)).astype(np.int64)


class Sealed(NamedTuple):
    """What is hidden of the test part; for the attributes see `Subjects`."""

    won: NDArray[np.int8]
    amount: NDArray[np.float64]
    days: NDArray[np.float64]

    def taken(self, order: Integers) -> Sealed:
        """That at the positions `order`, in that order."""
        return Sealed(self.won[order], self.amount[order], self.days[order])


@dataclass(frozen=True)
class Observations:
    """What `observe` returns.

    Attributes:
        data: name and fingerprint of the history, and its numbers of leads and events.
        plan: the plan it was made by.
        catalog: names and kinds that models may use.
        subjects: who was observed; the test part's outcomes are sealed.
        shelf: codes and codebooks, by observation; where accounts are observed, by their leads.
        members: where accounts are observed, (n + 1,) where each one's leads begin in the shelf, and the end.
        left_out: frame of reason and n: every lead (or lead and moment) that was not observed, by reason.
        warnings: what a reader of the results must know.
        split: whether the observations are parted.
        opening: the opening of the test part, if it was opened.
        ledger: where openings are written down.
    """

    data: Mapping[str, Any]
    plan: Plan
    catalog: Catalog
    subjects: Subjects
    shelf: Shelf
    left_out: pd.DataFrame
    warnings: tuple[str, ...]
    ledger: Path | None
    opening: Opening | None = None
    members: Integers | None = None
    _sealed: Sealed | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.members is not None:
            self.members.flags.writeable = False

    @property
    def split(self) -> bool:
        """Whether the observations are parted into train, validation and test."""
        return self.plan.split is not None

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts whose outcomes may be looked at."""
        if not self.split:
            return (ALL,)
        return tuple(name for name in PARTS if name != TEST or self.opening is not None)

    @property
    def default_part(self) -> str:
        """The part that a backtest judges when none is named: validation, or train where nobody is in it."""
        if not self.split:
            return ALL
        rows = self.rows(VALIDATION)
        return VALIDATION if rows.stop > rows.start else TRAIN

    def taken(self, order: Integers) -> Observations:
        """Only the observations at the positions `order`, which must keep the parts together; nothing is unsealed."""
        sealed = None if self._sealed is None else self._sealed.taken(order)
        return replace(self.arranged(order), _sealed=sealed)

    def arranged(self, order: Integers) -> Observations:
        """The same, but for what is sealed, with observation order[i] at position i; leads go with their account."""
        rows, members = (order, None) if self.members is None else lead_rows(self.members, order)
        return replace(self, subjects=self.subjects.taken(order), shelf=self.shelf.sorted_by(rows), members=members)

    def rows(self, part: str) -> slice:
        """The rows of a part.

        Raises:
            CallError: if there is no such part, or it is sealed.
        """
        if part not in self.parts:
            sealed = part == TEST and self.split
            raise CallError.at(
                "part",
                expected=f"one of {', '.join(self.parts)}",
                found=f"'{part}'" + (", which is sealed" if sealed else ""),
                remedy="Open it with open_test(because=…); every opening is counted."
                if sealed
                else "Name another part."
                if self.split
                else "Give the plan a split, or name another part.",
            )
        if part == ALL:
            return slice(0, len(self.subjects.part))
        number = PARTS.index(part)
        ends = np.searchsorted(self.subjects.part, [number, number + 1])
        return slice(int(ends[0]), int(ends[1]))

    def members_of(self, rows: Rows) -> tuple[Rows, Integers]:
        """The rows of the shelf that the leads of some observed accounts have, and where each account's begin there.

        Args:
            rows: which accounts: a slice without a step, or positions.
        """
        assert self.members is not None  # noqa: S101  (asked for accounts only)
        if not isinstance(rows, slice):
            return lead_rows(self.members, rows)
        start, stop, _ = rows.indices(len(self.members) - 1)
        bounds = self.members[start : max(start, stop) + 1]
        return slice(int(bounds[0]), int(bounds[-1])), bounds - bounds[0]

    def scorer(self, model: Model) -> Scorer:
        """A scorer of this model on these observations, where accounts are observed on their leads.

        Raises:
            NotObserved: if the model asks for evidence that was not gathered.
            ModelError: if it does not fit the history.
        """
        return Scorer(model, self.catalog, self.shelf)

    def follows(self, model: Model) -> bool:
        """Whether `following` would work for this model, without its work.

        Raises:
            ModelError: if it does not fit the history.
        """
        return self._follower.follows(model)

    def following(self, model: Model) -> Observations:
        """Observations that hold all that a model asks: these, or new ones with what it asks worked out from memory.

        What was observed with `tunable=True` follows other windows (`within`, `older_than`), bounds on numbers, ages
        and sums of events, limits of events, times in force, and rules moved to another dimension, all of them exactly
        as a fresh observation. It does not follow other events, properties, fields, limits by day or by value, nor
        other windows of days, leads, distinct values and sums. All that these observations hold stays, so follow
        candidates from the first observations: those of one candidate after another would grow.

        Raises:
            NotObserved: if it asks what can neither be found nor worked out.
            ModelError: if it does not fit the history.
        """
        shelf = self._follower.followed(model)
        return self if shelf is self.shelf else replace(self, shelf=shelf)

    @cached_property
    def _follower(self) -> Follower:
        return Follower(self.shelf, self.catalog, self._moments)

    def _moments(self) -> Integers:
        """When each row of the shelf is observed."""
        as_of = self.subjects.as_of_us
        assert as_of is not None  # noqa: S101  (who asks for moments has them)
        return as_of if self.members is None else np.repeat(as_of, np.diff(self.members))

    def frame(self) -> pd.DataFrame:
        """One row an observation: lead_id, account_id, as_of (UTC), part, converted (missing where sealed), amount.

        Where accounts are observed, lead_id is the account's id again.
        """
        subjects = self.subjects
        moments = subjects.as_of_us
        names = np.array(PARTS if self.split else (ALL,) * 3, dtype=object)
        return pd.DataFrame(
            {
                "lead_id": subjects.lead_id,
                "account_id": subjects.account_id,
                "as_of": pd.NaT if moments is None else pd.to_datetime(moments, unit="us", utc=True),
                "part": names[subjects.part],
                "converted": pd.Series(subjects.won == 1, dtype="boolean").mask(subjects.won < 0),
                "amount": subjects.amount,
            }
        )

    def open_test(self, *, because: str, ledger: Path | None = None) -> Observations:
        """The same with the sealed test part opened; the look is counted and chained into the ledger.

        Args:
            because: the reason, in a sentence.
            ledger: the file to write to; by default `test-openings.jsonl` beside the data.

        Raises:
            CallError: if there is no test part, no reason, or nowhere to write.
            DataError: if the ledger is broken.
        """
        path = ledger or self.ledger
        if self._sealed is None:
            raise CallError.at(
                "open_test", expected="a sealed test part", found="none", remedy="Give the plan a split."
            )
        if path is None:
            raise CallError.at(
                "ledger",
                expected=f"a file for the ledger of openings, such as {LEDGER}",
                found="nothing, and the data has no folder",
                remedy="Name one: open_test(because=…, ledger=Path(…)).",
            )
        opening = write_opening(path, because, str(self.data["fingerprint"]), self.plan.digest)
        opened = replace(self.subjects, **self._sealed._asdict())
        return replace(replace(self, subjects=opened).arranged(opened.order()), opening=opening, _sealed=None)
