"""Points for a few of many yes-or-no features, on ready data: the bare search, without model, plan or engine.

What a feature would change is worked out for all features and all points at once, from the counts of those who have it
by score: for log loss by a Newton step of the two parameters of the recalibration, for the AUC exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from workbench.errors import CallError
from workbench.suggesting.newton import RIDGE, curve_of, fitted

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
SCALES = (0.25, 0.5)
"""Log-odds that one point stands for at the start of a search."""
CLOSE = 10
"""How many of the best ways on are worked out exactly."""
SWEEPS = 12
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
    found = [_exchanged(table, _by_loss(table, scale, most), most) for scale in SCALES]
    points = min(found, key=lambda each: each.loss).points
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
        held: (n, p) who has what.
        room: how far one feature's points can be turned.
        flat: log-odds of having converted.
        enough: by how much the summed log loss must fall for a step to count.
    """

    def __init__(self, held: NDArray[np.bool_], won: NDArray[np.bool_], low: int, high: int) -> None:
        order = np.argsort(won, kind="stable")
        self.held, self._won = np.asfortranarray(held[order]), won[order].astype(np.int64)
        self.n, self.p = held.shape
        columns, self._rows = np.nonzero(self.held.T)
        self._each = np.split(self._rows, np.cumsum(np.bincount(columns, minlength=self.p))[:-1])
        self._columns = columns
        self.values = np.arange(low, high + 1)
        self.room = high - low
        rate = float(won.mean())
        self.flat = float(np.log(rate / (1 - rate)))
        self.enough = 1e-6 * self.n

    def scored(self, points: Integers) -> Integers:
        """(n,) points of each row."""
        used = np.flatnonzero(points)
        return self.held[:, used] @ points[used] if len(used) else np.zeros(self.n, dtype=np.int64)

    def ground(self, scores: Integers) -> _Ground:
        """Counts by score, with room for one feature's points to be turned either way."""
        low = int(scores.min()) - self.room
        size = int(scores.max()) - low + self.room + 1
        cells = (scores - low) * 2 + self._won
        both = np.bincount(cells, minlength=2 * size).astype(np.float64).reshape(size, 2)
        return _Ground(cells, np.arange(low, low + size, dtype=np.float64), both[:, 0] + both[:, 1], both[:, 1])

    def having(self, ground: _Ground, which: Integers | None = None) -> tuple[Floats, Floats]:
        """(k, S) all, and converts, by score among those who have each feature, by default of every one."""
        size = len(ground.x)
        if which is None:
            rows, of, k = self._rows, self._columns, self.p
        else:
            each = [self._each[at] for at in which.tolist()]
            rows, k = np.concatenate(each), len(which)
            of = np.repeat(np.arange(k), [len(one) for one in each])
        key = ground.cells[rows]
        key += of * (2 * size)
        both = np.bincount(key, minlength=k * 2 * size).astype(np.float64).reshape(k, size, 2)
        return both[:, :, 0] + both[:, :, 1], both[:, :, 1]

    def loss(self, points: Integers) -> tuple[float, float, float]:
        """Mean log loss with intercept and slope at their best (slope of at least 0), in terms of raw points."""
        ground = self.ground(self.scored(points))
        losses, a, b = fitted(ground.n[None], ground.won[None], ground.x, (self.flat, 0.1))
        if b[0] > 0:
            return float(losses[0]) / self.n, float(a[0]), float(b[0])
        return float(self.n * np.logaddexp(0.0, self.flat) - ground.won.sum() * self.flat) / self.n, self.flat, 0.0


@dataclass(frozen=True, eq=False)
class _Ground:
    """What a state of the points comes to.

    Attributes:
        cells: (n,) twice the cell of each row's score, and one more if it converted.
        x: (S,) points of each cell.
        n, won: (S,) all, and converts, in it.
    """

    cells: Integers
    x: Floats
    n: Floats
    won: Floats


