"""What the lint calls impossible never happens: its claims against the oracle, on random models and pasts."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from itertools import product

import pytest
from strategies import as_of_us, random_model, random_past, to_oracle, verdicts
from vocabulary import LISTS

from workbench.linting import lint
from workbench.linting.compiled import compiled
from workbench.linting.formula import Subject, TooMany
from workbench.linting.logic import Logic
from workbench.linting.missing import Trap, compared, traps
from workbench.linting.parts import Parts
from workbench.linting.reach import reach
from workbench.linting.sequence import unreachable
from workbench.model import (
    AccountFieldTest,
    AllOf,
    CasesRule,
    Condition,
    EachRule,
    FieldTest,
    Model,
    leaves,
    parse_model,
)
from workbench.oracle import BUILT_IN, Facts, holds
from workbench.oracle.facts import facts_of

SEEDS = range(24)
LEADS = 20


def people(seed: int, model: Model) -> list[Facts]:
    past = random_past(seed, LEADS, model)
    moments = as_of_us(past)
    return [facts_of(lead, moments[name], LISTS, BUILT_IN) for name, lead in to_oracle(past.frames).items()]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_called_impossible_never_happens(seed: int) -> None:
    model = random_model(seed)
    parts, facts = Parts.of(model), people(seed, model)
    asked = [when for part in parts.rules if not isinstance(part.rule, EachRule) for when, _ in part.conditions]
    asked += [choice.when for choice in (*parts.gates, *parts.variants) if choice.when is not None]
    for condition in asked:
        seen = {holds(condition, each) for each in facts}
        formula = compiled(condition)
        assert True not in seen or parts.logic.possible(formula), condition
        assert False not in seen or not parts.logic.certain(formula), condition
    for one, other in product(asked[:12], repeat=2):
        if parts.logic.implies(compiled(one), compiled(other)):
            assert all(holds(other, each) for each in facts if holds(one, each)), (one, other)
    for part in parts.rules:
        if isinstance(part.rule, CasesRule):
            for number in unreachable([compiled(case.when) for case in part.rule.cases], parts.logic):
                before = [case.when for case in part.rule.cases[:number]]
                left = [each for each in facts if not any(holds(when, each) for when in before)]
                assert not any(holds(part.rule.cases[number].when, each) for each in left), (part.id, number)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_score_lies_within_reach(seed: int) -> None:
    model = random_model(seed)
    parts, past = Parts.of(model), random_past(seed, LEADS, model)
    names = ["", *(variant.name for variant in model.variants)]
    reaches = [reach(parts, number) for number in range(len(names))]
    missed = {each.at for each in lint(model).findings if each.code in {"L151", "L153"}}
    for verdict in verdicts(model, past).values():
        found = reaches[names.index(verdict.variant)]
        for name, own in found.dimensions.items():
            assert own.low <= verdict.dimensions[name] <= own.high, name
        for name, points in verdict.paid.items():
            assert found.rules[name].low <= points <= found.rules[name].high, name
        if verdict.score is not None:
            assert found.score.low <= verdict.score <= found.score.high
        if verdict.gate is None:
            assert verdict.tier not in missed


def numbers() -> Iterator[Facts]:
    model = random_model(0)
    [some, *_] = people(0, model)
    for size in (None, 0.0, 1.0, 1.5, 2.0, 3.0):
        yield Facts({"a": size}, some.account, some.lead, (), (), some.as_of_us, LISTS)


@pytest.mark.parametrize("seed", range(100))
def test_of_numbers_it_knows_exactly_what_can_hold(seed: int) -> None:
    rng = random.Random(seed)

    def condition(depth: int) -> dict[str, object]:
        kind = rng.choice(["all", "any", "not", "test", "test"]) if depth else "test"
        if kind in {"all", "any"}:
            return {kind: [condition(depth - 1) for _ in range(rng.randint(1, 3))]}
        if kind == "not":
            return {"not": condition(depth - 1)}
        operator = rng.choice(["equals", "at_least", "above", "at_most", "below", "known", "between"])
        value = rng.random() < 0.5 if operator == "known" else [1, 2] if operator == "between" else rng.choice([1, 2])
        rest = {} if operator == "known" else {"missing": rng.choice([False, False, True, "skip"])}
        return {"field": "a", operator: value, **rest}

    rule = {"id": "one", "in": "fit", "when": condition(3), "points": 1}
    text = {"format": "lead-scoring-model/1", "name": "x", "dimensions": {"fit": {}}, "rules": [rule]}
    [part] = Parts.of(parse_model(json.dumps(text))).rules
    [(asked, _)] = part.conditions
    logic = Logic.of([asked, FieldTest(field="a", at_least=0.0)])
    seen = [holds(asked, each) for each in numbers()]
    assert logic.possible(compiled(asked)) == any(seen)
    assert logic.certain(compiled(asked)) == all(seen)


@pytest.mark.parametrize("seed", SEEDS)
def test_who_is_paid_only_for_a_missing_value_lacks_one(seed: int) -> None:
    model = random_model(seed)
    for trap in traps(Parts.of(model)):
        paid = trap.only_because
        if paid is None or any(subject.source not in {"lead", "account"} for subject in trap.subjects):
            continue
        for each in people(seed, model):
            if holds(paid, each):
                asked = {
                    of
                    for test in leaves(paid)
                    if isinstance(test, FieldTest | AccountFieldTest)
                    for of in compared(test)
                }
                mine = {of for of in asked if of in trap.subjects or any(of in pair for pair in _pairs(paid, trap))}
                values = [(each.account if of.source == "account" else each.fields).get(of.name) for of in mine]
                assert None in values, (trap.part.id, paid)


def _pairs(condition: Condition, trap: Trap) -> list[tuple[Subject, ...]]:
    """The fields that are compared with each other, one of them the trap's."""
    tests = [test for test in leaves(condition) if isinstance(test, FieldTest | AccountFieldTest)]
    return [compared(test) for test in tests if set(compared(test)) & set(trap.subjects)]


def test_too_many_ways_are_called_possible() -> None:
    rng = random.Random(5)
    wide = AllOf.model_validate_json(
        json.dumps({"all": [{"any": [_apart(rng, n, m) for m in range(6)]} for n in range(8)]})
    )
    logic = Logic.of([wide])
    with pytest.raises(TooMany):
        logic.ways(compiled(wide))
    assert logic.possible(compiled(wide))
    assert not logic.certain(compiled(wide))


def _apart(rng: random.Random, one: int, other: int) -> dict[str, object]:
    return {"field": f"f{one}_{other}", "at_least": rng.randint(0, 9)}


def test_ranges_are_whole_thousandths_or_open() -> None:
    model = random_model(3)
    found = reach(Parts.of(model), 0)
    ends = [end for each in (*found.dimensions.values(), found.score) for end in (each.low, each.high)]
    assert all(math.isinf(end) or int(end) == end for end in ends)
