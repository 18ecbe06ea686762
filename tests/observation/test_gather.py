"""Every operator, measure and limit on hand-made leads in the engine: just below, at and just above each border."""

from __future__ import annotations

import itertools
import random

import pandas as pd
import pytest

from observation.asking import AS_OF, DAY, HOUR, MICRO, Asking, event, past

US = pd.Timedelta(microseconds=1)


def in_order(answers, size):
    """Answers by id (L0, L1, L10, …) in the order of their numbers."""
    ids = sorted(range(len(answers)), key=str)
    return [answers[ids.index(number)] for number in range(size)]


def compares(test, values, **more):
    """Whether a test of the field x holds, by value."""
    with past({"x": values}, **more) as history:
        return [bool(answer) for answer in Asking(history).holds({"field": "x", **test})]


TITLES = ["VP", " vp\t", "Vice", "MVP", None]
NUMBERS = [4.999, 5.0, 5.001, 9.999, 10.0]
GLOBS = [
    *[("100%", "100%", True), ("100%", "1000", False), ("a_b", "a_b", True), ("a_b", "axb", False)],
    *[("!?", "!x", True), ("!?", "!", False), ("a\\b", "a\\b", True), ("?", "🙂", True), ("?", "日", True)],
    *[("??", "日", False), ("a*z", "a\nz", True), ("a?z", "a\nz", True), ("[ab]", "a", False), ("*", "x", True)],
    *[("**", "x", True), ("Ä*", "ä", False), ("b", "abc", False)],
]
"""Pattern, text, whether it matches."""


@pytest.fixture(scope="module")
def fields():
    """Leads with TITLES and NUMBERS, and the texts of GLOBS."""
    size = len(GLOBS)
    columns = {
        "title": [*TITLES, *[None] * (size - len(TITLES))],
        "number": [*NUMBERS, *[None] * (size - len(NUMBERS))],
        "text": [text for _, text, _ in GLOBS],
    }
    with past(columns, types={"title": "text", "text": "text"}) as history:
        yield Asking(history)


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ({"equals": "vp"}, [1, 1, 0, 0, 0]),
        ({"equals": " VP "}, [1, 1, 0, 0, 0]),
        ({"equals": "VP", "exact": True}, [1, 0, 0, 0, 0]),
        ({"equals": " vp\t", "exact": True}, [0, 1, 0, 0, 0]),
        ({"one_of": ["vice", "mvp"]}, [0, 0, 1, 1, 0]),
        ({"has_word": "vp"}, [1, 1, 0, 0, 0]),
        ({"contains_any": ["VP", "ic"]}, [1, 1, 1, 1, 0]),
        ({"starts_with": "v"}, [1, 1, 1, 0, 0]),
        ({"starts_with": "v", "exact": True}, [0, 0, 0, 0, 0]),
        ({"ends_with": "p"}, [1, 1, 0, 1, 0]),
        ({"glob": "?p"}, [1, 1, 0, 0, 0]),
        ({"glob": "*vp"}, [1, 1, 0, 1, 0]),
        ({"glob": ["M*", "V???"]}, [0, 0, 1, 1, 0]),
        ({"glob": "V*", "exact": True}, [1, 0, 1, 0, 0]),
        ({"regex": "V[A-Z]", "portable": False}, [1, 0, 0, 1, 0]),
        ({"regex": "^.?[vV]i?", "portable": False}, [1, 1, 1, 1, 0]),
        ({"known": True}, [1, 1, 1, 1, 0]),
        ({"known": False}, [0, 0, 0, 0, 1]),
        ({"equals": "vp", "missing": True}, [1, 1, 0, 0, 1]),
        ({"regex": "M", "portable": False, "missing": True}, [0, 0, 0, 1, 1]),
        ({"equals": "vp", "missing": "skip"}, [1, 1, 0, 0, 0]),
    ],
)
def test_texts(fields, test, expected):
    assert in_order(fields.holds({"field": "title", **test}), len(TITLES)) == expected


