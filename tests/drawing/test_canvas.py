from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.drawing.canvas import box, broken, element, hatched, key, levels, line_sample, marks, sheet, words
from workbench.drawing.scale import Scale

from .reading import SVG


def test_attributes_are_escaped():
    made = element("path", d='"><script>', class_="a")
    assert made == '<path d="&quot;&gt;&lt;script&gt;" class="a"/>'


@given(st.text(max_size=40))
def test_any_text_gives_a_sheet_that_parses_and_reads_back(text):
    top = ET.fromstring(sheet([words(0, 12, text, room=1000)], alt=text))
    said = [each.text for each in top.iter(f"{SVG}text")]
    assert len(said) <= 1
    assert all(each == top.get("aria-label") for each in said)


def test_what_is_cut_is_told_whole():
    told = words(0, 0, "a very long name", room=40)
    assert re.fullmatch(r"<text [^>]*>a ve…<title>a very long name</title></text>", told)


def test_lines_break_at_missing_values():
    x = np.array([0.0, 1, 2, 3, 4])
    assert broken(x, np.array([1.0, 2, np.nan, 4, np.nan])) == "M0,1L1,2M3,4h0.1"
    assert broken(x[:0], x[:0]) == ""


@given(st.floats(0, 400), st.floats(0, 200), st.floats(0, 60), st.floats(0, 120))
def test_hatching_stays_in_its_box(x, y, wide, high):
    for from_x, from_y, across in re.findall(r"M(-?[\d.]+),(-?[\d.]+)l(-?[\d.]+),", hatched(x, y, wide, high)):
        left, low, step = float(from_x), float(from_y), float(across)
        assert x - 0.11 <= left
        assert left + step <= x + wide + 0.16
        assert low <= y + high + 0.11
        assert low - step >= y - 0.16


def test_hatching_fills_the_whole_box():
    assert hatched(0, 0, 20, 20).count("M") == 7
    assert hatched(0, 0, 1, 1) == ""


def test_names_of_levels_that_would_touch_are_left_out():
    told = levels(Scale(0.0, 1.0, 100.0, 90.0), [0, 0.5, 1], ["0", "half", "1"], left=40, right=100)
    assert told.count("<text") == 1
    assert told.count("M40,") == 3


def test_names_of_marks_that_would_touch_are_left_out():
    told = marks(Scale(0.0, 10.0, 40.0, 90.0), [0, 1, 10], ["1000000", "x", "10"], y=10, floor=0)
    assert re.findall(r">([^<]+)</text>", told) == ["1000000", "10"]


def test_the_key_stops_where_the_sheet_ends():
    told = key([(line_sample("none"), "name " * 20)] * 3)
    assert told.count("<text") == 1


@pytest.mark.parametrize("size", [(1, 2, 3, 4)])
def test_a_box(size):
    assert box(*size) == "M1,2H4V6H1Z"
