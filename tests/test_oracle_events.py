"""What conditions on events mean to the oracle, by hand: windows, measures and the events of colleagues."""

from __future__ import annotations

from dataclasses import replace

import pytest
from one_lead import NOON, ago, by, days_ago, earned, holds, lead_of, model_of

from workbench.oracle import DAY_US, judge


class TestEvents:
    def test_an_event_counts_before_as_of_only(self):
        assert holds({"event": "visit"}, lead_of(ago(1)))
        assert not holds({"event": "visit"}, lead_of(ago(0), ago(-1)))

    @pytest.mark.parametrize(
        ("us", "expected"), [(1, True), (30 * DAY_US - 1, True), (30 * DAY_US, False), (30 * DAY_US + 1, False)]
    )
    def test_within_is_age_below(self, us, expected):
        assert holds({"event": "visit", "within": "30d"}, lead_of(ago(us))) is expected

    def test_names_are_exact(self):
        lead = lead_of(days_ago(1, "Visit"))
        assert not holds({"event": "visit"}, lead)
        assert not holds({"event": "Visit "}, lead)
        assert holds({"event": ["visit", "Visit"]}, lead)
        assert holds({"event": "any"}, lead)
        assert holds({"event": ["visit", "any"]}, lead)

    @pytest.mark.parametrize(
        ("count", "holding"),
        [
            ({"equals": 0}, [0]),
            ({"equals": 2}, [2]),
            ({"at_least": 2}, [2, 3]),
            ({"above": 2}, [3]),
            ({"at_most": 1}, [0, 1]),
            ({"below": 1}, [0]),
            ({"between": [1, 3]}, [1, 2]),
        ],
    )
    def test_counts(self, count, holding):
        found = [
            number
            for number in range(4)
            if holds({"event": "visit", "count": count}, lead_of(*[days_ago(1)] * number, days_ago(1, "other")))
        ]
        assert found == holding

    def test_silence(self):
        condition = {"event": "any", "within": "21d", "count": {"equals": 0}}
        assert holds(condition, lead_of(days_ago(21), ago(0)))
        assert not holds(condition, lead_of(ago(21 * DAY_US - 1)))

    def test_where_sees_the_event_and_not_the_lead(self):
        condition = {"event": "visit", "where": {"field": "page", "equals": "/Pricing"}}
        assert holds(condition, lead_of(days_ago(1, page="/pricing ")))
        assert not holds(condition, lead_of(days_ago(1, page="/"), page="/pricing"))
        assert not holds(condition, lead_of(days_ago(1), page="/pricing"))

    def test_where_not_holds_for_a_missing_property(self):
        condition = {"event": "visit", "where": {"not": {"field": "page", "equals": "/"}}}
        assert holds(condition, lead_of(days_ago(1)))
        assert not holds(condition, lead_of(days_ago(1, page="/")))

    @pytest.mark.parametrize(
        ("us", "expected"), [(21 * DAY_US - 1, False), (21 * DAY_US, True), (22 * DAY_US, True), (30 * DAY_US, False)]
    )
    def test_older_than_is_age_at_least(self, us, expected):
        assert holds({"event": "visit", "older_than": "21d", "within": "30d"}, lead_of(ago(us))) is expected

    @pytest.mark.parametrize(("us", "expected"), [(12, False), (11, True), (10, True), (9, False)])
    def test_absolute_windows_are_half_open(self, us, expected):
        window = {"after": "2026-06-30T11:59:59.999989Z", "before": "2026-06-30T11:59:59.999991Z"}
        assert holds({"event": "visit", **window}, lead_of(ago(us))) is expected


