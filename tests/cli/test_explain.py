from __future__ import annotations

import json
from collections.abc import Callable

import pytest


@pytest.fixture
def lead(place) -> str:
    return next(line.split(",")[0] for line in (place.data / "leads.csv").read_text().splitlines()[1:] if "VP" in line)


def test_the_lines_add_up(call: Callable, place, lead: str) -> None:
    found = json.loads(call("explain", place.model, "--data", place.data, "--lead", lead, "--json").out)
    assert found["lead_id"] == lead
    assert sum(line["points"] for line in found["lines"]) == found["score"]
    words = {"lead_id", "as_of", "score", "tier", "gate", "variant", "grade"}
    assert set(found) == {*words, "dimensions", "lines", "evidence", "next"}
    assert any(line["name"] == "senior" for line in found["lines"])


def test_text_says_rule_evidence_and_reason(call: Callable, place, lead: str) -> None:
    answer = call("explain", place.model, "--data", place.data, "--lead", lead)
    assert (answer.code, answer.err) == (0, "")
    line = next(line for line in answer.out.splitlines() if " senior " in line)
    assert line.split()[0] == "+15"
    assert "They sign." in answer.out
    assert any(line.split()[-1:] == ["score"] for line in answer.out.splitlines())
    assert max(map(len, answer.out.splitlines())) <= 100


def test_a_moment_may_be_named(call: Callable, place, lead: str) -> None:
    answer = call(
        "explain", place.model, "--data", place.data, "--lead", lead, "--as-of", "2026-09-01T00:00:00+02:00", "--json"
    )
    assert json.loads(answer.out)["as_of"] == "2026-08-31T22:00:00+00:00"
