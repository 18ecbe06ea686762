"""The points model: dimensions, groups, rules, how they combine, tiers, gates and variants; a frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, cast

from pydantic import Field, PrivateAttr

from workbench.document import Document, digest
from workbench.model.parts import (
    FROZEN,
    AccountScore,
    Dimension,
    Gate,
    Group,
    Matrix,
    Score,
    Silence,
    Tier,
    empty,
)
from workbench.model.rules import AnyRule, CoreRule, Name, Rule
from workbench.model.sugar import written_out
from workbench.model.variant import Alternative, Variant, varied
from workbench.parsing import Value


class Model(Value):
    """A points model, as read from a model file.

    Attributes:
        name, version, about, owner: what it is called and who answers for it.
        dimensions: sub-scores by name, in order.
        groups: caps inside a dimension, by name.
        rules: what earns points.
        score: combination, transform, total cap and rounding.
        tiers: in order; a lead gets the last one whose `from` and minima all hold, or the one that the matrix gives.
        matrix: grades from two dimensions, and the tiers they give.
        gates: in order; the first that holds decides.
        variants: in order; the first that matches is used.
        account: the score of accounts.
        silence: findings of the lint that are accepted.

    Order of evaluation, always: variant, event filter, window, limit per distinct value, limit per day, limit of
    events, decay, sum, limit of points, rule cap, rule weight, group cap, inactivity, dimension weight, dimension cap,
    combine, transform, total cap, round, tier, gate.

    All arithmetic is in whole thousandths of a point. What a weight or a product of dimensions makes is kept within
    2^53 of them, about 9 x 10^12 points.
    """

    format: Literal["lead-scoring-model/1"]
    name: Name
    version: Annotated[int, Field(ge=1)] = 1
    about: str = ""
    owner: str = ""
    dimensions: Annotated[Mapping[str, Dimension], Field(min_length=1), *FROZEN]
    groups: Annotated[Mapping[str, Group], Field(default_factory=empty), *FROZEN]
    rules: Annotated[tuple[AnyRule, ...], Field(min_length=1)]
    score: Annotated[Score, Field(default_factory=Score)]
    tiers: tuple[Tier, ...] = ()
    matrix: Matrix | None = None
    gates: tuple[Gate, ...] = ()
    variants: tuple[Variant, ...] = ()
    account: AccountScore | None = None
    silence: tuple[Silence, ...] = ()

    _document: Document | None = PrivateAttr(default=None)
    _used: dict[str, Model] = PrivateAttr(default_factory=dict)
    _alternatives: tuple[Alternative, ...] | None = PrivateAttr(default=None)

    @property
    def document(self) -> Document | None:
        """The file this model was read from, if any: for messages, and to keep its comments when written back."""
        return self._document

    @property
    def active(self) -> tuple[AnyRule, ...]:
        """The rules that are enabled."""
        return tuple(rule for rule in self.rules if rule.enabled)

    @property
    def written_out(self) -> tuple[CoreRule, ...]:
        """The rules that are enabled, short forms written out."""
        return tuple(written_out(rule) for rule in self.active)

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """The model itself first, for leads that no variant takes, then its variants; short forms written out."""
        if self._alternatives is None:
            self._alternatives = self._written()
        return self._alternatives

    def _written(self) -> tuple[Alternative, ...]:
        base = self._flat(self)
        found = [Alternative("", None, base)]
        for variant in self.variants:
            used = self._used.get(variant.name)
            short = {
                "override": tuple(written_out(rule) for rule in variant.override),
                "add": tuple(written_out(rule) for rule in variant.add),
            }
            model = varied(base, variant.model_copy(update=short)) if used is None else self._flat(used)
            found.append(Alternative(variant.name, variant.when, model))
        return tuple(found)

    @staticmethod
    def _flat(model: Model) -> Model:
        score = model.score
        if score.transform is not None:
            score = score.model_copy(update={"transform": score.transform.written_out})
        rules = tuple(written_out(rule) for rule in model.rules)
        bare = {"variants": (), "gates": (), "account": None, "silence": ()}
        return model.model_copy(update={"rules": rules, "score": score, **bare})

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some values changed, not checked; its alternatives are its own."""
        copy = super().model_copy(update=update, deep=deep)
        copy._alternatives = None
        return copy

    @property
    def all_dimensions(self) -> tuple[str, ...]:
        """The dimensions of the model and of its variants, in order of first use."""
        return tuple(dict.fromkeys(name for each in self.alternatives for name in each.model.dimensions))

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
        """SHA-256 of what can change a score or a tier: short forms written out, defaults filled in, rules by id."""
        return digest(
            {
                "alternatives": [
                    {"when": _plain(each.when), "model": _without_words(each.model.plain())}
                    for each in self.alternatives
                ],
                "gates": [{key: value for key, value in _plain(gate).items() if key != "why"} for gate in self.gates],
                "account": None if self.account is None else _without_then(_plain(self.account)),
            }
        )

    @property
    def document_digest(self) -> str:
        """SHA-256 of everything the file says, defaults filled in; comments and key order do not matter."""
        return digest(self.plain())

    def plain(self) -> dict[str, Any]:
        """The model as plain data under the file's keys, defaults filled in, models that are used written in."""
        data: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        for variant in data["variants"]:
            if variant["name"] in self._used:
                variant["model"] = self._used[variant["name"]].plain()
        return data

    def __eq__(self, other: object) -> bool:
        return self.plain() == other.plain() if isinstance(other, Model) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.name, self.version, len(self.rules)))


def _plain(value: Any) -> Any:
    return None if value is None else cast("Value", value).model_dump(mode="json", by_alias=True, exclude_none=True)


_KEPT = ("dimensions", "groups", "score", "matrix")


def _without_words(data: dict[str, Any]) -> dict[str, Any]:
    """Only what can change a score or a tier; the order of rules cannot."""
    kept = {key: value for key, value in data.items() if key in _KEPT}
    words = {"why", "owner", "tags", "enabled"}
    rules = [
        {key: value for key, value in rule.items() if key not in words} for rule in data["rules"] if rule["enabled"]
    ]
    return {**kept, "rules": sorted(rules, key=lambda rule: str(rule["id"])), **_without_then({"tiers": data["tiers"]})}


def _without_then(data: dict[str, Any]) -> dict[str, Any]:
    tiers = [{key: value for key, value in tier.items() if key != "then"} for tier in data["tiers"]]
    return {**data, "tiers": tiers}
