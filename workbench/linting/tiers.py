"""Tiers, grades and gates that give nobody what they say."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from workbench.linting.catalogue import BY_CODE
from workbench.linting.finding import Finding
from workbench.linting.parts import Parts
from workbench.linting.reach import Range, Reach, axis_reach, matrix_ranks
from workbench.model import Tier
from workbench.parsing import milli

NOTHING = Range(0, 0, math.inf)


def tiers(parts: Parts, reaches: list[Reach]) -> Iterator[Finding]:
    """L151 to L156."""
    used = [(number, reach) for number, reach in enumerate(reaches) if _used(parts, number)]
    for rank in range(len(parts.model.tiers)):
        yield from _tier(rank, used, parts)
    if parts.model.matrix is not None:
        yield from _grades(parts, used)
    yield from _near(parts)


def _used(parts: Parts, number: int) -> bool:
    """Whether any lead can have this alternative."""
    if number:
        return parts.logic.possible(parts.variants[number - 1].formula)
    return not any(parts.logic.certain(variant.formula) for variant in parts.variants)


def _tier(rank: int, used: list[tuple[int, Reach]], parts: Parts) -> Iterator[Finding]:
    model, place = parts.model, parts.place("tiers", rank)
    name = model.tiers[rank].name
    forced = any(
        gate.tier == name and parts.logic.possible(parts.gates[n].formula) for n, gate in enumerate(model.gates)
    )
    reasons = {number: _out_of_reach(rank, reach) for number, reach in used}
    out = [number for number, reason in reasons.items() if reason]
    if out and len(out) == len(used):
        if not forced:
            yield BY_CODE["L151"].at(name, place, f"No lead can get the tier '{name}': {reasons[out[0]]}.")
        return
    for number in out:
        variant = f"the variant '{model.variants[number - 1].name}'" if number else "no variant"
        sentence = f"No lead of {variant} can get the tier '{name}': {reasons[number]}."
        yield BY_CODE["L152"].at(name, place, sentence)
    later = [_taken_over(rank, reach) for number, reach in used if number not in out]
    if not forced and later and all(each is not None for each in later):
        sentence = f"Nobody stays in the tier '{name}': whoever reaches it also reaches '{later[0]}' after it."
        yield BY_CODE["L153"].at(name, place, sentence)


def _out_of_reach(rank: int, reach: Reach) -> str:
    """Why no lead of an alternative reaches a tier; empty if one may."""
    model, tier = reach.model, reach.model.tiers[rank]
    if model.matrix is not None:
        return "" if rank in matrix_ranks(model, reach.dimensions) else "no grade that can be given leads to it"
    if tier.from_ is not None and milli(tier.from_) > reach.score.high:
        return f"the score can be {reach.score.high / 1000:g} at most, and it begins at {tier.from_:g}"
    for name, least in tier.require.items():
        high = reach.dimensions.get(name, NOTHING).high
        if milli(least) > high:
            return f"'{name}' can be {high / 1000:g} at most, and it requires {least:g}"
    return ""


def _taken_over(rank: int, reach: Reach) -> str | None:
    """The later tier that every lead which reaches this one reaches too."""
    if reach.model.matrix is not None:
        return None
    tier = reach.model.tiers[rank]
    return next((later.name for later in reach.model.tiers[rank + 1 :] if _covers(later, tier, reach)), None)


def _covers(later: Tier, tier: Tier, reach: Reach) -> bool:
    assert later.from_ is not None  # noqa: S101  (without a matrix each tier has one)
    assert tier.from_ is not None  # noqa: S101
    scored = later.from_ <= tier.from_ or milli(later.from_) <= reach.score.low
    return scored and all(
        tier.require.get(name, least - 1) >= least or reach.dimensions.get(name, NOTHING).low >= milli(least)
        for name, least in later.require.items()
    )


def _grades(parts: Parts, used: list[tuple[int, Reach]]) -> Iterator[Finding]:
    matrix = parts.model.matrix
    sides = [axis_reach(reach.model, reach.dimensions) for _, reach in used if reach.model.matrix == matrix]
    if matrix is None or not sides:
        return
    for index, (key, axis) in enumerate((("rows", matrix.rows), ("columns", matrix.columns))):
        for name in axis.from_:
            if not any(side[index][name] for side in sides):
                place = parts.place("matrix", key, "from", name)
                sentence = f"No lead can be in part '{name}' of the matrix ({key}): '{axis.dimension}' cannot be there."
                yield BY_CODE["L154"].at("matrix", place, sentence)
        if any(side[index][""] for side in sides):
            least = min(axis.from_.values())
            sentence = f"Leads with less than {least:g} in '{axis.dimension}' are in no part of the matrix."
            yield BY_CODE["L155"].at("matrix", parts.place("matrix", key, "from"), sentence)
    without = [
        f"{row}{column}"
        for row in matrix.rows.from_
        for column in matrix.columns.from_
        if f"{row}{column}" not in matrix.tiers and any(side[0][row] and side[1][column] for side in sides)
    ]
    if without:
        sentence = f"The matrix has no tier for {', '.join(without)}."
        yield BY_CODE["L155"].at("matrix", parts.place("matrix", "tiers"), sentence)


def _near(parts: Parts) -> Iterator[Finding]:
    names = [tier.name for tier in parts.model.tiers]
    for number, gate in enumerate(parts.model.gates):
        if gate.tier in names:
            continue
        near = next((name for name in names if near_miss(gate.tier, name)), None)
        if near is not None:
            sentence = f"The gate '{gate.id}' takes leads out as '{gate.tier}', which is nearly the tier '{near}'."
            remedy = f"Write '{near}' if that tier is meant; else choose a name that cannot be mistaken."
            yield BY_CODE["L156"].at(gate.id, parts.place("gates", number, "tier"), sentence, remedy=remedy)


def near_miss(one: str, other: str) -> bool:
    """Whether two names differ by case, blanks and punctuation only, or by a slip or two in a longer word.

    >>> near_miss("Nurtrue", "Nurture"), near_miss("Disqualified", "Qualified")
    (True, False)
    """
    a, b = (re.sub(r"[\W_]+", "", name).casefold() for name in (one, other))
    longest = max(len(a), len(b))
    return a == b or _slips(a, b) <= (0 if longest < 5 else 1 if longest < 9 else 2)


def _slips(a: str, b: str) -> int:
    """Letters to add, remove, change, or swap with their neighbour (restricted Damerau-Levenshtein distance)."""
    rows: list[list[int]] = [list(range(len(b) + 1))]
    for i, one in enumerate(a, start=1):
        row = [i]
        for j, other in enumerate(b, start=1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (one != other))
            if i > 1 and j > 1 and one == b[j - 2] and a[i - 2] == other:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
