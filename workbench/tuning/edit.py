"""Edits of a model: a new value by path, in the units of a knob, put into the form that a model file has."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from workbench.document import Place
from workbench.errors import ModelError
from workbench.model import Model, change_model
from workbench.model.paths import steps

DAYS = frozenset(
    ("half_life", "expiry", "linear", "grace", "every", "within", "older_than", "in_next", "changed_within")
)
"""Keys whose value is whole days: a number here, `30d` in the file."""
_ENDS = frozenset(("equals", "at_least", "above", "at_most", "below", "between", "from"))
"""Keys of a comparison, whose numbers may have any number of decimals."""


def edited(model: Model, edits: Mapping[str, object]) -> Model:
    """The model with new values by path, checked like a file.

    Paths are those of `change_model`. Days are numbers (`30` or `30d`). The noise of binary arithmetic is
    taken off: points and factors are rounded to thousandths (0.1 + 0.2 is 0.3), days to whole days.

    Args:
        model: the model to start from; it is not changed.
        edits: new values; None removes an optional one.

    Raises:
        ModelError: if a path leads nowhere, or the changed model is not valid.

    >>> from workbench.model import parse_model
    >>> small = parse_model('''
    ... format: lead-scoring-model/1
    ... name: small
    ... dimensions: {fit: {}}
    ... rules: [{id: seen, in: fit, each: {event: visit, within: 30d}, points: 1}]
    ... ''')
    >>> found = edited(small, {"rules.seen.points": 0.1 + 0.2, "rules.seen.each.within": 14.0}).rules[0]
    >>> str(found.points), found.each.within
    ('0.3', 14)
    """
    plain = model.plain()
    return change_model(model, {path: _in_file(value, path, plain) for path, value in edits.items()})


def value_at(plain: Mapping[str, Any], path: str) -> Any:
    """The value at a path of a model's plain data, days as a number; None where nothing stands."""
    way = steps(path)
    value = _below(plain, way)
    days = isinstance(value, str) and way[-1] in DAYS and re.fullmatch(r"\d{1,5}d", value)
    return int(value[:-1]) if days else value


def place_at(plain: Mapping[str, Any], path: str) -> Place:
    """A path as keys and indexes: one for each place, however it is written."""
    here: Any = plain
    place: list[str | int] = []
    for step in steps(path):
        at = _index(here, step) if isinstance(here, list) else step
        place.append(step if at is None else at)
        here = _one_below(here, step)
    return tuple(place)


# --- plain data -------------------------------------------------------------------------------------------------------


def _below(data: Any, way: list[str | int]) -> Any:
    for step in way:
        data = _one_below(data, step)
    return data


def _one_below(data: Any, step: str | int) -> Any:
    if isinstance(data, list):
        at = _index(data, step)
        return None if at is None else data[at]
    return data.get(step) if isinstance(data, Mapping) else None


def _index(items: list[Any], step: str | int) -> int | None:
    if isinstance(step, int):
        return step if step < len(items) else None
    named = (
        number
        for number, item in enumerate(items)
        if isinstance(item, Mapping) and step in (item.get("id"), item.get("name"))
    )
    return next(named, None)


def _in_file(value: object, path: str, plain: Mapping[str, Any]) -> object:
    """A value as the file has it."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if not isinstance(value, int | float | Decimal | np.integer | np.floating):
        return value
    if not math.isfinite(value):
        raise ModelError.at(path, expected="a number", found=str(value), remedy="Give a finite number.")
    way = steps(path)
    present = _below(plain, way)
    if way[-1:] and way[-1] in DAYS and (present is None or isinstance(present, str)):
        return f"{round(float(value))}d"
    number = round(Decimal(str(value)), _decimals(plain, way, present))
    return int(number) if number == int(number) else float(number)


def _decimals(plain: Mapping[str, Any], way: list[str | int], present: object) -> int:
    """How many decimals a number may have at a place."""
    if isinstance(present, str):
        return 6  # a share, such as 12.5%
    around = [_below(plain, way[:end]) for end in range(len(way))]
    of_field = any(isinstance(data, Mapping) and ("field" in data or "account_field" in data) for data in around[-2:])
    compared = of_field or "steps" in way
    return 12 if compared and bool(_ENDS & set(way[-2:])) else 3
