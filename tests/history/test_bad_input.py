"""Broken mappings and data: each gives one clear message with place and remedy, and leaves nothing behind."""

from __future__ import annotations

import tempfile

import duckdb
import pandas as pd
import pytest

from workbench.errors import CallError, DataError, InputError, MappingError
from workbench.history import read_history

from .conftest import EVENTS, LEADS, MAPPING, STAGES

MAPPINGS = {
    "unknown key": (
        MAPPING.replace("account: account_id", "acount: account_id"),
        r"history\.yaml:2 leads\.acount: expected a key that is known here, found 'acount'\. Did you mean 'account'\?",
    ),
    "unknown key in a list": (
        MAPPING.replace("event: event,", "event: event, wher: {field: a, equals: 1},"),
        r"history\.yaml:3 events\[0\]\.wher: .*Did you mean 'where'\?",
    ),
    "missing key": (
        MAPPING.replace("stages: [{file: stages.csv, lead: lead_id, ", "stages: [{file: stages.csv, "),
        r"history\.yaml:4 stages\[0\]\.lead: expected the key 'lead', found nothing\. Add 'lead:' here\.",
    ),
    "wrong format": (
        MAPPING.replace("lead-history/1", "lead-history/9"),
        r"history\.yaml:1 format: expected 'lead-history/1', found \"lead-history/9\"",
    ),
    "unknown zone": (
        MAPPING + "zone: Mars/Olympus\n",
        r"history\.yaml:6 zone: expected the name of a time zone, found \"Mars/Olympus\"\. Write UTC",
    ),
    "until that is no time": (
        MAPPING + "until: next week\n",
        r"history\.yaml:6 until: expected a date or a time, found \"next week\"\. Write for example 2026-06-30",
    ),
    "budget of more than all": (
        MAPPING + "budget: 3\n",
        r"history\.yaml:6 budget: expected a share such as 20%, found 3\.",
    ),
    "missing column": (
        MAPPING.replace("created_at: created_at", "created_at: created"),
        r"history\.yaml:2 leads\.created_at: expected a column of leads\.csv.*'created'\. Did you mean 'created_at'\?",
    ),
    "missing column of events": (
        MAPPING.replace("event: event", "event: evnt"),
        r"history\.yaml:3 events\[0\]\.event: expected a column of events\.csv, found 'evnt'\. Did you mean 'event'\?",
    ),
    "unknown field": (
        MAPPING.replace("leads: {", "leads: {known: {job_titel: creation}, "),
        r"history\.yaml:2 leads\.known\.job_titel: expected a column of leads\.csv.*Did you mean 'job_title'\?",
    ),
    "wrong word": (
        MAPPING.replace("leads: {", "leads: {known: {job_title: always}, "),
        r"history\.yaml:2 leads\.known.*expected 'creation', 'dated' or 'undated', found \"always\"",
    ),
    "two tests in where": (
        MAPPING.replace("properties: [page]", "where: {field: page, equals: a, one_of: [b]}"),
        r"history\.yaml:3 events\[0\]\.where: expected either equals or one_of",
    ),
    "a table without leads": (
        "format: lead-history/1\nevents: [{file: events.csv, lead: lead_id, at: at, event: event}]\n",
        r"history\.yaml:1: expected the key 'leads' beside the other tables",
    ),
    "leads without a file": (
        MAPPING.replace("file: leads.csv, ", ""),
        r"history\.yaml:2 leads: expected the key 'file', found nothing\. Name the file",
    ),
    "a field said to be dated without changes": (
        MAPPING.replace("leads: {", "leads: {known: {job_title: dated}, "),
        r"history\.yaml:2 leads\.known\.job_title: expected a table of changes that dates the field, found none",
    ),
}


