"""The language as its definition has it: every class that a model file is made of, with its keys and what they take."""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from workbench.model import AnyRule, Condition, Model, NamedList, OtherField
from workbench.model.comparison import Range, Texts
from workbench.model.parts import FactorsByName, PointsByName
from workbench.model.rules import Quantity
from workbench.parsing import Days, Factor, Moment, Points, Portion, Value, plain_number

_NAMED: tuple[tuple[Any, str], ...] = (
    (Days, "days, such as 30d"),
    (Points, "points"),
    (Factor, "factor"),
    (Portion, "share, such as 25%"),
    (Moment, "date or moment"),
    (Texts, "text or texts"),
    (Range, "[low, high]"),
    (Condition, "condition"),
    (Quantity, "quantity"),
    (AnyRule, "rule"),
    (PointsByName, "points by name"),
    (FactorsByName, "factors by name"),
)
_PLAIN: Mapping[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    Decimal: "number",
    bool: "true or false",
    OtherField: "another field",
    NamedList: "{list: name}",
}
_WITHOUT_END = 1_000_000_000


@dataclass(frozen=True)
class Form:
    """One key of one class.

    Attributes:
        owner: the class.
        key: as it stands in the file.
        takes: what may stand there, in words.
        required: whether the key must be given.
        default: what holds without it, as the file would say it; empty for nothing.
        choices: the words that may stand there, where only some may.
    """

    owner: type[BaseModel]
    key: str
    takes: str
    required: bool
    default: str
    choices: tuple[str, ...]


def classes(root: type[BaseModel] = Model) -> tuple[type[BaseModel], ...]:
    """The classes that a file of `root` is made of, those with keys of their own, in the order of their first use."""
    found: dict[type[BaseModel], None] = {}
    _visit(root, found)
    return tuple(cls for cls in found if own_keys(cls))


def _visit(cls: type[BaseModel], found: dict[type[BaseModel], None]) -> None:
    if cls in found:
        return
    for base in reversed(cls.__mro__[1:]):
        if issubclass(base, Value) and base is not Value:
            found.setdefault(base)
    found[cls] = None
    for hint in get_type_hints(cls, include_extras=True).values():
        for inner in _values_in(hint):
            _visit(inner, found)


def _values_in(hint: Any) -> Iterator[type[BaseModel]]:
    if isinstance(hint, type) and get_origin(hint) is None:
        if issubclass(hint, Value):
            yield hint
        return
    for part in get_args(hint):
        yield from _values_in(part)


def own_keys(cls: type[BaseModel]) -> tuple[str, ...]:
    """The names of the fields that a class does not inherit."""
    own = inspect.get_annotations(cls)
    return tuple(name for name in cls.model_fields if name in own)


def forms(cls: type[BaseModel]) -> tuple[Form, ...]:
    """The keys of a class, without those that it inherits."""
    hints = get_type_hints(cls, include_extras=True)
    return tuple(_form(cls, name, cls.model_fields[name], hints[name]) for name in own_keys(cls))


def _form(cls: type[BaseModel], name: str, info: FieldInfo, hint: Any) -> Form:
    choices = _choices(hint)
    return Form(cls, info.alias or name, spelled(hint), info.is_required(), _default(info), choices)


def _default(info: FieldInfo) -> str:
    value = info.get_default(call_default_factory=True) if not info.is_required() else None
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, Decimal):
        return str(plain_number(value)) if value else ""
    return str(value) if isinstance(value, str | int) else ""


def _choices(hint: Any) -> tuple[str, ...]:
    if get_origin(hint) is Literal:
        return tuple(str(choice) for choice in get_args(hint))
    return tuple(choice for part in _members(hint) for choice in _choices(part)) if _members(hint) else ()


def _members(hint: Any) -> tuple[Any, ...]:
    """The types that a union is made of; empty for any other."""
    return get_args(hint) if get_origin(hint) in {Union, types.UnionType} else ()


def spelled(hint: Any) -> str:
    """What a type takes, in words.

    >>> spelled(Days | None), spelled(tuple[str, ...]), spelled(Literal["lead", "account"])
    ('days, such as 30d', 'list: text', '`lead` or `account`')
    """
    for named, words in _NAMED:
        if hint == named:
            return words
    origin, parts = get_origin(hint), get_args(hint)
    if _members(hint):
        return _one_of([spelled(part) for part in parts if part is not type(None)])
    if origin is Literal:
        choices = [f"`{choice}`" for choice in parts]
        return " or ".join([", ".join(choices[:-1]), choices[-1]] if choices[1:] else choices)
    if origin is Annotated:
        return _bounded(parts[0], parts[1:])
    if origin is tuple:
        return f"list: {spelled(parts[0])}" if parts[-1] is Ellipsis else f"[{', '.join(map(spelled, parts))}]"
    if origin is not None and issubclass(origin, Mapping):
        return "keys of a model file" if parts[1] is Any else f"{spelled(parts[1])} by name"
    return _PLAIN.get(hint, "keys" if isinstance(hint, type) and issubclass(hint, BaseModel) else "text")


def _one_of(words: list[str]) -> str:
    if "text" in words and "whole number" in words:  # a value of any kind
        words = ["text, number, true or false", *(word for word in words if "field" in word)]
    return " or ".join(dict.fromkeys(words))


def _bounded(hint: Any, marks: tuple[Any, ...]) -> str:
    """A type whose numbers have bounds."""
    bounds = [mark for info in marks for mark in getattr(info, "metadata", [info])]
    low, high, above = (
        next((getattr(mark, end) for mark in bounds if hasattr(mark, end)), None) for end in ("ge", "le", "gt")
    )
    words = spelled(hint)
    if low is not None and high is not None and high < _WITHOUT_END:
        return f"{words} from {low:,} to {high:,}"
    if low is not None and low > 0:
        return f"{words} of at least {low:,}"
    return f"{words} above {above}" if above is not None else words


def meanings(cls: type[BaseModel]) -> dict[tuple[str, ...], str]:
    """What the class's own docstring says of its keys, by the keys it says it of, as they stand in the file."""
    found: dict[tuple[str, ...], str] = {}
    _, attributes, _ = docstring(cls)
    for line in re.split(r"\n(?=\S)", attributes):
        names, _, text = line.partition(": ")
        if text:
            keys = tuple(_key(cls, name.strip()) for name in names.split(","))
            found[keys] = _sentence(" ".join(text.split()))
    return found


def _key(cls: type[BaseModel], name: str) -> str:
    info = cls.model_fields.get(name)
    return name if info is None else info.alias or name


def _sentence(text: str) -> str:
    text = re.sub(r" \(`[a-z_]+` in the file\)", "", text)  # the page shows keys as they stand in the file
    return text if re.match(r"`|. =", text) else text[:1].upper() + text[1:]  # not a formula


def docstring(cls: type[BaseModel]) -> tuple[str, str, str]:
    """A class's docstring: what stands before its Attributes, they themselves without indent, what stands after."""
    text = inspect.cleandoc(cls.__doc__ or "")
    before, _, rest = text.partition("\nAttributes:\n")
    inside = re.match(r"(?:(?:    .*)?\n?)*", rest)
    attributes = inside[0] if inside is not None else ""
    return before.strip(), inspect.cleandoc(attributes), rest[len(attributes) :].strip()
