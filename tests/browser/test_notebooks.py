"""The notebooks that come along run from top to bottom in real JupyterLab, and nothing fails in secret."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.browser.conftest import Opener
from tests.browser.lab import ROOT, Lab
from tests.browser.notebook import NARROW, WIDE

pytestmark = [pytest.mark.slow, pytest.mark.browser]
STORY = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("name", [path.stem for path in STORY])
def test_each_runs_from_top_to_bottom(opener: Opener, lab: Lab, name: str) -> None:
    path = Path("notebooks") / f"{name}.ipynb"
    shutil.copy(ROOT / path, lab.folder / path)
    notebook = opener(str(path))
    assert notebook.wrong() == []
    assert notebook.unfinished() == []
    assert len(notebook.outputs()) >= 3
    for theme in ("light", "dark"):
        notebook.theme(theme)
        for words, size in (("wide", WIDE), ("narrow", NARROW)):
            notebook.size(size)
            assert notebook.overflow() == []
            notebook.shoot(f"notebook-{name}-{theme}-{words}")
    assert notebook.wrong() == []
