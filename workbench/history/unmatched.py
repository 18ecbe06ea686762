"""Keys of leads that a second file lacks: counted, and refused where not one of them is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from workbench.engine import Engine
from workbench.engine.duck import column
from workbench.errors import DataError
from workbench.history.cells import call, case, literal
from workbench.history.losses import SHOWN_ROWS, Loss, Losses, Reason


@dataclass(frozen=True)
class Keys:
    """The keys of one file of leads, looked up in a second file.

    Attributes:
        file: the file of leads.
        column: its column or columns with the key.
        total: its rows.
        filled: rows with a key.
        matched: of those, rows whose key the second file has.
        first_rows: the first rows whose key it lacks.
        sample: the first such key, None if there is none.
    """

    file: str
    column: str
    total: int
    filled: int
    matched: int
    first_rows: tuple[int, ...]
    sample: str | None


def look_up(engine: Engine, rows: exp.Select, file: str, title: str, total: int) -> Keys:
    """Count the keys of `rows`, a query of row, key (not NULL) and matched (BOOLEAN)."""
    matched = column("matched", "q")
    missed = case([(exp.not_(matched), column("row", "q"))])
    summary = exp.Select(
        expressions=[
            exp.Count(this=exp.Star()),
            exp.Count(this=case([(matched.copy(), literal(1))])),
            call("list_sort", call("min", missed, literal(SHOWN_ROWS))),
            call("min_by", column("key", "q"), missed.copy()),
        ]
    ).from_(rows.subquery("q"))
    filled, found, first, sample = engine.rows(summary)[0]
    return Keys(file, title, total, int(filled), int(found), tuple(int(row) for row in first or ()), sample)


def count_unmatched(losses: Losses, looked_up: Sequence[Keys], other: str, there: str | None, what: str) -> None:
    """Count keys that are not in the second file; the leads themselves stay.

    Args:
        losses: where they are counted.
        looked_up: the keys, by file of leads.
        other: the second file.
        there: a key that it has, None if it has none.
        what: what it has for each key, `account of this id`.

    Raises:
        DataError: when both sides have keys, and none of the leads' keys is in the second file.
    """
    filled = sum(keys.filled for keys in looked_up)
    if filled and there is not None and not any(keys.matched for keys in looked_up):
        first = next(keys for keys in looked_up if keys.filled)
        raise DataError.at(
            f"{first.file}, column '{first.column}'",
            expected=f"keys that {other} has too, such as {there[:60]!r}",
            found=f"none in {filled:,} {'row' if filled == 1 else 'rows'}, such as {str(first.sample)[:60]!r}",
            remedy="Write the keys alike in both files: 001 and 1 are not the same.",
        )
    for keys in looked_up:
        if keys.filled > keys.matched:
            reason = Reason(
                f"no {what} in {other}",
                keys.column,
                f"a key that {other} has",
                "Nothing, if it is not known; the lead is kept without it.",
                budgeted=False,
            )
            missed = keys.filled - keys.matched
            losses.found.append(Loss(keys.file, reason, missed, keys.total, keys.first_rows, keys.sample))
