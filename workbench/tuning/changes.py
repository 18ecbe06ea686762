"""The headline figures of a candidate beside the champion's, each with its change and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting import Candidates
from workbench.backtesting.candidate import Placed
from workbench.backtesting.judged import LEAST
from workbench.metrics import influence
from workbench.metrics.histogram import tally
from workbench.metrics.influence import Influence
from workbench.metrics.paired import Difference, Pair, Sample
from workbench.metrics.ranking import ranks
from workbench.model import Model
from workbench.observation import Weights
from workbench.plan import Worth

COLUMNS = [
    "part",
    "figure",
    "champion",
    "candidate",
    "change",
    "low",
    "high",
    "verdict",
    "higher_is_better",
    "unit",
]
LEAST_OF_EITHER = 5
"""Converts, and others, below which no change is called better or worse."""
LEAST_CARRIERS = 5
"""Observations or clusters that a change must rest on, effectively, to be called better or worse."""
Unit = Literal["share", "ratio", "score", "money", "leads"]
Verdict = Literal["better", "worse", "not enough evidence", "same", ""]


@dataclass(frozen=True)
class Figure:
    """A headline figure.

    Attributes:
        name: as in `Backtest.metrics`, or leads, precision, recall and value of the main tier.
        unit: what it is counted in.
        judged: whether more of it is better; a number of leads is neither.
    """

    name: str
    unit: Unit
    judged: bool = True


LEADS, PRECISION, VALUE = (
    Figure("leads", "leads", judged=False),
    Figure("precision", "share"),
    Figure("value", "money"),
)
RANKING: dict[Figure, Callable[[NDArray[np.int64], NDArray[np.int64]], Influence]] = {
    Figure("auc", "score"): influence.area,
    Figure("lift_10", "ratio"): lambda lost, won: influence.lift(lost, won, 0.1),
    Figure("capture_20", "share"): lambda lost, won: influence.captured(lost, won, 0.2),
}
REACHING: dict[Figure, Callable[[NDArray[np.int64], NDArray[np.int64], list[bool]], Influence]] = {
    LEADS: influence.number,
    PRECISION: influence.precision,
    Figure("recall", "share"): influence.recall,
}


@dataclass(frozen=True, eq=False)
class Ground:
    """What does not change with the model: the observations of one part.

    Attributes:
        part: its name.
        sample: who converted, and who belongs together.
        won: (n,) whether each converted.
        amounts: (converts,) what was recorded with each, 0 where nothing was; None where the plan does not ask.
        worth: what a contact costs and a win is worth, if the plan says so.
    """

    part: str
    sample: Sample
    won: NDArray[np.bool_]
    amounts: NDArray[np.float64] | None
    worth: Worth | None


@dataclass(frozen=True, eq=False)
class Result:
    """One model on one part, observation by observation.

    Attributes:
        placed: counts by score, and each one's place among the scores.
        reached: (n,) whether the main tier is reached; None if the model has no tiers.
        figures: by figure its value and influences.
    """

    placed: Placed
    reached: NDArray[np.bool_] | None
    figures: dict[Figure, Influence]

    @property
    def ranks(self) -> bool:
        """Whether the scores order leads better than chance."""
        return ranks(self.placed.counts.negatives, self.placed.counts.positives)

    @classmethod
    def of(cls, model: Model, ground: Ground, bound: Candidates, tier: int | None) -> Result:
        """Judge a model.

        Args:
            model: the model.
            ground: the observations.
            bound: candidates of the same part that ask the same evidence.
            tier: rank of the tier that is to be reached, if there is one.
        """
        placed = bound.placed(Weights.of(model))
        counts = placed.counts
        figures = {figure: make(counts.negatives, counts.positives) for figure, make in RANKING.items()}
        if tier is None:
            return cls(placed, None, figures)
        reached = bound.reached(model, tier, placed)
        return cls(placed, reached, figures | _of_tier(reached, ground))


def _of_tier(reached: NDArray[np.bool_], ground: Ground) -> dict[Figure, Influence]:
    """The figures of those who reach the tier: two cells, of the others and of them."""
    negatives, positives = tally(reached.view(np.uint8), ground.won, 2)
    flagged = [False, True]
    figures = {figure: make(negatives, positives, flagged) for figure, make in REACHING.items()}
    worth = ground.worth
    if worth is not None:
        cost = float(worth.contact_cost)
        if worth.win == "amount" and ground.amounts is not None:
            of = np.bincount(reached[ground.sample.won], weights=ground.amounts, minlength=2)
            figures[VALUE] = influence.worth(negatives, positives, flagged, contact_cost=cost, amounts=of)
        elif worth.win != "amount":
            figures[VALUE] = influence.worth(negatives, positives, flagged, contact_cost=cost, win=float(worth.win))
    return figures


def differences(ground: Ground, champion: Result, candidate: Result) -> Iterator[dict[str, object]]:
    """The rows of one part."""
    for figure, change in _differences(ground, champion, candidate):
        yield {
            "part": ground.part,
            "figure": figure.name,
            "champion": champion.figures[figure].value,
            "candidate": candidate.figures[figure].value,
            "change": change.value,
            "low": change.low,
            "high": change.high,
            "verdict": verdict(change, judged=figure.judged, enough=_enough(figure, ground, champion, candidate)),
            "higher_is_better": True if figure.judged else None,
            "unit": figure.unit,
        }


def _differences(ground: Ground, champion: Result, candidate: Result) -> Iterator[tuple[Figure, Difference]]:
    first, second = champion.placed, candidate.placed
    sizes = (len(first.counts.scores), len(second.counts.scores))
    pair = Pair(ground.sample, first.cells, second.cells, sizes)
    for figure in RANKING:
        yield figure, pair.difference(champion.figures[figure], candidate.figures[figure])
    if champion.reached is None or candidate.reached is None:
        return
    pair = Pair(ground.sample, champion.reached, candidate.reached, (2, 2))
    for figure in (*REACHING, VALUE):
        if figure in champion.figures:
            own = champion.figures[figure], candidate.figures[figure]
            yield figure, pair.difference(*own, amounts=ground.amounts)


def verdict(change: Difference, *, judged: bool = True, enough: bool = True) -> Verdict:
    """What a change says, where more is better.

    Args:
        change: the difference and its interval.
        judged: whether more is better; else nothing is said of a change.
        enough: whether there are observations enough for the interval to be believed. The change must in addition rest
            on `LEAST_CARRIERS` of them.
    """
    if change.value == 0.0 and change.error == 0.0:
        return "same"
    if not judged:
        return ""
    enough = enough and change.carriers >= LEAST_CARRIERS
    if enough and change.low > 0:
        return "better"
    return "worse" if enough and change.high < 0 else "not enough evidence"


def _enough(figure: Figure, ground: Ground, champion: Result, candidate: Result) -> bool:
    """Whether there are observations enough: as months and segments have it, and for precision among the flagged too.

    On a handful of leads an interval that is near normal only for many of them says more than it knows. And what does
    not order leads better than chance is not better than anything.
    """
    sample = ground.sample
    if sample.n_lost + sample.n_won < LEAST or min(sample.n_lost, sample.n_won) < LEAST_OF_EITHER:
        return False
    if candidate.figures[figure].value > champion.figures[figure].value and not candidate.ranks:
        return False
    return figure != PRECISION or all(each.figures[LEADS].value >= LEAST for each in (champion, candidate))


def changes_frame(rows: Iterator[dict[str, object]]) -> pd.DataFrame:
    """The rows as a frame with `COLUMNS`."""
    return pd.DataFrame(list(rows), columns=COLUMNS).astype({"higher_is_better": object})
