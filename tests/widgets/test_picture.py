from __future__ import annotations

from workbench.drawing import Drawing, Frame
from workbench.widgets.picture import Picture

FRAME = Frame(left=40, right=440, top=10, bottom=200, low=0, high=100, width=460, height=240)
DRAWING = Drawing("<svg></svg>", "title", "what it shows", FRAME)


def watched(picture):
    seen = []
    picture.observe(lambda change: seen.append(change["name"]))
    return seen


def test_a_drawing_is_shown_with_its_words_and_its_frame():
    picture = Picture.of(DRAWING, handles=[{"name": "a", "label": "A", "value": 1, "min": 0, "max": 9, "step": 1}])
    assert (picture.svg, picture.label) == ("<svg></svg>", "what it shows")
    assert Frame(**picture.frame) == FRAME
    assert [handle["name"] for handle in picture.handles] == ["a"]


def test_what_stays_the_same_is_not_sent_again():
    picture = Picture.of(DRAWING)
    seen = watched(picture)
    picture.show(Drawing("<svg></svg>", "title", "what it shows", FRAME))
    assert seen == []
    picture.show(Drawing("<svg> </svg>", "title", "what it shows", FRAME))
    assert seen == ["svg"]


def test_handles_stay_when_only_the_drawing_changes():
    picture = Picture.of(DRAWING, handles=[{"name": "a"}])
    picture.show(Drawing("<svg/>", "t", "other", None))
    assert picture.handles == [{"name": "a"}]
    assert picture.frame == {}
    picture.show(DRAWING, handles=[])
    assert picture.handles == []


def test_what_the_page_writes_is_not_sent_back_to_it():
    assert Picture().trait_metadata("moved", "echo_update") is False
