from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.widgets.wording import NOTHING, change, figure, points, within

UNITS = st.sampled_from(["share", "ratio", "score", "money", "leads", "other"])
NUMBERS = st.floats(-1e9, 1e9)


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "").replace(" %", "").replace(" pp", "").replace("x", ""))


@given(value=st.floats(-1e6, 1e6), unit=st.sampled_from(["share", "ratio", "score", "money", "leads"]))
def test_a_text_says_the_number_to_its_last_digit(value, unit):
    step = {"share": 0.001, "ratio": 0.01, "score": 0.001}.get(unit, 1)
    told = number(figure(value, unit)) / (100 if unit == "share" else 1)
    assert abs(told - value) <= step / 2 * (1 + 1e-6) + abs(value) * 1e-12


@given(value=NUMBERS, unit=UNITS)
def test_a_change_has_a_sign_unless_it_is_told_as_nothing(value, unit):
    text = change(value, unit)
    assert text[0] == ("+" if value > 0 else "−") if any(digit in text for digit in "123456789") else text[0] == "0"


@given(unit=UNITS)
def test_what_is_not_a_number_is_a_dash(unit):
    nan = float("nan")
    assert figure(nan, unit) == change(nan, unit) == within(nan, 1.0, unit) == within(1.0, nan, unit) == NOTHING


@given(value=st.integers(-100_000_000, 100_000_000))
def test_points_lose_nothing_of_their_thousandths(value):
    assert float(points(value / 1000).replace("−", "-")) == value / 1000
