"""What a search for points came to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.backtesting.document import plain, records
from workbench.errors import CallError
from workbench.model import Model
from workbench.suggesting.constraints import Constraints
from workbench.tuning import Saved, Session
from workbench.tuning.edit import edited

FORMAT = "lead-scoring-suggestion/1"
CUT_SHORT = "The time was used up before the search was done: more seconds may find better points."
OBJECTIVES = {"auc": "AUC", "log_loss": "log loss (negative)", "value": "net value a lead"}


def objective_words(name: str) -> str:
    """An objective in words.

    >>> objective_words("auc"), objective_words("lift_10")
    ('AUC', 'lift at 10 %')
    """
    return OBJECTIVES.get(name) or f"lift at {name.removeprefix('lift_')} %"


@dataclass(frozen=True, eq=False)
class Suggestion:
    """Other points for the rules of a model, and how sure it is that they are better.

    Attributes:
        champion: the model that the search began from.
        model: with the recommended points; the champion itself where no change is recommended.
        recommended: how many numbers of points it changes.
        verdict: of the recommended points on unseen observations (validation; without a split held-out folds):
            better, worse, same, not enough evidence.
        objective: auc, log_loss (minus the loss), lift_<percent>, value (net value per observation).
        path: the best states found by number of changes, from 0: changes, edits (what it turns, in words), train,
            train_gain, cross_gain, cross_low, cross_high (mean gain on held-out folds of the part that was searched,
            95 %), cross_folds (without how many folds the search came to just this number of changes; where none, the
            figures are those of fewer), validation, validation_gain, validation_low, validation_high (95 %, paired,
            clustered), p (of the gain where it is judged, two-sided), p_holm (adjusted for all steps), verdict (of the
            recommended step its own, since it was named before validation was looked at; of the others as p_holm
            allows), optimism (train_gain - cross_gain), train_less_validation (train_gain - validation_gain),
            recommended.
        changes: what the recommended points change: rule, case, path, from, to (points), lost_without (train
            objective that is lost if this one is taken back), why (what outcomes say of it), n, rate, rate_without.
        optimism: of the recommended points train_gain, cross_gain, validation_gain, and what train promised more:
            over_cross, over_validation.
        edits: by number of changes, the values by path.
        constraints, seed: as given.
        tried: candidates judged.
        seconds: it took.
        warnings: what a reader must know.
        data, plan: which, for records.
        parts: the part that was searched, and that which judges (empty without a split).
        cut_short: whether the time was used up before the search was done.
    """

    champion: Model
    model: Model
    recommended: int
    verdict: str
    objective: str
    path: pd.DataFrame
    changes: pd.DataFrame
    optimism: Mapping[str, float]
    edits: Mapping[int, Mapping[str, float]]
    constraints: Constraints
    seed: int
    tried: int
    seconds: float
    warnings: tuple[str, ...]
    data: Mapping[str, Any]
    plan: Mapping[str, Any]
    parts: tuple[str, str]
    cut_short: bool = False

    @property
    def headline(self) -> str:
        """The result in a sentence; a gain is claimed only where unseen observations show it."""
        name = f"{self.champion.name} v{self.champion.version}"
        if not self.recommended:
            return self._kept(name)
        row = self.path.loc[self.path["changes"] == self.recommended].iloc[0]
        judged = "validation" if self.parts[1] else "cross"
        where = "validation" if self.parts[1] else "held-out folds"
        if math.isnan(row[f"{judged}_gain"]):
            return f"Not enough evidence: on {where} nobody converted, or everybody: nothing can be judged there."
        low, high = _number(row[f"{judged}_low"]), _number(row[f"{judged}_high"])
        words = objective_words(self.objective)
        by = f"{_number(row[f'{judged}_gain'])} ({low} to {high}) on {where}"
        what = f"{self.recommended} change{'s' * (self.recommended != 1)} of {name}"
        if self.verdict == "better":
            return f"{what} {'make' if self.recommended != 1 else 'makes'} it better: {words} {by}."
        if self.verdict == "worse":
            return f"Keep the points of {name}: {what}, {self.chosen}, would be worse: {words} {by}."
        return f"Not enough evidence that {what}, {self.chosen}, would do better: {words} {by}."

    def _kept(self, name: str) -> str:
        """Where no step is recommended."""
        most = int(self.path["changes"].max()) if len(self.path) else 0
        kept = f"Keep the points of {name}"
        if not most and self.cut_short:
            return f"{kept}: the time was used up before any that do better were found."
        if not most:
            return f"{kept}: under these constraints no other points found do better even on train."
        better = int((self.path["verdict"] == "better").sum())
        if better:
            shown = f"{better} of {len(self.path) - 1} steps looked at {'does' if better == 1 else 'do'} better"
            return f"{kept}: not enough evidence on held-out folds of {self.parts[0]}, though on validation {shown}."
        return (
            f"{kept}: not enough evidence that any change of up to {most} number{'s' * (most != 1)} of points does "
            "better on leads that the search has not seen."
        )

    @property
    def chosen(self) -> str:
        """How the recommended step is to be called where unseen observations do not confirm it."""
        return f"chosen on {self.parts[0]}" if self.parts[1] else "chosen on held-out folds"

    @property
    def gain_shown(self) -> bool:
        """Whether unseen observations show that the recommended points are better."""
        return bool(self.recommended) and self.verdict == "better"

    def at(self, changes: int) -> Model:
        """The best model found with this many changes.

        Raises:
            CallError: if the path has no such step.
        """
        if changes not in self.edits:
            raise CallError.at(
                "changes",
                expected=f"one of {', '.join(map(str, self.edits))}",
                found=str(changes),
                remedy="Choose a number of changes that the path has.",
            )
        return edited(self.champion, self.edits[changes]) if self.edits[changes] else self.champion

    def save(
        self, path: str | Path, *, changes: int | None = None, replace: bool = False, name: str | None = None
    ) -> Saved:
        """Write the candidate as a model file, as `Session.save` does: a version higher, with the champion's comments.

        Args:
            path: the file.
            changes: a step of the path; by default the recommended one.
            replace: overwrite a file that is there.
            name: of the model; by default the champion's.

        Raises:
            CallError: if the path has no such step, the step changes nothing, or the file cannot be written.
        """
        size = self.recommended if changes is None else changes
        self.at(size)
        if not self.edits[size]:
            remedy = "Keep the champion, or name a step of the path."
            raise CallError.at(str(path), expected="points that differ", found="the champion's own", remedy=remedy)
        session = Session(self.champion)
        session.set(self.edits[size])
        return session.save(path, replace=replace, name=name)

    def to_document(self) -> dict[str, Any]:
        """The whole result as plain data; undefined numbers are null, frames are lists of records."""
        return {
            "format": FORMAT,
            "headline": self.headline,
            "champion": {"name": self.champion.name, "version": self.champion.version},
            "objective": self.objective,
            "recommended": self.recommended,
            "verdict": self.verdict,
            "gain_shown": self.gain_shown,
            "cut_short": self.cut_short,
            "parts": {"searched": self.parts[0], "judged": self.parts[1] or None},
            "path": records(self.path),
            "changes": records(self.changes),
            "optimism": {name: plain(value) for name, value in self.optimism.items()},
            "edits": {str(size): dict(edits) for size, edits in self.edits.items()},
            "model": self.model.plain(),
            "constraints": self.constraints.plain(),
            "seed": self.seed,
            "tried": self.tried,
            "seconds": plain(round(self.seconds, 3)),
            "data": dict(self.data),
            "plan": dict(self.plan),
            "warnings": list(self.warnings),
        }


def _number(value: float) -> str:
    """A difference with its sign, to four digits behind the point or to units where it is large."""
    return (f"{value:+.4f}" if abs(value) < 10 else f"{value:+,.0f}").replace("-", "−")
