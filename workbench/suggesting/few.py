"""Points for a few of many yes-or-no features, on ready data: the bare search, without model, plan or engine.

What a feature would change is worked out for all features and all points at once, from the counts of those who have it
by score: for log loss by a Newton step of the two parameters of the recalibration, for the AUC exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.errors import CallError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
SCALES = (0.25, 0.5)
"""Log-odds that one point stands for at the start of a search."""
CLOSE = 4
"""How many of the best ways on are worked out exactly."""
SWEEPS = 12
RIDGE = 1e-3
DOUBT = 0.5
"""By how much the summed log loss of a way on may look worse than what it is to beat and still be worked out."""
TRUST = 0.5
"""How far a Newton step is believed: this share of the slope, and this much of the intercept."""


@dataclass(frozen=True, eq=False)
class FewPoints:
    """A scorecard on yes-or-no features.

    Attributes:
        points: (p,) whole points; 0 for a feature that is not used.
        intercept, slope: log-odds at 0 points, and of one point.
        log_loss: mean, on the data it was made from.
    """

    points: Integers
    intercept: float
    slope: float
    log_loss: float

    def scores(self, hits: ArrayLike) -> Integers:
        """(n,) points of other rows."""
        found: Integers = np.asarray(hits, dtype=np.int64) @ self.points
        return found


def few_points(
    hits: ArrayLike, won: ArrayLike, *, most: int = 10, low: int = -5, high: int = 5, objective: str = "log_loss"
) -> FewPoints:
    """Points for at most `most` features.

    Grown one feature at a time from several scales, each time polishing what is there and exchanging features, for log
    loss; with `auc` the result is then polished for the AUC, and set against one that is grown for the AUC from
    nothing.

    Args:
        hits: (n, p) booleans.
        won: (n,) booleans.
        most: features at most.
        low, high: range of points; low <= 0 <= high.
        objective: log_loss or auc.

    Raises:
        CallError: when lengths differ, one outcome is missing, or the range does not hold 0.
    """
    held, outcome = np.asarray(hits, dtype=np.bool_), np.asarray(won, dtype=np.bool_)
    if held.ndim != 2 or held.shape[0] != len(outcome) or outcome.all() or not outcome.any():
        raise CallError.at(
            "hits, won",
            expected="(n, p) features and (n,) outcomes of both kinds",
            found=f"shapes {held.shape} and {outcome.shape}, {int(outcome.sum())} converted",
            remedy="Pass one outcome a row, some of either kind.",
        )
    if not low <= 0 <= high or low == high:
        raise CallError.at(
            "low, high", expected="a range that holds 0", found=f"{low} to {high}", remedy="Pass for example -5 and 5."
        )
    table = _Table(held, outcome, low, high)
    found = [_by_loss(table, scale, most) for scale in SCALES]
    points = min(found, key=lambda each: table.loss(each)[0])
    if objective == "auc":
        starts = (points, np.zeros(table.p, dtype=np.int64))
        points = max((_by_area(table, start, most) for start in starts), key=lambda each: _area(table, each))
    loss, a, b = table.loss(points)
    return FewPoints(points, a, b, loss)


class _Table:
    """The data, and what turning points on it does.

    Attributes:
        values: (V,) the points that are tried.
        n, p: rows and features.
        room: how far one feature's points can be turned.
        rate: share that converted.
        enough: by how much the summed log loss must fall for a step to count.
    """

    def __init__(self, held: NDArray[np.bool_], won: NDArray[np.bool_], low: int, high: int) -> None:
        order = np.argsort(won, kind="stable")
        self.held, self._won = np.asfortranarray(held[order]), won[order].astype(np.int64)
        self.n, self.p = held.shape
        columns, rows = np.nonzero(self.held.T)
        self._rows, self._columns = rows.astype(np.int32), columns.astype(np.int64)
        self.values = np.arange(low, high + 1)
        self.room = high - low
        self.rate = float(won.mean())
        self.enough = 1e-6 * self.n

    def scored(self, points: Integers) -> Integers:
        """(n,) scores, ascending from `room`, so that one feature's points can be turned either way."""
        used = np.flatnonzero(points)
        total = np.zeros(self.n, dtype=np.int64)
        for at in used:
            total += points[at] * self.held[:, at]
        return total - int(total.min()) + self.room

    def totals(self, scores: Integers) -> tuple[Floats, Floats]:
        """(S,) negatives and positives by score."""
        size = int(scores.max()) + self.room + 1
        both = np.bincount(scores * 2 + self._won, minlength=2 * size).astype(np.float64)
        return both[0::2], both[1::2]

    def having(self, scores: Integers, size: int) -> tuple[Floats, Floats]:
        """(p, S) negatives and positives by score among those who have each feature."""
        key = (scores * 2 + self._won)[self._rows]
        key += self._columns * (2 * size)
        both = np.bincount(key, minlength=self.p * 2 * size).astype(np.float64).reshape(self.p, size, 2)
        return both[:, :, 0], both[:, :, 1]

    def loss(self, points: Integers) -> tuple[float, float, float]:
        """Mean log loss with intercept and slope at their best (slope of at least 0), in terms of raw points."""
        scores = self.scored(points)
        negatives, positives = self.totals(scores)
        shift = int((self.held[0].astype(np.int64) @ points) - scores[0])
        loss, a, b = fitted(negatives, positives)
        return loss / self.n, a - b * shift, b


