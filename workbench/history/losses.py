"""Rows that are left out: found, counted by reason, shown, and held to a budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd
from sqlglot import exp

from workbench.engine import Engine
from workbench.engine.duck import column, table
from workbench.errors import DataError, Problem
from workbench.history.cells import call, case, is_null, literal, not_null

SHOWN_ROWS = 3
COLUMNS = ("file", "reason", "column", "rows", "share", "first_rows", "remedy")


@dataclass(frozen=True)
class Reason:
    """Why a row is left out.

    Attributes:
        reason: in a few words, as it is counted and shown.
        column: the column at fault, or empty.
        expected: what would have been right.
        remedy: what to do about it.
        budgeted: counts against the budget. Rows past the end of the data, rows that merely repeat another, and
            rows about a lead that was itself left out do not: nothing is wrong with them.
    """

    reason: str
    column: str
    expected: str
    remedy: str
    budgeted: bool = True


@dataclass(frozen=True)
class Check:
    """A test that a row fails, why that matters, and the cell to show."""

    test: exp.Expr
    reason: Reason
    sample: exp.Expr


@dataclass(frozen=True)
class Loss:
    """Rows of one file left out for one reason."""

    file: str
    reason: Reason
    rows: int
    total: int
    first_rows: tuple[int, ...]
    sample: str | None

    @property
    def share(self) -> float:
        """The share of the file's rows, 0..1."""
        return self.rows / self.total if self.total else 0.0

    def problem(self) -> Problem:
        """The loss as a message."""
        rows = ", ".join(f"{row:,}" for row in self.first_rows) + (", …" if self.rows > len(self.first_rows) else "")
        where = f"{self.file}, column '{self.reason.column}'" if self.reason.column else self.file
        shown = "" if self.sample is None else f", such as {self.sample[:60]!r}"
        noun = "row" if self.total == 1 else "rows"
        found = f"{self.reason.reason} in {self.rows:,} of {self.total:,} {noun} ({self.share:.1%}){shown}"
        return Problem(f"{where}, row {rows}", self.reason.expected, found, self.reason.remedy)


@dataclass
class Losses:
    """What was left out so far; grows while files are loaded."""

    budget: float
    found: list[Loss] = field(default_factory=list)

    def gather(
        self, engine: Engine, judged: str, file: str, total: int, reasons: Sequence[Reason], base: int = 0
    ) -> None:
        """Count the rows of the table `judged` by their `fault`: `base` plus the position among `reasons`.

        The table has the columns row, fault (NULL where the row is good) and sample.

        Raises:
            DataError: when more of the file is left out than the budget allows; one problem for each reason.
        """
        code, row = column("fault"), column("row")
        within = exp.Between(this=code, low=literal(base), high=literal(base + len(reasons) - 1))
        summary = exp.Select(
            expressions=[
                code.copy(),
                exp.Count(this=exp.Star()),
                call("list_sort", call("min", row, literal(SHOWN_ROWS))),
                call("min_by", column("sample"), row.copy()),
            ]
        ).from_(table(judged))
        losses = [
            Loss(file, reasons[int(number) - base], int(count), total, tuple(int(each) for each in first), sample)
            for number, count, first, sample in engine.rows(
                summary.where(within).group_by(code.copy()).order_by(code.copy())
            )
        ]
        self.found.extend(losses)
        charged = [loss for loss in losses if loss.reason.budgeted]
        lost = sum(loss.rows for loss in charged)
        if lost > self.budget * total:
            raise DataError(*(self._over(loss, lost) for loss in charged))

    def note(self, engine: Engine, judged: str, file: str, total: int, reason: Reason) -> None:
        """Count the good rows of the table `judged` whose `noted` (the cell to show) is there; they are kept."""
        cell, row = column("noted"), column("row")
        summary = exp.Select(
            expressions=[
                exp.Count(this=exp.Star()),
                call("list_sort", call("min", row, literal(SHOWN_ROWS))),
                call("min_by", cell, row.copy()),
            ]
        ).from_(table(judged))
        seen = exp.and_(not_null(cell.copy()), is_null(column("fault")))
        ((count, first, sample),) = engine.rows(summary.where(seen))
        if count:
            self.found.append(Loss(file, reason, int(count), total, tuple(int(each) for each in first), sample))

    def _over(self, loss: Loss, lost: int) -> Problem:
        plain = loss.problem()
        allowed = f"{self.budget * 100:.4g}%"
        over = f"In all {lost:,} of {loss.total:,} rows would be left out, and the budget is {allowed}."
        return Problem(plain.where, plain.expected, plain.found, f"{plain.remedy} {over}")

    def frame(self) -> pd.DataFrame:
        """Every row left out, or kept without one of its cells, by file and reason."""
        rows = [
            (
                loss.file,
                loss.reason.reason,
                loss.reason.column,
                loss.rows,
                loss.share,
                ", ".join(str(row) for row in loss.first_rows),
                loss.reason.remedy,
            )
            for loss in self.found
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"rows": "int64", "share": "float64"})


def verdict(checks: Sequence[Check], base: int = 0) -> list[exp.Expr]:
    """The columns `fault` (number of the first check that the row fails) and `sample` (the cell at fault)."""
    faults = [(check.test, literal(base + number)) for number, check in enumerate(checks)]
    samples = [(check.test.copy(), exp.cast(check.sample, "VARCHAR")) for check in checks]
    fault = exp.cast(case(faults, exp.null()), "INTEGER")
    sample = exp.cast(case(samples, exp.null()), "VARCHAR")
    return [exp.alias_(fault, "fault", quoted=True), exp.alias_(sample, "sample", quoted=True)]


def noted(check: Check | None) -> list[exp.Expr]:
    """The column `noted`: the cell to show where the test holds, although the row is kept; nothing without a check."""
    if check is None:
        return []
    cell = exp.cast(case([(check.test.copy(), exp.cast(check.sample, "VARCHAR"))], exp.null()), "VARCHAR")
    return [exp.alias_(cell, "noted", quoted=True)]
