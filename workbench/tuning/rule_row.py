"""A rule's row: its switch, its numbers, and the points of its cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from workbench.model import (
    AllOf,
    AnyOf,
    AnyRule,
    Case,
    CasesRule,
    Condition,
    EachRule,
    EventFilter,
    EventTest,
    NotOf,
    WhenRule,
    leaves,
)
from workbench.model.paths import under
from workbench.model.rules import Band, BandsRule, MapRule, PerRule, UpToRule
from workbench.model.words import cases_in_words, events_in_words, in_words, map_in_words, quantity_in_words
from workbench.parsing import MOST_POINTS
from workbench.tuning.knob import Knob, RuleRow
from workbench.tuning.made import (
    amount,
    bound_knobs,
    cap_knobs,
    decay_knobs,
    factor,
    points,
    switch,
    whole,
    window_knobs,
)


def rule_row(rule: AnyRule, path: str, longest: int) -> RuleRow:
    """All that can be turned in a rule.

    Args:
        rule: as its author wrote it.
        path: where it stands.
        longest: the longest span of days in the model.
    """
    paid = list(paid_cases(rule, path))
    return RuleRow(
        id=rule.id,
        title=title(rule),
        why=rule.why,
        on=switch(f"{path}.enabled", rule.enabled),
        knobs=tuple(_numbers(rule, path, longest)),
        cases=tuple(points(each.path, each.words, each.points) for each in paid if each.number),
        evidence=tuple(each.words for each in paid),
        points_paths=tuple(each.path for each in paid),
    )


def title(rule: AnyRule) -> str:
    """What a rule pays for, in words.

    >>> from workbench.model import FieldTest
    >>> title(WhenRule(id="eu", in_="fit", when=FieldTest(field="region", equals="EU"), points=5))
    'region is EU'
    """
    if isinstance(rule, WhenRule):
        return in_words(rule.when)
    if isinstance(rule, EachRule):
        return events_in_words(rule.each)
    if isinstance(rule, MapRule):
        return map_in_words(rule.map)
    if isinstance(rule, BandsRule):
        return quantity_in_words(rule.bands.of)
    if isinstance(rule, PerRule):
        return quantity_in_words(rule.per.of)
    if isinstance(rule, UpToRule):
        return quantity_in_words(rule.up_to.of)
    return ", ".join(dict.fromkeys(name for case in rule.cases for name in _asked(case.when)))


def _asked(condition: Condition) -> Iterator[str]:
    """The fields, events and lists that a condition asks for."""
    for test in leaves(condition):
        if isinstance(test, EventTest):
            yield " or ".join(test.event)
        else:
            name = getattr(test, "field", None)
            of_account = getattr(test, "account_field", None)
            yield name or (f"account's {of_account}" if of_account else in_words(test))


def case_words(rule: AnyRule) -> tuple[str, ...]:
    """The words of each case that has points of its own, in the file's order; empty for rules with one number."""
    if isinstance(rule, WhenRule | EachRule | PerRule | UpToRule):
        return ()
    words = cases_in_words(rule)
    if isinstance(rule, MapRule):  # written out, the values are in alphabetical order
        by_value = dict(zip(sorted(rule.map.points), words, strict=True))
        return tuple(by_value[value] for value in rule.map.points)
    return words


class Paid(NamedTuple):
    """What a rule pays for.

    Attributes:
        path: of its points.
        words: what it is.
        points: as the file has them.
        number: of the case once short forms are written out; 0 for a rule with one number of points.
    """

    path: str
    words: str
    points: Decimal
    number: int


def paid_cases(rule: AnyRule, path: str) -> Iterator[Paid]:
    """Each thing that a rule at a path has points for, in the file's order; the default is none."""
    if isinstance(rule, WhenRule | EachRule | PerRule | UpToRule):
        yield Paid(f"{path}.points", title(rule), rule.points, 0)
        return
    words = case_words(rule)
    if isinstance(rule, MapRule):
        values: Mapping[str, Decimal] = rule.map.points
        number = {value: place for place, value in enumerate(sorted(values), 1)}
        for word, (value, worth) in zip(words, values.items(), strict=True):
            yield Paid(under(f"{path}.map.points", value), word, worth, number[value])
        return
    items: Sequence[Case | Band] = rule.cases if isinstance(rule, CasesRule) else rule.bands.steps
    key = "cases" if isinstance(rule, CasesRule) else "bands.steps"
    for at, (word, item) in enumerate(zip(words, items, strict=True)):
        yield Paid(f"{path}.{key}[{at}].points", word, item.points, at + 1)


