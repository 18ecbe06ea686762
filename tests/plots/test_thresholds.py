from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.plots import plot_thresholds, plot_value

from .reading import flats, line, posts, texts, title
from .samples import backtest

PRECISION = "precision: called leads that convert"
RECALL = "recall: conversions among the called"


def test_lines_are_the_frame(result):
    ax = plot_thresholds(result)
    frame = result.thresholds
    for label, column in ((PRECISION, "precision"), (RECALL, "recall")):
        x, y = line(ax, label)
        assert x.tolist() == frame["threshold"].tolist()
        assert y.tolist() == frame[column].tolist()
    precision, recall = (band.get_paths()[0].vertices for band in ax.collections)
    assert precision[:, 1].max() == frame["precision_high"].max()
    assert recall[:, 1].min() == frame["recall_low"].min()
    assert flats(ax) == [result.base_rate]


def test_the_lines_differ_in_more_than_colour(result):
    ax = plot_thresholds(result)
    styles = {each.get_label(): each.get_linestyle() for each in ax.lines}
    assert styles[PRECISION] != styles[RECALL]


def test_tiers_run_through_both_panels(result):
    top, below = plot_thresholds(result).figure.axes
    assert posts(top) == posts(below) == [30, 40, 70]
    assert {text.strip() for text in texts(top)} == {"PQL 30", "MQL 40", "SQL 70", "average\n5.0 %"}
    assert top.get_ylim()[1] > 1.05


def test_net_value_stands_below_and_marks_its_best(result):
    below = plot_thresholds(result).figure.axes[1]
    value = below.lines[0]
    assert value.get_ydata().tolist() == result.thresholds["value"].tolist()
    best = result.thresholds["value"].argmax()
    assert below.lines[1].get_xdata()[0] == result.thresholds["threshold"].iloc[best]
    assert below.get_title(loc="left") == "Net value on these leads is highest at 55: 38.7k (26.6k to 50.7k)"


def test_without_a_value_there_is_one_panel():
    plain = backtest(value=False)
    assert len(plot_thresholds(plain).figure.axes) == 1
    ax = plot_value(plain)
    assert title(ax) == "No net value to show"


def test_the_value_alone(result):
    ax = plot_value(result)
    assert ax.lines[0].get_ydata().tolist() == result.thresholds["value"].tolist()
    assert title(ax).startswith("Net value on these leads is highest at 55")


def test_when_no_threshold_pays(result):
    frame = result.thresholds.assign(value=-result.thresholds["flagged"].astype(float))
    poor = replace(result, thresholds=frame)
    assert title(plot_value(poor)).startswith("No threshold pays on these leads: net value is at best -")


def test_titles(result):
    assert title(plot_thresholds(result)) == "MQL at 40: 10 % precision, finds 53 % of the conversions"
    assert title(plot_thresholds(replace(result, main_tier=None))).startswith("At 40: 10 % precision")
    assert title(plot_thresholds(replace(result, main_threshold=400.0))) == "MQL at 400: no lead reached it"
    flat = backtest(n=500, slope=0.0, base=-2.5)
    assert title(plot_thresholds(flat)) == (
        "MQL at 40: not enough evidence that it beats calling anyone: precision 3.6 % (1.4 % to 8.8 %), average 6.0 %"
    )
    assert title(plot_thresholds(backtest(n=400, base=-40))).startswith("None of 400 leads converted")


def test_the_main_threshold_between_two_scores_takes_the_higher(result):
    between = replace(result, main_threshold=39.5)
    assert title(plot_thresholds(between)) == "MQL at 39.5: 10 % precision, finds 53 % of the conversions"


def test_without_tiers_the_title_tells_half_of_the_conversions(result):
    free = replace(result, main_tier=None, main_threshold=None, tier_cuts=())
    frame = result.thresholds[result.thresholds["recall"] >= 0.5]
    row = frame.iloc[-1]
    assert title(plot_thresholds(free)).startswith(f"Calling leads at {row['threshold']:g} and above finds 5")
    assert posts(plot_thresholds(free)) == []


def test_all_gated(result):
    ax = plot_thresholds(replace(result, thresholds=result.thresholds.iloc[:0]))
    assert title(ax) == "No threshold to choose"
    assert texts(ax) == ["Gates took out every lead of this part: none has a score."]


@pytest.mark.parametrize("plot", [plot_thresholds, plot_value])
@pytest.mark.parametrize(
    ("made", "said"),
    [
        ({"n": 400, "base": -40}, "None of 400 leads converted, so no threshold can be judged."),
        ({"n": 400, "base": 40}, "All 400 leads converted, so no threshold can be judged."),
        ({"n": 1, "base": 40}, "The only lead of this part converted, so no threshold can be judged."),
    ],
)
def test_one_outcome_is_said_in_words(plot, made, said):
    taken = backtest(**made)
    assert texts(plot(replace(taken, thresholds=taken.thresholds.iloc[:0]))) == [said]


def test_one_outcome_and_one_score_in_titles():
    assert title(plot_thresholds(backtest(n=400, base=40))) == "All 400 leads converted: no threshold can be judged"
    one = backtest(n=300, top=0)
    for plot in (plot_thresholds, plot_value):
        assert title(plot(one)) == "All 300 leads have the same score: nothing is ranked"


def test_leads_seen_several_times_are_observations(result):
    ax = plot_thresholds(replace(result, leads=1149))
    assert ax.figure.axes[1].get_xlabel() == "threshold: observations at this score or more are called"
    assert " leads" not in ax.get_label()


@pytest.mark.parametrize("plot", [plot_thresholds, plot_value])
def test_one_threshold(plot, result):
    ax = plot(replace(result, thresholds=result.thresholds.iloc[30:31]))
    assert ax.get_xlim()[0] < ax.get_xlim()[1]
