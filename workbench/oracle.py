"""The oracle: what a model says of one lead, worked out in the plainest way.

A second opinion for every engine. It reads a model's frozen values and one lead's facts and follows the order of
evaluation step by step in ordinary Python; it is slow and shares nothing with the code that it judges. Arithmetic
is in integer thousandths of a point ("milli"); times are UTC epoch microseconds; the age of an event is
`floor((as_of - at) / 1 day)`, for events before `as_of` only.

What an operator does with a value of another kind (a number where a text is asked for, or the other way round) is
decided here as with a missing value: the test is false. Numbers are compared as IEEE doubles.
"""

from __future__ import annotations

import math
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from fractions import Fraction
from types import MappingProxyType

from workbench.errors import CallError, listed
from workbench.model import (
    AccountFieldTest,
    AllOf,
    AnyOf,
    AnyRule,
    Bounds,
    CasesRule,
    Comparison,
    Condition,
    Count,
    EachRule,
    EventFilter,
    EventTest,
    FieldTest,
    Gate,
    Model,
    NamedList,
    NotOf,
    WhenRule,
)

DAY_US = 24 * 60 * 60 * 1_000_000
TRIMMED = " \t\r\n"
BETWEEN_WORDS = frozenset(TRIMMED + string.punctuation)
DIGITS = 60

Fact = str | float | bool | None
Lists = Mapping[str, tuple[str, ...]]
_FOLDED = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_NO_LISTS: Lists = MappingProxyType({})


@dataclass(frozen=True)
class Event:
    """Something a lead did.

    Attributes:
        at_us: when, in UTC epoch microseconds.
        name: what it was.
        properties: details by name; None, or no entry, where missing.
    """

    at_us: int
    name: str
    properties: Mapping[str, Fact]


@dataclass(frozen=True)
class Lead:
    """What is known of one lead at the time it is judged.

    Attributes:
        fields: the lead's values by field; None, or no entry, where missing.
        account: the values of its account; empty without one.
        events: in any order; those at or after `as_of` are ignored.
    """

    fields: Mapping[str, Fact]
    account: Mapping[str, Fact]
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Verdict:
    """What a model says of one lead. All amounts are in thousandths of a point.

    Attributes:
        rules: by id of each enabled rule, after its limit of points.
        groups: by name, after the group's cap.
        dimensions: by name, after the dimension's cap.
        score: after the total cap and rounding; None if a gate took the lead out.
        tier: the tier's name, or the gate's where one decided; None if no tier's `from` and minima hold.
        gate: the id of the gate that decided, if any.
    """

    rules: Mapping[str, int]
    groups: Mapping[str, int]
    dimensions: Mapping[str, int]
    score: int | None
    tier: str | None
    gate: str | None


def judge(model: Model, lead: Lead, as_of_us: int, lists: Lists = _NO_LISTS) -> Verdict:
    """Score one lead.

    Args:
        model: a checked model.
        lead: its facts; events at or after `as_of_us` do not count.
        as_of_us: the moment of judgement, in UTC epoch microseconds.
        lists: named lists that `one_of: {list: name}` refers to.

    Raises:
        CallError: if the model names a list that is not in `lists`.
    """
    past = tuple(event for event in lead.events if event.at_us < as_of_us)
    facts = _Facts(lead.fields, lead.account, past, as_of_us, lists)
    rules = {rule.id: _rule_milli(rule, facts) for rule in model.rules if rule.enabled}
    groups = {name: _clipped(_sum_in(model, name, rules), group) for name, group in model.groups.items()}
    dimensions = {}
    for name, dimension in model.dimensions.items():
        inside = sum(groups[group] for group in model.groups if model.groups[group].in_ == name)
        dimensions[name] = _clipped(_sum_in(model, name, rules) + inside, dimension)
    score = _clipped(sum(dimensions.values()), model.score)
    if model.score.round == "half_up":
        score = 1000 * math.floor(Fraction(score, 1000) + Fraction(1, 2))
    gate = next((gate for gate in model.gates if _holds(gate.when, facts)), None)
    if gate is None:
        return Verdict(rules, groups, dimensions, score, _tier(model, score, dimensions), None)
    return Verdict(rules, groups, dimensions, None if _is_out(model, gate) else score, gate.tier, gate.id)


