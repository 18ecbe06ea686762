from __future__ import annotations

import numpy as np
import pytest

from workbench.drawing import draw_thresholds
from workbench.errors import CallError

from .reading import SVG, named, path, points, posts, root, said
from .samples import CUTS, NAN, thresholds

THRESHOLD = np.array([0.0, 20.0, 40.0, 60.0])
PRECISION = np.array([0.1, 0.2, 0.3, 0.5])
RECALL = np.array([1.0, 0.8, 0.5, 0.2])
VALUE = np.array([-100.0, 400.0, 900.0, 100.0])


def test_lines_are_the_arrays():
    drawing = draw_thresholds(THRESHOLD, PRECISION, RECALL, axis=(0, 100))
    for name, rates in (("wb-precision", PRECISION), ("wb-recall", RECALL)):
        x, y = np.array(points(path(drawing, name))).T
        assert x.tolist() == [drawing.frame.x(at) for at in THRESHOLD]
        assert (220 - y) / (220 - 86) == pytest.approx(rates, abs=4e-4)


def test_precision_and_recall_differ_by_more_than_colour():
    drawing = draw_thresholds(THRESHOLD, PRECISION, RECALL, axis=(0, 100))
    assert named(drawing, "wb-precision")[0].get("stroke-dasharray") is None
    assert named(drawing, "wb-recall")[0].get("stroke-dasharray")


def test_the_value_has_a_panel_of_its_own():
    drawing = draw_thresholds(THRESHOLD, PRECISION, RECALL, value=VALUE, axis=(0, 100))
    y = np.array(points(path(drawing, "wb-value")))[:, 1]
    assert (220 - y) / (220 - 174) * 1200 - 200 == pytest.approx(VALUE, abs=1.5)
    assert y.min() > np.array(points(path(drawing, "wb-precision")))[:, 1].max()
    assert "net value: highest at 40, 900" in said(drawing)


@pytest.mark.parametrize("value", [None, [], [NAN] * 4])
def test_without_a_value_there_is_one_panel(value):
    drawing = draw_thresholds(THRESHOLD, PRECISION, RECALL, value=value, axis=(0, 100))
    assert named(drawing, "wb-value") == []
    assert "net value" not in drawing.svg
    assert drawing.frame == draw_thresholds(THRESHOLD, PRECISION, RECALL, value=VALUE, axis=(0, 100)).frame


def test_a_value_that_never_pays_says_so():
    drawing = draw_thresholds(THRESHOLD, PRECISION, RECALL, value=VALUE - 1000, axis=(0, 100))
    assert "net value: at best −100, no threshold pays" in said(drawing)


def test_tiers_are_lines_at_their_scores():
    drawing = thresholds()
    assert [x for x, *_ in posts(path(drawing, "wb-cuts"))[::2]] == [drawing.frame.x(at) for _, at in CUTS]
    assert "Score ≥ 60 (SQL): precision" in drawing.alt


def test_a_tier_is_told_and_marked_with_its_rates():
    drawing = draw_thresholds(THRESHOLD, PRECISION, RECALL, axis=(0, 100), cuts=[("MQL", 30)])
    assert "Score ≥ 30 (MQL): precision 30 %, recall 50 %" in said(drawing)
    (disc,) = list(root(drawing).iter(f"{SVG}circle"))
    assert float(disc.get("cx")) == drawing.frame.x(30)
    assert float(disc.get("cy")) == pytest.approx(220 - 0.3 * 134, abs=0.05)


def test_a_tier_nobody_reaches():
    drawing = draw_thresholds(THRESHOLD, PRECISION, RECALL, axis=(0, 100), cuts=[("MQL", 90)])
    assert "Score ≥ 90 (MQL): nobody" in said(drawing)
    assert list(root(drawing).iter(f"{SVG}circle")) == []


def test_the_main_tier_is_told_first_by_its_score_alone():
    drawing = draw_thresholds(THRESHOLD, PRECISION, RECALL, axis=(0, 100), cuts=[("MQL", 90), ("SQL", 30)], main="MQL")
    assert "Score ≥ 90 (MQL): nobody; ≥ 30 (SQL): 30 %, 50 %" in said(drawing)


def test_a_long_tier_is_shortened_in_the_finding():
    drawing = draw_thresholds(THRESHOLD, PRECISION, RECALL, axis=(0, 100), cuts=[("Qualified " * 20, 30)])
    assert any("…): precision 30 %, recall 50 %" in each for each in said(drawing))


def test_without_tiers_the_finding_is_where_half_is_found():
    drawing = draw_thresholds(THRESHOLD, PRECISION, RECALL, axis=(0, 100))
    assert "Half of the conversions score 40 or more; 30 % precision there" in said(drawing)


def test_the_champion_is_thin():
    drawing = thresholds()
    for name in ("precision", "recall", "value"):
        own, other = named(drawing, f"wb-{name}")[0], named(drawing, f"wb-{name}-champion")[0]
        assert float(other.get("stroke-width")) < float(own.get("stroke-width"))
    assert "champion (thin)" in said(drawing)


def test_missing_values_break_the_line():
    drawing = draw_thresholds([0, 1, 2, 3, 4], [0.1, 0.2, NAN, 0.3, 0.4], [1, 1, 1, 1, 1], axis=(0, 4))
    assert path(drawing, "wb-precision").count("M") == 2


def test_thresholds_beyond_the_axis_are_not_drawn():
    drawing = draw_thresholds([-5, 0, 5, 10, 15], [0.1] * 5, [1] * 5, axis=(0, 10))
    assert [x for x, _ in points(path(drawing, "wb-precision"))] == [46, 246, 446]


def test_large_money_has_short_names():
    drawing = draw_thresholds(THRESHOLD, PRECISION, RECALL, value=VALUE * 1e6, axis=(0, 100))
    assert {"1B", "0"} <= set(said(drawing))


def test_lengths_must_agree():
    with pytest.raises(CallError, match="flat arrays of one length"):
        draw_thresholds([1, 2], [1, 1], [1, 1], value=[1], axis=(0, 3))
