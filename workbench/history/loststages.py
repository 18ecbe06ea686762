"""Stage rows that are left out for a fault: kept by lead, and held to the budget for each stage by itself.

A lead whose `won` is left out would otherwise pass for a lead that was never won; few such rows in a large file of
many stages can be most of one stage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from workbench.engine import Engine
from workbench.engine.duck import column, table
from workbench.errors import DataError, Problem
from workbench.history.cells import call, literal, not_null
from workbench.history.losses import SHOWN_ROWS, Reason

LOST_STAGES = "lost_stages"
COLUMNS = {"lead": "BIGINT", "stage": "VARCHAR"}
FEW = 3


@dataclass
class Tally:
    """The rows of one stage in one file: all, those left out by reason, and the first of these."""

    rows: int = 0
    lost: dict[str, int] = field(default_factory=dict)
    first_rows: list[int] = field(default_factory=list)


def keep_lost_stages(engine: Engine, judged: str, label: str, reasons: Sequence[Reason], budget: float) -> None:
    """Add to `lost_stages` the rows of the table `judged` that are left out for a fault.

    Args:
        engine: holds both tables.
        judged: has the columns row, lead, stage and fault (a position among `reasons`, NULL where the row is good).
        label: the file.
        reasons: why rows are left out; those that are not budgeted are no faults.
        budget: the share of a stage's rows that may be left out; up to `FEW` rows always may.

    Raises:
        DataError: when more of a stage is left out; one problem for each stage.
    """
    faults = [number for number, reason in enumerate(reasons) if reason.budgeted]
    over = [
        _over(label, stage, tally, budget)
        for stage, tally in _tallies(engine, judged, reasons, faults).items()
        if sum(tally.lost.values()) > max(budget * tally.rows, FEW)
    ]
    if over:
        raise DataError(*over)
    faulty = exp.In(this=column("fault"), expressions=[literal(number) for number in faults])
    whose = exp.and_(faulty, not_null(column("lead")), not_null(column("stage")))
    lost = exp.Select(expressions=[column(name) for name in COLUMNS], distinct=exp.Distinct()).from_(table(judged))
    target = exp.Schema(this=table(LOST_STAGES), expressions=[exp.to_identifier(name, quoted=True) for name in COLUMNS])
    engine.run(exp.Insert(this=target, expression=lost.where(whose)))


def _tallies(engine: Engine, judged: str, reasons: Sequence[Reason], faults: Sequence[int]) -> dict[str, Tally]:
    keys = [column("stage"), column("fault")]
    first = call("list_sort", call("min", column("row"), literal(SHOWN_ROWS)))
    counted = exp.Select(expressions=[*keys, exp.Count(this=exp.Star()), first]).from_(table(judged))
    counted = counted.where(not_null(column("stage"))).group_by(*(key.copy() for key in keys))
    tallies: dict[str, Tally] = {}
    for stage, fault, rows, top in engine.rows(counted.order_by(*(key.copy() for key in keys))):
        tally = tallies.setdefault(str(stage), Tally())
        tally.rows += int(rows)
        if fault in faults:
            tally.lost[reasons[int(fault)].reason] = int(rows)
            tally.first_rows = sorted([*tally.first_rows, *(int(row) for row in top)])[:SHOWN_ROWS]
    return tallies


def _over(label: str, stage: str, tally: Tally, budget: float) -> Problem:
    lost = sum(tally.lost.values())
    rows = ", ".join(f"{row:,}" for row in tally.first_rows) + (", …" if lost > len(tally.first_rows) else "")
    why = "; ".join(f"{count:,} {reason}" for reason, count in tally.lost.items())
    return Problem(
        f"{label}, stage '{stage[:60]}', row {rows}",
        f"at most {budget * 100:.4g}% of a stage's rows at fault",
        f"{lost:,} of {tally.rows:,} ({lost / tally.rows:.1%}): {why}",
        "Correct these rows: their leads would pass for leads that never reached the stage.",
    )
