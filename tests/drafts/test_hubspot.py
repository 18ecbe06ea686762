"""HubSpot scores: exact models from several shapes of JSON, and a list of what could not be read."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.drafts import Draft, draft_from_hubspot
from workbench.drafts.hubspot_operations import read_operation
from workbench.errors import DataError
from workbench.model import model_text, parse_model, read_model


def operation(kind: str, operator: str, **arguments: Any) -> dict[str, Any]:
    return {"operationType": kind, "operator": operator, "includeObjectsWithNoValueSet": False, **arguments}


def rule(calculation: Any, **more: Any) -> dict[str, Any]:
    return {"id": "r", "enabled": True, "configuration": {"calculation": calculation}, **more}


def group(*rules: Any, name: str = "Group", category: str = "FIT", **more: Any) -> dict[str, Any]:
    return {"id": "g", "groupName": name, "groupCategory": category, "ruleConfigurations": list(rules), **more}


def score(*groups: Any, **more: Any) -> dict[str, Any]:
    kinds = sorted({each.get("groupCategory", "FIT") for each in groups})
    data = {"id": "7", "name": "Inbound", "objectTypeId": "0-1", "allowedGroupTypes": kinds, "groupConfigs": [*groups]}
    return {**data, "scoreStatus": "published", "scoreType": "CUSTOM", **more}


def match(name: str, *cases: tuple[Any, float], **more: Any) -> dict[str, Any]:
    rules = [{"operation": asked, "value": value} for asked, value in cases]
    return {"type": "MATCH", "property": name, "matchRules": rules, **more}


def conditional(value: float, *conditions: tuple[str, Any]) -> dict[str, Any]:
    singles = [{"type": "SINGLE", "property": name, "operation": asked} for name, asked in conditions]
    where = {"type": "COMPOSITE", "operator": "AND", "conditions": singles}
    return {"type": "CONDITIONAL", "value": value, "whereCondition": where}


def events(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"type": "MULTI_UE", "eventCalculators": list(entries)}


def constant(value: float) -> dict[str, Any]:
    return {"type": "CONSTANT", "value": value}


def drafted(folder: Path, data: Any) -> Draft:
    path = folder / "score.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return draft_from_hubspot(path)


TITLES = match(
    "jobtitle",
    (operation("MULTISTRING", "CONTAINS", values=["chief", "vp"]), 30),
    (operation("STRING", "IS_EQUAL_TO", value="Director"), 20),
    defaultValue=1,
)
LAST_30 = {"eventFilterOperation": operation("ROLLING_DATE_RANGE", "IS_LESS_THAN_X_DAYS_AGO", numberOfDays=30)}
STEPS = {
    "type": "BETWEEN",
    "ranges": [
        {"from": 1, "to": 3, "type": "BETWEEN", "value": 5},
        {"from": 4, "type": "EXACTLY", "value": 8},
        {"from": 5, "type": "AT_LEAST", "value": 10},
    ],
}


def test_a_combined_score_becomes_exactly_this_model(tmp_path):
    page = {"eventTypeId": "4-96000", "recordCalculation": constant(4), "eventTimeframe": LAST_30}
    mail = {"eventTypeId": "4-666440", "recordCalculation": constant(0), "eventFrequencyCriteria": STEPS}
    data = score(
        group(rule(TITLES, maximumValue=30, minimumValue=0), name="Role", minValue=-10, maxValue=40),
        group(
            rule(events(page), maxValue=20),
            rule(events(mail), enabled=False),
            name="Web",
            category="INTENT",
            groupDecay={"decayIntervalDays": 30, "percentToDecayPerInterval": 50},
        ),
        maxScorePerCategory=100,
        filterConfiguration={"listFilterType": "EXCLUDES", "segmentIds": [44, 45]},
        outputConfiguration={
            "outputs": [
                {"id": "a", "outputType": "SCORE", "propertyLabel": "Score", "categories": ["FIT", "INTENT"]},
                {
                    "id": "b",
                    "outputType": "THRESHOLD",
                    "propertyLabel": "Tier",
                    "categories": ["FIT", "INTENT"],
                    "boundaries": [
                        {"label": "High", "threshold": 80, "color": "GREEN"},
                        {"label": "Low", "threshold": 0, "color": "RED", "newLabel": "Cold"},
                    ],
                },
            ]
        },
    )
    found = drafted(tmp_path, data)
    assert found.model == parse_model(
        """
        format: lead-scoring-model/1
        name: Inbound
        about: A draft from score.json; every assumption is a comment.
        dimensions: {fit: {max: 100}, engagement: {max: 100}}
        groups: {role: {in: fit, min: -10, max: 40}, web: {in: engagement}}
        rules:
          - id: role_jobtitle
            in: role
            cap: {min: 0, max: 30}
            cases:
              - {when: {field: jobtitle, contains_any: [chief, vp]}, points: 30}
              - {when: {field: jobtitle, equals: Director}, points: 20}
            default: 1
          - id: web_4_96000
            in: web
            cap: {max: 20}
            each: {event: 4-96000, within: 30d}
            points: 4
            decay: {step: {lose: 50%, every: 30d}}
          - id: web_4_666440_times
            in: web
            enabled: false
            cases:
              - {when: {event: 4-666440, count: {between: [1, 4]}}, points: 5}
              - {when: {event: 4-666440, count: {equals: 4}}, points: 8}
              - {when: {event: 4-666440, count: {at_least: 5}}, points: 10}
        tiers: [{name: Cold, from: 0}, {name: High, from: 80}]
        gates:
          - {id: not_scored, when: {member_of: [segment_44, segment_45]}, tier: Not scored,
             why: "HubSpot: EXCLUDES segments"}
        """
    )
    [lost] = found.unread
    assert (lost.place, lost.reason) == (
        "groupConfigs[1].ruleConfigurations[1].groupDecay",
        "Points by a frequency of events do not fade here.",
    )
    linear = next(question for question in found.questions if question.place == "groupConfigs[1].groupDecay")
    assert "HubSpot calls its logic linear" in linear.assumed
    assert linear.decide.endswith("'linear: 60d'.")


def test_the_questions_survive_the_file(tmp_path):
    found = drafted(tmp_path, score(group(rule(TITLES)), group(rule(constant(3)), name="Other")))
    found.write(tmp_path / "draft.yaml")
    text = (tmp_path / "draft.yaml").read_text()
    assert read_model(tmp_path / "draft.yaml") == found.model
    lines = text.splitlines()
    assert "Every lead gets these points. Is that meant?" in lines[lines.index("  - id: other_everybody") - 1]
    assert model_text(read_model(tmp_path / "draft.yaml")) == text


FIELD = {"field": "x"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (operation("NUMBER", "GT", value=5), {**FIELD, "above": 5}),
        (operation("NUMBER", "GTE", value=5), {**FIELD, "at_least": 5}),
        (operation("NUMBER", "LT", value=5.5), {**FIELD, "below": 5.5}),
        (operation("NUMBER", "IS_LESS_THAN_OR_EQUAL_TO", value="5"), {**FIELD, "at_most": 5}),
        (operation("NUMBER", "EQ", value=5), {**FIELD, "equals": 5}),
        (operation("NUMBER", "NEQ", value=5), {"not": {**FIELD, "equals": 5, "missing": True}}),
        (
            operation("NUMBER_RANGED", "BETWEEN", lowerBound=1, upperBound=9),
            {"all": [{**FIELD, "at_least": 1}, {**FIELD, "at_most": 9}]},
        ),
        (
            operation("NUMBER_RANGED", "IS_NOT_BETWEEN", lowerBound=1, upperBound=9),
            {"any": [{**FIELD, "below": 1}, {**FIELD, "above": 9}]},
        ),
        (operation("BOOL", "IS_EQUAL_TO", value=True), {**FIELD, "equals": True}),
        (operation("BOOL", "IS_FALSE", value=True), {**FIELD, "equals": False}),
        (operation("STRING", "STARTS_WITH", value="a"), {**FIELD, "starts_with": ["a"]}),
        (operation("ENUMERATION", "IS_ANY_OF", values=["a", "b"]), {**FIELD, "one_of": ["a", "b"]}),
        (operation("ENUMERATION", "IS_NONE_OF", values=["a"]), {"not": {**FIELD, "equals": "a", "missing": True}}),
        (
            operation("MULTISTRING", "DOES_NOT_CONTAIN", values=["a"]),
            {"not": {**FIELD, "contains_any": ["a"], "missing": True}},
        ),
        (operation("ALL_PROPERTY", "HAS_PROPERTY"), {**FIELD, "known": True}),
        (operation("STRING", "NOT_HAS_PROPERTY", value=""), {**FIELD, "known": False}),
        (operation("ROLLING_DATE_RANGE", "IS_MORE_THAN_X_DAYS_AGO", numberOfDays=9), {**FIELD, "older_than": "9d"}),
        (
            operation("ROLLING_PROPERTY_UPDATED", "UPDATED_IN_LAST_X_DAYS", numberOfDays=9),
            {**FIELD, "changed_within": "9d"},
        ),
        (operation("DATE", "IS_BEFORE", year=2026, month="MARCH", day=1), {**FIELD, "before": "2026-03-01"}),
        (operation("DATE", "IS_AFTER", year=2026, month="2", day=28), {**FIELD, "after": "2026-03-01"}),
        (operation("DATETIME", "IS_BEFORE", timestamp=1000), {**FIELD, "before": "1970-01-01T00:00:01.000000Z"}),
        (operation("COMPARATIVE_DATE", "IS_AFTER", comparisonPropertyName="y"), {**FIELD, "after": {"field": "y"}}),
        (operation("COMPARATIVE_NUMBER", "GT", comparisonPropertyName="y"), {**FIELD, "above": {"field": "y"}}),
        (
            operation(
                "TIME_RANGED",
                "IS_BETWEEN",
                lowerBoundTimePoint={
                    "timeType": "INDEXED",
                    "indexReference": {"referenceType": "TODAY"},
                    "offset": {"days": -30},
                },
                upperBoundTimePoint={"timeType": "INDEXED", "indexReference": {"referenceType": "NOW"}},
            ),
            {**FIELD, "within": "30d"},
        ),
    ],
)
def test_operations_are_read_as(asked, expected):
    assert read_operation(FIELD, asked) == expected


def test_objects_without_a_value_are_included_where_the_operation_says_so():
    included = {**operation("NUMBER", "GT", value=5), "includeObjectsWithNoValueSet": True}
    assert read_operation(FIELD, included) == {"field": "x", "above": 5, "missing": True}
    other = {**operation("STRING", "IS_NOT_EQUAL_TO", value="a"), "includeObjectsWithNoValueSet": True}
    assert read_operation(FIELD, other) == {"not": {"field": "x", "equals": "a"}}


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (
            operation("STRING", "HAS_EVER_BEEN_EQUAL_TO", value="a"),
            "The operator 'HAS_EVER_BEEN_EQUAL_TO' of STRING is not known.",
        ),
        (
            operation("CALENDAR_DATE", "IN_THIS_TIME_UNIT", timeUnit="WEEK"),
            "Operations of type 'CALENDAR_DATE' have no counterpart here.",
        ),
        (operation("NUMBER", "GT"), r"Its arguments cannot be read (KeyError: 'value')."),
        (operation("NUMBER", "GT", value="many"), "Its arguments cannot be read (ValueError:"),
        (
            operation("ROLLING_DATE_RANGE", "IS_LESS_THAN_X_DAYS_AGO", numberOfDays=0),
            "Its arguments cannot be read (ValueError: 0 days).",
        ),
        (
            operation("ENUMERATION", "IS_EXACTLY", values=["a", "b"]),
            "The operator 'IS_EXACTLY' of ENUMERATION is not known.",
        ),
        (None, "An operation is a set of keys."),
    ],
)
def test_operations_that_are_not_known_are_refused_by_name(asked, reason):
    assert read_operation(FIELD, asked).reason.startswith(reason)


def test_points_by_an_event_s_property_become_rules_that_do_not_overlap(tmp_path):
    pages = match(
        "hs_url",
        (operation("STRING", "CONTAINS", value="/pricing"), 5),
        (operation("STRING", "CONTAINS", value="/blog"), 2),
        defaultValue=1,
    )
    found = drafted(
        tmp_path, score(group(rule(events({"eventTypeId": "visit", "recordCalculation": pages})), category="INTENT"))
    )
    wheres = [
        each.each.where.model_dump(mode="json", by_alias=True, exclude_defaults=True) for each in found.model.rules
    ]
    pricing, blog = ({"field": "hs_url", "contains_any": [page]} for page in ("/pricing", "/blog"))
    assert wheres == [pricing, {"all": [blog, {"not": pricing}]}, {"not": {"any": [pricing, blog]}}]
    assert [float(each.points) for each in found.model.rules] == [5, 2, 1]


def test_a_roll_up_over_one_company_reads_the_account_and_others_are_listed(tmp_path):
    industry = match("industry", (operation("ENUMERATION", "IS_ANY_OF", values=["SOFTWARE"]), 15))
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}
    company = {
        "type": "ASSOCIATIONS",
        "rollupType": "MAX",
        "associatedObjectTypeId": "0-2",
        "associationSpec": spec,
        "inverseAssociationSpec": spec,
        "recordCalculation": industry,
    }
    deals = {**company, "associatedObjectTypeId": "0-3"}
    activity = {"type": "ASSOCIATION_UE", "rollupType": "SUM"}
    found = drafted(tmp_path, score(group(rule(company), rule(deals), rule(activity))))
    [only] = found.model.rules
    assert (only.when.account_field, only.when.equals) == ("industry", "SOFTWARE")
    assert [each.place for each in found.unread] == [
        "groupConfigs[0].ruleConfigurations[1].configuration.calculation",
        "groupConfigs[0].ruleConfigurations[2].configuration.calculation",
    ]
    assert [entry.became for entry in found.entries] == ["cap", "rule", "unread", "unread"]


def test_segments_and_nested_sums(tmp_path):
    segments = {
        "type": "SEGMENT_MEMBERSHIP",
        "segmentMembershipRules": [
            {"operation": "HAS_ALL_SEGMENT_MEMBERSHIP", "segmentIds": [1, 2], "value": 5},
            {"operation": "HAS_NO_SEGMENT_MEMBERSHIP", "segmentIds": [3], "value": 2},
        ],
    }
    both = {"type": "MULTI", "calculators": [segments, conditional(3, ("a", operation("BOOL", "IS_TRUE", value=True)))]}
    found = drafted(tmp_path, score(group(rule(both, maxValue=6))))
    first, second = found.model.rules
    assert [type(case.when).__name__ for case in first.cases] == ["AllOf", "NotOf"]
    assert second.when.equals is True
    [lost] = found.unread
    assert lost.place == "groupConfigs[0].ruleConfigurations[0].maxValue"
    assert lost.reason == "It caps the sum of 2 rules; groups do not stand in groups."


def test_a_condition_of_which_a_part_cannot_be_read_is_not_weakened(tmp_path):
    strange = conditional(
        5, ("a", operation("BOOL", "IS_TRUE", value=True)), ("b", operation("STRING", "SOUNDS_LIKE", value="x"))
    )
    found = drafted(tmp_path, score(group(rule(strange), rule(constant(1)))))
    assert [each.id for each in found.model.rules] == ["group_everybody"]
    assert found.unread[0].reason == "The operator 'SOUNDS_LIKE' of STRING is not known."


def test_a_matrix_becomes_grades(tmp_path):
    sides = {
        "FIT": [{"label": "A", "threshold": 60}, {"label": "B", "threshold": 0}],
        "INTENT": [{"label": "1", "threshold": 50}, {"label": "2", "threshold": 0}],
    }
    output = {
        "id": "m",
        "outputType": "MATRIX",
        "propertyLabel": "Grade",
        "boundaries": sides,
        "categories": ["FIT", "INTENT"],
    }
    threshold = {
        "id": "t",
        "outputType": "THRESHOLD",
        "propertyLabel": "T",
        "boundaries": [{"label": "x", "threshold": 1}],
    }
    groups = (group(rule(constant(1))), group(rule(constant(1)), name="Web", category="INTENT"))
    found = drafted(tmp_path, score(*groups, outputConfiguration={"outputs": [threshold, output]}))
    assert found.model.matrix.grades == ("B2", "B1", "A2", "A1")
    assert [tier.name for tier in found.model.tiers] == ["B2", "B1", "A2", "A1"]
    assert [each.reason for each in found.unread] == ["A second output that gives tiers."]


def test_thresholds_of_one_category_of_a_combined_score_are_listed(tmp_path):
    output = {
        "id": "t",
        "outputType": "THRESHOLD",
        "categories": ["FIT"],
        "boundaries": [{"label": "x", "threshold": 1}],
    }
    groups = (group(rule(constant(1))), group(rule(constant(1)), name="Web", category="INTENT"))
    found = drafted(tmp_path, score(*groups, outputConfiguration={"outputs": [output]}))
    assert found.model.tiers == ()
    assert found.unread[0].reason == "Its thresholds are for fit alone; tiers go by the total score."


def test_keys_that_the_schema_does_not_have_and_odd_numbers_are_listed(tmp_path):
    odd = group(
        rule(constant(5), weird=1),
        rule(constant(1e12)),
        rule(constant(0.0001)),
        maxValue="x",
        groupDecay={"decayIntervalDays": 0, "percentToDecayPerInterval": 10},
    )
    found = drafted(tmp_path, score(odd, mystery=1))
    places = [each.place for each in found.unread]
    assert places == [
        "mystery",
        "groupConfigs[0].maxValue",
        "groupConfigs[0].groupDecay",
        "groupConfigs[0].ruleConfigurations[0].weird",
        "groupConfigs[0].ruleConfigurations[1].configuration.calculation.value",
        "groupConfigs[0].ruleConfigurations[2].configuration.calculation.value",
    ]
    assert len(found.model.rules) == 1


def test_a_group_without_category_and_a_score_of_companies_are_asked_about(tmp_path):
    visits = events({"eventTypeId": "visit", "recordCalculation": constant(1)})
    bare = {key: value for key, value in group(rule(visits)).items() if key != "groupCategory"}
    found = drafted(tmp_path, score(bare, objectTypeId="0-2", allowedGroupTypes=["FIT", "INTENT"]))
    assert list(found.model.dimensions) == ["engagement"]
    assumed = [question.assumed for question in found.questions]
    assert "The group does not say its category: INTENT is assumed." in assumed
    assert "The score is one of companies; here leads are scored." in assumed


def test_a_large_score_is_read_whole(tmp_path):
    random.seed(5)
    groups = []
    for number in range(12):
        rules = [
            rule(match(f"p{number}_{n}", *((operation("STRING", "EQ", value=f"v{k}"), k + 1) for k in range(8))))
            for n in range(24)
        ]
        rules.append(rule(events({"eventTypeId": f"4-{number}", "recordCalculation": constant(2)})))
        groups.append(group(*rules, name=f"Group {number}", category=random.choice(["FIT", "INTENT"]), maxValue=50))
    found = drafted(tmp_path, {"results": [score(*groups)]})
    assert len(found.model.rules) == 12 * 25
    assert len({each.id for each in found.model.rules}) == 300
    assert found.unread == ()
    assert found.counted == {"cap": 12, "rule": 300}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "score.json: expected a JSON document, found 'Expecting property name"),
        ("[" * 100_000, "expected a JSON document"),
        ("{}", "expected one HubSpot score, with 'groupConfigs', found a document without it"),
        (json.dumps([score(), score()]), "found a list of 2"),
        (json.dumps(score()), r"expected at least one rule that can be read, found none \(no rules\)"),
        (json.dumps(score(group(rule({"type": "ASSOCIATION_UE"})))), "Events of associated records"),
    ],
)
def test_what_is_no_score_is_refused(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        drafted(tmp_path, content)


SAMPLE = score(
    group(rule(TITLES, maxValue=30), rule(conditional(4, ("a", operation("NUMBER", "GT", value=1))))),
    group(
        rule(events({"eventTypeId": "4-1", "recordCalculation": TITLES, "eventTimeframe": LAST_30})),
        rule(events({"eventTypeId": "4-2", "recordCalculation": constant(1), "eventFrequencyCriteria": STEPS})),
        name="Web",
        category="INTENT",
        groupDecay={"decayIntervalDays": 30, "percentToDecayPerInterval": 50},
    ),
    filterConfiguration={"listFilterType": "INCLUDES", "segmentIds": [1]},
    outputConfiguration={
        "outputs": [{"id": "t", "outputType": "THRESHOLD", "boundaries": [{"label": "x", "threshold": 1}]}]
    },
)
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.text(max_size=8), st.just([]),
    st.just({}), st.just([{}]), st.just([None]),
)  # fmt: skip


def spots(node: Any, way: tuple = ()) -> list[tuple]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [way, *(spot for key, child in inner for spot in spots(child, (*way, key)))]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(spots(SAMPLE)[1:]), JUNK), min_size=1, max_size=3))
def test_whatever_stands_in_the_json_there_is_a_draft_or_one_refusal(tmp_path_factory, changes):
    data = copy.deepcopy(SAMPLE)
    for way, junk in changes:
        node = data
        try:
            for key in way[:-1]:
                node = node[key]
            node[way[-1]] = junk
        except (KeyError, IndexError, TypeError):
            continue
    try:
        found = drafted(tmp_path_factory.mktemp("score"), json.dumps(data))
    except DataError:
        return
    assert parse_model(found.text) == found.model
    assert len({entry.place for entry in found.entries}) == len(found.entries)
    told = {each.place for each in found.unread}
    for entry in found.entries:
        assert entry.became != "unread" or any(place.startswith(entry.place) for place in told)
