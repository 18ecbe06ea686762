"""Half-lives and windows: what every value of one number of days would do, and which the data cannot tell apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.backtesting import Candidates
from workbench.backtesting.candidate import Placed
from workbench.backtesting.document import records
from workbench.errors import CallError, listed
from workbench.model import Model
from workbench.observation import Observations, Weights
from workbench.observation.split import ALL, TRAIN, VALIDATION
from workbench.searching import objective_named
from workbench.suggesting.judge import Judge
from workbench.suggesting.suggestion import objective_words
from workbench.tuning import knobs
from workbench.tuning.edit import edited, value_at

FORMAT = "lead-scoring-profile/1"
DAYS = (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 180, 365)
"""Values that are tried where none are named, beside the model's own."""
KINDS = ("half_life", "window")


@dataclass(frozen=True, eq=False)
class Profile:
    """What each value of one number of days would do.

    Attributes:
        model: whose.
        path: of the number.
        objective: as of `tune`.
        part: whose outcomes are looked at.
        now, best: the model's value, and that with the highest objective; None if the model has none.
        frame: one row for each value: value (days), objective, gain (less the present value's), low, high, verdict
            (95 %, paired, against the present), short (less the best one's, 0 or below), as_good (whether the data
            cannot tell it from the best), validation_gain, validation_low, validation_high.
        warnings: what a reader must know.
    """

    model: Model
    path: str
    objective: str
    part: str
    now: int
    best: int
    frame: pd.DataFrame
    warnings: tuple[str, ...]

    @property
    def as_good(self) -> tuple[int, ...]:
        """Values, ascending, that the data cannot tell from the best."""
        return tuple(int(value) for value in self.frame.loc[self.frame["as_good"], "value"])

    @property
    def headline(self) -> str:
        """The result in a sentence."""
        good = self.as_good
        words = objective_words(self.objective)
        if len(good) == len(self.frame):
            return f"{self.path}: the data cannot tell {good[0]} to {good[-1]} days apart by {words}; keep {self.now}."
        span = f"{good[0]} days" if len(good) == 1 else f"{good[0]} to {good[-1]} days"
        if self.now in good:
            return f"{self.path}: {self.now} days is as good as any by {words}; so are those from {span}."
        return f"{self.path}: {self.now} days does worse on {self.part} by {words} than {self.best}; as good: {span}."

    def to_document(self) -> dict[str, Any]:
        """The whole result as plain data."""
        return {
            "format": FORMAT,
            "headline": self.headline,
            "model": {"name": self.model.name, "version": self.model.version},
            "path": self.path,
            "objective": self.objective,
            "part": self.part,
            "now": self.now,
            "best": self.best,
            "as_good": list(self.as_good),
            "frame": records(self.frame),
            "warnings": list(self.warnings),
        }


def _quiet(step: str) -> None:
    """Tell nobody."""


def profile(
    model: Model,
    seen: Observations,
    path: str,
    *,
    values: Sequence[int] | None = None,
    objective: str = "auc",
    progress: Callable[[str], None] = _quiet,
) -> Profile:
    """What each value of a half-life or window would do on train; all else of the model stays.

    Half-lives follow whatever was observed; windows follow observations made with `tunable=True`. A value is as good as
    the best where the paired 95 % interval of their difference holds 0, so with few leads many are; nothing is said of
    values between those tried.

    Args:
        model: the model.
        seen: observations of it.
        path: of a number of days, such as `rules.pricing.decay.half_life` or `rules.opens.each.within`; the id of a
            rule where it has a single one.
        values: days to try; by default some from 1 to 365. The model's own is always among them.
        objective: as of `tune`.
        progress: called with one line for each value.

    Raises:
        CallError: if the path leads to no number of days, a value is below 1, or the objective is unknown.
        NotObserved: if these observations cannot follow.
    """
    path = _path(model, seen, path)
    now = int(value_at(model.plain(), path))
    tried = sorted({now, *(DAYS if values is None else values)})
    if tried[0] < 1:
        raise CallError.at("values", expected="days of at least 1", found=str(tried[0]), remedy="Leave it out.")
    judge_of = objective_named(objective, plan=seen.plan, seen=seen)
    parts = [TRAIN if seen.split else ALL]
    if VALIDATION in seen.parts and seen.rows(VALIDATION).stop > seen.rows(VALIDATION).start:
        parts.append(VALIDATION)
    judges = {part: Judge(model, seen.following(model), part, judge_of) for part in parts}
    placed: dict[int, dict[str, Placed]] = {}
    for value in tried:
        progress(f"{path}: {value} days")
        placed[value] = _placed(edited(model, {path: value}), seen, parts)
    return _profiled(model, path, objective, judges, placed, now)


def _placed(model: Model, seen: Observations, parts: list[str]) -> dict[str, Placed]:
    held = seen.following(model)
    return {part: Candidates(model, held, part=part).placed(Weights.of(model)) for part in parts}


def _profiled(
    model: Model, path: str, objective: str, judges: dict[str, Judge], placed: dict[int, dict[str, Placed]], now: int
) -> Profile:
    part, judge = next(iter(judges.items()))
    reached = {value: judge.value(each[part]) for value, each in placed.items()}
    best = max(reached, key=lambda value: (reached[value], -abs(value - now)))
    rows = []
    for value, each in placed.items():
        change = judge.difference(placed[now][part], each[part])
        behind = judge.difference(placed[best][part], each[part])
        row = {
            "value": value,
            "objective": reached[value],
            "gain": change.value,
            "low": change.low,
            "high": change.high,
            "verdict": judge.verdict(change),
            "short": behind.value,
            "as_good": bool(value == best or not behind.high < 0),
        }
        if VALIDATION in judges:
            later = judges[VALIDATION].difference(placed[now][VALIDATION], each[VALIDATION])
        row |= {
            f"validation_{name}": getattr(later, of) if VALIDATION in judges else float("nan")
            for name, of in (("gain", "value"), ("low", "low"), ("high", "high"))
        }
        rows.append(row)
    warnings = () if VALIDATION in judges else ("There is no validation part: all figures are of one part.",)
    return Profile(model, path, objective, part, now, best, pd.DataFrame(rows), warnings)


def _path(model: Model, seen: Observations, asked: str) -> str:
    """The path of a number of days."""
    found = [
        knob.path
        for section in knobs(model, seen)
        for knob in section.all_knobs
        if knob.kind in KINDS and knob.value is not None and not np.isnan(float(knob.value))
    ]
    if asked in found:
        return asked
    below = [path for path in found if path.startswith((f"rules.{asked}.", f"{asked}."))]
    if len(below) == 1:
        return below[0]
    raise CallError.at(
        asked,
        expected="the path of a half-life or window" + (", one of several of this rule" if below else ""),
        found="several" if below else "none there",
        remedy=f"Name one of {listed(below or found)}." if found else "The model has none.",
    )
