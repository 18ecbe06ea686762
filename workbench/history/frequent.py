"""The values that occur most in a text column of a loaded history."""

from __future__ import annotations

from sqlglot import exp

from workbench.engine.duck import column, table
from workbench.history.history import History


def frequent_values(history: History, source: str, name: str, *, most: int) -> tuple[str, ...]:
    """The most frequent texts of a column, those of equal counts in order of the text; missing ones are not counted.

    Args:
        history: the loaded past.
        source: a table of its engine, such as `lead_fields`.
        name: the column, such as `f_region`.
        most: how many at most.
    """
    value = column(name)
    query = (
        exp.select(value, exp.alias_(exp.Count(this=exp.Star()), "n", quoted=True))
        .from_(table(source))
        .where(exp.Is(this=value.copy(), expression=exp.null()).not_())
        .group_by(value.copy())
        .order_by(exp.Ordered(this=column("n"), desc=True), exp.Ordered(this=value.copy()))
        .limit(most)
    )
    return tuple(str(row[0]) for row in history.engine.rows(query))
