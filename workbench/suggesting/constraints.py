"""What an analyst allows a search for points to do, as said in a call or read from a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, PlainSerializer, model_validator

from workbench.document import Document, read_document
from workbench.errors import CallError
from workbench.model import Model
from workbench.parsing import MOST_POINTS, Value, did_you_mean, fault, parse

Sign = Literal["kept", "free", "positive", "negative"]
Whole = Annotated[int, Field(ge=-MOST_POINTS, le=MOST_POINTS)]
Range = tuple[Whole, Whole]


def _demand_ordered(low_high: Range | None) -> None:
    if low_high is not None and low_high[0] > low_high[1]:
        found = f"[{low_high[0]}, {low_high[1]}]"
        raise fault("a range [low, high], low first", "Swap the two numbers.", found=found, at=("range",))


class OfRule(Value):
    """What is different for one rule.

    Attributes:
        range: lowest and highest points it may get.
        sign: see `Constraints`.
        keep: its points stay as they are.
    """

    range: Range | None = None
    sign: Sign | None = None
    keep: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _demand_ordered(self.range)
        return self


class Constraints(Value):
    """What new points may be.

    Caps, windows, half-lives, thresholds and all else of a model stay as they are.

    Attributes:
        range: lowest and highest points of any rule or case. What a model already has may stay beyond it, and no rule
            gets more than the cap of its dimension (or group, or its own) lets through.
        step: points are whole multiples of it.
        sign: `kept` as the analyst stated it (points above 0 do not fall below 0, and the other way round; 0 may become
            either), `free`, or only `positive` or `negative`.
        max_changes: at most so many numbers of points may change; None for no limit.
        keep: rules whose points stay as they are.
        monotone: the cases of a rule keep their order: who got more does not get less than the other.
        defaults: whether the points of those in no case may change too.
        rules: by id, what is different for a rule.
    """

    format: Literal["lead-scoring-constraints/1"] = "lead-scoring-constraints/1"
    range: Range = (-30, 30)
    step: Annotated[int, Field(ge=1, le=1000)] = 1
    sign: Sign = "kept"
    max_changes: Annotated[int, Field(ge=1, le=1000)] | None = None
    keep: tuple[str, ...] = ()
    monotone: bool = True
    defaults: bool = False
    rules: Annotated[
        Mapping[str, OfRule], AfterValidator(MappingProxyType), PlainSerializer(lambda rules: dict(rules))
    ] = Field(default_factory=lambda: MappingProxyType({}))

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _demand_ordered(self.range)
        return self

    def keeps(self, rule: str) -> bool:
        """Whether a rule's points stay as they are."""
        return rule in self.keep or (rule in self.rules and self.rules[rule].keep)

    def sign_of(self, rule: str) -> Sign:
        """The sign that a rule's points may have."""
        own = self.rules.get(rule)
        return self.sign if own is None or own.sign is None else own.sign

    def range_of(self, rule: str) -> Range:
        """Lowest and highest points that a rule may get."""
        own = self.rules.get(rule)
        return self.range if own is None or own.range is None else own.range

    def demand_known(self, model: Model) -> None:
        """Raise CallError if a rule is named that the model does not have."""
        known = [rule.id for rule in model.rules]
        for name in (*self.keep, *self.rules):
            if name not in known:
                raise CallError.at(
                    f"constraints of rule '{name}'",
                    expected=f"a rule of {model.name}",
                    found=repr(name),
                    remedy=did_you_mean(name, known),
                )

    def plain(self) -> dict[str, Any]:
        """As plain data under the file's keys, defaults filled in."""
        data: dict[str, Any] = self.model_dump(mode="json", exclude_none=True)
        return data

    def changed(
        self,
        *,
        max_changes: int | None = None,
        keep: Iterable[str] = (),
        low_high: tuple[int, int] | None = None,
        sign: str | None = None,
    ) -> Constraints:
        """The same with what a call says beside the file: more rules to keep, another range, sign or number.

        Raises:
            CallError: if a value is not one that the file could have.
        """
        data = self.plain()
        data["keep"] = list(dict.fromkeys((*self.keep, *keep)))
        own = {"max_changes": max_changes, "range": None if low_high is None else list(low_high), "sign": sign}
        data |= {name: value for name, value in own.items() if value is not None}
        return parse(Constraints, Document("constraints", data, {}, ""), CallError)


def read_constraints(source: str | Path) -> Constraints:
    """Read a file of constraints.

    Raises:
        CallError: one problem for each fault, with file, line, place, what was expected, found, and a remedy.
    """
    return parse(Constraints, read_document(Path(source), CallError), CallError)


def parse_constraints(text: str) -> Constraints:
    """The constraints that YAML text describes; raises CallError like `read_constraints`.

    >>> parse_constraints("{max_changes: 3, keep: [title]}").keeps("title")
    True
    """
    return parse(Constraints, read_document(text, CallError, name="constraints"), CallError)
