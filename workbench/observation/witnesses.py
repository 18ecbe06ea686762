"""The events behind one lead's rules: fetched only to explain it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from workbench.engine.lowered import DAY_US, Ages, Events, Feature, FirstOf, Hit, Tally, event_sets
from workbench.history import History
from workbench.observation.arithmetic import decay_table
from workbench.observation.gather import OBS, Gathering, cells_of
from workbench.observation.moment import present
from workbench.observation.population import micros
from workbench.observation.scorer import Scorer
from workbench.observation.weights import RuleWeights

WITNESSES = ["rule", "event", "occurred_at", "age_days", "lead_id", "points"]


def witnesses(history: History, scorer: Scorer, as_of: dt.datetime | None, lead_id: str) -> pd.DataFrame:
    """The events behind the rules that hold for the one lead that a scorer was made for, newest first.

    Args:
        history: the past that it was observed in; its engine is asked again.
        scorer: a scorer of one observation.
        as_of: the moment; None for leads taken as recorded: then there are no events.
        lead_id: the lead.

    Returns:
        frame of rule, event, occurred_at (UTC), age_days (whole days), lead_id (whose event it is), points (what the
        event earns after decay and before limits of points, caps and weights; missing where a rule asks only how
        many events there are).
    """
    at = np.array([0])
    [(_, _, own, weights)] = scorer.parted(at)
    sets = [
        (rule, events)
        for rule in weights.rules
        for events in dict.fromkeys(_sets(own.features[rule.id], int(own.cases(rule, at)[0]), dormant=rule.dormant))
    ]
    rows: list[tuple[object, ...]] = []
    if as_of is not None and sets:
        moment = micros(as_of)
        features: list[Feature] = [Tally(events) for _, events in sets]
        history.engine.write(OBS, present(moment, lead_id))
        gathering = Gathering(history)
        gathering.prepare(cells_of(features), features)
        for rule, events in sets:
            each = isinstance(own.features[rule.id], Tally)
            rows.extend(_row(rule, row, moment, each=each) for row in _kept(gathering.listed(events), events))
        gathering.forget()
        history.engine.drop([OBS])
    frame = pd.DataFrame(rows, columns=WITNESSES)
    frame["occurred_at"] = pd.to_datetime(frame["occurred_at"].astype("int64"), unit="us", utc=True)
    return frame.astype({"age_days": "int64", "points": "float64"})


def _sets(feature: Feature, case: int, *, dormant: bool) -> Iterator[Events]:
    """The event sets that a rule was paid for, or that its condition measured."""
    if case <= 0:
        return
    if isinstance(feature, Tally | Ages):
        yield feature.events
    elif isinstance(feature, Hit):
        yield from event_sets(feature.when)
    elif isinstance(feature, FirstOf):
        yield from event_sets(feature.cases[case if dormant else case - 1])


_Row = tuple[int, str, str, Any]
"""Time, event, whose, and the value that tells it apart from others."""


def _kept(rows: list[tuple[Any, ...]], events: Events) -> list[_Row]:
    """The events that are left within the limits, newest first."""
    kept: list[_Row] = []
    values: set[object] = set()
    days: dict[int, int] = {}
    for at, event, whose, value in sorted(rows, key=lambda row: (-row[0], row[1], row[2], str(row[3]))):
        day = at // DAY_US
        if events.distinct is not None and (value is None or value in values):
            continue
        values.add(value)
        days[day] = days.get(day, 0) + 1
        if events.per_day is None or days[day] <= events.per_day:
            kept.append((at, event, whose, value))
    return kept[: events.newest]


def _row(rule: RuleWeights, row: _Row, moment: int, *, each: bool) -> tuple[object, ...]:
    at, event, whose, _ = row
    age = (moment - at) // DAY_US
    if rule.decay is not None:
        points = int(decay_table(rule.points[0], rule.decay, age + 1)[age]) / 1000
    else:
        points = rule.points[0] / 1000 if each else float("nan")
    return rule.id, event, at, age, whose, points
