"""What earns points: a condition, the first of several cases, or every single event; and shorter ways to say those."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Discriminator, Field, PlainSerializer, Tag, model_validator

from workbench.document import Place
from workbench.model.comparison import folded
from workbench.model.conditions import MOST_COUNT, MOST_SUM, Condition, EventFilter, EventQuantity
from workbench.model.decay import Decay
from workbench.parsing import MOST_POINTS, Factor, Moment, Points, Value, fault, moment_us, plain_number, plain_numbers

Name = Annotated[str, Field(min_length=1, max_length=80)]


class Bounds(Value):
    """A cap: the sum is kept in [min, max]; a side that is left out is open."""

    min: Points | None = None
    max: Points | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            found = f"min {self.min} above max {self.max}"
            raise fault("min of at most max", "Swap or correct the two numbers.", found=found)
        return self


class Effective(Value):
    """When a rule is in force: for as_of in [from, to); a side that is left out is open."""

    from_: Moment | None = Field(default=None, alias="from")
    to: Moment | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.from_ is not None and self.to is not None and moment_us(self.from_) >= moment_us(self.to):
            raise fault("from earlier than to", "Swap or correct the two.", found=f"from {self.from_}, to {self.to}")
        return self


class Rule(Value):
    """What all rules carry.

    Attributes:
        id: stable name, unique in the model.
        in_: the dimension, or the group inside one, that the points go to (`in` in the file).
        why: the reason in a person's words; it is shown in ledgers and pictures.
        enabled: a disabled rule earns nothing.
        cap: what the rule pays is kept in [min, max].
        weight: multiplies what the rule pays, after its cap; rounded half up to thousandths.
        effective: outside of these dates the rule earns nothing.
        owner: the role that answers for the rule.
        tags: free labels.
    """

    id: Annotated[str, Field(pattern="^[A-Za-z][A-Za-z0-9_-]{0,59}$")]
    in_: Name = Field(alias="in")
    why: str = ""
    enabled: bool = True
    cap: Bounds = Bounds()
    weight: Factor = Decimal(1)
    effective: Effective = Effective()
    owner: str = ""
    tags: tuple[str, ...] = ()


class WhenRule(Rule):
    """Points once, if the condition holds."""

    when: Condition
    points: Points


class Case(Value):
    """One case of a `cases` rule."""

    when: Condition
    points: Points


class CasesRule(Rule):
    """The points of the first case that holds, else `default`."""

    cases: Annotated[tuple[Case, ...], Field(min_length=1)]
    default: Points = Decimal(0)


class Limit(Value):
    """Bounds on what repeated events earn, applied in this order.

    Attributes:
        per_distinct: a property; of events with the same value (texts folded) the newest counts; an event without a
            value does not count.
        per_day: most events that count in one UTC day, the newest kept.
        events: most events that count, the newest kept.
        points: most that the rule's points may sum to, in size (so -20 with `points: 15` gives -15).
    """

    per_distinct: str | None = None
    per_day: Annotated[int, Field(ge=1)] | None = None
    events: Annotated[int, Field(ge=1)] | None = None
    points: Annotated[Points, Field(gt=0)] | None = None


class EachRule(Rule):
    """Points for every event that passes the filter, within limits, fading with age.

    Order: filter, window, limit per distinct value, limit per day, limit of events, decay, sum, limit of points.
    An event of whole days' age a pays round_half_up(points x d(a)) thousandths.
    """

    each: EventFilter
    points: Points
    limit: Limit = Limit()
    decay: Decay | None = None


# --- shorter ways to say `cases` --------------------------------------------------------------------------------------


class FieldQuantity(Value):
    """A number field of the lead."""

    field: str


class AccountFieldQuantity(Value):
    """A number field of the lead's account."""

    account_field: str


def _kind_of_quantity(value: Any) -> str | None:
    if isinstance(value, dict):
        given = [f"<{key}>" for key in ("event", "account_field", "field") if key in value]
        return given[0] if len(given) == 1 else None
    kinds: dict[type, str] = {FieldQuantity: "<field>", AccountFieldQuantity: "<account_field>"}
    return kinds.get(type(value), "<event>")


Quantity = Annotated[
    Annotated[FieldQuantity, Tag("<field>")]
    | Annotated[AccountFieldQuantity, Tag("<account_field>")]
    | Annotated[EventQuantity, Tag("<event>")],
    Discriminator(
        _kind_of_quantity,
        custom_error_type="kind_of_quantity",
        custom_error_message="exactly one of 'field', 'account_field' and 'event' for a quantity",
    ),
]


class ValueMap(Value):
    """Points by value of a text field.

    Attributes:
        field, account_field: the one field that is looked at.
        points: by value; as with `equals`, case and outer blanks do not matter unless `exact`.
    """

    field: str | None = None
    account_field: str | None = None
    points: Annotated[
        Mapping[str, Points],
        Field(min_length=1),
        AfterValidator(MappingProxyType),
        PlainSerializer(plain_numbers, return_type=dict[str, int | float]),
    ]
    exact: bool = False

    @model_validator(mode="after")
    def _one_field(self) -> Self:
        if (self.field is None) == (self.account_field is None):
            raise fault("either 'field' or 'account_field'", "Name the one field whose values earn points.")
        alike: dict[str, str] = {}
        for value in self.points:
            key = value if self.exact else folded(value)
            if key in alike:
                remedy = "Keep one of them, or say 'exact: true'."
                found = f"{alike[key]!r} and {value!r}"
                raise fault(
                    "values that differ in more than case and outer blanks", remedy, found=found, at=("points",)
                )
            alike[key] = value
        return self


