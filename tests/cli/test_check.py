from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest


def test_it_prints_what_is_there_and_what_was_left_out(call: Callable, place) -> None:
    answer = call("check", place.data)
    assert (answer.code, answer.err) == (0, "")
    assert "leads can be used. Data ends before 2026-10-01T00:00:00Z." in answer.out
    assert "leaks were not looked for" in answer.out.splitlines()[0]
    assert "name a plan (--plan), or for a flat table its outcome (--outcome)" in " ".join(answer.out.split())
    for title in ("Rows", "Left out", "Fields", "Stages", "Events", "Leads by month of creation (UTC)"):
        assert f"\n{title}\n" in answer.out
    assert "an unknown lead (row" in answer.out
    assert "Add the lead, or leave such rows out." in " ".join(answer.out.split())
    assert max(map(len, answer.out.splitlines())) <= 100


def test_nothing_left_out_is_said(call: Callable, place) -> None:
    answer = call("check", place.flat, "--outcome", "Converted=1")
    assert "Nothing: every row could be used." in answer.out
    assert "Leads by month" not in answer.out


def test_a_file_without_a_known_id_is_told(call: Callable, tmp_path: Path) -> None:
    flat = tmp_path / "flat.csv"
    flat.write_text("Zahl,Lead-Nr.,Farbe\n" + "".join(f"{n}.5,K{n % 49},{'rot' if n % 2 else ''}\n" for n in range(50)))
    answer = call("check", flat)
    told = "No column is known as the lead's id: every row is taken as a lead of its own; name it with --id (such as"
    assert f"{told} --id 'Lead-Nr.')." in " ".join(answer.out.split())
    assert "flat.csv: 50 leads can be used." in answer.out
    with_id = call("check", flat, "--id", "Lead-Nr.", "--mapping", _wide(tmp_path))
    assert "No column is known" not in with_id.out
    assert "flat.csv: 48 leads can be used." in with_id.out
    flat.write_text("Zahl,Farbe\n" + "".join(f"{n % 9}.5,rot\n" for n in range(50)))
    assert "; if there is one, name it with --id COLUMN." in " ".join(call("check", flat).out.split())
    flat.write_text("Zahl,Nr\n" + "".join(f"{n % 9}.5,{n}\n" for n in range(50)))
    assert "(such as --id 'Nr')" in " ".join(call("check", flat).out.split())


def _wide(folder: Path) -> Path:
    """A mapping with room for leads that are there twice with different values."""
    (folder / "wide.yaml").write_text("{format: lead-history/1, budget: 50%}\n")
    return folder / "wide.yaml"


def test_json_is_one_document_with_the_findings_in_it(call: Callable, place) -> None:
    answer = call("check", place.data, "--plan", place.plan, "--json", "--fail-on", "error")
    found = json.loads(answer.out)
    assert {"name", "fingerprint", "until", "tables", "dropped", "fields", "events", "stages", "months"} <= set(found)
    leads = next(row["rows"] for row in found["tables"] if row["table"] == "leads")
    assert sum(row["leads"] for row in found["months"]) == leads
    assert all(row["reason"] and row["remedy"] for row in found["dropped"])
    assert answer.code == 1
    assert found["format"] == "lead-scoring-check/1"
    assert found["plan"]["outcome"] == "won"
    leak = next(each for each in found["findings"] if each["code"] == "leak")
    assert set(leak) == {"code", "severity", "about", "finding", "why", "remedy", "evidence"}
    assert leak["evidence"]["low"] <= leak["evidence"]["auc"] <= leak["evidence"]["high"]
    assert found["judged"]["n"] > found["judged"]["converted"] > 0


def test_beyond_the_budget_it_refuses(call: Callable, tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("lead_id,created_at\nL1,2026-01-01T00:00:00Z\nL2,yesterday\n")
    answer = call("check", tmp_path)
    assert (answer.code, answer.out) == (2, "")
    assert "leads.csv" in answer.err
    assert "yesterday" in answer.err


@pytest.mark.slow
def test_findings_come_first_by_severity(call: Callable, place) -> None:
    answer = call("check", place.data, "--plan", place.plan)
    assert (answer.code, answer.err) == (0, "")
    titles = [line for line in answer.out.splitlines() if line in {"Errors", "Warnings", "Notes", "Rows"}]
    assert (titles[0], titles[-1]) == ("Errors", "Rows")
    assert [title for title in ("Errors", "Warnings", "Notes", "Rows") if title in titles] == titles
    words = " ".join(answer.out.split())
    assert "lifecycle_stage Alone reaches AUC" in words or "leak: 'lifecycle_stage' alone reaches AUC" in words
    assert "leak the outcome (" in words
    assert max(map(len, answer.out.splitlines())) <= 100


def test_a_scheduler_is_told_by_the_exit_code(call: Callable, place) -> None:
    clean = ("check", place.flat, "--outcome", "Converted=1", "--json")
    assert [call(*clean, *more).code for more in (("--fail-on", "error"), ("--fail-on", "note"))] == [0, 1]


@pytest.mark.parametrize("severity", ["error", "warning"])
def test_a_scheduler_is_not_told_that_all_is_well_where_leaks_were_not_looked_for(
    call: Callable, place, severity: str
) -> None:
    answer = call("check", place.flat, "--fail-on", severity)
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1
    assert "neither a plan nor an outcome" in answer.err
    assert "--plan" in answer.err
    assert "--outcome" in answer.err


def test_a_scheduler_needs_a_plan_of_leads(call: Callable, place, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("{format: lead-scoring-plan/1, at: 14d, outcome: won, horizon: 120d, unit: account}")
    answer = call("check", place.flat, "--plan", plan, "--fail-on", "error")
    assert answer.code == 2
    assert "a plan of accounts" in answer.err


def test_findings_of_one_kind_say_their_reason_once(
    call: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    rows = [f"F{at:03d},{at % 7},{('open', 'signed')[at % 5 == 0]},{('no', 'yes')[at % 5 == 0]}" for at in range(300)]
    flat = tmp_path / "flat.csv"
    lines = [f"{row},{int(row.endswith('yes'))}" for row in rows]
    flat.write_text("lead_id,size,deal_status,closing_note,won\n" + "\n".join(lines) + "\n")
    answer = call("check", flat, "--outcome", "won=1", "--fail-on", "error")
    words = " ".join(answer.out.split())
    assert answer.code == 1
    assert "leak: 2 about" in words
    titles = [line for line in answer.out.splitlines() if line in {"Errors", "Warnings", "Notes", "Rows"}]
    assert (titles[0], titles[-1]) == ("Errors", "Rows")
    assert words.count("some of its values decide the outcome") == 1
    assert words.count("Whoever scores a new lead does not have this value yet") == 1
    assert max(map(len, answer.out.splitlines())) <= 80


@pytest.mark.slow
def test_a_plan_beside_the_data_is_taken_and_without_one_no_outcome_is(call: Callable, place, tmp_path: Path) -> None:
    alone = json.loads(call("check", place.data, "--json").out)
    assert (alone["plan"], alone["judged"]) == (None, None)
    assert {each["code"] for each in alone["findings"]} >= {"undecided", "undated-fields"}
    for file in place.data.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "plan.yaml").write_text(place.plan.read_text())
    assert json.loads(call("check", tmp_path, "--json").out)["judged"]["n"] > 0
