"""Printed predicates: what protects against an engine's own taste, run where that shows it."""

from __future__ import annotations

import math

import pytest
from sqlglot import exp

from workbench.engine import Engine
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
)
from workbench.engine.sql import (
    Ground,
    case_number,
    double,
    in_form,
    integer,
    print_membership,
    print_predicate,
    text,
    thousandths,
)
from workbench.model.comparison import folded

TEXT, NUMBER, TIME = (Cell("lead", name, name) for name in ("text", "number", "time"))
TYPES = {"text": exp.DataType.Type.VARCHAR, "number": exp.DataType.Type.DOUBLE, "time": exp.DataType.Type.BIGINT}


@pytest.fixture(scope="module")
def engine():
    with Engine() as opened:
        yield opened


def ground(cell=None, as_of=1000):
    """Constants: a cell's value or NULL, a moment, and nothing else."""

    def value(of, form):
        if cell is None:
            return exp.cast(exp.null(), TYPES[of.kind])
        made = text(cell) if isinstance(cell, str) else double(cell) if isinstance(cell, float) else integer(cell)
        return in_form(made, form)

    nothing = exp.cast(exp.null(), exp.DataType.Type.BIGINT)
    return Ground(value, lambda: integer(as_of), lambda _: nothing.copy(), lambda _: nothing.copy())


def answer(engine, predicate, cell=None, as_of=1000):
    [(found,)] = engine.rows(exp.select(print_predicate(predicate, ground(cell, as_of))))
    return found


SETS = Events(None, Constant(True))
LEAVES = [
    Compare(TEXT, "=", "a", True),
    Compare(NUMBER, ">=", -1.5),
    Compare(TIME, "<", -5),
    CompareCells(TEXT, "=", TEXT, True),
    CompareCells(NUMBER, "<=", NUMBER),
    Age(TIME, 1, None),
    Age(TIME, None, -7),
    Changed("field", 9),
    *(Match(TEXT, how, "a", True) for how in ("contains", "starts", "ends", "words", "glob")),
    Match(TEXT, "regex", "a", False),
    Measured(SETS, "last_age", None, ">=", 0),
    Known(TEXT),
    Disjunction((Compare(TEXT, "=", "a"), Compare(TEXT, "=", "b"))),
    Conjunction((Constant(True), Compare(TEXT, "=", "a"))),
]


@pytest.mark.parametrize("predicate", LEAVES, ids=str)
def test_missing_is_decided_before_anything_else_sees_it(engine, predicate):
    assert answer(engine, predicate) is False
    assert answer(engine, Negation(predicate)) is True


@pytest.mark.parametrize(
    ("predicate", "cell", "expected"),
    [
        (Age(TIME, 1, 10), 1000, False),
        (Age(TIME, 1, 10), 999, True),
        (Age(TIME, 1, 10), 991, True),
        (Age(TIME, 1, 10), 990, False),
        (Age(TIME, -9, 1), 1009, True),
        (Age(TIME, -9, 1), 1010, False),
        (Age(TIME, -9, 1), 1000, True),
        (Age(TIME, -9, 1), 999, False),
        (Age(TIME, 5, None), -(2**63) + 1, True),
        (Age(TIME, None, 5), 2**63 - 1, True),
        (AsOf(1000, 1001), None, True),
        (AsOf(1001, None), None, False),
        (AsOf(None, 1000), None, False),
        (AsOf(None, None), None, True),
        (Compare(TIME, "=", 2**53 + 1), 2**53, False),
        (Compare(NUMBER, "=", 0.1 + 0.2), 0.3, False),
        (Compare(NUMBER, "=", 5e-324), 5e-324, True),
    ],
)
def test_borders_without_overflow_or_rounding(engine, predicate, cell, expected):
    assert answer(engine, predicate, cell) is expected


def test_patterns_are_printed_without_backslashes_and_with_an_escape_of_their_own():
    printed = print_predicate(Match(TEXT, "glob", "50%_!*?", False), ground("x")).sql("duckdb")
    assert "LIKE '50!%!_!!%_' ESCAPE '!'" in printed
    assert "\\" not in printed


@pytest.mark.parametrize("sign", [*"%_!*?\\[]^$.'\"", "🙂", "日", "\n"])
def test_a_sign_in_a_glob_stands_for_itself(engine, sign):
    """Unless it is the star or the question mark."""
    glob = Match(TEXT, "glob", f"a{sign}z", False)
    assert answer(engine, glob, f"a{sign}z") is True
    assert answer(engine, glob, "a-z") is (sign in "*?")
    assert answer(engine, glob, "a--z") is (sign == "*")


def test_a_long_list_is_one_in(engine):
    values = [f"L{number}" for number in range(20_000)]
    parts = [Compare(TEXT, "=", value) for value in values]
    listed = Disjunction((*parts, Compare(TEXT, "=", "x", True), Known(NUMBER)))
    printed = print_predicate(listed, ground("L19999"))
    assert len(list(printed.find_all(exp.In))) == 2
    assert len(list(printed.find_all(exp.Or))) <= 2
    assert answer(engine, Disjunction(tuple(parts)), "L19999") is True
    assert answer(engine, Disjunction(tuple(parts)), "l19999") is False


@pytest.mark.parametrize("value", [" VP\t", "ÄRZTE ", "\u00a0vp", "İ", "\u212a", "ß", "\r\na b\n", "\x0bvp\x0b"])
def test_texts_are_folded_alike_here_and_there(engine, value):
    [(found,)] = engine.rows(exp.select(in_form(text(value), "folded")))
    assert found == folded(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, 0),
        (0.0004, 0),
        (0.0005, 1),
        (-0.0005, 0),
        (-0.0006, -1),
        (1.5, 1500),
        (-1.5, -1500),
        (2.0005, 2001),
        (999_999_999.9999, 1_000_000_000_000),
        (1e9, 10**12),
        (1e300, 10**12),
        (-1e300, -(10**12)),
        (None, None),
    ],
)
def test_a_property_in_thousandths(engine, value, expected):
    made = exp.cast(exp.null(), exp.DataType.Type.DOUBLE) if value is None else double(value)
    [(found,)] = engine.rows(exp.select(thousandths(made)))
    assert found == expected
    if value is not None:
        assert expected == math.floor(min(max(value, -1e9), 1e9) * 1000 + 0.5)


def test_the_first_case_that_holds(engine):
    conditions = [exp.false(), exp.true(), exp.true()]
    assert engine.rows(exp.select(case_number(conditions), case_number([]), case_number(conditions[:1]))) == [(2, 0, 0)]


def test_membership_of_every_event_says_nothing():
    def nowhere(cell, form):
        raise AssertionError((cell, form))

    assert print_membership(SETS, event="e", observation="o", cell=nowhere) == exp.true()
    named = Events(("a", "o'k"), Constant(True), window_us=5, force=AsOf(1, None))
    printed = print_membership(named, event="e", observation="o", cell=nowhere)
    assert printed.sql("duckdb") == (
        '"e"."event" IN (\'a\', \'o\'\'k\') AND "e"."at_us" > "o"."as_of_us" - 5 '
        'AND COALESCE(("o"."as_of_us" >= 1), FALSE)'
    )
    assert column("at_us", "e") in set(printed.find_all(exp.Column))
