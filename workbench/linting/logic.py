"""Whether conditions can hold, always hold, or follow from each other.

Everything here errs on one side: what is called impossible or implied certainly is; what cannot be worked out (a
regular expression, what a list holds, too many ways) is called possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations

from workbench.linting.cell import Cell, Kind, Missing
from workbench.linting.compiled import compiled, field, filter_key, quantity, quantity_cell
from workbench.linting.formula import (
    Formula,
    Literal,
    Subject,
    Term,
    TooMany,
    conjunction,
    literals,
    negation,
    paths,
    ways,
)
from workbench.model import AccountFieldTest, Condition, EventFilter, EventTest, FieldTest, OtherField, leaves
from workbench.model.comparison import NUMBER_OPERATORS, TIME_OPERATORS
from workbench.model.conditions import AGES

START: tuple[Term, ...] = ({},)


@dataclass(frozen=True)
class Logic:
    """What is known of the subjects of a model's conditions before any test.

    Attributes:
        domain: what each subject can be at all.
        tests: the tests on events, by the subject that they are asked of.
    """

    domain: Mapping[Subject, Cell]
    tests: Mapping[Subject, EventTest]

    @classmethod
    def of(cls, conditions: Iterable[Condition], wheres: Iterable[Condition] = ()) -> Logic:
        """Gather what the conditions of a model, and those on events' properties, say about kinds of values."""
        every = list(conditions)
        kinds = dict(_kinds(every, list(wheres)))
        domain = {subject: Cell.of(frozenset(found)) for subject, found in kinds.items()}
        tests: dict[Subject, EventTest] = {}
        for test in _event_tests(every):
            where = compiled(test.where, source="event")
            domain[quantity(test)] = quantity_cell(test, possible=_any_way(where, domain))
            tests[quantity(test)] = test
        return cls(domain, tests)

    def ways(self, formula: Formula, start: Iterable[Term] = START) -> list[Term]:
        """The ways in which a formula can hold; raises TooMany."""
        return [term for term in ways(formula, start, self.domain) if not self._torn(term)]

    def possible(self, formula: Formula, start: Iterable[Term] = START) -> bool:
        """Whether it can hold."""
        try:
            return any(not self._torn(term) for one in start for term in paths(formula, one, self.domain))
        except TooMany:
            return True

    def certain(self, formula: Formula) -> bool:
        """Whether it holds for everyone."""
        return not self.possible(negation(formula))

    def implies(self, formula: Formula, other: Formula) -> bool:
        """Whether the other holds wherever the one does."""
        return not self.possible(conjunction((formula, negation(other))))

    def certain_if_known(self, formula: Formula) -> tuple[str, ...]:
        """The fields for which it is enough to be known, so that it holds; none if it is not so."""
        subjects = sorted({each.subject for each in literals(formula)}, key=lambda each: each.name)
        only_known = all(isinstance(each.test, Missing) for each in literals(formula))
        if only_known or any(each.source not in {"lead", "account", "event"} for each in subjects):
            return ()
        known = conjunction(Literal(subject, Missing(), holds=False) for subject in subjects)
        return tuple(each.name for each in subjects) if self.implies(known, formula) else ()

    def _torn(self, term: Term) -> bool:
        """Whether quantities of events contradict each other: more in a part than in the whole."""
        counted = [subject for subject in term if subject in self.tests]
        return any(self._contradict(term, one, other) for one, other in permutations(counted, 2))

    def _contradict(self, term: Term, one: Subject, other: Subject) -> bool:
        part, whole = self.tests[one], self.tests[other]
        if not contained(part, whole) or "sum" in (part.measure, whole.measure):
            return False
        few, many = term[one], term[other]
        if part.measure in AGES:
            needs = 0 if few.missing else 1
        else:
            needs = 0 if few.numbers.empty else int(few.numbers.low[0])
        if needs <= 0:
            return False
        if whole.measure in AGES:
            return not many.known
        if many.numbers.empty:
            return True
        comparable = whole.measure == "count" or (part.measure == whole.measure and part.of == whole.of)
        return many.numbers.high[0] <= (needs if comparable else 1)


def contained(part: EventFilter, whole: EventFilter) -> bool:
    """Whether each event of the one set is certainly in the other."""
    names = whole.names is None or (part.names is not None and set(part.names) <= set(whole.names))
    where = whole.where is None or part.where == whole.where
    young = whole.within is None or (part.within is not None and part.within <= whole.within)
    old = whole.older_than is None or (part.older_than is not None and part.older_than >= whole.older_than)
    dated = (whole.after in (None, part.after)) and (whole.before in (None, part.before))
    scope = whole.scope == part.scope or whole.scope == "account"
    return names and where and young and old and dated and scope


def same_events(one: EventFilter, other: EventFilter) -> bool:
    """Whether two sets of events are worded alike."""
    return filter_key(one) == filter_key(other)


def every_test(condition: Condition | None) -> Iterator[tuple[Condition, str]]:
    """The tests at the ends of a condition and in its events' `where`, with what they are asked of."""
    for leaf in leaves(condition):
        yield leaf, "lead"
        if isinstance(leaf, EventTest):
            yield from ((inner, "event") for inner in leaves(leaf.where))


def _event_tests(conditions: list[Condition]) -> Iterator[EventTest]:
    for condition in conditions:
        yield from (leaf for leaf in leaves(condition) if isinstance(leaf, EventTest))


def _kinds(conditions: list[Condition], wheres: list[Condition]) -> Mapping[Subject, set[Kind]]:
    """The kinds of values that the tests on each field speak of."""
    found: dict[Subject, set[Kind]] = {}
    asked = [each for condition in conditions for each in every_test(condition)]
    asked += [(leaf, "event") for where in wheres for leaf in leaves(where)]
    for leaf, source in asked:
        if isinstance(leaf, FieldTest | AccountFieldTest):
            kinds = set(_kinds_of(leaf))
            if kinds:
                found.setdefault(field(leaf, source), set()).update(kinds)
    return found


def _kinds_of(test: FieldTest | AccountFieldTest) -> Iterator[Kind]:
    argument, operator = test.argument, test.operator
    if operator in NUMBER_OPERATORS:
        yield "number"
    elif operator in TIME_OPERATORS:
        yield "time"
    elif operator in {"equals", "one_of"} and not isinstance(argument, OtherField):
        for value in argument if isinstance(argument, tuple) else (argument,):
            if isinstance(value, str):
                yield "text"
            elif isinstance(value, bool):
                yield "boolean"
            elif isinstance(value, int | float):
                yield "number"
    elif operator not in {"equals", "one_of", "known", "changed_within"}:
        yield "text"


def _any_way(formula: Formula, domain: Mapping[Subject, Cell]) -> bool:
    try:
        return next(paths(formula, {}, domain), None) is not None
    except TooMany:
        return True
