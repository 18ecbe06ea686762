"""Lowers a test on a field or property: one operator with its argument becomes comparisons of cells."""

from __future__ import annotations

from typing import Literal

from workbench.document import Place
from workbench.engine.catalog import KIND_WORDS, Binding
from workbench.engine.lowered import (
    DAY_US,
    Age,
    Cell,
    Changed,
    Compare,
    CompareCells,
    Conjunction,
    Constant,
    Disjunction,
    Kind,
    Known,
    Match,
    Negation,
    Order,
    Predicate,
    Source,
)
from workbench.errors import InputError
from workbench.model import AccountFieldTest, Comparison, FieldTest, NamedList, OtherField
from workbench.model.comparison import NUMBER_OPERATORS, SEPARATORS, TIME_OPERATORS, folded
from workbench.parsing import Scalar, moment_us

ORDERS: dict[str, Order] = {
    "equals": "=",
    "at_least": ">=",
    "above": ">",
    "at_most": "<=",
    "below": "<",
    "before": "<",
    "after": ">=",
}
_How = Literal["contains", "starts", "ends", "words", "glob", "regex"]
_MATCHES: dict[str, _How] = {
    "has_word": "words",
    "contains_any": "contains",
    "starts_with": "starts",
    "ends_with": "ends",
    "glob": "glob",
    "regex": "regex",
}
_WANTED: dict[str, Kind] = {
    **dict.fromkeys(_MATCHES, "text"),
    **dict.fromkeys(NUMBER_OPERATORS, "number"),
    **dict.fromkeys(TIME_OPERATORS, "time"),
}
_RELATIVE = ("within", "older_than", "in_next", "changed_within")
_VALUES = {
    "text": "Put the value in quotes, or declare the column's type in the mapping.",
    "number": "Write a number, or declare the column's type in the mapping.",
    "boolean": "Write true or false.",
}
_OPERATORS = {
    "text": "Use equals, one_of, has_word or contains_any, or declare the column's type in the mapping.",
    "number": "Use equals, at_least, below or between, or declare the column's type in the mapping.",
    "boolean": "Use 'equals: true' or 'equals: false'.",
    "time": "Use before, after, within, older_than or known.",
}
_UPPER = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_SPACED = {ord(sign): " " for sign in SEPARATORS}


def words(text: str) -> list[str]:
    """The words of a text: what stands between ASCII blanks and punctuation.

    >>> words("Co-Founder & VP, Sales")
    ['Co', 'Founder', 'VP', 'Sales']
    """
    return [word for word in text.translate(_SPACED).split(" ") if word]


def kind_of(value: object) -> Kind:
    """The kind of a literal."""
    return "boolean" if isinstance(value, bool) else "number" if isinstance(value, int | float) else "text"


def either(parts: list[Predicate]) -> Predicate:
    """At least one of the parts, without needless nesting."""
    return parts[0] if len(parts) == 1 else Disjunction(tuple(parts)) if parts else Constant(False)


def lower_test(
    test: FieldTest | AccountFieldTest, source: Source, place: Place, binding: Binding
) -> tuple[Predicate, tuple[Cell, ...]]:
    """The test, false where a value is missing; and the cells whose missing values its `missing` is about.

    Args:
        test: the test.
        source: what it is asked of.
        place: of the test in its document.
        binding: what names stand for.

    Raises:
        InputError: of the binding's class, if a field or list is not known, an operator does not fit the kind of
            values that a field holds, or it needs an as_of that leads do not have.
    """
    operator = test.operator
    cell = binding.cell(source, test.name, (*place, "account_field" if source == "account" else "field"))
    at = (*place, operator)
    if operator == "known":
        return (Known(cell) if test.known else Negation(Known(cell))), ()
    if operator in _RELATIVE and not binding.catalog.dated:
        raise binding.refused(
            at,
            expected="an operator that needs no as_of",
            found=operator,
            remedy="These leads are taken as recorded, without dates; a plan with 'at: 14d' can use ages.",
        )
    if operator == "changed_within":
        return _changed(cell, test, at, binding), ()
    _demand_kind(cell, operator, at, binding)
    argument = test.argument
    if isinstance(argument, OtherField):
        other = _other(cell, argument, source, at, binding)
        return CompareCells(cell, ORDERS[operator], other, cell.kind == "text" and not test.exact), (cell, other)
    if operator in {"equals", "one_of"}:
        return _among(cell, test, at, binding), (cell,)
    if operator in TIME_OPERATORS:
        return _time(cell, test), (cell,)
    return _match(cell, test) if operator in _MATCHES else _number(cell, test), (cell,)


