"""Loading: from whatever the user named to a `History`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from sqlglot import exp

from workbench.document import Document
from workbench.engine import Engine
from workbench.engine.duck import column, table
from workbench.history.accounts import Accounts, write_accounts
from workbench.history.cells import Column, literal, time_us
from workbench.history.changed import add_changed_fields, changed_fields
from workbench.history.dated import write_dated
from workbench.history.defaults import assume, with_id, with_outcome, with_score
from workbench.history.fingerprint import fingerprint
from workbench.history.history import Field, History
from workbench.history.leads import Leads, read_leads, write_leads
from workbench.history.lists import read_lists
from workbench.history.loading import LEAD_IDS, Loading
from workbench.history.losses import Losses
from workbench.history.mapping import FORMAT, HistoryMapping, Kind, Known, read_mapping
from workbench.history.source import MAPPING_ENDINGS, Given, find

TABLES = ("leads", "accounts", "events", "stages", "changes", "worked", "feedback", "scores", "lists")
TIMED = {
    "leads": "created_us",
    **dict.fromkeys(("events", "stages", "changes", "worked", "feedback", "scores"), "at_us"),
}


def read_history(
    source: Given,
    *,
    mapping: Path | str | None = None,
    outcome: str | None = None,
    score: str | None = None,
    id: str | None = None,  # noqa: A002  (as the mapping calls it)
    progress: Callable[[str], None] | None = None,
) -> History:
    """Load the past.

    Args:
        source: a folder (with its `history.yaml`, or with files and columns of our own names), a single CSV, TSV,
            JSON-lines or Parquet file, a `.duckdb` file, one frame, or frames by name.
        mapping: a mapping file, or its text. Files it names are looked for in the folder of the data.
        outcome: for a flat table, the column and value that mean success: `Converted=1`.
        score: for a flat table, the column with the score that the CRM recorded.
        id: for a flat table, the column with the lead's id; by default `lead_id`. Without one every row is a lead of
            its own, and rows that repeat another cannot be told.
        progress: told one line for each step.

    Returns:
        The history, open; close it, or use it as a context manager. The engine can no longer reach any file.

    Raises:
        CallError: when the source or the outcome is not of a known form, or a column named here is not there.
        MappingError: when the mapping is wrong in itself or does not fit the files.
        DataError: when the data is not fit for use, or more rows of a file must be left out than the budget allows.
    """
    found, beside = find(source)
    if isinstance(mapping, str) and "\n" not in mapping and mapping.lower().endswith(MAPPING_ENDINGS):
        mapping = Path(mapping)
    spec, document = _mapping(mapping if mapping is not None else beside)
    engine = Engine()
    try:
        loading = Loading(engine, found, spec, document, Losses(spec.budget), progress or _silent)
        return _load(loading, outcome, score, id)
    except BaseException:
        engine.close()
        raise


def _silent(_: str) -> None:
    """Progress that nobody follows."""


def _mapping(mapping: Path | str | None) -> tuple[HistoryMapping, Document | None]:
    if mapping is None:
        return HistoryMapping(format=FORMAT), None
    return read_mapping(mapping)


def _load(loading: Loading, outcome: str | None, score: str | None, title: str | None) -> History:
    engine, source = loading.engine, loading.source
    source.attach(engine)
    if not loading.mapping.leads:
        loading.mapping = assume(loading)
    if outcome is not None:
        loading.outcome, loading.mapping = outcome, with_outcome(loading.mapping, outcome)
    if score is not None:
        loading.mapping = with_score(loading, score)
    if title is not None:
        loading.mapping = with_id(loading, title)
    mapping = loading.mapping
    loading.until_us = _until_us(engine, mapping)
    by_file = mapping.leads[0].order == "file"
    lists = read_lists(loading)
    leads = read_leads(loading)
    accounts = write_accounts(loading, leads, mapping.accounts)
    write_leads(loading, leads, by_file=by_file)
    properties = write_dated(loading)
    added = add_changed_fields(loading, leads.kinds)
    engine.drop([LEAD_IDS])
    source.detach(engine)
    loading.say("taking the fingerprint")
    settings = {"blanks": sorted(mapping.missing), "until": str(loading.until_us), "order": str(mapping.leads[0].order)}
    mark = fingerprint(engine, lists, settings, by_file=by_file, generated=leads.generated)
    engine.lock()
    return _history(loading, leads, added, accounts, properties, lists, mark)


def _history(
    loading: Loading,
    leads: Leads,
    added: Mapping[str, Kind],
    accounts: Accounts,
    properties: Mapping[str, Kind],
    lists: Mapping[str, tuple[str, ...]],
    mark: str,
) -> History:
    engine, mapping, source = loading.engine, loading.mapping, loading.source
    first = mapping.leads[0]
    rows = {title: _count(engine, title) for title in TABLES}
    dated = first.created_at is not None
    latest = _latest(engine)
    known = dict(leads.known) | dict.fromkeys(changed_fields(engine), "dated")
    loading.say(f"loaded {rows['leads']:,} leads and {rows['events']:,} events")
    return History(
        name=source.name,
        engine=engine,
        lead_fields=_fields({**leads.kinds, **added}, known),
        account_fields=_fields(accounts.kinds, accounts.known),
        events=_counts(engine, "events", "event", exp.Count(this=exp.Star())),
        properties=MappingProxyType(dict(properties)),
        stages=_counts(engine, "stages", "stage", exp.Count(this=exp.Distinct(expressions=[column("lead")]))),
        lists=MappingProxyType(dict(lists)),
        blanks=mapping.missing,
        dated=dated,
        order="file" if first.order == "file" else "time" if dated else "none",
        flat_outcome=first.outcome is not None,
        given_parts=first.part is not None,
        has_accounts=first.account is not None and _any(engine, "leads", "account"),
        has_scores=rows["scores"] > 0,
        has_worked=bool(mapping.worked),
        until_us=loading.until_us if loading.until_us is not None else latest + 1 if latest is not None else None,
        until_given=loading.until_us is not None,
        rows=MappingProxyType(rows),
        dropped=loading.losses.frame(),
        fingerprint=mark,
        home=source.home,
        generated_ids=leads.generated,
    )


def _fields(kinds: Mapping[str, Kind], known: Mapping[str, Known | str]) -> Mapping[str, Field]:
    words: dict[str, Known] = {"creation": "creation", "dated": "dated"}
    fields = {name: Field(name, kind, words.get(known.get(name, ""), "undated")) for name, kind in kinds.items()}
    return MappingProxyType(fields)


def _until_us(engine: Engine, mapping: HistoryMapping) -> int | None:
    """The declared end of the data; a date is its midnight in the declared zone, else in UTC."""
    if mapping.until is None:
        return None
    cell = exp.Select(expressions=[exp.alias_(literal(mapping.until), "c0", quoted=True)]).subquery("s")
    moment = time_us(Column("until", "c0", "VARCHAR", loose=True), mapping.zone or "UTC")
    ((until,),) = engine.rows(exp.Select(expressions=[moment]).from_(cell))
    return int(until) if until is not None else None


def _count(engine: Engine, title: str) -> int:
    return int(engine.rows(exp.Select(expressions=[exp.Count(this=exp.Star())]).from_(table(title)))[0][0])


def _any(engine: Engine, title: str, name: str) -> bool:
    return bool(engine.rows(exp.Select(expressions=[exp.Count(this=column(name))]).from_(table(title)))[0][0])


def _counts(engine: Engine, title: str, name: str, count: exp.Expr) -> Mapping[str, int]:
    query = exp.Select(expressions=[column(name), count]).from_(table(title)).group_by(column(name))
    return MappingProxyType({str(key): int(value) for key, value in engine.rows(query.order_by(column(name)))})


def _latest(engine: Engine) -> int | None:
    moments = [
        engine.rows(exp.Select(expressions=[exp.Max(this=column(name))]).from_(table(title)))[0][0]
        for title, name in TIMED.items()
    ]
    return max((int(moment) for moment in moments if moment is not None), default=None)
