from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex

from workbench.plots import plot_bands, theme_named

from .reading import faces, flats, ticks, title, uprights
from .samples import backtest

LIGHT = theme_named("light")


def test_bars_and_intervals_are_the_frame(result):
    ax = plot_bands(result)
    frame = result.bands
    assert [bar.get_height() for bar in ax.patches] == pytest.approx(frame["rate"].tolist())
    x, low, high = uprights(ax)
    assert x.tolist() == list(range(len(frame)))
    assert low == pytest.approx(frame["rate_low"].to_numpy())
    assert high == pytest.approx(frame["rate_high"].to_numpy())


def test_the_average_is_a_named_line(result):
    ax = plot_bands(result)
    assert flats(ax) == [result.base_rate]
    assert "average\n5.0 %" in [text.get_text() for text in ax.texts]


def test_thin_bands_are_grey_and_say_so(result):
    ax = plot_bands(result)
    enough = result.bands["enough"].to_numpy()
    assert not enough.all()
    assert [face == LIGHT.grid for face in faces(ax)] == (~enough).tolist()
    assert [to_hex(bar.get_facecolor()) == LIGHT.first for bar in ax.patches] == enough.tolist()
    assert [("few" in label) for label in ticks(ax)] == (~enough).tolist()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["few leads: not enough evidence"]


def test_lifts_stand_above_judged_bands_only(result):
    shown = [text.get_text() for text in plot_bands(result).texts if text.get_text().endswith("x")]
    judged = result.bands[result.bands["enough"]]
    assert shown == [f"{lift:.1f}x" for lift in judged["lift"]]


def test_every_band_shows_its_number_of_leads(result):
    for label, n in zip(ticks(plot_bands(result)), result.bands["n"], strict=True):
        assert f"{n:,}" in label


def test_the_title_tells_the_highest_tier_that_stands_out(result):
    row = result.thresholds.set_index("threshold").loc[70]
    assert title(plot_bands(result)) == f"Leads at 70 and above convert {row['lift']:.1f}x as often as average"


def test_the_title_says_when_nothing_stands_out():
    flat = backtest(n=500, slope=0.0, base=-2.5)
    assert title(plot_bands(flat)).startswith(
        "Not enough evidence that leads at 30 and above convert more often than average: 5.2 % (2.9 % to 9.1 %)"
    )


def test_the_title_says_when_high_scores_are_worse():
    upside_down = backtest(slope=-0.06, base=-0.5)
    assert "and above convert less often than average: 0." in title(plot_bands(upside_down))


def test_without_tiers_the_main_threshold_or_the_highest_judged_band_is_told(result):
    loose = replace(result, tier_cuts=(), main_threshold=50.0)
    assert title(plot_bands(loose)).startswith("Leads at 50 and above")
    assert title(plot_bands(replace(loose, main_threshold=None))).startswith("Leads at 80 and above")


def test_none_converted():
    assert title(plot_bands(backtest(n=400, base=-40))) == "None of 400 leads converted"


def test_thin_bands_do_not_flatten_the_others():
    many = backtest(n=9000, top=119, width=3, slope=0.03)
    ax = plot_bands(many)
    judged = many.bands[many.bands["enough"]]
    assert ax.get_ylim()[1] <= 3.4 * judged["rate_high"].max()
    assert np.nanmax(many.bands["rate"]) > ax.get_ylim()[1]


def test_forty_bands_have_upright_labels():
    ax = plot_bands(backtest(n=9000, top=119, width=3, slope=0.03))
    assert len(ticks(ax)) == 40
    assert {label.get_rotation() for label in ax.get_xticklabels()} == {90}


def test_two_hundred_bands_leave_labels_out():
    ax = plot_bands(backtest(n=9000, top=199, width=1))
    assert len(ax.patches) == 200
    assert 20 < len(ticks(ax)) < 60
