"""Prints the lowered form as query nodes, one way for all engines.

Only integer comparison, equality of texts, LIKE, CASE, SUM, MIN, MAX, COUNT and joins are used; no date functions,
and no division. Where a model asks for a regular expression, and says that it will not travel, it is found by one
function, `REGEXP_MATCHES`. Nodes are built, never pasted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NoReturn

from sqlglot import exp

from workbench.engine.duck import column
from workbench.engine.lowered import (
    Age,
    AsOf,
    Cell,
    Changed,
    Compare,
    CompareCells,
    Conjunction,
    Constant,
    Disjunction,
    Events,
    Known,
    Match,
    Measured,
    Negation,
    Order,
    Predicate,
)
from workbench.model.comparison import SEPARATORS

Form = Literal["raw", "folded", "words", "folded words"]
ColumnOf = Callable[[Cell, Form], exp.Expr]

_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORDER: dict[Order, type[exp.Binary]] = {"=": exp.EQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}
_ESCAPE = "!"
_PATTERN = {ord("*"): "%", ord("?"): "_", **{ord(sign): _ESCAPE + sign for sign in ("%", "_", _ESCAPE)}}


@dataclass(frozen=True)
class Ground:
    """Where a printed predicate finds what it reads; each call gives a node of its own.

    Attributes:
        cell: a cell in the form that is asked for (see `in_form`).
        as_of: the moment of the observation, in UTC epoch microseconds.
        changed: when a field last changed before as_of, NULL if it did not.
        measured: a quantity of events; never NULL, but for ages without an event.
    """

    cell: ColumnOf
    as_of: Callable[[], exp.Expr]
    changed: Callable[[str], exp.Expr]
    measured: Callable[[Measured], exp.Expr]


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


def print_predicate(predicate: Predicate, ground: Ground) -> exp.Expr:
    """The predicate as a boolean that is never NULL."""
    if isinstance(predicate, Constant):
        return exp.true() if predicate.value else exp.false()
    if isinstance(predicate, Negation):
        return exp.paren(print_predicate(predicate.part, ground), copy=False).not_()
    if isinstance(predicate, Conjunction):
        parts = [print_predicate(part, ground) for part in predicate.parts]
        return exp.paren(exp.and_(*parts, copy=False), copy=False)
    if isinstance(predicate, Disjunction):
        return exp.paren(exp.or_(*_alternatives(predicate, ground), copy=False), copy=False)
    if isinstance(predicate, Known):
        return exp.Is(this=ground.cell(predicate.cell, "raw"), expression=exp.null()).not_()
    if isinstance(predicate, Compare | CompareCells | Match):
        return _decided(_of_cell(predicate, ground))
    return _decided(_of_time_or_events(predicate, ground))


def _of_cell(predicate: Compare | CompareCells | Match, ground: Ground) -> exp.Expr:
    form = form_of(predicate)
    value = ground.cell(predicate.cell, form)
    if isinstance(predicate, Match):
        return _match(predicate, value)
    other = ground.cell(predicate.other, form) if isinstance(predicate, CompareCells) else _literal(predicate.value)
    return _ORDER[predicate.operator](this=value, expression=other)


def _of_time_or_events(predicate: Age | AsOf | Changed | Measured, ground: Ground) -> exp.Expr:
    if isinstance(predicate, Measured):
        return _ORDER[predicate.operator](this=ground.measured(predicate), expression=integer(predicate.value))
    if isinstance(predicate, AsOf):
        return _between(ground.as_of, predicate.from_us, predicate.to_us)
    if isinstance(predicate, Changed):
        begin = exp.Sub(this=ground.as_of(), expression=integer(predicate.window_us))
        return exp.GT(this=ground.changed(predicate.field), expression=begin)
    parts: list[exp.Expr] = []
    if predicate.low_us is not None:
        latest = exp.Sub(this=ground.as_of(), expression=exp.paren(integer(predicate.low_us), copy=False))
        parts.append(exp.LTE(this=ground.cell(predicate.cell, "raw"), expression=latest))
    if predicate.high_us is not None:
        past = exp.Sub(this=ground.as_of(), expression=exp.paren(integer(predicate.high_us), copy=False))
        parts.append(exp.GT(this=ground.cell(predicate.cell, "raw"), expression=past))
    return exp.and_(*parts, copy=False)


def _between(value: Callable[[], exp.Expr], from_us: int | None, to_us: int | None) -> exp.Expr:
    """from_us <= value < to_us."""
    parts: list[exp.Expr] = []
    if from_us is not None:
        parts.append(exp.GTE(this=value(), expression=integer(from_us)))
    if to_us is not None:
        parts.append(exp.LT(this=value(), expression=integer(to_us)))
    return exp.and_(*parts, copy=False) if parts else exp.true()


def _alternatives(predicate: Disjunction, ground: Ground) -> list[exp.Expr]:
    """The parts, those that compare one cell with several texts as one IN: lists may be long."""
    texts: dict[tuple[Cell, bool], list[str]] = {}
    rest: list[Predicate] = []
    for part in predicate.parts:
        if isinstance(part, Compare) and part.operator == "=" and isinstance(part.value, str):
            texts.setdefault((part.cell, part.folded), []).append(part.value)
        else:
            rest.append(part)
    printed = [
        _decided(
            exp.In(
                this=ground.cell(cell, "folded" if folded else "raw"),
                expressions=[text(value) for value in dict.fromkeys(values)],
            )
        )
        for (cell, folded), values in texts.items()
    ]
    return [*printed, *(print_predicate(part, ground) for part in rest)]


def form_of(predicate: Compare | CompareCells | Match) -> Form:
    """The form in which a predicate reads its cells."""
    if isinstance(predicate, Match) and predicate.how == "words":
        return "folded words" if predicate.folded else "words"
    return "folded" if predicate.folded else "raw"


def form_of_value(cell: Cell) -> Form:
    """The form in which values of a cell are told apart: texts folded."""
    return "folded" if cell.kind == "text" else "raw"


def forms(predicate: Predicate) -> list[tuple[Cell, Form]]:
    """The cells that a predicate without parts reads, outside of events, each in its form."""
    if isinstance(predicate, CompareCells):
        return [(predicate.cell, form_of(predicate)), (predicate.other, form_of(predicate))]
    if isinstance(predicate, Compare | Match):
        return [(predicate.cell, form_of(predicate))]
    return [(predicate.cell, "raw")] if isinstance(predicate, Known | Age) else []


def in_form(value: exp.Expr, form: Form) -> exp.Expr:
    """A text as it was stored, folded (outer blanks off, ASCII letters small), or as words between single blanks."""
    if form == "folded words":
        return _words(_fold(value))
    return _words(value) if form == "words" else _fold(value) if form == "folded" else value


def _literal(value: str | float | bool) -> exp.Expr:
    if isinstance(value, bool):
        return exp.true() if value else exp.false()
    if isinstance(value, str):
        return text(value)
    return integer(value) if isinstance(value, int) else double(value)


def _decided(comparison: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=exp.paren(comparison, copy=False), expressions=[exp.false()])


def _fold(value: exp.Expr) -> exp.Expr:
    return call("TRANSLATE", call("TRIM", value, text(" \t\r\n")), text(_UPPER), text(_UPPER.lower()))


def _match(match: Match, value: exp.Expr) -> exp.Expr:
    if match.how == "glob":
        like = exp.Like(this=value, expression=text(match.text.translate(_PATTERN)))
        return exp.Escape(this=like, expression=text(_ESCAPE))
    if match.how == "regex":
        return call("REGEXP_MATCHES", value, text(match.text))
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


def print_membership(events: Events, *, event: str, observation: str, cell: ColumnOf) -> exp.Expr:
    """Whether an event before as_of belongs to a set, before limits.

    Args:
        events: the set.
        event: alias of the events table (event, at_us).
        observation: alias of the table of observations (as_of_us).
        cell: where a property of the event is found.
    """

    def as_of() -> exp.Expr:
        return column("as_of_us", observation)

    def at() -> exp.Expr:
        return column("at_us", event)

    parts: list[exp.Expr] = []
    if events.names is not None:
        parts.append(exp.In(this=column("event", event), expressions=[text(name) for name in events.names]))
    if events.where != Constant(True):
        parts.append(print_predicate(events.where, Ground(cell, as_of, _nothing, _nothing)))
    if events.window_us is not None:
        parts.append(exp.GT(this=at(), expression=exp.Sub(this=as_of(), expression=integer(events.window_us))))
    if events.older_us is not None:
        parts.append(exp.LTE(this=at(), expression=exp.Sub(this=as_of(), expression=integer(events.older_us))))
    if events.from_us is not None or events.to_us is not None:
        parts.append(_between(at, events.from_us, events.to_us))
    if events.force is not None:
        parts.append(print_predicate(events.force, Ground(cell, as_of, _nothing, _nothing)))
    return exp.and_(*parts, copy=False) if parts else exp.true()


def _nothing(_: object) -> NoReturn:
    raise AssertionError("an event has no events and no changes of its own")


_MOST = 1e9


def thousandths(value: exp.Expr) -> exp.Expr:
    """A number, kept within a thousand million, in whole thousandths: floor(1000 x + 1/2); NULL if it is missing."""
    kept = exp.Case(
        ifs=[
            exp.If(this=exp.GT(this=value, expression=double(_MOST)), true=double(_MOST)),
            exp.If(this=exp.LT(this=value.copy(), expression=double(-_MOST)), true=double(-_MOST)),
        ],
        default=value.copy(),
    )
    scaled = exp.Mul(this=exp.paren(kept, copy=False), expression=double(1000))
    return exp.cast(exp.Floor(this=exp.Add(this=scaled, expression=double(0.5))), exp.DataType.Type.BIGINT)


def case_number(conditions: Sequence[exp.Expr]) -> exp.Expr:
    """The number (from 1) of the first condition that holds, else 0."""
    if not conditions:
        return integer(0)
    branches = [exp.If(this=condition, true=integer(number)) for number, condition in enumerate(conditions, 1)]
    return exp.Case(ifs=branches, default=integer(0))
