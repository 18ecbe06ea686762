"""Sheets of criteria and points: exact models from hand-made sheets, every row accounted for, hostile files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.drafts import Draft, draft_from_sheet
from workbench.errors import DataError
from workbench.history import History, read_history
from workbench.model import Model, model_text, parse_model, read_model
from workbench.sample import make_sample


def drafted(folder: Path, text: str | bytes, name: str = "sheet.csv", history: History | None = None) -> Draft:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else dedent(text).lstrip("\n").encode())
    return draft_from_sheet(path, history)


def model(rules: str, more: str = "", dimensions: str = "fit: {}") -> Model:
    about = "about: A draft from sheet.csv; every assumption is a comment.\n"
    head = f"format: lead-scoring-model/1\nname: sheet\n{about}dimensions: {{{dimensions}}}\n"
    return parse_model(f"{head}rules:\n{dedent(rules)}\n{dedent(more)}")


TEAM = """
    Criterion,Points,Notes
    Job title is VP,+15,They sign
    Director,10 pts,
    Company size 200-1000,10,
    Company size > 500 employees,5 points,
    "Country: Germany, Austria",5,
    "Free email (gmail, yahoo)",-8,
    Competitor,−50,
    Visited pricing page,10,
    Opened email (last 30 days),"2,5",
    3+ visits in 7 days,8,
    Unsubscribed,-20,
    No activity for 30 days,-10,
    MQL,50,
    SQL,80,
