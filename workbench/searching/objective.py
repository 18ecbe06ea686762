"""What makes one candidate better than another: numbers from counts by score, for many candidates at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.backtesting.capacity import workable
from workbench.errors import CallError
from workbench.metrics.depth import at_depth
from workbench.metrics.histogram import divided
from workbench.metrics.ranking import auc
from workbench.observation import Observations
from workbench.observation.indexing import TAKEN_OUT
from workbench.observation.split import ALL, TRAIN
from workbench.plan import Plan

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
STEPS = 60
"""Newton's steps at most; a dozen are usual."""
SMALL = 1e-10
PENALTY = 1e-6
"""Weight of the squared slope, so that counts that scores part perfectly have a best slope."""


class Objective(Protocol):
    """A number that a search makes large.

    Attributes:
        name: as `objective_named` takes it.
    """

    @property
    def name(self) -> str:
        """As `objective_named` takes it."""

    def __call__(
        self, scores: Integers, negatives: ArrayLike, positives: ArrayLike, amounts: Floats | None = None
    ) -> Floats:
        """How good the counts are.

        Args:
            scores: (S,) thousandths, ascending; the least integer stands for those whom a gate takes out.
            negatives, positives: (..., S) how many did not, and did, convert.
            amounts: (..., S) sums of the amounts of those who converted; None where none are recorded.

        Returns:
            (...,), higher is better; NaN where it is not defined.
        """


@dataclass(frozen=True)
class Area:
    """The area under the ROC curve, 0..1."""

    name: str = "auc"

    def __call__(
        self, scores: Integers, negatives: ArrayLike, positives: ArrayLike, amounts: Floats | None = None
    ) -> Floats:
        """The area; NaN when a class is empty."""
        del scores, amounts
        return auc(negatives, positives)


@dataclass(frozen=True)
class Lift:
    """The rate in the top share of the list over the rate of all; ties share.

    Attributes:
        depth: the share, 0..1.
    """

    name: str
    depth: float

    def __call__(
        self, scores: Integers, negatives: ArrayLike, positives: ArrayLike, amounts: Floats | None = None
    ) -> Floats:
        """The lift; NaN where nobody converted."""
        del scores, amounts
        found: Floats = at_depth(negatives, positives, [self.depth]).lift[..., 0]
        return found


@dataclass(frozen=True)
class LogLoss:
    """Minus the mean log loss, in nats, of the best logistic recalibration of the score that does not turn it round.

    p = 1 / (1 + exp(-(a + b z))) with z the score in standard deviations, b >= 0, fitted to the very counts; those
    whom a gate takes out have a rate of their own.
    """

    name: str = "log_loss"

    def __call__(
        self, scores: Integers, negatives: ArrayLike, positives: ArrayLike, amounts: Floats | None = None
    ) -> Floats:
        """Minus the loss; NaN where there is nobody."""
        del amounts
        lost, won = np.asarray(negatives, dtype=np.float64), np.asarray(positives, dtype=np.float64)
        shape, total = lost.shape[:-1], (lost + won).sum(axis=-1)
        gated = int(len(scores) > 0 and scores[0] == TAKEN_OUT)
        apart = sum((_entropy(lost[..., at], won[..., at]) for at in range(gated)), np.zeros(shape))
        kept = _fitted(scores[gated:] / 1000, lost[..., gated:], won[..., gated:])
        return -divided(apart + kept, total)


@dataclass(frozen=True)
class Value:
    """Net value per observation when the list is worked from the top.

    Attributes:
        contact_cost: of every lead that is worked.
        win: worth of each that converts; None takes the recorded amounts.
        depth: the share of the list that is worked; None takes the best depth, which may be nobody.
    """

    name: str
    contact_cost: float
    win: float | None
    depth: float | None

    def __call__(
        self, scores: Integers, negatives: ArrayLike, positives: ArrayLike, amounts: Floats | None = None
    ) -> Floats:
        """The value in the plan's currency; NaN where there is nobody."""
        del scores
        lost, won = np.asarray(negatives, dtype=np.float64), np.asarray(positives, dtype=np.float64)
        earned = won * self.win if self.win is not None else np.zeros(won.shape) if amounts is None else amounts
        people, gains = (np.cumsum(each[..., ::-1], axis=-1) for each in (lost + won, earned))
        total = people[..., -1]
        if self.depth is None:
            best = np.max(gains - people * self.contact_cost, axis=-1, initial=0.0)
            return divided(best, total)
        wanted = self.depth * total
        return divided(_reached(people, gains, wanted) - wanted * self.contact_cost, total)


def objective_named(name: str, *, plan: Plan | None = None, seen: Observations | None = None) -> Objective:
    """What a search makes large.

    Args:
        name: `auc`; `log_loss`; `lift_10` (the lift of the best tenth) and so for every whole percentage; `value` (net
            value per observation at the plan's capacity, or without one at the best depth).
        plan: for `value`: with `value`, and perhaps `capacity`; by default that of `seen`.
        seen: for `value` at a capacity: what share of the list the capacity is, by the dates of the train part (of all
            without a split).

    Raises:
        CallError: for another name, and where the plan does not say what a win is worth.
    """
    if name == "auc":
        return Area()
    if name == "log_loss":
        return LogLoss()
    word, _, percent = name.partition("_")
    if word == "lift" and percent.isdecimal() and 0 < int(percent) <= 100:
        return Lift(name, int(percent) / 100)
    if name == "value":
        return _value(plan or (None if seen is None else seen.plan), seen)
    raise CallError.at(
        "objective",
        expected="auc, log_loss, value, or lift_<percent> such as lift_10",
        found=f"'{name}'",
        remedy="Name one of these.",
    )


