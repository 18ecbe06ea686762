"""The kind of a column, found by rules from its values, and the kind that several files agree on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from workbench.engine import Engine
from workbench.history.cells import SAFE_DIGITS, Column, call, case, literal, not_null
from workbench.history.files import Staged
from workbench.history.mapping import Kind

# One regular expression a cell is many times faster than casts and tests. Exponents end where any mantissa is finite.
_MANTISSA = rf"((0|[1-9]\d{{0,{SAFE_DIGITS - 1}}})(\.\d*)?|\.\d+)"
_NUMBER = rf"\s*([+-]?{_MANTISSA}([eE][+-]?(\d{{1,2}}|[12][0-8]\d))?|[nN][aA][nN])\s*"
_BOOLEAN = r"\s*([tT][rR][uU][eE]|[fF][aA][lL][sS][eE])\s*"


@dataclass(frozen=True)
class Shape:
    """What the values of a column look like.

    Attributes:
        kind: what the source says, None for a text file.
        filled: values that are not missing.
        numbers: of those, finite numbers without a leading zero and of at most 15 digits.
        booleans: of those, `true` or `false` in any case.
    """

    kind: Kind | None
    filled: int
    numbers: int
    booleans: int


def shapes(engine: Engine, staged: Staged, names: Sequence[str]) -> dict[str, Shape]:
    """The shape of each named column."""
    loose = [name for name in names if staged.columns[name].loose]
    counted: list[exp.Expr] = []
    for name in names:
        counted.append(_count(not_null(staged.columns[name].raw)))
        if staged.columns[name].loose:
            counted += [_count(_is_number(staged.columns[name])), _count(_is_boolean(staged.columns[name]))]
    if not counted:
        return {}
    row = iter(engine.rows(exp.Select(expressions=counted).from_(staged.aliased))[0])
    found: dict[str, Shape] = {}
    for name in names:
        filled = int(next(row))
        if name in loose:
            found[name] = Shape(None, filled, int(next(row)), int(next(row)))
        else:
            found[name] = Shape(staged.columns[name].kind, filled, 0, 0)
    return found


def agreed(seen: Sequence[Shape], declared: Kind | None) -> Kind:
    """The kind that holds for all files: the declared one, else the one all their values share, else text."""
    if declared is not None:
        return declared
    filled = [shape for shape in seen if shape.filled]
    if not filled:
        return next((shape.kind for shape in seen if shape.kind is not None), "text")
    if all(shape.kind == "number" or (shape.kind is None and shape.numbers == shape.filled) for shape in filled):
        return "number"
    if all(shape.kind == "boolean" or (shape.kind is None and shape.booleans == shape.filled) for shape in filled):
        return "boolean"
    return "time" if all(shape.kind == "time" for shape in filled) else "text"


def kinds(
    engine: Engine, tables: Sequence[Staged], names: Sequence[str], declared: Mapping[str, Kind]
) -> dict[str, Kind]:
    """The kind of each column over all tables that have it."""
    seen = [shapes(engine, staged, [name for name in names if name in staged.columns]) for staged in tables]
    return {name: agreed([each[name] for each in seen if name in each], declared.get(name)) for name in names}


def _count(test: exp.Expr) -> exp.Expr:
    return exp.Count(this=case([(test, literal(1))]))


def _is_number(source: Column) -> exp.Expr:
    return call("regexp_full_match", source.raw, literal(_NUMBER))


def _is_boolean(source: Column) -> exp.Expr:
    return call("regexp_full_match", source.raw, literal(_BOOLEAN))
