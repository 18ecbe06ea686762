"""The parts of a model around its rules: dimensions, how they combine, tiers, matrix, gates, the account's score."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, PlainSerializer, model_validator

from workbench.model.conditions import Condition, EventFilter
from workbench.model.decay import Decay
from workbench.model.rules import Bounds, Name
from workbench.model.transform import Transform
from workbench.parsing import Factor, Points, Value, fault, plain_dict, plain_numbers


def empty() -> Mapping[str, Any]:
    """A mapping without entries that nobody can fill."""
    return MappingProxyType({})


FROZEN = (AfterValidator(MappingProxyType), PlainSerializer(plain_dict))
PointsByName = Annotated[
    Mapping[str, Points],
    AfterValidator(MappingProxyType),
    PlainSerializer(plain_numbers, return_type=dict[str, int | float]),
]
FactorsByName = Annotated[
    Mapping[str, Factor],
    AfterValidator(MappingProxyType),
    PlainSerializer(plain_numbers, return_type=dict[str, int | float]),
]
Id = Annotated[str, Field(pattern="^[A-Za-z][A-Za-z0-9_-]{0,59}$")]


class Inactivity(Value):
    """A dimension fades with idleness: its sum is multiplied by d(idle), rounded half up to thousandths.

    `idle` is the age in whole days of the last event that passes `since`; without one nothing fades. d(idle) is taken
    with nine decimals, rounded half up. With `negatives: false` in the decay, sums below 0 do not fade.

    Attributes:
        since: the events that count as activity.
        decay: the shape; see `Decay`.
    """

    since: EventFilter
    decay: Decay


class Dimension(Bounds):
    """A sub-score that a person can read.

    Attributes:
        min, max: its cap.
        weight: multiplies the sum of its rules and groups, after inactivity and before the cap; rounded half up.
        inactivity: how it fades with idleness.
    """

    weight: Factor = Decimal(1)
    inactivity: Inactivity | None = None


class Group(Bounds):
    """Rules of one dimension that share a cap of their own."""

    in_: Name = Field(alias="in")


class Score(Bounds):
    """How dimensions become the score, which is then transformed, kept in [min, max], and rounded.

    Attributes:
        combine: `sum`; `weighted`: the sum of weight x dimension, rounded half up to thousandths once; `product` of the
            dimensions' points, rounded likewise once; `max`: the largest dimension; `matrix`: the rank of the tier
            that the model's matrix gives, in points (1 for the first of `tiers`, 0 without a tier).
        weights: for `weighted`, one for every dimension.
        transform: to another scale, before the cap.
        round: `half_up` gives whole points, floor(x + 1/2); `none` keeps thousandths.
    """

    combine: Literal["sum", "weighted", "product", "max", "matrix"] = "sum"
    weights: Annotated[FactorsByName, Field(default_factory=empty)]
    transform: Transform | None = None
    round: Literal["half_up", "none"] = "none"

    @model_validator(mode="after")
    def _weighted(self) -> Self:
        if bool(self.weights) != (self.combine == "weighted"):
            raise fault(
                "'weights' beside 'combine: weighted', and only there",
                "Write for example weights: {fit: 50%, engagement: 50%}."
                if not self.weights
                else "Remove 'weights', or say 'combine: weighted'.",
                found=f"them beside 'combine: {self.combine}'" if self.weights else "'combine: weighted' without them",
                at=("weights",) if self.weights else ("combine",),
            )
        return self


class Tier(Value):
    """A named band of the score with what follows from it.

    Attributes:
        from_: lowest score of the tier, inclusive (`from` in the file); not used where a matrix gives the tiers.
        require: least points by dimension; all must hold.
        then: what happens with a lead of this tier.
    """

    name: Name
    from_: Points | None = Field(default=None, alias="from")
    require: Annotated[PointsByName, Field(default_factory=empty)]
    then: str = ""


class Axis(Value):
    """One side of the matrix: a dimension cut into lettered or numbered parts.

    Attributes:
        dimension: what is cut.
        from_: least points of each part by its name; a lead is in the highest part whose `from` it reaches.
    """

    dimension: Name
    from_: Annotated[PointsByName, Field(alias="from", min_length=1)]

    @model_validator(mode="after")
    def _different(self) -> Self:
        if len(set(self.from_.values())) != len(self.from_):
            raise fault("a different 'from' for each part", "Correct or remove one.", at=("from",))
        return self


class Matrix(Value):
    """Two dimensions give a grade such as B2, and grades give tiers.

    Attributes:
        rows, columns: the two sides.
        tiers: tier by grade (row name, then column name); a grade that is not listed, and a lead below the lowest part
            of a side, has none.
    """

    rows: Axis
    columns: Axis
    tiers: Annotated[Mapping[str, Name], Field(min_length=1), *FROZEN]

    @property
    def grades(self) -> tuple[str, ...]:
        """Every grade, row by row."""
        return tuple(f"{row}{column}" for row in self.rows.from_ for column in self.columns.from_)


class Gate(Value):
    """A condition that decides over the score.

    If `tier` names a tier of the model, the lead gets that tier and keeps its score. Any other name takes the lead
    out: it gets that name as its tier, no score, and ranks below every score. The first gate that holds decides.
    """

    id: Id
    when: Condition
    tier: Name
    why: str = ""


class AccountScore(Value):
    """The score of an account, from the scores of all its leads that were created before the same as_of.

    Leads that a gate takes out do not count; an account of which no lead is left has no score.

    Attributes:
        roll_up: `sum`, `mean`, `max`, `min`; `top_mean`: the mean of the `top` highest scores (of all, if there are
            fewer); `count_above`: the number of leads with a score of at least `above`, in points.
            Means are rounded half up to thousandths.
        top, above: for `top_mean` and `count_above`.
        tiers: of accounts, like those of leads, without `require`.
    """

    roll_up: Literal["sum", "mean", "max", "min", "top_mean", "count_above"]
    top: Annotated[int, Field(ge=1, le=1000)] | None = None
    above: Points | None = None
    tiers: tuple[Tier, ...] = ()

    @model_validator(mode="after")
    def _arguments(self) -> Self:
        for key, of in (("top", "top_mean"), ("above", "count_above")):
            expected = f"'{key}' beside 'roll_up: {of}', and only there"
            if getattr(self, key) is None and self.roll_up == of:
                raise fault(expected, f"Add '{key}:' here.", found=f"'roll_up: {of}' without it")
            if getattr(self, key) is not None and self.roll_up != of:
                remedy = f"Remove '{key}', or say 'roll_up: {of}'."
                raise fault(expected, remedy, found=f"it beside 'roll_up: {self.roll_up}'", at=(key,))
        for number, tier in enumerate(self.tiers):
            if tier.from_ is None:
                remedy = "Add 'from:', the lowest score of this tier."
                raise fault("the key 'from'", remedy, found="nothing", at=("tiers", number, "from"))
            if tier.require:
                remedy = "Remove 'require': an account has a score, but no dimensions."
                raise fault("tiers of accounts without 'require'", remedy, at=("tiers", number, "require"))
        return self


class Silence(Value):
    """A finding of the lint that is known and accepted.

    Attributes:
        code: of the finding.
        at: the rule, dimension, group, tier, gate or variant that it is about.
        because: the reason.
    """

    code: Annotated[str, Field(min_length=1)]
    at: Annotated[str, Field(min_length=1)]
    because: Annotated[str, Field(min_length=1)]
