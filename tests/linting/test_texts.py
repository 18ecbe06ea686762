from __future__ import annotations

from itertools import product

import pytest

from workbench.linting.compiled import pattern
from workbench.linting.texts import ANY_TEXT, How, Pattern, folded

VALUES = [
    "vp",
    "VP ",
    " vp sales",
    "mvp",
    "sales vp",
    "VP, Sales",
    "avpb",
    "",
    "sales",
    "*",
    "v",
    "Vp-sales",
    "vpsales",
]
TEXTS = ["vp", "VP", "vp sales", "sales", "v", " vp", "vp ", "v*", "*sales", "v?", "*", "vp*sales"]
HOWS: list[How] = ["contains", "starts", "ends", "words", "glob"]
PATTERNS = [
    pattern(how, text, exact=exact)
    for how, text, exact in product(HOWS, TEXTS, [True, False])
    if how != "words" or text.strip("* ")
]


@pytest.mark.parametrize("one", PATTERNS, ids=str)
def test_what_is_implied_or_excluded_is_so_for_every_value(one: Pattern) -> None:
    passing = [value for value in VALUES if one.holds(value)]
    assert not (one.never and passing)
    for other in PATTERNS:
        if one.implies(other):
            assert all(other.holds(value) for value in passing), other
        if one.excludes(other):
            assert not any(other.holds(value) for value in passing), other


def test_something_is_implied_and_excluded() -> None:
    assert pattern("starts", "VP Sales", exact=False).implies(pattern("contains", "p s", exact=False))
    assert pattern("words", "vp sales", exact=False).implies(pattern("contains", "vp", exact=False))
    assert not pattern("words", "vp sales", exact=False).implies(pattern("contains", "vp sales", exact=False))
    assert pattern("glob", "vp*sales", exact=True).implies(pattern("ends", "sales", exact=False))
    assert pattern("starts", "vp", exact=False).excludes(pattern("starts", "chief", exact=False))
    assert not pattern("starts", "vp", exact=False).excludes(pattern("ends", "chief", exact=False))


@pytest.mark.parametrize("exact", [True, False])
def test_values_decide_over_patterns(exact: bool) -> None:
    among = ANY_TEXT.equal(frozenset({"vp", "chief"}), exact=exact, holds=True)
    assert among.matched(frozenset({pattern("starts", "c", exact=False)}), holds=True).possible
    assert not among.matched(frozenset({pattern("starts", "x", exact=False)}), holds=True).possible
    assert not among.equal(frozenset({"vp", "chief"}), exact=exact, holds=False).possible
    assert (
        not among.matched(frozenset({pattern("contains", "v", exact=False)}), holds=False)
        .equal(frozenset({"chief"}), exact=exact, holds=False)
        .possible
    )


def test_a_folded_value_leaves_the_case_open() -> None:
    among = ANY_TEXT.equal(frozenset({"vp"}), exact=False, holds=True)
    assert among.matched(frozenset({pattern("contains", "VP", exact=True)}), holds=True).possible
    assert among.matched(frozenset({pattern("contains", "VP", exact=True)}), holds=False).possible
    assert among.equal(frozenset({"Vp"}), exact=True, holds=True).possible
    assert not among.equal(frozenset({"MVP"}), exact=True, holds=True).possible


def test_folding_is_that_of_the_language() -> None:
    assert folded("  VP Vertrieb ÖSTERREICH \t") == "vp vertrieb Österreich"
