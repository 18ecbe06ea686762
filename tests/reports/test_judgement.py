from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from workbench.backtesting import backtest
from workbench.errors import CallError
from workbench.plan import read_plan
from workbench.reports import judge
from workbench.reports.judgement import READ_OFF, merged, narrowed, shareable, with_segment

from .conftest import CHAMPION, INBOUND, SAMPLE


def test_bands_are_merged_until_each_holds_ten(told, result):
    assert (result.bands["n"] < 10).any()
    assert (told.result.bands["n"] >= 10).all()
    ranked = result.bands[result.bands["low"].notna()]
    assert told.result.bands["n"].sum() == ranked["n"].sum()
    assert told.result.bands["converted"].sum() == ranked["converted"].sum()
    assert len(told.result.calibration) == len(told.result.bands)


def test_no_frame_shows_a_group_of_fewer_than_ten(told):
    shown = told.result
    for frame, column in [(shown.months, "n"), (shown.segments, "n"), (shown.lift, "n"), (shown.thresholds, "flagged")]:
        assert (frame[column] >= 10).all()
    for frame in (shown.tiers, shown.left_out, shown.parts):
        kept = frame["n"].dropna()
        assert ((kept >= 10) | (kept == 0)).all()
    assert shown.distribution["score"].notna().all()


def test_what_is_hidden_is_told(told):
    assert [line.split(" of ")[0].split(" were ")[0] for line in told.hidden] == [
        "Score bands",
        "Fewer than 10 leads",
        "Tiers",
        "Reasons for leaving out fewer than 10 leads are counted together with others.",
        READ_OFF.split(" of ")[0],
    ]


def test_a_small_tier_is_merged_on_its_own_side_so_that_subtracting_from_the_whole_does_not_tell_it(told, result):
    tiers = told.result.tiers.set_index("tier")
    assert list(tiers.index) == ["Nurture + Disqualified", "MQL", "PQL", "SQL"]
    assert tiers["n"].sum() == result.tiers["n"].sum()
    assert tiers["converted"].sum() == result.converted
    both = result.tiers[result.tiers["tier"].isin(["Nurture", "Disqualified"])]
    row = tiers.loc["Nurture + Disqualified"]
    assert (row["n"], row["from"]) == (both["n"].sum(), 0)
    assert row["rate"] == both["converted"].sum() / both["n"].sum()
    assert row["lift"] == pytest.approx(row["rate"] / result.base_rate)
    assert row[["rate_low", "rate_high"]].isna().all()


def test_small_rows_are_joined_until_none_is_left():
    frame = pd.DataFrame({"reason": ["a", "b", "c", "d"], "n": [3, 0, 4, 50]})
    assert merged(frame, "reason").to_dict("list") == {"reason": ["b", "d + c + a"], "n": [0, 57]}
    assert merged(frame.head(2), "reason")["n"].tolist() == [3, 0]


def test_the_main_figures_stay(told, result):
    assert told.result.metrics.equals(result.metrics)
    assert told.result.plan == result.plan


def test_pseudonyms_hold_within_one_report_only(told, champion, seen):
    again = shareable(champion, seen)
    assert told.pseudonym("lead-1") == told.pseudonym("lead-1") != told.pseudonym("lead-2")
    assert told.pseudonym("lead-1") != again.pseudonym("lead-1")
    assert "lead-1" not in told.pseudonym("lead-1")
    assert "_key" not in repr(told)


def test_narrowing_keeps_parts_scores_and_the_seal(champion, seen):
    few = narrowed(seen, "region", "EMEA")
    whole, part = seen.frame(), few.frame()
    assert 0 < len(part) < len(whole)
    joined = part.merge(whole, on=["lead_id", "as_of"], suffixes=("", "_whole"))
    assert (joined["part"] == joined["part_whole"]).all()
    assert part.loc[part["part"] == "test", "converted"].isna().all()
    with pytest.raises(CallError, match="sealed"):
        few.rows("test")
    region = backtest(champion, seen).segments.query("segment == 'region' and value == 'EMEA'").iloc[0]
    alone = backtest(champion, few)
    assert (alone.n, alone.converted) == (region["n"], region["converted"])
    assert alone.value("auc") == pytest.approx(region["auc"], abs=1e-12)


def test_a_narrowed_test_part_opens_to_its_own_outcomes(seen, tmp_path):
    few = narrowed(seen, "region", "EMEA").open_test(because="a test of the test", ledger=tmp_path / "ledger.jsonl")
    whole = seen.open_test(because="a test of the test", ledger=tmp_path / "other.jsonl")
    both = few.frame().merge(whole.frame(), on="lead_id")
    assert (both["converted_x"] == both["converted_y"]).all()
    assert np.array_equal(both["amount_x"], both["amount_y"], equal_nan=True)


def test_an_unknown_value_is_refused(seen):
    with pytest.raises(CallError, match=r"segment_value: expected a value of 'region'.*found 'Mars'"):
        narrowed(seen, "region", "Mars")


def test_a_segment_is_added_to_the_plan_once():
    plan = read_plan(INBOUND)
    assert with_segment(plan, "") is plan
    assert with_segment(plan, "region") is plan
    assert with_segment(plan, "department").segments == ("region", "lead_source", "department")


def test_a_judgement_of_a_segment_leaves_the_segment_out_of_the_table():
    told = judge(CHAMPION, SAMPLE, INBOUND, segment="region", segment_value="EMEA")
    assert (told.segment, told.value) == ("region", "EMEA")
    assert set(told.result.segments["segment"]) == {"lead_source"}
    assert told.result.n == 172


def test_a_model_without_tiers_has_no_errors(told):
    assert replace(told, result=replace(told.result, main_tier=None)).errors("false_positive") is None
