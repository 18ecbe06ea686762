from __future__ import annotations

from dataclasses import FrozenInstanceError, asdict

import pytest

from workbench.drawing import Drawing, Frame

FRAME = Frame(left=46, right=446, top=86, bottom=220, low=-50, high=150, width=460, height=260)


def test_a_value_has_its_place():
    assert (FRAME.x(-50), FRAME.x(50), FRAME.x(150)) == (46, 246, 446)


def test_the_page_gets_plain_numbers():
    assert FRAME.as_dict() == asdict(FRAME)
    assert set(FRAME.as_dict()) == {"left", "right", "top", "bottom", "low", "high", "width", "height"}


def test_drawings_are_frozen():
    drawing = Drawing("<svg/>", "title", "alt")
    assert drawing.frame is None
    with pytest.raises(FrozenInstanceError, match="svg"):
        drawing.svg = ""