def _demand_kind(cell: Cell, operator: str, place: Place, binding: Binding) -> None:
    """Raise an error if the operator is not for the kind of values that the cell holds."""
    fits = cell.kind != "time" if operator in {"equals", "one_of"} else _WANTED[operator] == cell.kind
    if not fits and binding.short is not None:
        raise _misfit(cell, "texts" if operator == "equals" else "numbers", place, binding)
    if not fits:
        raise binding.unfit(cell, place, expected="an operator on", found=operator, remedy=_OPERATORS[cell.kind])


def _misfit(cell: Cell, wanted: str, place: Place, binding: Binding) -> InputError:
    """The error for a short form of another kind of values: the author wrote no operator that it could name."""
    return binding.refused(
        place,
        expected=f"a field of {wanted} for '{binding.short[-1] if binding.short else ''}'",
        found=f"'{cell.name}', which holds {KIND_WORDS[cell.kind]}",
        remedy="Use 'map' for texts, 'bands' or 'per' for numbers and 'cases' for the rest, or declare the column's "
        "type in the mapping.",
    )


def _other(cell: Cell, argument: OtherField, source: Source, place: Place, binding: Binding) -> Cell:
    key = "field" if argument.field is not None else "account_field"
    beside: Source = "account" if argument.field is None else "event" if source == "event" else "lead"
    other = binding.cell(beside, argument.name, (*place, key))
    if other.kind != cell.kind:
        raise binding.unfit(
            cell,
            (*place, key),
            expected="a field of",
            found=f"'{other.name}', which holds {KIND_WORDS[other.kind]}",
            remedy="Compare two fields of one kind, or declare the column's type in the mapping.",
        )
    return other


def _changed(cell: Cell, test: Comparison, place: Place, binding: Binding) -> Predicate:
    if cell.source != "lead":
        raise binding.refused(
            place,
            expected="a field of leads, whose changes a table can date",
            found=repr(cell.name),
            remedy="Ask it of a field of leads."
            if cell.source == "account"
            else "A built-in field is worked out, not changed; ask for its value instead.",
        )
    if not binding.catalog.changes:
        raise binding.refused(
            place,
            expected="a history with a table of changes",
            found="none",
            remedy="Map 'changes', or leave this test out.",
        )
    return Changed(cell.name, (test.changed_within or 0) * DAY_US)


def _time(cell: Cell, test: Comparison) -> Predicate:
    """Comparisons of times: with a moment, or of their age; see `Comparison` for the borders."""
    if isinstance(test.before, str) or isinstance(test.after, str):
        return Compare(cell, ORDERS[test.operator], moment_us(test.argument))
    days = test.argument * DAY_US
    if test.operator == "within":
        return Age(cell, 1, days)
    return Age(cell, days, None) if test.operator == "older_than" else Age(cell, 1 - days, 1)


def _number(cell: Cell, test: Comparison) -> Predicate:
    if test.between is not None:
        low, high = test.between
        return Conjunction((Compare(cell, ">=", low), Compare(cell, "<", high)))
    return Compare(cell, ORDERS[test.operator], float(test.argument))


def _match(cell: Cell, test: Comparison) -> Predicate:
    how = _MATCHES[test.operator]
    if how == "regex":
        return Match(cell, how, str(test.regex), False)
    return either([Match(cell, how, _pattern(text, how, exact=test.exact), not test.exact) for text in test.argument])


def _pattern(text: str, how: _How, *, exact: bool) -> str:
    if how == "words":
        return " ".join(words(text if exact else folded(text)))
    return text if exact else text.translate(_UPPER)


def _among(cell: Cell, test: Comparison, place: Place, binding: Binding) -> Predicate:
    values: tuple[Scalar, ...]
    if isinstance(test.one_of, NamedList):
        values = binding.listed(test.one_of.list, (*place, "list"))
    else:
        values = test.one_of if test.one_of is not None else (test.argument,)
    return either([_equal(cell, value, test, place, binding) for value in values])


def _equal(cell: Cell, value: Scalar, test: Comparison, place: Place, binding: Binding) -> Predicate:
    if kind_of(value) != cell.kind and binding.short is not None:
        raise _misfit(cell, "texts", place, binding)
    if kind_of(value) != cell.kind:
        raise binding.unfit(cell, place, expected="values among", found=repr(value), remedy=_VALUES[cell.kind])
    if isinstance(value, str):
        return Compare(cell, "=", value if test.exact else folded(value), not test.exact)
    return Compare(cell, "=", value if isinstance(value, bool) else float(value))
