"""Fields of unknown date, times after as_of, clocks, and values that come only after the outcome."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from crm import DAY, MAPPING, crm, load

import workbench as wb
from workbench.checking import check
from workbench.history import read_history

PLAN = wb.parse_plan("{at: 1d, outcome: won, horizon: 90d}")


@pytest.fixture(scope="module")
def found():
    frames = crm(seed=7, leads=900)
    first = frames["stages"].query("stage == 'won'").groupby("lead_id")["at"].min()
    lead = frames["leads"]
    won = lead["lead_id"].map(first)
    now = pd.Timestamp("2026-01-01", tz="UTC")
    rng = np.random.default_rng(1)
    lead["days_open"] = ((won.fillna(now) - lead["created_at"]) / DAY).astype(int)
    lead["called_at"] = won.fillna(lead["created_at"] + pd.to_timedelta(rng.integers(0, 200, len(lead)), unit="D"))
    rows = pd.DataFrame({"lead_id": first.index, "at": first.to_numpy() + DAY, "field": "plan_type"})
    rows = rows.assign(value="customer", old="trial").sample(frac=0.8, random_state=1)
    frames["changes"] = pd.concat([frames["changes"], rows], ignore_index=True)
    with load(frames) as history:
        yield check(history, PLAN)


def codes(found, about):
    return {each.code for each in found.findings if each.about == about}


def test_a_clock_that_stops_at_the_outcome_is_a_leak(found):
    assert "leak" in codes(found, "days_open")
    clock = next(each for each in found.found("leak") if each.about == "days_open").evidence["signs"]["clock"]
    assert clock["share_of_converts"] > 0.95


def test_times_after_as_of_prove_a_field_was_written_later(found):
    assert "leak" in codes(found, "called_at")
    signs = next(each for each in found.found("leak") if each.about == "called_at").evidence["signs"]
    assert signs["after as_of"]["share_of_filled"] > 0.5


def test_a_dated_value_that_comes_after_the_outcome_is_a_note_because_it_was_not_used(found):
    (note,) = found.found("after-outcome")
    assert (note.about, note.severity, note.evidence["value"]) == ("plan_type", "note", "customer")
    assert not {"leak", "leak-suspected"} & codes(found, "plan_type")


def test_undated_fields_are_named_in_use_or_not(found):
    (note,) = found.found("undated-fields")
    assert note.evidence["fields"] == ["days_open", "called_at"]


def test_a_history_whose_fields_are_all_dated_is_not_told_so():
    with load(crm(seed=7, leads=100)) as history:
        assert not check(history).found("undated-fields")


@pytest.mark.slow
def test_the_plan_s_consent_is_counted():
    frames = crm(seed=7, leads=300)
    frames["leads"]["note"] = "x"
    plan = wb.parse_plan("{at: 1d, outcome: won, horizon: 60d, allow_undated: [note]}")
    with read_history(frames, mapping=MAPPING) as history:
        (note,) = check(history, plan).found("undated-fields")
    assert note.evidence["allowed"] == ["note"]
    assert "consents to 1 of them" in note.finding
