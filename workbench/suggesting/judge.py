"""By how much one set of points beats another on the same observations, with the interval of the difference."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workbench.backtesting import Candidates
from workbench.backtesting.candidate import Placed
from workbench.errors import CallError
from workbench.metrics import influence
from workbench.metrics.histogram import tally
from workbench.metrics.influence import Influence
from workbench.metrics.paired import Difference, Pair, Sample
from workbench.model import Model
from workbench.observation import Observations, Weights
from workbench.plan import Worth
from workbench.searching import Objective
from workbench.tuning.changes import LEAST_OF_EITHER, verdict

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
ROUNDS = 30


class Judge:
    """Sets candidates against the champion on one part, with observations summed by cluster.

    Args:
        model: the champion.
        seen: observations that hold what it asks.
        part: whose outcomes are looked at.
        objective: what is judged.

    Attributes:
        n: observations of the part.
        won, cluster: outcome, and what belongs together, of each.
    """

    def __init__(self, model: Model, seen: Observations, part: str, objective: Objective) -> None:
        rows, subjects = seen.rows(part), seen.subjects
        self.won: NDArray[np.bool_] = subjects.won[rows] == 1
        self.cluster: Integers = subjects.cluster[rows]
        self.n = len(self.won)
        self._amount = np.nan_to_num(subjects.amount[rows])
        self._bound = Candidates(model, seen, part=part)
        self._name, self._objective = objective.name, objective
        self._worth = seen.plan.value
        self._samples: dict[bytes, Sample] = {}

    def placed(self, weights: Weights) -> Placed:
        """Every observation's place among the scores."""
        return self._bound.placed(weights)

    def difference(self, first: Placed, second: Placed, rows: Integers | None = None) -> Difference:
        """The second's objective less the first's on some observations of the part, by default all.

        The influences are those of `workbench.metrics.influence`; for log loss, minus the loss of each observation
        under the logistic recalibration of the score on these observations (its two parameters are at their best, so
        to first order they add nothing); for value, the money earned by those that are reached at the objective's
        depth, in the cell where the depth falls all of them.
        """
        sample, won = self._sample(rows)
        one, other = (self._of(each, won, rows) for each in (first, second))
        pair = Pair(sample, one[0], other[0], (len(first.counts.scores), len(second.counts.scores)))
        amounts = None
        if one[1].paid is not None:
            own = self._amount if rows is None else self._amount[rows]
            amounts = own[sample.won]
        return pair.difference(one[1], other[1], amounts=amounts)

    def verdict(self, change: Difference) -> str:
        """better, worse, same or not enough evidence."""
        least = min(int(self.won.sum()), int(self.n - self.won.sum()))
        return verdict(change, enough=least >= LEAST_OF_EITHER and self.n >= 30)

    def value(self, placed: Placed, rows: Integers | None = None) -> float:
        """The objective itself."""
        return self._of(placed, self._sample(rows)[1], rows)[1].value

    def counts(self, placed: Placed, rows: Integers | None = None) -> tuple[Integers, Integers]:
        """Negatives and positives by ascending score on some observations of the part, by default all."""
        won = self.won if rows is None else self.won[rows]
        return tally(placed.cells if rows is None else placed.cells[rows], won, len(placed.counts.scores))

    def _sample(self, rows: Integers | None) -> tuple[Sample, NDArray[np.bool_]]:
        won = self.won if rows is None else self.won[rows]
        key = b"" if rows is None else rows.tobytes()
        if key not in self._samples:
            self._samples[key] = Sample.of(won, self.cluster if rows is None else self.cluster[rows])
        return self._samples[key], won

    def _of(
        self, placed: Placed, won: NDArray[np.bool_], rows: Integers | None
    ) -> tuple[NDArray[np.generic], Influence]:
        cells = placed.cells if rows is None else placed.cells[rows]
        size = len(placed.counts.scores)
        negatives, positives = self.counts(placed, rows)
        if self._name == "auc":
            return cells, influence.area(negatives, positives)
        if self._name == "log_loss":
            return cells, losses(placed.counts.scores, negatives, positives, gated=placed.counts.gated)
        if self._name.startswith("lift_"):
            return cells, influence.lift(negatives, positives, int(self._name.removeprefix("lift_")) / 100)
        own = self._amount if rows is None else self._amount[rows]
        earned = np.bincount(cells[won], weights=own[won], minlength=size).astype(np.float64)
        return cells, self._money(negatives, positives, earned, self._worth)

    def _money(self, negatives: Integers, positives: Integers, earned: Floats, worth: Worth | None) -> Influence:
        if worth is None:
            raise CallError.at(
                "objective 'value'",
                expected="a plan with 'value'",
                found="none",
                remedy="Say what a contact costs and a win is worth in the plan.",
            )
        n = negatives + positives
        above = np.cumsum(n[::-1])[::-1] - n
        depth = getattr(self._objective, "depth", None)
        if depth is None:
            gain = earned if worth.win == "amount" else positives * float(worth.win)
            total = np.cumsum((gain - float(worth.contact_cost) * n)[::-1])[::-1]
            flagged = np.arange(len(n)) >= int(np.argmax(total))
        else:
            flagged = above < depth * n.sum()
        cost = float(worth.contact_cost)
        if worth.win == "amount":
            found = influence.worth(negatives, positives, flagged, contact_cost=cost, amounts=earned)
        else:
            found = influence.worth(negatives, positives, flagged, contact_cost=cost, win=float(worth.win))
        return per_observation(found, float(n.sum()))


