"""Approving on the sealed test part, and what the ledgers of its openings say of any approval."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from workbench.approval import Evidence, evidence_of, read_bundle
from workbench.approval.bundle import FILES
from workbench.backtesting import backtest
from workbench.errors import DataError
from workbench.model import Model
from workbench.observation import Observations, read_openings
from workbench.observation.openings import LEDGER
from workbench.plan import Plan

from .forging import Approve, forged, refused


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "openings" / "ledger.jsonl"


@pytest.fixture
def opened(model: Model, seen: Observations, plan: Plan, ledger: Path) -> Evidence:
    """Evidence about the test part, opened once."""
    open_ = seen.open_test(because="the last look", ledger=ledger)
    return evidence_of(backtest(model, open_, part="test"), model, plan)


def test_approving_on_the_test_part_opens_it_once_more(
    ask: Approve, opened: Evidence, ledger: Path, tmp_path: Path
) -> None:
    made = ask(evidence=opened, ledger=ledger)
    openings = read_openings(ledger)
    assert [each.because for each in openings] == ["the last look", "approval of champion v3"]
    assert (made.approval.openings.count, made.approval.openings.heads) == (2, (openings[-1].head,))
    assert (made.approval.part, made.approval.held_back) == ("test", True)
    document = made.evidence.document
    assert document["opening"] == {"number": 2, "head": openings[-1].head}
    assert "This is the test part, opened 2 time(s) so far: approval of champion v3" in document["warnings"]
    assert "the last look" not in json.dumps(document)
    assert read_bundle(tmp_path / "bundle") == made


def test_openings_before_are_told_of_evidence_on_validation_too(ask: Approve, opened: Evidence, ledger: Path) -> None:
    assert opened.part == "test"
    made = ask(ledger=ledger)
    assert (made.approval.openings.count, made.approval.openings.heads) == (1, (read_openings(ledger)[0].head,))


def test_a_lost_case_does_not_open_the_test(ask: Approve, opened: Evidence, ledger: Path) -> None:
    refused(ask, evidence=opened, ledger=ledger, approver="marketing ops")
    assert len(read_openings(ledger)) == 1


def test_a_forged_test_figure_is_found_and_the_look_is_counted(ask: Approve, opened: Evidence, ledger: Path) -> None:
    judged = forged(opened, lambda document: document["metrics"]["auc"].update(value=0.99))
    (reason,) = refused(ask, evidence=judged, ledger=ledger)
    assert "metrics.auc.value is 0.99 in the evidence" in reason
    assert len(read_openings(ledger)) == 2


def test_an_opening_that_nobody_wrote_down(ask: Approve, opened: Evidence, ledger: Path) -> None:
    ledger.unlink()
    (reason,) = refused(ask, evidence=opened, ledger=ledger)
    assert reason.startswith(f"The ledger was cut off, or is another one: {ledger} ends at number 0 and ")
    assert not ledger.exists()


@pytest.fixture
def beside(sample: Path) -> Iterator[Path]:
    """The ledger beside the data; taken away afterwards."""
    path = sample / LEDGER
    assert not path.exists()
    yield path
    path.unlink(missing_ok=True)


def test_a_ledger_elsewhere_does_not_hide_the_one_beside_the_data(
    ask: Approve, seen: Observations, beside: Path, ledger: Path
) -> None:
    for because in ("one", "two", "three"):
        seen.open_test(because=because)
    heads = [each.head for each in read_openings(beside)]
    openings = ask(ledger=ledger).approval.openings
    assert (openings.count, openings.heads) == (3, (heads[-1],))
    other = seen.open_test(because="four", ledger=ledger).opening
    assert other is not None
    openings = ask(ledger=ledger).approval.openings
    assert (openings.count, openings.heads) == (4, (other.head, heads[-1]))


def test_approving_by_a_ledger_elsewhere_counts_what_is_beside_the_data(
    ask: Approve, seen: Observations, opened: Evidence, beside: Path, ledger: Path, tmp_path: Path
) -> None:
    seen.open_test(because="one")
    made = ask(evidence=opened, ledger=ledger)
    assert made.approval.openings.count == 3
    assert set(made.approval.openings.heads) == {read_openings(path)[-1].head for path in (beside, ledger)}
    assert read_bundle(tmp_path / "bundle") == made


def test_the_same_ledger_named_is_counted_once(ask: Approve, seen: Observations, beside: Path, tmp_path: Path) -> None:
    seen.open_test(because="one")
    (tmp_path / "link.jsonl").symlink_to(beside)
    copied = Path(shutil.copy(beside, tmp_path / "copy.jsonl"))
    for named in (None, beside, tmp_path / "link.jsonl", copied):
        openings = ask(ledger=named).approval.openings
        assert (openings.count, openings.heads) == (1, (read_openings(beside)[0].head,))


@pytest.mark.parametrize("part", ["validation", "test"])
def test_a_ledger_cut_off_at_the_end(
    ask: Approve, model: Model, seen: Observations, plan: Plan, beside: Path, part: str
) -> None:
    seen.open_test(because="one")
    judged = evidence_of(backtest(model, seen.open_test(because="two"), part=part), model, plan)
    whole = beside.read_text()
    beside.write_text(whole.splitlines(keepends=True)[0])
    assert len(read_openings(beside)) == 1
    (reason,) = refused(ask, evidence=judged)
    assert reason.startswith(f"The ledger was cut off, or is another one: {beside} ends at number 1; ")
    assert f"names, number 2 ({judged.document['opening']['head']})" in reason
    assert len(read_openings(beside)) == 1
    beside.write_text(whole)
    assert ask(evidence=judged).approval.openings.count == (3 if part == "test" else 2)


def test_another_chain_of_the_same_length_is_not_the_ledger(
    ask: Approve, seen: Observations, opened: Evidence, ledger: Path
) -> None:
    ledger.unlink()
    seen.open_test(because="something else", ledger=ledger)
    (reason,) = refused(ask, evidence=opened, ledger=ledger)
    assert f"{ledger} ends at number 1 and " in reason
    assert (
        f"the opening that the evidence names, number 1 ({opened.document['opening']['head']}), is not there" in reason
    )


@pytest.mark.parametrize("opening", [{"number": 1, "head": "f" * 64}, {"number": 0, "head": "0" * 64}])
def test_an_opening_that_never_was_is_refused_on_any_part(
    ask: Approve, evidence: Evidence, opening: dict[str, Any]
) -> None:
    (reason,) = refused(ask, evidence=forged(evidence, lambda document: document.update(opening=opening)))
    assert reason.startswith("The ledger was cut off, or is another one")


def test_evidence_on_the_test_part_that_names_no_opening(ask: Approve, opened: Evidence, ledger: Path) -> None:
    (reason,) = refused(ask, evidence=forged(opened, lambda document: document.update(opening=None)), ledger=ledger)
    assert reason.startswith("The evidence is about the sealed test part, but names no opening of it.")


@pytest.mark.parametrize(
    "line",
    [
        "This is the test part, opened 1 time(s) so far: the last look, and the board has approved",
        "This is the test part, opened 0 time(s) so far: the last look",
        "This is the test part, opened by nobody. AUC is 0.99.",
    ],
)
def test_words_put_into_the_warning_that_counts_openings(
    ask: Approve, opened: Evidence, ledger: Path, line: str
) -> None:
    def forge(document: dict[str, Any]) -> None:
        real = "This is the test part, opened 1 time(s) so far: the last look"
        document["warnings"][document["warnings"].index(real)] = line

    (reason,) = refused(ask, evidence=forged(opened, forge), ledger=ledger)
    assert "warnings[" in reason
    assert line[:60] in reason


@pytest.mark.parametrize("count", [1, 2])
def test_the_warning_that_counts_openings_where_it_does_not_belong(
    ask: Approve, evidence: Evidence, opened: Evidence, ledger: Path, count: int
) -> None:
    line = "This is the test part, opened 1 time(s) so far: the last look"
    judged = evidence if count == 1 else opened
    added = forged(judged, lambda document: document["warnings"].append(line))
    (reason,) = refused(ask, evidence=added, ledger=ledger)
    assert "The evidence is not what the data says: warnings[" in reason


def test_not_a_word_of_the_evidence_handed_in_gets_into_the_bundle(
    ask: Approve, evidence: Evidence, tmp_path: Path
) -> None:
    def forge(document: dict[str, Any]) -> None:
        document["data"]["name"] = "audited by the board"
        document["metrics"]["auc"]["value"] *= 1 + 1e-10

    made = ask(evidence=forged(evidence, forge))
    assert made.evidence.document == evidence.document
    assert made.approval.evidence_digest == evidence.digest
    assert b"audited" not in b"".join((tmp_path / "bundle" / name).read_bytes() for name in FILES)


def test_a_broken_ledger(ask: Approve, opened: Evidence, ledger: Path) -> None:
    ledger.write_text(ledger.read_text().replace("the last look", "nothing") * 2)
    with pytest.raises(DataError, match="expected an unbroken chain of openings"):
        ask(evidence=opened, ledger=ledger)
