"""The numbers of points that a model claims: one for each rule, or for each case of a rule with several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from workbench.model import AnyRule, Model, change_model
from workbench.model.rules import PerRule, UpToRule
from workbench.observation import Observations, Weights
from workbench.parsing import milli
from workbench.searching import Place
from workbench.tuning.rule_row import paid_cases
from workbench.tuning.variants import placed_rules


@dataclass(frozen=True)
class Claim:
    """That a rule or case deserves its points.

    Attributes:
        rule, case: id, and what is paid for in words.
        several: whether the rule has several cases.
        points: in thousandths.
        otherwise: what those in the case would be paid without it: the rule's default; 0 for a rule with one number.
        on: whether the rule is switched on in the model that was given.
        simple: whether the number stands in the weights as it is; `per` and `up_to` make several numbers of one.
        homes: by alternative that has it its place among the rule's numbers there.
        paths: where the number stands.
        switches: where the rule is switched on and off.
    """

    rule: str
    case: str
    several: bool
    points: int
    otherwise: int
    on: bool
    simple: bool
    homes: Mapping[int, int] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    switches: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The rule, with the case where it has several."""
        return f"{self.rule} [{self.case}]" if self.several else self.rule

    @property
    def whole(self) -> Claim:
        """The rule with all its cases; it has no number of its own."""
        return replace(self, case="", several=False, points=0, otherwise=0, homes={}, paths=())

    def place(self, weights: Weights) -> Place | None:
        """Where `workbench.searching` has the number; None if it has no place of its own in all that have the rule."""
        having = {at for at, each in enumerate(weights.alternatives) if any(r.id == self.rule for r in each.rules)}
        at = set(self.homes.values())
        if not self.simple or len(at) != 1 or having != set(self.homes):
            return None
        return Place(self.rule, at.pop())

    def paying(self, model: Model, weights: Weights, value: int) -> Weights:
        """The weights of a model with another number here, in thousandths."""
        if not self.simple:
            return Weights.of(self.changed(model, value))
        alternatives = list(weights.alternatives)
        for number, place in self.homes.items():
            own = alternatives[number]
            rules = tuple(
                replace(rule, points=(*rule.points[:place], value, *rule.points[place + 1 :]))
                if rule.id == self.rule
                else rule
                for rule in own.rules
            )
            alternatives[number] = replace(own, rules=rules)
        return replace(weights, alternatives=tuple(alternatives))

    def changed(self, model: Model, value: int) -> Model:
        """The model with another number here, in thousandths."""
        return change_model(model, dict.fromkeys(self.paths, Decimal(value) / 1000))

    def dropped(self, model: Model) -> Model:
        """The model without it: the rule switched off, or the case paying what the rule pays otherwise."""
        return self.changed(model, self.otherwise) if self.several else self.switched(model, on=False)

    def switched(self, model: Model, *, on: bool) -> Model:
        """The model with the whole rule on or off."""
        return change_model(model, dict.fromkeys(self.switches, on))


def all_on(model: Model, seen: Observations) -> tuple[Model, Observations, tuple[str, ...]]:
    """The model with the rules that are off switched on, where they were observed; and those that were not.

    Raises:
        NotObserved: if the model itself asks for evidence that was not gathered.
    """
    off = [rule.id for rule in model.rules if not rule.enabled]
    unseen = []
    for rule in off:
        asking = change_model(model, {f"rules.{rule}.enabled": True})
        if seen.follows(asking):
            model, seen = asking, seen.following(asking)
        else:
            unseen.append(rule)
    return model, seen.following(model), tuple(unseen)


def claims_of(model: Model, asking: Model) -> tuple[Claim, ...]:
    """Every claim once, in the model's order; the same words with other points in a variant are one of their own.

    Args:
        model: the model as given.
        asking: the same with its rules switched on.
    """
    found: dict[tuple[str, str, int], Claim] = {}
    switches: dict[str, dict[str, None]] = {}
    off = {rule.id for rule in model.rules if not rule.enabled}
    weighed = Weights.of(asking).alternatives
    for number, (rules, weights) in enumerate(zip(placed_rules(asking), weighed, strict=True)):
        for own in weights.rules:
            rule, path = rules[own.id]
            switches.setdefault(own.id, {})[f"{path}.enabled"] = None
            paid = list(paid_cases(rule, path))
            for each in paid:
                points = milli(each.points)
                key = (own.id, each.words, points)
                otherwise = own.points[0] if each.number else 0
                fresh = Claim(own.id, each.words, len(paid) > 1, points, otherwise, own.id not in off, _simple(rule))
                known = found.get(key, fresh)
                place = each.number + own.dormant if each.number else 0
                found[key] = replace(known, homes={**known.homes, number: place}, paths=(*known.paths, each.path))
    return tuple(
        replace(claim, paths=tuple(dict.fromkeys(claim.paths)), switches=tuple(switches[claim.rule]))
        for claim in found.values()
    )


def _simple(rule: AnyRule) -> bool:
    return not isinstance(rule, PerRule | UpToRule)
