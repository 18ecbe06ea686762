"""What the yardstick says: contenders beside the points, money beside likelihood, and the time trap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.backtesting.document import plain, records
from workbench.errors import listed
from workbench.markup import headline_html, table_html
from workbench.measuring.screen import LEAKS, SUSPECTED
from workbench.predicting.trap import TimeTrap

NAMED = 3
"""Names in a headline; the rest is counted."""
FORMAT = "lead-scoring-yardstick/1"
RULES, EVERYTHING, BOOSTED = "own rules, refitted", "all that is known", "gradient boosting"


@dataclass(frozen=True)
class Yardstick:
    """How far the points are from a predictive model.

    Attributes:
        model_name, model_version, model: which points, with digests.
        data: name and fingerprint.
        part: what was judged: validation, or all (or train) by folds.
        fitted_on: what the contenders learned from, in words.
        n, converted: of the part.
        values: how many values known at as_of the largest contender had.
        figures: one row for each contender and figure: contender, figure (auc, average_precision, lift_10, log_loss),
            points (the points' figure), value (the contender's), change (more is better, for log_loss too), low, high
            (95 %, paired and clustered), p (adjusted for all rows and those of `money`, Holm), verdict of the
            contender against the points.
        money: None where no amounts are recorded; else one row for each ranking (points, likelihood, expected value):
            leads worked, money of those won among them, share of all money, change from the points, low, high, p,
            verdict.
        capacity: the depth of the list in words.
        strongest: what the regression of all that is known leans on most: column, of (the value), coefficient for one
            standard deviation, in log-odds.
        left_out: values that were not used, and own rules that the refitted ones do without: value, reason.
        trap: random folds against the order of time; None where nothing orders the leads.
        warnings: what a reader must know.
        leaking_rules: own rules that ask for what leaks, or seems to: they flatter the points.
        too_good: values that were used though one alone almost gives the outcome away.
    """

    model_name: str
    model_version: int
    model: Mapping[str, str]
    data: Mapping[str, Any]
    part: str
    fitted_on: str
    n: int
    converted: int
    values: int
    figures: pd.DataFrame
    money: pd.DataFrame | None
    capacity: str
    strongest: pd.DataFrame
    left_out: pd.DataFrame
    trap: TimeTrap | None
    warnings: tuple[str, ...]
    leaking_rules: tuple[str, ...] = ()
    too_good: tuple[str, ...] = ()

    def row(self, contender: str, figure: str = "auc") -> Any:
        """The row of a contender's figure, columns as attributes."""
        found = self.figures[(self.figures["contender"] == contender) & (self.figures["figure"] == figure)]
        return next(found.itertuples(index=False))

    @property
    def leaks(self) -> tuple[str, ...]:
        """The values that were left out because they leak the outcome, or seem to."""
        return tuple(self.left_out.loc[self.left_out["reason"].isin([LEAKS, SUSPECTED]), "value"])

    @property
    def left_out_by_reason(self) -> pd.DataFrame:
        """One row a reason: reason, n, values (their names); leaks first, then the most frequent."""
        grouped = self.left_out.groupby("reason", sort=False)["value"].agg(list)
        order = sorted(grouped.items(), key=lambda item: (item[0] not in {LEAKS, SUSPECTED}, -len(item[1])))
        rows = [[reason, len(names), tuple(names)] for reason, names in order]
        return pd.DataFrame(rows, columns=["reason", "n", "values"])

    @property
    def headline(self) -> str:
        """The result in a sentence, and what leaks; a collapse in the order of time comes first."""
        own = " ".join(part for part in (self._likely, self._leaking, self._money) if part)
        return f"{self.trap.headline} {own}" if self.trap is not None and self.trap.collapses else own

    @property
    def _likely(self) -> str:
        row = self.row(EVERYTHING)
        about = f"On {self.part} ({self.n:,} observations, {self.converted:,} converted)"
        ends = f"{row.change:+.3f}, {row.low:+.3f} to {row.high:+.3f}"
        both = f"the points reach AUC {row.points:.3f}, a regression of all that is known {row.value:.3f} ({ends})"
        if row.verdict == "better":
            unless = f", unless {_few(self.too_good)} gives the outcome away" if self.too_good else ""
            return f"{about} {both}: that much the points leave on the table{unless}."
        if row.verdict == "worse":
            but = f", but {_few(self.leaking_rules)} asks for what leaks, or seems to" if self.leaking_rules else ""
            return f"{about} {both}: the points rank better{but}."
        if row.verdict == "same":
            return f"{about} {both}: the same."
        return f"{about} {both}: not enough evidence that the points leave anything on the table."

    @property
    def _leaking(self) -> str:
        return f"Left out as leaks, or suspected ones: {_few(self.leaks)}." if self.leaks else ""

    @property
    def _money(self) -> str:
        if self.money is None:
            return ""
        row: Any = list(self.money.itertuples(index=False))[-1]
        if row.verdict not in {"better", "worse"}:
            return ""
        return (
            f"Ranked by expected value the leads that can be worked ({self.capacity}) bring {row.change:+,.0f} against "
            f"the points ({row.low:+,.0f} to {row.high:+,.0f})."
        )

    def to_document(self) -> dict[str, Any]:
        """The result as plain data."""
        return {
            "format": FORMAT,
            "model": {"name": self.model_name, "version": self.model_version, **self.model},
            "data": dict(self.data),
            "part": self.part,
            "fitted_on": self.fitted_on,
            "n": self.n,
            "converted": self.converted,
            "base_rate": plain(self.converted / self.n) if self.n else None,
            "values": self.values,
            "headline": self.headline,
            "figures": records(self.figures),
            "money": None if self.money is None else records(self.money),
            "capacity": self.capacity,
            "strongest": records(self.strongest),
            "left_out": records(self.left_out),
            "left_out_by_reason": [
                {"reason": reason, "n": n, "values": list(names)}
                for reason, n, names in self.left_out_by_reason.itertuples(index=False)
            ],
            "leaks": list(self.leaks),
            "leaking_rules": list(self.leaking_rules),
            "too_good": list(self.too_good),
            "time_trap": None if self.trap is None else self.trap.to_document(),
            "warnings": list(self.warnings),
        }

    def __str__(self) -> str:
        return "\n".join([self.headline, *self.warnings])

    def _repr_html_(self) -> str:
        rows: Any = self.figures.itertuples(index=False)
        cells = [
            (
                *(row.contender, row.figure, f"{row.points:.3f}", f"{row.value:.3f}"),
                *(f"{row.change:+.3f}", f"{row.low:+.3f} to {row.high:+.3f}", row.verdict),
            )
            for row in rows
        ]
        heads = ("contender", "figure", ">points", ">contender's", ">change", "95 %", "the contender is")
        return headline_html(self.headline) + table_html(heads, cells)


def _few(names: tuple[str, ...]) -> str:
    return listed(names, most=NAMED)
