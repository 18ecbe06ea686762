"""All figures of all models on the same bootstrap replicates, and what choosing the best of several does to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.comparing.contest import Contest
from workbench.comparing.entrant import DEPTH
from workbench.metrics.histogram import divided
from workbench.metrics.intervals import normal_quantile
from workbench.metrics.joint import joint, replicates, top_share
from workbench.metrics.ranking import auc
from workbench.metrics.resample import Draws, percentile

Floats = NDArray[np.float64]
AUC, LIFT, CAPTURED, VALUE = "auc", "lift_10", "captured", "value"
CHOICE = ("figure", "unit", "best", "change", "low", "high", "optimism", "shrunk", "verdict")


@dataclass(frozen=True, eq=False)
class Resampled:
    """Differences to the champion on the same replicates.

    Attributes:
        names: the figures.
        changes: (draws, challengers, figures) challenger less champion; NaN where undefined.
        found: (challengers, figures) the same on the observations themselves.
        method: how replicates were drawn, in words.
        confidence: of intervals.
    """

    names: tuple[str, ...]
    changes: Floats
    found: Floats
    method: str
    confidence: float

    @classmethod
    def of(cls, contest: Contest, *, draws: int, seed: int) -> Resampled:
        """Draw the observations of a contest again: clusters where there are any, else single observations."""
        models = (contest.champion, *contest.challengers)
        worth = contest.seen.plan.value
        paid = worth is not None and worth.win == "amount"
        source = joint(
            [each.placed.cells for each in models],
            [each.size for each in models],
            contest.won,
            contest.cluster if contest.sample.clustered else None,
            amounts=contest.amount if paid else None,
            draws=draws,
        )
        share = contest.capacity.share
        names = (AUC, LIFT, CAPTURED) if worth is None else (AUC, LIFT, CAPTURED, VALUE)
        win = 0.0 if worth is None or worth.win == "amount" else float(worth.win)

        def figures(each: Draws) -> Floats:
            lift = divided(_captured(each, DEPTH), DEPTH * each.positives.sum(axis=-1))
            taken = top_share(each.negatives, each.positives, share)
            captured = np.sum(taken * each.positives, axis=-1)
            told = [auc(each.negatives, each.positives), lift, captured]
            if worth is not None:
                told.append(captured * win if each.amounts is None else np.sum(taken * each.amounts, axis=-1))
            return np.stack(told, axis=-1)

        def statistic(drawn: tuple[Draws, ...]) -> Floats:
            first, *others = (figures(each) for each in drawn)
            return np.stack([other - first for other in others], axis=1)

        def own(number: int) -> Draws:
            counts = models[number].placed.counts
            amounts = models[number].placed.amounts[None] if paid else None
            return Draws(counts.negatives[None].astype(float), counts.positives[None].astype(float), amounts)

        found = statistic(tuple(own(number) for number in range(len(models))))[0]
        how = "bootstrap by account or lead" if contest.sample.clustered else "bootstrap by row"
        method = f"paired {how}" + ("" if source.method == "exact" else ", normal likeness")
        return cls(names, replicates(source, statistic, seed=seed, draws=draws), found, method, contest.confidence)

    def ends(self, challenger: int, figure: str) -> tuple[float, float]:
        """The percentile interval of a difference."""
        low, high = percentile(self.changes[:, challenger, self.names.index(figure)], confidence=self.confidence)
        return float(low), float(high)

    def error(self, challenger: int, figure: str) -> float:
        """The standard error of a difference."""
        values = self.changes[:, challenger, self.names.index(figure)]
        return float(np.nanstd(values)) if np.isfinite(values).any() else float("nan")

    # --- several challengers ----------------------------------------------------------------------------------------

    def widening(self, figure: str) -> float:
        """How many times wider an interval is that holds for all challengers at once, >= 1.

        The max-T of J. P. Romano and M. Wolf (Econometrica 73 (2005) 1237-1282) on the same replicates: the quantile
        of the largest |d* - d| / se over the challengers, over that of a single normal one.
        """
        number = self.names.index(figure)
        apart = self.changes[:, :, number] - self.found[None, :, number]
        error = np.array([self.error(at, figure) for at in range(apart.shape[1])])
        moving = np.isfinite(error) & (error > 0)
        if moving.sum() < 2:
            return 1.0
        most = np.nanmax(np.abs(np.nan_to_num(apart[:, moving])) / error[moving], axis=1)
        return max(float(np.quantile(most, self.confidence)) / normal_quantile(self.confidence), 1.0)

    def optimism(self, figure: str) -> float:
        """By how much the best of several looks better than it is, because it was chosen on these observations.

        The mean over replicates of the difference of the challenger that is best there, less what that challenger has
        on the average of all replicates (B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap", 1993,
        section 17.6, for a choice among models). 0 for a single one.
        """
        number = self.names.index(figure)
        drawn = np.nan_to_num(self.changes[:, :, number], nan=-np.inf)
        if drawn.shape[1] < 2:
            return 0.0
        best = drawn.argmax(axis=1)
        at = np.arange(len(drawn))
        own = np.array([np.mean(each[np.isfinite(each)]) if np.isfinite(each).any() else np.nan for each in drawn.T])
        gained = drawn[at, best] - own[best]
        return float(max(np.mean(gained[np.isfinite(gained)]), 0.0)) if np.isfinite(gained).any() else float("nan")


def choice(figures: pd.DataFrame, resampled: Resampled, labels: Sequence[str]) -> pd.DataFrame:
    """For each figure the best challenger, its change as found, and what is left of it for having been chosen.

    Columns figure, unit, best, change, low, high (simultaneous), optimism, shrunk (change less optimism), verdict
    (adjusted). Empty for a single challenger.
    """
    rows = []
    for name in resampled.names if len(labels) > 1 else ():
        values = resampled.found[:, resampled.names.index(name)]
        if not np.isfinite(values).any():
            continue
        best = labels[int(np.nanargmax(values))]
        row = figures[(figures["figure"] == name) & (figures["model"] == best)].iloc[0]
        optimism = resampled.optimism(name)
        rows.append(
            {
                "figure": name,
                "unit": row["unit"],
                "best": best,
                "change": row["change"],
                "low": row["adjusted_low"],
                "high": row["adjusted_high"],
                "optimism": optimism,
                "shrunk": row["change"] - optimism,
                "verdict": row["adjusted_verdict"],
            }
        )
    return pd.DataFrame(rows, columns=list(CHOICE))


def _captured(each: Draws, depth: float) -> Floats:
    found: Floats = np.sum(top_share(each.negatives, each.positives, depth) * each.positives, axis=-1)
    return found
