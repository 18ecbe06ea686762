"""Two ways to predict the same observations, figure by figure, with paired intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.judged import LEAST
from workbench.metrics import influence
from workbench.metrics.histogram import compact, tally
from workbench.metrics.influence import Influence
from workbench.metrics.intervals import normal_quantile
from workbench.metrics.paired import Difference, Pair, Sample
from workbench.metrics.ranking import average_precision
from workbench.metrics.resample import generator, percentile
from workbench.metrics.significance import p_value
from workbench.predicting.judging import mean_difference, ranks
from workbench.predicting.logistic import log_losses
from workbench.tuning.changes import LEAST_OF_EITHER, verdict

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]
DRAWS = 500
FIGURES = ("auc", "average_precision", "lift_10", "log_loss")
COLUMNS = ("contender", "figure", "points", "value", "change", "low", "high", "p", "verdict")
LESS_IS_BETTER = ("log_loss",)
_RANKED: dict[str, Callable[[Integers, Integers], Influence]] = {
    "auc": influence.area,
    "lift_10": lambda lost, won: influence.lift(lost, won, 0.1),
}


@dataclass(frozen=True, eq=False)
class Ranked:
    """Observations under one way to predict.

    Attributes:
        name: of the contender.
        by: (n,) what they are ranked by, higher first.
        predicted: (n,) probabilities.
    """

    name: str
    by: Floats
    predicted: Floats


@dataclass(frozen=True, eq=False)
class Field:
    """The observations that all contenders are judged on.

    Attributes:
        won: (n,).
        cluster: (n,) codes.
        seed: of the bootstrap.
    """

    won: Booleans
    cluster: Integers
    seed: int

    @property
    def enough(self) -> bool:
        """Whether there are enough of either outcome for an interval to be believed."""
        either = min(int(self.won.sum()), int((~self.won).sum()))
        return len(self.won) >= LEAST and either >= LEAST_OF_EITHER

    def against(self, points: Ranked, other: Ranked) -> pd.DataFrame:
        """A row for each figure, with `COLUMNS`: low and high are ends of 95 %, the verdict is on the contender.

        AUC and lift have closed intervals (`workbench.metrics.paired`), average precision one of a bootstrap of the
        clusters, log-loss one of the clusters' summed differences. The change is the contender's figure less that of
        the points; of the log-loss less is better, of all others more. p is two-sided, of this row alone.
        """
        (a, n_a), (b, n_b) = ranks(points.by), ranks(other.by)
        tallies = [tally(cells, self.won, n) for cells, n in ((a, n_a), (b, n_b))]
        pair = Pair(Sample.of(self.won, self.cluster), a, b, (n_a, n_b))
        found: dict[str, tuple[float, float, Difference]] = {}
        for name, make in _RANKED.items():
            first, second = (make(*each) for each in tallies)
            found[name] = (first.value, second.value, pair.difference(first, second))
        one, two = (float(average_precision(*each)) for each in tallies)
        found["average_precision"] = (one, two, self._resampled(two - one, (a, n_a), (b, n_b)))
        before, after = (log_losses(each.predicted, self.won) for each in (points, other))
        change = mean_difference(after - before, self.cluster)
        found["log_loss"] = (float(np.mean(before)), float(np.mean(after)), change)
        rows = [[other.name, name, *self._row(name, *found[name])] for name in FIGURES]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _row(self, name: str, first: float, second: float, change: Difference) -> list[object]:
        better = turned(change) if name in LESS_IS_BETTER else change
        told = verdict(better, enough=self.enough)
        return [first, second, change.value, change.low, change.high, p_value(change), told]

    def _resampled(self, value: float, *cells: tuple[Integers, int]) -> Difference:
        """Of the average precision: percentiles over resampled clusters."""
        known, place = compact(self.cluster)
        random = generator(self.seed)
        drawn = np.empty(DRAWS)
        for draw in range(DRAWS):
            times = np.bincount(random.integers(0, len(known), len(known)), minlength=len(known))[place]
            pair = [
                float(
                    average_precision(
                        np.bincount(at, times * ~self.won, minlength=n), np.bincount(at, times * self.won, minlength=n)
                    )
                )
                for at, n in cells
            ]
            drawn[draw] = pair[1] - pair[0]
        return of_percentiles(value, drawn)


def of_percentiles(value: float, drawn: Floats) -> Difference:
    """A difference with the percentiles (95 %) of its replicates.

    Its error is what the end towards 0 is away, in normal quantiles, so that `p_value` agrees with the interval: it is
    below 0.05 just where the interval excludes 0. Where the replicates are all the same it is 0.

    Args:
        value: as found.
        drawn: (draws,) of the replicates.
    """
    low, high = (float(end) for end in percentile(drawn))
    near = value - low if value >= 0 else high - value
    still = low == high == value
    return Difference(value, low, high, near / normal_quantile(0.95) if near > 0 or still else float("nan"))


def turned(change: Difference) -> Difference:
    """The difference the other way round."""
    return change._replace(value=-change.value, low=-change.high, high=-change.low)
