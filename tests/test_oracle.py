"""What rules, caps, tiers and gates mean to the oracle, by hand; and that the oracle stands alone."""

from __future__ import annotations

import ast
import json
import random
import sys
from dataclasses import replace
from decimal import Decimal, localcontext
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from one_lead import HOUR_US, ago, days_ago, earned, lead_of, model_of, verdict
from strategies import as_of_us, models, pasts, random_model, random_past, to_oracle
from vocabulary import LISTS

import workbench.oracle
from workbench.model import change_model
from workbench.oracle import DAY_US, Event, decayed, judge

LAST_VISIT = {
    "cases": [
        {"when": {"event": "visit", "within": "7d"}, "points": 100},
        {"when": {"event": "visit", "within": "14d"}, "points": 75},
        {"when": {"event": "visit", "within": "30d"}, "points": 50},
    ],
    "default": -2.5,
}
CAPPED = {
    "dimensions": {"fit": {"max": 10}, "use": {"min": -5, "max": 8}},
    "groups": {"mail": {"in": "use", "min": -3, "max": 4}, "web": {"in": "use", "max": 100}},
}


class TestCases:
    @pytest.mark.parametrize(("days", "points"), [(6, 100), (7, 75), (10, 75), (14, 50), (29, 50), (30, -2.5)])
    def test_eloqua_engagement_rows(self, days, points):
        """Oracle Eloqua help: visited in the last 7 / 14 / 30 days; the last visit 10 days ago gives 75."""
        assert earned(LAST_VISIT, days_ago(days)) == points * 1000

    def test_default_is_nothing(self):
        assert earned({"cases": [{"when": {"event": "visit"}, "points": 3}]}) == 0


