"""Random pasts: frames under our own column names, close around the borders of a model where one is given.

Times lie around `as_of` (creation + `age_days`), around windows, UTC midnights and switches of clocks; texts and
numbers are hostile, or lie just below, at and just above what the model names; sets of events have one event fewer, as
many as and one more than the model asks for. Ties, missing values, empty tables, other zones, and events of colleagues
all come.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from boundaries import Asked, Boundaries, boundaries_of, satisfied
from hypothesis import strategies as st
from vocabulary import (
    ACCOUNT_FIELDS,
    ACCOUNTS,
    AGES,
    CHANGED,
    DTYPES,
    EVENTS,
    FIELDS,
    HALF_LIVES,
    IDS,
    LOADER_BLANKS,
    MOMENTS,
    OFFSETS,
    OUTCOME,
    POOLS,
    PROPERTIES,
    STAGES,
    START_US,
    WITHIN,
    ZONES,
)

from workbench.model import Model
from workbench.oracle import DAY_US, Fact
from workbench.parsing import moment_us

Frames = Mapping[str, pd.DataFrame]
Rows = list[dict[str, Any]]
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_TEXT_TIMES = ("trial ends", "due at")
"""Times that files write as texts, each with an offset of its own."""
_OF_ONE = ("sum", "first_age", "last_age", "aged")
"""Quantities for which one event of the right kind is enough."""
FAR_US = moment_us("2028-12-01")
"""One win, one change and one recorded score lie here: what is built in exists only where its table has rows."""


@dataclass(frozen=True)
class Past:
    """A random history, and the age at which its leads are judged.

    Attributes:
        frames: leads (lead_id, account_id, created_at, fields), accounts (account_id, fields),
            events (lead_id, occurred_at, event, properties), stages (lead_id, stage, at, amount),
            changes (lead_id, field, value, old, at), scores (lead_id, at, score).
        age_days: `as_of` is this many days after creation. Event times lie close around the borders it makes.
    """

    frames: Frames
    age_days: int


def random_past(seed: int, leads: int = 30, model: Model | None = None) -> Past:
    """Random frames of about `leads` leads, drawn from the boundaries of a model if one is given."""
    rng = random.Random(seed)
    return _Making(rng, boundaries_of(model) if model is not None else Boundaries(), leads).past()


def pasts() -> st.SearchStrategy[Past]:
    """Random pasts for hypothesis, of few leads."""
    return st.builds(random_past, st.integers(0, 2**32 - 1), st.integers(1, 12))


@dataclass
class _Making:
    """One past in the making."""

    rng: random.Random
    turns: Boundaries
    size: int
    age_days: int = 0
    zone: str = "UTC"
    created: dict[str, int] = field(default_factory=dict)
    account: dict[str, str | None] = field(default_factory=dict)
    pools: dict[tuple[str, str], list[Fact]] = field(default_factory=dict)

    def past(self) -> Past:
        rng = self.rng
        self.age_days, self.zone = rng.choice(AGES), rng.choice(ZONES)
        ids = [rng.choice(IDS).format(number) for number in range(self.size)]
        names = [rng.choice(ACCOUNTS).format(number) for number in range(self.size // 4)]
        self.created = {lead: self._creation_us() for lead in ids}
        self.account = {lead: rng.choice([None, *names, *names]) for lead in ids}
        listed = rng.choice([names, names, names[::2], []])
        made = {
            "leads": self._leads(),
            "accounts": self._accounts(listed),
            "events": self._events() if rng.random() < 0.93 else self._frame_of_events([]),
            "stages": self._stages(),
            "changes": self._changes(),
            "scores": self._scores(),
        }
        frames = {name: _shuffled(rng, frame) for name, frame in made.items()}
        frames["leads"].attrs["age_days"] = self.age_days
        return Past(frames, self.age_days)

    # --- times --------------------------------------------------------------------------------------------------------

    def as_of(self, lead: str) -> int:
        return self.created[lead] + self.age_days * DAY_US

    def _creation_us(self) -> int:
        """Any time; or so that creation or as_of lies at a moment of the model or a switch of clocks."""
        rng = self.rng
        if rng.random() < 0.35:
            moments = (
                self.turns.moments if self.turns.moments and rng.random() < 0.7 else [moment_us(rng.choice(MOMENTS))]
            )
            moment = rng.choice(moments) + rng.choice([-1, 0, 0, 1]) - rng.choice([0, 1, 1]) * self.age_days * DAY_US
            if abs(moment - START_US) < 200 * DAY_US:
                return moment
        day = START_US + rng.randrange(60) * DAY_US
        return day + rng.choice([0, -1, 1, rng.randrange(DAY_US), rng.randrange(DAY_US)])

    def _days(self) -> int:
        """A number of days at which something may turn."""
        own = self.turns.ages
        return self.rng.choice(own if own and self.rng.random() < 0.7 else [*WITHIN, *HALF_LIVES])

    def _event_us(self, as_of: int) -> int:
        """A time near a border: of `as_of`, of a window, of a UTC day; or anywhere, ahead too, or before 1970."""
        rng = self.rng
        step = rng.choice([-1, 0, 1])
        near = as_of - self._days() * DAY_US + rng.choice([-DAY_US, 0, 0, 0, DAY_US]) + step
        midnight = as_of // DAY_US * DAY_US - rng.randrange(4) * DAY_US + step
        moment = rng.choice(self.turns.moments or [midnight]) + step
        recent, old = as_of - rng.randrange(3 * DAY_US), as_of - rng.randrange(100 * DAY_US)
        ahead, far = as_of + rng.randrange(30 * DAY_US), rng.choice([-1, 0, as_of - 1, as_of - 400 * DAY_US])
        return rng.choice([as_of + step, near, near, near, midnight, moment, recent, recent, old, old, ahead, far])

    def _time_of(self, cell: tuple[str, str], as_of: int) -> int | None:
        """A value of a time field: near what the model asks of it, near as_of, or anywhere; or missing."""
        rng = self.rng
        ages, named = self.turns.time_ages.get(cell, []), self.turns.cells.get(cell, [])
        near = [as_of - days * DAY_US + rng.choice([-DAY_US, -1, 0, 0, 1, DAY_US]) for days in ages]
        usual = [as_of + rng.choice([-1, 0, 1]), as_of - self._days() * DAY_US, as_of + rng.randrange(90 * DAY_US)]
        pool: list[Any] = [
            *near * 3,
            *rng.sample(named, min(3, len(named))),
            *usual,
            moment_us(rng.choice(MOMENTS)),
            None,
        ]
        return rng.choice(pool)

    # --- values -------------------------------------------------------------------------------------------------------

    def value(self, source: str, name: str, kind: str, as_of: int) -> Fact:
        """A value of a field or property."""
        if kind == "time":
            return self._time_of((source, name), as_of)
        own = self.turns.cells.get((source, name))
        if own and self.rng.random() < 0.6:
            return self.rng.choice(self.turns.literals.get((source, name), own) if self.rng.random() < 0.4 else own)
        return self.rng.choice(self._pool(source, name, kind))

    def _pool(self, source: str, name: str, kind: str) -> list[Fact]:
        if (source, name) not in self.pools:
            pool: list[Fact] = [*POOLS[kind], *[None] * (len(POOLS[kind]) // 6 + 1)]
            if kind == "text":
                pool += ["", " ", *self.rng.choices(("vp", "EU", "gmail.com", "VP of Sales"), k=20)]
            self.pools[source, name] = pool
        return self.pools[source, name]

    def _row(self, source: str, fields: Mapping[str, str], as_of: int) -> dict[str, Any]:
        row: dict[str, Any] = {name: self.value(source, name, kind, as_of) for name, kind in fields.items()}
        pairs = [(one, other) for one, other in self.turns.pairs if one[0] == other[0] == source]
        for (_, name), (_, other) in pairs:
            if name in row and other in row and row[other] is not None and self.rng.random() < 0.5:
                row[name] = self._beside(row[other])
        return row

    def _beside(self, value: Any) -> Any:
        """The same value, or one just off, for two fields that are compared."""
        step = self.rng.choice([-1, 0, 0, 1])
        if isinstance(value, str):
            return self.rng.choice([value, value.swapcase(), f"\t{value} ", f"{value}x"])
        if isinstance(value, float):
            return value if step == 0 else math.nextafter(value, step * math.inf) + 0.0
        return value if isinstance(value, bool) else value + step

    # --- tables -------------------------------------------------------------------------------------------------------

    def _leads(self) -> pd.DataFrame:
        rows: Rows = []
        for lead, at in self.created.items():
            row = self._row("lead", FIELDS, self.as_of(lead))
            rows.append({"lead_id": lead, "account_id": self.account[lead], "created_at": at, **row})
        return self._frame(rows, {"lead_id": "text", "account_id": "text", "created_at": "time", **FIELDS})

    def _accounts(self, listed: Sequence[str]) -> pd.DataFrame:
        rows: Rows = []
        for name in listed:
            members = [lead for lead, account in self.account.items() if account == name]
            as_of = self.as_of(members[0]) if members else START_US
            rows.append({"account_id": name, **self._row("account", ACCOUNT_FIELDS, as_of)})
        return self._frame(rows, {"account_id": "text", **ACCOUNT_FIELDS})

    def _events(self) -> pd.DataFrame:
        rng, rows, quiet = self.rng, [], []
        for lead in self.created:
            as_of, size = self.as_of(lead), rng.choice([0, 0, 1, 3, 6, 12])
            quiet += [] if size else [lead]
            for _ in range(size):
                row = self._event(lead, self._event_us(as_of), rng.choice(EVENTS))
                rows += [row] + [self._again(row) for _ in range(rng.choice([0, 0, 0, 0, 2]))]
        for days in self.turns.ages:
            for step in (-1, 0, 1):
                lead = rng.choice(list(self.created))
                rows.append(self._event(lead, self.as_of(lead) - days * DAY_US + step, rng.choice(EVENTS)))
        for moment in self.turns.moments:
            for step in (-1, 0, 1):
                lead = rng.choice([one for one in self.created if self.as_of(one) > moment] or list(self.created))
                rows.append(self._event(lead, moment + step, rng.choice(EVENTS)))
        for number, asked in enumerate(self.turns.asked):
            silent = quiet[number % max(1, len(quiet)) :][:1]
            for lead in [*silent, *rng.sample(list(self.created), min(5, self.size))]:
                rows += self._asked(asked, lead)
        return self._frame_of_events(rows)

    def _frame_of_events(self, rows: Rows) -> pd.DataFrame:
        numbered = [{**row, "ref": float(number)} for number, row in enumerate(rows)]
        kinds = {"lead_id": "text", "occurred_at": "time", "event": "text", **PROPERTIES, "ref": "number"}
        return self._frame(numbered, kinds)

    def _event(self, lead: str, at: int, name: str, **properties: Fact) -> dict[str, Any]:
        own = self._row("event", PROPERTIES, self.as_of(lead)) | properties
        return {"lead_id": lead, "occurred_at": at, "event": name, **own}

    def _again(self, row: dict[str, Any]) -> dict[str, Any]:
        """The same event once more, perhaps of other properties or a little later."""
        step = self.rng.choice([0, 0, 1, DAY_US // 24])
        return self._event(
            row["lead_id"], row["occurred_at"] + step, row["event"], page=row["page"], seats=row["seats"]
        )

    def _asked(self, asked: Asked, lead: str) -> Rows:
        """Events with which a lead stands just below, at or just above what a model asks of a set of events."""
        rng, events = self.rng, asked.events
        names = events.names or EVENTS
        turn = rng.choice(asked.turns)
        count = int(turn) + rng.choice([-1, 0, 1]) if asked.measure not in _OF_ONE else 1
        parts = rng.choice([[turn], [turn - 0.001], [turn + 0.001], [turn + 1e-9], [0.1, 0.2, turn - 0.3]])
        count = len(parts) if asked.measure == "sum" else count
        rows: Rows = []
        for number in range(min(count, 6)):
            owner = self._owner(asked, lead, number)
            properties = satisfied(events.where, rng)
            if asked.measure == "distinct" and asked.of is not None and PROPERTIES[asked.of] == "text":
                properties[asked.of] = f"value {number}"
            if asked.measure == "sum":
                properties[asked.of or ""] = parts[number] + 0.0
            at = self._inside(asked, self.as_of(lead), number, turn)
            rows.append(self._event(owner, at, rng.choice(names), **properties))
        return rows

    def _owner(self, asked: Asked, lead: str, number: int) -> str:
        """The lead itself, or one of its colleagues where these count too."""
        mates = [one for one, account in self.account.items() if account == self.account[lead] and account is not None]
        return (mates or [lead])[number % len(mates or [lead])] if asked.events.scope == "account" else lead

    def _inside(self, asked: Asked, as_of: int, number: int, turn: float) -> int:
        """A time inside the set's windows, at an end of them, or at the age that is asked for."""
        rng, events = self.rng, asked.events
        if asked.measure in _OF_ONE[1:]:
            return as_of - int(turn) * DAY_US - rng.choice([-1, 0, 1, DAY_US - 1, DAY_US])
        youngest = as_of - (events.older_than or 0) * DAY_US - 1
        oldest = as_of - (events.within or 40) * DAY_US + 1
        if events.before is not None:
            youngest = min(youngest, moment_us(events.before) - 1)
        if events.after is not None:
            oldest = max(oldest, moment_us(events.after))
        day = max(oldest, youngest - number * DAY_US)
        return rng.choice([day, day, youngest, max(oldest, youngest - rng.randrange(2 * DAY_US))])

    def _stages(self) -> pd.DataFrame:
        """Stages not before creation, some before as_of, some at one instant; the outcome once for some leads."""
        rng, rows = self.rng, []
        named = [str(one).strip(LOADER_BLANKS) for one in self.turns.cells.get(("lead", "stage"), [])]
        pool = [one for one in named if one and one != OUTCOME] * 2 + list(STAGES)
        for lead, at in self.created.items():
            as_of = self.as_of(lead)
            early = [at, as_of - 1, as_of - 1, as_of - rng.randrange(self.age_days * DAY_US)]
            for _ in range(rng.choice([0, 1, 2, 3]) if len(self.turns.cells) or rng.random() < 0.7 else 0):
                entered = rng.choice([*early, as_of, as_of + 1, as_of + rng.randrange(90 * DAY_US)])
                rows.append({"lead_id": lead, "stage": rng.choice(pool), "at": entered, "amount": None})
            if rng.random() < 0.3:
                won = rng.choice([as_of - 1, as_of, as_of + 1, as_of + rng.randrange(90 * DAY_US)])
                rows.append({"lead_id": lead, "stage": OUTCOME, "at": won, "amount": rng.choice([None, 100.0])})
        rows.append({"lead_id": next(iter(self.created)), "stage": OUTCOME, "at": FAR_US, "amount": None})
        return self._frame(rows, {"lead_id": "text", "stage": "text", "at": "time", "amount": "number"})

    def _changes(self) -> pd.DataFrame:
        rng, rows = self.rng, []
        for lead in self.created if rng.random() < 0.9 else ():
            as_of = self.as_of(lead)
            for name in CHANGED:
                asked = self.turns.time_ages.get(("change", name), [])
                for _ in range(rng.choice([0, 0, 0, 1, 2, 3])):
                    near = [as_of - days * DAY_US + rng.choice([-1, 0, 1]) for days in asked]
                    at = rng.choice([*near * 2, as_of + rng.choice([-1, 0, 1]), as_of - rng.randrange(20 * DAY_US)])
                    value, old = (_written(rng, self.value("lead", name, FIELDS[name], as_of)) for _ in range(2))
                    rows.append({"lead_id": lead, "field": name, "value": value, "old": old, "at": at})
        rows.append({"lead_id": next(iter(self.created)), "field": "region", "value": "EU", "old": "vp", "at": FAR_US})
        kinds = dict.fromkeys(["lead_id", "field", "value", "old"], "text")
        return self._frame(rows, {**kinds, "at": "time"})

    def _scores(self) -> pd.DataFrame:
        rng, rows = self.rng, []
        named = [number for number in self.turns.cells.get(("lead", "recorded_score"), []) if isinstance(number, float)]
        pool = [round(number, 3) + 0.0 for number in named if abs(number) <= 1_000_000] * 2
        pool += [0.0, 0.001, -0.001, 2.5, -7.5, 40.0, 999.999]
        for lead in self.created:
            as_of = self.as_of(lead)
            for _ in range(rng.choice([0, 0, 1, 2, 4])):
                at = as_of + rng.choice([-1, -1, 0, 1, -rng.randrange(9 * DAY_US), -rng.randrange(9) * DAY_US])
                rows.append({"lead_id": lead, "at": at, "score": rng.choice(pool)})
        rows.append({"lead_id": next(iter(self.created)), "at": FAR_US, "score": 1.0})
        return self._frame(rows, {"lead_id": "text", "at": "time", "score": "number"})

    def _frame(self, rows: Rows, kinds: Mapping[str, str]) -> pd.DataFrame:
        series = {name: self._series(name, kind, [row[name] for row in rows]) for name, kind in kinds.items()}
        return pd.DataFrame(series)

    def _series(self, name: str, kind: str, values: list[Any]) -> pd.Series:
        if name in _TEXT_TIMES:
            return pd.Series([_written(self.rng, value) for value in values], dtype="str")
        if kind != "time":
            return pd.Series(values, dtype=DTYPES[kind])
        moments = pd.to_datetime(pd.Series(values, dtype="Int64"), unit="us", utc=True)
        return moments.astype("datetime64[us, UTC]").dt.tz_convert(self.zone)


