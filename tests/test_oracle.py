from __future__ import annotations

import ast
import json
import random
import sys
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, localcontext
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import as_of_us, models, pasts, random_model, random_past, to_oracle
from vocabulary import LISTS

import workbench.oracle
from workbench.document import Document
from workbench.errors import CallError
from workbench.model import Model, change_model, parse_model
from workbench.oracle import DAY_US, Event, Lead, Verdict, decayed, judge

NOON = 1_782_820_800_000_000  # 2026-06-30 12:00 UTC
HOUR_US = DAY_US // 24


def model_of(*rules: dict, **parts) -> Model:
    data = {
        "format": "lead-scoring-model/1",
        "name": "small",
        "dimensions": {"fit": {}},
        "rules": [{"id": f"r{number}", "in": "fit", **rule} for number, rule in enumerate(rules)],
    }
    return parse_model(Document("small", data | parts, {}, ""))


def lead_of(*events: Event, account: Mapping | None = None, **fields) -> Lead:
    return Lead(fields, account or {}, events)


def ago(us: int, name: str = "visit", **properties) -> Event:
    return Event(NOON - us, name, properties)


def days_ago(days: int, name: str = "visit", **properties) -> Event:
    return ago(days * DAY_US, name, **properties)


def verdict(model: Model, lead: Lead) -> Verdict:
    return judge(model, lead, NOON)


def holds(condition: dict, lead: Lead, **lists: tuple[str, ...]) -> bool:
    found = judge(model_of({"when": condition, "points": 1}), lead, NOON, lists)
    assert found.score in {0, 1000}
    return found.score == 1000


def earned(rule: dict, *events: Event) -> int:
    return verdict(model_of(rule), lead_of(*events)).rules["r0"]


def compares(test: dict, value) -> bool:
    return holds({"field": "x", **test}, lead_of(x=value))


class TestText:
    @pytest.mark.parametrize(
        ("test", "value", "expected"),
        [
            ({"equals": "EU"}, " eu\t", True),
            ({"equals": " eu\r\n"}, "EU", True),
            ({"equals": "EU"}, "E U", False),
            ({"equals": "EU", "exact": True}, "eu", False),
            ({"equals": "EU", "exact": True}, "EU ", False),
            ({"equals": "EU", "exact": True}, "EU", True),
            ({"equals": "ä"}, "Ä", False),
            ({"equals": "k"}, "\u212a", False),
            ({"equals": "eu"}, "\u00a0eu", False),
            ({"equals": "eu"}, "\x0beu", False),
            ({"one_of": ["us", "EU "]}, "eu", True),
            ({"one_of": ["us", "eu"]}, "de", False),
            ({"one_of": ["us", "eu"], "exact": True}, "Eu", False),
            ({"contains_any": ["%", "vp"]}, "MVP", True),
            ({"contains_any": ["%"]}, "100", False),
            ({"contains_any": ["_"]}, "axb", False),
            ({"contains_any": ["VP"], "exact": True}, "mvp", False),
            ({"contains_any": ["a "]}, "a b", True),
            ({"contains_any": ["b "]}, "a b ", False),
            ({"contains_any": ["b "], "exact": True}, "a b ", True),
            ({"starts_with": "head"}, "\n Head of", True),
            ({"starts_with": " head"}, " head of", False),
            ({"starts_with": " head", "exact": True}, " head of", True),
            ({"starts_with": ["of", "ceo"]}, "head of", False),
            ({"ends_with": [".DE", ".com"]}, "x.de\r\n", True),
            ({"ends_with": "\\"}, "back\\", True),
            ({"ends_with": ".com"}, "x.com.", False),
        ],
    )
    def test_hand_computed(self, test, value, expected):
        assert compares(test, value) is expected

    @pytest.mark.parametrize(
        ("sought", "value", "expected"),
        [
            ("vp", "MVP", False),
            ("vp", "SVP/VP", True),
            ("vp", "vp_ops", True),
            ("vp", "vp\u00a0", False),
            ("vp", "vpé", False),
            ("vp", "vp\x0bx", False),
            ("vp", "\u2013vp", False),
            ("vp", "vp2", False),
            ("Vice President", "senior VICE-president, sales", True),
            ("vice president", "president vice", False),
            ("vice president", "vice of president", False),
            ("a a b", "a a a b", True),
            ("o'brien", "O Brien", True),
            ("x", "", False),
            (" - ", "a - b", False),
            ("ärzte", "Die ärzte!", True),
        ],
    )
    def test_words(self, sought, value, expected):
        assert compares({"has_word": sought}, value) is expected

    def test_exact_words_keep_their_case(self):
        assert compares({"has_word": ["IT"], "exact": True}, "Head of IT.")
        assert not compares({"has_word": ["IT"], "exact": True}, "make it so")

    def test_named_list(self):
        condition = {"field": "x", "one_of": {"list": "free"}}
        assert holds(condition, lead_of(x=" GMail.com"), free=("aol.com", "gmail.com "))
        assert not holds(condition | {"exact": True}, lead_of(x="GMail.com"), free=("gmail.com",))
        with pytest.raises(CallError, match=r"lists: expected the list 'free', found 'paid'"):
            holds(condition, lead_of(x="gmail.com"), paid=())


