"""How sure a paired difference is, as a probability, and what may be claimed where many are looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.multitest import multipletests

from workbench.backtesting.judged import LEAST
from workbench.metrics.paired import Difference
from workbench.metrics.significance import p_value
from workbench.tuning.changes import LEAST_CARRIERS, LEAST_OF_EITHER, Ground, Verdict

LEVEL = 0.05
"""Share of claims that may be false, in expectation."""

METHOD = "fdr_by"
"""Benjamini and Yekutieli: holds however the tests depend on one another, and rules of one model do."""


def probability(change: Difference, *, enough: bool = True) -> float:
    """The two-sided p-value that a paired difference stands on, from the interval that `Pair.difference` gave.

    Args:
        change: the difference, with its 95 % interval.
        enough: whether there are observations enough; else, or below five carriers, nothing is claimed: 1.

    Returns:
        0..1; 1 where the models treat all alike, or the data does not show how sure it is.
    """
    known = np.isfinite([change.value, change.low, change.high]).all()
    if change.value == 0 or not known or not enough or change.carriers < LEAST_CARRIERS:
        return 1.0
    return p_value(change)


def enough(ground: Ground) -> bool:
    """Whether there are observations enough to call anything better or worse: 30, and 5 of either outcome."""
    sample = ground.sample
    return sample.n_lost + sample.n_won >= LEAST and min(sample.n_lost, sample.n_won) >= LEAST_OF_EITHER


def adjusted(probabilities: Sequence[float]) -> NDArray[np.float64]:
    """The same, each raised so that among those at most 0.05 one in twenty is false in expectation.

    Y. Benjamini and D. Yekutieli, "The control of the false discovery rate in multiple testing under dependency",
    Annals of Statistics 29 (2001) 1165-1188, by statsmodels.
    """
    if not len(probabilities):
        return np.zeros(0)
    found: NDArray[np.float64] = multipletests(np.asarray(probabilities), alpha=LEVEL, method=METHOD)[1]
    return found


def called(change: float, probability: float, *, same: bool = False) -> Verdict:
    """What a change says where more is better, by its adjusted probability."""
    if same:
        return "same"
    if probability > LEVEL or change == 0:
        return "not enough evidence"
    return "better" if change > 0 else "worse"