def fitted(
    negatives: Floats, positives: Floats, *, slope: float | None = None, start: tuple[float, float] | None = None
) -> tuple[float, float, float]:
    """Summed log loss, intercept and slope (at least 0) of the outcome on the position, by Newton's method.

    Args:
        negatives, positives: (S,) counts by position.
        slope: where it is given, only the intercept is fitted.
        start: intercept and slope to begin from.
    """
    n = negatives + positives
    filled = np.flatnonzero(n)
    x, n, won = filled.astype(np.float64), n[filled], positives[filled]
    rate = won.sum() / n.sum()
    flat = float(np.log(rate / (1 - rate)))
    centre = float(n @ x / n.sum())
    x = x - centre
    a, b = (flat, 0.1) if start is None else (start[0] + start[1] * centre, start[1])
    b = b if slope is None else slope
    loss = _loss(a, b, x, n, won)
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(a + b * x, -30, 30)))
        weight = n * p * (1 - p)
        left = won - n * p
        g, h = left.sum(), left @ x - RIDGE * b
        u, v, w = weight.sum() + 1e-9, weight @ x, weight @ (x * x) + RIDGE
        root = u * w - v * v
        da, db = (g / u, 0.0) if slope is not None else ((w * g - v * h) / root, (u * h - v * g) / root)
        for _ in range(8):
            other = _loss(a + da, b + db, x, n, won)
            if other <= loss + 1e-9:
                break
            da, db = da / 2, db / 2
        a, b, before, loss = a + da, b + db, loss, other
        if before - loss < 1e-7 * max(loss, 1.0):
            break
    if b < 0:
        a, b = flat, 0.0
        loss = _loss(a, b, x, n, won)
    return float(loss), float(a - b * centre), float(b)


def _loss(a: float, b: float, x: Floats, n: Floats, won: Floats) -> float:
    eta = a + b * x
    return float(n @ np.logaddexp(0.0, eta) - won @ eta + RIDGE / 2 * b * b)


# --- log loss ---------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class _At:
    """A state of the search for log loss."""

    points: Integers
    loss: float
    a: float
    b: float
    fixed: bool = False


def _by_loss(table: _Table, scale: float, most: int) -> Integers:
    """Grown with a point worth `scale` log-odds, so that early features leave room for later ones; then it is freed."""
    rate = table.rate
    state = _At(np.zeros(table.p, dtype=np.int64), np.inf, float(np.log(rate / (1 - rate))), scale, fixed=True)
    state.loss = _exact(table, state.points, scale)[0]
    while np.count_nonzero(state.points) < most:
        longer = _step(table, state, grow=True)
        if longer is None:
            break
        state = _polished(table, longer, rounds=2)
    loss, a, b = _exact(table, state.points)
    state = _At(state.points, loss, a, b)
    for _ in range(SWEEPS):
        state = _polished(table, state, rounds=SWEEPS)
        used = np.count_nonzero(state.points)
        better = (_step(table, state, grow=True) if used < most else None) or _swap(table, state)
        if better is None:
            break
        state = better
    return state.points