"""


def test_a_team_s_sheet_becomes_exactly_this_model(tmp_path):
    found = drafted(tmp_path, TEAM)
    expected = model(
        """
        - id: job_title
          in: fit
          why: Job title is VP (They sign); Director
          cases:
            - {when: {field: job_title, has_word: VP}, points: 15}
            - {when: {field: job_title, has_word: director}, points: 10}
        - id: employees
          in: fit
          why: Company size 200-1000; Company size > 500 employees
          cases:
            - when: {all: [{account_field: employees, at_least: 200}, {account_field: employees, at_most: 1000}]}
              points: 10
            - {when: {account_field: employees, above: 500}, points: 5}
        - id: country
          in: fit
          why: "Country: Germany, Austria"
          when: {field: country, one_of: [Germany, Austria]}
          points: 5
        - id: free_email
          in: fit
          why: Free email (gmail, yahoo)
          when: {field: email_domain, one_of: [gmail.com, yahoo.com]}
          points: -8
        - {id: competitor, in: fit, why: Competitor, when: {field: competitor, equals: true}, points: -50}
        - id: pricing_page_view
          in: engagement
          why: Visited pricing page
          when: {event: page_view, where: {field: page, contains_any: pricing}}
          points: 10
        - id: email_open
          in: engagement
          why: Opened email (last 30 days)
          when: {event: email_open, within: 30d}
          points: 2.5
        - id: page_view
          in: engagement
          why: 3+ visits in 7 days
          when: {event: page_view, within: 7d, count: {at_least: 3}}
          points: 8
        - {id: unsubscribe, in: engagement, why: Unsubscribed, when: {event: unsubscribe}, points: -20}
        - id: inactive_30d
          in: engagement
          why: No activity for 30 days
          when: {event: any, within: 30d, count: {equals: 0}}
          points: -10
        """,
        "tiers: [{name: MQL, from: 50}, {name: SQL, from: 80}]",
        "fit: {}, engagement: {}",
    )
    assert found.model == expected
    assert found.unread == ()
    assert found.counted == {"nothing": 1, "rule": 12, "tier": 2}
    asked = {question.name for question in found.questions}
    assert asked == {rule.id for rule in expected.rules}
    assert "A field of the lead called 'country' is assumed." in {question.assumed for question in found.questions}


def test_questions_stand_as_comments_beside_their_rules_and_survive_the_file(tmp_path):
    found = drafted(tmp_path, TEAM)
    found.write(tmp_path / "draft.yaml")
    text = (tmp_path / "draft.yaml").read_text()
    assert read_model(tmp_path / "draft.yaml") == found.model
    lines = text.splitlines()
    at = lines.index("  - id: competitor")
    assert lines[at - 1].startswith(
        "  # ? row 8: Competitor: A yes/no field of the lead called 'competitor' is assumed."
    )
    assert text.count("# ? ") == len(found.questions)
    assert model_text(read_model(tmp_path / "draft.yaml")) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Director,5", "5"),
        ("Director;2,5", "2.5"),
        ("Director\t5 points", "5"),
        ("Criterion;Points\nDirector;-5", "-5"),
        ("Points,Criterion\n5,Director", "5"),
        ("Note,Score,Rule\nwho signs,7,Director", "7"),
        ("5,Director", "5"),
        ("Director,(5)", "-5"),
        ("\ufeffDirector,5 Punkte", "5"),
        ("﻿\n\n,\nDirector,+ 5", "5"),
    ],
)
def test_any_layout_is_read(tmp_path, text, expected):
    found = drafted(tmp_path, text)
    [rule] = found.model.rules
    assert (rule.id, str(rule.points)) == ("job_title", expected)


def test_a_quote_that_nobody_closed_swallows_no_rows(tmp_path):
    found = drafted(tmp_path, 'Director,5\n"Logged in,3\nUnsubscribed,-7\n"Opened" email,2\n')
    assert [rule.id for rule in found.model.rules] == ["job_title", "unsubscribe", "email_open"]
    assert [each.place for each in found.unread] == ["row 2"]


def test_a_criterion_over_several_lines_and_one_with_commas_that_nobody_quoted(tmp_path):
    found = drafted(tmp_path, '"Opened\nemail",2\nCountry: Germany, Austria,5,core\nDirector,3\n')
    mail, country, title = found.model.rules
    assert (mail.id, title.id) == ("email_open", "job_title")
    assert country.when.one_of == ("Germany", "Austria")
    assert country.why == "Country: Germany, Austria (core)"
    assert [entry.place for entry in found.entries] == ["row 1", "row 3", "row 4"]
    assert any("one criterion with commas" in question.assumed for question in found.questions)


def test_a_list_with_commas_that_nobody_quoted_is_one_criterion_under_a_header_too(tmp_path):
    found = drafted(tmp_path, "criterion,points\nDirector,9\nFree email (gmail.com, yahoo.com),-6\nMQL,40\n")
    _, mail = found.model.rules
    assert (mail.when.one_of, str(mail.points), found.unread) == (("gmail.com", "yahoo.com"), "-6", ())
    assert any("one criterion with commas" in question.assumed for question in found.questions)


def test_of_two_columns_that_may_be_points_the_numbers_are(tmp_path):
    found = drafted(tmp_path, "Criterion,Value,Points\nDirector,high,5\nUnsubscribed,low,-3\n")
    assert [str(rule.points) for rule in found.model.rules] == ["5", "-3"]
    assert found.model.rules[0].why == "Director (high)"


def test_a_column_may_name_the_field_once_for_several_values(tmp_path):
    sheet = """
        Attribute,Criteria,Points
        Job title,VP level,15
        ,Director,10
        Company size,11-50 employees,5
        ,1000+ employees,20
        Behaviour,Visited pricing page,8
    """
    title, size, page = drafted(tmp_path, sheet).model.rules
    assert [case.when.has_word for case in title.cases] == [("VP",), ("Director",)]
    assert size.cases[0].when.at_least == 1000
    assert size.cases[1].when.all[1].at_most == 50
    assert page.when.event == ("page_view",)


def test_other_encodings_are_read(tmp_path):
    text = "Country: Österreich,5\nDirector,3\n"
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        first, *_ = drafted(tmp_path, text.encode(encoding)).model.rules
        assert first.when.equals == "Österreich"


@pytest.mark.parametrize(
    ("criterion", "when"),
    [
        ("Company size <= 50", {"account_field": "employees", "at_most": 50}),
        ("500+ employees", {"account_field": "employees", "at_least": 500}),
        ('"Revenue over $1,000"', {"account_field": "annual_revenue", "above": 1000}),
        ("Budget under 50k", {"field": "budget", "below": 50000}),
        ("Country is not Spain", {"not": {"field": "country", "equals": "Spain", "missing": True}}),
        ("Industry: Software / Media", {"account_field": "industry", "one_of": ["Software", "Media"]}),
        ("Title contains marketing", {"field": "job_title", "has_word": "marketing"}),
        ("Has phone number", {"field": "phone", "known": True}),
        ("No phone", {"field": "phone", "known": False}),
        ("No login in 14 days", {"event": "login", "within": "14d", "count": {"equals": 0}}),
        ("Silent for 3 weeks", {"event": "any", "within": "21d", "count": {"equals": 0}}),
        ("2-5 page views", {"event": "page_view", "count": {"between": [2, 6]}}),
        ("Opened more than 3 emails", {"event": "email_open", "count": {"above": 3}}),
        ("Clicked email link twice", {"event": "email_click", "count": {"at_least": 2}}),
        ("Logged in more than 60 days ago", {"event": "login", "older_than": "60d"}),
        ("No activity in 60+ days", {"event": "any", "within": "60d", "count": {"equals": 0}}),
        ("Country = Germany (DE)", {"field": "country", "equals": "Germany (DE)"}),
        ("Country: (Spain)", {"field": "country", "equals": "Spain"}),
        ("Uses Gmail", {"field": "email_domain", "one_of": ["gmail.com"]}),
        (
            "Form submission: Contact Us",
            {"event": "form_submit", "where": {"field": "form", "contains_any": "contact us"}},
        ),
        ("Downloaded our ebook", {"event": "download", "where": {"field": "asset", "contains_any": "ebook"}}),
    ],
)
def test_criteria_are_read_as(tmp_path, criterion, when):
    [rule] = drafted(tmp_path, f"{criterion},5\n").model.rules
    condition = str(when).replace("True", "true").replace("False", "false")
    text = f"- {{id: {rule.id}, in: {rule.in_}, when: {condition}, points: 5}}"
    [expected] = model(text, dimensions=f"{rule.in_}: {{}}").rules
    assert rule.when == expected.when


def test_each_event_pays_within_its_limit(tmp_path):
    [rule] = drafted(tmp_path, "each webinar attended (max 20 points),5\n").model.rules
    assert (rule.each.event, rule.limit.points) == (("webinar_attended",), 20)


def test_headings_choose_the_dimension(tmp_path):
    sheet = "Product usage,\nVisited pricing page,3\nFit,\nLogged in,2\nOther,\nUnsubscribed,-1\n"
    found = drafted(tmp_path, sheet)
    assert [rule.in_ for rule in found.model.rules] == ["product", "fit", "engagement"]
    assert list(found.model.dimensions) == ["fit", "engagement", "product"]


def test_what_disqualifies_is_a_gate_and_caps_are_of_the_score(tmp_path):
    found = drafted(
        tmp_path, "Director,5\nStudent,disqualify\nMaximum score,100\nMinimum score,-10\nHandover to sales,30\n"
    )
    [gate] = found.model.gates
    assert (gate.tier, gate.when.has_word) == ("Disqualified", ("student",))
    assert (str(found.model.score.min), str(found.model.score.max)) == ("-10", "100")
    assert [tier.name for tier in found.model.tiers] == ["Qualified"]


HOSTILE = """
    Criterion;Points
    Director;10
    =cmd|' /C calc'!A0;10
    @SUM(A1:A9);5
    Student;=1+1
    Visited pricing page;1e400
    Attended webinar;9999999999
    Requested demo;1,000
    Logged in;0,0001
    Unsubscribed;5-10
    Opened email;10%
    director;10
    Director ;12
    Total;100
    Max engagement score;40
    Job title;5
    ???;5
    Clicked email;
    ;7
    ;
