from __future__ import annotations

import copy
import io
import re
from dataclasses import FrozenInstanceError, fields, replace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from workbench import plots
from workbench.errors import CallError

from .reading import title

DRAWN = (
    plots.plot_bands,
    plots.plot_calibration,
    plots.plot_distribution,
    plots.plot_gains,
    plots.plot_lift,
    plots.plot_months,
    plots.plot_thresholds,
    plots.plot_value,
)
every = pytest.mark.parametrize("plot", [*DRAWN, plots.plot_errors], ids=lambda plot: plot.__name__)


def given(plot, result, wrong):
    return wrong if plot is plots.plot_errors else result


@every
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_plot_draws_on_a_figure_of_its_own(plot, theme, result, wrong):
    ax = plot(given(plot, result, wrong), theme=theme)
    assert ax.figure.get_figwidth() == 8
    assert ax.figure.dpi == 110
    assert mpl.colors.to_hex(ax.figure.get_facecolor()) == plots.theme_named(theme).paper
    assert mpl.colors.to_hex(ax.get_facecolor()) == plots.theme_named(theme).paper
    assert title(ax)
    assert not title(ax).endswith(".")


@every
def test_a_plot_draws_on_given_axes_and_nowhere_else(plot, result, wrong):
    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert plot(given(plot, result, wrong), ax=left, theme="dark") is left
    assert figure.axes == [left, right]
    assert not right.has_data()
    assert not figure.texts


@every
def test_a_plot_changes_no_frame_and_keeps_no_figure(plot, result, wrong):
    taken = given(plot, result, wrong)
    before = copy.deepcopy(taken)
    plots.picture(plot, taken)
    for each in fields(taken):
        new, old = getattr(taken, each.name), getattr(before, each.name)
        if isinstance(old, pd.DataFrame):
            pd.testing.assert_frame_equal(new, old, check_exact=True)
        else:
            assert new == old or new != new

    assert plt.get_fignums() == []


@every
def test_texts_are_nine_points_or_more_and_lie_inside_the_figure(plot, result, wrong):
    ax = plot(given(plot, result, wrong))
    figure = ax.figure
    figure.canvas.draw()
    whole = figure.bbox.padded(1)
    for text in figure.findobj(mpl.text.Text):
        if text.get_visible() and text.get_text().strip():
            assert text.get_fontsize() >= 9
            box = text.get_window_extent()
            if text.get_clip_on() is False or text in ax.texts:
                assert whole.x0 <= box.x0, text.get_text()
                assert box.x1 <= whole.x1, text.get_text()


@every
def test_the_drawing_does_not_depend_on_the_readers_settings(plot, result, wrong):
    plain = plots.picture(plot, given(plot, result, wrong), theme="light")
    with mpl.rc_context({"axes.facecolor": "red", "font.size": 30, "lines.linewidth": 9, "axes.grid": True}):
        loud = plots.picture(plot, given(plot, result, wrong), theme="light")
    assert loud.light == plain.light


def test_a_picture_holds_both_themes_and_a_text_alternative(result):
    made = plots.picture(plots.plot_bands, result)
    assert made.title == ("Leads at 70 and above (SQL) convert 5.7x as often as average: 29 % of 163 (22 % to 36 %)")
    assert made.alt.startswith(f"{made.title}. Average 5.0 %. 0–9: 0.49 % of 204")
    assert made.light != made.dark
    assert imread_png(made.light).shape[:2][1] == made.width == 880
    assert imread_png(made.dark)[20, 20, :3] == pytest.approx(np.array([0x16, 0x19, 0x1D]) / 255, abs=0.01)
    with pytest.raises(FrozenInstanceError, match="title"):
        made.title = "other"


def imread_png(data):

    return imread(io.BytesIO(data), format="png")


def test_a_picture_shows_itself_and_lets_the_page_choose(result):
    text = plots.picture(plots.plot_lift, result)._repr_html_()
    light, dark = re.findall(r"<img [^>]*>", text)
    assert 'style="display:inline;' in light
    assert 'style="display:none;' in dark
    assert 'body[data-jp-theme-light="false"] .workbench-dark{display:inline!important}' in text
    assert "@media screen and (prefers-color-scheme: dark)" in text
    assert 'alt="Leads in the best 10 % convert 3.4x as often as average. Best 5 %:' in light
    assert "<script" not in text
    assert "http" not in text


@pytest.mark.parametrize(("theme", "other"), [("light", "dark"), ("dark", "light")])
def test_a_picture_of_one_theme_is_one_image(result, theme, other):
    made = plots.picture(plots.plot_lift, result, theme=theme)
    assert getattr(made, other) is None
    text = made._repr_html_()
    assert text.count("<img ") == 1
    assert "<style>" not in text
    assert "display:none" not in text


def test_recorded_scores_have_no_version(result):
    assert plots.plot_bands(result).figure.get_supxlabel().startswith("inbound v4, part: validation, n = 6,000")
    crm = replace(result, model_name="recorded scores", model_version=None)
    assert plots.plot_bands(crm).figure.get_supxlabel().startswith("recorded scores, part: validation")


def test_hostile_names_are_text(wrong):
    rules = wrong.rules.copy()
    rules.loc[0, "rule"] = '"><script>alert(1)</script>'
    rules.loc[0, "why"] = "$\\frac{ $ 漢字 & <b>"
    made = plots.picture(plots.plot_errors, type(wrong)(wrong.kind, "$x$ <i>", wrong.n, rules))
    assert "<script>alert" not in made._repr_html_()
    assert "$x$ <i>" in made.title


def test_a_picture_is_short_in_print(result):
    assert repr(plots.picture(plots.plot_gains, result)).startswith("Picture(title='Calling the best 10 % finds 34 %")
    assert "PNG" not in repr(plots.picture(plots.plot_gains, result, theme="light"))


def test_an_unknown_theme_is_refused(result):
    with pytest.raises(CallError, match="theme: expected 'light', 'dark' or 'auto'"):
        plots.picture(plots.plot_lift, result, theme="blue")


def test_what_the_package_offers():
    assert plots.__all__ == [
        "Picture", "Plot", "Theme", "ThemeName", "picture", "plot_backlog", "plot_bands", "plot_calibration",
        "plot_comparison", "plot_cutoff", "plot_distribution", "plot_errors", "plot_gains", "plot_lift", "plot_months",
        "plot_path", "plot_queue", "plot_support", "plot_thresholds", "plot_value", "plot_warning", "theme_named",
    ]  # fmt: skip
