from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from workbench.approval import Bundle, read_bundle, statement
from workbench.approval.bundle import BOUND, FILES
from workbench.document import canonical
from workbench.errors import CallError, Refused
from workbench.model import change_model, read_model, write_model

from .forging import reseal, rewrite


def refused(folder: Path) -> tuple[str, ...]:
    """The reasons why a bundle does not verify."""
    with pytest.raises(Refused, match=r"\S") as caught:
        read_bundle(folder)
    return caught.value.reasons


def test_a_bundle_is_read_as_it_was_made(approved: Path, first_bundle: tuple[Path, Bundle]) -> None:
    read = read_bundle(approved)
    assert read == first_bundle[1]
    assert read.plan == read.evidence.plan
    assert read.approval.model.scoring_digest == read.model.scoring_digest


def test_the_statement_is_the_canonical_approval(approved: Path) -> None:
    written = (approved / "approval.json").read_bytes()
    assert statement(read_bundle(approved)) == written == canonical(json.loads(written))
    assert set(json.loads(written)["files"]) == set(BOUND)


def test_other_files_in_the_folder_do_not_matter(approved: Path) -> None:
    (approved / "NOTES.txt").write_text("seen by the board")
    assert read_bundle(approved).model.name == "champion"


def test_a_folder_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="Name the folder that 'workbench approve' wrote"):
        read_bundle(tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    with pytest.raises(CallError, match="expected a folder, found a file"):
        read_bundle(tmp_path / "file")


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(approved: Path, name: str) -> None:
    (approved / name).unlink()
    assert f"{name}: expected a file, found nothing" in " ".join(refused(approved))


def test_evidence_alone_is_no_approval(shown: Path) -> None:
    assert refused(shown)[0] == f"{shown} is not approved."


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_bit_anywhere_is_found(approved: Path, name: str) -> None:
    content = (approved / name).read_bytes()
    for place in range(0, len(content), max(1, len(content) // 60)):
        spoilt = bytearray(content)
        spoilt[place] ^= 1
        (approved / name).write_bytes(spoilt)
        assert name in " ".join(refused(approved))
    (approved / name).write_bytes(content)
    assert read_bundle(approved).approval.why == "It ranks well."


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_short_or_added_to_is_found(approved: Path, name: str) -> None:
    content = (approved / name).read_bytes()
    for spoilt in (content[:-1], content + b"\n", b""):
        (approved / name).write_bytes(spoilt)
        assert name in " ".join(refused(approved))


def test_every_changed_file_is_listed(approved: Path) -> None:
    for name in BOUND:
        with (approved / name).open("ab") as file:
            file.write(b" ")
    assert sorted(reason.split()[0] for reason in refused(approved)) == sorted(BOUND)


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"approver": " marketing  OPS"}, "Author and approver are the same role"),
        ({"why": " "}, "No reason is given"),
        ({"author": ""}, "author: expected at least one entry"),
        ({"format": "lead-scoring-approval/2"}, "format: expected 'lead-scoring-approval/1'"),
        ({"evidence_digest": "0" * 64}, "The evidence is not the approved one: its digest is"),
        ({"plan_digest": "0" * 64}, "The evidence is not the approved one: its plan digest is"),
        ({"part": "test"}, "The evidence is not the approved one: its part is validation, approved was test"),
        ({"data": {"name": "sample", "fingerprint": "f" * 64}}, "its data fingerprint is"),
        ({"files": {}}, "approval.json does not bind the files"),
        ({"approved_at": "yesterday"}, "approved_at: expected"),
        ({"openings": {"count": -1, "heads": []}}, "openings.count: expected a number of at least 0"),
        ({"openings": {"count": 1, "heads": ["x"]}}, "openings.heads[0]: expected"),
        ({"held_back": False}, "its part held back is True, approved was False"),
        ({"held_back": "yes"}, "held_back: expected"),
        ({"approver": "Marketing-Operations"}, "The approver is the model's owner ('marketing operations' and "),
        ({"signature": "trust me"}, "expected a key that is known here, found 'signature'"),
    ],
)
def test_terms_that_do_not_hold_are_refused_though_sealed_anew(
    approved: Path, terms: dict[str, Any], reason: str
) -> None:
    reseal(approved, **terms)
    assert reason in " ".join(refused(approved))


