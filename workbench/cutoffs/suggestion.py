"""From a scene and a wish to one suggested threshold, in numbers and in words."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.cutoffs.capacity import LATELY, Worked, kept, lately, worked
from workbench.cutoffs.choice import LEAST, Choice, by_capacity, by_precision, by_recall, by_value
from workbench.cutoffs.cutoff import Cutoff, Verdict
from workbench.cutoffs.gain import Gain, gain_of
from workbench.cutoffs.load import Load, load_of
from workbench.cutoffs.queue import Service
from workbench.cutoffs.reaching import ALWAYS, moved, tiers_of
from workbench.cutoffs.scene import Scene
from workbench.cutoffs.wanted import Wanted
from workbench.cutoffs.words import counted, finding, percent, points
from workbench.errors import CallError
from workbench.metrics.intervals import wilson
from workbench.model import Model

Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]
SERVICE = ["which", "leads_a_week", "lately_a_week", "in_time"]
SERVICE += ["longest_wait_days", "most_waiting", "waiting_at_end", "idle"]
GROWN = 1.15
"""Times the average of all weeks from which the last weeks are told apart."""
WEEKS = ["which", "stretch", "week", "arrivals", "worked", "waiting", "idle", "longest_wait_days"]


def suggestion(
    scene: Scene, wanted: Wanted, allowed: Booleans, service: Service, taken: Booleans | None
) -> tuple[Cutoff, dict[str, Any] | None]:
    """One suggestion, and what its load was counted from (None unless by capacity).

    Args:
        scene: what is chosen among.
        wanted: the way, with its target filled in.
        allowed: (C,) thresholds that may be chosen.
        service: what a queue must keep.
        taken: those of `scene.coming` who are worked in another queue.
    """
    load = _load(scene, service, taken) if wanted.by == "capacity" else None
    recent = _recent(scene, wanted, allowed, service, load)
    choice = _chosen(scene, wanted, allowed, service, load, recent)
    nothing = choice.at is None or (wanted.by == "value" and choice.objective[choice.at] <= 0)
    at = None if nothing else choice.at
    service_frame, weeks = _queues(scene, at, wanted, service, taken)
    gain = gain_of(scene, at, allowed) if wanted.by == "value" and at is not None else Gain()
    figures = scene.figures(at)
    model, others = _changed(scene, at)
    notes = [
        *_notes(scene, load, at),
        *([f"Moved with it to keep the order of tiers: {', '.join(others)}."] if others else []),
        *_below_it(scene, model, at),
    ]
    if at is not None and not allowed.all() and at == int(np.flatnonzero(allowed)[-1]):
        notes.append("It is as high as the tier above it lets it be.")
    if load is not None and at and choice.objective[at - 1] >= service.share:
        weeks_ahead = service.weeks or load.weeks
        notes.append(
            f"At {float(scene.cuts[at - 1]) / 1000:g} as many would be worked in time, but at the end of "
            f"{'the data' if len(load.stretches) == 1 else 'a stretch'} more would wait than can be worked in "
            f"{weeks_ahead} week{'' if weeks_ahead == 1 else 's'}."
        )
    lately_from = float("nan") if recent is None else float(scene.cuts[recent]) / 1000
    notes.extend(_growth(service_frame, lately_from))
    numbers = _numbers(scene, choice, at)
    found = Cutoff(
        by=wanted.by,
        tier=scene.tier,
        target=float("nan") if wanted.target is None else wanted.target,
        current=scene.current,
        **numbers,
        recent=lately_from,
        counted="" if load is None else counted(scene.seen.plan, scene.tier),
        optimism=choice.optimism if at is not None else float("nan"),
        gain=gain.value,
        gain_low=gain.low,
        gain_high=gain.high,
        verdict=_verdict(gain, scene),
        method=choice.method,
        finding="",
        notes=tuple(notes),
        curve=_curve(scene, choice),
        figures=figures,
        service=service_frame,
        weeks=weeks,
        model=model,
    )
    return _worded(found, scene, choice), None if load is None else dict(load.about)


def _worded(found: Cutoff, scene: Scene, choice: Choice) -> Cutoff:
    values = dict(vars(found))
    values["finding"] = finding(found, base_rate=scene.ground.rate, ranks=scene.ranks, best=_best(choice))
    return Cutoff(**values)


def _best(choice: Choice) -> float:
    """The best that any threshold reaches of what was asked for."""
    known = choice.objective[np.isfinite(choice.objective)]
    return float(known.max()) if len(known) else float("nan")


def _chosen(
    scene: Scene, wanted: Wanted, allowed: Booleans, service: Service, load: Load | None, recent: int | None
) -> Choice:
    if not len(scene.cuts) or not allowed.any():
        nothing = np.full(len(scene.cuts), np.nan)
        none = np.zeros(len(scene.cuts), dtype=bool)
        return Choice(None, nothing, nothing, nothing, none, None, None, float("nan"), "nobody has a score to cut at")
    if load is not None and wanted.target is not None:
        return by_capacity(kept(load, wanted.target, service, seed=scene.seen.plan.seed), allowed, recent=recent)
    if wanted.by == "value":
        return by_value(scene.ground, allowed)
    assert wanted.target is not None  # noqa: S101  (filled in before)
    choose = by_precision if wanted.by == "precision" else by_recall
    return choose(scene.ground, wanted.target, allowed)


def _load(scene: Scene, service: Service, taken: Booleans | None) -> Load:
    cell = scene.cell if taken is None else np.where(taken, 0, scene.cell)
    load = _counted(scene, cell)
    if service.order == "best_first" and not load.single:
        raise CallError.at(
            "service.order",
            expected="first_in where leads are observed several times, since their scores rise while they wait",
            found="'best_first'",
            remedy="Use first_in, or a plan that observes each lead once.",
        )
    return load


def _counted(scene: Scene, cell: Integers) -> Load:
    return load_of(scene.coming, cell, len(scene.cuts), whole_weeks=scene.coming is not scene.seen)


def _recent(scene: Scene, wanted: Wanted, allowed: Booleans, service: Service, load: Load | None) -> int | None:
    """Position of the threshold that the last weeks alone would ask for."""
    if load is None or wanted.target is None or not len(scene.cuts):
        return None
    at = lately(load, wanted.target, service)
    return None if at is None or not allowed[at] else at


def _queues(
    scene: Scene, at: int | None, wanted: Wanted, service: Service, taken: Booleans | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The queue today and with the suggestion."""
    rows: list[list[Any]] = []
    frames: list[pd.DataFrame] = []
    if wanted.by == "capacity" and wanted.target is not None and len(scene.cuts):
        suggested = None if at is None else scene.coming_keys >= scene.cuts[at]
        for which, reached in (("current", scene.coming_now), ("suggested", suggested)):
            if reached is None:
                continue
            mine = reached if taken is None else reached & ~taken
            cell = np.where(mine, np.maximum(scene.cell, 1), 0)
            found = worked(_counted(scene, cell), 0, wanted.target, service)
            rows.append(_row(which, found))
            frames.append(found.weeks.assign(which=which)[WEEKS])
    weeks = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=WEEKS)
    return pd.DataFrame(rows, columns=SERVICE), weeks