@pytest.mark.parametrize("case", MAPPINGS)
def test_a_broken_mapping_gives_one_message_with_place_and_remedy(put, case):
    mapping, message = MAPPINGS[case]
    folder = put(mapping=mapping)
    before = sorted(folder.iterdir())
    with pytest.raises(MappingError, match=message) as raised:
        read_history(folder)
    assert len(raised.value.problems) == 1
    assert sorted(folder.iterdir()) == before


DATA = {
    "a ragged row": (
        {"leads": LEADS + "L4,A1,2026-01-04T08:00:00Z\n"},
        r"leads\.csv, line 5: expected 5 cells in every row, found 1 line that cannot be read",
    ),
    "a stray quote": (
        {"leads": LEADS + 'L4,A1,2026-01-04T08:00:00Z,"VP"x,3\n'},
        r"leads\.csv, line 5: expected quotes only around whole cells",
    ),
    "conflicting leads": (
        {"leads": LEADS + "L1,A1,2026-01-01T08:00:00Z,CEO,120\n"},
        (
            r"leads\.csv, column 'lead_id', row 1, 4: expected each lead once, found the same lead .* in 2 of 4 rows "
            r"\(50\.0%\), such as 'L1'\. Keep the right row.*the budget is 1%"
        ),
    ),
    "no id": (
        {"leads": LEADS + ",A1,2026-01-04T08:00:00Z,CEO,120\n"},
        r"leads\.csv, column 'lead_id', row 4: expected the id of a lead, found no lead in 1 of 4 rows",
    ),
    "no time of creation": (
        {"leads": LEADS + "L4,A1,,CEO,120\n"},
        r"leads\.csv, column 'created_at', row 4: expected when the lead was created, found no time of creation",
    ),
    "unparsable time": (
        {"events": EVENTS + "L1,31/01/2026,form,\n"},
        r"events\.csv, column 'at', row 4: expected a time such as .*found not a time in 1 of 4 rows.*'31/01/2026'",
    ),
    "impossible date": (
        {"events": EVENTS + "L1,2026-02-30,form,\n", "mapping": "format: lead-history/1\nzone: UTC\n"},
        r"events\.csv, column 'at', row 4: .*found not a time .*'2026-02-30'",
    ),
    "zoneless time": (
        {"events": EVENTS + "L1,2026-01-31 10:00:00,form,\n"},
        r"events\.csv, column 'at', row 4: .*found a time without a zone .*Add `zone: UTC`",
    ),
    "epoch numbers": (
        {"events": EVENTS + "L1,1767225600,form,\n"},
        r"events\.csv, column 'at', row 4: .*found a number instead of a time .*Convert epoch numbers",
    ),
    "events of an unknown lead": (
        {"events": EVENTS + "L9,2026-01-31T10:00:00Z,form,\n"},
        r"events\.csv, column 'lead_id', row 4: expected the id of a lead, found an unknown lead .*'L9'",
    ),
    "an event without a name": (
        {"events": EVENTS + "L1,2026-01-31T10:00:00Z,,\n"},
        r"events\.csv, column 'event', row 4: expected an event in every row, found no event",
    ),
    "a stage before creation": (
        {"stages": STAGES + "L3,2025-12-31T00:00:00Z,won,\n"},
        r"stages\.csv, column 'at', row 3: .*found a stage before the lead's creation .*'2025-12-31T00:00:00Z'",
    ),
    "an amount in words": (
        {"stages": STAGES + "L3,2026-02-03T00:00:00Z,won,many\n"},
        r"stages\.csv, column 'amount', row 3: expected a number in every row, found not a number .*'many'",
    ),
    "an infinite amount": (
        {"stages": STAGES + "L3,2026-02-03T00:00:00Z,won,inf\n"},
        r"stages\.csv, column 'amount', row 3: expected a number in every row, found not a number .*'inf'",
    ),
    "a declared kind": (
        {"mapping": MAPPING.replace("leads: {", "leads: {types: {job_title: number}, ")},
        r"leads\.csv, column 'job_title', row 1, 2, 3: expected a number in every row, found not a number in 3 of 3",
    ),
    "a column twice": (
        {"leads": LEADS.replace("job_title", "employees")},
        r"leads\.csv: expected each column name once, found 'employees' twice",
    ),
    "columns that differ in case": (
        {"leads": LEADS.replace("job_title", "Employees")},
        r"leads\.csv: expected column names that differ in more than upper and lower case, found 'Employees' and 'emp",
    ),
    "an empty file": ({"leads": ""}, r"leads\.csv: expected rows, found an empty file"),
    "only a header": ({"leads": LEADS.splitlines()[0] + "\n"}, r"leads\.csv: expected leads, found none"),
    "no lead_id": (
        {"leads": LEADS.replace("lead_id", "leadid")},
        r"leads\.csv: expected a column 'lead_id', found none\. Did you mean 'leadid'\? Name it in history\.yaml",
    ),
    "a file that is not there": (
        {"mapping": MAPPING.replace("events.csv", "event.csv")},
        (
            r"history\.yaml:3 events\[0\]\.file: expected a file in the folder .*, found no 'event\.csv'\. "
            r"Did you mean 'events\.csv'\?"
        ),
    ),
    "an outcome that nobody has": (
        {"mapping": MAPPING.replace("leads: {", "leads: {outcome: {field: job_title, equals: CEO}, ")},
        r"leads\.csv, column 'job_title': expected 'CEO' in some row, found none in 3 rows",
    ),
    "a joined key twice": (
        {
            "contacts": "account_id,phone\nA1,1\nA1,2\n",
            "mapping": MAPPING.replace("leads: {", "leads: {join: {file: contacts.csv, on: account_id}, "),
        },
        r"contacts\.csv, column 'account_id', row 1: expected each key once in a joined table, found 1 keys? more than",
    ),
    "a list that is not there": (
        {"mapping": MAPPING + "lists: {free: nowhere.txt}\n"},
        r"history\.yaml:6 lists\.free: expected a file in the folder .* found no 'nowhere\.txt'",
    ),
}


