from __future__ import annotations

import io
import json
import sys

import pytest

from workbench.cli import terminal


class Stream(io.TextIOWrapper):
    """A standard output of some encoding that may be a terminal."""

    def __init__(self, encoding: str, *, terminal: bool = False) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="\n")
        self.is_terminal = terminal

    def isatty(self) -> bool:
        return self.is_terminal

    @property
    def text(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode(self.encoding)  # type: ignore[attr-defined]


def test_styles_only_where_a_terminal_shows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Stream("utf-8", terminal=True)
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert terminal.styled("x", "bold") == "\x1b[1mx\x1b[0m"
    monkeypatch.setenv("NO_COLOR", "1")
    assert terminal.styled("x", "bold") == "x"
    monkeypatch.delenv("NO_COLOR")
    screen.is_terminal = False
    assert terminal.styled("x", "bold") == "x"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_encoding_takes_what_is_said(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    stream = Stream(encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    terminal.say("40–49 ≥ −3 漢")
    terminal.say_json({"name": "漢字 é 😀"})
    said, document = stream.text.split("\n", 1)
    assert said == ("40–49 ≥ −3 漢" if encoding == "utf-8" else "40-49 >= -3 ?")
    assert json.loads(document) == {"name": "漢字 é 😀"}


def test_json_has_no_nan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Stream("utf-8"))
    with pytest.raises(ValueError, match="not JSON compliant"):
        terminal.say_json({"x": float("nan")})


def test_progress_is_told_to_those_who_watch(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.Progress()("silent")
    assert capsys.readouterr() == ("", "")
    terminal.Progress(always=True)("step\none")
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith(" s  step one\n")


def test_width_is_kept_within_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    for columns, expected in (("20", 60), ("90", 90), ("500", 120)):
        monkeypatch.setenv("COLUMNS", columns)
        assert terminal.width() == expected