@pytest.mark.parametrize("number", range(len(GLOBS)), ids=lambda number: repr(GLOBS[number]))
def test_nothing_but_star_and_question_mark_is_special_in_a_glob(fields, number):
    pattern, _, matches = GLOBS[number]
    assert in_order(fields.holds({"field": "text", "glob": pattern}), len(GLOBS))[number] == matches


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ({"equals": 5}, [0, 1, 0, 0, 0, 0]),
        ({"one_of": [5, 10]}, [0, 1, 0, 0, 1, 0]),
        ({"at_least": 5}, [0, 1, 1, 1, 1, 0]),
        ({"above": 5}, [0, 0, 1, 1, 1, 0]),
        ({"at_most": 5}, [1, 1, 0, 0, 0, 0]),
        ({"below": 5}, [1, 0, 0, 0, 0, 0]),
        ({"between": [5, 10]}, [0, 1, 1, 1, 0, 0]),
        ({"at_least": 10, "missing": True}, [0, 0, 0, 0, 1, 1]),
        ({"between": [5, 10], "missing": True}, [0, 1, 1, 1, 0, 1]),
    ],
)
def test_numbers(fields, test, expected):
    assert in_order(fields.holds({"field": "number", **test}), len(NUMBERS) + 1) == expected


def test_booleans():
    values = pd.array([True, False, None], dtype="boolean")
    assert compares({"equals": True}, values) == [True, False, False]
    assert compares({"one_of": [False]}, values) == [False, True, False]
    assert compares({"equals": False, "missing": True}, values) == [False, True, True]


@pytest.mark.parametrize(
    ("test", "offsets", "expected"),
    [
        ({"within": "3d"}, [-MICRO, 0 * MICRO, MICRO, 3 * DAY - MICRO, 3 * DAY], [0, 0, 1, 1, 0]),
        ({"older_than": "3d"}, [3 * DAY - MICRO, 3 * DAY, 900 * DAY, -DAY], [0, 1, 1, 0]),
        ({"in_next": "3d"}, [MICRO, 0 * MICRO, -MICRO, -3 * DAY + MICRO, -3 * DAY], [0, 1, 1, 1, 0]),
        ({"before": "2026-06-30T12:00:00Z"}, [MICRO, 0 * MICRO, -MICRO], [1, 0, 0]),
        ({"after": "2026-06-30T12:00:00Z"}, [MICRO, 0 * MICRO, -MICRO], [0, 1, 1]),
        ({"after": "2026-06-30T14:00:00+02:00"}, [MICRO, 0 * MICRO, -MICRO], [0, 1, 1]),
        ({"before": "2026-06-30"}, [12 * HOUR + MICRO, 12 * HOUR, 12 * HOUR - MICRO], [1, 0, 0]),
    ],
)
@pytest.mark.parametrize("missing", [False, True])
def test_times(test, offsets, expected, missing):
    """Offsets are how long before as_of the time lies."""
    values = pd.Series([*(AS_OF - offset for offset in offsets), None], dtype="datetime64[us, UTC]")
    assert compares({**test, "missing": missing}, values) == [*map(bool, expected), missing]


def test_a_time_of_long_ago_is_old_and_no_overflow():
    with past({"x": pd.Series([pd.Timestamp("0001-01-01T00:00:00Z")], dtype="datetime64[us, UTC]")}) as history:
        asking = Asking(history)
        assert asking.holds({"field": "x", "older_than": "99999d"}) == [1]
        assert asking.holds({"field": "x", "within": "99999d"}) == [0]


