"""Where a search for points begins: the model's own points, none at all, and a regularised logistic regression's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workbench.model import Model
from workbench.observation import Observations
from workbench.suggesting.board import Board, State
from workbench.suggesting.ridge import ridge
from workbench.suggesting.turn import OTHERWISE, repaired

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
LARGEST = (5.0, 10.0, 20.0, 30.0)
"""Points that the largest coefficient becomes, one start each."""


def hits_of(model: Model, seen: Observations, board: Board, rows: Integers) -> Floats:
    """(n, turns) what each number is multiplied with for each observation, caps and limits of points aside.

    Args:
        model: the model.
        seen: observations of leads.
        board: with the turns.
        rows: positions among all observations.
    """
    scorer = seen.scorer(model)
    found = np.zeros((len(rows), len(board.turns)))
    dormant = {rule.id: int(rule.dormant) for rule in scorer.weights.alternatives[0].rules}
    cases: dict[str, Integers] = {}
    for at, turn in enumerate(board.turns):
        if turn.rule not in cases:
            cases[turn.rule] = scorer.cases(turn.rule, rows)
        own = cases[turn.rule]
        if turn.index is None:
            found[:, at] = own > 0
        elif turn.case == OTHERWISE:
            found[:, at] = own == 0
        elif turn.case:
            found[:, at] = own == turn.index - dormant.get(turn.rule, 0)
        else:
            found[:, at] = np.minimum(own, 50)
    return found


def starts_of(model: Model, seen: Observations, board: Board, rows: Integers) -> list[State]:
    """The model's points, none at all, and those of a ridge regression at several scales; all are allowed ones."""
    turns = board.turns
    found = [board.base, tuple(repaired(turns, np.zeros(len(turns))).tolist())]
    if seen.members is None and len(rows):
        hits = hits_of(model, seen, board, rows)
        patterns, of = np.unique(hits, axis=0, return_inverse=True)
        totals = np.bincount(of, weights=np.ones(len(rows)), minlength=len(patterns)).astype(np.float64)
        won = np.bincount(of, weights=seen.subjects.won[rows] == 1, minlength=len(patterns)).astype(np.float64)
        beta = ridge(patterns, won, totals)
        largest = np.abs(beta).max(initial=0.0)
        if largest > 0:
            found += [tuple(repaired(turns, beta / largest * most * 1000).tolist()) for most in LARGEST]
    return list(dict.fromkeys(found))
