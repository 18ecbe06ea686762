from __future__ import annotations

import numpy as np
import pytest

from workbench.drawing import draw_timeline
from workbench.errors import CallError

from .reading import SVG, named, path, points, posts, root, said, texts
from .samples import CUTS, NAN, timeline


def sample(**more):
    given = {"cuts": [("MQL", 40)], "outcome_day": 5, **more}
    return draw_timeline([-20, -10, -9.9, 3], ["mail", "visit", "visit", "mail"], [-20, -10, 0], [5, 25, 45], **given)


def events(drawing):
    """x, y and size of each mark, and whether it is hollow."""
    return [
        (
            float(each.get("cx")),
            float(each.get("cy")),
            float(each.get("r")),
            group.get("fill").startswith("var(--wb-paper"),
        )
        for group in named(drawing, "wb-events")
        for each in group.iter(f"{SVG}circle")
    ]


def test_events_stand_on_their_days_in_lanes():
    drawing = sample()
    x = drawing.frame.x
    mail, late, visits = events(drawing)
    assert [each[0] for each in (mail, late, visits)] == pytest.approx([x(-20), x(3), x(-9.95)], abs=0.06)
    assert mail[1] == late[1] < visits[1]


def test_close_events_are_one_larger_mark_that_tells_how_many():
    mail, _, visits = events(sample())
    assert visits[2] > mail[2]
    assert "visit, 2 times, day −10 to −9.9" in said(sample())
    assert {"visit", " (2)"} <= set(said(sample())) or "(2)" in said(sample())


def test_what_came_after_is_hollow():
    assert [each[3] for each in events(sample())] == [False, True, False]


def test_who_knows_better_says_what_came_after():
    drawing = draw_timeline([0, 0], ["a", "b"], [], [], after=[False, True])
    assert [each[3] for each in events(drawing)] == [False, True]


def test_the_score_is_a_step_line():
    drawing = sample()
    x = drawing.frame.x
    top = 60  # of the axis
    heights = [148 - score / top * 80 for score in (5, 25, 45)]
    d = path(drawing, "wb-score")
    expected = [x(-20), heights[0], x(-10), heights[1], x(0), heights[2]]
    numbers = [
        float(each) for each in d.replace("M", " ").replace("H", " ").replace("V", " ").replace(",", " ").split()
    ]
    assert numbers == pytest.approx(expected, abs=0.06)
    assert [each for each in d if each.isalpha()] == list("MHVHV")


def test_days_without_a_score_break_the_line():
    drawing = draw_timeline([], [], [-3, -2, -1, 0], [1, NAN, 3, 3])
    assert path(drawing, "wb-score").count("M") == 2


def test_the_score_when_asked_is_marked_and_told():
    drawing = sample()
    (mark,) = named(drawing, "wb-asked")
    assert float(mark.get("cx")) == pytest.approx(drawing.frame.x(0), abs=0.06)
    assert "45" in said(drawing)


def test_scoring_and_outcome_are_lines_with_names():
    drawing = sample()
    ((scored, *_),) = posts(path(drawing, "wb-asof"))
    ((outcome, *_),) = posts(path(drawing, "wb-outcome"))
    assert (scored, outcome) == pytest.approx((drawing.frame.x(0), drawing.frame.x(5)), abs=0.06)
    assert {"scored", "outcome"} <= set(said(drawing))
    assert "3 events before scoring, score 45, outcome on day 5" in said(drawing)


@pytest.mark.parametrize("none", [None, NAN])
def test_no_outcome(none):
    drawing = sample(outcome_day=none)
    assert named(drawing, "wb-outcome") == []
    assert "3 events before scoring, score 45, no outcome" in said(drawing)


def test_names_that_would_touch_are_one():
    assert "scored, outcome" in said(sample(outcome_day=0.2))
    assert "outcome, scored" in said(sample(outcome_day=-0.2))


def test_tiers_are_levels_with_names():
    drawing = sample()
    ((_, y),) = points(path(drawing, "wb-cuts"))
    assert y == pytest.approx(148 - 40 / 60 * 80, abs=0.06)
    assert "MQL 40" in said(drawing)
    assert {"MQL 40", "PQL 42", "SQL 60"} <= set(said(timeline(cuts=CUTS)))


def test_too_many_kinds_share_the_last_lane():
    drawing = timeline(400, kinds=50)
    assert len({y for _, y, *_ in events(drawing)}) == 12
    assert "39 other names" in said(drawing) or any("other" in each.text for each in texts(drawing))


def test_every_event_is_in_a_lane():
    told = [each for each in said(timeline(400, kinds=50)) if each.startswith("(")]
    assert sum(int(each.strip("()")) for each in told) == 400


def test_the_axis_has_all_days_and_the_day_of_scoring():
    frame = draw_timeline([-40.5], ["a"], [], []).frame
    assert frame.low <= -40.5
    assert frame.high == 0
    frame = draw_timeline([12], ["a"], [], []).frame
    assert (frame.low, frame.high) == (0, 12)


def test_it_is_as_tall_as_its_lanes():
    heights = [float(root(timeline(40, kinds=kinds)).get("viewBox").split()[3]) for kinds in (1, 2, 12, 30)]
    assert np.diff(heights).tolist() == [19, 190, 0]


def test_lengths_must_agree():
    with pytest.raises(CallError, match="a value for each of 1 labels, found 2"):
        draw_timeline([1, 2], ["a"], [], [])
    with pytest.raises(CallError, match="flat arrays of one length"):
        draw_timeline([], [], [1], [])
