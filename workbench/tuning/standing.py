"""How a candidate stands: the figures that follow a dragged slider, as arrays, by part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workbench.backtesting.candidate import Counts
from workbench.backtesting.figures import band_labels, band_of
from workbench.backtesting.judged import LEAST
from workbench.metrics.depth import at_depth
from workbench.metrics.intervals import wilson
from workbench.metrics.ranking import auc
from workbench.metrics.thresholds import Confusion, confusion, net_value
from workbench.model import Model
from workbench.plan import Worth

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DEPTHS = np.linspace(0.0, 1.0, 101)
"""Depths of the gains curve."""
NOTHING = np.zeros(0)


@dataclass(frozen=True)
class Bands:
    """Conversion by band, arrays of shape (b,): one row for every edge of the bench, empty bands included.

    Attributes:
        labels: the band in words, such as `30–39`; the first one is `below 10` where scores lie under its lower end.
        low, high: lower (closed) and upper (open) end in points; the last high is infinite, and so is the first low
            where scores lie under it.
        n, converted: observations, and those of them that converted.
        rate: converted / n, 0..1; NaN in an empty band.
        rate_low, rate_high: its 95 % interval (Wilson, widened for clusters); NaN until `Bench.with_intervals`.
        enough: whether the band carries a statement: at least 30 observations.
    """

    labels: tuple[str, ...]
    low: Floats
    high: Floats
    n: Integers
    converted: Integers
    rate: Floats
    rate_low: Floats
    rate_high: Floats
    enough: NDArray[np.bool_]

    @classmethod
    def of(cls, scores: Floats, negatives: Integers, positives: Integers, edges: Floats) -> Bands:
        """Bands from counts by score.

        Args:
            scores: (k,) points, ascending.
            negatives, positives: (k,) counts.
            edges: (b,) lower ends, ascending; a score below the first is in the first band.
        """
        band = band_of(scores, edges)
        size = len(edges)
        won = np.bincount(band, weights=positives, minlength=size)
        n = won + np.bincount(band, weights=negatives, minlength=size)
        labels, low = band_labels(edges), edges
        if len(scores) and scores[0] < edges[0]:
            labels[0] = f"below {edges[1]:g}" if size > 1 else "all"
            low = np.concatenate([[-np.inf], edges[1:]])
        unknown = np.full(size, np.nan)
        return cls(
            labels=tuple(labels),
            low=low,
            high=np.concatenate([edges[1:], [np.inf]]),
            n=n.astype(np.int64),
            converted=won.astype(np.int64),
            rate=np.divide(won, n, out=np.full(size, np.nan), where=n > 0),
            rate_low=unknown,
            rate_high=unknown,
            enough=n >= LEAST,
        )

    def with_intervals(self, design_effect: Floats) -> Bands:
        """The same with each rate's interval.

        Args:
            design_effect: (b,) how many times clustering widens each variance, >= 1.
        """
        low, high = wilson(self.converted, self.n, design_effect=design_effect)
        return replace(self, rate_low=low, rate_high=high)


@dataclass(frozen=True)
class PartStanding:
    """One part of the observations under one model; scores in points, ascending; rates and shares in 0..1.

    Attributes:
        part: train, validation, test or all.
        n, converted: observations, and those that converted.
        rate: converted / n; NaN without observations.
        scores, negatives, positives: (k,) for each distinct score how many did not, and did, convert; those whom a
            gate takes out are not among them.
        gated_negatives, gated_positives: how many a gate takes out; they rank below every score.
        bands: conversion by band.
        depth: (d,) from 0 to 1: share of the observations taken from the best down; ties share.
        captured: (d,) share of all conversions among them.
        lift: (d,) their rate over the rate of all; NaN at depth 0.
        threshold: (k,) points, ascending: flagged means a score at or above it.
        precision, recall: (k,) at each threshold.
        value: (k,) net value in the plan's money; empty where the plan has no value.
        auc: area under the ROC curve, ties counted half; NaN where a class is empty.
    """

    part: str
    n: int
    converted: int
    rate: float
    scores: Floats
    negatives: Integers
    positives: Integers
    gated_negatives: int
    gated_positives: int
    bands: Bands
    depth: Floats
    captured: Floats
    lift: Floats
    threshold: Floats
    precision: Floats
    recall: Floats
    value: Floats
    auc: float

    @classmethod
    def of(
        cls, part: str, counts: Counts, *, edges: Floats, worth: Worth | None = None, amounts: Floats | None = None
    ) -> PartStanding:
        """The figures from counts by score.

        Args:
            part: its name.
            counts: of its observations.
            edges: lower ends of the bands, in points.
            worth: what a contact costs and a win is worth.
            amounts: recorded amounts by score, as the counts have them, where a win is worth its amount.
        """
        n, converted = int(counts.negatives.sum() + counts.positives.sum()), int(counts.positives.sum())
        starts = np.arange(int(counts.gated), len(counts.scores) if n else 0)
        negatives, positives = counts.negatives[starts], counts.positives[starts]
        scores = counts.scores[starts] / 1000
        depth = at_depth(counts.negatives, counts.positives, DEPTHS)
        found = confusion(counts.negatives, counts.positives, starts)
        return cls(
            part=part,
            n=n,
            converted=converted,
            rate=converted / n if n else float("nan"),
            scores=scores,
            negatives=negatives,
            positives=positives,
            gated_negatives=int(counts.negatives[0]) if counts.gated else 0,
            gated_positives=int(counts.positives[0]) if counts.gated else 0,
            bands=Bands.of(scores, negatives, positives, edges),
            depth=DEPTHS,
            captured=depth.captured,
            lift=depth.lift,
            threshold=scores,
            precision=found.precision,
            recall=found.recall,
            value=NOTHING if worth is None else _value(found, worth, amounts),
            auc=float(auc(counts.negatives, counts.positives)),
        )


def _value(found: Confusion, worth: Worth, amounts: Floats | None) -> Floats:
    cost = float(worth.contact_cost)
    if worth.win == "amount":
        return net_value(found, contact_cost=cost, amounts=amounts)
    return net_value(found, contact_cost=cost, win=float(worth.win))


@dataclass(frozen=True)
class Standing:
    """A model on all parts that may be looked at.

    Attributes:
        model: the model judged.
        parts: by name of the part.
        cuts: name and lowest score in points of each tier that begins at the same score for everybody.
    """

    model: Model
    parts: Mapping[str, PartStanding]
    cuts: tuple[tuple[str, float], ...]
