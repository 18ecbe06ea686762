"""Leads whose account or joined row is not there: counted, and refused where nothing matches at all."""

from __future__ import annotations

import pytest

from workbench.errors import DataError
from workbench.history import read_history

from .conftest import ACCOUNTS, LEADS, MAPPING

JOINED = MAPPING.replace("leads: {", "leads: {join: {file: contacts.csv, on: account_id}, ")
FOURTH = "L4,A9,2026-01-04T08:00:00Z,CEO,3\n"


def counted(history):
    frame = history.dropped[["file", "reason", "column", "rows", "share", "first_rows"]]
    return [tuple(row) for row in frame.itertuples(index=False)]


def test_accounts_that_are_not_in_their_file_are_counted_and_the_leads_kept(put):
    with read_history(put(leads=LEADS + FOURTH)) as history:
        assert history.rows["leads"] == 4
        assert history.rows["accounts"] == 3
        assert counted(history) == [("leads.csv", "no account of this id in accounts.csv", "account_id", 1, 0.25, "4")]


def test_accounts_are_counted_by_file_of_leads(put):
    mapping = MAPPING.replace(
        "leads: {file: leads.csv, id: lead_id, account: account_id, created_at: created_at}",
        "leads: [{file: leads.csv, id: lead_id, account: account_id, created_at: created_at}, "
        "{file: more.csv, id: lead_id, account: account_id, created_at: created_at}]",
    )
    header = LEADS.splitlines()[0]
    with read_history(put(more=f"{header}\n{FOURTH}", mapping=mapping)) as history:
        assert counted(history) == [("more.csv", "no account of this id in accounts.csv", "account_id", 1, 1.0, "1")]


def test_accounts_that_match_nothing_are_refused(put):
    with pytest.raises(
        DataError,
        match=(
            r"^leads\.csv, column 'account_id': expected keys that accounts\.csv has too, such as '001', found none in "
            r"2 rows, such as 'A1'\. Write the keys alike in both files: 001 and 1 are not the same\.$"
        ),
    ):
        read_history(put(accounts="account_id,industry\n001,software\n"))


def test_an_empty_file_of_accounts_matches_nothing_and_is_no_fault(put):
    with read_history(put(accounts="account_id,industry\n")) as history:
        assert counted(history) == [
            ("leads.csv", "no account of this id in accounts.csv", "account_id", 2, pytest.approx(2 / 3), "1, 2")
        ]


def test_an_account_at_fault_is_there_all_the_same(put):
    folder = put(accounts=ACCOUNTS + "A1,retail\n", mapping=MAPPING + "budget: 100%\n")
    with read_history(folder) as history:
        assert list(history.dropped["reason"]) == ["the same account with different values"]


def test_rows_without_a_joined_row_are_counted_and_kept(put):
    with read_history(put(leads=LEADS + FOURTH, contacts="account_id,phone\nA9,1\nA8,2\n", mapping=JOINED)) as history:
        assert history.rows["leads"] == 4
        assert counted(history)[0] == (
            "leads.csv", "no row of this key in contacts.csv", "account_id", 2, 0.5, "1, 2"
        )  # fmt: skip


def test_a_join_that_matches_nothing_is_refused(put):
    with pytest.raises(
        DataError,
        match=r"^leads\.csv, column 'account_id': expected keys that contacts\.csv has too, such as '2', found none",
    ):
        read_history(put(contacts="account_id,phone\n2,1\n", mapping=JOINED))


def test_a_join_on_two_keys_matches_both(put):
    mapping = JOINED.replace("on: account_id", "on: [account_id, job_title]")
    contacts = "account_id,job_title,phone\nA1,Analyst,5\n"
    with read_history(put(contacts=contacts, mapping=mapping)) as history:
        assert counted(history) == [
            ("leads.csv", "no row of this key in contacts.csv", "account_id, job_title", 1, pytest.approx(1 / 3), "1")
        ]
    with pytest.raises(DataError, match=r"such as 'A1, CEO', found none in 2 rows, such as 'A1, VP Sales'"):
        read_history(put(contacts="account_id,job_title,phone\nA1,CEO,5\n"))