def _numbers(rule: AnyRule, path: str, longest: int) -> Iterator[Knob]:
    """A rule's numbers, but for the points of cases."""
    if isinstance(rule, CasesRule | MapRule | BandsRule):
        yield points(f"{path}.default", "points otherwise", rule.default)
    elif isinstance(rule, PerRule):
        yield points(f"{path}.points", "points for each unit", rule.points, most=MOST_POINTS // rule.per.most)
    else:
        yield points(f"{path}.points", "points", rule.points)
    if isinstance(rule, EachRule):
        yield from window_knobs(f"{path}.each", rule.each, longest)
        yield from _limits(rule, path)
        if rule.decay is not None:
            yield from decay_knobs(f"{path}.decay", rule.decay, longest)
    elif isinstance(rule, PerRule | UpToRule):
        yield from _measured(rule, path, longest)
    elif isinstance(rule, BandsRule) and isinstance(rule.bands.of, EventFilter):
        yield from window_knobs(f"{path}.bands.of", rule.bands.of, longest)
    elif isinstance(rule, CasesRule | WhenRule):
        yield from _asking(rule, path, longest)
    yield from cap_knobs(f"{path}.cap", rule.cap, label="cap of the rule", present_only=True)
    if rule.weight != 1:
        yield factor(f"{path}.weight", "weight of the rule", rule.weight)


def _limits(rule: EachRule, path: str) -> Iterator[Knob]:
    limit = rule.limit
    if limit.per_day is not None:
        yield whole(f"{path}.limit.per_day", "limit", "most events a day", limit.per_day)
    if limit.events is not None:
        yield whole(f"{path}.limit.events", "limit", "most events", limit.events)
    if limit.points is not None:
        yield amount(f"{path}.limit.points", "limit", "most points", limit.points, unit="points", positive=True)


def _measured(rule: PerRule | UpToRule, path: str, longest: int) -> Iterator[Knob]:
    """Units and shares, with the window of what is measured."""
    if isinstance(rule, PerRule):
        of, at = rule.per.of, f"{path}.per"
        yield amount(f"{at}.unit", "count", "size of a unit", rule.per.unit, positive=True)
        yield whole(f"{at}.most", "limit", "most units", rule.per.most, unit="", most=100)
    else:
        of, at = rule.up_to.of, f"{path}.up_to"
        yield whole(f"{at}.least", "count", "paid from", rule.up_to.least, unit="", most=100)
        yield whole(f"{at}.most", "limit", "all points at", rule.up_to.most, unit="", most=100)
    if isinstance(of, EventFilter):
        yield from window_knobs(f"{at}.of", of, longest)


def _asking(rule: CasesRule | WhenRule, path: str, longest: int) -> Iterator[Knob]:
    """Windows and bounds of the tests on events in a rule's conditions."""
    conditions = [(f"{path}.when", rule.when)] if isinstance(rule, WhenRule) else []
    if isinstance(rule, CasesRule):
        conditions = [(f"{path}.cases[{number}].when", case.when) for number, case in enumerate(rule.cases)]
    tests = [found for where, condition in conditions for found in event_tests(condition, where)]
    for where, test in tests:
        of = events_in_words(test) if len(tests) > 1 else ""
        yield from window_knobs(where, test, longest, of=of)
        yield from bound_knobs(f"{where}.{test.measure}", test.measure, test.bound, longest, of=of)


def event_tests(condition: Condition, path: str) -> Iterator[tuple[str, EventTest]]:
    """The tests on events inside a condition, with their paths."""
    if isinstance(condition, EventTest):
        yield path, condition
    elif isinstance(condition, NotOf):
        yield from event_tests(condition.not_, f"{path}.not")
    elif isinstance(condition, AllOf | AnyOf):
        key = "all" if isinstance(condition, AllOf) else "any"
        parts: Sequence[Condition] = getattr(condition, key)
        for number, part in enumerate(parts):
            yield from event_tests(part, f"{path}.{key}[{number}]")
