"""Parts of a model that are there and do nothing, or not what they seem to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.errors import listed
from workbench.linting.catalogue import BY_CODE
from workbench.linting.finding import Finding
from workbench.linting.parts import Parts, RulePart
from workbench.linting.reach import Reach
from workbench.model import CasesRule, Model, Variant


def leftovers(parts: Parts, reaches: list[Reach]) -> Iterator[Finding]:
    """L171 to L177."""
    for part in parts.rules:
        reason = _nothing(part)
        if reason:
            yield BY_CODE["L171"].at(part.id, part.place(), f"The rule '{part.id}' pays nothing: {reason}.")
    yield from _weights(parts)
    for number, variant in enumerate(parts.model.variants):
        yield from _disabled(parts, number, variant)
        yield from _alike(parts, number, variant)
        yield from _dropped(parts, number, variant)
    yield from _empty(parts, reaches)
    yield from _product(parts, reaches)


def _nothing(part: RulePart) -> str:
    rule = part.rule
    points = [rule.default, *(case.points for case in rule.cases)] if isinstance(rule, CasesRule) else [rule.points]
    if not any(points):
        return "all its points are 0" if len(points) > 1 else "its points are 0"
    if not rule.weight:
        return "its weight is 0"
    return "its cap is 0 on both sides" if rule.cap.min == 0 == rule.cap.max else ""


def _weights(parts: Parts) -> Iterator[Finding]:
    model = parts.model
    for name, dimension in model.dimensions.items():
        if not dimension.weight:
            place = parts.place("dimensions", name, "weight")
            yield BY_CODE["L172"].at(name, place, f"The dimension '{name}' has a weight of 0.")
    for name, weight in model.score.weights.items():
        if not weight:
            place = parts.place("score", "weights", name)
            yield BY_CODE["L172"].at(name, place, f"The dimension '{name}' has a weight of 0 in the score.")
    for number, variant in enumerate(model.variants):
        for key in ("rules", "dimensions"):
            for name, factor in getattr(variant.multiply, key).items():
                if not factor:
                    place = parts.place("variants", number, "multiply", key, name)
                    sentence = f"The variant '{variant.name}' multiplies '{name}' by 0."
                    remedy = "Drop the rule in this variant ('drop')." if key == "rules" else ""
                    yield BY_CODE["L172"].at(variant.name, place, sentence, remedy=remedy)


def _disabled(parts: Parts, number: int, variant: Variant) -> Iterator[Finding]:
    off = {rule.id for rule in parts.model.rules if not rule.enabled}
    replaced = {rule.id for rule in variant.override if rule.enabled}
    named = {"multiply": list(variant.multiply.rules), "drop": list(variant.drop)}
    named["override"] = [rule.id for rule in variant.override if not rule.enabled]
    for key, names in named.items():
        idle = [name for name in names if name in off and name not in replaced]
        if idle:
            sentence = f"The variant '{variant.name}' names {listed(idle)} in '{key}', which is disabled."
            yield BY_CODE["L173"].at(variant.name, parts.place("variants", number, key), sentence)


def _alike(parts: Parts, number: int, variant: Variant) -> Iterator[Finding]:
    alternatives = parts.model.alternatives
    if _scoring(alternatives[0].model) == _scoring(alternatives[number + 1].model):
        sentence = f"The variant '{variant.name}' scores its leads like the model itself."
        yield BY_CODE["L176"].at(variant.name, parts.place("variants", number), sentence)


def _dropped(parts: Parts, number: int, variant: Variant) -> Iterator[Finding]:
    changed = {"replaces": {rule.id for rule in variant.override}, "multiplies": set(variant.multiply.rules)}
    for index, name in enumerate(variant.drop):
        ways = [way for way, names in changed.items() if name in names]
        if ways:
            sentence = f"The variant '{variant.name}' drops the rule '{name}', and {' and '.join(ways)} it as well."
            yield BY_CODE["L177"].at(variant.name, parts.place("variants", number, "drop", index), sentence)


def _scoring(model: Model) -> dict[str, Any]:
    """What decides over a score or a tier."""
    data = model.plain()
    rules = [
        {key: value for key, value in rule.items() if key not in {"why", "owner", "tags"}}
        for rule in data["rules"]
        if rule["enabled"]
    ]
    tiers = [{key: value for key, value in tier.items() if key != "then"} for tier in data["tiers"]]
    kept = {key: data.get(key) for key in ("dimensions", "groups", "score", "matrix")}
    return {**kept, "rules": sorted(rules, key=lambda rule: str(rule["id"])), "tiers": tiers}


def _empty(parts: Parts, reaches: list[Reach]) -> Iterator[Finding]:
    homes = {
        home
        for reach in reaches
        for rule in reach.model.rules
        if rule.enabled
        for home in (rule.in_, reach.model.dimension_of(rule))
    }
    for key in ("dimensions", "groups"):
        for name in getattr(parts.model, key):
            if name not in homes:
                what = key.removesuffix("s")
                sentence = f"No enabled rule pays into the {what} '{name}'."
                yield BY_CODE["L174"].at(name, parts.place(key, name), sentence)


def _product(parts: Parts, reaches: list[Reach]) -> Iterator[Finding]:
    for number, reach in enumerate(reaches):
        if reach.model.score.combine != "product":
            continue
        below = [name for name, found in reach.dimensions.items() if found.low < 0]
        if below:
            sentence = f"The score is a product, and {listed(below)} can be negative."
            place = parts.place("score", "combine") if not number else parts.place("variants", number - 1)
            yield BY_CODE["L175"].at("score", place, sentence)
            return
