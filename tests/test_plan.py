from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import workbench as wb
from workbench.errors import PlanError
from workbench.plan import RECORDED, Age, Entered, Every

SHIPPED = sorted((Path(__file__).parents[1] / "notebooks" / "plans").glob("*.yaml"))
SCHEMA = wb.Plan.model_json_schema(by_alias=True)
FULL = """
format: lead-scoring-plan/1
name: full
outcome: won
at: {at}
closed: [lost, junk]
horizon: 90d
population: {{when: {{field: region, equals: EU}}}}
split: {{by: time, test: 25%, validation: 12.5%, gap: 100d}}
cluster: account
value: {{contact_cost: 40, win: {win}}}
capacity: {{per: week, leads: 200}}
segments: [region]
bands: [0, 10, 25.5]
tier: MQL
allow_undated: [stage]
seed: 3
"""
MOMENTS = {"14d": Age(age=14), "{every: week}": Every(every="week"), "{stage: mql}": Entered(stage="mql")}


@pytest.mark.parametrize(("at", "value"), MOMENTS.items())
@pytest.mark.parametrize("win", ["3000", "amount"])
def test_a_plan_is_read_and_its_plain_form_reads_back(at, value, win):
    plan = wb.parse_plan(FULL.format(at=at, win=win))
    assert (plan.at, plan.horizon, plan.split.test, plan.split.validation) == (value, 90, 0.25, 0.125)
    assert (plan.gap_days, plan.seed, plan.bands, plan.closed) == (100, 3, (0, 10, 25.5), ("lost", "junk"))
    again = wb.parse_plan(json.dumps(plan.plain()))
    assert again == plan
    assert again.digest == plan.digest
    assert list(Draft202012Validator(SCHEMA).iter_errors(plan.plain())) == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_plans_are_read_and_valid_by_the_schema(path):
    plan = wb.read_plan(path)
    assert plan.name == path.stem
    assert list(Draft202012Validator(SCHEMA).iter_errors(plan.plain())) == []


def test_the_gap_is_the_horizon_unless_given():
    assert wb.parse_plan("{at: 14d, outcome: won, horizon: 90d, split: {by: time}}").gap_days == 90
    assert RECORDED.gap_days == 0


def test_the_digest_leaves_out_words_and_sees_everything_else():
    plan = wb.parse_plan("{at: 14d, outcome: won, horizon: 90d}")
    same = wb.parse_plan("{horizon: 90d, outcome: won, at: 14d, name: x, about: y, seed: 7}")
    assert same.digest == plan.digest
    others = (
        "seed: 8",
        "closed: []",
        "split: {by: time}",
        "tier: A",
        "bands: [1]",
        "allow_undated: true",
        "unit: account",
    )
    for more in others:
        assert wb.parse_plan(f"{{at: 14d, outcome: won, horizon: 90d, {more}}}").digest != plan.digest


def test_consent_is_for_all_or_by_name():
    by_name = wb.parse_plan("{at: recorded, allow_undated: [stage]}")
    assert [by_name.allows_undated(name) for name in ("stage", "other")] == [True, False]
    assert wb.parse_plan("{at: recorded, allow_undated: true}").allows_undated("other")
    assert not RECORDED.allows_undated("stage")


def test_the_unit_is_the_lead_unless_said():
    plan = wb.parse_plan("{at: 14d, outcome: won, horizon: 90d}")
    assert (plan.unit, plan.plain()["unit"]) == ("lead", "lead")
    of_accounts = wb.parse_plan("{unit: account, at: 14d, outcome: won, horizon: 90d, split: {by: account}}")
    assert of_accounts.unit == "account"
    assert wb.parse_plan(json.dumps(of_accounts.plain())) == of_accounts
    assert list(Draft202012Validator(SCHEMA).iter_errors(of_accounts.plain())) == []
    assert list(Draft202012Validator(SCHEMA).iter_errors({"at": "recorded", "unit": "team"})) != []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{outcome: won}", "plan:1 at: expected .*, found nothing"),
        ("{at: 14d, horizon: 90d}", "'outcome' beside at: 14d.*Add 'outcome:', or use at: recorded"),
        ("{at: 14d, outcome: won}", "'horizon' beside at: 14d"),
        ("{at: 14, outcome: won, horizon: 90d}", "plan:1 at: expected an age such as 14d"),
        ("{at: 0d, outcome: won, horizon: 90d}", "plan:1 at"),
        ("{at: {every: year}, outcome: won, horizon: 9d}", "plan:1 at"),
        ("{at: {every: week, stage: x}, outcome: won, horizon: 9d}", "an age such as 14d, {every: month}"),
        ("{at: 14d, outcome: won, horizon: 3 months}", "plan:1 horizon: expected whole days such as 30d"),
        ("{at: recorded, split: {by: time, test: 60%, validation: 40%}}", "above 0% and below 100% together"),
        ("{at: recorded, split: {by: time, test: 120%}}", 'split.test: expected a share such as 20%, found "120%"'),
        ("{at: recorded, bands: [10, 5]}", "bands in ascending order"),
        ("{at: recorded, sgments: [x]}", "found 'sgments'. Did you mean 'segments'"),
        ("{at: recorded, value: {contact_cost: -1, win: 5}}", "value.contact_cost: expected a number of at least 0"),
        ("{at: recorded, seed: -1}", "seed: expected a number of at least 0, found -1"),
        ("{at: recorded, unit: team}", "plan:1 unit: expected .*'lead' or 'account'"),
        (
            "{at: recorded, unit: account, split: {by: lead}}",
            "split.by: expected time, account or part beside unit: account, found lead. Write 'account'",
        ),
        ("{at: recorded, unit: account, cluster: lead}", "cluster: expected account beside unit: account, found lead"),
        ("[]", "keys with values at the top level"),
    ],
)
def test_messages_name_the_place_and_the_remedy(text, message):
    with pytest.raises(PlanError, match=message):
        wb.parse_plan(text)
