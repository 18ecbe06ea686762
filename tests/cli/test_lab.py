from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.cli import lab


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Stands for what comes along with the workbench."""
    home = tmp_path / "shipped"
    for name in ("notebooks/01-first.ipynb", "notebooks/models/a.yaml", "reports/r.ipynb", "data/sample/leads.csv"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(f"{name} version 1")
    monkeypatch.setattr(lab, "shipped", lambda name: home / name)
    return home


def test_what_comes_along_is_copied(call: Callable, tmp_path: Path) -> None:
    answer = call("lab", tmp_path / "lab", "--check")
    assert (answer.code, answer.err) == (0, "")
    assert " copied" in answer.out
    assert (tmp_path / "lab" / "notebooks" / "models" / "champion.yaml").is_file()
    assert (tmp_path / "lab" / "data" / "sample" / "history.yaml").is_file()
    assert "nothing to do" in call("lab", tmp_path / "lab", "--check").out


def test_only_what_the_user_changed_is_kept(call: Callable, small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lab"
    assert lab.prepare(folder).copied == (
        "notebooks/01-first.ipynb",
        "notebooks/models/a.yaml",
        "reports/r.ipynb",
        "data/sample/leads.csv",
    )
    (folder / "notebooks" / "models" / "a.yaml").write_text("mine")
    (folder / "reports" / "r.ipynb").unlink()
    for file in small.rglob("*.*"):
        file.write_text(file.read_text().replace("version 1", "version 2"))
    answer = call("lab", folder, "--check")
    assert (folder / "notebooks" / "models" / "a.yaml").read_text() == "mine"
    assert (folder / "notebooks" / "01-first.ipynb").read_text().endswith("version 2")
    assert "kept" in answer.err
    assert "you changed it" in answer.err
    assert answer.out.splitlines()[0].endswith("1 copied, 2 renewed, 1 kept as you changed them")


def test_a_lost_record_counts_everything_as_changed(small: Path, tmp_path: Path) -> None:
    lab.prepare(tmp_path / "lab")
    (tmp_path / "lab" / lab.RECORD).write_text("not json")
    (small / "reports" / "r.ipynb").write_text("version 2")
    assert lab.prepare(tmp_path / "lab").kept == ("reports/r.ipynb",)


def test_a_failure_leaves_nothing(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = lab.write_whole

    def fails(path: Path, content: bytes) -> None:
        if path.name == "leads.csv":
            raise OSError(28, "No space left on device", str(path))
        write(path, content)

    monkeypatch.setattr(lab, "write_whole", fails)
    with pytest.raises(OSError, match="No space left"):
        lab.prepare(tmp_path / "lab")
    assert not (tmp_path / "lab").exists()


def test_jupyter_is_started_in_the_folder(
    call: Callable, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(lab, "_start", lambda command: started.append(command) or 0)
    assert call("lab", tmp_path / "lab", "--no-browser", "--port", 9123).code == 0
    (command,) = started
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={(tmp_path / 'lab').resolve()}" in command
    assert "--LabApp.default_url=/lab/tree/notebooks/01-first.ipynb" in command
    assert {"--no-browser", "--port=9123"} <= set(command)


def test_kernels_talk_in_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(lab, "jupyter_runtime_dir", lambda: "/home/a/.local/share/jupyter/runtime")
    assert "--KernelManager.transport=ipc" in lab.jupyter(tmp_path, browser=True, port=None)
    monkeypatch.setattr(lab, "jupyter_runtime_dir", lambda: "/" + "deep/" * 20)
    assert "--KernelManager.transport_encryption=auto" in lab.jupyter(tmp_path, browser=True, port=None)


def test_the_exit_code_is_jupyters(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lab._start([sys.executable, "-c", "import sys; sys.exit(5)"]) == 5


def test_the_record_names_every_copied_file(small: Path, tmp_path: Path) -> None:
    done = lab.prepare(tmp_path / "lab")
    assert set(json.loads((tmp_path / "lab" / lab.RECORD).read_text())) == set(done.copied)
