"""`workbench lab` in the browser: it opens on the first notebook, and keeps what the user wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Opener
from tests.browser.lab import Lab, running_lab
from tests.browser.notebook import WIDE, Notebook
from workbench.cli import lab as laboratory

pytestmark = [pytest.mark.slow, pytest.mark.browser]
FIRST = "notebooks/01_load_and_check.ipynb"


def test_it_opens_on_the_first_notebook(lab: Lab, chromium: Any, shots: Path) -> None:
    context = chromium.new_context(viewport=WIDE)
    notebook = Notebook(context.new_page(), lab, shots)
    notebook.watch()
    notebook.page.goto(lab.address, wait_until="domcontentloaded")
    notebook.ready()
    path = notebook.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
    assert path == FIRST
    assert notebook.wrong() == []
    notebook.shoot("lab")
    context.close()


def test_the_sample_is_at_hand_and_plans_and_models_too(lab: Lab) -> None:
    for name in ("data/sample/history.yaml", "notebooks/models/champion.yaml", "notebooks/plans/inbound.yaml"):
        assert (lab.folder / name).is_file()
    there = lab.ask("api/contents/")
    assert {"notebooks", "reports", "data"} <= {each["name"] for each in there["content"]}  # type: ignore[index]


def test_what_the_user_wrote_is_kept(chromium: Any, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert FIRST in laboratory.prepare(folder).copied
    (folder / FIRST).write_text((folder / FIRST).read_text().replace("# 1. ", "# My own "))
    (folder / "notebooks" / "my.ipynb").write_text("{}")
    mine = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != laboratory.RECORD}
    with running_lab(folder) as lab:
        assert "1 kept as you changed them" in lab.log.read_text()
        assert FIRST in lab.address
    assert {path: path.read_bytes() for path in mine} == mine


def test_the_kernels_end_with_it(opener: Opener, tmp_path: Path, chromium: Any, shots: Path) -> None:
    context = chromium.new_context()
    with running_lab(tmp_path / "lab") as lab:
        notebook = Notebook(context.new_page(), lab, shots)
        notebook.open(FIRST)
        process = int(notebook.ask("os.getpid()", before="import os"))
        assert Path(f"/proc/{process}").exists()
    assert not Path(f"/proc/{process}").exists()
    context.close()
