from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.approval import read_bundle, read_evidence
from workbench.cli.approve import cautions
from workbench.model import parse_model

ROLES = ["--author", "marketing", "--by", "sales", "--because", "It ranks better."]


@pytest.fixture
def evidence(call: Callable, place, tmp_path: Path) -> Path:
    assert call("backtest", *place.judged, "--out", tmp_path / "evidence").code == 0
    return tmp_path / "evidence"


def test_from_evidence_to_config(call: Callable, place, tmp_path: Path, evidence: Path) -> None:
    bundle = tmp_path / "bundle"
    words = ["approve", place.model, "--evidence", evidence, "--data", place.data, *ROLES, "--out", bundle]
    answer = call(*words)
    assert answer.code == 0
    cautions = answer.err.splitlines()
    assert all(line.startswith("Bear in mind: ") for line in cautions)
    assert "the evidence is thin: only 19 of its 278 observations converted (base rate 6.8 %)" in cautions[0]
    warnings = read_evidence(evidence).document["warnings"]
    assert [line.removeprefix("Bear in mind: ") for line in cautions[1:]] == [
        line for line in warnings if not line.startswith("Only 19 of ")
    ]
    assert answer.out.startswith("small version 1 is approved by sales; bundle in ")
    assert f"workbench export {bundle} --to json" in answer.out
    assert read_bundle(bundle).approval.why == "It ranks better."
    exported = call("export", bundle, "--to", "json", "--out", tmp_path / "config", "--json")
    found = json.loads(exported.out)
    assert (exported.code, exported.err) == (0, "")
    assert Path(found["file"]).is_file()
    assert found["model"]["scoring_digest"] == read_bundle(bundle).model.scoring_digest
    config = json.loads(Path(found["file"]).read_text())
    assert parse_model(json.dumps(config["model"])).scoring_digest == found["model"]["scoring_digest"]
    assert call("export", bundle, "--to", "json", "--out", tmp_path / "config").out.endswith("small-v1.json\n")


def test_the_answer_no_is_exit_code_1(call: Callable, place, tmp_path: Path, evidence: Path) -> None:
    words = ["approve", place.model, "--evidence", evidence, "--data", place.data, "--out", tmp_path / "bundle"]
    answer = call(*words, "--author", "sales", "--by", " SALES ", "--because", "x")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("workbench: Author and approver are the same role")
    other = tmp_path / "other.yaml"
    other.write_text(place.model.read_text().replace("points: 12", "points: 13"))
    words[1] = other
    answer = call(*words, *ROLES)
    assert (answer.code, answer.out) == (1, "")
    assert "The evidence is about another model." in answer.err
    assert not (tmp_path / "bundle").exists()


def test_what_is_not_approved_is_not_exported(call: Callable, tmp_path: Path, evidence: Path) -> None:
    answer = call("export", evidence, "--to", "json", "--out", tmp_path / "config")
    assert (answer.code, answer.out) == (1, "")
    assert "is not approved" in answer.err
    assert not (tmp_path / "config").exists()


@pytest.mark.parametrize(
    ("converted", "low", "said"),
    [
        (60, 0.55, []),
        (12, 0.55, ["only 12 of its 200 observations converted (base rate 6.0 %)"]),
        (190, 0.55, ["only 10 of its 200 observations did not convert (base rate 95.0 %)"]),
        (60, 0.49, ["does not show that the model ranks better than chance"]),
        (0, None, ["only 0 of its 200", "ranks better than chance"]),
    ],
)
def test_thin_evidence_is_called_thin(converted: int, low: float | None, said: list[str]) -> None:
    few = [f"Only {converted} of 200 converted"] if converted < 50 else []
    document = {
        "observed": {"n": 200, "converted": converted},
        "metrics": {"auc": {"low": low}},
        "warnings": [*few, "There is no split."],
    }
    found = cautions(document)
    assert found[-1] == "There is no split."
    assert len(found) == len(said) + 1
    assert all(words in line for words, line in zip(said, found, strict=False))
