"""Every part of a model in a person's words: short phrases for ledgers, error tables, pictures and reports."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from workbench.model.comparison import AccountFieldTest, Comparison, NamedList, OtherField
from workbench.model.conditions import AGES, AllOf, AnyOf, Bound, Condition, EventFilter, EventTest, MemberTest, NotOf
from workbench.model.decay import Decay
from workbench.model.parts import Inactivity
from workbench.model.rules import (
    AccountFieldQuantity,
    AnyRule,
    Band,
    BandsRule,
    Bounds,
    CasesRule,
    EachRule,
    Effective,
    FieldQuantity,
    Limit,
    MapRule,
    PerRule,
    Quantity,
    UpToRule,
    ValueMap,
    WhenRule,
)
from workbench.model.sugar import written_out
from workbench.model.transform import Transform
from workbench.model.variant import Variant
from workbench.parsing import percent

_MOST_SHOWN = 6
_MOST_STEPS = 4
SIGNS = {
    "equals": "is",
    "one_of": "is one of",
    "has_word": "has the word",
    "contains_any": "contains",
    "starts_with": "starts with",
    "ends_with": "ends with",
    "glob": "matches",
    "regex": "matches the pattern",
    "at_least": "≥",
    "above": ">",
    "at_most": "≤",
    "below": "<",
    "before": "before",
    "after": "at or after",
}
_SPANS = {
    "within": "in the last {}",
    "older_than": "at least {} ago",
    "in_next": "in the next {}",
    "changed_within": "changed in the last {}",
}

# --- conditions -------------------------------------------------------------------------------------------------------


def in_words(condition: Condition) -> str:
    """A condition as a phrase.

    >>> from workbench.model import FieldTest
    >>> in_words(FieldTest(field="employees", at_least=200.0))
    'employees ≥ 200'
    >>> in_words(FieldTest(field="employees", at_least=200.0, missing="skip"))
    'employees ≥ 200, if known'
    """
    if isinstance(condition, AllOf):
        return " and ".join(_inner(part, condition.all) for part in condition.all)
    if isinstance(condition, AnyOf):
        return " or ".join(_inner(part, condition.any) for part in condition.any)
    if isinstance(condition, NotOf):
        return _some(condition.not_) or f"not {_inner(condition.not_)}"
    if isinstance(condition, EventTest):
        return _measured(condition)
    if isinstance(condition, MemberTest):
        lists = " or ".join(condition.member_of)
        return f"the {condition.scope} is on the list {lists}"
    name = f"account's {condition.account_field}" if isinstance(condition, AccountFieldTest) else condition.field
    return comparison_in_words(name, condition)


def _inner(condition: Condition, beside: tuple[Condition, ...] | None = None) -> str:
    """A part of a condition, in brackets where its words could be read otherwise."""
    words = in_words(condition)
    alone = beside is not None and len(beside) == 1
    tail = isinstance(condition, Comparison | EventTest) and condition.missing is not False
    return f"({words})" if not alone and (isinstance(condition, AllOf | AnyOf) or tail) else words


def comparison_in_words(name: str, test: Comparison) -> str:
    """A comparison of what is called `name`.

    >>> from workbench.model import FieldTest
    >>> comparison_in_words("signed_at", FieldTest(field="signed_at", within=30))
    'signed_at in the last 30 days'
    """
    operator, argument = test.operator, test.argument
    if operator == "known":
        return f"{name} is known" if argument else f"{name} is missing"
    if operator in _SPANS:
        words = f"{name} {_SPANS[operator].format(_days(argument))}"
    elif operator == "between":
        words = f"{name} from {_value(argument[0])} to below {_value(argument[1])}"
    elif isinstance(argument, NamedList):
        words = f"{name} is in the list {argument.list}"
    elif isinstance(argument, tuple):
        sign = "is" if operator == "one_of" and len(argument) == 1 else SIGNS[operator]
        words = f"{name} {sign} {_listed(argument)}"
    else:
        words = f"{name} {SIGNS[operator]} {_value(argument)}"
    exact = ", letter for letter" if test.exact else ""
    return words + exact + {"True": ", or missing", "skip": ", if known"}.get(str(test.missing), "")


def _listed(values: tuple[Any, ...]) -> str:
    return ", ".join(_value(value) for value in values[:_MOST_SHOWN]) + (", …" if len(values) > _MOST_SHOWN else "")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, OtherField):
        return f"account's {value.account_field}" if value.field is None else f"the field {value.field}"
    return number_in_words(value) if isinstance(value, int | float | Decimal) else str(value)


def number_in_words(number: float | Decimal) -> str:
    """A number with all its digits and no more, with a true minus: `200`, `−0.001`.

    >>> number_in_words(200.0), number_in_words(Decimal("1000.001")), number_in_words(-8)
    ('200', '1000.001', '−8')
    """
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    shown = f"{exact.normalize():f}" if exact else "0"
    return shown.replace("-", "−")


def points_in_words(points: Decimal) -> str:
    """Points with a sign.

    >>> points_in_words(Decimal(15)), points_in_words(Decimal("-2.5")), points_in_words(Decimal(0))
    ('+15', '−2.5', '0')
    """
    return f"+{number_in_words(points)}" if points > 0 else number_in_words(points)


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


# --- events -----------------------------------------------------------------------------------------------------------


def events_in_words(source: EventFilter) -> str:
    """A set of events as a phrase.

    >>> events_in_words(EventFilter(event=("page_view",), within=90, scope="account"))
    'page_view by the account in 90 days'
    """
    names = "event of any kind" if source.names is None else " or ".join(source.names)
    account = " by the account" if source.scope == "account" else ""
    where = f" with {_inner(source.where)}" if source.where is not None else ""
    return f"{names}{account}{where}{_window(source)}"


def _window(source: EventFilter) -> str:
    words = ""
    if source.within is not None and source.older_than is not None:
        words = f" from {source.older_than} to below {source.within} days ago"
    elif source.within is not None:
        words = f" in {_days(source.within)}"
    elif source.older_than is not None:
        words = f" at least {_days(source.older_than)} ago"
    words += f" since {source.after}" if source.after is not None else ""
    return words + (f" before {source.before}" if source.before is not None else "")


def bound_in_words(bound: Bound) -> str:
    """A bound on a quantity: `≥ 3`, `exactly 2`, `from 2 to below 5`.

    >>> from workbench.model import Count
    >>> bound_in_words(Count(between=(2, 5)))
    'from 2 to below 5'
    """
    argument = bound.argument
    if bound.operator == "between":
        return f"from {number_in_words(argument[0])} to below {number_in_words(argument[1])}"
    sign = "exactly" if bound.operator == "equals" else SIGNS[bound.operator]
    return f"{sign} {number_in_words(argument)}"


def _measured(test: EventTest) -> str:
    events, measure = events_in_words(test), test.measure
    if measure in AGES:
        without = {"True": ", or none at all", "skip": ", if there is one"}.get(str(test.missing), "")
        return f"{measure.removesuffix('_age')} {events} was {bound_in_words(test.bound)} days ago{without}"
    things = "x" if measure == "count" else _things(measure, test.of)
    if measure == "sum":
        return f"{things} {events} {bound_in_words(test.bound)}"
    return f"{_how_many(test.bound, things)} {events}"


def _things(measure: str, of: str | None) -> str:
    """What a measure of events is a number of."""
    things = {"count": "number of", "days": "days with", "leads": "leads with"}
    things |= {"distinct": f"different {of} in", "sum": f"sum of {of} over"}
    return things.get(measure, f"days since the {measure.removesuffix('_age')}")


def _some(test: Condition) -> str:
    """The negation of a test for silence, since `not no visit` is hard to read; empty for any other condition."""
    if not isinstance(test, EventTest) or test.measure in {*AGES, "sum"} or not _is_none(test.bound):
        return ""
    if test.measure == "count":
        return f"{'an' if test.names is None else '≥ 1 x'} {events_in_words(test)}"
    return f"≥ 1 {_things(test.measure, test.of)} {events_in_words(test)}"


def _is_none(bound: Bound) -> bool:
    return (bound.operator, bound.argument) in {("equals", 0), ("below", 1), ("at_most", 0)}


def _how_many(bound: Bound, things: str) -> str:
    argument = bound.argument
    if bound.operator == "between":
        last = argument[1] - 1
        return f"exactly {last} {things}" if argument[0] == last else f"{argument[0]} to {last} {things}"
    if _is_none(bound):
        return "no" if things == "x" else f"no {things}"
    return f"{bound_in_words(bound)} {things}"


def quantity_in_words(quantity: Quantity) -> str:
    """What bands, units and shares are taken of.

    >>> from workbench.model import EventQuantity
    >>> quantity_in_words(EventQuantity(event=("visit",), measure="days", within=30))
    'days with visit in 30 days'
    """
    if isinstance(quantity, FieldQuantity):
        return quantity.field
    if isinstance(quantity, AccountFieldQuantity):
        return f"account's {quantity.account_field}"
    return f"{_things(quantity.measure, quantity.of)} {events_in_words(quantity)}"


# --- fading -----------------------------------------------------------------------------------------------------------


def decay_in_words(decay: Decay) -> str:
    """How points fade: `half after 14 days`.

    >>> from workbench.model import Steps
    >>> decay_in_words(Decay(half_life=14))
    'half after 14 days'
    >>> decay_in_words(Decay(geometric=Steps(lose=0.25, every=7), grace=3, floor=0.1))
    '−25 % of the rest every 7 days, from day 3 on, never below 10 %'
    """
    words = _shape_in_words(decay)
    words += f", from day {decay.grace} on" if decay.grace is not None else ""
    words += f", never below {_percent(decay.floor)}" if decay.floor else ""
    return words + ("" if decay.negatives else ", losses do not fade")


def _shape_in_words(decay: Decay) -> str:
    if decay.half_life is not None:
        return f"half after {_days(decay.half_life)}"
    if decay.expiry is not None:
        return f"gone after {_days(decay.expiry)}"
    if decay.linear is not None:
        return f"evenly down to nothing in {_days(decay.linear)}"
    if decay.table is not None:
        return ", ".join(f"{_percent(share)} from day {age}" for age, share in decay.table)
    steps, of = (decay.step, "start") if decay.step is not None else (decay.geometric, "rest")
    assert steps is not None  # noqa: S101  (one shape is set)
    return f"−{_percent(steps.lose)} of the {of} every {_days(steps.every)}"


def _percent(share: Decimal) -> str:
    return f"{percent(share)[:-1]} %"


def inactivity_in_words(inactivity: Inactivity) -> str:
    """How a dimension fades with idleness.

    >>> inactivity_in_words(Inactivity(since=EventFilter(event=("any",)), decay=Decay(half_life=30)))
    'half after 30 days, counted from the last event of any kind'
    """
    return f"{decay_in_words(inactivity.decay)}, counted from the last {events_in_words(inactivity.since)}"


# --- rules ------------------------------------------------------------------------------------------------------------


def cap_in_words(cap: Bounds) -> str:
    """A cap; empty for one that is open on both sides.

    >>> cap_in_words(Bounds(min=Decimal(0), max=Decimal(60))), cap_in_words(Bounds(max=Decimal(60)))
    ('from 0 to 60', 'at most 60')
    """
    if cap.min is not None and cap.max is not None:
        return f"from {number_in_words(cap.min)} to {number_in_words(cap.max)}"
    if cap.max is not None:
        return f"at most {number_in_words(cap.max)}"
    return "" if cap.min is None else f"at least {number_in_words(cap.min)}"


def effective_in_words(effective: Effective) -> str:
    """When a rule is in force; empty if always.

    >>> effective_in_words(Effective(from_="2026-01-01"))
    'in force from 2026-01-01'
    """
    ends = [("from", effective.from_), ("until before", effective.to)]
    words = " ".join(f"{word} {end}" for word, end in ends if end is not None)
    return f"in force {words}" if words else ""


def cases_in_words(rule: AnyRule) -> tuple[str, ...]:
    """For each thing a rule may pay for, a phrase: one for `when` and `each`, one a case for all others.

    >>> from workbench.model import FieldTest
    >>> cases_in_words(WhenRule(id="eu", in_="fit", when=FieldTest(field="region", equals="EU"), points=5))
    ('region is EU',)
    """
    core = written_out(rule)
    if isinstance(core, CasesRule):
        return tuple(in_words(case.when) for case in core.cases)
    return (in_words(core.when),) if isinstance(core, WhenRule) else (events_in_words(core.each),)


def rule_in_words(rule: AnyRule) -> str:
    """What a rule pays and for what, as its author wrote it.

    >>> from workbench.model import FieldTest
    >>> rule_in_words(WhenRule(id="eu", in_="fit", when=FieldTest(field="region", equals="EU"), points=5))
    '+5 if region is EU'
    """
    weight = f"× {number_in_words(rule.weight)}" if rule.weight != 1 else ""
    cap = cap_in_words(rule.cap)
    extras = (cap and f"kept {cap}", weight, effective_in_words(rule.effective), "" if rule.enabled else "disabled")
    return "; ".join([earnings_in_words(rule), *(words for words in extras if words)])


def earnings_in_words(rule: AnyRule) -> str:
    """The same without the rule's cap, weight and dates."""
    if isinstance(rule, WhenRule):
        return f"{points_in_words(rule.points)} if {in_words(rule.when)}"
    if isinstance(rule, EachRule):
        fading = f", {decay_in_words(rule.decay)}" if rule.decay is not None else ""
        return f"{points_in_words(rule.points)} for each {events_in_words(rule.each)}{_limits(rule.limit)}{fading}"
    if isinstance(rule, PerRule):
        of, unit = quantity_in_words(rule.per.of), number_in_words(rule.per.unit)
        return f"{points_in_words(rule.points)} per {unit} of {of}, at most {rule.per.most} x"
    if isinstance(rule, UpToRule):
        of, least = quantity_in_words(rule.up_to.of), rule.up_to.least
        start = f" from {least} on" if least > 1 else ""
        return f"up to {points_in_words(rule.points)} in proportion to {of}{start}, all at {rule.up_to.most}"
    if isinstance(rule, MapRule):
        lines = [f"{points_in_words(points)} for {value}" for value, points in rule.map.points.items()]
        begin = f"by {map_in_words(rule.map)}: "
    elif isinstance(rule, BandsRule):
        lines = [f"{points_in_words(band.points)} {band_in_words(band)}" for band in rule.bands.steps]
        begin = f"by {quantity_in_words(rule.bands.of)}: "
    else:
        lines, begin = [f"{points_in_words(case.points)} if {in_words(case.when)}" for case in rule.cases], ""
    otherwise = f"; else {points_in_words(rule.default)}" if rule.default else ""
    return f"{begin}{'; '.join(lines)}{otherwise}"


