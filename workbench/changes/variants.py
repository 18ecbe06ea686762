"""Changes between the variants of two models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from workbench.changes.change import NONE, Change, Spot
from workbench.changes.compare import Handler, by_field, by_key, entries, times
from workbench.changes.conditions import condition_changes
from workbench.changes.parts import named
from workbench.changes.rules import WHY, rule_lists
from workbench.model import Model, Variant
from workbench.model.variant import Multiply
from workbench.model.words import in_words, number_in_words, variant_in_words

Inner = Callable[[Spot, Model, Model], Iterator[Change]]


def variant_lists(
    spot: Spot,
    old: Sequence[tuple[Variant, Model | None]],
    new: Sequence[tuple[Variant, Model | None]],
    *,
    inner: Inner,
) -> Iterator[Change]:
    """The changes between two lists of variants, each with the model that it uses, if any.

    Args:
        spot: where the lists stand.
        old, new: the lists.
        inner: the changes between two models that are used.
    """
    models = [{variant.name: model for variant, model in side} for side in (old, new)]

    def inside(before: Variant, after: Variant) -> Iterator[Change]:
        there = spot.inside(f"variant {before.name}")
        used = models[0][before.name], models[1][after.name]
        yield from _one(there, before, after)
        if used[0] is not None and used[1] is not None:
            yield from inner(there, used[0], used[1])
        elif used[0] is not used[1]:
            names = [NONE if model is None else model.name for model in used]
            yield there.changed("uses the model", names[0], names[1])

    bare = [[_bare(variant, model) for variant, model in side] for side in (old, new)]
    yield from named(spot, "variant", bare[0], bare[1], key="name", words=variant_in_words, inside=inside)


def _bare(variant: Variant, model: Model | None) -> Variant:
    """The variant with the model it uses written in, so that one that only moved to another file is seen as such."""
    return variant if model is None else variant.model_copy(update={"model": model.plain()})


def _one(spot: Spot, old: Variant, new: Variant) -> Iterator[Change]:
    def rules(what: str) -> Handler:
        def tell(there: Spot, before: Any, after: Any) -> Iterator[Change]:
            yield from rule_lists(there, before, after, what=what)

        return tell

    handlers: Mapping[str, Handler] = {
        "why": WHY,
        "when": _when,
        "multiply": _multiply,
        "override": rules("override"),
        "add": rules("added rule"),
        "drop": _drop,
        "tiers": _tiers,
        "use": _use,
    }
    yield from by_field(spot, old, new.model_copy(update={"model": old.model}), handlers, {})


def _when(spot: Spot, old: Any, new: Any) -> Iterator[Change]:
    if old is not None and new is not None:
        yield from condition_changes(spot, "condition", old, new)
    else:
        sides = ["all others" if side is None else in_words(side) for side in (old, new)]
        yield spot.changed("holds for", sides[0], sides[1])


def _multiply(spot: Spot, old: Multiply, new: Multiply) -> Iterator[Change]:
    yield from by_key(spot, old.rules, new.rules, times)
    both = {*old.dimensions, *new.dimensions} & {*old.rules, *new.rules}
    yield from by_key(spot, old.dimensions, new.dimensions, times, "dimension {}" if both else "{}")


def _drop(spot: Spot, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Change]:
    for name in old:
        if name not in new:
            yield spot.told("restored", what=name, old="left out", new="counts")
    for name in new:
        if name not in old:
            yield spot.told("dropped", what=name, old="counts", new="left out")
    if set(old) == set(new):
        yield from entries(spot, "without", old, new)


def _tiers(spot: Spot, old: Mapping[str, Decimal], new: Mapping[str, Decimal]) -> Iterator[Change]:
    yield from by_key(spot, old, new, number_in_words, "{} from")


def _use(spot: Spot, old: str | None, new: str | None) -> Iterator[Change]:
    yield spot.touching("form").changed("uses", old or NONE, new or NONE)
