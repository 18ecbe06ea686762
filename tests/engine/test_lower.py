"""What conditions, rules and models become, and what is said when they do not fit the history."""

from __future__ import annotations

import pytest
from observation.asking import model_of

from workbench.document import Document
from workbench.engine.lower import Catalog, Lowering, lower_model
from workbench.engine.lowered import (
    DAY_US,
    Age,
    Ages,
    AsOf,
    Cell,
    Changed,
    Compare,
    CompareCells,
    Conjunction,
    Constant,
    Disjunction,
    Events,
    FirstOf,
    Hit,
    Idle,
    Known,
    Match,
    Measured,
    Negation,
    Tally,
)
from workbench.errors import ModelError, PlanError
from workbench.model import parse_model

CATALOG = Catalog(
    lead={"title": "text", "size": "number", "seats": "number", "open": "boolean", "due": "time", "stage": "text"},
    account={"industry": "text", "staff": "number"},
    properties={"page": "text", "amount": "number"},
    lists={"vips": ("L1", "L2"), "big": ("Software", "media")},
    built_in={"lead_id": "text", "account_id": "text", "stage": "text", "created_at": "time"},
    changes=True,
)
FLAT = Catalog(lead={"title": "text", "due": "time", "end": "time"}, properties={"page": "text"}, dated=False)
TITLE, SIZE, DUE = Cell("lead", "title", "text"), Cell("lead", "size", "number"), Cell("lead", "due", "time")
PAGE, AMOUNT = Cell("event", "page", "text"), Cell("event", "amount", "number")
VISITS = Events(("visit",), Constant(True))


def lowered(condition, catalog=CATALOG):
    feature = lower_model(model_of({"when": condition}), catalog).rules[0]["r0"]
    assert isinstance(feature, Hit)
    return feature.when


def refusal(catalog, *rules, **parts):
    with pytest.raises(ModelError, match="expected") as caught:
        lower_model(model_of(*rules, **parts), catalog)
    return str(caught.value).replace("small.yaml:1 ", "").splitlines()


# --- conditions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"field": "title", "equals": " VP "}, Compare(TITLE, "=", "vp", True)),
        ({"field": "title", "equals": " VP ", "exact": True}, Compare(TITLE, "=", " VP ")),
        ({"field": "title", "glob": "VP *"}, Match(TITLE, "glob", "vp *", True)),
        ({"field": "title", "regex": "VP", "portable": False}, Match(TITLE, "regex", "VP", False)),
        ({"field": "size", "at_least": 3}, Compare(SIZE, ">=", 3.0)),
        ({"field": "due", "before": "1970-01-02"}, Compare(DUE, "<", DAY_US)),
        ({"field": "due", "within": "30d"}, Age(DUE, 1, 30 * DAY_US)),
        ({"field": "due", "older_than": "21d"}, Age(DUE, 21 * DAY_US, None)),
        ({"field": "due", "in_next": "60d"}, Age(DUE, 1 - 60 * DAY_US, 1)),
        ({"field": "due", "changed_within": "7d"}, Changed("due", 7 * DAY_US)),
        ({"field": "size", "above": {"field": "seats"}}, CompareCells(SIZE, ">", Cell("lead", "seats", "number"))),
        (
            {"field": "title", "equals": {"account_field": "industry"}},
            CompareCells(TITLE, "=", Cell("account", "industry", "text"), True),
        ),
        (
            {"account_field": "staff", "below": {"field": "size"}},
            CompareCells(Cell("account", "staff", "number"), "<", SIZE),
        ),
        ({"field": "stage", "known": True}, Known(Cell("built in", "stage", "text"))),
        (
            {"member_of": "vips"},
            Disjunction(tuple(Compare(Cell("built in", "lead_id", "text"), "=", each) for each in ("L1", "L2"))),
        ),
        (
            {"field": "size", "at_least": 3, "missing": True},
            Disjunction((Compare(SIZE, ">=", 3.0), Negation(Known(SIZE)))),
        ),
        ({"event": "visit", "count": {"above": 2}}, Measured(VISITS, "count", None, ">", 2)),
        (
            {"event": "visit", "property": "amount", "sum": {"at_least": 2.5}},
            Measured(VISITS, "sum", AMOUNT, ">=", 2500),
        ),
        (
            {"event": "visit", "last_age": {"equals": 3}},
            Conjunction(
                (
                    Measured(VISITS, "last_age", None, ">=", 3 * DAY_US),
                    Measured(VISITS, "last_age", None, "<", 4 * DAY_US),
                )
            ),
        ),
        ({"event": "visit", "first_age": {"above": 3}}, Measured(VISITS, "first_age", None, ">=", 4 * DAY_US)),
    ],
)
def test_what_a_condition_becomes(condition, expected):
    assert lowered(condition) == expected


