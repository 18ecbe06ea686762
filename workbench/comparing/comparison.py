"""The comparison: champion and challengers on the same observations, and what their differences say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from workbench.backtesting.document import plain, records
from workbench.comparing.contest import Contest
from workbench.comparing.entrant import Entrant
from workbench.comparing.figures import figures_frame
from workbench.comparing.resampled import AUC, CAPTURED, Resampled, choice
from workbench.comparing.slices import months_frame, segments_frame
from workbench.comparing.swaps import At, Kind, swapped_frame, swaps_frame
from workbench.comparing.tiers import tiers_frame
from workbench.comparing.wording import sentence
from workbench.errors import CallError
from workbench.metrics.intervals import normal_quantile
from workbench.model import Model
from workbench.observation import Observations
from workbench.observation.split import ALL, TEST, TRAIN, VALIDATION
from workbench.tuning.changes import Verdict

FORMAT = "lead-scoring-comparison/1"
FEW_CONVERTED = 50
LISTED = 20
"""Swapped leads that a document lists for each challenger and side."""
KINDS: tuple[Kind, ...] = ("in", "out")
FRAMES = ("figures", "tiers", "swaps", "segments", "months", "choice")


@dataclass(frozen=True)
class Comparison:
    """One champion and one or several challengers on one part of the observations.

    Rates and shares are in 0..1, scores in points, money in the plan's currency, intervals at `confidence`; NaN where
    undefined. A change is the challenger's figure less the champion's. `model` names the challenger. Verdicts are
    better, worse, same, or not enough evidence; in `tiers` empty where more converts are reached for more calls.

        figures   model, figure, unit, champion, challenger, change, low, high, method, verdict, adjusted_low,
                  adjusted_high, adjusted_verdict, leads_needed, months_needed
        tiers     model, tier, champion, challenger (how many reach it), only_champion_converted,
                  only_challenger_converted, only_champion_others, only_challenger_others, precision_champion,
                  precision_challenger, recall_champion, recall_challenger, p_converted, p_others, method, verdict
        swaps     model, at (capacity or tier), swap (in, out, both), n, converted, rate, rate_low, rate_high, amount
        segments  segment, value, model, figure, n, converted, champion, challenger, change, low, high, p, p_adjusted,
                  verdict; low and high are of each row alone, p_adjusted is q of all rows of a figure, and the verdict
                  goes by q. No interval with fewer than 30 observations, or 5 of either outcome
        months    month, and as segments
        choice    figure, unit, best, change, low, high, optimism, shrunk, verdict; empty for a single challenger

    `figures` are auc, lift_10, captured (conversions among as many leads for every model, see `capacity`) and value
    (what these earn less what calling them costs) if the plan says what a win is worth. `adjusted_` ends and verdicts
    hold for all challengers at once. `leads_needed` is how many more leads it would take to tell a difference of the
    size found with 80 % power, infinite where no realistic number would; 0 where it is told.

    Attributes:
        champion: its name.
        challengers: theirs.
        digests: by name the scoring digest of each model.
        data, plan, part: what was looked at.
        n, leads, converted: observations, distinct leads (or accounts), and how many observations converted.
        clustered: whether intervals are by cluster.
        capacity: how many leads each model chooses, in words.
        capacity_basis: plan, tier or top; see `workbench.comparing.capacity`.
        capacity_leads: how many.
        confidence: of intervals.
        warnings: what a reader must know.
    """

    champion: str
    challengers: tuple[str, ...]
    digests: Mapping[str, str]
    data: Mapping[str, Any]
    plan: Mapping[str, Any]
    part: str
    n: int
    leads: int
    converted: int
    clustered: bool
    capacity: str
    capacity_basis: str
    capacity_leads: float
    confidence: float
    warnings: tuple[str, ...]
    figures: pd.DataFrame
    tiers: pd.DataFrame
    swaps: pd.DataFrame
    segments: pd.DataFrame
    months: pd.DataFrame
    choice: pd.DataFrame
    contest: Contest = field(repr=False, compare=False)

    @property
    def several(self) -> bool:
        """Whether there are several challengers."""
        return len(self.challengers) > 1

    @property
    def best(self) -> str:
        """The challenger whose AUC is highest; of equals the first."""
        changes = self.figures[self.figures["figure"] == AUC].set_index("model")["change"]
        values = changes.reindex(list(self.challengers)).to_numpy(dtype=np.float64)
        return self.challengers[int(np.nanargmax(values))] if np.isfinite(values).any() else self.challengers[0]

    def verdict(self, challenger: str | None = None) -> Verdict:
        """What the AUC says of a challenger, by default of the best one; adjusted if there are several."""
        row = self._row(self._known(challenger), AUC)
        said: Verdict = row["adjusted_verdict" if self.several else "verdict"]
        return said

    @property
    def worse(self) -> tuple[str, ...]:
        """The challengers that rank worse or choose fewer conversions for sure."""
        key = "adjusted_verdict" if self.several else "verdict"
        of = self.figures[self.figures["figure"].isin([AUC, CAPTURED]) & (self.figures[key] == "worse")]
        return tuple(name for name in self.challengers if name in set(of["model"]))

    def sentence(self, challenger: str | None = None) -> str:
        """The verdict on a challenger in words, with its interval and what it would take to know more."""
        name = self._known(challenger)
        return sentence(
            self._row(name, AUC),
            self._row(name, CAPTURED),
            champion=self.champion,
            capacity=self.capacity,
            adjusted=self.several,
        )

    @property
    def headline(self) -> str:
        """The finding in a sentence or two; of several challengers about the one with the highest AUC."""
        if not self.several:
            return self.sentence()
        return f"Of {len(self.challengers)} challengers, adjusted for choosing the best: {self.sentence(self.best)}"

    def swapped(
        self, kind: Kind, *, challenger: str | None = None, at: At = "capacity", pseudonyms: bool = True
    ) -> pd.DataFrame:
        """The leads whom only one of the two models chooses.

        Args:
            kind: in: the challenger chooses them and the champion does not; out: the other way round.
            challenger: which; by default the one with the highest AUC.
            at: capacity (as many leads for either model) or tier (who reaches the main tier).
            pseudonyms: show names such as `anon-00042` in place of identifiers.

        Returns:
            Columns lead_id, account_id, as_of, champion_score, challenger_score, champion_tier, challenger_tier, share
            (below 1 for scores tied at the boundary), converted, amount; highest score first.

        Raises:
            CallError: for another kind, challenger or at.
        """
        if kind not in {"in", "out"} or at not in {"capacity", "tier"}:
            raise CallError.at(
                "swapped",
                expected="kind in or out, at capacity or tier",
                found=f"{kind!r}, {at!r}",
                remedy="Use one of these.",
            )
        name = self._known(challenger)
        return swapped_frame(self.contest, self._entrant(name), kind, at, pseudonyms=pseudonyms)

    def swapped_few(self, *, most: int = LISTED) -> dict[str, dict[str, dict[str, Any]]]:
        """The first leads whom only one of two models chooses at equal capacity, under pseudonyms, as plain data.

        Args:
            most: leads for each challenger and side, highest score first; `swapped` has them all.

        Returns:
            By challenger and side (in, out): n, how many there are, and leads, records with the columns of `swapped`.
        """
        found = {name: {kind: self.swapped(kind, challenger=name) for kind in KINDS} for name in self.challengers}
        return {
            name: {kind: {"n": len(frame), "leads": records(frame.head(most))} for kind, frame in sides.items()}
            for name, sides in found.items()
        }

    def to_document(self) -> dict[str, Any]:
        """The whole result as plain data; undefined and infinite numbers are null, frames are lists of records.

        `swapped` has the first `LISTED` leads for each challenger and side, see `swapped_few`.
        """
        return {
            "format": FORMAT,
            "champion": self.champion,
            "challengers": list(self.challengers),
            "digests": dict(self.digests),
            "data": dict(self.data),
            "plan": dict(self.plan),
            "part": self.part,
            "observed": {"n": self.n, "leads": self.leads, "converted": self.converted, "clustered": self.clustered},
            "capacity": {"basis": self.capacity_basis, "leads": plain(self.capacity_leads), "said": self.capacity},
            "confidence": self.confidence,
            "best": self.best,
            "headline": self.headline,
            "swapped": self.swapped_few(),
            "verdicts": {
                name: {"verdict": self.verdict(name), "said": self.sentence(name)} for name in self.challengers
            },
            **{name: records(getattr(self, name)) for name in FRAMES},
            "warnings": list(self.warnings),
        }

    def _row(self, challenger: str, figure: str) -> dict[str, Any]:
        found = self.figures[(self.figures["model"] == challenger) & (self.figures["figure"] == figure)]
        return {str(name): value for name, value in found.iloc[0].items()}

    def _known(self, challenger: str | None) -> str:
        name = self.best if challenger is None else challenger
        if name not in self.challengers:
            raise CallError.at(
                "challenger",
                expected=f"one of {', '.join(self.challengers)}",
                found=repr(name),
                remedy="Name one of these.",
            )
        return name

    def _entrant(self, name: str) -> Entrant:
        return self.contest.challengers[self.challengers.index(name)]


def compare(
    champion: Model,
    challengers: Model | Sequence[Model],
    seen: Observations,
    *,
    part: str | None = None,
    confidence: float = 0.95,
    draws: int = 2000,
) -> Comparison:
    """Set one or several challengers against a champion on the same observations.

    Differences of the AUC have the interval of DeLong, with clusters of Obuchowski, in closed form; lift, conversions
    and net value at equal capacity that of a paired bootstrap with the plan's seed, of clusters where there are any.
    Neither interval comes nearer to 0 than the variance without a difference allows (`workbench.metrics.null`).

    Args:
        champion: the model in force.
        challengers: those that may take its place.
        seen: observations that hold what all ask, or what it can be worked out from (`observe(…, tunable=True)`).
        part: train, validation, test (once opened) or all; by default validation, or all without a split.
        confidence: of intervals, two-sided, 0..1.
        draws: bootstrap replicates.

    Raises:
        NotObserved: if a model asks for evidence that is neither there nor to be worked out.
        ModelError: if accounts were observed and a model does not say how they are scored.
        PlanError: if the plan names a tier that a model does not have.
        CallError: if the part does not exist, is sealed or holds nobody, there is no challenger, or an argument is out
            of range.
    """
    normal_quantile(confidence)
    models = (challengers,) if isinstance(challengers, Model) else tuple(challengers)
    contest = Contest.of(champion, models, seen, part or seen.default_part, confidence)
    resampled = Resampled.of(contest, draws=draws, seed=seen.plan.seed)
    figures = figures_frame(contest, resampled)
    names = tuple(each.label for each in contest.challengers)
    entrants = (contest.champion, *contest.challengers)
    return Comparison(
        champion=contest.champion.label,
        challengers=names,
        digests={each.label: each.model.scoring_digest for each in entrants},
        data=dict(seen.data),
        plan=seen.plan.plain(),
        part=contest.part,
        n=contest.n,
        leads=len(set(seen.subjects.lead_id[contest.rows])),
        converted=contest.sample.n_won,
        clustered=contest.sample.clustered,
        capacity=contest.capacity.said,
        capacity_basis=contest.capacity.basis,
        capacity_leads=contest.capacity.leads,
        confidence=confidence,
        warnings=_warnings(contest),
        figures=figures,
        tiers=tiers_frame(contest),
        swaps=swaps_frame(contest),
        segments=segments_frame(contest),
        months=months_frame(contest),
        choice=choice(figures, resampled, names),
        contest=contest,
    )


def _warnings(contest: Contest) -> tuple[str, ...]:
    seen, part = contest.seen, contest.part
    found = list(seen.warnings)
    if contest.sample.n_won < FEW_CONVERTED:
        found.append(
            f"Only {contest.sample.n_won} of {contest.n:,} converted in the part '{part}': intervals are wide, and "
            "small differences say nothing."
        )
    if contest.capacity.bounded:
        found.append("Everybody can be worked at the plan's capacity: at equal capacity no model differs from another.")
    if part == TRAIN:
        found.append("This is the train part: a model tuned on it looks better here than it is.")
    if part == VALIDATION:
        found.append(
            "A challenger that was chosen because it did well on this validation part looks better here than it is; "
            "only the sealed test has not been looked at."
        )
    if part == TEST and seen.opening is not None:
        found.append(f"This is the test part, opened {seen.opening.number} time(s) so far: {seen.opening.because}")
    if part == ALL:
        found.append(
            "All parts are judged together."
            if seen.split
            else "Nothing is held back (no split): a model tuned on these leads looks better here than it is."
        )
    return tuple(found)
