"""Writes short forms out: every rule as `when`, `cases` or `each`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from workbench.model.comparison import AccountFieldTest, FieldTest
from workbench.model.conditions import Amount, Condition, Count, EventQuantity, EventTest
from workbench.model.rules import (
    AccountFieldQuantity,
    AnyRule,
    BandsRule,
    Case,
    CasesRule,
    CoreRule,
    FieldQuantity,
    MapRule,
    PerRule,
    Quantity,
    Rule,
    UpToRule,
    ValueMap,
)


def written_out(rule: AnyRule) -> CoreRule:
    """The rule as `when`, `cases` or `each`."""
    if isinstance(rule, MapRule):
        return _cases(rule, _by_value(rule.map), rule.default)
    if isinstance(rule, BandsRule):
        return _cases(rule, _by_band(rule), rule.default)
    if isinstance(rule, PerRule):
        return _cases(rule, _by_unit(rule), Decimal(0))
    if isinstance(rule, UpToRule):
        return _cases(rule, _by_share(rule), Decimal(0))
    return rule


def _cases(rule: Rule, cases: Iterator[Case], default: Decimal) -> CasesRule:
    own = {name: getattr(rule, name) for name in Rule.model_fields}
    return CasesRule(**own, cases=tuple(cases), default=default)


def _by_value(values: ValueMap) -> Iterator[Case]:
    for value, points in sorted(values.points.items()):  # no two are alike, so their order says nothing
        when: Condition
        if values.field is not None:
            when = FieldTest(field=values.field, equals=value, exact=values.exact)
        else:
            when = AccountFieldTest(account_field=values.account_field or "", equals=value, exact=values.exact)
        yield Case(when=when, points=points)


def _by_band(rule: BandsRule) -> Iterator[Case]:
    for band in rule.bands.steps:
        low, high = (None if end is None else Decimal(repr(end)) for end in (band.from_, band.below))
        yield Case(when=_within(rule.bands.of, low, high), points=band.points)


def _by_unit(rule: PerRule) -> Iterator[Case]:
    for units in range(rule.per.most, 0, -1):
        yield Case(when=_within(rule.per.of, units * rule.per.unit, None), points=units * rule.points)


def _by_share(rule: UpToRule) -> Iterator[Case]:
    for count in range(rule.up_to.most, rule.up_to.least - 1, -1):
        milli = (Fraction(rule.points) * 1000 * count / rule.up_to.most + Fraction(1, 2)).__floor__()
        yield Case(when=_within(rule.up_to.of, Decimal(count), None), points=Decimal(milli) / 1000)


def _within(quantity: Quantity, low: Decimal | None, high: Decimal | None) -> Condition:
    """That a quantity lies in [low, high)."""
    operator = "between" if low is not None and high is not None else "at_least" if high is None else "below"
    ends = [end for end in (low, high) if end is not None]
    if isinstance(quantity, EventQuantity):
        whole = quantity.measure != "sum"
        numbers = [int(end) if whole else end for end in ends]
        of: type[Count | Amount] = Count if whole else Amount
        bound = of.model_validate({operator: tuple(numbers) if operator == "between" else numbers[0]})
        own = {name: getattr(quantity, name) for name in EventQuantity.model_fields if name != "measure"}
        return EventTest.model_validate({**own, quantity.measure: bound})
    argument = tuple(float(end) for end in ends) if operator == "between" else float(ends[0])
    if isinstance(quantity, FieldQuantity):
        return FieldTest.model_validate({"field": quantity.field, operator: argument})
    assert isinstance(quantity, AccountFieldQuantity)  # noqa: S101  (the three kinds of quantity)
    return AccountFieldTest.model_validate({"account_field": quantity.account_field, operator: argument})
