"""What a rule may ask: tests on fields, on counted events, on lists, and all / any / not of tests."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
    WithJsonSchema,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic_core.core_schema import SerializerFunctionWrapHandler

from workbench.model.comparison import AccountFieldTest, FieldTest, Texts, checked_missing
from workbench.parsing import Days, Moment, Value, fault, moment_us, only_one, plain_number

ANY_EVENT = "any"

Measure = Literal["count", "days", "leads", "distinct", "sum", "first_age", "last_age"]
MEASURES: tuple[Measure, ...] = ("count", "days", "leads", "distinct", "sum", "first_age", "last_age")
OF_PROPERTY = ("distinct", "sum")
"""Measures that are taken of a property of the events."""
AGES = ("first_age", "last_age")
"""Measures that do not exist without an event."""


class Bound(Value):
    """Exactly one bound on a quantity; `between` is half-open."""

    @property
    def operator(self) -> str:
        """The name of the bound that is set."""
        return next(name for name in BOUNDS if getattr(self, name) is not None)

    @property
    def argument(self) -> Any:
        """Its argument."""
        return getattr(self, self.operator)

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        only_one(self, BOUNDS, remedy="Keep the bound that is meant; a range is between: [low, high].")
        between = getattr(self, "between")  # noqa: B009  (the subclasses have it)
        if between is not None and not between[0] < between[1]:
            raise fault("[low, high] with low below high", "Swap or correct the two numbers.", at=("between",))
        return self


BOUNDS = ("equals", "at_least", "above", "at_most", "below", "between")
MOST_COUNT = 1_000_000_000
_Whole = Annotated[int, Field(ge=0, le=MOST_COUNT)]


class Count(Bound):
    """A bound on a whole number: of events, days, leads, values, or on an age in whole days."""

    equals: _Whole | None = None
    at_least: _Whole | None = None
    above: _Whole | None = None
    at_most: _Whole | None = None
    below: _Whole | None = None
    between: tuple[_Whole, _Whole] | None = None


def _sum(value: Any) -> Decimal:
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    number = Decimal(str(value)) if is_number else Decimal("nan")
    if not number.is_finite() or abs(number) > MOST_SUM:
        raise fault(f"a number between -{MOST_SUM:,} and {MOST_SUM:,}", "Write a plain number such as 2500 or 99.5.")
    if number != round(number, 3):
        raise fault("at most three decimals", "Round it: sums are taken in thousandths.")
    return number


MOST_SUM = 1_000_000_000_000
_Sum = Annotated[
    Decimal,
    BeforeValidator(_sum),
    PlainSerializer(plain_number, return_type=int | float),
    WithJsonSchema({"type": "number", "minimum": -MOST_SUM, "maximum": MOST_SUM}),
]


class Amount(Bound):
    """A bound on a sum, with at most three decimals."""

    equals: _Sum | None = None
    at_least: _Sum | None = None
    above: _Sum | None = None
    at_most: _Sum | None = None
    below: _Sum | None = None
    between: tuple[_Sum, _Sum] | None = None


class EventFilter(Value):
    """Which events, among those before as_of.

    Attributes:
        event: names; `any` is every event.
        where: a test on the event's own properties.
        within: `30d` keeps events with age < 30, where age = floor((as_of - occurred_at) / 1 day).
        older_than: `21d` keeps events with age >= 21.
        after, before: keeps events at or after, and before, a moment.
        scope: `lead`, or `account` for the events of all leads of the lead's account that were created before as_of,
            its own included (a lead without an account has only its own).
    """

    event: Texts
    where: Condition | None = None
    within: Days | None = None
    older_than: Days | None = None
    after: Moment | None = None
    before: Moment | None = None
    scope: Literal["lead", "account"] = "lead"

    @model_validator(mode="after")
    def _on_properties(self) -> Self:
        for test in leaves(self.where):
            relative = isinstance(test, FieldTest) and test.operator in _RELATIVE
            other = getattr(test, "argument", None)
            if not isinstance(test, FieldTest) or relative or getattr(other, "account_field", None) is not None:
                raise fault(
                    "tests on the event's own properties ('field: …') in 'where'",
                    "For the event's age use 'within' or 'older_than' of the event; move other tests beside it.",
                    at=("where",),
                )
        return self

    @model_validator(mode="after")
    def _window(self) -> Self:
        if self.within is not None and self.older_than is not None and self.older_than >= self.within:
            raise fault(
                "older_than below within",
                "No event is at once younger and older; swap or correct the two.",
                found=f"older_than {self.older_than}d, within {self.within}d",
            )
        if self.after is not None and self.before is not None and moment_us(self.after) >= moment_us(self.before):
            found = f"after {self.after}, before {self.before}"
            raise fault("after earlier than before", "Swap or correct the two.", found=found)
        return self

    @property
    def names(self) -> tuple[str, ...] | None:
        """The event names asked for; None for every event."""
        return None if ANY_EVENT in self.event else tuple(dict.fromkeys(self.event))


_RELATIVE = ("within", "older_than", "in_next", "changed_within")


class EventQuantity(EventFilter):
    """A number drawn from events: how many, on how many UTC days, by how many leads, an age, or of a property.

    Attributes:
        measure: `count` of events; `days`: distinct UTC days; `leads`: distinct leads (of use with `scope: account`);
            `distinct`: distinct values of a property (texts folded; missing values are no value); `sum` of a number
            property (each value taken in thousandths, floor(1000 x + 1/2), and kept within a thousand million; missing
            ones count nothing); `first_age`, `last_age`: age in whole days of the oldest and the newest event,
            missing without one.
        of: the property, for `distinct` and `sum` (`property` in the file).
    """

    measure: Measure = "count"
    of: str | None = Field(default=None, alias="property")

    @model_validator(mode="after")
    def _of_property(self) -> Self:
        _demand_property(self.of, self.measure)
        return self


def _demand_property(of: str | None, measure: Measure) -> None:
    """Raise a fault unless a property is named just where the measure is of one."""
    expected = f"'property' beside {' and '.join(OF_PROPERTY)}, and only there"
    if of is None and measure in OF_PROPERTY:
        raise fault(expected, "Name the property.", found=f"'{measure}' without it")
    if of is not None and measure not in OF_PROPERTY:
        raise fault(expected, "Remove 'property'.", found=f"it beside '{measure}'", at=("property",))


class EventTest(EventFilter):
    """A test on a quantity of events: one bound under the measure's name; without any, whether an event passes.

    Attributes:
        count, days, leads, distinct, sum, first_age, last_age: the bound; see `EventQuantity` for what they measure.
        of: the property, for `distinct` and `sum` (`property` in the file).
        missing: for the ages, whether the test holds (or is skipped) without any event.
    """

    count: Count = Count(at_least=1)
    days: Count | None = None
    leads: Count | None = None
    distinct: Count | None = None
    sum: Amount | None = None
    first_age: Count | None = None
    last_age: Count | None = None
    of: str | None = Field(default=None, alias="property")
    missing: bool | Literal["skip"] = False

    @property
    def measure(self) -> Measure:
        """What is measured."""
        return next((name for name in MEASURES[1:] if getattr(self, name) is not None), "count")

    @property
    def bound(self) -> Count | Amount:
        """Its bound."""
        bound: Count | Amount = getattr(self, self.measure)
        return bound

    @field_validator("missing", mode="before")
    @classmethod
    def _policy(cls, value: Any) -> Any:
        return checked_missing(value)

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        given = [name for name in MEASURES if name in self.model_fields_set and getattr(self, name) is not None]
        if len(given) > 1:
            expected, remedy = f"one of {', '.join(MEASURES)}", "Join two tests on events with 'all'."
            raise fault(expected, remedy, found=" and ".join(given))
        _demand_property(self.of, self.measure)
        if self.missing is not False and self.measure not in AGES:
            raise fault(
                f"'missing' beside {' and '.join(AGES)} only",
                "Remove 'missing': without events the others are 0.",
                found=f"it beside '{self.measure}'",
                at=("missing",),
            )
        return self

    @model_serializer(mode="wrap")
    def _without_count(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        data: dict[str, Any] = write(self)
        if self.measure != "count":
            data.pop("count", None)
        return data


class MemberTest(Value):
    """Whether the lead's id (with `scope: account`: its account's id) stands on a list of the history.

    A list has no dates: the plan must allow it (`allow_undated`).
    """

    member_of: Texts
    scope: Literal["lead", "account"] = "lead"


class AllOf(Value):
    """True if every test is."""

    all: Annotated[tuple[Condition, ...], Field(min_length=1)]


class AnyOf(Value):
    """True if at least one test is."""

    any: Annotated[tuple[Condition, ...], Field(min_length=1)]


class NotOf(Value):
    """True if the test is not."""

    not_: Condition = Field(alias="not")


_KINDS: dict[str, str] = {
    "all": "<all>",
    "any": "<any>",
    "not": "<not>",
    "event": "<event>",
    "member_of": "<member>",
    "account_field": "<account field>",
    "field": "<field>",
}


def _kind(value: Any) -> str | None:
    if isinstance(value, dict):
        kinds = [tag for key, tag in _KINDS.items() if key in value]
        return kinds[0] if len(kinds) == 1 else None
    return _TAGS.get(type(value))


Leaf = FieldTest | AccountFieldTest | EventTest | MemberTest
Condition = Annotated[
    Annotated[AllOf, Tag("<all>")]
    | Annotated[AnyOf, Tag("<any>")]
    | Annotated[NotOf, Tag("<not>")]
    | Annotated[FieldTest, Tag("<field>")]
    | Annotated[AccountFieldTest, Tag("<account field>")]
    | Annotated[EventTest, Tag("<event>")]
    | Annotated[MemberTest, Tag("<member>")],
    Discriminator(
        _kind,
        custom_error_type="kind_of_condition",
        custom_error_message=f"exactly one of {', '.join(repr(key) for key in _KINDS)} in a condition",
    ),
]
_TAGS: dict[type, str] = {
    AllOf: "<all>",
    AnyOf: "<any>",
    NotOf: "<not>",
    FieldTest: "<field>",
    AccountFieldTest: "<account field>",
    EventTest: "<event>",
    MemberTest: "<member>",
}

for _cls in (EventFilter, EventQuantity, EventTest, AllOf, AnyOf, NotOf):
    _cls.model_rebuild()


def leaves(condition: Condition | None) -> Iterator[Leaf]:
    """The tests at the ends of a condition, not those inside an event's `where`."""
    if isinstance(condition, AllOf):
        for part in condition.all:
            yield from leaves(part)
    elif isinstance(condition, AnyOf):
        for part in condition.any:
            yield from leaves(part)
    elif isinstance(condition, NotOf):
        yield from leaves(condition.not_)
    elif condition is not None:
        yield condition
