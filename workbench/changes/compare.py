"""Comparing values of a model: whether they are the same, which parts belong together, and field by field."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel

from workbench.changes.change import NONE, Change, Spot
from workbench.document import canonical
from workbench.model.words import number_in_words
from workbench.parsing import Value

Item = TypeVar("Item")
Handler = Callable[[Spot, Any, Any], Iterator[Change]]
Labels = Mapping[str, tuple[str, Callable[[Any], str]]]


def plain(value: Any) -> Any:
    """A value of a model as plain data."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return [plain(entry) for entry in value]
    return float(value) if isinstance(value, Decimal) else value


def same(old: Any, new: Any) -> bool:
    """Whether two values say the same; `true` is not 1, but 1.0 is."""
    return canonical(plain(old)) == canonical(plain(new))


def shown(value: Any) -> str:
    """A plain value in words."""
    if value is None or value in ((), ""):
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return number_in_words(value)
    if isinstance(value, str):
        return value
    if isinstance(value, tuple) and all(isinstance(entry, str) for entry in value):
        return ", ".join(value)
    return json.dumps(plain(value), ensure_ascii=False)


def days(value: int | None) -> str:
    """Whole days as the file writes them."""
    return NONE if value is None else f"{value}d"


def times(factor: Decimal | None) -> str:
    """A factor: `×1.5`."""
    return NONE if factor is None else f"×{number_in_words(factor)}"


def told_apart(old: Any, new: Any, words: Callable[[Any], str]) -> tuple[str, str]:
    """Both sides in words, or as plain data where the words are the same."""
    sides = words(old), words(new)
    if sides[0] != sides[1]:
        return sides
    return json.dumps(plain(old), ensure_ascii=False), json.dumps(plain(new), ensure_ascii=False)


def by_field(spot: Spot, old: Value, new: Value, handlers: Mapping[str, Handler], labels: Labels) -> Iterator[Change]:
    """The changes between two values of one class; a field without a handler is told with both its values."""
    for name, info in type(old).model_fields.items():
        before, after = getattr(old, name), getattr(new, name)
        if same(before, after):
            continue
        found = list(handlers[name](spot, before, after)) if name in handlers else []
        label, words = labels.get(name, ((info.alias or name).replace("_", " "), shown))
        yield from found or [spot.changed(label, *told_apart(before, after, words))]


def by_key(
    spot: Spot, old: Mapping[str, Any], new: Mapping[str, Any], words: Callable[[Any], str], label: str = "{}"
) -> Iterator[Change]:
    """The changes between two mappings to single values."""
    for key in [*old, *(key for key in new if key not in old)]:
        before, after = old.get(key), new.get(key)
        if not same(before, after):
            sides = [NONE if side is None else words(side) for side in (before, after)]
            yield spot.changed(label.format(key), sides[0], sides[1])


def entries(spot: Spot, what: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
    """What left a list of single values and what came; if neither, their order differs."""
    before, after = (Counter(shown(entry) for entry in side) for side in (old, new))
    gone, come = list((before - after).elements()), list((after - before).elements())
    if gone or come:
        yield spot.told("entries", what=what, old=", ".join(gone), new=", ".join(come))
    else:
        order = [", ".join(shown(entry) for entry in side) for side in (old, new)]
        yield spot.touching("form").told("rewritten", what=what, old=order[0], new=order[1])


def paired(
    old: Sequence[Item], new: Sequence[Item], keys: Sequence[Callable[[Item], Any]], *, rest: int = 0
) -> tuple[list[tuple[Item, Item]], list[Item], list[Item]]:
    """Items that belong together, in the old order, and those that are left on either side.

    Args:
        old, new: the two lists.
        keys: ways to tell that two items belong together, the surest first; a key of None never does.
        rest: as many that are left on either side, if not more, are paired in their order.
    """
    partner: dict[int, int] = {}
    for key in keys:
        for number, item in enumerate(old):
            wanted = key(item) if number not in partner else None
            if wanted is not None:
                alike = (n for n, other in enumerate(new) if n not in partner.values() and key(other) == wanted)
                match = next(alike, None)
                if match is not None:
                    partner[number] = match
    left = [number for number in range(len(old)) if number not in partner]
    free = [number for number in range(len(new)) if number not in partner.values()]
    if len(left) == len(free) <= rest:
        partner |= dict(zip(left, free, strict=True))
    pairs = [(old[number], new[match]) for number, match in sorted(partner.items())]
    gone = [item for number, item in enumerate(old) if number not in partner]
    return pairs, gone, [item for number, item in enumerate(new) if number not in partner.values()]


def is_moved(pairs: Sequence[tuple[Item, Item]], new: Sequence[Item]) -> bool:
    """Whether items that belong together stand in another order."""
    places = [next(n for n, item in enumerate(new) if item is after) for _, after in pairs]
    return places != sorted(places)


def fingerprint(value: Any) -> bytes:
    """The same for values that say the same."""
    return canonical(plain(value))
