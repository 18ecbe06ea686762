"""The figures of one judged part, as frames: metrics, bands, lift, thresholds, calibration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.backtesting.judged import LEAST, Judged
from workbench.metrics.depth import Depth, at_depth
from workbench.metrics.intervals import wilson
from workbench.metrics.ranking import average_precision, brier, ks
from workbench.metrics.resample import Draws, bootstrap, percentile
from workbench.metrics.thresholds import Confusion, confusion, net_value
from workbench.plan import Plan, Worth

Floats = NDArray[np.float64]

DEPTHS = np.array([0.01, 0.02, 0.05, *(step / 10 for step in range(1, 11))])
NAMED = {"5": 0.05, "10": 0.10, "20": 0.20}
DRAWS = 2000
MOST_INTERVALS = 500
GATED = "gated"


@dataclass(frozen=True)
class Figures:
    """Frames with the columns that `Backtest` documents."""

    metrics: pd.DataFrame
    bands: pd.DataFrame
    lift: pd.DataFrame
    thresholds: pd.DataFrame
    calibration: pd.DataFrame


def figures(judged: Judged, calibrating: Judged, edges: Floats, plan: Plan) -> Figures:
    """Every figure of a part, with intervals.

    Args:
        judged: the part.
        calibrating: the observations whose band rates are the predictions (the train part, or the same); for the
            Brier score a band without any of them is predicted at their overall rate.
        edges: ascending lower edges of the score bands, in points.
        plan: for costs, values and the seed.
    """
    predicted = _band_rates(calibrating, edges)
    cell_band = band_of(judged.points, edges)
    unknown = np.nan if not calibrating.n else calibrating.rate
    expected = np.nan_to_num(np.where(np.isnan(predicted), unknown, predicted))[cell_band + 1]
    starts = np.arange(judged.first, len(judged.scores))
    sampled = (
        starts if len(starts) <= MOST_INTERVALS else starts[np.linspace(0, len(starts) - 1, MOST_INTERVALS, dtype=int)]
    )
    statistics: dict[str, Callable[[Draws], Floats]] = {
        "average_precision": lambda d: average_precision(d.negatives, d.positives),
        "ks": lambda d: ks(d.negatives, d.positives),
        "brier": lambda d: brier(d.negatives, d.positives, expected),
        "lift": lambda d: at_depth(d.negatives, d.positives, DEPTHS).lift,
        "captured": lambda d: at_depth(d.negatives, d.positives, DEPTHS).captured,
        "recall": lambda d: confusion(d.negatives, d.positives, sampled).recall,
    }
    worth = plan.value
    if worth is not None:
        statistics["value"] = lambda d: _value(confusion(d.negatives, d.positives, sampled), worth, d.amounts)
    usable = judged.n and judged.converted
    drawn = bootstrap(judged.source(DRAWS), statistics, seed=plan.seed, draws=DRAWS) if usable else {}
    depth = at_depth(judged.negatives, judged.positives, DEPTHS)
    return Figures(
        metrics=_metrics(judged, depth, expected, drawn),
        bands=bands(judged, edges),
        lift=_lift(depth, drawn),
        thresholds=_thresholds(judged, starts, sampled - judged.first, worth, drawn),
        calibration=_calibration(judged, edges, predicted),
    )


def _spread(drawn: dict[str, Floats], name: str, shape: int | None = None) -> tuple[Floats, Floats]:
    if name not in drawn:
        nothing = np.full(() if shape is None else shape, np.nan)
        return nothing, nothing
    low, high = percentile(drawn[name])
    return low, high


def _metrics(judged: Judged, depth: Depth, expected: Floats, drawn: dict[str, Floats]) -> pd.DataFrame:
    area = judged.area()
    low, high = area.interval()
    how = "by account or lead" if judged.clustered else "by row"
    rows: list[tuple[str, float, float, float, str]] = [
        ("auc", float(area.auc), float(low), float(high), "Obuchowski" if judged.clustered else "DeLong"),
    ]
    values = {
        "average_precision": average_precision(judged.negatives, judged.positives),
        "ks": ks(judged.negatives, judged.positives),
        "brier": brier(judged.negatives, judged.positives, expected),
    }
    for name, value in values.items():
        low, high = _spread(drawn, name)
        rows.append((name, float(value), float(low), float(high), f"bootstrap {how}"))
    for name, share in NAMED.items():
        at = int(np.argmin(np.abs(DEPTHS - share)))
        for metric, found in (("lift", depth.lift), ("captured", depth.captured)):
            low, high = _spread(drawn, metric, len(DEPTHS))
            label = f"{'capture' if metric == 'captured' else metric}_{name}"
            rows.append((label, float(found[at]), float(low[at]), float(high[at]), f"bootstrap {how}"))
    low, high = wilson(judged.converted, judged.n, design_effect=judged.design_effects()[0])
    rows.append(("base_rate", judged.rate, float(low), float(high), "Wilson"))
    return pd.DataFrame(rows, columns=["metric", "value", "low", "high", "method"])


def _lift(depth: Depth, drawn: dict[str, Floats]) -> pd.DataFrame:
    lift_low, lift_high = _spread(drawn, "lift", len(DEPTHS))
    captured_low, captured_high = _spread(drawn, "captured", len(DEPTHS))
    return pd.DataFrame(
        {
            "depth": DEPTHS,
            "n": depth.n,
            "converted": depth.converted,
            "rate": depth.rate,
            "lift": depth.lift,
            "lift_low": lift_low,
            "lift_high": lift_high,
            "captured": depth.captured,
            "captured_low": captured_low,
            "captured_high": captured_high,
        }
    )


def _value(found: Confusion, worth: Worth, amounts: Floats | None) -> Floats:
    cost = float(worth.contact_cost)
    if worth.win == "amount":
        return net_value(found, contact_cost=cost, amounts=amounts)
    return net_value(found, contact_cost=cost, win=float(worth.win))


def _thresholds(
    judged: Judged,
    starts: NDArray[np.int64],
    sampled: NDArray[np.int64],
    worth: Worth | None,
    drawn: dict[str, Floats],
) -> pd.DataFrame:
    """One row for each distinct score: what would be if leads at or above it were contacted.

    Beyond `MOST_INTERVALS` distinct scores, recall and value have their interval at that many, evenly spread.
    """
    found = confusion(judged.negatives, judged.positives, starts)
    precision_low, precision_high = wilson(found.tp, found.flagged, design_effect=judged.design_effects()[0])
    nothing = np.full(len(starts), np.nan)
    ends = {}
    for name in ("recall", "value"):
        for end, found_ends in zip(("low", "high"), _spread(drawn, name, len(sampled)), strict=True):
            ends[f"{name}_{end}"] = nothing.copy()
            ends[f"{name}_{end}"][sampled] = found_ends
    return pd.DataFrame(
        {
            "threshold": judged.points[starts],
            "flagged": found.flagged.astype(np.int64),
            "share": found.share,
            "precision": found.precision,
            "precision_low": precision_low,
            "precision_high": precision_high,
            "recall": found.recall,
            "recall_low": ends["recall_low"],
            "recall_high": ends["recall_high"],
            "tp": found.tp.astype(np.int64),
            "fp": found.fp.astype(np.int64),
            "fn": found.fn.astype(np.int64),
            "tn": found.tn.astype(np.int64),
            "lift": found.lift,
            "value": nothing if worth is None else _value(found, worth, judged.amounts()),
            "value_low": ends["value_low"],
            "value_high": ends["value_high"],
        }
    )


# --- bands ----------------------------------------------------------------------------------------------------------


def band_edges(points: Floats, plan: Plan) -> Floats:
    """Lower edges of score bands: the plan's, or about ten of a round width that cover all scores."""
    ranked = points[~np.isnan(points)]
    if plan.bands:
        edges = np.array(sorted(plan.bands), dtype=np.float64)
        low = float(ranked.min(initial=edges[0]))
        return np.concatenate([[low], edges]) if low < edges[0] else edges
    if not len(ranked):
        return np.array([0.0])
    low, high = float(ranked.min()), float(ranked.max())
    width = next(
        size * 10.0**power for power in range(-3, 20) for size in (1, 2, 5) if (high - low) / (size * 10.0**power) <= 10
    )
    first = np.floor(low / width + 1e-9)
    last = np.floor(high / width + 1e-9)
    return np.round(np.arange(first, last + 1) * width, 3)


