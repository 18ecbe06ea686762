"""How sure a paired difference is, as a probability, and what may be claimed where many are looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit
from statsmodels.stats.multitest import multipletests

from workbench.backtesting.judged import LEAST
from workbench.metrics.paired import Difference
from workbench.tuning.changes import LEAST_CARRIERS, LEAST_OF_EITHER, Ground, Verdict

LEVEL = 0.05
"""Share of claims that may be false, in expectation."""

METHOD = "fdr_by"
"""Benjamini and Yekutieli: holds however the tests depend on one another, and rules of one model do."""


def probability(change: Difference, *, enough: bool = True) -> float:
    """The two-sided p-value that a paired difference stands on, from the interval that `Pair.difference` gave.

    The interval excludes 0 just where d^2 > t^2 (v + e), v the variance found and e what it would be more without a
    difference. Its far end is t sqrt(v) from d; the near end is l + hypot(l, t sqrt(v)) with l = t^2 e / (2 |d|),
    from which e follows. p is Student's for |d| / sqrt(v + e) with one degree of freedom less than the carriers.

    Args:
        change: the difference, with its 95 % interval.
        enough: whether there are observations enough; else, or below five carriers, nothing is claimed: 1.

    Returns:
        0..1; 1 where the models treat all alike, or the data does not show how sure it is.
    """
    value, low, high, _, carriers = change
    if value == 0 or not np.isfinite([value, low, high]).all() or not enough or carriers < LEAST_CARRIERS:
        return 1.0
    freedom = max(carriers - 1.0, 1.0)
    quantile = float(stdtrit(freedom, 0.975))
    near, far = (value - low, high - value) if value > 0 else (high - value, value - low)
    lean = max((near * near - far * far) / (2 * near), 0.0) if near > 0 else 0.0
    variance = (far / quantile) ** 2 + 2 * abs(value) * lean / quantile**2
    return 1.0 if variance <= 0 else float(2 * stdtr(freedom, -abs(value) / np.sqrt(variance)))


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