"""


def test_hostile_rows_are_listed_with_their_reason_and_nothing_is_computed(tmp_path):
    plain = "".join(f"Country: land {number};1\n" for number in range(16))
    found = drafted(tmp_path, dedent(HOSTILE).lstrip("\n") + plain)
    rule, countries = found.model.rules
    assert (rule.id, str(rule.points), len(countries.cases)) == ("job_title", "10", 16)
    reasons = {each.place: each.reason for each in found.unread}
    assert reasons == {
        "row 3": "A formula; nothing in a sheet is computed.",
        "row 4": "A formula; nothing in a sheet is computed.",
        "row 5": "A formula; nothing in a sheet is computed.",
        "row 6": "'1e400' is not one number of points.",
        "row 7": "More than 1,000,000 points.",
        "row 8": "'1,000' may be 1000 or 1.000.",
        "row 9": "Points with more than three decimals.",
        "row 10": "'5-10' is not one number of points.",
        "row 11": "'10%' is not one number of points.",
        "row 12": "It asks for the same as row 2.",
        "row 13": "It asks for the same as row 2, which has 10 points.",
        "row 14": "A sum of other rows.",
        "row 15": "A cap on points.",
        "row 16": "A field without the value that earns points.",
        "row 17": "No words that say what is asked for.",
        "row 18": "No points beside it.",
        "row 19": "No words that say what is asked for.",
    }
    assert found.counted == {"nothing": 2, "rule": 17, "unread": 17}
    assert all(f"NOT READ: {place}: " in found.text for place in reasons)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (
            b"PK\x03\x04rest",
            "sheet.xlsx",
            "sheet.xlsx: expected a CSV or TSV file, found a workbook. Save the sheet as CSV",
        ),
        (b"", "empty.csv", r"found none \(no rows\)"),
        (
            b"VP,5\n# Notes\nAny text, with commas, and more\nAnd more\n",
            "README.md",
            r"README.md: expected a sheet .* found 2 of 3 rows that cannot \(row 3: .*Write one criterion a line",
        ),
        (b"Total,100\n", "sums.csv", r"found none \(row 1: A sum of other rows.\)"),
        (b"\x81\x8d\x8f,5\n", "odd.csv", "expected text in UTF-8 or Windows-1252, found other bytes"),
        (b"a,1\n" * 2001, "long.csv", "expected at most 2,000 rows of criteria, found 2,001"),
        (b"x" * 1_000_001, "big.csv", "expected at most 1,000,000 bytes, found 1,000,001 bytes"),
        (b"x" * 140_000 + b",5\n", "cell.csv", "cell.csv:1: expected a CSV file"),
    ],
)
def test_files_that_are_no_sheet_are_refused(tmp_path, content, name, message):
    with pytest.raises(DataError, match=message):
        drafted(tmp_path, content, name)


@pytest.mark.parametrize(
    "word", [":", "a: b", "- x", "? y", "#z", "[a]", "{b}", "!c", "&d", "*e", "null", "1e5", "0x1f"]
)
def test_words_that_yaml_takes_for_its_own_are_kept(tmp_path, word):
    found = drafted(tmp_path, f'"Industry starts with x{word}y",5\n"Country: A, {word}z",2\n')
    assert parse_model(found.text) == found.model
    assert found.model.rules[0].when.starts_with == (f"x{word}y",)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match="expected a file to read, found 'No such file or directory'"):
        draft_from_sheet(tmp_path / "none.csv")


CELLS = st.one_of(
    st.sampled_from(
        [
            *("Job title is VP", "Director", "Company size 200-1000", "> 500 employees", "Visited pricing page"),
            *("each visit (max 5)", "3+ visits in 7 days", "Country: A, B", "Free email (x, y)", "MQL", "SQL", "Total"),
            *("=1+1", "No activity for 99999 months", "Fit", "points", "disqualify", "10", "-5", "2,5", "(3)", "1,000"),
            *(
                "999999 to 1 visits",
                "visits 0 times",
                "no",
                "null",
                "true",
                "~",
                "- id: x",
                "# x",
                "a: b",
                "{",
                "'",
                '"',
            ),
        ]
    ),
    st.text(max_size=30),
    st.integers(-(10**9), 10**9).map(str),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=8), st.sampled_from(",;\t"))
def test_every_row_is_accounted_for_and_the_text_reads_back(tmp_path_factory, rows, delimiter):
    path = tmp_path_factory.mktemp("sheet") / "sheet.csv"
    quoted = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    path.write_bytes("\n".join(quoted).encode("utf-8", "replace"))
    try:
        found = draft_from_sheet(path)
    except DataError:
        return
    assert len({entry.place for entry in found.entries}) == len(found.entries)
    assert sum(found.counted.values()) == len(found.entries) >= 1
    lost = {each.place for each in found.unread}
    ids = {rule.id for rule in found.model.rules} | {gate.id for gate in found.model.gates}
    for entry in found.entries:
        assert (entry.became == "unread") == (entry.place in lost)
        assert entry.name in ids or entry.became not in {"rule", "gate"}
    assert parse_model(found.text) == found.model
    assert model_text(parse_model(found.text)) == found.text
    assert len(found.frame) >= len(found.entries)
    assert str(found).startswith("sheet.csv: a draft of ")


def test_a_draft_is_shown_without_markup_of_its_own(tmp_path):
    found = drafted(tmp_path, "<b>Director</b>,5\nDirector,3\n")
    assert "<b>" not in found._repr_html_()
    assert "&lt;b&gt;" in found._repr_html_()
    document = found.to_document()
    assert document["counted"] == {"rule": 2}
    assert document["model"]["rules"][0]["points"] == 5


# --- with data --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    folder = tmp_path_factory.mktemp("drafts") / "data"
    make_sample(folder, leads=500, seed=3)
    with read_history(folder) as loaded:
        yield loaded


def test_names_and_values_are_those_of_the_data(tmp_path, history):
    found = drafted(
        tmp_path,
        """
        Country is germny or France,5
        Visited pricing page,10
        referral,6
        Consent: yes,2
        Attended webinar,4
        """,
        history=history,
    )
    by_id = {rule.id: rule.when for rule in found.model.rules}
    assert by_id["country"].one_of == ("Germany", "France")
    assert (by_id["pricing_page_view"].where.name, by_id["pricing_page_view"].where.equals) == ("page", "/pricing")
    assert (by_id["lead_source"].field, by_id["lead_source"].equals) == ("lead_source", "referral")
    assert by_id["consent"].equals is True
    assert by_id["webinar_attended"].event == ("webinar_attended",)
    asked = {question.name: question.assumed for question in found.questions if question.name != "webinar_attended"}
    assert asked["country"] == "'germny' is taken for 'Germany', as the data spells it."
    assert "consent" not in asked


def test_what_the_data_does_not_hold_is_asked_about(tmp_path, history):
    found = drafted(tmp_path, "Requested demo,20\nCountry: Atlantis,3\nCountry > 5,2\n", history=history)
    assumed = {question.name: question.assumed for question in found.questions}
    assert "The data has no such event" in found.text
    assert assumed["country"].startswith("No lead of the data has 'Atlantis' there; frequent are 'United States'")
    assert [each.reason for each in found.unread] == ["The field 'country' holds a text, not a number."]
