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
FIGURES = {
    "auc": "AUC",
    "average_precision": "average precision",
    "lift_10": "lift of the best 10 %",
    "log_loss": "log loss",
}
"""What each figure is called; of log loss less is better."""
_LESS = {"log_loss": "log loss (less is better)"}
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
            points (the points' figure), value (the contender's), change (value less points; of log_loss less is better,
            of the others more), low, high (95 %, paired and clustered, each by itself), p (adjusted for all rows and
            those of `money`, Holm), verdict of the contender against the points, by the adjusted p.
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
    def compared(self) -> int:
        """How many changes p is adjusted for."""
        return int(self.figures["p"].notna().sum()) + (0 if self.money is None else int(self.money["p"].notna().sum()))

    @property
    def _likely(self) -> str:
        row = self.row(EVERYTHING)
        about = f"On {self.part} ({self.n:,} observations, {self.converted:,} converted)"
        both = f"AUC {changed(row)}"
        if row.verdict == "better":
            unless = f", unless {_few(self.too_good)} gives the outcome away" if self.too_good else ""
            told = f"{about} a regression of all that is known ranks better than the points, {both}{self._besides}"
            return f"{told}: that much the points leave on the table{unless}."
        if row.verdict == "worse":
            but = f", but {_few(self.leaking_rules)} asks for what leaks, or seems to" if self.leaking_rules else ""
            told = f"{about} the points rank better than a regression of all that is known, {both}"
            return f"{told}{self._besides}{but}."
        if row.verdict == "same":
            return f"{about} the points rank as a regression of all that is known does, {both}{self._besides}."
        return (
            f"{about} there is not enough evidence that a regression of all that is known ranks better than the "
            f"points, {both}{self._besides}."
        )

    @property
    def _besides(self) -> str:
        """The other figures of the regression that say something else than its AUC."""
        own = self.figures[self.figures["contender"] == EVERYTHING]
        rows = [
            row
            for row in own.itertuples(index=False)
            if row.verdict in {"better", "worse"} and row.verdict != self.row(EVERYTHING).verdict
        ]
        told = [f"its {FIGURES[str(row.figure)]} is {row.verdict}, {changed(row)}" for row in rows]
        return f", though {' and '.join(told)}" if told else ""

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
            f"Ranked by expected value the leads that can be worked, {self.capacity}, bring {signed(row.change, 0)} "
            f"against the points [{signed(row.low, 0)} to {signed(row.high, 0)}]."
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
                *(row.contender, _LESS.get(row.figure, FIGURES[row.figure]), f"{row.points:.3f}", f"{row.value:.3f}"),
                *(signed(row.change), f"{signed(row.low)} to {signed(row.high)}", row.verdict),
            )
            for row in rows
        ]
        heads = ("contender", "figure", ">points", ">contender's", ">change", "95 %", "the contender is")
        return headline_html(self.headline) + table_html(heads, cells)


def signed(value: float, decimals: int = 3) -> str:
    """A change with its sign; what rounds to zero has none.

    >>> signed(-0.0094), signed(31542.0, 0), signed(0.0001)
    ('−0.009', '+31,542', '0.000')
    """
    if round(value, decimals) == 0:
        return f"{0:.{decimals}f}"
    return f"{value:+,.{decimals}f}".replace("-", "−")


def changed(row: Any) -> str:
    """A figure of the points and of a contender, with the change: `0.650 to 0.711 (+0.060 [−0.021 to +0.138])`."""
    both = f"{row.points:.3f} to {row.value:.3f}"
    if row.low != row.low:
        return f"{both} ({signed(row.change)})"
    return f"{both} ({signed(row.change)} [{signed(row.low)} to {signed(row.high)}])"


def _few(names: tuple[str, ...]) -> str:
    return listed(names, most=NAMED)
