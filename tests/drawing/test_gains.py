from __future__ import annotations

import numpy as np
import pytest

from workbench.drawing import draw_gains
from workbench.errors import CallError

from .reading import SVG, named, path, points, root, said, texts
from .samples import gains


def data(drawing, name):
    """The corners of a line in units of its data."""
    frame = drawing.frame
    places = np.array(points(path(drawing, name)))
    across = (places[:, 0] - frame.left) / (frame.right - frame.left)
    return across, (frame.bottom - places[:, 1]) / (frame.bottom - frame.top)


def test_the_line_is_the_arrays():
    depth = np.array([0, 0.1, 0.25, 0.6, 1])
    captured = np.array([0, 0.35, 0.5, 0.9, 1])
    x, y = data(draw_gains(depth, captured), "wb-line")
    assert x == pytest.approx(depth, abs=1.5e-4)
    assert y == pytest.approx(captured, abs=4e-4)


def test_the_champion_lies_behind_dashed():
    drawing = draw_gains([0, 1], [0, 1], champion=([0, 0.5, 1], [0, 0.75, 1]))
    x, y = data(drawing, "wb-champion")
    assert (x[1], y[1]) == pytest.approx((0.5, 0.75), abs=4e-4)
    assert named(drawing, "wb-champion")[0].get("stroke-dasharray")
    assert drawing.svg.index("wb-champion") < drawing.svg.index("wb-line")


def test_of_many_points_those_drawn_are_true():
    depth = np.linspace(0, 1, 10_001)
    x, y = data(draw_gains(depth, depth**0.5), "wb-line")
    assert 60 <= len(x) <= 111
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
    assert y[1:] == pytest.approx(x[1:] ** 0.5, abs=2e-3)


def test_both_depths_are_marked_and_told():
    drawing = draw_gains([0, 0.1, 0.2, 1], [0, 0.4, 0.55, 1])
    assert {"best 10 %: 40 % found, lift 4.0x", "best 20 %: 55 % found, lift 2.8x"} <= set(said(drawing))
    assert "The best 10 % hold 40 %, the best 20 % hold 55 % of the conversions" in said(drawing)
    disc = next(each for each in named(drawing, "wb-mark") if each.tag == f"{SVG}circle")
    frame = drawing.frame
    assert float(disc.get("cx")) == frame.x(0.1)
    assert float(disc.get("cy")) == pytest.approx(frame.bottom - 0.4 * (frame.bottom - frame.top), abs=0.05)


def test_a_given_lift_is_told_at_its_depth_and_only_there():
    drawing = draw_gains([0, 0.1, 0.3, 1], [0, 0.4, 0.6, 1], lift=[np.nan, 3.3, 2, 1])
    assert "best 10 %: 40 % found, lift 3.3x" in said(drawing)
    assert "best 20 %: 50 % found, lift 2.5x" in said(drawing)


@pytest.mark.parametrize("power", [0.05, 0.5, 1.0])
def test_words_stay_clear_of_the_line(power):
    depth = np.linspace(0, 1, 201)
    drawing = draw_gains(depth, depth**power)
    frame = drawing.frame
    for each in texts(drawing):
        if each.text.startswith("best "):
            share = (each.left - frame.left) / (frame.right - frame.left)
            assert each.top > frame.bottom - share**power * (frame.bottom - frame.top)


def test_words_move_to_the_other_corner_when_the_ranking_is_backwards():
    drawing = draw_gains([0, 0.5, 1], [0, 0.1, 1])
    told = [each for each in texts(drawing) if each.text.startswith("best ")]
    assert len(told) == 2
    assert all(each.right < drawing.frame.x(0.75) and each.bottom < 120 for each in told)


def test_the_alternative_names_the_champion():
    drawing = draw_gains([0, 1], [0, 1], champion=([0, 0.1, 1], [0, 0.3, 1]))
    assert "At 10 % the lift is 1.0x, the champion finds 30 %" in drawing.alt


@pytest.mark.parametrize("arrays", [([], []), ([0, 1], [np.nan, np.nan])])
def test_nothing_to_find(arrays):
    drawing = draw_gains(*arrays)
    assert {"nothing to find", "There is nothing to find"} <= set(said(drawing))
    assert drawing.frame == gains().frame
    assert not [each for each in root(drawing).iter() if each.get("class") in ("wb-line", "wb-mark")]


def test_lengths_must_agree():
    with pytest.raises(CallError, match="flat arrays of one length"):
        draw_gains([0, 1], [0])
    with pytest.raises(CallError, match="flat arrays of one length"):
        draw_gains([0, 1], [0, 1], lift=[1])
