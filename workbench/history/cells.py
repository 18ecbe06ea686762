"""How a cell is read: SQL expressions that turn what a file holds into texts, numbers, booleans and times.

A `Column` is one column of a staged table, blanks already missing. Each reading comes as a pair: the value, and a
test that is true where the cell holds something that is not such a value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from workbench.engine.duck import column
from workbench.history.mapping import Kind
from workbench.parsing import Scalar

SPACE = " \t\r\n\u00a0"
SAFE_DIGITS = 15
_CIVIL = r"\d{4}-\d\d-\d\d([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?)?"
_ZONED = r"\d{4}-\d\d-\d\d[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-](0\d|1[0-8])(:?[0-5]\d)?)"
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_NUMBERS = (*_WHOLE, *(f"U{name}" for name in _WHOLE), "FLOAT", "DOUBLE")


@dataclass(frozen=True)
class Column:
    """One column of a staged table.

    Attributes:
        name: its name in the file.
        cell: its name in the staged table.
        sql_type: the engine's type.
        loose: it comes from a text file, so its kind is read off its values.
    """

    name: str
    cell: str
    sql_type: str
    loose: bool

    @property
    def kind(self) -> Kind:
        """The kind that the engine's type says."""
        plain = self.sql_type.split("(")[0].upper()
        if plain == "BOOLEAN":
            return "boolean"
        if plain in _NUMBERS or plain == "DECIMAL":
            return "number"
        return "time" if plain == "DATE" or plain.startswith("TIMESTAMP") else "text"

    @property
    def raw(self) -> exp.Column:
        """The cell as staged."""
        return column(self.cell, "s")


@dataclass(frozen=True)
class Reading:
    """A cell read as some kind: its value, and whether it holds something else."""

    value: exp.Expr
    wrong: exp.Expr


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A function of the engine, by its own name."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def literal(value: Scalar) -> exp.Expr:
    """A constant."""
    if isinstance(value, bool):
        return exp.true() if value else exp.false()
    return exp.Literal.string(value) if isinstance(value, str) else exp.convert(value)


def cast(value: exp.Expr, to: str, *, attempt: bool = False) -> exp.Expr:
    """A cast; with `attempt`, NULL where it fails."""
    kind = exp.DataType.build(to, dialect="duckdb")
    return exp.TryCast(this=value, to=kind) if attempt else exp.Cast(this=value, to=kind)


def case(whens: Sequence[tuple[exp.Expr, exp.Expr]], default: exp.Expr | None = None) -> exp.Expr:
    """CASE WHEN … THEN … ELSE … END; just the default where there is no WHEN."""
    if not whens:
        return default if default is not None else exp.null()
    ifs = [exp.If(this=test, true=value) for test, value in whens]
    return exp.Case(ifs=ifs, default=default)


def is_null(value: exp.Expr) -> exp.Expr:
    """IS NULL."""
    return exp.Is(this=exp.paren(value, copy=False), expression=exp.null())


def not_null(value: exp.Expr) -> exp.Expr:
    """IS NOT NULL."""
    return exp.Not(this=exp.paren(is_null(value), copy=False))


def trim(value: exp.Expr) -> exp.Expr:
    """Without spaces, tabs, line ends and no-break spaces on either side."""
    return call("trim", value, literal(SPACE))


def clean(cell: exp.Expr, sql_type: str, blanks: Sequence[str]) -> exp.Expr:
    """The cell with declared blanks and NaN as NULL, and no negative zero."""
    kind = sql_type.split("(")[0].upper()
    if kind in {"FLOAT", "DOUBLE"}:
        number = cast(cell.copy(), "DOUBLE")
        return case(
            [(call("isnan", cell.copy()), exp.null())], exp.Add(this=number, expression=exp.cast(literal(0), "DOUBLE"))
        )
    if kind == "VARCHAR":
        one_of = "|".join(re.escape(blank.strip(SPACE)) for blank in blanks)
        blank = call("regexp_full_match", cell.copy(), literal(f"[{SPACE}]*({one_of})[{SPACE}]*"))
        return case([(blank, exp.null())], cell)
    if Column("", "", sql_type, loose=False).kind == "text":
        return cast(cell, "VARCHAR")
    return cell


def text(source: Column) -> exp.Expr:
    """The cell as text; whole floating numbers lose their `.0` (identifiers in frames with gaps are floats)."""
    if source.sql_type == "VARCHAR":
        return source.raw
    if source.sql_type == "DOUBLE":
        whole = exp.EQ(this=call("trunc", source.raw), expression=source.raw)
        small = exp.LT(this=call("abs", source.raw), expression=exp.Literal.number("1e15"))
        plain = cast(cast(source.raw, "BIGINT", attempt=True), "VARCHAR")
        return case([(exp.and_(whole, small), plain)], cast(source.raw, "VARCHAR"))
    return cast(source.raw, "VARCHAR")


def name(source: Column) -> exp.Expr:
    """The cell as a trimmed text: identifiers, event names, stage names."""
    return trim(text(source))


def read(source: Column, kind: Kind, zone: str | None) -> Reading:
    """The cell read as `kind`."""
    if kind == "text":
        return Reading(text(source), exp.false())
    if kind == "number":
        return number(source)
    if kind == "boolean":
        return boolean(source)
    return Reading(time_us(source, zone), exp.and_(not_null(source.raw), is_null(time_us(source, zone))))


