"""Stage rows left out for a fault: whose they were is kept, and each stage has a budget of its own."""

from __future__ import annotations

import pandas as pd
import pytest

from workbench.errors import DataError
from workbench.history import read_history

from .conftest import MAPPING, STAGES

LEADS, WON = 1000, 40


def frames(*, blank=0, unreadable=0, early=0, strangers=0):
    """A thousand inquiries and forty wins, of which some are at fault."""
    ids = [f"L{number:04d}" for number in range(LEADS)]
    times = ["2026-02-01T00:00:00Z"] * WON
    faults = [""] * blank + ["not set"] * unreadable + ["2024-01-01T00:00:00Z"] * early
    times[: len(faults)] = faults
    winners = ids[: WON - strangers] + [f"X{number}" for number in range(strangers)]
    return {
        "leads": pd.DataFrame({"lead_id": ids, "created_at": "2026-01-01T00:00:00Z"}),
        "stages": pd.DataFrame(
            {
                "lead_id": [*ids, *winners],
                "stage": ["inquiry"] * LEADS + ["won"] * WON,
                "at": ["2026-01-02T00:00:00Z"] * LEADS + times,
            }
        ),
    }


def lost(history):
    return history.engine.rows("SELECT lead, stage FROM lost_stages ORDER BY lead, stage")


def test_most_of_a_stage_may_not_be_lost_within_the_budget_of_its_file():
    with pytest.raises(
        DataError,
        match=(
            r"^stages, stage 'won', row 1,001, 1,002, 1,003, …: expected at most 1% of a stage's rows at fault, found "
            r"5 of 40 \(12\.5%\): 2 no time; 1 not a time; 2 a stage before the lead's creation\. Correct these rows"
        ),
    ) as raised:
        read_history(frames(blank=2, unreadable=1, early=2))
    assert len(raised.value.problems) == 1


def test_a_few_rows_of_a_stage_may_be_lost_and_whose_they_were_is_kept():
    with read_history(frames(blank=1, unreadable=1, early=1)) as history:
        assert history.stages["won"] == WON - 3
        assert lost(history) == [(0, "won"), (1, "won"), (2, "won")]
        assert "lost_stages" not in history.rows


def test_rows_of_unknown_leads_count_as_lost_but_are_nobodys():
    with read_history(frames(strangers=3)) as history:
        assert lost(history) == []
    with pytest.raises(DataError, match=r"found 4 of 40 \(10\.0%\): 4 an unknown lead"):
        read_history(frames(strangers=4))


def test_rows_after_the_end_of_the_data_are_not_lost():
    mapping = "format: lead-history/1\nuntil: 2026-01-15\nzone: UTC\n"
    with read_history(frames(), mapping=mapping) as history:
        assert dict(history.stages) == {"inquiry": LEADS}
        assert lost(history) == []


def test_what_was_lost_is_part_of_the_fingerprint():
    kept = frames()
    kept["stages"] = kept["stages"].drop(index=LEADS)
    with read_history(frames(blank=1)) as one, read_history(kept) as other:
        assert dict(one.stages) == dict(other.stages)
        assert one.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    ("stage", "where", "reason"),
    [
        ("{constant: won}", "", "no time: it has not happened"),
        ("stage", "", "no time"),
        ("{constant: won}", ", where: {field: stage, equals: won}", "no time"),
    ],
)
def test_a_blank_time_means_not_happened_only_where_every_lead_has_a_row(put, stage, where, reason):
    folder = put(
        stages=STAGES + "L3,,won,\n",
        mapping=MAPPING.replace("stage: stage, amount: amount", f"stage: {stage}{where}") + "budget: 50%\n",
    )
    with read_history(folder) as history:
        assert list(history.dropped["reason"]) == [reason]
        assert lost(history) == ([] if "happened" in reason else [(2, "won")])


def test_a_blank_time_of_a_named_stage_is_held_to_the_budget(put):
    with pytest.raises(
        DataError, match=r"stages\.csv, column 'at', row 3: expected a time in every row, found no time"
    ):
        read_history(put(stages=STAGES + "L3,,won,\n"))
