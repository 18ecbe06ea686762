"""What the outcomes say of each rule or case, as the page shows it beside the rule's points."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from workbench.tuning import Section
from workbench.widgets.rows import points_paths
from workbench.widgets.wording import figure

_TONES = {"agrees": "good", "disagrees": "bad"}


def findings(
    sections: Sequence[Section], evidence: pd.DataFrame, values: Mapping[str, Any], *, average: float
) -> dict[str, dict[str, Any]]:
    """By the path of its points, for each rule or case: hit rate, conversion with its interval, and a mark.

    Args:
        sections: what can be turned.
        evidence: what `rule_evidence` says of the candidate.
        values: the candidate's points by path.
        average: share of all that converted, 0..1.

    Returns:
        hit and converts (texts); rate, low, high, average (0..1) and top (where the little bar ends, the same for all
        rules; 0 where there is nothing to show); mark (words) and tone ("good", "bad" or "muted").
    """
    found: dict[tuple[str, str], list[Any]] = {}
    for line in evidence.itertuples(index=False):
        found.setdefault((str(line.rule), str(line.case)), []).append(line)
    top = _top(evidence, average)
    told: dict[str, dict[str, Any]] = {}
    for section in sections:
        for row in section.rules:
            for path, case in points_paths(row):
                lines = found.get((row.id, case))
                if lines:
                    told[path] = _told(_of(lines, values.get(path)), average, top)
    return told


def _of(lines: Sequence[Any], points: Any) -> Any:
    """The line of these points: the same rule may pay others in a variant."""
    return next((line for line in lines if line.points == points), lines[0])


def _top(evidence: pd.DataFrame, average: float) -> float:
    """Where the rate bars end: they can be compared down the page."""
    rates = evidence["rate"].dropna()
    return float(min(max(2.5 * average, 1.25 * rates.max()), 1.0)) if len(rates) else 0.0


def _told(line: Any, average: float, top: float) -> dict[str, Any]:
    known = not any(math.isnan(value) for value in (line.rate, line.rate_low, line.rate_high))
    ends = f" ({100 * line.rate_low:.1f}–{100 * line.rate_high:.1f})" if known else ""
    return {
        "hit": f"holds for {figure(line.share, 'share')}",
        "converts": f"converts {figure(line.rate, 'share')}{ends}" if known else "",
        "rate": float(line.rate) if known else 0.0,
        "low": float(line.rate_low) if known else 0.0,
        "high": float(line.rate_high) if known else 0.0,
        "average": float(average),
        "top": top if known else 0.0,
        "mark": _mark(line),
        "tone": _TONES.get(str(line.sign), "muted"),
    }


def _mark(line: Any) -> str:
    sign = str(line.sign)
    if sign not in _TONES:
        return sign
    without = f"those without it convert {figure(line.rate_without, 'share')}"
    return f"⚠ data disagrees: {without}" if sign == "disagrees" else f"data agrees: {without}"
