"""How one lead's score came about: the score as it stood each day, beside what the lead did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from workbench.engine.catalog import Catalog
from workbench.engine.lowered import Ages, Cell, Feature, Idle, Tally, event_sets, predicates
from workbench.errors import CallError
from workbench.history import History
from workbench.model import Model
from workbench.observation import at_moment
from workbench.observation.facts import lead_facts
from workbench.observation.gather import cells_of
from workbench.observation.observe import wanted_features
from workbench.observation.population import micros
from workbench.oracle import DAY_US, Event, Lead, judge

MOST_DAYS = 366
EVENTS = ["event", "kind", "occurred_at", "age_days", "lead_id", "after"]
SCORES = ["day", "as_of", "score", "tier"]


@dataclass(frozen=True)
class Trajectory:
    """The score of one lead as it stood each day, and what happened meanwhile.

    Attributes:
        lead_id, as_of: which lead, up to when.
        scores: a row for each day, oldest first: day (whole days from as_of, so 0 is the last and -7 a week before),
            as_of (UTC, the moment of that day's score), score (points; missing where a gate takes the lead out), tier
            (None without one). A day's score is made from what was known before that moment.
        events: what happened in the span of these days, oldest first: event, kind (event or stage), occurred_at (UTC),
            age_days (whole days before as_of; negative after it), lead_id (whose it is), after (whether at or after
            as_of: known to no score here).
        earlier: how many events lie before the first day and are left out.
    """

    lead_id: str
    as_of: dt.datetime
    scores: pd.DataFrame
    events: pd.DataFrame
    earlier: int


def trajectory(
    model: Model, history: History, *, lead_id: str, as_of: str | dt.datetime, days: int = 60, after: int = 0
) -> Trajectory:
    """The score of one lead as it stood each day up to a moment, with its events.

    Each day is judged by the oracle on what was known before it: nothing that came later is read. Events of colleagues
    are listed where a rule counts those of the whole account.

    Args:
        model: the model.
        history: the loaded past.
        lead_id: which lead.
        as_of: the last moment, ISO 8601 with a zone (a date is its start in UTC), or a datetime with one.
        days: how many days to go back, 0 to 366; fewer where the lead is younger.
        after: how many days after as_of to list events and stages of; for display only, and by default none.

    Raises:
        CallError: if the lead is not known or did not exist at the moment, leads have no dates, or a number of days is
            out of range.
        ModelError: if the model asks for what the history does not have.
    """
    for name, number in (("days", days), ("after", after)):
        if not 0 <= number <= MOST_DAYS:
            raise CallError.at(
                name, expected=f"whole days from 0 to {MOST_DAYS}", found=str(number), remedy="Show fewer days."
            )
    moment = at_moment(history, [], as_of, lead_id=lead_id)  # is the lead there, and when; the oracle does the rest
    if moment.as_of is None:
        raise CallError.at(
            "as_of",
            expected="leads with dates",
            found="none: these are taken as recorded",
            remedy="Explain it instead.",
        )
    now = micros(moment.as_of)
    asked = _Asked.of(model, moment.catalog)
    whole = lead_facts(history, asked.cells, now, lead_id)
    created = now - DAY_US if whole.created_us is None else whole.created_us
    moments = [now - day * DAY_US for day in range(days, -1, -1) if now - day * DAY_US > created]
    told = _told(whole, colleagues=asked.colleagues)
    events, earlier = _events(told, now, since=now - days * DAY_US, until=now + after * DAY_US)
    return Trajectory(lead_id, moment.as_of, _scores(model, history, asked, whole, moments), events, earlier)


@dataclass(frozen=True)
class _Asked:
    """What a model asks of a lead.

    Attributes:
        cells: fields of the lead and of its account.
        colleagues: whether it counts the events of the whole account.
        built_in: which of the built-in fields the history has.
    """

    cells: tuple[Cell, ...]
    colleagues: bool
    built_in: frozenset[str]

    @classmethod
    def of(cls, model: Model, catalog: Catalog) -> _Asked:
        wanted = wanted_features([model], catalog)
        colleagues = any(_of_account(feature) for feature in wanted.features)
        return cls(tuple(cells_of(wanted.coded)), colleagues, frozenset(catalog.built_in))


def _scores(model: Model, history: History, asked: _Asked, whole: Lead, moments: list[int]) -> pd.DataFrame:
    dated = {cell.name for cell in asked.cells if cell.source == "lead"}
    changes = sorted(at for name, at in whole.changes if name in dated)
    as_known: dict[int, Lead] = {sum(at < moments[-1] for at in changes): whole}
    rows = []
    for at in moments:
        so_far = sum(change < at for change in changes)
        if so_far not in as_known:  # fields stand still between their changes: one look for each stretch is enough
            as_known[so_far] = lead_facts(history, asked.cells, at, whole.lead_id)
        verdict = judge(model, as_known[so_far], at, history.lists, built_in=asked.built_in)
        score = float("nan") if verdict.score is None else verdict.score / 1000
        rows.append(((at - moments[-1]) // DAY_US, at, score, verdict.tier))
    frame = pd.DataFrame(rows, columns=SCORES)
    frame["as_of"] = pd.to_datetime(frame["as_of"].astype("int64"), unit="us", utc=True)
    return frame.astype({"day": "int64", "score": "float64", "tier": "object"})


def _told(lead: Lead, *, colleagues: bool) -> Iterator[tuple[int, str, str, str, int]]:
    """Time, name, kind and owner of what happened, and since when it could be known of."""
    together = lead.colleagues if colleagues else ()
    for event in (*lead.events, *together):
        yield event.at_us, event.name, "event", event.lead, _known(event)
    for stage, at in lead.stages:
        yield at, stage, "stage", lead.lead_id, at


def _known(event: Event) -> int:
    return event.at_us if event.known_us is None else event.known_us


def _of_account(feature: Feature) -> bool:
    """Whether a feature counts the events of the whole account."""
    if isinstance(feature, Tally | Ages | Idle):
        return feature.events.account
    return any(events.account for predicate in predicates(feature) for events in event_sets(predicate))


def _events(
    told: Iterator[tuple[int, str, str, str, int]], now: int, *, since: int, until: int
) -> tuple[pd.DataFrame, int]:
    """What happened from one moment to another, and how many events lie before."""
    rows, earlier = [], 0
    for at, name, kind, whose, known in sorted(told):
        if at < since:
            earlier += kind == "event" and known < now
        elif at < until and (at >= now or known < now):
            rows.append((name, kind, at, (now - at) // DAY_US, whose, at >= now))
    frame = pd.DataFrame(rows, columns=EVENTS)
    frame["occurred_at"] = pd.to_datetime(frame["occurred_at"].astype("int64"), unit="us", utc=True)
    kinds = {"event": "str", "kind": "str", "lead_id": "str", "age_days": "int64", "after": "bool"}
    return frame.astype(kinds), earlier
