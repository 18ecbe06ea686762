from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.approval import read_bundle
from workbench.cli import demo
from workbench.errors import WorkbenchError


@pytest.mark.slow
def test_the_whole_way_from_an_empty_folder(call: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answer = call("demo")
    assert answer.code == 0, answer.err
    assert all(line.split()[1] == "s" and float(line.split()[0]) < 120 for line in answer.err.splitlines())
    named = [Path(line.split()[0]) for line in answer.out.splitlines() if line.startswith("  workbench-demo/")]
    assert [path.suffix for path in named] == [".html", ".json", "", "", ""]
    assert all(path.exists() for path in named)
    assert json.loads(named[1].read_text())["name"] == "challenger"
    assert read_bundle("workbench-demo/bundle").approval.part == "validation"
    following = next(line for line in answer.out.splitlines() if line.startswith("  workbench backtest "))
    assert call(*following.split()[1:]).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["workbench-demo"]


@pytest.mark.parametrize("there", [True, False])
def test_a_failure_leaves_nothing(call: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    def fails(*words: object, **named: object) -> tuple[Path, ...]:
        raise WorkbenchError("the report's kernel stopped")

    monkeypatch.setattr(demo, "report", fails)
    folder = tmp_path / "deep" / "demo"
    if there:
        folder.mkdir(parents=True)
    answer = call("demo", folder)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines()[-1] == "workbench: the report's kernel stopped"
    assert folder.exists() == there
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]
