"""Names that differ in case alone, within a file and between files."""

from __future__ import annotations

import pytest

from workbench.errors import DataError
from workbench.history import read_history

from .conftest import EVENTS, LEADS, MAPPING, STAGES

CHANGES = "lead_id,at,field,value\n"
LISTED = MAPPING.replace(
    "leads: {file: leads.csv, id: lead_id, account: account_id, created_at: created_at}",
    "leads: [{file: leads.csv, id: lead_id, account: account_id, created_at: created_at}, "
    "{file: more.csv, id: lead_id, account: account_id, created_at: created_at}]",
)
MORE = "lead_id,account_id,created_at,Job_Title\nL4,A1,2026-01-04T08:00:00Z,CEO\n"
TWO_EVENTS = MAPPING.replace(
    "properties: [page]}]",
    "properties: [page]}, {file: stages.csv, lead: lead_id, at: at, event: stage, properties: [Page]}]",
)
JOIN = "leads: {{join: [{}], "
APART = "expected column names that differ in more than upper and lower case, found"
CASES = {
    "columns of two files of leads": (
        {"more": MORE, "mapping": LISTED},
        rf"^leads\.csv, more\.csv: {APART} 'job_title' and 'Job_Title'\. Rename .* or add one to `drop`\.$",
    ),
    "columns of accounts": (
        {"accounts": "account_id,Industry,industry\nA1,x,y\n"},
        rf"^accounts\.csv: {APART} 'Industry' and 'industry'\. Rename one",
    ),
    "properties of one file of events": (
        {"events": EVENTS.replace("event,page", "event,Page,page").replace(",/", ",a,/").replace("form,", "form,,")},
        rf"^events\.csv: {APART} 'Page' and 'page'\. Rename one of the two, or leave one out of `properties`\.$",
    ),
    "properties of two files of events": (
        {"stages": STAGES.replace("amount", "Page"), "mapping": TWO_EVENTS.replace(", amount: amount", "")},
        rf"^events\.csv, stages\.csv: {APART} 'page' and 'Page'\. Rename one",
    ),
    "a joined column whose full name is taken": (
        {
            "leads": LEADS.replace("employees", "c.job_title"),
            "c": "account_id,Job_Title\nA1,x\n",
            "mapping": MAPPING.replace("leads: {", JOIN.format("{file: c.csv, on: account_id}")),
        },
        (
            r"^c\.csv: expected a free name for its column 'Job_Title', found 'Job_Title' and 'c\.Job_Title', both in "
            r"use\. Rename the column, or add it to `drop` of the join\.$"
        ),
    ),
    "a changed field": (
        {"changes": CHANGES + "L1,2026-01-05T00:00:00Z,Job_title,CEO\n"},
        (
            r"^changes\.csv, column 'field': expected the field's own spelling 'job_title', found 'Job_title'\. Did "
            r"you mean 'job_title'\? Write it so, or name it under `rename`\.$"
        ),
    ),
    "two changed fields that leads do not have": (
        {"changes": CHANGES + "L1,2026-01-05T00:00:00Z,Plan,a\nL1,2026-01-06T00:00:00Z,plan,b\n"},
        r"^changes\.csv, column 'field': expected the field's own spelling 'Plan', found 'plan'\. Did you mean",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_names_that_differ_in_case_alone_are_refused(put, case):
    texts, message = CASES[case]
    with pytest.raises(DataError, match=message) as raised:
        read_history(put(**texts))
    assert len(raised.value.problems) == 1


def test_a_property_of_one_spelling_in_two_files_is_one(put):
    mapping = TWO_EVENTS.replace("[Page]", "[page]").replace(", amount: amount", "")
    with read_history(put(stages=STAGES.replace("amount", "page"), mapping=mapping)) as history:
        assert dict(history.properties) == {"page": "text"}


def test_joined_columns_of_one_name_are_told_by_their_file(put):
    files = {"c": "account_id,phone\nA1,1\n", "d": "account_id,Phone\nA1,2\n"}
    joins = "{file: c.csv, on: account_id}, {file: d.csv, on: account_id}"
    with read_history(put(**files, mapping=MAPPING.replace("leads: {", JOIN.format(joins)))) as history:
        assert list(history.lead_fields) == ["job_title", "employees", "phone", "d.Phone"]
