"""Whether a rule's sign is right: by itself, given the rest of the model, and but for a partner."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from workbench.metrics.intervals import normal_quantile
from workbench.supporting.claim import Claim
from workbench.supporting.evidence import LEVEL, adjusted
from workbench.supporting.line import Line
from workbench.tuning.evidence import AGREES, DISAGREES, LEAST, NEVER, NOTHING, UNSURE

SIGN_COLUMNS = (
    "rule",
    "case",
    "points",
    "sign",
    "alone",
    "alone_p",
    "alone_adjusted",
    "given",
    "given_p",
    "given_adjusted",
    "beside",
)


@dataclass(frozen=True)
class _Given:
    """What the line says of a sign: which way its best points lie from 0, and how unlikely 0 is."""

    verdict: str
    p: float


def sign_frame(
    claims: Sequence[Claim],
    lines: Sequence[Line],
    alone: pd.DataFrame,
    beside: Callable[[Claim], str],
) -> pd.DataFrame:
    """One row for each claim.

    Args:
        claims: what is claimed.
        lines: the line of each.
        alone: `rule_evidence`; without rows where leads have no outcome of their own.
        beside: for a claim whose sign disagrees given the rest: the partner without which it no longer does, or "".
    """
    by_words = {(row["rule"], row["case"], round(1000 * row["points"])): row for row in alone.to_dict("records")}
    rows = [by_words.get((claim.rule, claim.case, claim.points)) for claim in claims]
    own_p = [1.0 if row is None else _alone_p(row) for row in rows]
    given = [_given(claim, line) for claim, line in zip(claims, lines, strict=True)]
    # Either may make the sign a claim, so both count as looked at.
    levels, own_levels = np.split(adjusted([*(each.p for each in given), *own_p]), 2)
    found = []
    for at, (claim, row) in enumerate(zip(claims, rows, strict=True)):
        told, by_itself = given[at].verdict, "" if row is None else row["sign"]
        sure, own_sure = levels[at] <= LEVEL, own_levels[at] <= LEVEL
        sign = by_itself if by_itself in {NEVER, NOTHING} else told if sure else UNSURE
        # Alone it is against the rule: that counts where today's points do not rank well given the rest either.
        if told == UNSURE and own_sure and lines[at].is_good(claim.points) == (by_itself == AGREES):
            sign = by_itself
        partner = beside(claim) if sign == DISAGREES and told == DISAGREES else ""
        found.append(
            {
                "rule": claim.rule,
                "case": claim.case if claim.several else "",
                "points": claim.points / 1000,
                "sign": sign,
                "alone": by_itself,
                "alone_p": own_p[at] if row is not None else np.nan,
                "alone_adjusted": own_levels[at] if row is not None else np.nan,
                "given": told,
                "given_p": given[at].p,
                "given_adjusted": levels[at],
                "beside": partner,
            }
        )
    return pd.DataFrame(found, columns=[*SIGN_COLUMNS])


def _given(claim: Claim, line: Line) -> _Given:
    if claim.points == 0:
        return _Given(NOTHING, 1.0)
    p = 1.0 if line.is_good(0) else line.probability_of(0)
    good = line.milli[line.good]
    if line.is_good(0) or (good.min() < 0 < good.max()):
        return _Given(UNSURE, p)
    return _Given(AGREES if (good[0] > 0) == (claim.points > 0) else DISAGREES, p)


def disagrees(claim: Claim, line: Line) -> bool:
    """Whether a line says that the sign is wrong."""
    return _given(claim, line).verdict == DISAGREES


def _alone_p(row: Mapping[Hashable, Any]) -> float:
    """The two-sided p-value of a difference of two rates, each with the effective number its interval shows."""
    n, m = row["n"], row["n_without"]
    if min(n, m) < LEAST:
        return 1.0
    rates = np.array([row["rate"], row["rate_without"]])
    lows = np.array([row["rate_low"], row["without_low"]])
    highs = np.array([row["rate_high"], row["without_high"]])
    sizes = _effective(rates, lows, highs, np.array([n, m], dtype=np.float64))
    rate = float(rates @ sizes / sizes.sum())
    error = np.sqrt(rate * (1 - rate) * (1 / sizes).sum())
    return float(2 * ndtr(-abs(rates[0] - rates[1]) / error)) if error > 0 else 1.0


def _effective(rate: np.ndarray, low: np.ndarray, high: np.ndarray, n: np.ndarray) -> np.ndarray:
    """The m of Wilson's interval: its half-width is z sqrt(p (1-p) / m + z^2 / 4m^2) / (1 + z^2 / m).

    Its middle is (p + z^2 / 2m) / (1 + z^2 / m), so m = z^2 (1/2 - middle) / (middle - p).
    """
    square, middle = normal_quantile(0.95) ** 2, (low + high) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        found = square * (0.5 - middle) / (middle - rate)
    return np.where(np.isfinite(found) & (found > 0), np.minimum(found, n), n)
