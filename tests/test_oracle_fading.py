"""How points fade with age and dimensions with idleness, by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_lead import ago, by, days_ago, earned, lead_of, model_of, paying, verdict

from workbench.model import Decay
from workbench.oracle import DAY_US, decayed, share

WEEKLY = {"since": {"event": ["visit", "click"]}, "decay": {"geometric": {"lose": "25%", "every": "7d"}}}


def half_life(days: int) -> Decay:
    return Decay(half_life=days)


def decay(**parts) -> Decay:
    return Decay.model_validate_json(json.dumps(parts))


class TestHalfLife:
    @pytest.mark.parametrize(
        ("milli", "age", "days", "expected"),
        [
            (4000, 0, 14, 4000),
            (4000, 14, 14, 2000),
            (4000, 7, 14, 2828),  # 2828.427…
            (10_000, 1, 30, 9772),  # 9771.6…
            (-10_000, 1, 30, -9772),
            (5, 1, 1, 3),  # 2.5
            (-5, 1, 1, -2),  # -2.5
            (1, 1, 1, 1),  # 0.5
            (-1, 1, 1, 0),  # -0.5
            (1, 2, 1, 0),
            (-1, 2, 1, 0),
            (10**9, 20_000, 1, 0),
        ],
    )
    def test_hand_computed(self, milli, age, days, expected):
        assert decayed(milli, age, half_life(days)) == expected

    @given(st.integers(-(10**9), 10**9), st.integers(0, 400), st.integers(1, 60))
    def test_is_the_only_integer_within_a_half(self, milli, age, days):
        """n = floor(x + 1/2) means 2n - 1 <= 2x < 2n + 1; both sides to the power of H are whole numbers."""

        def at_most(low: int) -> bool:
            """Whether low / 2 <= milli * 2^(-age / days), without a root."""
            left, right = low**days * 2**age, (2 * milli) ** days
            if (low < 0) != (milli < 0):
                return low < 0
            return left <= right if low >= 0 or days % 2 else left >= right

        found = decayed(milli, age, half_life(days))
        assert at_most(2 * found - 1)
        assert not at_most(2 * found + 1)

    def test_does_not_depend_on_the_ambient_precision(self):
        with localcontext() as context:
            context.prec = 3
            assert decayed(123_456, 5, half_life(14)) == 96_383  # 96383.3…
            assert +Decimal(123_456) != 123_456


class TestShapes:
    @pytest.mark.parametrize(
        ("shape", "shares"),
        [
            ({"expiry": "7d"}, {0: 1, 6: 1, 7: 0, 400: 0}),
            ({"linear": "90d"}, {0: 1, 3: Fraction(87, 90), 89: Fraction(1, 90), 90: 0, 91: 0}),
            ({"step": {"lose": "50%", "every": "30d"}}, {0: 1, 29: 1, 30: Fraction(1, 2), 59: Fraction(1, 2), 60: 0}),
            ({"step": {"lose": "40%", "every": "1d"}}, {1: Fraction(3, 5), 2: Fraction(1, 5), 3: 0}),
            ({"geometric": {"lose": "25%", "every": "7d"}}, {6: 1, 7: Fraction(3, 4), 14: Fraction(9, 16)}),
            ({"geometric": {"lose": "100%", "every": "7d"}}, {6: 1, 7: 0}),
            ({"half_life": "10d"}, {0: 1, 10: Fraction(1, 2), 30: Fraction(1, 8)}),
            (
                {"table": [[0, "100%"], [3, "50%"], [5, "75%"]]},
                {0: 1, 2: 1, 3: Fraction(1, 2), 5: Fraction(3, 4), 99: Fraction(3, 4)},
            ),
            ({"table": [[0, "80%"]]}, {0: Fraction(4, 5), 50: Fraction(4, 5)}),
        ],
    )
    def test_hand_computed(self, shape, shares):
        assert {age: share(decay(**shape), age) for age in shares} == shares

    @pytest.mark.parametrize(
        ("age", "left"), [(0, 1), (5, 1), (6, Fraction(9, 10)), (14, Fraction(1, 10)), (15, 0), (30, 0)]
    )
    def test_grace_shifts_the_shape(self, age, left):
        assert share(decay(linear="10d", grace="5d"), age) == left

    @pytest.mark.parametrize(("age", "left"), [(0, 1), (7, Fraction(3, 10)), (8, Fraction(1, 4)), (50, Fraction(1, 4))])
    def test_floor_is_what_is_left_in_the_end(self, age, left):
        assert share(decay(linear="10d", floor="25%"), age) == left

    def test_floor_and_grace_together(self):
        shape = decay(expiry="2d", grace="1d", floor="12.5%")
        assert [share(shape, age) for age in (0, 2, 3)] == [1, 1, Fraction(1, 8)]

    @pytest.mark.parametrize(("negatives", "expected"), [(True, -5_000), (False, -10_000)])
    def test_losses_fade_only_if_asked_to(self, negatives, expected):
        shape = decay(half_life="5d", negatives=negatives)
        assert decayed(-10_000, 5, shape) == expected
        assert decayed(10_000, 5, shape) == 5_000

    @pytest.mark.parametrize(("milli", "expected"), [(1, 1), (3, 2), (-1, 0), (-3, -1)])
    def test_halves_go_up(self, milli, expected):
        assert decayed(milli, 1, decay(step={"lose": "50%", "every": "1d"})) == expected

    @given(st.integers(0, 100), st.sampled_from(["expiry", "linear", "half_life"]), st.integers(1, 40))
    def test_a_longer_life_never_leaves_less(self, age, shape, days):
        shorter, longer = (share(decay(**{shape: f"{each}d"}), age) for each in (days, days + 1))
        assert 0 <= shorter <= longer <= 1

    def test_each_event_fades_by_its_own_age(self):
        rule = {"each": {"event": "visit"}, "points": 9, "decay": {"linear": "90d"}}
        assert earned(rule, days_ago(3), days_ago(90), ago(3 * DAY_US - 1)) == 8_700 + 0 + 8_800


class TestInactivity:
    """10 points of a dimension that loses a quarter a week."""

    def dimension(self, points, *events, fades=WEEKLY, **more):
        model = model_of(paying(points), dimensions={"fit": {"inactivity": fades, **more}})
        return verdict(model, lead_of(*events)).dimensions["fit"]

    @pytest.mark.parametrize(("days", "expected"), [(0.5, 10_000), (6, 10_000), (7, 7_500), (13, 7_500), (14, 5_625)])
    def test_by_the_age_of_the_last_event(self, days, expected):
        assert self.dimension(10, ago(int(days * DAY_US)), days_ago(40)) == expected

    def test_a_microsecond_before_the_week_is_full(self):
        assert self.dimension(10, ago(7 * DAY_US - 1)) == 10_000

    def test_without_any_event_nothing_fades(self):
        assert self.dimension(10) == 10_000
        assert self.dimension(10, days_ago(30, "other"), ago(0), ago(-5)) == 10_000

    def test_any_of_the_names_counts(self):
        assert self.dimension(10, days_ago(30), days_ago(8, "click"), days_ago(1, "other")) == 7_500

    def test_a_window_forgets_old_activity(self):
        fades = WEEKLY | {"since": {"event": "visit", "within": "10d"}}
        assert self.dimension(10, days_ago(9), fades=fades) == 7_500
        assert self.dimension(10, days_ago(10), fades=fades) == 10_000

    def test_colleagues_can_keep_a_lead_awake(self):
        fades = WEEKLY | {"since": {"event": "visit", "scope": "account"}}
        model = model_of(paying(10), dimensions={"fit": {"inactivity": fades}})
        lead = lead_of(days_ago(14))
        assert verdict(model, lead).score == 5_625
        assert verdict(model, replace(lead, colleagues=(by("lead-00002", days_ago(1)),))).score == 10_000

    @pytest.mark.parametrize(("negatives", "expected"), [(True, -7_500), (False, -10_000)])
    def test_negative_sums(self, negatives, expected):
        fades = WEEKLY | {"decay": WEEKLY["decay"] | {"negatives": negatives}}
        assert self.dimension(-10, days_ago(7), fades=fades) == expected

    @pytest.mark.parametrize(("points", "expected"), [(0.002, 2), (-0.002, -1), (0.001, 1), (-0.001, -1)])
    def test_halves_go_up(self, points, expected):
        """2 x 0.75 = 1.5 -> 2; -1.5 -> -1; 0.75 -> 1; -0.75 -> -1."""
        assert self.dimension(points, days_ago(7)) == expected

    def test_the_share_has_nine_decimals(self):
        """1,500,000,000 x 0.666666667 = 1,000,000,000.5 thousandths; two thirds of it are 1,000,000,000."""
        fades = WEEKLY | {"decay": {"linear": "3d"}}
        assert self.dimension(1_000_000, days_ago(1), fades=fades) == 666_666_667
        rules = [paying(1_000_000), paying(500_000)]
        model = model_of(*rules, dimensions={"fit": {"inactivity": fades}})
        assert verdict(model, lead_of(days_ago(1))).score == 1_000_000_001  # 1,000,000,000.5, half up

    def test_the_sum_fades_and_not_each_rule(self):
        fades = WEEKLY | {"decay": {"expiry": "1d", "floor": "50%"}}
        model = model_of(*[paying(0.001)] * 3, dimensions={"fit": {"inactivity": fades}})
        assert verdict(model, lead_of(days_ago(2))).score == 2
