"""What loading has at hand while it goes on: the engine, the mapping, the files, and what was left out so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlglot import exp

from workbench.document import Document, Place
from workbench.engine import Engine
from workbench.errors import DataError, MappingError, Problem
from workbench.history.cells import Column, any_of, is_null, name, not_null, numeric, time_us, zoneless
from workbench.history.files import Sheet, Staged, open_sheet, stage
from workbench.history.losses import Check, Losses, Reason
from workbench.history.mapping import HistoryMapping, Table, Where
from workbench.history.source import Source
from workbench.parsing import did_you_mean, place_of

LEAD_IDS = "known_leads"


@dataclass
class Loading:
    """The state of one load.

    Attributes:
        engine: where tables are made.
        source: where files lie.
        mapping: what they mean.
        document: the mapping as written, None where default names are used.
        losses: rows left out so far.
        progress: told one line for each step.
        until_us: the end of the data in UTC epoch microseconds, exclusive; None if not given.
        latest_us: the latest time seen in any row kept.
        outcome: what the call itself says of the outcome, `Converted=1`.
    """

    engine: Engine
    source: Source
    mapping: HistoryMapping
    document: Document | None
    losses: Losses
    progress: Callable[[str], None]
    until_us: int | None = None
    latest_us: list[int] = field(default_factory=list)
    outcome: str | None = None

    def say(self, line: str) -> None:
        """Report a step."""
        self.progress(line)

    def where(self, place: Place) -> str:
        """A place of the mapping, or of the call where it says more, for messages."""
        if self.outcome is not None and place[-2:] == ("outcome", "field"):
            return f"outcome {self.outcome}"
        return place_of(place, self.document)

    def error(self, place: Place, expected: str, found: str, remedy: str) -> MappingError | DataError:
        """An error at a place of the mapping; about the data where there is no mapping file."""
        kind = MappingError if self.document is not None else DataError
        return kind(Problem(self.where(place), expected, found, remedy))

    def open(self, spec: Table, place: Place) -> Sheet:
        """The table that a part of the mapping names."""
        if not spec.file and self.source.kind != "flat":
            raise self.error(place, "the key 'file'", "nothing", "Name the file, for example 'file: leads.csv'.")
        file = spec.file or self.source.flat_name
        where = self.where((*place, "file"))
        return open_sheet(self.engine, self.source, file, where, delimiter=spec.delimiter, columns=spec.columns)

    def stage(self, sheet: Sheet, table: str, wanted: Iterable[str]) -> Staged:
        """Copy columns of a sheet into the engine."""
        self.say(f"reading {sheet.label}")
        return stage(self.engine, sheet, table, list(wanted), self.mapping.missing)

    def require(self, sheet: Sheet, title: str, place: Place) -> str:
        """The name of a column that the sheet must have.

        Raises:
            MappingError: (`DataError` without a mapping file) when it has none of that name.
        """
        if title in sheet.names():
            return title
        remedy = did_you_mean(title, sheet.names())
        raise self.error(place, f"a column of {sheet.label}", f"'{title}'", remedy)

    def selection(self, staged: Staged, where: Where | None) -> exp.Expr | None:
        """The rows that a `where` lets through."""
        return any_of(staged.columns[where.field], where.values) if where is not None else None

    def time_checks(self, source: Column, *, blank: Reason | None) -> list[Check]:
        """What can be wrong with a time: missing (where that is a fault), a bare number, zoneless, not a time."""
        zone, title = self.mapping.zone, source.name
        shown = source.raw
        iso = "a time such as 2026-06-30T12:00:00Z"
        checks = [
            Check(
                numeric(source),
                Reason(
                    "a number instead of a time", title, iso, "Convert epoch numbers to ISO 8601 texts or timestamps."
                ),
                shown,
            ),
            Check(
                zoneless(source, zone),
                Reason(
                    "a time without a zone",
                    title,
                    "a time with its zone",
                    "Add `zone: UTC`, or the right zone, to the mapping.",
                ),
                shown,
            ),
            Check(
                exp.and_(not_null(source.raw), is_null(time_us(source, zone))),
                Reason("not a time", title, iso, "Write times as ISO 8601: 2026-06-30 or 2026-06-30T12:00:00Z."),
                shown,
            ),
        ]
        if blank is not None:
            checks.insert(0, Check(is_null(source.raw), blank, shown))
        if self.until_us is not None:
            late = exp.GTE(this=time_us(source, zone), expression=exp.convert(self.until_us))
            reason = Reason(
                "at or after `until`",
                title,
                "a time before the end of the data",
                "Nothing, or move `until`.",
                budgeted=False,
            )
            checks.append(Check(late, reason, shown))
        return checks


def empty_id(source: Column, what: str) -> Check:
    """The check that a row names its lead or account."""
    reason = Reason(
        f"no {what}", source.name, f"the id of a {what}", "Fill the id in, or leave such rows out of the file."
    )
    return Check(is_null(name(source)), reason, source.raw)
