"""Caps, limits and decays that cut everything or nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbench.linting.catalogue import BY_CODE
from workbench.linting.finding import Finding
from workbench.linting.parts import Parts, RulePart
from workbench.linting.reach import Range, Reach, paid
from workbench.model import Bounds, Decay, EachRule
from workbench.parsing import milli, place_of

SLACK = 3
"""A cap of a dimension or of the score is also its scale: room up to this many times what can be paid is usual."""


@dataclass(frozen=True)
class Capped:
    """A cap with what comes under it in one alternative.

    Attributes:
        at: rule, group, dimension, or "score".
        what: the same with its kind, for a sentence.
        place: of the cap.
        bounds: the cap.
        found: what comes under it.
        kind: rule, limit, group, dimension or score.
    """

    at: str
    what: str
    place: str
    bounds: Bounds
    found: Range
    kind: str

    @property
    def scale(self) -> bool:
        """Whether the cap is also a scale."""
        return self.kind in {"dimension", "score"}


def caps(parts: Parts, reaches: list[Reach]) -> Iterator[Finding]:
    """L131 and L132, and for rules on events L133 and L134."""
    by_place: dict[tuple[str, str], list[Capped]] = {}
    for number, reach in enumerate(reaches):
        for each in capped_parts(parts, number, reach):
            by_place.setdefault((each.what, each.place), []).append(each)
    for same in by_place.values():
        for side in ("max", "min"):
            yield from _idle(same, side)
        yield from _tight(same)
    for part in parts.rules:
        if isinstance(part.rule, EachRule):
            yield from _limits(part, part.rule)
            yield from _fades(part, part.rule)


def capped_parts(parts: Parts, number: int, reach: Reach) -> Iterator[Capped]:
    """Every cap of an alternative, with what can come under it."""
    variants, model = parts.model.variants, parts.model
    used = model._used.get(variants[number - 1].name) if number else None
    home = model if used is None else used

    def place(*path: str | int) -> str:
        return place_of(path, home.document)

    of = {part.id: part for part in parts.rules if number in part.alternatives}
    for id_, found in reach.rules.items():
        part = of[id_]
        yield Capped(id_, f"The cap of the rule '{id_}'", part.place("cap"), part.rule.cap, found, "rule")
        if isinstance(part.rule, EachRule) and part.rule.limit.points is not None:
            most = part.rule.limit.points
            bounds = Bounds(min=-most, max=most)
            what = f"The limit of points of '{id_}'"
            yield Capped(id_, what, part.place("limit", "points"), bounds, paid(part, parts), "limit")
    for name, group in home.groups.items():
        if reach.groups[name].least < math.inf:
            yield Capped(
                name, f"The cap of the group '{name}'", place("groups", name), group, reach.groups[name], "group"
            )
    for name, dimension in home.dimensions.items():
        if reach.raw[name].least < math.inf:
            what = f"The cap of the dimension '{name}'"
            yield Capped(name, what, place("dimensions", name), dimension, reach.raw[name], "dimension")
    if home.score.combine != "matrix":
        yield Capped("score", "The cap of the score", place("score"), home.score, reach.raw_score, "score")


def _idle(same: list[Capped], side: str) -> Iterator[Finding]:
    """A side of a cap that is far from anything, in all alternatives."""
    first = same[0]
    bound = getattr(first.bounds, side)
    if not bound or (side == "min" and bound > 0) or (side == "max" and bound < 0):
        return
    size = abs(milli(bound))
    reached = max(each.found.high if side == "max" else -each.found.low for each in same)
    one_sign = first.kind == "limit" and not _pays(same, side)
    if one_sign or (reached >= size if not first.scale else reached * SLACK >= size):
        return
    room = f"at most {reached / 1000:g}" if reached > 0 else "nothing"
    way = "earned" if side == "max" else "taken away"
    sentence = f"{first.what} ({side} {bound:g}) can never bind: {room} can be {way} there."
    yield BY_CODE["L131"].at(first.at, first.place, sentence)


def _pays(same: list[Capped], side: str) -> bool:
    """Whether anything is paid on that side: a limit of points stands on both sides and is meant for one."""
    return any((each.found.high > 0) if side == "max" else (each.found.low < 0) for each in same)


def _tight(same: list[Capped]) -> Iterator[Finding]:
    first = same[0]
    if first.bounds.min == 0 == first.bounds.max:
        return  # it pays nothing: another check says so
    high = math.inf if first.bounds.max is None else milli(first.bounds.max)
    low = -math.inf if first.bounds.min is None else milli(first.bounds.min)
    if all(each.found.low > high or each.found.high < low for each in same):
        sentence = f"{first.what} binds for every lead: what comes to it is never within {_spelled(first.bounds)}."
    elif all(_whenever_paid(each.found, low, high) for each in same):
        least = min(each.found.least for each in same) / 1000
        sentence = (
            f"{first.what} binds whenever anything is paid: {least:g} at least, against {_spelled(first.bounds)}."
        )
    else:
        return
    yield BY_CODE["L132"].at(first.at, first.place, sentence)


def _whenever_paid(found: Range, low: float, high: float) -> bool:
    if found.low >= 0:
        return found.high > 0 and found.least > high and found.least < math.inf
    return found.high <= 0 and found.least > -low and found.least < math.inf


def _spelled(bounds: Bounds) -> str:
    sides = (f"{side} {value:g}" for side, value in (("min", bounds.min), ("max", bounds.max)) if value is not None)
    return ", ".join(sides)


def _limits(part: RulePart, rule: EachRule) -> Iterator[Finding]:
    limit, per_day = rule.limit, rule.limit.per_day
    if limit.events is not None and per_day is not None and per_day >= limit.events:
        sentence = f"'{part.id}' keeps {per_day} events a day and {limit.events} in all: the limit a day has no effect."
        yield BY_CODE["L133"].at(part.id, part.place("limit"), sentence)
    elif limit.events is not None and per_day is not None and rule.each.within is not None:
        most = per_day * (rule.each.within + 1)
        if most < limit.events:
            sentence = (
                f"'{part.id}' can keep {most} events in {rule.each.within} days at {per_day} a day: "
                f"its limit of {limit.events} events has no effect."
            )
            yield BY_CODE["L133"].at(part.id, part.place("limit"), sentence)


def _fades(part: RulePart, rule: EachRule) -> Iterator[Finding]:
    if rule.decay is None or (rule.points < 0 and not rule.decay.negatives):
        if rule.decay is not None:
            sentence = f"'{part.id}' takes points away, and its decay spares negatives: nothing fades."
            yield BY_CODE["L134"].at(part.id, part.place("decay"), sentence)
        return
    if rule.decay.floor == 1:
        yield BY_CODE["L134"].at(part.id, part.place("decay"), f"The decay of '{part.id}' has a floor of 100%.")
        return
    begins = begins_after(rule.decay)
    if rule.each.within is not None and begins >= rule.each.within:
        sentence = (
            f"The decay of '{part.id}' begins at an age of {begins} days, but only events younger than "
            f"{rule.each.within} days count."
        )
        yield BY_CODE["L134"].at(part.id, part.place("decay"), sentence)


_FIRST: dict[str, Callable[[Decay], int]] = {
    "half_life": lambda decay: 1,  # noqa: ARG005
    "expiry": lambda decay: decay.expiry or 0,
    "linear": lambda decay: 1,  # noqa: ARG005
    "step": lambda decay: decay.step.every if decay.step is not None else 0,
    "geometric": lambda decay: decay.geometric.every if decay.geometric is not None else 0,
    "table": lambda decay: next((age for age, share in decay.table or () if share < 1), 36_500),
}


def begins_after(decay: Decay) -> int:
    """The first age in whole days at which less than everything is left."""
    return (decay.grace or 0) + _FIRST[decay.shape](decay)
