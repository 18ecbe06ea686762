from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from workbench.drawing.lettering import clean, cut, escaped, sentence, two_lines, width


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize(
    "text", ["Scores by outcome", "MQL 40", "10 % to 14 %, 4.1x", "WWW mmm iii |||", "~!@#$^&*()[]"]
)
def test_widths_are_those_of_a_wide_face(text, bold):
    font = FontProperties(family="DejaVu Sans", size=12, weight="bold" if bold else "normal")
    true = text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]
    assert width(text, 12, bold=bold) == pytest.approx(true, rel=0.06)


@given(st.text(max_size=60), st.floats(0, 400))
def test_what_is_cut_fits(text, room):
    text = clean(text)
    shown = cut(text, room)
    assert width(shown) <= room or not shown or not text
    assert shown in (text, "") or (shown.endswith("…") and text.startswith(shown[:-1]))


@given(st.text(max_size=60), st.floats(30, 400), st.booleans())
def test_two_lines_fit(text, room, always):
    first, second = two_lines(clean(text), room, always=always)
    assert max(width(first), width(second)) <= room


def test_two_lines_keep_every_word_where_there_is_room():
    assert " ".join(two_lines("pricing page viewed 3 times", 110)) == "pricing page viewed 3 times"


@given(st.text(max_size=60))
def test_clean_text_is_one_harmless_line(text):
    kept = clean(text)
    assert "\n" not in kept
    assert clean(kept) == kept
    assert not set(escaped(text)) & set("<>\"'")


def test_wide_letters_count_as_wide():
    assert width("漢字") > width("ab")
    assert width("e\u0301") == width("e")


def test_a_surrogate_or_a_turn_of_direction_does_not_pass():
    assert clean("a\ud800b\u202ec\ufeffd") == "a b c d"


def test_sentences_are_ended_once():
    assert sentence("One.", "two", "", " three ") == "One. two. three."
