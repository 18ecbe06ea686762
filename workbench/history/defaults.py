"""What is assumed without a mapping: files named after our tables, columns named after our own, or one flat table."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbench.errors import CallError, DataError, listed
from workbench.history.files import open_sheet
from workbench.history.loading import Loading
from workbench.history.mapping import FromField, HistoryMapping, LeadsFrom, Outcome
from workbench.parsing import Scalar, did_you_mean

DATED = ("events", "stages", "changes", "worked", "feedback", "scores")
TIMES = ("at", "occurred_at")
NEEDED = {
    "events": ("event",),
    "stages": ("stage",),
    "changes": ("field", "value"),
    "feedback": ("verdict",),
    "scores": ("score",),
}
OPTIONAL = {"stages": ("amount",), "changes": ("old",), "feedback": ("reason",)}


def assume(loading: Loading) -> HistoryMapping:
    """The mapping with its tables filled in by default names.

    A flat table has the optional columns `lead_id`, `account_id` and `created_at`; all others are fields. A folder,
    a database or several frames have `leads` (`lead_id`; optional `account_id`, `created_at`) and any of `accounts`
    (`account_id`), `events` (`lead_id`, `at`, `event`; the rest are properties), `stages` (`lead_id`, `at`, `stage`,
    optional `amount`), `changes` (`lead_id`, `at`, `field`, `value`, optional `old`), `worked` (`lead_id`, `at`),
    `feedback` (`lead_id`, `at`, `verdict`, optional `reason`) and `scores` (`lead_id`, `score`, optional `at`).
    `occurred_at` is understood for `at`.

    Raises:
        DataError: when there is no `leads`, a table is there twice, or a needed column is missing.
    """
    if loading.source.kind == "flat":
        return loading.mapping.model_copy(update={"leads": (_leads(loading, loading.source.flat_name, flat=True),)})
    files = _files(loading)
    if "leads" not in files:
        there = loading.source.tables(loading.engine)
        raise DataError.at(
            loading.source.name,
            expected="a table 'leads', or a mapping in history.yaml",
            found="neither" if there else "no data file",
            remedy="Write a history.yaml that names the file of leads, or pass one with --mapping.",
        )
    tables: dict[str, Any] = {"leads": [_leads(loading, files["leads"], flat=False).model_dump(exclude_none=True)]}
    if "accounts" in files:
        _demand(_columns(loading, files["accounts"]), ["account_id"], files["accounts"])
        tables["accounts"] = {"file": files["accounts"], "id": "account_id"}
    for title in DATED:
        if title in files:
            tables[title] = [_dated(loading, title, files[title])]
    found = HistoryMapping.model_validate({"format": "lead-history/1", **tables}, strict=False)
    return loading.mapping.model_copy(update={title: getattr(found, title) for title in tables})


def with_outcome(mapping: HistoryMapping, text: str) -> HistoryMapping:
    """The mapping with the outcome that a call names as `Converted=1`.

    Raises:
        CallError: when the text is not of that form.
    """
    title, mark, value = text.partition("=")
    if not mark or not title.strip():
        raise CallError.at(
            "outcome", expected="COLUMN=VALUE", found=repr(text), remedy="Write for example --outcome 'Converted=1'."
        )
    outcome = Outcome(field=title.strip(), equals=_scalar(value.strip()))
    leads = tuple(source.model_copy(update={"outcome": outcome}) for source in mapping.leads)
    return mapping.model_copy(update={"leads": leads})


def with_score(loading: Loading, title: str) -> HistoryMapping:
    """The mapping with the column that holds the CRM's score in each lead's row.

    Raises:
        CallError: when a file of leads has no such column.
    """
    _known(loading, "score", title)
    leads = tuple(source.model_copy(update={"scores": FromField(field=title)}) for source in loading.mapping.leads)
    return loading.mapping.model_copy(update={"leads": leads})


def with_id(loading: Loading, title: str) -> HistoryMapping:
    """The mapping with the column that holds the lead's id.

    Raises:
        CallError: when a file of leads has no such column.
    """
    _known(loading, "id", title)
    leads = tuple(source.model_copy(update={"id": title}) for source in loading.mapping.leads)
    return loading.mapping.model_copy(update={"leads": leads})


def _known(loading: Loading, option: str, title: str) -> None:
    """Refuse a column that a call names and a file of leads does not have; the nearest names are listed first."""
    for index, source in enumerate(loading.mapping.leads):
        names = loading.open(source, ("leads", index)).names()
        if title in names:
            continue
        folded = {name.lower(): name for name in names}
        near = [folded[name] for name in difflib.get_close_matches(title.lower(), list(folded), n=3, cutoff=0.5)]
        rest = [name for name in names if name not in near]
        raise CallError.at(
            f"--{option} {title}",
            expected=f"a column of {source.file or loading.source.flat_name}",
            found="none of that name",
            remedy=f"Its columns{', the nearest first' if near else ''}: {listed([*near, *rest])}.",
        )


def _scalar(text: str) -> Scalar:
    if re.fullmatch(r"-?(0|[1-9]\d*)", text):
        return int(text)
    if re.fullmatch(r"-?(0|[1-9]\d*)\.\d+", text):
        return float(text)
    return text.lower() == "true" if text.lower() in {"true", "false"} else text


def _files(loading: Loading) -> dict[str, str]:
    """The table that goes by each of our names."""
    names = ("leads", "accounts", *DATED)
    found: dict[str, str] = {}
    for table in loading.source.tables(loading.engine):
        stem = table if loading.source.kind in {"database", "frames"} else Path(table).name.split(".")[0]
        if stem not in names:
            continue
        if stem in found:
            raise DataError.at(
                loading.source.name,
                expected=f"one table '{stem}'",
                found=f"'{found[stem]}' and '{table}'",
                remedy="Remove one of them, or name the right one in history.yaml.",
            )
        found[stem] = table
    return found


def _columns(loading: Loading, file: str) -> tuple[str, ...]:
    return open_sheet(loading.engine, loading.source, file, file).names()


def _demand(columns: Sequence[str], needed: Sequence[str], file: str) -> None:
    for title in needed:
        if title not in columns:
            remedy = f"{did_you_mean(title, columns)} Name it in history.yaml."
            raise DataError.at(file, expected=f"a column '{title}'", found="none", remedy=remedy)


def _leads(loading: Loading, file: str, *, flat: bool) -> LeadsFrom:
    columns = _columns(loading, file)
    if not flat:
        _demand(columns, ["lead_id"], file)
    given = {key: title for key, title in _LEAD_COLUMNS.items() if title in columns}
    return LeadsFrom(file=file, id=given.get("id"), account=given.get("account"), created_at=given.get("created_at"))


_LEAD_COLUMNS = {"id": "lead_id", "account": "account_id", "created_at": "created_at"}


def _dated(loading: Loading, title: str, file: str) -> dict[str, Any]:
    columns = _columns(loading, file)
    needed = NEEDED.get(title, ())
    _demand(columns, ["lead_id", *needed], file)
    at = next((name for name in TIMES if name in columns), None)
    if at is None and title != "scores":
        _demand(columns, ["at"], file)
    spec: dict[str, Any] = {"file": file, "lead": "lead_id", **{name: name for name in needed}}
    spec |= {name: name for name in OPTIONAL.get(title, ()) if name in columns}
    if at is not None:
        spec["at"] = at
    return spec | ({"properties": "all"} if title == "events" else {})
