"""The history: what is known of the past, as tables in an engine and a frozen description of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import pandas as pd

from workbench.engine import Engine
from workbench.history.mapping import Kind, Known


@dataclass(frozen=True)
class Field:
    """A field of leads or accounts.

    Attributes:
        name: the column's name in its file (with `table.` before it where a join clashed).
        kind: text, number, boolean, or time (kept as UTC epoch microseconds).
        known: when its value was known: at creation, dated by the changes table, or undated.
    """

    name: str
    kind: Kind
    known: Known


@dataclass(frozen=True)
class History:
    """The loaded past. A context manager; `close` frees the engine.

    The engine holds the tables `leads`, `lead_fields`, `accounts`, `account_fields`, `events`, `stages`, `changes`,
    `worked`, `feedback`, `scores` and `lists`; times there are UTC epoch microseconds. The table `lost_stages` (lead
    BIGINT, stage VARCHAR) holds whom the stage rows left out for a fault were about: they may have reached the stage.

    Attributes:
        name: what the user named, without its folder.
        engine: where the tables are.
        lead_fields: by name; columns `f_<name>` of the table `lead_fields`.
        account_fields: by name; columns `f_<name>` of the table `account_fields`.
        events: number of events by name, sorted by name.
        properties: kind of each event property; columns `p_<name>` of the table `events`.
        stages: number of leads that reached each stage, sorted by name.
        lists: named lists of values.
        blanks: texts that mean missing (compared after trimming, in exact case).
        dated: leads have a time of creation.
        order: what orders leads: time, file order, or nothing.
        flat_outcome: the outcome stands in the lead's row.
        given_parts: the data says which part of the split each lead belongs to.
        has_accounts: some lead has an account.
        has_scores: there are scores that the CRM recorded.
        has_worked: it is known which leads were worked.
        until_us: end of the data, exclusive: as mapped, else one microsecond after the latest time seen.
        until_given: the mapping says where the data ends.
        rows: rows kept, by table.
        dropped: rows left out, or kept without a cell or a match: file, reason, column, rows, share (0..1), first_rows
            (from 1), remedy.
        fingerprint: SHA-256 of the content; the order of rows does not matter unless file order is time order.
        home: folder of the data, None for frames.
        generated_ids: leads have no id of their own; theirs are made from the position in the file.
    """

    name: str
    engine: Engine
    lead_fields: Mapping[str, Field]
    account_fields: Mapping[str, Field]
    events: Mapping[str, int]
    properties: Mapping[str, Kind]
    stages: Mapping[str, int]
    lists: Mapping[str, tuple[str, ...]]
    blanks: tuple[str, ...]
    dated: bool
    order: Literal["time", "file", "none"]
    flat_outcome: bool
    given_parts: bool
    has_accounts: bool
    has_scores: bool
    has_worked: bool
    until_us: int | None
    until_given: bool
    rows: Mapping[str, int]
    dropped: pd.DataFrame
    fingerprint: str
    home: Path | None
    generated_ids: bool = False

    def close(self) -> None:
        """Free the engine and its temporary files."""
        self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
