"""What sales said of leads, and what became of those it left alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.backtesting.document import plain, records
from workbench.backtesting.tiers import main_tier, tier_cuts
from workbench.errors import CallError
from workbench.history import History
from workbench.model import Model
from workbench.observation import Observations
from workbench.observation.split import TEST
from workbench.selling.conversions import BOUNDS, CONVERSION, EFFECT, bounds_frame, conversion_frame, effect_frame
from workbench.selling.feedback import (
    AGREEMENT,
    OUTCOMES,
    REASONS,
    Heard,
    agreement_frame,
    heard,
    outcomes_frame,
    reasons_frame,
    said,
)
from workbench.selling.jumps import JUMP, JUMPS, MODEL, OVERLAP, RECORDED, Line, cells_of, jumps_frame, overlap_frame
from workbench.selling.sentences import headline, jump_told
from workbench.selling.touched import WITHIN, Touched, touched

FORMAT = "lead-scoring-sales/1"
_FRAMES = (
    "agreement",
    "reasons",
    "outcomes",
    "conversion",
    "bounds",
    "effect",
    "jumps",
    "overlap",
    "left_out",
)


@dataclass(frozen=True)
class Sales:
    """Sales' verdicts and work beside a model's scores and the outcomes.

    Everything is about observations whose outcomes may be looked at; the sealed test part is left out. An
    observation is worked before the lead was scored if it was first worked before as_of: that is known then. It is
    worked after the lead was scored if that happened later, but before the outcome and the end of the horizon: that
    may have been set off by what happened since, and leads that convert fast had less time for it. All
    intervals are 95 %, robust to leads of one account.

    Attributes:
        model_name, model_version, model: the model; `model` holds its digests.
        data, plan: of the observations.
        n, converted: observations and conversions.
        main_tier: the tier that agreement is told about; None without tiers.
        accepted: the verdicts that mean accepted.
        auc: of the score against acceptance, with the ends of its interval; NaN without verdicts.
        agreement: by tier that the model gave at the moment before sales touched the lead: tier, n, accepted, rate,
            low, high (of the leads in it), reached, reached_accepted, precision, precision_low, precision_high (of
            the leads in it or a higher one), kappa, kappa_low, kappa_high (Cohen's, reaching it against acceptance).
        reasons: by reason of rejection and rule: n_reason, hit_reason, rate_reason (of those rejected for it, how many
            the rule paid, up or down), n_accepted, hit_accepted, rate_accepted, ratio, low, high, p, q
            (Benjamini-Hochberg over all rows), found (q < 0.05); strongest first.
        outcomes: by verdict and reason (`any` for all), of verdicts before the outcome: n, won, rate, low, high,
            lost, lost_rate, lost_low, lost_high, all within the horizon after as_of.
        conversion: by all, tier and band, and who (worked before the lead was scored, worked after the lead was
            scored, unworked): n, converted, rate, low, high.
        bounds: by band, what its unworked leads would have converted at if worked: band, unworked, converted,
            worked_share, worst and best (what the whole band would have converted at if all were worked, as unworked
            leads may do anything from 0 to 1: all that the data says without assumptions; C. Manski, American Economic
            Review 80 (1990) 319-323), least and most (their own rate and that of the worked: if work never harms and
            sales picks no worse leads; missing where the worked did worse), weighted, low, high (worked leads
            weighted to resemble them, if within a cell of the old score who was worked is chance), effective (number
            of worked leads that carries it), beyond (unworked leads in cells where under 5 in 100 are worked: nobody
            to compare them with, and `weighted` is not about them), verdict (identified if as assumed, or not
            identifiable: too few carry it, or more than half are beyond).
        effect: worked against unworked within cells of old score and band: odds_ratio, low, high, log_odds, log_low,
            log_high (95 %), low_99, high_99 (of the odds ratio, 99 %: what the headline goes by, as it is one of many
            looks), strata, n, alone (leads in cells with one kind only). Empty where it cannot be told.
        jumps: where the share worked jumps: score (recorded by the CRM, or this model), at, tier, n, below, above,
            jump, low, high (at 95 % for all tests together), tests, p (Bonferroni), verdict.
        overlap: cells of the old score: score, from, to, n, worked, share, low, high, overlap (5 to 95 in 100 worked).
        begins_days: the age at which leads were usually worked first: the old score is what was recorded then.
        left_out: frame of about, reason, n.
        warnings: what a reader of the result must know.
    """

    model_name: str
    model_version: int | None
    model: dict[str, str]
    data: dict[str, Any]
    plan: dict[str, Any]
    n: int
    converted: int
    main_tier: str | None
    accepted: tuple[str, ...]
    auc: tuple[float, float, float]
    agreement: pd.DataFrame
    reasons: pd.DataFrame
    outcomes: pd.DataFrame
    conversion: pd.DataFrame
    bounds: pd.DataFrame
    effect: pd.DataFrame
    jumps: pd.DataFrame
    overlap: pd.DataFrame
    begins_days: float
    left_out: pd.DataFrame
    warnings: tuple[str, ...]

    @property
    def headline(self) -> str:
        """The result in one sentence."""
        return headline(self.main_tier, self.agreement, self.effect, self.jumps)

    def to_document(self) -> dict[str, Any]:
        """The whole result as plain data; undefined numbers are null, the frames are lists of records."""
        return {
            "format": FORMAT,
            "headline": self.headline,
            "model": {"name": self.model_name, "version": self.model_version, **self.model},
            "data": dict(self.data),
            "plan": dict(self.plan),
            "n": self.n,
            "converted": self.converted,
            "main_tier": self.main_tier,
            "accepted": list(self.accepted),
            "auc": dict(zip(("value", "low", "high"), map(plain, self.auc), strict=True)),
            "begins_days": plain(self.begins_days),
            **{name: records(getattr(self, name)) for name in _FRAMES},
            "warnings": list(self.warnings),
        }


def _quiet(_: str) -> None:
    return None


def sales_view(
    model: Model,
    history: History,
    seen: Observations,
    *,
    accepted: Sequence[str] = ("accepted",),
    progress: Callable[[str], None] = _quiet,
) -> Sales:
    """Hold a model against what sales said, and ask what would have become of the leads that were left alone.

    Args:
        model: the model; its rules must be among those observed.
        history: the open past that `seen` was made from, with `feedback`, `worked` or both.
        seen: the observations, of leads with dates.
        accepted: the verdicts that mean that sales took the lead; all others are rejections.
        progress: called with one line for each step.

    Raises:
        CallError: if the history has neither feedback nor worked, is another one, or no verdict means accepted.
        PlanError: if accounts were observed, or leads without dates.
        NotObserved: if the model asks for evidence that was not gathered.
    """
    has_feedback, has_worked = bool(history.rows.get("feedback")), history.has_worked
    if not (has_feedback or has_worked):
        raise CallError.at(
            history.name,
            expected="what sales said or did: 'feedback' or 'worked' in the mapping",
            found="neither",
            remedy="Map the file that holds it in history.yaml, such as 'worked: {file: …, lead: …, at: …}'.",
        )
    progress("Finding what sales did")
    of = touched(model, history, seen)
    if not len(of.won):
        raise CallError.at("seen", expected="observations to look at", found="none", remedy="Widen the plan.")
    left_out = [("sealed", "in the sealed test part", int((seen.subjects.won < 0).sum()))]
    frames = dict(_empty())
    warnings = [_caution(seen)]
    auc = (float("nan"),) * 3
    if has_feedback:
        progress("Holding the model against what sales said")
        words = said(history, of, accepted)
        left_out.extend(("feedback", reason, n) for reason, n in words.left_out.items())
        found = heard(model, history, seen.plan, of, words) if len(words.row) else None
        if found is not None:
            frames |= {"agreement": agreement_frame(found), "reasons": reasons_frame(found)}
            frames["outcomes"] = outcomes_frame(history, seen.plan, of, words)
            auc = _auc(found)
        if has_worked:
            warnings.append("Sales speaks of leads that it worked: agreement on those it never saw is not known.")
    if has_worked:
        progress("Telling worked leads from unworked ones")
        more, notes = _worked(model, of)
        frames |= more
        warnings.extend(notes)
    return Sales(
        model_name=model.name,
        model_version=model.version,
        model={"scoring_digest": model.scoring_digest, "document_digest": model.document_digest},
        data=dict(seen.data),
        plan=seen.plan.plain(),
        n=len(of.won),
        converted=int(of.won.sum()),
        main_tier=main_tier(model.name, model.tiers, seen.plan),
        accepted=tuple(accepted),
        auc=auc,
        begins_days=of.begins_days,
        left_out=pd.DataFrame([row for row in left_out if row[2]], columns=["about", "reason", "n"]),
        warnings=tuple(each for each in warnings if each),
        **frames,
    )


def _empty() -> dict[str, pd.DataFrame]:
    columns = {
        "agreement": AGREEMENT,
        "reasons": REASONS,
        "outcomes": OUTCOMES,
        "conversion": CONVERSION,
        "bounds": BOUNDS,
        "effect": EFFECT,
        "jumps": JUMPS,
        "overlap": OVERLAP,
    }
    return {name: pd.DataFrame(columns=each) for name, each in columns.items()}


def _caution(seen: Observations) -> str:
    if seen.opening is not None:
        return f"The {TEST} part was opened, and is looked at here too."
    return ""


def _auc(found: Heard) -> tuple[float, float, float]:
    if not 0 < found.judged.converted < found.judged.n:
        return float("nan"), float("nan"), float("nan")
    area = found.judged.area()
    low, high = area.interval()
    return float(area.auc), float(low), float(high)


def _worked(model: Model, of: Touched) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """The frames about work, and what a reader must know of them."""
    recorded, mine = Line.of(of, of.old), Line.of(of, of.score)
    jumps = jumps_frame(recorded, mine, tier_cuts(model))
    made = jumps[jumps["verdict"] == JUMP]
    use_old = len(recorded.score) > 0
    score, name = (of.old, RECORDED) if use_old else (of.score, MODEL)
    cell, _ = cells_of(score, made.loc[made["score"] == name, "at"].tolist())
    frames = {
        "conversion": conversion_frame(of),
        "bounds": bounds_frame(of, cell),
        "effect": effect_frame(of, cell),
        "jumps": jumps,
        "overlap": overlap_frame(of, score, name, cell),
    }
    notes = [jump_told(row) for row in made.to_dict("records")]
    within = int((of.status == WITHIN).sum())
    if within:
        notes.append(
            f"{within:,} of {int(of.worked.sum()):,} worked leads were first worked after the lead was "
            "scored: leads that convert fast had less time for that."
        )
    if not of.worked.any():
        notes.append("No observed lead was worked before its outcome: worked and unworked cannot be compared.")
    return frames, notes