class TestNumbers:
    @pytest.mark.parametrize(
        ("test", "holding", "failing"),
        [
            ({"equals": 3}, [3.0], [3.0000000001, -3.0]),
            ({"equals": 0.3}, [0.3], [0.1 + 0.2]),
            ({"one_of": [1, 2.5]}, [1.0, 2.5], [2.0]),
            ({"at_least": 10}, [10.0, 1e15], [9.999]),
            ({"above": 10}, [10.001], [10.0]),
            ({"at_most": -1}, [-1.0], [-0.999]),
            ({"below": -1}, [-1.001], [-1.0]),
            ({"between": [1, 2]}, [1.0, 1.999], [2.0, 0.999]),
            ({"at_least": 0.3}, [0.1 + 0.2], [0.2999]),
        ],
    )
    def test_borders(self, test, holding, failing):
        assert [compares(test, number) for number in holding] == [True] * len(holding)
        assert [compares(test, number) for number in failing] == [False] * len(failing)

    def test_booleans(self):
        assert compares({"equals": True}, True)
        assert compares({"one_of": [False]}, False)
        assert not compares({"equals": True}, False)

    @pytest.mark.parametrize(
        ("test", "value"),
        [
            ({"equals": "1"}, 1.0),
            ({"equals": 1}, "1"),
            ({"equals": 1}, True),
            ({"equals": True}, 1.0),
            ({"at_least": 0}, "5"),
            ({"at_least": 0}, True),
            ({"has_word": "1"}, 1.0),
        ],
    )
    def test_another_kind_is_false(self, test, value):
        assert not compares(test, value)


class TestMissing:
    @pytest.mark.parametrize(
        "test", [{"equals": "x"}, {"one_of": ["x"]}, {"has_word": "x"}, {"at_least": 0}, {"below": 0}]
    )
    def test_makes_a_comparison_false_and_not_turns_that_round(self, test):
        condition = {"field": "x", **test}
        for lead in (lead_of(x=None), lead_of()):
            assert not holds(condition, lead)
            assert holds({"not": condition}, lead)

    def test_known(self):
        assert compares({"known": True}, "")
        assert compares({"known": True}, 0.0)
        assert not compares({"known": True}, None)
        assert compares({"known": False}, None)
        assert not compares({"known": False}, False)

    def test_account_fields_are_the_accounts(self):
        condition = {"account_field": "x", "equals": "a"}
        assert holds(condition, lead_of(x="b", account={"x": "A"}))
        assert not holds(condition, lead_of(x="a"))
        assert holds({"account_field": "x", "known": False}, lead_of(x="a"))


class TestLogic:
    @pytest.mark.parametrize(("x", "y"), [(True, True), (True, False), (False, True), (False, False)])
    def test_truth_table(self, x, y):
        parts = [{"field": "x", "equals": True}, {"field": "y", "equals": True}]
        lead = lead_of(x=x, y=y)
        assert holds({"all": parts}, lead) is (x and y)
        assert holds({"any": parts}, lead) is (x or y)
        assert holds({"not": {"any": parts}}, lead) is (not x and not y)
        assert holds({"all": [parts[0], {"not": parts[1]}]}, lead) is (x and not y)


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

    def test_where_not_holds_for_a_missing_property(self):
        condition = {"event": "visit", "where": {"not": {"field": "page", "equals": "/"}}}
        assert holds(condition, lead_of(days_ago(1)))
        assert not holds(condition, lead_of(days_ago(1, page="/")))


class TestCases:
    RULE = {
        "cases": [
            {"when": {"event": "visit", "within": "7d"}, "points": 100},
            {"when": {"event": "visit", "within": "14d"}, "points": 75},
            {"when": {"event": "visit", "within": "30d"}, "points": 50},
        ],
        "default": -2.5,
    }

    @pytest.mark.parametrize(("days", "points"), [(6, 100), (7, 75), (10, 75), (14, 50), (29, 50), (30, -2.5)])
    def test_eloqua_engagement_rows(self, days, points):
        """Oracle Eloqua help: visited in the last 7 / 14 / 30 days; the last visit 10 days ago gives 75."""
        assert earned(self.RULE, days_ago(days)) == points * 1000

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
                return low <= 0 <= milli and low <= milli
            return left <= right if low >= 0 or half_life % 2 else left >= right

        found = decayed(milli, age, half_life)
        assert at_most(2 * found - 1)
        assert not at_most(2 * found + 1)

    def test_does_not_depend_on_the_ambient_precision(self):
        with localcontext() as context:
            context.prec = 3
            assert decayed(123_456, 5, 14) == 96_384  # 96383.57…
            assert +Decimal(123_456) != 123_456


class TestCaps:
    PARTS = {
        "dimensions": {"fit": {"max": 10}, "use": {"min": -5, "max": 8}},
        "groups": {"mail": {"in": "use", "min": -3, "max": 4}, "web": {"in": "use", "max": 100}},
    }

    def test_group_then_dimension_then_total(self):
        always = {"not": {"event": "any"}}
        model = model_of(
            {"when": always, "points": 12.5},
            {"when": always, "points": 9, "in": "mail"},
            {"when": always, "points": 3, "in": "use"},
            {"when": always, "points": 3.5, "in": "web"},
            score={"max": 17.25},
            **self.PARTS,
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
            **self.PARTS,
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
