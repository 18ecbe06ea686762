from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.drawing import draw_distribution, highest_shares
from workbench.drawing.distribution import bar_edges, shares
from workbench.errors import CallError

from .reading import boxes, named, path, posts, said, texts
from .samples import CUTS, distribution, standing


def heights(d, panel):
    """left end, right end and height (as a share of the panel) of each bar."""
    top, bottom = panel
    return [(left, right, (low - high) / (bottom - top)) for left, high, right, low in boxes(d)]


def ticks(drawing):
    """The names on both y axes, from the bottom to the top, the upper panel first."""
    return [each.text for each in texts(drawing) if each.right < 46 and each.text.endswith(" %")]


@pytest.mark.parametrize(("panel", "group", "place"), [((86, 138), 2, 2), ((156, 208), 1, 5)])
def test_bars_are_the_shares_of_each_group(panel, group, place):
    data = standing()
    drawing = distribution()
    counted, _ = np.histogram(data[0], bins=np.arange(0, 101, 2), weights=data[group])
    drawn = heights(named(drawing, "wb-bars")[0 if group == 2 else 1].get("d"), panel)
    assert len(drawn) == 50
    high = float(ticks(drawing)[place].removesuffix(" %")) / 100
    shown = [share * high for _, _, share in drawn]
    assert shown == pytest.approx(counted / counted.sum(), abs=0.06 / 52 * high)


def test_bars_stand_over_their_scores():
    drawing = draw_distribution([10, 12, 13], [0, 0, 0], [1, 1, 2], axis=(0, 100))
    drawn = boxes(named(drawing, "wb-bars")[0].get("d"))
    assert [left for left, *_ in drawn] == [drawing.frame.x(10), drawing.frame.x(12)]
    assert drawn[1][1] == round(86 + 52 * (1 - 0.75 / 0.8), 1)


def test_the_champion_is_the_outline():
    scores = [5.0, 15.0]
    drawing = draw_distribution(scores, [1, 1], [1, 1], axis=(0, 50), champion=(scores, [1, 3], [4, 0]))
    lost, won = named(drawing, "wb-champion")[1].get("d"), named(drawing, "wb-champion")[0].get("d")
    x, high, low = drawing.frame.x, 86, 138
    assert won == f"M{x(0):g},{low}H{x(5):g}V{high}H{x(6):g}V{low}H{x(50):g}"
    assert lost.count("V") == 4


def test_tier_lines_lie_where_the_frame_says():
    drawing = distribution()
    lines = posts(path(drawing, "wb-cuts"))
    assert [x for x, *_ in lines[::2]] == [drawing.frame.x(at) for _, at in CUTS]
    assert {(top, bottom) for _, top, bottom in lines} == {(86, 138), (156, 208)}
    assert {"MQL 40", "PQL 42", "SQL 60"} <= set(said(drawing))


def test_the_finding_is_the_medians():
    drawing = draw_distribution([0, 10, 20, 30], [3, 3, 1, 0], [0, 1, 2, 3], axis=(0, 30))
    assert "Half of the converted score 30 or more, half of the others 10" in said(drawing)


def test_the_alternative_tells_what_each_tier_holds():
    drawing = draw_distribution([0, 50], [3, 1], [1, 2], axis=(0, 100), cuts=[("MQL", 50)], gated=(4, 1))
    assert "MQL from 50: 50 % of the converted, 12 % of the others" in drawing.alt
    assert "A gate took out 1 that converted and 4 that did not" in drawing.alt
    assert "converted (n = 3; 1 more gated out)" in said(drawing)


def test_scores_beyond_the_axis_are_counted_and_said():
    drawing = draw_distribution([-10, 50, 200], [1, 1, 1], [0, 1, 0], axis=(0, 100))
    assert "score, 2 points a bar; 2 beyond the axis in the end bars" in said(drawing)


@given(
    st.floats(-1000, 1000),
    st.floats(0.01, 5000),
    st.lists(st.tuples(st.floats(-2000, 7000), st.integers(0, 10**7)), max_size=30),
)
def test_every_lead_is_in_one_bar(low, wide, leads):
    edges = bar_edges(low, low + wide, whole=False)
    assert len(edges) <= 62
    assert edges[0] <= low + 2e-9 * (edges[1] - edges[0])  # a hair of a bar may lie before its first
    assert edges[-1] >= low + wide - 1e-6
    scores, counts = np.array([each[0] for each in leads]), np.array([each[1] for each in leads], dtype=float)
    found = shares(scores, counts, edges)
    assert found.sum() == pytest.approx(1 if counts.sum() else 0)


def test_a_score_on_an_edge_begins_the_bar():
    edges = bar_edges(0, 1, whole=False)
    for place, score in enumerate(np.round(np.arange(0, 1, 0.02), 2)):
        assert shares(np.array([score]), np.ones(1), edges)[place] == 1


def test_whole_scores_get_whole_bars():
    assert bar_edges(0, 5, whole=True).tolist() == [0, 1, 2, 3, 4, 5]
    assert len(bar_edges(0, 5, whole=False)) == 51


def test_axes_do_not_move_with_a_small_change():
    one, other = distribution(leads=1000.0), distribution(leads=1050.0)
    assert ticks(one) == ticks(other)
    assert one.frame == other.frame


def test_pictures_side_by_side_can_share_their_axes():
    drawing = draw_distribution([1, 2], [1, 1], [1, 1], axis=(0, 3), reach=(0.9, 0.9))
    assert ticks(drawing) == ["0 %", "50 %", "100 %"] * 2


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(CallError, match=r"expected flat arrays of one length, found scores \(2,\), negatives \(1,\)"):
        draw_distribution([1, 2], [1], [1, 2], axis=(0, 3))
    with pytest.raises(CallError, match="flat arrays of one length"):
        draw_distribution([1], [1], [1], axis=(0, 3), champion=([1], [1], [1, 2]))


def test_the_highest_shares_are_those_of_the_bars():
    scores, lost, won = [1.0, 2.0, 30.0], [6, 3, 1], [1, 1, 2]
    assert highest_shares(scores, lost, won, axis=(0, 3)) == (0.6, 0.75)  # 30 is in the end bar, with 2
    assert highest_shares(scores, lost, won, axis=(0, 100)) == (0.6, 0.5)  # bars of two points part 1 and 2
    drawing = draw_distribution([1, 2], [1, 1], [1, 1], axis=(0, 3), reach=(0.9, 0.0))
    assert ticks(drawing) == ["0 %", "30 %", "60 %", "0 %", "50 %", "100 %"]


def test_grips_have_a_lane_beneath_the_bars():
    drawing = distribution()
    lane = (208, drawing.frame.bottom)
    assert lane[1] - lane[0] >= 18
    assert [each.text for each in texts(drawing) if each.top < lane[1] - 1 and each.bottom > lane[0] + 5] == ["0 %"]
