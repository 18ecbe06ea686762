"""The path as a frame: what each number of changes promises, and what those say whom the search has not seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from workbench.metrics.paired import Difference
from workbench.metrics.ranking import ranks
from workbench.metrics.significance import p_value
from workbench.suggesting.board import Board, State
from workbench.suggesting.crossfit import CrossFit
from workbench.suggesting.judge import Judge
from workbench.suggesting.search import Path

LEVEL = 0.05
UNSURE = "not enough evidence"
_NOTHING = Difference(float("nan"), float("nan"), float("nan"), float("nan"))


def path_frame(board: Board, path: Path, inner: CrossFit, judge: Judge | None, chosen: int) -> pd.DataFrame:
    """One row for each number of changes, as `Suggestion.path` describes them.

    Args:
        board: that was searched on.
        path: the states by number of changes.
        inner: what the search gains on held-out folds.
        judge: of validation; None where nobody is in it.
        chosen: the recommended number of changes.
    """
    own = None if judge is None else judge.placed(board.weights(board.base))
    rows = []
    for size in sorted(path):
        state = path[size]
        gain = board.value(state) - board.value(board.base)
        cross = inner.frame.loc[inner.frame["changes"] == min(size, int(inner.frame["changes"].max()))].iloc[0]
        change, value = _NOTHING, float("nan")
        if judge is not None and own is not None:
            other = judge.placed(board.weights(state))
            change, value = judge.difference(own, other), judge.value(other)
            said, p = _judged(judge, change, orders=ranks(*judge.counts(other))), p_value(change)
        else:
            said, p = _cross_verdict(cross, size), _cross_p(cross)
        rows.append(
            {
                "changes": size,
                "edits": in_words(board, state),
                "train": board.value(state),
                "train_gain": gain,
                "cross_gain": float(cross["gain"]),
                "cross_low": float(cross["low"]),
                "cross_high": float(cross["high"]),
                "cross_folds": int(cross["folds"]),
                "validation": value,
                "validation_gain": change.value,
                "validation_low": change.low,
                "validation_high": change.high,
                "p": p if size else float("nan"),
                "verdict": said,
                "optimism": gain - float(cross["gain"]),
                "train_less_validation": gain - change.value,
                "recommended": size == chosen,
            }
        )
    return adjusted(pd.DataFrame(rows), apart=judge is not None)


def adjusted(frame: pd.DataFrame, *, apart: bool) -> pd.DataFrame:
    """With `p_holm`, and no verdict on a step that is only one of many that were looked at.

    Args:
        frame: `recommended`, `p` and the `verdict` of each step by itself.
        apart: whether the recommended step was named before those who judge were looked at: it keeps its own verdict.
            Else they have chosen it, and nothing is better where they have chosen none.
    """
    found = frame.assign(p_holm=holm(frame["p"].to_numpy(dtype=np.float64)))
    told = found["verdict"].isin(["better", "worse"])
    if apart:
        unsure = told & ~(found["p_holm"] < LEVEL) & ~found["recommended"]
    else:
        none = not (found["recommended"] & (found["changes"] > 0)).any()
        unsure = told & (~(found["p_holm"] < LEVEL) | (none & (found["verdict"] == "better")))
    found.loc[unsure, "verdict"] = UNSURE
    return found


def holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Adjusted p of several tests (S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70); NaN is not counted.

    >>> holm(np.array([0.04, 0.01, float("nan"), 0.03])).tolist()
    [0.06, 0.03, nan, 0.06]
    """
    found = np.full(len(p), np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    found[order] = np.minimum(np.maximum.accumulate(np.arange(len(order), 0, -1) * p[order]), 1.0)
    return found


def in_words(board: Board, state: State) -> str:
    """All that a state turns, as "ebook 8 to 0; signed_up 4 to 10"."""
    turns = board.turns
    return "; ".join(
        f"{turns[at].rule}{f' ({turns[at].case})' if turns[at].case else ''} "
        f"{points(turns[at].now):g} to {points(state[at]):g}"
        for at in board.changed(state)
    )


def points(value: int) -> float:
    """Thousandths as points; whole ones as a whole number."""
    return value // 1000 if value % 1000 == 0 else value / 1000


def _judged(judge: Judge, change: Difference, *, orders: bool) -> str:
    said = judge.verdict(change)
    return UNSURE if said == "better" and not orders else said


def _cross_verdict(cross: pd.Series, size: int) -> str:
    if size == 0:
        return "same"
    if cross["low"] > 0 and cross["orders"]:
        return "better"
    return "worse" if cross["high"] < 0 else UNSURE


def _cross_p(cross: pd.Series) -> float:
    gain, error = abs(float(cross["gain"])), float(cross["error"])
    return float(2 * ndtr(-gain / error)) if gain and error else float(not gain)