def number(source: Column) -> Reading:
    """The cell as a finite DOUBLE without negative zero; a text `NaN` counts as missing."""
    if source.kind == "number":
        value = cast(source.raw, "DOUBLE")
        finite = call("isfinite", value)
        return Reading(case([(finite, value.copy())]), exp.and_(not_null(source.raw), exp.not_(finite.copy())))
    if source.kind != "text":
        return Reading(cast(exp.null(), "DOUBLE"), not_null(source.raw))
    plain = trim(source.raw)
    value = cast(plain, "DOUBLE", attempt=True)
    good = exp.and_(call("isfinite", value), exp.not_(call("contains", source.raw, literal("_"))))
    zero = exp.Add(this=value.copy(), expression=exp.cast(literal(0), "DOUBLE"))
    nan = exp.EQ(this=exp.Lower(this=plain.copy()), expression=literal("nan"))
    wrong = exp.and_(
        not_null(source.raw), exp.not_(exp.Coalesce(this=good.copy(), expressions=[exp.false()])), exp.not_(nan)
    )
    return Reading(case([(good, zero)]), wrong)


def boolean(source: Column) -> Reading:
    """The cell as BOOLEAN: true/false, and where a text or number is declared boolean also yes/no and 1/0."""
    if source.kind == "boolean":
        return Reading(source.raw, exp.false())
    if source.kind == "time":
        return Reading(cast(exp.null(), "BOOLEAN"), not_null(source.raw))
    plain = exp.Lower(this=name(source))
    yes = exp.In(this=plain, expressions=[literal(word) for word in ("true", "yes", "1")])
    no = exp.In(this=plain.copy(), expressions=[literal(word) for word in ("false", "no", "0")])
    value = case([(yes, exp.true()), (no, exp.false())])
    return Reading(value, exp.and_(not_null(source.raw), is_null(value.copy())))


def time_us(source: Column, zone: str | None) -> exp.Expr:
    """The cell as UTC epoch microseconds; NULL where it is not a time, or has no zone and none is declared.

    Texts are ISO 8601; a date alone is its midnight. Digits beyond the microsecond are cut. Of the two readings of
    a local time in the hour that clocks repeat, the earlier is taken; a time in the hour they skip is read with the
    offset before it.
    """
    kind = source.sql_type.upper()
    if kind in {"TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ"}:
        return call("epoch_us", exp.paren(source.raw))
    if source.kind == "time":
        finite = call("isfinite", source.raw)
        return case([(finite, _local_us(cast(source.raw, "TIMESTAMP"), zone))])
    if source.kind != "text":
        return cast(exp.null(), "BIGINT")
    plain = trim(source.raw)
    zoned = call("regexp_full_match", plain, literal(_ZONED))
    civil = call("regexp_full_match", plain.copy(), literal(_CIVIL))
    moment = call("epoch_us", cast(plain.copy(), "TIMESTAMPTZ", attempt=True))
    return case([(zoned, moment), (civil, _local_us(cast(plain.copy(), "TIMESTAMP", attempt=True), zone))])


def zoneless(source: Column, zone: str | None) -> exp.Expr:
    """True where the cell is a time without a zone, and no zone is declared."""
    if zone is not None:
        return exp.false()
    if source.kind == "text":
        return call("regexp_full_match", trim(source.raw), literal(_CIVIL))
    without = source.kind == "time" and source.sql_type.upper() not in {"TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ"}
    return not_null(source.raw) if without else exp.false()


def numeric(source: Column) -> exp.Expr:
    """True where the cell is a bare number."""
    if source.kind == "text":
        return call("regexp_full_match", trim(source.raw), literal(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?"))
    return not_null(source.raw) if source.kind == "number" else exp.false()


def _local_us(civil: exp.Expr, zone: str | None) -> exp.Expr:
    if zone is None:
        return cast(exp.null(), "BIGINT")
    if zone == "UTC":
        return call("epoch_us", civil)
    moment = call("timezone", literal(zone), civil)
    earlier = []
    for minutes in (120, 60, 30):
        back = exp.Sub(this=moment.copy(), expression=exp.Interval(this=literal(str(minutes)), unit=exp.var("MINUTE")))
        same = exp.EQ(this=call("timezone", literal(zone), back), expression=civil.copy())
        earlier.append((same, call("epoch_us", back.copy())))
    return case(earlier, call("epoch_us", moment))


def equals(source: Column, value: Scalar) -> exp.Expr:
    """True where the cell equals a value of a mapping: numbers as numbers, booleans as booleans, texts trimmed."""
    if isinstance(value, bool):
        return exp.EQ(this=exp.Lower(this=name(source)), expression=literal("true" if value else "false"))
    if isinstance(value, str):
        return exp.EQ(this=name(source), expression=literal(value.strip(SPACE)))
    if source.kind == "boolean":
        return exp.EQ(this=cast(source.raw, "INTEGER"), expression=literal(value))
    return exp.EQ(this=number(source).value, expression=literal(value))


def any_of(source: Column, values: Sequence[Scalar]) -> exp.Expr:
    """True where the cell equals one of several values."""
    return exp.or_(*(equals(source, value) for value in values))
