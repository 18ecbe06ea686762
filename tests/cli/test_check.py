from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path


def test_it_prints_what_is_there_and_what_was_left_out(call: Callable, place) -> None:
    answer = call("check", place.data)
    assert (answer.code, answer.err) == (0, "")
    assert "leads can be used. Data ends before 2026-10-01T00:00:00Z." in answer.out
    for title in ("Rows", "Left out", "Fields", "Stages", "Events", "Leads by month of creation (UTC)"):
        assert f"\n{title}\n" in answer.out
    assert "an unknown lead (row" in answer.out
    assert "Add the lead, or leave such rows out." in " ".join(answer.out.split())
    assert max(map(len, answer.out.splitlines())) <= 100


def test_nothing_left_out_is_said(call: Callable, place) -> None:
    answer = call("check", place.flat, "--outcome", "Converted=1")
    assert "Nothing: every row could be used." in answer.out
    assert "Leads by month" not in answer.out


def test_json_is_one_document(call: Callable, place) -> None:
    answer = call("check", place.data, "--json")
    found = json.loads(answer.out)
    assert {"name", "fingerprint", "until", "tables", "dropped", "fields", "events", "stages", "months"} <= set(found)
    leads = next(row["rows"] for row in found["tables"] if row["table"] == "leads")
    assert sum(row["leads"] for row in found["months"]) == leads
    assert all(row["reason"] and row["remedy"] for row in found["dropped"])


def test_beyond_the_budget_it_refuses(call: Callable, tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("lead_id,created_at\nL1,2026-01-01T00:00:00Z\nL2,yesterday\n")
    answer = call("check", tmp_path)
    assert (answer.code, answer.out) == (2, "")
    assert "leads.csv" in answer.err
    assert "yesterday" in answer.err