def _polished(table: _Table, state: _At, *, rounds: int) -> _At:
    for _ in range(rounds):
        better = _step(table, state, grow=False)
        if better is None:
            break
        state = better
    return state


def _step(table: _Table, state: _At, *, grow: bool) -> _At | None:
    """The best turn of one feature: of one that has no points yet, or of those that have; None if none is better."""
    scores = table.scored(state.points)
    losses = _lines(table, state, scores, _offset(table, state, scores))
    unused = state.points == 0
    losses[~unused if grow else unused] = np.inf
    losses[:, table.values == 0] = np.inf
    used = np.flatnonzero(~unused)
    losses[used, state.points[used] - table.values[0]] = np.inf
    return _closest(table, state, losses, grow=grow)


def _offset(table: _Table, state: _At, scores: Integers) -> int:
    """What `scored` adds to raw points."""
    return int(scores[0] - table.held[0].astype(np.int64) @ state.points)


def _closest(table: _Table, state: _At, losses: Floats, *, grow: bool) -> _At | None:
    """The best of those that look best, worked out exactly; of each feature only its best points."""
    best: _At | None = None
    columns = np.argmin(losses, axis=1)
    least = losses[np.arange(table.p), columns]
    for at in np.argsort(least)[: CLOSE if grow else 2 * CLOSE].tolist():
        if not least[at] < state.loss + DOUBT:
            break
        points = state.points.copy()
        points[at] = table.values[columns[at]]
        loss, a, b = _exact(table, points, state.b if state.fixed else None, start=(state.a, state.b))
        if b > 0 and loss < state.loss - table.enough and (best is None or loss < best.loss):
            best = _At(points, loss, a, b, state.fixed)
    return best


def _exact(
    table: _Table, points: Integers, slope: float | None = None, *, start: tuple[float, float] | None = None
) -> tuple[float, float, float]:
    """Summed log loss, intercept and slope in terms of raw points; the slope may be given."""
    scores = table.scored(points)
    negatives, positives = table.totals(scores)
    offset = int(scores[0] - table.held[0].astype(np.int64) @ points)
    known = None if start is None else (start[0] - start[1] * offset, start[1])
    loss, a, b = fitted(negatives, positives, slope=slope, start=known)
    return loss, a + b * offset, b


def _lines(table: _Table, state: _At, scores: Integers, offset: int) -> Floats:
    """(p, V) loss of every feature at all points, by a Newton step from the present intercept and slope."""
    negatives, positives = table.totals(scores)
    size = len(negatives)
    of_lost, of_won = table.having(scores, size)
    both = of_lost + of_won
    x = np.arange(size, dtype=np.float64) - offset
    found = np.empty((table.p, len(table.values)))
    for now in np.unique(state.points):
        at = np.flatnonzero(state.points == now)
        shifts = table.values - int(now)
        found[at] = _newton(
            (negatives + positives, positives), (both[at], of_won[at]), x, shifts, (state.a, state.b), fixed=state.fixed
        )
    return found


