"""What maps, bands, units and shares pay by their meaning, and that writing them out changes nothing."""

from __future__ import annotations

import random

import pytest
from one_lead import days_ago, earned, lead_of, model_of, verdict

SEATS = {"field": "seats"}
VISITS = {"event": "visit"}


class TestMap:
    RULE = {"map": {"field": "region", "points": {"EU": 10, " us": 5.5, "Ä": -1}}, "default": -2}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("value", "points"), [("EU", 10), (" eu\t", 10), ("US", 5.5), ("ä", -2), ("Ä", -1), ("", -2), (None, -2)]
    )
    def test_the_value_that_is_equal(self, value, points):
        assert earned(self.RULE, region=value) == points * 1000

    def test_exact(self):
        points = {**self.RULE["map"]["points"], "eu ": 99}
        rule = {"map": {"field": "region", "points": points, "exact": True}}
        assert [earned(rule, region=value) for value in ("EU", "eu", "eu ", " us", "us")] == [
            10_000,
            0,
            99_000,
            5_500,
            0,
        ]

    def test_of_the_account(self):
        rule = {"map": {"account_field": "region", "points": {"EU": 10}}}
        assert verdict(model_of(rule), lead_of(account={"region": "eu"}, region="us")).score == 10_000
        assert verdict(model_of(rule), lead_of(region="eu")).score == 0


class TestBands:
    STEPS = (
        {"below": 0, "points": -5},
        {"from": 10, "below": 20, "points": 2},
        {"from": 15, "below": 30, "points": 3},
        {"from": 30, "points": 4.5},
    )
    RULE = {"bands": {"of": SEATS, "steps": list(STEPS)}, "default": 1}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("seats", "points"),
        [
            *((-0.001, -5), (0.0, 1), (9.999, 1), (10.0, 2), (15.0, 2), (19.999, 2), (20.0, 3), (29.999, 3)),
            *((30.0, 4.5), (1e15, 4.5), (None, 1)),
        ],
    )
    def test_half_open_and_the_first_counts(self, seats, points):
        assert earned(self.RULE, seats=seats) == points * 1000

    def test_ends_are_doubles_for_fields(self):
        rule = {"bands": {"of": SEATS, "steps": [{"from": 0.3, "points": 1}]}}
        assert [earned(rule, seats=seats) for seats in (0.1 + 0.2, 0.3, 0.29999999999999993)] == [1000, 1000, 0]

    @pytest.mark.parametrize(("visits", "points"), [(0, 1), (1, 1), (2, 7), (3, 7), (4, 1)])
    def test_of_a_count(self, visits, points):
        rule = {"bands": {"of": VISITS, "steps": [{"from": 2, "below": 4, "points": 7}]}, "default": 1}
        assert earned(rule, *[days_ago(1)] * visits) == points * 1000

    def test_of_a_sum_exactly(self):
        rule = {
            "bands": {"of": {**VISITS, "measure": "sum", "property": "paid"}, "steps": [{"from": 0.3, "points": 1}]}
        }
        assert earned(rule, days_ago(1, paid=0.1), days_ago(1, paid=0.2)) == 1000
        assert earned(rule, days_ago(1, paid=0.1), days_ago(1, paid=0.1994)) == 0

    def test_an_age_without_an_event_is_in_no_band(self):
        rule = {
            "bands": {"of": {**VISITS, "measure": "last_age"}, "steps": [{"below": 10, "points": 3}]},
            "default": -1,
        }
        assert [earned(rule), earned(rule, days_ago(9)), earned(rule, days_ago(10))] == [-1000, 3000, -1000]


