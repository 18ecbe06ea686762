from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.approval import Evidence, evidence_digest, evidence_of, read_evidence, write_evidence
from workbench.approval.evidence import FILES, evidence_files, evidence_from
from workbench.backtesting import Backtest, backtest
from workbench.errors import CallError, InputError, ModelError, PlanError
from workbench.model import Model, change_model, read_model, write_model
from workbench.observation import Observations
from workbench.plan import Plan, parse_plan

from .forging import crash_on, rewrite


def test_evidence_is_read_as_it_was_written(result: Backtest, model: Model, plan: Plan, tmp_path: Path) -> None:
    written = write_evidence(result, model, plan, tmp_path / "evidence")
    read = read_evidence(tmp_path / "evidence")
    assert sorted(each.name for each in (tmp_path / "evidence").iterdir()) == sorted(FILES)
    assert read == written
    assert read.digest == written.digest
    assert (read.model, read.plan, read.part) == (model, plan, "validation")
    assert read.model.scoring_digest == model.scoring_digest
    assert "# The model in force." in (tmp_path / "evidence" / "model.yaml").read_text()


def test_the_file_holds_the_backtest_as_the_command_line_prints_it(evidence: Evidence, shown: Path) -> None:
    data = json.loads((shown / "evidence.json").read_text())
    assert data["format"] == "lead-scoring-evidence/1"
    assert data["backtest"] == evidence.document
    assert read_model(shown / "model.yaml") == evidence.model


@pytest.mark.parametrize(
    "text",
    [
        "{at: 14d, outcome: won, horizon: 90d, bands: [0, 10.5, 20], value: {contact_cost: 1.5, win: amount}}",
        "{at: {every: month}, outcome: won, horizon: 90d, allow_undated: [a, b], closed: [lost, dead]}",
        "{at: {stage: mql}, outcome: won, horizon: 9d, split: {by: time, test: 12.5%, gap: 200d}, allow_undated: true}",
        "{at: recorded, population: {when: {all: [{field: a, equals: 1}, {not: {field: b, one_of: [x, 2]}}]}}}",
    ],
)
def test_every_plan_survives_its_file(evidence: Evidence, text: str) -> None:
    plan = parse_plan(text)
    read = evidence_from(evidence_files(Evidence(evidence.document, evidence.model, plan)))
    assert read.plan == plan
    assert read.plan.digest == plan.digest


def test_the_digest_does_not_hang_on_the_run_or_the_machine(evidence: Evidence) -> None:
    document: dict[str, Any] = copy.deepcopy(dict(evidence.document))
    document["opening"] = {"number": 3, "head": "0" * 64}
    document["warnings"] = []
    document["data"]["name"] = "elsewhere"
    document["metrics"]["auc"]["value"] *= 1 + 1e-14
    assert evidence_digest(dict(reversed(document.items()))) == evidence.digest


def _version(document: dict[str, Any]) -> None:
    document["model"]["version"] += 1


def _auc(document: dict[str, Any]) -> None:
    document["metrics"]["auc"]["value"] += 1e-7


def _count(document: dict[str, Any]) -> None:
    document["thresholds"][5]["tp"] += 1


def _fingerprint(document: dict[str, Any]) -> None:
    document["data"]["fingerprint"] = "0" * 64


@pytest.mark.parametrize("change", [_version, _auc, _count, _fingerprint])
def test_the_digest_hangs_on_every_figure(evidence: Evidence, change: Callable[[dict[str, Any]], None]) -> None:
    document: dict[str, Any] = copy.deepcopy(dict(evidence.document))
    change(document)
    assert evidence_digest(document) != evidence.digest


def test_a_folder_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(CallError, match=r"expected a folder, found nothing\. Make it with 'workbench backtest"):
        read_evidence(tmp_path / "nowhere")


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(shown: Path, name: str) -> None:
    (shown / name).unlink()
    with pytest.raises(InputError, match=f"{name}: expected a file, found nothing"):
        read_evidence(shown)


@pytest.mark.parametrize(
    ("name", "content", "error", "message"),
    [
        ("evidence.json", b"{", InputError, "evidence.json: expected a JSON object"),
        ("evidence.json", b"{}", InputError, "expected the key 'backtest', found nothing"),
        ("evidence.json", b'{"format": "x/1", "backtest": {}}', InputError, 'lead-scoring-evidence/1\', found "x/1"'),
        ("plan.json", b"[]", InputError, "plan.json: expected a JSON object"),
        ("plan.json", b'{"at": 7}', PlanError, "plan.json:1 at: expected an age"),
        ("model.yaml", b"\xff", ModelError, "model.yaml: expected UTF-8 text"),
        ("model.yaml", b"name: x", ModelError, "expected the key 'format'"),
    ],
)
def test_a_file_that_is_something_else_is_named(
    shown: Path, name: str, content: bytes, error: type[InputError], message: str
) -> None:
    (shown / name).write_bytes(content)
    with pytest.raises(error, match=message):
        read_evidence(shown)


@pytest.mark.parametrize("key", ["format", "model", "data", "plan", "part", "opening", "metrics", "warnings"])
def test_a_backtest_without_its_head_is_not_evidence(shown: Path, key: str) -> None:
    rewrite(shown / "evidence.json", lambda data: data["backtest"].pop(key))
    with pytest.raises(InputError, match=f"evidence.json backtest:1 {key}: expected the key '{key}', found nothing"):
        read_evidence(shown)


def test_another_model_beside_it_is_a_contradiction(shown: Path, model: Model) -> None:
    write_model(change_model(model, {"rules.email_opens.points": 5}), shown / "model.yaml")
    with pytest.raises(InputError, match=r"The evidence is about another model than its model\.yaml"):
        read_evidence(shown)


def test_another_plan_beside_it_is_a_contradiction(shown: Path) -> None:
    rewrite(shown / "plan.json", lambda data: data.update(horizon="60d"))
    with pytest.raises(InputError, match=r"horizon is '90d' in the evidence and '60d' in plan\.json"):
        read_evidence(shown)


def test_evidence_is_of_the_model_that_was_judged(result: Backtest, model: Model, plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(CallError, match="expected a backtest of this model by this plan"):
        write_evidence(result, change_model(model, {"tiers.MQL.from": 36}), plan, tmp_path / "evidence")
    assert list(tmp_path.iterdir()) == []


def test_recorded_scores_are_no_evidence_for_a_model(seen: Observations, model: Model, plan: Plan) -> None:
    with pytest.raises(CallError, match="scores that the CRM recorded, not about a model"):
        evidence_of(backtest(None, seen), model, plan)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_crash_leaves_nothing(
    result: Backtest, model: Model, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(Path, "write_bytes", crash_on(number))
    with pytest.raises(OSError, match="No space left"):
        write_evidence(result, model, plan, tmp_path / "evidence")
    assert list(tmp_path.iterdir()) == []
