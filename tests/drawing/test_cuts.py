from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from workbench.drawing.canvas import WIDTH
from workbench.drawing.cuts import cut_lines, placed, touch
from workbench.drawing.lettering import width
from workbench.drawing.scale import Scale

from .reading import posts

SCALE = Scale(0.0, 100.0, 46.0, 446.0)


def labels(*cuts):
    return placed(tuple((name, f"{at:g}", SCALE.at(at)) for name, at in cuts))


def test_far_apart_names_stand_above_their_lines():
    found = labels(("MQL", 30), ("SQL", 70))
    assert [(each.left + each.right) / 2 for each in found] == [each.x for each in found]
    assert {each.row for each in found} == {0}


def test_close_names_move_aside_and_stay_whole():
    found = labels(("MQL", 40), ("PQL", 42), ("SQL", 44))
    assert [each.shown for each in found] == ["MQL 40", "PQL 42", "SQL 44"]


def test_long_names_are_shortened_before_any_is_left_out():
    found = labels(*((f"Marketing Qualified {each}", 20 + 9 * each) for each in range(6)))
    assert len(found) == 6
    assert all(each.shown.endswith(each.whole.rsplit(" ", 1)[1]) for each in found)


@given(st.lists(st.tuples(st.text(max_size=30), st.floats(0, 100)), max_size=9, unique_by=lambda cut: cut[1]))
def test_names_never_touch_and_never_leave_the_sheet(cuts):
    found = labels(*sorted(cuts, key=lambda cut: cut[1]))
    assert not any(touch(one, other) for one, other in combinations(found, 2))
    for each in found:
        assert each.right <= WIDTH
        assert each.left >= 40
        assert abs(each.right - each.left - width(each.shown)) < 1e-6


def test_lines_are_there_for_names_left_out():
    cuts = [(f"tier {each}", 50 + each / 10) for each in range(12)]
    svg = cut_lines(cuts, SCALE, [(86.0, 220.0)])
    d = svg.split('d="')[1].split('"')[0]
    assert [x for x, top, bottom in posts(d) if (top, bottom) == (86, 220)] == [
        round(SCALE.at(at), 1) for _, at in cuts
    ]


def test_tiers_at_one_score_share_a_name():
    assert ">PQL, SQL 50</text>" in cut_lines([("PQL", 50), ("SQL", 50)], SCALE, [(86.0, 220.0)])


def test_tiers_beyond_the_axis_or_unknown_are_left_out():
    assert cut_lines([("a", -1), ("b", 101), ("c", float("nan"))], SCALE, [(86.0, 220.0)]) == ""
