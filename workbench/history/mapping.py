"""The history mapping: which file and column holds what, as one frozen value read from `history.yaml`.

Every key is described once, here; unknown keys are errors. Names of fields, events and stages are those after
joins and renames. Nothing in this module opens a data file.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from workbench.document import Document, read_document
from workbench.errors import MappingError
from workbench.parsing import Scalar, Share, Value, fault, parse

FORMAT: Final = "lead-history/1"
Kind = Literal["text", "number", "boolean", "time"]
Known = Literal["creation", "dated", "undated"]
Item = TypeVar("Item")
_PLAIN = Field(strict=False)  # a list is read into a tuple, also below a validator that hands on plain data
Many = Annotated[tuple[Item, ...], _PLAIN]
Names = Many[str]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        remedy = "Write UTC, or a name such as Europe/Berlin."
        raise fault("the name of a time zone", remedy) from None
    return name


def _until(text: str) -> str:
    form = r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?"
    try:
        dt.datetime.fromisoformat(text if re.fullmatch(form, text) else "")
    except ValueError:
        raise fault("a date or a time", "Write for example 2026-06-30 or 2026-06-30T12:00:00Z.") from None
    return text


def _listed(value: Any) -> Any:
    """One value where a list of one is meant."""
    return [value] if isinstance(value, (dict, str)) else value


def _delimiter(text: str) -> str:
    if len(text) != 1 or text in '"\r\n':
        raise fault("one character", 'Write for example ";" or "\\t".')
    return text


Zone = Annotated[str, AfterValidator(_zone)]
Until = Annotated[str, AfterValidator(_until)]
Delimiter = Annotated[str, AfterValidator(_delimiter)]
Several = Annotated[tuple[Item, ...], _PLAIN, BeforeValidator(_listed)]


class Constant(Value):
    """The same value for every row: `{constant: touch}`."""

    constant: str = Field(min_length=1)


class FromField(Value):
    """A value taken from a column: `{field: split}`."""

    field: str


class Where(Value):
    """Which rows of a file are meant: `{field: stage, equals: closed_won}` or `one_of: [a, b]`."""

    field: str
    equals: Scalar | None = None
    one_of: Many[Scalar] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _one_test(self) -> Where:
        if (self.equals is None) == (self.one_of is None):
            raise fault("either equals or one_of", "Write for example {field: stage, equals: closed_won}.")
        return self

    @property
    def values(self) -> tuple[Scalar, ...]:
        """The values that are let through."""
        return self.one_of if self.one_of is not None else (self.equals,) if self.equals is not None else ()


class Table(Value):
    """A file, or a table of a database, and how to read it."""

    file: str = Field(min_length=1)
    delimiter: Delimiter | None = None
    columns: Names | None = Field(default=None, min_length=1)
    types: dict[str, Kind] = Field(default_factory=dict)

    @field_validator("columns")
    @classmethod
    def _columns(cls, names: Names | None) -> Names | None:
        if names is not None and len(set(names)) < len(names):
            raise fault("each column name once", "Rename one of the two.")
        return names


class Join(Table):
    """A table whose columns are added to each lead: a left join on equal keys, each key once on the right.

    A column that the leads already have is added as `table.column`.
    """

    on: Several[str] = Field(min_length=1)
    drop: Names = ()


class Outcome(Value):
    """The outcome in the row: `{field: Converted, equals: 1}`.

    With `file`, it stands in a second file, row by row: a headerless file whose column `column` (from 1) is meant.
    """

    field: str | None = None
    equals: Scalar
    file: str | None = None
    column: int | None = Field(default=None, ge=1)
    delimiter: Delimiter | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Outcome:
        if (self.field is None) == (self.file is None):
            raise fault("either a field of the row, or a second file", "Write {field: Converted, equals: 1}.")
        return self


class LeadsFrom(Table):
    """Where leads come from. Every column that is not dropped or used for something else becomes a field."""

    file: str = ""
    id: str | None = None
    account: str | None = None
    created_at: str | None = None
    known: Known | dict[str, Known] = Field(default_factory=dict)
    drop: Names = ()
    join: Several[Join] = ()
    outcome: Outcome | None = None
    order: Literal["file"] | None = None
    part: FromField | Constant | None = None
    scores: FromField | None = None


class AccountsFrom(Table):
    """Where accounts come from."""

    id: str
    known: Known | dict[str, Known] = Field(default_factory=dict)
    drop: Names = ()


class Dated(Table):
    """Rows about leads at a time."""

    lead: str
    at: str
    where: Where | None = None


class EventsFrom(Dated):
    """Things leads did. `event` names the column that holds the event's name, or is a constant."""

    event: str | Constant
    properties: Names | Literal["all"] = ()
    rename: dict[str, str] = Field(default_factory=dict)


class StagesFrom(Dated):
    """Dated outcomes.

    Where the stage is a constant and there is no `where`, a row without a time means that it was not reached;
    elsewhere such a row is at fault.
    """

    stage: str | Constant
    amount: str | None = None
    rename: dict[str, str] = Field(default_factory=dict)


class ChangesFrom(Dated):
    """Field changes: `field` had the value `old` before `at` and `value` from then on."""

    field: str | Constant
    value: str
    old: str | None = None
    rename: dict[str, str] = Field(default_factory=dict)


class WorkedFrom(Dated):
    """When a lead was worked by sales."""


class FeedbackFrom(Dated):
    """What sales said of a lead."""

    verdict: str
    reason: str | None = None


class ScoresFrom(Table):
    """Scores that the CRM recorded itself; without `at` they are undated."""

    lead: str
    score: str
    at: str | None = None
    where: Where | None = None


class HistoryMapping(Value):
    """A whole mapping. Without `leads`, the files are found by their default names."""

    format: Literal["lead-history/1"]
    zone: Zone | None = None
    until: Until | None = None
    blanks: Names = ("",)
    budget: Share = 0.01
    leads: Several[LeadsFrom] = ()
    accounts: AccountsFrom | None = None
    events: Several[EventsFrom] = ()
    stages: Several[StagesFrom] = ()
    changes: Several[ChangesFrom] = ()
    worked: Several[WorkedFrom] = ()
    feedback: Several[FeedbackFrom] = ()
    scores: Several[ScoresFrom] = ()
    lists: dict[str, str | Names] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _leads_first(self) -> HistoryMapping:
        others = (self.accounts, self.events, self.stages, self.changes, self.worked, self.feedback, self.scores)
        if not self.leads and any(others):
            remedy = "Say where the leads are, or leave all tables out."
            raise fault("the key 'leads' beside the other tables", remedy, found="none")
        return self

    @field_validator("leads")
    @classmethod
    def _alike(cls, leads: tuple[LeadsFrom, ...]) -> tuple[LeadsFrom, ...]:
        for what in ("id", "account", "created_at", "outcome", "order", "part", "scores"):
            if len({getattr(source, what) is None for source in leads}) > 1:
                raise fault(f"'{what}' in every file of leads or in none", "Say it for each file.")
        return leads

    @property
    def missing(self) -> Names:
        """The texts that mean missing: the declared ones, and always the empty text."""
        return tuple(dict.fromkeys(("", *self.blanks)))


def read_mapping(source: Path | str) -> tuple[HistoryMapping, Document]:
    """Read a mapping from a file (a `Path`) or from YAML text (a `str`).

    Returns:
        The mapping, and the document it came from (for places in later messages).

    Raises:
        MappingError: with one problem for each fault: file, line, path, what was expected, found, and the remedy.
    """
    document = read_document(source, MappingError, name=None if isinstance(source, Path) else "mapping")
    return parse(HistoryMapping, document, MappingError), document
