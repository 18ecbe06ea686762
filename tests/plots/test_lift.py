from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from workbench.plots import plot_gains, plot_lift

from .reading import flats, line, texts, title
from .samples import backtest


def area(ax):
    """The corners of the filled interval."""
    (found,) = [each for each in ax.collections if each.get_label() == "95 % interval"]
    return found.get_paths()[0].vertices


def test_lift_is_the_frame(result):
    ax = plot_lift(result)
    x, y = line(ax, "lift")
    assert x.tolist() == result.lift["depth"].tolist()
    assert y.tolist() == result.lift["lift"].tolist()
    corners = area(ax)
    assert corners[:, 1].max() == result.lift["lift_high"].max()
    assert corners[:, 1].min() == result.lift["lift_low"].min()
    assert flats(ax) == [1.0]
    assert "average\n1x" in texts(ax)


def test_gains_start_at_nothing_and_are_the_frame(result):
    ax = plot_gains(result)
    x, y = line(ax, "this model")
    assert (x[0], y[0]) == (0, 0)
    assert x[1:].tolist() == result.lift["depth"].tolist()
    assert y[1:].tolist() == result.lift["captured"].tolist()
    assert area(ax)[:, 1].max() == result.lift["captured_high"].max()


def test_gains_lie_between_chance_and_a_perfect_ranking(result):
    ax = plot_gains(result)
    assert [values.tolist() for values in line(ax, "at random")] == [[0, 1], [0, 1]]
    x, y = line(ax, "perfect ranking")
    assert x.tolist() == [0, result.base_rate, 1]
    assert y.tolist() == [0, 1, 1]


@pytest.mark.parametrize(("plot", "column"), [(plot_lift, "lift"), (plot_gains, "captured")])
def test_the_point_of_the_title_is_marked(result, plot, column):
    (mark,) = [each for each in plot(result).lines if each.get_marker() == "o"]
    row = result.lift.iloc[9]
    assert row["depth"] == 0.1
    assert (mark.get_xdata()[0], mark.get_ydata()[0]) == (0.1, row[column])


def test_titles(result):
    assert title(plot_lift(result)) == "Leads in the best 10 % convert 3.4x as often as average"
    assert title(plot_gains(result)) == "Calling the best 10 % finds 34 % of the conversions"


def test_titles_without_evidence():
    flat = backtest(n=500, slope=0.0, base=-2.5)
    assert title(plot_lift(flat)) == (
        "Not enough evidence that the best 10 % convert more often than average: 0.67x (0.18x to 2.2x)"
    )
    assert title(plot_gains(flat)).startswith("Not enough evidence that calling the best 10 % beats calling at random")


def test_titles_of_a_ranking_that_is_upside_down():
    upside_down = backtest(slope=-0.06, base=-0.5)
    assert title(plot_lift(upside_down)).startswith("Leads in the best 10 % convert less often than average: 0.")
    assert "fewer than calling at random" in title(plot_gains(upside_down))


def test_the_title_names_the_depth_there_is(result):
    coarse = replace(result, lift=result.lift[result.lift["depth"].isin([0.25, 0.5, 1.0])])
    assert "the best 25 %" in title(plot_lift(coarse))


@pytest.mark.parametrize("plot", [plot_lift, plot_gains])
def test_nothing_converted(plot):
    ax = plot(backtest(n=400, base=-40))
    assert title(ax).startswith("No ")
    assert texts(ax) == ["None of 400 leads converted, so there is nothing to find."]


@pytest.mark.parametrize("plot", [plot_lift, plot_gains])
def test_everybody_converted(plot):
    assert texts(plot(backtest(n=400, base=40))) == ["All 400 leads converted, so no order finds more of them."]
    single = plot(backtest(n=1, base=40))
    assert texts(single) == ["The only lead of this part converted, so no order finds more of them."]


@pytest.mark.parametrize("plot", [plot_lift, plot_gains])
def test_one_score_ranks_nothing(plot):
    assert title(plot(backtest(n=300, top=0))) == "All 300 leads have the same score: nothing is ranked"


def test_leads_seen_several_times_are_observations(result):
    ax = plot_lift(replace(result, leads=1149))
    assert title(ax) == "Observations in the best 10 % convert 3.4x as often as average"
    assert ax.get_xlabel() == "share of the 6,000 observations (of 1,149 leads) called, best scores first"


@pytest.mark.parametrize("plot", [plot_lift, plot_gains])
def test_no_leads(plot, result):
    ax = plot(replace(result, lift=result.lift.iloc[:0], n=0, converted=0, base_rate=np.nan))
    assert texts(ax) == ["There are no leads in this part."]
