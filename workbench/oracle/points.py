"""What one rule pays a lead, in thousandths, before its cap and its weight."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from workbench.model.conditions import EventQuantity
from workbench.model.rules import (
    AnyRule,
    BandsRule,
    Bounds,
    CasesRule,
    EachRule,
    Effective,
    FieldQuantity,
    MapRule,
    PerRule,
    Quantity,
    UpToRule,
    WhenRule,
)
from workbench.oracle.conditions import holds, key_of, measured, passing
from workbench.oracle.facts import DAY_US, Event, Facts, moment
from workbench.oracle.fading import decayed, half_up
from workbench.oracle.texts import plain


def milli(points: Decimal) -> int:
    """Points in thousandths."""
    return int(Fraction(points) * 1000)


def clipped(amount: int, bounds: Bounds) -> int:
    """An amount kept within a cap."""
    if bounds.min is not None:
        amount = max(amount, milli(bounds.min))
    if bounds.max is not None:
        amount = min(amount, milli(bounds.max))
    return amount


def paid(rule: AnyRule, facts: Facts) -> int:
    """What a rule pays; outside of its dates nothing."""
    if not _in_force(rule.effective, facts):
        return 0
    if isinstance(rule, WhenRule):
        return milli(rule.points) if holds(rule.when, facts) else 0
    if isinstance(rule, CasesRule):
        return milli(next((case.points for case in rule.cases if holds(case.when, facts)), rule.default))
    if isinstance(rule, EachRule):
        return _each(rule, facts)
    if isinstance(rule, MapRule):
        return _mapped(rule, facts)
    if isinstance(rule, BandsRule):
        return _banded(rule, facts)
    if isinstance(rule, PerRule):
        return _per_unit(rule, facts)
    return _up_to(rule, facts)


def _in_force(dates: Effective, facts: Facts) -> bool:
    started = dates.from_ is None or facts.now >= moment(dates.from_)
    return started and (dates.to is None or facts.now < moment(dates.to))


# --- every event ------------------------------------------------------------------------------------------------------


def _each(rule: EachRule, facts: Facts) -> int:
    kept = passing(rule.each, facts)
    if rule.limit.per_distinct is not None:
        kept = _newest_of_each_value(kept, rule.limit.per_distinct)
    if rule.limit.per_day is not None:
        kept = _newest_of_each_day(kept, rule.limit.per_day)
    if rule.limit.events is not None:
        kept = kept[: rule.limit.events]
    points = milli(rule.points)
    total = sum(points if rule.decay is None else decayed(points, facts.age(event), rule.decay) for event in kept)
    if rule.limit.points is None:
        return total
    most = milli(rule.limit.points)
    return max(-most, min(most, total))


def _newest_of_each_value(newest_first: Sequence[Event], name: str) -> list[Event]:
    seen = set()
    kept = []
    for event in newest_first:
        value = event.properties.get(name)
        if value is not None and key_of(value) not in seen:
            seen.add(key_of(value))
            kept.append(event)
    return kept


def _newest_of_each_day(newest_first: Sequence[Event], most: int) -> list[Event]:
    seen: dict[int, int] = {}
    kept = []
    for event in newest_first:
        day = event.at_us // DAY_US
        seen[day] = seen.get(day, 0) + 1
        if seen[day] <= most:
            kept.append(event)
    return kept


# --- short forms, by what they mean -----------------------------------------------------------------------------------


def _mapped(rule: MapRule, facts: Facts) -> int:
    values = rule.map
    value = facts.fields.get(values.field) if values.field is not None else facts.account.get(str(values.account_field))
    for wanted, points in values.points.items():
        if isinstance(value, str) and (value == wanted if values.exact else plain(value) == plain(wanted)):
            return milli(points)
    return milli(rule.default)


def _banded(rule: BandsRule, facts: Facts) -> int:
    number = _number(rule.bands.of, facts)
    for band in rule.bands.steps:
        # Fraction(repr(…)): the end as its author wrote it, not as a double stores it.
        above = band.from_ is None or _reaches(number, Fraction(repr(band.from_)))
        below = band.below is None or not _reaches(number, Fraction(repr(band.below)))
        if number is not None and above and below:
            return milli(band.points)
    return milli(rule.default)


def _per_unit(rule: PerRule, facts: Facts) -> int:
    number, size = _number(rule.per.of, facts), Fraction(rule.per.unit)
    units = sum(_reaches(number, count * size) for count in range(1, rule.per.most + 1))
    return units * milli(rule.points)


def _up_to(rule: UpToRule, facts: Facts) -> int:
    """For a number that is not whole, the count is the whole part."""
    number, most = _number(rule.up_to.of, facts), rule.up_to.most
    if number is None or number < rule.up_to.least:
        return 0
    return half_up(Fraction(milli(rule.points) * math.floor(min(number, most)), most))


def _number(quantity: Quantity, facts: Facts) -> float | Fraction | None:
    """A field's number as a double, a quantity of events exactly; None where missing."""
    if isinstance(quantity, EventQuantity):
        return measured(quantity, quantity.measure, quantity.of, facts)
    if isinstance(quantity, FieldQuantity):
        value = facts.fields.get(quantity.field)
    else:
        value = facts.account.get(quantity.account_field)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _reaches(number: float | Fraction | None, end: Fraction) -> bool:
    """Whether a number is at or above an end; doubles are compared with the double next to the end."""
    if number is None:
        return False
    return number >= float(end) if isinstance(number, float) else number >= end
