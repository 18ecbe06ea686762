from __future__ import annotations

from dataclasses import replace

import matplotlib.pyplot as plt
import pandas as pd

from workbench import plots, reports
from workbench.history import read_history

from .conftest import SAMPLE


def cells(table, row):
    return next(each for each in table.rows if each[0] == row)


def test_metrics_have_units_and_intervals(result):
    table = reports.metrics(result)
    assert cells(table, "Lift of the top 20 %")[1] == "1.7x [1.1–2.3x]"
    assert cells(table, "Share of all that converted")[1] == "9.4 % [7–12 %]"
    assert len(table.rows) == len(result.metrics)


def test_bands_with_few_leads_say_so(result):
    table = reports.bands(result)
    assert cells(table, "70–79")[-1] == "few leads"
    assert cells(table, "40–49")[1:] == ("78", "13", "16.7 % [10–27 %]", "1.8x")


def test_a_small_tier_keeps_its_figures_to_itself_in_a_report_only(told, result):
    small = cells(reports.tiers(told.result), "Nurture + Disqualified")
    assert small[:4] == ("Nurture + Disqualified", "0", "375", "24")
    assert cells(reports.tiers(result), "Disqualified")[2:4] == ("7", "0")
    assert cells(reports.tiers(result), "SQL")[1] == "50"


def test_thresholds_show_the_tiers_their_neighbours_and_the_best(result):
    table = reports.thresholds(result)
    marks = {row[0]: row[1] for row in table.rows}
    assert {"0", "30", "35", "40", "45", "50", "55"} <= set(marks)
    assert (marks["35"], marks["50"], marks["29"]) == ("MQL", "SQL", "greatest value")
    assert [float(row[0]) for row in table.rows] == sorted(float(row[0]) for row in table.rows)


def test_segments_and_parts(told):
    assert cells(reports.segments(told.result), "region: EMEA")[1] == "172"
    assert cells(reports.segments(told.result), "lead_source: content")[4] == "few leads"
    assert [row[0] for row in reports.parts(told.result).rows] == ["train", "validation (judged here)"]


def test_left_out_counts_every_reason(told):
    rows = dict(reports.left_out(told).rows)
    assert any("already converted before it was scored" in reason for reason in rows)
    assert not any("as_of" in reason or "it was scored is" in reason for reason in rows)
    assert len(rows) == len(told.result.left_out)


def test_every_reason_has_words_of_its_own(told):
    reasons = ["immature: as_of is after the end of the data", "already closed before as_of", "no outcome recorded"]
    left = pd.DataFrame({"reason": [*reasons, " + ".join(reasons[:2])], "n": 12})
    rows = reports.left_out(replace(told, result=replace(told.result, left_out=left))).rows
    assert [row[0] for row in rows] == [
        "immature: its moment is after the end of the data",
        "already closed before it was scored",
        "no outcome recorded",
        "immature: its moment is after the end of the data + already closed before it was scored",
    ]


def test_only_a_sealed_part_is_called_sealed(result):
    assert reports.parts(result).caption == "The parts of the data; the test part stays sealed"
    unsplit = {key: value for key, value in result.plan.items() if key != "split"}
    assert reports.parts(replace(result, plan=unsplit)).caption == "The parts of the data"


def test_observations_are_not_called_leads(result):
    often = replace(result, leads=400)
    for table in (reports.bands, reports.tiers, reports.thresholds, reports.segments):
        assert ">Observations (of 400 leads)" in table(often).columns
        assert ">Leads" in table(result).columns
    assert ">Observations" in reports.parts(often).columns


def test_rules_are_told_with_their_reason(result):
    table = reports.rules(result.false_positives())
    assert table.caption == "MQL: 182 of 213 leads that reached it did not convert"
    assert table.rows[0][-1] == "They gave us their data for a download."


def test_rules_are_those_of_the_picture_and_the_rest_is_counted(result):
    wrong = result.false_positives()
    table = reports.rules(wrong)
    drawn = str(plots.plot_errors(wrong).get_label())
    plt.close("all")
    places = [drawn.index(row[0].split(":")[0], drawn.index("\n") if "\n" in drawn else 0) for row in table.rows]
    assert len(table.rows) == 10
    assert places == sorted(places)
    assert table.note.endswith(f"{len(wrong.rules) - 10} more not shown.")


def test_digests_are_whole(told):
    digests = dict(reports.digests(told).rows)
    assert digests["Data"] == told.result.data["fingerprint"]
    assert all(len(digests[name]) == 64 for name in ("Plan", "Data", "Model, the whole document"))


def test_dropped_rows_name_the_remedy():
    with read_history(SAMPLE) as history:
        table = reports.dropped(history)
    assert len(table.rows) == len(history.dropped)
    assert all(row[-1] for row in table.rows)
    assert [row[-2] for row in table.rows] == history.dropped["first_rows"].tolist()