def _value(plan: Plan | None, seen: Observations | None) -> Value:
    if plan is None or plan.value is None:
        raise CallError.at(
            "objective",
            expected="a plan that says what a contact costs and a win is worth, for 'value'",
            found="no plan" if plan is None else "a plan without 'value'",
            remedy="Add for example 'value: {contact_cost: 12, win: 900}' to the plan.",
        )
    worth = plan.value
    win = None if worth.win == "amount" else float(worth.win)
    return Value("value", float(worth.contact_cost), win, _depth(plan, seen))


def _depth(plan: Plan, seen: Observations | None) -> float | None:
    """The share of the list that the capacity allows to be worked."""
    if plan.capacity is None or seen is None:
        return None
    able = workable(seen, seen.rows(TRAIN if seen.split else ALL), capacity=plan.capacity)
    return None if able is None else able.share


def _reached(people: Floats, gains: Floats, wanted: Floats) -> Floats:
    """What the first `wanted` of a list earn, from running sums (..., S); the last cell is shared."""
    cell = np.minimum(np.sum(people < wanted[..., None], axis=-1), people.shape[-1] - 1)[..., None]
    ends, sums = (np.take_along_axis(each, cell, axis=-1)[..., 0] for each in (people, gains))
    before = np.maximum(cell - 1, 0)
    starts, base = (
        np.where(cell[..., 0] > 0, np.take_along_axis(each, before, axis=-1)[..., 0], 0.0) for each in (people, gains)
    )
    share = np.nan_to_num(divided(wanted - starts, ends - starts))
    found: Floats = base + (sums - base) * share
    return found


# --- the logistic recalibration ---------------------------------------------------------------------------------------


def _entropy(lost: Floats, won: Floats) -> Floats:
    """The sum of log losses of people who all get their own rate."""
    total = lost + won
    of_lost, of_won = (part * np.log(np.maximum(np.nan_to_num(divided(part, total)), 1e-300)) for part in (lost, won))
    return -of_lost - of_won


def _fitted(points: Floats, lost: Floats, won: Floats) -> Floats:
    """The least sum of log losses over a and b >= 0, by Newton's method from the flat curve."""
    n = lost + won
    total = n.sum(axis=-1)
    if n.shape[-1] == 0 or not total.size:
        return np.zeros(total.shape)
    mean = np.nan_to_num(divided(n @ points, total))
    spread = np.sqrt(np.maximum(np.nan_to_num(divided(n @ points**2, total)) - mean**2, 0.0))
    flat = spread <= 1e-9
    z = (points - mean[..., None]) / np.where(flat, 1.0, spread)[..., None]
    rate = np.clip(np.nan_to_num(divided(won.sum(axis=-1), total)), 1e-12, 1 - 1e-12)
    a, b = np.log(rate / (1 - rate)), np.zeros(rate.shape)
    loss = _loss(a, b, z, n, won)
    for _ in range(STEPS):
        step_a, step_b = _newton(a, b, z, n, won)
        size = np.ones(rate.shape)
        better = np.full(rate.shape, False)
        for _ in range(12):  # halved where the full step overshoots
            tried = (a + size * step_a, np.maximum(b + size * step_b, 0.0))
            after = _loss(*tried, z, n, won)
            better = after <= loss
            if better.all():
                break
            size = np.where(better, size, size / 2)
        a, b = np.where(better, tried[0], a), np.where(better, tried[1], b)
        gain, loss = loss - np.where(better, after, loss), np.where(better, after, loss)
        if np.all(gain <= SMALL * np.maximum(total, 1.0)):
            break
    certain = (rate <= 1e-12) | (rate >= 1 - 1e-12)
    return np.where(certain, 0.0, loss)


def _newton(a: Floats, b: Floats, z: Floats, n: Floats, won: Floats) -> tuple[Floats, Floats]:
    """The step of both; where the slope stands at 0 and would fall, only of the intercept."""
    p = 1 / (1 + np.exp(-(a[..., None] + b[..., None] * z)))
    over, weight = n * p - won, n * p * (1 - p)
    total = n.sum(axis=-1)
    ga, gb = over.sum(axis=-1), (over * z).sum(axis=-1) + 2 * PENALTY * total * b
    haa = weight.sum(axis=-1) + 1e-12
    hab = (weight * z).sum(axis=-1)
    hbb = (weight * z**2).sum(axis=-1) + 2 * PENALTY * total + 1e-12
    determinant = haa * hbb - hab**2
    sa, sb = (-(hbb * ga - hab * gb) / determinant, -(haa * gb - hab * ga) / determinant)
    held = (b <= 0) & (sb <= 0)
    return np.where(held, -ga / haa, sa), np.where(held, 0.0, sb)


def _loss(a: Floats, b: Floats, z: Floats, n: Floats, won: Floats) -> Floats:
    line = a[..., None] + b[..., None] * z
    total: Floats = (n * np.logaddexp(0.0, line) - won * line).sum(axis=-1) + PENALTY * n.sum(axis=-1) * b**2
    return total
