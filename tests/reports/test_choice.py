from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.cutoffs import suggest_thresholds
from workbench.reports import Prose, Table, cutoffs, cutting, queueing, told


@pytest.fixture(scope="module")
def found(champion, seen):
    return suggest_thresholds(champion, seen)


def test_each_way_has_its_line(found):
    table = cutoffs(found)
    assert isinstance(table, Table)
    assert [row[0] for row in table.rows] == ["what sales can work", "money"]
    capacity, money = found.by("capacity"), found.by("value")
    assert [row[3] for row in table.rows] == [f"{capacity.threshold:g}", f"{money.threshold:g}"]
    assert table.rows[0][4] == f"{capacity.region_low:g} to {capacity.region_high:g}"
    assert table.rows[1][6] == money.verdict
    assert table.note == "Chosen on train, judged on validation."


def test_what_was_left_out_is_said(champion, seen):
    bare = replace(seen, plan=seen.plan.model_copy(update={"capacity": None, "value": None}))
    nothing = cutoffs(suggest_thresholds(champion, bare))
    assert isinstance(nothing, Prose)
    assert [line.split(":")[0] for line in nothing.lines] == ["By what sales can work", "By money"]
    some = replace(seen, plan=seen.plan.model_copy(update={"capacity": None}))
    table = cutoffs(suggest_thresholds(champion, some))
    assert isinstance(table, Table)
    assert "By what sales can work: No capacity in the plan" in table.note


def test_a_threshold_beside_todays_on_both_parts(found):
    table = cutting(found.by("value"))
    assert [row[0] for row in table.rows] == [
        "today, train",
        "today, validation",
        "suggested, train",
        "suggested, validation",
    ]
    assert table.columns[-1] == ">Net value"
    bare = replace(found.by("value"), figures=found.by("value").figures.assign(value=float("nan")))
    assert cutting(bare).columns[-1] == ">Converts reached"


def test_the_queue_today_and_as_suggested(found):
    table = queueing(found.by("capacity"))
    assert isinstance(table, Table)
    assert [row[0] for row in table.rows] == ["today", "suggested"]
    assert table.caption == "The queue with 15 leads a week"
    assert "leads that first reach MQL, as seen 14 days after creation" in table.note
    assert isinstance(queueing(found.by("value")), Prose)


def test_nothing_found_is_a_dash(found):
    nothing = replace(found.by("capacity"), threshold=float("nan"), region_low=float("nan"), region_high=float("nan"))
    table = cutoffs(replace(found, cutoffs=(nothing,)))
    assert isinstance(table, Table)
    assert table.rows[0][3:5] == ("–", "–")


def test_a_suggestion_in_a_sentence(found):
    assert told(found.by("capacity")).lead == found.by("capacity").finding
    assert told(found.by("capacity")).lines == found.by("capacity").notes
