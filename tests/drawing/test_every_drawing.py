from __future__ import annotations

import re

import numpy as np
import pytest

from workbench.drawing import Drawing
from workbench.drawing.canvas import HEIGHT, WIDTH

from . import samples
from .reading import SVG, collisions, root, said, texts

EACH = pytest.mark.parametrize("name", samples.ALL)
TILES = ("distribution", "bands", "gains", "thresholds")


@pytest.fixture(scope="module")
def drawings():
    with np.errstate(all="raise"):
        return {name: make() for name, make in samples.ALL.items()}


@EACH
def test_it_is_a_picture_with_a_name(drawings, name):
    drawing = drawings[name]
    assert isinstance(drawing, Drawing)
    top = root(drawing)
    assert top.tag == f"{SVG}svg"
    assert top.get("role") == "img"
    assert top.get("aria-label") == drawing.alt
    assert drawing.alt.startswith(texts(drawing)[0].text.rstrip("…"))
    assert top.get("width") is None


@EACH
def test_no_texts_collide_or_leave_the_sheet(drawings, name):
    assert collisions(drawings[name]) == []


@EACH
def test_colours_come_from_the_page(drawings, name):
    for each in root(drawings[name]).iter():
        for attribute in ("fill", "stroke"):
            colour = each.get(attribute)
            assert colour in (None, "none") or re.fullmatch(r"var\(--wb-[a-z]+, #[0-9a-f]{6}\)", colour), colour


@EACH
def test_nothing_runs_or_collides(drawings, name):
    allowed = {"svg", "g", "text", "title", "path", "rect", "circle"}
    for each in root(drawings[name]).iter():
        assert each.tag.removeprefix(SVG) in allowed
        assert not {"id", "href", "onload", "onclick"} & set(each.keys())
    assert "url(" not in drawings[name].svg
    assert "nan" not in re.sub(r'aria-label="[^"]*"|>[^<]*<', "", drawings[name].svg)
    assert "inf" not in re.sub(r'aria-label="[^"]*"|>[^<]*<', "", drawings[name].svg)


@EACH
def test_numbers_have_at_most_one_decimal(drawings, name):
    bare = re.sub(r'aria-label="[^"]*"|>[^<]*<|opacity="[^"]*"', "", drawings[name].svg)
    assert not re.search(r"\d\.\d\d", bare)


@EACH
def test_everything_drawn_lies_on_the_sheet(drawings, name):
    drawing = drawings[name]
    wide, high = map(float, root(drawing).get("viewBox").split()[2:])
    for each in root(drawing).iter(f"{SVG}path"):
        for x, y in re.findall(r"M(-?[\d.]+),(-?[\d.]+)", each.get("d")):
            assert -8 <= float(x) <= wide
            assert -8 <= float(y) <= high


@EACH
def test_the_same_data_give_the_same_text(drawings, name):
    assert samples.ALL[name]().svg == drawings[name].svg


@EACH
def test_hostile_names_stay_text(drawings, name):
    if "hostile" not in name:
        return
    svg = drawings[name].svg
    assert "<script" not in svg
    assert "\x00" not in svg
    assert "\u202e" not in svg
    assert any("<script>" in each for each in [*said(drawings[name]), root(drawings[name]).get("aria-label")])


@EACH
def test_tiles_are_all_of_one_size_and_small(drawings, name):
    if name.split(",")[0] not in TILES:
        return
    assert root(drawings[name]).get("viewBox") == f"0 0 {WIDTH:g} {HEIGHT:g}"
    if name != "bands, two hundred":
        assert len(drawings[name].svg.encode()) < 12_000


@EACH
def test_the_frame_lies_on_the_sheet(drawings, name):
    frame = drawings[name].frame
    if frame is None:
        assert name.split(",")[0] in ("bands", "ratios", "waterfall")
        return
    assert root(drawings[name]).get("viewBox") == f"0 0 {frame.width:g} {frame.height:g}"
    assert 0 <= frame.left < frame.right <= frame.width
    assert 0 <= frame.top < frame.bottom <= frame.height
    assert frame.low < frame.high
    assert (frame.x(frame.low), frame.x(frame.high)) == (frame.left, frame.right)
