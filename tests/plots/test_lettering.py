from __future__ import annotations

import pytest

from workbench.plots.lettering import LARGE, clean, cut, width, wrapped

SENTENCE = "False positives: blog_reader fires 2.3x as often among leads that did not convert, 31 % against 14 %"


@pytest.mark.parametrize("room", [150, 250, 400])
def test_wrapped_lines_fit_and_lose_nothing(room):
    text = wrapped(SENTENCE, room, LARGE, bold=True, most=9)
    assert all(width(line, LARGE, bold=True) <= room for line in text.split("\n"))
    assert text.replace("\n", " ") == SENTENCE
    assert text.count("\n") >= 1


def test_a_number_stays_with_its_per_cent_sign():
    for room in range(60, 400, 23):
        assert not any(line.startswith("%") for line in wrapped(SENTENCE, room, most=20).split("\n"))


def test_too_much_text_ends_in_an_ellipsis():
    text = wrapped(SENTENCE * 5, 200, most=2)
    assert text.count("\n") == 1
    assert text.endswith("…")


def test_lines_are_about_equally_long():
    first, second = wrapped("one two three four five six seven", 130).split("\n")
    assert len(second) > len(first) / 2


def test_cut_is_as_long_as_fits():
    text = cut("abcdefghijklmnopqrstuvwxyz", 80)
    assert text.endswith("…")
    assert width(text) <= 80 < width(text[:-1] + "mm…")


def test_signs_that_the_font_lacks_become_squares():
    assert clean("a\n\tb 漢 $x$ é") == "a b □ $x$ é"


def test_nothing_is_no_text():
    assert wrapped("", 100) == ""
    assert width("") == 0
