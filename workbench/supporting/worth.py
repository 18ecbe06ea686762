"""What each rule or case adds: the model with it against the model without it, on the same leads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.supporting.claim import Claim
from workbench.supporting.evidence import adjusted, called, enough, probability
from workbench.supporting.ground import Past
from workbench.tuning.changes import LEADS, RANKING, VALUE, Result

WORTH_COLUMNS = (
    "rule",
    "case",
    "figure",
    "unit",
    "without",
    "with",
    "change",
    "low",
    "high",
    "p",
    "adjusted",
    "verdict",
)
FIGURES = (*RANKING, LEADS, VALUE)


@dataclass(frozen=True, eq=False)
class Trial:
    """A claim under test: the model with it and the model without it.

    Attributes:
        claim: what is tested.
        with_, without: the results; the model as given is `with_`, unless the rule is off in it.
    """

    claim: Claim
    with_: Result
    without: Result

    @property
    def idle(self) -> bool:
        """Whether nobody's score depends on it."""
        first, second = self.with_.placed, self.without.placed
        return bool((first.counts.scores[first.cells] == second.counts.scores[second.cells]).all())


def worth_frame(past: Past, trials: Sequence[Trial]) -> pd.DataFrame:
    """One row for each claim and figure; adjusted over all claims, each figure by itself."""
    rows = [row for trial in trials for row in _rows(past, trial)]
    for figure in FIGURES:
        mine = [row for row in rows if row["figure"] == figure.name]
        for row, level in zip(mine, adjusted([row["p"] for row in mine]), strict=True):
            row["adjusted"] = float(level) if figure.judged else float("nan")
            told = called(row["change"], float(level), same=row["same"])
            row["verdict"] = told if figure.judged or told == "same" else ""
    return pd.DataFrame(rows, columns=[*WORTH_COLUMNS])


def _rows(past: Past, trial: Trial) -> Iterator[dict[str, Any]]:
    between = past.between(trial.without, trial.with_)
    for figure in FIGURES:
        if figure not in trial.with_.figures:
            continue
        change = between.difference(figure)
        yield {
            "rule": trial.claim.rule,
            "case": trial.claim.case if trial.claim.several else "",
            "figure": figure.name,
            "unit": figure.unit,
            "without": trial.without.figures[figure].value,
            "with": trial.with_.figures[figure].value,
            "change": change.value,
            "low": change.low,
            "high": change.high,
            "p": probability(change, enough=enough(past.ground)),
            "same": change.value == 0 and change.error == 0,
        }
