"""Which threshold: by money, by a target, by capacity; with its interval and the region that is as good."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.cutoffs.capacity import TAIL, Kept
from workbench.cutoffs.ground import Ground
from workbench.metrics.intervals import normal_quantile
from workbench.metrics.resample import percentile

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
LEAST = 30
"""Observations below which a threshold's rate is not relied on for all thresholds at once."""
SIMULTANEOUS = (
    "region: thresholds not significantly worse than the best, all compared at once "
    "(paired bootstrap by account or lead, max-t)"
)


@dataclass(frozen=True, eq=False)
class Choice:
    """A chosen threshold among C.

    Attributes:
        at: its position; None where none meets what was asked.
        objective: (C,) what was to be made best or met.
        low, high: (C,) its interval.
        as_good: (C,) thresholds that the data cannot tell from the choice.
        interval: positions of the lowest and highest threshold that the choice may truly be at.
        surely: position of the threshold that meets the target beyond doubt.
        optimism: by how much choosing flatters.
        method: how it was done.
    """

    at: int | None
    objective: Floats
    low: Floats
    high: Floats
    as_good: Booleans
    interval: tuple[int, int] | None
    surely: int | None
    optimism: float
    method: str

    @property
    def region(self) -> tuple[int, int] | None:
        """The unbroken run of thresholds around the choice that are as good."""
        return None if self.at is None else run_around(self.as_good, self.at)


def run_around(marked: Booleans, at: int) -> tuple[int, int]:
    """The ends of the run of marks that a position is in, the position itself counted as marked."""
    low = high = at
    while low > 0 and marked[low - 1]:
        low -= 1
    while high < len(marked) - 1 and marked[high + 1]:
        high += 1
    return low, high


def by_value(ground: Ground, allowed: Booleans) -> Choice:
    """The threshold of greatest net value; of equally good ones the highest, which contacts fewest.

    Args:
        ground: the part to choose on.
        allowed: (C,) thresholds that may be chosen.
    """
    value = np.where(allowed, ground.value(), -np.inf)
    drawn = np.where(allowed, ground.drawn["value"], -np.inf)
    at = _last_best(value)
    chosen = _last_best(drawn)
    low, high = percentile(ground.drawn["value"])
    as_good = allowed & _indistinguishable(ground.value(), ground.drawn["value"], int(at), allowed)
    ends = np.flatnonzero(as_good)
    flattery = np.take_along_axis(drawn, chosen[:, None], axis=-1)[:, 0] - value[chosen]
    return Choice(
        at=int(at),
        objective=ground.value(),
        low=low,
        high=high,
        as_good=as_good,
        interval=(int(ends.min()), int(ends.max())),
        surely=None,
        optimism=float(flattery.mean()),
        method=SIMULTANEOUS,
    )


def _last_best(values: Floats) -> NDArray[np.intp]:
    """Position of the greatest, the last of equals."""
    size = values.shape[-1]
    found: NDArray[np.intp] = size - 1 - np.argmax(values[..., ::-1], axis=-1)
    return found


def _indistinguishable(values: Floats, drawn: Floats, at: int, allowed: Booleans) -> Booleans:
    """Thresholds whose value is not below the best one's beyond what chance makes of all of them together.

    t = (value(best) - value) / its bootstrap standard error; the critical value is the 95 % quantile of the largest
    centred t of a replicate over all thresholds (max-t of Romano and Wolf, Econometrica 73 (2005) 1237-1282).
    """
    difference = values[at] - values
    centred = (drawn[:, [at]] - drawn) - difference
    error = centred.std(axis=0, ddof=1)
    equal: Booleans = np.isclose(difference, 0.0)
    told = allowed & (error > 1e-9 * max(1.0, float(np.abs(values).max())))
    if not told.any():
        return equal
    critical = float(np.quantile(np.max(centred[:, told] / error[told], axis=1), 0.95))
    found: Booleans = np.where(told, difference <= critical * error, equal)
    return found


def by_precision(ground: Ground, target: float, allowed: Booleans) -> Choice:
    """The lowest threshold whose precision meets the target, so that most are contacted at it.

    Surely: from the lower limit of a band that holds for all thresholds with `LEAST` observations at once (Wilson's
    interval with the max-t quantile of the bootstrap in place of 1.96), since the lowest of many is picked.
    """
    precision, between = ground.precision()
    meets = allowed & (precision >= target)
    critical = _all_at_once(ground.drawn["precision"], precision, ground)
    lower = ground.precision(confidence=critical)[1].low
    sure = np.flatnonzero(allowed & (lower >= target))
    doubt = (between.low < target) & (between.high >= target)
    return _met(
        meets.argmax() if meets.any() else None,
        precision,
        (between.low, between.high),
        doubt & allowed,
        int(sure[0]) if len(sure) else None,
        _flattery(ground.drawn["precision"], precision, target, allowed, lowest=True),
    )


