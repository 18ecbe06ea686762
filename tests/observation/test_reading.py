"""Dated rows as they stand."""

from __future__ import annotations

import numpy as np
import pytest
from crm import UNTIL, crm, load, micros

from workbench.observation.given import numbers_of
from workbench.observation.reading import NEVER, first_times, leads_with, rows_of


@pytest.fixture(scope="module")
def frames():
    made = crm(seed=4, leads=80)
    return {**made, "stages": made["stages"][made["stages"]["at"] < UNTIL]}


@pytest.fixture(scope="module")
def history(frames):
    with load(frames) as loaded:
        yield loaded


def test_first_times_are_the_earliest(frames, history):
    ids = frames["leads"]["lead_id"].tolist()[::-1]
    lead = numbers_of(history, ids)[0]
    stages = frames["stages"][frames["stages"]["stage"].isin(["mql", "lost"])]
    first = stages.assign(us=micros(stages["at"])).groupby("lead_id")["us"].min()
    expected = [int(first.get(each, NEVER)) for each in ids]
    assert first_times(history, "stages", lead, ["mql", "lost"]).tolist() == expected
    every = first_times(history, "stages", lead)
    assert (every <= np.array(expected)).all()
    assert (first_times(history, "worked", lead) == NEVER).all()


def test_leads_with_a_stage(frames, history):
    won = set(frames["stages"].query("stage == 'won'")["lead_id"])
    found = leads_with(history, "stages", ["won"])
    assert sorted(found) == sorted(numbers_of(history, sorted(won))[0])
    assert len(leads_with(history, "lost_stages", ["won"])) == 0
    assert len(rows_of(history, "stages", ["lead"])) == len(frames["stages"])
