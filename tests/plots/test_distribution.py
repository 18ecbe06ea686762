from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench.plots import plot_distribution

from .reading import posts, texts, title
from .samples import backtest


def stairs(ax):
    return [(patch.get_data()[0], patch.get_data().edges) for patch in ax.patches]


def test_each_group_adds_up_to_one(result):
    lost, outline, won = stairs(plot_distribution(result))
    assert lost[0].sum() == pytest.approx(1)
    assert won[0].sum() == pytest.approx(1)
    assert lost[0].tolist() == outline[0].tolist()


def test_bars_hold_the_leads_of_their_scores(result):
    _, _, (shares, edges) = stairs(plot_distribution(result))
    frame = result.distribution
    assert np.diff(edges).tolist() == [5.0] * (len(edges) - 1)
    for share, low, high in zip(shares, edges, edges[1:], strict=False):
        inside = frame[(frame["score"] >= low) & (frame["score"] < high)]
        assert share == pytest.approx(inside["converted"].sum() / frame["converted"].sum())


@pytest.mark.parametrize(
    ("scores", "wide"), [([0, 1, 2], 1), ([0, 39], 1), ([0, 40], 2), ([-90, 110], 10), ([0.1, 0.2, 0.3], 0.01)]
)
def test_bars_are_of_a_round_width_and_split_no_score(result, scores, wide):
    frame = pd.DataFrame({"score": np.array(scores, dtype=float), "converted": 1, "not_converted": 2})
    _, _, (shares, edges) = stairs(plot_distribution(replace(result, distribution=frame)))
    assert edges[1] - edges[0] == pytest.approx(wide)
    assert (shares > 0).sum() == len(scores)
    assert edges[0] <= scores[0] < scores[-1] < edges[-1]
    assert edges[0] / wide == pytest.approx(round(edges[0] / wide))


def test_tiers_are_drawn_and_named(result):
    ax = plot_distribution(result)
    assert posts(ax) == [0, 30, 40, 70]
    assert {text.strip() for text in texts(ax)} == {"Nurture 0", "PQL 30", "MQL 40", "SQL 70"}


def test_tiers_with_one_cut_share_a_line_and_those_off_the_axis_have_none(result):
    cuts = (("MQL", 40.0), ("Marketing", 40.0), ("Never", 400.0))
    ax = plot_distribution(replace(result, tier_cuts=cuts))
    assert posts(ax) == [40]
    assert [text.strip() for text in texts(ax)] == ["MQL, Marketing 40"]


def test_counts_are_in_the_key(result):
    key = [text.get_text() for text in plot_distribution(result).get_legend().get_texts()]
    assert key == ["did not convert (n = 5,698)", "converted (n = 302)"]


def test_titles(result):
    assert title(plot_distribution(result)) == (
        "A lead that converts outscores one that does not 70 % of the time (ties count half)"
    )
    flat = backtest(n=500, slope=0.0, base=-2.5)
    assert title(plot_distribution(flat)).startswith(
        "Not enough evidence that the score separates the two groups: AUC 0.4"
    )
    upside_down = title(plot_distribution(backtest(slope=-0.06, base=-0.5)))
    assert upside_down.startswith("The score ranks backwards: a lead that converts scores higher only")
    again = replace(result, leads=1149)
    assert title(plot_distribution(again)).startswith("An observation that converts outscores one that does not 70 %")


def test_titles_where_nothing_is_ranked():
    none = plot_distribution(backtest(n=400, base=-40))
    assert title(none) == "None of 400 leads converted: nothing to tell apart"
    assert "AUC unknown" in none.get_label()
    assert "nan" not in none.get_label()
    assert title(plot_distribution(backtest(n=400, base=40))) == "All 400 leads converted: nothing to tell apart"
    one = backtest(n=300, top=0)
    assert title(plot_distribution(one)) == "All 300 leads have the same score: nothing is ranked"
    assert title(plot_distribution(replace(one, n=320, leads=320))) == (
        "All 300 leads past the gates have the same score: nothing is ranked among them"
    )


def test_no_scores_at_all(result):
    gated = replace(result, distribution=result.distribution.assign(score=float("nan")))
    ax = plot_distribution(gated)
    assert title(ax) == "No lead has a score"
    assert texts(ax) == ["Gates took out every lead of this part."]
