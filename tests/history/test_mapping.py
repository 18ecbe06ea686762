from __future__ import annotations

from pathlib import Path

import pytest

from workbench.errors import MappingError
from workbench.history import read_history, read_mapping

from .conftest import LEADS, MAPPING


def test_one_part_or_a_list_of_parts_say_the_same():
    one, _ = read_mapping("format: lead-history/1\nleads: {file: a.csv, join: {file: b.csv, on: id}}\n")
    many, _ = read_mapping("format: lead-history/1\nleads: [{file: a.csv, join: [{file: b.csv, on: [id]}]}]\n")
    assert one == many
    assert one.budget == 0.01
    assert one.missing == ("",)


def test_a_mapping_is_frozen():
    mapping, _ = read_mapping("format: lead-history/1\n")
    with pytest.raises(ValueError, match="frozen"):
        mapping.zone = "UTC"


def test_files_of_leads_agree_on_what_they_have():
    text = "format: lead-history/1\nleads: [{file: a.csv, id: id}, {file: b.csv}]\n"
    with pytest.raises(MappingError, match="expected 'id' in every file of leads or in none"):
        read_mapping(text)


def test_every_fault_is_told_at_once():
    with pytest.raises(MappingError, match="zone") as raised:
        read_mapping("format: lead-history/1\nzone: Nowhere\nbudget: 7\nleads: {fil: x}\n")
    assert len(raised.value.problems) == 3


@pytest.mark.parametrize(
    "mapping", sorted((Path(__file__).parents[1] / "mappings").glob("*.yaml")), ids=lambda p: p.stem
)
def test_the_mappings_of_the_real_data_are_valid(mapping):
    assert read_mapping(mapping)[0].leads


def test_joins_add_columns_and_tell_clashing_names_apart(put):
    contacts = "account_id,phone,employees\nA1,007,5\nA9,1,6\n"
    mapping = MAPPING.replace("leads: {", "leads: {join: {file: contacts.csv, on: account_id}, ")
    with read_history(put(contacts=contacts, mapping=mapping)) as history:
        assert list(history.lead_fields) == ["job_title", "employees", "phone", "contacts.employees"]
        rows = history.engine.rows('SELECT f_phone, "f_contacts.employees" FROM lead_fields')
        assert rows == [("007", 5.0), ("007", 5.0), (None, None)]


def test_joins_on_several_columns(put):
    extra = "account_id,job_title,deal\nA1,VP Sales,1\nA1,Analyst,2\n"
    mapping = MAPPING.replace("leads: {", "leads: {join: {file: extra.csv, on: [account_id, job_title]}, ")
    with read_history(put(extra=extra, mapping=mapping)) as history:
        assert history.engine.rows("SELECT f_deal FROM lead_fields") == [(1.0,), (2.0,), (None,)]


def test_dropped_columns_never_leave_the_loader(put):
    mapping = MAPPING.replace("leads: {", "leads: {drop: [job_title], ")
    with read_history(put(mapping=mapping)) as history:
        assert list(history.lead_fields) == ["employees"]
        assert history.engine.rows("SELECT * FROM lead_fields LIMIT 1") == [(0, 120.0)]


def test_constants_renames_and_conditions(put):
    mapping = MAPPING.replace(
        "event: event, properties: [page]", "event: {constant: touch}, where: {field: event, one_of: [form]}"
    )
    mapping = mapping.replace("amount: amount", "rename: {won: customer}, where: {field: stage, equals: won}")
    with read_history(put(mapping=mapping)) as history:
        assert dict(history.events) == {"touch": 1}
        assert dict(history.stages) == {"customer": 1}
        assert history.dropped.empty


def test_changes_date_fields_and_add_those_the_leads_do_not_have(put):
    changes = (
        "lead,field,value,old,at\nL1,employees,120,100,2026-01-05T00:00:00Z\n"
        "L1,seats,3,,2026-01-05T00:00:00Z\nL1,seats,5,3,2026-01-06T00:00:00Z\nL2,seats,,4,2026-01-06T00:00:00Z\n"
    )
    spec = "changes: {file: changes.csv, lead: lead, field: field, value: value, old: old, at: at}\n"
    with read_history(put(changes=changes, mapping=MAPPING + spec)) as history:
        assert history.lead_fields["employees"].known == "dated"
        assert history.lead_fields["seats"].kind == "number"
        assert history.lead_fields["seats"].known == "dated"
        assert history.engine.rows("SELECT f_seats FROM lead_fields ORDER BY lead") == [(5.0,), (None,), (None,)]
        assert history.rows["changes"] == 4


def test_worked_feedback_scores_and_lists(put):
    extra = (
        "worked: {file: reps.csv, lead: lead, at: at}\n"
        "feedback: {file: reps.csv, lead: lead, at: at, verdict: ok, reason: why}\n"
        "scores: {file: reps.csv, lead: lead, at: at, score: score}\n"
        "lists: {free: free.csv, vip: [a, ' b ', a]}\n"
    )
    reps = "lead,at,ok,why,score\nL1,2026-01-05T00:00:00Z,yes,fit,42\nL2,,no,,7\n"
    mapping = MAPPING + extra + "budget: 50%\n"
    with read_history(put(reps=reps, free="gmail.com\n\n yahoo.com \n", mapping=mapping)) as history:
        assert history.rows["worked"] == history.rows["feedback"] == history.rows["scores"] == 1
        assert history.engine.rows("SELECT verdict, reason FROM feedback") == [("yes", "fit")]
        assert history.engine.rows("SELECT milli FROM scores") == [(42000,)]
        assert dict(history.lists) == {"free": ("gmail.com", "yahoo.com"), "vip": ("a", "b")}
        assert history.engine.rows("SELECT count(*) FROM lists") == [(4,)]
        assert history.has_worked


def test_undated_scores(put):
    mapping = MAPPING + "scores: {file: crm.csv, lead: lead, score: score}\n"
    with read_history(put(crm="lead,score\nL1,3\n", mapping=mapping)) as history:
        assert history.engine.rows("SELECT * FROM scores") == [(0, None, 3000)]


def test_blanks_are_compared_after_trimming_in_exact_case(put):
    leads = LEADS + "L4,N/A,2026-01-04T08:00:00Z, Select ,1\nL5,,2026-01-04T08:00:00Z,select,1\n"
    with read_history(put(leads=leads, mapping=MAPPING + "blanks: [Select, N/A]\n")) as history:
        rows = history.engine.rows("SELECT f_job_title FROM lead_fields ORDER BY lead")
        assert rows == [("VP Sales",), ("Analyst",), (None,), (None,), ("select",)]
        assert history.engine.rows("SELECT account FROM leads WHERE lead_id = 'L4'") == [(None,)]
        assert history.blanks == ("", "Select", "N/A")


def test_headerless_files_take_their_names_from_the_mapping(put):
    mapping = "format: lead-history/1\nleads: {file: bare.csv, columns: [id, size], id: id}\n"
    with read_history(put(bare="a|1\nb|2\n", mapping=mapping)) as history:
        assert history.engine.rows("SELECT lead_id, f_size FROM leads JOIN lead_fields USING (lead)") == [
            ("a", 1.0),
            ("b", 2.0),
        ]
