"""Fields as they were known at as_of: dated by changes, against brute force; undated only with consent."""

from __future__ import annotations

import pandas as pd
import pytest
from crm import AGE_DAYS, DAY, MAPPING, PLAN, load

import workbench as wb
from workbench.engine.lowered import Cell
from workbench.errors import PlanError
from workbench.observation.fields import catalog_of, conditions_of, member_lists, undated
from workbench.plan import RECORDED


def asking(*values, field="plan_type", **test):
    """A model whose score tells which of the values a field holds: 1 for the first, 2 for the second, …"""
    cases = [{"field": field, "equals": value} for value in values] or [{"field": field, **test}]
    tests = [", ".join(f"{key}: {value}" for key, value in case.items()) for case in cases]
    spelled = [f"{{when: {{{test}}}, points: {number}}}" for number, test in enumerate(tests, 1)]
    return wb.parse_model(f"""
format: lead-scoring-model/1
name: asking
dimensions: {{fit: {{}}}}
rules: [{{id: value, in: fit, cases: [{", ".join(spelled)}]}}]
""")


def answers(model, history, plan=PLAN):
    seen = wb.observe(history, model, wb.parse_plan(plan))
    return pd.Series(seen.scorer(model).scores().milli // 1000, index=seen.subjects.lead_id)


def value_at(frames, lead_id, as_of):
    """A field by its changes, in plain Python."""
    mine = frames["changes"][frames["changes"]["lead_id"] == lead_id].sort_values("at")
    if mine.empty:
        return "now"
    before = mine[mine["at"] < as_of]
    return mine["old"].iloc[0] if before.empty else before["value"].iloc[-1]


@pytest.mark.parametrize("age", [1, 14, 35])
def test_a_dated_field_is_its_value_at_as_of(frames, history, age):
    found = answers(asking("free", "trial", "paid", "now"), history, PLAN.replace(f"{AGE_DAYS}d", f"{age}d"))
    numbers = {"free": 1, "trial": 2, "paid": 3, "now": 4}
    created = frames["leads"].set_index("lead_id")["created_at"]
    expected = {lead: numbers.get(value_at(frames, lead, created[lead] + age * DAY), 0) for lead in found.index}
    assert found.to_dict() == expected
    assert set(expected.values()) == {0, 1, 2, 3, 4}


def steady(frames):
    """A lead of spring that never converts, and when it was created."""
    leads, won = frames["leads"], frames["stages"].loc[frames["stages"]["stage"] == "won", "lead_id"]
    mine = leads[~leads["lead_id"].isin(won) & (leads["created_at"] < "2025-05-01")].iloc[0]
    return mine["lead_id"], mine["created_at"]


def with_changes(frames, rows):
    changes = pd.DataFrame(rows, columns=["lead_id", "at", "field", "value", "old"])
    return {**frames, "changes": changes.astype({"value": "str", "old": "str"})}


def test_of_two_changes_at_the_same_moment_row_order_never_decides(frames):
    lead, made = steady(frames)
    found = []
    for rows in ([("free", "a"), ("paid", "b"), ("free", "b")], [("free", "b"), ("paid", "b"), ("free", "a")]):
        for age in (1, 30):
            changes = [(lead, made + 20 * DAY, "plan_type", value, old) for value, old in rows]
            with load(with_changes(frames, changes)) as history:
                points = answers(asking("free", "paid", "a", "b"), history, PLAN.replace("14d", f"{age}d"))
                found.append((age, points[lead]))
    assert found[:2] == found[2:]


@pytest.mark.parametrize("value", ["NaN", "inf", "Infinity", "much", "1_000"])
def test_a_changed_value_that_is_no_number_is_missing(frames, value):
    lead, made = steady(frames)
    with load(with_changes(frames, [(lead, made + DAY, "seats", value, "5")])) as history:
        assert history.lead_fields["seats"].known == "dated"
        assert answers(asking(field="seats", at_least=-1e9), history)[lead] == 0
        assert answers(asking(field="seats", known="true"), history)[lead] == 0


def test_a_changed_number_is_compared_as_a_number(frames):
    lead, made = steady(frames)
    with load(with_changes(frames, [(lead, made + DAY, "seats", " 1e3", "5")])) as history:
        assert answers(asking(field="seats", equals=1000), history)[lead] == 1


UNDATED = MAPPING.replace("region: creation, seats: creation", "region: creation")


def test_a_field_of_unknown_date_needs_consent_and_gets_a_warning(frames):
    model = asking(field="seats", at_least=10)
    with load(frames, UNDATED) as history:
        words = r"allow_undated.* found fields of unknown date in use: seats.*'allow_undated: \[seats\]'"
        with pytest.raises(PlanError, match=words):
            answers(model, history)
        with pytest.raises(PlanError, match="unknown date in use: seats"):
            answers(model, history, PLAN[:-1] + ", allow_undated: [region]}")
        seen = wb.observe(history, model, wb.parse_plan(PLAN[:-1] + ", allow_undated: [seats]}"))
    assert "In use although it is not known when their values were known: seats." in seen.warnings


def test_a_population_of_unknown_date_needs_consent_too(frames):
    plan = PLAN[:-1] + ", population: {when: {field: seats, at_least: 10}}"
    with load(frames, UNDATED) as history:
        with pytest.raises(PlanError, match="unknown date in use: seats"):
            wb.observe(history, [], wb.parse_plan(plan + "}"))
        seen = wb.observe(history, [], wb.parse_plan(plan + ", allow_undated: true}"))
    assert any(warning.endswith("known: seats.") for warning in seen.warnings)


def test_fields_known_at_creation_need_no_consent(history):
    seen = wb.observe(history, asking(field="seats", at_least=10), wb.parse_plan(PLAN))
    assert not any("known" in warning for warning in seen.warnings)


# --- what may be asked ------------------------------------------------------------------------------------------------

LISTED = MAPPING.replace("lists: {", "lists: {vips: [L00001, L00002], ")
MEMBERS = wb.parse_model("""
format: lead-scoring-model/1
name: members
dimensions: {fit: {}}
rules:
  - {id: a, in: fit, when: {field: region, equals: EU}, points: 1}
  - {id: b, in: fit, cases: [{when: {not: {member_of: vips}}, points: 2}]}
  - {id: c, in: fit, enabled: false, when: {member_of: unused}, points: 1}
gates: [{id: g, when: {any: [{member_of: [rivals, vips]}]}, tier: Out}]
variants:
  - {name: v, when: {member_of: named}, add: [{id: d, in: fit, when: {member_of: added}, points: 1}]}
""")


def test_the_lists_whose_members_a_model_asks_for():
    assert member_lists(conditions_of(MEMBERS)) == ("added", "named", "rivals", "vips")


def test_a_list_of_members_needs_consent_under_its_name(frames):
    plan = wb.parse_plan(PLAN)
    with load(frames, LISTED) as history:
        words = (
            r"lists whose members are known at as_of, found lists of unknown date in use: vips\. Lists of members have"
        )
        with pytest.raises(PlanError, match=words):
            undated([], history, plan, ["vips"])
        allowed = wb.parse_plan(PLAN[:-1] + ", allow_undated: [vips]}")
        assert undated([], history, allowed, ["vips"]) == ("vips",)
        assert undated([], history, RECORDED, ["vips"]) == ()
        assert undated([], history, plan) == ()
    with load(frames, UNDATED.replace("lists: {", "lists: {vips: [L00001], ")) as history:
        words = r"fields and lists of unknown date in use: seats, vips\. .*'allow_undated: \[seats, vips\]'"
        with pytest.raises(PlanError, match=words):
            undated([Cell("lead", "seats", "number")], history, plan, ["vips"])


def test_a_population_by_members_needs_consent_too(frames):
    plan = PLAN[:-1] + ", population: {when: {not: {member_of: vips}}}"
    with load(frames, LISTED) as history:
        with pytest.raises(PlanError, match="lists of unknown date in use: vips"):
            wb.observe(history, [], wb.parse_plan(plan + "}"))
        seen = wb.observe(history, [], wb.parse_plan(plan + ", allow_undated: [vips]}"))
    assert not {"L00001", "L00002"} & set(seen.subjects.lead_id)
    assert any(warning.endswith("known: vips.") for warning in seen.warnings)


def test_built_in_fields_need_no_consent(history):
    built_in = [Cell("built in", "stage", "text"), Cell("built in", "lead_id", "text")]
    assert undated(built_in, history, wb.parse_plan(PLAN)) == ()


def test_what_a_history_offers(history, frames):
    catalog = catalog_of(history, wb.parse_plan(PLAN))
    assert catalog.dated
    assert catalog.changes
    assert catalog.lists == {"big": ("software", "media")}
    assert catalog.built_in == {
        "lead_id": "text",
        "account_id": "text",
        "stage": "text",
        "created_at": "time",
        "recorded_score": "number",
    }
    assert "stage" not in catalog_of(history, RECORDED).built_in
    bare = {"leads": pd.DataFrame({"lead_id": ["a", "b"], "Converted": [0, 1]})}
    with wb.read_history(bare, outcome="Converted=1") as flat:
        found = catalog_of(flat, RECORDED)
    assert (found.built_in, found.changes, found.dated) == ({"lead_id": "text"}, False, False)


def test_a_dated_field_beside_another_field_is_its_value_at_as_of(frames):
    lead, made = steady(frames)
    model = asking(field="seats", at_least="{field: limit}")
    changes = [(lead, made + 20 * DAY, "limit", "900", "5"), (lead, made + 20 * DAY, "seats", "10", "10")]
    with load(with_changes(frames, changes), MAPPING) as history:
        found = [answers(model, history, PLAN.replace("14d", f"{age}d"))[lead] for age in (20, 21)]
    assert found == [1, 0]
