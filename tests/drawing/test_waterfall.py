from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.drawing import draw_waterfall
from workbench.errors import CallError

from .reading import boxes, named, points, root, said, texts
from .samples import NAN

LEFT, RIGHT = 196, 404


def bars(drawing):
    """left and right end of each bar, from the top."""
    every = [each for name in ("wb-bar", "wb-adjustment") for each in named(drawing, name)]
    found = [boxes(each.get("d"))[0] for each in every]
    return [(left, right) for left, _, right, _ in sorted(found, key=lambda box: box[1])]


def sample(**more):
    return draw_waterfall(["fit", "visits", "decay", "cap"], [20, 15, -5, -10], **{"total": 20, **more})


def test_each_bar_begins_where_the_one_before_ended():
    unit = (RIGHT - LEFT) / 35
    expected = [(0, 20), (20, 35), (30, 35), (20, 30)]
    found = [((left - LEFT) / unit, (right - LEFT) / unit) for left, right in bars(sample())]
    assert np.array(found) == pytest.approx(np.array(expected), abs=0.02)


def test_the_total_is_a_bar_from_zero():
    (total,) = named(sample(), "wb-total")
    left, _, right, _ = boxes(total.get("d"))[0]
    assert (left, right) == (LEFT, pytest.approx(LEFT + 20 / 35 * (RIGHT - LEFT), abs=0.1))


def test_each_line_has_its_signed_number():
    rows = {}
    for each in texts(sample()):
        rows.setdefault(each.bottom, []).append(each.text)
    assert [row for _, row in sorted(rows.items()) if len(row) == 2 and row[0] != "adds"] == [
        ["fit", "+20"],
        ["visits", "+15"],
        ["decay", "−5"],
        ["cap", "−10"],
        ["score", "20"],
    ]


def test_adjustments_are_hatched():
    drawing = sample(adjustments=[False, False, True, True])
    assert (len(named(drawing, "wb-bar")), len(named(drawing, "wb-adjustment"))) == (2, 2)
    assert "cap, decay or other adjustment" in said(drawing)
    assert "cap, decay or other adjustment" not in said(sample())


def test_a_difference_is_never_hidden():
    drawing = sample(total=27.5)
    assert {"not in the lines above", "+7.5"} <= set(said(drawing))
    assert "not in the lines above" not in said(sample(total=20.0004))


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=30), st.integers(-(10**7), 10**7))
def test_bars_always_lead_from_zero_to_the_total(milli, total):
    steps = np.array(milli) / 1000
    drawing = draw_waterfall([f"r{each}" for each in range(len(steps))], steps, total=total / 1000)
    (zero,) = named(drawing, "wb-zero")
    (end,) = named(drawing, "wb-total")
    left, _, right, _ = boxes(end.get("d"))[0]
    last = bars(drawing)[-1]
    origin = points(zero.get("d"))[0][0]
    assert min(abs(left - origin), abs(right - origin)) <= 1
    far = right if abs(left - origin) <= abs(right - origin) else left
    assert min(abs(far - last[0]), abs(far - last[1])) <= 1


def test_without_a_score_the_lines_are_still_told():
    drawing = sample(total=NAN)
    assert {"no score", "No score; the lines alone come to 20"} <= set(said(drawing))
    assert named(drawing, "wb-total") == []


def test_the_finding_is_what_weighs_most():
    assert "Score 20, most of it from fit +20, visits +15" in said(sample())
    assert sample().alt.endswith("fit +20, visits +15, decay −5, cap −10.")


def test_nothing_paid():
    drawing = draw_waterfall([], [], total=0)
    assert {"no rule paid anything", "Score 0: no rule paid anything"} <= set(said(drawing))


def test_it_is_as_tall_as_its_lines():
    heights = [
        float(root(draw_waterfall(["a"] * n, np.ones(n), total=n)).get("viewBox").split()[3]) for n in (1, 2, 50)
    ]
    assert (heights[1] - heights[0], heights[2] - heights[1]) == (21, 48 * 21)


def test_lengths_must_agree():
    with pytest.raises(CallError, match="a value for each of 2 labels, found 1"):
        draw_waterfall(["a", "b"], [1], total=1)
    with pytest.raises(CallError, match="flat arrays of one length"):
        draw_waterfall(["a"], [1], total=1, adjustments=[True, False])