class TestMeasures:
    def measures(self, test, *events, holding):
        """The one number that equals the measure, among those from 0 to 40."""
        bounded = ({**test, holding: {"equals": number}} for number in range(41))
        return [number for number, each in enumerate(bounded) if holds(each, lead_of(*events))]

    def test_days_are_distinct_utc_days(self):
        noon = 12 * 60 * 60 * 1_000_000
        events = [ago(noon), ago(noon + 1), ago(1), ago(2), days_ago(1)]
        assert self.measures({"event": "visit"}, *events, holding="days") == [2]
        assert self.measures({"event": "click"}, *events, holding="days") == [0]

    def test_ages_of_the_oldest_and_the_newest(self):
        events = [ago(3 * DAY_US - 1), days_ago(9), days_ago(30, "click"), ago(-1)]
        assert self.measures({"event": "visit"}, *events, holding="last_age") == [2]
        assert self.measures({"event": "visit"}, *events, holding="first_age") == [9]
        assert self.measures({"event": "visit"}, holding="first_age") == []

    def test_distinct_values(self):
        pages = ["/a", "/A ", "\t/a", "/b", None, "", " "]
        events = [days_ago(1, page=page) for page in pages] + [days_ago(2)]
        assert self.measures({"event": "visit", "property": "page"}, *events, holding="distinct") == [3]
        events = [days_ago(1, page=value) for value in (1.0, 1.0, 2.5, True, False, None)]
        assert self.measures({"event": "visit", "property": "page"}, *events, holding="distinct") == [4]

    @pytest.mark.parametrize(
        ("values", "points"),
        [
            ([], 0),
            ([None, 2.5, 1.0], 3.5),
            ([0.0004, 0.0004, 0.0004], 0),
            ([0.0005], 0.001),
            ([-0.0005], 0),
            ([-0.0006, 1.0], 0.999),
            ([0.1, 0.2], 0.3),
            ([2e9, -1e9], 0),
            ([-1e300, 1e9], 0),
            ([1.0005], 1.001),  # the double is a little less than 1.0005, but a thousand of it are 1000.5
            ([1.0015], 1.002),
        ],
    )
    def test_sums_are_of_thousandths(self, values, points):
        events = [days_ago(1, seats=value) for value in values]
        condition = {"event": "visit", "property": "seats"}
        assert holds({**condition, "sum": {"equals": points}}, lead_of(*events))
        assert not holds({**condition, "sum": {"above": points}}, lead_of(*events))
        assert not holds({**condition, "sum": {"below": points}}, lead_of(*events))

    def test_events_of_colleagues(self):
        lead = replace(
            lead_of(days_ago(1), days_ago(2)),
            colleagues=(by("b", days_ago(1)), by("b", days_ago(3)), by("c", days_ago(5)), by("d", ago(0))),
        )
        for measure, own, all_of_them in (("count", 2, 5), ("leads", 1, 3), ("days", 2, 4), ("first_age", 2, 5)):
            assert holds({"event": "visit", measure: {"equals": own}}, lead)
            assert holds({"event": "visit", "scope": "account", measure: {"equals": all_of_them}}, lead)

    def test_only_colleagues_were_active(self):
        lead = replace(lead_of(), colleagues=(by("b", days_ago(1)),))
        assert not holds({"event": "visit"}, lead)
        assert holds({"event": "visit", "scope": "account", "leads": {"equals": 1}}, lead)

    def test_points_for_colleagues_events(self):
        rule = {"each": {"event": "visit", "scope": "account"}, "points": 2, "limit": {"per_distinct": "page"}}
        lead = replace(
            lead_of(days_ago(1, page="/")), colleagues=(by("b", days_ago(1, page=" / ")), by("b", days_ago(1)))
        )
        assert judge(model_of(rule), lead, NOON).score == 2_000

    def test_of_several_with_one_value_the_newest_counts(self):
        rule = {
            "each": {"event": "visit"},
            "points": 8,
            "limit": {"per_distinct": "page"},
            "decay": {"half_life": "1d"},
        }
        events = [days_ago(3, page="/a"), days_ago(1, page="/A"), days_ago(2, page="/b"), days_ago(0, page=None)]
        assert earned(rule, *events) == 4_000 + 2_000
