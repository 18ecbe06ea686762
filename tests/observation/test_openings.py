from __future__ import annotations

from pathlib import Path

import pytest

from workbench.errors import DataError
from workbench.observation import read_openings
from workbench.observation.openings import write_opening


@pytest.mark.parametrize("because", ["a\u2028b", "a\x85b", "a\nb", "a\rb", "a\x0bb", "Weil's \U0001f600"])
def test_any_reason_is_read_as_it_was_written(tmp_path: Path, because: str) -> None:
    path = tmp_path / "openings.jsonl"
    made = [write_opening(path, because, "data", "plan") for _ in range(2)]
    assert list(read_openings(path)) == made
    assert [each.because for each in made] == [because] * 2


def test_lines_cut_off_at_the_end_leave_a_chain_without_the_last_heads(tmp_path: Path) -> None:
    path = tmp_path / "openings.jsonl"
    made = [write_opening(path, because, "data", "plan") for because in "abc"]
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:1]))
    assert list(read_openings(path)) == made[:1]
    assert made[2].head not in {each.head for each in read_openings(path)}


def test_an_empty_ledger_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "openings.jsonl").write_text("")
    assert read_openings(tmp_path / "openings.jsonl") == ()


@pytest.mark.parametrize("content", [b"\xff\n", b"\n", b"[]\n", b"7\n", b'{"number": 1}\n'])
def test_something_else_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "openings.jsonl").write_bytes(content)
    with pytest.raises(DataError, match=r"openings\.jsonl:1: expected an unbroken chain of openings"):
        read_openings(tmp_path / "openings.jsonl")


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="found Is a directory"):
        read_openings(tmp_path)
