"""Which values of fields are over-represented among those who converted, with intervals: numbers only, no engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from workbench.metrics.clustering import clustered_rate_ratio, design_effect
from workbench.metrics.intervals import normal_quantile, wilson
from workbench.model.comparison import folded

Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]
LEAST = 30
"""Fewest observations of a value, and of the rest, before it is tested."""
LEAST_CONVERTED = 5
"""Fewest conversions that a value shows or, at the average rate, would show before it is tested."""
LEAST_SHOWN = 10
"""Values of fewer observations stand together in one row."""
MOST_VALUES = 50
BANDS = 5
OVER, UNDER, UNCLEAR = "over-represented", "under-represented", "not enough evidence"
OTHERS = "(other values)"
COLUMNS = (
    *("field", "scope", "kind", "value", "low", "high", "n", "converted", "rate", "rate_low", "rate_high"),
    *("share_won", "share_rest", "lift", "lift_low", "lift_high", "p", "p_holm", "verdict"),
)


@dataclass(frozen=True)
class FieldValues:
    """A field's values as they were known at as_of, one for each observation.

    Attributes:
        scope: `lead` or `account`.
        name: of the field.
        kind: text, number or boolean.
        cells: objects; None where missing.
    """

    scope: str
    name: str
    kind: str
    cells: NDArray[Any]


@dataclass(frozen=True)
class Parted:
    """A field cut into values: `code` is -1 where it is missing; `ends` are [low, high) of a band of numbers."""

    field: FieldValues
    code: Integers
    labels: tuple[str, ...]
    ends: tuple[tuple[float, float], ...]


def weigh(fields: Sequence[FieldValues], won: Booleans, cluster: Integers, *, confidence: float = 0.95) -> pd.DataFrame:
    """One row for each value of each field.

    Columns: field, scope (lead or account), kind, value, low and high (of a band of numbers, half-open; else NaN), n,
    converted, rate with its Wilson interval (rate_low, rate_high), share_won and share_rest (the value's share among
    those who converted and among the others), lift = rate / rate of all, with lift_low and lift_high, p, p_holm, and
    verdict: over-represented, under-represented or not enough evidence.

    The lift's interval is that of the ratio r of the value's rate to that of the rest (log delta method, clustered),
    carried over by lift = r / (w r + 1 - w), w being the value's share of the observations; so it excludes 1 exactly
    where r's does. p is two-sided from log r; p_holm is adjusted for all values tested (S. Holm, Scandinavian Journal
    of Statistics 6 (1979) 65-70). A verdict needs p_holm below 1 - confidence. A value is tested if it and the rest
    have 30 observations or more and it shows, or at the rate of all would show, 5 conversions.
    Missing values are no value; they count among the rest.

    Args:
        fields: the values.
        won: (n,) who converted.
        cluster: (n,) what belongs together.
        confidence: of the intervals and the verdict.
    """
    rows = [row for each in fields for row in _rows(_parted(each), won, cluster, confidence)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS[:-2]))
    frame["p_holm"] = _holm(frame["p"].to_numpy(dtype=np.float64))
    clear = frame["p_holm"].to_numpy(dtype=np.float64) < 1 - confidence
    above = frame["lift"].to_numpy(dtype=np.float64) > 1
    frame["verdict"] = np.where(~clear, UNCLEAR, np.where(above, OVER, UNDER))
    return frame


def _parted(field: FieldValues) -> Parted:
    if field.kind == "number":
        return _bands(field)
    if field.kind == "boolean":
        code = np.array([-1 if value is None else int(bool(value)) for value in field.cells], dtype=np.int64)
        return Parted(field, code, ("false", "true"), ())
    return _texts(field)


def _texts(field: FieldValues) -> Parted:
    """The most frequent texts, under their most frequent spelling; the others stand together."""
    spelled = Counter(str(value) for value in field.cells if value is not None)
    counts: Counter[str] = Counter()
    label: dict[str, str] = {}
    for text, count in sorted(spelled.items(), key=lambda each: (-each[1], each[0])):
        key = folded(text)
        counts[key] += count
        label.setdefault(key, text.strip(" \t\r\n"))
    shown = [key for key, n in sorted(counts.items(), key=lambda each: (-each[1], each[0])) if n >= LEAST_SHOWN and key]
    shown = [key for key in shown if label[key].isprintable()]  # the others could not be told apart in a file
    shown = shown[:MOST_VALUES]
    place = {key: number for number, key in enumerate(shown)}
    own = {text: place.get(folded(text), len(shown)) for text in spelled}
    code = np.array([-1 if value is None else own[str(value)] for value in field.cells], dtype=np.int64)
    rest = [OTHERS] if len(counts) > len(shown) else []
    return Parted(field, code, (*(label[key] for key in shown), *rest), ())


def _bands(field: FieldValues) -> Parted:
    """Bands between quantiles of these very observations; an end belongs to the band that it begins."""
    known = np.array([value is not None for value in field.cells])
    numbers = np.array([float(value) if value is not None else np.nan for value in field.cells])
    if not known.any():
        return Parted(field, np.full(len(numbers), -1, dtype=np.int64), (), ())
    cuts = np.quantile(numbers[known], np.arange(1, BANDS) / BANDS, method="higher")
    cuts = np.unique(cuts[cuts > numbers[known].min()])
    code = np.where(known, np.searchsorted(cuts, numbers, side="right"), -1).astype(np.int64)
    ends = [-np.inf, *(float(cut) for cut in cuts), np.inf]
    pairs = tuple(pairwise(ends))
    return Parted(field, code, tuple(_band(low, high) for low, high in pairs), pairs)


def _band(low: float, high: float) -> str:
    if np.isinf(low) and np.isinf(high):
        return "any number"
    if np.isinf(low):
        return f"below {high:.15g}"
    return f"{low:.15g} or more" if np.isinf(high) else f"{low:.15g} to below {high:.15g}"


def _rows(parted: Parted, won: Booleans, cluster: Integers, confidence: float) -> list[tuple[Any, ...]]:
    groups = len(parted.labels)
    if not groups:
        return []
    inside = parted.code >= 0
    effects = design_effect(won[inside], cluster[inside], groups=parted.code[inside], n_groups=groups)
    base = float(won.mean())
    rows = []
    for number, label in enumerate(parted.labels):
        chosen = parted.code == number
        n, converted = int(chosen.sum()), int(won[chosen].sum())
        low, high = wilson(converted, n, confidence=confidence, design_effect=effects[number])
        tested = label != OTHERS and _enough(n, converted, base, len(won))
        lift, p = _lift(won, chosen, cluster, confidence, tested=tested)
        shares = (_share(converted, int(won.sum())), _share(n - converted, int((~won).sum())))
        ends = parted.ends[number] if parted.ends else (np.nan, np.nan)
        place = (parted.field.name, parted.field.scope, parted.field.kind, label, *ends)
        rows.append((*place, n, converted, _share(converted, n), float(low), float(high), *shares, *lift, p))
    return rows


def _enough(n: int, converted: int, base: float, total: int) -> bool:
    return n >= LEAST and total - n >= LEAST and max(float(converted), n * base) >= LEAST_CONVERTED


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def _lift(
    won: Booleans, chosen: Booleans, cluster: Integers, confidence: float, *, tested: bool
) -> tuple[tuple[float, float, float], float]:
    """The lift with its interval, and the p of a value that is tested."""
    ratio = clustered_rate_ratio(won, chosen, cluster, confidence=confidence)
    share = float(chosen.mean())
    lifted = [float(each / (share * each + 1 - share)) for each in ratio]
    if not tested:
        return (lifted[0], lifted[1], lifted[2]), float("nan")
    spread = float(np.log(ratio.high / ratio.ratio)) / normal_quantile(confidence)
    z = abs(float(np.log(ratio.ratio))) / spread if spread > 0 else float("nan")
    return (lifted[0], lifted[1], lifted[2]), float(2 * ndtr(-z))


def _holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Holm's adjusted p, of those that are not NaN."""
    adjusted = np.full(len(p), np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    steps = np.arange(len(order), 0, -1) * p[order]
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
