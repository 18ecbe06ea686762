from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.lab import Lab, running_lab
from tests.browser.notebook import WIDE, Notebook, shots_folder, write_notebook

Opener = Callable[..., Notebook]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Lab]:
    """One JupyterLab for all tests of a process, on the notebooks and the sample as they come along."""
    with running_lab(tmp_path_factory.mktemp("browser") / "lab") as running:
        yield running


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures of the page go."""
    return shots_folder(tmp_path_factory.mktemp("shots"))


@pytest.fixture(scope="module")
def opener(lab: Lab, chromium: Any, shots: Path) -> Iterator[Opener]:
    """Open a notebook, by its path in the lab's folder or by the code of its cells, and run it."""
    contexts: list[Any] = []

    def opened(path: str | None = None, *, cells: tuple[str, ...] = (), run: bool = True) -> Notebook:
        if path is None:
            path = f"notebooks/test-{next(_numbers)}.ipynb"  # a kernel belongs to a path: never the same one twice
            write_notebook(lab.folder / path, cells)
        contexts.append(chromium.new_context(viewport=WIDE, color_scheme="light"))
        notebook = Notebook(contexts[-1].new_page(), lab, shots)
        notebook.watch()
        notebook.open(path)
        if run:
            notebook.run()
        return notebook

    yield opened
    for each in contexts:
        each.close()
    for kernel in lab.kernels():
        lab.ask(f"api/kernels/{kernel}", "DELETE")
