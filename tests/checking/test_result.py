"""The result: headline, order, JSON, HTML; and that every code has its words."""

from __future__ import annotations

import json

import pytest

from workbench.checking.catalogue import KINDS, kind
from workbench.checking.finding import SEVERITIES, at_least
from workbench.checking.result import Check
from workbench.history import describe

from .flat import checked, leads, load, written


@pytest.fixture(scope="module")
def found():
    frame = leads(1_500)
    frame["sales_note"] = written(frame)
    return checked(frame)


def test_findings_are_sorted_by_severity_and_leaks_lead(found):
    severities = [SEVERITIES.index(each.severity) for each in found.findings]
    assert severities == sorted(severities)
    assert found.findings[0].code == "leak"
    assert "sales_note leaks the outcome (1 error" in found.headline


def test_the_document_is_plain_data_with_the_description_in_it(found):
    document = found.to_document()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert {"name", "fingerprint", "tables", "fields", "findings", "headline", "plan", "judged"} <= set(document)
    assert [each["code"] for each in document["findings"]] == [each.code for each in found.findings]


def test_frames_of_the_description_are_at_hand(found):
    assert found.tables.equals(found.description.tables)
    assert list(found.fields["field"]) == ["size", "city", "channel", "sales_note"]
    assert list(found.frame.columns) == ["severity", "code", "about", "finding", "why", "remedy"]
    assert len(found.frame) == len(found.findings)


def test_html_and_text_say_every_finding(found):
    for each in found.findings:
        assert each.finding in str(found)
    assert found._repr_html_().count("<tr>") >= len(found.findings)


def test_a_floor_is_reached_by_graver_findings_too(found):
    assert [found.fails_on(severity) for severity in SEVERITIES] == [True, True, True]
    notes = Check(found.description, tuple(each for each in found.findings if each.severity == "note"))
    assert [notes.fails_on(severity) for severity in SEVERITIES] == [False, False, True]
    assert at_least("error", "warning")
    assert not at_least("note", "warning")


def test_without_findings_the_headline_says_so():
    with load(leads(50)) as history:
        assert Check(describe(history), ()).headline.endswith("nothing found.")


def test_where_leaks_were_not_looked_for_or_could_not_be_told_that_comes_first(found):
    blind = kind("undecided").at("outcome", "Leaks were not looked for: there is no plan.", {})
    few = kind("not-enough-evidence").at("outcome", "Only 8 of 400 leads converted.", {})
    said = Check(found.description, (blind,))
    assert not said.decided
    assert "leaks were not looked for: there is no plan; name a plan (--plan)" in said.headline
    assert said.headline.endswith("; 1 note.")
    assert Check(found.description, (few,)).headline.endswith(": only 8 of 400 leads converted; 1 note.")
    assert found.decided


def test_every_kind_has_a_code_of_its_own_and_words():
    assert len({each.code for each in KINDS}) == len(KINDS)
    for each in KINDS:
        assert kind(each.code) is each
        assert each.code == each.code.lower()
        assert each.why.endswith(".")
        assert each.remedy.endswith(".")
        assert each.severity in SEVERITIES
