from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workbench.drawing.scale import Scale, compact, ends, percent, points, roof, round_ends, signed, step, ticks, times

REAL = st.floats(-1e9, 1e9)


@given(st.floats(1e-6, 1e12), st.integers(1, 50))
def test_a_step_is_the_smallest_round_one(reach, most):
    by = step(reach, most)
    assert reach <= by * most * (1 + 1e-6)
    assert round(by / 10 ** math.floor(math.log10(by * (1 + 1e-9))), 6) in (1, 2, 5)
    assert reach > by / 2.5 * most * (1 - 1e-6)


@given(REAL, st.floats(1e-3, 1e9), st.integers(2, 12))
def test_ticks_lie_on_the_axis_at_even_distances(low, wide, most):
    assume(wide > abs(low) * 1e-6)
    found = ticks(low, low + wide, most)
    assert 1 <= len(found) <= most + 1
    assert low - wide * 1e-6 <= found[0]
    assert found[-1] <= low + wide * (1 + 1e-6)
    assert np.ptp(np.diff(found)) <= wide * 1e-6 if len(found) > 2 else True


@given(st.floats(1e-9, 1e15))
def test_a_roof_is_round_and_not_much_higher(value):
    assert value * (1 - 1e-9) <= roof(value) <= value * 1.5000001


@given(REAL, REAL)
def test_axes_can_always_be_drawn(one, other):
    low, high = ends(one, other)
    assert low < high
    assert low <= min(one, other)
    assert high >= max(one, other)


@given(REAL, st.floats(0, 1e9))
def test_round_ends_hold_zero_and_the_values(low, wide):
    least, most = round_ends(low, low + wide)
    assert least <= min(low, 0) + 1e-6 * (abs(low) + wide) + 1e-9
    assert most >= max(low + wide, 0) - 1e-6 * (abs(low) + wide) - 1e-9
    assert least < most


def test_values_beyond_the_ends_are_put_on_them():
    scale = Scale(0.0, 10.0, 100.0, 0.0)
    assert scale.places(np.array([-5.0, 5.0, 50.0])).tolist() == [100, 50, 0]
    assert np.isnan(scale.places(np.array([np.nan]))).all()


def test_many_places_are_those_of_one():
    scale = Scale(-3.0, 8.0, 46.0, 446.0)
    values = np.linspace(-5, 10, 31)
    assert scale.places(values) == pytest.approx([scale.at(value) for value in values])


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (12, "12"),
        (999.4, "999"),
        (1000, "1k"),
        (12345, "12.3k"),
        (1e7, "10M"),
        (-2.5e9, "−2.5B"),
        (7e12, "7T"),
    ],
)
def test_compact_numbers(number, words):
    assert compact(number) == words


@given(st.floats(-1e14, 1e14))
def test_compact_numbers_are_short_and_near(number):
    words = compact(number)
    assert "e" not in words or abs(number) < 1e-3
    assert len(words) <= 10


def test_unknown_numbers_say_so():
    nan = float("nan")
    assert (percent(nan), times(nan), compact(nan)) == ("unknown", "unknown", "unknown")


def test_signs():
    assert (signed(3), signed(-3), signed(0), points(-3)) == ("+3", "−3", "0", "−3")