def decayed(points_milli: int, age: int, half_life: int) -> int:
    """One event's points after `age` whole days: round half up of `points_milli * 2^(-age / half_life)`.

    The whole powers of two are exact; where a root is left it is a decimal of 60 digits, which no half can equal.
    Rounding is `floor(x + 1/2)`, for losses too.

    >>> decayed(4000, 14, 14), decayed(5, 1, 1), decayed(-5, 1, 1)
    (2000, 3, -2)
    """
    halvings, rest = divmod(age, half_life)
    if rest:
        digits = Context(prec=DIGITS)
        root = digits.power(Decimal(2), digits.divide(Decimal(-rest), Decimal(half_life)))
        left = Fraction(root) * points_milli
    else:
        left = Fraction(points_milli)
    return math.floor(left / (1 << halvings) + Fraction(1, 2))


@dataclass(frozen=True)
class _Facts:
    """What a condition may look at."""

    fields: Mapping[str, Fact]
    account: Mapping[str, Fact]
    events: tuple[Event, ...]
    as_of_us: int
    lists: Lists

    def age(self, event: Event) -> int:
        """Whole days from the event to `as_of`."""
        return (self.as_of_us - event.at_us) // DAY_US


# --- points -----------------------------------------------------------------------------------------------------------


def _milli(points: Decimal) -> int:
    return int(points * 1000)


def _rule_milli(rule: AnyRule, facts: _Facts) -> int:
    if isinstance(rule, WhenRule):
        return _milli(rule.points) if _holds(rule.when, facts) else 0
    if isinstance(rule, CasesRule):
        return _milli(next((case.points for case in rule.cases if _holds(case.when, facts)), rule.default))
    return _each_milli(rule, facts)


def _each_milli(rule: EachRule, facts: _Facts) -> int:
    kept = sorted(_passing(rule.each, facts), key=lambda event: event.at_us, reverse=True)
    if rule.limit.per_day is not None:
        kept = _newest_of_each_day(kept, rule.limit.per_day)
    if rule.limit.events is not None:
        kept = kept[: rule.limit.events]
    points = _milli(rule.points)
    if rule.decay is None:
        total = points * len(kept)
    else:
        total = sum(decayed(points, facts.age(event), rule.decay.half_life) for event in kept)
    if rule.limit.points is None:
        return total
    most = _milli(rule.limit.points)
    return max(-most, min(most, total))


def _newest_of_each_day(newest_first: Sequence[Event], most: int) -> list[Event]:
    seen: dict[int, int] = {}
    kept = []
    for event in newest_first:
        day = event.at_us // DAY_US
        seen[day] = seen.get(day, 0) + 1
        if seen[day] <= most:
            kept.append(event)
    return kept


def _sum_in(model: Model, home: str, rules: Mapping[str, int]) -> int:
    return sum(rules[rule.id] for rule in model.rules if rule.enabled and rule.in_ == home)


def _clipped(milli: int, bounds: Bounds) -> int:
    if bounds.min is not None:
        milli = max(milli, _milli(bounds.min))
    if bounds.max is not None:
        milli = min(milli, _milli(bounds.max))
    return milli


def _tier(model: Model, score: int, dimensions: Mapping[str, int]) -> str | None:
    reached = None
    for tier in model.tiers:
        minima = all(dimensions[name] >= _milli(least) for name, least in tier.require.items())
        if score >= _milli(tier.from_) and minima:
            reached = tier.name
    return reached


def _is_out(model: Model, gate: Gate) -> bool:
    return all(gate.tier != tier.name for tier in model.tiers)


# --- conditions -------------------------------------------------------------------------------------------------------


def _holds(condition: Condition, facts: _Facts) -> bool:
    if isinstance(condition, AllOf):
        return all(_holds(part, facts) for part in condition.all)
    if isinstance(condition, AnyOf):
        return any(_holds(part, facts) for part in condition.any)
    if isinstance(condition, NotOf):
        return not _holds(condition.not_, facts)
    if isinstance(condition, EventTest):
        return _counts(condition.count, len(_passing(condition, facts)))
    if isinstance(condition, AccountFieldTest):
        return _compares(condition, facts.account.get(condition.account_field), facts.lists)
    return _compares(condition, facts.fields.get(condition.field), facts.lists)


