from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import workbench as wb
from workbench.history import History

HERE = Path(__file__).parent
MAPPINGS = HERE.parent / "mappings"


@pytest.fixture(scope="module")
def load(shared_data: Path) -> Iterator[Callable[..., History]]:
    """Read a folder of the real data through its mapping; `change` replaces a text of the mapping by another."""
    loaded: list[History] = []

    def read(folder: str, mapping: str, change: tuple[str, str] | None = None) -> History:
        text = (MAPPINGS / f"{mapping}.yaml").read_text(encoding="utf-8")
        if change is not None:
            assert change[0] in text
            text = text.replace(*change)
        loaded.append(wb.read_history(shared_data / folder, mapping=text))
        return loaded[-1]

    yield read
    for history in loaded:
        history.close()
