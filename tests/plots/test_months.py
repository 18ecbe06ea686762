from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

from workbench.plots import plot_months

from .reading import flats, line, texts, ticks, title, uprights
from .samples import backtest


def shaped(result, auc, half=0.04):
    frame = result.months.head(len(auc)).assign(
        auc=auc, auc_low=np.array(auc) - half, auc_high=np.array(auc) + half, enough=True
    )
    metrics = result.metrics.copy()
    metrics.loc[metrics["metric"] == "auc", "value"] = 0.70
    return replace(result, months=frame, metrics=metrics)


def test_both_panels_are_the_frame(result):
    top, below = plot_months(result).figure.axes
    frame = result.months
    for ax, name in ((top, "auc"), (below, "rate")):
        marked = [each for each in ax.lines if each.get_marker() in ("o", "s")]
        assert marked[0].get_ydata().tolist() == frame[name].tolist()
        x, low, high = uprights(ax)
        assert x.tolist() == list(range(len(frame)))
        assert low == pytest.approx(frame[f"{name}_low"].to_numpy())
        assert high == pytest.approx(frame[f"{name}_high"].to_numpy())
    assert flats(below) == [result.base_rate]
    assert flats(top) == [result.metrics.set_index("metric")["value"]["auc"]]


def test_months_are_named_with_their_leads(result):
    labels = ticks(plot_months(result).figure.axes[1])
    assert labels[0] == "Jul\n2025\nn=500"
    assert labels[-1] == "Jun\n2026\nn=500"


def test_many_months_are_named_upright():
    labels = ticks(plot_months(backtest(months=24)).figure.axes[1])
    assert labels[0] == "Jul 2025  n=250"


def test_given_axes_get_the_ranking_with_its_months(result):
    ax = Figure().subplots()
    plot_months(result, ax=ax)
    assert ax.figure.axes == [ax]
    assert ticks(ax)[0].startswith("Jul")


@pytest.mark.parametrize(
    ("auc", "said"),
    [
        ([0.74, 0.70, 0.60], "Ranking got weaker: AUC 0.74 in Jul 2025, 0.60 in Sep 2025"),
        ([0.60, 0.70, 0.74], "Ranking got stronger: AUC 0.60 in Jul 2025, 0.74 in Sep 2025"),
        ([0.74, 0.70, 0.67], "No month's ranking differs from the whole (AUC 0.70) by more than chance"),
        ([0.70, 0.60, 0.70], "Ranking holds: 1 of 3 months (Aug 2025) off the whole, as chance alone may do"),
        (
            [0.70, 0.60, 0.80, 0.61, 0.79, 0.70],
            "Ranking wavers: 4 of 6 months are off the whole's AUC of 0.70 (Aug 2025, Sep 2025, Oct 2025 and others)",
        ),
        ([0.70], "Only Jul 2025 can be judged: AUC 0.70 (0.66 to 0.74)"),
    ],
)
def test_titles(result, auc, said):
    assert title(plot_months(shaped(result, auc))) == said


def test_touching_intervals_are_no_change(result):
    assert title(plot_months(shaped(result, [0.73, 0.70, 0.66]))).startswith("No month's ranking")


def test_empty_months_are_gaps(result):
    frame = result.months.copy()
    columns = ["rate", "rate_low", "rate_high", "auc", "auc_low", "auc_high"]
    frame.loc[[0, 5], columns] = np.nan
    frame.loc[[0, 5], "enough"] = False
    top, below = plot_months(replace(result, months=frame)).figure.axes
    assert uprights(top)[0].tolist() == uprights(below)[0].tolist() == [1, 2, 3, 4, 6, 7, 8, 9, 10, 11]
    assert len(ticks(below)) == 12
    assert "Aug 2025" not in title(top)


def test_calendar_months_without_leads_are_gaps(result):
    frame = result.months.drop(index=[3, 4])
    top, below = plot_months(replace(result, months=frame)).figure.axes
    for ax, name in ((top, "auc"), (below, "rate")):
        (drawn,) = [each for each in ax.lines if each.get_marker() in ("o", "s")]
        assert np.flatnonzero(np.isnan(drawn.get_ydata())).tolist() == [3, 4]
        assert drawn.get_ydata()[5] == frame[name].loc[5]
    assert ticks(below)[2:6] == ["Sep\n2025\nn=500", "Oct\n2025\n", "Nov\n2025\n", "Dec\n2025\nn=500"]
    assert "Oct 2025" not in top.get_label()


def test_the_source_line_counts_the_leads_of_the_months(result):
    def foot(made):
        return plot_months(made).figure.get_supxlabel()

    assert foot(result) == "inbound v4, part: validation, n = 6,000, 5.0 % converted; 95 % intervals"
    beyond = replace(result, n=1000, leads=1000, base_rate=0.2)
    assert foot(beyond) == "inbound v4, parts: train + validation, n = 6,000, 5.0 % converted; 95 % intervals"
    assert "parts: train + validation, 6,000 observations, 5.0 %" in foot(replace(beyond, leads=700))


@pytest.mark.parametrize(
    ("hits", "why"), [(0, "none of 900 leads converted"), (900, "all 900 leads converted"), (90, "its AUC is unknown")]
)
def test_a_part_without_an_auc_is_said_in_words(result, hits, why):
    made = shaped(result, [0.74, 0.70, 0.67])
    made = replace(made, metrics=made.metrics.assign(value=np.nan), n=900, leads=900, converted=hits)
    ax = plot_months(made)
    assert title(ax) == f"No month can be held against the validation part: {why}"
    assert "nan" not in ax.get_label() + " ".join(texts(ax))


def test_one_score_ranks_nothing():
    assert title(plot_months(backtest(n=3000, top=0, months=2))) == (
        "All 3,000 leads have the same score: nothing is ranked"
    )


def test_months_with_few_leads_are_hollow_and_not_in_the_title(result):
    made = shaped(result, [0.90, 0.70, 0.60, 0.72])
    thin = replace(made, months=made.months.assign(enough=[False, True, False, True]))
    ax = plot_months(thin)
    x, y = line(ax, "few leads: not enough evidence")
    assert (x.tolist(), y.tolist()) == ([0, 2], [0.90, 0.60])
    assert title(ax).startswith("No month's ranking differs")


def test_months_beyond_the_judged_part_are_held_against_that_part(result):
    ax = plot_months(replace(result, n=1000))
    assert title(ax) == "No month's ranking differs from the validation part (AUC 0.70) by more than chance"
    assert "validation\n0.70" in texts(ax)
    assert "whole\n0.70" in texts(plot_months(result))


def test_nothing_to_judge(result):
    nothing = result.months.assign(auc=np.nan, auc_low=np.nan, auc_high=np.nan, enough=False)
    assert title(plot_months(replace(result, months=nothing))) == (
        "No month has enough of both outcomes to judge the ranking"
    )
    assert title(plot_months(replace(result, months=nothing.iloc[:0]))) == "No months to show"