class TestEach:
    def test_adobe_cap_of_a_day(self):
        """Adobe Marketo Optimizer: 25 clicks in one day, at most 20 of a type a day, count as 20."""
        rule = {"each": {"event": "click"}, "points": 1, "limit": {"per_day": 20}}
        assert earned(rule, *[ago(number * HOUR_US // 4 + 1, "click") for number in range(25)]) == 20_000

    def test_a_day_is_a_utc_day(self):
        rule = {"each": {"event": "visit"}, "points": 1, "limit": {"per_day": 1}}
        midnight = 12 * HOUR_US
        assert earned(rule, ago(midnight), ago(1)) == 1_000
        assert earned(rule, ago(midnight + 1), ago(midnight)) == 2_000
        assert earned(rule, Event(-1, "visit", {}), Event(0, "visit", {})) == 2_000

    def test_filter_and_window_come_before_limits(self):
        rule = {
            "each": {"event": "visit", "where": {"field": "paid", "equals": True}, "within": "3d"},
            "points": 2.5,
            "limit": {"events": 2, "per_day": 1},
        }
        events = [days_ago(0 + day, paid=paid) for day in (1, 2, 3) for paid in (False, True, True)]
        assert earned(rule, *events) == 5_000

    def test_the_newest_are_kept_before_decay(self):
        rule = {"each": {"event": "visit"}, "points": 8, "limit": {"events": 2}, "decay": {"half_life": "1d"}}
        assert earned(rule, days_ago(3), days_ago(1), days_ago(2), days_ago(4)) == 4_000 + 2_000

    def test_the_limit_of_a_day_comes_before_the_limit_of_events(self):
        rule = {"each": {"event": "visit"}, "points": 8, "limit": {"events": 2, "per_day": 1}}
        decaying = rule | {"decay": {"half_life": "1d"}}
        events = [ago(HOUR_US), ago(2 * HOUR_US), days_ago(1), days_ago(2)]
        assert earned(rule, *events) == 16_000
        assert earned(decaying, *events) == 8_000 + 4_000

    def test_the_newest_of_a_day_is_kept_though_the_day_holds_two_ages(self):
        rule = {"each": {"event": "visit"}, "points": 8, "limit": {"per_day": 1}, "decay": {"half_life": "1d"}}
        assert earned(rule, ago(DAY_US + HOUR_US), ago(DAY_US - HOUR_US)) == 8_000
        assert earned(rule, ago(DAY_US - HOUR_US), ago(DAY_US + HOUR_US)) == 8_000

    def test_each_event_is_rounded_by_itself(self):
        rule = {"each": {"event": "visit"}, "points": 0.001, "decay": {"half_life": "1d"}}
        assert earned(rule, days_ago(1), days_ago(1), days_ago(1)) == 3
        assert earned(rule, days_ago(2), days_ago(2), days_ago(2)) == 0

    @pytest.mark.parametrize(("points", "expected"), [(10, 15_000), (-10, -15_000), (4, 12_000)])
    def test_the_limit_of_points_binds_both_ways(self, points, expected):
        rule = {"each": {"event": "visit"}, "points": points, "limit": {"points": 15}}
        assert earned(rule, days_ago(1), days_ago(2), days_ago(3)) == expected


class TestDecay:
    @pytest.mark.parametrize(
        ("milli", "age", "half_life", "expected"),
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
    def test_hand_computed(self, milli, age, half_life, expected):
        assert decayed(milli, age, half_life) == expected

    @given(st.integers(-(10**9), 10**9), st.integers(0, 400), st.integers(1, 60))
    def test_is_the_only_integer_within_a_half(self, milli, age, half_life):
        """n = floor(x + 1/2) means 2n - 1 <= 2x < 2n + 1; both sides to the power of H are whole numbers."""

        def at_most(low: int) -> bool:
            """Whether low / 2 <= milli * 2^(-age / half_life), without a root."""
            left, right = low**half_life * 2**age, (2 * milli) ** half_life
            if (low < 0) != (milli < 0):
                return low < 0
            return left <= right if low >= 0 or half_life % 2 else left >= right

        found = decayed(milli, age, half_life)
        assert at_most(2 * found - 1)
        assert not at_most(2 * found + 1)

    def test_does_not_depend_on_the_ambient_precision(self):
        with localcontext() as context:
            context.prec = 3
            assert decayed(123_456, 5, 14) == 96_383  # 96383.3…
            assert +Decimal(123_456) != 123_456


class TestCaps:
    def test_group_then_dimension_then_total(self):
        always = {"not": {"event": "any"}}
        model = model_of(
            {"when": always, "points": 12.5},
            {"when": always, "points": 9, "in": "mail"},
            {"when": always, "points": 3, "in": "use"},
            {"when": always, "points": 3.5, "in": "web"},
            score={"max": 17.25},
            **CAPPED,
        )
        found = verdict(model, lead_of())
        assert found.rules == {"r0": 12_500, "r1": 9_000, "r2": 3_000, "r3": 3_500}
        assert found.groups == {"mail": 4_000, "web": 3_500}
        assert found.dimensions == {"fit": 10_000, "use": 8_000}
        assert found.score == 17_250

    def test_lower_ends(self):
        always = {"not": {"event": "any"}}
        model = model_of(
            {"when": always, "points": -9, "in": "mail"},
            {"when": always, "points": -1, "in": "use"},
            {"when": always, "points": -1.5, "in": "web"},
            score={"min": -4},
            **CAPPED,
        )
        found = verdict(model, lead_of())
        assert found.groups == {"mail": -3_000, "web": -1_500}
        assert found.dimensions == {"fit": 0, "use": -5_000}
        assert found.score == -4_000

    def test_a_dimension_without_points_still_has_its_least(self):
        model = model_of({"when": {"event": "any"}, "points": 1}, dimensions={"fit": {}, "floor": {"min": 2}})
        assert verdict(model, lead_of()).score == 2_000

    def test_a_disabled_rule_earns_nothing(self):
        rule = {"when": {"not": {"event": "any"}}, "points": 1}
        found = verdict(model_of(rule, rule | {"enabled": False}), lead_of())
        assert (found.rules, found.score) == ({"r0": 1_000}, 1_000)

    @pytest.mark.parametrize(
        ("points", "expected"),
        [(2.499, 2_000), (2.5, 3_000), (-2.5, -2_000), (-2.501, -3_000), (0.499, 0), (-0.5, 0), (3, 3_000)],
    )
    def test_half_up(self, points, expected):
        rule = {"when": {"not": {"event": "any"}}, "points": points}
        assert verdict(model_of(rule, score={"round": "half_up"}), lead_of()).score == expected
        assert verdict(model_of(rule, score={"round": "none"}), lead_of()).score == round(points * 1000)

    def test_the_total_cap_comes_before_rounding(self):
        rule = {"when": {"not": {"event": "any"}}, "points": 20}
        assert verdict(model_of(rule, score={"max": 10.5, "round": "half_up"}), lead_of()).score == 11_000


class TestTiers:
    @staticmethod
    def tier(points: float, tiers: list[dict], **parts) -> str | None:
        rule = {"when": {"not": {"event": "any"}}, "points": points}
        return verdict(model_of(rule, tiers=tiers, **parts), lead_of()).tier

    @pytest.mark.parametrize(
        ("points", "expected"), [(150, "very good"), (149, "good"), (80, "good"), (79, "medium"), (29, "low")]
    )
    def test_madkudu_thresholds(self, points, expected):
        """MadKudu help: thresholds 150 / 80 / 30."""
        cuts = {"low": 0, "medium": 30, "good": 80, "very good": 150}
        assert self.tier(points, [{"name": name, "from": cut} for name, cut in cuts.items()]) == expected

    def test_none_below_the_first(self):
        assert self.tier(-0.001, [{"name": "low", "from": 0}]) is None
        assert self.tier(0, []) is None

    def test_the_last_that_holds_is_taken_whatever_its_height(self):
        tiers = [{"name": "SQL", "from": 70}, {"name": "MQL", "from": 40}]
        assert self.tier(80, tiers) == "MQL"

    def test_minima_of_dimensions_are_inclusive_and_after_caps(self):
        tiers = [{"name": "MQL", "from": 0}, {"name": "SQL", "from": 5, "require": {"fit": 10}}]
        assert self.tier(10, tiers) == "SQL"
        assert self.tier(9.999, tiers) == "MQL"
        assert self.tier(20, tiers, dimensions={"fit": {"max": 9}}) == "MQL"

    def test_tiers_look_at_the_rounded_score(self):
        tiers = [{"name": "MQL", "from": 40}]
        assert self.tier(39.5, tiers) is None
        assert self.tier(39.5, tiers, score={"round": "half_up"}) == "MQL"


class TestGates:
    MODEL = model_of(
        {"when": {"not": {"event": "any"}}, "points": 50},
        tiers=[{"name": "Nurture", "from": 0}, {"name": "MQL", "from": 40}],
        gates=[
            {"id": "customer", "when": {"field": "customer", "equals": True}, "tier": "Nurture"},
            {"id": "rival", "when": {"field": "domain", "equals": "rival.com"}, "tier": "Disqualified"},
        ],
    )

    def test_no_gate(self):
        found = verdict(self.MODEL, lead_of())
        assert (found.score, found.tier, found.gate) == (50_000, "MQL", None)

    def test_taking_out(self):
        found = verdict(self.MODEL, lead_of(domain="RIVAL.com"))
        assert (found.score, found.tier, found.gate) == (None, "Disqualified", "rival")
        assert found.rules == {"r0": 50_000}
        assert found.dimensions == {"fit": 50_000}

    def test_forcing_a_tier_keeps_the_score(self):
        found = verdict(self.MODEL, lead_of(customer=True))
        assert (found.score, found.tier, found.gate) == (50_000, "Nurture", "customer")

    def test_the_first_that_holds_decides(self):
        found = verdict(self.MODEL, lead_of(customer=True, domain="rival.com"))
        assert (found.score, found.tier, found.gate) == (50_000, "Nurture", "customer")

    def test_names_of_tiers_are_exact(self):
        model = change_model(self.MODEL, {"gates.customer.tier": "nurture"})
        found = verdict(model, lead_of(customer=True))
        assert (found.score, found.tier) == (None, "nurture")


class TestProperties:
    @settings(max_examples=30, deadline=None)
    @given(models(), pasts(), st.randoms(use_true_random=False))
    def test_order_and_future_of_events_do_not_matter(self, model, past, rng):
        moments = as_of_us(past)
        for lead_id, lead in to_oracle(past.frames).items():
            events = list(lead.events) + [Event(moments[lead_id] + rng.randrange(3), name, {}) for name in "ab"]
            rng.shuffle(events)
            before = judge(model, lead, moments[lead_id], LISTS)
            assert judge(model, replace(lead, events=tuple(events)), moments[lead_id], LISTS) == before

    @settings(max_examples=30, deadline=None)
    @given(models(), pasts())
    def test_parts_add_up_inside_their_caps(self, model, past):
        moments = as_of_us(past)
        for lead_id, lead in to_oracle(past.frames).items():
            found = judge(model, lead, moments[lead_id], LISTS)
            assert set(found.rules) == {rule.id for rule in model.active}
            for name, bounds in {**model.dimensions, **model.groups}.items():
                value = found.dimensions.get(name, found.groups.get(name))
                assert bounds.min is None or value >= bounds.min * 1000
                assert bounds.max is None or value <= bounds.max * 1000
            if found.score is not None and model.score.min is model.score.max is None:
                assert abs(found.score - sum(found.dimensions.values())) <= 500

    @pytest.mark.parametrize("seed", range(20))
    def test_same_seed_same_model_and_past(self, seed):
        assert random_model(seed) == random_model(seed)
        assert to_oracle(random_past(seed).frames) == to_oracle(random_past(seed).frames)
        assert to_oracle(random_past(seed).frames) != to_oracle(random_past(seed + 1).frames)

    def test_random_models_speak_the_whole_language(self):
        said = json.dumps([random_model(seed).plain() for seed in range(200)])
        words = [
            *("when", "cases", "default", "each", "within", "events", "per_day", "points", "half_life"),
            *("field", "account_field", "event", "where", "count", "all", "any", "not", "exact", "list"),
            *("equals", "one_of", "has_word", "contains_any", "starts_with", "ends_with", "known"),
            *("at_least", "above", "at_most", "below", "between", "groups", "require", "gates", "enabled"),
        ]
        assert [word for word in words if f'"{word}": ' not in said] == []


class TestIndependence:
    def test_imports_only_the_model_errors_and_the_standard_library(self):
        tree = ast.parse(Path(workbench.oracle.__file__).read_text(encoding="utf-8"))
        imported = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add("." * node.level + (node.module or ""))
        ours = {name for name in imported if name.split(".")[0] not in sys.stdlib_module_names}
        assert ours == {"workbench.errors", "workbench.model"}
        assert "importlib" not in imported
        called = {
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not called & {"__import__", "eval", "exec"}

    def test_random_uses_no_global_state(self):
        random.seed(1)
        first = random_model(5)
        random.seed(2)
        assert random_model(5) == first
