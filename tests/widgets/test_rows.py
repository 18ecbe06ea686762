from __future__ import annotations

import pandas as pd
import pytest

from workbench.tuning import Knob, RuleRow, Section
from workbench.widgets.handles import beginnings, tier_handles
from workbench.widgets.outcomes import findings
from workbench.widgets.rows import knob_names, plain, section_rows


def knob(path, label="points", value=5.0, kind="points", **more):
    return Knob(path, kind, label, value, -20.0, 20.0, 1.0, "points", **more)


def switch(rule):
    return Knob(f"rules.{rule}.enabled", "on", "counts", True, 0, 1, 1)


OTHERWISE = knob("rules.job_title.default", "points otherwise", 0.0)
CHIEF = knob("rules.job_title.cases[0].points", "chief")
DIRECTOR = knob("rules.job_title.cases[1].points", "director")
CASES = RuleRow("job_title", "title", "", switch("job_title"), (OTHERWISE,), (CHIEF, DIRECTOR), ("chief", "director"))
PLAIN = RuleRow(
    "mail", "a mail", "", switch("mail"), (knob("rules.mail.points", value=-2.5, fixed="not here"),), (), ("",)
)
SECTIONS = (
    Section("fit", (knob("dimensions.fit.max", "most", None, kind="cap"),), (CASES, PLAIN)),
    Section(
        "tiers",
        (
            knob("tiers.Nurture.from", "Nurture", 0.0, kind="threshold"),
            knob("tiers.MQL.from", "MQL", 20.0, kind="threshold"),
            knob("tiers.MQL.require.fit", "MQL: least fit", 5.0, kind="threshold"),
            knob("tiers.SQL.from", "SQL", 40.0, kind="threshold", fixed="held"),
            knob("account.tiers.Hot.from", "account Hot", 30.0, kind="threshold"),
        ),
    ),
)
COLUMNS = ["rule", "case", "points", "n", "share", "rate", "rate_low", "rate_high", "rate_without", "sign"]


def evidence(*rows):
    return pd.DataFrame(list(rows), columns=COLUMNS)


def test_every_control_has_a_name_of_its_own():
    names = knob_names(SECTIONS)
    assert names["rules.job_title.cases[0].points"] == "job title, chief: points"
    assert names["rules.job_title.enabled"] == "job title: on"
    assert names["rules.mail.points"] == "mail: points"
    assert names["dimensions.fit.max"] == "Fit: most"
    assert len(set(names.values())) == len(names) == sum(len(section.all_knobs) for section in SECTIONS)


def test_the_page_gets_every_knob_in_order_with_its_range_and_why_it_is_fixed():
    fit, tiers = section_rows(SECTIONS)
    assert (fit["title"], fit["note"], tiers["note"]) == ("Fit", "2 rules", "")
    assert [each["path"] for each in fit["rules"][0]["cases"]] == [each.path for each in CASES.cases]
    held = fit["rules"][1]["knobs"][0]
    assert (held["base"], held["low"], held["high"], held["step"], held["fixed"]) == (-2.5, -20, 20, 1, "not here")
    assert fit["caps"][0]["base"] is None


def test_evidence_stands_with_the_rule_or_with_each_case():
    fit, _ = section_rows(SECTIONS)
    assert [row["evidence"] for row in fit["rules"]] == ["", "rules.mail.points"]


@pytest.mark.parametrize(("value", "expected"), [(5.0, 5), (2.5, 2.5), (True, True), (None, None)])
def test_whole_numbers_are_whole(value, expected):
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)


def test_findings_are_told_by_the_path_of_the_points():
    found = findings(
        SECTIONS,
        evidence(
            ("job_title", "chief", 5.0, 40, 0.2, 0.3, 0.2, 0.4, 0.1, "agrees"),
            ("job_title", "director", 5.0, 40, 0.2, 0.05, 0.02, 0.1, 0.125, "disagrees"),
        ),
        {},
        average=0.1,
    )
    assert set(found) == {"rules.job_title.cases[0].points", "rules.job_title.cases[1].points"}
    chief, director = found.values()
    assert (chief["hit"], chief["converts"], chief["mark"]) == (
        "holds for 20.0 %",
        "converts 30.0 % (20.0–40.0)",
        "data agrees: those without it convert 10.0 %",
    )
    assert director["mark"] == "⚠ data disagrees: those without it convert 12.5 %"
    assert (chief["tone"], director["tone"]) == ("good", "bad")
    assert chief["top"] == director["top"] == pytest.approx(0.375)


def test_a_rule_that_never_holds_has_no_rate():
    nan = float("nan")
    rows = evidence(("mail", "", -2.5, 0, 0.0, nan, nan, nan, 0.1, "never holds"))
    (found,) = findings(SECTIONS, rows, {}, average=0.1).values()
    assert (found["converts"], found["top"], found["mark"]) == ("", 0.0, "never holds")


def test_of_two_prices_of_one_rule_the_one_that_is_paid_is_told():
    rows = evidence(
        ("mail", "", 4.0, 50, 0.5, 0.1, 0.05, 0.2, 0.1, "agrees"),
        ("mail", "", -2.5, 50, 0.5, 0.1, 0.05, 0.2, 0.1, "disagrees"),
    )
    (found,) = findings(SECTIONS, rows, {"rules.mail.points": -2.5}, average=0.1).values()
    assert found["tone"] == "bad"


def test_no_evidence_is_no_finding():
    assert findings(SECTIONS, evidence(), {}, average=0.1) == {}


def test_only_where_a_tier_begins_can_be_dragged():
    assert [each.path for each in beginnings(SECTIONS, accounts=False)] == ["tiers.MQL.from"]
    assert [each.path for each in beginnings(SECTIONS, accounts=True)] == ["account.tiers.Hot.from"]


def test_a_handle_stands_where_the_candidate_has_it():
    knobs = beginnings(SECTIONS, accounts=True)
    (handle,) = tier_handles(knobs, {"account.tiers.Hot.from": 33}, axis=(-10.0, 90.0), drawn=["Cold"])
    assert handle == {
        "name": "account.tiers.Hot.from",
        "label": "Hot",
        "value": 33,
        "min": -10.0,
        "max": 90.0,
        "step": 1.0,
        "drawn": False,
    }
