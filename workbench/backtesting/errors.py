"""The leads that were judged wrongly, with their ledgers, and the rules that set them apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.judged import Judged
from workbench.backtesting.tiers import tier_names
from workbench.ledger import ledger_columns, ledger_texts
from workbench.metrics.clustering import clustered_rate_ratio
from workbench.metrics.intervals import rate_ratio
from workbench.model import CasesRule, CoreRule, Model
from workbench.model.words import cases_in_words
from workbench.observation import Observations, Scorer, Scores

ErrorKind = Literal["false_positive", "false_negative"]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
FEWEST = 10
"""Observations on either side below which a contrast between wrong and right says nothing."""


@dataclass(frozen=True)
class Errors:
    """The wrongly judged leads of one kind.

    Attributes:
        kind: false_positive (reached and did not convert) or false_negative (did not reach and converted).
        tier: the tier, or the threshold such as `score ≥ 40`, that had to be reached.
        n: how many there are.
        of: how many observations were treated the same: reached for false positives, not reached for false negatives.
        apart: how many converted although a gate took them out; they have no score and are counted apart, not here.
        leads: one row each, highest score first: lead_id, account_id, as_of, score (points; missing for those whom a
            gate took out), tier, ledger (text), and one column of points for each rule.
        rules: what each rule, or case of a rule, did among the wrong and among the rightly judged that were treated
            the same: rule, case, why, points, n_wrong, hit_wrong, rate_wrong, n_right, hit_right, rate_right, ratio
            (rate_wrong / rate_right), ratio_low, ratio_high (95 %, robust to clusters), enough; largest evidence
            of a difference first. Empty for accounts.
        unit: whether leads or accounts were judged.
    """

    kind: ErrorKind
    tier: str
    n: int
    of: int
    apart: int
    leads: pd.DataFrame
    rules: pd.DataFrame
    unit: Literal["lead", "account"] = "lead"


@dataclass(frozen=True)
class Judging:
    """Everything an error report needs, for the rows of one part."""

    model: Model
    seen: Observations
    scorer: Scorer
    rows: slice
    scores: Scores
    ranks: Integers
    judged: Judged


def errors_of(judging: Judging, kind: ErrorKind, reached: Booleans, tier: str) -> Errors:
    """The wrongly judged among those who reached the tier (false positives) or did not (false negatives)."""
    out = judging.scores.out
    same = reached & ~out if kind == "false_positive" else ~reached & ~out
    wrong = same & (~judging.judged.won if kind == "false_positive" else judging.judged.won)
    return Errors(
        kind=kind,
        tier=tier,
        n=int(wrong.sum()),
        of=int(same.sum()),
        apart=int((out & judging.judged.won).sum()),
        leads=_leads(judging, np.flatnonzero(wrong)),
        rules=_rules(judging, same, wrong),
    )


def _leads(judging: Judging, at: Integers) -> pd.DataFrame:
    positions = at + (judging.rows.start or 0)
    scores = judging.scores
    points = np.where(scores.out[at], np.nan, scores.milli[at] / 1000)
    columns = ledger_columns(judging.scorer, positions)
    who: pd.DataFrame = judging.seen.frame().iloc[positions]
    frame = who[["lead_id", "account_id", "as_of"]].reset_index(drop=True)
    frame["score"] = points
    frame["tier"] = tier_names(judging.model, judging.ranks[at])
    frame["ledger"] = ledger_texts(columns)
    ids = dict.fromkeys(rule.id for each in judging.scorer.weights.alternatives for rule in each.rules)
    paid = {rule: judging.scorer.rule_values(rule, positions) / 1000 for rule in ids}
    frame = pd.concat([frame, pd.DataFrame(paid, index=frame.index)], axis=1)
    by = ["score", "lead_id", "as_of"]
    return pd.DataFrame(frame.sort_values(by, ascending=[False, True, True], na_position="last", ignore_index=True))


RULE_COLUMNS = [
    "rule",
    "case",
    "why",
    "points",
    "n_wrong",
    "hit_wrong",
    "rate_wrong",
    "n_right",
    "hit_right",
    "rate_right",
    "ratio",
    "ratio_low",
    "ratio_high",
    "enough",
]


def _rules(judging: Judging, same: Booleans, wrong: Booleans) -> pd.DataFrame:
    clusters = judging.judged.cluster[same] if judging.judged.clustered else None
    rows = [
        _contrast(hits[same], wrong[same], clusters, rule=rule, case=case, why=why, points=points)
        for rule, case, why, points, hits in _hits(judging)
    ]
    frame = pd.DataFrame(rows, columns=RULE_COLUMNS)
    with np.errstate(divide="ignore", invalid="ignore"):
        width = np.log(frame["ratio_high"]) - np.log(frame["ratio_low"])
        evidence = (np.log(frame["ratio"]).abs() / width).fillna(-1.0)
    order = evidence.to_numpy().argsort(kind="stable")[::-1]
    return frame.take(order.tolist()).reset_index(drop=True)


def _hits(judging: Judging) -> list[tuple[str, str, str, float, Booleans]]:
    """For each rule, or case of a rule: its name, phrase, reason, points, and where it holds."""
    found: dict[tuple[str, str], tuple[str, str, str, float, Booleans]] = {}
    for number, each in enumerate(judging.model.alternatives):
        own = judging.scores.variant == number
        for rule in each.model.written_out:
            cases = np.where(own, judging.scorer.cases(rule.id, judging.rows), 0)
            for words, points, hits in _cases(rule, cases):
                name = (rule.id, words)
                before = found[name][4] if name in found else np.zeros(len(own), dtype=bool)
                found[name] = (rule.id, words, rule.why, found[name][3] if name in found else points, before | hits)
    return list(found.values())


def _cases(rule: CoreRule, cases: Integers) -> Iterator[tuple[str, float, Booleans]]:
    """A rule's phrases, with their points and where they hold."""
    words = cases_in_words(rule)
    if isinstance(rule, CasesRule):
        for number, case in enumerate(rule.cases, 1):
            yield words[number - 1], float(case.points), cases == number
    else:
        yield words[0], float(rule.points), cases > 0


def _contrast(hits: Booleans, wrong: Booleans, clusters: Integers | None, **names: object) -> dict[str, object]:
    n_wrong, n_right = int(wrong.sum()), int((~wrong).sum())
    hit_wrong, hit_right = int((hits & wrong).sum()), int((hits & ~wrong).sum())
    row = {
        **names,
        "n_wrong": n_wrong,
        "hit_wrong": hit_wrong,
        "rate_wrong": hit_wrong / n_wrong if n_wrong else np.nan,
        "n_right": n_right,
        "hit_right": hit_right,
        "rate_right": hit_right / n_right if n_right else np.nan,
        "ratio": np.nan,
        "ratio_low": np.nan,
        "ratio_high": np.nan,
        "enough": min(n_wrong, n_right) >= FEWEST and hit_wrong + hit_right >= 5,
    }
    if n_wrong and n_right and hit_wrong + hit_right:
        if clusters is None:
            found = rate_ratio(hit_wrong, n_wrong, hit_right, n_right)
        else:
            found = clustered_rate_ratio(hits, wrong, clusters)
        row.update(ratio=float(found.ratio), ratio_low=float(found.low), ratio_high=float(found.high))
    return row
