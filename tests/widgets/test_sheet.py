from __future__ import annotations

import pytest

from workbench.widgets.picture import HERE
from workbench.widgets.sheet import sheet


@pytest.mark.parametrize("name", ["approval.css", "comparer.css"])
def test_a_sheet_is_styles_alone_and_touches_only_its_own_widget(name: str) -> None:
    made = sheet(name)
    text = (HERE / name).read_text()
    assert made.value == f"<style>{text}</style>"
    assert made.layout.display == "none"
    assert "<" not in text
    own = f".wb-{name.removesuffix('.css')}"
    heads = [line for line in text.splitlines() if line.endswith(("{", ",")) and not line.startswith((" ", "@"))]
    assert heads
    assert all(line.startswith(own) for line in heads)
