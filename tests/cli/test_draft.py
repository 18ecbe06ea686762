from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from workbench.model import read_model

SHEET = "Criterion,Points\nDirector,10\nVisited pricing page,5\n=1+1,3\nMQL,12\n"


def sheet(folder: Path, text: str = SHEET) -> Path:
    (folder / "sheet.csv").write_text(text)
    return folder / "sheet.csv"


def test_a_sheet_becomes_a_model_file_with_its_questions(call: Callable, tmp_path: Path) -> None:
    out = tmp_path / "draft.yaml"
    answer = call("draft", sheet(tmp_path), "--out", out)
    assert (answer.code, answer.err) == (0, "")
    said = " ".join(answer.out.split())
    assert said.startswith("sheet.csv: a draft of 2 rules and 1 tier, 5 questions to decide, 1 not read.")
    assert (
        "of 5 rows and settings: 1 in tiers, 2 in rules, 1 not read, 1 without a score" in said or "2 in rules" in said
    )
    assert "Not read" in answer.out
    assert f"Written to {out}" in said
    assert max(map(len, answer.out.splitlines())) <= max(100, len(str(out)) + 60)
    assert [rule.id for rule in read_model(out).rules] == ["job_title", "pricing_page_view"]
    assert out.read_text().count("# ? ") == 5


def test_headings_are_counted_and_named(call: Callable, tmp_path: Path) -> None:
    text = "Fit,\nDirector,10\nBehaviour,\nLogged in,5\nContact form submitted,\n"
    said = " ".join(call("draft", sheet(tmp_path, text), "--out", tmp_path / "draft.yaml").out.split())
    assert "2 taken for headings: 'Fit' (row 1), 'Behaviour' (row 3)" in said
    assert "1 not read" in said
    assert "row 5 Contact form submitted" in said


def test_a_file_that_is_mostly_no_sheet_is_refused(call: Callable, tmp_path: Path) -> None:
    text = "# A title\n\nSome words, and more.\n\nOther words,\nVP,5\n"
    answer = call("draft", sheet(tmp_path, text), "--out", tmp_path / "draft.yaml")
    assert (answer.code, answer.out) == (2, "")
    assert "expected a sheet of criteria and points, most rows of which can be read, found 3 of 4 rows" in answer.err
    assert "Write one criterion a line" in answer.err
    assert not (tmp_path / "draft.yaml").exists()


def test_json_is_one_document(call: Callable, tmp_path: Path) -> None:
    answer = call("draft", sheet(tmp_path), "--out", tmp_path / "draft.yaml", "--json")
    found = json.loads(answer.out)
    assert (answer.code, answer.err) == (0, "")
    assert found["file"] == str(tmp_path / "draft.yaml")
    assert found["counted"] == {"nothing": 1, "rule": 2, "unread": 1, "tier": 1}
    assert [each["place"] for each in found["unread"]] == ["row 4"]
    assert found["model"]["rules"][0]["id"] == "job_title"


def test_names_are_matched_against_the_data(call: Callable, place, tmp_path: Path) -> None:
    out = tmp_path / "draft.yaml"
    assert call("draft", sheet(tmp_path), "--data", place.data, "--out", out).code == 0
    assert read_model(out).rules[1].when.where.equals == "/pricing"
    assert call("backtest", out, "--data", place.data, "--plan", place.plan).code == 0


def test_a_hubspot_score_becomes_a_model_file(call: Callable, tmp_path: Path) -> None:
    asked = {"operationType": "STRING", "operator": "EQ", "value": "a", "includeObjectsWithNoValueSet": False}
    match = {"type": "MATCH", "property": "x", "matchRules": [{"operation": asked, "value": 5}]}
    group = {
        "groupName": "g",
        "groupCategory": "FIT",
        "ruleConfigurations": [{"configuration": {"calculation": match}}],
    }
    (tmp_path / "score.json").write_text(json.dumps({"name": "Inbound", "groupConfigs": [group]}))
    out = tmp_path / "draft.yaml"
    answer = call("draft", tmp_path / "score.json", "--out", out)
    assert (answer.code, answer.err) == (0, "")
    assert read_model(out).rules[0].when.equals == "a"
    answer = call("draft", tmp_path / "score.json", "--data", tmp_path, "--out", tmp_path / "other.yaml")
    assert answer.code == 2
    assert "--data: expected none beside a HubSpot score" in answer.err


def test_a_file_that_is_there_is_not_written_over(call: Callable, tmp_path: Path) -> None:
    out = tmp_path / "mine.yaml"
    out.write_text("mine")
    answer = call("draft", sheet(tmp_path), "--out", out)
    assert answer.code == 2
    assert "expected a new file, found a file. Name another file; nothing there was touched." in answer.err
    assert out.read_text() == "mine"
    answer = call("draft", sheet(tmp_path), "--out", tmp_path / "draft.csv")
    assert "expected a file name that ends in .yaml, found '.csv'." in answer.err


def test_what_is_no_sheet_writes_nothing(call: Callable, tmp_path: Path) -> None:
    answer = call("draft", sheet(tmp_path, "Total,100\n"), "--out", tmp_path / "draft.yaml")
    assert (answer.code, answer.out) == (2, "")
    assert "sheet.csv: expected at least one row that says a criterion and its points" in answer.err
    assert not (tmp_path / "draft.yaml").exists()
