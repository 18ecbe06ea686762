"""What conditions mean to the oracle, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from one_lead import NOON, compares, days_ago, holds, lead_of, model_of

from workbench.errors import CallError, ModelError
from workbench.oracle import DAY_US, judge


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
            ({"glob": "vp*"}, " VP of Sales ", True),
            ({"glob": "vp*"}, "svp", False),
            ({"glob": "*vp"}, "SVP", True),
            ({"glob": "v?"}, "VP", True),
            ({"glob": "v?"}, "v", False),
            ({"glob": "v?"}, "vpx", False),
            ({"glob": "*"}, "", True),
            ({"glob": "**a*"}, "cab", True),
            ({"glob": "?"}, "", False),
            ({"glob": "a*b*c"}, "a-b-b-c", True),
            ({"glob": "a*b*c"}, "a-c-b", False),
            ({"glob": "[ab]"}, "a", False),
            ({"glob": "[ab]"}, "[AB]", True),
            ({"glob": "x.y"}, "x-y", False),
            ({"glob": "日?"}, "日本", True),
            ({"glob": "🙂?"}, "🙂🙂", True),
            ({"glob": ["a", "b*"]}, "bcd", True),
            ({"glob": "a*z"}, "a\nz", True),
            ({"glob": "VP*", "exact": True}, "vp", False),
            ({"glob": "VP ", "exact": True}, "VP ", True),
            ({"regex": "v[aeiou]*p", "portable": False}, "svp", True),
            ({"regex": "^vp", "portable": False}, "svp", False),
            ({"regex": "vp", "portable": False}, "VP", False),
            ({"regex": r"\d{3}", "portable": False}, "ab123", True),
            ({"regex": r"\d", "portable": False}, "\u0663", False),
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
            ("ärzte", "Die ärzte!", True),
        ],
    )
    def test_words(self, sought, value, expected):
        assert compares({"has_word": sought}, value) is expected

    def test_a_text_without_a_word_is_refused(self):
        with pytest.raises(ModelError, match=r"has_word: expected has_word with at least one word .* found ' - '"):
            compares({"has_word": " - "}, "a - b")

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


class TestOneFieldAgainstAnother:
    @pytest.mark.parametrize(
        ("test", "x", "y", "expected"),
        [
            ("equals", "EU ", "eu", True),
            ("equals", "EU", "US", False),
            ("equals", 1.0, 1.0, True),
            ("equals", 0.3, 0.1 + 0.2, False),
            ("equals", True, True, True),
            ("equals", True, False, False),
            ("at_least", 2.0, 2.0, True),
            ("at_least", 1.999, 2.0, False),
            ("above", 2.0, 2.0, False),
            ("at_most", 2.0, 2.0, True),
            ("below", 2.0, 2.0, False),
            ("below", -3.0, 2.0, True),
            ("before", NOON - 1, NOON, True),
            ("before", NOON, NOON, False),
            ("after", NOON, NOON, True),
            ("after", NOON - 1, NOON, False),
        ],
    )
    def test_of_the_lead_and_of_the_account(self, test, x, y, expected):
        assert holds({"field": "x", test: {"field": "y"}}, lead_of(x=x, y=y)) is expected
        assert holds({"field": "x", test: {"account_field": "y"}}, lead_of(x=x, account={"y": y})) is expected
        assert holds({"account_field": "x", test: {"field": "y"}}, lead_of(y=y, account={"x": x})) is expected

    def test_exact_texts(self):
        condition = {"field": "x", "equals": {"field": "y"}, "exact": True}
        assert holds(condition, lead_of(x="EU", y="EU"))
        assert not holds(condition, lead_of(x="EU", y="eu"))

    def test_two_properties_of_one_event(self):
        condition = {"event": "visit", "where": {"field": "paid", "at_least": {"field": "due"}}}
        assert holds(condition, lead_of(days_ago(1, paid=5.0, due=5.0)))
        assert not holds(condition, lead_of(days_ago(1, paid=5.0), due=1.0))


class TestTimes:
    @pytest.mark.parametrize(
        ("test", "value", "expected"),
        [
            ({"before": "2026-06-30"}, NOON - DAY_US // 2 - 1, True),
            ({"before": "2026-06-30"}, NOON - DAY_US // 2, False),
            ({"after": "2026-06-30"}, NOON - DAY_US // 2, True),
            ({"after": "2026-06-30"}, NOON - DAY_US // 2 - 1, False),
            ({"after": "2026-06-30T12:00:00Z"}, NOON, True),
            ({"after": "2026-06-30T14:00:00.000001+02:00"}, NOON, False),
            ({"before": "2026-06-30T07:00:00.000001-05:00"}, NOON, True),
            ({"before": "1969-12-31"}, -DAY_US - 1, True),
            ({"within": "30d"}, NOON, False),
            ({"within": "30d"}, NOON - 1, True),
            ({"within": "30d"}, NOON - 30 * DAY_US + 1, True),
            ({"within": "30d"}, NOON - 30 * DAY_US, False),
            ({"within": "30d"}, NOON + 1, False),
            ({"older_than": "21d"}, NOON - 21 * DAY_US, True),
            ({"older_than": "21d"}, NOON - 21 * DAY_US + 1, False),
            ({"older_than": "21d"}, NOON + 30 * DAY_US, False),
            ({"in_next": "60d"}, NOON, True),
            ({"in_next": "60d"}, NOON - 1, False),
            ({"in_next": "60d"}, NOON + 60 * DAY_US - 1, True),
            ({"in_next": "60d"}, NOON + 60 * DAY_US, False),
            ({"known": True}, NOON, True),
        ],
    )
    def test_borders(self, test, value, expected):
        assert compares(test, value) is expected

    @pytest.mark.parametrize(
        ("at", "expected"),
        [(NOON, False), (NOON - 1, True), (NOON - 7 * DAY_US + 1, True), (NOON - 7 * DAY_US, False), (NOON + 1, False)],
    )
    def test_changed_within(self, at, expected):
        lead = replace(lead_of(x=1.0), changes=(("y", NOON - 1), ("x", at), ("x", NOON - 90 * DAY_US)))
        assert holds({"field": "x", "changed_within": "7d"}, lead) is expected
        assert holds({"not": {"field": "x", "changed_within": "7d"}}, lead) is not expected


class TestBuiltInFields:
    STAGES = (("mql", NOON - 9), ("b", NOON - 2), ("a", NOON - 2), ("Z", NOON - 2), ("won", NOON))

    def test_the_last_stage_before_the_moment_and_the_greatest_name_of_an_instant(self):
        lead = replace(lead_of(stage="from the table"), stages=self.STAGES)
        assert holds({"field": "stage", "equals": "b", "exact": True}, lead)
        later = replace(lead, stages=(*self.STAGES, ("\uffff", NOON - 1), ("🙂", NOON - 1)))
        assert holds({"field": "stage", "equals": "🙂"}, later)

    def test_no_stage_yet(self):
        lead = replace(lead_of(stage="from the table"), stages=(("mql", NOON),))
        assert holds({"field": "stage", "known": False}, lead)
        assert holds({"field": "stage", "equals": "mql", "missing": True}, lead)

    def test_created_at(self):
        lead = replace(lead_of(), created_us=NOON - 14 * DAY_US)
        assert holds({"field": "created_at", "older_than": "14d"}, lead)
        assert not holds({"field": "created_at", "older_than": "15d"}, lead)
        assert holds({"field": "created_at", "before": {"field": "x"}}, replace(lead, fields={"x": NOON}))

    @pytest.mark.parametrize(
        ("scores", "points"),
        [
            (((NOON - 5, 1_000), (NOON - 2, 7_000), (NOON - 2, 6_999), (NOON, 90_000)), 7),
            (((NOON - 1, -2_001),), -2.001),
            (((None, 5_000), (NOON - 5, 300)), 0.3),
        ],
    )
    def test_the_last_recorded_score(self, scores, points):
        lead = replace(lead_of(), recorded_scores=scores)
        assert holds({"field": "recorded_score", "equals": points}, lead)
        assert not holds({"field": "recorded_score", "above": points}, lead)

    @pytest.mark.parametrize("scores", [(), ((NOON, 300),), ((None, 5_000),), ((None, 5_000), (NOON, 300))])
    def test_none_that_is_known_to_be_of_before(self, scores):
        assert holds({"field": "recorded_score", "known": False}, replace(lead_of(), recorded_scores=scores))

    def test_none_where_the_history_has_none(self):
        lead = replace(lead_of(stage="x", recorded_score=4.0), stages=self.STAGES, recorded_scores=((1, 9_000),))
        model = model_of({"when": {"field": "stage", "equals": "x"}, "points": 1})
        assert judge(model, lead, NOON).score == 0
        assert judge(model, lead, NOON, built_in=frozenset({"created_at", "recorded_score"})).score == 1_000

    def test_nothing_is_built_in_on_an_event(self):
        lead = replace(lead_of(days_ago(1, stage="cart")), stages=(("mql", 0),), created_us=0)
        assert holds({"event": "visit", "where": {"field": "stage", "equals": "cart"}}, lead)
        assert holds({"event": "visit", "where": {"field": "created_at", "known": False}}, lead)


class TestMembers:
    def test_of_a_list_exactly(self):
        lead = replace(lead_of(), lead_id="L-1", account_id="A-1")
        lists = {"dnc": ("l-1", "L-2"), "vip": ("L-1 ", "L-1"), "abm": ("A-1",)}
        assert holds({"member_of": "vip"}, lead, **lists)
        assert not holds({"member_of": "dnc"}, lead, **lists)
        assert holds({"member_of": ["dnc", "vip"]}, lead, **lists)
        assert not holds({"member_of": "abm"}, lead, **lists)
        assert holds({"member_of": "abm", "scope": "account"}, lead, **lists)
        assert not holds({"member_of": "vip", "scope": "account"}, lead, **lists)

    def test_a_lead_without_an_account_is_on_no_list_of_accounts(self):
        assert holds({"not": {"member_of": "abm", "scope": "account"}}, lead_of(), abm=("", "A-1"))

    def test_a_list_that_is_not_there(self):
        with pytest.raises(CallError, match=r"lists: expected the list 'vip', found 'dnc'"):
            holds({"member_of": ["dnc", "vip"]}, replace(lead_of(), lead_id="a"), dnc=("a",))


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
