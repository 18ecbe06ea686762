"""What sales said of leads: agreement with the model's tiers, reasons by rule, and where outcomes say otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests

from workbench.backtesting.judged import Judged
from workbench.backtesting.tiers import names_of, tier_ranks
from workbench.errors import CallError, listed
from workbench.history import History
from workbench.metrics.clustering import clustered_rate_ratio
from workbench.metrics.intervals import normal_quantile
from workbench.model import Model
from workbench.observation.given import Given
from workbench.observation.reading import first_times, rows_of
from workbench.plan import Plan
from workbench.selling.touched import Touched, rate_of

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]

AGREEMENT = [
    "tier",
    "n",
    "accepted",
    "rate",
    "low",
    "high",
    "reached",
    "reached_accepted",
    "precision",
    "precision_low",
    "precision_high",
    "kappa",
    "kappa_low",
    "kappa_high",
]
REASONS = [
    "reason",
    "rule",
    "n_reason",
    "hit_reason",
    "rate_reason",
    "n_accepted",
    "hit_accepted",
    "rate_accepted",
    "ratio",
    "low",
    "high",
    "p",
    "q",
    "found",
]
OUTCOMES = ["verdict", "reason", "n", "won", "rate", "low", "high", "lost", "lost_rate", "lost_low", "lost_high"]
ACCEPTED, REJECTED = "accepted", "rejected"
FEWEST = 10
"""Leads of a reason below which its rules are not looked at."""
_LEVEL = 0.05


@dataclass(frozen=True)
class Said:
    """The first verdict of sales on each lead whose outcomes may be looked at; arrays of shape (n,).

    Attributes:
        row: position of the lead's first observation in `Touched`.
        at_us: when it was given.
        judged_us: the moment that the model is asked about: when sales first worked the lead, or the verdict if that
            came first, so that nothing that sales set off is in the score.
        accepted, reason: what they said; reason is empty where none was given.
        left_out: verdicts that are not looked at, by reason.
    """

    row: Integers
    at_us: Integers
    judged_us: Integers
    accepted: Booleans
    reason: NDArray[np.object_]
    left_out: dict[str, int] = field(default_factory=dict)


def said(history: History, of: Touched, accepted: Sequence[str]) -> Said:
    """The verdicts on observed leads.

    Raises:
        CallError: if none of all verdicts means accepted.
    """
    frame = _verdicts(history)
    known = sorted({str(each) for each in frame["verdict"]})
    if not set(known) & set(accepted):
        raise CallError.at(
            "accepted",
            expected=f"a verdict of the history: {listed(known)}",
            found=listed(list(accepted)),
            remedy="Name the verdicts that mean that sales took the lead.",
        )
    first = frame.drop_duplicates("lead")
    rows = pd.Series(np.arange(len(of.lead)), index=of.lead)
    rows = rows[~rows.index.duplicated()]
    mine = first[first["lead"].isin(rows.index)]
    row = rows.loc[mine["lead"]].to_numpy()
    at = mine["at_us"].to_numpy(dtype=np.int64)
    judged = np.minimum(at, mine["worked_us"].to_numpy(dtype=np.int64))
    later = judged > of.created_us[row]
    counts = {
        "a later verdict on the same lead": len(frame) - len(first),
        "on a lead that is not observed, or sealed": len(first) - len(mine),
        "when the lead was not there yet": int((~later).sum()),
    }
    return Said(
        row=row[later],
        at_us=at[later],
        judged_us=judged[later],
        accepted=mine["verdict"].isin(list(accepted)).to_numpy()[later],
        reason=mine["reason"].fillna("").to_numpy(dtype=object)[later],
        left_out={reason: n for reason, n in counts.items() if n},
    )


def _verdicts(history: History) -> pd.DataFrame:
    """lead, at_us, verdict, reason and worked_us, first verdict of each lead first."""
    found = rows_of(history, "feedback", ["lead", "at_us", "verdict", "reason"]).dropna(subset=["at_us"])
    found = found.assign(worked_us=first_times(history, "worked", found["lead"].to_numpy(dtype=np.int64)))
    return found.sort_values(["lead", "at_us", "verdict", "reason"], ignore_index=True)


@dataclass(frozen=True)
class Heard:
    """The verdicts beside what the model said at the same time.

    Attributes:
        of: all observations.
        words: the verdicts.
        rank: rank of each lead's tier at `words.judged_us`.
        names: name of that tier.
        judged: scores there against acceptance.
        paid: for each rule, whether it paid anything there.
    """

    of: Touched
    words: Said
    rank: Integers
    names: NDArray[np.object_]
    judged: Judged
    paid: dict[str, Booleans]

    @property
    def cluster(self) -> Integers:
        """What is not independent, by verdict."""
        return self.of.cluster[self.words.row]


def heard(model: Model, history: History, plan: Plan, of: Touched, words: Said) -> Heard:
    """Ask the model about each verdict's lead at the moment before sales touched it."""
    row = words.row
    scorer = Given(model, history, plan).at(of.lead[row], of.account[row], words.judged_us)
    scores = scorer.scores()
    rank = tier_ranks(model, scores)
    ids = dict.fromkeys(rule.id for each in scorer.weights.alternatives for rule in each.rules)
    missing = np.full(len(row), np.nan)
    return Heard(
        of=of,
        words=words,
        rank=rank,
        names=names_of(rank, model.tiers, model.gates),
        judged=Judged.of(scores.milli, scores.out, words.accepted, missing, of.cluster[row]),
        paid={rule: scorer.rule_values(rule) != 0 for rule in ids},
    )


