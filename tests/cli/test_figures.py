from __future__ import annotations

import math

from workbench.cli import figures

NAN = math.nan


def test_what_is_undefined_is_a_dash() -> None:
    assert figures.count(NAN) == figures.percent(NAN) == figures.number(NAN) == figures.points(NAN) == "–"
    assert figures.percents(NAN, 0.2) == figures.span(0.1, NAN) == "–"
    assert figures.bar(NAN, NAN, NAN, full=1.0, cells=10) == ""


def test_a_bar_shows_low_end_rate_and_high_end() -> None:
    assert figures.bar(0.5, 0.3, 0.8, full=1.0, cells=10) == "███▓▓░░░"
    assert figures.bar(0.5, NAN, NAN, full=1.0, cells=10) == "█████"
    assert figures.bar(0.5, 0.3, 0.8, full=0.5, cells=10) == "██████▓▓▓▓"


def test_negative_spans_are_not_read_as_dashes() -> None:
    assert figures.span(-0.2, 0.1, 1) == "−0.2 to 0.1"
    assert figures.span(0.1, 0.2, 1) == "0.1–0.2"
