from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.model import read_model

MODEL = """format: lead-scoring-model/1
name: card
dimensions: {all: {}}
rules: [{id: large, in: all, why: A guess., when: {field: size, at_least: 5}, points: 3}]
"""


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    home = tmp_path_factory.mktemp("rules")
    rows = (
        f"F{n:04d},{['red', 'blue', 'green'][n % 3]},{n * 7 % 11},{int(n % (6 if n % 3 == 0 else 10) == 0)}"
        for n in range(1500)
    )
    (home / "flat.csv").write_text("lead_id,colour,size,Converted\n" + "\n".join(rows) + "\n")
    (home / "model.yaml").write_text(MODEL)
    return ["rules", str(home / "model.yaml"), "--data", str(home / "flat.csv"), "--outcome", "Converted=1"]


def test_it_prints_proposals_and_writes_what_is_accepted(call: Callable, words: list[str], tmp_path: Path) -> None:
    answer = call(*words)
    assert answer.code == 0
    assert "colour_is_red" in answer.out
    assert "colour_is_red  in all: better, q " in answer.out
    assert "confirmed on the other 40 % of all" in " ".join(answer.out.split())
    out = tmp_path / "candidate.yaml"
    answer = call(*words, "--accept", "colour_is_red", "--out", out)
    assert answer.code == 0
    assert "not a model to approve" in answer.err
    written = read_model(out)
    assert [rule.id for rule in written.rules] == ["large", "colour_is_red"]
    assert written.version == 2


def test_json_is_one_document(call: Callable, words: list[str]) -> None:
    document = json.loads(call(*words, "--most", "1", "--json").out)
    assert document["format"] == "lead-scoring-proposals/1"
    assert [each["id"] for each in document["proposals"]] == ["colour_is_red"]
    assert document["tried"] >= 3


def test_wrong_calls(call: Callable, words: list[str], tmp_path: Path) -> None:
    assert call(*words, "--accept", "colour_is_red").code == 2
    assert call(*words, "--out", tmp_path / "x.yaml").code == 2
    answer = call(*words, "--accept", "nothing", "--out", tmp_path / "x.yaml")
    assert answer.code == 2
    assert not (tmp_path / "x.yaml").exists()