def by_recall(ground: Ground, target: float, allowed: Booleans) -> Choice:
    """The highest threshold whose recall meets the target, so that fewest are contacted for it.

    Surely: recall only falls as the threshold rises, so going up while the lower limit meets the target keeps its
    level without a correction (fixed sequence of tests).
    """
    recall, between = ground.recall()
    meets = np.flatnonzero(allowed & (recall >= target))
    sure = np.flatnonzero(allowed & np.logical_and.accumulate(between.low >= target))
    doubt = (between.low < target) & (between.high >= target)
    return _met(
        meets[-1] if len(meets) else None,
        recall,
        (between.low, between.high),
        doubt & allowed,
        int(sure[-1]) if len(sure) else None,
        _flattery(ground.drawn["recall"], recall, target, allowed, lowest=False),
    )


def _met(
    at: np.intp | None, objective: Floats, ends: tuple[Floats, Floats], doubt: Booleans, sure: int | None, bias: float
) -> Choice:
    where = None if at is None else int(at)
    interval = None if where is None else run_around(doubt, where)
    method = "region: thresholds whose interval (Wilson, clustered) holds the target; their ends are the interval"
    return Choice(where, objective, *ends, doubt, interval, sure, bias, method)


def _all_at_once(drawn: Floats, estimate: Floats, ground: Ground) -> float:
    """The two-sided confidence whose lower limits hold for all thresholds together at 97.5 %.

    Of thresholds with `LEAST` observations, of which a replicate is never without any.
    """
    n = sum(ground.above(each) for each in ground.counts)
    drawn, estimate = drawn[:, n >= LEAST], estimate[n >= LEAST]
    error = np.std(drawn, axis=0)
    told = error > 0
    if not told.any():
        return 0.95
    z = float(np.quantile(np.max((drawn[:, told] - estimate[told]) / error[told], axis=1), 0.975))
    return confidence_of(max(z, normal_quantile(0.95)))


def confidence_of(z: float) -> float:
    """The two-sided confidence of a normal quantile, at most 1 - 1e-9.

    >>> round(confidence_of(1.959964), 4)
    0.95
    """
    from_, to = 0.5, 1 - 1e-9
    for _ in range(60):
        middle = (from_ + to) / 2
        from_, to = (middle, to) if normal_quantile(middle) < z else (from_, middle)
    return from_


def _flattery(drawn: Floats, estimate: Floats, target: float, allowed: Booleans, *, lowest: bool) -> float:
    """The mean over replicates of the objective where the replicate would choose, less the whole part's there."""
    meets = allowed & (drawn >= target)
    some = meets.any(axis=1)
    if not some.any():
        return float("nan")
    at = meets.argmax(axis=1) if lowest else meets.shape[1] - 1 - meets[:, ::-1].argmax(axis=1)
    chosen = np.take_along_axis(drawn, at[:, None], axis=1)[:, 0] - estimate[at]
    return float(chosen[some].mean())


def by_capacity(found: Kept, allowed: Booleans, *, recent: int | None = None) -> Choice:
    """The lowest threshold at which, and above which, the queue is kept.

    Args:
        found: what each threshold's queue is like.
        allowed: (C,) thresholds that may be chosen.
        recent: position of the threshold that the last weeks alone would ask for: below it the service is not sure.
    """
    holds = np.flatnonzero(found.holds & allowed)
    at = int(holds[0]) if len(holds) else None
    doubt = found.doubtful & allowed
    sure = np.flatnonzero((found.sure >= 1 - TAIL) & found.holds & allowed)
    sure = sure if recent is None else sure[sure >= recent]
    method = (
        "interval and region: thresholds that some replicates keep and others do not (weeks resampled in blocks; in a "
        "stretch of more than a year each from the quarter around it)"
    )
    ends = np.flatnonzero(doubt)
    interval = None if at is None else (min(at, *ends), max(at, *ends)) if len(ends) else (at, at)
    interval = None if interval is None else (int(interval[0]), int(interval[1]))
    return Choice(
        at,
        found.share,
        found.low,
        found.high,
        doubt,
        interval,
        int(sure[0]) if len(sure) else None,
        float("nan"),
        method,
    )
