"""By how much one observation moves a figure: what intervals of differences stand on.

Every figure is, to first order, its true value plus a sum over observations of what each one moves it by: its
influence (F. R. Hampel, "The influence curve and its role in robust estimation", JASA 69 (1974) 383-393), here divided
by the number of observations already. It depends on an observation's cell (its score, or whether it is flagged) and
outcome alone, so it is a table. Tables are made from counts by cell, in ascending order of score.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from workbench.errors import CallError
from workbench.metrics.depth import at_count
from workbench.metrics.histogram import Floats, divided, from_top, histogram
from workbench.metrics.ranking import auc

LEAST_LOCAL = 15.0
"""Observations on either side of a depth whose rate is taken where the tied score there holds fewer."""


@dataclass(frozen=True, eq=False)
class Influence:
    """A figure, and by how much one observation of each cell moves it.

    Attributes:
        value: the figure.
        lost: (k,) influence of an observation of each cell that did not convert.
        won: (k,) of one that converted.
        by_class: whether the two outcomes are samples of their own, as for the AUC.
        paid: (k,) what share of its recorded amount a convert of each cell adds; None where amounts do not matter.
        level: by how much `lost`, and `won`, are lower than what an observation itself adds, because a mean (or the
            share of all converts) is taken off.
    """

    value: float
    lost: Floats
    won: Floats
    by_class: bool = False
    paid: Floats | None = None
    level: tuple[float, float] = (0.0, 0.0)


def area(negatives: ArrayLike, positives: ArrayLike) -> Influence:
    """The area under the ROC curve, 0..1, from counts by ascending score; NaN when a class is empty.

    A convert moves it by (share of non-converts below - A) / P, another by (share of converts above - A) / N.

    >>> area([1, 0, 1, 0], [0, 1, 0, 1]).value
    0.75
    """
    lost, won = histogram(negatives, positives)
    found = float(auc(lost, won))
    of_won = divided(np.cumsum(lost) - lost / 2, lost.sum(keepdims=True))
    of_lost = divided(from_top(won) - won / 2, won.sum(keepdims=True))
    return Influence(found, (of_lost - found) / max(lost.sum(), 1.0), (of_won - found) / max(won.sum(), 1.0), True)


def captured(negatives: ArrayLike, positives: ArrayLike, depth: float) -> Influence:
    """The share of all converts that the top `depth` (0..1) of the list holds, ties sharing the boundary.

    With w(s) the share of the observations of score s that lie above the boundary (1, 0, or between for the tied score
    in which it falls), q the depth, p the rate of all, r the rate at the boundary and C = E[y w(s)], an observation
    moves C by w(s) (y - r) - (C - r q) over n, the boundary's own motion included; C / p follows by the delta method.
    r is the rate of the tied score at the boundary, or, where few share that score, of the ranks around it over
    which the boundary may move by chance.

    >>> captured([3, 1], [1, 3], 0.25).value
    0.375
    """
    lost, won = histogram(negatives, positives)
    n, converted = float((lost + won).sum()), float(won.sum())
    wanted = depth * n
    counts = lost + won
    above = from_top(counts) - counts
    share = np.nan_to_num(np.clip(divided(wanted - above, counts), 0.0, 1.0))
    found = float(share @ won)
    rate = _local_rate(lost, won, share, wanted)
    gained = (found - rate * wanted) / n if n else 0.0
    part, base = _ratio(found, converted), _ratio(converted, n)
    per = _ratio(1.0, converted)
    return Influence(
        part,
        (-share * rate - gained + part * base) * per,
        (share * (1 - rate) - gained - part * (1 - base)) * per,
        level=(0.0, part * per),
    )


def lift(negatives: ArrayLike, positives: ArrayLike, depth: float) -> Influence:
    """The rate in the top `depth` (above 0, up to 1) over the rate of all: what is captured over the depth.

    >>> lift([3, 1], [1, 3], 0.25).value
    1.5
    """
    gain = captured(negatives, positives, depth)
    return Influence(gain.value / depth, gain.lost / depth, gain.won / depth, level=(0.0, gain.level[1] / depth))


def number(negatives: ArrayLike, positives: ArrayLike, flagged: ArrayLike) -> Influence:
    """How many observations are in the flagged cells, (k,) booleans.

    >>> number([3, 1], [1, 3], [False, True]).value
    4.0
    """
    lost, won = histogram(negatives, positives)
    flag = np.asarray(flagged, dtype=np.float64)
    found = float(flag @ (lost + won))
    mean = _ratio(found, float((lost + won).sum()))
    return Influence(found, flag - mean, flag - mean, level=(mean, mean))


def precision(negatives: ArrayLike, positives: ArrayLike, flagged: ArrayLike) -> Influence:
    """Converts among the flagged, 0..1; NaN where nobody is flagged.

    >>> precision([3, 1], [1, 3], [False, True]).value
    0.75
    """
    lost, won = histogram(negatives, positives)
    flag = np.asarray(flagged, dtype=np.float64)
    n = float(flag @ (lost + won))
    found = _ratio(float(flag @ won), n)
    per = _ratio(1.0, n)
    return Influence(found, -flag * found * per, flag * (1 - found) * per)


def recall(negatives: ArrayLike, positives: ArrayLike, flagged: ArrayLike) -> Influence:
    """Flagged among the converts, 0..1; NaN where nobody converted.

    >>> recall([3, 1], [1, 3], [False, True]).value
    0.75
    """
    lost, won = histogram(negatives, positives)
    flag = np.asarray(flagged, dtype=np.float64)
    converted = float(won.sum())
    found = _ratio(float(flag @ won), converted)
    per = _ratio(1.0, converted)
    return Influence(found, np.zeros_like(lost), (flag - found) * per, level=(0.0, found * per))


def worth(
    negatives: ArrayLike,
    positives: ArrayLike,
    flagged: ArrayLike,
    *,
    contact_cost: float,
    win: float | None = None,
    amounts: ArrayLike | None = None,
) -> Influence:
    """Money earned by the flagged less money spent on them, in the currency of its arguments.

    Args:
        negatives: counts by cell, (k,).
        positives: counts by cell, (k,).
        flagged: (k,) booleans.
        contact_cost: of each of the flagged.
        win: what a convert is worth; or else
        amounts: (k,) sums of the amounts recorded with the converts of each cell. `Pair.difference` then needs each
            convert's own.

    Raises:
        CallError: unless exactly one of `win` and `amounts` is given.

    >>> worth([3, 1], [1, 3], [False, True], contact_cost=2, win=10).value
    22.0
    """
    if (win is None) == (amounts is None):
        raise CallError.at(
            "win, amounts",
            expected="exactly one of the two",
            found="both" if win is not None else "neither",
            remedy="Pass the worth of a win, or the recorded amounts by cell.",
        )
    lost, won = histogram(negatives, positives)
    flag = np.asarray(flagged, dtype=np.float64)
    earned = flag @ np.asarray(amounts, dtype=np.float64) if win is None else (flag @ won) * win
    found = float(earned - contact_cost * (flag @ (lost + won)))
    mean = _ratio(found, float((lost + won).sum()))
    spent = -contact_cost * flag - mean
    gained, paid = (spent, flag) if win is None else (spent + flag * win, None)
    return Influence(found, spent, gained, paid=paid, level=(mean, mean))


def _local_rate(lost: Floats, won: Floats, share: Floats, wanted: float) -> float:
    """The rate at the boundary: of the cell it falls into, or of the ranks around it if that cell is small."""
    counts = lost + won
    n = float(counts.sum())
    if not n:
        return float("nan")
    reach = max(LEAST_LOCAL, 2 * float(np.sqrt(max(wanted * (1 - wanted / n), 0.0))))
    inside = np.flatnonzero((counts > 0) & (share < 1))
    cell = int(inside[-1]) if len(inside) else 0
    if counts[cell] >= 2 * reach:
        return float(won[cell] / counts[cell])
    ends = np.array([max(wanted - reach, 0.0), min(wanted + reach, n)])
    found = at_count(lost, won, ends).converted
    return float((found[1] - found[0]) / (ends[1] - ends[0]))


def _ratio(upper: float, lower: float) -> float:
    return upper / lower if lower else float("nan")
