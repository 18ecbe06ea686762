from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.cli import diff

CARD = """format: lead-scoring-model/1
name: card
dimensions: {all: {max: 60}}
rules: [{id: blue, in: all, why: The sky, when: {field: colour, equals: blue}, points: 3}]
"""


@pytest.fixture
def said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What the command prints for two texts."""

    def run(old: str, new: str, *, as_json: bool = False) -> str:
        (tmp_path / "a.yaml").write_text(old)
        (tmp_path / "b.yaml").write_text(new)
        parser = argparse.ArgumentParser()
        diff.add_arguments(parser)
        words = [str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml"), *["--json"] * as_json]
        assert diff.run(parser.parse_args(words)) == 0
        printed = capsys.readouterr()
        assert printed.err == ""
        return printed.out

    return run


def test_text_says_first_whether_scores_can_change(said: Callable[..., str]) -> None:
    new = CARD.replace("points: 3", "points: 4").replace("max: 60", "max: 50").replace("The sky", "The\\tsea")
    assert said(CARD, new).splitlines() == [
        "card version 1 -> card version 1: scores can change (3 changes, 2 of them touching scores).",
        "  all: cap 60 -> 50",
        "  blue: +3 -> +4",
        "",
        "Without effect on any score:",
        "  blue: why 'The sky' -> 'The\\tsea'",
    ]


def test_long_lines_are_wrapped(said: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    out = said(CARD, CARD.replace("equals: blue", "one_of: [azure, cobalt, indigo, cyan, navy]"))
    assert out.splitlines()[1:] == [
        "  blue: condition: colour is blue -> colour is one of azure, cobalt,",
        "      indigo, cyan, navy",
    ]


def test_json_is_one_document(said: Callable[..., str]) -> None:
    found = json.loads(said(CARD, CARD.replace("points: 3", "points: 4"), as_json=True))
    assert found["scores_can_change"] is True
    assert found["changes"] == [
        {"where": "blue", "kind": "changed", "what": "", "old": "+3", "new": "+4", "touches": "scores"}
    ]
    assert found["old"]["scoring_digest"] != found["new"]["scoring_digest"]


def test_nothing_differs(said: Callable[..., str]) -> None:
    assert said(CARD, f"# a comment\n{CARD}") == "card version 1 -> card version 1: nothing differs.\n"


def test_a_name_cannot_steer_the_terminal(said: Callable[..., str]) -> None:
    assert "\x1b" not in said(CARD, CARD.replace("equals: blue", 'equals: "a\\e[2J"'))