def agreement_frame(found: Heard) -> pd.DataFrame:
    """The frame `Sales.agreement`."""
    accepted, cluster = found.words.accepted, found.cluster
    rows: list[tuple[object, ...]] = []
    blank = (float("nan"),) * 3
    apart = [name for name in dict.fromkeys(found.names.tolist()) if name not in found.of.tiers]
    for name in apart:
        mask = found.names == name
        rows.append((name, *rate_of(accepted[mask], cluster[mask]), 0, 0, *blank, *blank))
    for rank, name in enumerate(found.of.tiers):
        own, reached = found.rank == rank, found.rank >= rank
        n, hit, rate, low, high = rate_of(accepted[own], cluster[own])
        kappa = kappa_of(reached, accepted)
        rows.append((name, n, hit, rate, low, high, *rate_of(accepted[reached], cluster[reached]), *kappa))
    return pd.DataFrame(rows, columns=AGREEMENT)


def kappa_of(one: Booleans, other: Booleans) -> tuple[float, float, float]:
    """Cohen's kappa of two yes-or-no judgements with its 95 % interval; NaN where one of them never varies.

    J. Cohen, Educational and Psychological Measurement 20 (1960) 37-46; from statsmodels.

    >>> import numpy as np
    >>> round(kappa_of(np.array([1, 1, 0, 0], bool), np.array([1, 0, 0, 0], bool))[0], 2)
    0.5
    """
    if len(one) == 0 or one.all() or not one.any() or other.all() or not other.any():
        return float("nan"), float("nan"), float("nan")
    counts = np.bincount(one * 2 + other, minlength=4).reshape(2, 2)
    result = cohens_kappa(counts)
    return float(result.kappa), float(result.kappa_low), float(result.kappa_upp)


def reasons_frame(found: Heard) -> pd.DataFrame:
    """The frame `Sales.reasons`: rules that paid more, or less, often among the rejected for a reason."""
    words = found.words
    rows = []
    for reason in _reasons(words):
        mine = ~words.accepted & (words.reason == reason)
        both = mine | words.accepted
        n, others = int(mine.sum()), int(words.accepted.sum())
        if min(n, others) < FEWEST:
            continue
        for rule, paid in found.paid.items():
            hit, other = int((paid & mine).sum()), int((paid & words.accepted).sum())
            if hit + other in (0, n + others):
                continue
            ratio = clustered_rate_ratio(paid[both], mine[both], _packed(found.cluster[both]))
            value, low, high = (float(each) for each in ratio)
            error = (np.log(high) - np.log(low)) / (2 * normal_quantile(0.95))
            p = 2 * (1 - float(ndtr(abs(np.log(value)) / error))) if value > 0 and np.isfinite(error) else 1.0
            rows.append((reason, rule, n, hit, hit / n, others, other, other / others, value, low, high, p))
    frame = pd.DataFrame(rows, columns=REASONS[:-2])
    if frame.empty:
        return pd.DataFrame(columns=REASONS)
    frame["q"] = multipletests(frame["p"].to_numpy(), method="fdr_bh")[1]
    frame["found"] = frame["q"] < _LEVEL
    return frame.sort_values(["q", "p", "reason", "rule"], ignore_index=True)


def _reasons(words: Said) -> list[str]:
    return sorted({str(each) for each in words.reason[~words.accepted]})


def _packed(cluster: Integers) -> Integers:
    return np.unique(cluster, return_inverse=True)[1].astype(np.int64)


def outcomes_frame(history: History, plan: Plan, of: Touched, words: Said) -> pd.DataFrame:
    """The frame `Sales.outcomes`: what became, within the horizon, of leads that sales accepted and rejected."""
    early = words.at_us < of.end_us[words.row]
    row, accepted, reason = words.row[early], words.accepted[early], words.reason[early]
    lost_us = first_times(history, "stages", of.lead[row], [stage for stage in plan.closed if stage != plan.outcome])
    won, cluster = of.won[row], of.cluster[row]
    lost = ~won & (lost_us < of.end_us[row])
    rows = []
    for verdict, side in ((ACCEPTED, accepted), (REJECTED, ~accepted)):
        names = sorted({str(each) for each in reason[side]} - {""})
        for name in ["", *names] if len(names) else [""]:
            mask = side & ((reason == name) if name else np.ones(len(row), dtype=bool))
            if mask.any():
                told = rate_of(lost[mask], cluster[mask])
                rows.append((verdict, name or "any", *rate_of(won[mask], cluster[mask]), *told[1:]))
    return pd.DataFrame(rows, columns=OUTCOMES)
