from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from workbench.plots import plot_calibration

from .reading import line, texts, title, uprights

HOLDS, MISSES = "interval holds the prediction", "interval misses it"


@pytest.fixture
def off(result):
    frame = result.calibration.copy()
    frame.loc[4, "predicted"] *= 1.6
    return replace(result, calibration=frame)


def test_dots_and_intervals_are_the_frame(result):
    ax = plot_calibration(result)
    frame = result.calibration
    x, y = line(ax, HOLDS)
    assert x.tolist() == frame["predicted"].tolist()
    assert y.tolist() == frame["rate"].tolist()
    places, low, high = uprights(ax)
    assert places.tolist() == frame["predicted"].tolist()
    assert low == pytest.approx(frame["rate_low"].to_numpy())
    assert high == pytest.approx(frame["rate_high"].to_numpy())


def test_agreement_is_the_diagonal(result):
    ax = plot_calibration(result)
    x, y = line(ax, "agreement")
    assert x.tolist() == y.tolist()
    assert ax.get_xlim() == ax.get_ylim() == (0, x[-1])


def test_bands_that_miss_have_another_mark_and_their_name(off):
    ax = plot_calibration(off)
    x, y = line(ax, MISSES)
    row = off.calibration.iloc[4]
    assert (x.tolist(), y.tolist()) == ([row["predicted"]], [row["rate"]])
    assert len(line(ax, HOLDS)[0]) == len(off.calibration) - 1
    assert {each.get_marker() for each in ax.lines if each.get_label() in (HOLDS, MISSES)} == {"o", "D"}
    assert "40–49 (n = 803)" in texts(ax)


def test_titles(result, off):
    assert title(plot_calibration(result)) == (
        "Predicted and observed rates agree within 1.8 percentage points; no band is off by more than chance"
    )
    assert title(plot_calibration(off)) == (
        "1 of 9 bands converts otherwise than predicted; 40–49 is furthest off: 5.6 % observed, 8.7 % predicted"
    )


def test_the_same_leads_test_nothing(result):
    frame = result.calibration.assign(predicted=result.calibration["rate"])
    ax = plot_calibration(replace(result, calibration=frame, calibrated_on=result.part))
    assert title(ax) == "Predicted and observed rates come from the same leads: nothing was put to the test"
    assert ax.get_xlabel() == "predicted conversion of the band (from the same leads)"


def test_bands_without_a_rate_are_left_out(result):
    frame = result.calibration.copy()
    frame.loc[[0, 3], "predicted"] = np.nan
    assert len(line(plot_calibration(replace(result, calibration=frame)), HOLDS)[0]) == len(frame) - 2
    none = replace(result, calibration=frame.assign(predicted=np.nan))
    assert title(plot_calibration(none)) == "No calibration to show"
