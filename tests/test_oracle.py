"""What rules, caps, tiers and gates mean to the oracle, by hand; and that the oracle stands alone."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from one_lead import HOUR_US, ago, days_ago, earned, lead_of, model_of, verdict

import workbench.oracle
from workbench.model import change_model
from workbench.oracle import DAY_US, Event

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


class TestIndependence:
    """The oracle stands alone: it shares no thought with what it judges."""

    SOURCES = tuple(path.read_text(encoding="utf-8") for path in Path(workbench.oracle.__file__).parent.glob("*.py"))

    def test_imports_only_the_model_errors_and_the_standard_library(self):
        imported = set()
        for node in (node for source in self.SOURCES for node in ast.walk(ast.parse(source))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add("." * node.level + (node.module or ""))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"__import__", "eval", "exec"}
        ours = {name for name in imported if name.split(".")[0] not in sys.stdlib_module_names}
        own = {name for name in ours if name.startswith("workbench.oracle.")}
        definition = {f"workbench.model{part}" for part in ("", ".conditions", ".rules", ".transform")}
        assert ours - own == {"workbench.errors", *definition}
        assert "importlib" not in imported

    @pytest.mark.parametrize(
        "word",
        [
            "sugar",
            "written_out",
            "alternative",
            "cuts",
            "lowered",
            "lowering",
            "decay_table",
            "varied",
            "workbench.engine",
        ],
    )
    def test_does_not_even_name_the_write_out(self, word):
        assert len(self.SOURCES) > 1
        assert not any(word in source for source in self.SOURCES)
