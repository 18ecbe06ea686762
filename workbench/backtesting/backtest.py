"""The backtest: what a model would have scored then, against what happened after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.errors import ErrorKind, Errors, Judging, errors_of
from workbench.backtesting.figures import band_edges, figures
from workbench.backtesting.judged import Judged
from workbench.backtesting.judges import AccountJudging, Judge, account_errors, judge_of, tiers_behind
from workbench.backtesting.slices import months_frame, part_row, segments_frame
from workbench.errors import CallError, Refused
from workbench.model import Model
from workbench.observation import Observations
from workbench.observation.split import ALL, TEST, TRAIN

FEW_CONVERTED = 50


@dataclass(frozen=True)
class Backtest:
    """One model (or the CRM's own recorded scores) against past outcomes, on one part of the observations.

    Rates and shares are in 0..1, scores in points, intervals at 95 %; NaN where undefined. Frames and their columns:

        metrics      metric, value, low, high, method
        bands        band, low, high, n, converted, rate, rate_low, rate_high, lift, share, enough
        lift         depth, n, converted, rate, lift, lift_low, lift_high, captured, captured_low, captured_high
        thresholds   threshold, flagged, share, precision (+_low, _high), recall (+_low, _high), tp, fp, fn, tn, lift,
                     value (+_low, _high)
        tiers        tier, from, then, n, share, converted, rate, rate_low, rate_high, lift
        distribution score, converted, not_converted
        calibration  band, predicted, n, converted, rate, rate_low, rate_high, enough
        months       month, n, converted, rate (+_low, _high), auc (+_low, _high), lift_20, reached, enough
        segments     segment, value, and as months
        parts        part, n, converted, rate, auc, auc_low, auc_high, average_precision, lift_10
        left_out     reason, n

    Attributes:
        model_name, model_version: which model; version is None for recorded scores.
        model: digests, as in the JSON document.
        data: name, fingerprint, leads, events.
        plan: the plan as plain data.
        part: the part that is judged.
        n, converted, base_rate: of that part, in observations.
        leads: distinct leads (or accounts, if the plan's unit is the account) in that part; fewer than n where they
            are observed several times.
        main_tier, main_threshold: the tier that errors are about, and its lowest score.
        tier_cuts: name and lowest score of each tier.
        has_value: whether the plan says what a win is worth.
        warnings: what a reader must know.
        calibrated_on: the part whose band rates are the predictions.
        opening: number and head of the opening of the test part, if that was judged.
    """

    model_name: str
    model_version: int | None
    model: Mapping[str, Any]
    data: Mapping[str, Any]
    plan: Mapping[str, Any]
    part: str
    n: int
    leads: int
    converted: int
    base_rate: float
    main_tier: str | None
    main_threshold: float | None
    tier_cuts: tuple[tuple[str, float], ...]
    has_value: bool
    warnings: tuple[str, ...]
    calibrated_on: str
    opening: Mapping[str, Any] | None
    metrics: pd.DataFrame
    bands: pd.DataFrame
    lift: pd.DataFrame
    thresholds: pd.DataFrame
    calibration: pd.DataFrame
    tiers: pd.DataFrame
    distribution: pd.DataFrame
    months: pd.DataFrame
    segments: pd.DataFrame
    parts: pd.DataFrame
    left_out: pd.DataFrame
    judging: Judging | AccountJudging | None = field(repr=False, compare=False)

    def value(self, metric: str) -> float:
        """One metric's value, such as `value("auc")`; raises CallError if there is none of that name."""
        found = self.metrics.loc[self.metrics["metric"] == metric, "value"]
        if found.empty:
            raise CallError.at(
                "metric",
                expected=f"one of {', '.join(self.metrics['metric'])}",
                found=repr(metric),
                remedy="Use one of these names.",
            )
        return float(found.iloc[0])

    def false_positives(self, *, tier: str | None = None, threshold: float | None = None) -> Errors:
        """Leads that reached the tier (or threshold) and did not convert; see `errors`."""
        return self.errors("false_positive", tier=tier, threshold=threshold)

    def false_negatives(self, *, tier: str | None = None, threshold: float | None = None) -> Errors:
        """Leads that did not reach the tier (or threshold) and converted; see `errors`."""
        return self.errors("false_negative", tier=tier, threshold=threshold)

    def errors(self, kind: ErrorKind, *, tier: str | None = None, threshold: float | None = None) -> Errors:
        """The wrongly judged leads with their ledgers, and the rules that set them apart.

        Of accounts: with the scores of their leads in place of a ledger, and without rules, which pay to leads.

        Args:
            kind: false_positive or false_negative.
            tier: a tier of the model; by default the main tier.
            threshold: a score in points, in place of a tier.

        Raises:
            CallError: if the model has no such tier, or neither tiers nor a threshold are given.
            Refused: for scores that the CRM recorded: they have no rules to read.
        """
        if self.judging is None:
            raise Refused("Recorded scores have no rules to read; backtest a model to see its errors by rule.")
        if threshold is not None:
            scores = self.judging.scores
            reached = (scores.milli >= round(threshold * 1000)) & ~scores.out
            return _errors(self.judging, kind, reached, f"score ≥ {threshold:g}")
        name = tier or self.main_tier
        tiers = [each.name for each in tiers_behind(self.judging)]
        if name not in tiers:
            known = ", ".join(tiers) or "none: this model has no tiers"
            raise CallError.at(
                "tier", expected=f"one of {known}", found=repr(name), remedy="Name a tier, or give a threshold."
            )
        return _errors(self.judging, kind, self.judging.ranks >= tiers.index(name), name)


def _errors(judging: Judging | AccountJudging, kind: ErrorKind, reached: NDArray[np.bool_], tier: str) -> Errors:
    if isinstance(judging, AccountJudging):
        return account_errors(judging, kind, reached, tier)
    return errors_of(judging, kind, reached, tier)


def backtest(model: Model | None, seen: Observations, *, part: str | None = None) -> Backtest:
    """Judge a model, or the scores that the CRM recorded, on one part of the observations.

    Args:
        model: the model; None for the recorded scores. Where accounts were observed, its `account` says how the
            scores of an account's leads become its own.
        seen: the observations; the model's rules must be among those observed.
        part: train, validation, test (once opened) or all; by default validation, or all without a split.

    Raises:
        NotObserved: if the model asks for evidence that was not gathered.
        ModelError: if accounts were observed and the model does not say how they are scored.
        CallError: if the part does not exist, is sealed or holds nobody, or there are no recorded scores.
    """
    part = part or seen.default_part
    seen.rows(part)
    judge = judge_of(model, seen)
    names = [name for name in seen.parts if name != TEST or part == TEST]
    parts = {name: judge.judged(name) for name in names}
    judged = parts[part] if part in parts else judge.judged(part)
    if not judged.n:
        raise _empty(part, [name for name, each in parts.items() if each.n])
    calibrated_on = TRAIN if TRAIN in parts and parts[TRAIN].n else part
    calibrating = parts.get(calibrated_on, judged)
    edges = band_edges(np.concatenate([each.points for each in parts.values()]), seen.plan)
    found = figures(judged, calibrating, edges, seen.plan)
    reached = judge.reached(part)
    visible = [name for name in names if name != TEST] if seen.split and part != TEST else [part]
    return Backtest(
        **judge.names(),
        data=dict(seen.data),
        plan=seen.plan.plain(),
        part=part,
        n=judged.n,
        leads=len(set(seen.subjects.lead_id[judge.positions(part)])),
        converted=judged.converted,
        base_rate=judged.rate,
        has_value=seen.plan.value is not None,
        warnings=_warnings(seen, judged, part, judge.missing(part)),
        calibrated_on=calibrated_on,
        opening=None if seen.opening is None else {"number": seen.opening.number, "head": seen.opening.head},
        metrics=found.metrics,
        bands=found.bands,
        lift=found.lift,
        thresholds=found.thresholds,
        calibration=found.calibration,
        tiers=judge.tiers(part, judged),
        distribution=judged.distribution(),
        months=_months(seen, judge, visible),
        segments=_segments(seen, judge, part, judged, reached),
        parts=pd.DataFrame([part_row(name, each) for name, each in parts.items()]),
        left_out=_left_out(seen, judge.missing(None)),
        judging=judge.judging(part, judged),
    )


def _empty(part: str, filled: list[str]) -> CallError:
    return CallError.at(
        "part",
        expected="a part with observations to judge",
        found=f"none in '{part}'",
        remedy=f"Name another part: {', '.join(filled)}." if filled else "Nobody is left to judge; see left_out.",
    )


def _months(seen: Observations, judge: Judge, parts: list[str]) -> pd.DataFrame:
    """Month by month over the parts that may be looked at."""
    rows = np.concatenate([judge.positions(name) for name in parts])
    moments = seen.subjects.as_of_us
    reached = np.concatenate([judge.reached(name) for name in parts])
    return months_frame(judge.of(rows), reached, None if moments is None else moments[rows])


def _segments(seen: Observations, judge: Judge, part: str, judged: Judged, reached: NDArray[np.bool_]) -> pd.DataFrame:
    rows = judge.positions(part)
    segments = ((name, each.codes[rows], each.labels) for name, each in seen.subjects.segments.items())
    return segments_frame(judged, reached, segments)


def _left_out(seen: Observations, missing: int) -> pd.DataFrame:
    if not missing:
        return seen.left_out
    more = pd.DataFrame({"reason": ["no score recorded before as_of"], "n": [missing]})
    return pd.concat([seen.left_out, more], ignore_index=True)


def _warnings(seen: Observations, judged: Judged, part: str, missing: int) -> tuple[str, ...]:
    found = list(seen.warnings)
    if judged.converted < FEW_CONVERTED:
        found.append(
            f"Only {judged.converted} of {judged.n:,} converted in the part '{part}': intervals are wide, and small "
            "differences say nothing."
        )
    if judged.n and len(judged.scores) - judged.first <= 1:
        found.append(f"All {judged.n:,} observations have the same score: nothing is ranked.")
    found.extend(_unpaid(seen, judged))
    if part == TRAIN:
        found.append("This is the train part: a model tuned on it looks better here than it is.")
    if part == TEST and seen.opening is not None:
        found.append(f"This is the test part, opened {seen.opening.number} time(s) so far: {seen.opening.because}")
    if part == ALL and seen.split:
        found.append("All parts are judged together.")
    if missing:
        found.append(f"{missing:,} observations have no score that the CRM recorded before as_of and are left out.")
    return tuple(found)


def _unpaid(seen: Observations, judged: Judged) -> list[str]:
    """A warning if wins are to be worth their recorded amount and some have none."""
    worth = seen.plan.value
    if worth is None or worth.win != "amount":
        return []
    missing = int(np.isnan(judged.amount[judged.won]).sum())
    if not missing:
        return []
    return [f"{missing:,} of {judged.converted:,} converted have no recorded amount: they count as worth nothing."]