def _row(which: str, found: Worked) -> list[Any]:
    return [which, found.a_week, found.lately, found.in_time, found.longest, found.most, found.waiting, found.idle]


def _changed(scene: Scene, at: int | None) -> tuple[Model | None, tuple[str, ...]]:
    if at is None or scene.tier is None:
        return None, ()
    return moved(scene.model, scene.seen, scene.tier, float(scene.cuts[at]) / 1000)


def _numbers(scene: Scene, choice: Choice, at: int | None) -> dict[str, float]:
    scores = scene.cuts / 1000

    def of(place: int | None) -> float:
        return float("nan") if place is None else float(scores[place])

    low, high = (None, None) if at is None or choice.interval is None else choice.interval
    from_, to = (None, None) if at is None or choice.region is None else choice.region
    ends = (choice.objective, choice.low, choice.high)
    value, below, above = (float("nan") if at is None else float(each[at]) for each in ends)
    return {
        "threshold": of(at),
        "low": of(low),
        "high": of(high),
        "region_low": of(from_),
        "region_high": of(to),
        "surely": of(choice.surely),
        "objective": value,
        "objective_low": below,
        "objective_high": above,
    }


def _curve(scene: Scene, choice: Choice) -> pd.DataFrame:
    frame = scene.ground.frame()
    ours = {
        "threshold": scene.cuts / 1000,
        "objective": choice.objective,
        "low": choice.low,
        "high": choice.high,
        "as_good": choice.as_good,
    }
    return pd.concat([pd.DataFrame(ours), frame], axis=1)


