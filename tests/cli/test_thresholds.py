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
    text = " ".join(done.out.split())
    assert text.startswith("With 2.76 leads a week, MQL can begin at")
    assert max(len(line) for line in done.out.splitlines()) <= 100
    assert "A week: leads that first reach MQL, as seen 14 days after creation, each once" in text
    assert "`workbench replay` counts" in text
    assert "in one unbroken queue of" in text
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
        (
            ["--capacity", "15/year"],
            "--capacity: expected leads for each day, week or month, such as 15/week, found '15/year'",
        ),
        (["--tier", "MQL:capacity=30"], "expected leads for each day, week or month, such as 15/week, found '30'"),
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


@pytest.mark.parametrize("text", ["30", "2.5/week", "15/year"])
def test_a_capacity_is_read_as_a_replay_reads_it(call, place, plan, text):
    done = call(*words(place, plan), "--capacity", text)
    again = call("replay", place.model, "--data", place.data, "--plan", plan, "--capacity", text)
    assert done.code == again.code == 2
    assert done.err == again.err
    assert f"--capacity: expected leads for each day, week or month, such as 15/week, found '{text}'" in done.err
