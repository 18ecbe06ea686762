"""Cases, gates and variants for which those before them leave nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.linting.catalogue import BY_CODE
from workbench.linting.compiled import compiled
from workbench.linting.finding import Finding
from workbench.linting.formula import Formula, Term, TooMany, negation
from workbench.linting.logic import START, Logic
from workbench.linting.parts import Choice, Parts, RulePart
from workbench.model import CasesRule
from workbench.model.rules import BandsRule, MapRule


def sequences(parts: Parts) -> Iterator[Finding]:
    """L111 and L112."""
    for part in parts.rules:
        if isinstance(part.rule, CasesRule):
            yield from _cases(part, part.rule, parts)
    for choices in (parts.gates, parts.variants):
        yield from _choices(choices, parts)


def _cases(part: RulePart, rule: CasesRule, parts: Parts) -> Iterator[Finding]:
    formulas = [compiled(case.when) for case in rule.cases]
    for number in unreachable(formulas, parts.logic):
        name = case_name(part, number)
        if not parts.logic.possible(formulas[number]):
            sentence = f"{name} of '{part.id}' can never hold: its tests exclude each other."
        else:
            taken = _taken(formulas, number, parts.logic)
            by = "those before it together take" if taken is None else f"{_lower(case_name(part, taken))} takes"
            sentence = f"{name} of '{part.id}' is never the first that holds: {by} all its leads."
        yield BY_CODE["L111"].at(part.id, part.case_place(number), sentence)


def _choices(choices: Sequence[Choice], parts: Parts) -> Iterator[Finding]:
    formulas = [choice.formula for choice in choices]
    for number in unreachable(formulas, parts.logic):
        choice = choices[number]
        if not parts.logic.possible(formulas[number]):
            continue  # it contradicts itself: another check says so
        taken = _taken(formulas, number, parts.logic)
        by = "those before it together take" if taken is None else f"'{choices[taken].name}' before it takes"
        sentence = f"The {choice.what} '{choice.name}' is never used: {by} all its leads."
        yield BY_CODE["L112"].at(choice.name, parts.place(*choice.path), sentence)


def unreachable(formulas: Sequence[Formula], logic: Logic) -> Iterator[int]:
    """The numbers of those that are never the first to hold."""
    rest: list[Term] | None = list(START)
    for number, formula in enumerate(formulas):
        try:
            reached = logic.possible(formula, rest) if rest is not None else _alone(formulas, number, logic)
            if rest is not None:
                rest = logic.ways(negation(formula), rest)
        except TooMany:
            rest, reached = None, _alone(formulas, number, logic)
        if not reached:
            yield number


def _alone(formulas: Sequence[Formula], number: int, logic: Logic) -> bool:
    """Whether it may be reached, where all before it cannot be looked at together."""
    return logic.possible(formulas[number]) and _taken(formulas, number, logic) is None


def _taken(formulas: Sequence[Formula], number: int, logic: Logic) -> int | None:
    """The first that alone takes all leads of another after it."""
    return next((n for n in range(number) if logic.implies(formulas[number], formulas[n])), None)


def case_name(part: RulePart, number: int) -> str:
    """What a case is called: by its number, or of a map by its value."""
    if isinstance(part.authored, MapRule):
        return f"The value {list(part.authored.map.points)[number]!r}"
    return f"Band {number + 1}" if isinstance(part.authored, BandsRule) else f"Case {number + 1}"


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]
