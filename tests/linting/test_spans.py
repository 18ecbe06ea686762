from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.linting.spans import EVERY, NONE, Spans, bounded, span, whole

ENDS = st.sampled_from([-1, 0, 1, 1.5, 2, 3])
OPERATORS = ["equals", "at_least", "above", "at_most", "below"]


def holds(operator: str, number: float, end: float) -> bool:
    return {
        "equals": number == end,
        "at_least": number >= end,
        "above": number > end,
        "at_most": number <= end,
        "below": number < end,
    }[operator]


def has(found: Spans, number: float) -> bool:
    return not (found & span(at_least=number, at_most=number)).empty


@given(
    st.sampled_from(OPERATORS),
    ENDS,
    st.sampled_from(OPERATORS),
    ENDS,
    st.sampled_from([-2, -1, 0, 0.5, 1, 1.5, 2, 3, 9]),
)
def test_sets_are_what_the_operators_say(one: str, end: float, other: str, last: float, number: float) -> None:
    first, second = bounded(one, end), bounded(other, last)
    assert has(first, number) == holds(one, number, end)
    assert has(first & second, number) == (holds(one, number, end) and holds(other, number, last))
    assert has(first.complement(), number) != has(first, number)
    assert first.complement().complement() == first


def test_between_is_half_open() -> None:
    found = bounded("between", (1, 5))
    assert [has(found, number) for number in (0.999, 1, 4.999, 5)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("found", "numbers"),
    [
        (span(above=3, at_most=5), [4, 5]),
        (span(at_least=3, below=5), [3, 4]),
        (span(above=3, below=4), []),
        (span(at_least=2.5, at_most=3.5), [3]),
        (span(at_least=3, at_most=3).complement() & span(at_least=2, at_most=4), [2, 4]),
    ],
)
def test_whole_numbers_of_a_set(found: Spans, numbers: list[int]) -> None:
    assert [number for number in range(-2, 9) if has(whole(found), number)] == numbers
    assert whole(found).empty == (not numbers)


def test_everything_and_nothing() -> None:
    assert NONE.empty
    assert EVERY.complement() == NONE
    assert NONE.complement() == EVERY
    assert whole(span(at_least=0)).pairs == (((0, 0), (math.inf, 1)),)
    assert span(at_least=2, below=2) == NONE
