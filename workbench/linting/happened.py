"""What never or always happened to observed leads: rules, cases, gates, variants, caps and tiers."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from workbench.linting.caps import Capped, capped_parts
from workbench.linting.catalogue import BY_CODE
from workbench.linting.finding import Finding
from workbench.linting.hits import Booleans, Hits, Integers
from workbench.linting.missing import Trap
from workbench.linting.parts import Parts, RulePart
from workbench.linting.reach import Reach
from workbench.linting.sequence import case_name
from workbench.model import CasesRule
from workbench.model.rules import PerRule, UpToRule
from workbench.parsing import milli, moment_us

LEAST = 30
"""Leads below which "never" and "always" say nothing."""


def happened(parts: Parts, reaches: list[Reach], hits: Hits) -> Iterator[Finding]:
    """L201 to L206, and L210."""
    for part in parts.rules:
        yield from _rule(part, hits)
    for name, chosen in (("gate", hits.gate), ("variant", hits.variant)):
        choices = parts.gates if name == "gate" else parts.variants
        for number, choice in enumerate(choices):
            share = int((chosen == number + 1).sum())
            said = f"The {name} '{choice.name}' was the first to hold for"
            if hits.n >= LEAST and not share:
                yield BY_CODE["L201"].at(choice.name, parts.place(*choice.path), f"{said} none of {hits.who}.")
            elif hits.n >= LEAST and share == hits.n and choice.when is not None:
                yield BY_CODE["L202"].at(choice.name, parts.place(*choice.path), f"{said} all {hits.who}.")
    yield from _caps(parts, reaches, hits)
    for rank, tier in enumerate(parts.model.tiers):
        if hits.n >= LEAST and not (hits.ranks == rank).any():
            sentence = f"None of {hits.who} got the tier '{tier.name}'."
            yield BY_CODE["L206"].at(tier.name, parts.place("tiers", rank), sentence)


def _rule(part: RulePart, hits: Hits) -> Iterator[Finding]:
    rows = hits.rows(part)
    n = int(rows.sum())
    if n < LEAST:
        return
    who = hits.who if n == hits.n else f"{n:,} observed leads that it counts for"
    if part.restricted and hits.as_of_us is not None and not _in_force(part, hits.as_of_us[rows]).any():
        effective = part.rule.effective
        sides = (f"{side} {at}" for side, at in (("from", effective.from_), ("to", effective.to)) if at is not None)
        sentence = f"'{part.id}' is in force {' '.join(sides)}: at no moment at which the {who} were looked at."
        yield BY_CODE["L210"].at(part.id, part.place("effective"), sentence)
        return
    cases, paid = hits.cases[part.id][rows], hits.paid[part.id][rows]
    if not (cases > 0).any():
        yield BY_CODE["L201"].at(part.id, part.place(), f"'{part.id}' fired for none of {who}.")
        return
    if paid[0] and (paid == paid[0]).all():
        sentence = f"'{part.id}' paid all {who} the same {paid[0] / 1000:+g} points."
        yield BY_CODE["L202"].at(part.id, part.place(), sentence)
    if isinstance(part.rule, CasesRule) and not isinstance(part.authored, PerRule | UpToRule):
        for number in range(len(part.rule.cases)):
            if not (cases == number + 1).any():
                name = case_name(part, number)
                sentence = f"{name} of '{part.id}' was the first to hold for none of {who}."
                yield BY_CODE["L203"].at(part.id, part.case_place(number), sentence)


def _in_force(part: RulePart, moments: Integers) -> Booleans:
    effective = part.rule.effective
    low = -(2**62) if effective.from_ is None else moment_us(effective.from_)
    high = 2**62 if effective.to is None else moment_us(effective.to)
    return np.asarray((moments >= low) & (moments < high))


def _caps(parts: Parts, reaches: list[Reach], hits: Hits) -> Iterator[Finding]:
    told: set[tuple[str, str]] = set()
    for number, reach in enumerate(reaches):
        for each in capped_parts(parts, number, reach):
            came = {"rule": hits.rules, "group": hits.groups, "dimension": hits.dimensions}.get(each.kind, {})
            if each.at in came and (each.what, each.place) not in told:
                told.add((each.what, each.place))
                yield from _cap(each, came[each.at][hits.variant == number], hits.who)


def _cap(each: Capped, values: Integers, who: str) -> Iterator[Finding]:
    something = values[values != 0]
    if len(something) < LEAST:
        return
    low = -math.inf if each.bounds.min is None else milli(each.bounds.min)
    high = math.inf if each.bounds.max is None else milli(each.bounds.max)
    cut = (values > high) | (values < low)
    if cut[values != 0].all():
        sentence = f"{each.what} cut what all {len(something):,} observed leads with points there had earned."
        yield BY_CODE["L204"].at(each.at, each.place, sentence)
    elif not each.scale and not cut.any() and (each.found.high > high or each.found.low < low):
        most = int(np.abs(something).max()) / 1000
        sentence = f"{each.what} cut nobody's points: {most:g} was the most among {who}."
        yield BY_CODE["L205"].at(each.at, each.place, sentence)


def trapped(traps: tuple[Trap, ...], hits: Hits) -> Iterator[Finding]:
    """L208."""
    for number, found in hits.trapped.items():
        trap = traps[number]
        rows = hits.rows(trap.part)
        n, all_paid = int((found & rows).sum()), int((hits.paid[trap.part.id][rows] > 0).sum())
        if n:
            sentence = (
                f"{n:,} of the {all_paid:,} observed leads whom '{trap.part.id}' pays get {trap.points:g} points only "
                f"because {trap.because}."
            )
            yield BY_CODE["L208"].at(trap.part.id, trap.place, sentence, remedy=trap.remedy, why=trap.why)
