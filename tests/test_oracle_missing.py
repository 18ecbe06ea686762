"""Missing values, `missing: true` and `missing: skip`, and how skipped tests pass through all, any and not."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from one_lead import NOON, days_ago, holds, lead_of, model_of, verdict

from workbench.errors import CallError
from workbench.oracle import judge

YES, NO = {"field": "yes", "equals": True}, {"field": "yes", "equals": False}
SKIPPED = {"field": "gone", "equals": 1, "missing": "skip"}
LEAD = lead_of(yes=True)
SAID = {"true": YES, "false": NO, "skipped": SKIPPED}


class TestThreeValues:
    """The way to see that a condition is skipped: neither it nor its `not` holds."""

    @staticmethod
    def value(condition):
        is_true, is_false = holds(condition, LEAD), holds({"not": condition}, LEAD)
        assert not (is_true and is_false)
        return "true" if is_true else "false" if is_false else "skipped"

    @pytest.mark.parametrize("name", SAID)
    def test_one_test(self, name):
        assert self.value(SAID[name]) == name
        assert self.value({"not": {"not": SAID[name]}}) == name
        assert self.value({"all": [SAID[name]]}) == self.value({"any": [SAID[name]]}) == name

    @pytest.mark.parametrize(
        ("one", "other", "both", "either"),
        [
            ("true", "true", "true", "true"),
            ("true", "false", "false", "true"),
            ("true", "skipped", "true", "true"),
            ("false", "false", "false", "false"),
            ("false", "skipped", "false", "false"),
            ("skipped", "skipped", "skipped", "skipped"),
        ],
    )
    def test_two_tests(self, one, other, both, either):
        for pair in ([SAID[one], SAID[other]], [SAID[other], SAID[one]]):
            assert self.value({"all": pair}) == both
            assert self.value({"any": pair}) == either

    def test_a_skipped_part_is_left_out_at_any_depth(self):
        nested = {"all": [{"not": SKIPPED}, {"any": [SKIPPED, {"all": [SKIPPED]}]}]}
        assert self.value(nested) == "skipped"
        assert self.value({"all": [nested, YES]}) == "true"
        assert self.value({"any": [nested, NO]}) == "false"

    def test_three_parts_are_the_two_that_are_left(self):
        for one, other in product(SAID.values(), repeat=2):
            assert self.value({"all": [one, SKIPPED, other]}) == self.value({"all": [one, other]})
            assert self.value({"any": [one, SKIPPED, other]}) == self.value({"any": [one, other]})


class TestAtTheTop:
    """Where nothing is left, a condition counts as false."""

    def test_of_a_rule_and_a_case(self):
        rule = {"cases": [{"when": {"not": SKIPPED}, "points": 1}, {"when": SKIPPED, "points": 2}], "default": 4}
        assert verdict(model_of(rule), LEAD).score == 4_000

    def test_of_a_gate(self):
        model = model_of({"when": YES, "points": 1}, gates=[{"id": "g", "when": {"not": SKIPPED}, "tier": "Out"}])
        assert verdict(model, LEAD).gate is None

    def test_of_a_variant(self):
        variants = [{"name": "v", "when": {"not": SKIPPED}, "multiply": {"rules": {"r0": 2}}}]
        assert verdict(model_of({"when": YES, "points": 1}, variants=variants), LEAD).variant == ""

    def test_of_an_events_where(self):
        skipped = {"field": "page", "equals": "/", "missing": "skip"}
        for where in (skipped, {"not": skipped}):
            assert not holds({"event": "visit", "where": where}, lead_of(days_ago(1)))
        assert holds({"not": {"event": "visit", "where": skipped}}, lead_of(days_ago(1)))


class TestMissingIsTrue:
    @pytest.mark.parametrize(
        "test",
        [
            *({"equals": "x"}, {"one_of": ["x"]}, {"has_word": "x"}, {"glob": "*"}, {"at_least": 0}, {"below": 0}),
            *({"between": [0, 1]}, {"before": "2026-01-01"}, {"after": "2026-01-01"}, {"within": "1d"}),
            *({"older_than": "1d"}, {"in_next": "1d"}, {"equals": {"field": "y"}}, {"at_least": {"field": "y"}}),
        ],
    )
    def test_a_test_on_nothing(self, test):
        condition = {"field": "x", **test}
        assert not holds(condition, LEAD)
        assert holds({"not": condition}, LEAD)
        assert holds(condition | {"missing": True}, LEAD)
        assert not holds({"not": condition | {"missing": True}}, LEAD)
        assert not holds(condition | {"missing": "skip"}, LEAD)
        assert not holds({"not": condition | {"missing": "skip"}}, LEAD)

    def test_a_value_is_still_compared(self):
        condition = {"field": "x", "at_least": 5, "missing": True}
        assert [holds(condition, lead_of(x=value)) for value in (4.999, 5.0, None)] == [False, True, True]

    @pytest.mark.parametrize(("x", "y"), [(None, 1.0), (1.0, None), (None, None)])
    def test_either_side_of_two_fields(self, x, y):
        condition = {"field": "x", "at_most": {"field": "y"}}
        lead = lead_of(x=x, y=y)
        assert not holds(condition, lead)
        assert holds(condition | {"missing": True}, lead)
        assert not holds({"not": condition | {"missing": "skip"}}, lead)

    def test_an_account_that_is_not_there(self):
        condition = {"account_field": "size", "below": 10}
        assert [holds(condition | {"missing": way}, LEAD) for way in (False, True, "skip")] == [False, True, False]

    @pytest.mark.parametrize("measure", ["first_age", "last_age"])
    def test_an_age_without_an_event(self, measure):
        condition = {"event": "visit", measure: {"at_least": 0}}
        assert [holds(condition | {"missing": way}, LEAD) for way in (False, True, "skip")] == [False, True, False]
        assert [holds({"not": condition | {"missing": way}}, LEAD) for way in (False, True, "skip")] == [
            True,
            False,
            False,
        ]
        assert holds(condition | {"missing": "skip"}, lead_of(days_ago(3)))


class TestTakenAsRecorded:
    """A lead without a moment."""

    def test_fields_moments_and_fields_against_fields(self):
        lead = replace(lead_of(x=3.0, y=2.0, at=NOON), recorded_scores=((None, 7_500),), stages=(("mql", NOON),))
        tests = [
            {"field": "x", "above": {"field": "y"}},
            {"field": "at", "after": "2026-06-30"},
            {"field": "recorded_score", "equals": 7.5},
            {"field": "stage", "equals": "MQL"},
        ]
        assert judge(model_of({"when": {"all": tests}, "points": 1}), lead, None).score == 1_000

    @pytest.mark.parametrize(
        ("scores", "points"),
        [(((None, 5_000), (None, 7_000)), 7), (((None, 5_000), (NOON, 300), (NOON + 1, 200)), 0.2)],
    )
    def test_the_last_score_of_all_an_undated_one_being_the_oldest(self, scores, points):
        lead = replace(lead_of(), recorded_scores=scores)
        model = model_of({"when": {"field": "recorded_score", "equals": points}, "points": 1})
        assert judge(model, lead, None).score == 1_000

    @pytest.mark.parametrize(
        "rule",
        [
            {"when": {"event": "visit"}, "points": 1},
            {"when": {"field": "at", "within": "3d"}, "points": 1},
            {"when": {"field": "at", "changed_within": "3d"}, "points": 1},
            {"each": {"event": "visit"}, "points": 1},
            {"when": {"field": "at", "known": True}, "points": 1, "effective": {"from": "2026-01-01"}},
        ],
    )
    def test_nothing_that_needs_a_moment(self, rule):
        lead = replace(lead_of(at=NOON), changes=(("at", NOON),))
        with pytest.raises(CallError, match=r"as_of: expected a moment, .* found a lead taken as recorded"):
            judge(model_of(rule), lead, None)
