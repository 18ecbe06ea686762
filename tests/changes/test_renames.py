"""Groups and dimensions that only have another name are renamed: once, and without touching a score."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from changes.rich import MODELS, Data, parsed
from workbench.changes import Changes, diff


def called(names: dict[str, str], base: str = "rich", **also: Any) -> Data:
    """The plain data of a model with each name replaced, as key and as value; `also` replaces whole parts."""

    def other(node: Any) -> Any:
        if isinstance(node, dict):
            return {names.get(key, key): other(value) for key, value in node.items()}
        if isinstance(node, list):
            return [other(entry) for entry in node]
        return names.get(node, node) if isinstance(node, str) else node

    data: Data = other(copy.deepcopy(MODELS[base].plain()))
    if base == "rich":  # the model that a variant uses has dimensions of its own
        data["variants"][1] = MODELS[base].plain()["variants"][1]
    return data | also


def changes(data: Data, base: str = "rich") -> Changes:
    return diff(MODELS[base], parsed(data))


@pytest.mark.parametrize(
    ("base", "names", "lines"),
    [
        ("rich", {"fit": "match"}, ["dimension fit renamed to match"]),
        ("rich", {"product": "usage"}, ["dimension product renamed to usage"]),
        ("rich", {"engagement": "interest"}, ["dimension engagement renamed to interest"]),
        ("rich", {"email": "mail"}, ["group email renamed to mail"]),
        (
            "rich",
            {"email": "mail", "engagement": "interest"},
            ["group email renamed to mail", "dimension engagement renamed to interest"],
        ),
        ("matrix", {"fit": "match"}, ["dimension fit renamed to match"]),
        ("matrix", {"interest": "use"}, ["dimension interest renamed to use"]),
    ],
)
def test_a_renaming_is_one_line_and_touches_no_score(base: str, names: dict[str, str], lines: list[str]) -> None:
    found = changes(called(names, base), base)
    assert [str(line) for line in found.lines] == lines
    assert {line.touches for line in found.lines} == {"form"}
    assert found.headline.endswith("written differently, scores the same.")


def test_what_else_changes_is_told_under_the_new_name() -> None:
    data = called({"fit": "match"})
    data["dimensions"]["match"]["max"] = 50
    data["rules"] = [rule for rule in data["rules"] if rule["id"] != "mixed"]
    rules = {rule["id"]: rule for rule in data["rules"]}
    rules["seniority"]["default"] = 2
    rules["spent"]["in"] = "match"
    found = changes(data)
    assert [str(line) for line in found.lines] == [
        "match: cap 60 -> 50",
        "seniority: otherwise +1 -> +2",
        next(str(line) for line in found.lines if line.where == "rule mixed"),
        "rule spent moved from product to match",
        "dimension fit renamed to match",
    ]


def test_a_rule_may_have_another_name_as_well() -> None:
    found = changes(called({"fit": "match", "size": "extent"}))
    assert [str(line) for line in found.lines] == ["dimension fit renamed to match", "rule size renamed to extent"]


def test_the_model_that_a_variant_uses_is_looked_into_likewise() -> None:
    data = copy.deepcopy(MODELS["rich"].plain())
    inner = json.loads(json.dumps(data["variants"][1]["model"]).replace('"fit"', '"match"'))
    data["variants"][1]["model"] = inner
    assert [str(line) for line in changes(data).lines] == ["variant partners, dimension fit renamed to match"]


def test_two_names_that_change_places_are_no_renaming() -> None:
    assert changes(called({"fit": "product", "product": "fit"})).scores_can_change


def test_two_dimensions_that_become_one_are_no_renaming() -> None:
    data = called({"fit": "all", "interest": "all"}, "matrix", matrix=None, score={}, tiers=[])
    data.pop("matrix")
    kinds = [(line.where, line.kind) for line in changes(data, "matrix").lines]
    assert ("dimension fit", "removed") in kinds
    assert ("dimension interest", "removed") in kinds
    assert ("dimension all", "added") in kinds


def test_an_empty_group_is_renamed_if_it_is_the_same() -> None:
    head = {"format": "lead-scoring-model/1", "name": "m"}
    rules = [{"id": "eu", "in": "fit", "when": {"field": "region", "equals": "EU"}, "points": 5}]
    old = parsed({**head, "dimensions": {"fit": {}}, "groups": {"box": {"in": "fit", "max": 3}}, "rules": rules})

    def new(most: int) -> list[str]:
        groups = {"bin": {"in": "match", "max": most}}
        moved = [{**rules[0], "in": "match"}]
        changed = parsed({**head, "dimensions": {"match": {}}, "groups": groups, "rules": moved})
        return [str(line) for line in diff(old, changed).lines]

    assert new(3) == ["dimension fit renamed to match", "group box renamed to bin"]
    assert new(4) == [
        "group box removed (in match, at most 3)",
        "group bin added (in match, at most 4)",
        "dimension fit renamed to match",
    ]
