from __future__ import annotations

import pytest

from workbench.cli.table import Column, length, table


def test_numbers_stand_right_and_texts_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = table([Column("name", "left"), Column("n")], [["a", "1"], ["longer", "1,000"]])
    assert text.splitlines() == ["  name        n", "  a           1", "  longer  1,000"]


def test_long_texts_are_wrapped_to_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    text = table([Column("n"), Column("why", "left", flows=True)], [["1", "word " * 40], ["2", "short"]])
    lines = text.splitlines()
    assert max(map(len, lines)) <= 60
    assert sum(line.count("word") for line in lines) == 40
    assert lines[-1] == "  2  short"


def test_control_characters_and_line_breaks_are_harmless() -> None:
    text = table([Column("name", "left")], [["a\nb\x1b[1m\x9b\u202e"]])
    assert text.splitlines()[1] == "  a b\\x1b[1m\\x9b\\u202e"


def test_wide_letters_take_two_columns() -> None:
    assert length("漢字") == 4
    assert length("e\u0301") == 1
    text = table([Column("name", "left"), Column("n")], [["漢字", "1"], ["abcd", "1"]])
    assert text.splitlines()[1:] == ["  漢字  1", "  abcd  1"]
