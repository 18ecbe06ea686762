"""What no single value of a model can know: names that must exist, be unique, or not clash; parts that need others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from workbench.document import Place
from workbench.model.model import Model
from workbench.model.parts import Matrix, Tier
from workbench.model.rules import AnyRule
from workbench.model.variant import Variant
from workbench.parsing import did_you_mean

Fault = tuple[Place, str, str, str]
"""Place, what was expected, what was found, remedy."""


def faults(model: Model) -> Iterator[Fault]:
    """The faults of a model whose values are each valid."""
    yield from _groups(model)
    yield from _names_taken(model)
    yield from _twice(("rules",), "id", [rule.id for rule in model.rules])
    yield from _rules(model, ("rules",), model.rules)
    yield from _score(model)
    yield from _twice(("tiers",), "name", [tier.name for tier in model.tiers])
    yield from _tiers(model)
    if model.matrix is not None:
        yield from _matrix(model, model.matrix)
    yield from _twice(("gates",), "id", [gate.id for gate in model.gates])
    yield from _twice(("variants",), "name", [variant.name for variant in model.variants])
    for number, variant in enumerate(model.variants):
        yield from _variant(model, number, variant)
    if model.account is not None:
        yield from _twice(("account", "tiers"), "name", [tier.name for tier in model.account.tiers])


def _groups(model: Model) -> Iterator[Fault]:
    for name, group in model.groups.items():
        if name in model.dimensions:
            yield ("groups", name), "a name that no dimension has", repr(name), "Rename the group."
        if group.in_ not in model.dimensions:
            yield _unknown(("groups", name, "in"), "a dimension of this model", group.in_, model.dimensions)


def _rules(model: Model, place: Place, rules: Sequence[AnyRule]) -> Iterator[Fault]:
    homes = {**model.dimensions, **model.groups}
    for index, rule in enumerate(rules):
        if rule.in_ not in homes:
            yield _unknown((*place, index, "in"), "a dimension or group of this model", rule.in_, homes)


def _score(model: Model) -> Iterator[Fault]:
    score, dimensions = model.score, list(model.dimensions)
    unknown = [name for name in score.weights if name not in dimensions]
    for name in unknown:
        yield _unknown(("score", "weights", name), "a dimension of this model", name, dimensions)
    missing = [name for name in dimensions if score.weights and name not in score.weights]
    if missing and not unknown:  # a misspelt name is one fault
        remedy = f"Add '{missing[0]}', with 0 if it does not count."
        yield ("score", "weights"), "a weight for every dimension", f"none for {', '.join(missing)}", remedy
    if score.combine == "matrix" and model.matrix is None:
        remedy = "Write the matrix, or say 'combine: sum'."
        yield ("score", "combine"), "a 'matrix' in this model", "nothing", remedy
    if score.combine == "product" and len(dimensions) < 2:
        yield ("score", "combine"), "two dimensions or more for a product", f"{len(dimensions)}", "Say 'combine: sum'."


RESERVED = ("lead_id", "account_id", "score", "tier", "then", "gate")
"""Columns of scores: no dimension may be called so."""
NO_TIER = "no tier"


def _names_taken(model: Model) -> Iterator[Fault]:
    for name in model.dimensions:
        if name in RESERVED:
            yield ("dimensions", name), "a name that no other column of scores has", repr(name), "Rename the dimension."
    for key in ("tiers", "gates"):
        for index, each in enumerate(getattr(model, key)):
            said = each.name if isinstance(each, Tier) else each.tier
            if said == NO_TIER:
                place: Place = (key, index, "name" if isinstance(each, Tier) else "tier")
                yield place, "a name other than that of leads without a tier", repr(said), "Choose another name."


def _tiers(model: Model) -> Iterator[Fault]:
    for index, tier in enumerate(model.tiers):
        for name in tier.require:
            if name not in model.dimensions:
                yield _unknown(("tiers", index, "require", name), "a dimension of this model", name, model.dimensions)
        if model.matrix is None and tier.from_ is None:
            yield ("tiers", index, "from"), "the key 'from'", "nothing", "Add 'from:', the lowest score of this tier."
    given = [index for index, tier in enumerate(model.tiers) if tier.from_ is not None or tier.require]
    if model.matrix is not None and given:
        key = "from" if model.tiers[given[0]].from_ is not None else "require"
        expected = "tiers without 'from' and 'require', since the matrix gives them"
        remedy = "Remove these keys from all tiers, or remove the matrix."
        yield ("tiers", given[0], key), expected, f"'{key}' in {len(given)} of {len(model.tiers)} tiers", remedy


def _matrix(model: Model, matrix: Matrix) -> Iterator[Fault]:
    for side in ("rows", "columns"):
        dimension = getattr(matrix, side).dimension
        if dimension not in model.dimensions:
            yield _unknown(("matrix", side, "dimension"), "a dimension of this model", dimension, model.dimensions)
    if matrix.rows.dimension == matrix.columns.dimension:
        remedy = "Name another dimension on one side."
        yield ("matrix", "columns", "dimension"), "two different dimensions", repr(matrix.rows.dimension), remedy
    twice = [one for one, other in pairwise(sorted(matrix.grades)) if one == other]
    if twice:
        yield ("matrix",), "different names for all grades", f"'{twice[0]}' twice", "Rename a row or a column."
    names = [tier.name for tier in model.tiers]
    for grade, tier in matrix.tiers.items():
        if grade not in matrix.grades:
            yield _unknown(("matrix", "tiers", grade), "a grade of this matrix", grade, matrix.grades)
        if tier not in names:
            yield _unknown(("matrix", "tiers", grade), "a tier of this model", tier, names)


def _variant(model: Model, number: int, variant: Variant) -> Iterator[Fault]:
    place: Place = ("variants", number)
    if variant.when is None and number < len(model.variants) - 1:
        remedy = "Give it a 'when', or move it to the end."
        yield place, "'when' in every variant but the last", "none: no later variant would be used", remedy
    yield from _names_in(model, place, variant)
    for key in ("override", "add"):
        rules: tuple[AnyRule, ...] = getattr(variant, key)
        yield from _twice((*place, key), "id", [rule.id for rule in rules])
        yield from _rules(model, (*place, key), rules)
    yield from _thresholds(model, place, variant)
    used = model._used.get(variant.name)
    if used is not None:
        yield from _use(model, (*place, "use" if variant.use is not None else "model"), used)


def _names_in(model: Model, place: Place, variant: Variant) -> Iterator[Fault]:
    """Names of rules and dimensions that a variant speaks of."""
    ids = [rule.id for rule in model.rules]
    known = [*ids, *(rule.id for rule in variant.add)]
    asked: list[tuple[Place, str, Iterable[str]]] = [
        *((("multiply", "rules", name), name, known) for name in variant.multiply.rules),
        *((("override", index, "id"), rule.id, ids) for index, rule in enumerate(variant.override)),
        *((("drop", index), name, ids) for index, name in enumerate(variant.drop)),
    ]
    for where, name, those in asked:
        if name not in those:
            yield _unknown((*place, *where), "a rule of this model", name, those)
    for name in variant.multiply.dimensions:
        if name not in model.dimensions:
            yield _unknown(
                (*place, "multiply", "dimensions", name), "a dimension of this model", name, model.dimensions
            )
    for index, rule in enumerate(variant.add):
        if rule.id in ids:
            remedy = "Rename it, or move it to 'override'."
            yield (*place, "add", index, "id"), "an id that the model does not have", repr(rule.id), remedy


def _thresholds(model: Model, place: Place, variant: Variant) -> Iterator[Fault]:
    names = [tier.name for tier in model.tiers]
    for name in variant.tiers:
        if name not in names:
            yield _unknown((*place, "tiers", name), "a tier of this model", name, names)
    if variant.tiers and model.matrix is not None:
        yield (*place, "tiers"), "no 'tiers', since the matrix gives them", "tiers", "Remove them, or the matrix."


def _use(model: Model, place: Place, used: Model) -> Iterator[Fault]:
    name = used.document.name if used.document is not None else used.name
    for key in ("gates", "account"):
        if getattr(used, key):
            remedy = f"Move '{key}' to this model, which decides for all."
            yield place, f"a model without '{key}' of its own", f"'{key}' in {name}", remedy
    ours, theirs = _names(model.tiers), _names(used.tiers)
    if ours != theirs:
        found = f"{', '.join(theirs) or 'none'}, not {', '.join(ours) or 'none'}"
        yield place, "the same tiers in the same order", found, "Give both models the same tiers by name."


def _names(tiers: Sequence[Tier]) -> list[str]:
    return [tier.name for tier in tiers]


def _twice(place: Place, key: str, names: Sequence[str]) -> Iterator[Fault]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield (*place, index, key), f"each {key} once", f"'{name}' a second time", "Rename one of the two."


def _unknown(place: Place, expected: str, name: str, known: Iterable[str]) -> Fault:
    return place, expected, repr(name), did_you_mean(name, known)
