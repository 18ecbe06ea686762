"""The order of evaluation: for each two neighbouring steps a lead whose score shows which one came first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from one_lead import HOUR_US, ago, days_ago, earned, lead_of, model_of, paying, verdict

EACH = {"each": {"event": "visit"}, "points": 8}
HALF_A_DAY = {"half_life": "1d"}
SIGNED_IN = {"field": "in", "equals": True}


class TestWithinARule:
    def test_variant_then_filter(self):
        """The variant's rule counts clicks; the model's would count visits."""
        clicks = {"id": "r0", "in": "fit", "each": {"event": "click"}, "points": 1}
        model = model_of(EACH, variants=[{"name": "v", "override": [clicks]}])
        assert verdict(model, lead_of(days_ago(1), days_ago(1, "click"))).score == 1_000

    def test_filter_then_limits(self):
        """The newest visit is not paid: were it the one that is kept, nothing would be left."""
        rule = EACH | {"each": {"event": "visit", "where": {"field": "paid", "equals": True}}, "limit": {"events": 1}}
        assert earned(rule, days_ago(1, paid=False), days_ago(2, paid=True)) == 8_000

    def test_window_then_limit_per_distinct_value(self):
        """The newest of the page is too young for the window; the older one counts."""
        rule = EACH | {"each": {"event": "visit", "older_than": "2d"}, "limit": {"per_distinct": "page"}}
        assert earned(rule, days_ago(1, page="/"), days_ago(3, page="/")) == 8_000

    def test_limit_per_distinct_value_then_limit_per_day(self):
        """Two newest visits of the day are of one page: one is left, so the day has room for the third."""
        rule = EACH | {"limit": {"per_distinct": "page", "per_day": 2}}
        events = [ago(HOUR_US, page="/a"), ago(2 * HOUR_US, page="/a"), ago(3 * HOUR_US, page="/b")]
        assert earned(rule, *events) == 16_000

    def test_limit_per_day_then_limit_of_events(self):
        """Two newest of all would both be of today."""
        rule = EACH | {"limit": {"per_day": 1, "events": 2}}
        assert earned(rule, ago(HOUR_US), ago(2 * HOUR_US), days_ago(1)) == 16_000

    def test_limit_of_events_then_decay(self):
        """The newest is kept at half its loss; the older one, faded to -1, would be the lesser loss."""
        rule = EACH | {"points": -8, "limit": {"events": 1}, "decay": HALF_A_DAY}
        assert earned(rule, days_ago(1), days_ago(3)) == -4_000

    def test_decay_then_sum(self):
        """Three thousandths halved each: 1.5 -> 2, thrice; their sum halved would be 5."""
        rule = EACH | {"points": 0.003, "decay": HALF_A_DAY}
        assert earned(rule, *[days_ago(1)] * 3) == 6

    def test_decay_then_limit_of_points(self):
        rule = EACH | {"decay": HALF_A_DAY, "limit": {"points": 8}}
        assert earned(rule, days_ago(1), days_ago(1)) == 8_000

    def test_sum_then_limit_of_points(self):
        """8 and 8 are 16, limited to 5; limited one by one they would give 10."""
        rule = EACH | {"limit": {"points": 5}}
        assert earned(rule, days_ago(1), days_ago(1)) == 5_000

    def test_limit_of_points_then_rule_cap(self):
        """16 limited to 5, then lifted to 6; the other way round it would be 5."""
        rule = EACH | {"limit": {"points": 5}, "cap": {"min": 6}}
        assert earned(rule, days_ago(1), days_ago(1)) == 6_000

    def test_rule_cap_then_rule_weight(self):
        """20 capped to 10 and halved is 5; halved first it would be 10."""
        assert earned(paying(20, cap={"max": 10}, weight="50%")) == 5_000

    def test_out_of_force_then_rule_cap(self):
        """Nothing paid is still lifted by the cap, and then weighted."""
        dates = {"effective": {"to": "2026-06-30"}, "cap": {"min": 3}, "weight": 2}
        assert earned(paying(20, **dates)) == 6_000
        cases = {"cases": [{"when": {"event": "visit"}, "points": 1}], "default": 9, **dates}
        assert earned(cases) == 6_000


class TestInForce:
    @pytest.mark.parametrize(
        ("dates", "pays"),
        [
            ({"from": "2026-06-30T12:00:00Z"}, True),
            ({"from": "2026-06-30T12:00:00.000001Z"}, False),
            ({"to": "2026-06-30T12:00:00Z"}, False),
            ({"to": "2026-06-30T12:00:00.000001Z"}, True),
            ({"from": "2026-06-30", "to": "2026-07-01"}, True),
        ],
    )
    def test_dates_are_half_open_and_of_the_moment(self, dates, pays):
        assert earned(paying(1, effective=dates)) == pays * 1_000
        assert earned(EACH | {"effective": dates}, days_ago(300)) == pays * 8_000


class TestAboveTheRules:
    def test_rule_weight_then_group_cap(self):
        model = model_of(paying(6, weight=2, **{"in": "g"}), groups={"g": {"in": "fit", "max": 8}})
        assert verdict(model, lead_of()).groups == {"g": 8_000}

    def test_each_rules_weight_rounds_before_the_sum(self):
        """0.5 -> 1, twice; the sum of both halves would be 1."""
        assert verdict(model_of(*[paying(0.001, weight="50%")] * 2), lead_of()).score == 2

    FADING = {"inactivity": {"since": {"event": "visit"}, "decay": {"half_life": "1d"}}}  # noqa: RUF012
    IDLE = lead_of(days_ago(1))

    def test_group_cap_then_inactivity(self):
        """20 capped to 10, then halved; halved first it would stay 10."""
        model = model_of(
            paying(20, **{"in": "g"}), groups={"g": {"in": "fit", "max": 10}}, dimensions={"fit": self.FADING}
        )
        found = verdict(model, self.IDLE)
        assert (found.groups, found.score) == ({"g": 10_000}, 5_000)

    def test_groups_and_rules_are_summed_then_inactivity(self):
        """One thousandth each: 2 halved is 1; each halved and rounded would be 2."""
        rules = [paying(0.001, **{"in": "g"}), paying(0.001)]
        model = model_of(*rules, groups={"g": {"in": "fit"}}, dimensions={"fit": self.FADING})
        assert verdict(model, self.IDLE).score == 1

    def test_inactivity_then_dimension_weight(self):
        """-3 halved is -1.5 -> -1, times 3 is -3; weighted first it would be -4.5 -> -4."""
        model = model_of(paying(-0.003), dimensions={"fit": {**self.FADING, "weight": 3}})
        assert verdict(model, self.IDLE).score == -3

    def test_inactivity_then_dimension_cap(self):
        """20 halved is 10, above 8; capped first it would be 4."""
        model = model_of(paying(20), dimensions={"fit": {**self.FADING, "max": 8}})
        assert verdict(model, self.IDLE).score == 8_000

    def test_dimension_weight_then_dimension_cap(self):
        model = model_of(paying(6), dimensions={"fit": {"weight": 2, "max": 8}})
        assert verdict(model, lead_of()).dimensions == {"fit": 8_000}

    def test_dimension_cap_then_combine(self):
        """10 capped to 5 times 3; the product of the sums would be 30."""
        model = model_of(
            paying(10),
            paying(3, **{"in": "use"}),
            dimensions={"fit": {"max": 5}, "use": {}},
            score={"combine": "product"},
        )
        assert verdict(model, lead_of()).score == 15_000

    def test_combine_then_transform(self):
        """5 and 5 are 10 -> 100; the two transformed one by one would be 0."""
        model = model_of(
            paying(5),
            paying(5, **{"in": "use"}),
            dimensions={"fit": {}, "use": {}},
            score={"transform": {"table": [[0, 0], [10, 100]]}},
        )
        assert verdict(model, lead_of()).score == 100_000

    def test_transform_then_total_cap(self):
        """10 -> 100, capped to 60; capped first it would be 100."""
        score = {"transform": {"table": [[0, 0], [10, 100]]}, "max": 60}
        assert verdict(model_of(paying(10), score=score), lead_of()).score == 60_000

    def test_total_cap_then_round(self):
        """20 capped to 10.5 and rounded is 11; rounded first it would be 10.5."""
        assert verdict(model_of(paying(20), score={"max": 10.5, "round": "half_up"}), lead_of()).score == 11_000

    def test_round_then_tier(self):
        tiers = [{"name": "MQL", "from": 40}]
        model = model_of(paying(39.5), score={"round": "half_up"}, tiers=tiers)
        assert verdict(model, lead_of()).tier == "MQL"

    def test_tier_then_gate(self):
        model = model_of(
            paying(50),
            tiers=[{"name": "Low", "from": 0}, {"name": "MQL", "from": 40}],
            gates=[{"id": "g", "when": SIGNED_IN, "tier": "Low"}],
        )
        assert verdict(model, lead_of()).tier == "MQL"
        assert verdict(model, replace(lead_of(), fields={"in": True})).tier == "Low"
