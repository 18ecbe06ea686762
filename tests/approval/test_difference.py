from __future__ import annotations

from typing import Any

import pytest

from workbench.approval.difference import first_difference


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (0.1 + 0.2, 0.3),
        (1e-17, 0.0),
        (1234567.0, 1234567.0 * (1 + 1e-12)),
        (2, 2.0),
    ],
)
def test_equal_data_has_no_difference(left: Any, right: Any) -> None:
    assert first_difference(left, right) is None


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ({"a": {"b": 0.71}, "c": 1}, {"a": {"b": 0.64}, "c": 2}, "a.b is 0.71 here and 0.64 there"),
        ({"a": [1, 2]}, {"a": [1]}, "a[1] is 2 here and nothing there"),
        ({}, {"a": "x"}, "a is nothing here and 'x' there"),
        ({"a": None}, {}, "a is without a value here and nothing there"),
        ({"a": True}, {"a": 1}, "a is True here and 1 there"),
        ({"a": 10**15}, {"a": 10**15 + 1}, "a is 1000000000000000 here and 1000000000000001 there"),
        ({"a": "1"}, {"a": 1}, "a is '1' here and 1 there"),
        ({"a": {}}, {"a": []}, "a is {} here and [] there"),
        ({"a": 0.5}, {"a": 0.5000001}, "a is 0.5 here and 0.5000001 there"),
    ],
)
def test_the_first_difference_is_named_with_both_values(left: Any, right: Any, words: str) -> None:
    found = first_difference(left, right)
    assert found is not None
    assert found.words("here", "there") == words


def test_a_long_value_is_cut() -> None:
    found = first_difference({"a": "x" * 200}, {"a": 1})
    assert found is not None
    assert found.words("here", "there") == f"a is '{'x' * 78}… here and 1 there"
