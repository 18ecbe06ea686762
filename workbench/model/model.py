"""The points model: dimensions, groups, rules, how they combine, tiers and gates; a frozen value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, PlainSerializer, PrivateAttr, model_validator

from workbench.document import Document, digest
from workbench.model.conditions import Condition
from workbench.model.rules import AnyRule, CasesRule, EachRule, Name, Rule, WhenRule
from workbench.parsing import Points, Value, fault, plain_dict, plain_numbers


def _empty() -> Mapping[str, Any]:
    return MappingProxyType({})


_frozen = (AfterValidator(MappingProxyType), PlainSerializer(plain_dict))


class Bounds(Value):
    """A cap: the sum is kept in [min, max]; a side that is left out is open."""

    min: Points | None = None
    max: Points | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            found = f"min {self.min} above max {self.max}"
            raise fault("min of at most max", "Swap or correct the two numbers.", found=found)
        return self


class Dimension(Bounds):
    """A sub-score that a person can read, with its cap."""


class Group(Bounds):
    """Rules of one dimension that share a cap of their own."""

    in_: Name = Field(alias="in")


class Score(Bounds):
    """How dimensions become the score: their sum, kept in [min, max], then rounded.

    `round: half_up` gives whole points, floor(x + 1/2); `none` keeps thousandths.
    """

    combine: Literal["sum"] = "sum"
    round: Literal["half_up", "none"] = "none"


class Tier(Value):
    """A named band of the score with what follows from it.

    Attributes:
        from_: lowest score of the tier, inclusive (`from` in the file).
        require: least points by dimension; all must hold.
        then: what happens with a lead of this tier.
    """

    name: Name
    from_: Points = Field(alias="from")
    require: Annotated[
        Mapping[str, Points],
        Field(default_factory=_empty),
        AfterValidator(MappingProxyType),
        PlainSerializer(plain_numbers, return_type=dict[str, int | float]),
    ]
    then: str = ""


class Gate(Value):
    """A condition that decides over the score.

    If `tier` names a tier of the model, the lead gets that tier and keeps its score. Any other name takes the lead
    out: it gets that name as its tier, no score, and ranks below every score. The first gate that holds decides.
    """

    id: Annotated[str, Field(pattern="^[A-Za-z][A-Za-z0-9_-]{0,59}$")]
    when: Condition
    tier: Name
    why: str = ""


class Model(Value):
    """A points model, as read from a model file.

    Attributes:
        name, version, about, owner: what it is called and who answers for it.
        dimensions: sub-scores by name, in order.
        groups: caps inside a dimension, by name.
        rules: what earns points.
        score: combination, total cap and rounding.
        tiers: in order; a lead gets the last one whose `from` and minima all hold.
        gates: in order; the first that holds decides.
    """

    format: Literal["lead-scoring-model/1"]
    name: Name
    version: Annotated[int, Field(ge=1)] = 1
    about: str = ""
    owner: str = ""
    dimensions: Annotated[Mapping[str, Dimension], Field(min_length=1), *_frozen]
    groups: Annotated[Mapping[str, Group], Field(default_factory=_empty), *_frozen]
    rules: Annotated[tuple[AnyRule, ...], Field(min_length=1)]
    score: Score = Score()
    tiers: tuple[Tier, ...] = ()
    gates: tuple[Gate, ...] = ()

    _document: Document | None = PrivateAttr(default=None)

    @property
    def document(self) -> Document | None:
        """The file this model was read from, if any: for messages, and to keep its comments when written back."""
        return self._document

    @property
    def active(self) -> tuple[WhenRule | CasesRule | EachRule, ...]:
        """The rules that are enabled."""
        return tuple(rule for rule in self.rules if rule.enabled)

    def dimension_of(self, rule: Rule) -> str:
        """The dimension that a rule's points end up in."""
        return self.groups[rule.in_].in_ if rule.in_ in self.groups else rule.in_

    def group_of(self, rule: Rule) -> str | None:
        """The group whose cap a rule stands under, if any."""
        return rule.in_ if rule.in_ in self.groups else None

    def tier(self, name: str) -> int:
        """The rank of a tier; -1 if the model has none of that name."""
        return next((rank for rank, tier in enumerate(self.tiers) if tier.name == name), -1)

    def takes_out(self, gate: Gate) -> bool:
        """Whether the gate takes a lead out of the ranking."""
        return self.tier(gate.tier) < 0

    @property
    def scoring_digest(self) -> str:
        """SHA-256 of what can change a score or a tier, defaults filled in."""
        return digest(_without_words(self.plain()))

    @property
    def document_digest(self) -> str:
        """SHA-256 of everything the file says, defaults filled in; comments and key order do not matter."""
        return digest(self.plain())

    def plain(self) -> dict[str, Any]:
        """The model as plain data under the file's keys, defaults filled in."""
        data: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return data

    def __eq__(self, other: object) -> bool:
        return self.plain() == other.plain() if isinstance(other, Model) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.name, self.version, len(self.rules)))

    def conditions(self) -> Iterator[tuple[tuple[str | int, ...], Condition]]:
        """Every condition of enabled rules and of gates, with its place in the file."""
        for index, rule in enumerate(self.rules):
            if not rule.enabled:
                continue
            if isinstance(rule, WhenRule):
                yield ("rules", index, "when"), rule.when
            elif isinstance(rule, CasesRule):
                for number, case in enumerate(rule.cases):
                    yield ("rules", index, "cases", number, "when"), case.when
        for index, gate in enumerate(self.gates):
            yield ("gates", index, "when"), gate.when


_WORDS = ("name", "version", "about", "owner")


def _without_words(data: dict[str, Any]) -> dict[str, Any]:
    """Only what can change a score or a tier."""
    kept = {key: value for key, value in data.items() if key not in _WORDS}
    words = {"why", "owner", "tags", "enabled"}
    kept["rules"] = [
        {key: value for key, value in rule.items() if key not in words} for rule in data["rules"] if rule["enabled"]
    ]
    kept["tiers"] = [{key: value for key, value in tier.items() if key != "then"} for tier in data["tiers"]]
    kept["gates"] = [{key: value for key, value in gate.items() if key != "why"} for gate in data["gates"]]
    return kept
