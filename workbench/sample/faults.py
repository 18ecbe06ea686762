"""The dirty rows planted in the made-up history, few enough for the loader's budget."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from workbench.sample.catalogue import REGIONS, SOURCES
from workbench.sample.outcome import Fate
from workbench.sample.tables import Table, text
from workbench.sample.world import DAY_US, UNTIL_US, Integers, stream

_UNREADABLE = ("31/02/2025 25:61", "not set", "2025-13-40T10:00:00Z")


def share(rows: int, per_million: int) -> int:
    """How many rows to plant among so many; at least one."""
    return max(1, round(rows * per_million / 1_000_000))


def soil(tables: dict[str, Table], fate: Fate, seed: int) -> tuple[dict[str, Table], dict[str, int]]:
    """The tables with faulty rows added, and how many of each kind."""
    leads, in_leads = _soil_leads(tables["leads"], fate, seed)
    events, in_events = _soil_events(tables["events"], len(fate.log_odds), seed)
    stages, in_stages = _soil_stages(tables["stages"], seed)
    planted = {**in_leads, **in_events, **in_stages, **leaked(tables["leads"].frame, fate)}
    return tables | {"leads": leads, "events": events, "stages": stages}, planted


def leaked(leads: pd.DataFrame, fate: Fate) -> dict[str, int]:
    """How often the leaking fields hold what only the outcome explains."""
    won = fate.won_us >= 0
    noted = leads["sales_note_type"].notna().to_numpy()
    closing = leads["last_activity_type"].isin(["contract sent", "onboarding call"]).to_numpy()
    return {
        "sales_note_type filled, won": int((noted & won).sum()),
        "sales_note_type filled, not won": int((noted & ~won).sum()),
        "last_activity_type overwritten after won": int((closing & won).sum()),
        "days_in_crm frozen at won": int(won.sum()),
        "lifecycle_stage customer": int(won.sum()),
    }


def _soil_leads(table: Table, fate: Fate, seed: int) -> tuple[Table, dict[str, int]]:
    rng = stream(seed, "faulty leads")
    frame = table.frame
    n = len(frame)
    planted = {
        "leads repeated": share(n, 1600),
        "leads in conflict": share(n, 600),
        "leads with an unreadable time": share(n, 600),
        "leads after until": share(n, 400),
    }
    quiet = np.flatnonzero((fate.worked_us < 0) & (fate.opportunity_us < 0))
    counts = list(planted.values())
    repeated, clashing, broken, late = np.split(rng.choice(quiet, sum(counts), replace=False), np.cumsum(counts)[:-1])
    rows = np.sort(np.concatenate([np.arange(n), repeated, clashing]))
    again = np.r_[False, rows[1:] == rows[:-1]]
    rows, again = np.concatenate([rows, late]), np.concatenate([again, np.zeros(len(late), dtype=np.bool_)])
    dirty = frame.iloc[rows].reset_index(drop=True)
    clash = np.flatnonzero(again & np.isin(rows, clashing))
    _recode(dirty, "source", clash, SOURCES, rng)
    _recode(dirty, "region", clash, REGIONS, rng)
    bad = np.full(len(dirty), -1)
    bad[np.flatnonzero(np.isin(rows[: -len(late)], broken))] = np.arange(len(broken)) % len(_UNREADABLE)
    dirty["bad"] = text(bad, _UNREADABLE)
    tail = np.arange(len(dirty) - len(late), len(dirty))
    dirty.loc[tail, "lead"] = n + np.arange(len(late))
    dirty.loc[tail, "created"] = UNTIL_US + (1 + np.arange(len(late)) % 20) * DAY_US + 40_000_000_000
    return replace(table, frame=dirty), planted


def _recode(frame: pd.DataFrame, column: str, rows: Integers, names: tuple[str, ...], rng: Any) -> None:
    codes = frame[column].cat.codes.to_numpy().astype(np.int64).copy()
    codes[rows] = (codes[rows] + rng.integers(1, len(names), len(rows))) % len(names)
    frame[column] = text(codes, names)


def _soil_events(table: Table, leads: int, seed: int) -> tuple[Table, dict[str, int]]:
    rng = stream(seed, "faulty events")
    n = len(table.frame)
    planted = {
        "events of unknown leads": share(n, 700),
        "events without a time": share(n, 300),
        "events after until": share(n, 400),
    }
    unknown, timeless, late = planted.values()
    extra = table.frame.iloc[np.sort(rng.integers(0, n, unknown + timeless + late))].reset_index(drop=True)
    lead, at = extra["lead"].to_numpy().copy(), extra["at_us"].to_numpy().copy()
    lead[:unknown] = leads + 500 + rng.integers(0, 1 + unknown // 3, unknown)
    at[unknown : unknown + timeless] = -1
    at[unknown + timeless :] = UNTIL_US + rng.integers(0, 30 * DAY_US, late)
    return replace(table, frame=pd.concat([table.frame, extra.assign(lead=lead, at_us=at)], ignore_index=True)), planted


def _soil_stages(table: Table, seed: int) -> tuple[Table, dict[str, int]]:
    rng = stream(seed, "faulty stages")
    frame = table.frame
    marketing = np.flatnonzero((frame["stage"] == "mql").to_numpy())
    planted = {
        "stages with an unreadable time": share(len(frame), 500),
        "stages before creation": share(len(frame), 700),
        "stages after until": share(len(frame), 400),
    }
    counts = list(planted.values())
    broken, early, late = np.split(rng.choice(marketing, sum(counts), replace=False), np.cumsum(counts)[:-1])
    at = frame["at_us"].to_numpy().copy()
    at[early] -= 400 * DAY_US
    at[late] = UNTIL_US + rng.integers(0, 20 * DAY_US // 1_000_000, len(late)) * 1_000_000
    bad = np.full(len(frame), -1)
    bad[broken] = np.arange(len(broken)) % len(_UNREADABLE)
    return replace(table, frame=frame.assign(at_us=at, bad=text(bad, _UNREADABLE))), planted
