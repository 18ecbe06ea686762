from __future__ import annotations

from pathlib import Path

import pytest

from workbench.approval import Evidence
from workbench.approval.ledgers import Ledgers, read_ledgers
from workbench.errors import DataError
from workbench.history import History
from workbench.observation import read_openings
from workbench.observation.openings import LEDGER, write_opening


def written(path: Path, *reasons: str) -> Path:
    """A ledger with an opening for each reason."""
    for because in reasons:
        write_opening(path, because, "data", "plan")
    return path


def ledgers(*places: Path) -> Ledgers:
    return Ledgers(places, tuple(map(read_openings, places)))


def naming(evidence: Evidence, number: int, head: str) -> Evidence:
    return Evidence({**evidence.document, "opening": {"number": number, "head": head}}, evidence.model, evidence.plan)


def test_openings_of_two_ledgers_add_up(tmp_path: Path) -> None:
    one, two = written(tmp_path / "one", "a", "b"), written(tmp_path / "two", "c", "d", "e")
    both = ledgers(one, two)
    assert both.plain() == {"count": 5, "heads": [read_openings(one)[-1].head, read_openings(two)[-1].head]}


def test_what_a_copy_repeats_counts_once(tmp_path: Path) -> None:
    one = written(tmp_path / "one", "a", "b")
    two = tmp_path / "two"
    two.write_bytes(one.read_bytes())
    assert ledgers(one, two).plain() == ledgers(one).plain()
    written(two, "c")
    assert ledgers(one, two).count == 3
    assert len(ledgers(one, two).heads) == 2


def test_a_ledger_never_written_to_is_empty(tmp_path: Path) -> None:
    assert ledgers(tmp_path / "none").plain() == {"count": 0, "heads": []}


def test_an_opening_is_held_under_its_own_number_only(tmp_path: Path, evidence: Evidence) -> None:
    held = ledgers(written(tmp_path / "one", "x"), written(tmp_path / "two", "a", "b"))
    first, second = held.chains[1]
    assert held.held(naming(evidence, 1, first.head)) == first
    assert held.faults(naming(evidence, 2, second.head)) == []
    for number, head in ((1, second.head), (2, first.head), (3, second.head), (0, first.head), (-1, second.head)):
        (reason,) = held.faults(naming(evidence, number, head))
        assert reason.startswith(f"The ledger was cut off, or is another one: {held.places[0]} ends at number 1 and ")
        assert f"number {number} ({head})" in reason


def test_evidence_that_names_no_opening_needs_no_ledger(evidence: Evidence) -> None:
    assert evidence.document["opening"] is None
    assert Ledgers((), ()).faults(evidence) == []


def test_without_any_ledger_an_opening_is_not_believed(evidence: Evidence) -> None:
    (reason,) = Ledgers((), ()).faults(naming(evidence, 1, "f" * 64))
    assert reason.startswith("The evidence names an opening of the test part, but there is no ledger to hold it.")


def test_the_ledger_beside_the_data_is_read_whatever_is_named(history: History, sample: Path, tmp_path: Path) -> None:
    named = tmp_path / "other.jsonl"
    assert read_ledgers(history, None).places == (sample / LEDGER,)
    assert read_ledgers(history, named).places == (named, sample / LEDGER)
    assert len(read_ledgers(history, sample / "." / LEDGER).places) == 1


def test_a_broken_ledger_is_no_ledger(history: History, tmp_path: Path) -> None:
    named = tmp_path / "other.jsonl"
    named.write_text("{}")
    with pytest.raises(DataError, match=r"other\.jsonl:1: expected an unbroken chain of openings"):
        read_ledgers(history, named)
