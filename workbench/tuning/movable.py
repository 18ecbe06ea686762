"""Which knobs cannot be moved on given observations, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbench.errors import ModelError
from workbench.model import Model
from workbench.observation import Observations
from workbench.tuning.edit import edited
from workbench.tuning.knob import Knob, RuleRow, Section, every_knob

NOT_KEPT = "Observe with tunable=True to move windows, counts and limits."
NOT_DERIVED = "What was kept of the events does not tell this. Change it in the file, and observe again."
NOT_ASKED = "The rule was off when the leads were observed. Observe again with it on to switch it on here."


def marked(sections: tuple[Section, ...], model: Model, seen: Observations) -> tuple[Section, ...]:
    """The same, with the reason where a knob would need evidence that these observations do not hold."""
    asking = [knob for knob in every_knob(sections) if _asks(knob)]
    fixed = _fixed(asking, model, seen)

    unkept = NOT_KEPT if seen.shelf.material is None else NOT_DERIVED

    def of(knob: Knob) -> Knob:
        if knob.path not in fixed:
            return knob
        return replace(knob, fixed=NOT_ASKED if knob.kind == "on" else unkept)

    def row(each: RuleRow) -> RuleRow:
        return replace(each, on=of(each.on), knobs=tuple(map(of, each.knobs)), cases=tuple(map(of, each.cases)))

    return tuple(
        replace(section, caps=tuple(map(of, section.caps)), rules=tuple(map(row, section.rules)))
        for section in sections
    )


def _asks(knob: Knob) -> bool:
    """Whether moving a knob asks for other evidence than the model does."""
    if knob.kind == "on":
        return knob.value is False
    return knob.kind in {"window", "count"} or (knob.kind == "limit" and knob.unit != "points")


def _fixed(asking: Sequence[Knob], model: Model, seen: Observations) -> set[str]:
    """The paths that cannot be moved; all are tried together first, since mostly all can or none."""
    tried = {knob.path: other(knob, model) for knob in asking}
    moves = {path: value for path, value in tried.items() if value is not None}
    if not moves or _follow(moves, model, seen):
        return set()
    return {path for path, value in moves.items() if not _follow({path: value}, model, seen)}


def _follow(moves: dict[str, float | bool], model: Model, seen: Observations) -> bool:
    try:
        return seen.follows(edited(model, moves))
    except ModelError:
        return False


def other(knob: Knob, model: Model) -> float | bool | None:
    """Another value of a knob that makes a valid model, the next one if there is; None if none was found."""
    if isinstance(knob.value, bool):
        return not knob.value
    value = knob.value or 0
    for near in (value + knob.step, value - knob.step, knob.high, knob.low):
        try:
            edited(model, {knob.path: near})
        except ModelError:
            continue
        if near != knob.value:
            return near
    return None
