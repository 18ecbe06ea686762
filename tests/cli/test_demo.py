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


@pytest.mark.slow
def test_an_earlier_demo_is_replaced_unless_the_user_worked_in_it(
    call: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def writes(*words: object, out: Path, **named: object) -> tuple[Path, ...]:
        out.mkdir()
        (out / "page.html").write_text("<!doctype html>")
        return (out / "page.html",)

    monkeypatch.setattr(demo, "report", writes)
    folder = tmp_path / "demo"
    assert call("demo", folder).code == 0
    (folder / "report" / "page.html").unlink()
    again = call("demo", folder)
    assert again.code == 0, again.err
    assert (folder / "report" / "page.html").is_file()
    for own in (folder / "models" / "champion.yaml", folder / "notes.txt"):
        before = own.read_bytes() if own.exists() else None
        own.write_text("mine")
        answer = call("demo", folder)
        assert (answer.code, answer.out) == (2, "")
        assert f"files that you added or changed: '{own.relative_to(folder)}'" in answer.err
        assert own.read_text() == "mine"
        own.unlink() if before is None else own.write_bytes(before)
    (folder / demo.RECORD).write_text("[broken")
    assert call("demo", folder).code == 2


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
