"""Faults in what evidence earns: decay, inactivity, the order of evaluation, and who decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from planting import Fault, Patch, everywhere, noting

from workbench.backtesting import tiers
from workbench.engine import lower
from workbench.engine.lowered import FirstOf
from workbench.model import Decay
from workbench.model import model as models
from workbench.model.variant import Multiply
from workbench.observation import alternative, arithmetic, gather, scorer, weights
from workbench.observation.arithmetic import OPEN, clipped
from workbench.parsing import milli

FAULTS: list[Fault] = []
fault = noting(FAULTS)


@fault("the limit of points comes before decay", '"decay"', '"limit"')
def _(patch: Patch) -> None:
    plain = alternative.AlternativeScorer.decayed

    def wrong(self: Any, rule: Any, *args: Any) -> Any:
        found = plain(self, rule, *args)
        if rule.most is None:
            return found
        full = self.full(rule, *args)
        return np.where(np.abs(full) > rule.most, found * rule.most // np.maximum(np.abs(full), 1), found)

    patch.setattr(alternative.AlternativeScorer, "decayed", wrong)


# --- decay ------------------------------------------------------------------------------------------------------------


def _table_of(patch: Patch, make: Callable[[int, Any], int]) -> None:
    def wrong(points: int, decay: Decay, ages: int) -> Any:
        if points < 0 and not decay.negatives:
            return np.full(ages, points, dtype=np.int64)
        return np.array([make(points, share) for share in arithmetic.shares(decay, ages)], dtype=np.int64)

    everywhere(patch, arithmetic.decay_table, wrong)


@fault("decay is rounded down", '"decay"')
def _(patch: Patch) -> None:
    _table_of(patch, lambda points, share: int(points * share))


@fault("halves of decay go to the even side", '"decay"')
def _(patch: Patch) -> None:
    _table_of(patch, lambda points, share: round(points * share))


@fault("decay is worked out in single precision", '"decay"')
def _(patch: Patch) -> None:
    _table_of(
        patch, lambda points, share: int(np.floor(np.float32(points) * np.float32(float(share)) + np.float32(0.5)))
    )


@fault("decay that spares negatives does not", '"negatives": false')
def _(patch: Patch) -> None:
    plain = arithmetic.decay_table
    everywhere(
        patch,
        plain,
        lambda points, decay, ages: plain(points, decay.model_copy(update={"negatives": True}), ages),
    )


@fault("grace is forgotten", '"grace"')
def _(patch: Patch) -> None:
    plain = arithmetic.shares
    everywhere(patch, plain, lambda decay, ages: plain(decay.model_copy(update={"grace": None}), ages))
    arithmetic.shares.cache_clear = plain.cache_clear


@fault("the floor is added instead of kept", '"floor"')
def _(patch: Patch) -> None:
    plain = arithmetic.shares

    def wrong(decay: Decay, ages: int) -> Any:
        bare = plain(decay.model_copy(update={"floor": milli(decay.floor) * 0}), ages)
        return tuple(min(1, share + type(share)(decay.floor)) for share in bare)

    everywhere(patch, plain, wrong)
    arithmetic.shares.cache_clear = plain.cache_clear


# --- inactivity -------------------------------------------------------------------------------------------------------


@fault("idleness is taken off before the caps of groups", '"inactivity"', '"groups"')
def _(patch: Patch) -> None:
    def wrong(self: Any, name: str, own: Any, rows: Any = slice(None)) -> Any:
        fades = own.dimensions[name].inactivity
        if fades is None:
            return self.summed(name, own, rows)
        idle = self.shelf.idle[self.idle[name]][rows]
        bare = replace(own, groups=dict.fromkeys(own.groups, OPEN))
        groups = self.group_values(name, bare, rows)
        free = self.summed(name, bare, rows) - sum(groups.values(), self._nothing(name, rows))
        kept = [clipped(arithmetic.faded(each, fades, idle), own.groups[group]) for group, each in groups.items()]
        return sum(kept, arithmetic.faded(free, fades, idle))

    patch.setattr(alternative.AlternativeScorer, "active", wrong)


@fault("idleness counts from the oldest event", '"inactivity"')
def _(patch: Patch) -> None:
    everywhere(patch, gather._last_age, lambda events: (events, "first_age", None))


# --- the order of evaluation ------------------------------------------------------------------------------------------


@fault("a rule's cap comes after its weight", '"cap"')
def _(patch: Patch) -> None:
    def wrong(self: Any, paid: Any) -> Any:
        return clipped(arithmetic.scaled(self.limited(paid), self.weight, arithmetic.ONE_WEIGHT), self.cap)

    patch.setattr(weights.RuleWeights, "kept", wrong)


@fault("the cap of a group is forgotten", '"groups"')
def _(patch: Patch) -> None:
    patch.setattr(
        alternative,
        "clipped",
        lambda values, _: values,
    )


@fault("a dimension's weight comes after its cap", '"weight"')
def _(patch: Patch) -> None:
    def wrong(self: Any, faded: Any) -> Any:
        return arithmetic.scaled(clipped(faded, self.cap), self.weight, arithmetic.ONE_WEIGHT)

    patch.setattr(weights.DimensionWeights, "kept", wrong)


@fault("the transform comes after the total cap", '"transform"')
def _(patch: Patch) -> None:
    patch.setattr(
        weights.Combining,
        "finished",
        lambda self, total: self.rounded(self.transformed(clipped(total, self.total))),
    )


@fault("rounding comes before the total cap", '"half_up"')
def _(patch: Patch) -> None:
    patch.setattr(
        weights.Combining,
        "finished",
        lambda self, total: clipped(self.rounded(self.transformed(total)), self.total),
    )


@fault("halves below zero are rounded away from it", '"half_up"')
def _(patch: Patch) -> None:
    def wrong(self: Any, capped: Any) -> Any:
        away = np.sign(capped) * ((np.abs(capped) + 500) // 1000 * 1000)
        return away if self.whole else capped

    patch.setattr(weights.Combining, "rounded", wrong)


@fault("weights round halves away from zero", '"weight"')
def _(patch: Patch) -> None:
    plain = arithmetic.scaled

    def wrong(values: Any, factors: Any, one: int) -> Any:
        return np.sign(values) * plain(np.abs(values), factors, one)

    everywhere(patch, plain, wrong)


@fault("a product is rounded at every step", '"product"')
def _(patch: Patch) -> None:
    plain = arithmetic.multiplied

    def wrong(parts: Any) -> Any:
        found = parts[0]
        for part in parts[1:]:
            found = plain([found, part])
        return found

    everywhere(patch, plain, wrong)


@fault("a weighted sum is rounded in every part", '"weighted"')
def _(patch: Patch) -> None:
    plain = weights.Combining.together

    def wrong(self: Any, dimensions: Any) -> Any:
        if self.kind != "weighted":
            return plain(self, dimensions)
        return sum((dimensions[name] * weight + 500) // 1000 for name, weight in self.weights.items())

    patch.setattr(weights.Combining, "together", wrong)


@fault("a part of the matrix begins above its border", '"matrix"')
def _(patch: Patch) -> None:
    def wrong(self: Any, dimensions: Any) -> Any:
        row, column_ = (np.searchsorted(ends, dimensions[name], side="left") for name, ends in self.axes)
        return row, column_

    patch.setattr(weights.Combining, "grade", wrong)


# --- who decides ------------------------------------------------------------------------------------------------------


def _last_decides(patch: Patch, what: str, entries: str) -> None:
    plain = lower.lower_model

    def turned(*args: Any) -> Any:
        found = plain(*args)
        return replace(found, **{what: FirstOf(tuple(reversed(getattr(found, what).cases)))})

    def numbers(self: Any) -> Any:
        own = self._gates if what == "gates" else self._variants
        count = len(self.weights.out) if what == "gates" else len(self.weights.alternatives) - 1
        found = self._entries(own)
        return np.where(found > 0, count + 1 - found, 0)

    everywhere(patch, plain, turned)
    patch.setattr(scorer.Scorer, entries, property(numbers))


@fault("the last gate decides", '"g1"')
def _(patch: Patch) -> None:
    _last_decides(patch, "gates", "gate_entries")


@fault("the last variant is used", "variant 1")
def _(patch: Patch) -> None:
    _last_decides(patch, "variants", "variant_entries")


@fault("what a variant multiplies is ignored", '"multiply"')
def _(patch: Patch) -> None:
    plain = models.varied
    patch.setattr(
        models, "varied", lambda base, variant: plain(base, variant.model_copy(update={"multiply": Multiply()}))
    )


@fault("a variant's thresholds are ignored", '"variant 0"')
def _(patch: Patch) -> None:
    plain = models.varied
    patch.setattr(models, "varied", lambda base, variant: plain(base, variant.model_copy(update={"tiers": {}})))


@fault("the first tier that holds is taken", '"tiers"')
def _(patch: Patch) -> None:
    plain = tiers._reached

    def wrong(model: Any, points: Any, dimensions: Any) -> Any:
        if model.matrix is not None:
            return plain(model, points, dimensions)
        rank = np.full(len(points), -1, dtype=np.int64)
        for number, _ in enumerate(model.tiers):
            one = model.model_copy(update={"tiers": (model.tiers[number],)})
            rank = np.where((rank < 0) & (plain(one, points, dimensions) == 0), number, rank)
        return rank

    patch.setattr(tiers, "_reached", wrong)


@fault("a tier asks for its minima's own dimension only above them", '"require"')
def _(patch: Patch) -> None:
    plain = tiers._reached

    def wrong(model: Any, points: Any, dimensions: Any) -> Any:
        return plain(model, points, {name: values - 1 for name, values in dimensions.items()})

    patch.setattr(tiers, "_reached", wrong)
