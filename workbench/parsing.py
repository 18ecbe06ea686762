"""From a document to frozen values: pydantic does the checking, this says what is wrong in our words.

Also the small value types that models, plans and mappings share: points, days, shares.
"""

from __future__ import annotations

import datetime as dt
import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from workbench.document import Document, Place, spelled
from workbench.errors import InputError, Problem, listed

MOST_POINTS = 1_000_000
UNKNOWN = "a key that is known here"


class Value(BaseModel):
    """A frozen, strictly typed value; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


Parsed = TypeVar("Parsed", bound=BaseModel)


def only_one(value: BaseModel, names: Sequence[str], *, remedy: str, what: str = "one") -> str:
    """The one of these fields of a value that is set; a `fault` is raised if none or several are.

    Args:
        value: what has the fields.
        names: of the fields.
        remedy: what to do if several are set.
        what: what they are, for the message: `one`, `one operator`.
    """
    given = [name for name in names if getattr(value, name) is not None]
    if len(given) != 1:
        remedy = remedy if given else "Add the one that is meant."
        raise fault(f"exactly {what} of {', '.join(names)}", remedy, found=" and ".join(given) or "none of them")
    return given[0]


def fault(expected: str, remedy: str, *, found: str = "", at: Place = ()) -> PydanticCustomError:
    """What a validator raises: what was expected and what to do; the place and the value are added later.

    Args:
        expected: what would have been right.
        remedy: what to do about it.
        found: what was there instead, where the value itself does not say it best.
        at: the place below the value that is validated.
    """
    context = {"expected": expected, "remedy": remedy, "found": found, "at": at}
    return PydanticCustomError("fault", "{expected}", context)


def parse(cls: type[Parsed], document: Document, error: type[InputError]) -> Parsed:
    """The document as a value of `cls`.

    Raises:
        InputError: of the class given, with one problem for each fault, in the order of the file.
    """
    try:
        return cls.model_validate_json(json.dumps(document.data))
    except ValidationError as wrong:
        problems = {_spot(detail, document.data): detail for detail in wrong.errors(include_url=False)}
        deepest = {
            place: detail
            for place, detail in problems.items()
            if not any(other[: len(place)] == place and len(other) > len(place) for other in problems)
        }
        kind = deepest.get(("format",))
        if kind is not None and kind["type"] == "literal_error":
            deepest = {("format",): kind}  # of another kind of file nothing else is worth saying
        found = [(place, _problem(cls, document, place, detail)) for place, detail in deepest.items()]
        raise error(*_without_echoes(found)) from None


def _without_echoes(found: list[tuple[Place, Problem]]) -> list[Problem]:
    """A wrong key is one fault, not two: its 'missing' twin, of like name or alone, is left out."""
    missing = [place for place, problem in found if problem.found == "nothing" and problem.remedy.startswith("Add '")]
    unknown = [place for place, problem in found if problem.expected == UNKNOWN]
    told: list[Problem] = []
    meant = {(*place[:-1], problem.remedy[14:-2]) for place, problem in found if "Did you mean" in problem.remedy}
    for place, problem in found:
        twins = [other for other in missing if other[:-1] == place[:-1]]
        if place in unknown and len(twins) == 1 and len([other for other in unknown if other[:-1] == place[:-1]]) == 1:
            meant.add(twins[0])
            told.append(replace(problem, remedy=f"Did you mean '{twins[0][-1]}'?"))
        else:
            told.append(problem)
    gone = meant & set(missing)
    return [problem for (place, _), problem in zip(found, told, strict=True) if place not in gone]


def _spot(detail: ErrorDetails, data: Any) -> Place:
    """The place in the file: pydantic's location without the names it gives to the branches of a union."""
    place: list[str | int] = []
    last = len(detail["loc"]) - 1
    for index, part in enumerate(detail["loc"]):
        is_key = isinstance(data, dict) and isinstance(part, str) and part in data
        is_item = isinstance(data, list) and isinstance(part, int) and part < len(data)
        if is_key or is_item:
            data = data[part]
            place.append(part)
        elif index == last and detail["type"] == "missing" and isinstance(part, str):
            place.append(part)
    return tuple(place)


