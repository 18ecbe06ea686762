from __future__ import annotations

import itertools

import pytest
from sklearn.metrics import roc_auc_score

from workbench.searching import Lines, objective_named
from workbench.suggesting.board import Board, Clock
from workbench.suggesting.constraints import Constraints
from workbench.suggesting.search import cut_back, free, grown, tempered, whole_path
from workbench.suggesting.turn import turns_of

from .planted import model, observed

SMALL = model((2, 8, -3, 4), top="min: 0, max: 10")


@pytest.fixture(scope="module")
def board():
    seen = observed(5, 900, of=SMALL, plan="{at: recorded}")
    turns = turns_of(SMALL, Constraints(range=(-4, 8), step=6, sign="free"))
    return Board(Lines(SMALL, seen), turns, objective_named("auc"))


def everything(board, size):
    """The best of all states with so many changes."""
    values = [turn.values.tolist() for turn in board.turns]
    states = [state for state in itertools.product(*values) if len(board.changed(state)) == size]
    return max(board.value(state) for state in states)


def test_paths_hold_the_best_of_all(board):
    path = grown(board, 4, Clock(None))
    cut_back(board, free(board, [board.base], Clock(None), seed=1, kicks=5), path, Clock(None), most=4)
    found = whole_path(path, board)
    best = [max(everything(board, size) for size in range(least + 1)) for least in range(5)]
    assert [board.value(found[max(size for size in found if size <= least)]) for least in range(5)] == best


def test_a_state_is_judged_as_its_model_is(board):
    seen = observed(5, 900, of=SMALL, plan="{at: recorded}")
    state = (board.base[0], 6000, board.base[2], 0)
    scores = seen.scorer(SMALL).scores(weights=board.weights(state))
    assert board.value(state) == pytest.approx(roc_auc_score(seen.subjects.won, scores.milli), abs=1e-12)
    values, line = board.line(board.base, 1)
    assert line.tolist() == [board.value((board.base[0], int(value), *board.base[2:])) for value in values]


def test_tempered_points_are_nearer_and_hardly_worse(board):
    path = grown(board, 3, Clock(None))
    gain = board.value(path[3]) - board.value(board.base)
    found = tempered(board, path, Clock(None))[3]
    assert board.value(found) >= board.value(path[3]) - 0.07 * gain
    assert all(abs(a - c) <= abs(b - c) for a, b, c in zip(found, path[3], board.base, strict=True))
    assert board.changed(found) == board.changed(path[3])


def test_a_clock_that_is_over_ends_the_search(board):
    assert grown(board, 4, Clock(0.0, now=iter(range(1000)).__next__)) == {0: board.base}
