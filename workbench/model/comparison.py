"""One comparison: an operator with its argument, asked of a field of the lead or of its account."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from workbench.parsing import Days, Moment, Scalar, Value, checked_moment, fault, only_one

SEPARATORS = "\t\n\r !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
"""What stands between words: ASCII blanks and punctuation."""


_BLANKS = " \t\r\n"
_SMALL = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def folded(text: str) -> str:
    """Text without outer blanks (space, tab, line ends) and with ASCII letters in lower case.

    >>> folded("  VP Vertrieb ÖSTERREICH ")
    'vp vertrieb Österreich'
    """
    return text.strip(_BLANKS).translate(_SMALL)


def _one_or_many(value: Any) -> Any:
    if not isinstance(value, str | list | tuple):
        raise fault("a text, or a list of texts", "Write it as a text in quotes, or as [a, b].")
    return (value,) if isinstance(value, str) else tuple(value)


def checked_missing(value: Any) -> Any:
    """What may stand under `missing`.

    Raises:
        PydanticCustomError: a `fault`, if it is something else.
    """
    if not isinstance(value, bool) and value != "skip":
        raise fault("true, false or skip", "Write one of these, without quotes.")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


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


class OtherField(Value):
    """What a field is compared with, where that is another field: of the lead, or of its account.

    In an event's `where`, `field` is another property of the same event.
    """

    field: str | None = None
    account_field: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.field is None) == (self.account_field is None):
            raise fault("either 'field' or 'account_field'", "Name the one field to compare with.")
        return self

    @property
    def name(self) -> str:
        """The field's name."""
        return self.field if self.field is not None else self.account_field or ""


