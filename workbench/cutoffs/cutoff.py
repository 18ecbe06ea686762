"""What `suggest_thresholds` returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from workbench.backtesting.document import plain, records
from workbench.cutoffs.wanted import By
from workbench.errors import CallError
from workbench.model import Model

FORMAT = "lead-scoring-thresholds/1"
Verdict = Literal["better", "worse", "not enough evidence", "same", ""]


@dataclass(frozen=True)
class Cutoff:
    """One suggested threshold.

    Scores are in points, rates and shares in 0..1, intervals at 95 %; NaN where undefined or where none is found.
    Frames and their columns:

        curve    threshold, objective, low, high, as_good, n, share, converted, precision (+_low, _high),
                 recall (+_low, _high), value (+_low, _high); by ascending threshold, on the part that was chosen on.
                 `as_good`: the data cannot tell this threshold from the best (value), or cannot tell whether it meets
                 the target (the others).
        figures  which (current, suggested), part, threshold, n, share, converted, precision (+_low, _high),
                 recall (+_low, _high), value (+_low, _high), value_each; the same on the part that was chosen on and
                 on the one that judges
        service  which (current, suggested), leads_a_week, lately_a_week (the last 8 whole weeks), in_time,
                 longest_wait_days, most_waiting, waiting_at_end, idle (share of the capacity); empty unless by capacity
        weeks    which, stretch, week (its Monday, UTC), arrivals, worked, waiting, idle, longest_wait_days; empty
                 unless by capacity

    Attributes:
        by: the way it was chosen.
        tier: whose cut it is; None if the score alone decides.
        target: leads a week, or the precision or recall to be met; NaN for value.
        current: the tier's cut in the model as it is.
        threshold: the suggestion; NaN where none meets what was asked.
        low, high: interval of the threshold.
        region_low, region_high: the run of thresholds around the suggestion in which the choice hardly matters.
        recent: by capacity, the threshold that the load of the last 8 weeks alone would ask for; NaN where there is
            none, or fewer than 17 weeks in a row.
        counted: by capacity, whom the load counts, such as "leads that first reach MQL, as seen 14 days after
            creation".
        surely: the threshold at which the target is met beyond doubt; NaN where there is none, and for value.
        objective, objective_low, objective_high: what was to be met or made best, at the suggestion.
        optimism: by how much choosing flatters the objective on the part that was chosen on (bootstrap); NaN for
            capacity, which looks at no outcome.
        gain, gain_low, gain_high: net value of the suggestion less that of the current cut, on the judging part;
            NaN unless by value.
        verdict: of that gain.
        method: how the intervals were made.
        finding: the suggestion in a sentence.
        notes: what a reader must know.
        model: the model with this cut; None where there is none to suggest, or no tier to move.
    """

    by: By
    tier: str | None
    target: float
    current: float
    threshold: float
    low: float
    high: float
    region_low: float
    region_high: float
    surely: float
    recent: float
    counted: str
    objective: float
    objective_low: float
    objective_high: float
    optimism: float
    gain: float
    gain_low: float
    gain_high: float
    verdict: Verdict
    method: str
    finding: str
    notes: tuple[str, ...]
    curve: pd.DataFrame = field(repr=False)
    figures: pd.DataFrame = field(repr=False)
    service: pd.DataFrame = field(repr=False)
    weeks: pd.DataFrame = field(repr=False)
    model: Model | None = field(repr=False)

    def to_document(self) -> dict[str, Any]:
        """The suggestion as plain data."""
        frames = ("curve", "figures", "service", "weeks")
        numbers = {name: plain(value) for name, value in vars(self).items() if name not in {*frames, "model", "notes"}}
        return {
            **numbers,
            "notes": list(self.notes),
            **{name: records(getattr(self, name)) for name in frames},
            "model": None if self.model is None else {"scoring_digest": self.model.scoring_digest},
        }


@dataclass(frozen=True)
class Cutoffs:
    """Suggested thresholds, one for each way or each tier, and bands that really differ.

    Frames and their columns:

        bands  band, low, high (points; the last is open), n, converted, rate, rate_low, rate_high, p (that the rate is
               that of the band below, Holm-adjusted), falls (the rate is below that of the band below)

    Attributes:
        model_name, model_version: the model that was asked about.
        data, plan: as in a backtest.
        chosen_on: the part that thresholds were chosen on.
        judged_on: the part beside it that judges them; None without a split.
        jointly: whether the tiers' cuts were chosen together, so that `model` holds all of them.
        cutoffs: the suggestions.
        skipped: by way, why there is none.
        ranks: whether the score orders leads better than chance, on each part that was looked at.
        load: what arrivals were counted from: observations, leads, left_out, share, stretches, weeks.
        bands: see above.
        bands_finding: what the bands say, in a sentence.
        warnings: what a reader must know.
    """

    model_name: str
    model_version: int
    digests: Mapping[str, str]
    data: Mapping[str, Any]
    plan: Mapping[str, Any]
    chosen_on: str
    judged_on: str | None
    jointly: bool
    cutoffs: tuple[Cutoff, ...]
    skipped: Mapping[str, str]
    ranks: bool
    load: Mapping[str, Any]
    bands: pd.DataFrame
    bands_finding: str
    warnings: tuple[str, ...]
    joint_model: Model | None = field(repr=False)

    @property
    def headline(self) -> str:
        """The first finding in a sentence, the doubt first."""
        first = self.cutoffs[0].finding if self.cutoffs else "No threshold can be suggested."
        if self.ranks:
            return first
        start = first[0].lower() if first.startswith(("With ", "No ", "Net ", "The ")) else first[0]
        return f"Not enough evidence that the score orders leads better than chance; {start}{first[1:]}"

    @property
    def model(self) -> Model:
        """The model with the chosen cuts.

        Raises:
            CallError: if several ways were asked for, of which one must be named with `by(…)`; or if nothing was found.
        """
        if self.jointly and self.joint_model is not None:
            return self.joint_model
        if len(self.cutoffs) == 1:
            return self._usable(self.cutoffs[0])
        raise CallError.at(
            "model",
            expected="one way that the threshold was chosen by",
            found=", ".join(each.by for each in self.cutoffs) or "none",
            remedy="Name one, such as cutoffs.by('capacity').model." if self.cutoffs else "See `skipped`.",
        )

    def by(self, way: str, *, tier: str | None = None) -> Cutoff:
        """The suggestion of one way (and tier).

        Raises:
            CallError: if there is none.
        """
        for each in self.cutoffs:
            if each.by == way and tier in {None, each.tier}:
                return each
        raise CallError.at(
            "by",
            expected=f"one of {', '.join(each.by for each in self.cutoffs) or 'none'}",
            found=repr(way),
            remedy=self.skipped.get(way, "Name another way."),
        )

    @staticmethod
    def _usable(cutoff: Cutoff) -> Model:
        if cutoff.model is not None:
            return cutoff.model
        raise CallError.at(
            "model",
            expected="a threshold and a tier that takes it",
            found="none" if cutoff.tier else "a model whose tiers begin at no score",
            remedy=cutoff.finding,
        )

    @property
    def summary(self) -> pd.DataFrame:
        """One row a suggestion: its numbers, without the frames."""
        names = ["by", "tier", "target", "current", "threshold", "low", "high", "region_low", "region_high", "surely"]
        names += ["recent", "objective", "objective_low", "objective_high", "optimism", "gain", "gain_low", "gain_high"]
        return pd.DataFrame([{name: getattr(each, name) for name in [*names, "verdict"]} for each in self.cutoffs])

    def to_document(self) -> dict[str, Any]:
        """The whole result as plain data; undefined numbers are null, the frames are lists of records."""
        return {
            "format": FORMAT,
            "model": {"name": self.model_name, "version": self.model_version, **self.digests},
            "data": dict(self.data),
            "plan": dict(self.plan),
            "chosen_on": self.chosen_on,
            "judged_on": self.judged_on,
            "jointly": self.jointly,
            "headline": self.headline,
            "ranks": self.ranks,
            "load": {name: plain(value) for name, value in self.load.items()},
            "cutoffs": [each.to_document() for each in self.cutoffs],
            "skipped": dict(self.skipped),
            "bands": records(self.bands),
            "bands_finding": self.bands_finding,
            "warnings": list(self.warnings),
        }