def _problem(cls: type[BaseModel], document: Document, place: Place, detail: ErrorDetails) -> Problem:
    kind, context = detail["type"], detail.get("ctx", {})
    where = document.where(place)
    short = kind == "missing" and isinstance(detail["loc"][-1], int)
    if short or kind == "too_long":
        entries = f"at least {int(detail['loc'][-1]) + 1}" if short else f"at most {context['max_length']:,}"
        return Problem(where, f"a list of {entries} entries", _shown(detail["input"]), "Correct the list.")
    if kind == "missing":
        return Problem(where, f"the key '{place[-1]}'", "nothing", f"Add '{place[-1]}:' here.")
    if kind == "extra_forbidden":
        return _unknown_key(cls, where, str(place[-1]))
    if kind == "fault":
        found = str(context["found"]) or _shown(_below(detail["input"], context["at"]))
        return Problem(document.where((*place, *context["at"])), str(context["expected"]), found, context["remedy"])
    expected, remedy = _words(cls, place, detail)
    return Problem(where, expected, _shown(detail["input"]), remedy)


def _words(cls: type[BaseModel], place: Place, detail: ErrorDetails) -> tuple[str, str]:
    """What was expected of a value, and the remedy."""
    kind, context, found = detail["type"], detail.get("ctx", {}), detail["input"]
    bounds = [f"{words} {context[key]}" for key, words in _BOUNDS.items() if key in context]
    if bounds:
        return f"a number {bounds[0]}", "Correct this number."
    if kind in {"too_short", "string_too_short"}:
        return "at least one entry", "Add one, or remove the key."
    if kind == "string_too_long":
        return f"a text of at most {context['max_length']} characters", "Shorten it."
    if "expected" in context:
        another = "Name a file of that kind: its first line says which it is."
        return str(context["expected"]), another if place == ("format",) else "Use one of these."
    expected, remedy = _PLAIN.get(kind, (_lower(detail["msg"]), _REMEDIES.get(kind, "Correct this value.")))
    if kind in _REMEDIES and isinstance(found, dict):
        remedy = _misspelt(cls, found, re.findall(r"'(\w+)'", expected)) or remedy
    if kind in {"model_type", "model_attributes_type"}:
        remedy = f"Write it as {{key: value}}; keys here are {listed(_keys(cls, str(context['class_name'])))}."
    if kind == "int_type" and re.fullmatch("[0-9]+d", str(found)):
        remedy = f"Write the days as a plain number here: {str(found)[:-1]}."
    return expected, remedy


def _below(value: Any, place: Place) -> Any:
    """What stands at a place below a value; the value itself, if nothing does."""
    found = value
    try:
        for step in place:
            found = found[step]
    except (LookupError, TypeError):
        return value
    return found


_PLAIN = {
    "string_type": ("a text", "Put it in quotes if a text is meant."),
    "int_type": ("a whole number", "Write it without quotes or decimals."),
    "int_from_float": ("a whole number", "Write it without decimals."),
    "string_pattern_mismatch": (
        "a letter, then letters, digits, '_' or '-', 60 at most",
        "Rename it, for example company_size.",
    ),
    "float_type": ("a number", "Write it without quotes."),
    "bool_type": ("true or false", "Write true or false without quotes."),
    "tuple_type": ("a list", "Write it as [a, b] or with one '- ' line each."),
    "dict_type": ("keys with values", "Write it as {key: value}."),
    "model_type": ("keys with values", "Write it as {key: value}."),
    "model_attributes_type": ("keys with values", "Write it as {key: value}."),
}
_REMEDIES = {
    "kind_of_condition": "Write for example {field: region, equals: EU}; join several tests with 'all'.",
    "kind_of_rule": "Keep or add the one that says what earns the points.",
    "kind_of_quantity": "Write for example {field: employees} or {event: page_view}.",
}
_BOUNDS = {"ge": "of at least", "gt": "above", "le": "of at most", "lt": "below"}


