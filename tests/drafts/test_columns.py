"""Columns of sheets: what is added and taken away, yes and no, merged cells, and what is refused."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from workbench.drafts import Draft, draft_from_sheet
from workbench.errors import DataError


def drafted(folder: Path, text: str) -> Draft:
    path = folder / "sheet.csv"
    path.write_text(dedent(text).lstrip("\n"))
    return draft_from_sheet(path)


def points(found: Draft) -> dict[str, str]:
    return {rule.why: str(rule.points) for rule in found.model.rules}


@pytest.mark.parametrize("minus", ["Negative", "Negative points", "Minus", "Deduction", "Punkte -", "Penalty"])
@pytest.mark.parametrize("plus", ["Positive", "Points", "Plus", "Score"])
def test_what_stands_in_a_negative_column_is_taken_away(tmp_path, plus, minus):
    sheet = f"Criterion,{plus},{minus}\nDirector,10,\nCompetitor,,50\nUnsubscribed,-,-20\nLogged in,0,(5)\nVP,10,5\n"
    found = drafted(tmp_path, sheet)
    assert points(found) == {"Director": "10", "Competitor": "-50", "Unsubscribed": "-20", "Logged in": "-5"}
    assert [each.place for each in found.unread] == ["row 6"]
    assert found.unread[0].reason == f"Two cells of points: 10 and 5 (in '{minus}')."
    assumed = {each.assumed for each in found.questions if each.name == "competitor"}
    assert f"50 in the column '{minus}' is taken as minus." in assumed


def test_a_negative_number_in_a_positive_column_is_not_read(tmp_path):
    found = drafted(tmp_path, "Criterion,Positive,Negative\nDirector,-3,\nLogged in,2,\nCompetitor,,9\n")
    assert points(found) == {"Logged in": "2", "Competitor": "-9"}
    assert [each.reason for each in found.unread] == ["A negative number in the column 'Positive'."]


@pytest.mark.parametrize(
    "titles",
    ["Question,Yes,No", "Criterion,Points if yes,Points if no", "Kriterium,Ja,Nein", "Rule,If true,If false"],
)
def test_yes_and_no_are_points_and_points_otherwise(tmp_path, titles):
    found = drafted(tmp_path, f"{titles}\nHas budget,10,-5\nHas phone,3,0\nUnsubscribed,,-4\neach visit,2,-1\n")
    budget, phone, out = found.model.rules
    assert ([str(case.points) for case in budget.cases], str(budget.default)) == (["10"], "-5")
    assert (phone.kind if hasattr(phone, "kind") else "when", str(phone.points)) == ("when", "3")
    assert ([str(case.points) for case in out.cases], str(out.default)) == (["0"], "-4")
    assert [each.reason for each in found.unread] == ["Points for each event, and points for the others."]
    asked = [each.assumed for each in found.questions if each.name == budget.id]
    assert any(each.startswith("All others earn -5, those too of whom it is not known") for each in asked)


def test_points_before_the_words_are_found_by_their_titles(tmp_path):
    [rule] = drafted(tmp_path, "Points if yes;Points if no;Criterion\n3;-2;Has phone\n").model.rules
    assert ([str(case.points) for case in rule.cases], str(rule.default)) == (["3"], "-2")


@pytest.mark.parametrize(
    ("sheet", "found"),
    [
        ("Criterion,Sales,Marketing\nDirector,10,5\nVP,3,2\n", r"2 columns of numbers \('Marketing', 'Sales'\)"),
        ("Criterion,Points,Score\nDirector,10,5\nVP,3,2\n", r"2 columns of numbers \('Points', 'Score'\)"),
        ("Criterion,Yes,No,Points\nVP,1,2,3\n", r"2 columns of numbers \('Points', 'Yes'\)"),
        ("Director,10,5\nLogged in,3,2\n", r"2 columns of numbers \('2', '3'\)"),
    ],
)
def test_columns_that_both_may_be_the_points_are_refused(tmp_path, sheet, found):
    with pytest.raises(DataError, match=f"expected one column of points, found {found}. Call the one that counts"):
        drafted(tmp_path, sheet)


def test_each_number_in_a_column_that_is_not_understood_is_asked_about(tmp_path):
    found = drafted(tmp_path, "Criterion,Points,Weight\nDirector,10,2\nVP,3,2\nLogged in,4,\n")
    asked = [(each.place, each.assumed) for each in found.questions if "Weight" in each.assumed]
    assert asked == [(place, "The column 'Weight' says 2: it is not read.") for place in ("row 2", "row 3")]


@pytest.mark.parametrize(
    "sheet", ["1,Director,10\n2,Logged in,3\n", "No.,Criterion,Points\n1,Director,10\n2,Logged in,3\n"]
)
def test_numbers_of_rows_are_no_points(tmp_path, sheet):
    assert points(drafted(tmp_path, sheet)) in (
        {"Director": "10", "Logged in": "3"},
        {"Director (1)": "10", "Logged in (2)": "3"},
    )


def test_words_that_stand_in_the_column_of_categories_are_used(tmp_path):
    sheet = """
        Category,Criterion,Score,Notes
        Product,Director,10,
        ,Logged in,4,
        Behaviour,Visited pricing page,3,
        MQL threshold,,65,
        SQL threshold,,90,by sales
        Contact form submitted,,,
    """
    found = drafted(tmp_path, sheet)
    assert [(tier.name, str(tier.from_)) for tier in found.model.tiers] == [("MQL", "65"), ("SQL", "90")]
    assert [rule.in_ for rule in found.model.rules] == ["product", "product", "engagement"]
    assert [(each.criterion, each.reason) for each in found.unread] == [
        ("Contact form submitted", "No points beside it.")
    ]


def test_a_category_carries_down_and_the_title_beside_it_is_the_field(tmp_path):
    found = drafted(tmp_path, "Persona,Title,Points\nBuyer,VP,20\n,Director,15\n")
    [rule] = found.model.rules
    assert rule.id == "job_title"
    assert [(case.when.has_word, str(case.points)) for case in rule.cases] == [(("VP",), "20"), (("Director",), "15")]
    labels = [each.place for each in found.questions if "'Persona' says 'Buyer'" in each.assumed]
    assert labels == ["row 2", "row 3"]


def test_a_row_that_names_the_field_of_the_next_rows_is_told_as_a_heading(tmp_path):
    found = drafted(tmp_path, "Category,Criterion,Score\nJob title,,\n,Director,5\nBehaviour,Logged in,4\n")
    assert [each.criterion for each in found.headings] == ["Job title"]
    assert found.model.rules[0].when.has_word == ("Director",)


def test_a_number_of_a_column_that_is_not_understood_never_becomes_the_points(tmp_path):
    rows = ("Director,10,", "Competitor,n/a,50", "Unsubscribed,,20", "Student,none,5", "Logged in,3,", "VP,4,")
    found = drafted(tmp_path, "\n".join(["Criterion,Add,Subtract", *rows]))
    assert {each.place for each in found.unread} == {"row 3", "row 4", "row 5"}
    assert [rule.id for rule in found.model.rules] == ["job_title", "login"]


def test_of_two_rules_that_ask_the_same_field_one_with_points_for_the_others_stands_alone(tmp_path):
    found = drafted(tmp_path, "Question,Yes,No\nCountry: Spain,10,-5\nCountry: France,4,0\n")
    spain, france = found.model.rules
    assert ([str(case.points) for case in spain.cases], str(spain.default)) == (["10"], "-5")
    assert (france.when.equals, str(france.points)) == ("France", "4")