def beside(test, *, missing=False, **columns):
    with past(columns, accounts=["A"] * 3 + ["B"], account_fields={"account_id": ["A"], "y": ["same"]}) as history:
        return Asking(history).holds({**test, "missing": missing})


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("equals", [0, 1, 0, 0]),
        ("at_least", [0, 1, 1, 0]),
        ("above", [0, 0, 1, 0]),
        ("at_most", [1, 1, 0, 0]),
        ("below", [1, 0, 0, 0]),
    ],
)
@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("gap", ["x", "z"])
def test_two_number_fields(operator, expected, missing, gap):
    numbers = {"x": [1.0, 2.0, 3.0, 2.0], "z": [2.0, 2.0, 2.0, 2.0]}
    numbers[gap] = [*numbers[gap][:3], None]
    found = beside({"field": "x", operator: {"field": "z"}}, missing=missing, **numbers)
    assert found == [*expected[:3], int(missing)]


def test_two_time_fields():
    x = pd.Series([AS_OF - MICRO, AS_OF, AS_OF + MICRO, None], dtype="datetime64[us, UTC]")
    z = pd.Series([AS_OF] * 4, dtype="datetime64[us, UTC]")
    assert beside({"field": "x", "before": {"field": "z"}}, x=x, z=z) == [1, 0, 0, 0]
    assert beside({"field": "x", "after": {"field": "z"}}, x=x, z=z) == [0, 1, 1, 0]


def test_two_text_fields_of_lead_and_account():
    """The fourth lead's account has no fields."""
    texts = {"x": ["Same ", "same", "other", "same"]}
    test = {"field": "x", "equals": {"account_field": "y"}}
    assert beside(test, **texts) == [1, 1, 0, 0]
    assert beside({**test, "exact": True}, **texts) == [0, 1, 0, 0]
    assert beside(test, missing=True, **texts) == [1, 1, 0, 1]
    turned = {"account_field": "y", "equals": {"field": "x"}}
    assert beside(turned, **texts) == [1, 1, 0, 0]


# --- missing: skip ----------------------------------------------------------------------------------------------------


def truth(condition, lead):
    """True, False or None (skipped), straight from the words of the language."""
    if "field" in condition:
        value = lead[condition["field"]]
        if value is None:
            return {"skip": None}.get(condition["missing"], condition["missing"])
        return value == condition["equals"]
    if "not" in condition:
        inner = truth(condition["not"], lead)
        return None if inner is None else not inner
    key = "all" if "all" in condition else "any"
    left = [answer for answer in (truth(part, lead) for part in condition[key]) if answer is not None]
    return {"all": all, "any": any}[key](left) if left else None


def random_condition(rng, depth):
    kind = rng.choice(["field", "all", "any", "not"]) if depth else "field"
    if kind == "field":
        missing = rng.choice(["skip", "skip", True, False])
        return {"field": rng.choice("xyz"), "equals": rng.choice([1, 2]), "missing": missing}
    if kind == "not":
        return {"not": random_condition(rng, depth - 1)}
    return {kind: [random_condition(rng, depth - 1) for _ in range(rng.randint(1, 3))]}


def test_skipped_tests_are_left_out_of_what_is_around_them():
    leads = list(itertools.product([1.0, 2.0, None], repeat=3))
    columns = {name: [lead[at] for lead in leads] for at, name in enumerate("xyz")}
    rng = random.Random(3)
    with past(columns) as history:
        asking = Asking(history)
        names = {f"L{number}": dict(zip("xyz", lead, strict=True)) for number, lead in enumerate(leads)}
        seen = set()
        for _ in range(60):
            condition = random_condition(rng, 3)
            expected = [truth(condition, names[name]) for name in sorted(names)]
            seen |= set(expected)
            assert asking.holds(condition) == [int(bool(answer)) for answer in expected], condition
    assert seen == {True, False, None}


# --- built-in fields, changes, members --------------------------------------------------------------------------------


