from __future__ import annotations

import math

import pytest

from workbench.reports.change import change_within, money_change, signed, within

NAN = math.nan


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(3.0, 0, "+3"), (-0.0004, 3, "0.000"), (-0.0214, 3, "−0.021"), (-1234.0, 0, "−1,234"), (NAN, 2, "–")],
)
def test_a_signed_number(value, digits, text):
    assert signed(value, digits) == text


def test_a_change_has_its_interval_if_there_is_one():
    assert change_within(0.1, NAN, 0.2, 1) == "+0.1"
    assert change_within(-7.0, -14.0, 0.2).split() == ["−7", "[−14", "to", "0]"]
    assert change_within(NAN, NAN, NAN) == "–"


def test_money_keeps_its_sign():
    assert money_change(-1500.0, NAN, NAN) == "−1.5k"
    assert money_change(0.0, -10.0, 20.0).split() == ["0", "[−10", "to", "+20]"]
    assert money_change(NAN, 0.0, 1.0) == "–"


def test_no_line_is_broken_within_an_interval():
    assert " " not in within("+1", "0", "2")