def map_in_words(values: ValueMap) -> str:
    """The field that a value map looks at."""
    name = values.field if values.field is not None else f"account's {values.account_field}"
    return f"{name}, letter for letter" if values.exact else str(name)


def band_in_words(band: Band) -> str:
    """A band's ends.

    >>> band_in_words(Band(from_=10.0, below=50.0, points=5)), band_in_words(Band(below=10.0, points=5))
    ('from 10 to below 50', 'below 10')
    """
    low = "" if band.from_ is None else f"from {number_in_words(band.from_)}"
    high = "" if band.below is None else f"below {number_in_words(band.below)}"
    return f"{low} to {high}" if low and high else low or high


def _limits(limit: Limit) -> str:
    words = f", one for each {limit.per_distinct}" if limit.per_distinct is not None else ""
    words += f", at most {limit.per_day} a day" if limit.per_day is not None else ""
    words += f", at most {limit.events} x" if limit.events is not None else ""
    return words + (f", at most {number_in_words(limit.points)} points" if limit.points is not None else "")


# --- scale and variants -----------------------------------------------------------------------------------------------


def transform_in_words(transform: Transform) -> str:
    """How the score is turned into another scale.

    >>> from workbench.model.transform import Line
    >>> transform_in_words(Transform(rescale=Line(from_=(Decimal(0), Decimal(150)), to=(Decimal(0), Decimal(100)))))
    'straight from 0–150 to 0–100'
    """
    if (curve := transform.logistic) is not None:
        middle, spread = number_in_words(curve.middle), number_in_words(curve.spread)
        return f"logistic around {middle} with spread {spread} to {_range(curve.to)}"
    if transform.rescale is not None:
        return f"straight from {_range(transform.rescale.from_)} to {_range(transform.rescale.to)}"
    if transform.sqrt is not None:
        return f"by square root from {_range(transform.sqrt.from_)} to {_range(transform.sqrt.to)}"
    pairs = transform.table or ()
    if len(pairs) > _MOST_STEPS:
        ends = [number_in_words(to) for _, to in (pairs[0], pairs[-1])]
        return f"by a table of {len(pairs)} steps from {ends[0]} to {ends[1]}"
    return "by table: " + ", ".join(f"{number_in_words(to)} from {number_in_words(low)}" for low, to in pairs)


