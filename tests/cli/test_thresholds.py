from __future__ import annotations

import json

import pytest

from workbench.model import read_model


@pytest.fixture(scope="module")
def plan(place, tmp_path_factory):
    path = tmp_path_factory.mktemp("thresholds") / "plan.yaml"
    more = "value: {contact_cost: 180, win: 3000}\ncapacity: {per: week, leads: 3}\n"
    path.write_text(place.plan.read_text() + more)
    return path


def words(place, plan):
    return ["thresholds", place.model, "--data", place.data, "--plan", plan]


def test_one_document(call, place, plan):
    done = call(*words(place, plan), "--target", "10%", "--json")
    assert done.code == 0
    found = json.loads(done.out)
    assert [each["by"] for each in found["cutoffs"]] == ["capacity", "value", "precision", "recall"]
    assert found["chosen_on"], found["judged_on"] == ("train", "validation")
    assert done.err == ""


def test_text(call, place, plan):
    done = call(*words(place, plan), "--capacity", "12/month", "--best-first")
    assert done.code == 0
    assert done.out.startswith("With 2.75975 leads a week, MQL can begin at")
    for part in ("By capacity, MQL", "By value, MQL", "Left out", "recall: No target given", "The data supports"):
        assert part in done.out


def test_the_candidate_is_written(call, place, plan, tmp_path):
    out = tmp_path / "candidate.yaml"
    done = call(*words(place, plan), "--by", "capacity", "--out", out, "--json")
    assert done.code == 0
    threshold = json.loads(done.out)["cutoffs"][0]["threshold"]
    assert float(read_model(out).tiers[1].from_) == threshold
    again = call(*words(place, plan), "--by", "capacity", "--out", out)
    assert again.code == 2
    assert "expected a new file" in again.err


def test_tiers_jointly(call, place, plan):
    done = call(*words(place, plan), "--tier", "Nurture:recall=99%", "--tier", "MQL:capacity=2/week", "--json")
    assert done.code == 0
    low, high = json.loads(done.out)["cutoffs"]
    assert (low["tier"], high["tier"]) == ("Nurture", "MQL")
    assert low["threshold"] <= high["threshold"]


def test_no_is_an_answer(call, place, plan, tmp_path):
    out = tmp_path / "none.yaml"
    done = call(*words(place, plan), "--by", "precision", "--target", "99%", "--out", out)
    assert done.code == 1
    assert "No candidate was written: No threshold of MQL meets a precision of 99 %" in done.err
    assert not out.exists()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--by", "precision"], "--by: expected the precision to be met, found no --target"),
        (["--target", "twenty"], "--target: expected a share above 0 and at most 100 %"),
        (["--capacity", "15/year"], "--capacity: expected a number of leads for a period"),
        (["--out", "x.yaml"], "--out: expected one way to choose by, in --by"),
        (["--tier", "MQL", "--tier", "Nurture"], "expected a way for every tier"),
        (["--tier", "MQL:value", "--by", "value"], "expected a way for every tier, and neither --by nor --target"),
        (["--tier", "MQL:value", "--tier", "MQL:value"], "expected each tier once"),
    ],
)
def test_wrong_calls(call, place, plan, more, told):
    done = call(*words(place, plan), *more)
    assert done.code == 2
    assert told in done.err
