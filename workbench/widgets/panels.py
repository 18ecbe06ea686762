"""Which pictures a standing is shown by, and how each is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.drawing import (
    Drawing,
    draw_bands,
    draw_distribution,
    draw_gains,
    draw_thresholds,
    highest_rate,
    highest_shares,
)
from workbench.tuning import Bench, PartStanding, Standing

Panel = Callable[[Bench, Standing, str], Drawing]


def _distribution(bench: Bench, standing: Standing, part: str) -> Drawing:
    now, base = standing.parts[part], bench.base.parts[part]
    return draw_distribution(
        now.scores,
        now.negatives,
        now.positives,
        axis=bench.axis,
        cuts=standing.cuts,
        champion=None if now is base else (base.scores, base.negatives, base.positives),
        title=f"Scores by outcome, {part}",
        gated=(now.gated_negatives, now.gated_positives),
        reach=_highest_shares(bench, standing),
    )


def _highest_shares(bench: Bench, standing: Standing) -> tuple[float, float]:
    """The highest bars of all parts, the champion's included: the pictures of all parts have the same axes."""
    held = [*standing.parts.values(), *bench.base.parts.values()]
    bars = [highest_shares(part.scores, part.negatives, part.positives, axis=bench.axis) for part in held]
    return max(lost for lost, _ in bars), max(won for _, won in bars)


def _bands(bench: Bench, standing: Standing, part: str) -> Drawing:
    now, base = standing.parts[part], bench.base.parts[part]
    bands = now.bands
    return draw_bands(
        bands.labels,
        bands.rate,
        bands.rate_low,
        bands.rate_high,
        bands.n,
        bands.converted,
        bands.enough,
        average=now.rate,
        champion=None if now is base else (base.bands.rate,),
        reach=_highest_rate(bench, standing),
        title=f"Conversion by score band, {part}",
    )


def _highest_rate(bench: Bench, standing: Standing) -> float:
    """The highest rate of all parts, the champion's included."""
    pairs = [(part, bench.base.parts[name]) for name, part in standing.parts.items()]
    return max(
        highest_rate(
            part.bands.rate,
            part.bands.rate_high,
            part.bands.enough,
            average=part.rate,
            champion=None if part is base else base.bands.rate,
        )
        for part, base in pairs
    )


def _gains(bench: Bench, standing: Standing, part: str) -> Drawing:
    now, base = standing.parts[part], bench.base.parts[part]
    behind = None if now is base else (base.depth, base.captured)
    title = f"Converts found from the top down, {part}"
    return draw_gains(now.depth, now.captured, champion=behind, lift=now.lift, title=title)


def _thresholds(bench: Bench, standing: Standing, part: str) -> Drawing:
    now, base = standing.parts[part], bench.base.parts[part]
    return draw_thresholds(
        now.threshold,
        now.precision,
        now.recall,
        value=_value(now),
        axis=bench.axis,
        cuts=standing.cuts,
        champion=None if now is base else (base.threshold, base.precision, base.recall, base.value),
        main=bench.main_tier or "",
        title=f"Precision, recall and value by cut-off, {part}" if len(now.value) else f"Precision and recall, {part}",
    )


def _value(part: PartStanding) -> NDArray[np.float64] | None:
    return part.value if len(part.value) else None


PANELS: Final[Mapping[str, Panel]] = MappingProxyType(
    {"distribution": _distribution, "bands": _bands, "gains": _gains, "thresholds": _thresholds}
)
"""The pictures of a part by name, the one under the hand first."""