def _range(ends: tuple[Decimal, Decimal]) -> str:
    return "–".join(number_in_words(end) for end in ends)


def variant_in_words(variant: Variant) -> str:
    """For whom a variant holds and what is different.

    >>> from workbench.model import FieldTest
    >>> when = FieldTest(field="employees", at_least=1000.0)
    >>> variant_in_words(Variant(name="enterprise", when=when, tiers={"MQL": Decimal(35)}))
    'if employees ≥ 1000: MQL from 35'
    """
    who = f"if {in_words(variant.when)}" if variant.when is not None else "for all others"
    parts = _multiplied(variant.multiply.rules, "rule") + _multiplied(variant.multiply.dimensions, "dimension")
    parts += [f"{rule.id} is {rule_in_words(rule)}" for rule in variant.override]
    parts += [f"also {rule.id}: {rule_in_words(rule)}" for rule in variant.add]
    parts += [f"without {', '.join(variant.drop)}"] if variant.drop else []
    parts += [f"{name} from {number_in_words(points)}" for name, points in variant.tiers.items()]
    if variant.use is not None or variant.model is not None:
        parts.append(f"the model {variant.use or (variant.model or {}).get('name', 'written here')}")
    return f"{who}: {'; '.join(parts) or 'nothing is different'}"


def _multiplied(factors: Mapping[str, Decimal], what: str) -> list[str]:
    return [f"{what} {name} × {number_in_words(factor)}" for name, factor in factors.items()]
