from __future__ import annotations

import json

import pytest
import yaml

from workbench.model import read_model


def tune(call, place, *more):
    return call("tune", place.model, "--data", place.data, "--plan", place.plan, "--seconds", "2", *more)


def test_a_suggestion_in_words_and_as_a_document(call, place, tmp_path):
    out = tmp_path / "candidate.yaml"
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump({"range": [-20, 20], "keep": ["senior"]}))
    more = ("--max-changes", "1", "--constraints", tmp_path / "rules.yaml", "--sign", "free")
    answer = tune(call, place, *more, "--json", "--out", out, "--step", "1")
    document = json.loads(answer.out)
    assert document["format"] == "lead-scoring-suggestion/1"
    assert answer.code == (0 if document["gain_shown"] else 1)
    assert document["constraints"]["keep"] == ["senior"]
    assert [step["changes"] for step in document["path"]] == [0, 1]
    saved = {f"rules.{rule.id}.points": float(rule.points) for rule in read_model(out).rules}
    assert read_model(out).version == 2
    assert {path: saved[path] for path in document["edits"]["1"]} == document["edits"]["1"]
    unsure = tmp_path / "unsure.yaml"
    told = tune(call, place, *more, "--out", unsure)
    assert " ".join(told.out.split()).startswith(document["headline"])
    assert " → " in told.out
    assert max(map(len, told.out.splitlines())) <= 100
    assert unsure.exists() == document["gain_shown"] == (told.code == 0)
    assert ("--step N writes" in told.err) != document["gain_shown"]


def test_a_profile_of_a_window(call, place):
    answer = call("tune", place.model, "--data", place.data, "--plan", place.plan, "--profile", "pricing", "--json")
    document = json.loads(answer.out)
    assert (answer.code, document["path"]) == (0, "rules.pricing.each.within")
    assert document["now"] == 60
    told = call("tune", place.model, "--data", place.data, "--plan", place.plan, "--profile", "pricing")
    assert document["headline"] in told.out
    assert "60 (now)" in told.out


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--keep", "seniors"), "Did you mean 'senior'"),
        (("--range", "5"), "two whole numbers"),
        (("--range", "5,2"), "low first"),
        (("--step", "1"), "--out"),
        (("--seconds", "0"), "above 0"),
        (("--objective", "f1"), "auc, log_loss"),
        (("--max-changes", "0"), "at least 1"),
        (("--profile", "senior"), "half-life or window"),
    ],
)
def test_wrong_calls(call, place, more, message):
    answer = tune(call, place, *more)
    assert answer.code == 2
    assert message in answer.err
