"""Whatever differs is told, and nothing is told that does not differ."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import models, random_model_data

from changes.rich import MODELS, Data, parsed, set_in
from workbench.changes import Change, Changes, diff
from workbench.errors import ModelError
from workbench.model import Model, change_model


def holds_together(old: Model, new: Model) -> Changes:
    """What is true of any two models."""
    found = diff(old, new)
    assert bool(found.lines) >= (old.plain() != new.plain())
    if found.old.scoring_digest == found.new.scoring_digest:
        assert not found.scores_can_change
    else:
        assert any(line.touches in {"scores", "form"} for line in found.lines)
    assert all(str(line).strip() and line.where and _is_told(line) for line in found.lines)
    return found


def _is_told(line: Change) -> bool:
    return line.old != line.new or (line.kind in {"added", "removed"} and not line.old)


def leaves(data: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value that can be changed by itself, lists included."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, (*way, key))
    else:
        yield way
        for number, value in enumerate(data if isinstance(data, list) else []):
            yield from leaves(value, (*way, number))


def others(value: Any) -> list[Any]:
    """Values that may stand instead; None removes the key."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1, value * 2, value - 0.5]
    if isinstance(value, list):
        return [value[1:], value[::-1], value[:-1]]
    if value.endswith("d") and value[:-1].isdigit():
        return [f"{int(value[:-1]) + 1}d", None]
    if value.endswith("%"):
        return [f"{float(value[:-1]) / 2:g}%"]
    return [value + "x", "fit", "email", "MQL", "2026-02-03", None]


@pytest.mark.parametrize(
    ("name", "every", "fewest"),
    [("matrix", 1, 40), ("rich", 12, 15), pytest.param("rich", 1, 250, marks=pytest.mark.slow)],
)
def test_any_value_that_is_changed_is_told_and_nothing_else(name: str, every: int, fewest: int) -> None:
    data = MODELS[name].plain()
    tried = 0
    for way in islice(leaves(data), 0, None, every):
        value: Any = data
        for step in way:
            value = value[step]
        for other in others(value):
            if other is None and isinstance(way[-1], int):
                continue
            changed = copy.deepcopy(data)
            set_in(*way, to=other)(changed, {})
            try:
                model = parsed(changed)
            except ModelError:
                continue
            found = holds_together(MODELS[name], model)
            if model.plain() == data:
                continue
            tried += 1
            assert found.lines, way
            names = names_at(data, changed, way)
            if names:
                assert all(set(names) & said(line) for line in found.lines), (way, found)
    assert tried > fewest


def said(line: Change) -> set[str]:
    """The names in a line's place."""
    return {word for part in line.where.split(", ") for word in part.split(" ")} | {line.new, line.old}


def names_at(data: Data, changed: Data, way: tuple[Any, ...]) -> list[str]:
    """The name of the part that the way leads into, before and after; none for lists of parts."""
    if way[0] in {"dimensions", "groups"}:
        return [way[1]]
    if way[0] in {"rules", "tiers", "gates", "variants"} and len(way) > 1:
        parts = [side[way[0]][way[1]] for side in (data, changed)]
        return [part.get("id") or part["name"] for part in parts]
    return [way[0]] if way[0] in {"score", "account"} else []


@settings(max_examples=60, deadline=None)
@given(models(), models())
def test_any_two_models(old: Model, new: Model) -> None:
    forth, back = holds_together(old, new), holds_together(new, old)
    assert (forth.old, forth.new) == (back.new, back.old)
    assert bool(forth.lines) == bool(back.lines)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_model_and_itself(seed: int) -> None:
    assert diff(parsed(random_model_data(seed)), parsed(random_model_data(seed))).lines == ()


@settings(max_examples=60, deadline=None)
@given(models(), st.data())
def test_one_changed_rule_is_the_only_one_named(model: Model, data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(model.rules))
    key = "points" if hasattr(rule, "points") else "weight"
    changed = change_model(model, {f"rules.{rule.id}.{key}": 3.125})
    found = holds_together(model, changed)
    assert len(found.lines) == (changed != model)
    assert all(line.where.split(" ")[-1] == rule.id for line in found.lines)
