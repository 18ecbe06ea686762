"""What conditions mean to the oracle, by hand."""

from __future__ import annotations

import pytest
from one_lead import ago, compares, days_ago, holds, lead_of

from workbench.errors import CallError, ModelError
from workbench.oracle import DAY_US


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
        assert not holds(condition, lead_of(days_ago(1), page="/pricing"))

    def test_where_not_holds_for_a_missing_property(self):
        condition = {"event": "visit", "where": {"not": {"field": "page", "equals": "/"}}}
        assert holds(condition, lead_of(days_ago(1)))
        assert not holds(condition, lead_of(days_ago(1, page="/")))
