"""What can be turned in a model: one number or switch, and the rows and sections they are shown in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

KnobKind = Literal["points", "on", "cap", "half_life", "window", "count", "limit", "weight", "threshold"]


@dataclass(frozen=True)
class Knob:
    """One number or switch of a model.

    Attributes:
        path: of `Session.set` and `workbench.model.change_model`.
        kind: what it is: `half_life` is any length of a decay, `window` any span of days in which events count.
        label: what it turns, in words.
        value: as the model has it: points, days, a count, a factor, or true / false; None where nothing is set.
        low, high: the range that is offered; it holds the value. A model may well have values beyond.
        step: the smallest change that is offered.
        unit: points, days, events, or nothing.
        fixed: why it cannot be moved on these observations; empty if it can.
    """

    path: str
    kind: KnobKind
    label: str
    value: float | bool | None
    low: float
    high: float
    step: float
    unit: Literal["points", "days", "events", ""] = ""
    fixed: str = ""


@dataclass(frozen=True)
class RuleRow:
    """A rule with all that can be turned in it.

    Attributes:
        id: the rule's; with `evidence` it finds the rows of `rule_evidence`.
        title: what it pays for, in words.
        why: the reason in its author's words.
        on: whether it is enabled.
        knobs: its numbers, but for the points of cases.
        cases: for a rule of cases, values or bands, one knob of points each, the case's words as label.
        evidence: the column `case` of `rule_evidence`: one for each of `cases`, or one for the rule itself.
        points_paths: the path of the points of each of these; it is among the `paths` of `rule_evidence`, also once
            the words have changed with a window or count.
    """

    id: str
    title: str
    why: str
    on: Knob
    knobs: tuple[Knob, ...]
    cases: tuple[Knob, ...]
    evidence: tuple[str, ...]
    points_paths: tuple[str, ...] = ()

    @property
    def all_knobs(self) -> tuple[Knob, ...]:
        """Every knob of the row: on/off, numbers, cases."""
        return (self.on, *self.knobs, *self.cases)


@dataclass(frozen=True)
class Section:
    """A part of the model with its own heading.

    Attributes:
        name: the dimension; `variant X`; `variant X, dimension`; or `tiers`.
        caps: caps, weights and thresholds that are no rule's.
        rules: in the model's order.
    """

    name: str
    caps: tuple[Knob, ...] = ()
    rules: tuple[RuleRow, ...] = ()

    @property
    def all_knobs(self) -> tuple[Knob, ...]:
        """Every knob of the section."""
        return (*self.caps, *(knob for row in self.rules for knob in row.all_knobs))


def every_knob(sections: tuple[Section, ...]) -> Iterator[Knob]:
    """Every knob of some sections, in order."""
    for section in sections:
        yield from section.all_knobs
