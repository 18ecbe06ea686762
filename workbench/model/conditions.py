"""What a rule may ask: tests on fields, tests on counted events, and all / any / not of tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from workbench.parsing import Days, Scalar, Value, fault

ANY_EVENT = "any"
SEPARATORS = "\t\n\r !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
"""What stands between words: ASCII blanks and punctuation."""


def _one_or_many(value: Any) -> Any:
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


Texts = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...],
    BeforeValidator(_one_or_many),
    Field(min_length=1),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
]
Range = Annotated[
    tuple[float, float],
    Field(description="half-open: from the first number up to, not including, the second"),
]


class NamedList(Value):
    """A list that the history carries, by name."""

    list: str


class Comparison(Value):
    """Exactly one operator with its argument; what it is asked of stands beside it.

    Text compares with ASCII case folded and surrounding blanks trimmed unless `exact`.
    A missing value makes every comparison false; `known` asks for it.
    """

    equals: Scalar | None = None
    one_of: tuple[Scalar, ...] | NamedList | None = None
    has_word: Texts | None = None
    contains_any: Texts | None = None
    starts_with: Texts | None = None
    ends_with: Texts | None = None
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    between: Range | None = None
    known: bool | None = None
    exact: bool = False

    @property
    def operator(self) -> str:
        """The name of the one operator that is set."""
        return next(name for name in OPERATORS if getattr(self, name) is not None)

    @property
    def argument(self) -> Any:
        """The argument of that operator."""
        return getattr(self, self.operator)

    @model_validator(mode="after")
    def _one_operator(self) -> Self:
        given = [name for name in OPERATORS if getattr(self, name) is not None]
        if len(given) != 1:
            raise fault(
                f"exactly one operator of {', '.join(OPERATORS)}",
                "Add the operator that is meant." if not given else "Use 'all' to join several tests.",
            )
        if self.between is not None and self.between[0] >= self.between[1]:
            raise fault(
                "[low, high] with low below high",
                "Swap or correct the two numbers.",
                found=f"[{self.between[0]:g}, {self.between[1]:g}]",
                at=("between",),
            )
        if isinstance(self.one_of, tuple) and not self.one_of:
            raise fault("one_of with at least one value", "List the values, or remove the test.")
        for text in self.has_word or ():
            if not text.strip(SEPARATORS):
                raise fault(
                    "has_word with at least one word in each text",
                    "Words are what stands between blanks and punctuation; look for signs with contains_any.",
                    found=repr(text),
                    at=("has_word",),
                )
        if self.exact and self.operator not in TEXT_OPERATORS:
            raise fault("'exact' beside an operator on texts", "Remove 'exact'.")
        return self


TEXT_OPERATORS = ("equals", "one_of", "has_word", "contains_any", "starts_with", "ends_with")
NUMBER_OPERATORS = ("at_least", "above", "at_most", "below", "between")
OPERATORS = (*TEXT_OPERATORS, *NUMBER_OPERATORS, "known")


class FieldTest(Comparison):
    """A test on a field of the lead (in an event's `where`: on a property of the event)."""

    field: str

    @property
    def name(self) -> str:
        """The field's name."""
        return self.field


class AccountFieldTest(Comparison):
    """A test on a field of the lead's account."""

    account_field: str

    @property
    def name(self) -> str:
        """The field's name."""
        return self.account_field


class Count(Value):
    """How many: exactly one bound on a whole number."""

    equals: Annotated[int, Field(ge=0)] | None = None
    at_least: Annotated[int, Field(ge=0)] | None = None
    above: Annotated[int, Field(ge=0)] | None = None
    at_most: Annotated[int, Field(ge=0)] | None = None
    below: Annotated[int, Field(ge=0)] | None = None
    between: tuple[int, int] | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        given = self.model_fields_set & {name for name in COUNTS if getattr(self, name) is not None}
        if len(given) != 1:
            raise fault(f"exactly one of {', '.join(COUNTS)}", "Keep the bound that is meant.")
        if self.between is not None and not 0 <= self.between[0] < self.between[1]:
            raise fault("between: [low, high] with 0 <= low < high", "Swap or correct the two numbers.")
        return self

    @property
    def operator(self) -> str:
        """The name of the bound that is set."""
        return next(name for name in COUNTS if getattr(self, name) is not None)


COUNTS = ("equals", "at_least", "above", "at_most", "below", "between")


class EventFilter(Value):
    """Which events: by name (`any` is every event), by a test on their properties, and by whole days of age.

    `within: 30d` keeps events with age < 30, where age = floor((as_of - occurred_at) / 1 day).
    """

    event: Texts
    where: Condition | None = None
    within: Days | None = None

    @model_validator(mode="after")
    def _on_properties(self) -> Self:
        for test in leaves(self.where):
            if not isinstance(test, FieldTest):
                raise fault(
                    "tests on the event's own properties ('field: …') in 'where'",
                    "Move other tests beside it.",
                )
        return self

    @property
    def names(self) -> tuple[str, ...] | None:
        """The event names asked for; None for every event."""
        return None if ANY_EVENT in self.event else tuple(dict.fromkeys(self.event))


class EventTest(EventFilter):
    """A test on how many events pass the filter; without `count`, whether any does."""

    count: Count = Count(at_least=1)


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
    "field": "<field>",
    "account_field": "<account field>",
    "event": "<event>",
}


def _kind(value: Any) -> str | None:
    if isinstance(value, dict):
        return next((tag for key, tag in _KINDS.items() if key in value), None)
    return _TAGS.get(type(value))


Condition = Annotated[
    Annotated[AllOf, Tag("<all>")]
    | Annotated[AnyOf, Tag("<any>")]
    | Annotated[NotOf, Tag("<not>")]
    | Annotated[FieldTest, Tag("<field>")]
    | Annotated[AccountFieldTest, Tag("<account field>")]
    | Annotated[EventTest, Tag("<event>")],
    Discriminator(
        _kind,
        custom_error_type="kind_of_condition",
        custom_error_message="a condition: 'field', 'account_field', 'event', 'all', 'any' or 'not'",
    ),
]
_TAGS: dict[type, str] = {
    AllOf: "<all>",
    AnyOf: "<any>",
    NotOf: "<not>",
    FieldTest: "<field>",
    AccountFieldTest: "<account field>",
    EventTest: "<event>",
}

for _cls in (EventFilter, EventTest, AllOf, AnyOf, NotOf):
    _cls.model_rebuild()


def leaves(condition: Condition | None) -> Iterator[FieldTest | AccountFieldTest | EventTest]:
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