def _newton(
    totals: tuple[Floats, Floats],
    having: tuple[Floats, Floats],
    x: Floats,
    shifts: Integers,
    at: tuple[float, float],
    *,
    fixed: bool,
) -> Floats:
    (n, won), (n1, won1) = totals, having
    a, b = at
    reach = int(np.abs(shifts).max())
    centre = float(n @ x / n.sum())
    x = x - centre
    wide = np.arange(len(x) + 2 * reach, dtype=np.float64) + (x[0] - reach)
    eta = a + b * (wide + centre)
    p = 1 / (1 + np.exp(-np.clip(eta, -30, 30)))
    curve = p * (1 - p)
    functions = np.array([np.logaddexp(0.0, eta), p, p * wide, curve, curve * wide, curve * wide * wide])
    middle = functions[:, reach : reach + len(x)]
    moved = np.stack([functions[:, reach + s : reach + s + len(x)] - middle for s in shifts.tolist()])
    sums = (n1 @ moved.reshape(-1, len(x)).T).reshape(len(n1), len(shifts), len(functions)) + middle @ n
    won_x = won @ x + won1.sum(axis=1)[:, None] * shifts
    loss = sums[:, :, 0] - (a + b * centre) * won.sum() - b * won_x
    g = sums[:, :, 1] - won.sum()
    u = sums[:, :, 3] + 1e-9
    if fixed:
        held: Floats = loss - g * g / (2 * u)
        return held
    h = sums[:, :, 2] - won_x
    v, w = sums[:, :, 4], sums[:, :, 5] + RIDGE
    root = np.maximum(u * w - v * v, 1e-9)
    da, db = (w * g - v * h) / root, (u * h - v * g) / root
    taken = np.minimum(1.0, np.minimum(TRUST * b / (np.abs(db) + 1e-12), TRUST / (np.abs(da) + 1e-12)))
    found: Floats = loss - (g * da + h * db) * (taken - taken * taken / 2)
    return found


def _swap(table: _Table, state: _At) -> _At | None:
    """One feature given up for another, if that is better."""
    best: _At | None = None
    for at in np.flatnonzero(state.points):
        points = state.points.copy()
        points[at] = 0
        _, a, b = _exact(table, points, start=(state.a, state.b))
        found = _step(table, _At(points, (state if best is None else best).loss, a, b), grow=True)
        best = found or best
    return best


# --- AUC --------------------------------------------------------------------------------------------------------------


def _by_area(table: _Table, points: Integers, most: int) -> Integers:
    score = _area(table, points)
    for _ in range(3 * SWEEPS):
        found = _area_step(table, points, score, most)
        if found is None:
            found = _area_swap(table, points, score, most)
        if found is None:
            break
        points, score = found
    return points


def _area(table: _Table, points: Integers) -> float:
    negatives, positives = table.totals(table.scored(points))
    below = np.cumsum(negatives) - negatives / 2
    return float(positives @ below / (negatives.sum() * positives.sum()))


def _area_step(table: _Table, points: Integers, score: float, most: int) -> tuple[Integers, float] | None:
    areas = area_lines(table, points)
    if np.count_nonzero(points) >= most:
        areas[points == 0] = -1.0
    at, value = divmod(int(np.argmax(areas)), len(table.values))
    if areas[at, value] <= score + 1e-9:
        return None
    points = points.copy()
    points[at] = table.values[value]
    return points, float(areas[at, value])


def _area_swap(table: _Table, points: Integers, score: float, most: int) -> tuple[Integers, float] | None:
    best: tuple[Integers, float] | None = None
    for at in np.flatnonzero(points):
        other = points.copy()
        other[at] = 0
        found = _area_step(table, other, score if best is None else best[1], most)
        best = found or best
    return best


def area_lines(table: _Table, points: Integers) -> Floats:
    """(p, V) the AUC of every feature at all points, exactly.

    Only pairs of one who has the feature and one who has not change with its points, so what is above what is a sum of
    two correlations of counts by score.
    """
    scores = table.scored(points)
    negatives, positives = table.totals(scores)
    lost1, won1 = table.having(scores, len(negatives))
    below = np.cumsum(negatives) - negatives / 2
    below1 = np.cumsum(lost1, axis=1) - lost1 / 2
    below0, won0 = below - below1, positives - won1
    same = (won1 * below1).sum(axis=1) + (won0 * below0).sum(axis=1)
    found = np.empty((table.p, len(table.values)))
    for now in np.unique(points):
        at = np.flatnonzero(points == now)
        for column, shift in enumerate((table.values - int(now)).tolist()):
            cross = (won1[at] * _moved(below0[at], shift)).sum(axis=1) + (won0[at] * _moved(below1[at], -shift)).sum(
                axis=1
            )
            found[at, column] = same[at] + cross
    areas: Floats = found / (negatives.sum() * positives.sum())
    return areas


def _moved(below: Floats, shift: int) -> Floats:
    """Column s holds what column s + shift held; ends go on as they are."""
    size = below.shape[1]
    found: Floats = below[:, np.clip(np.arange(size) + shift, 0, size - 1)]
    return found
