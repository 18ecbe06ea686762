"""A model's days: the past walked through day by day, each day seeing only what was known before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.document import plain, records
from workbench.backtesting.tiers import main_tier
from workbench.engine.lowered import DAY_US
from workbench.errors import CallError
from workbench.history import History
from workbench.model import Model
from workbench.observation.reading import first_times
from workbench.parsing import did_you_mean
from workbench.plan import Capacity, Plan
from workbench.replaying.days import Days
from workbench.replaying.following import Followed, Span, followed
from workbench.replaying.grid import Grid, Step, time_us
from workbench.replaying.headline import headline
from workbench.replaying.journal import NOT_YET, Journal
from workbench.replaying.queue import NOBODY, Queue, capacity_of, queue_frame
from workbench.replaying.staying import bounces_frame, causes_frame, stays_frame
from workbench.replaying.warning import Reached, reached_stage, warning_frame

FORMAT = "lead-scoring-replay/1"
MOST_DAYS = 180
WEEK = 7
OPPORTUNITY = "opportunity"
SEALED = "in the sealed test part, or its time"
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Replay:
    """What happened to leads, tiers and queue, moment by moment.

    A lead is followed at the first instant of each UTC day (or week) after its creation, until it was closed (the
    outcome or a stage of the plan's `closed` came before that instant), was `max_days` old, or the replay ends. At
    each instant it has the score and the tier of what was known before it. It is in a tier if it has this one or a
    higher one.

    Attributes:
        model_name, model_version, model: the model; `model` holds its digests.
        data: name and fingerprint of the history.
        plan: the plan.
        every, max_days: day or week; how old leads may become.
        since, until: what the figures are about, UTC; nothing at or after `until` is read.
        last_created: when the last lead was created, UTC. From then on nobody new comes, so that load and queue run
            dry for want of data: figures of the load are told up to the week of this moment, see `fed`.
        load_weeks: weeks from the day of `since` to the day of `last_created`, both included, in which leads are
            created: the span that `a_week` of every tier is about.
        tier: the tier whose queue is drawn; None without tiers.
        capacity: how many leads sales can work; None if that is not known.
        n: how many leads the figures are about: those created at or after `since`.
        moments: how many scores of leads were worked out.
        weeks: a row for each week (its Monday, UTC) and tier, lowest tier first: week, days (of the week within the
            replay), tier, reached (leads that reached it for the first time), again (came again after a fall), fell
            (fell below), inside (in it at the end of the week). Older leads than `since` count too.
        queue: a row a week of leads in the tier that nobody has worked yet: week, capacity, joined (came into the
            tier, for the first time or again, and had not been worked), worked, fell
            (below the tier, unworked), gone (closed, too old, or the replay ended, unworked), waiting and longest_days
            (at the end of the week, how many, and for how long the first of them). Empty without capacity.
        waits: what share of worked leads waited at most so long: days, worked, share. Empty without capacity.
        leads: a row for each lead and tier that it reached: lead_id, tier, first_reached (UTC), days (whole days from
            its creation), times (how often it reached it), worked (UTC; when the capacity let it be worked, for the
            queue's tier).
        warning: a row for each stage and tier, of leads that reached the stage while being followed: stage, tier, n,
            before (had reached the tier then), share_before, low, high (95 %), after (reached it later), never,
            quarter_days, median_days, median_low, median_high, three_quarter_days (whole days from reaching the tier
            to the stage, of those before; median with 95 % interval), others (leads that did not reach the stage),
            others_reached (of them, that reached the tier), share_others.
        stays: how long leads stay in a tier: tier, stays, fell, closed (stays that ended so), still (not over when
            last seen), median_days (Kaplan-Meier). Sealed leads are left out.
        bounces: by tier, of the leads created at or after `since`: tier, reached (leads that ever reached it), a_week
            (reached / load_weeks), fell, again (leads that fell and came again), share_again (of those that reached
            it), low, high (95 %), bounces (returns in all), most (of one lead), median_days_below.
        causes: at the falls that were made up for later, the rules that paid less than the moment before: tier, rule,
            falls, of (all such falls), share, mean_points (lost). Several rules may pay less at once.
        left_out: frame of about (replay, outcomes, or a stage), reason, n.
        warnings: what a reader of the result must know.
    """

    model_name: str
    model_version: int | None
    model: dict[str, str]
    data: dict[str, Any]
    plan: dict[str, Any]
    every: str
    max_days: int
    since: pd.Timestamp
    until: pd.Timestamp
    last_created: pd.Timestamp
    load_weeks: float
    tier: str | None
    capacity: Capacity | None
    n: int
    moments: int
    weeks: pd.DataFrame
    queue: pd.DataFrame
    waits: pd.DataFrame
    leads: pd.DataFrame
    warning: pd.DataFrame
    stays: pd.DataFrame
    bounces: pd.DataFrame
    causes: pd.DataFrame
    left_out: pd.DataFrame
    warnings: tuple[str, ...]

    @property
    def headline(self) -> str:
        """The result in one sentence."""
        return headline(self.tier, self.bounces, self.warning, self.fed(self.queue), self.capacity)

    def fed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of `weeks` or `queue` as long as leads are created: up to the week of `last_created`."""
        return frame[frame["week"] <= self.last_created] if len(frame) else frame

    def to_document(self) -> dict[str, Any]:
        """The whole result as plain data; undefined numbers are null, the frames are lists of records."""
        frames = ("weeks", "queue", "waits", "leads", "warning", "stays", "bounces", "causes", "left_out")
        return {
            "format": FORMAT,
            "headline": self.headline,
            "model": {"name": self.model_name, "version": self.model_version, **self.model},
            "data": dict(self.data),
            "plan": dict(self.plan),
            "every": self.every,
            "max_days": self.max_days,
            "since": plain(self.since),
            "until": plain(self.until),
            "last_created": plain(self.last_created),
            "load_weeks": self.load_weeks,
            "tier": self.tier,
            "capacity": None if self.capacity is None else self.capacity.model_dump(mode="json"),
            "n": self.n,
            "moments": self.moments,
            **{name: records(getattr(self, name)) for name in frames},
            "warnings": list(self.warnings),
        }


def _quiet(_: str) -> None:
    return None


def replay(
    model: Model,
    history: History,
    plan: Plan,
    *,
    since: str | dt.datetime | dt.date | None = None,
    until: str | dt.datetime | dt.date | None = None,
    every: Step = "day",
    tier: str | None = None,
    capacity: Capacity | str | None = None,
    stages: Sequence[str] | None = None,
    max_days: int = MOST_DAYS,
    progress: Callable[[str], None] = _quiet,
) -> Replay:
    """Walk through the past day by day, each day seeing only what was known before it.

    Args:
        model: the model.
        history: the loaded past; its leads must have dates.
        plan: the outcome and the stages that close a lead, the population (a lead outside of it is in no tier then),
            the split (outcomes of its test part stay sealed) and the capacity. Its `at` is not used.
        since: figures are about leads created from then on, and about the load from then on.
        until: nothing at or after this moment is read; by default the end of the data.
        every: how often leads are scored: day or week (Mondays).
        tier: whose queue is drawn; by default the plan's, or the first tier above the lowest.
        capacity: how many leads sales can work, such as 15/week; by default the plan's.
        stages: before which stages to count days of warning; by default `opportunity`, if there is one, and the
            outcome.
        max_days: how many days from its creation a lead is followed at most.
        progress: called with one line for each step.

    Raises:
        ModelError: if the model asks for what the history does not have.
        PlanError: if the plan is not about leads with dates, or does not fit the history.
        CallError: if an argument is wrong, or nobody is left to follow.
    """
    if max_days < 1:
        raise CallError.at("max_days", expected="1 or more", found=str(max_days), remedy="Follow leads longer.")
    main = _tier(model, plan, tier)
    able = capacity_of(capacity) if isinstance(capacity, str) else capacity or plan.capacity
    until_us = _until(history, until)
    progress("Finding who is followed, and when")
    leads = followed(history, plan, Span(Grid.of(every), until_us, max_days))
    asked = _stages(history, plan, stages)
    since_us = _since(leads, since, until_us)
    days = Days(model, history, plan, leads)
    names = [each.name for each in model.tiers]
    journal = Journal(leads, len(names))
    queue = None if able is None or main is None else Queue(leads, able)
    walk(days, journal, queue, names.index(main) if main is not None else 0, progress)
    progress("Adding up")
    shown = leads.created_us >= since_us
    open_ = shown & ~leads.sealed
    times = {stage: first_times(history, "stages", leads.number, [stage]) for stage in asked}
    found = [reached_stage(stage, at_us, leads, open_, until_us) for stage, at_us in times.items()]
    stays = journal.stays()
    at = np.flatnonzero(shown)
    last_us = int(leads.created_us.max())
    load_weeks = (last_us // DAY_US - since_us // DAY_US + 1) / WEEK
    bounces = bounces_frame(stays, journal, at, names)
    bounces.insert(2, "a_week", bounces["reached"] / load_weeks)
    return Replay(
        model_name=model.name,
        model_version=model.version,
        model={"scoring_digest": model.scoring_digest, "document_digest": model.document_digest},
        data={"name": history.name, "fingerprint": history.fingerprint},
        plan=plan.plain(),
        every=every,
        max_days=max_days,
        since=_time(since_us),
        until=_time(until_us),
        last_created=_time(last_us),
        load_weeks=load_weeks,
        tier=main,
        capacity=able if queue is not None else None,
        n=int(shown.sum()),
        moments=days.total,
        weeks=_weeks(journal, names, since_us),
        queue=_queue(queue, leads, since_us),
        waits=_waits(queue),
        leads=_leads(journal, queue, shown, names, main),
        warning=warning_frame(found, journal.first, leads, names),
        stays=stays_frame(stays[stays["lead"].isin(at)], leads, names),
        bounces=bounces,
        causes=causes_frame(stays, days, at, names),
        left_out=_left_out(leads, shown, found),
        warnings=_warnings(history, days, leads),
    )


def walk(days: Days, journal: Journal, queue: Queue | None, main: int, progress: Callable[[str], None]) -> None:
    """Score every moment, in order of time, and write it into the journal and the queue."""
    for block in days.blocks(progress):
        order = np.lexsort((block.lead, block.at))
        lead, at, rank, milli = (values[order] for values in (block.lead, block.at, block.rank, block.milli))
        moments, starts = np.unique(at, return_index=True)
        for moment, start, stop in zip(moments.tolist(), starts, [*starts[1:], len(at)], strict=True):
            journal.write(moment, lead[start:stop], rank[start:stop])
            if queue is not None:
                inside = start + np.flatnonzero(rank[start:stop] >= main)
                queue.write(moment, lead[inside], rank[inside], milli[inside])


# --- what was asked ---------------------------------------------------------------------------------------------------


def _tier(model: Model, plan: Plan, tier: str | None) -> str | None:
    names = [each.name for each in model.tiers]
    if tier is None:
        return main_tier(model.name, model.tiers, plan)
    if tier not in names:
        raise CallError.at(
            "tier", expected=f"a tier of {model.name}", found=repr(tier), remedy=did_you_mean(tier, names)
        )
    return tier


def _until(history: History, until: str | dt.datetime | dt.date | None) -> int:
    end = history.until_us or 0
    return end if until is None else min(end, time_us("until", until))


def _since(leads: Followed, since: str | dt.datetime | dt.date | None, until_us: int) -> int:
    if since is None:
        return int(leads.created_us.min())
    found = time_us("since", since)
    if not (leads.created_us >= found).any() or found >= until_us:
        raise CallError.at(
            "since",
            expected="a moment after which leads were created",
            found=str(since),
            remedy="Choose an earlier one.",
        )
    return found


def _stages(history: History, plan: Plan, stages: Sequence[str] | None) -> list[str]:
    if stages is None:
        return [stage for stage in (OPPORTUNITY, plan.outcome or "") if stage in history.stages]
    for stage in stages:
        if stage not in history.stages:
            remedy = did_you_mean(stage, history.stages)
            raise CallError.at("stages", expected="a stage of the history", found=repr(stage), remedy=remedy)
    return list(dict.fromkeys(stages))


# --- frames -----------------------------------------------------------------------------------------------------------


def _time(at_us: int) -> pd.Timestamp:
    return pd.Timestamp(at_us, unit="us", tz="UTC")


def _mondays(leads: Followed, numbers: Integers) -> pd.Series:
    """The Monday of the week that each moment is in."""
    times = pd.Series(leads.grid.times(numbers))
    return times - pd.to_timedelta(times.dt.day_of_week, unit="D")


def _shown(leads: Followed, start: int, size: int, since_us: int) -> tuple[slice, pd.Series]:
    """Which moments from `start` on lie at or after `since`, and their weeks."""
    numbers = np.arange(start, start + size)
    at = slice(int(np.searchsorted(leads.grid.us(numbers), since_us)), size)
    return at, _mondays(leads, numbers[at])


def _weeks(journal: Journal, tiers: Sequence[str], since_us: int) -> pd.DataFrame:
    leads = journal.leads
    at, week = _shown(leads, journal.start, len(journal.counts), since_us)
    names = ["reached", "again", "fell", "inside"]
    parts = []
    for rank, name in enumerate(tiers):
        counts = pd.DataFrame(journal.counts[at, rank], columns=names).groupby(week.to_numpy(), sort=True)
        frame = counts[names[:3]].sum().join(counts[names[3:]].last())
        frame.insert(0, "days", counts.size() * leads.grid.days)
        frame.insert(1, "tier", name)
        parts.append(frame.rename_axis("week").reset_index())
    columns = ["week", "days", "tier", *names]
    if not parts:
        return pd.DataFrame(columns=columns)
    frame = pd.concat(parts, ignore_index=True)
    frame["week"] = pd.to_datetime(frame["week"], utc=True)
    order = np.lexsort((np.repeat(np.arange(len(parts)), len(parts[0])), frame["week"].to_numpy()))
    return frame.take(order).reset_index(drop=True)


def _queue(queue: Queue | None, leads: Followed, since_us: int) -> pd.DataFrame:
    if queue is None:
        columns = ["week", "capacity", "joined", "worked", "fell", "gone", "waiting", "longest_days"]
        return pd.DataFrame(columns=columns)
    at, week = _shown(leads, queue.start, len(queue.counts), since_us)
    frame = queue_frame(queue, at, week)
    frame["week"] = pd.to_datetime(frame["week"], utc=True)
    return frame


def _waits(queue: Queue | None) -> pd.DataFrame:
    if queue is None:
        return pd.DataFrame(columns=["days", "worked", "share"])
    days, n = np.unique(queue.waits, return_counts=True)
    return pd.DataFrame({"days": days, "worked": n, "share": np.cumsum(n) / max(int(n.sum()), 1)})


def _leads(
    journal: Journal, queue: Queue | None, shown: NDArray[np.bool_], tiers: Sequence[str], main: str | None
) -> pd.DataFrame:
    leads = journal.leads
    at, rank = np.nonzero((journal.first != NOT_YET) & shown[:, None])
    first = journal.first[at, rank]
    names = np.array([*tiers, ""], dtype=object)[rank]
    worked = np.full(len(at), NOBODY) if queue is None else np.where(names == main, queue.worked[at], NOBODY)
    reached_us = leads.grid.us(first)
    return pd.DataFrame(
        {
            "lead_id": leads.lead_id[at],
            "tier": names,
            "first_reached": pd.to_datetime(reached_us, unit="us", utc=True),
            "days": (reached_us - leads.created_us[at]) // DAY_US,
            "times": journal.times[at, rank],
            "worked": pd.Series(leads.grid.times(worked)).where(worked != NOBODY),
        }
    )


def _left_out(leads: Followed, shown: NDArray[np.bool_], found: Sequence[Reached]) -> pd.DataFrame:
    rows: list[tuple[str, str, int]] = [("replay", reason, n) for reason, n in leads.left_out.items()]
    if not shown.all():
        rows.append(("replay", "created before 'since': counts for the load only", int((~shown).sum())))
    if (leads.sealed & shown).any():
        rows.append(("outcomes", SEALED, int((leads.sealed & shown).sum())))
    rows.extend((each.stage, reason, n) for each in found for reason, n in each.left_out.items())
    return pd.DataFrame(rows, columns=["about", "reason", "n"]).astype({"n": "int64"})


def _warnings(history: History, days: Days, leads: Followed) -> tuple[str, ...]:
    told_ = list(leads.notes)
    if days.loose:
        told_.append(f"In use although it is not known when their values were known: {', '.join(days.loose)}.")
    if not history.until_given:
        told_.append("The mapping does not say where the data ends ('until'); the latest time seen is taken for it.")
    return tuple(told_)
