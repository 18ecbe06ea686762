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
    assert title(plot_bands(result)) == (
        f"Leads at 70 and above (SQL) convert {row['lift']:.1f}x as often as average: "
        f"{row['precision']:.0%} of {row['flagged']:.0f} ({row['precision_low']:.0%} to {row['precision_high']:.0%})"
    ).replace("%", " %")


def test_the_title_says_when_nothing_stands_out():
    flat = backtest(n=500, slope=0.0, base=-2.5)
    assert title(plot_bands(flat)).startswith(
        "Not enough evidence that leads at 30 and above (PQL) convert more often than average: "
        "5.2 % of 210 (2.9 % to 9.1 %), average 6.0 %"
    )


def test_the_title_says_when_high_scores_are_worse():
    upside_down = backtest(slope=-0.06, base=-0.5)
    assert "and above (SQL) convert less often than average (0." in title(plot_bands(upside_down))


def test_without_tiers_the_main_threshold_or_the_highest_judged_band_is_told(result):
    loose = replace(result, tier_cuts=(), main_threshold=50.0)
    assert title(plot_bands(loose)).startswith("Leads at 50 and above")
    assert title(plot_bands(replace(loose, main_threshold=None))).startswith("Leads at 80 and above")


def test_one_outcome_is_said_in_words():
    assert title(plot_bands(backtest(n=400, base=-40))) == "None of 400 leads converted"
    assert title(plot_bands(backtest(n=400, base=40))) == "All 400 leads converted"
    assert title(plot_bands(backtest(n=1, base=40))) == "The only lead of this part converted"
    assert title(plot_bands(backtest(n=1, base=-40))) == "The only lead of this part did not convert"


def test_intervals_and_labels_of_thin_bands_are_grey(result):
    ax = plot_bands(result)
    enough = result.bands["enough"].to_numpy()
    (lines,) = [each for each in ax.collections if type(each).__name__ == "LineCollection"]
    assert [to_hex(colour) == LIGHT.ink for colour in lines.get_colors()] == enough.tolist()
    assert [label.get_color() == LIGHT.muted for label in ax.get_xticklabels()] == (~enough).tolist()


def test_what_runs_out_at_the_top_has_its_numbers_at_the_cut(result):
    bands = result.bands.head(4).assign(
        rate=[0.1, 0.2, 0.5, 0.9],
        rate_low=[0.05, 0.1, 0.2, 0.6],
        rate_high=[0.15, 0.22, 0.8, 0.95],
        enough=[True, True, False, False],
    )
    ax = plot_bands(replace(result, bands=bands))
    assert 0.5 < ax.get_ylim()[1] < 0.8
    cuts = {text.xy[0]: text.get_text() for text in ax.texts if "↑" in text.get_text()}
    assert cuts == {2: "↑ to 80 %", 3: "↑ 90 %\nto 95 %"}


def test_many_cuts_stand_upright_or_are_arrows_alone():
    def cuts(made):
        return [text for text in plot_bands(made).texts if "↑" in text.get_text()]

    upright = cuts(backtest(n=9000, top=119, width=3, slope=0.03))
    assert {text.get_rotation() for text in upright} == {90}
    assert all(", to " in text.get_text() or text.get_text().startswith("↑ to ") for text in upright)
    many = backtest(n=9000, top=199, width=1)
    bands = many.bands.assign(rate=0.9, rate_low=0.7, rate_high=0.95, enough=False)
    bands.loc[0, ["rate", "rate_low", "rate_high", "enough"]] = [0.1, 0.05, 0.15, True]
    assert {text.get_text() for text in cuts(replace(many, bands=bands))} == {"↑"}


def test_leads_seen_several_times_are_observations(result):
    repeated = replace(result, leads=1149)
    ax = plot_bands(repeated)
    assert title(ax).startswith("Observations at 70 and above (SQL) convert")
    assert ax.get_xlabel() == "score band, with its number of observations (of 1,149 leads)"
    assert "n = 6,000 observations (of 1,149 leads), 5.0 % converted" in ax.figure.get_supxlabel()
    assert "leads" not in ax.get_label()


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