def test_stage_is_the_last_one_entered_strictly_before_as_of_and_of_several_the_greatest():
    stages = [
        *[("L0", AS_OF - DAY, "mql"), ("L0", AS_OF - MICRO, "SQL"), ("L0", AS_OF, "won")],
        *[("L1", AS_OF - DAY, "b"), ("L1", AS_OF - DAY, "Z"), ("L1", AS_OF - 2 * DAY, "z")],
        *[("L2", AS_OF, "won")],
    ]
    with past({"x": [1.0] * 3, "stage": ["customer"] * 3}, stages=stages) as history:
        asking = Asking(history)
        assert asking.holds({"field": "stage", "equals": "sql"}) == [1, 0, 0]
        assert asking.holds({"field": "stage", "equals": "b", "exact": True}) == [0, 1, 0]
        assert asking.holds({"field": "stage", "known": False}) == [0, 0, 1]
        assert asking.holds({"field": "stage", "equals": "mql", "missing": True}) == [0, 0, 1]


def test_without_stages_a_column_of_that_name_is_read():
    with past({"stage": ["Customer", "open"]}) as history:
        assert Asking(history).holds({"field": "stage", "equals": "customer"}) == [1, 0]


def test_created_at():
    with past({"x": [1.0] * 3}, created=[AS_OF - 3 * DAY, AS_OF - 3 * DAY + MICRO, None]) as history:
        asking = Asking(history)
        assert asking.holds({"field": "created_at", "older_than": "3d"})[:2] == [1, 0]
        assert asking.holds({"field": "created_at", "within": "3d"})[:2] == [0, 1]


SCORES = [
    *[("L0", AS_OF - DAY, 9.0), ("L0", AS_OF - MICRO, 41.5), ("L0", AS_OF, 99.0)],
    *[("L1", AS_OF - DAY, 7.0), ("L1", AS_OF - DAY, 41.499), ("L1", AS_OF - DAY, -8.0)],
    *[("L2", AS_OF + DAY, 41.5)],
]


def test_recorded_score_is_the_last_before_as_of_in_points_and_of_several_the_greatest():
    with past({"x": [1.0] * 3}, scores=SCORES) as history:
        asking = Asking(history)
        assert asking.holds({"field": "recorded_score", "at_least": 41.5}) == [1, 0, 0]
        assert asking.holds({"field": "recorded_score", "equals": 41.499}) == [0, 1, 0]
        assert asking.holds({"field": "recorded_score", "known": True}) == [1, 1, 0]


def test_without_as_of_the_last_recorded_score_of_all_is_taken_and_moments_still_compare():
    with past({"x": [1.0] * 3}, scores=SCORES) as history:
        asking = Asking(history, None)
        assert asking.holds({"field": "recorded_score", "equals": 99}) == [1, 0, 0]
        assert asking.holds({"field": "recorded_score", "equals": 41.5}) == [0, 0, 1]
        assert asking.holds({"field": "created_at", "before": "2026-06-30"}) == [1, 1, 1]


def test_changed_within():
    changes = [
        *[("L0", AS_OF - 3 * DAY + MICRO, "x", "2", "1"), ("L1", AS_OF - 3 * DAY, "x", "2", "1")],
        *[("L2", AS_OF - MICRO, "x", "2", "1"), ("L3", AS_OF, "x", "2", "1"), ("L4", AS_OF - DAY, "y", "2", "1")],
        *[
            ("L5", AS_OF - DAY, "x", "2", "1"),
            ("L5", AS_OF + DAY, "x", "3", "2"),
            ("L5", AS_OF - 9 * DAY, "x", "1", ""),
        ],
    ]
    with past({"x": [1.0] * 7, "y": ["a"] * 7}, changes=changes) as history:
        asking = Asking(history)
        assert asking.holds({"field": "x", "changed_within": "3d"}) == [1, 0, 1, 0, 0, 1, 0]
        assert asking.holds({"not": {"field": "y", "changed_within": "1d"}}) == [1, 1, 1, 1, 1, 1, 1]
        assert asking.holds({"field": "y", "changed_within": "2d"}) == [0, 0, 0, 0, 1, 0, 0]