def _misspelt(cls: type[BaseModel], data: Mapping[str, Any], wanted: Sequence[str]) -> str:
    """A remedy where one of the wanted keys seems to be there under another spelling, else nothing."""
    odd = sorted(data.keys() - known_keys(cls)) if not data.keys() & set(wanted) else []
    close = [(key, *difflib.get_close_matches(key, wanted, n=1, cutoff=0.65)) for key in odd]
    return next((f"Did you mean '{pair[1]}' by '{pair[0]}'?" for pair in close if len(pair) == 2), "")


def _unknown_key(cls: type[BaseModel], where: str, key: str) -> Problem:
    known = known_keys(cls)
    close = difflib.get_close_matches(key, sorted(known), n=1, cutoff=0.6)
    remedy = f"Did you mean '{close[0]}'?" if close else "Remove it, or correct its name."
    if key in known:
        remedy = "This key is known in other places, not here: move it or remove it."
    return Problem(where, UNKNOWN, f"'{key}'", remedy)


def _keys(cls: type[BaseModel], name: str) -> list[str]:
    """The keys of a class, by its name, that stands somewhere in documents of class `cls`."""
    parts = cls.model_json_schema().get("$defs", {})
    return list(parts.get(name, {}).get("properties", ()))


def known_keys(cls: type[BaseModel]) -> set[str]:
    """Every key that a document of this class may hold anywhere."""
    found: set[str] = set()

    def visit(node: Any) -> None:
        if isinstance(node, dict):
            properties = node.get("properties")
            if isinstance(properties, dict):
                found.update(properties)
            for child in node.values():
                visit(child)
        elif isinstance(node, list):
            for child in node:
                visit(child)

    visit(cls.model_json_schema())
    return found


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A remedy for a name that is not known: the closest known one, or the list of them.

    >>> did_you_mean("jobtitle", ["job_title", "region"])
    "Did you mean 'job_title'?"
    """
    names = sorted(known)
    folded = {candidate.lower(): candidate for candidate in reversed(names)}
    close = difflib.get_close_matches(name.lower(), list(folded), n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{folded[close[0]]}'?"
    return f"Known are: {listed(names)}." if names else "There is none at all."


def _lower(message: str) -> str:
    return re.sub(r"^(Input|Value) should (be|have) ", "", message)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "…"


# --- value types ----------------------------------------------------------------------------------------------------


def _points(value: Any) -> Decimal:
    remedy = "Write a plain number such as 15, -8 or 2.5."
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise fault("points, a number", remedy)
    number = Decimal(str(value))
    if not abs(number) <= MOST_POINTS:
        raise fault(f"points between -{MOST_POINTS:,} and {MOST_POINTS:,}", remedy)
    if number != round(number, 3):
        raise fault("points with at most three decimals", "Round it: scores are kept in thousandths of a point.")
    return number + 0 if number else Decimal(0)


def plain_number(number: Decimal) -> int | float:
    """A decimal as JSON and YAML write it: 15, not 15.0."""
    return int(number) if number == int(number) else float(number)


Points = Annotated[
    Decimal,
    BeforeValidator(_points),
    PlainSerializer(plain_number, return_type=int | float),
    WithJsonSchema({"type": "number", "minimum": -MOST_POINTS, "maximum": MOST_POINTS}),
]


def milli(points: Decimal) -> int:
    """Points in integer thousandths, the unit of all arithmetic.

    >>> milli(Decimal("2.5"))
    2500
    """
    return int(points * 1000)


def _days(value: Any, info: ValidationInfo) -> int:
    if info.mode == "python" and isinstance(value, int) and value > 0:
        return value  # not from a file: a number that was made in code
    match = re.fullmatch(r"([0-9]{1,5})d", value) if isinstance(value, str) else None
    if match is None or int(match[1]) == 0:
        raise fault("whole days such as 30d", "Write a number of days, at least 1, followed by 'd'.")
    return int(match[1])


Days = Annotated[
    int,
    BeforeValidator(_days),
    PlainSerializer(lambda days: f"{days}d", return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{0,4}d$"}),
]


def _share(value: Any) -> float:
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)\s*%", value) if isinstance(value, str) else None
    number = float(match[1]) / 100 if match else value
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not 0 <= number <= 1:
        raise fault("a share such as 20%", "Write a percentage from 0% to 100%.")
    return float(number)


Share = Annotated[
    float,
    BeforeValidator(_share),
    PlainSerializer(lambda share: f"{share * 100:.10g}%", return_type=str),
    WithJsonSchema({"type": ["string", "number"], "pattern": "^[0-9]+(\\.[0-9]+)? *%$", "minimum": 0, "maximum": 1}),
]


def _exact(value: Any, most: int, decimals: int, example: str) -> Decimal:
    match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*%", value) if isinstance(value, str) else None
    number = Decimal(match[1]) / 100 if match else value
    wrong = isinstance(number, bool) or not isinstance(number, (int, float, Decimal))
    if wrong or not 0 <= Decimal(str(number)) <= most:
        raise fault(f"a number from 0 to {most}, or a percentage, such as {example}", f"Write for example {example}.")
    number = Decimal(str(number))
    if number != round(number, decimals):
        raise fault(f"at most {decimals} decimals ({decimals - 2} in a percentage)", "Round it.")
    return number + 0 if number else Decimal(0)


def percent(share: Decimal) -> str:
    """A share as a percentage: `37.5%`.

    >>> percent(Decimal("0.375"))
    '37.5%'
    """
    return f"{(share * 100).normalize():f}%"


Factor = Annotated[
    Decimal,
    BeforeValidator(lambda value: _exact(value, 1000, 3, "1.5")),
    PlainSerializer(plain_number, return_type=int | float),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 1000},
                {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)? *%$"},
            ]
        }
    ),
]
"""A multiplier with at most three decimals: `1.5`, `0.5` or `30%`."""

Portion = Annotated[
    Decimal,
    BeforeValidator(lambda value: _exact(value, 1, 6, "25%")),
    PlainSerializer(percent, return_type=str),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 1},
                {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)? *%$"},
            ]
        }
    ),
]
"""An exact share from 0% to 100%, with at most four decimals in the percentage."""

_MOMENT = r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?"


def checked_moment(value: Any) -> str:
    """A date or moment as a model keeps it; a `fault` is raised if it is none."""
    try:
        moment = moment_us(value if isinstance(value, str) and re.fullmatch(_MOMENT, value) else "no moment")
    except (ValueError, OverflowError):
        raise fault(
            "a date such as 2026-01-31, or a moment such as 2026-01-31T09:00:00Z",
            "Write it in ISO 8601; a date is its start, 00:00 UTC, and a time needs Z or an offset.",
        ) from None
    return moment_text(moment)


_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def moment_text(us: int) -> str:
    """UTC epoch microseconds in the one way that a model keeps them: a date where it is the start of a UTC day.

    >>> moment_text(86_400_000_000), moment_text(1_500_000)
    ('1970-01-02', '1970-01-01T00:00:01.500000Z')
    """
    text = (_EPOCH + dt.timedelta(microseconds=us)).isoformat().replace("+00:00", "Z")
    return text.removesuffix("T00:00:00Z")


def moment_us(text: str) -> int:
    """A date or moment of a file as UTC epoch microseconds; a date is its start in UTC.

    >>> moment_us("1970-01-02"), moment_us("1970-01-01T01:00:00+01:00")
    (86400000000, 0)
    """
    moment = dt.datetime.fromisoformat(text)
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


Moment = Annotated[
    str,
    BeforeValidator(checked_moment),
    WithJsonSchema({"type": "string", "pattern": f"^{_MOMENT}$"}),
]

Scalar = bool | int | float | str


def place_of(place: Place, document: Document | None) -> str:
    """Where a value stands: with file and line if it came from a document."""
    return document.where(place) if document is not None else spelled(place)


def plain_dict(value: Mapping[str, Any]) -> dict[str, Any]:
    """A frozen mapping as a dict, for writing."""
    return dict(value)


def plain_numbers(value: Mapping[str, Decimal]) -> dict[str, int | float]:
    """Points by name as plain numbers, for writing."""
    return {name: plain_number(points) for name, points in value.items()}
