from __future__ import annotations

import json
from collections.abc import Callable

import pytest


@pytest.mark.slow
def test_it_prints_contenders_beside_the_points(call: Callable, place) -> None:
    answer = call("yardstick", *place.judged)
    assert answer.code == 0
    said = " ".join(answer.out.split())
    assert "Own rules, refitted, against the points figure points contender's change 95 % p it is AUC" in said
    assert "All that is known, against the points" in said
    assert "Of log loss less is better." in said
    assert "(Holm)" in said
    assert "judged on validation" in said


def test_json_is_one_document(call: Callable, place) -> None:
    answer = call(
        "yardstick", place.card, "--data", place.flat, "--outcome", "Converted=1", "--without", "colour", "--json"
    )
    document = json.loads(answer.out)
    assert answer.code == 0
    assert document["format"] == "lead-scoring-yardstick/1"
    assert {"value": "colour", "reason": "excluded by the caller"} in document["left_out"]
    assert len(document["figures"]) == 8