@pytest.mark.parametrize("case", DATA)
def test_broken_data_gives_one_message_with_place_and_remedy(put, case, monkeypatch, tmp_path_factory):
    texts, message = DATA[case]
    folder = put(**texts)
    before = sorted(folder.iterdir())
    spill = tmp_path_factory.mktemp("spill")
    monkeypatch.setattr(tempfile, "tempdir", str(spill))
    with pytest.raises(DataError, match=message) as raised:
        read_history(folder)
    assert len(raised.value.problems) == 1
    assert raised.value.problems[0].remedy.endswith((".", "?", ".)"))
    assert sorted(folder.iterdir()) == before
    assert list(spill.iterdir()) == []


def test_every_reason_of_a_file_over_the_budget_is_listed(put):
    folder = put(events=EVENTS + "L9,2026-01-31T10:00:00Z,form,\nL1,never,form,\n")
    with pytest.raises(DataError, match="unknown lead") as raised:
        read_history(folder)
    assert [problem.found.split(" in ")[0] for problem in raised.value.problems] == ["not a time", "an unknown lead"]
    assert all("2 of 5 rows would be left out" in problem.remedy for problem in raised.value.problems)


def test_bytes_that_are_not_utf8_are_refused(folder):
    (folder / "leads.csv").write_bytes(LEADS.encode() + b"L4,A1,2026-01-04T08:00:00Z,caf\xe9,3\n")
    with pytest.raises(DataError, match=r"leads\.csv.*expected UTF-8 text.*Save the file as UTF-8"):
        read_history(folder)


def test_two_files_of_one_name_are_refused(folder):
    (folder / "leads.tsv").write_text(LEADS.replace(",", "\t"))
    with pytest.raises(DataError, match=r"expected one table 'leads', found 'leads\.csv' and 'leads\.tsv'"):
        read_history(folder)


