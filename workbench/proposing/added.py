"""What a condition adds to a score: tests, log-odds and gains, given the score and what was taken before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import norm

from workbench.metrics import influence
from workbench.metrics.histogram import compact, tally
from workbench.metrics.paired import Difference, Pair, Sample
from workbench.predicting.folds import random_folds
from workbench.predicting.judging import mean_difference, ranks

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]

CHUNK = 4_000_000
"""Numbers of a table of candidates that are worked on at once."""
PRIOR = 0.25
"""Strength of a ridge penalty on log-odds: next to none, but finite where nobody or everybody converted."""
STEPS = 30


@dataclass(frozen=True, eq=False)
class Base:
    """Observations under the model and what was taken before.

    Attributes:
        columns: (n, q) of a logistic regression: one, score, its square, and what was taken.
        won: (n,).
        cluster: (n,) codes.
    """

    columns: Floats
    won: Booleans
    cluster: Integers

    def with_(self, holds: Booleans) -> Base:
        """With one more condition taken."""
        return Base(np.column_stack([self.columns, holds.astype(np.float64)]), self.won, self.cluster)

    def chosen(self, keep: Booleans) -> Base:
        """Only some observations."""
        return Base(self.columns[keep], self.won[keep], self.cluster[keep])


class Added(NamedTuple):
    """Log-odds that a condition adds, with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


def logistic(columns: Floats, won: Booleans, *, offset: Floats | None = None) -> tuple[Floats, Floats]:
    """Coefficients and their curvature, (q,) and (q, q); all but the first have a next to void penalty."""
    y = won.astype(np.float64)
    penalty = np.full(columns.shape[1], PRIOR)
    penalty[0] = 1e-9
    at = np.zeros(columns.shape[1])
    fixed = np.zeros(len(y)) if offset is None else offset
    curve = np.diag(penalty)
    for _ in range(STEPS):
        p = expit(fixed + columns @ at)
        curve = (columns * (p * (1 - p))[:, None]).T @ columns + np.diag(penalty)
        step = np.linalg.solve(curve, columns.T @ (y - p) - penalty * at)
        step *= min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-12))
        at = at + step
        if np.abs(step).max() < 1e-9:
            break
    return at, curve


def score_tests(base: Base, holds: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Whether each condition tells something that the base does not: Rao's score test, robust to clusters.

    U is the sum of (h - what the base's columns say of h) (y - p), with p of the base. Its variance is the larger of
    the model's own and that of the sums by cluster: few converts in few clusters shall not look surer than they are.

    Args:
        base: observations.
        holds: (m, n) conditions by observation.

    Returns:
        (m,) U / sd(U), positive where those for whom it holds convert more; and (m,) two-sided chances.
    """
    at, _ = logistic(base.columns, base.won)
    p = expit(base.columns @ at)
    w, rest = p * (1 - p), base.won - p
    x = base.columns
    inverse = np.linalg.inv((x * w[:, None]).T @ x + 1e-9 * np.eye(x.shape[1]))
    known, place = compact(base.cluster)
    order = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[order], np.arange(len(known)))
    z = np.empty(len(holds))
    step = max(1, CHUNK // max(len(w), 1))
    for start in range(0, len(holds), step):
        h = holds[start : start + step].astype(np.float64)
        h -= ((h * w) @ x) @ inverse @ x.T
        moved = h * rest
        own = np.sum(h * h * w, axis=1)
        clustered = np.sum(np.add.reduceat(moved[:, order], starts, axis=1) ** 2, axis=1)
        spread = np.sqrt(np.maximum(own, clustered))
        z[start : start + step] = np.divide(moved.sum(axis=1), spread, out=np.zeros(len(h)), where=spread > 1e-9)
    return z, np.asarray(2 * norm.sf(np.abs(z)))


def added(base: Base, holds: Booleans) -> Added:
    """The log-odds of a condition given the base, its interval from the larger of two variances as in `score_tests`."""
    x = np.column_stack([base.columns, holds.astype(np.float64)])
    at, curve = logistic(x, base.won)
    rest = base.won - expit(x @ at)
    known, place = compact(base.cluster)
    sums = np.zeros((len(known), x.shape[1]))
    np.add.at(sums, place, x * rest[:, None])
    inverse = np.linalg.inv(curve)
    k = len(known)
    robust = inverse @ (sums.T @ sums) @ inverse * (k / max(k - 1, 1))
    error = float(np.sqrt(max(robust[-1, -1], inverse[-1, -1])))
    wide = float(norm.ppf(0.975)) * error
    return Added(float(at[-1]), float(at[-1]) - wide, float(at[-1]) + wide)


class Gain(NamedTuple):
    """How much better the observations are predicted with the condition: AUC, and mean log-loss less."""

    auc: Difference
    log_loss: Difference


def gain_by_folds(base: Base, holds: Booleans, *, seed: int) -> Gain:
    """The gain where every observation is predicted from other folds; a cluster is in one fold."""
    fold = random_folds(base.cluster, seed=seed)
    more = base.with_(holds)
    before, after = np.zeros(len(fold)), np.zeros(len(fold))
    for number in np.unique(fold):
        out = fold == number
        for each, into in ((base, before), (more, after)):
            at, _ = logistic(each.columns[~out], each.won[~out])
            into[out] = each.columns[out] @ at
    return _gain(before, after, base)


def gain_on(fit: Base, judge: Base, holds: Booleans, judged: Booleans) -> Gain:
    """The gain for other observations, all learned from `fit`."""
    before = judge.columns @ logistic(fit.columns, fit.won)[0]
    after = judge.with_(judged).columns @ logistic(fit.with_(holds).columns, fit.won)[0]
    return _gain(before, after, judge)


def _gain(before: Floats, after: Floats, base: Base) -> Gain:
    (a, n_a), (b, n_b) = ranks(before), ranks(after)
    first, second = (influence.area(*tally(cells, base.won, n)) for cells, n in ((a, n_a), (b, n_b)))
    area = Pair(Sample.of(base.won, base.cluster), a, b, (n_a, n_b)).difference(first, second)
    losses = [np.logaddexp(0.0, odds) - base.won * odds for odds in (before, after)]
    return Gain(area, mean_difference(losses[0] - losses[1], base.cluster))
