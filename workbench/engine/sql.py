"""Prints the lowered form as query nodes, one way for all engines.

Only integer comparison, equality of texts, CASE, SUM, COUNT and joins are used; no division, no date functions, no
regular expressions. Nodes are built, never pasted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from sqlglot import exp

from workbench.engine.duck import column
from workbench.engine.lowered import (
    Cell,
    Compare,
    Conjunction,
    Constant,
    Counted,
    Events,
    Known,
    Match,
    Negation,
    Predicate,
)
from workbench.model.conditions import SEPARATORS

Form = Literal["raw", "folded", "words", "folded words"]
ColumnOf = Callable[[Cell, Form], exp.Expr]
CountOf = Callable[[Events], exp.Expr]

_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORDER: dict[str, type[exp.Binary]] = {"=": exp.EQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}


def text(value: str) -> exp.Expr:
    """A text literal."""
    return exp.Literal.string(value)


def integer(value: int) -> exp.Expr:
    """A 64-bit integer."""
    return exp.Literal.number(value) if value >= 0 else exp.Neg(this=exp.Literal.number(-value))


def double(value: float) -> exp.Expr:
    """A double, read from its shortest exact spelling."""
    return exp.cast(exp.Literal.string(repr(float(value))), exp.DataType.Type.DOUBLE)


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A function that every engine spells the same way."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def print_predicate(predicate: Predicate, cell: ColumnOf, count: CountOf) -> exp.Expr:
    """The predicate as a boolean that is never NULL.

    Args:
        predicate: what to print.
        cell: where a cell is found, in the form that is asked for (see `in_form`).
        count: where the number of events of a set is found (an integer, never NULL).
    """
    if isinstance(predicate, Constant):
        return exp.true() if predicate.value else exp.false()
    if isinstance(predicate, Known):
        return exp.Is(this=cell(predicate.cell, "raw"), expression=exp.null()).not_()
    if isinstance(predicate, Compare):
        return _decided(
            _ORDER[predicate.operator](
                this=cell(predicate.cell, form_of(predicate)), expression=_literal(predicate.value)
            )
        )
    if isinstance(predicate, Match):
        return _decided(_match(predicate, cell(predicate.cell, form_of(predicate))))
    if isinstance(predicate, Counted):
        return _ORDER[predicate.operator](this=count(predicate.events), expression=integer(predicate.value))
    if isinstance(predicate, Negation):
        return exp.paren(print_predicate(predicate.part, cell, count), copy=False).not_()
    parts = [print_predicate(part, cell, count) for part in predicate.parts]
    join = exp.and_ if isinstance(predicate, Conjunction) else exp.or_
    return exp.paren(join(*parts, copy=False), copy=False)


def form_of(predicate: Compare | Match) -> Form:
    """The form in which a predicate reads its cell."""
    if isinstance(predicate, Match) and predicate.how == "words":
        return "folded words" if predicate.folded else "words"
    return "folded" if predicate.folded else "raw"


def in_form(value: exp.Expr, form: Form) -> exp.Expr:
    """A text as it was stored, folded (outer blanks off, ASCII letters small), or as words between single blanks."""
    if form == "folded words":
        return _words(_fold(value))
    return _words(value) if form == "words" else _fold(value) if form == "folded" else value


def _literal(value: str | float | bool) -> exp.Expr:
    if isinstance(value, bool):
        return exp.true() if value else exp.false()
    return text(value) if isinstance(value, str) else double(value)


def _decided(comparison: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=exp.paren(comparison, copy=False), expressions=[exp.false()])


def _fold(value: exp.Expr) -> exp.Expr:
    return call("TRANSLATE", call("TRIM", value, text(" \t\r\n")), text(_UPPER), text(_UPPER.lower()))


def _match(match: Match, value: exp.Expr) -> exp.Expr:
    size = integer(len(match.text))
    if match.how == "starts":
        return exp.EQ(this=call("LEFT", value, size), expression=text(match.text))
    if match.how == "ends":
        return exp.EQ(this=call("RIGHT", value, size), expression=text(match.text))
    wanted = f" {match.text} " if match.how == "words" else match.text
    return exp.GT(this=exp.StrPosition(this=value, substr=text(wanted)), expression=integer(0))


def _words(value: exp.Expr) -> exp.Expr:
    spaced = call("TRANSLATE", value, text(SEPARATORS), text(" " * len(SEPARATORS)))
    padded: exp.Expr = exp.DPipe(this=exp.DPipe(this=text(" "), expression=spaced), expression=text(" "))
    for old, new in ((" ", "<>"), ("><", ""), ("<>", " ")):  # runs of blanks become one
        padded = call("REPLACE", padded, text(old), text(new))
    return padded


def print_membership(events: Events, event: str, age: exp.Expr, cell: ColumnOf) -> exp.Expr:
    """Whether an event belongs to a set, before limits.

    Args:
        events: the set.
        event: alias of the events table.
        age: as_of - occurred_at in microseconds, not negative.
        cell: where a property of the event is found.
    """
    parts: list[exp.Expr] = []
    if events.names is not None:
        parts.append(exp.In(this=column("event", event), expressions=[text(name) for name in events.names]))
    if events.where != Constant(True):
        parts.append(print_predicate(events.where, cell, _no_counts))
    if events.window_us is not None:
        parts.append(exp.LT(this=age, expression=integer(events.window_us)))
    return exp.and_(*parts, copy=False) if parts else exp.true()


def _no_counts(_: Events) -> exp.Expr:
    raise AssertionError("an event has no events of its own")


def case_number(conditions: Sequence[exp.Expr]) -> exp.Expr:
    """The number (from 1) of the first condition that holds, else 0."""
    if not conditions:
        return integer(0)
    branches = [exp.If(this=condition, true=integer(number)) for number, condition in enumerate(conditions, 1)]
    return exp.Case(ifs=branches, default=integer(0))