def band_of(points: Floats, edges: Floats) -> NDArray[np.int64]:
    """Index of the band of each score; -1 for those whom a gate takes out."""
    band = np.searchsorted(edges, points, side="right") - 1
    return np.where(np.isnan(points), -1, np.maximum(band, 0))


def band_labels(edges: Floats) -> list[str]:
    """A label for each band: `40–49` for whole points below the next edge, else `40 to <42.5`; the last is open."""
    labels = []
    for low, high in zip(edges, [*edges[1:], np.inf], strict=True):
        if np.isinf(high):
            labels.append(f"{low:g}+")
        elif float(low).is_integer() and float(high).is_integer():
            labels.append(f"{low:g}" if high - low == 1 else f"{low:g}–{high - 1:g}")
        else:
            labels.append(f"{low:g} to <{high:g}")
    return labels


def _by_band(judged: Judged, edges: Floats) -> tuple[Floats, Floats]:
    """Observations and converts by band; position 0 is for those whom a gate takes out."""
    band = band_of(judged.points, edges) + 1
    size = len(edges) + 1
    won = np.bincount(band, weights=judged.positives, minlength=size).astype(np.float64)
    lost = np.bincount(band, weights=judged.negatives, minlength=size).astype(np.float64)
    return won + lost, won


def _band_rates(judged: Judged, edges: Floats) -> Floats:
    """The rate of each band (position 0: gated); NaN for a band without observations."""
    n, won = _by_band(judged, edges)
    rates = np.full(len(n), np.nan)
    np.divide(won, n, out=rates, where=n > 0)
    return rates


def bands(judged: Judged, edges: Floats) -> pd.DataFrame:
    """Conversion by score band, lowest first; a band nobody is in is not listed."""
    n, won = _by_band(judged, edges)
    observed = band_of(judged.points, edges)[judged.cells] + 1
    effects = judged.design_effects(observed, len(n)) if judged.n else np.ones(len(n))
    low, high = wilson(won, n, design_effect=effects)
    rate = np.divide(won, n, out=np.full(len(n), np.nan), where=n > 0)
    frame = pd.DataFrame(
        {
            "band": [GATED, *band_labels(edges)],
            "low": [np.nan, *edges],
            "high": [np.nan, *edges[1:], np.inf],
            "n": n.astype(np.int64),
            "converted": won.astype(np.int64),
            "rate": rate,
            "rate_low": low,
            "rate_high": high,
            "lift": rate / judged.rate if judged.converted else np.nan,
            "share": n / judged.n if judged.n else np.nan,
            "enough": n >= LEAST,
        }
    )
    return frame[frame["n"] > 0].reset_index(drop=True)


def _calibration(judged: Judged, edges: Floats, predicted: Floats) -> pd.DataFrame:
    frame = bands(judged, edges)[["band", "low", "n", "converted", "rate", "rate_low", "rate_high", "enough"]]
    place = {label: number for number, label in enumerate([GATED, *band_labels(edges)])}
    frame.insert(1, "predicted", [float(predicted[place[label]]) for label in frame["band"]])
    return frame.drop(columns=["low"])
