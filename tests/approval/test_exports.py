from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.approval import Bundle, export, read_bundle
from workbench.errors import CallError, Refused
from workbench.model import change_model, parse_model, write_model

from .forging import rewrite


def test_the_config_says_what_was_approved_and_by_whom(
    approved: Path, first_bundle: tuple[Path, Bundle], tmp_path: Path
) -> None:
    written = export(approved, out=tmp_path / "configs")
    assert written == tmp_path / "configs" / "champion-v3.json"
    config = json.loads(written.read_text(encoding="utf-8"))
    terms = first_bundle[1].approval
    told = config["approval"]
    assert (told["author"], told["approver"], told["why"]) == ("Marketing Ops", "RevOps", "It ranks well.")
    assert (told["approved_at"], told["evidence_digest"]) == (terms.approved_at, terms.evidence_digest)
    assert told["digest"] == terms.digest
    assert (told["part"], told["held_back"]) == ("validation", True)
    assert told["openings"] == {"count": 0, "heads": []}
    assert config["input"] == {"blanks": ["", "Select"], "folding": "ascii-lower, trimmed", "lists": {}}


def test_the_config_reads_back_as_the_approved_model(approved: Path, tmp_path: Path) -> None:
    config = json.loads(export(approved, to="json", out=tmp_path).read_text(encoding="utf-8"))
    read, model = parse_model(json.dumps(config["model"], ensure_ascii=False)), read_bundle(approved).model
    assert read == model
    assert config["digests"] == {"scoring": read.scoring_digest, "document": read.document_digest}
    assert (read.scoring_digest, read.document_digest) == (model.scoring_digest, model.document_digest)


def test_the_same_bundle_gives_the_same_bytes(approved: Path, tmp_path: Path) -> None:
    first, second = (export(approved, out=tmp_path / name).read_bytes() for name in ("a", "b"))
    assert first == second


def test_what_is_not_approved_is_refused_and_nothing_written(approved: Path, shown: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is not approved"):
        export(shown, out=tmp_path / "out")
    write_model(change_model(read_bundle(approved).model, {"tiers.MQL.from": 10}), approved / "model.yaml")
    rewrite(approved / "plan.json", lambda data: data.update(seed=8))
    with pytest.raises(Refused, match=r"(?s)model\.yaml was changed.*plan\.json was changed"):
        export(approved, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_unknown_target_is_a_wrong_call(approved: Path, tmp_path: Path) -> None:
    with pytest.raises(CallError, match=r"to: expected one of json, found 'jsn'\. Did you mean 'json'\?"):
        export(approved, to="jsn", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_file_is_no_place_for_configs(approved: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CallError, match="expected a folder, found a file"):
        export(approved, out=tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_missing_bundle_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="expected a folder, found nothing"):
        export(tmp_path / "nowhere", out=tmp_path / "out")