def test_a_folder_without_leads_says_what_to_do(tmp_path):
    with pytest.raises(DataError, match=r"expected a table 'leads', or a mapping in history\.yaml, found no data file"):
        read_history(tmp_path)


def test_broken_json_lines_say_the_line(tmp_path):
    file = tmp_path / "leads.jsonl"
    file.write_text('{"lead_id": "a"}\n{"lead_id": \n')
    with pytest.raises(DataError, match=r"leads\.jsonl, line 2: expected one JSON object a line, found what is not"):
        read_history(tmp_path)


def test_a_broken_parquet_file_is_refused(tmp_path):
    (tmp_path / "leads.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(DataError, match=r"leads\.parquet: expected a Parquet file, found one that is cut off"):
        read_history(tmp_path)


def test_a_broken_database_is_refused(tmp_path):
    (tmp_path / "crm.duckdb").write_bytes(b"nothing" * 1000)
    with pytest.raises(DataError, match=r"crm\.duckdb: expected a DuckDB database"):
        read_history(tmp_path / "crm.duckdb")


def test_a_database_without_the_table_names_those_it_has(tmp_path):
    with duckdb.connect(tmp_path / "crm.duckdb") as connection:
        connection.execute("CREATE TABLE contacts AS SELECT 1 AS id")
    mapping = "format: lead-history/1\nleads: {file: contact, id: id}\n"
    with pytest.raises(
        DataError, match=r"expected a table 'crm\.duckdb', found no 'contact'\. Did you mean 'contacts'"
    ):
        read_history(tmp_path / "crm.duckdb", mapping=mapping)


@pytest.mark.parametrize("outcome", ["Converted", "=1"])
def test_an_outcome_needs_a_column_and_a_value(folder, outcome):
    with pytest.raises(CallError, match="outcome: expected COLUMN=VALUE"):
        read_history(folder / "leads.csv", outcome=outcome)


def test_an_outcome_names_a_column_of_the_file(folder):
    with pytest.raises(
        DataError, match=r"expected a column of leads\.csv, found 'employes'\. Did you mean 'employees'"
    ):
        read_history(folder / "leads.csv", outcome="employes=1")


def test_a_path_that_is_not_there(tmp_path):
    with pytest.raises(CallError, match=r"expected a folder, a data file or a \.duckdb file, found nothing"):
        read_history(tmp_path / "nowhere")


def test_a_file_of_an_unknown_kind(tmp_path):
    (tmp_path / "leads.xlsx").write_bytes(b"")
    with pytest.raises(CallError, match=r"expected one of .*found '\.xlsx'\. Save the data as CSV or Parquet"):
        read_history(tmp_path / "leads.xlsx")


def test_targets_of_another_length_are_refused(tmp_path):
    (tmp_path / "leads.csv").write_text("a,b\n1,2\n3,4\n")
    (tmp_path / "targets.txt").write_text("1\n")
    mapping = "format: lead-history/1\nleads: {file: leads.csv, outcome: {file: targets.txt, equals: 1}}\n"
    with pytest.raises(DataError, match=r"targets\.txt: expected 2 rows, one for each row of leads\.csv, found 1"):
        read_history(tmp_path, mapping=mapping)


def test_an_infinite_number_of_a_typed_table_is_refused():
    frame = pd.DataFrame({"lead_id": ["a", "b"], "size": [1.0, float("inf")]})
    with pytest.raises(DataError, match=r"leads, column 'size', row 2: expected a number in every row"):
        read_history({"leads": frame})


def test_a_frame_with_zoneless_times_is_refused():
    frame = pd.DataFrame({"lead_id": ["a"], "created_at": pd.to_datetime(["2026-01-01"])})
    with pytest.raises(DataError, match=r"leads, column 'created_at', row 1: .*a time without a zone.*`zone: UTC`"):
        read_history({"leads": frame})


def test_every_error_is_an_input_error():
    assert issubclass(DataError, InputError)
    assert issubclass(MappingError, InputError)