def per_observation(found: Influence, n: float) -> Influence:
    """A sum of money as that of one observation."""
    paid = None if found.paid is None else found.paid / n
    level = (found.level[0] / n, found.level[1] / n)
    return Influence(found.value / n, found.lost / n, found.won / n, found.by_class, paid, level)


def losses(scores: Integers, negatives: Integers, positives: Integers, *, gated: bool = False) -> Influence:
    """Minus the mean log loss of a logistic recalibration of the score (slope of at least 0) fitted on these counts.

    Args:
        scores: (k,) ascending, in thousandths; where `gated`, the first stands for those whom a gate takes out, who
            have a rate of their own.
        negatives, positives: counts by score.
        gated: whether there are such.
    """
    first = int(gated)
    n = (negatives + positives).astype(np.float64)
    total = max(n.sum(), 1.0)
    eta = np.zeros(len(scores))
    eta[:first] = _log_odds(positives[:first].sum(), n[:first].sum())
    x, own = scores[first:].astype(np.float64) / 1000, n[first:]
    if len(x):
        centre = float(own @ x / max(own.sum(), 1.0))
        spread = float(np.sqrt(own @ (x - centre) ** 2 / max(own.sum(), 1.0))) or 1.0
        x = (x - centre) / spread
        a, b = _fitted(x, positives[first:].astype(np.float64), own)
        eta[first:] = a + b * x if b > 0 else _log_odds(positives[first:].sum(), own.sum())
    of_lost, of_won = -np.logaddexp(0.0, eta), -np.logaddexp(0.0, -eta)
    found = float((negatives @ of_lost + positives @ of_won) / total)
    return Influence(found, (of_lost - found) / total, (of_won - found) / total, level=(found / total, found / total))


def _log_odds(converted: float, n: float) -> float:
    rate = min(max(float(converted) / max(float(n), 1.0), 1e-9), 1 - 1e-9)
    return float(np.log(rate / (1 - rate)))


def _fitted(x: Floats, positives: Floats, n: Floats) -> tuple[float, float]:
    """Intercept and slope by Newton's method, with the weakest of ridges for data that separates."""
    a, b = _log_odds(positives.sum(), n.sum()), 0.0
    for _ in range(ROUNDS):
        p = 1 / (1 + np.exp(-np.clip(a + b * x, -30, 30)))
        left, weight = positives - n * p, n * p * (1 - p)
        g, h = float(left.sum()), float(left @ x) - 1e-4 * b
        u, v, w = float(weight.sum()) + 1e-9, float(weight @ x), float(weight @ (x * x)) + 1e-4
        root = u * w - v * v
        if root <= 0:
            break
        da, db = (w * g - v * h) / root, (u * h - v * g) / root
        step = max(abs(da), abs(db))
        scale = min(1.0, 2.0 / step) if step else 1.0
        a, b = a + da * scale, b + db * scale
        if step < 1e-9:
            break
    return a, b
