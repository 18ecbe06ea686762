"""Ranges, changes and headlines in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.supporting.line import Line
from workbench.supporting.words import good_in_words, headline_of, signed


def line(*good: int) -> Line:
    """A line from -5 to 5 on which these are as good as the best."""
    milli = np.arange(-5, 6, dtype=np.int64) * 1000
    here = np.isin(milli // 1000, good)
    return Line(milli, np.where(here, 0.6, 0.5), np.ones(11), here, int(np.flatnonzero(here)[0]))


@pytest.mark.parametrize(
    ("good", "words", "pieces"),
    [
        (range(-2, 4), "−2 to 3", 1),
        ([1], "1 only", 1),
        (range(-5, 0), "−1 or less", 1),
        (range(2, 6), "2 or more", 1),
        (range(-5, 6), "anything", 1),
        ([-4, -3, 1, 3, 4], "−4 to −3 or 1 or 3 to 4", 3),
        ([-5, -4, 0, 1], "−4 or less, or 0 to 1", 2),
        ([-5, 4, 5], "−5 or less, or 4 or more", 2),
        ([-4, -2, 0, 2], "−4 to 2 in 4 pieces", 4),
    ],
)
def test_what_is_as_good_is_said_piece_by_piece(good, words, pieces):
    made = line(*good)
    assert good_in_words(made) == words
    assert len(made.pieces) == pieces
    assert made.contiguous == (pieces == 1)
    covered = [at for first, last in made.pieces for at in range(first, last + 1)]
    assert covered == np.flatnonzero(made.good).tolist()


def test_signs_are_true_ones():
    assert [signed(value, 1) for value in (-2.04, 2.04, -0.04)] == ["−2.0", "+2.0", "0.0"]


def rules(**columns) -> pd.DataFrame:
    rows = {"name": ["a", "b", "c"], "verdict": ["not enough evidence"] * 3, "sign": ["not enough evidence"] * 3}
    rows |= {"inside": [True] * 3, "inside_adjusted": [1.0] * 3, "whole": [False] * 3}
    return pd.DataFrame(rows | columns)


def test_headlines():
    none = rules(whole=[True, False, False])
    doubt = "not enough evidence that any of 3 rules and cases improves the ranking"
    assert headline_of("m", none) == f"m: {doubt}; of 1 the data says nothing."
    some = rules(verdict=["better", "worse", "same"], sign=["agrees", "agrees", "disagrees"])
    assert headline_of("m", some) == (
        "m: 1 of 3 rules and cases is shown to improve the ranking ('a'); it is worse with 'b'; "
        "the evidence is against the sign of 'c'."
    )
    outside = rules(inside=[False, False, True], inside_adjusted=[0.01, 0.2, 1.0])
    assert headline_of("m", outside) == f"m: {doubt}; the points of 'a' are not among the best."
    assert headline_of("m", rules().head(0)) == "m has no rules to look at."
    assert headline_of("m", rules().head(1)) == "m: not enough evidence that its only rule improves the ranking."