def test_a_filter_of_events():
    condition = {
        "event": ["a", "b", "a"],
        "where": {"field": "page", "equals": "/x"},
        "within": "9d",
        "older_than": "2d",
        "after": "1970-01-02",
        "before": "1970-01-03T00:00:00+01:00",
        "scope": "account",
    }
    where = Compare(PAGE, "=", "/x", True)
    events = Events(("a", "b"), where, 9 * DAY_US, 2 * DAY_US, DAY_US, 2 * DAY_US - 3_600_000_000, True)
    assert lowered(condition) == Measured(events, "count", None, ">=", 1)


def test_in_an_events_where_names_are_properties():
    where = {"field": "amount", "above": {"field": "amount"}}
    found = lowered({"event": "visit", "where": where})
    assert found.events.where == CompareCells(AMOUNT, ">", AMOUNT)


def test_a_plans_condition_raises_the_plans_error():
    condition = model_of({"when": {"field": "titel", "equals": "x"}}).rules[0].when
    lowering = Lowering(CATALOG, None, PlanError)
    with pytest.raises(PlanError, match=r"^population\.when\.field: expected a field of leads, found 'titel'\. Did"):
        lowering.predicate(condition, ("population", "when"))


# --- rules ------------------------------------------------------------------------------------------------------------

IN_FORCE = AsOf(0, DAY_US)
EFFECTIVE = {"effective": {"from": "1970-01-01", "to": "1970-01-02"}}
IS_OPEN = {"field": "open", "equals": True}
OPEN = Compare(Cell("lead", "open", "boolean"), "=", True)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"when": IS_OPEN}, Hit(OPEN)),
        ({"when": IS_OPEN, **EFFECTIVE}, Hit(Conjunction((IN_FORCE, OPEN)))),
        ({"cases": [{"when": IS_OPEN, "points": 2}], **EFFECTIVE}, FirstOf((Negation(IN_FORCE), OPEN))),
        ({"each": {"event": "visit"}, **EFFECTIVE}, Tally(Events(("visit",), Constant(True), force=IN_FORCE))),
        (
            {
                "each": {"event": "any"},
                "limit": {"per_distinct": "page", "per_day": 2, "events": 5},
                "decay": {"expiry": "3d"},
            },
            Ages(Events(None, Constant(True), distinct=PAGE, per_day=2, newest=5)),
        ),
        (
            {"bands": {"of": {"field": "size"}, "steps": [{"from": 1, "below": 3, "points": 2}]}},
            FirstOf((Conjunction((Compare(SIZE, ">=", 1.0), Compare(SIZE, "<", 3.0))),)),
        ),
    ],
)
def test_what_a_rule_becomes(rule, expected):
    assert lower_model(model_of(rule), CATALOG).rules[0]["r0"] == expected


def test_rules_that_are_not_enabled_are_left_out():
    assert lower_model(model_of({"when": IS_OPEN, "enabled": False}, {"when": IS_OPEN}), CATALOG).rules[0].keys() == {
        "r1"
    }


# --- models -----------------------------------------------------------------------------------------------------------

OTHER = {
    "format": "lead-scoring-model/1",
    "name": "other",
    "dimensions": {"fit": {}, "mood": {"inactivity": {"since": {"event": "visit"}, "decay": {"expiry": "9d"}}}},
    "rules": [{"id": "own", "in": "mood", "map": {"field": "title", "points": {"vp": 3}}}],
}
VARIANTS = [
    {
        "name": "large",
        "when": {"field": "size", "above": 9},
        "override": [{"id": "r0", "in": "fit", "each": {"event": "visit"}, "points": 1}],
        "add": [{"id": "more", "in": "fit", "when": IS_OPEN, "points": 2}],
        "drop": ["r1"],
    },
    {"name": "rest", "model": OTHER},
]