def _passing(wanted: EventFilter, facts: _Facts) -> list[Event]:
    """The events with a wanted name that pass `where` and are younger than `within` days."""
    passing = []
    for event in facts.events:
        named = "any" in wanted.event or event.name in wanted.event
        inside = wanted.within is None or facts.age(event) < wanted.within
        own = replace(facts, fields=event.properties, account={}, events=())
        if named and inside and (wanted.where is None or _holds(wanted.where, own)):
            passing.append(event)
    return passing


def _counts(count: Count, number: int) -> bool:
    if count.equals is not None:
        return number == count.equals
    if count.at_least is not None:
        return number >= count.at_least
    if count.above is not None:
        return number > count.above
    if count.at_most is not None:
        return number <= count.at_most
    if count.below is not None:
        return number < count.below
    return count.between is not None and count.between[0] <= number < count.between[1]


def _compares(test: FieldTest | AccountFieldTest, value: Fact, lists: Lists) -> bool:
    if test.known is not None:
        return (value is not None) == test.known
    if value is None:
        return False
    if test.equals is not None:
        return _is_same(value, test.equals, exact=test.exact)
    if test.one_of is not None:
        wanted = _listed(test.one_of, lists) if isinstance(test.one_of, NamedList) else test.one_of
        return any(_is_same(value, one, exact=test.exact) for one in wanted)
    if isinstance(value, str):
        return _text_holds(test, value)
    return not isinstance(value, bool) and _number_holds(test, float(value))


def _listed(named: NamedList, lists: Lists) -> tuple[str, ...]:
    if named.list not in lists:
        known = listed(sorted(lists))
        raise CallError.at(
            "lists", expected=f"the list '{named.list}'", found=known, remedy="Give the list that the model names."
        )
    return lists[named.list]


def _is_same(value: str | float | bool, wanted: str | float | bool, *, exact: bool) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return value == wanted if exact else _plain(value) == _plain(wanted)
    if isinstance(value, bool) or isinstance(wanted, bool):
        return isinstance(value, bool) and isinstance(wanted, bool) and value == wanted
    if isinstance(value, str) or isinstance(wanted, str):
        return False
    return float(value) == float(wanted)


def _number_holds(test: Comparison, number: float) -> bool:
    if test.at_least is not None:
        return number >= test.at_least
    if test.above is not None:
        return number > test.above
    if test.at_most is not None:
        return number <= test.at_most
    if test.below is not None:
        return number < test.below
    return test.between is not None and test.between[0] <= number < test.between[1]


def _text_holds(test: Comparison, text: str) -> bool:
    """The operators on parts of texts. The text is trimmed and folded, the sought part only folded."""
    fold = str if test.exact else _folded
    whole = text if test.exact else _plain(text)
    if test.contains_any is not None:
        return any(fold(part) in whole for part in test.contains_any)
    if test.starts_with is not None:
        return any(whole.startswith(fold(part)) for part in test.starts_with)
    if test.ends_with is not None:
        return any(whole.endswith(fold(part)) for part in test.ends_with)
    return test.has_word is not None and _has_word(whole, (fold(part) for part in test.has_word))


def _has_word(text: str, sought: Iterable[str]) -> bool:
    """Whether the words of one of the sought texts stand in the text one after the other."""
    words = _words(text)
    for one in sought:
        run = _words(one)
        starts = range(len(words) - len(run) + 1)
        if run and any(words[start : start + len(run)] == run for start in starts):
            return True
    return False


def _words(text: str) -> list[str]:
    """Maximal runs of signs other than ASCII blanks and punctuation.

    >>> _words("VP, R&D (ad-hoc)")
    ['VP', 'R', 'D', 'ad', 'hoc']
    """
    spaced = "".join(" " if sign in BETWEEN_WORDS else sign for sign in text)
    return [word for word in spaced.split(" ") if word]


def _plain(text: str) -> str:
    return _folded(text.strip(TRIMMED))


def _folded(text: str) -> str:
    return text.translate(_FOLDED)
