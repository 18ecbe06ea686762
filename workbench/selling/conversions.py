"""Conversion of worked and unworked leads apart, and bounds for what the unworked would have done."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.stats.contingency_tables import StratifiedTable

from workbench.metrics.clustering import design_effect
from workbench.metrics.intervals import normal_quantile, wilson
from workbench.selling.touched import BEFORE, GATED, UNWORKED, WITHIN, Touched, rate_of

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]

CONVERSION = ["by", "value", "who", "n", "converted", "rate", "low", "high"]
BOUNDS = [
    "band",
    "unworked",
    "converted",
    "worked_share",
    "worst",
    "best",
    "least",
    "most",
    "weighted",
    "low",
    "high",
    "effective",
    "beyond",
    "verdict",
]
EFFECT = ["odds_ratio", "low", "high", "log_odds", "log_low", "log_high", "low_99", "high_99", "strata", "n", "alone"]
IDENTIFIED, UNKNOWN = "identified if as assumed", "not identifiable"
LEAST_SHARE = 0.05
"""Share worked among leads like it below which an unworked lead has nobody to be compared with."""
LEAST_EFFECTIVE = 10
"""Effective number of worked leads below which a weighted rate is not told."""
MOST_BEYOND = 0.5
"""Share of a band's unworked leads without anybody to be compared with above which nothing is told of the band."""
_WHO = (
    ("worked before the lead was scored", BEFORE),
    ("worked after the lead was scored", WITHIN),
    ("unworked", UNWORKED),
)


def conversion_frame(of: Touched) -> pd.DataFrame:
    """The frame `Sales.conversion`."""
    rows = [
        (by, value, who, *of.rate(mask & (of.status == status)))
        for by, value, mask in _groups(of)
        for who, status in _WHO
        if who != _WHO[1][0] or (mask & (of.status == status)).any()
    ]
    return pd.DataFrame(rows, columns=CONVERSION)


def _groups(of: Touched) -> Iterator[tuple[str, str, Booleans]]:
    yield "all", "all", np.ones(len(of.won), dtype=bool)
    order = {name: rank for rank, name in sorted(zip(of.tier.tolist(), of.names.tolist(), strict=True), reverse=True)}
    for name in sorted(order, key=lambda each: order[each]):
        yield "tier", str(name), of.names == name
    for number, label in _bands(of):
        yield "band", label, of.band == number


def _bands(of: Touched) -> Iterator[tuple[int, str]]:
    for number, label in enumerate(of.bands):
        if (of.band == number).any():
            yield number, label
    if (of.band < 0).any():
        yield -1, GATED


def bounds_frame(of: Touched, cell: Integers) -> pd.DataFrame:
    """The frame `Sales.bounds`; `cell` says whose chance of being worked is taken for the same."""
    chance = chances(of.worked, cell)
    return pd.DataFrame([_bound(of, of.band == number, label, chance) for number, label in _bands(of)], columns=BOUNDS)


def chances(worked: Booleans, cell: Integers) -> Floats:
    """The share worked in each observation's cell, with half a lead added to either side."""
    n, hit = np.bincount(cell), np.bincount(cell, weights=worked)
    return np.asarray(((hit + 0.5) / (n + 1.0))[cell], dtype=np.float64)


def _bound(of: Touched, mask: Booleans, label: str, chance: Floats) -> tuple[object, ...]:
    done, left = mask & of.worked, mask & ~of.worked
    n, converted, rate, *_ = rate_of(of.won[left], of.cluster[left])
    known = rate_of(of.won[done], of.cluster[done])[2]
    narrow = (rate, known) if known >= rate else (float("nan"), float("nan"))
    share = float(done.sum() / mask.sum())
    comparable = chance >= LEAST_SHARE
    found = weighted_rate(of.won, of.cluster, chance, done & comparable)
    beyond = int((left & ~comparable).sum())
    told = n > 0 and beyond <= MOST_BEYOND * n and found[3] >= LEAST_EFFECTIVE
    figures = found[:3] if told else (float("nan"),) * 3
    verdict = IDENTIFIED if told else UNKNOWN
    sure = float((of.won & done).sum()) / float(mask.sum())
    return (label, n, converted, share, sure, sure + 1 - share, *narrow, *figures, found[3], beyond, verdict)


def weighted_rate(won: Booleans, cluster: Integers, chance: Floats, who: Booleans) -> tuple[float, float, float, float]:
    """What unworked leads would have converted at if worked, from worked ones weighted to resemble them.

    Each of them weighs (1 - p) / p, p being the chance of being worked (the odds weights of inverse-probability
    weighting for the untreated; G. Imbens, Review of Economics and Statistics 86 (2004) 4-29).

    Returns:
        rate, the ends of its 95 % interval (Wilson's at the effective number), and the effective number
        (sum of weights)^2 / sum of squared weights of clusters (L. Kish, Survey Sampling, 1965).
    """
    if not who.any():
        return float("nan"), float("nan"), float("nan"), 0.0
    weights = (1 - chance[who]) / chance[who]
    rate = float(weights @ won[who] / weights.sum())
    _, place = np.unique(cluster[who], return_inverse=True)
    effective = float(weights.sum() ** 2 / np.sum(np.bincount(place, weights=weights) ** 2))
    low, high = wilson(rate * effective, effective)
    return rate, float(low), float(high), effective


def effect_frame(of: Touched, cell: Integers) -> pd.DataFrame:
    """The frame `Sales.effect`: worked against unworked leads within cells of old score and band of the model.

    The odds ratio of N. Mantel and W. Haenszel (JNCI 22 (1959) 719-748) with the interval of J. Robins, N. Breslow
    and S. Greenland (Biometrics 42 (1986) 311-323), from statsmodels, widened by the design effect of the clusters.
    """
    _, stratum = np.unique(np.stack([cell, of.band]), axis=1, return_inverse=True)
    stratum = stratum.ravel()
    size = int(stratum.max()) + 1
    code = stratum * 4 + of.worked * 2 + of.won
    tables = np.bincount(code, minlength=4 * size).reshape(size, 2, 2)[:, ::-1, ::-1]  # worked and won come first
    both = tables.sum(axis=2).min(axis=1) > 0
    alone = int(tables[~both].sum())
    if not both.any() or not (tables[both][:, :, 0].sum(axis=0) > 0).all():
        return pd.DataFrame(columns=EFFECT)
    found = StratifiedTable([each.astype(float) for each in tables[both]])
    effect = float(design_effect(of.won, np.unique(of.cluster, return_inverse=True)[1])[0])
    log, error = float(found.logodds_pooled), float(found.logodds_pooled_se) * np.sqrt(effect)
    if not np.isfinite([log, error]).all():
        return pd.DataFrame(columns=EFFECT)
    half, sure = normal_quantile(0.95) * error, normal_quantile(0.99) * error
    row = (np.exp(log), np.exp(log - half), np.exp(log + half), log, log - half, log + half)
    wide = (np.exp(log - sure), np.exp(log + sure))
    return pd.DataFrame([(*row, *wide, int(both.sum()), int(tables[both].sum()), alone)], columns=EFFECT)
