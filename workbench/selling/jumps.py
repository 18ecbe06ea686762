"""Whether a cut-off made the data: where the share worked jumps along a score, and where both kinds of leads are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr
from statsmodels.regression.linear_model import OLS

from workbench.metrics.intervals import normal_quantile
from workbench.selling.touched import Touched, rate_of

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]

JUMPS = ["score", "at", "tier", "n", "below", "above", "jump", "low", "high", "tests", "p", "verdict"]
OVERLAP = ["score", "from", "to", "n", "worked", "share", "low", "high", "overlap"]
JUMP, NO_JUMP = "jump", "not enough evidence"
RECORDED, MODEL = "recorded by the CRM", "this model"
LEAST_JUMP = 0.1
"""Jump of the share worked below which a cut-off is not said to have made the data."""
LEAST_SIDE = 20
MOST_CUTS = 60
CELLS = 8
_LEVEL = 0.05


@dataclass(frozen=True)
class Line:
    """Leads along one score.

    Attributes:
        score: (n,) points, without missing ones.
        worked: (n,) whether each was worked.
        cluster: (n,) what is not independent.
    """

    score: Floats
    worked: Booleans
    cluster: Integers

    @classmethod
    def of(cls, found: Touched, score: Floats) -> Line:
        """Those that have the score."""
        there = ~np.isnan(score)
        return cls(score[there], found.worked[there], found.cluster[there])

    def jump(self, at: float, width: float) -> tuple[int, float, float, float, float] | None:
        """How much higher the share worked is just from a score on, above a straight line on either side.

        Least squares of worked on the score with a jump and a change of slope at it, among scores within `width`
        (D. Lee and T. Lemieux, Journal of Economic Literature 48 (2010) 281-355), errors robust to clusters.

        Returns:
            leads, share just below, share from it on, jump, its standard error; None where either side is thin.
        """
        near = np.abs(self.score - at) <= width
        distance, worked = self.score[near] - at, self.worked[near].astype(np.float64)
        above = distance >= 0
        if min(above.sum(), (~above).sum()) < LEAST_SIDE or len(np.unique(distance)) < 4 or worked.std() == 0:
            return None
        design = np.stack([np.ones_like(distance), distance, above, distance * above], axis=1)
        if np.linalg.matrix_rank(design) < design.shape[1]:
            return None
        groups = np.unique(self.cluster[near], return_inverse=True)[1]
        fitted = OLS(worked, design).fit(cov_type="cluster", cov_kwds={"groups": groups})
        below, jump = float(fitted.params[0]), float(fitted.params[2])
        error = float(np.sqrt(max(fitted.cov_params()[2, 2], 0.0)))
        return len(distance), below, below + jump, jump, error


def jumps_frame(recorded: Line, by_model: Line, cuts: Sequence[tuple[str, float]]) -> pd.DataFrame:
    """The frame `Sales.jumps`: the strongest jump along the recorded score, and each of the model's tiers."""
    places = _places(recorded)
    rows = [_row(RECORDED, recorded, at, "", len(places)) for at in places]
    found = [row for row in rows if row is not None]
    strongest = min(found, key=lambda row: (row[-2], -abs(row[6]))) if found else None
    mine = [_row(MODEL, by_model, at, name, len(cuts)) for name, at in cuts]
    return pd.DataFrame([row for row in (strongest, *mine) if row is not None], columns=JUMPS)


def _places(line: Line) -> list[float]:
    """Scores at which a cut-off may lie."""
    if not len(line.score):
        return []
    low, high = np.quantile(line.score, [0.02, 0.98])
    found = np.unique(line.score)
    found = found[(found > low) & (found < high)]
    step = max(1, -(-len(found) // MOST_CUTS))
    return [float(each) for each in found[::step]]


def _row(name: str, line: Line, at: float, tier: str, tests: int) -> tuple[Any, ...] | None:
    width = float(line.score.std()) if len(line.score) else 0.0
    found = line.jump(at, width)
    if found is None:
        return None
    n, below, above, jump, error = found
    half = normal_quantile(1 - _LEVEL / max(tests, 1)) * error
    p = 2 * (1 - float(ndtr(abs(jump) / error))) if error > 0 else float(jump == 0)
    p = min(1.0, p * tests)
    verdict = JUMP if p < _LEVEL and jump >= LEAST_JUMP else NO_JUMP
    return (name, at, tier, n, below, above, jump, jump - half, jump + half, tests, p, verdict)


def cells_of(score: Floats, cuts: Sequence[float]) -> tuple[Integers, Floats]:
    """Cells of a score: about eight of equal size, with an edge at each cut; those without a score are in the last.

    Returns:
        the number of each observation's cell, and the lower edges of those that have a score.
    """
    known = score[~np.isnan(score)]
    inner = np.quantile(known, np.arange(1, CELLS) / CELLS) if len(known) else np.zeros(0)
    edges = np.unique(np.concatenate([inner, np.asarray(cuts, dtype=np.float64)]))
    cell = np.searchsorted(edges, score, side="right")
    cell[np.isnan(score)] = len(edges) + 1
    return cell.astype(np.int64), np.concatenate([[known.min()] if len(known) else [], edges])


def overlap_frame(found: Touched, score: Floats, name: str, cell: Integers) -> pd.DataFrame:
    """The frame `Sales.overlap`: in which cells of a score both worked and unworked leads are."""
    rows = []
    for number in np.unique(cell):
        mask = cell == number
        n, worked, share, low, high = rate_of(found.worked[mask], found.cluster[mask])
        own = score[mask & ~np.isnan(score)]
        ends = (float(own.min()), float(own.max())) if len(own) else (float("nan"), float("nan"))
        rows.append((name, *ends, n, worked, share, low, high, bool(_LEVEL <= share <= 1 - _LEVEL)))
    return pd.DataFrame(rows, columns=OVERLAP)