def _written(rng: random.Random, value: Any) -> str | None:
    """A value as a text file holds it; times with any offset from UTC."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value)
    zone = dt.timezone(dt.timedelta(minutes=rng.choice(OFFSETS)))
    return (_EPOCH + dt.timedelta(microseconds=value)).astimezone(zone).isoformat(timespec="microseconds")


def _shuffled(rng: random.Random, frame: pd.DataFrame) -> pd.DataFrame:
    order = list(range(len(frame)))
    rng.shuffle(order)
    return frame.iloc[order].reset_index(drop=True)


def rows_of(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows as plain values: None where missing, blank texts too; times in UTC epoch microseconds."""
    plain = frame.astype("object").where(frame.notna(), None)
    for row in plain.to_dict("records"):
        yield {str(name): _fact(str(name), value) for name, value in row.items()}


def _fact(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return None if not value.strip(LOADER_BLANKS) else _read(value) if name in _TEXT_TIMES else value
    return (
        (value - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(1, unit="us") if isinstance(value, pd.Timestamp) else value
    )


def _read(text: str) -> int:
    return (dt.datetime.fromisoformat(text) - _EPOCH) // dt.timedelta(microseconds=1)


def read_as(text: str | None, kind: str) -> Fact:
    """A value of the table of changes as the loader reads a column of that kind."""
    if text is None or not text.strip(LOADER_BLANKS):
        return None
    return {"text": str, "number": lambda plain: float(plain) + 0.0, "boolean": "true".__eq__, "time": _read}[kind](
        text
    )


__all__ = ["Frames", "Past", "pasts", "random_past", "read_as", "rows_of"]