class TestPer:
    @pytest.mark.parametrize(
        ("seats", "points"), [(-50.0, 0), (0.0, 0), (9.999, 0), (10.0, 2), (29.0, 4), (30.0, 6), (1e9, 6), (None, 0)]
    )
    def test_full_units_up_to_the_ceiling(self, seats, points):
        assert earned({"per": {"of": SEATS, "unit": 10, "most": 3}, "points": 2}, seats=seats) == points * 1000

    def test_borders_are_doubles_for_fields(self):
        rule = {"per": {"of": SEATS, "unit": 0.1, "most": 10}, "points": 1}
        assert [earned(rule, seats=seats) for seats in (0.3, 0.1 + 0.2, 0.7, 0.29999999999999993)] == [
            3000,
            3000,
            7000,
            2000,
        ]

    def test_of_a_sum_and_of_a_count(self):
        of = {**VISITS, "measure": "sum", "property": "paid"}
        events = [days_ago(1, paid=0.1)] * 3
        assert earned({"per": {"of": of, "unit": 0.1, "most": 10}, "points": -1.5}, *events) == -4_500
        assert earned({"per": {"of": VISITS, "most": 2}, "points": 0.001}, *events) == 2


class TestUpTo:
    @pytest.mark.parametrize(("visits", "milli"), [(0, 0), (1, 0), (2, 6_667), (3, 10_000), (4, 10_000)])
    def test_a_share_of_the_points(self, visits, milli):
        """10 x 2/3 = 6,666.67 thousandths; 1 is below `least`."""
        rule = {"up_to": {"of": VISITS, "least": 2, "most": 3}, "points": 10}
        assert earned(rule, *[days_ago(1)] * visits) == milli

    def test_halves_go_up(self):
        rule = {"up_to": {"of": VISITS, "most": 2}}
        assert earned(rule | {"points": 0.001}, days_ago(1)) == 1
        assert earned(rule | {"points": -0.001}, days_ago(1)) == 0
        assert earned(rule | {"points": -0.003}, days_ago(1)) == -1

    @pytest.mark.parametrize(
        ("seats", "milli"), [(-1.0, 0), (0.999, 0), (1.0, 2500), (3.999, 7500), (4.0, 10_000), (1e300, 10_000)]
    )
    def test_a_field_counts_in_whole_numbers(self, seats, milli):
        assert earned({"up_to": {"of": SEATS, "most": 4}, "points": 10}, seats=seats) == milli


class TestWrittenOut:
    """The reader's own way of saying the same pays the same: two readings of one meaning, on random numbers."""

    @pytest.mark.parametrize("seed", range(40))
    def test_pays_the_same(self, seed):
        rng = random.Random(seed)
        rule, quantity = self.rule(rng)
        model = model_of({**rule, "weight": rng.choice([1, 0.5])})
        plain = model.alternatives[0].model
        for _ in range(25):
            lead = self.lead(rng, quantity)
            assert verdict(model, lead).rules == verdict(plain, lead).rules

    @staticmethod
    def rule(rng):
        quantity = rng.choice(["seats", "count", "sum", "first_age", "days"])
        of = SEATS if quantity == "seats" else {**VISITS, "measure": quantity}
        of = {**of, "property": "paid"} if quantity == "sum" else of
        ends = [0, 1, 2, 3, 5] if quantity not in {"seats", "sum"} else [-1, 0, 0.1, 0.3, 0.7, 1, 2.5]
        kind = rng.choice(["bands", "per", "up_to"])
        points = rng.choice([1, -2.5, 0.001, 12.345])
        if kind == "bands":
            cuts = [sorted(rng.sample(ends, 2)) for _ in range(3)]
            steps = [{"from": low, "below": high, "points": rng.choice([1, -2, 3.5])} for low, high in cuts]
            return {"bands": {"of": of, "steps": steps}, "default": points}, quantity
        if kind == "per":
            unit = rng.choice([1, 2, 3] if quantity not in {"seats", "sum"} else [0.1, 0.3, 1, 1.5])
            return {"per": {"of": of, "unit": unit, "most": rng.randint(1, 9)}, "points": points}, quantity
        least = rng.randint(1, 3)
        return {"up_to": {"of": of, "least": least, "most": least + rng.randint(0, 5)}, "points": points}, quantity

    @staticmethod
    def lead(rng, quantity):
        numbers = [None, -1.0, 0.0, 0.1, 0.2, 0.1 + 0.2, 0.3, 0.7, 0.9, 1.0, 1.5, 2.5, 3.0, 4.999, 7.0]
        if quantity == "seats":
            return lead_of(seats=rng.choice(numbers))
        events = [days_ago(rng.randint(0, 6), paid=rng.choice(numbers)) for _ in range(rng.randint(0, 6))]
        return lead_of(*events)
