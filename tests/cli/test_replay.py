from __future__ import annotations

import json

import pytest


def test_a_replay_is_told(place, call):
    answer = call("replay", *place.judged, "--capacity", "3/week", "--max-days", "60")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert "days ahead." in " ".join(lines[:5])
    assert lines[0].split(" leads")[0] in answer.out.split("What each tier takes")[1]  # the table's own figure
    assert "in which leads are created" in " ".join(lines)
    for title in ("What each tier takes", "The queue of MQL, by month", "Days of warning", "Left out"):
        assert title in answer.out
    assert max(len(line) for line in lines) <= 100
    assert "sealed test part" in answer.err


def test_the_document_is_all_there_is_on_stdout(place, call):
    words = ["--json", "--since", "2025-06-01", "--until", "2026-01-01", "--stage", "sql", "--every", "week"]
    answer = call("replay", *place.judged, *words)
    assert answer.code == 0
    found = json.loads(answer.out)
    assert found["headline"]
    assert {row["stage"] for row in found["warning"]} == {"sql"}
    assert found["since"].startswith("2025-06-01")
    assert found["every"] == "week"
    assert min(row["first_reached"] for row in found["leads"]) > "2025-06-01"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--capacity", "many"], "such as 15/week"),
        (["--tier", "MQLs"], "Did you mean 'MQL'"),
        (["--stage", "winning"], "a stage of the history"),
        (["--since", "soon"], "expected a date"),
    ],
)
def test_wrong_words(place, call, words, told):
    answer = call("replay", *place.judged, *words)
    assert answer.code == 2
    assert told in answer.err
    assert answer.out == ""


def test_a_flat_table_has_no_days(place, call):
    answer = call("replay", place.card, "--data", place.flat, "--outcome", "Converted=1")
    assert answer.code == 2
    assert "expected leads with dates" in answer.err
