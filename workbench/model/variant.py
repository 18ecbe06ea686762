"""Several models in one: for some leads, other weights, rules or thresholds, or another model altogether."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, model_validator

from workbench.model.conditions import Condition
from workbench.model.parts import FactorsByName, PointsByName, empty
from workbench.model.rules import AnyRule, Name
from workbench.parsing import Value, fault

if TYPE_CHECKING:
    from workbench.model.model import Model


class Multiply(Value):
    """Multipliers on top of the weights of rules and dimensions."""

    rules: FactorsByName = Field(default_factory=empty)
    dimensions: FactorsByName = Field(default_factory=empty)


class Variant(Value):
    """What is different for the leads for which `when` holds. The first variant that matches is used.

    Without a match the model itself is the fallback. Gates and the account's score are the model's own for all.

    Attributes:
        when: which leads; only the last variant may leave it out, and then takes all the rest.
        multiply: multipliers of rules and dimensions.
        override: whole rules that replace those of the same id.
        add: rules that the others do not have.
        drop: ids of rules that do not count.
        tiers: other `from` by tier.
        use: a model file, by its path from this file: its dimensions, groups, rules, score, matrix and tiers are used
            instead. It has the same tiers by name, and no gates, variants or account score of its own.
        model: the same, written out; with it, `use` only says where it came from.
    """

    name: Name
    why: str = ""
    when: Condition | None = None
    multiply: Annotated[Multiply, Field(default_factory=Multiply)]
    override: tuple[AnyRule, ...] = ()
    add: tuple[AnyRule, ...] = ()
    drop: tuple[str, ...] = ()
    tiers: Annotated[PointsByName, Field(default_factory=empty)]
    use: Annotated[str, Field(min_length=1)] | None = None
    model: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        own = [key for key in ("multiply", "override", "add", "drop", "tiers") if self._changes(key)]
        if own and (self.use is not None or self.model is not None):
            other = "use" if self.use is not None else "model"
            raise fault(
                f"either changes to this model, or '{other}' of another",
                f"Make the changes in the other model, or remove '{other}'.",
                found=f"'{other}' and '{own[0]}'",
            )
        return self

    def _changes(self, key: str) -> bool:
        return self.multiply != Multiply() if key == "multiply" else bool(getattr(self, key))


@dataclass(frozen=True)
class Alternative:
    """What holds for some leads, written out.

    Attributes:
        name: the variant's; empty for the model itself.
        when: which leads; None for those whom no variant before it took.
        model: without variants and gates, and without short forms.
    """

    name: str
    when: Condition | None
    model: Model


def varied(base: Model, variant: Variant) -> Model:
    """A model with a variant's changes; the base has no variants, and its short forms are written out.

    A name that does not occur changes nothing: that is for the reader to refuse.
    """
    from_ = variant.tiers
    replaced = {rule.id: rule for rule in variant.override}
    rules = [replaced.get(rule.id, rule) for rule in base.rules if rule.id not in variant.drop]
    weights: Mapping[str, Decimal] = variant.multiply.rules
    weighted = [
        rule.model_copy(update={"weight": rule.weight * weights.get(rule.id, Decimal(1))})
        for rule in (*rules, *variant.add)
    ]
    dimensions = {
        name: dimension.model_copy(
            update={"weight": dimension.weight * variant.multiply.dimensions.get(name, Decimal(1))}
        )
        for name, dimension in base.dimensions.items()
    }
    tiers = [tier.model_copy(update={"from_": from_[tier.name]}) if tier.name in from_ else tier for tier in base.tiers]
    return base.model_copy(update={"rules": tuple(weighted), "dimensions": dimensions, "tiers": tuple(tiers)})
