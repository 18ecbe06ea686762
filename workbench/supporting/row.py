"""A claim's row in `Support.rules`: its range, worth, sign, partner and limit in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from workbench.supporting.claim import Claim
from workbench.supporting.evidence import adjusted
from workbench.supporting.ground import Past
from workbench.supporting.line import Line
from workbench.supporting.words import good_in_words, words_of
from workbench.supporting.worth import Trial

RULE_COLUMNS = (
    "rule",
    "case",
    "name",
    "on",
    "points",
    "n",
    "best",
    "low",
    "high",
    "open_low",
    "open_high",
    "whole",
    "gaps",
    "pieces",
    "inside",
    "inside_p",
    "inside_adjusted",
    "auc",
    "auc_low",
    "auc_high",
    "auc_adjusted",
    "verdict",
    "sign",
    "beside",
    "partner",
    "limit",
    "limit_share",
    "idle",
    "good",
    "words",
)


def rules_frame(
    past: Past,
    lines: Sequence[Line],
    trials: Sequence[Trial],
    caps: Mapping[str, tuple[str, float]],
    frames: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """One row a claim, with `RULE_COLUMNS`.

    Args:
        past: the observations.
        lines: of each claim.
        trials: of each claim.
        caps: by rule the cap most in its way, and for which share.
        frames: worth, signs, overlap.
    """
    levels = adjusted([line.probability_of(trial.claim.points) for trial, line in zip(trials, lines, strict=True)])
    worth = frames["worth"].loc[frames["worth"]["figure"] == "auc"].to_dict("records")
    signs = frames["signs"].to_dict("records")
    partners = dict(zip(frames["overlap"]["rule"], frames["overlap"]["partner"], strict=True))
    rows = []
    for at, (trial, line) in enumerate(zip(trials, lines, strict=True)):
        row = _range(trial.claim, line, float(levels[at]))
        row |= {"n": _holds(past, trial.claim), "idle": trial.idle}
        row |= {name: worth[at][key] for name, key in _WORTH.items()}
        row |= {"sign": signs[at]["sign"], "beside": signs[at]["beside"]}
        limit, share = caps.get(trial.claim.rule, ("", 0.0))
        limit = limit if share else ""
        row |= {"partner": partners.get(trial.claim.rule, ""), "limit": limit, "limit_share": share}
        rows.append(row | {"words": words_of(trial.claim, line, row)})
    return pd.DataFrame(rows, columns=[*RULE_COLUMNS])


_WORTH = {
    "auc": "change",
    "auc_low": "low",
    "auc_high": "high",
    "auc_adjusted": "adjusted",
    "verdict": "verdict",
}


def _range(claim: Claim, line: Line, level: float) -> dict[str, Any]:
    good = line.milli[line.good]
    first, last = bool(line.good[0]), bool(line.good[-1])
    return {
        "rule": claim.rule,
        "case": claim.case if claim.several else "",
        "name": claim.name,
        "on": claim.on,
        "points": claim.points / 1000,
        "best": line.milli[line.best] / 1000,
        "low": good[0] / 1000,
        "high": good[-1] / 1000,
        "open_low": first,
        "open_high": last,
        "whole": bool(line.good.all()),
        "gaps": not line.contiguous,
        "pieces": [[line.milli[first] / 1000, line.milli[last] / 1000] for first, last in line.pieces],
        "inside": line.is_good(claim.points),
        "inside_p": line.probability_of(claim.points),
        "inside_adjusted": level,
        "good": good_in_words(line),
    }


def _holds(past: Past, claim: Claim) -> int:
    """For how many leads it holds; of accounts, for how many of their leads."""
    scorer = past.seen.scorer(past.asking)
    found = 0
    for _, rows, own, weights in scorer.parted():
        number = next(at for at, each in enumerate(scorer.alternatives) if each is own)
        if number in claim.homes:
            rule = next(each for each in weights.rules if each.id == claim.rule)
            cases = own.cases(rule, rows)
            place = claim.homes[number] - (rule.dormant if claim.homes[number] else 0)
            found += int((cases == place).sum() if claim.several else (cases > 0).sum())
    return found
