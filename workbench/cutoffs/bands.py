"""Bands of the score such that neighbouring ones really differ.

From the finest scores up: whoever is next to each other and least different is merged, until every neighbouring pair
differs. Two guards keep chance out. Each pair's test (pooled z, clustered) is adjusted for the number of pairs (Holm);
and since merging looks for differences, z must also beat what the same merging finds on shuffled outcomes (99 %
quantile over `SHUFFLES`), so without any true difference one band is left in 99 of 100 cases.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from workbench.backtesting.figures import band_labels
from workbench.backtesting.judged import LEAST
from workbench.cutoffs.ground import Ground
from workbench.metrics.clustering import design_effect
from workbench.metrics.histogram import summed
from workbench.metrics.intervals import wilson
from workbench.metrics.resample import generator

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
SHUFFLES = 500
BY_CHANCE = 0.01
ALPHA = 0.05
MOST_CELLS = 60
COLUMNS = ["band", "low", "high", "n", "converted", "rate", "rate_low", "rate_high", "p", "falls"]


@dataclass(frozen=True)
class Banding:
    """The bands as a frame (columns `COLUMNS`), and what they say in a sentence."""

    frame: pd.DataFrame
    finding: str


def banding(ground: Ground, *, least: int = LEAST) -> Banding:
    """The bands that the part supports.

    Args:
        ground: outcomes by threshold of the score itself.
        least: observations that a band must hold.
    """
    negatives, positives = (each[1:-1].astype(np.float64) for each in ground.counts)
    if not len(ground.cuts) or not (negatives.sum() + positives.sum()):
        return Banding(pd.DataFrame(columns=COLUMNS), "Nobody has a score: there are no bands.")
    starts = _coarse(negatives + positives, least)
    n, won = np.add.reduceat(negatives + positives, starts), np.add.reduceat(positives, starts)
    effect = _effect(ground)
    if effect == effect and won.sum() and won.sum() < n.sum():
        bar = _by_chance(n, won, ground.seed)
        kept = _merged(n, won, effect, bar)
    else:
        kept = np.array([0])
    frame = _frame(ground, starts[kept])
    while len(frame) > 1 and not bool((frame["p"].iloc[1:] < ALPHA).all()):
        kept = np.delete(kept, 1 + int(np.argmax(frame["p"].iloc[1:])))
        frame = _frame(ground, starts[kept])
    return Banding(frame, _finding(frame))


def _coarse(counts: Floats, least: int) -> Integers:
    """Where the finest cells begin: at least `least` observations each, and at most `MOST_CELLS` of them."""
    need = max(float(least), counts.sum() / MOST_CELLS)
    starts, held = [0], 0.0
    for place, number in enumerate(counts):
        if held >= need:
            starts.append(place)
            held = 0.0
        held += number
    if len(starts) > 1 and held < need:
        starts.pop()
    return np.array(starts, dtype=np.int64)


def _effect(ground: Ground) -> float:
    if ground.clusters >= ground.n:
        return 1.0
    return float(design_effect(ground.won, ground.cluster)[0])


def _z(n: Floats, won: Floats, effect: float) -> Floats:
    """z of each neighbouring pair (last axis, one shorter): the difference over its pooled standard error."""
    rate = won / n
    pooled = (won[..., 1:] + won[..., :-1]) / (n[..., 1:] + n[..., :-1])
    spread = (1 / n[..., 1:] + 1 / n[..., :-1]) * effect
    found: Floats = np.abs(np.diff(rate)) / np.sqrt(np.maximum(pooled * (1 - pooled), 1e-300) * spread)
    return found


def _path(n: Floats, won: Floats, effect: float) -> list[tuple[float, Integers]]:
    """Merging the least different pair again and again: the smallest z and where the bands begin, finest first."""
    starts = np.arange(len(n))
    found = []
    while len(n) > 1:
        z = _z(n, won, effect)
        least = int(np.argmin(z))
        found.append((float(z[least]), starts))
        n, won = (_joined(each, least) for each in (n, won))
        starts = np.delete(starts, least + 1)
    return found


def _joined(values: Floats, at: int) -> Floats:
    merged = np.delete(values, at + 1)
    merged[at] += values[at + 1]
    return merged


def _by_chance(n: Floats, won: Floats, seed: int) -> float:
    """The z that the best step of the merging reaches on shuffled outcomes, 99 % quantile; all shuffles at once."""
    if len(n) < 2:
        return float("inf")
    size = n.astype(np.int64)
    hits = generator(seed).multivariate_hypergeometric(size, int(won.sum()), size=SHUFFLES, method="marginals")
    held, best = np.broadcast_to(n, hits.shape).astype(np.float64), np.zeros(SHUFFLES)
    drawn = hits.astype(np.float64)
    while held.shape[1] > 1:
        z = _z(held, drawn, 1.0)
        at = np.argmin(z, axis=1)
        best = np.maximum(best, z.min(axis=1))
        held, drawn = _joined_each(held, at), _joined_each(drawn, at)
    return float(np.quantile(best, 1 - BY_CHANCE))


def _joined_each(values: Floats, at: NDArray[np.intp]) -> Floats:
    """Each row with the value at one place and the next in one."""
    row = np.arange(len(values))
    added = values.copy()
    added[row, at] += values[row, at + 1]
    kept = np.ones(values.shape, dtype=bool)
    kept[row, at + 1] = False
    return added[kept].reshape(len(values), -1)


def _merged(n: Floats, won: Floats, effect: float, bar: float) -> Integers:
    """Where the bands begin at the finest step of the merging whose every pair differs; one band if none does."""
    for z, starts in _path(n, won, effect):
        if z > bar and 2 * (1 - ndtr(z)) * (len(starts) - 1) < ALPHA:
            return starts
    return np.array([0])


def _frame(ground: Ground, starts: Integers) -> pd.DataFrame:
    """Bands that begin at these thresholds, each pair tested with its own clusters."""
    band = np.searchsorted(starts, ground.cell - 1, side="right") - 1
    scored = (ground.cell >= 1) & (ground.cell <= len(ground.cuts))
    size = len(starts)
    at, won, cluster = band[scored], ground.won[scored], ground.cluster[scored]
    n = np.bincount(at, minlength=size).astype(np.float64)
    hits = summed(won, at, size)
    alone = ground.clusters >= ground.n
    effects = np.ones(size) if alone else design_effect(won, cluster, groups=at, n_groups=size)
    low, high = wilson(hits, n, design_effect=effects)
    edges = ground.cuts[starts] / 1000
    rate = hits / n
    return pd.DataFrame(
        {
            "band": band_labels(edges),
            "low": edges,
            "high": [*edges[1:], np.inf],
            "n": n.astype(np.int64),
            "converted": hits.astype(np.int64),
            "rate": rate,
            "rate_low": low,
            "rate_high": high,
            "p": [np.nan, *_adjusted(n, hits, effects)],
            "falls": [False, *(np.diff(rate) < 0)],
        },
        columns=COLUMNS,
    )


def _adjusted(n: Floats, won: Floats, effects: Floats) -> Floats:
    """Holm's adjusted p of each neighbouring pair (S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70)."""
    pooled = (won[1:] + won[:-1]) / (n[1:] + n[:-1])
    spread = effects[1:] / n[1:] + effects[:-1] / n[:-1]
    error = np.sqrt(np.maximum(pooled * (1 - pooled), 1e-300) * spread)
    p = 2 * (1 - ndtr(np.abs(np.diff(won / n)) / error))
    order = np.argsort(p)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1.0)
    return adjusted


def _finding(frame: pd.DataFrame) -> str:
    if len(frame) == 1:
        return "The data supports only one band: no two neighbouring ranges of the score convert differently enough."
    falls = [str(name) for name in frame["band"][frame["falls"].astype(bool)]]
    words = f"The data supports {len(frame)} bands whose neighbours really differ."
    if falls:
        words += f" Conversion falls from the band below to {', '.join(falls)}: the score is not in order there."
    return words