# --- log loss ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _At:
    """A state of the search for log loss."""

    points: Integers
    scores: Integers
    loss: float
    a: float
    b: float
    fixed: bool = False


def _by_loss(table: _Table, scale: float, most: int) -> _At:
    """Grown with a point worth `scale` log-odds, so that early features leave room for later ones; then it is freed."""
    nobody = np.zeros(table.p, dtype=np.int64)
    state = _fit(table, _At(nobody, np.zeros(table.n, dtype=np.int64), np.inf, table.flat, scale, fixed=True))
    while np.count_nonzero(state.points) < most:
        longer = _step(table, state, grow=True)
        if longer is None:
            break
        state = _polished(table, longer, rounds=2)
    return _polished(table, _fit(table, replace(state, fixed=False)), rounds=SWEEPS)


def _exchanged(table: _Table, state: _At, most: int) -> _At:
    """With further features, or some given up for others, as long as that is better."""
    for _ in range(SWEEPS):
        used = np.count_nonzero(state.points)
        better = (_step(table, state, grow=True) if used < most else None) or _swap(table, state)
        if better is None:
            break
        state = _polished(table, better, rounds=SWEEPS)
    return state


def _fit(table: _Table, state: _At) -> _At:
    ground = table.ground(state.scores)
    loss, a, b = fitted(ground.n[None], ground.won[None], ground.x, (state.a, state.b), fixed=state.fixed)
    return replace(state, loss=float(loss[0]), a=float(a[0]), b=float(b[0]))


def _polished(table: _Table, state: _At, *, rounds: int) -> _At:
    for _ in range(rounds):
        better = _step(table, state, grow=False)
        if better is None:
            break
        state = better
    return state


def _step(table: _Table, state: _At, *, grow: bool, beat: float | None = None) -> _At | None:
    """The best turn of one feature: of one that has no points yet, or of those that have; None if none is better.

    Args:
        table: the data.
        state: where it is.
        grow: which features.
        beat: the loss to beat; by default the state's.
    """
    which = np.flatnonzero((state.points == 0) == grow)
    if not len(which):
        return None
    ground = table.ground(state.scores)
    having = table.having(ground, which)
    now = state.points[which]
    losses = _lines(ground, having, (state.a, state.b), _shifts(table, now), fixed=state.fixed)
    losses[:, table.values == 0] = np.inf
    if not grow:
        losses[np.arange(len(which)), now - table.values[0]] = np.inf
    columns = np.argmin(losses, axis=1)
    least = losses[np.arange(len(which)), columns]
    goal = state.loss if beat is None else beat
    near = np.argsort(least)[:CLOSE]
    near = near[least[near] < goal + DOUBT]
    if not len(near):
        return None
    shift = table.values[columns[near]] - now[near]
    return _closest(table, state, (ground, having), (which[near], near, shift), goal)


def _shifts(table: _Table, now: Integers) -> Integers:
    """(k, V) by how much each value turns each feature's points."""
    found: Integers = table.values[None, :] - now[:, None]
    return found


def _closest(
    table: _Table,
    state: _At,
    counts: tuple[_Ground, tuple[Floats, Floats]],
    ways: tuple[Integers, Integers, Integers],
    goal: float,
) -> _At | None:
    """The best of those that look best, worked out exactly from the counts of those who have each feature."""
    (ground, having), (which, rows, shift) = counts, ways
    n, won = turned(ground, having, rows, shift)
    losses, a, b = fitted(n, won, ground.x, (state.a, state.b), fixed=state.fixed)
    losses[b <= 0] = np.inf
    best = int(np.argmin(losses))
    if not losses[best] < goal - table.enough:
        return None
    at, by = int(which[best]), int(shift[best])
    points = state.points.copy()
    points[at] += by
    scores = state.scores + by * table.held[:, at]
    return _At(points, scores, float(losses[best]), float(a[best]), float(b[best]), state.fixed)


