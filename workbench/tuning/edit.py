"""Edits of a model: a new value by path, in the units of a knob, put into the form that a model file has."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from workbench.document import canonical
from workbench.errors import ModelError, listed
from workbench.model import Model, change_model
from workbench.model.paths import steps, under

Way = tuple[str | int, ...]
DAYS = frozenset(
    ("half_life", "expiry", "linear", "grace", "every", "within", "older_than", "in_next", "changed_within")
)
"""Keys whose value is whole days: a number here, `30d` in the file."""
_ENDS = frozenset(("equals", "at_least", "above", "at_most", "below", "between", "from"))
"""Keys of a comparison, whose numbers may have any number of decimals."""
_MADE = frozenset(("decay", "limit", "require"))
"""Keys that `change_model` makes on the way where they are not there yet."""
_BY_KEY = frozenset(("dimensions", "groups"))
"""Keys of a model whose values go by the keys that its author chose."""


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
    way = tuple(steps(path))
    return _days(way, _below(plain, way))


def way_at(plain: Mapping[str, Any], path: str) -> Way:
    """A path as keys, names and indexes: one for each place, however it is written.

    An item of a list goes by its id or name, and by its index where it has none.
    """
    here: Any = plain
    way: list[str | int] = []
    for step in steps(path):
        at = _index(here, step) if isinstance(here, list) else None
        way.append(step if at is None else _name_of(here, at))
        here = _one_below(here, step)
    return tuple(way)


def differences(before: Mapping[str, Any], after: Mapping[str, Any], paths: Iterable[str]) -> dict[str, object]:
    """What differs between two models' plain data at some paths: new values by path, each place once.

    What holds other values is listed value by value, however it was set: `dimensions.fit` as `dimensions.fit.max`. Only
    what has no counterpart to compare with (a list of other items, a decay where there was none) is listed as a whole,
    and then nothing below it.

    Args:
        before, after: plain data of the two models.
        paths: where to look, in the order to list; the rest is taken to be the same.

    Returns:
        values of `after`, days as numbers, None for what is gone; by the paths that knobs have.
    """
    found: dict[Way, object] = {}
    for path in paths:
        way = way_at(after, path)
        found |= dict(_leaves(way, _below(before, way), _below(after, way)))
    return {
        _spelled(way, after): value
        for way, value in found.items()
        if not any(way[:end] in found for end in range(len(way)))
    }


def demand_names(before: Mapping[str, Any], after: Mapping[str, Any], paths: Iterable[str]) -> None:
    """Raise ModelError if edits gave another name to something that paths go by.

    Rules, tiers, gates, variants, dimensions and groups are found by their id or name. Once it is another, an edit
    would be read from another place than it was written to.

    Args:
        before, after: plain data of the two models.
        paths: what was edited. A list that was set as a whole may have its items in another order, or more or fewer.
    """
    set_whole = {way_at(after, path) for path in paths}
    for way, old, new in _named(before, after, ()):
        known = listed([str(name) for name in old])
        lost, come = ([str(name) for name in one if name not in other] for one, other in ((old, new), (new, old)))
        moved = set(old) == set(new) and old != new and not any(way[:end] in set_whole for end in range(len(way) + 1))
        if (lost and come) or moved:
            found = f"{listed(come)} in place of {listed(lost)}" if come else "another order of them"
            raise ModelError.at(
                _spelled(way, before),
                expected=f"the names that are there: {known}",
                found=found,
                remedy="Values are found by these names. Rename in the model file, and start again from that.",
            )


# --- plain data -------------------------------------------------------------------------------------------------------


def _below(data: Any, way: Sequence[str | int]) -> Any:
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


def _name_of(items: list[Any], at: int) -> str | int:
    """The id or name by which an item of a list is found, else its index."""
    item = items[at]
    names = (item.get("id"), item.get("name")) if isinstance(item, Mapping) else ()
    return next((name for name in names if isinstance(name, str) and _index(items, name) == at), at)


def _names_of(items: list[Any]) -> list[str | int]:
    return [_name_of(items, at) for at in range(len(items))]


def _spelled(way: Way, plain: Mapping[str, Any]) -> str:
    """A place as the path of its knob: items of lists by name where that is plain, variants by index."""
    here: Any = plain
    path = ""
    for step in way:
        at = _index(here, step) if isinstance(here, list) else None
        named = f"{path}[{step}]" if isinstance(step, int) else under(path, step) if path else step
        by_name = at is None or (path != "variants" and named == f"{path}.{step}")
        path, here = named if by_name else f"{path}[{at}]", _one_below(here, step)
    return path


def _leaves(way: Way, old: Any, new: Any) -> Iterator[tuple[Way, object]]:
    """The values that differ, each with its place."""
    if old is None and isinstance(new, Mapping) and new and way[-1] in _MADE:
        old = {}
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in {**old, **new}:
            yield from _leaves((*way, key), old.get(key), new.get(key))
    elif _alike(old, new):
        for at, name in enumerate(_names_of(new)):
            yield from _leaves((*way, name), old[at], new[at])
    elif canonical({"": old}) != canonical({"": new}):  # true is not 1 here, and 5.0 is 5
        yield way, _days(way, new)


def _alike(old: Any, new: Any) -> bool:
    """Whether two lists hold the same items, by name, whatever stands in these."""
    if not isinstance(old, list) or not isinstance(new, list):
        return False
    return all(isinstance(item, Mapping) for item in (*old, *new)) and _names_of(old) == _names_of(new)


def _named(old: Any, new: Any, way: Way) -> Iterator[tuple[Way, list[str | int], list[str | int]]]:
    """Wherever things go by name in both: the names before and after."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        if way[-1:] and way[-1] in _BY_KEY and (len(way) == 1 or way[-2] == "model"):
            yield way, list(old), [key for key in old if key in new] + [key for key in new if key not in old]
        for key in old:
            yield from _named(old[key], new.get(key), (*way, key))
    elif isinstance(old, list) and isinstance(new, list):
        before, after = _names_of(old), _names_of(new)
        if any(isinstance(name, str) for name in before):
            yield way, before, after
        for at, name in enumerate(before):
            if name in after:
                yield from _named(old[at], new[after.index(name)], (*way, name))


def _days(way: Way, value: Any) -> Any:
    """A value as an edit has it: days as a number."""
    days = isinstance(value, str) and way[-1] in DAYS and re.fullmatch(r"\d{1,5}d", value)
    return int(value[:-1]) if days else value


def _in_file(value: object, path: str, plain: Mapping[str, Any]) -> object:
    """A value as the file has it."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if not isinstance(value, int | float | Decimal | np.integer | np.floating):
        return copy.deepcopy(value)  # the model's data is written to: a list must not be shared with whoever gave it
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