def _notes(scene: Scene, load: Load | None, at: int | None) -> list[str]:
    told = []
    always = int((scene.keys == ALWAYS).sum())
    if always and scene.tier is not None:
        who = "observation reaches" if always == 1 else "observations reach"
        told.append(f"{always:,} {who} {scene.tier} or a later tier wherever its cut is (minima, gates).")
    if at is not None and scene.ground.worth is not None:
        told.append(_marginal(scene, at))
    return told + ([] if load is None else _of_load(load, apart=scene.coming is not scene.seen))


def _below_it(scene: Scene, model: Model | None, at: int | None) -> list[str]:
    """Later tiers that begin lower, since their minima keep them apart: whom they take, this threshold cannot shed."""
    if model is None or at is None or scene.tier is None:
        return []
    tiers = tiers_of(model, scene.seen)
    later = tiers[[each.name for each in tiers].index(scene.tier) + 1 :]
    cut = scene.cuts[at] / 1000
    lower = [f"{each.name} from {float(each.from_):g}" for each in later if each.from_ is not None and each.from_ < cut]
    if not lower:
        return []
    text = (
        f"{scene.tier} then begins above {' and '.join(lower)}, which has minima of its own: whoever meets these is "
        f"counted as reaching {scene.tier} or better from there on. Move that cut too if fewer are wanted."
    )
    return [text]


def _marginal(scene: Scene, at: int) -> str:
    """The break-even rate, and what the leads just below the threshold convert at."""
    ground, worth = scene.ground, scene.ground.worth
    assert worth is not None  # noqa: S101  (asked for only with a value)
    won = ground.amount[ground.won]
    win = (float(won.mean()) if len(won) else 0.0) if worth.win == "amount" else float(worth.win)
    if not win:
        return "No win is worth anything on record: no contact breaks even."
    text = f"A contact breaks even at a precision of {percent(float(worth.contact_cost) / win)}"
    n = ground.counts[0] + ground.counts[1]
    below = np.cumsum(n[1 : at + 1][::-1])  # cell j holds those that reach threshold number j and not the next
    if not len(below) or below[-1] < LEAST:
        return f"{text}."
    from_ = at - int(np.argmax(below >= LEAST))
    of = slice(from_, at + 1)
    total, hits = int(n[of].sum()), int(ground.counts[1][of].sum())
    low, high = wilson(hits, total)
    first = float(scene.cuts[from_ - 1]) / 1000
    return (
        f"{text}; the {total:,} observations just below {float(scene.cuts[at]) / 1000:g} (from {first:g}) convert at "
        f"{percent(hits / total)} ({percent(float(low))} to {percent(float(high))})."
    )


def _growth(service: pd.DataFrame, recent: float) -> list[str]:
    """A note if lately more came than on average, which a threshold for all weeks together hides."""
    rows = service[(service["which"] == "suggested") & (service["lately_a_week"] > GROWN * service["leads_a_week"])]
    then = "begin higher" if math.isnan(recent) else f"begin at {points(recent)}"
    return [
        f"Lately more come: {row['lately_a_week']:.1f} a week in the last {LATELY} weeks, {row['leads_a_week']:.1f} on "
        f"average. If that lasts, {then}."
        for row in rows.to_dict("records")
    ]


def _of_load(load: Load, *, apart: bool) -> list[str]:
    about = load.about
    n, weeks, gaps = about["observations"], about["weeks"], about["left_out_in_gaps"]
    if apart:
        after = about["after_the_last_week"]
        rest = (
            f" {after:,} in the unfinished week at the end {'is' if after == 1 else 'are'} left out." if after else ""
        )
        return [
            (
                f"Arrivals are all {n - after:,} of the history in one unbroken queue of {weeks} weeks: those of the "
                "sealed part, in the gaps of the split and too young to be judged count too, since an arrival is no "
                f"outcome.{rest} Nothing is scaled."
            )
        ]
    told = [f"Arrivals are those of all {n:,} observations over {weeks} weeks, sealed ones too, and nothing is scaled."]
    if gaps:
        told.append(
            f"{gaps:,} came in the gaps of the split: those weeks are left out, and each of the "
            f"{about['stretches']} stretches begins with nobody waiting. Pass the history for one unbroken queue."
        )
    return told


def _verdict(gain: Gain, scene: Scene) -> Verdict:
    """A gain is claimed only where the score orders leads at all: else calling more of them is no better cut."""
    if gain.verdict == "better" and not scene.ranks:
        return "not enough evidence"
    return gain.verdict
