"""What ranges are taken from: the scores and dimensions that leads have, and the longest span of days in a model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.model import Bounds, Model
from workbench.observation import Observations
from workbench.tuning.edit import DAYS

_WIDE = (-100.0, 100.0)


@dataclass(frozen=True)
class Spans:
    """Lowest and highest of what thresholds are set on, in points.

    Attributes:
        score: of leads.
        dimensions: by name.
        account: of accounts.
        days: the longest span of days in the model.
    """

    score: tuple[float, float] = _WIDE
    dimensions: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    account: tuple[float, float] = _WIDE
    days: int = 1

    def of(self, dimension: str) -> tuple[float, float]:
        """That of a dimension."""
        return self.dimensions.get(dimension, _WIDE)


def spans(model: Model, seen: Observations) -> Spans:
    """The spans of a model on the observations whose outcomes are open.

    Raises:
        NotObserved: if the model asks for evidence that was not gathered.
    """
    ends = [seen.rows(part) for part in seen.parts]
    rows = slice(min(each.start for each in ends), max(each.stop for each in ends))
    found = seen.following(model).scorer(model).scores(rows if seen.members is None else seen.members_of(rows)[0])
    score = _span(found.milli[~found.out], model.score)
    return Spans(
        score=score,
        dimensions={
            name: _span(values, model.dimensions.get(name, Bounds())) for name, values in found.dimensions.items()
        },
        account=_accounts(model, score),
        days=longest_days(model),
    )


def _span(milli: NDArray[np.int64], cap: Bounds) -> tuple[float, float]:
    """What is there, out to the ends of the cap."""
    ends = [float(end) for end in (cap.min, cap.max) if end is not None]
    ends += [float(milli.min()) / 1000, float(milli.max()) / 1000] if len(milli) else []
    return (min(ends), max(ends)) if ends else _WIDE


def _accounts(model: Model, score: tuple[float, float]) -> tuple[float, float]:
    """Roughly that of accounts: the leads' where they are averaged, several times as much where they are added up."""
    if model.account is None or model.account.roll_up not in {"sum", "count_above"}:
        return score
    tiers = [abs(float(tier.from_ or 0)) for tier in model.account.tiers]
    reach = max([2 * each for each in tiers] + ([20.0] if model.account.roll_up == "count_above" else [100.0]))
    return (0.0 if model.account.roll_up == "count_above" else -reach, reach)


def longest_days(model: Model) -> int:
    """The longest span of days anywhere in a model; 1 without any."""
    return max(_days(model.plain()), default=1)


def _days(data: Any) -> Iterator[int]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key in DAYS and isinstance(value, str) and re.fullmatch(r"\d{1,5}d", value):
                yield int(value[:-1])
            yield from _days(value)
    elif isinstance(data, list):
        for item in data:
            yield from _days(item)