def test_a_model_with_variants_and_gates():
    gates = [{"id": "g", "when": IS_OPEN, "tier": "Out"}]
    found = lower_model(model_of({"when": IS_OPEN}, {"when": IS_OPEN}, variants=VARIANTS, gates=gates), CATALOG)
    assert found.rules == (
        {"r0": Hit(OPEN), "r1": Hit(OPEN)},
        {"r0": Tally(VISITS), "more": Hit(OPEN)},
        {"own": FirstOf((Compare(TITLE, "=", "vp", True),))},
    )
    assert found.idle == ({}, {}, {"mood": Idle(VISITS)})
    assert found.gates == FirstOf((OPEN,))
    assert found.variants == FirstOf((Compare(SIZE, ">", 9.0), Constant(True)))


def test_without_variants_and_gates_there_is_nothing_to_decide():
    found = lower_model(model_of({"when": IS_OPEN}), CATALOG)
    assert (found.gates, found.variants) == (FirstOf(()), FirstOf(()))


# --- what does not fit ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ({"field": "titel", "equals": "x"}, "field: expected a field of leads, found 'titel'. Did you mean 'title'?"),
        ({"field": "created_a", "known": True}, "field: expected a field of leads, found 'created_a'. Did you mean"),
        ({"field": "lead_id", "equals": "x"}, "field: expected a field of leads, found 'lead_id'. Known are"),
        ({"field": "recorded_score", "above": 1}, "field: expected a field of leads, found 'recorded_score'."),
        ({"field": "industry", "equals": "x"}, "field: expected a field of leads, found 'industry'. Write 'account_f"),
        (
            {"account_field": "stage", "equals": "x"},
            "account_field: expected a field of accounts, found 'stage'. Write",
        ),
        ({"field": "title", "one_of": {"list": "bigg"}}, "one_of.list: expected a list of the history, found 'bigg'."),
        (
            {"member_of": ["vips", "vip"]},
            "member_of: expected a list of the history, found 'vip'. Did you mean 'vips'?",
        ),
        ({"field": "title", "equals": 5}, "equals: expected values among texts, which 'title' holds, found 5. Put the"),
        ({"field": "due", "equals": "2026-01-01"}, "equals: expected an operator on times, which 'due' holds, found"),
        ({"field": "due", "at_least": 3}, "at_least: expected an operator on times, which 'due' holds, found at_least"),
        (
            {"field": "size", "within": "3d"},
            "within: expected an operator on numbers, which 'size' holds, found within",
        ),
        ({"field": "size", "glob": "3*"}, "glob: expected an operator on numbers, which 'size' holds, found glob."),
        (
            {"field": "size", "equals": {"field": "title"}},
            "equals.field: expected a field of numbers, which 'size' holds, found 'title', which holds texts. Compare",
        ),
        ({"field": "size", "below": {"account_field": "staf"}}, "below.account_field: expected a field of accounts, f"),
        ({"field": "due", "equals": {"field": "due"}}, "equals: expected an operator on times, which 'due' holds"),
        (
            {"field": "stage", "changed_within": "3d"},
            "changed_within: expected a field of leads, whose changes a table",
        ),
        ({"event": "visit", "where": {"field": "title", "known": True}}, "where.field: expected a property of events"),
        ({"event": "visit", "property": "pag", "distinct": {"above": 1}}, "property: expected a property of events, f"),
        (
            {"event": "visit", "property": "page", "sum": {"above": 1}},
            "property: expected a measure of texts, which 'page' holds, found sum. Name a property that holds numbers",
        ),
    ],
)
def test_what_a_history_does_not_have(condition, says):
    [told] = refusal(CATALOG, {"when": condition})
    assert told.startswith(f"rules[0].when.{says}")


@pytest.mark.parametrize(
    ("catalog", "condition", "says"),
    [
        (
            Catalog(),
            {"member_of": "x"},
            "member_of: expected a list of the history, found 'x'. The mapping has no lists",
        ),
        (
            Catalog(lists={"x": ("A",)}),
            {"member_of": "x", "scope": "account"},
            "scope: expected a history whose leads have accounts, found 'scope: account'. Map 'account'",
        ),
        (
            Catalog(lead={"title": "text"}),
            {"field": "title", "changed_within": "3d"},
            "changed_within: expected a history with a table of changes, found none. Map 'changes'",
        ),
        (FLAT, {"event": "visit"}, "event: expected a condition on fields, found one on events. These leads"),
        *[
            (FLAT, {"field": "due", key: "3d"}, f"{key}: expected an operator that needs no as_of, found {key}. These")
            for key in ("within", "older_than", "in_next", "changed_within")
        ],
    ],
)
def test_what_a_history_of_another_kind_does_not_have(catalog, condition, says):
    [told] = refusal(catalog, {"when": condition})
    assert told.startswith(f"rules[0].when.{says}")


