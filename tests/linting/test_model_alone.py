"""Every check that needs the model alone: it finds its example, and nothing else in it, and nothing in its twin."""

from __future__ import annotations

import pytest

from linting.examples import EXAMPLES, Parts, made
from workbench.linting import CHECKS, lint

ALL = [
    pytest.param(code, bad, good, id=f"{code} {name}")
    for code, examples in EXAMPLES.items()
    for name, bad, good in examples
]


@pytest.mark.parametrize(("code", "bad", "good"), ALL)
def test_each_example_is_found_and_its_twin_is_not(code: str, bad: Parts, good: Parts) -> None:
    found = lint(made(bad)).findings
    assert {each.code for each in found} == {code}, [str(each) for each in found]
    twin = lint(made(good)).findings
    assert twin == (), [str(each) for each in twin]


def test_every_check_on_the_model_has_an_example() -> None:
    assert set(EXAMPLES) == {check.code for check in CHECKS if check.code < "L2"}