def turned(ground: _Ground, having: tuple[Floats, Floats], rows: Integers, shift: Integers) -> tuple[Floats, Floats]:
    """(C, S) counts once those who have a feature, given by its row, have so many points more."""
    size = len(ground.x)
    cells = np.clip(np.arange(size) - shift[:, None], 0, size - 1)
    n1, won1 = having[0][rows], having[1][rows]
    n = ground.n - n1 + np.take_along_axis(n1, cells, axis=1)
    return n, ground.won - won1 + np.take_along_axis(won1, cells, axis=1)


def _lines(
    ground: _Ground, having: tuple[Floats, Floats], at: tuple[float, float], shifts: Integers, *, fixed: bool
) -> Floats:
    """(k, V) loss of each feature with each shift, by a Newton step from the present intercept and slope."""
    (n1, won1), (a, b) = having, at
    low, high = int(shifts.min()), int(shifts.max())
    total, converted = float(ground.n.sum()), float(ground.won.sum())
    centre = float(ground.n @ ground.x / total)
    x = ground.x - centre
    wide = np.arange(low, len(x) + high, dtype=np.float64) + x[0]
    losses, p = curve_of(a + b * (wide + centre))
    curve = p * (1 - p)
    functions = np.stack([losses, p, curve] + ([] if fixed else [p * wide, curve * wide, curve * wide * wide]))
    middle = functions[:, -low : -low + len(x)]
    windows = sliding_window_view(functions, len(x), axis=1) - middle[:, None, :]
    every = (n1 @ windows.reshape(-1, len(x)).T).reshape(len(n1), len(functions), -1)
    place = (shifts - low)[:, None, :]
    sums = np.take_along_axis(every, place, axis=2) + (middle @ ground.n)[:, None]
    won_x = ground.won @ x + won1.sum(axis=1)[:, None] * shifts
    loss = sums[:, 0] - (a + b * centre) * converted - b * won_x
    g, u = sums[:, 1] - converted, sums[:, 2] + 1e-9
    if fixed:
        held: Floats = loss - g * g / (2 * u)
        return held
    h, v, w = sums[:, 3] - won_x, sums[:, 4], sums[:, 5] + RIDGE
    root = np.maximum(u * w - v * v, 1e-9)
    da, db = (w * g - v * h) / root, (u * h - v * g) / root
    taken = np.minimum(1.0, np.minimum(TRUST * b / (np.abs(db) + 1e-12), TRUST / (np.abs(da) + 1e-12)))
    found: Floats = loss - (g * da + h * db) * (taken - taken * taken / 2)
    return found


def _swap(table: _Table, state: _At) -> _At | None:
    """One feature given up for another, that which is missed least first; the first way that is better."""
    used = np.flatnonzero(state.points)
    if not len(used):
        return None
    ground = table.ground(state.scores)
    rows = np.arange(len(used))
    n, won = turned(ground, table.having(ground, used), rows, -state.points[used])
    losses, a, b = fitted(n, won, ground.x, (state.a, state.b))
    for row in np.argsort(losses, kind="stable").tolist():
        at = int(used[row])
        points = state.points.copy()
        points[at] = 0
        scores = state.scores - state.points[at] * table.held[:, at]
        without = _At(points, scores, float(losses[row]), float(a[row]), float(b[row]))
        found = _step(table, without, grow=True, beat=state.loss) if b[row] > 0 else None
        if found is not None:
            return found
    return None


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
    ground = table.ground(table.scored(points))
    negatives = ground.n - ground.won
    below = np.cumsum(negatives) - negatives / 2
    return float(ground.won @ below / (negatives.sum() * ground.won.sum()))


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
    ground = table.ground(table.scored(points))
    negatives, positives = ground.n - ground.won, ground.won
    all1, won1 = table.having(ground)
    lost1 = all1 - won1
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
