"""The search for points: along lines, with exchanges, from several starts, and back again; never by chance alone.

Each move sets one number to its best value while the others stay. The best sets of one, two, … changes are grown from
the model (each step keeps the few best ways on, then tries to exchange what was changed for something else) and cut
back from the best points without a limit; of both ways the better one counts (P. Somol, P. Pudil, J. Novovicova and
P. Paclik, "Adaptive floating search methods in feature selection", Pattern Recognition Letters 20 (1999) 1157-1163).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.suggesting.board import Board, Clock, State

Floats = NDArray[np.float64]
SAME = 1e-12
"""Objectives closer than this are the same."""
WAYS = 3
"""How many ways on are looked at closely in each step."""
NEAR = 0.5
"""What a way on must gain, as a share of what the best one does, to be looked at closely."""
GIVEN_UP = 3
"""How many changes, those that are missed least, are tried to be given up for another in each step."""
ROUNDS = 6
SPARED = 0.02
"""Share of a gain that may be given up for points that are nearer to the model's."""
Path = dict[int, State]


def best_on(board: Board, state: State, at: int) -> tuple[State, float]:
    """The best state on a line; of equally good ones that which is closest to the model's, then to the present one."""
    values, scores = board.line(state, at)
    good = np.flatnonzero(scores >= scores.max() - SAME)
    now = board.base[at]
    nearest = min(good.tolist(), key=lambda i: (abs(int(values[i]) - now), abs(int(values[i]) - state[at])))
    return (*state[:at], int(values[nearest]), *state[at + 1 :]), float(scores[nearest])


def polished(board: Board, state: State, which: Iterable[int], clock: Clock, *, rounds: int = ROUNDS) -> State:
    """Every number of `which` at its best in turn, until none gets better."""
    order = list(which)
    score = board.value(state)
    for _ in range(rounds):
        before = score
        for at in order:
            if clock.over:
                return state
            other, found = best_on(board, state, at)
            if found > score + SAME:
                state, score = other, found
        if score <= before + SAME:
            return state
    return state


def grown(board: Board, most: int, clock: Clock, *, exchange: bool = True) -> Path:
    """The best states found with 1, 2, … changes of the model, until no further change helps.

    Args:
        board: what is played on.
        most: changes at most.
        clock: ends the search early.
        exchange: whether what was changed is exchanged for something else where that is better.
    """
    state = board.base
    path = {0: state}
    for size in range(1, most + 1):
        longer = _one_more(board, state, clock)
        if longer is None:
            break
        if exchange and size > 1:
            longer = _exchanged(board, longer, clock)
        if len(board.changed(longer)) != size:
            keep_best(board, path, longer)
            break
        state = path[size] = longer
        if clock.over:
            break
    return path


def _one_more(board: Board, state: State, clock: Clock, *, ways: int = WAYS) -> State | None:
    """The best state with one more change; None if none is better."""
    score = board.value(state)
    changed = set(board.changed(state))
    found: list[tuple[float, int, State]] = []
    for at in range(len(board.turns)):
        if at not in changed and not clock.over:
            other, reached = best_on(board, state, at)
            if reached > score + SAME:
                found.append((reached, -at, other))
    found.sort(reverse=True)
    best: tuple[float, State] | None = None
    for reached, minus_at, other in found[:ways]:
        if reached < score + NEAR * (found[0][0] - score):
            break
        final = other
        if changed:
            final = polished(board, other, [*changed, -minus_at], clock, rounds=2)
            reached = board.value(final)
        if best is None or reached > best[0] + SAME:
            best = (reached, final)
    return None if best is None else best[1]


def _exchanged(board: Board, state: State, clock: Clock) -> State:
    """With one change given up for another, as long as that is better."""
    for _ in range(3):
        changed = [at for at in board.changed(state) if board.may(state, at, board.base[at])]
        without = [(*state[:at], board.base[at], *state[at + 1 :]) for at in changed]
        without.sort(key=board.value, reverse=True)
        for shorter in without[:GIVEN_UP]:
            if clock.over:
                return state
            other = _one_more(board, shorter, clock, ways=1)
            if other is not None and board.value(other) > board.value(state) + SAME:
                state = other
                break
        else:
            return state
    return state


def cut_back(board: Board, state: State, path: Path, clock: Clock, *, most: int) -> None:
    """Take back one change after another, each time the one that is missed least; better states enter the path."""
    changed = board.changed(state)
    while changed and not clock.over:
        keep_best(board, path, state, most=most)
        shorter = [
            (*state[:at], board.base[at], *state[at + 1 :]) for at in changed if board.may(state, at, board.base[at])
        ]
        if not shorter:
            return
        state = max(shorter, key=board.value)
        if len(changed) <= 2 * most + 1:
            state = polished(board, state, board.changed(state), clock, rounds=1)
        fewer = board.changed(state)
        if len(fewer) >= len(changed):
            return
        changed = fewer


def keep_best(board: Board, path: Path, state: State, *, most: int | None = None) -> None:
    """Enter a state under its number of changes, if it is the best of that many."""
    size = len(board.changed(state))
    if most is not None and size > most:
        return
    if size not in path or board.value(state) > board.value(path[size]) + SAME:
        path[size] = state


def free(board: Board, starts: Sequence[State], clock: Clock, *, seed: int, kicks: int) -> State:
    """The best state without a limit of changes: every start polished, then the best one kicked and polished again.

    Args:
        board: what is played on.
        starts: states to begin from.
        clock: ends the search early.
        seed: of the kicks.
        kicks: how often two or three numbers are set at random, to leave where no single change helps.
    """
    everywhere = range(len(board.turns))
    random = np.random.default_rng(seed)
    best, score = board.base, board.value(board.base)
    for start in starts:
        if clock.over:
            break
        state = polished(board, start, random.permutation(len(board.turns)).tolist(), clock)
        if board.value(state) > score + SAME:
            best, score = state, board.value(state)
    for _ in range(kicks if len(board.turns) > 1 else 0):
        if clock.over:
            break
        state = _kicked(board, best, random)
        state = polished(board, state, everywhere, clock, rounds=2)
        if board.value(state) > score + SAME:
            best, score = state, board.value(state)
    return best


def _kicked(board: Board, state: State, random: np.random.Generator) -> State:
    for at in random.choice(len(state), size=min(len(state), int(random.integers(2, 4))), replace=False).tolist():
        values = board.line(state, at)[0]
        state = (*state[:at], int(random.choice(values)), *state[at + 1 :])
    return state


def whole_path(path: Path, board: Board) -> Path:
    """By ascending number of changes, only those that are better than all with fewer."""
    found: Path = {}
    score = float("-inf")
    for size in sorted(path):
        if board.value(path[size]) > score + SAME:
            found[size], score = path[size], board.value(path[size])
    return found


def tempered(board: Board, path: Path, clock: Clock) -> Path:
    """The same with every changed number as near to the model's as a fiftieth of the gain allows.

    Far out a line is often flat: 14 points do what 29 do, and surprise nobody.
    """
    found: Path = {}
    for size, state in path.items():
        for at in board.changed(state):
            if clock.over:
                break
            values, scores = board.line(state, at)
            spared = SPARED * (board.value(state) - board.value(board.base)) / size
            good = values[(scores >= board.value(state) - spared) & (values != board.base[at])]
            nearest = int(good[np.argmin(np.abs(good - board.base[at]))])
            state = (*state[:at], nearest, *state[at + 1 :])
        found[size] = state
    return found