def test_members_of_lists_by_lead_and_by_account():
    lists = {"vips": ["L0", "l1", "A"], "more": ["L2"], "none": []}
    with past({"x": [1.0] * 4}, accounts=["A", "a", None, "B"], lists=lists) as history:
        asking = Asking(history)
        assert asking.holds({"member_of": "vips"}) == [1, 0, 0, 0]
        assert asking.holds({"member_of": ["vips", "more"]}) == [1, 0, 1, 0]
        assert asking.holds({"member_of": "vips", "scope": "account"}) == [1, 0, 0, 0]
        assert asking.holds({"not": {"member_of": "vips", "scope": "account"}}) == [0, 1, 1, 1]
        assert asking.holds({"member_of": "none"}) == [0, 0, 0, 0]


# --- events -----------------------------------------------------------------------------------------------------------


def counted(test, offsets, **more):
    """Whether a test on events holds for a lead with one event, by how long before as_of it lies."""
    rows = [event(f"L{number}", offset, **more) for number, offset in enumerate(offsets)]
    with past({"x": [1.0] * len(offsets)}, events=rows) as history:
        return Asking(history).holds({"event": "visit", **test})


@pytest.mark.parametrize(
    ("test", "offsets", "expected"),
    [
        ({}, [-MICRO, 0 * MICRO, MICRO, 9999 * DAY], [0, 0, 1, 1]),
        ({"within": "3d"}, [MICRO, 3 * DAY - MICRO, 3 * DAY], [1, 1, 0]),
        ({"older_than": "3d"}, [3 * DAY - MICRO, 3 * DAY, 9999 * DAY], [0, 1, 1]),
        ({"older_than": "1d", "within": "3d"}, [DAY - MICRO, DAY, 3 * DAY - MICRO, 3 * DAY], [0, 1, 1, 0]),
        ({"after": "2026-06-30"}, [12 * HOUR + MICRO, 12 * HOUR, MICRO, 0 * MICRO], [0, 1, 1, 0]),
        ({"before": "2026-06-30"}, [12 * HOUR + MICRO, 12 * HOUR, MICRO], [1, 0, 0]),
        ({"last_age": {"equals": 3}}, [3 * DAY - MICRO, 3 * DAY, 4 * DAY - MICRO, 4 * DAY], [0, 1, 1, 0]),
        ({"last_age": {"at_least": 3}}, [3 * DAY - MICRO, 3 * DAY, -DAY], [0, 1, 0]),
        ({"last_age": {"above": 3}}, [4 * DAY - MICRO, 4 * DAY], [0, 1]),
        ({"last_age": {"at_most": 3}}, [4 * DAY - MICRO, 4 * DAY, 0 * DAY], [1, 0, 0]),
        ({"last_age": {"below": 3}}, [3 * DAY - MICRO, 3 * DAY, MICRO], [1, 0, 1]),
        ({"last_age": {"between": [1, 3]}}, [DAY - MICRO, DAY, 3 * DAY - MICRO, 3 * DAY], [0, 1, 1, 0]),
        ({"last_age": {"below": 0}}, [MICRO, DAY], [0, 0]),
        ({"last_age": {"at_most": 1_000_000_000}}, [MICRO, DAY], [1, 1]),
        ({"last_age": {"below": 3}, "missing": True}, [DAY, 3 * DAY, -DAY], [1, 0, 1]),
        ({"first_age": {"at_least": 3}, "missing": True}, [3 * DAY - MICRO, 3 * DAY, -DAY], [0, 1, 1]),
        ({"last_age": {"below": 3}, "within": "2d", "missing": True}, [DAY, 2 * DAY], [1, 1]),
    ],
)
def test_when_an_event_lies(test, offsets, expected):
    assert counted(test, offsets) == expected


