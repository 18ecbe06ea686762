"""From a document to frozen values: pydantic does the checking, this says what is wrong in our words.

Also the small value types that models, plans and mappings share: points, days, shares.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
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
        elif index == last and detail["type"] == "missing":
            place.append(part)
    return tuple(place)


def _problem(cls: type[BaseModel], document: Document, place: Place, detail: ErrorDetails) -> Problem:
    kind, context = detail["type"], detail.get("ctx", {})
    where = document.where(place)
    if kind == "missing":
        key = place[-1]
        return Problem(document.where(place), f"the key '{key}'", "nothing", f"Add '{key}:' here.")
    if kind == "extra_forbidden":
        return _unknown_key(cls, where, str(place[-1]))
    if kind == "fault":
        found = str(context["found"]) or _shown(detail["input"])
        return Problem(document.where((*place, *context["at"])), str(context["expected"]), found, context["remedy"])
    expected, remedy = _PLAIN.get(kind, (_lower(detail["msg"]), _REMEDIES.get(kind, "Correct this value.")))
    if "expected" in context:
        expected, remedy = str(context["expected"]), "Use one of these."
        if place == ("format",):
            remedy = "Name a file of that kind: its first line says which it is."
    bounds = [f"{words} {context[key]}" for key, words in _BOUNDS.items() if key in context]
    if bounds:
        expected, remedy = f"a number {bounds[0]}", "Correct this number."
    if kind in {"too_short", "string_too_short"}:
        expected, remedy = "at least one entry", "Add one, or remove the key."
    return Problem(where, expected, _shown(detail["input"]), remedy)


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
    "kind_of_condition": "Write for example {field: region, equals: EU}.",
    "kind_of_rule": "Say what earns the points: a condition, a list of cases, or events.",
}
_BOUNDS = {"ge": "of at least", "gt": "above", "le": "of at most", "lt": "below"}


def _unknown_key(cls: type[BaseModel], where: str, key: str) -> Problem:
    close = difflib.get_close_matches(key, sorted(known_keys(cls) - {key}), n=1, cutoff=0.6)
    remedy = f"Did you mean '{close[0]}'?" if close else "Remove it, or correct its name."
    return Problem(where, UNKNOWN, f"'{key}'", remedy)


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
    return text if len(text) <= 80 else text[:77] + "..."


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
    WithJsonSchema({"type": "number", "multipleOf": 0.001, "minimum": -MOST_POINTS, "maximum": MOST_POINTS}),
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
