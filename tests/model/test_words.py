"""Every form of the language has its phrase, and no phrase loses what tells two parts apart."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from strategies import models

from workbench.document import Document
from workbench.model import CasesRule, EachRule, Model, WhenRule, leaves, parse_model
from workbench.model.comparison import OPERATORS
from workbench.model.conditions import MEASURES
from workbench.model.words import (
    bound_in_words,
    cases_in_words,
    decay_in_words,
    earnings_in_words,
    in_words,
    inactivity_in_words,
    rule_in_words,
    transform_in_words,
    variant_in_words,
)


def model_of(rule: dict[str, Any], **parts: Any) -> Model:
    data = {
        "format": "lead-scoring-model/1",
        "name": "small",
        "dimensions": {"fit": {}, "product": {}},
        "rules": [{"id": "r", "in": "fit", **rule}],
        **parts,
    }
    return parse_model(Document("small", data, {}, ""))


def condition(data: dict[str, Any]) -> Any:
    rule = model_of({"when": data, "points": 1}).rules[0]
    assert isinstance(rule, WhenRule)
    return rule.when


COMPARISONS = {
    "is EU": {"equals": "EU"},
    "is EU, letter for letter": {"equals": "EU", "exact": True},
    "is true": {"equals": True},
    "is 0.3": {"equals": 0.3},
    "is the field country": {"equals": {"field": "country"}},
    "≥ account's seats": {"at_least": {"account_field": "seats"}},
    "is one of EU, US": {"one_of": ["EU", "US"]},
    "is one of 1, 2, 3, 4, 5, 6, …": {"one_of": [1, 2, 3, 4, 5, 6, 7]},
    "is in the list free": {"one_of": {"list": "free"}},
    "has the word vp": {"has_word": "vp"},
    "contains chief, vp": {"contains_any": ["chief", "vp"]},
    "starts with head": {"starts_with": "head"},
    "ends with .edu": {"ends_with": ".edu"},
    "matches *@mail.*": {"glob": "*@mail.*"},
    "matches the pattern ^vp": {"regex": "^vp", "portable": False},
    "≥ 200": {"at_least": 200},
    "> 1000000": {"above": 1e6},
    "≤ −0.001": {"at_most": -0.001},
    "< 1000.001, or missing": {"below": 1000.001, "missing": True},
    "from 10 to below 50, if known": {"between": [10, 50], "missing": "skip"},
    "before 2026-01-31": {"before": "2026-01-31"},
    "at or after 2026-01-31": {"after": "2026-01-31"},
    "in the last 30 days": {"within": "30d"},
    "at least 1 day ago": {"older_than": "1d"},
    "in the next 60 days": {"in_next": "60d"},
    "changed in the last 7 days": {"changed_within": "7d"},
    "is known": {"known": True},
    "is missing": {"known": False},
}


@pytest.mark.parametrize("words", COMPARISONS)
def test_comparisons(words: str) -> None:
    assert in_words(condition({"field": "x", **COMPARISONS[words]})) == f"x {words}"
    if "changed_within" not in COMPARISONS[words]:
        assert in_words(condition({"account_field": "x", **COMPARISONS[words]})) == f"account's x {words}"


def test_no_operator_is_without_words() -> None:
    assert {operator for test in COMPARISONS.values() for operator in test if operator in OPERATORS} == set(OPERATORS)


EVENTS = {
    "≥ 1 x visit": {"event": "visit"},
    "no visit in 21 days": {"event": "visit", "within": "21d", "count": {"equals": 0}},
    "no event of any kind in 1 day": {"event": "any", "within": "1d", "count": {"equals": 0}},
    "exactly 2 x visit or call": {"event": ["visit", "call"], "count": {"equals": 2}},
    "2 to 4 x visit": {"event": "visit", "count": {"between": [2, 5]}},
    "exactly 2 x visit": {"event": "visit", "count": {"between": [2, 3]}},
    "< 3 x visit by the account": {"event": "visit", "scope": "account", "count": {"below": 3}},
    "≥ 1 x visit from 7 to below 30 days ago": {"event": "visit", "within": "30d", "older_than": "7d"},
    "≥ 1 x visit at least 7 days ago": {"event": "visit", "older_than": "7d"},
    "≥ 1 x visit since 2026-01-01 before 2026-02-01": {"event": "visit", "after": "2026-01-01", "before": "2026-02-01"},
    "≥ 1 x visit with page is /p in 9 days": {
        "event": "visit",
        "where": {"field": "page", "equals": "/p"},
        "within": "9d",
    },
    "≥ 1 x visit with (page is /p or page is /q) in 9 days": {
        "event": "visit",
        "where": {"any": [{"field": "page", "equals": "/p"}, {"field": "page", "equals": "/q"}]},
        "within": "9d",
    },
    "no call": {"event": "call", "count": {"below": 1}},
    "≥ 3 days with visit": {"event": "visit", "days": {"at_least": 3}},
    "no days with visit": {"event": "visit", "days": {"equals": 0}},
    "> 2 leads with visit by the account": {"event": "visit", "scope": "account", "leads": {"above": 2}},
    "≥ 3 different page in visit": {"event": "visit", "distinct": {"at_least": 3}, "property": "page"},
    "sum of amount over order ≥ 99.5": {"event": "order", "sum": {"at_least": 99.5}, "property": "amount"},
    "first visit was ≤ 7 days ago": {"event": "visit", "first_age": {"at_most": 7}},
    "last visit was ≥ 21 days ago, or none at all": {"event": "visit", "last_age": {"at_least": 21}, "missing": True},
    "last visit was from 1 to below 3 days ago, if there is one": {
        "event": "visit",
        "last_age": {"between": [1, 3]},
        "missing": "skip",
    },
}


@pytest.mark.parametrize("words", EVENTS)
def test_events(words: str) -> None:
    assert in_words(condition(EVENTS[words])) == words


def test_no_measure_is_without_words() -> None:
    assert {key for test in EVENTS.values() for key in test if key in MEASURES} == set(MEASURES)


EU, US = {"field": "region", "equals": "EU"}, {"field": "region", "equals": "US"}
SILENT = {"event": "any", "within": "30d", "count": {"equals": 0}}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"all": [EU, US]}, "region is EU and region is US"),
        ({"any": [EU, {"all": [EU, US]}]}, "region is EU or (region is EU and region is US)"),
        ({"all": [{"any": [EU, US]}]}, "region is EU or region is US"),
        ({"not": EU}, "not region is EU"),
        ({"not": SILENT}, "an event of any kind in 30 days"),
        ({"not": {**SILENT, "count": {"below": 1}}}, "an event of any kind in 30 days"),
        ({"not": {**SILENT, "count": {"at_most": 0}}}, "an event of any kind in 30 days"),
        ({"not": {"event": "visit", "count": {"equals": 0}}}, "≥ 1 x visit"),
        ({"not": {"event": "visit", "days": {"equals": 0}}}, "≥ 1 days with visit"),
        ({"not": {"event": "visit", "count": {"below": 2}}}, "not < 2 x visit"),
        ({"not": {"event": "visit", "last_age": {"equals": 0}}}, "not last visit was exactly 0 days ago"),
        (
            {"not": {"event": "visit", "sum": {"at_most": 0}, "property": "seats"}},
            "not sum of seats over visit ≤ 0",
        ),
        ({"all": [EU, {"not": {"not": SILENT}}]}, "region is EU and not an event of any kind in 30 days"),
        ({"not": {"any": [EU, US]}}, "not (region is EU or region is US)"),
        ({"not": {"all": [EU]}}, "not (region is EU)"),
        ({"any": [{**EU, "missing": True}, US]}, "(region is EU, or missing) or region is US"),
        ({"member_of": "targets"}, "the lead is on the list targets"),
        ({"member_of": ["a", "b"], "scope": "account"}, "the account is on the list a or b"),
    ],
)
def test_joined(data: dict[str, Any], words: str) -> None:
    assert in_words(condition(data)) == words


@pytest.mark.parametrize(
    ("decay", "words"),
    [
        ({"half_life": "14d"}, "half after 14 days"),
        ({"expiry": "30d"}, "gone after 30 days"),
        ({"linear": "1d"}, "evenly down to nothing in 1 day"),
        ({"step": {"lose": "25%", "every": "7d"}}, "−25 % of the start every 7 days"),
        ({"geometric": {"lose": "12.5%", "every": "7d"}}, "−12.5 % of the rest every 7 days"),
        ({"table": [[0, "100%"], [7, "50%"]]}, "100 % from day 0, 50 % from day 7"),
        ({"half_life": "14d", "grace": "3d"}, "half after 14 days, from day 3 on"),
        ({"half_life": "14d", "floor": "10%"}, "half after 14 days, never below 10 %"),
        ({"half_life": "14d", "negatives": False}, "half after 14 days, losses do not fade"),
    ],
)
def test_fading(decay: dict[str, Any], words: str) -> None:
    rule = model_of({"each": {"event": "visit"}, "points": 1, "decay": decay}).rules[0]
    assert isinstance(rule, EachRule)
    assert rule.decay is not None
    assert decay_in_words(rule.decay) == words
    idle = {"since": {"event": "any"}, "decay": decay}
    fading = model_of({"when": EU, "points": 1}, dimensions={"fit": {"inactivity": idle}}).dimensions["fit"].inactivity
    assert fading is not None
    assert inactivity_in_words(fading) == f"{words}, counted from the last event of any kind"


EMPLOYEES = {"field": "employees"}
VISITS = {"event": "visit", "within": "30d"}
RULES = {
    "+5 if region is EU": {"when": EU, "points": 5},
    "+5 if region is EU; −2.5 if region is US": {
        "cases": [{"when": EU, "points": 5}, {"when": US, "points": -2.5}],
    },
    "+5 if region is EU; else −1": {"cases": [{"when": EU, "points": 5}], "default": -1},
    "+4 for each visit in 30 days": {"each": VISITS, "points": 4},
    "+4 for each visit in 30 days, one for each page, at most 2 a day, at most 5 x, at most 12.5 points, "
    "half after 14 days": {
        "each": VISITS,
        "points": 4,
        "limit": {"per_distinct": "page", "per_day": 2, "events": 5, "points": 12.5},
        "decay": {"half_life": "14d"},
    },
    "by region: +5 for EU; −3 for US": {"map": {"field": "region", "points": {"EU": 5, "US": -3}}},
    "by account's region, letter for letter: +5 for EU; else +1": {
        "map": {"account_field": "region", "points": {"EU": 5}, "exact": True},
        "default": 1,
    },
    "by employees: −2 below 10; +5 from 10 to below 50; +9 from 50": {
        "bands": {
            "of": EMPLOYEES,
            "steps": [
                {"below": 10, "points": -2},
                {"from": 10, "below": 50, "points": 5},
                {"from": 50, "points": 9},
            ],
        },
    },
    "+2 per 10 of account's seats, at most 5 x": {
        "per": {"of": {"account_field": "seats"}, "unit": 10, "most": 5},
        "points": 2,
    },
    "up to +10 in proportion to number of visit in 30 days from 2 on, all at 5": {
        "up_to": {"of": VISITS, "least": 2, "most": 5},
        "points": 10,
    },
    "+2 per 100 of sum of amount over order, at most 3 x": {
        "per": {"of": {"event": "order", "measure": "sum", "property": "amount"}, "unit": 100, "most": 3},
        "points": 2,
    },
    "+1 per 1 of different page in visit, at most 3 x": {
        "per": {"of": {"event": "visit", "measure": "distinct", "property": "page"}, "most": 3},
        "points": 1,
    },
    "by days since the last visit: +3 below 7": {
        "bands": {"of": {"event": "visit", "measure": "last_age"}, "steps": [{"below": 7, "points": 3}]},
    },
}  # fmt: skip


@pytest.mark.parametrize("words", RULES)
def test_rules(words: str) -> None:
    assert rule_in_words(model_of(RULES[words]).rules[0]) == words


def test_a_rule_says_its_cap_weight_and_dates() -> None:
    extras = {"cap": {"min": 0, "max": 4}, "weight": 1.5, "effective": {"from": "2026-01-01", "to": "2026-03-01"}}
    rule = model_of({"when": EU, "points": 5, "enabled": False, **extras}).rules[0]
    dates = "in force from 2026-01-01 until before 2026-03-01"
    assert rule_in_words(rule) == f"+5 if region is EU; kept from 0 to 4; × 1.5; {dates}; disabled"
    assert earnings_in_words(rule) == "+5 if region is EU"


def test_short_forms_have_a_phrase_for_each_case() -> None:
    [rule] = model_of(RULES["by region: +5 for EU; −3 for US"]).rules
    assert cases_in_words(rule) == ("region is EU", "region is US")


@pytest.mark.parametrize(
    ("transform", "words"),
    [
        ({"rescale": {"from": [-20, 150], "to": [0, 100]}}, "straight from −20–150 to 0–100"),
        ({"sqrt": {"from": [0, 150], "to": [0, 100]}}, "by square root from 0–150 to 0–100"),
        ({"logistic": {"middle": 50, "spread": 10, "to": [0, 100]}}, "logistic around 50 with spread 10 to 0–100"),
        ({"table": [[0, 1], [10, 2]]}, "by table: 1 from 0, 2 from 10"),
        ({"table": [[0, 1], [1, 2], [2, 3], [3, 4]]}, "by table: 1 from 0, 2 from 1, 3 from 2, 4 from 3"),
        ({"table": [[cut / 1000, cut] for cut in range(101)]}, "by a table of 101 steps from 0 to 100"),
    ],
)
def test_scales(transform: dict[str, Any], words: str) -> None:
    found = model_of({"when": EU, "points": 1}, score={"transform": transform}).score.transform
    assert found is not None
    assert transform_in_words(found) == words


@pytest.mark.parametrize(
    ("variant", "words"),
    [
        ({"when": US}, "if region is US: nothing is different"),
        ({"multiply": {"rules": {"r": 1.5}, "dimensions": {"fit": "50%"}}},
         "for all others: rule r × 1.5; dimension fit × 0.5"),
        ({"override": [{"id": "r", "in": "fit", "when": US, "points": 2}]},
         "for all others: r is +2 if region is US"),
        ({"add": [{"id": "s", "in": "fit", "when": US, "points": 2}], "drop": ["r"]},
         "for all others: also s: +2 if region is US; without r"),
        ({"tiers": {"MQL": 5}}, "for all others: MQL from 5"),
        ({"model": {"format": "lead-scoring-model/1", "name": "other", "dimensions": {"fit": {}},
                    "tiers": [{"name": "MQL", "from": 0}],
                    "rules": [{"id": "x", "in": "fit", "when": EU, "points": 1}]}},
         "for all others: the model other"),
    ],
)  # fmt: skip
def test_variants(variant: dict[str, Any], words: str) -> None:
    model = model_of({"when": EU, "points": 1}, tiers=[{"name": "MQL", "from": 1}], variants=[{"name": "v", **variant}])
    assert variant_in_words(model.variants[0]) == words


@settings(max_examples=60, deadline=None)
@given(models())
def test_any_model_can_be_said(model: Model) -> None:
    for rule in model.rules:
        assert rule_in_words(rule)
        assert all(cases_in_words(rule))
        cases = rule.cases if isinstance(rule, CasesRule) else ()
        for test in [leaf for case in cases for leaf in leaves(case.when)]:
            assert in_words(test)
            assert not hasattr(test, "bound") or bound_in_words(test.bound)
