"""The first place where two documents differ, for the reason that a refusal gives."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from workbench.document import Place, spelled

RELATIVE = 1e-9
ABSOLUTE = 1e-12
MOST_LETTERS = 80


@dataclass(frozen=True)
class Difference:
    """One difference: the place, as people write it, and the value on either side."""

    place: str
    left: Any
    right: Any

    def words(self, left: str, right: str) -> str:
        """The difference for a message, naming the two sides.

        >>> Difference("metrics.auc.value", 0.71, 0.64).words("in the evidence", "recomputed")
        'metrics.auc.value is 0.71 in the evidence and 0.64 recomputed'
        """
        return f"{self.place} is {_shown(self.left)} {left} and {_shown(self.right)} {right}"


class _Nothing:
    """Stands for a key or entry that one side does not have."""


NOTHING = _Nothing()


def first_difference(left: Any, right: Any) -> Difference | None:
    """The first difference between two values of plain data, in the order of the left one; None if there is none.

    Numbers with a fraction are the same within 1e-9 of their size, or 1e-12: another machine adds in another order.
    """
    return _first(left, right, ())


def _first(left: Any, right: Any, place: Place) -> Difference | None:
    if isinstance(left, dict) and isinstance(right, dict):
        keys = [*left, *(key for key in right if key not in left)]
        pairs = [(left.get(key, NOTHING), right.get(key, NOTHING), (*place, str(key))) for key in keys]
    elif isinstance(left, list) and isinstance(right, list):
        count = max(len(left), len(right))
        pairs = [(_item(left, index), _item(right, index), (*place, index)) for index in range(count)]
    else:
        return None if _same(left, right) else Difference(spelled(place), left, right)
    return next(filter(None, (_first(*pair) for pair in pairs)), None)


def _item(items: list[Any], index: int) -> Any:
    return items[index] if index < len(items) else NOTHING


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        exact = isinstance(left, int) and isinstance(right, int)
        return left == right if exact else math.isclose(left, right, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return type(left) is type(right) and bool(left == right)


def _shown(value: Any) -> str:
    if value is NOTHING:
        return "nothing"
    if value is None:
        return "without a value"
    text = repr(value)
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"