class MapRule(Rule):
    """Points by value of a field, else `default`: short for `cases` with `equals`."""

    map: ValueMap
    default: Points = Decimal(0)


class Band(Value):
    """A band [from, below) of a quantity with its points; a side that is left out is open."""

    from_: float | None = Field(default=None, alias="from")
    below: float | None = None
    points: Points

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.from_ is None and self.below is None:
            raise fault("'from', 'below' or both", "Say where the band begins or ends.")
        if self.from_ is not None and self.below is not None and self.from_ >= self.below:
            found = f"from {self.from_:g}, below {self.below:g}"
            raise fault("a 'from' that is less than 'below'", "Swap or correct the two.", found=found)
        return self


class Bands(Value):
    """Bands of a quantity; where they overlap, the first counts."""

    of: Quantity
    steps: Annotated[tuple[Band, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ends_fit(self) -> Self:
        for number, band in enumerate(self.steps):
            for key, end in (("from", band.from_), ("below", band.below)):
                if end is not None:
                    _demand_fit(self.of, Decimal(repr(end)), ("steps", number, key))
        return self


def _demand_fit(quantity: Quantity, end: Decimal, place: Place) -> None:
    """Raise a fault unless the quantity can be compared with this number."""
    if not isinstance(quantity, EventQuantity):
        return
    most = MOST_SUM if quantity.measure == "sum" else MOST_COUNT
    found = f"{plain_number(end):,}"
    if quantity.measure != "sum" and (end != int(end) or end < 0):
        expected = f"a whole number of 0 or more, since '{quantity.measure}' is one"
        raise fault(expected, "Round it, or measure the 'sum' of a property.", found=found, at=place)
    if end != round(end, 3):
        raise fault("a number with at most three decimals for a sum", "Round it.", found=found, at=place)
    if abs(end) > most:
        raise fault(f"a number of at most {most:,}", "Choose a smaller number.", found=found, at=place)


class BandsRule(Rule):
    """Points by band of a quantity, else `default`: short for `cases` with `between`."""

    bands: Bands
    default: Points = Decimal(0)


class Units(Value):
    """Whole units of a quantity.

    Attributes:
        unit: size of one unit, above 0.
        most: the ceiling: most units that count, 100 at most.
    """

    of: Quantity
    unit: Annotated[Points, Field(gt=0)] = Decimal(1)
    most: Annotated[int, Field(ge=1, le=100)]

    @model_validator(mode="after")
    def _units_fit(self) -> Self:
        _demand_fit(self.of, self.unit, ("unit",))
        most = self.unit * self.most
        if isinstance(self.of, EventQuantity) and self.of.measure == "sum" and most > MOST_POINTS:
            expected = f"units that sum to at most {MOST_POINTS:,}"
            raise fault(expected, "Make 'unit' or 'most' smaller.", found=f"{self.most} of {self.unit:,f}")
        return self


class PerRule(Rule):
    """Points for every full unit of a quantity up to a ceiling: short for `cases` with `at_least`."""

    per: Units
    points: Points

    @model_validator(mode="after")
    def _sum_fits(self) -> Self:
        if abs(self.points) * self.per.most > MOST_POINTS:
            expected = f"points that sum to at most {MOST_POINTS:,}"
            found = f"{self.points:,f} for each of {self.per.most} units"
            raise fault(expected, "Make 'points' or 'most' smaller.", found=found)
        return self


class Share(Value):
    """A count c as a share min(c, most) / most; nothing below `least`."""

    of: Quantity
    least: Annotated[int, Field(ge=1, le=100)] = 1
    most: Annotated[int, Field(ge=1, le=100)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.least > self.most:
            found = f"least {self.least}, most {self.most}"
            raise fault("'least' no larger than 'most'", "Swap or correct the two.", found=found)
        return self


class UpToRule(Rule):
    """points x min(c, most) / most, rounded half up to thousandths, for c of at least `least`: short for `cases`.

    Source of the formula: frequency criteria as Breadcrumbs describes them.
    """

    up_to: Share
    points: Points


KINDS = ("when", "cases", "each", "map", "bands", "per", "up_to")
_TAGS: dict[type, str] = {
    WhenRule: "<when rule>",
    CasesRule: "<cases rule>",
    EachRule: "<each rule>",
    MapRule: "<map rule>",
    BandsRule: "<bands rule>",
    PerRule: "<per rule>",
    UpToRule: "<up_to rule>",
}


def _kind(value: Any) -> str | None:
    if isinstance(value, dict):
        kinds = [key for key in KINDS if key in value]
        return f"<{kinds[0]} rule>" if len(kinds) == 1 else None
    return _TAGS.get(type(value))


AnyRule = Annotated[
    Annotated[WhenRule, Tag("<when rule>")]
    | Annotated[CasesRule, Tag("<cases rule>")]
    | Annotated[EachRule, Tag("<each rule>")]
    | Annotated[MapRule, Tag("<map rule>")]
    | Annotated[BandsRule, Tag("<bands rule>")]
    | Annotated[PerRule, Tag("<per rule>")]
    | Annotated[UpToRule, Tag("<up_to rule>")],
    Discriminator(
        _kind,
        custom_error_type="kind_of_rule",
        custom_error_message=f"exactly one of {', '.join(repr(kind) for kind in KINDS)} in a rule",
    ),
]
CoreRule = WhenRule | CasesRule | EachRule
"""The rules that are left when short forms are written out."""
