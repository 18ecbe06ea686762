from __future__ import annotations

from pathlib import Path

import pytest

from workbench.approval.written import Written
from workbench.errors import CallError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "evidence"
    made.mkdir()
    (made / "plan.json").write_text("{}")
    return made


def test_a_new_or_empty_folder_may_be_written(tmp_path: Path) -> None:
    Written().may_write(tmp_path / "new")
    Written().may_write(tmp_path)
    assert list(tmp_path.iterdir()) == []  # asked, not made


def test_what_stood_there_before_may_not(folder: Path) -> None:
    with pytest.raises(CallError, match="found what stood there before"):
        Written().may_write(folder)
    with pytest.raises(CallError, match="what stood there before"):
        Written().may_write(folder / "plan.json")


def test_what_was_written_here_may_be_replaced_until_it_changes(folder: Path) -> None:
    written = Written()
    written.note(folder)
    written.may_write(folder)
    written.may_write(folder.parent / "." / folder.name)
    (folder / "note.txt").write_text("mine")
    with pytest.raises(CallError, match="found one that was changed since"):
        written.may_write(folder)
    (folder / "note.txt").unlink()
    written.may_write(folder)
    (folder / "plan.json").unlink()
    (folder / "plan.json").symlink_to(folder / "nowhere")
    with pytest.raises(CallError, match="changed since"):
        written.may_write(folder)


def test_a_folder_that_was_taken_away_may_be_written_again(folder: Path) -> None:
    written = Written()
    written.note(folder)
    (folder / "plan.json").unlink()
    written.may_write(folder)
    folder.rmdir()
    written.may_write(folder)
    folder.mkdir()
    (folder / "theirs.txt").write_text("somebody else's")
    with pytest.raises(CallError, match="changed since"):
        written.may_write(folder)
