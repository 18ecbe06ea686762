"""Single knobs, each with its range and step."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Literal

from workbench.model import Bound, Bounds, Decay, EventFilter
from workbench.model.conditions import AGES, MOST_COUNT
from workbench.parsing import MOST_POINTS
from workbench.tuning.knob import Knob, KnobKind

MOST_DAYS = 36_500
_MOST_FACTOR = 1_000
_LENGTHS = {
    "half_life": "half-life",
    "expiry": "days until nothing is left",
    "linear": "days of even fading",
    "grace": "days before fading begins",
}
Unit = Literal["points", "days", "events", ""]


def switch(path: str, value: bool) -> Knob:
    """On or off."""
    return Knob(path, "on", "counts", value, 0, 1, 1)


def points(path: str, label: str, value: Decimal, *, most: float = MOST_POINTS) -> Knob:
    """Points that may take either sign; `most` is the largest size that the language allows."""
    step = _step(value)
    reach = max(min(_wide(2 * abs(float(value)), step, 20), most), abs(float(value)))
    return Knob(path, "points", label, float(value), -reach, reach, step, "points")


def cap_knobs(path: str, bounds: Bounds, *, label: str, present_only: bool = False) -> list[Knob]:
    """Both sides of a cap; a side that is open has no value."""
    found = []
    for key, word in (("min", "least"), ("max", "most")):
        value = getattr(bounds, key)
        if value is not None or not present_only:
            size, step = (0.0, 1.0) if value is None else (abs(float(value)), _step(value))
            reach = max(min(_wide(2 * size, step, 100), MOST_POINTS), size)
            number = None if value is None else float(value)
            found.append(Knob(f"{path}.{key}", "cap", f"{label}: {word}", number, -reach, reach, step, "points"))
    return found


def factor(path: str, label: str, value: Decimal) -> Knob:
    """A multiplier."""
    step = min(_step(value), 0.1)
    high = max(min(_wide(2 * float(value), step, 3), _MOST_FACTOR), float(value))
    return Knob(path, "weight", label, float(value), 0, high, step)


def threshold(path: str, label: str, value: Decimal, span: tuple[float, float]) -> Knob:
    """A lowest score, or least points of a dimension, over what leads have."""
    low, high = min(math.floor(span[0]), float(value)), max(math.ceil(span[1]), float(value))
    return Knob(path, "threshold", label, float(value), low, high, _step(value), "points")


def days(path: str, kind: KnobKind, label: str, value: int, longest: int) -> Knob:
    """A number of days, of which the model's longest is given."""
    high = max(min(max(365, 2 * value, longest), MOST_DAYS), value)
    return Knob(path, kind, label, value, 1, high, 1, "days")


def whole(path: str, kind: KnobKind, label: str, value: int, *, unit: Unit = "events", **ends: int) -> Knob:
    """A number of events or of the like, from `least` (1) to `most`."""
    high = max(min(max(20, 2 * value), ends.get("most", MOST_COUNT)), value)
    return Knob(path, kind, label, value, min(ends.get("least", 1), value), high, 1, unit)


def amount(path: str, kind: KnobKind, label: str, value: Decimal, *, unit: Unit = "", positive: bool = False) -> Knob:
    """A number of a property or field, or points that are above 0."""
    step = _step(value)
    high = max(_wide(2 * abs(float(value)), step, 20), float(value))
    low = step if positive else min(0.0, 2 * float(value))
    return Knob(path, kind, label, float(value), min(low, float(value)), high, step, unit)


def decay_knobs(path: str, decay: Decay, longest: int, *, of: str = "") -> list[Knob]:
    """The lengths of a decay, in days."""
    told = f" of {of}" if of else ""
    lengths = [(key, label, getattr(decay, key)) for key, label in _LENGTHS.items()]
    found = [
        days(f"{path}.{key}", "half_life", f"{label}{told}", value, longest)
        for key, label, value in lengths
        if value is not None
    ]
    for key in ("step", "geometric"):
        steps = getattr(decay, key)
        if steps is not None:
            label = f"days from one loss to the next{told}"
            found.append(days(f"{path}.{key}.every", "half_life", label, steps.every, longest))
    return found


def window_knobs(path: str, source: EventFilter, longest: int, *, of: str = "") -> list[Knob]:
    """The window of an event filter."""
    told = f" of {of}" if of else ""
    ends = (("within", "events of the last days"), ("older_than", "events of at least that many days ago"))
    return [
        days(f"{path}.{key}", "window", f"{label}{told}", getattr(source, key), longest)
        for key, label in ends
        if getattr(source, key) is not None
    ]


def bound_knobs(path: str, measure: str, bound: Bound, longest: int, *, of: str = "") -> list[Knob]:
    """The numbers of a bound on a quantity of events."""
    told = f" of {of}" if of else ""
    operator, argument = bound.operator, bound.argument
    words = operator.replace("_", " ")
    ends = [(f"{path}.{operator}", words, argument)]
    if operator == "between":
        ends = [(f"{path}.between[{end}]", name, argument[end]) for end, name in enumerate(("from", "below"))]
    found = []
    for where, word, value in ends:
        label = f"{measure.replace('_', ' ')} {word}{told}"
        if measure == "sum":
            found.append(amount(where, "count", label, value))
        elif measure in {*AGES, "days"}:
            found.append(Knob(where, "count", label, value, 0, max(365, 2 * value, longest), 1, "days"))
        else:
            unit: Unit = "events" if measure == "count" else ""
            found.append(whole(where, "count", label, value, unit=unit, least=0))
    return found


def _step(value: Decimal) -> float:
    """1 for whole numbers, else the last decimal."""
    exponent = value.normalize().as_tuple().exponent
    return 10.0 ** min(int(exponent), 0)


def _wide(size: float, step: float, least: float) -> float:
    """A reach that is a whole number of steps."""
    return max(round(math.ceil(round(size / step, 6)) * step, 6), float(least))
