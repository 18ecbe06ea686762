"""The time trap: how much better a prediction looks when the folds are drawn at random than in the order of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.backtesting.document import plain
from workbench.engine.lowered import DAY_US
from workbench.metrics import influence
from workbench.metrics.histogram import tally
from workbench.metrics.paired import Pair, Sample
from workbench.observation import Observations
from workbench.observation.split import TRAIN, VALIDATION
from workbench.observation.values import Values
from workbench.predicting.design import design
from workbench.predicting.folds import random_folds, time_folds
from workbench.predicting.judging import ranks
from workbench.predicting.logistic import best_strength, fit_logistic

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]
FOLDS = 5
EARLIER = 0.6
AS_GOOD = 0.001
"""Share by which a log-loss may exceed the least and still be as good."""
COLLAPSED = 0.05
"""Of AUC, that at least must be lost in the order of time to be called a collapse."""
LEAST_OF_EITHER = 10


@dataclass(frozen=True)
class TimeTrap:
    """The same regression judged twice.

    Attributes:
        random_auc: of all observations, each predicted from the other folds, which are drawn at random.
        later_auc: the same, of the later observations only.
        time_auc: of the later observations, predicted from the earlier ones with the same strength of the penalty.
        careful_auc: the same with the strength chosen by blocks of time among the earlier ones.
        difference: time_auc less later_auc, on the same observations.
        low, high: its 95 % interval, paired and clustered.
        earlier, later: how many observations.
        by: what parts them: the plan's split, or the first 60 % and the last 40 %.
        verdict: collapses, holds, or not enough evidence.
    """

    random_auc: float
    later_auc: float
    time_auc: float
    careful_auc: float
    difference: float
    low: float
    high: float
    earlier: int
    later: int
    by: str
    verdict: Literal["collapses", "holds", "not enough evidence"]

    @property
    def collapses(self) -> bool:
        """Whether random folds flatter what is known by `COLLAPSED` and more, beyond chance."""
        return self.verdict == "collapses"

    @property
    def headline(self) -> str:
        """The finding in one sentence."""
        told = (
            f"By random folds a regression of what is known seems to reach AUC {self.random_auc:.2f} "
            f"({self.later_auc:.2f} on the later leads); learned in the order of time ({self.by}) it reaches "
            f"{self.time_auc:.2f} ({self.difference:+.2f}, {self.low:+.2f} to {self.high:+.2f})"
        )
        return f"{told}: what was learned does not carry over to later leads." if self.collapses else f"{told}."

    def to_document(self) -> dict[str, Any]:
        """The result as plain data."""
        return {**{name: plain(value) for name, value in asdict(self).items()}, "headline": self.headline}


class Order(NamedTuple):
    """Who comes first: positions among all observations, and words for what parts them."""

    earlier: Integers
    later: Integers
    by: str


def in_order(seen: Observations, moment: Integers) -> Order | None:
    """The earlier and the later observations whose outcomes may be seen; None where either is too small.

    A plan that is split by time parts them: train, and validation. Else the first 60 % in time are held against the
    last 40 %, with a gap of the horizon where there are dates; a cluster is on the earlier side only.
    """
    subjects, plan = seen.subjects, seen.plan
    if plan.split is not None and plan.split.by == "time":
        earlier, later = (np.arange(rows.start, rows.stop) for rows in (seen.rows(TRAIN), seen.rows(VALIDATION)))
        return _large(seen, Order(earlier, later, "train, then validation"))
    visible = np.flatnonzero(_visible(seen))
    order = visible[np.argsort(moment[visible], kind="stable")]
    if len(order) < 2 * LEAST_OF_EITHER:
        return None
    start = moment[order[int(EARLIER * len(order))]]
    gap = 0 if subjects.as_of_us is None else plan.gap_days * DAY_US
    earlier, later = order[moment[order] + gap < start], order[moment[order] >= start]
    later = later[~np.isin(subjects.cluster[later], subjects.cluster[earlier])]
    return _large(seen, Order(np.sort(earlier), np.sort(later), "the first 60 %, then the last 40 %"))


def _visible(seen: Observations) -> Booleans:
    keep = np.zeros(len(seen.subjects.won), dtype=np.bool_)
    for part in seen.parts:
        if part != "test":
            keep[seen.rows(part)] = True
    return keep & (seen.subjects.won >= 0)


def _large(seen: Observations, order: Order) -> Order | None:
    won = seen.subjects.won == 1
    least = min(min(int(won[at].sum()), int((~won[at]).sum())) for at in (order.earlier, order.later))
    return order if least >= LEAST_OF_EITHER else None


def time_trap(
    values: Values, seen: Observations, moment: Integers | None, *, exclude: Iterable[str] = ()
) -> TimeTrap | None:
    """Judge one regression, of all that is known, by random folds and in the order of time.

    Fields and counts of events become the columns of `design`. The strength of the penalty is the weakest that random
    folds of all the observations find as good as the best (log-loss within 0.1 %), as whoever trusts them would take.

    Args:
        values: what was known at as_of.
        seen: the observations; sealed outcomes are not looked at.
        moment: what orders them, as `moments_of` has it.
        exclude: columns or fields that are not to be used.

    Returns:
        None where nothing orders the observations, or a side has fewer than ten of either outcome.
    """
    order = None if moment is None else in_order(seen, moment)
    if order is None or moment is None:
        return None
    subjects = seen.subjects
    won, rows = subjects.won == 1, np.sort(np.concatenate([order.earlier, order.later]))
    matrix = design(values, rows, seen.plan, exclude=exclude).matrix
    mixed, strength = crossed(matrix, won, subjects.cluster, rows, seed=seen.plan.seed, slack=AS_GOOD)
    learned = design(values, order.earlier, seen.plan, exclude=exclude).matrix
    x, y = learned[order.earlier], won[order.earlier]
    of = time_folds(moment[order.earlier], subjects.cluster[order.earlier])
    chosen = (strength, best_strength(x, y, of, seed=seen.plan.seed))
    ahead, careful = (fit_logistic(x, y, strength=each).log_odds(learned[order.later]) for each in chosen)
    return _told(mixed, ahead, careful, Sides(order, won, subjects.cluster))


def crossed(
    matrix: Floats, won: Booleans, cluster: Integers, rows: Integers, *, seed: int = 7, slack: float = 0.0
) -> tuple[Floats, float]:
    """Log-odds of the observations `rows`, each predicted from the other folds.

    Returns:
        (n,) log-odds, NaN for other observations; and the strength of the penalty that the folds chose.
    """
    fold = random_folds(cluster[rows], folds=FOLDS, seed=seed)
    strength = best_strength(matrix[rows], won[rows], fold, seed=seed, slack=slack)
    found = np.full(len(won), np.nan)
    for number in range(FOLDS):
        out = fold == number
        if out.any():
            fit = fit_logistic(matrix[rows[~out]], won[rows[~out]], strength=strength)
            found[rows[out]] = fit.log_odds(matrix[rows[out]])
    return found, strength


class Sides(NamedTuple):
    """Who is earlier and later, who converted, and who belongs together."""

    order: Order
    won: Booleans
    cluster: Integers


def _told(mixed: Floats, ahead: Floats, careful: Floats, sides: Sides) -> TimeTrap:
    order, won = sides.order, sides.won
    there, later = ~np.isnan(mixed), sides.order.later
    areas = [_area(mixed[there], won[there]), _area(careful, won[later])]
    (a, n_a), (b, n_b) = (ranks(each) for each in (mixed[later], ahead))
    first, second = (influence.area(*tally(cells, won[later], n)) for cells, n in ((a, n_a), (b, n_b)))
    pair = Pair(Sample.of(won[later], sides.cluster[later]), a, b, (n_a, n_b))
    change = pair.difference(first, second)
    verdict: Literal["collapses", "holds", "not enough evidence"] = "not enough evidence"
    if change.high < 0 and change.value <= -COLLAPSED:
        verdict = "collapses"
    elif change.low > -COLLAPSED:
        verdict = "holds"
    return TimeTrap(
        random_auc=areas[0],
        later_auc=first.value,
        time_auc=second.value,
        careful_auc=areas[1],
        difference=change.value,
        low=change.low,
        high=change.high,
        earlier=len(order.earlier),
        later=len(later),
        by=order.by,
        verdict=verdict,
    )


def _area(values: Floats, won: Booleans) -> float:
    cells, n = ranks(values)
    return influence.area(*tally(cells, won, n)).value