def test_an_age_without_event_is_skipped():
    test = {"event": "visit", "last_age": {"below": 3}, "missing": "skip"}
    with past({"x": [1.0, 1.0, 2.0]}, events=[event("L0", 5 * DAY)]) as history:
        asking = Asking(history)
        assert asking.holds({"all": [test, {"field": "x", "equals": 1}]}) == [0, 1, 0]
        assert asking.holds({"not": test}) == [1, 0, 0]
        assert asking.holds(test) == [0, 0, 0]


MANY = [
    *[event("L0", 2 * HOUR, page="A", amount=1.0), event("L0", 13 * HOUR, page=" a", amount=0.0005)],
    *[event("L0", 13 * HOUR, page=None, amount=None), event("L0", 12 * HOUR, page="b", amount=-0.25)],
    *[event("L1", DAY, "call", page="A"), event("L2", 400 * DAY, page="A", amount=4e9), event("L2", -DAY, page="z")],
    *[event("L4", 400 * DAY, "call", amount=-4e9)],
]
"""L0 and L1 are of account A, L2 of B, L3 and L4 of none."""


@pytest.fixture(scope="module")
def many():
    """Leads with the events of MANY."""
    with past({"x": [1.0] * 5}, accounts=["A", "A", "B", None, None], events=MANY) as history:
        yield Asking(history)


@pytest.mark.parametrize(
    ("test", "quantity"),
    [
        ({"event": "visit", "count": None}, [4, 0, 1, 0, 0]),
        ({"event": ["visit", "call"], "count": None}, [4, 1, 1, 0, 1]),
        ({"event": "any", "count": None, "scope": "account"}, [5, 5, 1, 0, 1]),
        ({"event": "any", "days": None}, [2, 1, 1, 0, 1]),
        ({"event": "any", "days": None, "scope": "account"}, [2, 2, 1, 0, 1]),
        ({"event": "any", "leads": None}, [1, 1, 1, 0, 1]),
        ({"event": "any", "leads": None, "scope": "account"}, [2, 2, 1, 0, 1]),
        ({"event": "any", "leads": None, "scope": "account", "within": "1d"}, [1, 1, 0, 0, 0]),
        ({"event": "any", "distinct": None, "property": "page"}, [2, 1, 1, 0, 0]),
        ({"event": "any", "distinct": None, "property": "page", "scope": "account"}, [2, 2, 1, 0, 0]),
        ({"event": "any", "distinct": None, "property": "amount"}, [3, 0, 1, 0, 1]),
        ({"event": "any", "sum": None, "property": "amount"}, [0.751, 0, 1e9, 0, -1e9]),
        ({"event": "any", "first_age": None}, [0, 1, 400, None, 400]),
        ({"event": "any", "first_age": None, "scope": "account"}, [1, 1, 400, None, 400]),
        ({"event": "any", "last_age": None, "scope": "account"}, [0, 0, 400, None, 400]),
        ({"event": "any", "where": {"field": "page", "equals": "a"}, "count": None}, [2, 1, 1, 0, 0]),
        ({"event": "any", "where": {"field": "page", "glob": "?"}, "count": None}, [3, 1, 1, 0, 0]),
        ({"event": "any", "where": {"field": "amount", "above": 0}, "count": None}, [2, 0, 1, 0, 0]),
        ({"event": "any", "where": {"not": {"field": "page", "equals": "a"}}, "count": None}, [2, 0, 0, 0, 1]),
        ({"event": "any", "where": {"field": "page", "equals": "a", "missing": True}, "count": None}, [3, 1, 1, 0, 1]),
        (
            {
                "event": "any",
                "where": {
                    "all": [
                        {"field": "page", "equals": "a", "missing": "skip"},
                        {"field": "amount", "below": 1, "missing": "skip"},
                    ]
                },
                "count": None,
            },
            [1, 1, 0, 0, 1],
        ),
    ],
)
def test_what_is_measured_of_events(many, test, quantity):
    """Each quantity is held against its own value; one that a bound cannot say, against the largest that it can."""
    [measure] = [name for name, bound in test.items() if bound is None]
    for number, value in enumerate(quantity):
        if value is None:
            assert many.holds({**test, measure: {"at_least": 0}})[number] == 0
        elif abs(value) <= 1e6:
            assert many.holds({**test, measure: {"equals": value}})[number] == 1
        else:
            beyond = {"above": 1e6} if value > 0 else {"below": -1e6}
            assert many.holds({**test, measure: beyond})[number] == 1


