"""Points that a lead gets because a value is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from workbench.linting.catalogue import BY_CODE
from workbench.linting.compiled import compiled, field, quantity
from workbench.linting.finding import Finding
from workbench.linting.formula import Formula, Subject, Term, TooMany, literals, negation
from workbench.linting.logic import START
from workbench.linting.parts import Parts, RulePart
from workbench.model import (
    AccountFieldTest,
    AllOf,
    AnyOf,
    CasesRule,
    Condition,
    EachRule,
    EventTest,
    FieldTest,
    NamedList,
    NotOf,
    OtherField,
    WhenRule,
    leaves,
)
from workbench.model.words import events_in_words

FIELDS = {"lead", "account", "event"}
_NOT_DONE = "These leads rise for what they have not done, and fall once they do it."


@dataclass(frozen=True)
class Trap:
    """A payment that a missing value is enough for.

    Attributes:
        part: the rule.
        place: where it pays.
        points: what it pays.
        subjects: the fields (or ages of events) that may be missing.
        when: who is paid, as a condition on leads; None where events' properties are meant.
        default: whether it is the default of `cases`.
    """

    part: RulePart
    place: str
    points: Decimal
    subjects: tuple[Subject, ...]
    when: Condition | None
    default: bool = False

    @property
    def because(self) -> str:
        """Why they are paid: `'seats' is missing`, `they have no visit in 90 days`."""
        return " or ".join(self._lacking("{} is missing", "they have no {}"))

    @property
    def lacking(self) -> str:
        """Who they are: `whose 'seats' is missing`, `who have no visit in 90 days`."""
        return " or ".join(self._lacking("whose {} is missing", "who have no {}"))

    def _lacking(self, field: str, events: str) -> Iterator[str]:
        fields = [f"'{subject.name}'" for subject in self.subjects if subject.source != "events"]
        if fields:
            yield field.format(" or ".join(fields))
        for words in dict.fromkeys(events_in_words(test) for test in self.ages):
            yield events.format(words)

    @property
    def ages(self) -> tuple[EventTest, ...]:
        """The tests on ages of events that there may be none of."""
        tests = () if self.when is None else leaves(self.when)
        return tuple(test for test in tests if isinstance(test, EventTest) and quantity(test) in self.subjects)

    @property
    def why(self) -> str:
        """Why it matters, where no field is missing; else empty."""
        return "" if len(self.ages) < len(self.subjects) else _NOT_DONE

    @property
    def remedy(self) -> str:
        """What to do; empty for a field that is missing."""
        if not self.ages:
            return "Add a case for 'known: false' with the points that are meant." if self.default else ""
        if self.default:
            return "Add a case with 'count: {equals: 0}' for leads without such an event."
        said = "drop 'missing: true'" if any(test.missing is True for test in self.ages) else "say 'missing: skip'"
        fields = "" if self.why else f" {BY_CODE['L141'].remedy}"
        return f"If leads who never had such an event are meant, silence this; else {said}.{fields}"

    @property
    def only_because(self) -> Condition | None:
        """Who is paid, but would not be if a missing value made each of these tests, and its negation, false."""
        if self.when is None:
            return None
        return AllOf(all=(self.when, _not(_strict(self.when, self.subjects, holds=True))))


def missing(parts: Parts) -> Iterator[Finding]:
    """L141."""
    for trap in traps(parts):
        what = "the default of " if trap.default else ""
        who, earn = ("Events", "earn") if isinstance(trap.part.rule, EachRule) else ("Leads", "get")
        sentence = f"{who} {trap.lacking} {earn} the {trap.points:g} points of {what}'{trap.part.id}'."
        yield BY_CODE["L141"].at(trap.part.id, trap.place, sentence, remedy=trap.remedy, why=trap.why)


def traps(parts: Parts) -> Iterator[Trap]:
    """Every payment of more than 0 for which a missing value is enough."""
    for part in parts.rules:
        rule = part.rule
        if not rule.weight:
            continue
        if isinstance(rule, CasesRule):
            yield from _cases(part, rule, parts)
        elif rule.points > 0:
            condition = rule.when if isinstance(rule, WhenRule) else rule.each.where
            source = "lead" if isinstance(rule, WhenRule) else "event"
            if condition is not None:
                subjects = _enough(compiled(condition, source=source), [*START], condition, source, parts)
                if subjects:
                    below = ("when",) if isinstance(rule, WhenRule) else ("each", "where")
                    asked = condition if isinstance(rule, WhenRule) else None
                    yield Trap(part, part.place(*below), rule.points, subjects, asked)


def _cases(part: RulePart, rule: CasesRule, parts: Parts) -> Iterator[Trap]:
    rest: list[Term] = [*START]
    before: list[Condition] = []
    try:
        for number, case in enumerate(rule.cases):
            formula = compiled(case.when)
            subjects = _enough(formula, rest, case.when, "lead", parts)
            if subjects and case.points > 0:
                when = AllOf(all=(*(_not(each) for each in before), case.when))
                yield Trap(part, part.case_place(number), case.points, subjects, when)
            rest = parts.logic.ways(negation(formula), rest)
            before.append(case.when)
    except TooMany:
        return
    asked = {subject for case in rule.cases for subject in {each.subject for each in literals(compiled(case.when))}}
    subjects = _open(rest)
    if rule.default > 0 and subjects and len(asked) == 1:
        when = AllOf(all=tuple(_not(each) for each in before))
        yield Trap(part, part.place("default"), rule.default, subjects, when, default=True)


def _not(condition: Condition) -> NotOf:
    return NotOf(**{"not": condition})


def _enough(formula: Formula, rest: list[Term], condition: Condition, source: str, parts: Parts) -> tuple[Subject, ...]:
    """The subjects that may be missing where the formula holds, by a negation or by 'missing: true'."""
    try:
        found, alone = parts.logic.ways(formula, rest), parts.logic.ways(formula)
    except TooMany:
        return ()
    own = {*_open(alone), *_allowing(condition, source, holds=True)}
    return tuple(
        sorted((each for each in own if any(_may(term, each) for term in found)), key=lambda subject: subject.name)
    )


def _may(term: Term, subject: Subject) -> bool:
    return subject in term and term[subject].missing


def _open(terms: list[Term]) -> tuple[Subject, ...]:
    """Subjects that are asked of and may be missing as well as known: a missing value was not thought of."""
    found = {
        subject
        for term in terms
        for subject, cell in term.items()
        if cell.missing and cell.known and (subject.source in FIELDS or subject.source == "events")
    }
    return tuple(sorted(found, key=lambda subject: subject.name))


def _allowing(condition: Condition, source: str, *, holds: bool) -> Iterator[Subject]:
    """The subjects of tests that say 'missing: true' and are not negated, or are negated and compare with a list or
    another field: what is missing is on no list, and neither above nor below another.
    """
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.all if isinstance(condition, AllOf) else condition.any:
            yield from _allowing(part, source, holds=holds)
    elif isinstance(condition, NotOf):
        yield from _allowing(condition.not_, source, holds=not holds)
    elif isinstance(condition, FieldTest | AccountFieldTest):
        beside = isinstance(condition.argument, NamedList | OtherField)
        if (holds and condition.missing is True) or (not holds and condition.missing is False and beside):
            yield from compared(condition, source)
    elif isinstance(condition, EventTest) and holds and condition.missing is True:
        yield quantity(condition)


def compared(test: FieldTest | AccountFieldTest, source: str = "lead") -> tuple[Subject, ...]:
    """The fields that a test needs: its own, and the one that it is compared with."""
    other = test.argument
    if not isinstance(other, OtherField):
        return (field(test, source),)
    return field(test, source), Subject("account" if other.account_field is not None else source, other.name)


def _strict(condition: Condition, subjects: tuple[Subject, ...], *, holds: bool) -> Condition:
    """The condition with tests on some subjects that neither hold nor fail in its favour where a value is missing."""
    if isinstance(condition, AllOf):
        return AllOf(all=tuple(_strict(part, subjects, holds=holds) for part in condition.all))
    if isinstance(condition, AnyOf):
        return AnyOf(any=tuple(_strict(part, subjects, holds=holds) for part in condition.any))
    if isinstance(condition, NotOf):
        return _not(_strict(condition.not_, subjects, holds=not holds))
    if isinstance(condition, FieldTest | AccountFieldTest):
        asked = bool(set(compared(condition)) & set(subjects)) and condition.operator not in {"known", "changed_within"}
    else:
        asked = isinstance(condition, EventTest) and quantity(condition) in subjects
    return condition.model_copy(update={"missing": not holds}) if asked else condition
