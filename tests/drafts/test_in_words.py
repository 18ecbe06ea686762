"""Points and thresholds written as words."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from workbench.drafts import Draft, draft_from_sheet
from workbench.drafts.criterion import read_criterion
from workbench.drafts.holdings import Holdings
from workbench.drafts.in_words import Said, said_points
from workbench.drafts.reading import NotRead, Reading


def drafted(folder: Path, text: str) -> Draft:
    path = folder / "sheet.csv"
    path.write_text(dedent(text).lstrip("\n"))
    return draft_from_sheet(path)


@pytest.mark.parametrize(
    ("words", "criterion", "points"),
    [
        ("Head of IT: 12 points", "Head of IT", "12"),
        ("Demo request = 30 points", "Demo request", "30"),
        ("Visits pricing 5 times: +10 points", "Visits pricing 5 times", "+10"),
        ("Product tour watched (5 points)", "Product tour watched", "5"),
        ("Competitor: -50 points", "Competitor", "-50"),
        ("Competitor (-50)", "Competitor", "-50"),
        ("VP +5", "VP", "+5"),
        ("Director, 2.5 pts", "Director", "2.5"),
    ],
)
def test_plain_points_are_read_out_of_the_words(words, criterion, points):
    assert said_points(words, "") == Said(criterion, points)


@pytest.mark.parametrize(
    "words",
    ["Competitor - 50 points", "Up to 20 points", "At least 5 points", "VP 3 points or 5 points"],
)
def test_points_that_are_not_plain_are_not_read(words):
    assert isinstance(said_points(words, ""), NotRead)


@pytest.mark.parametrize(
    "words",
    ["Visited page 5", "Attended Covid-19", "Country: 5", "VP 20-30 points", "Company size over 500", "10+ points"],
)
def test_other_numbers_are_no_points(words):
    assert said_points(words, "") is None


def test_rows_with_points_in_their_words_become_rules_and_are_asked_about(tmp_path):
    sheet = "Director,15\nHead of IT: 12 points,\nDemo request = 30 points,\nVisits pricing 5 times: +10 points,\n"
    found = drafted(tmp_path, sheet + "MQL = 50+ points,\n")
    title, demo, visits = found.model.rules
    assert [str(case.points) for case in title.cases] == ["15", "12"]
    assert (str(demo.points), str(visits.points), visits.when.count.at_least) == ("30", "10", 5)
    assert [(tier.name, str(tier.from_)) for tier in found.model.tiers] == [("MQL", "50")]
    assert found.unread == found.headings == ()
    assert "30 points are read out of the words." in {each.assumed for each in found.questions}


def test_a_sheet_of_words_alone_is_read(tmp_path):
    found = drafted(tmp_path, "Head of IT: 12 points\nEmail opened (+3)\n")
    assert [str(rule.points) for rule in found.model.rules] == ["12", "3"]


@pytest.mark.parametrize(
    "row", ['"Email click, 3 each (max 15)",', "Email click,3 each (max 15)", "Email click,3 per click (max 15)"]
)
def test_points_for_each_and_their_limit(tmp_path, row):
    rule, _ = drafted(tmp_path, f"{row}\nDirector,5\n").model.rules
    assert (rule.each.event, str(rule.points), rule.limit.points) == (("email_click",), "3", 15)


def test_points_for_each_need_events(tmp_path):
    found = drafted(tmp_path, "Director,5 each\nLogged in,2\nAttended webinar,5 per day\nVP,3\n")
    assert [each.reason for each in found.unread] == [
        "Points for each need events, and it is not read as one.",
        "'5 per day' is not one number of points.",
    ]


@pytest.mark.parametrize(
    ("row", "least"),
    [
        *(("MQL;50", "50"), ("MQL ab;50", "50"), ("MQL-Schwelle;50", "50"), ("MQL;>= 40", "40"), ("MQL;60+", "60")),
        *(("MQL: 50-79;", "50"), ("MQL >= 80;", "80"), ("MQL = 50+ points;", "50"), ("MQL threshold (65);", "65")),
        *(("MQL;50-79", "50"), ("MQL;ab 45 Punkte", "45"), ("MQL score;at least 45", "45"), ("MQL;> 45", "45")),
    ],
)
def test_a_threshold_is_a_tier_and_pays_nothing(tmp_path, row, least):
    found = drafted(tmp_path, f"Director;5\n{row}\n")
    assert [rule.id for rule in found.model.rules] == ["job_title"]
    assert [(tier.name, str(tier.from_)) for tier in found.model.tiers] == [("MQL", least)]
    assert any("is taken as 45 or more" in each.assumed for each in found.questions) == (row == "MQL;> 45")


@pytest.mark.parametrize(
    "row",
    [
        "MQL;<50",
        "MQL reached;5",
        "Score for MQL;50",
        "Lead becomes an MQL at 50 points;",
        "SQL knowledge;5",
        "Handover threshold of sales;50",
        "MQL;10%",
    ],
)
def test_what_speaks_of_a_tier_and_is_not_plain_pays_nothing_either(tmp_path, row):
    found = drafted(tmp_path, f"Director;5\n{row}\n")
    assert [rule.id for rule in found.model.rules] == ["job_title"]
    assert found.model.tiers == ()
    assert [each.place for each in found.unread] == ["row 2"]
    assert "Write the tier beside its least score" in found.unread[0].remedy


def test_a_stage_or_a_skill_of_that_name_is_a_value(tmp_path):
    stage, skill = drafted(tmp_path, "Lifecycle stage is MQL;5\nSkill: SQL;3\n").model.rules
    assert (stage.when.equals, skill.when.equals) == ("MQL", "SQL")


def test_two_tiers_that_begin_at_the_same_score_are_not_both_read(tmp_path):
    found = drafted(tmp_path, "Director;5\nMQL;50\nSQL;50\n")
    assert [tier.name for tier in found.model.tiers] == ["MQL"]
    assert [each.reason for each in found.unread] == ["Another tier begins at 50 too."]


HELD = Holdings(
    given=True,
    fields={("account", "revenue_m"): "number", ("lead", "budget_k_eur"): "number"},
    events=("form_submit", "page_view"),
    values={("event", "form"): ("Contact Us", "Newsletter")},
)


@pytest.mark.parametrize(
    ("criterion", "low", "high", "unit"),
    [
        ("Revenue $10M–$50M", 10, 50, "1,000,000"),
        ("Revenue 10,000,000-50,000,000", 10, 50, "1,000,000"),
        ("Budget 20k-50k", 20, 50, "1,000"),
    ],
)
def test_amounts_are_in_the_unit_that_the_field_s_name_says(criterion, low, high, unit):
    found = read_criterion(
        criterion, HELD if "Rev" in criterion else Holdings(given=True, fields={("lead", "budget_k"): "number"})
    )
    assert isinstance(found, Reading)
    bounds = {key: value for each in found.when["all"] for key, value in each.items() if key in ("at_least", "at_most")}
    assert bounds == {"at_least": low, "at_most": high}
    assert any(f"in units of {unit}" in assumed for assumed, _ in found.asked)


def test_a_small_amount_stays_as_it_is():
    found = read_criterion("Revenue > 10", HELD)
    assert isinstance(found, Reading)
    assert found.when == {"account_field": "revenue_m", "above": 10}


def test_an_event_may_name_its_object_after_a_colon():
    found = read_criterion("Form submission: Contact Us", HELD)
    assert isinstance(found, Reading)
    assert found.when == {
        "event": "form_submit",
        "where": {"field": "form", "equals": "Contact Us"},
        "count": {"at_least": 1},
    }


def test_a_heading_consists_of_heading_words_alone_and_no_criterion_is_taken_for_one(tmp_path):
    sheet = """
        Fit,
        Director,15
        Contact form submitted,
        Demographic criteria,
        Company size over 500,
        Person of interest to us,
        Logged in,20
        - Behaviour:,
        Visited pricing page,10
        Product usage:,
        Requested demo,5
        Score,
        Points to discuss,
        Unsubscribed,-3
    """
    found = drafted(tmp_path, sheet)
    headings = ["Fit", "Demographic criteria", "- Behaviour:", "Product usage:", "Score"]
    assert [each.criterion for each in found.headings] == headings
    assert [each.criterion for each in found.unread] == [
        "Contact form submitted",
        "Company size over 500",
        "Person of interest to us",
        "Points to discuss",
    ]
    assert {each.reason for each in found.unread} == {"No points beside it."}
    assert {rule.id: rule.in_ for rule in found.model.rules} == {
        "job_title": "fit",
        "login": "fit",
        "pricing_page_view": "engagement",
        "demo_request": "product",
        "unsubscribe": "engagement",
    }
