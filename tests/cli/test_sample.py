from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path


def test_it_is_written_and_loads(call: Callable, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "sample"
    answer = call("sample", folder, "--leads", 600, "--seed", 5, "--format", "parquet")
    assert (answer.code, answer.err) == (0, "")
    assert "600 made-up leads" in answer.out
    assert f"Next: workbench check {folder}" in answer.out
    assert (folder / "leads.parquet").is_file()
    assert json.loads((folder / "truth.json").read_text())["seed"] == 5
    assert call("check", folder).code == 0


def test_an_earlier_sample_is_replaced(call: Callable, tmp_path: Path) -> None:
    for seed in (1, 2):
        assert call("sample", tmp_path / "s", "--leads", 500, "--seed", seed).code == 0
    assert json.loads((tmp_path / "s" / "truth.json").read_text())["seed"] == 2
