from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from workbench.plots import plot_calibration, theme_named

from .reading import line, texts, title, uprights

HOLDS, MISSES, FEW = "interval holds the prediction", "interval misses it", "few leads"


@pytest.fixture
def off(result):
    frame = result.calibration.copy()
    frame.loc[4, "predicted"] *= 1.6
    return replace(result, calibration=frame)


def test_dots_and_intervals_are_the_frame(result):
    ax = plot_calibration(result)
    frame = result.calibration
    enough = frame["enough"]
    assert 0 < enough.sum() < len(frame)
    for label, these in ((HOLDS, enough), (FEW, ~enough)):
        x, y = line(ax, label)
        assert x.tolist() == frame["predicted"][these].tolist()
        assert y.tolist() == frame["rate"][these].tolist()
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
    assert len(line(ax, HOLDS)[0]) == off.calibration["enough"].sum() - 1
    assert {each.get_marker() for each in ax.lines if each.get_label() in (HOLDS, MISSES)} == {"o", "D"}
    assert "40–49 (n = 803)" in texts(ax)


def test_bands_with_few_leads_are_hollow_and_grey_even_where_they_miss(result):
    frame = result.calibration.copy()
    frame.loc[~frame["enough"], "predicted"] = 0.01
    ax = plot_calibration(replace(result, calibration=frame))
    (dots,) = [each for each in ax.lines if each.get_label() == FEW]
    assert len(dots.get_xdata()) == (~frame["enough"]).sum()
    assert (dots.get_color(), dots.get_markerfacecolor()) == (theme_named("light").faint, theme_named("light").paper)
    assert FEW in [text.get_text() for text in ax.get_legend().get_texts()]
    assert "few leads" in ax.get_label()
    assert title(ax).startswith("Bands with enough leads agree with their prediction")


def test_titles(result, off):
    assert title(plot_calibration(result)) == (
        "Bands with enough leads agree with their prediction within 1.8 percentage points; "
        "none is off by more than chance"
    )
    assert title(plot_calibration(off)) == (
        "1 of 9 bands with enough leads converts otherwise than predicted; 40–49 is furthest off: "
        "5.6 % observed, 8.7 % predicted"
    )


def test_the_same_leads_test_nothing(result):
    frame = result.calibration.assign(predicted=result.calibration["rate"])
    ax = plot_calibration(replace(result, calibration=frame, calibrated_on=result.part))
    assert title(ax) == "Predicted and observed rates come from the same leads: nothing was put to the test"
    assert ax.get_xlabel() == "predicted conversion of the band (from the same leads)"


def test_bands_without_a_rate_are_left_out(result):
    frame = result.calibration.copy()
    frame.loc[[0, 3], "predicted"] = np.nan
    assert len(line(plot_calibration(replace(result, calibration=frame)), HOLDS)[0]) == frame["enough"].sum() - 2
    none = replace(result, calibration=frame.assign(predicted=np.nan))
    assert title(plot_calibration(none)) == "No calibration to show"
