from __future__ import annotations

import math

import numpy as np
import pytest

from workbench.drawing import draw_ratios
from workbench.errors import CallError

from .reading import SVG, named, points, root, said, texts
from .samples import NAN, ratios

LEFT, RIGHT = 206, 352


def ratio_at(x, low, high):
    return math.exp(math.log(low) + (x - LEFT) / (RIGHT - LEFT) * (math.log(high) - math.log(low)))


def sample(**more):
    labels = ["director", "free mail", "visits"]
    return draw_ratios(labels, [2.0, 0.4, 1.1], [1.5, 0.3, 0.9], [3.0, 0.8, 1.4], [120, 1500, 7], **more)


def test_discs_are_the_ratios_on_a_logarithmic_axis():
    found = [float(each.get("cx")) for each in named(sample(), "wb-mark")]
    assert [ratio_at(x, 0.2, 5) for x in found] == pytest.approx([2, 0.4, 1.1], rel=2e-3)


def test_lines_are_the_intervals():
    drawing = sample()
    low = [points(each.get("d"))[0][0] for each in named(drawing, "wb-interval")]
    high = [float(each.get("d").split("H")[1]) for each in named(drawing, "wb-interval")]
    assert [ratio_at(x, 0.2, 5) for x in low] == pytest.approx([1.5, 0.3, 0.9], rel=2e-3)
    assert [ratio_at(x, 0.2, 5) for x in high] == pytest.approx([3, 0.8, 1.4], rel=2e-3)


def test_one_is_marked():
    (even,) = named(sample(), "wb-even")
    assert ratio_at(points(even.get("d"))[0][0], 0.2, 5) == pytest.approx(1, abs=1e-3)
    assert "1x" in said(sample())


def test_rows_tell_ratio_and_number():
    rows = {}
    for each in texts(sample()):
        rows.setdefault(each.bottom, set()).add(each.text)
    assert {"director", "2.0x", "120"} in rows.values()
    assert {"free mail", "0.4x", "1.5k"} in rows.values()


def test_few_leads_are_hollow_and_said():
    marks = named(sample(), "wb-mark")
    assert [each.get("fill").startswith("var(--wb-paper") for each in marks] == [False, False, True]
    assert "few: not enough evidence" in said(sample())
    assert "visits: 1.1x (0.9x to 1.4x), n 7, few" in sample().alt


def test_who_knows_better_says_what_is_enough():
    marks = named(sample(enough=[False, True, True]), "wb-mark")
    assert [each.get("fill").startswith("var(--wb-paper") for each in marks] == [True, False, False]


def test_the_finding_is_the_row_farthest_from_one():
    assert "free mail: 0.4x as often (0.3x to 0.8x)" in said(sample())
    assert "Nothing stands out beyond chance" in said(sample(enough=[False] * 3))


def test_a_ratio_beyond_the_axis_is_a_triangle():
    drawing = draw_ratios(list("abc"), [0, np.inf, 1], [0, 2, 0.5], [0.3, np.inf, 2], [50, 50, 50])
    places = [points(each.get("d"))[0][0] for each in named(drawing, "wb-beyond")]
    assert places == [LEFT - 6, RIGHT + 6]
    assert {"0x", "∞"} <= set(said(drawing))


def test_an_unknown_ratio_says_so():
    drawing = draw_ratios(["a"], [NAN], [NAN], [NAN], [0])
    assert "too few to say" in said(drawing)
    assert named(drawing, "wb-mark") == []


def test_long_labels_take_two_lines_and_are_told_whole():
    name = "the pricing page was viewed at least three times within the last fourteen days"
    drawing = draw_ratios([name, "b"], [2, 1], [1, 0.5], [4, 2], [50, 50])
    assert name in [each.text for each in root(drawing).iter(f"{SVG}title")]
    heights = [float(root(each).get("viewBox").split()[3]) for each in (drawing, ratios(2))]
    assert heights[0] - heights[1] == 13


def test_it_is_as_tall_as_its_rows():
    heights = [float(root(ratios(r)).get("viewBox").split()[3]) for r in (5, 6, 60)]
    assert heights[1] - heights[0] == 20
    assert heights[2] - heights[1] == 54 * 20


def test_lengths_must_agree():
    with pytest.raises(CallError, match="a value for each of 2 labels"):
        draw_ratios(["a", "b"], [1], [1], [1], [1])
