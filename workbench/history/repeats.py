"""Rows that name the same lead or account twice: identical ones are kept once, conflicting ones are all left out."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from workbench.engine import Engine
from workbench.engine.duck import column, table
from workbench.history.cells import call, case, is_null, literal
from workbench.history.losses import Reason

_TWICE, _ROWS = "named_twice", "rows_named_twice"


def repeat_reasons(title: str, what: str) -> tuple[Reason, Reason]:
    """The reasons for a conflicting and for an identical repetition, in this order."""
    once = f"each {what} once"
    return (
        Reason(
            f"the same {what} with different values",
            title,
            once,
            "Keep the right row, or name a column that is unique.",
        ),
        Reason(f"an identical row of the same {what}", title, once, "Nothing: one of them was kept.", budgeted=False),
    )


def mark_repeats(engine: Engine, judged: str, key: str, content: Sequence[str], base: int, per_source: int = 0) -> None:
    """Set `fault` in the table `judged` on rows whose key occurs more than once among its good rows.

    Args:
        engine: holds the table.
        judged: has the columns key, fault, sample, position, source and those of `content`.
        key: the column that should be unique.
        content: the columns that decide whether two rows are identical.
        base: fault number of a conflicting row; an identical one gets the next.
        per_source: added to `base` for each step of the column `source`.
    """
    good = is_null(column("fault"))
    twice = exp.Select(expressions=[exp.alias_(column(key), "k", quoted=True)]).from_(table(judged)).where(good)
    engine.write(
        _TWICE, twice.group_by(column(key)).having(exp.GT(this=exp.Count(this=exp.Star()), expression=literal(1)))
    )
    if engine.rows(exp.Select(expressions=[exp.Count(this=exp.Star())]).from_(table(_TWICE)))[0][0]:
        _write_rows(engine, judged, key, content)
        _mark(engine, judged, key, base, per_source)
    engine.drop([_TWICE, _ROWS])


def _write_rows(engine: Engine, judged: str, key: str, content: Sequence[str]) -> None:
    """Keys named twice: the number of different contents and the first position."""
    digest = call("hash", *(column(each, "j") for each in content))
    query = (
        exp.Select(
            expressions=[
                exp.alias_(column("k", "t"), "k", quoted=True),
                exp.alias_(exp.Count(this=exp.Distinct(expressions=[digest])), "contents", quoted=True),
                exp.alias_(exp.Min(this=column("position", "j")), "first", quoted=True),
            ]
        )
        .from_(exp.alias_(table(judged), "j", table=True))
        .join(exp.alias_(table(_TWICE), "t", table=True), on=exp.EQ(this=column(key, "j"), expression=column("k", "t")))
        .where(is_null(column("fault", "j")))
        .group_by(column("k", "t"))
    )
    engine.write(_ROWS, query)


def _mark(engine: Engine, judged: str, key: str, base: int, per_source: int) -> None:
    code = exp.Add(this=literal(base), expression=exp.Mul(this=literal(per_source), expression=column("source", "j")))
    conflicting = exp.GT(this=column("contents", "r"), expression=literal(1))
    later = exp.GT(this=column("position", "j"), expression=column("first", "r"))
    repeated = case([(conflicting, code), (later, exp.Add(this=code.copy(), expression=literal(1)))])
    fault = exp.Coalesce(this=column("fault", "j"), expressions=[repeated])
    sample = exp.Coalesce(this=column("sample", "j"), expressions=[column(key, "j")])
    star = exp.Star(
        replace=[
            exp.alias_(exp.cast(fault, "INTEGER"), "fault", quoted=True),
            exp.alias_(sample, "sample", quoted=True),
        ]
    )
    query = (
        exp.Select(expressions=[exp.Column(this=star, table=exp.to_identifier("j"))])
        .from_(exp.alias_(table(judged), "j", table=True))
        .join(
            exp.alias_(table(_ROWS), "r", table=True),
            on=exp.EQ(this=column(key, "j"), expression=column("k", "r")),
            join_type="left",
        )
    )
    marked = f"{judged}_marked"
    engine.write(marked, query)
    engine.write(judged, exp.select("*").from_(table(marked)))
    engine.drop([marked])
