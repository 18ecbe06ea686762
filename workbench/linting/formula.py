"""Conditions as and/or of single tests, with `missing` and `skip` worked out, and all ways in which they can hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from workbench.linting.cell import Cell, Test


@dataclass(frozen=True)
class Subject:
    """What a test is asked of.

    Attributes:
        source: "lead", "account", "event": a field; "events": a quantity of events; "pair": the sign of the difference
            of two fields; "changed": the age of a field's last change; "member": whether a list has the lead.
        name: the field's name, or what else tells subjects of one source apart.
    """

    source: str
    name: str


@dataclass(frozen=True)
class Literal:
    """That a test on a subject holds, or does not."""

    subject: Subject
    test: Test
    holds: bool = True


@dataclass(frozen=True)
class All:
    """All parts hold; without parts true."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Some:
    """At least one part holds; without parts false."""

    parts: tuple[Formula, ...]


Formula: TypeAlias = Literal | All | Some
TRUE = All(())
FALSE = Some(())
Term: TypeAlias = Mapping[Subject, Cell]
"""One way in which a formula can hold: what each subject may be; those that are not in it may be anything."""

MOST_TERMS = 400
MOST_STEPS = 20_000


class TooMany(Exception):
    """A condition can hold in too many ways to look at each; then nothing is said about it."""


def conjunction(parts: Iterable[Formula]) -> Formula:
    """All of them; what is plainly true is left out."""
    kept = tuple(part for part in parts if part != TRUE)
    return FALSE if FALSE in kept else kept[0] if len(kept) == 1 else All(kept)


def disjunction(parts: Iterable[Formula]) -> Formula:
    """At least one of them; what is plainly false is left out."""
    kept = tuple(part for part in parts if part != FALSE)
    return TRUE if TRUE in kept else kept[0] if len(kept) == 1 else Some(kept)


def negation(formula: Formula) -> Formula:
    """The opposite, with the negation at the tests."""
    if isinstance(formula, Literal):
        return Literal(formula.subject, formula.test, not formula.holds)
    parts = tuple(negation(part) for part in formula.parts)
    return disjunction(parts) if isinstance(formula, All) else conjunction(parts)


def literals(formula: Formula) -> Iterator[Literal]:
    """Every single test in a formula."""
    if isinstance(formula, Literal):
        yield formula
    else:
        for part in formula.parts:
            yield from literals(part)


def required(formula: Formula) -> Iterator[Literal]:
    """The single tests that must all hold where the formula does."""
    if isinstance(formula, Literal):
        yield formula
    elif isinstance(formula, All):
        for part in formula.parts:
            yield from required(part)


def paths(formula: Formula, start: Term, domain: Mapping[Subject, Cell]) -> Iterator[Term]:
    """The ways in which a formula can hold on top of another, one by one; none is left out, some may come twice.

    Tests are looked at before choices, and narrow choices before wide ones, so that what is impossible ends early.

    Raises:
        TooMany: beyond `MOST_STEPS` choices.
    """
    steps = 0
    stack: list[tuple[Term, tuple[Formula, ...]]] = [(start, (formula,))]
    while stack:
        term, open_ = stack.pop()
        after = _narrowed(term, open_, domain)
        if after is None:
            continue
        found, choices = after
        if not choices:
            yield found
            continue
        choice = min(choices, key=lambda each: len(each.parts))
        rest = tuple(each for each in choices if each is not choice)
        steps += len(choice.parts)
        if steps > MOST_STEPS:
            raise TooMany
        stack.extend((found, (part, *rest)) for part in reversed(choice.parts))


def ways(formula: Formula, start: Iterable[Term], domain: Mapping[Subject, Cell]) -> list[Term]:
    """All ways in which a formula can hold on top of others, each once; raises TooMany beyond `MOST_TERMS`."""
    found: dict[frozenset[tuple[Subject, Cell]], Term] = {}
    for term in start:
        for path in paths(formula, term, domain):
            found[frozenset(path.items())] = path
            if len(found) > MOST_TERMS:
                raise TooMany
    return list(found.values())


def _narrowed(
    term: Term, formulas: Iterable[Formula], domain: Mapping[Subject, Cell]
) -> tuple[Term, list[Some]] | None:
    """What is left after all single tests of some formulas, and the choices that are still open; None if nothing is."""
    now, choices = dict(term), []
    pending = list(formulas)
    while pending:
        formula = pending.pop()
        if isinstance(formula, All):
            pending.extend(formula.parts)
        elif isinstance(formula, Some):
            if not formula.parts:
                return None
            choices.append(formula)
        else:
            before = now.get(formula.subject)
            if before is None:
                before = domain.get(formula.subject, Cell())
            cell = before.after(formula.test, holds=formula.holds)
            if not cell.possible:
                return None
            now[formula.subject] = cell
    return now, choices