def test_times_in_an_events_where():
    rows = [event("L0", DAY, seen=AS_OF), event("L1", DAY, seen=AS_OF - US), event("L2", DAY)]
    with past({"x": [1.0] * 3}, events=rows) as history:
        asking = Asking(history)
        seen = {"field": "seen", "before": "2026-06-30T12:00:00Z"}
        assert asking.holds({"event": "any", "where": seen}) == [0, 1, 0]
        assert asking.holds({"event": "any", "where": {**seen, "missing": True}}) == [0, 1, 1]


def test_without_accounts_the_events_of_the_account_are_the_leads_own():
    with past({"x": [1.0] * 2}, events=[event("L0", DAY), event("L1", DAY)]) as history:
        test = {"event": "any", "scope": "account", "count": {"equals": 1}}
        assert Asking(history).holds(test) == [1, 1]


def test_without_any_events_counts_are_zero():
    with past({"x": [1.0] * 2}, events=[]) as history:
        asking = Asking(history)
        assert asking.holds({"event": "any", "count": {"equals": 0}}) == [1, 1]
        assert asking.rule({"each": {"event": "any"}}) == [0, 0]
        assert asking.rule({"each": {"event": "any"}, "decay": {"half_life": "1d"}}) == []
        assert asking.idle({"event": "any"}) == [-1, -1]


def test_idle_is_the_whole_age_of_the_newest_event():
    rows = [
        *[event("L0", 5 * DAY), event("L0", 3 * DAY), event("L1", 3 * DAY - MICRO), event("L1", -DAY)],
        *[event("L2", MICRO, "other"), event("L3", 0 * DAY)],
    ]
    with past({"x": [1.0] * 5}, accounts=["A", "B", "A", None, "C"], events=rows) as history:
        asking = Asking(history)
        assert asking.idle({"event": "visit"}) == [3, 2, -1, -1, -1]
        assert asking.idle({"event": "any", "scope": "account"}) == [0, 2, 0, -1, -1]
        assert asking.idle({"event": "visit", "within": "3d"}) == [-1, 2, -1, -1, -1]


# --- limits -----------------------------------------------------------------------------------------------------------