def test_files_outside_the_folder_are_not_looked_at(approved: Path) -> None:
    approval = json.loads((approved / "approval.json").read_text())
    reseal(approved, files={**approval["files"], "../../secret": "0" * 64})
    assert refused(approved)[0].startswith("approval.json does not bind the files")


@pytest.mark.parametrize("kind", ["scoring_digest", "document_digest", "name", "version"])
def test_another_model_named_in_the_approval(approved: Path, kind: str) -> None:
    named = json.loads((approved / "approval.json").read_text())["model"]
    reseal(approved, model={**named, kind: 9 if kind == "version" else "0" * 64})
    assert "approved was" in refused(approved)[0]


def test_two_files_of_two_models(approved: Path) -> None:
    other = change_model(read_model(approved / "model.yaml"), {"rules.email_opens.points": 5})
    (approved / "model.json").write_bytes(canonical(other.plain()))
    reseal(approved)
    found = refused(approved)
    assert [reason.split(":")[0] for reason in found] == ["model.json is not the approved model"] * 2


def test_another_model_for_the_same_evidence(approved: Path) -> None:
    other = change_model(read_model(approved / "model.yaml"), {"rules.email_opens.points": 5})
    write_model(other, approved / "model.yaml")
    (approved / "model.json").write_bytes(canonical(other.plain()))
    named = json.loads((approved / "approval.json").read_text())["model"]
    digests = {"scoring_digest": other.scoring_digest, "document_digest": other.document_digest}
    reseal(approved, model={**named, **digests})
    (reason,) = refused(approved)
    assert reason.startswith("The evidence is about another model than its model.yaml")


def test_a_model_that_is_written_otherwise(approved: Path) -> None:
    model = json.loads((approved / "model.json").read_text())
    (approved / "model.json").write_text(json.dumps(model, indent=1))
    reseal(approved)
    assert refused(approved) == ("model.json is not the canonical JSON of its model.",)


def test_other_figures_for_the_same_approval(approved: Path) -> None:
    rewrite(approved / "evidence.json", lambda data: data["backtest"]["metrics"]["auc"].update(value=0.99))
    reseal(approved)
    (reason,) = refused(approved)
    assert reason.startswith("The evidence is not the approved one: its digest is")


def test_a_bundle_says_in_words_what_was_approved(first_bundle: tuple[Path, Bundle]) -> None:
    lines = str(first_bundle[1]).splitlines()
    assert lines[0] == "champion version 3 is approved by RevOps"
    assert lines[1].endswith("(part: validation, which was held back)")
    assert lines[2] == "  test part opened 0 time(s) by then"


@pytest.mark.parametrize(
    ("part", "opening", "number"),
    [
        ("test", None, 0),
        ("test", {"number": 0, "head": "0" * 64}, 0),
        ("test", {"number": 1, "head": "0" * 64}, 1),
        ("validation", {"number": 2, "head": "0" * 64}, 2),
    ],
)
def test_evidence_from_an_opening_that_the_approval_does_not_count(
    approved: Path, part: str, opening: dict[str, Any] | None, number: int
) -> None:
    rewrite(approved / "evidence.json", lambda data: data["backtest"].update(part=part, opening=opening))
    reseal(approved, part=part)
    expected = f"The evidence comes from opening number {number} of the test part, the approval counts 0 opening(s)."
    assert refused(approved)[-1] == expected


def test_evidence_from_the_train_part(approved: Path) -> None:
    rewrite(approved / "evidence.json", lambda data: data["backtest"].update(part="train"))
    reseal(approved, part="train")
    assert refused(approved)[-1].startswith("The evidence is about the train part")