class Comparison(Value):
    """Exactly one operator with its argument; what it is asked of stands beside it.

    Text compares with ASCII case folded and surrounding blanks trimmed unless `exact`. A missing value (of either
    side, where two fields are compared) makes a comparison false; with `missing: true` it makes it true, with
    `missing: skip` the test is left out of the `all` or `any` around it (a condition of which nothing is left is
    false, and so is its `not`). `known` asks for missing values, and takes no `missing`.

    Times: `before` and `after` part at a moment (`after` includes it). With age = as_of - value, in microseconds,
    `within: 30d` is 0 < age < 30 days, `older_than: 21d` is age >= 21 days, `in_next: 60d` is 0 <= -age < 60 days.
    `changed_within: 7d`: the changes table dates a change of this field before as_of and less than 7 days before it.

    `glob` matches the whole text: `*` stands for any run of signs, `?` for one sign, nothing else is special.
    `regex` finds a pattern anywhere in the text; it is not portable between engines and needs `portable: false`.
    """

    equals: Scalar | OtherField | None = None
    one_of: tuple[Scalar, ...] | NamedList | None = None
    has_word: Texts | None = None
    contains_any: Texts | None = None
    starts_with: Texts | None = None
    ends_with: Texts | None = None
    glob: Texts | None = None
    regex: str | None = None
    at_least: float | OtherField | None = None
    above: float | OtherField | None = None
    at_most: float | OtherField | None = None
    below: float | OtherField | None = None
    between: Range | None = None
    before: Moment | OtherField | None = None
    after: Moment | OtherField | None = None
    within: Days | None = None
    older_than: Days | None = None
    in_next: Days | None = None
    changed_within: Days | None = None
    known: bool | None = None
    exact: bool = False
    missing: bool | Literal["skip"] = False
    portable: bool = True

    @property
    def operator(self) -> str:
        """The name of the one operator that is set."""
        return next(name for name in OPERATORS if getattr(self, name) is not None)

    @property
    def argument(self) -> Any:
        """The argument of that operator."""
        return getattr(self, self.operator)

    @field_validator("missing", mode="before")
    @classmethod
    def _policy(cls, value: Any) -> Any:
        return checked_missing(value)

    @field_validator("equals", mode="before")
    @classmethod
    def _single(cls, value: Any) -> Any:
        if isinstance(value, list | tuple):
            raise fault("one value, or another field as {field: name}", "Use one_of for several values.")
        return value

    @field_validator("one_of", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        if value is not None and not isinstance(value, list | tuple | dict | NamedList):
            raise fault("a list of values, or {list: name}", "Use equals for one value, or write it as [a, b].")
        return tuple(value) if isinstance(value, list) else value

    @field_validator("at_least", "above", "at_most", "below", mode="before")
    @classmethod
    def _number(cls, value: Any) -> Any:
        if not (value is None or _is_number(value) or isinstance(value, dict | OtherField)):
            remedy = "Write a number without quotes, or the other field's name in braces."
            raise fault("a number, or another field as {field: name}", remedy)
        return value

    @field_validator("between", mode="before")
    @classmethod
    def _pair(cls, value: Any) -> Any:
        pair = isinstance(value, list | tuple) and len(value) == 2 and all(_is_number(end) for end in value)
        if value is not None and not pair:
            raise fault("[low, high], two numbers", "Write for example [50, 100]: from 50 to below 100.")
        return value if value is None else tuple(value)

    @field_validator("before", "after", mode="before")
    @classmethod
    def _time(cls, value: Any) -> Any:
        return value if value is None or isinstance(value, dict | OtherField) else checked_moment(value)

    @model_validator(mode="after")
    def _one_operator(self) -> Self:
        only_one(self, OPERATORS, what="one operator", remedy="Use 'all' to join several tests.")
        if self.between is not None and self.between[0] >= self.between[1]:
            raise fault(
                "[low, high] with low below high",
                "Swap or correct the two numbers.",
                found=f"[{self.between[0]:g}, {self.between[1]:g}]",
                at=("between",),
            )
        if isinstance(self.one_of, tuple) and not self.one_of:
            raise fault("one_of with at least one value", "List the values, or remove the test.", at=("one_of",))
        for text in self.has_word or ():
            if not text.strip(SEPARATORS):
                raise fault(
                    "has_word with at least one word in each text",
                    "Words are what stands between blanks and punctuation; look for signs with contains_any.",
                    found=repr(text),
                    at=("has_word",),
                )
        if self.exact and (self.operator not in TEXT_OPERATORS or self.operator == "regex"):
            found = f"it beside '{self.operator}'"
            raise fault("'exact' beside an operator on texts", "Remove 'exact'.", found=found, at=("exact",))
        return self

    @model_validator(mode="after")
    def _flags(self) -> Self:
        if self.missing is not False and self.operator in {"known", "changed_within"}:
            raise fault(f"no 'missing' beside '{self.operator}'", "Remove 'missing'.", at=("missing",))
        if (self.regex is not None) == self.portable:
            raise fault(
                "'portable: false' beside 'regex', and only there",
                "Engines read patterns differently: say 'portable: false', or use has_word or glob."
                if self.portable
                else "Remove 'portable'.",
                found="'regex' without it" if self.portable else f"it beside '{self.operator}'",
                at=("portable",) if self.regex is None else ("regex",),
            )
        if self.regex is not None:
            _check_pattern(self.regex)
        return self


TEXT_OPERATORS = ("equals", "one_of", "has_word", "contains_any", "starts_with", "ends_with", "glob", "regex")
NUMBER_OPERATORS = ("at_least", "above", "at_most", "below", "between")
TIME_OPERATORS = ("before", "after", "within", "older_than", "in_next")
OPERATORS = (*TEXT_OPERATORS, *NUMBER_OPERATORS, *TIME_OPERATORS, "changed_within", "known")

_ESCAPES = r"\\[dDwWbBAtnrf^$.|?*+()\[\]{}/\\-]"
_REFUSED = (r"\(\?(?!:)", r"[*+?}][+]", r"\[\[", r"\$", r"\{,", r"\)\{", r"--|&&|~~|\|\|")
_IN_SET = r"\[[^\]]*\\[bBA]"


def _check_pattern(pattern: str) -> None:
    """Only what pattern languages share; they differ on look-around, back references, `\\s`, `$` and counted groups."""
    remedy = "Use plain letters, sets, groups, |, *, +, ? and {m,n}; look for whole words with has_word."
    plain = re.sub(_ESCAPES, "x", pattern)
    odd = "\\" in plain or any(re.search(each, plain) for each in _REFUSED) or re.search(_IN_SET, pattern)
    if odd or len(pattern) > 200 or any(int(count) > 1000 for count in re.findall(r"\{(\d+)", plain)):
        raise fault("a simple pattern of at most 200 signs", remedy, at=("regex",))
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as wrong:
        raise fault("a pattern", remedy, found=f"{pattern!r} ({wrong})", at=("regex",)) from None


class FieldTest(Comparison):
    """A test on a field of the lead (in an event's `where`: on a property of the event).

    Three fields are built in, unless a flat table has a column of that name and no dates: `stage` (text: the last
    stage entered before as_of), `created_at` (time), and `recorded_score` (number: the last score that the CRM or
    another model had recorded before as_of). A column of leads of the same name is not read where they exist.
    """

    field: str

    @property
    def name(self) -> str:
        """The field's name."""
        return self.field


class AccountFieldTest(Comparison):
    """A test on a field of the lead's account."""

    account_field: str

    @model_validator(mode="after")
    def _undated(self) -> Self:
        if self.changed_within is not None:
            remedy = "Ask it of a 'field': only those of leads have dated changes."
            found = f"it beside 'account_field: {self.account_field}'"
            raise fault("'changed_within' of a lead's field", remedy, found=found, at=("changed_within",))
        return self

    @property
    def name(self) -> str:
        """The field's name."""
        return self.account_field