def kept(ages, limit):
    """What is left of (age in microseconds, page) after limits, in plain Python; as ages in whole days."""
    day = DAY // MICRO
    found = sorted(ages, key=lambda each: (each[0], each[1] or ""))
    if "per_distinct" in limit:
        newest = {}
        for age, page in found:
            if page is not None:
                newest.setdefault(page.strip().lower(), (age, page))
        found = sorted(newest.values())
    if "per_day" in limit:
        days: dict[int, int] = {}
        left = []
        for age, page in found:
            at = (AS_OF.value // 1000 - age) // day
            days[at] = days.get(at, 0) + 1
            if days[at] <= limit["per_day"]:
                left.append((age, page))
        found = left
    return sorted(age // day for age, _ in found[: limit.get("events", len(found))])


def several(seed):
    rng = random.Random(seed)
    pages = [None, "a", "A", " b", "B ", "c", "d"]
    spans = [MICRO, 12 * HOUR, 12 * HOUR + MICRO, DAY, DAY + MICRO, 36 * HOUR, 40 * HOUR, 3 * DAY, 50 * DAY, -DAY]
    return [(rng.choice(spans) // MICRO, rng.choice(pages)) for _ in range(rng.choice([0, 1, 4, 9, 14]))]


LIMITS = [
    dict(zip(("per_distinct", "per_day", "events"), found, strict=True))
    for found in itertools.product([None, "page"], [None, 1, 2], [None, 1, 3])
]


OWN = [several(seed) for seed in range(9)]
ACCOUNTS = ["A0", "A0", "A1", "A1", "A1", "A2", None, None, "A3"]


@pytest.fixture(scope="module")
def busy():
    """Leads with the events of OWN, in accounts."""
    rows = [event(f"L{n}", age * MICRO, page=page) for n, mine in enumerate(OWN) for age, page in mine]
    with past({"x": [1.0] * len(OWN)}, accounts=ACCOUNTS, events=rows) as history:
        yield Asking(history)


@pytest.mark.parametrize("limit", LIMITS, ids=str)
@pytest.mark.parametrize("scope", ["lead", "account"])
def test_limits_apply_in_their_order(busy, limit, scope):
    limit = {key: value for key, value in limit.items() if value is not None}
    rule = {"each": {"event": "any", "scope": scope}, "limit": limit}
    tally, ages = busy.rule(rule), busy.rule({**rule, "decay": {"half_life": "9d"}})
    for lead, account in enumerate(ACCOUNTS):
        together = [lead]
        if scope == "account" and account is not None:
            together = [other for other in range(len(OWN)) if ACCOUNTS[other] == account]
        expected = kept([(age, page) for other in together for age, page in OWN[other] if age > 0], limit)
        assert tally[lead] == len(expected)
        assert [age for obs, age, n in ages if obs == lead for _ in range(n)] == expected


def test_the_newest_of_equal_values_decides_the_day_and_the_age():
    rows = [event("L0", 50 * HOUR, page="a"), event("L0", 2 * HOUR, page="A "), event("L0", 3 * HOUR, page="b")]
    with past({"x": [1.0]}, events=rows) as history:
        asking = Asking(history)
        assert asking.rule({"each": {"event": "any"}, "limit": {"per_distinct": "page"}}) == [2]
        each = {"each": {"event": "any"}, "limit": {"per_distinct": "page", "per_day": 1}}
        assert asking.rule(each) == [1]
        assert asking.rule({**each, "decay": {"expiry": "9d"}}) == [(0, 0, 1)]
        old = {"each": {"event": "any", "older_than": "1d"}, "limit": {"per_distinct": "page"}}
        assert asking.rule({**old, "decay": {"expiry": "9d"}}) == [(0, 2, 1)]


# --- in force ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("effective", "in_force"),
    [
        ({"from": "2026-06-30T12:00:00Z"}, True),
        ({"from": "2026-06-30T12:00:01Z"}, False),
        ({"to": "2026-06-30T12:00:00Z"}, False),
        ({"to": "2026-06-30T12:00:01Z"}, True),
        ({"from": "2026-01-01", "to": "2027-01-01"}, True),
    ],
)
def test_rules_are_in_force_from_and_up_to(effective, in_force):
    held = {"field": "x", "equals": 1}
    with past({"x": [1.0, 2.0]}, events=[event("L0", DAY), event("L1", DAY, page="p")]) as history:
        asking = Asking(history)
        assert asking.rule({"when": held, "effective": effective}) == ([1, 0] if in_force else [0, 0])
        found = asking.rule({"cases": [{"when": held, "points": 1}], "effective": effective})
        assert found == ([2, 0] if in_force else [1, 1])
        each = {"each": {"event": "any"}, "effective": effective}
        assert asking.rule(each) == [int(in_force)] * 2
        distinct = {**each, "limit": {"per_distinct": "page", "per_day": 1}}
        assert asking.rule(distinct) == [0, int(in_force)]
        assert asking.rule({**each, "decay": {"expiry": "2d"}}) == ([(0, 1, 1), (1, 1, 1)] if in_force else [])
