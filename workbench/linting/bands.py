"""Gaps between bands of one number, and bands that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from workbench.linting.catalogue import BY_CODE
from workbench.linting.cell import Among
from workbench.linting.compiled import compiled
from workbench.linting.finding import Finding
from workbench.linting.formula import Literal, Subject
from workbench.linting.parts import Parts, RulePart
from workbench.linting.sequence import unreachable
from workbench.linting.spans import HIGHEST, LOWEST, Cut, Spans, whole
from workbench.model import CasesRule
from workbench.model.rules import BandsRule

Band = tuple[int, Cut, Cut]
"""Number of the case, and the cuts between which it lies."""


def bands(parts: Parts) -> Iterator[Finding]:
    """L121 and L122."""
    for part in parts.rules:
        if isinstance(part.authored, BandsRule | CasesRule) and isinstance(part.rule, CasesRule):
            found = _bands(part.rule)
            if found is not None:
                subject, ranges = found
                yield from _gaps(part, subject, ranges)
                dead = set(unreachable([compiled(case.when) for case in part.rule.cases], parts.logic))
                yield from _overlaps(part, subject, [band for band in ranges if band[0] not in dead])


def _bands(rule: CasesRule) -> tuple[Subject, list[Band]] | None:
    """The bands of a rule that cuts one number only."""
    subjects, found = set(), []
    for number, case in enumerate(rule.cases):
        formula = compiled(case.when)
        if not isinstance(formula, Literal) or not formula.holds or not isinstance(formula.test, Among):
            return None
        numbers = formula.test.numbers
        if len(numbers.pairs) != 1:
            return None
        subjects.add(formula.subject)
        found.append((number, numbers.low, numbers.high))
    if len(subjects) != 1 or len(found) < 2 or next(iter(subjects)).source in {"member", "list", "pair"}:
        return None
    return subjects.pop(), found


def _closed(band: Band) -> bool:
    return band[1] != LOWEST and band[2] != HIGHEST


def _gaps(part: RulePart, subject: Subject, found: list[Band]) -> Iterator[Finding]:
    ordered = sorted(found, key=lambda band: (band[1], band[2]))
    before = ordered[0]
    for band in ordered[1:]:
        gap = before[2] < band[1] and not whole(Spans(((before[2], band[1]),))).empty
        if gap and (isinstance(part.authored, BandsRule) or _closed(before) or _closed(band)):
            sentence = f"'{part.id}' leaves {_between(subject, before[2], band[1])} to no band."
            yield BY_CODE["L121"].at(part.id, part.case_place(band[0]), sentence)
        before = max(before, band, key=lambda each: each[2])


def _overlaps(part: RulePart, subject: Subject, found: list[Band]) -> Iterator[Finding]:
    for first, later in combinations(found, 2):
        low, high = max(first[1], later[1]), min(first[2], later[2])
        nested = (first[1] <= later[1] and later[2] <= first[2]) or (later[1] <= first[1] and first[2] <= later[2])
        if low < high and not nested and not whole(Spans(((low, high),))).empty:
            sentence = f"In '{part.id}', {_between(subject, low, high)} is in bands {first[0] + 1} and {later[0] + 1}."
            yield BY_CODE["L122"].at(part.id, part.case_place(later[0]), sentence)


def _between(subject: Subject, low: Cut, high: Cut) -> str:
    name = "the count" if subject.source == "events" else subject.name
    return f"{name} {'above' if low[1] else 'from'} {low[0]:g} {'up to' if high[1] else 'to below'} {high[0]:g}"
