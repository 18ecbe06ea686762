from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

GOOD = """format: lead-scoring-model/1
name: good
dimensions: {fit: {}}
rules: [{id: senior, in: fit, when: {field: job_title, has_word: [chief, vp]}, points: 5}]
"""
PARTS = {
    "warning": "  - {id: nought, in: fit, when: {field: lead_source, equals: referral}, points: 0}\n",
    "note": "  - {id: head, in: fit, when: {field: job_title, has_word: [head, head]}, points: 5}\n",
}


@pytest.fixture
def model(tmp_path: Path) -> Callable[..., Path]:
    """A model file with some of PARTS."""

    def write(*names: str, more: str = "") -> Path:
        path = tmp_path / "model.yaml"
        rule = "rules:\n  - {id: senior, in: fit, when: {field: job_title, has_word: [chief, vp]}, points: 5}\n"
        head = GOOD.splitlines(keepends=True)[:3]
        path.write_text("".join(head) + rule + "".join(PARTS[name] for name in names) + more)
        return path

    return write


def test_a_clean_model_is_exit_code_0(call: Callable, model: Callable[..., Path]) -> None:
    answer = call("lint", model())
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == "good version 1: no findings\n  looked at: the model alone\n"


def test_notes_alone_are_exit_code_0(call: Callable, model: Callable[..., Path]) -> None:
    answer = call("lint", model("note"))
    assert answer.code == 0
    assert "Notes\n" in answer.out
    assert "L105" in answer.out


def test_a_warning_is_the_answer_no(call: Callable, model: Callable[..., Path]) -> None:
    answer = call("lint", model("note", "warning"))
    assert (answer.code, answer.err) == (1, "")
    assert answer.out.index("Warnings\n") < answer.out.index("Notes\n")
    assert "model.yaml:7 rules[2]" in answer.out
    assert max(map(len, answer.out.splitlines())) <= 100


def test_what_is_silenced_is_shown_with_its_reason(call: Callable, model: Callable[..., Path]) -> None:
    answer = call("lint", model("warning", more="silence: [{code: L171, at: nought, because: Kept for spring.}]\n"))
    assert answer.code == 0
    assert "no findings; 1 silenced" in answer.out
    assert "Kept for spring." in answer.out


def test_json_is_one_document(call: Callable, model: Callable[..., Path]) -> None:
    answer = call("lint", model("warning"), "--json")
    document = json.loads(answer.out)
    assert (answer.code, answer.err) == (1, "")
    assert document["format"] == "lead-scoring-lint/1"
    assert [each["code"] for each in document["findings"]] == ["L171"]


def test_on_data_the_model_is_tried(call: Callable, place, model: Callable[..., Path]) -> None:
    path = model(more="  - {id: pope, in: fit, when: {field: job_title, has_word: pope}, points: 5}\n")
    assert call("lint", path).code == 0
    answer = call("lint", path, "--data", place.data, "--plan", place.plan, "--json")
    found = {(each["code"], each["at"]) for each in json.loads(answer.out)["findings"]}
    assert answer.code == 1
    assert ("L201", "pope") in found
    assert "observed leads" in call("lint", path, "--data", place.data, "--plan", place.plan).out


def test_a_rule_with_a_map_is_tried_on_data(call: Callable, place, model: Callable[..., Path]) -> None:
    path = model(more="  - {id: src, in: fit, map: {field: lead_source, points: {referral: 8}}}\n")
    answer = call("lint", path, "--data", place.data, "--plan", place.plan, "--json")
    assert (answer.code in (0, 1), answer.err) == (True, "")
    assert json.loads(answer.out)["part"] == "train"


def test_a_flat_table_needs_no_plan(call: Callable, place) -> None:
    answer = call("lint", place.card, "--data", place.flat, "--outcome", "Converted=1", "--json")
    assert answer.code in (0, 1)
    assert json.loads(answer.out)["part"] == "all"


@pytest.mark.parametrize("words", [("--plan", "plan.yaml"), ("--outcome", "Converted=1")])
def test_a_plan_without_data_is_refused(call: Callable, model: Callable[..., Path], words: tuple[str, str]) -> None:
    answer = call("lint", model(), *words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        f"workbench: {words[0]}: expected --data beside it, found none: the model alone is looked at. "
        "Name the data with --data, or leave it out.\n"
    )
