"""The parts of a model that the checks walk over, each with its name, its place, and its conditions as formulas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.document import Place
from workbench.linting.compiled import compiled
from workbench.linting.formula import TRUE, Formula
from workbench.linting.logic import Logic
from workbench.model import AnyRule, CasesRule, Condition, CoreRule, EachRule, Model, WhenRule
from workbench.model.sugar import written_out
from workbench.parsing import place_of


@dataclass(frozen=True)
class RulePart:
    """A rule that counts somewhere.

    Attributes:
        authored: as it was written.
        rule: with short forms written out.
        model: the model that it is written in.
        path: its place in that model's file.
        alternatives: numbers of the alternatives in which it counts.
    """

    authored: AnyRule
    rule: CoreRule
    model: Model
    path: Place
    alternatives: tuple[int, ...]

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.rule.id

    def place(self, *below: str | int) -> str:
        """Its place, or that of something in it, for a message."""
        return place_of((*self.path, *below), self.model.document)

    def case_place(self, number: int) -> str:
        """The place of a case; of short forms as it was written."""
        if isinstance(self.authored, CasesRule):
            return self.place("cases", number)
        steps = getattr(getattr(self.authored, "bands", None), "steps", None)
        return self.place("bands", "steps", number) if steps is not None else self.place()

    @property
    def conditions(self) -> tuple[tuple[Condition, tuple[str | int, ...]], ...]:
        """Each condition that it asks, with its place below the rule."""
        rule = self.rule
        if isinstance(rule, WhenRule):
            return ((rule.when, ("when",)),)
        if isinstance(rule, CasesRule):
            return tuple((case.when, ("cases", number, "when")) for number, case in enumerate(rule.cases))
        return ((rule.each.where, ("each", "where")),) if rule.each.where is not None else ()

    @property
    def restricted(self) -> bool:
        """Whether it is in force at some times only."""
        return self.rule.effective.from_ is not None or self.rule.effective.to is not None


@dataclass(frozen=True)
class Choice:
    """A gate or a variant: a condition that is asked in order."""

    what: str
    name: str
    when: Condition | None
    path: Place

    @property
    def formula(self) -> Formula:
        """When it holds, whatever stands before it."""
        return compiled(self.when)


@dataclass(frozen=True)
class Parts:
    """A model taken apart.

    Attributes:
        model: the model.
        rules: every enabled rule of the model, its variants and the models that they use.
        gates, variants: in order.
        logic: what can hold.
    """

    model: Model
    rules: tuple[RulePart, ...]
    gates: tuple[Choice, ...]
    variants: tuple[Choice, ...]
    logic: Logic

    @classmethod
    def of(cls, model: Model) -> Parts:
        """Take a model apart."""
        rules = tuple(_rules(model))
        gates = tuple(Choice("gate", gate.id, gate.when, ("gates", n)) for n, gate in enumerate(model.gates))
        variants = tuple(
            Choice("variant", each.name, each.when, ("variants", n)) for n, each in enumerate(model.variants)
        )
        asked = [condition for part in rules for condition, _ in part.conditions if not isinstance(part.rule, EachRule)]
        wheres = [condition for part in rules for condition, _ in part.conditions if isinstance(part.rule, EachRule)]
        asked += [choice.when for choice in (*gates, *variants) if choice.when is not None]
        return cls(model, rules, gates, variants, Logic.of(asked, wheres))

    def place(self, *path: str | int) -> str:
        """A place in the model's file, for a message."""
        return place_of(path, self.model.document)

    def pays(self, part: RulePart) -> Formula:
        """When a `when` rule pays, apart from its dates."""
        return compiled(part.rule.when) if isinstance(part.rule, WhenRule) else TRUE

    def can_fire(self, part: RulePart) -> bool:
        """Whether a rule can pay at all."""
        rule = part.rule
        if isinstance(rule, WhenRule):
            return self.logic.possible(compiled(rule.when))
        if isinstance(rule, CasesRule):
            return any(self.logic.possible(compiled(case.when)) for case in rule.cases)
        return self.logic.possible(compiled(rule.each.where, source="event"))


def _rules(model: Model) -> Iterator[RulePart]:
    """Every enabled rule, with the alternatives that have it."""
    own = [number for number, variant in enumerate(model.variants) if variant.name not in model._used]
    for index, rule in enumerate(model.rules):
        if rule.enabled:
            kept = [n + 1 for n in own if rule.id not in _gone(model, n)]
            yield RulePart(rule, written_out(rule), model, ("rules", index), (0, *kept))
    for number, variant in enumerate(model.variants):
        for key, rules in (("override", variant.override), ("add", variant.add)):
            for index, rule in enumerate(rules):
                if rule.enabled and rule.id not in variant.drop:
                    yield RulePart(rule, written_out(rule), model, ("variants", number, key, index), (number + 1,))
        used = model._used.get(variant.name)
        for index, rule in enumerate(() if used is None else used.rules):
            if rule.enabled and used is not None:
                yield RulePart(rule, written_out(rule), used, ("rules", index), (number + 1,))


def _gone(model: Model, number: int) -> set[str]:
    variant = model.variants[number]
    return {*variant.drop, *(rule.id for rule in variant.override)}
