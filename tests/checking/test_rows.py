"""Ids and files that know the outcome; leads that are there twice; keys that lie across the split."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import workbench as wb

from .flat import PLAIN, checked, codes, leads

SPLIT = wb.parse_plan("{at: recorded, split: {by: lead, test: 20%, validation: 30%}}")


def numbered(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with ids in the order of the rows."""
    return frame.assign(id=[f"lead-{number:05d}" for number in range(len(frame))])


def test_a_file_sorted_by_the_outcome_is_an_error():
    frame = leads(1_000).sort_values("won", kind="stable").reset_index(drop=True)
    found = checked(frame)
    assert {each.about: each.severity for each in found.found("id-tells")} == {"the order of the file": "error"}


def test_ids_in_order_of_the_outcome_are_told_apart_from_the_file():
    frame = numbered(leads(1_000).sort_values("won", kind="stable")).sample(frac=1, random_state=1)
    assert {each.about for each in checked(frame).found("id-tells")} == {"the lead's id"}


@pytest.mark.slow
def test_ids_in_the_order_of_time_are_as_they_should_be():
    frame = numbered(leads(1_000))
    assert not checked(frame).found("id-tells")
    drifting = numbered(leads(2_000))
    drifting["won"] = (np.random.default_rng(1).random(2_000) < np.linspace(0.05, 0.5, 2_000)).astype(int)
    assert not checked(drifting, more={"order": "file"}).found("id-tells")


def test_a_field_that_is_an_id_is_named():
    frame = leads(1_000)
    frame["ticket"] = [f"T{number}" for number in range(1_000)]
    assert {each.about for each in checked(frame).found("id-field")} == {"ticket"}


def rare(n: int) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    frame = leads(n)
    frame["phone"] = [f"+{number}" for number in rng.integers(10**6, 10**7, n)]
    frame["street"] = [f"street {number}" for number in rng.integers(0, 10**4, n)]
    return frame


def test_twins_across_the_split_are_found():
    frame = rare(1_000)
    again = frame.head(300).assign(id=[f"again{number}" for number in range(300)])
    found = checked(pd.concat([frame, again], ignore_index=True), SPLIT)
    assert found.found("duplicates")[0].evidence["twins"] == 600
    across = {each.about: each for each in found.found("twins-across-split")}
    assert set(across) == {"validation", "test"}
    assert 0.1 < across["validation"].evidence["share"] < 0.35


@pytest.mark.parametrize("made", [rare, pytest.param(leads, marks=pytest.mark.slow)])
def test_coincidences_are_no_twins(made):
    """Rare values that nobody shares; and few fields of few values, of which many agree by chance."""
    assert not checked(made(1_000), SPLIT).found("duplicates")


@pytest.mark.slow
def test_a_key_whose_leads_convert_alike_lies_across_the_split():
    rng = np.random.default_rng(3)
    frame = leads(2_000)
    domain = rng.integers(0, 500, 2_000)
    frame["domain"] = [f"d{number}.example" for number in domain]
    alone = checked(frame, SPLIT, known=[*PLAIN, "domain"])
    assert not alone.found("key-across-split")
    frame["won"] = (rng.random(500) < 0.2).astype(int)[domain]
    found = checked(frame, SPLIT, known=[*PLAIN, "domain"])
    (key,) = found.found("key-across-split")
    assert key.about == "domain"
    assert key.evidence["shared"] > 0.9 * key.evidence["n"] * 0.5
    assert "key-across-split" in codes(found, "domain")
