from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.model import read_model


@pytest.fixture
def flat(tmp_path: Path) -> Path:
    rows = (f"F{n:03d},{'red' if n % 3 else 'blue'},{int(n % 3 == 0 and n % 2 == 0)}\n" for n in range(600))
    path = tmp_path / "flat" / "flat.csv"
    path.parent.mkdir()
    path.write_text("lead_id,colour,Converted\n" + "".join(rows))
    return path


def test_it_prints_what_differs_and_writes_the_draft(call: Callable, flat: Path, tmp_path: Path) -> None:
    out = tmp_path / "ideal.yaml"
    answer = call("ideal", "--data", flat, "--outcome", "Converted=1", "--out", out)
    assert answer.code == 0
    said = " ".join(answer.out.split())
    assert said.startswith("100 of 600 observations (part: all) converted; 2 of 2 values tested differ from the rest.")
    assert "+50 colour blue 200 100" in said
    assert "a starting point, not a model to approve." in answer.err
    assert "their intervals are not adjusted for that" in " ".join(answer.err.split())
    assert read_model(out).rules[0].map.points["blue"] == 50


def test_json_is_one_document(call: Callable, flat: Path) -> None:
    answer = call("ideal", "--data", flat, "--outcome", "Converted=1", "--json")
    found = json.loads(answer.out)
    assert answer.code == 0
    assert (found["part"], found["n"], found["converted"], found["tested"]) == ("all", 600, 100, 2)
    assert {"field", "value", "n", "converted", "rate", "lift", "points", "verdict"} <= set(found["values"][0])
    assert found["draft"]["model"]["name"] == "ideal customer"


def test_it_follows_the_plan(call: Callable, place) -> None:
    answer = call("ideal", "--data", place.data, "--plan", place.plan, "--field", "lead_source", "--field", "region")
    assert answer.code == 0
    assert "(part: train) converted" in answer.out
    assert call("ideal", "--data", place.data, "--plan", place.plan, "--part", "test").code == 2


def test_without_evidence_nothing_is_written(call: Callable, flat: Path, tmp_path: Path) -> None:
    rows = "".join(f"F{n},{'red' if n % 2 else 'blue'},{int(n % 4 < 2)}\n" for n in range(400))
    flat.write_text("lead_id,colour,Converted\n" + rows)
    words = ("ideal", "--data", flat, "--outcome", "Converted=1")
    assert "No value has enough evidence" in call(*words).out
    answer = call(*words, "--out", tmp_path / "ideal.yaml")
    assert (answer.code, answer.out) == (1, "")
    assert "was not written" in answer.err
    assert not (tmp_path / "ideal.yaml").exists()
