"""A comparison in sentences: what is claimed follows the verdict, and what it would take to know is said."""

from __future__ import annotations

import pytest

from workbench.comparing.wording import amount, needed, sentence

RANKING = {
    "model": "new",
    "unit": "score",
    "champion": 0.7,
    "challenger": 0.72,
    "change": 0.02,
    "low": 0.01,
    "high": 0.03,
    "verdict": "better",
    "adjusted_low": -0.01,
    "adjusted_high": 0.05,
    "adjusted_verdict": "not enough evidence",
    "leads_needed": 6849.0,
    "months_needed": 7.2,
}
CHOOSING = {**RANKING, "unit": "conversions", "change": 3.0, "low": -1.0, "high": 7.0, "verdict": "not enough evidence"}


def said(ranking, *, adjusted=False):
    return sentence(ranking, CHOOSING, champion="old", capacity="120 of 1,200 leads", adjusted=adjusted)


def test_a_verdict_with_its_interval_and_the_conversions():
    assert said(RANKING) == (
        "new ranks better than old: AUC 0.700 to 0.720, +0.020 [+0.010 to +0.030]. Choosing 120 of 1,200 leads, it "
        "changes conversions by +3 [−1 to +7]: not enough evidence."
    )


def test_of_several_the_adjusted_verdict_counts():
    text = said(RANKING, adjusted=True)
    assert text.startswith("There is not enough evidence that new ranks better or worse than old: AUC 0.700 to 0.720")
    assert "+0.020 [−0.010 to +0.050]" in text
    assert "about 6,800 more leads, about 7 months at this pace" in text


def test_the_same_and_the_worse():
    assert said({**RANKING, "verdict": "same"}) == "new ranks every lead as old does: nothing differs."
    assert said({**RANKING, "verdict": "worse"}).startswith("new ranks worse than old")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (float("nan"), "does not show"),
        (float("inf"), "no realistic number"),
        (0.0, "too few of them carry it"),
        (12.0, "about 12 more leads"),
    ],
)
def test_what_it_would_take(more, words):
    assert words in needed({"leads_needed": more, "months_needed": float("nan")})


def test_amounts_in_their_units():
    assert amount(float("nan"), "score") == "unknown"
    assert amount(2.4, "conversions") == "+2.4"
    assert amount(-0.0001, "score") == "0.000"
