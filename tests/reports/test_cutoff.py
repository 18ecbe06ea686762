from __future__ import annotations

from dataclasses import replace

from workbench.backtesting import backtest
from workbench.reports import Prose, Table, moved, top_cut


def test_a_tier_is_moved_and_an_unknown_one_means_the_main_tier(champion, seen):
    table = moved(champion, seen, tier="SQL", start=60.0)
    assert isinstance(table, Table)
    assert table.caption.endswith("SQL from 60")
    assert next(row for row in table.rows if row[0] == "SQL")[1] == "60"
    assert str(moved(champion, seen, tier="Nothing", start=30.0)).split("\n")[0].endswith("MQL from 30")


def test_without_tiers_a_cut_off_by_score_takes_their_place(champion, seen):
    bare = champion.model_copy(update={"tiers": ()})
    cut = top_cut(backtest(bare, seen))
    found = moved(bare, seen)
    assert isinstance(found, Prose)
    assert found.lead == f"The model has no tiers. At {cut:g} points or more:"
    assert "of 588 leads, of which" in found.lines[0]


def test_the_top_cut_is_the_lowest_within_the_share(result):
    frame = result.thresholds
    cut = top_cut(result)
    assert (frame[frame["threshold"] >= cut]["share"] <= 0.2).all()
    assert (frame[frame["threshold"] < cut]["share"] > 0.2).all()
    assert top_cut(replace(result, thresholds=frame.head(1))) == frame["threshold"].iloc[0]
    assert top_cut(replace(result, thresholds=frame.head(0))) == 0.0
