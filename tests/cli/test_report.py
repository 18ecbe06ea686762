from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.cli import report


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple, dict]]:
    """What the library's report was asked for; nothing is run."""
    calls: list[tuple[tuple, dict]] = []

    def answers(*given: object, **named: object) -> tuple[Path, ...]:
        calls.append((given, named))
        return (Path("out/a.html"), Path("out/b.html"))

    monkeypatch.setattr(report, "report", answers)
    return calls


def test_the_files_are_named_on_a_line_each(call: Callable, place, asked: list) -> None:
    answer = call("report", *place.judged, "--by", "region", "--part", "train", "--out", "out")
    assert (answer.code, answer.out, answer.err) == (0, "out/a.html\nout/b.html\n", "")
    ((given, named),) = asked
    assert given == (place.model, place.data, place.plan)
    assert (named["by"], named["part"], named["out"]) == ("region", "train", Path("out"))


def test_a_plan_beside_the_data_is_used(call: Callable, place, asked: list, tmp_path: Path) -> None:
    data = shutil.copytree(place.data, tmp_path / "data")
    shutil.copy(place.plan, data / "plan.yaml")
    assert call("report", place.model, "--data", data, "--out", "out").code == 0
    assert asked[0][0][2] == data / "plan.yaml"


def test_earlier_reports_may_lie_there(call: Callable, place, asked: list, tmp_path: Path) -> None:
    for name in ("a.html", "a.ipynb", ".DS_Store"):
        (tmp_path / name).write_text("")
    assert call("report", *place.judged, "--out", tmp_path).code == 0
    assert len(asked) == 1


def test_a_flat_table_without_an_id_is_told(call: Callable, asked: list, tmp_path: Path) -> None:
    (tmp_path / "flat.csv").write_text("Name,Converted\n" + "".join(f"L{n},{n % 2}\n" for n in range(9)))
    answer = call("report", "card.yaml", "--data", tmp_path / "flat.csv", "--outcome", "Converted=1", "--out", "out")
    assert answer.code == 0
    assert "name it in a mapping file (leads: {id: Name}), with --mapping." in answer.err
    assert len(asked) == 1


def test_a_flat_table_needs_no_plan(call: Callable, place, asked: list) -> None:
    words = ["report", place.card, "--data", place.flat, "--outcome", "Converted=1", "--out", "out"]
    assert call(*words).code == 0
    assert asked[0][0][2] is None


@pytest.mark.slow
def test_a_report_is_one_page_and_its_notebook(call: Callable, place, tmp_path: Path) -> None:
    answer = call("report", *place.judged, "--out", tmp_path / "out")
    assert answer.code == 0, answer.err
    page = Path(answer.out.strip())
    assert page.read_text(encoding="utf-8").lstrip().startswith("<!")
    assert {file.suffix for file in page.parent.iterdir()} == {".html", ".ipynb"}