def test_without_dates_moments_and_two_fields_still_compare():
    assert lowered({"field": "due", "before": {"field": "end"}}, FLAT) == CompareCells(
        DUE, "<", Cell("lead", "end", "time")
    )
    assert lowered({"field": "due", "after": "1970-01-02"}, FLAT) == Compare(DUE, ">=", DAY_US)


def test_without_dates_nothing_is_ever_in_force_or_idle():
    known = {"when": {"field": "title", "known": True}}
    [told] = refusal(FLAT, {**known, **EFFECTIVE})
    assert told.startswith("rules[0].effective: expected a rule that is always in force, found 'effective'. These")
    fading = {"fit": {"inactivity": {"since": {"event": "any"}, "decay": {"expiry": "9d"}}}}
    [told] = refusal(FLAT, known, dimensions=fading)
    assert told.startswith("dimensions.fit.inactivity.since.event: expected a condition on fields, found one on events")


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ({"cases": [{"when": IS_OPEN, "points": 1}, {"when": {"field": "no", "equals": 1}, "points": 2}]},) * 2,
        ({"map": {"field": "no", "points": {"a": 1, "b": 2}}}, "map"),
        ({"map": {"field": "size", "points": {"a": 1, "b": 2}}}, "map"),
        (
            {"bands": {"of": {"field": "title"}, "steps": [{"from": 1, "points": 2}, {"points": 1, "below": 1}]}},
            "bands",
        ),
        ({"per": {"of": {"field": "no"}, "most": 3}, "points": 2}, "per"),
        ({"up_to": {"of": {"event": "x", "measure": "sum", "property": "page"}, "most": 3}, "points": 2}, "up_to"),
        ({"each": {"event": "x"}, "points": 2, "limit": {"per_distinct": "pag"}}, "limit.per_distinct"),
        ({"each": {"event": "x", "where": {"field": "pag", "known": True}}, "points": 2}, "each.where.field"),
    ],
)
def test_messages_name_places_that_the_author_wrote(rule, place):
    place = "cases[1].when.field" if isinstance(place, dict) else place
    [told] = refusal(CATALOG, {"when": IS_OPEN}, rule)
    assert told.startswith(f"rules[1].{place}: expected")


def test_every_problem_is_told_once_at_its_own_place():
    wrong = {"field": "no", "equals": 1}
    variants = [
        {"name": "a", "when": {"not": wrong}, "override": [{"id": "r1", "in": "fit", "when": wrong, "points": 1}]},
        {"name": "b", "when": IS_OPEN, "add": [{"id": "n", "in": "fit", "map": {"field": "no", "points": {"x": 1}}}]},
        {"name": "c", "model": {**OTHER, "rules": [{"id": "o", "in": "fit", "when": wrong, "points": 1}]}},
    ]
    gates = [{"id": "g", "when": {"all": [IS_OPEN, wrong]}, "tier": "Out"}]
    found = refusal(CATALOG, {"when": wrong}, {"when": IS_OPEN}, variants=variants, gates=gates)
    assert [told.split(": expected")[0] for told in found] == [
        "rules[0].when.field",
        "variants[0].override[0].when.field",
        "variants[1].add[0].map",
        "variants[2].model.rules[0].when.field",
        "gates[0].when.all[1].field",
        "variants[0].when.not.field",
    ]


def test_a_model_in_use_is_named_by_its_own_file(tmp_path):
    (tmp_path / "other.yaml").write_text(
        "format: lead-scoring-model/1\nname: other\ndimensions: {fit: {}}\n"
        "rules:\n  - {id: o, in: fit, map: {field: no, points: {a: 1}}}\n"
    )
    text = Document(
        "small.yaml",
        {
            "format": "lead-scoring-model/1",
            "name": "small",
            "dimensions": {"fit": {}},
            "rules": [{"id": "r0", "in": "fit", "when": IS_OPEN, "points": 1}],
            "variants": [{"name": "a", "when": IS_OPEN, "use": "other.yaml"}],
        },
        {},
        "",
    )
    with pytest.raises(ModelError, match=r"^other\.yaml:5 rules\[0\]\.map: expected a field of leads, found 'no'\."):
        lower_model(parse_model(text, folder=tmp_path), CATALOG)
