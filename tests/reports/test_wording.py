from __future__ import annotations

import doctest
import math

import pytest

from workbench.reports import clean, run, wording

NAN = float("nan")


@pytest.mark.parametrize("module", [wording, clean, run])
def test_the_examples_of_the_docstrings(module):
    outcome = doctest.testmod(module)
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_what_is_undefined_is_a_dash():
    assert wording.rate_within(NAN, NAN, NAN) == "–"
    assert wording.ratio_within(NAN, 1.0, 2.0) == "–"
    assert wording.number_within(NAN, NAN, NAN) == "–"
    assert wording.money_within(NAN, NAN, NAN) == "–"


def test_without_an_interval_the_value_stands_alone():
    assert wording.rate_within(0.5, NAN, NAN) == "50.0 %"
    assert wording.ratio_within(2.0, NAN, 3.0) == "2.0x"
    assert wording.number_within(0.5, NAN, math.nan) == "0.50"
    assert wording.money_within(1000.0, NAN, NAN) == "1k"
