"""The numbers of points that a search may turn, where they stand in the model file, and what they may become."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from workbench.model import AnyRule, Bounds, CasesRule, EachRule, Model, WhenRule
from workbench.model.rules import BandsRule, MapRule, PerRule, UpToRule
from workbench.model.sugar import written_out
from workbench.observation import RuleWeights
from workbench.parsing import MOST_POINTS, milli
from workbench.suggesting.constraints import Constraints
from workbench.tuning.rule_row import paid_cases, title

Integers = NDArray[np.int64]
OTHERWISE = "otherwise"


@dataclass(frozen=True)
class Turn:
    """One number of points that may change.

    Attributes:
        rule, case: id, and the case's words (empty for a rule with one number).
        path: where it stands in the model file.
        index: into `RuleWeights.points`; None for a short form whose one number makes all of its cases.
        now: in thousandths, as the model has it.
        values: what it may become, in thousandths, ascending; `now` is among them.
        lower, upper: positions among all turns of those that it must not fall below, or rise above.
    """

    rule: str
    case: str
    path: str
    index: int | None
    now: int
    values: Integers
    lower: tuple[int, ...] = ()
    upper: tuple[int, ...] = ()
    source: AnyRule | None = field(default=None, repr=False)

    def points(self, value: int, points: tuple[int, ...]) -> tuple[int, ...]:
        """The rule's points with this number changed; all in thousandths."""
        if self.index is not None:
            return (*points[: self.index], value, *points[self.index + 1 :])
        assert self.source is not None  # noqa: S101  (short forms carry their rule)
        short = written_out(self.source.model_copy(update={"points": Decimal(value) / 1000}))
        assert isinstance(short, CasesRule)  # noqa: S101  (what these short forms become)
        return (*points[: len(points) - len(short.cases)], *(milli(case.points) for case in short.cases))


def turns_of(model: Model, constraints: Constraints) -> tuple[Turn, ...]:
    """What may be turned in a model, in the model's order.

    Rules that are switched off, that the constraints keep, or that a variant has in a version of its own are left out:
    one number could not speak for both.

    Raises:
        CallError: if the constraints name a rule that the model does not have.
    """
    constraints.demand_known(model)
    aside = varied_rules(model)
    found: list[Turn] = []
    for rule in model.active:
        if not constraints.keeps(rule.id) and rule.id not in aside:
            own = list(_of_rule(model, rule, constraints))
            found += _ordered(own, len(found)) if constraints.monotone else own
    return tuple(found)


def varied_rules(model: Model) -> set[str]:
    """The rules that some variant has in a version of its own."""
    base = {rule.id: rule for rule in model.alternatives[0].model.rules}
    return {
        rule.id
        for each in model.alternatives[1:]
        for rule in each.model.rules
        if rule.id in base and rule.model_copy(update={"weight": base[rule.id].weight}) != base[rule.id]
    }


def _of_rule(model: Model, rule: AnyRule, constraints: Constraints) -> Iterator[Turn]:
    path = f"rules.{rule.id}"
    asleep = 1 if rule.effective.from_ is not None or rule.effective.to is not None else 0
    if isinstance(rule, CasesRule | MapRule | BandsRule) and constraints.defaults:
        values = _values(model, rule, milli(rule.default), constraints)
        yield Turn(rule.id, OTHERWISE, f"{path}.default", 0, milli(rule.default), values)
    for paid in paid_cases(rule, path):
        now = milli(paid.points)
        single = isinstance(rule, WhenRule | EachRule)
        scaled = isinstance(rule, PerRule | UpToRule)
        yield Turn(
            rule=rule.id,
            case=paid.words if paid.number else "",
            path=paid.path,
            index=None if scaled else 0 if single else paid.number + asleep,
            now=now,
            values=_values(model, rule, now, constraints),
            source=rule if scaled else None,
        )


def _values(model: Model, rule: AnyRule, now: int, constraints: Constraints) -> Integers:
    """What a number may become, in thousandths."""
    low, high = constraints.range_of(rule.id)
    low, high = _within_caps(model, rule, low, high)
    if isinstance(rule, PerRule):
        most = MOST_POINTS // rule.per.most
        low, high = max(low, -most), min(high, most)
    sign = constraints.sign_of(rule.id)
    if sign == "positive" or (sign == "kept" and now > 0):
        low = max(low, 0)
    if sign == "negative" or (sign == "kept" and now < 0):
        high = min(high, 0)
    step = constraints.step
    whole = np.arange(-(-low // step) * step, high + 1, step, dtype=np.int64) * 1000
    return np.union1d(whole, [now]).astype(np.int64)


def _within_caps(model: Model, rule: AnyRule, low: int, high: int) -> tuple[int, int]:
    """The range without what a cap would take off a single rule in any case."""
    if rule.weight != 1 or model.dimensions[model.dimension_of(rule)].weight != 1:
        return low, high
    caps: list[Bounds] = [model.dimensions[model.dimension_of(rule)]]
    if rule.cap is not None:
        caps.append(rule.cap)
    group = model.group_of(rule)
    if group is not None:
        caps.append(model.groups[group])
    for cap in caps:
        high = high if cap.max is None or cap.max <= 0 else min(high, int(cap.max))
        low = low if cap.min is None or cap.min >= 0 else max(low, int(cap.min))
    return low, high


def _ordered(turns: list[Turn], start: int) -> list[Turn]:
    """The cases of one rule, each knowing which must not pay more, and which not less, than it does."""
    return [
        Turn(
            each.rule,
            each.case,
            each.path,
            each.index,
            each.now,
            each.values,
            tuple(start + at for at, other in enumerate(turns) if other.now < each.now),
            tuple(start + at for at, other in enumerate(turns) if other.now > each.now),
            each.source,
        )
        for each in turns
    ]


def allowed(turns: Sequence[Turn], state: Integers, at: int) -> Integers:
    """What one number may become while the others stay, in thousandths; its present value is among them."""
    turn = turns[at]
    values = turn.values
    low = max((int(state[other]) for other in turn.lower), default=None)
    high = min((int(state[other]) for other in turn.upper), default=None)
    if low is not None:
        values = values[values >= min(low, int(state[at]))]
    if high is not None:
        values = values[values <= max(high, int(state[at]))]
    return values


def repaired(turns: Sequence[Turn], wanted: NDArray[np.float64]) -> Integers:
    """The nearest values that are allowed, in the order that cases must keep; thousandths."""
    state = np.array(
        [turn.values[np.abs(turn.values - want).argmin()] for turn, want in zip(turns, wanted, strict=True)]
    )
    for at in sorted(range(len(turns)), key=lambda at: turns[at].now):
        low = max((int(state[other]) for other in turns[at].lower), default=None)
        if low is not None and state[at] < low:
            above = turns[at].values[turns[at].values >= low]
            state[at] = above[0] if len(above) else turns[at].values[-1]
    return state.astype(np.int64)


def points_of(turns: Sequence[Turn], state: Integers, rules: dict[str, RuleWeights]) -> dict[str, tuple[int, ...]]:
    """The points of every rule that differs from the model, in thousandths, as `Weights.paying` takes them."""
    found: dict[str, tuple[int, ...]] = {}
    for turn, value in zip(turns, state.tolist(), strict=True):
        if value != turn.now:
            found[turn.rule] = turn.points(value, found.get(turn.rule, rules[turn.rule].points))
    return found


def words_of(model: Model, rule: str) -> str:
    """What a rule pays for."""
    return title(next(each for each in model.rules if each.id == rule))
